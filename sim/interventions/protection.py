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
    Declaration(
        id="B11",
        name="protective_environment",
        effect=Effect.POLICE,
        trigger=Trigger.MANDATE,
        coverage=Coverage.MOST_AT_RISK,
        unit="police",
        largest=20000.0,
        intensity=500.0,
        cost=0.003,
        ramp=26.0,
        acts_on="policing and so revenge in the places where they are",
        fails_when="they are withdrawn early",
        source="Hultman, Kathman & Shannon 2013 (sign); cost: about 150,000 USD for one officer and "
        "year, judgement",
    ),
)
