"""Protection of civilians: dialogue and engagement, physical protection, environment (B9 to B12)."""

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
from sim.interventions.shared import AFRAID, HARDLY_LET_IN, KEPT_OUT, SHUT_OUT
from sim.kinds import Channel, Coverage, Effect, Leader, Trigger

DECLARATIONS = (
    Declaration(
        id="B9",
        name="protective_dialogue",
        stands_for="peacekeeping: protection through dialogue and engagement",
        level=Level.LOCAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(
            Part(Effect.JUSTICE, 0.5, Channel.ACCESS),
            Part(Effect.CONTACT, 0.05, Channel.ACCESS),
            Part(Effect.REPORTING, 0.3, Channel.ACCESS),
        ),
        acts_on="local dispute resolution, trust, information",
        moves=(
            Move("communities.justice", 1, 26),
            Move("people.trust", 1, 52),
            Move("world.report_noise", -1, 26),
        ),
        lead=BODY,
        trigger=Trigger.MANDATE,
        coverage=Coverage.MOST_AT_RISK,
        unit="dose, 1 is civil affairs teams in all places",
        cost=0.2,
        lag=8.0,
        ramp=13.0,
        fails_when="it has hardly any access: teams are paid and do not get out of their compound",
        fails=HARDLY_LET_IN,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("where the host lets nobody in, no teams come", SHUT_OUT),
            AlsoFails(
                "people who fear for their lives do not come to meetings",
                AFRAID,
                of=("people.trust",),
            ),
        ),
        beside={"mediation": {}},
        source="Smidt 2020 (dialogue by peacekeepers and communal violence, sign); cost and lag: "
        "judgement",
    ),
    Declaration(
        id="B10",
        name="peacekeeping",
        stands_for="peacekeeping: physical protection",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(Part(Effect.TROOPS),),
        acts_on="presence of peacekeepers, and so protection, the exposure of people, and what armed "
        "groups believe, which is what deters them",
        moves=(
            Move("communities.protection", 1, 39),
            Move("people.killed", -1, 78),
            Move("armed.belief", 1, 78),
        ),
        lead=BODY,
        trigger=Trigger.MANDATE,
        coverage=Coverage.MOST_AT_RISK,
        unit="peacekeepers asked for",
        largest=100_000.0,
        intensity=5000.0,
        cost=0.002,
        ramp=0.0,
        fails_when="the host does not consent, and nobody comes against its will",
        fails={**SHUT_OUT, "parameters.forced_entry": 0.0},
        also_fails=(
            AlsoFails("the force is thin", {"@.intensity": 500.0}, Failure.HALVES),
            AlsoFails("it arrives slowly", {"parameters.deployment_delay": 52.0}, Failure.HALVES),
            AlsoFails(
                "the mandate is weak: the body holds to sovereignty",
                {"actors.mean": [0.5, 0.05]},
                Failure.HALVES,
            ),
            AlsoFails(
                "violence moves on to where nobody protects",
                {"parameters.violence_shift": 1.0},
                harms=Move("presence.pushed", 1, 52),
            ),
        ),
        source="5,000 is the order of the last UN operation in Burundi (ONUB, 5,650 authorised by "
        "S/RES/1545 in 2004); about 100,000 USD for one peacekeeper and year (UN budgets); lag: "
        "mechanism 14 (Lundgren, Oksamytna & Coleman 2021)",
    ),
    Declaration(
        id="B11",
        name="protective_environment",
        stands_for="peacekeeping: establishing a protective environment",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.III,
        parts=(
            Part(Effect.POLICE, 1.0, Channel.ENTRY),
            Part(Effect.JUSTICE, 0.0006, Channel.ENTRY),
        ),
        acts_on="policing and justice, and so revenge and the return of the displaced",
        moves=(
            Move("communities.policing", 1, 39),
            Move("communities.justice", 1, 39),
            Move("people.away", -1, 104),
        ),
        lead=BODY,
        trigger=Trigger.MANDATE,
        coverage=Coverage.MOST_AT_RISK,
        unit="police",
        largest=20000.0,
        intensity=500.0,
        cost=0.003,
        lag=8.0,
        ramp=13.0,
        fails_when="they are withdrawn before they can work: a divided body lets the mandate lapse "
        "after a month",
        fails={
            "actors.dispersion": 1.0,
            "parameters.mandate_term": 4.0,
            "parameters.mandate_minimum": 0.5,
        },
        also_fails=(
            AlsoFails("they are withdrawn after a month", {"@.duration": 4}, Failure.HALVES),
            AlsoFails("a host that is asked lets no police in", KEPT_OUT),
        ),
        shown_in={"parameters.return_fear": 0.5},
        source="Hultman, Kathman & Shannon 2013, Alrababah et al. 2023 (signs); cost: about 150,000 "
        "USD for one officer and year, judgement; lag: judgement",
    ),
    Declaration(
        id="B12",
        name="stabilisation_support",
        stands_for="support to national authorities to stabilise and to prevent atrocity crimes",
        level=Level.INTERNATIONAL,
        phase=Phase.OPERATIONAL,
        pillar=Pillar.II,
        parts=(Part(Effect.CAPACITY, 1.0, Channel.ACCESS),),
        acts_on="capacity of the state, and so its protection of people; state presence: control of "
        "the country",
        moves=(
            Move("government.capacity", 1, 26),
            Move("communities.shelter", 1, 26),
            Move("world.control", 1, 78),
        ),
        lead=(Leader.UN, Leader.REGIONAL),
        partners=(Leader.DONOR,),
        unit="dose, 1 is advisers and equipment throughout the administration",
        cost=0.6,
        lag=8.0,
        fails_when="the authorities are the perpetrator",
        fails={"country.government.role": "perpetrator"},
        fails_of=("communities.shelter",),
        also_fails=(AlsoFails("the host lets nobody in: nothing is begun", SHUT_OUT),),
        shown_in={"country.government.role": "protector"},
        source="Fearon & Laitin 2003; Berman, Shapiro & Felter 2011 (signs); cost and lag: judgement",
    ),
)
