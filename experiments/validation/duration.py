"""Duration: how long episodes last, and how fast the fast ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.facts import Fact, Statistic
from experiments.validation.records import Records
from sim.errors import ForestallError

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

YEAR, QUARTER = 52.0, 13
_FASTEST = 0.05


def survival() -> Any:
    """Return the module `lifelines`.

    Raises
    ------
    ForestallError
        It is not installed.
    """
    try:
        import lifelines
    except ModuleNotFoundError as missing:
        if missing.name != "lifelines":
            raise
        raise ForestallError(
            "validate: this needs lifelines, pip install 'forestall[validation]'"
        ) from None
    return lifelines


def episodes(runs: Records) -> np.ndarray:
    """Return years and whether it ended of the first episode of runs with a mass killing, (n, 2)."""
    killing = runs.outcome("mass_killing") > 0
    years = np.maximum(runs.outcome("duration_weeks")[killing], 1.0) / YEAR
    return np.column_stack([years, runs.outcome("end_week")[killing] >= 0])


def median_years(evidence: Evidence) -> Estimate:
    """Return the Kaplan-Meier median of the duration of episodes with a mass killing, years."""
    lasting = episodes(evidence.lasting)
    if len(lasting) < 10:
        return NOTHING
    fitter = survival().KaplanMeierFitter

    def median(rows: np.ndarray) -> float:
        found = float(fitter().fit(rows[:, 0], rows[:, 1]).median_survival_time_)
        return min(found, float(evidence.size.years))

    return resampled(median, lasting, log=True)


def ended_within_year(evidence: Evidence) -> Estimate:
    """Return the Kaplan-Meier share of such episodes that end within a year."""
    lasting = episodes(evidence.lasting)
    if len(lasting) < 10:
        return NOTHING
    fitter = survival().KaplanMeierFitter

    def share(rows: np.ndarray) -> float:
        return 1.0 - float(fitter().fit(rows[:, 0], rows[:, 1]).predict(1.0))

    return resampled(share, lasting)


def fast_share(evidence: Evidence) -> Estimate:
    """Return the mean share of an episode's deaths in its first quarter year, in the fastest runs.

    Fastest are the twentieth of runs with a mass killing that came from 25 deaths in four weeks to a
    thousand in the fewest weeks.
    """
    runs = evidence.tense
    killing = np.flatnonzero(runs.outcome("mass_killing") > 0)
    if killing.size < 10:
        return NOTHING
    deaths = runs.deaths[killing]
    recent = np.cumsum(deaths, axis=1)
    recent[:, 4:] -= recent[:, :-4].copy()
    begun = (recent >= 25.0).argmax(axis=1)
    speed = runs.outcome("onset_week")[killing] - begun
    order = np.argsort(speed, kind="stable")[: max(5, int(_FASTEST * killing.size))]
    first = np.array([deaths[run, begun[run] : begun[run] + QUARTER].sum() for run in order])
    lasted = runs.outcome("duration_weeks")[killing][order].astype(int)
    whole = np.array(
        [
            deaths[run, begun[run] : begun[run] + weeks].sum()
            for run, weeks in zip(order, lasted, strict=True)
        ]
    )
    return resampled(lambda shares: float(shares.mean()), first / np.maximum(whole, first))


FACTS = (
    Fact(
        id=6, family="duration",
        fact="ended episodes: median 9 calendar years, quartiles 4-16, 9 % within one year (generous "
        "end dates)",
        source="Early Warning Project, episodes 2025, n = 137",
        statistics=(
            Statistic(
                part="median", use="V", needs=("lasting",), low=3.0, high=12.0, log=True,
                statistic="median duration of episodes with a mass killing, Kaplan-Meier, years",
                measure=median_years,
            ),
            Statistic(
                part="modes", use="V", needs=("lasting",), low=0.02, high=0.5,
                statistic="share that ends within a year, Kaplan-Meier: a fast mode (2 % or more), "
                "and a slow one (half or more last)",
                measure=ended_within_year,
            ),
        ),
    ),
    Fact(
        id=7, family="duration",
        fact="Rwanda 1994: most of some 500,000-800,000 deaths within about three months",
        source="Verwimp 2004, Population Studies 58(2)",
        statistics=(
            Statistic(
                use="V", needs=("tense",), low=0.5, high=1.0,
                statistic="share of an episode's deaths in its first quarter year, in the fastest "
                "5 % of runs",
                measure=fast_share,
            ),
        ),
    ),
)  # fmt: skip
