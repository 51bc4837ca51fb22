"""Speech: answers to incitement."""

from __future__ import annotations

from sim.interventions.base import Declaration
from sim.kinds import Coverage, Effect, Trigger

DECLARATIONS = (
    Declaration(
        id="B8",
        name="counter_speech",
        effect=Effect.COUNTER_SPEECH,
        trigger=Trigger.ACTION,
        coverage=Coverage.ALL,
        unit="dose, 1 is a national news and radio programme",
        largest=1.0,
        intensity=1.0,
        cost=0.1,
        ramp=8.0,
        acts_on="exposure to hate speech, and so norms, trust and joining",
        fails_when="its source is distrusted",
        source="Paluck 2009; Blair et al. 2021; cost: judgement",
    ),
)
