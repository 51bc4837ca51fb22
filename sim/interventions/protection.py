"""Protection of civilians by peacekeepers."""

from __future__ import annotations

from sim.interventions.base import Declaration
from sim.kinds import Coverage, Effect, Trigger

DECLARATIONS = (
    Declaration(
        id="B10",
        name="peacekeeping",
        effect=Effect.TROOPS,
        trigger=Trigger.MANDATE,
        coverage=Coverage.MOST_AT_RISK,
        unit="peacekeepers asked for",
        largest=100_000.0,
        intensity=5000.0,
        cost=0.002,
        ramp=0.0,
        acts_on="presence of peacekeepers and so protection, deterrence and beliefs",
        fails_when="no consent, a weak mandate, thin force, slow arrival",
        source="5,000 is the order of the last UN operation in Burundi (ONUB, 5,650 authorised by "
        "S/RES/1545 in 2004); about 100,000 USD for one peacekeeper and year (UN budgets)",
    ),
)
