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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.blocks import blocks_of
from experiments.config import MOST_POINTS
from experiments.factors import Factor, Interval, Listed, read_factors
from experiments.identity import WORLD
from experiments.points import Point, paired_points
from experiments.posterior import number_of_sets, with_set
from experiments.sampling import BLOCKS, METHODS, imbalance, rows_of, sample
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
    for point, baseline in paired_points(config, _columns(factors, unit, sampled)):
        points.setdefault(point.id, point)
        baselines.setdefault(baseline.id, baseline)
        rows.append(point.id)
    drawn = Sample(unit=unit, factors=sampled, points=tuple(rows)) if sampled else None
    return Design(
        method=method, size=size, seed=seed, factors=factors, points=tuple(points.values()),
        baselines=tuple(baselines.values()), sample=drawn, remark=remark,
    )  # fmt: skip


def _columns(
    factors: Mapping[str, Factor], unit: NDArray[np.float64], sampled: tuple[str, ...]
) -> dict[str, list[Any]]:
    """Return the levers of all points: every combination of crossed values at the whole sample."""
    crossed, drawn = _crossed(factors, sampled), len(unit)
    combinations = list(itertools.product(*(factor.values for factor in crossed.values())))
    columns = {
        name: factors[name].at(unit[:, place]) * len(combinations)
        for place, name in enumerate(sampled)
    }
    for place, name in enumerate(crossed):
        columns[name] = [values[place] for values in combinations for _ in range(drawn)]
    return {name: columns[name] for name in factors}
