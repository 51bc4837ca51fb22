"""What keeps prevention going: aid, support, engagement, early action (B13, B15, B17, B18)."""

from __future__ import annotations

from sim.interventions.base import AlsoFails, Declaration, Failure, Level, Move, Part, Phase, Pillar
from sim.interventions.institutions import UNHEEDED
from sim.interventions.recurrence import SHUT_OUT
from sim.kinds import Effect, Leader

ENDED = (
    "equal_justice", "managing_diversity", "vibrant_civil_society", "diversity_education",
    "oversight_institutions", "sustainable_development",
)  # fmt: skip
"""Programmes that end, so that what they have built would decay."""

DECLARATIONS = (
    Declaration(
        id="B13",
        name="humanitarian_aid",
        stands_for="humanitarian action against indirect effects such as disease and malnutrition",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.AID),),
        acts_on="access of the displaced to health care, food and shelter",
        moves=(Move("communities.aid", 1, 26), Move("communities.deprivation", -1, 26)),
        lead=(Leader.NGO,),
        partners=(Leader.DONOR, Leader.UN),
        unit="people supplied",
        largest=5e7,
        intensity=300_000.0,
        cost=0.000008,
        lag=2.0,
        ramp=4.0,
        fails_when="aid is diverted",
        fails={"attributes.accountability": 0.0, "parameters.aid_diversion": 1.0},
        also_fails=(
            AlsoFails(
                "access is denied by violence",
                {
                    "parameters.violence_half": 1.0,
                    "parameters.memory_gain": 1.0,
                    "parameters.memory_fade": 0.03,
                    "parameters.aid_isolation": 1.0,
                },
                Failure.HALVES,
            ),
            AlsoFails(
                "the host denies access: only those across its borders are reached",
                {**SHUT_OUT, "parameters.aid_consent": 1.0},
                Failure.HALVES,
            ),
        ),
        source="about 400 USD for one displaced person and year (order of refugee response plans), "
        "judgement; lag: judgement",
    ),
    Declaration(
        id="B15",
        name="pillar_two_support",
        stands_for="Pillar II: technical and financial support to states",
        level=Level.INTERNATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.II,
        parts=(Part(Effect.FUNDS, 0.8), Part(Effect.SUPPORT, 1.0)),
        acts_on="budget for programmes, and the share of them that takes effect",
        moves=(Move("government.budget", 1, 26), Move("world.delivery", 1, 13)),
        lead=(Leader.DONOR,),
        partners=(Leader.UN, Leader.REGIONAL),
        unit="million USD a week, a fifth of it for advisers",
        largest=100.0,
        intensity=1.0,
        cost=1.0,
        lag=8.0,
        ramp=13.0,
        fails_when="the leadership is not committed",
        fails={"attributes.commitment": 0.0},
        fails_of=("world.delivery",),
        also_fails=(AlsoFails("donors turn to other agendas", UNHEEDED),),
        source="judgement",
    ),
    Declaration(
        id="B17",
        name="sustained_engagement",
        stands_for="sustained engagement by the international community",
        level=Level.INTERNATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.II,
        parts=(Part(Effect.SUSTAIN),),
        acts_on="decay of every gain: what ended programmes have built in places and in the state",
        moves=(
            Move("communities.justice", 1, 52),
            Move("people.exclusion", -1, 52),
            Move("communities.civil_society", 1, 52),
            Move("communities.schooling", 1, 52),
            Move("government.oversight", 1, 52),
            Move("government.capacity", 1, 52),
        ),
        lead=(Leader.UN, Leader.REGIONAL),
        partners=(Leader.DONOR, Leader.NGO),
        unit="dose, 1 is a standing country team",
        cost=0.1,
        lag=0.0,
        ramp=13.0,
        fails_when="other agendas leave no attention for it",
        fails=UNHEEDED,
        also_fails=(
            AlsoFails(
                "fatigue, where other agendas compete",
                {
                    "interventions.mediation": {},
                    "parameters.fatigue_gain": 0.1,
                    "parameters.fatigue_recovery": 0.002,
                    "parameters.agenda_competition": 1.0,
                },
                Failure.HALVES,
            ),
        ),
        beside={name: {"duration": 16, "lag": 0, "ramp": 0} for name in ENDED},
        shown_in={"country.government.budget": 1000.0},
        source="judgement",
    ),
    Declaration(
        id="B18",
        name="early_action",
        stands_for="early warning translated into early preventive action",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.EARLY_ACTION),),
        acts_on="delay from signal to decision: of reports, and of mandates",
        moves=(Move("world.report_delay", -1, 13), Move("world.mandate_scale", 1, 26)),
        lead=(Leader.UN,),
        partners=(Leader.REGIONAL,),
        unit="dose, 1 is a standing crisis room that must answer",
        cost=0.05,
        lag=4.0,
        ramp=4.0,
        fails_when="nobody heeds warnings: prevention is on no agenda",
        fails=UNHEEDED,
        also_fails=(
            AlsoFails(
                "false alarms spend the credit of warnings, once they are acted upon",
                {
                    "country.shocks": [],
                    "country.armed_groups": {},
                    "parameters.belief_prior": 1.0,
                    "parameters.belief_evidence": 0.1,
                    "parameters.credit_loss": 1.0,
                },
                Failure.HALVES,
            ),
        ),
        beside={"mediation": {}},
        shown_in={"parameters.mandate_minimum": 0.5, "parameters.mandate_friction": 0.5},
        source="Breznitz 1984 (false alarms); cost and lag: judgement",
    ),
)
