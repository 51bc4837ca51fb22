"""Speech: watching incitement and answering it (B7, B8)."""

from __future__ import annotations

from sim.interventions.base import AlsoFails, Declaration, Level, Move, Part, Phase, Pillar
from sim.interventions.institutions import UNHEEDED
from sim.kinds import Effect, Leader

DECLARATIONS = (
    Declaration(
        id="B7",
        name="speech_monitoring",
        stands_for="addressing hate speech by monitoring content on social media",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.MODERATION), Part(Effect.REPORTING, 0.2)),
        acts_on="exposure to hate speech, as far as it is online; noise of reports",
        moves=(Move("people.hate", -1, 26), Move("world.report_noise", -1, 26)),
        lead=(Leader.UN,),
        partners=(Leader.NGO, Leader.DONOR),
        unit="dose, 1 is all platforms in all languages of the country",
        cost=0.05,
        lag=4.0,
        ramp=8.0,
        fails_when="speech is offline, or moves there",
        fails={"parameters.speech_online": 0.0},
        fails_of=("people.hate",),
        also_fails=(AlsoFails("nobody pays for it: prevention is on no agenda", UNHEEDED),),
        source="Mueller & Schwarz 2021 (social media and violence, sign); cost and lag: judgement",
    ),
    Declaration(
        id="B8",
        name="counter_speech",
        stands_for="countering hate speech through news and radio programmes",
        level=Level.NATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.COUNTER_SPEECH),),
        acts_on="exposure to hate speech, and so norms, trust and joining",
        moves=(Move("people.hate", -1, 26), Move("people.norms", 1, 39)),
        lead=(Leader.NGO,),
        partners=(Leader.UN, Leader.DONOR),
        unit="dose, 1 is a national news and radio programme",
        cost=0.1,
        lag=2.0,
        ramp=8.0,
        fails_when="its source is distrusted",
        fails={"country.society.trust": 0.0},
        also_fails=(
            AlsoFails(
                "backlash: those whose speech it fights resent it",
                {"country.society.trust": 0.0, "parameters.speech_backlash": 0.1},
                harms=Move("people.grievance", 1, 52),
            ),
        ),
        source="Paluck 2009; Blair et al. 2021; cost and lag: judgement",
    ),
)
