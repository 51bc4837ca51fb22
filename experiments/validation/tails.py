"""Tails: how unequal events and years are in the number of deaths."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.tails import PowerTail, exponent_above, fit_tail
from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.facts import Fact, Statistic
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_MOST = 20_000
"""Events that a tail is fitted to, drawn from all, so that the test stays affordable."""
_RESAMPLES = 30


@lru_cache(maxsize=4)
def tail_of(runs: Records) -> PowerTail:
    """Return the power law of deaths in a community and week."""
    sizes = runs.place_deaths[runs.place_deaths > 0.0]
    if sizes.size > _MOST:
        sizes = np.random.default_rng(1).choice(sizes, size=_MOST, replace=False)
    return fit_tail(sizes, resamples=_RESAMPLES)


def exponent(runs: Records) -> Estimate:
    """Return the exponent of that tail, its error from run to run."""
    tail = tail_of(runs)
    if np.isnan(tail.exponent):
        return NOTHING
    sizes = [one[one >= tail.least] for one in runs.place_deaths.swapaxes(0, 1)]
    some = np.empty(sum(one.size > 0 for one in sizes), dtype=object)
    some[:] = [one for one in sizes if one.size]

    def fitted(parts: np.ndarray) -> float:
        return exponent_above(np.concatenate(list(parts)), tail.least)

    if len(some) < 5:
        return NOTHING
    draw = np.random.default_rng(1)
    again = [fitted(some[draw.integers(len(some), size=len(some))]) for _ in range(100)]
    low, high = np.quantile(again, [0.025, 0.975]).tolist()
    return Estimate(
        value=fitted(some), low=low, high=high, error=float(np.std(again)), n=tail.size
    )  # fmt: skip


def real_places(evidence: Evidence) -> Estimate:
    """Return the exponent at the sizes that places have."""
    return exponent(evidence.tense)


def equal_places(evidence: Evidence) -> Estimate:
    """Return the exponent where all places have as many people."""
    return exponent(evidence.tense_equal)


def goodness(evidence: Evidence) -> Estimate:
    """Return the p-value of a power law at all; below 0.1 it is refuted."""
    return _plain(tail_of(evidence.tense).fit, tail_of(evidence.tense).size)


def against_log_normal(evidence: Evidence) -> Estimate:
    """Return the normalised likelihood ratio of the power law against a log-normal."""
    return _plain(tail_of(evidence.tense).ratio, tail_of(evidence.tense).size)


def top_tenth(evidence: Evidence) -> Estimate:
    """Return the share of all deaths in the deadliest tenth of country-years with deaths."""
    return _top(evidence.population, 0.10)


def top_hundredth(evidence: Evidence) -> Estimate:
    """Return the same of the deadliest hundredth."""
    return _top(evidence.population, 0.01)


def top_share(deaths: np.ndarray, share: float) -> float:
    """Return the part of all deaths that the deadliest share of numbers holds."""
    ranked = np.sort(deaths[deaths > 0.0])[::-1]
    if not ranked.size:
        return float("nan")
    held = np.interp(
        share * ranked.size, np.arange(ranked.size + 1), np.concatenate([[0.0], ranked.cumsum()])
    )
    return float(held / ranked.sum())


def _top(runs: Records, share: float) -> Estimate:
    years = runs.deaths.shape[1] // 52
    by_year = runs.deaths[:, : 52 * years].reshape(len(runs), years, 52).sum(axis=2)
    return resampled(lambda rows: top_share(rows.ravel(), share), by_year, weight=runs.weight)


def _plain(value: float, n: int) -> Estimate:
    return Estimate(value=value, low=value, high=value, error=0.0, n=n)


FACTS = (
    Fact(
        id=9, family="tails",
        fact="sizes of events within insurgencies: power-law-like with exponent about 2.5",
        source="Bohorquez et al. 2009, Nature 462",
        statistics=(
            Statistic(
                part="exponent", use="V", needs=("tense",), low=2.0, high=3.0,
                statistic="exponent of deaths in a community and week (Clauset, Shalizi & Newman)",
                measure=real_places,
            ),
            Statistic(
                part="equal_places", use="V", needs=("tense_equal",), low=2.0, high=3.0,
                statistic="the same where all communities have as many people",
                measure=equal_places,
            ),
            Statistic(
                part="goodness", use="V", needs=("tense",),
                statistic="p-value of the power law by resampling: below 0.1 it is refuted",
                measure=goodness,
            ),
            Statistic(
                part="log_normal", use="V", needs=("tense",),
                statistic="likelihood ratio against a log-normal: below -2 that fits better",
                measure=against_log_normal,
            ),
        ),
    ),
    Fact(
        id=10, family="tails",
        fact="of 1,599 country-years with conflict deaths 1989-2022 the top 10 % hold 78 % of deaths, "
        "the top 1 % 46 %",
        source="UCDP through Our World in Data",
        statistics=(
            Statistic(
                part="tenth", use="V", needs=("population",), low=0.65, high=0.90,
                statistic="share of deaths in the deadliest 10 % of country-years with deaths",
                measure=top_tenth,
            ),
            Statistic(
                part="hundredth", use="V", needs=("population",),
                statistic="the same of the deadliest 1 % (recorded 0.46)", measure=top_hundredth,
            ),
        ),
    ),
)  # fmt: skip
