"""A measure of one's own as a Python file: ``forestall sweep --measures market_days.py``."""

from sim.interventions.base import (
    AlsoFails,
    Declaration,
    Failure,
    Level,
    Move,
    Part,
    Phase,
    Pillar,
)
from sim.kinds import Channel, Coverage, Effect, Leader

DECLARATIONS = (
    Declaration(
        id="market_days", name="market_days", stands_for="market days shared by two groups",
        level=Level.LOCAL, phase=Phase.STRUCTURAL, pillar=Pillar.II,
        parts=(Part(Effect.LIVELIHOODS, 0.4, Channel.SOCIETY), Part(Effect.CONTACT, 0.1)),
        acts_on="livelihoods and trust", moves=(Move("communities.livelihoods", 1, 26),),
        lead=(Leader.NGO,), partners=(Leader.DONOR,), coverage=Coverage.MARGINALISED, cost=0.1, lag=4.0,
        fails_when="the state forbids assemblies: none is held",
        fails={"attributes.commitment": 0.0},
        also_fails=(
            AlsoFails("it forbids nearly all: paid for, and hardly anybody comes",
                      {"attributes.commitment": 0.01}, Failure.EMPTIES),
        ),
        source="Blattman & Annan 2016 (sign); judgement",
    ),
)  # fmt: skip
