"""Institutions that watch and plan: focal points, oversight, reviews, goals (A13 to A16)."""

from __future__ import annotations

from sim.interventions.base import AlsoFails, Declaration, Failure, Level, Move, Part, Phase, Pillar
from sim.interventions.shared import DONORS, HARDLY_WANTED, HOME, UNWANTED
from sim.kinds import Channel, Effect, Leader

UNHEEDED = {"actors.actors.*.salience": 0.0, "parameters.salience_media": 0.0}
"""Outside actors to whom prevention does not matter: they pay for nothing."""
HARDLY_HEEDED = {"actors.actors.*.salience": 0.02, "parameters.salience_media": 0.0}
"""Outside actors to whom it hardly matters."""
LEAKING = {"attributes.accountability": 0.0, "parameters.reform_leakage": 1.0}
"""A state in which nobody answers for money, and all of it leaks."""
NEARLY_LEAKING = {"attributes.accountability": 0.02, "parameters.reform_leakage": 1.0}
"""A state in which hardly anybody answers for money, and nearly all of it leaks."""

DECLARATIONS = (
    Declaration(
        id="A13",
        name="focal_points",
        stands_for="R2P focal points, in more than 60 states and two regional organisations",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(
            Part(Effect.FOCAL_POINTS, 1.0, Channel.STATE),
            Part(Effect.EARLY_ACTION, 0.2),
            Part(Effect.JOINT, 0.2, Channel.UNITED),
        ),
        needs=Channel.STATE,  # without a focal point there is nobody to report or to coordinate
        acts_on="the national focal point, and so the delay from warning to decision; coordination "
        "among bodies: friction of mandates, and consent of the host",
        moves=(
            Move("government.focal_point", 1, 26),
            Move("world.report_delay", -1, 26),
            Move("world.mandate_scale", 1, 26),
            Move("government.consent", 1, 26),
        ),
        lead=HOME,
        partners=(Leader.REGIONAL,),
        cost=0.02,
        lag=4.0,
        ramp=8.0,
        fails_when="it has no access to leaders, who hardly want to hear",
        fails=HARDLY_WANTED,
        failure=Failure.EMPTIES,
        fails_of=("government.focal_point",),
        also_fails=(
            AlsoFails(
                "the office is there and reports, and no body decides: prevention is on no agenda",
                {"country.government.budget": 1000.0, **UNHEEDED},
                of=("world.mandate_scale",),
            ),
            AlsoFails("where leaders do not want to hear at all, none is appointed", UNWANTED),
            AlsoFails(
                "it has no access to leaders, and so hardly anything to report or to bring together",
                {**HARDLY_WANTED, "parameters.needed_way": 1.0},
                Failure.EMPTIES,
            ),
        ),
        beside={"mediation": {}},
        source="UN Secretary-General 2019 (networks of focal points); part in coordination, cost (a "
        "small office) and lag: judgement",
    ),
    Declaration(
        id="A14",
        name="oversight_institutions",
        stands_for="parliament, ombudsperson, national human rights institution",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.I,
        parts=(Part(Effect.INSTITUTIONS, 1.0, Channel.STATE),),
        acts_on="oversight institutions, and so accountability at home, restraint of leaders, noise of "
        "warning and room for society",
        moves=(
            Move("government.oversight", 1, 26),
            Move("armed.sanction", 1, 39),
            Move("world.report_noise", -1, 39),
        ),
        lead=HOME,
        partners=DONORS,
        lag=13.0,
        fails_when="they are captured: paid for in full, with hardly any commitment behind them",
        fails=HARDLY_WANTED,
        failure=Failure.EMPTIES,
        also_fails=(AlsoFails("a leadership that does not want them founds none", UNWANTED),),
        source="Cole & Ramirez 2013 (after years), Harff 2003 (sign); cost and lag: judgement",
    ),
    Declaration(
        id="A15",
        name="risk_identification",
        stands_for="identifying atrocity risks in the Universal Periodic Review and in reports to "
        "treaty bodies",
        level=Level.INTERNATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.II,
        parts=(Part(Effect.REPORTING, 0.7), Part(Effect.DECENTRALISATION, 0.3)),
        acts_on="accuracy of warning; where local programmes go: to those who are found to be shut out",
        moves=(Move("world.report_noise", -1, 13), Move("communities.justice", 1, 39)),
        lead=(Leader.UN,),
        partners=(Leader.NGO,),
        cost=0.02,
        lag=26.0,
        ramp=4.0,
        fails_when="nobody follows up: reviews find who is shut out, and no programme goes there",
        fails={"interventions.equal_justice.intensity": 0.0},
        fails_of=("communities.justice",),
        also_fails=(
            AlsoFails(
                "prevention is on hardly any agenda: few reviews are paid for or read",
                HARDLY_HEEDED,
                Failure.EMPTIES,
            ),
            AlsoFails("where prevention is on no agenda, no review is made", UNHEEDED),
        ),
        beside={"equal_justice": {"coverage": "capital", "lag": 0}},
        shown_in={"country.government.budget": 1000.0},
        source="judgement: a review comes every four to five years",
    ),
    Declaration(
        id="A16",
        name="sustainable_development",
        stands_for="Sustainable Development Goals, Goal 16: peace, justice and strong institutions",
        level=Level.NATIONAL,
        phase=Phase.STRUCTURAL,
        pillar=Pillar.II,
        parts=(
            Part(Effect.CAPACITY, 0.5, Channel.STATE),
            Part(Effect.GOVERNANCE, 0.3, Channel.STATE),
            Part(Effect.LIVELIHOODS, 0.5, Channel.STATE),
        ),
        acts_on="capacity, accountability, legitimacy, livelihoods",
        moves=(
            Move("government.capacity", 1, 26),
            Move("communities.livelihoods", 1, 26),
            Move("government.legitimacy", 1, 52),
        ),
        lead=HOME,
        partners=DONORS,
        cost=1.0,
        lag=13.0,
        ramp=52.0,
        fails_when="aid is diverted: hardly anybody answers for the money, and nearly all of it leaks",
        fails=NEARLY_LEAKING,
        failure=Failure.EMPTIES,
        also_fails=(
            AlsoFails("all of it is diverted: paid for in full, and nothing arrives", LEAKING),
        ),
        source="Andrews, Pritchett & Woolcock 2013 (capability is slow); cost and lag: judgement",
    ),
)
