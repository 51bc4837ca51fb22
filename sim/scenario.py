"""A scenario: country, actors, measures and horizon, read from plain mappings and checked.

Nothing here runs anything. `Scenario.from_mapping` reads what a scenario file says; `sim.initial`
turns a scenario into the columns that both engines start from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sim.actors import Actors
from sim.attributes import read_attributes
from sim.country import COUNTRY_KEYS, SCENARIO_KEYS, Country
from sim.errors import bad_value
from sim.figures import read_figure
from sim.forms import read_forms
from sim.interventions import Measure, read_measures
from sim.kinds import Kind, Role
from sim.mechanisms import read_switches
from sim.parameters import parameter_row
from sim.reading import choice, known_mapping, needed, whole_number
from sim.starting import (
    ARMED_GROUP,
    GOVERNMENT,
    SETTLEMENT,
    SHOCK,
    SOCIETY,
    names_of,
    read_starting,
)

SCENARIO_ENTRIES = (
    "country",
    "actors",
    "interventions",
    "action",
    "parameters",
    "mechanisms",
    "forms",
    "attributes",
    "weeks",
)
ARMED_GROUP_ENTRIES = ("kind", "side", "target", *names_of(ARMED_GROUP))
SHOCK_ENTRIES = ("week", "kind", *names_of(SHOCK))
LONGEST = 2080
"""Longest horizon, weeks (40 years)."""


@dataclass(frozen=True, slots=True)
class GovernmentStart:
    """The government at the start: group (index), role, figures in [0, 1], money (million USD)."""

    group: int
    role: Role
    capacity: float
    commitment: float
    accountability: float
    consent: float
    legitimacy: float
    cohesion: float
    focal_point: float
    human_rights_institution: float
    ombudsman: float
    oversight: float
    courts: float
    budget: float


@dataclass(frozen=True, slots=True)
class Society:
    """What people of the country believe and live by at the start, figures in [0, 1]."""

    trust: float
    norms: float
    livelihoods: float
    justice: float
    inequality: float
    civil_society: float


@dataclass(frozen=True, slots=True)
class ArmedGroupStart:
    """An armed group at the start: sides are indices of groups, strength is armed persons."""

    name: str
    kind: Kind
    side: int
    target: int
    strength: float
    discipline: float
    command: float


@dataclass(frozen=True, slots=True)
class Shock:
    """An exogenous event: its week, or -1 and a rate (1/year), and what it brings, in [0, 1]."""

    week: int
    kind: str
    threat: float
    grievance: float
    fear: float
    division: float = 0.0
    livelihoods: float = 0.0
    arms: float = 0.0
    rate: float = 0.0


@dataclass(frozen=True, eq=False)
class Scenario:
    """One world before it runs.

    Attributes
    ----------
    country : Country
    government : GovernmentStart
    society : Society
    armed_groups : tuple of ArmedGroupStart
    settled : bool
        Whether an agreement between the parties is in force at the start.
    shocks : tuple of Shock
    actors : Actors
    measures : tuple of Measure
        In catalogue order.
    start : float
        First week in which outside actors may act, counted from the first shock; infinite = never.
    arrival : float or None
        Weeks from there to a clamped arrival; None when the arrival is what the bargaining gives.
    parameters : ndarray, shape (len(PARAMETERS),)
    switches : dict of str to bool
        Whether each mechanism is on.
    forms : dict of str to int
        Chosen form of the mechanisms that have several, by position in `sim.forms.FORMS`.
    weeks : int
        Horizon, weeks.
    recorded : ndarray, shape (weeks, places), or (0, places) without a record
        Violence that a record imposes on what people feel, in [0, 1].
    """

    country: Country
    government: GovernmentStart
    society: Society
    armed_groups: tuple[ArmedGroupStart, ...]
    settled: bool
    shocks: tuple[Shock, ...]
    actors: Actors
    measures: tuple[Measure, ...]
    start: float
    arrival: float | None
    parameters: np.ndarray
    switches: dict[str, bool]
    forms: dict[str, int]
    weeks: int
    recorded: np.ndarray

    def __post_init__(self) -> None:
        """Raise a ScenarioError if action would begin before the run does."""
        if self.open_week < 0.0:
            first = f"{-self.shock_week} or later, the first week"
            raise bad_value("action.start", self.start, first, unit="weeks from the shock")

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any], *, country: Country | None = None) -> Scenario:
        """Read a scenario.

        Parameters
        ----------
        raw : mapping
            Entries ``country`` (see `sim.country`), ``actors`` (see `sim.actors`),
            ``interventions``, ``action: {start, arrival}``, ``parameters``, ``mechanisms`` (see
            `sim.mechanisms`), ``forms`` (see `sim.forms`), ``attributes`` (see `sim.attributes`)
            and ``weeks``.
        country : Country, optional
            What `read_country` returned for this entry before: of a thousand worlds in one country
            its places are then read once.

        Raises
        ------
        ScenarioError
            One line that names the entry, its value and what is allowed.
        """
        raw = known_mapping("", raw, SCENARIO_ENTRIES)
        place = known_mapping(
            "country", needed("", raw, "country"), (*COUNTRY_KEYS, *SCENARIO_KEYS)
        )
        country = read_country(place) if country is None else country
        start, arrival = read_action(raw.get("action"))
        attributes = read_attributes(raw.get("attributes"))
        weeks = whole_number("weeks", raw.get("weeks", 156), 1, LONGEST, "weeks")
        scenario = cls(
            country=country,
            government=_read_government(place.get("government"), country.groups),
            society=_read_society(place.get("society")),
            armed_groups=_read_armed_groups(place.get("armed_groups"), country.groups),
            settled=_read_settled(place.get("settlement")),
            shocks=_read_shocks(place.get("shocks") or []),
            actors=Actors.from_mapping(raw.get("actors")),
            measures=read_measures(raw.get("interventions"), country.places, country.abroad),
            start=start,
            arrival=arrival,
            parameters=parameter_row(raw.get("parameters")),
            switches=read_switches(raw.get("mechanisms")),
            forms=read_forms(raw.get("forms")),
            weeks=weeks,
            recorded=_read_record(place.get("recorded_violence"), country.places, weeks),
        )
        return scenario.with_attributes(attributes)

    def baseline(self) -> Scenario:
        """Return the same world in which outside actors never act."""
        return replace(self, start=math.inf, arrival=None)

    def with_levers(
        self,
        *,
        start: float | None = None,
        arrival: float | None = None,
        dispersion: float | None = None,
    ) -> Scenario:
        """Return the same world with some levers at other values; None leaves one as it is."""
        changed: dict[str, Any] = {}
        if start is not None:
            changed["start"] = start
        if arrival is not None:
            changed["arrival"] = arrival
        if dispersion is not None:
            changed["actors"] = self.actors.with_dispersion(dispersion)
        return replace(self, **changed)

    def with_attributes(self, attributes: Mapping[str, float]) -> Scenario:
        """Return the same world with national factors in place of its figures.

        Parameters
        ----------
        attributes : mapping of str to float
            As `sim.attributes.read_attributes` returns them.
        """
        if not attributes:
            return self
        return replace(
            self,
            country=_with_neighbours(self.country, attributes),
            government=_with_attributes(self.government, attributes),
            society=_with_attributes(self.society, attributes),
            armed_groups=tuple(
                replace(group, discipline=attributes.get("restraint", group.discipline))
                for group in self.armed_groups
            ),
        )

    @property
    def shock_week(self) -> int:
        """Week of the first dated shock, 0 without one; ``action.start`` is counted from it."""
        return min((shock.week for shock in self.shocks if shock.week >= 0), default=0)

    @property
    def open_week(self) -> float:
        """First week of the run in which outside actors may act; infinite for never."""
        return self.shock_week + self.start

    @property
    def structure(self) -> tuple[Any, ...]:
        """What scenarios must share to be runs of one ensemble: everything but numbers."""
        country = self.country
        return (
            country.groups,
            country.places,
            country.road_from.tobytes(),
            country.road_to.tobytes(),
            country.road_km.tobytes(),
            tuple((group.kind, group.side, group.target) for group in self.armed_groups),
            self.government.group,
            self.actors.names,
            tuple(
                (measure.declaration.name, measure.declaration.parts, measure.coverage)
                for measure in self.measures
            ),
            len(self.shocks),
            self.recorded.shape,
            self.weeks,
        )


def read_country(entry: Mapping[str, Any]) -> Country:
    """Return the places, people and neighbours of a scenario's entry ``country``."""
    return Country.from_mapping({key: entry[key] for key in entry if key in COUNTRY_KEYS})


def read_action(raw: object) -> tuple[float, float | None]:
    """Return start and arrival as a scenario's entry ``action`` gives them; see `Scenario`.

    Raises
    ------
    ScenarioError
        A value that is neither a number of weeks in its range nor the word for none.
    """
    entry = known_mapping("action", raw, ("start", "arrival"))
    start = entry.get("start", 0)
    arrival = entry.get("arrival", "bargained")
    begins = math.inf
    if start not in ("never", math.inf):
        unit = "weeks from the shock, or never"
        begins = float(whole_number("action.start", start, -LONGEST, LONGEST, unit))
    if arrival == "bargained":
        return begins, None
    unit = "weeks from the start of action, or bargained"
    return begins, float(whole_number("action.arrival", arrival, 0, 520, unit))


def _group(key: str, raw: object, groups: tuple[str, ...]) -> int:
    return choice(key, raw, {name: index for index, name in enumerate(groups)})


def _read_government(raw: object, groups: tuple[str, ...]) -> GovernmentStart:
    entry = known_mapping(GOVERNMENT, raw, ("group", "role", *names_of(GOVERNMENT)))
    roles = {role.name.lower(): role for role in Role}
    return GovernmentStart(
        group=_group(f"{GOVERNMENT}.group", needed(GOVERNMENT, entry, "group"), groups),
        role=choice(f"{GOVERNMENT}.role", entry.get("role", "perpetrator"), roles),
        **read_starting(GOVERNMENT, entry, GOVERNMENT),
    )


def _with_attributes[T: (GovernmentStart, Society)](start: T, attributes: Mapping[str, float]) -> T:
    """Return a start in which the national factors of the same names replace its figures."""
    own = {field.name for field in fields(start)}
    changed: dict[str, Any] = {key: value for key, value in attributes.items() if key in own}
    return replace(start, **changed) if changed else start


def _with_neighbours(country: Country, attributes: Mapping[str, float]) -> Country:
    """Return the country with all neighbours as supportive as the factor says."""
    if "neighbours" not in attributes:
        return country
    support = 2.0 * attributes["neighbours"] - 1.0
    changed = tuple(replace(neighbour, support=support) for neighbour in country.neighbours)
    return replace(country, neighbours=changed)


def _read_society(raw: object) -> Society:
    entry = known_mapping(SOCIETY, raw, names_of(SOCIETY))
    return Society(**read_starting(SOCIETY, entry, SOCIETY))


def _read_armed_groups(raw: object, groups: tuple[str, ...]) -> tuple[ArmedGroupStart, ...]:
    kinds = {kind.name.lower(): kind for kind in Kind}
    read = []
    for name, entry in known_mapping("country.armed_groups", raw).items():
        key = f"country.armed_groups.{name}"
        row = known_mapping(key, entry, ARMED_GROUP_ENTRIES)
        kind = choice(f"{key}.kind", needed(key, row, "kind"), kinds)
        side = _group(f"{key}.side", needed(key, row, "side"), groups)
        target = _group(f"{key}.target", needed(key, row, "target"), groups)
        if side == target:
            raise bad_value(f"{key}.target", groups[target], "a group other than its own side")
        figures = read_starting(ARMED_GROUP, row, key)
        read.append(ArmedGroupStart(name, kind, side, target, **figures))
    return tuple(read)


def _read_settled(raw: object) -> bool:
    entry = known_mapping(SETTLEMENT, raw, names_of(SETTLEMENT))
    in_force = read_starting(SETTLEMENT, entry, SETTLEMENT)["in_force"]
    if in_force not in (0.0, 1.0):
        raise bad_value(f"{SETTLEMENT}.in_force", in_force, "0 or 1")
    return in_force == 1.0


def _read_shocks(raw: object) -> tuple[Shock, ...]:
    if not isinstance(raw, list | tuple):
        raise bad_value("country.shocks", raw, "a list of shocks")
    read = []
    for position, entry in enumerate(raw):
        key = f"country.shocks[{position}]"
        row = known_mapping(key, entry, SHOCK_ENTRIES)
        kind, figures = str(row.get("kind", "shock")), read_starting(SHOCK, row, key)
        if "rate" in row:
            if "week" in row:
                raise bad_value(f"{key}.rate", row["rate"], "either a week or a rate")
            read.append(Shock(-1, kind, **figures))
            continue
        week = whole_number(f"{key}.week", needed(key, row, "week"), 0, LONGEST, "weeks")
        read.append(Shock(week, kind, **figures))
    return tuple(read)


def _read_record(raw: object, places: tuple[str, ...], weeks: int) -> np.ndarray:
    """Return recorded violence by week and place; no row where nothing is recorded."""
    entry = known_mapping("country.recorded_violence", raw, places)
    recorded = np.zeros((weeks if entry else 0, len(places)))
    index = {place: i for i, place in enumerate(places)}
    for place, levels in entry.items():
        key = f"country.recorded_violence.{place}"
        if not isinstance(levels, list | tuple):
            raise bad_value(key, levels, "a list of levels, one a week from week 0")
        for week, level in enumerate(levels):
            read = read_figure(level, f"{key}[{week}]", low=0.0, high=1.0, unit="violence felt")
            if week < weeks:
                recorded[week, index[place]] = read
    return recorded
