"""Diplomacy and what stands behind it: dialogue, mediation, agreements, courts, sanctions."""

from __future__ import annotations

from sim.interventions.base import (
    BODY,
    AlsoFails,
    Declaration,
    Failure,
    Level,
    Move,
    Part,
    Phase,
    Pillar,
)
from sim.interventions.institutions import UNHEEDED
from sim.interventions.shared import HARDLY_ABLE, HOSTILE, KEPT_OUT, UNABLE, WHOLLY_HOSTILE
from sim.kinds import Channel, Effect, Leader, Trigger

STANDING = "dose, 1 is a standing team with access to all parties"
BLUFF = {"parameters.enforcement_prior": 0.02, "parameters.enforcement_certainty": 50.0}
"""Armed groups that are sure that hardly anything is enforced: 2 %, the least that there can be."""
RIVALS = {"actors.dispersion": 1.0, "parameters.outside_friction": 0.05}
"""Actors far apart who go their own way as soon as they care."""
SURE = {
    "actors.dispersion": 1.0, "actors.actors.*.salience": 1.0, "parameters.belief_prior": 1.0,
}  # fmt: skip
"""Actors far apart who are all sure of the danger."""

DECLARATIONS = (
    Declaration(
        id="B1",
        name="political_dialogue",
        stands_for="high-level political dialogue",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.DIALOGUE, 1.0, Channel.MESSAGE),),
        acts_on="threat that the leadership feels, and its commitment to peace",
        moves=(Move("government.threat", -1, 13), Move("government.commitment", 1, 13)),
        lead=(Leader.UN, Leader.REGIONAL),
        partners=(Leader.SUBREGIONAL, Leader.NEIGHBOUR),
        unit=STANDING,
        cost=0.05,
        lag=2.0,
        ramp=4.0,
        fails_when="messages are divided: friends of the government, who weigh nearly as much as the "
        "rest, tell it the opposite",
        fails={"actors.actors.*.tie": 0.49},
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails(
                "friends of the government outweigh the rest: no dialogue is begun",
                {"actors.actors.*.tie": 0.6},
            ),
        ),
        source="Regan & Aydin 2006 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="B2",
        name="good_offices",
        stands_for="use of good offices",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.OFFICES, 1.0, Channel.OFFICE), Part(Effect.REPORTING, 0.2)),
        acts_on="access (consent of the host), information, and distrust in the way of a settlement",
        moves=(
            Move("government.consent", 1, 13),
            Move("world.report_noise", -1, 26),
            Move("world.agreement", 1, 78),
        ),
        lead=(Leader.UN,),
        partners=(Leader.REGIONAL, Leader.SUBREGIONAL),
        unit=STANDING,
        cost=0.1,
        lag=2.0,
        ramp=8.0,
        fails_when="the parties do not trust the office: those behind it take sides",
        fails={"actors.actors.*.tie": -1.0},
        fails_of=("government.consent", "world.agreement"),
        also_fails=(AlsoFails("nobody has time for it: prevention is on no agenda", UNHEEDED),),
        beside={"mediation": {}},
        shown_in={"parameters.settlement_hurt": 3.0, "parameters.settlement_friction": 2.5},
        source="Beardsley et al. 2006 (facilitation, sign); cost and lag: judgement",
    ),
    Declaration(
        id="B3",
        name="mediation",
        stands_for="mediation",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.MEDIATION),),
        acts_on="terms on offer, and so settlement",
        moves=(Move("armed.terms", 1, 26), Move("world.agreement", 1, 52)),
        lead=BODY,
        trigger=Trigger.MANDATE,
        unit=STANDING,
        ramp=8.0,
        fails_when="neither side hurts enough to overcome distrust",
        fails={"parameters.settlement_hurt": 0.0, "parameters.settlement_friction": 4.0},
        fails_of=("world.agreement",),
        also_fails=(
            AlsoFails(
                "forums compete: each side attends where its friends mediate",
                {
                    "actors.dispersion": 1.0,
                    "parameters.forum_cost": 0.005,
                    "parameters.forum_bias": 1.0,
                },
                Failure.HALVES,
                of=("world.agreement",),
            ),
            AlsoFails("nobody sends a mediator: prevention is on no agenda", UNHEEDED),
        ),
        shown_in={"parameters.settlement_hurt": 3.0},
        source="Zartman 1989; Beardsley 2008; cost: order of a UN special envoy's office, judgement",
    ),
    Declaration(
        id="B4",
        name="transitional_arrangements",
        stands_for="negotiating transitional political arrangements",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.POWER_SHARING, 1.0, Channel.DEAL),),
        acts_on="cohesion of the elite, and the threat that it feels; share of power: exclusion of "
        "those who were shut out, and so their grievance",
        moves=(
            Move("government.cohesion", 1, 13),
            Move("government.threat", -1, 13),
            Move("people.exclusion", -1, 26),
            Move("people.grievance", -1, 52),
        ),
        lead=(Leader.REGIONAL, Leader.UN),
        partners=(Leader.SUBREGIONAL, Leader.NEIGHBOUR),
        unit="dose, 1 is a transitional government of all who can stop it",
        cost=0.1,
        lag=8.0,
        ramp=13.0,
        fails_when="excluded spoilers: armed groups whom the state can hardly hold down stay outside, "
        "and talks go on all the same",
        fails=HARDLY_ABLE,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails(
                "a state that can hold nobody down has nothing to share: no talks begin", UNABLE
            ),
            AlsoFails(
                "one armed group whom the state cannot match stays outside and spoils it",
                {"country.armed_groups.one=rebel.strength": 6000.0},
                Failure.HALVES,
            ),
        ),
        shown_in={
            "country.armed_groups.kind=rebel.strength": 100.0,
            "parameters.joining_rate": 0.05,
        },
        source="Hartzell & Hoddie 2003; Cederman, Gleditsch & Buhaug 2013; Stedman 1997 (spoilers); "
        "cost and lag: judgement",
    ),
    Declaration(
        id="B5",
        name="joint_action",
        stands_for="coordinated action of the UN with regional and subregional organisations, as in "
        "UN-AU-EU trilateral cooperation",
        level=Level.REGIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.JOINT, 1.0, Channel.UNITED),),
        acts_on="friction and so delay of mandates; offers of peacekeepers; consent of the host, in "
        "whose eyes its region makes a presence legitimate",
        moves=(
            Move("world.mandate_scale", 1, 26),
            Move("government.consent", 1, 26),
            Move("world.troops_deployed", 1, 52),
        ),
        lead=(Leader.REGIONAL, Leader.UN),
        partners=(Leader.SUBREGIONAL, Leader.DONOR),
        unit="dose, 1 is a standing joint office",
        cost=0.05,
        lag=2.0,
        ramp=4.0,
        fails_when="rival mandates: all are sure of the danger, and each puts nearly all of its effort "
        "into a policy of its own",
        fails={**SURE, "parameters.outside_friction": 0.3},
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails(
                "each follows a policy of its own and none the common one: nothing is begun together",
                {**SURE, "parameters.outside_friction": 0.05},
            ),
            AlsoFails(
                "rival mandates: those who see the danger follow policies of their own",
                RIVALS,
                Failure.HALVES,
            ),
        ),
        beside={"mediation": {}, "peacekeeping": {}},
        shown_in={"actors.dispersion": 0.0, "parameters.outside_friction": 5.0},
        source="Boehmelt 2011 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="B6",
        name="agreement_monitoring",
        stands_for="enforcement and monitoring of negotiated agreements",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(
            Part(Effect.OBSERVERS, 1.0, Channel.ENTRY),
            Part(Effect.MONITORING, 0.005, Channel.ENTRY),
        ),
        acts_on="how long agreements last; what enforcement parties expect; noise of reports",
        moves=(Move("world.agreement", 1, 78), Move("armed.belief", 1, 78)),
        lead=BODY,
        unit="observers",
        largest=10000.0,
        intensity=200.0,
        cost=0.003,
        lag=2.0,
        ramp=13.0,
        fails_when="the bluff is called: hardly anybody expects deeds after what observers see",
        fails=BLUFF,
        failure=Failure.EMPTIES,
        fails_of=("world.agreement",),
        also_fails=(
            AlsoFails(
                "parties that expect a bluff learn little from what is watched",
                BLUFF,
                Failure.HALVES,
                of=("armed.belief",),
            ),
            AlsoFails("nobody sends observers: prevention is on no agenda", UNHEEDED),
            AlsoFails("a host that is asked lets no observers in", KEPT_OUT),
        ),
        beside={"mediation": {}},
        shown_in={
            "parameters.settlement_hurt": 3.0,
            "parameters.relapse_rate": 0.3,
            "parameters.monitoring_effect": 1.0,
            "parameters.enforcement_prior": 0.9,
            "parameters.enforcement_certainty": 50.0,
        },
        source="Fortna 2004 (sign); Hultman, Kathman & Shannon 2013: observers alone do not protect; "
        "cost and lag: judgement",
    ),
    Declaration(
        id="B14",
        name="prosecution",
        stands_for="accountability for past atrocity crimes: courts and referral",
        level=Level.INTERNATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.III,
        parts=(Part(Effect.PROSECUTION, 1.0, Channel.OFFICE),),
        acts_on="sanction that leaders expect; distrust in the way of a settlement",
        moves=(Move("armed.sanction", 1, 26),),
        lead=(Leader.UN,),
        partners=(Leader.DONOR, Leader.REGIONAL),
        unit="dose, 1 is a standing court with investigators in the country",
        cost=0.5,
        lag=26.0,
        fails_when="justice is selective: nearly all of those behind it take sides",
        fails={"actors.actors.*.tie": 0.98},
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("where all take sides, no court is set up", {"actors.actors.*.tie": 1.0}),
            AlsoFails(
                "it threatens a settlement: who would be tried does not sign",
                {
                    "interventions.mediation": {},
                    "parameters.settlement_hurt": 3.0,
                    "parameters.settlement_friction": 1.6,
                    "@.lag": 0,
                },
                harms=Move("world.agreement", -1, 52),
            ),
        ),
        source="Kim & Sikkink 2010; Snyder & Vinjamuri 2003; cost: below that of an ad hoc tribunal, "
        "judgement; lag: judgement",
    ),
    Declaration(
        id="B16",
        name="targeted_sanctions",
        stands_for="tools to change perpetrators' behaviour: targeted sanctions and arms embargo",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.EMBARGO, 1.0, Channel.BORDERS),),
        acts_on="finance of armed groups, and the sanction that leaders expect",
        moves=(Move("armed.finance", -1, 26), Move("armed.sanction", 1, 26)),
        lead=BODY,
        trigger=Trigger.MANDATE,
        unit="dose, 1 is a regime of sanctions that is watched",
        cost=0.05,
        lag=4.0,
        ramp=13.0,
        fails_when="it is evaded through the neighbours, and watched all the same",
        fails=HOSTILE,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("between wholly hostile neighbours no regime is set up", WHOLLY_HOSTILE),
        ),
        beside={"mediation": {}},
        source="Biersteker, Eckert & Tourinho 2016; cost (a panel of experts and monitors) and lag: "
        "judgement",
    ),
)
