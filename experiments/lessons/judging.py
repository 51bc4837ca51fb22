"""From stored runs to verdicts: the contrast of every parameter set, shares of sets, and the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import LEVEL, Interval, wilson
from experiments.lessons.registration import Lesson, Registration
from sim.errors import ForestallError

if TYPE_CHECKING:
    from experiments.results import Results

Floats = NDArray[np.float64]
HOLDS, REVERSES, UNDECIDED = "holds", "reverses", "undecided"
ON_AVERAGE = " on average"
MIXED = "mixed"
LOG_DEATHS, MASS_KILLING = "log_deaths", "mass_killing"


@dataclass(frozen=True, eq=False)
class Judged:
    """One lesson in one condition and ensemble.

    Attributes
    ----------
    sets : one row a parameter set: ``set``, ``effect`` with ``_low`` and ``_high`` (log deaths),
        ``mass_killing`` (change of its probability), ``side`` (holds, reverses or undecided).
    effect, mass_killing : means over the sets with intervals.
    pairs : of a set; changed : share of all pairs in which the contrast is not nought.
    by_country : mean contrast of log deaths in each country.
    """

    sets: pd.DataFrame
    effect: Interval
    mass_killing: Interval
    pairs: int
    changed: float
    by_country: Mapping[str, float]

    def share(self, side: str) -> float:
        """Return the share of the parameter sets on one side."""
        return float((self.sets["side"] == side).mean())

    def verdict(self, decision: Mapping[str, Any]) -> str:
        """Return the verdict by the registered rule."""
        return verdict(self.share(HOLDS), self.share(REVERSES), self.effect, decision)


def verdict(holds: float, reverses: float, mean: Interval, decision: Mapping[str, Any]) -> str:
    """Return a verdict from shares of parameter sets and the mean over them, by the registered rule."""
    most, few = float(decision["most"]), float(decision["few"])
    if holds > few and reverses > few:
        return MIXED
    for side, here, there, beyond in (
        (HOLDS, holds, reverses, mean.high < 0.0),
        (REVERSES, reverses, holds, mean.low > 0.0),
    ):
        if there <= few and here >= most:
            return side
        if there <= few and beyond:
            return side + ON_AVERAGE
    return UNDECIDED


def judge(found: Results, lesson: Lesson, registration: Registration) -> Judged:
    """Return what stored runs of a study say of a lesson.

    Parameters
    ----------
    found : results of a study in one condition, all of its runs stored.
    lesson : with a contrast.
    registration : its sizes say how many parameter sets the replicates are spread over.

    Raises
    ------
    ForestallError
        A world of the contrast is not among the points.
    """
    runs = contrasts(found, lesson, registration.countries)
    sets = int(found.config["posterior"]["sets"])
    level = float(registration.raw["decision"]["level"])
    runs = runs.assign(set=runs["replicate"] % sets)
    table = _by_set(runs, level)
    return Judged(
        sets=table,
        effect=mean_intervals(table[["effect"]].to_numpy(), level=level)[0],
        mass_killing=mean_intervals(table[["mass_killing"]].to_numpy(), level=level)[0],
        pairs=len(runs) // len(table),
        changed=float((runs[LOG_DEATHS] != 0.0).mean()),
        by_country={
            str(name): float(rows[LOG_DEATHS].mean()) for name, rows in runs.groupby("country")
        },
    )


def contrasts(found: Results, lesson: Lesson, countries: Sequence[str]) -> pd.DataFrame:
    """Return one row a country and replicate: the contrast of both quantities.

    Columns ``country``, ``replicate``, ``log_deaths``, ``mass_killing``.
    """
    runs = found.runs[found.runs["arm"] == "treatment"]
    treated = found.design[found.design["point"].isin(found.points)]
    if len(countries) == 1:
        treated = treated.assign(country=countries[0])
    rows = []
    for country in countries:
        total: pd.DataFrame | None = None
        for weight, levers in lesson.contrast:
            point = _point(treated, {"country": country, **levers}, lesson)
            cell = runs[runs["point"] == point].set_index("replicate").sort_index()
            values = pd.DataFrame({
                LOG_DEATHS: weight * np.log1p(cell["direct_deaths"]),
                MASS_KILLING: weight * cell["mass_killing"],
            })  # fmt: skip
            total = values if total is None else total + values
        assert total is not None
        rows.append(total.reset_index().assign(country=country))
    return pd.concat(rows, ignore_index=True)


def _point(design: pd.DataFrame, levers: Mapping[str, object], lesson: Lesson) -> str:
    chosen = design
    for name, value in levers.items():
        if name not in chosen.columns:
            raise ForestallError(f"lesson {lesson.id}: the design has no lever {name}")
        chosen = chosen[chosen[name] == value]
    if len(chosen) != 1:
        raise ForestallError(
            f"lesson {lesson.id}: {len(chosen)} points have {dict(levers)}, not one"
        )
    return str(chosen["point"].iloc[0])


def _by_set(runs: pd.DataFrame, level: float) -> pd.DataFrame:
    ordered = runs.sort_values(["set", "country", "replicate"])
    names = ordered["set"].unique()
    columns = ordered[LOG_DEATHS].to_numpy().reshape(len(names), -1)
    intervals = mean_intervals(columns.T, level=level)
    change = ordered[MASS_KILLING].to_numpy().reshape(len(names), -1).mean(axis=1)
    table = pd.DataFrame({
        "set": names, "effect": [one.estimate for one in intervals],
        "effect_low": [one.low for one in intervals],
        "effect_high": [one.high for one in intervals], "mass_killing": change,
    })  # fmt: skip
    return table.assign(side=[side_of(one) for one in intervals])


def side_of(one: Interval) -> str:
    """Return the side on which an interval lies; below zero a lesson holds."""
    return HOLDS if one.high < 0.0 else REVERSES if one.low > 0.0 else UNDECIDED


def carried(main: Judged, without: Judged) -> Interval:
    """Return how much of the effect goes when a mechanism is off, over the sets that both have.

    The mean difference over the parameter sets, without less with: above zero where the mechanism
    carries what is claimed, in units of log deaths.
    """
    both = main.sets.merge(without.sets, on="set", suffixes=("", "_off"))
    return mean_intervals((both["effect_off"] - both["effect"]).to_numpy()[:, None])[0]


def mean_intervals(columns: Floats, *, level: float = LEVEL) -> list[Interval]:
    """Return the mean of every column of shape (n, k) with Student's interval.

    Contrasts of log deaths have no heavy tail, and some sets have hardly a pair that differs: there a
    studentised bootstrap has nothing to divide by.
    """
    n = len(columns)
    means = columns.mean(axis=0)
    if n < 2:
        return [Interval(float(mean), np.nan, np.nan) for mean in means]
    from scipy.stats import t as student  # who only reads a verdict need not wait for it

    half = student.ppf(0.5 + level / 2, n - 1) * columns.std(axis=0, ddof=1) / np.sqrt(n)
    return [
        Interval(float(mean), float(mean - reach), float(mean + reach))
        for mean, reach in zip(means, half, strict=True)
    ]


def share_intervals(judged: Judged) -> dict[str, Interval]:
    """Return the share of the parameter sets on every side with its Wilson interval."""
    n = len(judged.sets)
    return {
        side: wilson(int((judged.sets["side"] == side).sum()), n)
        for side in (HOLDS, REVERSES, UNDECIDED)
    }
