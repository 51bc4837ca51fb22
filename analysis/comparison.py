"""Comparing design points with their baselines, or with each other: what `forestall compare` prints.

Two tables. `effects_table` has one row a point: the surface of `analysis.surface`, cost per death
averted, what was spent and how long peacekeepers were there. `outcome_differences` has one row a point
and outcome: the paired difference of every outcome with what the pairing was worth for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import (
    LEVEL,
    UNKNOWN,
    Interval,
    bootstrap_means,
    paired_difference,
    ratio_of_means,
    risk_difference,
)
from analysis.statistics import holm, pairing
from analysis.surface import lever_columns, rows_with, surface_table
from sim.errors import ForestallError
from sim.outcomes import OUTCOMES, YEAR, Outcome

Floats = NDArray[np.float64]
BASELINE = "baseline_"
SPENT = "endowment_spent"
FEW_PAIRS = 20
"""Fewer pairs that differ than this hardly bound a mean whose tail is heavy."""
FEW_MEANS = (
    "the interval of a mean then rests on the largest of them and holds the truth less often than it "
    "says: more replicates are needed"
)
LARGE_PAIR = 0.25
"""A mean hangs on one pair where that pair has this share of all deaths that differ."""
_DIFFERENCE_COLUMNS = (
    "point", "outcome", "unit", "n", "pairs_differing", "baseline_mean", "treatment_mean",
    "difference", "difference_low", "difference_high", "correlation", "runs_replaced",
    "independent_pairs",
)  # fmt: skip
_KNOWN = {outcome.name: outcome for outcome in OUTCOMES}
# Its week has no meaning where nothing happened; of the others "never" is later than any week.
ONLY_IF_BOTH = ("peak_week",)
WITHIN = {"recurred_5_years": 5 * YEAR, "recurred_10_years": 10 * YEAR}
"""Weeks after the end of a first episode that a run must still have for these to be known."""


def effects_table(
    points: pd.DataFrame, paired: pd.DataFrame, *, level: float = LEVEL
) -> pd.DataFrame:
    """Return one row a point: all effects of the treatment, with what they cost.

    Parameters
    ----------
    points, paired : as for `analysis.surface.surface_table`; with the outcome ``endowment_spent``
        also costs.
    level : confidence, in (0, 1).

    Returns
    -------
    DataFrame
        The columns of `surface_table`; ``pairs_differing``: pairs with another number of deaths;
        ``largest_pair``: share of the one pair that differs most in all deaths that differ;
        ``independent_pairs``: pairs of independent runs that would tell the mean difference of
        deaths as precisely; ``extra_spent`` (million USD per run) and ``cost_per_death_averted``
        (USD) with ``_low`` and ``_high``, NaN where the interval of deaths averted does not lie
        above zero; ``harm_p_..._adjusted``: `holm` over the points.
    """
    table = surface_table(points, paired, level=level)
    by_point = dict(tuple(paired.sort_values("replicate").groupby("point", sort=False)))
    rows = [_costs(by_point.get(point, paired.iloc[:0]), level) for point in table["point"]]
    table = pd.concat([table, pd.DataFrame(rows, index=table.index)], axis=1)
    table["independent_pairs"] = table["n"] * table["runs_replaced"]
    for name in ("harm_p_deaths", "harm_p_mass_killing"):
        table[f"{name}_adjusted"] = holm(table[name])
    return table


def outcome_differences(
    points: pd.DataFrame,
    paired: pd.DataFrame,
    outcomes: Sequence[str],
    *,
    weeks: int,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return the paired difference, treatment less baseline, of every outcome at every point.

    Parameters
    ----------
    points, paired : as for `analysis.surface.surface_table`.
    outcomes : names of the outcomes. One that is a code has no difference and no row.
    weeks : horizon of the runs. A week that never came counts as the horizon (a restricted mean;
        Royston & Parmar 2013); the week of the peak is compared where both runs have one, and a
        recurrence within some years where both could show it (`known_pairs`).
    level : confidence, in (0, 1).

    Returns
    -------
    DataFrame
        ``point``, ``outcome``, ``unit``, ``n``, ``pairs_differing``, both means, ``difference`` with
        ``_low`` and ``_high``, ``correlation``, ``runs_replaced``, and ``independent_pairs``: so many
        pairs of independent runs would be as precise.
    """
    by_point = dict(tuple(paired.sort_values("replicate").groupby("point", sort=False)))
    described = [outcome for outcome in map(_described, outcomes) if outcome.kind != "code"]
    rows = [
        {"point": point, **row}
        for point in points["point"]
        if point in by_point
        for row in _differences(by_point[point], described, weeks, level)
    ]
    return pd.DataFrame(rows, columns=list(_DIFFERENCE_COLUMNS))


def against(
    points: pd.DataFrame, paired: pd.DataFrame, changes: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables that compare points with other points of the design, replicate by replicate.

    Parameters
    ----------
    points, paired : as for `analysis.surface.surface_table`.
    changes : levers and their values. Every point is compared with the point that has these values
        and shares its other levers; points that have them already are what others are compared with.

    Returns
    -------
    points, paired
        As given, but that ``baseline`` is the other point and the columns ``baseline_...`` are its
        outcomes.

    Raises
    ------
    ForestallError
        No point of the design can be compared so.
    """
    levers = lever_columns(points)
    others = [lever for lever in levers if lever not in changes]
    acting = points[points["point"].isin(set(paired["point"]))]
    references = rows_with(acting, list(changes), tuple(changes.values()))
    rows = [
        {**row, "baseline": found["point"].iloc[0]}
        for row in acting[~acting["point"].isin(references["point"])].to_dict("records")
        if len(found := rows_with(references, others, tuple(row[name] for name in others))) == 1
    ]
    if not rows:
        said = ", ".join(f"{name}={value}" for name, value in changes.items())
        raise ForestallError(f"against {said}: the design has no pair of points that differ in it")
    outcomes = [name for name in paired.columns if BASELINE + str(name) in paired.columns]
    runs = paired[["point", "replicate", *outcomes]]
    compared = pd.DataFrame(rows, columns=points.columns)
    untreated = runs.rename(columns={"point": "baseline"} | {n: BASELINE + n for n in outcomes})
    joined = runs.merge(compared[["point", "baseline"]], on="point")
    joined = joined.merge(untreated, on=["baseline", "replicate"]).drop(columns="baseline")
    return compared, joined


def known_pairs(runs: pd.DataFrame, outcome: str, weeks: int) -> pd.DataFrame:
    """Return the pairs in both runs of which an outcome can be known at this horizon (weeks).

    Whether violence came back within five or ten years is known only of an episode that ended so long
    before the horizon; of other outcomes all pairs are returned.
    """
    if outcome not in WITHIN or "end_week" not in runs.columns:
        return runs
    ends = runs[["end_week", f"{BASELINE}end_week"]]
    known = (ends >= 0) & (ends <= weeks - WITHIN[outcome])
    return runs[known.all(axis=1)]


def _described(name: str) -> Outcome:
    return _KNOWN.get(name, Outcome(name, "", "count", ""))


def _costs(runs: pd.DataFrame, level: float) -> dict[str, float]:
    averted = (runs[f"{BASELINE}direct_deaths"] - runs["direct_deaths"]).to_numpy(np.float64)
    apart = np.abs(averted)
    found: dict[str, float] = {
        "pairs_differing": int((apart > 0).sum()),
        "largest_pair": float(apart.max() / apart.sum()) if apart.any() else np.nan,
    }
    if SPENT not in runs.columns:
        return found
    spent = (runs[SPENT] - runs[BASELINE + SPENT]).to_numpy(np.float64)
    cost = ratio_of_means(1e6 * spent, averted, level=level) if averted.size > 1 else UNKNOWN
    extra = paired_difference(runs[SPENT], runs[BASELINE + SPENT], level=level)
    return found | _columns("extra_spent", extra) | _columns("cost_per_death_averted", cost)


def _columns(name: str, value: Interval) -> dict[str, float]:
    return {name: value.estimate, f"{name}_low": value.low, f"{name}_high": value.high}


def _differences(
    runs: pd.DataFrame, outcomes: Sequence[Outcome], weeks: int, level: float
) -> list[dict[str, Any]]:
    arms = [_arms(runs, outcome, weeks) for outcome in outcomes]
    found: list[Interval | None] = [
        risk_difference(*pair, level=level) if outcome.kind == "flag" else None
        for outcome, pair in zip(outcomes, arms, strict=True)
    ]
    # Means over the same pairs are resampled together: a resample is drawn once for all of them.
    for size in {treated.size for treated, _ in arms}:
        places = [
            k for k, (treated, _) in enumerate(arms) if found[k] is None and treated.size == size
        ]
        changes = np.array([arms[k][0] - arms[k][1] for k in places]).reshape(len(places), size).T
        for k, interval in zip(places, bootstrap_means(changes, level=level), strict=True):
            found[k] = interval
    return [
        _row(outcome, *pair, interval or UNKNOWN)
        for outcome, pair, interval in zip(outcomes, arms, found, strict=True)
    ]


def _row(outcome: Outcome, treated: Floats, untreated: Floats, change: Interval) -> dict[str, Any]:
    worth = pairing(treated, untreated)
    return {
        "outcome": outcome.name,
        "unit": outcome.unit,
        "n": treated.size,
        "pairs_differing": int((treated != untreated).sum()),
        "baseline_mean": untreated.mean() if untreated.size else np.nan,
        "treatment_mean": treated.mean() if treated.size else np.nan,
        **_columns("difference", change),
        **worth._asdict(),
        "independent_pairs": treated.size * worth.runs_replaced,
    }


def _arms(runs: pd.DataFrame, outcome: Outcome, weeks: int) -> tuple[Floats, Floats]:
    runs = known_pairs(runs, outcome.name, weeks)
    treated = runs[outcome.name].to_numpy(np.float64)
    untreated = runs[BASELINE + outcome.name].to_numpy(np.float64)
    if outcome.kind == "week":
        return _weeks(treated, untreated, outcome.name, weeks)
    return treated, untreated


def _weeks(treated: Floats, untreated: Floats, name: str, weeks: int) -> tuple[Floats, Floats]:
    if name in ONLY_IF_BOTH:
        both = (treated >= 0) & (untreated >= 0)
        return treated[both], untreated[both]
    return (
        np.where(treated < 0, weeks, treated),
        np.where(untreated < 0, weeks, untreated),
    )
