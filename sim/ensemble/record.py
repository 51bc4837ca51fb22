"""The end of the week: national totals, the weekly record, and the clock."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, M, N, Q, W
from sim.outcomes import Z
from sim.parameters import P
from sim.rules.mobilisation import grievance_excess

UNREST = 0
"""Row of `Run.spare`."""


def count_people(run: Run) -> None:
    """Add up who is where, who was killed, what groups remember and resent; find the outlet."""
    communities, people, groups, world = run.communities, run.people, run.groups, run.world
    displaced = refugees = attacked = 0.0
    resonance = run.parameters[P.grievance_resonance]
    for group in range(people.shape[1]):
        at_home = losses = unrest = killed = residents = 0.0
        for place in range(people.shape[2]):
            run.spare[UNREST, place] = people[Q.residents, group, place] * grievance_excess(
                people[Q.grievance, group, place], people[Q.grievance_usual, group, place],
                people[Q.exclusion, group, place], resonance,
            )  # fmt: skip
        for place in range(people.shape[2]):
            away = people[Q.displaced, group, place]
            displaced += away
            killed += people[Q.killed_week, group, place]
            if communities[C.abroad, place] > 0.5:
                refugees += away
                continue
            here = people[Q.residents, group, place]
            at_home += here + away
            residents += here
            losses += here * people[Q.memory, group, place]
            unrest += run.spare[UNREST, place]
        groups[N.at_home, group] = at_home
        groups[N.killed_week, group] = killed
        groups[N.losses, group] = losses / residents if residents > 0.0 else 0.0
        groups[N.unrest, group] = unrest / residents if residents > 0.0 else 0.0
    for place in range(people.shape[2]):
        dead = 0.0
        for group in range(people.shape[1]):
            dead += people[Q.killed, group, place]
        if dead > 0.0:
            attacked += 1.0
    strength = here = outlet = 0.0
    for place in range(people.shape[2]):
        if communities[C.abroad, place] < 0.5:
            here += communities[C.population, place]
            strength += communities[C.population, place] * communities[C.civil_society, place]
            continue
        way = communities[C.openness, place] * communities[C.room, place]
        outlet = way if way > outlet else outlet
    world[W.civil_society] = strength / here if here > 0.0 else 0.0
    world[W.displaced] = displaced
    world[W.refugees] = refugees
    world[W.places_attacked] = attacked
    world[W.outlet] = outlet


def count_forces(run: Run) -> None:
    """Add up armed strength, attacks and protection."""
    armed, presence, communities, world = run.armed, run.presence, run.communities, run.world
    for index in range(presence.shape[1]):
        strength = attacks = stopped = 0.0
        for place in range(presence.shape[2]):
            strength += presence[M.armed, index, place]
            attacks += presence[M.attacked, index, place]
            stopped += presence[M.stopped, index, place]
        if armed[A.kind, index] != 0.0:  # the strength of state forces is given
            armed[A.strength, index] = strength
        armed[A.attacks, index] = attacks
        armed[A.stopped, index] = stopped
    protected = at_risk = 0.0
    for place in range(communities.shape[1]):
        protected += communities[C.protection, place] * communities[C.at_risk, place]
        at_risk += communities[C.at_risk, place]
    world[W.protected] = protected / at_risk if at_risk > 0.0 else 0.0


def record(run: Run) -> None:
    """Write the week into the series and turn the page."""
    world, groups, row = run.world, run.groups, run.parameters
    deaths = 0.0
    for group in range(groups.shape[1]):
        deaths += groups[N.killed_week, group]
    world[W.killed] += deaths
    fade = row[P.recent_fade]
    world[W.deaths_recent] = world[W.deaths_recent] * (1.0 - fade) + deaths
    world[W.flight_recent] = world[W.flight_recent] * (1.0 - fade) + world[W.fled_week]
    week = int(world[W.week])
    series = run.series
    series[week, Z.direct_deaths] = deaths
    series[week, Z.indirect_deaths] = world[W.died_week]
    series[week, Z.displaced] = world[W.displaced]
    series[week, Z.refugees] = world[W.refugees]
    series[week, Z.peacekeepers] = world[W.troops_deployed]
    series[week, Z.threat] = run.government[G.threat]
    series[week, Z.mandate_scale] = world[W.mandate_scale]
    series[week, Z.agreement] = world[W.agreement]
    series[week, Z.victory] = world[W.victory]
    series[week, Z.exhausted] = world[W.exhausted]
    series[week, Z.places_attacked] = world[W.places_attacked]
    series[week, Z.spent] = world[W.spent]
    series[week, Z.deaths_to_date] = world[W.killed]
    for group in range(groups.shape[1]):
        series[week, Z.killed_first + group] = groups[N.killed_week, group]
    world[W.week] += 1.0
