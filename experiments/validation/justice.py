"""Justice: prosecutions, truth commissions, and both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.validation.arms import LONG
from experiments.validation.estimates import Estimate
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic
from experiments.validation.recurrence import recurrence_rates

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_COURTS, _TRUTH = "prosecution", "truth_and_reconciliation"


def justice(*measures: str) -> Arm:
    """Return an arm with some measures of justice, for good."""
    return Arm(measures=dict.fromkeys(measures, FREE), years=LONG)


def courts(evidence: Evidence) -> Estimate:
    """Return recurrence with prosecutions over recurrence without anything."""
    return recurrence_rates(evidence.arm(justice(_COURTS)), evidence.arm(justice()))


def truth(evidence: Evidence) -> Estimate:
    """Return recurrence with a truth commission over recurrence without anything."""
    return recurrence_rates(evidence.arm(justice(_TRUTH)), evidence.arm(justice()))


def both(evidence: Evidence) -> Estimate:
    """Return recurrence with both over recurrence with a truth commission alone."""
    return recurrence_rates(evidence.arm(justice(_COURTS, _TRUTH)), evidence.arm(justice(_TRUTH)))


FACTS = (
    Fact(
        id=28, family="justice",
        fact="prosecutions improve physical integrity rights, also next door; truth commissions alone "
        "do not",
        source="Kim & Sikkink 2010; Olsen, Payne & Reiter 2010",
        statistics=(
            Statistic(
                part="courts", use="V", needs=("arms",), high=1.0, log=True,
                statistic="recurrences in a year of peace with prosecutions over without",
                measure=courts,
            ),
            Statistic(
                part="both", use="V", needs=("arms",), high=1.0, log=True,
                statistic="the same with both over a truth commission alone", measure=both,
            ),
            Statistic(
                part="truth", use="V", needs=("arms",), log=True,
                statistic="the same with a truth commission alone over without (recorded: no gain)",
                measure=truth,
            ),
        ),
    ),
)  # fmt: skip
