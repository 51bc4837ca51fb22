"""The columns that a run starts from: a scenario as numbers, shared by both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim import fields
from sim.actors import Actors
from sim.country import Country
from sim.exponential import exp, exp_of_each
from sim.fields import A, C, G, I, M, N, Q, R, S, W
from sim.interventions import X, listed_places, measure_table
from sim.kinds import Coverage, Effect, Kind, Leader, Trigger
from sim.parameters import P
from sim.scenario import ArmedGroupStart, GovernmentStart, Scenario, Shock


class Columns(NamedTuple):
    """One run at its start; or several, whose number is then the first axis of every column.

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
    return Columns(*(column[0] for column in columns_of([scenario])))


def columns_of(scenarios: Sequence[Scenario]) -> Columns:
    """Return the columns of several runs at week 0, the same bits as those of each by itself.

    What scenarios share is worked out once, and the rest for all of them at a time: one by one, the
    columns of a design of single runs took a tenth as long as the runs.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One or more, of one `Scenario.structure`.
    """
    parameters = np.array([scenario.parameters for scenario in scenarios])
    places = scenarios[0].country.places
    kinds = [scenario.actors.kinds for scenario in scenarios]
    measures = _of_each(measure_table, [scenario.measures for scenario in scenarios], kinds)
    # Roads are part of the structure; how far something reaches along them is not.
    graph = scenarios[0].country.graph()
    reaches, which = np.unique(parameters[:, P.road_reach], return_inverse=True)
    nearness = exp_of_each(-graph.km / reaches[:, None])[which]
    communities = _communities(scenarios, nearness[:, graph.nearest])
    people = _people(scenarios, parameters)
    presence = _presence(scenarios, parameters, people)
    return Columns(
        nearness=nearness,
        parameters=parameters,
        settings=_settings(scenarios, measures),
        measures=measures,
        listed=_of_each(
            lambda given: listed_places(given, places), [case.measures for case in scenarios]
        ),
        shocks=_of_each(_shocks, [scenario.shocks for scenario in scenarios]),
        recorded=np.array([scenario.recorded for scenario in scenarios]),
        world=_world(scenarios, communities),
        government=_government([scenario.government for scenario in scenarios]),
        groups=_groups(scenarios, people),
        actors=_actors([scenario.actors for scenario in scenarios], parameters),
        armed=_armed(scenarios, parameters, presence),
        communities=communities,
        people=people,
        presence=presence,
        programmes=_programmes(measures),
    )


def _of_each(function: Callable[..., Any], *things: Sequence[Any]) -> np.ndarray:
    """Return what a function gives for the things of each scenario, called once for what is shared."""
    rows = list(zip(*things, strict=True))
    shared = {tuple(map(id, row)): row for row in rows}
    found = np.array([function(*row) for row in shared.values()], dtype=np.float64)
    position = {key: number for number, key in enumerate(shared)}
    return found[[position[tuple(map(id, row))] for row in rows]]


def _figures(things: Sequence[Any], name: str) -> np.ndarray:
    return np.array([getattr(thing, name) for thing in things], dtype=np.float64)


def _settings(scenarios: Sequence[Scenario], measures: np.ndarray) -> np.ndarray:
    settings = np.zeros((len(scenarios), len(fields.SETTINGS)))
    settings[:, S.open_week] = _figures(scenarios, "open_week")
    settings[:, S.arrival_delay] = [
        -1.0 if scenario.arrival is None else scenario.arrival for scenario in scenarios
    ]
    actors = [scenario.actors for scenario in scenarios]
    settings[:, S.quota] = _figures(actors, "quota")
    settings[:, S.consensus] = _figures(actors, "consensus")
    settings[:, [S.mean_pressure, S.mean_protection]] = _figures(actors, "mean")
    mandated = measures[:, :, X.trigger] == float(Trigger.MANDATE)
    settings[:, S.mandated] = (mandated & (measures[:, :, X.intensity] > 0.0)).any(axis=1)
    settings[:, S.troops_coverage] = _coverage(measures, Effect.TROOPS, Coverage.MOST_AT_RISK)
    settings[:, S.aid_coverage] = _coverage(measures, Effect.AID, Coverage.ALL)
    countries = [scenario.country for scenario in scenarios]
    settings[:, [S.feeding, S.helping]] = _of_each(_support, countries)
    settings[:, S.population] = _of_each(lambda country: country.people.sum(), countries)
    for name in scenarios[0].switches:
        settings[:, getattr(S, name)] = [scenario.switches[name] for scenario in scenarios]
    for name in scenarios[0].forms:
        settings[:, getattr(S, f"form_{name}")] = [scenario.forms[name] for scenario in scenarios]
    return settings


def _coverage(measures: np.ndarray, effect: Effect, usual: Coverage) -> np.ndarray:
    """Return where the troops or the aid of each scenario go; a zero dose has no say in it."""
    coverage = np.full(len(measures), float(usual))
    # What a row does is part of the structure.
    for row in np.flatnonzero(measures[0, :, X.effect] == float(effect)):
        active = measures[:, row, X.intensity] > 0.0
        coverage[active] = measures[active, row, X.coverage]
    return coverage


def _support(country: Country) -> tuple[float, float]:
    """Return the mean support of the neighbours for the war, and for peace."""
    support = [neighbour.support for neighbour in country.neighbours]
    if not support:
        return 0.0, 0.0
    feeding = sum(max(0.0, -value) for value in support) / len(support)
    return feeding, sum(max(0.0, value) for value in support) / len(support)


def _shocks(shocks: Sequence[Shock]) -> np.ndarray:
    rows = [
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
        for shock in shocks
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 8)


def _world(scenarios: Sequence[Scenario], communities: np.ndarray) -> np.ndarray:
    world = np.zeros((len(scenarios), len(fields.WORLD)))
    world[:, W.civil_society] = _figures([case.society for case in scenarios], "civil_society")
    world[:, W.control] = world[:, W.credit] = 1.0
    ways = communities[:, C.abroad] * communities[:, C.openness] * communities[:, C.room]
    world[:, W.outlet] = ways.max(axis=1, initial=0.0)
    world[:, W.agreement] = _figures(scenarios, "settled")
    world[:, W.mandate_week] = -1.0
    world[:, W.mandate_since] = -1.0
    return world


def _government(starts: Sequence[GovernmentStart]) -> np.ndarray:
    government = np.zeros((len(starts), len(fields.GOVERNMENT)))
    government[:, G.group] = _figures(starts, "group")
    government[:, G.role] = _figures(starts, "role")
    government[:, G.openness] = government[:, G.consent] = _figures(starts, "consent")
    government[:, G.budget] = _figures(starts, "budget")
    government[:, G.capacity] = government[:, G.capacity_usual] = _figures(starts, "capacity")
    government[:, G.commitment] = government[:, G.commitment_usual] = _figures(starts, "commitment")
    government[:, G.accountability] = government[:, G.accountability_usual] = _figures(
        starts, "accountability"
    )
    government[:, G.legitimacy] = government[:, G.legitimacy_usual] = _figures(starts, "legitimacy")
    government[:, G.cohesion] = government[:, G.cohesion_usual] = _figures(starts, "cohesion")
    government[:, G.focal_point] = government[:, G.focal_point_usual] = _figures(
        starts, "focal_point"
    )
    government[:, G.ombudsman] = government[:, G.ombudsman_usual] = _figures(starts, "ombudsman")
    government[:, G.oversight] = government[:, G.oversight_usual] = _figures(starts, "oversight")
    government[:, G.courts] = government[:, G.courts_usual] = _figures(starts, "courts")
    institution = _figures(starts, "human_rights_institution")
    government[:, G.human_rights_institution] = institution
    government[:, G.human_rights_institution_usual] = institution
    return government


def _actors(starts: Sequence[Actors], row: np.ndarray) -> np.ndarray:
    actors = np.zeros((len(starts), len(fields.ACTOR), len(starts[0].names)))
    actors[:, [I.position_pressure, I.position_protection]] = [
        start.positions() for start in starts
    ]
    actors[:, I.kind] = _of_each(_kinds, [start.kinds for start in starts])
    actors[:, I.weight] = _figures(starts, "weight")
    actors[:, I.tie] = _figures(starts, "tie")
    actors[:, I.veto] = _figures(starts, "veto")
    actors[:, I.salience] = actors[:, I.salience_usual] = _figures(starts, "salience")
    actors[:, I.endowment] = _figures(starts, "endowment")
    actors[:, I.contribution] = _figures(starts, "contribution")
    # What a long quiet leads to: evidence against and forgetting in balance.
    quiet = row[:, P.belief_evidence] * row[:, P.belief_midpoint] / row[:, P.belief_forgetting]
    actors[:, I.belief] = (row[:, P.belief_prior] - quiet)[:, None]
    return actors


def _kinds(kinds: Sequence[str]) -> list[float]:
    return [float(Leader[kind.upper()]) for kind in kinds]


def _armed(scenarios: Sequence[Scenario], row: np.ndarray, presence: np.ndarray) -> np.ndarray:
    armed = np.zeros((len(scenarios), len(fields.ARMED_GROUP), presence.shape[2]))
    for index, starts in _armed_groups(scenarios):
        armed[:, A.kind, index] = _figures(starts, "kind")
        armed[:, A.side, index] = _figures(starts, "side")
        armed[:, A.target, index] = _figures(starts, "target")
        discipline = _figures(starts, "discipline")
        armed[:, A.discipline, index] = armed[:, A.discipline_usual, index] = discipline
        armed[:, A.command, index] = _figures(starts, "command")
    strength = presence[:, M.armed].sum(axis=2)
    armed[:, A.strength] = armed[:, A.strength_usual] = armed[:, A.strength_peak] = strength
    certain, expected = row[:, P.enforcement_certainty, None], row[:, P.enforcement_prior, None]
    armed[:, A.enforced] = certain * expected
    armed[:, A.unenforced] = certain * (1.0 - expected)
    armed[:, A.belief] = expected
    armed[:, A.forum] = -1.0
    return armed


def _armed_groups(
    scenarios: Sequence[Scenario],
) -> Iterator[tuple[int, tuple[ArmedGroupStart, ...]]]:
    """Return the position of each armed group, and how it starts in every scenario."""
    groups = (scenario.armed_groups for scenario in scenarios)
    return enumerate(zip(*groups, strict=True))


def _communities(scenarios: Sequence[Scenario], nearest: np.ndarray) -> np.ndarray:
    """Return the communities, given the pull of each one's nearest neighbour by distance."""
    countries = [scenario.country for scenario in scenarios]
    society = [scenario.society for scenario in scenarios]
    shape = len(scenarios), len(fields.COMMUNITY), len(countries[0].places)
    communities = np.zeros(shape)
    communities[:, C.abroad] = abroad = _of_each(lambda country: country.abroad, countries)
    communities[:, C.openness] = _of_each(_openness, countries)
    communities[np.arange(shape[0]), C.capital, _figures(countries, "capital").astype(int)] = 1.0
    communities[:, C.population] = _of_each(lambda country: country.population, countries)
    communities[:, C.capacity] = _of_each(lambda country: country.capacity, countries)
    communities[:, C.room] = communities[:, C.admitted] = 1.0
    communities[:, C.control] = 1.0 - abroad
    communities[:, C.isolation] = 1.0 - nearest if nearest.size else 0.0
    livelihoods = _figures(society, "livelihoods")[:, None]
    communities[:, C.livelihoods] = communities[:, C.livelihoods_usual] = livelihoods
    justice = _figures(society, "justice")[:, None]
    communities[:, C.justice] = communities[:, C.justice_usual] = justice
    civil_society = _figures(society, "civil_society")[:, None]
    communities[:, C.civil_society] = communities[:, C.civil_society_usual] = civil_society
    return communities


def _openness(country: Country) -> np.ndarray:
    """Return how open the border before each place is, 1 for places at home."""
    openness, abroad = np.ones(len(country.places)), country.abroad
    of_states = np.array([neighbour.openness for neighbour in country.neighbours])
    if abroad.any():
        openness[abroad] = of_states[country.neighbour[abroad]]
    return openness


def _people(scenarios: Sequence[Scenario], row: np.ndarray) -> np.ndarray:
    countries = [scenario.country for scenario in scenarios]
    society = [scenario.society for scenario in scenarios]

    def figure(name: str) -> np.ndarray:
        return _figures(society, name)[:, None, None]

    everyone = _of_each(lambda country: country.people, countries)
    home = _of_each(lambda country: ~country.abroad, countries)[:, None]
    exclusion = _of_each(lambda country: country.exclusion, countries)
    people = np.zeros((len(scenarios), len(fields.PEOPLE), *everyone.shape[1:]))
    people[:, Q.residents] = home * everyone
    people[:, Q.displaced] = (1.0 - home) * everyone
    people[:, Q.exclusion] = people[:, Q.exclusion_usual] = exclusion
    inequality = figure("inequality") * exclusion
    people[:, Q.inequality] = people[:, Q.inequality_usual] = inequality
    weight = row[:, P.inequality_grievance, None, None]
    sustained = exclusion + (1.0 - exclusion) * weight * inequality
    people[:, Q.trust] = people[:, Q.trust_usual] = figure("trust")
    people[:, Q.norms] = people[:, Q.norms_usual] = figure("norms")
    people[:, Q.grievance] = people[:, Q.grievance_usual] = sustained
    return people


def _programmes(measures: np.ndarray) -> np.ndarray:
    programmes = np.zeros((measures.shape[0], len(fields.PROGRAMME), measures.shape[1]))
    programmes[:, R.begun] = -1.0
    return programmes


def _presence(scenarios: Sequence[Scenario], row: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Spread each armed group over the homes of its side (state forces: of everyone)."""
    armed_groups, places = len(scenarios[0].armed_groups), people.shape[3]
    presence = np.zeros((len(scenarios), len(fields.PRESENCE), armed_groups, places))
    for index, starts in _armed_groups(scenarios):
        state = starts[0].kind is Kind.STATE
        # Nobody resides in places abroad.
        residents = people[:, Q.residents]
        own = residents.sum(axis=1) if state else residents[:, starts[0].side]
        standing = _figures(starts, "strength")[:, None] * _parts(own, own.sum(axis=1)[:, None])
        if not state:
            most = row[:, P.mobilisation_ceiling, None] * own
            standing = np.minimum(standing, most)
            presence[:, M.mobilised, index] = _parts(standing, most)
        presence[:, M.standing, index] = presence[:, M.armed, index] = standing
    return presence


def _parts(numbers: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return the quotient, and 0 where it would be 0 / 0."""
    quotient: np.ndarray = np.divide(numbers, of, out=np.zeros_like(numbers), where=of > 0.0)
    return quotient


def _groups(scenarios: Sequence[Scenario], people: np.ndarray) -> np.ndarray:
    groups = np.zeros((len(scenarios), len(fields.GROUP), people.shape[2]))
    # Nobody resides in places abroad.
    groups[:, N.at_home] = people[:, Q.residents].sum(axis=2)
    groups[:, N.people] = people[:, [Q.residents, Q.displaced]].sum(axis=(1, 3))
    return groups
