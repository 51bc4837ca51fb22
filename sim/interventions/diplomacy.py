"""Diplomacy: mediation."""

from __future__ import annotations

from sim.interventions.base import Declaration
from sim.kinds import Coverage, Effect, Trigger

DECLARATIONS = (
    Declaration(
        id="B3",
        name="mediation",
        effect=Effect.MEDIATION,
        trigger=Trigger.MANDATE,
        coverage=Coverage.ALL,
        unit="dose, 1 is a standing team with access to all parties",
        largest=1.0,
        intensity=1.0,
        cost=0.2,
        ramp=8.0,
        acts_on="terms on offer",
        fails_when="neither side hurts, or nothing stands behind the terms",
        source="Zartman 1989; Beardsley 2008; cost: order of a UN special envoy's office, judgement",
    ),
)
