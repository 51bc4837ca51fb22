"""A control: a measure that spends money of its own, is announced to nobody, and changes nothing."""

from __future__ import annotations

from sim.interventions.base import BODY, Declaration, Level, Part, Phase, Pillar
from sim.kinds import Effect

DECLARATIONS = (
    Declaration(
        id="P0",
        name="placebo",
        stands_for="nothing: the control of a trial",
        level=Level.NATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.PLACEBO),),
        acts_on="nothing",
        moves=(),
        lead=BODY,
        unit="dose",
        ramp=0.0,
        fails_when="always: it is there to show that nothing follows",
        fails={},
        source="a control, as in any trial",
    ),
)
