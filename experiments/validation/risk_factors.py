"""Risk factors: how much likelier an onset is where a factor is present."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from experiments.validation.calibration_facts import onset_ratio
from experiments.validation.estimates import Estimate
from experiments.validation.facts import Fact, Statistic, may_calibrate

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence


def ratio_by(covariate: str) -> Callable[[Evidence], Estimate]:
    """Return the measure of the ratio of onsets with a covariate above zero to those without."""

    def measure(evidence: Evidence) -> Estimate:
        return onset_ratio(evidence.population, covariate)

    return measure


def _within_two(part: str, covariate: str, recorded: float, what: str) -> Statistic:
    return Statistic(
        part=part, use="V", needs=("population",), low=recorded / 2.0, high=recorded * 2.0, log=True,
        statistic=f"ratio of onset: {what} (recorded {recorded:g})", measure=ratio_by(covariate),
    )  # fmt: skip


FACTS = (
    Fact(
        id=3, family="risk factors",
        fact="next-year onset ratios: coup attempt within 5 years 3.2; ever a mass killing 3.0; "
        "discriminated population 3.0; battle deaths 3.3; equal civil rights 0.15",
        source="Early Warning Project, predictors 2024 and coefficients 2025",
        statistics=(
            may_calibrate("3.past_killing"),
            may_calibrate("3.discriminated"),
            _within_two("coup", "recent_coup", 3.2, "coup attempt within 5 years"),
            _within_two("battle_deaths", "battle_deaths", 3.3, "battle deaths above 0"),
            _within_two("equal_rights", "equal_rights", 0.15, "equal civil rights across groups"),
        ),
    ),
)  # fmt: skip
