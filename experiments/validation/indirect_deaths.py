"""Indirect deaths: how many die of hardship for each who is killed, and what aid changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.arms import idle
from experiments.validation.calibration_facts import SOME_DEATHS
from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic, may_calibrate
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence


def aided() -> Arm:
    """Return an arm with humanitarian aid alone."""
    return Arm(measures={"humanitarian_aid": FREE})


def with_aid(evidence: Evidence) -> Estimate:
    """Return the median of indirect deaths for each direct one with aid over that without."""
    aid, none = (_ratios(evidence.arm(arm)) for arm in (aided(), idle()))
    both = np.isfinite(aid) & np.isfinite(none)
    if both.sum() < 5:
        return NOTHING
    return resampled(
        lambda rows: float(np.median(rows[:, 0]) / np.median(rows[:, 1])),
        np.column_stack([aid, none])[both], log=True,
    )  # fmt: skip


def _ratios(runs: Records) -> np.ndarray:
    direct = runs.outcome("direct_deaths")
    known = np.where(direct >= SOME_DEATHS, direct, np.nan)
    return np.asarray(runs.outcome("indirect_deaths") / known)


FACTS = (
    Fact(
        id=29, family="indirect deaths",
        fact="about 4 indirect deaths for each direct one, range 0-15",
        source="Geneva Declaration 2008, chapter 2",
        statistics=(
            may_calibrate("29.median"),
            Statistic(
                part="aid", use="V", needs=("arms",), high=1.0, log=True,
                statistic="that median with humanitarian aid over without", measure=with_aid,
            ),
        ),
    ),
)  # fmt: skip
