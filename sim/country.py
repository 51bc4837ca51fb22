"""A country: its places, people, identity groups, roads and neighbours, as columns.

A `Country` comes through one of three doors: a mapping (`sim.country_reader`), tables of towns and
roads (`sim.country_import`), or the generator (`sim.country_generator`). Its columns are checked
when it is made, whichever door it came through.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.country_reader import (
    COUNTRY_KEYS,
    KINDS,
    MOST_GROUPS,
    SCENARIO_KEYS,
    Floats,
    Ints,
    check_names,
    read_columns,
)
from sim.errors import ScenarioError, bad_value
from sim.exponential import exp_of_each
from sim.starting import MOST_PEOPLE

__all__ = [
    "COUNTRY_KEYS",
    "KINDS",
    "SCENARIO_KEYS",
    "Country",
    "Graph",
    "Neighbour",
    "split_people",
]

MOST_PLACES = 1_000_000
CONTACT_KM = 50.0
"""Distance in km over which contact between neighbouring places falls to 1/e (assumed)."""


@dataclass(frozen=True)
class Neighbour:
    """A state at the border.

    Attributes
    ----------
    name : str
    openness : float
        Border closed 0 .. open to all who flee 1.
    support : float
        Feeds the war across the border -1 .. helps peace 1; 0 for neither.
    """

    name: str
    openness: float
    support: float = 0.0


@dataclass(frozen=True, eq=False)
class Graph:
    """Neighbours of every place in compressed rows: row i is ``start[i]:start[i + 1]``.

    Attributes
    ----------
    start : int64 (N + 1,)
        First entry of each row.
    place : int64 (2E,)
        The neighbouring place, ascending within a row.
    km : float64 (2E,)
        Length of the road, km.
    weight : float64 (2E,)
        Contact weight exp(-km / `CONTACT_KM`), summing to 1 over each row that has an entry.
    nearest : int64 (N,)
        Entry of the shortest road of each place; empty in a country of one place, which has none.
    """

    start: Ints
    place: Ints
    km: Floats
    weight: Floats
    nearest: Ints


@dataclass(frozen=True, eq=False)
class Country:
    """N places and G groups as read-only columns, checked when made.

    Attributes
    ----------
    name : str
    groups, places : tuple of str
        Names; G is 1 to 6, N is 1 to 1,000,000.
    latitude, longitude : float64 (N,)
        Degrees.
    people : float64 (G, N)
        Whole persons at the start.
    exclusion : float64 (G, N)
        Share of a group's people shut out of power and public goods, 0 to 1.
    neighbours : tuple of Neighbour
        States at the border.
    neighbour : int64 (N,)
        Which of `neighbours` a place lies in; -1 at home.
    kind : int64 (N,)
        Index into `KINDS`; a place abroad is a camp or a hub.
    capital : int
        Index of the capital.
    road_from, road_to : int64 (E,)
        Ends of the roads, which run both ways; at most one road between two places.
    road_km : float64 (E,)
        Their lengths, km, above 0. All places hang together by roads.
    capacity : float64 (N,)
        Persons a camp can take in; infinite where unknown.
    """

    name: str
    groups: tuple[str, ...]
    places: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    people: Floats
    exclusion: Floats
    neighbours: tuple[Neighbour, ...]
    neighbour: Ints
    kind: Ints
    capital: int
    road_from: Ints
    road_to: Ints
    road_km: Floats
    capacity: Floats

    def __post_init__(self) -> None:
        """Copy, freeze and check the columns."""
        n, g, e = len(self.places), len(self.groups), np.size(self.road_km)
        check_names("groups", self.groups, least=1, most=MOST_GROUPS)
        check_names("places", self.places, least=1, most=MOST_PLACES)
        shapes: dict[str, tuple[int, ...]] = {
            "people": (g, n), "exclusion": (g, n), "road_from": (e,), "road_to": (e,),
            "road_km": (e,), **dict.fromkeys(("latitude", "longitude", "capacity"), (n,)),
            **dict.fromkeys(("neighbour", "kind"), (n,)),
        }  # fmt: skip
        integers = ("neighbour", "kind", "road_from", "road_to")
        for column, shape in shapes.items():
            value = np.array(
                getattr(self, column), dtype=np.int64 if column in integers else np.float64
            )
            if value.shape != shape:
                raise ScenarioError(f"{column}: shape {value.shape} where {shape} is needed")
            value.setflags(write=False)
            object.__setattr__(self, column, value)
        _check_places(self)
        _check_roads(self)

    @property
    def abroad(self) -> NDArray[np.bool_]:
        """Which places lie across a border: bool (N,)."""
        return self.neighbour >= 0

    @property
    def population(self) -> Floats:
        """Persons at the start in each place, all groups: float64 (N,)."""
        return np.asarray(self.people.sum(axis=0), dtype=np.float64)

    def graph(self) -> Graph:
        """Return the neighbour graph; made once, because every point of a design asks for it."""
        return self._graph

    @functools.cached_property
    def _graph(self) -> Graph:
        origin = np.concatenate([self.road_from, self.road_to])
        target = np.concatenate([self.road_to, self.road_from])
        order = np.lexsort((target, origin))
        origin, target = origin[order], target[order]
        km = np.concatenate([self.road_km, self.road_km])[order]
        n = len(self.places)
        start = np.zeros(n + 1, dtype=np.int64)
        np.cumsum(np.bincount(origin, minlength=n), out=start[1:])
        # By length within each row: all places hang together, so that every row has an entry.
        nearest = np.lexsort((km, origin))[start[:-1]] if n > 1 else np.zeros(0, dtype=np.int64)
        # Measured from the nearest neighbour, so that no row of long roads underflows to 0 / 0.
        raw = exp_of_each((km[nearest][origin] - km) / CONTACT_KM)
        weight = raw / np.bincount(origin, weights=raw, minlength=n)[origin]
        for column in (start, target, km, weight, nearest):
            column.setflags(write=False)
        return Graph(start=start, place=target, km=km, weight=weight, nearest=nearest)

    def __getstate__(self) -> dict[str, Any]:
        """Travel without the graph, which is made again where it is wanted."""
        return {key: value for key, value in vars(self).items() if key != "_graph"}

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Country:
        """Return the country that a mapping describes (its shape: `sim.country_reader`).

        Raises
        ------
        ScenarioError
            As `sim.country_reader.read_columns`; also for a road to itself or given twice, and for
            parts that no road joins.
        """
        columns = read_columns(raw)
        people = split_people(columns.pop("population"), columns.pop("shares"))
        neighbours = tuple(
            Neighbour(name, *figures) for name, figures in columns.pop("neighbours").items()
        )
        return cls(people=people, neighbours=neighbours, **columns)

    def to_mapping(self) -> dict[str, Any]:
        """Return a mapping of bare numbers from which `from_mapping` makes the same country."""
        population = self.population
        rows: dict[str, Any] = {}
        for i, place in enumerate(self.places):
            row: dict[str, Any] = {
                "latitude": float(self.latitude[i]),
                "longitude": float(self.longitude[i]),
                "population": int(population[i]),
            }
            if population[i] > 0:
                share = self.people[:, i] / population[i]
                row["shares"] = dict(zip(self.groups, share.tolist(), strict=True))
            row["exclusion"] = dict(zip(self.groups, self.exclusion[:, i].tolist(), strict=True))
            if self.kind[i]:
                row["kind"] = KINDS[self.kind[i]]
            if self.neighbour[i] >= 0:
                row["neighbour"] = self.neighbours[self.neighbour[i]].name
            if math.isfinite(self.capacity[i]):
                row["capacity"] = float(self.capacity[i])
            rows[place] = row
        ends = zip(
            self.road_from.tolist(), self.road_to.tolist(), self.road_km.tolist(), strict=True
        )
        return {
            "name": self.name,
            "groups": list(self.groups),
            "neighbours": {
                item.name: {"openness": item.openness, "support": item.support}
                for item in self.neighbours
            },
            "capital": self.places[self.capital],
            "places": rows,
            "roads": [[self.places[a], self.places[b], km] for a, b, km in ends],
        }


def split_people(population: ArrayLike, shares: ArrayLike) -> Floats:
    """Return whole persons by group, shape (G, N), whose sums are exactly `population`.

    Largest remainders: each group gets the whole part of its share, and the persons left over go
    to the largest remainders, on a tie to the group named first.

    Parameters
    ----------
    population : array (N,)
        Whole persons.
    shares : array (G, N)
        Shares of the groups, each column summing to 1.
    """
    total = np.asarray(population, dtype=np.float64)
    quota = np.asarray(shares, dtype=np.float64) * total
    whole = np.floor(quota)
    left = total - whole.sum(axis=0)
    rank = np.argsort(np.argsort(whole - quota, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(whole + (rank < left), dtype=np.float64)


# --- checks on columns, for countries from any door ---------------------------------------------


def _check_places(country: Country) -> None:
    """Raise for the first place whose figures are out of range."""
    n, states = len(country.places), len(country.neighbours)
    checks: tuple[tuple[str, Any, float, float, str], ...] = (
        ("latitude", country.latitude, -90.0, 90.0, "degrees"),
        ("longitude", country.longitude, -180.0, 180.0, "degrees"),
        ("people", country.people, 0.0, MOST_PEOPLE, "persons"),
        ("exclusion", country.exclusion, 0.0, 1.0, "share"),
        ("capacity", country.capacity, 0.0, math.inf, "persons"),
        ("neighbour", country.neighbour, -1, states - 1, "index"),
        ("kind", country.kind, 0, len(KINDS) - 1, "index"),
    )
    for column, value, low, high, unit in checks:
        wrong = np.argwhere(~((value >= low) & (value <= high)))
        if wrong.size:
            at = tuple(wrong[0])
            key = f"places.{country.places[at[-1]]}.{column}"
            raise bad_value(key, value[at].item(), f"between {low:g} and {high:g}", unit=unit)
    part = np.flatnonzero((country.people != np.floor(country.people)).any(axis=0))
    if part.size:
        raise ScenarioError(f"places.{country.places[part[0]]}.people: persons are whole numbers")
    mixed = np.flatnonzero(country.abroad & (country.kind == KINDS.index("community")))
    if mixed.size:
        where = f"places.{country.places[mixed[0]]}.kind"
        raise bad_value(where, "community", "camp or hub for a place across the border")
    if not 0 <= country.capital < n:
        raise bad_value("capital", country.capital, "the index of a place")
    if country.abroad[country.capital]:
        raise bad_value("capital", country.places[country.capital], "a place of the country itself")
    names = [item.name for item in country.neighbours]
    check_names("neighbours", names, least=0, most=MOST_PLACES)
    for item in country.neighbours:
        if not 0.0 <= item.openness <= 1.0:
            raise bad_value(f"neighbours.{item.name}.openness", item.openness, "between 0 and 1")
        if not -1.0 <= item.support <= 1.0:
            raise bad_value(f"neighbours.{item.name}.support", item.support, "between -1 and 1")


def _check_roads(country: Country) -> None:
    """Raise for a road that is no road, and for parts that no road joins."""
    start, end, km, names = country.road_from, country.road_to, country.road_km, country.places
    n = len(names)

    def road(i: int) -> str:
        return f"roads: {names[start[i]]} - {names[end[i]]}"

    if ((start < 0) | (start >= n) | (end < 0) | (end >= n)).any():
        raise ScenarioError("roads: an end is not the index of a place")
    for i in np.flatnonzero(start == end)[:1]:
        raise ScenarioError(f"{road(i)}: a road must join two different places")
    for i in np.flatnonzero(~((km > 0) & np.isfinite(km)))[:1]:
        raise bad_value(road(i), km[i].item(), "a length above 0", unit="km")
    pair = np.minimum(start, end) * n + np.maximum(start, end)
    _, first = np.unique(pair, return_index=True)
    if first.size < pair.size:
        again = np.setdiff1d(np.arange(pair.size), first)[0]
        raise ScenarioError(f"{road(again)}: this road is given twice")
    joined = coo_array((np.ones(start.size), (start, end)), shape=(n, n))
    parts, label = connected_components(joined, directed=False)
    if parts > 1:
        raise ScenarioError(_parts_apart(names, label, parts))


def _parts_apart(names: Sequence[str], label: NDArray[Any], parts: int) -> str:
    """Return the line that names each part by its first member in the alphabet."""
    size = np.bincount(label, minlength=parts)
    first: dict[int, str] = {}
    for name, part in sorted(zip(names, label.tolist(), strict=True)):
        first.setdefault(part, name)
    shown = [
        f"{first[part]!r} ({size[part]} place{'s' if size[part] > 1 else ''})"
        for part in sorted(first, key=lambda part: (-size[part], first[part]))[:6]
    ]
    more = f" and {parts - 6} more" if parts > 6 else ""
    return f"roads: no road joins {parts} parts, those of " + ", ".join(shown) + more
