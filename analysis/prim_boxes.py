"""Scenario discovery: boxes of factors within which cases of interest crowd together (PRIM).

The patient rule induction method (Friedman & Fisher 1999; for scenarios Bryant & Lempert 2010)
peels thin slices off the space of factors as long as what remains is richer in cases. The workbench
of Kwakkel (2017) does the peeling; this module chooses the box, drops limits that chance explains,
and says how good a box is found where there is nothing to find.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import SEED
from sim.errors import ForestallError, bad_value

Flags = NDArray[np.bool_]
LEAST_CASES = 10
"""Fewer cases, or fewer points that are none, than this are too few to look for a box."""
LEAST_MASS = 0.05
SIGNIFICANT = 0.05
_LIMIT_COLUMNS = ("factor", "low", "high", "values", "least", "most", "qp_low", "qp_high")
SHUFFLES = 19
"""With so many shuffles a box better than all of them is one in twenty by chance."""


@dataclass(frozen=True, eq=False)
class Box:
    """One box.

    Attributes
    ----------
    limits : one row a factor that it limits: ``factor``, ``low``, ``high`` (numbers) or ``values``
        (words), ``least`` and ``most`` that the design holds, ``qp_low``, ``qp_high``: quasi-p-values
        of the two limits (binomial; the chance of so many cases if the limit were not there).
    coverage : share of all cases that lie in it.
    density : share of its points that are cases.
    mass : share of all points that lie in it.
    points, cases : their numbers.
    lift : cases that it holds beyond those expected of so many points, as a share of all cases; for the
        first box ``coverage - mass``.
    chance : largest lift found in shuffled cases, NaN without shuffles; a box that does not exceed it
        may be nothing.
    trajectory : one row a step of peeling: ``coverage``, ``density``, ``mass``, ``limits`` (how many
        factors are limited) and ``lift``.
    """

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float
    lift: float
    points: int
    cases: int
    chance: float
    trajectory: pd.DataFrame


def prim_boxes(
    factors: pd.DataFrame,
    cases: Flags,
    *,
    boxes: int = 1,
    coverage: float | None = None,
    shuffles: int = SHUFFLES,
    seed: int = SEED,
) -> list[Box]:
    """Return up to some boxes, each found among the points that earlier ones leave.

    Parameters
    ----------
    factors : one row a point, one column a factor that varies, of numbers or words.
    cases : shape (points,), in the same order.
    boxes : most boxes. The first is always returned; a further one only if it is better than chance.
    coverage : on each path of peeling, the densest box that still holds this share of the cases; when
        None, the box with the largest `Box.lift`.
    shuffles, seed : how often cases are shuffled to see what chance finds.

    Raises
    ------
    ForestallError
        No factor varies, or too few points are cases, or too few are none.
    """
    _check(factors, cases, coverage)
    table = _as_workbench(factors)
    chance = max(_lifts_by_chance(table, cases, shuffles, seed), default=np.nan)
    algorithm = _algorithm(table, cases)
    left = np.ones(cases.size, dtype=bool)
    found: list[Box] = []
    while len(found) < boxes:
        peeled = _quiet(algorithm.find_box)
        if peeled is None:
            break
        path = _path(peeled, cases, left)
        _drop_chance_limits(peeled, _chosen(path, coverage))
        box = _box(peeled, table, cases, left, path, chance)
        if found and not _beyond_chance(box):
            break
        found.append(box)
        left[peeled.yi] = False
    return found


def _algorithm(table: pd.DataFrame, cases: Flags) -> Any:
    def make() -> Any:
        from ema_workbench.analysis import prim

        return prim.Prim(table.copy(), cases.astype(bool), mass_min=LEAST_MASS)

    return _quiet(make)


def _quiet(call: Callable[[], Any]) -> Any:
    """Call without what the workbench says of parts that are not installed and of old idioms."""
    log = logging.getLogger("EMA")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call()
    finally:
        log.disabled = before


def _lifts_by_chance(table: pd.DataFrame, cases: Flags, shuffles: int, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    everything = np.ones(cases.size, dtype=bool)
    lifts = []
    for _ in range(shuffles):
        shuffled = rng.permutation(cases)
        box = _quiet(_algorithm(table, shuffled).find_box)
        lifts.append(0.0 if box is None else float(_path(box, shuffled, everything)["lift"].max()))
    return lifts


def _path(box: Any, cases: Flags, left: Flags) -> pd.DataFrame:
    """Return the steps of peeling: coverage, density, mass, number of limits, and lift."""
    path = box.peeling_trajectory
    table = path[["coverage", "density", "mass", "res_dim"]].astype(np.float64)
    table = table.rename(columns={"res_dim": "limits"})
    # Of all cases, those beyond what its points would hold if they were like all that are left.
    rate = cases[left].mean()
    table["lift"] = table["coverage"] - table["mass"] * cases.size * rate / cases.sum()
    return table


def _chosen(path: pd.DataFrame, coverage: float | None) -> int:
    if coverage is None:
        return int(path["lift"].to_numpy().argmax())
    enough = np.flatnonzero(path["coverage"].to_numpy() >= coverage)
    if not enough.size:
        return 0
    return int(enough[path["density"].to_numpy()[enough].argmax()])


def _drop_chance_limits(box: Any, place: int) -> None:
    """Select a step, and take away one by one the limits that chance may explain, weakest first."""
    box.select(place)
    while True:
        weak = {
            name: max(value for value in p_values if value >= 0)
            for name, p_values in box.p_values[box._cur_box].items()
            if any(value >= 0 for value in p_values)
        }
        worst = max(weak, key=lambda name: weak[name], default=None)
        if worst is None or weak[worst] <= SIGNIFICANT or len(weak) == 1:
            return
        _quiet(partial(box.drop_restriction, worst))


def _box(
    peeled: Any, table: pd.DataFrame, cases: Flags, left: Flags, path: pd.DataFrame, chance: float
) -> Box:
    rows = [_limit(name, peeled, table) for name in peeled.p_values[peeled._cur_box]]
    points, held = len(peeled.yi), int(cases[peeled.yi].sum())
    expected = points * cases[left].mean()
    return Box(
        limits=pd.DataFrame(rows, columns=list(_LIMIT_COLUMNS)),
        coverage=held / cases.sum(), density=held / points, mass=points / cases.size,
        lift=float((held - expected) / cases.sum()), points=points, cases=held, chance=chance,
        trajectory=path,
    )  # fmt: skip


def _beyond_chance(box: Box) -> bool:
    if not np.isnan(box.chance):
        return box.lift > box.chance
    p_values = box.limits[["qp_low", "qp_high"]].to_numpy(np.float64)
    return bool(box.lift > 0 and (p_values <= SIGNIFICANT).any())


def _limit(name: str, box: Any, table: pd.DataFrame) -> dict[str, Any]:
    ends, every = box.box_lims[box._cur_box][name], box.prim.box_init[name]
    low_p, high_p = (
        float(value) if value >= 0 else np.nan for value in box.p_values[box._cur_box][name]
    )
    row: dict[str, Any] = {"factor": name, "qp_low": low_p, "qp_high": high_p}
    if isinstance(table[name].dtype, pd.CategoricalDtype):
        values = sorted(map(str, ends.iloc[0]))
        return row | {"values": ", ".join(values)}
    least, most = map(float, every)
    low, high = map(float, ends)
    return row | {"low": low, "high": high, "least": least, "most": most, "values": ""}


def _as_workbench(factors: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as floats and words as categories, with plain row numbers."""
    columns = {
        str(name): column.astype(np.float64)
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        else column.astype(str).astype("category")
        for name, column in factors.items()
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def _check(factors: pd.DataFrame, cases: Flags, coverage: float | None) -> None:
    if coverage is not None and not 0 < coverage <= 1:
        raise bad_value("coverage", coverage, "a share of the cases, more than 0 and at most 1")
    if not len(factors.columns):
        raise ForestallError("no factor varies over the points")
    count, rest = int(cases.sum()), int((~cases).sum())
    for number, what in ((count, "are cases"), (rest, "are none")):
        if number < LEAST_CASES:
            raise ForestallError(
                f"{number} of {cases.size:,} points {what}, at least {LEAST_CASES} are "
                "needed: change the threshold or sample more points"
            )


def case_flags(values: pd.Series, *, threshold: float, above: bool) -> Flags:
    """Return which points are cases: at or above a threshold, or strictly below it."""
    numbers = values.to_numpy(np.float64)
    flags: Flags = numbers >= threshold if above else numbers < threshold
    return flags


def without_constants(factors: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the columns of a design table that vary, in the order of `names`."""
    return factors[[name for name in names if factors[name].nunique(dropna=False) > 1]]
