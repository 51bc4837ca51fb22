"""What a state does at home: diversity, rule of law, livelihoods, civil society (A1 to A8)."""

from __future__ import annotations

from sim.interventions.base import AlsoFails, Declaration, Failure, Level, Move, Part, Phase, Pillar
from sim.kinds import Channel, Effect, Leader

AFRAID = {"country.shocks.+104": {"fear": 1.0, "kind": "terror in every week"}}
"""A country in which those out of government fear for their lives in every week of two years."""
FEARFUL = {
    "country.shocks.+": {"rate": 52.0, "fear": 1.0, "kind": "terror in most weeks"},
    "parameters.fear_fade": 0.01,
}
"""The same with weeks, now and then, in which nothing happens and a few dare to go out."""
HARDLY_WANTED = {"attributes.commitment": 0.01}
"""A leadership that signs and pays, and hardly means it."""
UNWANTED = {"attributes.commitment": 0.0}
"""A leadership that does not want it at all: nothing is begun."""
HARDLY_ABLE = {"attributes.capacity": 0.005}
"""A state that pays and can hardly carry anything into the places."""
UNABLE = {"attributes.capacity": 0.0}
"""A state that is not there: nothing is begun."""
HOSTILE = {"attributes.neighbours": 0.02}
"""Neighbours through whom nearly everything gets by."""
WHOLLY_HOSTILE = {"attributes.neighbours": 0.0}
HOME = (Leader.GOVERNMENT,)
DONORS = (Leader.DONOR, Leader.UN)


DECLARATIONS = (
    Declaration(
        id="A1",
        name="managing_diversity",
        stands_for="managing diversity as a strength: laws and institutions against discrimination, "
        "marginalisation and exclusion; protection of minorities",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(
            Part(Effect.INCLUSION, 1.0, Channel.STATE),
            Part(Effect.EQUALITY, 0.3, Channel.STATE),
        ),
        acts_on="exclusion and, less, horizontal inequality, and so the grievance that both sustain",
        moves=(
            Move("people.exclusion", -1, 26),
            Move("people.inequality", -1, 26),
            Move("people.grievance", -1, 78),
        ),
        lead=HOME,
        partners=DONORS,
        lag=13.0,
        fails_when="the leadership is hardly committed: a law on paper, paid for in full",
        fails=HARDLY_WANTED,
        failure=Failure.EMPTIES,
        also_fails=(AlsoFails("a leadership that does not want it begins nothing", UNWANTED),),
        shown_in={"country.society.inequality": 0.6},
        source="Cederman, Gleditsch & Buhaug 2013 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="A2",
        name="equal_justice",
        stands_for="accountability and the rule of law: equal access to justice",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(
            Part(Effect.JUSTICE, 1.0, Channel.STATE),
            Part(Effect.PROSECUTION, 0.2, Channel.STATE),
        ),
        acts_on="access to justice and local dispute resolution, and so revenge; impunity",
        moves=(
            Move("communities.justice", 1, 26),
            Move("armed.sanction", 1, 39),
            Move("armed.attacks", -1, 104),
        ),
        lead=HOME,
        partners=DONORS,
        cost=0.4,
        lag=13.0,
        fails_when="the state pays, and has hardly any capacity to carry it into the places",
        fails=HARDLY_ABLE,
        failure=Failure.EMPTIES,
        also_fails=(AlsoFails("a state without any capacity begins nothing", UNABLE),),
        shown_in={"country.government.budget": 1000.0},
        source="Blattman, Hartman & Blair 2014 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="A3",
        name="security_forces_reform",
        stands_for="effective and legitimate security forces that respect rights while protecting",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.SECURITY, 1.0, Channel.STATE),),
        acts_on="discipline and restraint of the state forces, and so the killing they take part in; "
        "the protection that people get from them",
        moves=(Move("armed.discipline", 1, 39), Move("communities.shelter", 1, 39)),
        lead=HOME,
        partners=(Leader.UN, Leader.DONOR),
        cost=0.5,
        lag=26.0,
        ramp=52.0,
        fails_when="the elite is divided and keeps forces of its own, or they are under orders against "
        "civilians",
        fails={"country.government.cohesion": 0.0},
        shown_in={"country.government.role": "protector"},
        source="Toft 2010, Quinlivan 1999 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="A4",
        name="accountable_governance",
        stands_for="transparent and accountable governance structures",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.GOVERNANCE, 1.0, Channel.STATE),),
        acts_on="accountability, and so leakage of all programmes and the sanction leaders expect; "
        "legitimacy",
        moves=(
            Move("government.accountability", 1, 26),
            Move("world.delivery", 1, 39),
            Move("government.legitimacy", 1, 39),
        ),
        lead=HOME,
        partners=DONORS,
        lag=26.0,
        fails_when="an elite that hardly wants it captures it: paid for in full, on paper",
        fails=HARDLY_WANTED,
        failure=Failure.EMPTIES,
        also_fails=(AlsoFails("an elite that does not want it begins nothing", UNWANTED),),
        source="Reinikka & Svensson 2005 (information and leakage, sign); cost and lag: judgement",
    ),
    Declaration(
        id="A5",
        name="economic_equality",
        stands_for="secure livelihoods: policies that reduce economic inequalities",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(
            Part(Effect.EQUALITY, 1.0, Channel.STATE),
            Part(Effect.LIVELIHOODS, 1.0, Channel.STATE),
        ),
        acts_on="horizontal inequality, and so grievance; livelihoods, and so the cost of joining",
        moves=(
            Move("people.inequality", -1, 26),
            Move("communities.livelihoods", 1, 26),
            Move("presence.mobilised", -1, 52),
        ),
        lead=HOME,
        partners=DONORS,
        cost=1.0,
        lag=13.0,
        fails_when="it benefits one group only: what is built follows power",
        fails={"country.places.*.exclusion.*": 1.0},
        fails_of=("people.inequality",),
        also_fails=(
            AlsoFails(
                "the leadership is hardly committed: a plan on paper, paid for in full",
                HARDLY_WANTED,
                Failure.EMPTIES,
                of=("people.inequality", "communities.livelihoods"),
            ),
            AlsoFails("a leadership that does not want it begins nothing", UNWANTED),
        ),
        shown_in={"country.society.inequality": 0.6},
        source="Stewart 2008, Blattman & Annan 2016 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="A6",
        name="womens_empowerment",
        stands_for="secure livelihoods: women's economic empowerment",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.EMPOWERMENT, 1.0, Channel.STATE),),
        acts_on="livelihoods and the strength of civil society, and so recruiting and warning",
        moves=(
            Move("communities.livelihoods", 1, 26),
            Move("communities.civil_society", 1, 26),
            Move("presence.mobilised", -1, 52),
        ),
        lead=HOME,
        partners=(Leader.NGO, Leader.DONOR),
        cost=0.4,
        lag=8.0,
        fails_when="insecurity keeps people at home, week after week",
        fails=AFRAID,
        also_fails=(
            AlsoFails("insecurity keeps people at home in most weeks", FEARFUL, Failure.HALVES),
        ),
        source="Hudson et al. 2012 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="A7",
        name="vibrant_civil_society",
        stands_for="a vibrant civil society that supports a plurality of views",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(
            Part(Effect.CIVIL_SOCIETY, 1.0, Channel.SOCIETY),
            Part(Effect.CONTACT, 0.02, Channel.SOCIETY),
        ),
        acts_on="strength of civil society, and so exposure to hate speech and the quality of warning; "
        "trust, where people of different groups meet in it",
        moves=(
            Move("communities.civil_society", 1, 26),
            Move("people.hate", -1, 52),
            Move("world.report_noise", -1, 39),
            Move("people.trust", 1, 52),
        ),
        lead=HOME,
        partners=(Leader.NGO, Leader.DONOR),
        lag=8.0,
        fails_when="the leadership closes nearly all of civic space and no institution keeps it open",
        fails=HARDLY_WANTED,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("where civic space is wholly closed, nothing is begun", UNWANTED),
            AlsoFails(
                "people of different groups who fear for their lives do not meet",
                AFRAID,
                Failure.HALVES,
                of=("people.trust",),
            ),
        ),
        source="Chenoweth & Stephan 2011, Varshney 2002 (associations across groups; signs); cost and "
        "lag: judgement",
    ),
    Declaration(
        id="A8",
        name="regional_coalitions",
        stands_for="regional civil-society coalitions invested in prevention, as in the Western "
        "Balkans",
        level=Level.REGIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.II,
        parts=(
            Part(Effect.BORDERS, 1.0, Channel.BORDERS),
            Part(Effect.REPORTING, 0.3, Channel.BORDERS),
        ),
        acts_on="support of the war across borders, and so finance of armed groups; warning",
        moves=(Move("armed.finance", -1, 26), Move("world.report_noise", -1, 26)),
        lead=(Leader.NGO,),
        partners=(Leader.REGIONAL, Leader.DONOR),
        cost=0.1,
        lag=8.0,
        fails_when="the neighbours are hostile: support for the war passes all the same",
        fails=HOSTILE,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("between wholly hostile neighbours no coalition is begun", WHOLLY_HOSTILE),
        ),
        source="Salehyan 2009 (support from next door, sign); cost and lag: judgement",
    ),
)
