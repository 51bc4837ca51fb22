"""Humanitarian action against disease and malnutrition."""

from __future__ import annotations

from sim.interventions.base import Declaration
from sim.kinds import Coverage, Effect, Trigger

DECLARATIONS = (
    Declaration(
        id="B13",
        name="humanitarian_aid",
        effect=Effect.AID,
        trigger=Trigger.ACTION,
        coverage=Coverage.ALL,
        unit="people supplied",
        largest=5e7,
        intensity=300_000.0,
        cost=0.000008,
        ramp=4.0,
        acts_on="access of the displaced to health care, food and shelter",
        fails_when="access is denied or violence keeps it away",
        source="about 400 USD for one displaced person and year (order of refugee response plans), "
        "judgement",
    ),
)
