"""Contact: those who take part change, strangers hardly do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_SOME = 0.2
_PERIOD = 19
"""Four weeks that are looked at: some forty after dialogue has begun, nothing else having happened."""


def dialogue(share: float) -> Arm:
    """Return a quiet arm in which a share of the people takes part in dialogue; nobody for 0."""
    return Arm(
        measures={"community_dialogue": {**FREE, "intensity": share}} if share else {},
        shocks=False, years=2,
    )  # fmt: skip


def rest_over_participants(evidence: Evidence) -> Estimate:
    """Return the gain in trust of those who do not take part over that of those who do.

    Where all take part the mean gain is that of participants; where some do, what is left of it is
    that of the rest.
    """
    none, some, everyone = (
        evidence.arm(dialogue(share)).trust[_PERIOD] for share in (0.0, _SOME, 1.0)
    )
    part, whole = some - none, everyone - none
    if (whole <= 0.0).any():
        return NOTHING
    rest = (part - _SOME * whole) / (1.0 - _SOME)
    return resampled(
        lambda rows: float(rows[:, 0].mean() / rows[:, 1].mean()), np.column_stack([rest, whole])
    )


FACTS = (
    Fact(
        id=25, family="contact",
        fact="mixed teams: large gain among participants, none towards strangers",
        source="Mousa 2020, Science 369",
        statistics=(
            Statistic(
                use="V", needs=("arms",), high=1.0 / 3.0,
                statistic="gain in trust of the rest of the community over that of participants",
                measure=rest_over_participants,
            ),
        ),
    ),
)  # fmt: skip
