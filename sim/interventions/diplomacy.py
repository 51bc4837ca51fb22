"""Diplomacy: mediation, and observers who watch what was agreed."""

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
    Declaration(
        id="B6",
        name="agreement_monitoring",
        effect=Effect.OBSERVERS,
        trigger=Trigger.ACTION,
        coverage=Coverage.ALL,
        unit="observers",
        largest=10000.0,
        intensity=200.0,
        cost=0.003,
        ramp=13.0,
        acts_on="noise of the reports that reach international actors",
        fails_when="what they see is not acted on",
        source="Hultman, Kathman & Shannon 2013: observers alone do not protect; cost: judgement",
    ),
)
