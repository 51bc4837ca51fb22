"""Institutions that watch and plan: focal points, oversight, reviews, goals (A13 to A16)."""

from __future__ import annotations

from sim.interventions.base import Declaration, Level, Move, Part, Phase, Pillar
from sim.interventions.structural import DONORS, HOME
from sim.kinds import Channel, Effect, Leader

UNHEEDED = {"actors.actors.*.salience": 0.0, "parameters.salience_media": 0.0}
"""Outside actors to whom prevention does not matter."""
LEAKING = {"attributes.accountability": 0.0, "parameters.reform_leakage": 1.0}
"""A state in which nobody answers for money, and all of it leaks."""

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
        fails_when="it has no access to leaders, who do not want to hear",
        fails={"attributes.commitment": 0.0},
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
        fails_when="they are captured: no commitment behind them",
        fails={"attributes.commitment": 0.0},
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
        fails_when="nobody follows up: prevention is on nobody's agenda",
        fails=UNHEEDED,
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
        fails_when="aid is diverted: nobody answers for the money",
        fails=LEAKING,
        source="Andrews, Pritchett & Woolcock 2013 (capability is slow); cost and lag: judgement",
    ),
)
