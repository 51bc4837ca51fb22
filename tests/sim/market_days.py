"""A measure of one's own as a Python file: ``forestall sweep --measures market_days.py``."""

from sim.interventions.base import Declaration, Level, Move, Part, Phase, Pillar
from sim.kinds import Channel, Coverage, Effect, Leader

DECLARATIONS = (
    Declaration(
        id="market_days", name="market_days", stands_for="market days shared by two groups",
        level=Level.LOCAL, phase=Phase.STRUCTURAL, pillar=Pillar.II,
        parts=(Part(Effect.LIVELIHOODS, 0.4, Channel.SOCIETY), Part(Effect.CONTACT, 0.1)),
        acts_on="livelihoods and trust", moves=(Move("communities.livelihoods", 1, 26),),
        lead=(Leader.NGO,), partners=(Leader.DONOR,), coverage=Coverage.MARGINALISED, cost=0.1, lag=4.0,
        fails_when="the state forbids assemblies", fails={"attributes.commitment": 0.0},
        source="Blattman & Annan 2016 (sign); judgement",
    ),
)  # fmt: skip
