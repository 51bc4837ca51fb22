"""Contagion in time: how many events were triggered by earlier ones, and for how long."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.hawkes import fit_hawkes
from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.facts import Fact, Statistic
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

LEAST_WEEKS, LEAST_EVENTS, MOST_CASES = 52, 30, 150


@lru_cache(maxsize=4)
def fits(runs: Records) -> np.ndarray:
    """Return branching ratio and memory (weeks) of ongoing cases, (cases, 2).

    Events are communities with a death in a week. A case runs from its first event to its last, and
    counts if that is a year or more with 30 events or more.
    """
    counts = (runs.place_deaths > 0.0).sum(axis=2).T
    found = []
    for row in counts:
        weeks = np.flatnonzero(row)
        if weeks.size and weeks[-1] - weeks[0] >= LEAST_WEEKS and row.sum() >= LEAST_EVENTS:
            fit = fit_hawkes(row[weeks[0] : weeks[-1] + 1])
            found.append((fit.branching, fit.memory))
        if len(found) == MOST_CASES:
            break
    return np.array(found).reshape(-1, 2)


def branching(evidence: Evidence) -> Estimate:
    """Return the median branching ratio of ongoing cases."""
    return _median(fits(evidence.tense)[:, 0])


def memory(evidence: Evidence) -> Estimate:
    """Return the median memory of ongoing cases, weeks, among those with some excitation."""
    found = fits(evidence.tense)
    return _median(found[found[:, 0] > 0.05, 1])


def _median(values: np.ndarray) -> Estimate:
    if len(values) < 5:
        return NOTHING
    return resampled(lambda sample: float(np.median(sample)), values)


FACTS = (
    Fact(
        id=11, family="contagion in time",
        fact="37-50 % of civilian-death events in Iraq 2003-07 were triggered by earlier ones, memory "
        "2-6 weeks",
        source="Lewis, Mohler, Brantingham & Bertozzi 2012, Security Journal 25",
        statistics=(
            Statistic(
                part="branching", use="V", needs=("tense",), low=0.3, high=0.7,
                statistic="branching ratio of weekly events in ongoing cases (discrete-time Hawkes "
                "likelihood), median",
                measure=branching,
            ),
            Statistic(
                part="memory", use="V", needs=("tense",), low=2.0, high=8.0, log=True,
                statistic="mean weeks until a triggered event, median", measure=memory,
            ),
        ),
    ),
)  # fmt: skip
