"""Designs: factors over one configuration make points, each paired with the baseline of its world.

Factors that list their values are crossed. Those that take an interval are sampled together, and
every combination of listed values is run at the same sample: points that differ in a listed factor
alone can be compared world by world. With ``design.lists=sampled`` listed values become dimensions
of the sample instead, each value an equal part of its dimension. Points can also be listed one by one,
as rows of a table (`experiments.design_table`).

A point is known by the SHA-256 of its configuration (`experiments.identity`), so that the same
point in another design, or tomorrow, has the same id.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.blocks import blocks_of
from experiments.config import MOST_POINTS
from experiments.design_table import (
    TABLE,
    Columns,
    factors_of_table,
    places_of_table,
    rows_of_table,
)
from experiments.factors import Factor, Interval, Listed, read_factors
from experiments.identity import WORLD
from experiments.points import Point, paired_points
from experiments.posterior import number_of_sets, with_set
from experiments.sampling import ALIASES, BLOCKS, METHODS, imbalance, rows_of, sample
from sim.errors import ForestallError, unknown_name

if TYPE_CHECKING:
    from experiments.sections import Sections
    from sim.scenario import Scenario

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
    method : "grid", "table", or a method of `experiments.sampling`.
    size, seed : of the sample: ``design.points`` and ``design.seed``; of a table its rows.
    factors : by dotted name.
    points, baselines : each once.
    sample : None for a grid.
    remark : what the user should know about the size of the sample; may be empty.
    places : of a table, where each of its points stands in the file.
    """

    method: str
    size: int
    seed: int
    factors: Mapping[str, Factor]
    points: tuple[Point, ...]
    baselines: tuple[Point, ...]
    sample: Sample | None = None
    remark: str = ""
    places: Mapping[str, str] = field(default_factory=dict)

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
        (see `experiments.factors`), ``method``, ``points``, ``seed``, ``lists`` and ``table``.

    Raises
    ------
    ForestallError
        A factor that cannot be one, too many points, or a method that does not fit the factors.
    """
    asked = config["design"]
    factors = read_factors(config)
    sampled = _sampled(factors, asked.get("lists") or CROSSED)
    if rows_of_table(config):
        return _design_of_table(config, factors, sampled)
    method = _method(asked.get("method"), sampled)
    if method == GRID:
        _refuse_too_many(factors, (), 1)
        return _design(list(paired_points(config, _columns(factors, {}, 1))), factors)
    size, seed = int(asked.get("points") or 0), int(asked.get("seed") or 0)
    if not size:
        raise ForestallError("design.points: missing, how many points are to be sampled?")
    blocks = blocks_of(sampled) if method == BLOCKS else ()
    _refuse_too_many(factors, sampled, rows_of(method, len(sampled), size, blocks=blocks))
    unit = sample(method, len(sampled), points=size, seed=seed, blocks=blocks)
    return design_of_sample(
        config, unit, sampled, method=method, size=size, seed=seed, remark=imbalance(method, size)
    )


def _design_of_table(
    config: Mapping[str, Any], crossed: Mapping[str, Factor], sampled: Sequence[str]
) -> Design:
    """Return the design whose points are the rows of a table, crossed with factors that are listed."""
    if (method := config["design"].get("method") or TABLE) != TABLE:
        raise ForestallError(f"design.method: {method} draws points, design.table lists them")
    if sampled:
        raise ForestallError(
            f"design.table: lists the points, {sampled[0]} cannot be sampled beside them"
        )
    rows, places = rows_of_table(config), places_of_table(config)
    factors = {**crossed, **factors_of_table(config)}
    _refuse_too_many(factors, tuple(rows), len(places))
    pairs = list(paired_points(config, _columns(factors, rows, len(places))))
    where: dict[str, str] = {}
    again = []
    for place, (point, _) in zip(itertools.cycle(places), pairs, strict=False):
        if where.setdefault(point.id, place) != place:
            again.append(place)
    remark = f"{again[0]}: has the point of an earlier one, which is run once" if again else ""
    more = f" (and {len(again) - 1:,} further)" if len(again) > 1 else ""
    return _design(
        pairs, factors, method=TABLE, size=len(places), remark=remark + more, places=where
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
    drawn = {name: factors[name].at(unit[:, place]) for place, name in enumerate(sampled)}
    pairs = list(paired_points(config, _columns(factors, drawn, len(unit))))
    rows = tuple([point.id for point, _ in pairs])
    return _design(
        pairs, factors, method=method, size=size, seed=seed, remark=remark,
        sample=Sample(unit=unit, factors=tuple(sampled), points=rows),
    )  # fmt: skip


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
    method = ALIASES.get(method, method)
    if method not in (GRID, *METHODS):
        raise unknown_name("design.method", method, (GRID, *METHODS, *ALIASES))
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
    pairs: Sequence[tuple[Point, Point]],
    factors: Mapping[str, Factor],
    *,
    method: str = GRID,
    size: int = 0,
    seed: int = 0,
    remark: str = "",
    sample: Sample | None = None,
    places: Mapping[str, str] | None = None,
) -> Design:
    points: dict[str, Point] = {}
    baselines: dict[str, Point] = {}
    for point, baseline in pairs:
        points.setdefault(point.id, point)
        baselines.setdefault(baseline.id, baseline)
    return Design(
        method=method, size=size, seed=seed, factors=factors, points=tuple(points.values()),
        baselines=tuple(baselines.values()), sample=sample, remark=remark, places=places or {},
    )  # fmt: skip


def _columns(factors: Mapping[str, Factor], drawn: Columns, rows: int) -> Columns:
    """Return the levers of all points: every combination of crossed values at all rows drawn."""
    crossed = _crossed(factors, tuple(drawn))
    combinations = list(itertools.product(*(factor.values for factor in crossed.values())))
    columns = {name: values * len(combinations) for name, values in drawn.items()}
    for place, name in enumerate(crossed):
        columns[name] = [values[place] for values in combinations for _ in range(rows)]
    return {name: columns[name] for name in factors}
