"""Reading a country from a mapping: the shape of `scenarios/country/*.yaml`, key by key.

A <figure> is described in `sim.figures`::

    name: Example
    groups: [north, south]                     # one to six
    shares: {north: <figure>, south: <figure>} # of every place that gives none; one may be left out
    exclusion: {south: <figure>}               # 0 equal part in power .. 1 shut out, likewise
    neighbours:                                # border closed 0 .. open 1, and, if it takes a side,
      Rwanda: {openness: <figure>, support: <figure>}  # feeds the war -1 .. helps peace 1
    capital: Town
    places:
      Town: {latitude: <figure>, longitude: <figure>, population: <figure>, includes: [Village]}
      Village: {latitude: .., longitude: .., population: <figure>, shares: {..}, exclusion: {..}}
      Camp: {latitude: .., longitude: .., neighbour: Rwanda, kind: camp, capacity: <figure>}
    roads:
      - [Town, Village, <figure, km>]
    sources: {coordinates: {source: .., grade: B}, roads: {source: .., grade: B}}  # of bare numbers
    begins: "1993-10-06"        # date of week 0, and the last day on which what is coded was known
    known_until: "1994-04-06"

`includes` says that the figure of a place counts the people of other places of the list too (a town
that stands for its province): they are taken out, so that nobody is counted twice. Where all but
one group have a share, the last one takes the rest. The keys in `SCENARIO_KEYS` may stand beside
these: they belong to the scenario and are not read here. Of them,
`recorded_violence: {Town: [0.0, 0.4, 1.0]}` imposes violence on what people of a place feel, week by
week from week 0 (none 0 .. full effect 1): memory, fear, grievance, trust and norms answer as to deaths
of that effect, while nobody is killed by it and no alarm counts it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError, bad_value, unknown_name
from sim.figures import read_figure
from sim.reading import choice
from sim.starting import MOST_PEOPLE, NEIGHBOUR, PLACE, names_of, read_starting, starting_figure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COUNTRY_KEYS = (
    "name", "groups", "sources", "shares", "exclusion", "neighbours", "capital", "places", "roads",
    "note", "begins", "known_until",
)  # fmt: skip
SCENARIO_KEYS = (
    "government", "society", "armed_groups", "settlement", "shocks", "recorded_violence",
)  # fmt: skip
PLACE_KEYS = (
    "latitude", "longitude", "population", "shares", "exclusion", "neighbour", "kind", "capacity",
    "includes", "note",
)  # fmt: skip
KINDS = ("community", "camp", "hub")
MOST_GROUPS = 6


def read_columns(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of `sim.country.Country`, with `population` and `shares` for `people`.

    Raises
    ------
    ScenarioError
        One line that names the key: a misspelt or missing key, an unknown place, group or
        neighbour, a figure out of range, shares that do not sum to 1, or a place that is counted
        twice.
    """
    _check_keys("", _mapping("country", raw), (*COUNTRY_KEYS, *SCENARIO_KEYS))
    _check_sources(raw.get("sources"))
    _check_dates(raw)
    groups = _names("groups", _need("", raw, "groups"))
    check_names("groups", groups, least=1, most=MOST_GROUPS)
    rows = _mapping("places", _need("", raw, "places"))
    for place, row in rows.items():
        if not isinstance(place, str):
            raise bad_value("places", place, "a name as text")
        _check_keys(f"places.{place}", _mapping(f"places.{place}", row), PLACE_KEYS)
    index = {place: i for i, place in enumerate(rows)}
    neighbours = _read_neighbours(raw.get("neighbours"))
    neighbour, kind = _read_sides(rows, tuple(neighbours))
    population = _read_population(rows, index)
    start, end, km = _read_roads(raw.get("roads"), index)
    return {
        "name": str(_need("", raw, "name")),
        "groups": groups,
        "places": tuple(rows),
        "latitude": _read_column(rows, "latitude", low=-90.0, high=90.0, unit="degrees"),
        "longitude": _read_column(rows, "longitude", low=-180.0, high=180.0, unit="degrees"),
        "population": population,
        "shares": _read_shares(raw.get("shares"), rows, groups, population),
        "exclusion": _read_exclusion(raw.get("exclusion"), rows, groups),
        "neighbours": neighbours,
        "neighbour": neighbour,
        "kind": kind,
        "capital": _place("capital", _need("", raw, "capital"), index),
        "road_from": start,
        "road_to": end,
        "road_km": km,
        "capacity": _read_column(
            rows, "capacity", low=0.0, high=MOST_PEOPLE, unit="persons", default=math.inf
        ),
    }


def check_names(key: str, names: Sequence[str], *, least: int, most: int) -> None:
    """Raise unless there are `least` to `most` names, each once."""
    if not least <= len(names) <= most:
        raise bad_value(key, len(names), f"{least} to {most}", unit="names")
    if len(set(names)) < len(names):
        name, count = Counter(names).most_common(1)[0]
        raise ScenarioError(f"{key}: {name!r} is given {count} times")


def _check_keys(key: str, raw: Mapping[str, Any], valid: Sequence[str]) -> None:
    for name in raw:
        if name not in valid:
            raise unknown_name(key, name, valid)


def _need(key: str, raw: Mapping[str, Any], name: str) -> Any:
    if raw.get(name) is None:
        raise ScenarioError(f"{key}.{name}: missing" if key else f"{name}: missing")
    return raw[name]


def _mapping(key: str, raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise bad_value(key, raw, "a mapping of names to entries")
    return raw


def _check_sources(raw: Any) -> None:
    """Raise unless the sources given for whole columns of bare numbers have a grade."""
    for name, row in _mapping("sources", raw or {}).items():
        if name not in ("coordinates", "roads"):
            raise unknown_name("sources", name, ("coordinates", "roads"))
        read_figure({"value": 0.0, **_mapping(f"sources.{name}", row)}, f"sources.{name}")


def _check_dates(raw: Mapping[str, Any]) -> None:
    """Raise for a date that is none; a run needs neither, whoever reads or checks a case does."""
    for name in ("begins", "known_until"):
        if raw.get(name) is not None:
            try:
                date.fromisoformat(raw[name])
            except (TypeError, ValueError):
                raise bad_value(name, raw[name], 'a date as text, "1993-10-06"') from None


def _names(key: str, raw: Any) -> tuple[str, ...]:
    if isinstance(raw, str) or not isinstance(raw, Iterable):
        raise bad_value(key, raw, "a list of names")
    names = tuple(raw)
    for name in names:
        if not isinstance(name, str):
            raise bad_value(key, name, "a name as text")
    return names


def _place(key: str, name: object, index: Mapping[str, int]) -> int:
    return choice(key, name, index)


def _read_column(
    rows: Mapping[str, Any], name: str, *, low: float, high: float, unit: str,
    default: float | None = None,
) -> Floats:  # fmt: skip
    """Return one figure of every place as a column."""
    column = np.empty(len(rows))
    for i, (place, row) in enumerate(rows.items()):
        raw = row.get(name)
        if raw is None and default is not None:
            column[i] = default
        else:
            raw = _need(f"places.{place}", row, name)
            column[i] = read_figure(raw, f"places.{place}.{name}", low=low, high=high, unit=unit)
    return column


def _read_neighbours(raw: Any) -> dict[str, tuple[float, float]]:
    """Return the openness of each neighbour's border, and its support of war (-1) or peace (1)."""
    found = {}
    for name, row in _mapping("neighbours", raw or {}).items():
        key = f"neighbours.{name}"
        _check_keys(key, _mapping(key, row), (*names_of(NEIGHBOUR), "note"))
        figures = read_starting(NEIGHBOUR, row, key)
        found[str(name)] = (figures["openness"], figures["support"])
    return found


def _read_sides(rows: Mapping[str, Any], states: Sequence[str]) -> tuple[Ints, Ints]:
    """Return in which neighbour each place lies (-1 at home) and of which kind it is."""
    neighbour = np.full(len(rows), -1, dtype=np.int64)
    kind = np.zeros(len(rows), dtype=np.int64)
    for i, (place, row) in enumerate(rows.items()):
        state, word = row.get("neighbour"), row.get("kind")
        if state is not None:
            if state not in states:
                raise unknown_name(f"places.{place}.neighbour", state, states)
            neighbour[i] = states.index(state)
        if word is None:
            word = "community" if state is None else "camp"
        if word not in KINDS:
            raise unknown_name(f"places.{place}.kind", word, KINDS)
        kind[i] = KINDS.index(word)
    return neighbour, kind


def _read_population(rows: Mapping[str, Any], index: Mapping[str, int]) -> Floats:
    """Return whole persons of each place, those of included places taken out."""
    figure = np.empty(len(rows))
    for i, (place, row) in enumerate(rows.items()):
        key, raw = f"places.{place}.population", row.get("population")
        if raw is None and row.get("neighbour") is not None:
            raw = 0
        if raw is None:
            raise ScenarioError(f"{key}: missing")
        number = starting_figure(PLACE, "population").number(raw, key)
        figure[i] = math.floor(number + 0.5)
        given = raw.get("value") if isinstance(raw, Mapping) else raw
        if given is not None and number != figure[i]:
            raise bad_value(key, number, "a whole number", unit="persons")
    population, owner = figure.copy(), dict[str, str]()
    for place, row in rows.items():
        key = f"places.{place}.includes"
        for part in _names(key, row.get("includes") or ()):
            at = _place(key, part, index)
            if part == place or part in owner:
                raise ScenarioError(
                    f"{key}: {part!r} is already counted in {owner.get(part, part)!r}"
                )
            owner[part] = place
            population[index[place]] -= figure[at]
        if population[index[place]] < 0:
            raise ScenarioError(
                f"{key}: these have more people than {place!r}, {figure[index[place]]:.0f}"
            )
    return population


def _read_shares(
    national: Any, rows: Mapping[str, Any], groups: tuple[str, ...], population: Floats
) -> Floats:
    """Return the shares of the groups in each place, (G, N); equal where nobody lives."""
    shares = np.full((len(groups), len(rows)), 1.0 / len(groups))
    default = None
    if national is not None:
        default = _read_split(national, "shares", groups)
    elif len(groups) == 1:
        default = np.ones(1)
    for i, (place, row) in enumerate(rows.items()):
        own = row.get("shares")
        if own is not None:
            shares[:, i] = _read_split(own, f"places.{place}.shares", groups)
        elif default is not None:
            shares[:, i] = default
        elif population[i] > 0:
            raise ScenarioError(
                f"places.{place}.shares: missing, and the country gives none either"
            )
    return shares


def _read_split(raw: Any, key: str, groups: tuple[str, ...]) -> Floats:
    """Return the shares of one place; a single group left out takes the rest."""
    row = _mapping(key, raw)
    _check_keys(key, row, groups)
    split = np.zeros(len(groups))
    for i, group in enumerate(groups):
        if group in row:
            split[i] = read_figure(row[group], f"{key}.{group}", low=0.0, high=1.0)
    absent = [i for i, group in enumerate(groups) if group not in row]
    total = float(split.sum())
    if len(absent) == 1 and total <= 1.0 + 1e-6:
        split[absent[0]] = max(0.0, 1.0 - total)
    elif absent:
        raise ScenarioError(
            f"{key}: missing {', '.join(groups[i] for i in absent)} (given sum {total:g})"
        )
    elif abs(total - 1.0) > 1e-6:
        raise ScenarioError(f"{key}: the shares sum to {total:.9g}, not to 1")
    return np.asarray(split / split.sum(), dtype=np.float64)


def _read_exclusion(national: Any, rows: Mapping[str, Any], groups: tuple[str, ...]) -> Floats:
    """Return exclusion (G, N): a place's own, else the country's, else 0."""

    def read(raw: Any, key: str, column: Floats) -> Floats:
        row = _mapping(key, raw)
        _check_keys(key, row, groups)
        for group, figure in row.items():
            at = groups.index(group)
            column[at] = starting_figure(PLACE, "exclusion").number(figure, f"{key}.{group}")
        return column

    default = read(national or {}, "exclusion", np.zeros(len(groups)))
    exclusion = np.repeat(default[:, None], len(rows), axis=1)
    for i, (place, row) in enumerate(rows.items()):
        if row.get("exclusion") is not None:
            read(row["exclusion"], f"places.{place}.exclusion", exclusion[:, i])
    return exclusion


def _read_roads(raw: Any, index: Mapping[str, int]) -> tuple[Ints, Ints, Floats]:
    """Return the ends and the length in km of every road."""
    rows = [] if raw is None else raw
    if isinstance(rows, (str, Mapping)) or not isinstance(rows, Sequence):
        raise bad_value("roads", rows, "a list of [from, to, km]")
    ends, km = np.empty((len(rows), 2), dtype=np.int64), np.empty(len(rows))
    for i, row in enumerate(rows):
        if isinstance(row, (str, Mapping)) or not isinstance(row, Sequence) or len(row) != 3:
            raise bad_value(f"roads[{i}]", row, "[from, to, km]")
        ends[i] = _place(f"roads[{i}]", row[0], index), _place(f"roads[{i}]", row[1], index)
        km[i] = read_figure(row[2], f"roads[{i}] ({row[0]} - {row[1]})", low=0.0, unit="km")
    return ends[:, 0], ends[:, 1], km
