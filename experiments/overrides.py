"""Overrides as Hydra's grammar reads them, and which of them make an entry a factor of the design.

``action.start=13`` sets an entry. ``action.start=0,13,26``, ``action.start=range(0,52,4)`` and
``actors.dispersion=interval(0,1)`` are Hydra's sweep syntax: the entry becomes a factor of one
design, which the ensemble runs as a whole. ``country=rwanda_1994,burundi_2015`` sweeps over files.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, QuotedString
from hydra.core.override_parser.types import Override as Parsed
from hydra.errors import HydraException

from experiments.file_sections import endless, too_many_digits
from experiments.scenario_folder import names_of, refuse_escape
from sim.errors import ForestallError, bad_value, shortened

MOST_VALUES = 100_000
"""Most values of one factor."""
GROUPS = ("country", "actors", "course", "intervention", "portfolio", "posterior")
"""Groups of scenario files of which a design may run several."""
DOCUMENTED = "documented"
"""Stands for the documented range of an entry where a factor is asked for."""
_GROUPS = (*GROUPS, "experiment", "executor")
_FACTORS = "design.factors."
# These are open mappings, whose names are checked later: an override may add to them.
_OPEN = ("parameters.", "design.")
# What would run code when it is resolved: a resolver, or an interpolation made of another.
CALL = re.compile(r"\$\{[^{}]*(:|\$\{)")


@dataclass(frozen=True, kw_only=True)
class Override:
    """One override.

    Attributes
    ----------
    text : for Hydra, empty when it is nothing that Hydra should see.
    key : dotted name of the entry, or a group of scenario files.
    factor : what the entry becomes under ``design.factors`` when it is swept: a list, or a mapping
        of an interval, or `DOCUMENTED`, or a pattern of the names of files; None otherwise.
    """

    text: str
    key: str
    factor: Any = None


def read_overrides(overrides: Sequence[str]) -> list[Override]:
    """Return the overrides, read by Hydra's grammar.

    Raises
    ------
    ForestallError
        A syntax error, or an override of Hydra itself.
    """
    read = [as_override(text) for text in overrides]
    return [item for item in read if item.text or item.factor is not None]


def as_override(text: str) -> Override:
    """Return one override; its text is empty when it asks for nothing (``experiment=null``)."""
    parsed = _parsed(text)
    key = str(parsed.key_or_group)
    if CALL.search(text):
        raise ForestallError(f"{key}: a scenario is data, it may not call {_shown(text)}")
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        raise ForestallError(
            f"override {_shown(text)}: settings of Hydra are no part of a scenario"
        )
    if parsed.value() is None and key in ("experiment", "portfolio", "posterior"):
        return Override(text="", key=key)
    if parsed.value() is None and key in _GROUPS and not parsed.is_delete():
        raise bad_value(key, None, f"the name of a file of {key}/")
    if key in GROUPS and isinstance(parsed.value(), Glob):
        return Override(text="", key=key, factor=parsed.value())
    if parsed.is_sweep_override():
        return Override(text="", key=key.removeprefix(_FACTORS), factor=_swept(text, parsed))
    if key.startswith(_FACTORS) and not parsed.is_delete():
        # Dotted names of factors are names, not paths, which Hydra would make of them.
        return Override(text="", key=key.removeprefix(_FACTORS), factor=parsed.value())
    if parsed.value() == DOCUMENTED:
        return Override(text="", key=key, factor=DOCUMENTED)
    if (key in _GROUPS or "/" in key) and not parsed.is_delete():
        chosen = parsed.value()
        for name in chosen if isinstance(chosen, list) else [chosen]:
            if isinstance(chosen, list) and not isinstance(name, str):
                raise bad_value(key, name, f"the name of a file of {key}/")
            refuse_escape(key, str(name))
    prefix = "++" if key.startswith(_OPEN) and not text.startswith(("+", "~")) else ""
    return Override(text=prefix + text, key=key)


def with_names(overrides: Sequence[Override], own: Path | None) -> list[Override]:
    """Return the overrides, with the files of a group in the place of a pattern of their names.

    Parameters
    ----------
    overrides : as read.
    own : the user's own folder of scenario files, whose names count too.

    Raises
    ------
    ForestallError
        A pattern that no file's name fits.
    """
    found = []
    for item in overrides:
        if isinstance(item.factor, Glob):
            names = names_of(item.key, own)
            chosen = item.factor.filter(names)
            if not chosen:
                pattern = ",".join(item.factor.include)
                raise ForestallError(
                    f"{item.key}: no file is called {pattern!r}, there are {', '.join(names)}"
                )
            item = replace(item, factor=chosen)
        found.append(item)
    return found


def value_of(override: Override) -> Any:
    """Return the one value that an override sets."""
    return _parsed(override.text.lstrip("+")).value()


def factor_of_text(name: str, text: str) -> Any:
    """Return what Hydra's syntax in a file stands for: a list, an interval or `DOCUMENTED`.

    Parameters
    ----------
    name : of the factor, for the error.
    text : as a scenario file holds it, for example ``"interval(0, 1)"``.
    """
    if text == DOCUMENTED:
        return DOCUMENTED
    key = f"{_FACTORS}{name}"
    if CALL.search(text):
        raise ForestallError(f"{key}: a scenario is data, it may not call {_shown(text)}")
    parsed = _parsed(f"{key}={text}")
    if not parsed.is_sweep_override():
        raise bad_value(key, text, "a list of values, interval(low,high) or 'documented'")
    return _swept(f"{key}={text}", parsed)


def settle_factors(config: dict[str, Any], overrides: Sequence[Override]) -> None:
    """Make swept entries factors, and give a factor the one value that an override asks for.

    Without the second an experiment's own list would silently win over ``action.start=13``.
    """
    design = config.get("design")
    if not isinstance(design, dict) or not isinstance(design.setdefault("factors", {}), dict):
        return
    factors = design["factors"]
    for override in overrides:
        if override.factor is not None:
            factors[override.key] = override.factor
        elif override.text.startswith("~"):
            factors.pop(override.key, None)
        elif override.key in factors and override.key in GROUPS:
            factors.pop(override.key)
        elif override.key in factors:
            factors[override.key] = [entry_of(config, override.key)]


def entry_of(config: Any, key: str) -> Any:
    """Return the entry of a configuration under a dotted key that it holds."""
    for name in key.split("."):
        config = config[int(name)] if isinstance(config, list) else config[name]
    return config


def _shown(text: str) -> str:
    """Return an override as an error quotes it: its beginning, where it is longer than a line."""
    return shortened(repr(text))


def _parsed(text: str) -> Parsed:
    if text.startswith("-"):
        raise ForestallError(f"unknown option {_shown(text)}; see --help")
    if "=" not in text and not text.startswith("~"):
        raise ForestallError(f"override {_shown(text)}: expected key=value")
    if text.startswith("="):
        raise ForestallError(f"override {_shown(text)}: expected key=value")
    try:
        return OverridesParser.create().parse_override(text)
    except ValueError:  # of Python, for a number that it will not read
        if not endless(text):
            raise
        raise too_many_digits(shortened(text.partition("=")[0].lstrip("+~"))) from None
    except HydraException as error:
        reason = next(
            (line for line in str(error).splitlines() if not line.startswith("Error parsing")), ""
        )
        reason = " ".join(reason.split()).partition(" expecting ")[0]
        reason = reason.partition(" See https:")[0]
        raise ForestallError(f"override {_shown(text)}: expected key=value, {reason}") from None


def _swept(text: str, parsed: Parsed) -> list[Any] | dict[str, Any]:
    if isinstance(parsed.value(), Glob):
        raise ForestallError(
            f"override {_shown(text)}: name the values, a pattern is one of files of {GROUPS}"
        )
    key = str(parsed.key_or_group)
    if "/" in key:
        raise ForestallError(
            f"override {_shown(text)}: a design varies entries and files of {GROUPS}"
        )
    if key == "experiment":
        raise ForestallError("experiment: each is a design of its own, sweep one after the other")
    if parsed.is_interval_sweep():
        if key in GROUPS:
            raise ForestallError(f"override {_shown(text)}: list the names of files of {key}/")
        return _interval(parsed.value())
    try:
        values = [
            _unquoted(value) for value in itertools.islice(parsed.sweep_iterator(), MOST_VALUES + 1)
        ]
    except (ValueError, HydraException) as error:
        raise ForestallError(f"override {_shown(text)}: {' '.join(str(error).split())}") from None
    if len(values) > MOST_VALUES:
        raise ForestallError(
            f"override {_shown(text)}: more than {MOST_VALUES:,} values of one factor"
        )
    if not values:
        raise ForestallError(f"override {_shown(text)}: no value to sweep over")
    return values


def _unquoted(value: Any) -> Any:
    """Return a value without the quotes that Hydra's grammar keeps on those of a plain list."""
    if isinstance(value, QuotedString):
        return value.text
    return [_unquoted(item) for item in value] if isinstance(value, list) else value


def _interval(sweep: Any) -> dict[str, Any]:
    """Return an interval as data; ``int(interval(..))`` is of whole numbers, a tag names its scale."""
    found: dict[str, Any] = {"low": sweep.start, "high": sweep.end}
    if isinstance(sweep.start, int) and isinstance(sweep.end, int):
        found["whole"] = True
    scales = [tag for tag in sweep.tags if tag != "int"]
    if "int" in sweep.tags:
        found["whole"] = True
    if len(scales) > 1:
        raise ForestallError(
            f"interval({sweep.start},{sweep.end}): one scale, not {sorted(scales)}"
        )
    return found | ({"scale": scales[0]} if scales else {})
