"""A control: a measure that spends money of its own, is announced to nobody, and changes nothing."""

from __future__ import annotations

from sim.interventions.base import Declaration
from sim.kinds import Coverage, Effect, Trigger

DECLARATIONS = (
    Declaration(
        id="P0",
        name="placebo",
        effect=Effect.PLACEBO,
        trigger=Trigger.ACTION,
        coverage=Coverage.ALL,
        unit="dose",
        largest=1.0,
        intensity=1.0,
        cost=0.2,
        ramp=0.0,
        acts_on="nothing",
        fails_when="always: it is there to show that nothing follows",
        source="a control, as in any trial",
    ),
)
