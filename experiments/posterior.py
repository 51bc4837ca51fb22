"""Posteriors: frozen ensembles of parameter sets, over which the replicates of a design are spread.

``posterior=NAME`` chooses ``scenarios/posterior/NAME.yaml``, which names a CSV file of one parameter
set a row and its SHA-256. Replicate r of every point and of every baseline then runs with set r modulo
their number: pairs share their parameters as they share their draws, every interval counts what is not
known about the parameters, and runs of one set can be told apart afterwards. ``posterior.set=17`` runs
one set alone, ``posterior.first=50`` the first of them. In a configuration a parameter is then a list
of as many values as there are sets; a parameter that is set by itself keeps its one value.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.bounded import content_of
from sim.errors import ForestallError, bad_value, unknown_name

FOLDER = "posterior"
MOST_BYTES = 64 * 1024**2
NEEDED = ("name", "file", "sha256", "model_source")
RECORDED = ("name", "sha256", "sets", "set", "model_source")
"""What a configuration keeps of the file that was chosen."""


@dataclass(frozen=True)
class ParameterSets:
    """Parameter sets: names, and one row of values a set."""

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]

    def columns(self) -> dict[str, list[float]]:
        """Return the values of every parameter over the sets."""
        return {name: [row[place] for row in self.rows] for place, name in enumerate(self.names)}

    def csv(self) -> str:
        """Return them as text, numbers with the digits that give the same float back."""
        lines = [",".join(self.names), *(",".join(map(_written, row)) for row in self.rows)]
        return "\n".join(lines) + "\n"


def read_sets(text: str, where: str) -> ParameterSets:
    """Return parameter sets from the text of a CSV file.

    Raises
    ------
    ForestallError
        No sets, a name that is no parameter, or a value that it may not have.
    """
    from sim.parameters import NAMES, parameter_row

    try:
        head, *rows = csv.reader(io.StringIO(text), strict=True)
    except (csv.Error, ValueError) as error:
        raise ForestallError(f"{where}: holds no table of parameter sets ({error})") from None
    if len(set(head)) < len(head):
        raise ForestallError(f"{where}: a parameter is given twice")
    for name in head:
        if name not in NAMES:
            raise unknown_name(where, name, NAMES)
    if not rows:
        raise ForestallError(f"{where}: holds no parameter set")
    read = []
    for number, row in enumerate(rows):
        try:
            values = tuple(map(float, row))
            parameter_row(dict(zip(head, values, strict=True)))
        except (ValueError, ForestallError) as error:
            raise ForestallError(f"{where}: set {number}: {error}") from None
        read.append(values)
    return ParameterSets(tuple(head), tuple(read))


def apply_posterior(config: dict[str, Any], folders: Sequence[Path]) -> None:
    """Put the parameter sets that ``posterior=NAME`` chose into a configuration, in place.

    Parameters
    ----------
    config : as Hydra composed it; its entry ``posterior`` is that file, or None.
    folders : where scenario files lie, the user's own first.

    Raises
    ------
    ForestallError
        A file that is missing or is not the one that was frozen, or a set that does not exist.
    """
    for name, value in config["parameters"].items():
        if isinstance(value, list):
            raise bad_value(f"parameters.{name}", value, "one number")
    chosen = config.setdefault("posterior", None)
    if chosen is None:
        return
    if not isinstance(chosen, Mapping):
        raise bad_value("posterior", chosen, "the name of a file of posterior/")
    for key in NEEDED:
        if key not in chosen:
            raise ForestallError(f"posterior.{key}: missing")
    sets = _read(chosen, folders)
    first = chosen.get("first")
    if first is not None:
        if not isinstance(first, int) or not 1 <= first <= len(sets.rows):
            raise bad_value("posterior.first", first, f"a whole number from 1 to {len(sets.rows)}")
        sets = ParameterSets(sets.names, sets.rows[:first])
    number = chosen.get("set")
    columns: dict[str, Any] = dict(sets.columns())
    if number is not None:
        if not isinstance(number, int) or not 0 <= number < len(sets.rows):
            raise bad_value(
                "posterior.set", number, f"a whole number from 0 to {len(sets.rows) - 1}"
            )
        columns = {name: values[number] for name, values in columns.items()}
    config["parameters"] = columns | config["parameters"]
    about = dict(chosen) | {"sets": len(sets.rows), "set": number}
    config["posterior"] = {key: about[key] for key in RECORDED}


def remark(config: Mapping[str, Any]) -> str:
    """Return what the user should know about the posterior of a configuration; may be empty."""
    from experiments.provenance import source_hash
    from experiments.same_model import computes_the_same

    chosen = config.get("posterior")
    if chosen is None:
        return ""
    said = []
    if not computes_the_same(chosen["model_source"], source_hash()):
        said.append("was frozen for another version of the model")
    if chosen["set"] is None and config["replicates"] < chosen["sets"]:
        said.append(f"{config['replicates']} replicates use so many of its {chosen['sets']} sets")
    return f"posterior {chosen['name']}: {', and '.join(said)}" if said else ""


def number_of_sets(world: Mapping[str, Any]) -> int:
    """Return over how many parameter sets the replicates of a world are spread."""
    return max(
        (len(value) for value in world["parameters"].values() if isinstance(value, list)), default=1
    )


def with_set(world: Mapping[str, Any], replicate: int) -> Mapping[str, Any]:
    """Return a world with the parameter set of a replicate; itself where it has but one."""
    sets = number_of_sets(world)
    if sets == 1 and not any(isinstance(value, list) for value in world["parameters"].values()):
        return world
    chosen = {
        name: value[replicate % sets] if isinstance(value, list) else value
        for name, value in world["parameters"].items()
    }
    return {**world, "parameters": chosen}


def _read(chosen: Mapping[str, Any], folders: Sequence[Path]) -> ParameterSets:
    name = str(chosen["file"])
    if Path(name).name != name or not name.endswith(".csv"):
        raise bad_value("posterior.file", name, "the name of a CSV file beside the YAML file")
    file = next((one for folder in folders if (one := folder / FOLDER / name).is_file()), None)
    if file is None:
        raise ForestallError(f"posterior.file: {name} is missing from {FOLDER}/")
    try:
        content = content_of(file, most=MOST_BYTES)
    except (OSError, ValueError) as error:
        raise ForestallError(f"posterior.file: {name}: {error}") from None
    if hashlib.sha256(content).hexdigest() != chosen["sha256"]:
        raise ForestallError(
            f"posterior.sha256: {name} is not the file that was frozen, its hash is another"
        )
    try:
        return read_sets(content.decode("utf-8"), f"{FOLDER}/{name}")
    except UnicodeDecodeError:
        raise ForestallError(f"posterior.file: {name} is not UTF-8 text") from None


def _written(value: float) -> str:
    return repr(float(value))
