"""Moral hazard: whether a rescue that is believed in emboldens rebels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validation.arms import STRONG, log_deaths_difference, mean_difference
from experiments.validation.estimates import Estimate
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence


def rescue(*, emboldens: bool) -> Arm:
    """Return an arm with a rescue that all expect to come, with and without its pull on recruits."""
    return Arm(
        measures={"peacekeeping": {**FREE, "intensity": 8000.0}}, mean=STRONG, dispersion=0.0,
        parameters={"enforcement_prior": 0.9}, switches={"moral_hazard": emboldens},
    )  # fmt: skip


def more_onsets(evidence: Evidence) -> Estimate:
    """Return the difference in the share of runs with an episode of violence."""
    return mean_difference(
        *(evidence.arm(rescue(emboldens=on)).outcome("episodes") > 0 for on in (True, False))
    )


def more_deaths(evidence: Evidence) -> Estimate:
    """Return the mean difference of log deaths."""
    return log_deaths_difference(*(evidence.arm(rescue(emboldens=on)) for on in (True, False)))


FACTS = (
    Fact(
        id=31, family="moral hazard",
        fact="expected rescue can embolden rebels, depending on its design",
        source="Kydd & Straus 2013, AJPS; Kuperman 2008",
        statistics=(
            Statistic(
                part="deaths", use="V", needs=("arms",),
                statistic="difference of log deaths, likewise", measure=more_deaths,
            ),
            Statistic(
                part="onset", use="V", needs=("arms",),
                statistic="share of runs with an episode, credible rescue with its pull on rebels' "
                "recruits less without",
                measure=more_onsets,
            ),
        ),
    ),
)  # fmt: skip
