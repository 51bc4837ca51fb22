"""The columns that a run starts from: a scenario as numbers, shared by both engines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import fields
from sim.country import Neighbour
from sim.exponential import exp, exp_of_each
from sim.fields import A, C, G, I, M, N, Q, R, S, W
from sim.interventions import X, listed_places, measure_table
from sim.kinds import Coverage, Effect, Kind, Leader, Trigger
from sim.parameters import P
from sim.scenario import Scenario

# As numbers: compared with a member of an enumeration, each row of measures takes ten times as long.
_TROOPS, _AID = float(Effect.TROOPS), float(Effect.AID)


class Columns(NamedTuple):
    """One run at its start.

    Attributes
    ----------
    nearness : ndarray (edges,)
        Pull of each road's far end by distance alone, in the order of the neighbour graph.
    parameters : ndarray (parameters,)
    settings : ndarray (settings,)
    measures : ndarray (rows, columns)
        One row an effect of a measure.
    listed : ndarray (lists, communities)
        1 for a place that is on an explicit list.
    shocks : ndarray (shocks, 8)
        Week (-1 for one at a rate), threat, grievance, fear, division, livelihoods, arms, chance in
        a week.
    recorded : ndarray (weeks, communities), or (0, communities) without a record
        Violence that a record imposes on what people feel, in [0, 1].
    world, government : ndarray (fields,)
    groups : ndarray (fields, groups)
    actors : ndarray (fields, actors)
    armed : ndarray (fields, armed groups)
    communities : ndarray (fields, communities)
    people : ndarray (fields, groups, communities)
    presence : ndarray (fields, armed groups, communities)
    programmes : ndarray (fields, rows of measures)
    """

    nearness: np.ndarray
    parameters: np.ndarray
    settings: np.ndarray
    measures: np.ndarray
    listed: np.ndarray
    shocks: np.ndarray
    recorded: np.ndarray
    world: np.ndarray
    government: np.ndarray
    groups: np.ndarray
    actors: np.ndarray
    armed: np.ndarray
    communities: np.ndarray
    people: np.ndarray
    presence: np.ndarray
    programmes: np.ndarray


def initial_columns(scenario: Scenario) -> Columns:
    """Return the columns of a run at week 0.

    Grievance starts at the level that exclusion sustains, fear, threat and memory at none, so that a
    quiet country starts in equilibrium.
    """
    people = _people(scenario)
    presence = _presence(scenario, people)
    measures = measure_table(scenario.measures, scenario.actors.kinds)
    graph, reach = scenario.country.graph(), float(scenario.parameters[P.road_reach])
    nearness = exp_of_each(-graph.km / reach)
    return Columns(
        nearness=nearness,
        parameters=scenario.parameters.copy(),
        settings=_settings(scenario, measures),
        measures=measures,
        listed=listed_places(scenario.measures, scenario.country.places),
        shocks=np.array(
            [
                (
                    shock.week,
                    shock.threat,
                    shock.grievance,
                    shock.fear,
                    shock.division,
                    shock.livelihoods,
                    shock.arms,
                    1.0 - exp(-shock.rate / 52.0),
                )
                for shock in scenario.shocks
            ],
            dtype=np.float64,
        ).reshape(-1, 8),
        recorded=scenario.recorded,
        world=_world(scenario),
        government=_government(scenario),
        groups=_groups(scenario, people),
        actors=_actors(scenario),
        armed=_armed(scenario, presence),
        communities=_communities(scenario, nearness[graph.nearest]),
        people=people,
        presence=presence,
        programmes=_programmes(measures),
    )


def _settings(scenario: Scenario, measures: np.ndarray) -> np.ndarray:
    settings = np.zeros(len(fields.SETTINGS))
    settings[S.open_week] = scenario.open_week
    settings[S.arrival_delay] = -1.0 if scenario.arrival is None else scenario.arrival
    settings[S.quota] = scenario.actors.quota
    settings[S.consensus] = float(scenario.actors.consensus)
    settings[S.troops_coverage] = float(Coverage.MOST_AT_RISK)
    mandated = measures[:, X.trigger] == float(Trigger.MANDATE)
    settings[S.mandated] = float((mandated & (measures[:, X.intensity] > 0.0)).any())
    effects, coverages = measures[:, X.effect].tolist(), measures[:, X.coverage].tolist()
    for effect, coverage in zip(effects, coverages, strict=True):
        if effect == _TROOPS:
            settings[S.troops_coverage] = coverage
        elif effect == _AID:
            settings[S.aid_coverage] = coverage
    support = [neighbour.support for neighbour in scenario.country.neighbours]
    if support:
        settings[S.feeding] = sum(max(0.0, -value) for value in support) / len(support)
        settings[S.helping] = sum(max(0.0, value) for value in support) / len(support)
    settings[S.population] = scenario.country.people.sum()
    settings[S.mean_pressure], settings[S.mean_protection] = scenario.actors.mean
    for name, on in scenario.switches.items():
        settings[getattr(S, name)] = float(on)
    for name, form in scenario.forms.items():
        settings[getattr(S, f"form_{name}")] = float(form)
    return settings


def _world(scenario: Scenario) -> np.ndarray:
    world = np.zeros(len(fields.WORLD))
    world[W.civil_society] = scenario.society.civil_society
    world[W.control] = world[W.credit] = 1.0
    world[W.outlet] = max((neighbour.openness for neighbour in _beyond(scenario)), default=0.0)
    world[W.agreement] = float(scenario.settled)
    world[W.mandate_week] = -1.0
    world[W.mandate_since] = -1.0
    return world


def _beyond(scenario: Scenario) -> list[Neighbour]:
    """Return the neighbouring states that have a place to flee to."""
    country = scenario.country
    return [
        country.neighbours[index] for index in sorted({*country.neighbour[country.abroad].tolist()})
    ]


def _government(scenario: Scenario) -> np.ndarray:
    start = scenario.government
    government = np.zeros(len(fields.GOVERNMENT))
    government[G.group] = start.group
    government[G.role] = float(start.role)
    government[G.capacity] = government[G.capacity_usual] = start.capacity
    government[G.commitment] = government[G.commitment_usual] = start.commitment
    government[G.accountability] = government[G.accountability_usual] = start.accountability
    government[G.openness] = start.consent
    government[G.consent] = start.consent
    government[G.legitimacy] = government[G.legitimacy_usual] = start.legitimacy
    government[G.cohesion] = government[G.cohesion_usual] = start.cohesion
    government[G.budget] = start.budget
    government[G.focal_point] = government[G.focal_point_usual] = start.focal_point
    institution = start.human_rights_institution
    government[G.human_rights_institution] = institution
    government[G.human_rights_institution_usual] = institution
    government[G.ombudsman] = government[G.ombudsman_usual] = start.ombudsman
    government[G.oversight] = government[G.oversight_usual] = start.oversight
    government[G.courts] = government[G.courts_usual] = start.courts
    return government


def _actors(scenario: Scenario) -> np.ndarray:
    start = scenario.actors
    row = scenario.parameters
    actors = np.zeros((len(fields.ACTOR), len(start.names)))
    actors[I.position_pressure], actors[I.position_protection] = start.positions()
    actors[I.kind] = [float(Leader[kind.upper()]) for kind in start.kinds]
    actors[I.weight] = start.weight
    actors[I.tie] = start.tie
    actors[I.veto] = start.veto
    actors[I.salience_usual] = start.salience
    actors[I.salience] = start.salience
    actors[I.endowment] = start.endowment
    actors[I.contribution] = start.contribution
    # What a long quiet leads to: evidence against and forgetting in balance.
    quiet = row[P.belief_evidence] * row[P.belief_midpoint] / row[P.belief_forgetting]
    actors[I.belief] = row[P.belief_prior] - quiet
    return actors


def _armed(scenario: Scenario, presence: np.ndarray) -> np.ndarray:
    row = scenario.parameters
    armed = np.zeros((len(fields.ARMED_GROUP), len(scenario.armed_groups)))
    for index, start in enumerate(scenario.armed_groups):
        armed[A.kind, index] = float(start.kind)
        armed[A.side, index] = start.side
        armed[A.target, index] = start.target
        armed[A.strength, index] = presence[M.armed, index].sum()
        armed[A.strength_usual, index] = armed[A.strength, index]
        armed[A.strength_peak, index] = armed[A.strength, index]
        armed[A.discipline, index] = armed[A.discipline_usual, index] = start.discipline
        armed[A.command, index] = start.command
    certain, expected = row[P.enforcement_certainty], row[P.enforcement_prior]
    armed[A.enforced] = certain * expected
    armed[A.unenforced] = certain * (1.0 - expected)
    armed[A.belief] = expected
    armed[A.forum] = -1.0
    return armed


def _communities(scenario: Scenario, nearest: np.ndarray) -> np.ndarray:
    """Return the communities, given the pull of each one's nearest neighbour by distance."""
    country, abroad = scenario.country, scenario.country.abroad
    communities = np.zeros((len(fields.COMMUNITY), len(country.places)))
    communities[C.abroad] = abroad
    communities[C.openness] = 1.0
    if abroad.any():
        openness = np.array([neighbour.openness for neighbour in country.neighbours])
        communities[C.openness, abroad] = openness[country.neighbour[abroad]]
    communities[C.capital, country.capital] = 1.0
    communities[C.population] = country.people.sum(axis=0)
    communities[C.capacity] = country.capacity
    communities[C.room] = communities[C.admitted] = 1.0
    communities[C.control] = ~abroad
    communities[C.isolation] = 1.0 - nearest if nearest.size else 0.0
    communities[C.livelihoods] = communities[C.livelihoods_usual] = scenario.society.livelihoods
    communities[C.justice] = communities[C.justice_usual] = scenario.society.justice
    communities[C.civil_society] = scenario.society.civil_society
    communities[C.civil_society_usual] = scenario.society.civil_society
    return communities


def _people(scenario: Scenario) -> np.ndarray:
    country = scenario.country
    people = np.zeros((len(fields.PEOPLE), *country.people.shape))
    home = ~country.abroad
    people[Q.residents] = np.where(home, country.people, 0.0)
    people[Q.displaced] = np.where(home, 0.0, country.people)
    people[Q.exclusion] = country.exclusion
    people[Q.exclusion_usual] = country.exclusion
    inequality = scenario.society.inequality * country.exclusion
    people[Q.inequality] = people[Q.inequality_usual] = inequality
    weight = scenario.parameters[P.inequality_grievance]
    sustained = country.exclusion + (1.0 - country.exclusion) * weight * inequality
    people[Q.trust] = people[Q.trust_usual] = scenario.society.trust
    people[Q.norms] = people[Q.norms_usual] = scenario.society.norms
    people[Q.grievance] = people[Q.grievance_usual] = sustained
    return people


def _programmes(measures: np.ndarray) -> np.ndarray:
    programmes = np.zeros((len(fields.PROGRAMME), measures.shape[0]))
    programmes[R.begun] = -1.0
    return programmes


def _presence(scenario: Scenario, people: np.ndarray) -> np.ndarray:
    """Spread each armed group over the homes of its side (state forces: of everyone)."""
    places = len(scenario.country.places)
    presence = np.zeros((len(fields.PRESENCE), len(scenario.armed_groups), places))
    ceiling = scenario.parameters[P.mobilisation_ceiling]
    for index, start in enumerate(scenario.armed_groups):
        state = start.kind is Kind.STATE
        # Nobody resides in places abroad.
        own = people[Q.residents].sum(axis=0) if state else people[Q.residents, start.side]
        everyone = own.sum()
        if everyone > 0.0:
            presence[M.standing, index] = start.strength * (own / everyone)
        if not state:
            most = ceiling * people[Q.residents, start.side]
            presence[M.standing, index] = np.minimum(presence[M.standing, index], most)
            share = np.divide(
                presence[M.standing, index], most, out=np.zeros_like(most), where=most > 0.0
            )
            presence[M.mobilised, index] = share
    presence[M.armed] = presence[M.standing]
    return presence


def _groups(scenario: Scenario, people: np.ndarray) -> np.ndarray:
    home = ~scenario.country.abroad
    groups = np.zeros((len(fields.GROUP), len(scenario.country.groups)))
    groups[N.people] = scenario.country.people.sum(axis=1)
    groups[N.at_home] = people[Q.residents][:, home].sum(axis=1)
    return groups
