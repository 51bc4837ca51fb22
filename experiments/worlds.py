"""Worlds that a design chooses between: one for each combination of scenario files that it sweeps.

``country=rwanda_1994,burundi_2015`` changes whole sections, which no single entry could: every
combination is composed by itself, and worlds share the sections in which they are equal.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

from experiments.identity import WORLD
from experiments.overrides import Override
from experiments.scenario_folder import refuse_escape
from sim.errors import ForestallError, bad_value

MOST_WORLDS = 1_000


def add_worlds(
    config: dict[str, Any],
    swept: Sequence[str],
    compose: Callable[[list[Override]], dict[str, Any]],
) -> None:
    """Add the worlds to a configuration, as ``design.worlds``; it becomes that of the first.

    Parameters
    ----------
    config : changed in place; its ``design.factors`` hold the names of files of each swept group.
    swept : names of the groups.
    compose : returns the configuration with some further overrides.

    Raises
    ------
    ForestallError
        A file that does not exist, or too many combinations.
    """
    factors = config["design"]["factors"]
    choices = [[_choice(name, files) for files in _listed(name, factors[name])] for name in swept]
    if (size := math.prod(map(len, choices))) > MOST_WORLDS:
        raise ForestallError(
            f"design.factors: their files make {size:,} worlds, at most {MOST_WORLDS:,} are possible"
        )
    worlds: list[dict[str, Any]] = []
    for chosen in itertools.product(*choices):
        found = compose([override for _, override in chosen])
        if not worlds:
            config.update({key: found[key] for key in (*WORLD, "course", "posterior")})
        labels = dict(zip(swept, (label for label, _ in chosen), strict=True))
        world = {key: config[key] if found[key] == config[key] else found[key] for key in WORLD}
        worlds.append({"chosen": labels, "world": world})
    for name, options in zip(swept, choices, strict=True):
        factors[name] = [label for label, _ in options]
    config["design"]["worlds"] = worlds


def _listed(name: str, files: Any) -> list[Any]:
    if not isinstance(files, list) or not files:
        raise bad_value(f"design.factors.{name}", files, f"a list of names of files of {name}/")
    return files


def _choice(name: str, files: Any) -> tuple[str, Override]:
    """Return the label of a choice, and the override that makes it; several files are one list."""
    names = files if isinstance(files, list) else [files]
    if not all(isinstance(file, str) for file in names):
        raise bad_value(f"design.factors.{name}", files, f"the name of a file of {name}/")
    for file in names:
        refuse_escape(name, file)
    text = f"{name}=[{','.join(names)}]" if isinstance(files, list) else f"{name}={files}"
    return "+".join(names) or "none", Override(text=text, key=name)
