"""Points of a design, made column by column: their worlds, their ids, and their shared baselines."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.identity import WORLD, Shared, Varied, with_entry
from experiments.overrides import GROUPS, entry_of
from sim.errors import ForestallError

LEVERS = ("action.start", "actors.dispersion", "action.arrival")
NEVER = "never"
BARGAINED = "bargained"


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One combination of levers: a world, and the id of the same world without outside action.

    Attributes
    ----------
    id, baseline : the first 16 hexadecimal digits of the configurations' SHA-256.
    levers : value of each lever by its dotted name.
    config : the keys `WORLD` of the configuration, levers set.
    """

    id: str
    baseline: str
    levers: Mapping[str, Any]
    config: Mapping[str, Any]


def paired_points(
    config: Mapping[str, Any], levers: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[Point, Point]]:
    """Yield the point of each row of levers, and its baseline, which rows may share.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it.
    levers : for each factor its values, one a row; without factors there is one row.
    """
    pairs = _Pairs(config, tuple(levers))
    rows = len(next(iter(levers.values()), (None,)))
    by_files = defaultdict(list)
    for row, chosen in enumerate(pairs.chosen(levers, rows)):
        by_files[chosen].append(row)
    made: dict[int, tuple[Point, Point]] = {}
    for chosen, places in by_files.items():
        columns = {name: [values[row] for row in places] for name, values in levers.items()}
        made |= zip(places, pairs.of(chosen, columns, rows=len(places)), strict=True)
    yield from (made[row] for row in range(rows))


class _Pairs:
    """Makes points and their baselines; worlds share every section in which they are equal."""

    def __init__(self, config: Mapping[str, Any], factors: tuple[str, ...]) -> None:
        self._groups = tuple(name for name in factors if name in GROUPS)
        self._entries = tuple(name for name in factors if name not in GROUPS)
        # Measures have no meaning where nobody acts: points that differ in them share a baseline.
        self._of_measures = tuple(
            name
            for name in factors
            if name.startswith("interventions.") or name in ("intervention", "portfolio")
        )
        self._lasting = tuple(
            name
            for name in self._entries
            if name not in (*self._of_measures, "action.start", "action.arrival")
        )
        self._measures = config["interventions"]
        self._worlds = _worlds(config, self._groups)
        self._shared: Shared = {}

    def chosen(self, levers: Mapping[str, Sequence[Any]], rows: int) -> Iterator[tuple[Any, ...]]:
        """Yield the scenario files that are chosen in each row."""
        columns = [levers[name] for name in self._groups]
        return zip(*columns, strict=True) if columns else itertools.repeat((), rows)

    def of(
        self, chosen: tuple[Any, ...], levers: Mapping[str, Sequence[Any]], *, rows: int
    ) -> Iterator[tuple[Point, Point]]:
        """Yield points of the same scenario files and their baselines."""
        world = self._worlds[chosen]
        without = {**baseline_of(world), "interventions": self._measures}
        acting = self._varied(world, self._entries, levers, rows)
        untouched = self._varied(without, self._lasting, levers, rows)
        fixed = {name: _lever(world, name) for name in LEVERS if name not in levers}
        alone: dict[str, Any] = {"action.start": NEVER, "action.arrival": BARGAINED}
        for name in self._of_measures:
            alone[name] = None if name in GROUPS else _entry(without, name)
        names = list(dict.fromkeys((*LEVERS, *levers)))
        columns = [levers[name] if name in levers else [fixed[name]] * rows for name in names]
        each = zip(*columns, strict=True)
        for (treated, config), (baseline, quiet), values in zip(
            acting, untouched, each, strict=True
        ):
            found = dict(zip(names, values, strict=True))
            yield (
                Point(id=treated, baseline=baseline, levers=found, config=config),
                Point(id=baseline, baseline=baseline, levers=found | alone, config=quiet),
            )

    def _varied(
        self,
        world: Mapping[str, Any],
        names: Sequence[str],
        levers: Mapping[str, Sequence[Any]],
        rows: int,
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        varied = Varied(world, [name.split(".") for name in names], shared=self._shared)
        return varied.at([levers[name] for name in names], rows=rows)


def _worlds(
    config: Mapping[str, Any], groups: tuple[str, ...]
) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Return the worlds by the files that were chosen for them, in the order of `groups`."""
    if not groups:
        return {(): {key: config[key] for key in WORLD}}
    return {
        tuple(entry["chosen"][name] for name in groups): entry["world"]
        for entry in config["design"]["worlds"]
    }


def with_levers(world: Mapping[str, Any], levers: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with levers set; `world` stays as it is and shares what is equal."""
    changed = dict(world)
    for name, value in levers.items():
        changed = with_entry(changed, name.split("."), value)
    return changed


def baseline_of(world: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same world without outside action; when help arrives has no meaning there."""
    action = {**world["action"], "start": NEVER, "arrival": BARGAINED}
    return {**world, "action": action}


def _lever(world: Mapping[str, Any], name: str) -> Any:
    section, key = name.split(".")
    if key not in world[section]:
        raise ForestallError(f"{name}: missing from the configuration")
    return world[section][key]


def _entry(world: Mapping[str, Any], name: str) -> Any:
    try:
        return entry_of(world, name)
    except (KeyError, IndexError, TypeError):
        return None  # a factor may set what the configuration leaves to the model
