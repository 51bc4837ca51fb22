"""Verdicts: does an outcome differ between the ends of a lever, where, how surely, and where it turns.

A lever is judged by comparing its last value with its first, replicate by replicate on the same
random numbers, at every combination of the other levers. The verdict counts comparisons; it is about
the worlds that were run, and a comparison is clear when its 95 % interval excludes zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from analysis.comparison import BASELINE, against
from analysis.intervals import LEVEL, Interval, paired_difference, risk_difference
from analysis.surface import ARRIVAL, DISPERSION, START, other_levers, point_label
from sim.errors import ForestallError

HOLDS, PARTLY, REVERSES, CONTRARY, UNDECIDED = (
    "holds", "holds in part", "reverses", "the contrary holds", "undecided",
)  # fmt: skip
MASS_KILLING, DEATHS = "mass_killing", "deaths"
"""The outcomes of a comparison."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One comparison: the last value of a lever with its first, other levers equal.

    Attributes
    ----------
    where : the other levers, in words.
    pairs : replicates compared; differing : those whose direct deaths differ.
    mass_killing : change of its probability, last less first, in -1..1.
    deaths : change of direct deaths, people per run.
    """

    where: str
    pairs: int
    differing: int
    mass_killing: Interval
    deaths: Interval


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the comparisons say of one lever.

    Attributes
    ----------
    lever : its dotted name; first, last : the values at its ends.
    better : the end that is claimed to save lives, -1 the first, 1 the last.
    compared : all comparisons, in the order of the design.
    """

    lever: str
    first: object
    last: object
    better: int
    compared: tuple[Compared, ...]

    def pro(self, outcome: str = MASS_KILLING) -> int:
        """Return how many comparisons clearly agree with the claim."""
        return sum(_side(getattr(one, outcome)) == -self.better for one in self.compared)

    def contra(self, outcome: str = MASS_KILLING) -> int:
        """Return how many comparisons clearly contradict it."""
        return sum(_side(getattr(one, outcome)) == self.better for one in self.compared)

    def label(self, outcome: str = MASS_KILLING) -> str:
        """Return the verdict in a word or three."""
        pro, contra = self.pro(outcome), self.contra(outcome)
        if pro and contra:
            return REVERSES
        if contra:
            return CONTRARY
        if not pro:
            return UNDECIDED
        return HOLDS if pro == len(self.compared) else PARTLY

    def span(self, outcome: str = MASS_KILLING) -> tuple[Interval, Interval]:
        """Return the least and the greatest change, with their intervals."""
        order = sorted(
            (getattr(one, outcome) for one in self.compared), key=lambda change: change.estimate
        )
        return order[0], order[-1]

    def excluded(self, outcome: str = MASS_KILLING) -> float:
        """Return the size of change that no comparison's interval reaches, in either direction."""
        return max(abs(float(end)) for one in self.compared for end in getattr(one, outcome)[1:])


def verdicts(
    points: pd.DataFrame, paired: pd.DataFrame, *, level: float = LEVEL
) -> tuple[list[Verdict], list[str]]:
    """Return a verdict for every lever that is a number and varies, and the levers without one.

    Parameters
    ----------
    points, paired : as for `analysis.comparison.effects_table`.
    level : confidence of the intervals, in (0, 1).

    Returns
    -------
    verdicts, left_out
        A lever is left out when no two points differ in it alone, as in a sample. When help arrives is
        none: bargained and fixed arrival answer different questions.
    """
    found, left_out = [], []
    for lever in _levers(points):
        verdict = _verdict(points, paired, lever, level)
        if verdict is None:
            left_out.append(lever)
        else:
            found.append(verdict)
    return found, left_out


def pairs_needed(compared: Compared) -> float:
    """Return about how many pairs would make the interval of the change seen exclude zero.

    The half-width of an interval shrinks with the root of the number of pairs. Infinite when no change
    was seen.
    """
    change = compared.mass_killing
    if change.estimate == 0:
        return float("inf")
    towards_zero = change.down if change.estimate > 0 else change.up
    return compared.pairs * (towards_zero / abs(change.estimate)) ** 2


def _side(change: Interval) -> int:
    return int(np.sign(change.estimate)) if change.excludes_zero else 0


def _levers(points: pd.DataFrame) -> list[str]:
    acting = points[points["point"] != points["baseline"]]
    named = [name for name in (START, DISPERSION) if name in points.columns]
    return [
        name
        for name in (*named, *other_levers(points))
        if name != ARRIVAL and len(_values(acting[name])) > 1
    ]


def _values(column: pd.Series) -> list[float]:
    """Return the finite numbers of a lever, sorted; none when it is no number."""
    if not all(isinstance(value, Real) for value in column):
        return []
    return sorted({float(value) for value in column if np.isfinite(float(value))})


def _verdict(
    points: pd.DataFrame, paired: pd.DataFrame, lever: str, level: float
) -> Verdict | None:
    acting = points[points["point"] != points["baseline"]]
    values = _values(acting[lever])
    first, last = values[0], values[-1]
    ends = points[points[lever].isin([first, last]) | (points["point"] == points["baseline"])]
    runs = paired[paired["point"].isin(ends["point"])]
    try:
        compared, joined = against(ends, runs, {lever: first})
    except ForestallError:
        return None
    plain = points.drop(columns=lever)
    by_point = dict(tuple(joined.sort_values("replicate").groupby("point", sort=False)))
    rows = [
        _compared(by_point[point], point_label(plain, point), level)
        for point in compared["point"]
        if point in by_point
    ]
    if not rows:
        return None
    # Late and divided are claimed to be worse; more of a measure is claimed to be better.
    better = -1 if lever in (START, DISPERSION) else 1
    return Verdict(lever=lever, first=first, last=last, better=better, compared=tuple(rows))


def _compared(runs: pd.DataFrame, where: str, level: float) -> Compared:
    deaths, before = runs["direct_deaths"], runs[f"{BASELINE}direct_deaths"]
    return Compared(
        where=where,
        pairs=len(runs),
        differing=int((deaths != before).sum()),
        mass_killing=risk_difference(
            runs["mass_killing"], runs[f"{BASELINE}mass_killing"], level=level
        ),
        deaths=paired_difference(deaths, before, level=level),
    )
