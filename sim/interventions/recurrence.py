"""Guarantees of non-recurrence: truth, rights, schooling, healing, and the package (A9-A12, A17)."""

from __future__ import annotations

from sim.interventions.base import AlsoFails, Declaration, Failure, Level, Move, Part, Phase, Pillar
from sim.interventions.shared import (
    AFRAID,
    DONORS,
    FEARFUL,
    HARDLY_ABLE,
    HARDLY_LET_IN,
    HOME,
    SHUT_OUT,
    UNABLE,
    UNWANTED,
)
from sim.kinds import Channel, Effect, Leader

DECLARATIONS = (
    Declaration(
        id="A9",
        name="truth_and_reconciliation",
        stands_for="truth, justice, reconciliation and memorialisation of past crimes",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(
            Part(Effect.TRUTH, 1.0, Channel.STATE),
            Part(Effect.PROSECUTION, 0.2, Channel.STATE),
        ),
        acts_on="unhealed trauma, and so trust; impunity",
        moves=(
            Move("people.trauma", -1, 39),
            Move("people.trust", 1, 78),
            Move("armed.sanction", 1, 39),
        ),
        lead=HOME,
        partners=DONORS,
        cost=0.3,
        lag=13.0,
        fails_when="truth comes without justice and reopens wounds",
        fails={"country.society.justice": 0.0},
        failure=Failure.REVERSES,
        fails_of=("people.trauma", "people.trust"),
        also_fails=(
            AlsoFails(
                "justice is one-sided: those who are shut out hear the truth and see nobody tried",
                {"parameters.justice_one_sided": 1.0, "country.places.*.exclusion.*": 1.0},
                Failure.REVERSES,
                of=("people.trauma", "people.trust"),
            ),
            AlsoFails(
                "the leadership is not committed: neither truth nor trials are begun",
                UNWANTED,
            ),
        ),
        shown_in={"country.government.budget": 1000.0},
        source="Cilliers, Dube & Siddiqi 2016; Olsen, Payne & Reiter 2010; cost and lag: judgement",
    ),
    Declaration(
        id="A10",
        name="human_rights_treaties",
        stands_for="adopting human rights protections and ratifying international instruments",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.TREATIES, 1.0),),
        acts_on="cost of abuse to the state's leaders: the sanction that they expect",
        moves=(Move("armed.sanction", 1, 39),),
        lead=HOME,
        partners=(Leader.UN,),
        cost=0.05,
        lag=26.0,
        fails_when="nobody at home can hold leaders to what was signed",
        fails={"attributes.accountability": 0.0},
        source="Simmons 2009; Hafner-Burton & Tsutsui 2005; cost and lag: judgement",
    ),
    Declaration(
        id="A11",
        name="diversity_education",
        stands_for="education programmes that promote respect for diversity",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.SCHOOLING, 1.0, Channel.STATE),),
        acts_on="trust between groups, over years",
        moves=(Move("communities.schooling", 1, 26), Move("people.trust", 1, 78)),
        lead=HOME,
        partners=DONORS,
        cost=0.5,
        lag=13.0,
        fails_when="violence outpaces it: children who fear for their lives do not come to school",
        fails=AFRAID,
        also_fails=(
            AlsoFails("violence keeps children from school in most weeks", FEARFUL, Failure.HALVES),
        ),
        source="Mousa 2020, Scacco & Warren 2018 (contact in class and on the field, small effects); "
        "cost and lag: judgement",
    ),
    Declaration(
        id="A12",
        name="psychosocial_support",
        stands_for="psychosocial support to survivors, culturally and gender sensitive",
        level=Level.LOCAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.HEALING, 1.0, Channel.ACCESS),),
        acts_on="unhealed trauma, and so the return of trust; revenge, and so joining and retaliation",
        moves=(
            Move("people.trauma", -1, 26),
            Move("presence.mobilised", -1, 39),
            Move("armed.attacks", -1, 52),
        ),
        lead=(Leader.NGO,),
        partners=(Leader.DONOR, Leader.UN),
        cost=0.3,
        lag=4.0,
        fails_when="access is cut: teams are paid, and nearly all survivors are out of their reach",
        fails=HARDLY_LET_IN,
        failure=Failure.EMPTIES,
        also_fails=(AlsoFails("where the host lets nobody in, nothing is begun", SHUT_OUT),),
        source="Bass et al. 2013; Bayer, Klasen & Adam 2007; Vinck et al. 2007 (signs); cost and lag: "
        "judgement",
    ),
    Declaration(
        id="A17",
        name="non_recurrence",
        stands_for="guarantees of non-recurrence as one package: synergy of prevention and sustaining "
        "peace (A9 to A12 with A1 to A3)",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=tuple(
            Part(effect, 0.7, Channel.STATE)
            for effect in (
                Effect.INCLUSION,
                Effect.JUSTICE,
                Effect.SECURITY,
                Effect.TRUTH,
                Effect.TREATIES,
                Effect.SCHOOLING,
                Effect.HEALING,
            )
        ),
        acts_on="the states of its parts: exclusion, justice, restraint, trauma, treaties and so the "
        "sanction that leaders expect, schooling and so trust",
        moves=(
            Move("people.exclusion", -1, 26),
            Move("communities.justice", 1, 26),
            Move("armed.discipline", 1, 52),
            Move("people.trauma", -1, 52),
            Move("government.treaties", 1, 39),
            Move("armed.sanction", 1, 39),
            Move("communities.schooling", 1, 26),
            Move("people.trust", 1, 78),
        ),
        lead=HOME,
        partners=DONORS,
        cost=1.6,
        lag=13.0,
        fails_when="a state with hardly any capacity pays for the whole package, and hardly any of it "
        "arrives",
        fails=HARDLY_ABLE,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("a state without any capacity begins nothing", UNABLE),
            AlsoFails(
                "the package stays partial: treaties that nobody at home can hold leaders to",
                {"attributes.accountability": 0.0},
                of=("armed.sanction",),
            ),
            AlsoFails(
                "the package stays partial: a divided elite keeps forces of its own",
                {"country.government.cohesion": 0.0},
                of=("armed.discipline",),
            ),
            AlsoFails(
                "the package stays partial: children who fear for their lives do not come to school",
                AFRAID,
                of=("communities.schooling",),
            ),
        ),
        source="its parts; size 0.7 of each for about 0.7 of their cost: judgement",
    ),
)
