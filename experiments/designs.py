"""Designs: factors over one configuration make points, each paired with the baseline of its world.

Factors that list their values are crossed. Those that take an interval are sampled together, and
every combination of listed values is run at the same sample: points that differ in a listed factor
alone can be compared world by world. With ``design.lists=sampled`` listed values become dimensions
of the sample instead, each value an equal part of its dimension.

A point is known by the SHA-256 of its configuration (`experiments.identity`), so that the same
point in another design, or tomorrow, has the same id.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.blocks import blocks_of
from experiments.config import MOST_POINTS
from experiments.factors import Factor, Interval, Listed, read_factors
from experiments.identity import WORLD, Last, Varied, with_entry
from experiments.overrides import GROUPS, entry_of
from experiments.posterior import number_of_sets, with_set
from experiments.sampling import BLOCKS, METHODS, imbalance, rows_of, sample
from sim.errors import ForestallError, unknown_name

if TYPE_CHECKING:
    from experiments.sections import Sections
    from sim.scenario import Scenario

LEVERS = ("action.start", "actors.dispersion", "action.arrival")
NEVER = "never"
BARGAINED = "bargained"
GRID = "grid"
CROSSED, SAMPLED = "crossed", "sampled"
DEFAULT_METHOD = "sobol"


def scenario_of(
    config: Mapping[str, Any],
    *,
    sections: Sections | None = None,
    replicate: int | None = None,
) -> Scenario:
    """Return the model's scenario of a configuration; other entries of it are left aside.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it, or of a design point.
    sections : to read with, for many worlds that share theirs.
    replicate : whose parameter set is meant, where a posterior was chosen.

    Raises
    ------
    ScenarioError
        The model cannot take it: one line names the entry.
    ForestallError
        It has the parameter sets of a posterior, and no replicate says which is meant.
    """
    from sim.scenario import Scenario

    if replicate is None and (sets := number_of_sets(config)) > 1:
        raise ForestallError(
            f"posterior: has {sets} parameter sets, which forestall sweep spreads its replicates over; "
            f"choose one here, posterior.set=0 to {sets - 1}"
        )
    world = with_set(config, replicate or 0)
    if sections is not None:
        return sections.scenario(world)
    return Scenario.from_mapping({key: world[key] for key in WORLD})


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


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The rows of a sample as they were drawn, which Morris and Sobol' indices are computed from.

    Attributes
    ----------
    unit : places of the rows in the unit cube, shape (rows, factors).
    factors : names of its columns.
    points : for each combination of the crossed factors in turn, the id of the point of each row;
        two rows may be one point, where a factor takes whole numbers.
    """

    unit: NDArray[np.float64]
    factors: tuple[str, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Design:
    """Points in the order of their factors, and the distinct baselines that they share.

    Attributes
    ----------
    method : "grid", or a method of `experiments.sampling`.
    size, seed : of the sample: ``design.points`` and ``design.seed``.
    factors : by dotted name.
    points, baselines : each once.
    sample : None for a grid.
    remark : what the user should know about the size of the sample; may be empty.
    """

    method: str
    size: int
    seed: int
    factors: Mapping[str, Factor]
    points: tuple[Point, ...]
    baselines: tuple[Point, ...]
    sample: Sample | None = None
    remark: str = ""

    def about(self) -> dict[str, Any]:
        """Return what an analysis of stored results must know of the design, as plain data."""
        crossed = () if self.sample is None else self.sample.factors
        return {
            "method": self.method,
            "points": self.size,
            "seed": self.seed,
            "factors": [factor.as_row() for factor in self.factors.values()],
            "sampled": list(crossed),
        }


def design_of(config: Mapping[str, Any]) -> Design:
    """Return the design that a configuration asks for; one point without factors.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it; its section ``design`` holds ``factors``
        (see `experiments.factors`), ``method``, ``points``, ``seed`` and ``lists``.

    Raises
    ------
    ForestallError
        A factor that cannot be one, too many points, or a method that does not fit the factors.
    """
    asked = config["design"]
    factors = read_factors(config)
    sampled = _sampled(factors, asked.get("lists") or CROSSED)
    method = _method(asked.get("method"), sampled)
    if method == GRID:
        return _design(config, factors, np.empty((1, 0)), ())
    size, seed = int(asked.get("points") or 0), int(asked.get("seed") or 0)
    if not size:
        raise ForestallError("design.points: missing, how many points are to be sampled?")
    blocks = blocks_of(sampled) if method == BLOCKS else ()
    _refuse_too_many(factors, sampled, rows_of(method, len(sampled), size, blocks=blocks))
    unit = sample(method, len(sampled), points=size, seed=seed, blocks=blocks)
    return design_of_sample(
        config, unit, sampled, method=method, size=size, seed=seed, remark=imbalance(method, size)
    )


def design_of_sample(
    config: Mapping[str, Any],
    unit: NDArray[np.float64],
    sampled: Sequence[str],
    *,
    method: str,
    size: int,
    seed: int,
    remark: str = "",
) -> Design:
    """Return the design of a sample that is given, for methods that draw their own.

    Parameters
    ----------
    config : as for `design_of`; its factors that are not in `sampled` are crossed.
    unit : shape (rows, len(sampled)), each value in [0, 1].
    sampled : names of the factors of the columns.
    method, size, seed, remark : as `Design` records them.
    """
    factors = read_factors(config)
    for name in sampled:
        if name not in factors:
            raise unknown_name("design.factors", name, factors)
    _refuse_too_many(factors, sampled, len(unit))
    return _design(
        config, factors, unit, tuple(sampled), method=method, size=size, seed=seed, remark=remark
    )


def _sampled(factors: Mapping[str, Factor], lists: str) -> tuple[str, ...]:
    """Return the names of the factors that are dimensions of the sample."""
    if lists not in (CROSSED, SAMPLED):
        raise unknown_name("design.lists", lists, (CROSSED, SAMPLED))
    return tuple(
        name
        for name, factor in factors.items()
        if isinstance(factor, Interval) or (lists == SAMPLED and len(factor.values) > 1)
    )


def _method(asked: str | None, sampled: Sequence[str]) -> str:
    method = asked or (DEFAULT_METHOD if sampled else GRID)
    if method not in (GRID, *METHODS):
        raise unknown_name("design.method", method, (GRID, *METHODS))
    if method == GRID and sampled:
        raise ForestallError(
            f"design.method: a grid takes listed values, {sampled[0]} is to be sampled"
        )
    if method != GRID and not sampled:
        raise ForestallError(
            f"design.method: {method} samples intervals, give one (NAME=interval(low,high) or "
            "NAME=documented) or sample the lists with design.lists=sampled"
        )
    return method


def _refuse_too_many(factors: Mapping[str, Factor], sampled: Sequence[str], rows: int) -> None:
    size = rows * math.prod(len(factor.values) for factor in _crossed(factors, sampled).values())
    if size > MOST_POINTS:
        raise ForestallError(
            f"design.factors: their values make {size:,} points, at most {MOST_POINTS:,} are possible"
        )


def _crossed(factors: Mapping[str, Factor], sampled: Sequence[str]) -> dict[str, Listed]:
    return {
        name: factor
        for name, factor in factors.items()
        if isinstance(factor, Listed) and name not in sampled
    }


def _design(
    config: Mapping[str, Any],
    factors: Mapping[str, Factor],
    unit: NDArray[np.float64],
    sampled: tuple[str, ...],
    *,
    method: str = GRID,
    size: int = 0,
    seed: int = 0,
    remark: str = "",
) -> Design:
    if not sampled:
        _refuse_too_many(factors, sampled, 1)
    points: dict[str, Point] = {}
    baselines: dict[str, Point] = {}
    rows: list[str] = []
    pairs = _Pairs(config, tuple(factors))
    for levers in _combinations(factors, unit, sampled):
        point, baseline = pairs.of(levers)
        points.setdefault(point.id, point)
        baselines.setdefault(baseline.id, baseline)
        rows.append(point.id)
    drawn = Sample(unit=unit, factors=sampled, points=tuple(rows)) if sampled else None
    return Design(
        method=method, size=size, seed=seed, factors=factors, points=tuple(points.values()),
        baselines=tuple(baselines.values()), sample=drawn, remark=remark,
    )  # fmt: skip


def _combinations(
    factors: Mapping[str, Factor], unit: NDArray[np.float64], sampled: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Yield the levers of each point: every combination of crossed values at the whole sample."""
    crossed = _crossed(factors, sampled)
    columns = [factors[name].at(unit[:, place]) for place, name in enumerate(sampled)]
    drawn = list(zip(*columns, strict=True)) if sampled else [()]
    for values in itertools.product(*(factor.values for factor in crossed.values())):
        fixed = dict(zip(crossed, values, strict=True))
        for row in drawn:
            found = fixed | dict(zip(sampled, row, strict=True))
            yield {name: found[name] for name in factors}


class _Pairs:
    """Makes points and their baselines; worlds share every section that no lever changes."""

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
        last: Last = {}
        self._ids = {
            chosen: (
                Varied(world, _paths(self._entries), last=last),
                Varied(self._without(world), _paths(self._lasting), last=last),
            )
            for chosen, world in self._worlds.items()
        }

    def of(self, levers: dict[str, Any]) -> tuple[Point, Point]:
        """Return the point of some levers, and its baseline."""
        chosen = tuple(levers[name] for name in self._groups)
        acting, untouched = self._ids[chosen]
        world = with_levers(self._worlds[chosen], {name: levers[name] for name in self._entries})
        without = self._without(world)
        baseline = untouched.id([levers[name] for name in self._lasting])
        treated = acting.id([levers[name] for name in self._entries])
        levers = {name: _lever(world, name) for name in LEVERS} | levers
        alone = levers | {"action.start": NEVER, "action.arrival": BARGAINED}
        for name in self._of_measures:
            alone[name] = None if name in GROUPS else _entry(without, name)
        point = Point(id=treated, baseline=baseline, levers=levers, config=world)
        return point, Point(id=baseline, baseline=baseline, levers=alone, config=without)

    def _without(self, world: Mapping[str, Any]) -> dict[str, Any]:
        return {**baseline_of(world), "interventions": self._measures}


def _paths(names: Sequence[str]) -> list[list[str]]:
    return [name.split(".") for name in names]


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
