"""Partisanship: two findings conflict, and it is reported on which side the model falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validation.arms import (
    ARRIVAL,
    LONG,
    idle,
    log_deaths_difference,
    mean_difference,
    peacekeepers,
)
from experiments.validation.estimates import Estimate
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_YEARS_LATER = 52 * 5


def challenge(years: int = 3) -> Arm:
    """Return an arm that presses the perpetrator: sanctions and courts, nobody in the country."""
    return Arm(
        measures={"targeted_sanctions": FREE, "prosecution": FREE},
        arrival=ARRIVAL, mean=(1.0, 0.5), dispersion=0.0, years=years,
    )  # fmt: skip


def impartial(years: int = 3) -> Arm:
    """Return an arm with an impartial presence and mediation."""
    presence = peacekeepers(8000.0, years=years)
    return Arm(
        measures={**presence.measures, "mediation": FREE},
        arrival=ARRIVAL, mean=(0.2, 0.5), dispersion=0.0, years=years,
    )  # fmt: skip


def challenging(evidence: Evidence) -> Estimate:
    """Return the difference of log deaths when the perpetrator is challenged."""
    return log_deaths_difference(evidence.arm(challenge()), evidence.arm(idle()))


def present(evidence: Evidence) -> Estimate:
    """Return the difference of log deaths with an impartial presence."""
    return log_deaths_difference(evidence.arm(impartial()), evidence.arm(idle()))


def in_the_long_run(evidence: Evidence) -> Estimate:
    """Return the share of years 5 to 10 with 25 deaths, impartial less challenging."""
    arms = (evidence.arm(arm) for arm in (impartial(LONG), challenge(LONG)))
    shares = []
    for runs in arms:
        late = runs.deaths[:, _YEARS_LATER:].reshape(len(runs), -1, 52).sum(axis=2)
        shares.append((late >= 25.0).mean(axis=1))
    return mean_difference(*shares)


FACTS = (
    Fact(
        id=18, family="partisanship",
        fact="challenging the perpetrator or aiding the target lowers severity, impartial presence "
        "does not; impartial is best in the long run: the two conflict",
        source="Krain 2005, International Studies Quarterly 49(3); Kathman & Wood 2011",
        statistics=(
            Statistic(
                part="challenge", use="V", needs=("arms",),
                statistic="difference of log deaths when the perpetrator is challenged",
                measure=challenging,
            ),
            Statistic(
                part="impartial", use="V", needs=("arms",),
                statistic="difference of log deaths with an impartial presence", measure=present,
            ),
            Statistic(
                part="long_run", use="V", needs=("arms",),
                statistic="share of violent years after five, impartial less challenging",
                measure=in_the_long_run,
            ),
        ),
    ),
)  # fmt: skip
