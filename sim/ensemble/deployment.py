"""Mechanism 14, deployment: offers, ramp-up, consent, presence; who is protected and aided."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, I, Q, S, W
from sim.kinds import EVERYWHERE, LISTED, REBEL
from sim.parameters import P
from sim.rules.council import absent_share, forum_access
from sim.rules.government import consent_next, deployable_share
from sim.rules.international_actor import (
    mandate_robustness,
    mandated_strength,
    offered_terms,
    stage_next,
    worn,
)
from sim.rules.measure import coverage_weight, heightened, lessened, local_dose
from sim.rules.protection import aid_reach, protection_level, protection_need, share_of

WORST = 0
"""Row of `Run.spare`."""


def consider_consent(run: Run) -> None:
    """The host decides how far it consents to an outside presence."""
    government, armed, world, row = run.government, run.armed, run.world, run.parameters
    belief = 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] != REBEL and armed[A.belief, index] > belief:
            belief = armed[A.belief, index]
    access = forum_access(world[W.forums], row[P.forum_access_gain])
    access = heightened(access, world[W.good_offices], row[P.offices_access])
    access = heightened(access, world[W.joint_action], row[P.joint_access])
    government[G.consent] = consent_next(
        government[G.consent], government[G.openness], world[W.terms],
        belief * world[W.pressure], world[W.policy_protection], government[G.threat],
        access, row[P.consent_speed],
        row[P.consent_terms], row[P.consent_pressure], row[P.consent_sovereignty],
    )  # fmt: skip


def deploy(run: Run) -> None:
    """Contributors offer, peacekeepers are generated and transported, terms are put on the table."""
    world, settings, government, row = run.world, run.settings, run.government, run.parameters
    entering = deployable_share(
        government[G.consent], world[W.policy_protection], row[P.forced_entry]
    )
    mandated = mandated_strength(
        world[W.troops_requested], world[W.mandate_scale], world[W.policy_protection]
    )
    wanted = mandated * _offered(run) * entering
    delay = row[P.deployment_delay]
    if settings[S.deployment] < 0.5 or settings[S.arrival_delay] >= 0.0:
        # Neutral, or clamped: all that has been agreed is there in the same week.
        wanted = mandated
        delay = 1.0
    world[W.troops_preparing] = stage_next(world[W.troops_preparing], wanted, delay)
    world[W.troops_deployed] = stage_next(
        world[W.troops_deployed], world[W.troops_preparing], delay
    )
    world[W.announced] = absent_share(mandated, world[W.troops_deployed])
    world[W.terms] = offered_terms(
        world[W.mediation], world[W.pressure], world[W.incentives], row[P.terms_unbacked]
    )


def _offered(run: Run) -> float:
    """Return the share of the requested peacekeepers that contributors offer, by their attention."""
    actors = run.actors
    offered = 0.0
    for actor in range(actors.shape[1]):
        common = 1.0 - actors[I.outside, actor]
        offered += actors[I.contribution, actor] * actors[I.attention, actor] * common
    offered = worn(offered, run.world[W.week] / 52.0, run.parameters[P.erosion])
    if offered >= 1.0:
        return 1.0
    return heightened(offered, run.world[W.joint_action], run.parameters[P.joint_offers])


def state_need(run: Run) -> None:
    """Every place states its claims on peacekeepers and aid, by the coverage of these."""
    communities, people, coverage = run.communities, run.people, run.settings[S.troops_coverage]
    for place in range(run.first, run.last):
        if communities[C.abroad, place] < 0.5:
            communities[C.at_risk, place] = 0.0
            communities[C.here, place] = communities[C.excluded, place] = 0.0
    for group in range(people.shape[1]):
        for place in range(run.first, run.last):
            if communities[C.abroad, place] < 0.5:
                exposed = people[Q.residents, group, place] + people[Q.displaced, group, place]
                communities[C.here, place] += exposed
                communities[C.excluded, place] += exposed * people[Q.exclusion, group, place]
                communities[C.at_risk, place] += protection_need(
                    exposed, people[Q.fear, group, place], people[Q.memory, group, place]
                )
    for place in range(run.first, run.last):
        if communities[C.abroad, place] < 0.5:
            communities[C.need, place] = _claim(run, coverage, place)


def _claim(run: Run, coverage: float, place: int) -> float:
    """Return the claim of a place at home on what goes by a coverage."""
    communities, listed = run.communities, 0.0
    if coverage >= LISTED:
        listed = run.listed[int(coverage - LISTED), place]
    return coverage_weight(
        coverage, communities[C.here, place], communities[C.at_risk, place],
        communities[C.capital, place], communities[C.excluded, place], listed,
    )  # fmt: skip


def share_out(run: Run) -> None:
    """Add up the claims; the mandate says how far peacekeepers may go."""
    world, communities, aid = run.world, run.communities, run.settings[S.aid_coverage]
    world[W.robustness] = mandate_robustness(world[W.policy_protection], world[W.mandate_scale])
    need = excluded = here = claims = 0.0
    for place in range(communities.shape[1]):
        need += communities[C.need, place]
        excluded += communities[C.excluded, place]
        here += communities[C.here, place]
        if aid != EVERYWHERE and communities[C.abroad, place] < 0.5:
            claims += _claim(run, aid, place)
    world[W.need_total] = need
    world[W.excluded_total] = excluded
    world[W.here_total] = here
    world[W.aid_total] = claims


def receive(run: Run) -> None:
    """Every place receives its share of the peacekeepers, their protection, and aid."""
    communities, world, row, spare = run.communities, run.world, run.parameters, run.spare
    police_half, troops_half = row[P.police_half], row[P.troops_half]
    deployed, needed, robustness = (
        world[W.troops_deployed], world[W.need_total], world[W.robustness]
    )  # fmt: skip
    delivered, cut_off = 1.0 - world[W.aid_lost], row[P.aid_isolation]
    consent, denied = run.government[G.consent], row[P.aid_consent]
    reached = row[P.accompaniment_effect]
    _remember_worst(run)
    for place in range(run.first, run.last):
        communities[C.policing, place] = protection_level(
            communities[C.police, place], communities[C.population, place], 1.0, police_half
        )
    for place in range(run.first, run.last):
        peacekeepers = share_of(deployed, communities[C.need, place], needed)
        communities[C.peacekeepers, place] = peacekeepers
        communities[C.protection, place] = protection_level(
            peacekeepers, communities[C.population, place], robustness, troops_half
        )
    for place in range(run.first, run.last):
        communities[C.aid, place] = aid_reach(
            _aid_here(run, place) * delivered, spare[WORST, place],
            lessened(communities[C.isolation, place], communities[C.accompaniment, place], reached),
            communities[C.admitted, place],
            1.0 if communities[C.abroad, place] > 0.5 else consent, cut_off, denied,
        )  # fmt: skip


def _remember_worst(run: Run) -> None:
    """Set the worst memory of violence in every place."""
    people, spare = run.people, run.spare
    for place in range(run.first, run.last):
        spare[WORST, place] = 0.0
    for group in range(people.shape[1]):
        for place in range(run.first, run.last):
            if people[Q.memory, group, place] > spare[WORST, place]:
                spare[WORST, place] = people[Q.memory, group, place]


def _aid_here(run: Run, place: int) -> float:
    """Return the share of the displaced in a place whom aid can supply, by its coverage."""
    world, coverage = run.world, run.settings[S.aid_coverage]
    if coverage == EVERYWHERE:
        return world[W.aid_coverage]
    if run.communities[C.abroad, place] > 0.5 or world[W.aid_total] <= 0.0:
        return 0.0
    displaced = 0.0
    for group in range(run.people.shape[1]):
        displaced += run.people[Q.displaced, group, place]
    part = _claim(run, coverage, place) / world[W.aid_total]
    return local_dose(world[W.aid_coverage], part, displaced, world[W.displaced])
