"""Recurrence: whether a war that has ended comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.estimates import NOTHING, Estimate, normal, weighted_share
from experiments.validation.facts import Fact, Statistic
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence


def recurring(evidence: Evidence) -> Estimate:
    """Return the share of ended simulated wars that recur within the horizon."""
    runs = evidence.lasting
    ended = runs.outcome("end_week") >= 0
    return weighted_share(runs.outcome("recurrence_week")[ended] >= 0, np.ones(int(ended.sum())))


def peace_years(runs: Records) -> np.ndarray:
    """Return years of peace after the first war, and whether it came back, (ended, 2)."""
    end, again = runs.outcome("end_week"), runs.outcome("recurrence_week")
    ended, last = end >= 0, runs.deaths.shape[1]
    until = np.where(again >= 0, again, last)
    years = np.maximum(until - end, 1.0) / 52.0
    return np.column_stack([years, again >= 0])[ended]


def recurrence_rates(first: Records, second: Records) -> Estimate:
    """Return recurrences in a year of peace in one arm over those in another.

    Half a recurrence is added to either side; the error is that of two Poisson counts.
    """
    rows = [peace_years(runs) for runs in (first, second)]
    if any(len(one) < 5 for one in rows):
        return NOTHING
    events = [float(one[:, 1].sum()) + 0.5 for one in rows]
    years = [float(one[:, 0].sum()) for one in rows]
    ratio = events[0] / years[0] / (events[1] / years[1])
    error = float(np.sqrt(1.0 / events[0] + 1.0 / events[1]))
    return normal(ratio, error, len(rows[0]) + len(rows[1]), log=True)


FACTS = (
    Fact(
        id=32, family="recurrence",
        fact="59 of 103 countries with a civil war 1945-2009 had another (57 %)",
        source="Walter 2010, background to the World Development Report 2011",
        statistics=(
            Statistic(
                use="V", needs=("lasting",), low=0.35, high=0.70,
                statistic="share of ended simulated wars that recur within the horizon",
                measure=recurring,
            ),
        ),
    ),
)  # fmt: skip
