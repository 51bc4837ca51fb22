"""Grassroots: contact and dialogue between communities."""

from __future__ import annotations

from sim.interventions.base import Declaration
from sim.kinds import Coverage, Effect, Trigger

DECLARATIONS = (
    Declaration(
        id="C2",
        name="community_dialogue",
        effect=Effect.CONTACT,
        trigger=Trigger.ACTION,
        coverage=Coverage.ALL,
        unit="share of the people who take part",
        largest=1.0,
        intensity=0.05,
        cost=10.0,
        ramp=26.0,
        acts_on="trust of those who take part, and so revenge",
        fails_when="it does not generalise beyond participants, or violence outpaces it",
        source="Mousa 2020; Paluck, Green & Green 2019; cost: about 1 USD for one participant and "
        "week, judgement",
    ),
)
