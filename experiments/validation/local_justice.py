"""Local justice: training in dispute resolution, for a year, and what is left of it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.estimates import Estimate, ratio_of_sums
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_START = 26
_YEARS = 5


def training() -> Arm:
    """Return an arm with a year of dispute resolution in all places."""
    settings = {**FREE, "intensity": 0.3, "duration": 52}
    return Arm(measures={"community_dialogue": settings}, years=_YEARS)


def nothing() -> Arm:
    """Return the same countries without it."""
    return Arm(years=_YEARS)


def after_a_year(evidence: Evidence) -> Estimate:
    """Return violent places in the second year over those without training."""
    return _violent(evidence, 1, 2)


def after_three(evidence: Evidence) -> Estimate:
    """Return violent places from two years after the training on, over those without it."""
    return _violent(evidence, 3, _YEARS)


def _violent(evidence: Evidence, first: int, last: int) -> Estimate:
    return ratio_of_sums(
        *(_counted(evidence.arm(arm), first, last) for arm in (training(), nothing()))
    )


def _counted(runs: Records, first: int, last: int) -> np.ndarray:
    """Return places and months with a death between two years after the start."""
    begin, end = ((_START + 52 * year) // runs.period for year in (first, last))
    return np.asarray((runs.place_deaths[begin:end] > 0.0).sum(axis=(0, 2)))


FACTS = (
    Fact(
        id=26, family="local justice",
        fact="dispute-resolution training in Liberian towns: less violence after 1 year, sustained "
        "at 3, with side effects",
        source="Blattman, Hartman & Blair 2014, APSR; Hartman et al. 2021, JoP",
        statistics=(
            Statistic(
                part="effect", use="S", needs=("arms",), high=1.0, log=True,
                statistic="violent places and months in the second year, with training over without",
                measure=after_a_year,
            ),
            Statistic(
                part="persistence", use="S", needs=("arms",), high=1.0, log=True,
                statistic="the same from two years after its end on", measure=after_three,
            ),
        ),
    ),
)  # fmt: skip
