"""Synthetic countries: random towns on a planar road graph, segregation and inequality tunable.

Towns lie at random in a square and are joined by the Gabriel graph: a road runs between two towns
if no third lies in the circle that has it as diameter. It is planar, hangs together because it
contains the shortest spanning tree, and gives a town about four roads (Gabriel & Sokal 1969,
Systematic Zoology 18). Town sizes are log-normal, as settlement sizes are (Eeckhout 2004, AER 94).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from sim.country import MOST_PLACES, Country, Neighbour, split_people
from sim.country_reader import KINDS, MOST_GROUPS
from sim.errors import ScenarioError, bad_value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPACING_KM = 15.0
"""Side of the square that a town has to itself, km."""
WIDEST_KM = 2000.0
"""Largest side of a country, km: beyond it towns lie closer, and degrees stay nearly square."""
DETOUR = 1.3
"""Length of a road over the straight line (usual in road networks: 1.2 to 1.4)."""
KM_PER_DEGREE = 111.2
WAVES = 12


def generate_country(
    *,
    communities: int,
    groups: int = 2,
    segregation: float = 0.5,
    inequality: float = 0.5,
    neighbours: int = 0,
    seed: int,
    shares: Sequence[float] | None = None,
    people: float = 20_000.0,
    spread: float = 1.0,
    openness: float = 0.7,
    support: float = 0.0,
) -> Country:
    """Return a synthetic country, the same one for the same arguments.

    Parameters
    ----------
    communities : int
        Towns, 1 to 1,000,000; each neighbour adds a camp across the border.
    groups : int
        Identity groups, 2 to 6; the first one rules.
    segregation : float
        0 (each town has the national shares) to 1 (each town is of one group): the share of
        group g in town i is ``(1 - segregation) * b_g + segregation * [i lies in g's territory]``.
        Territories are smooth in space; b keeps the national shares. For two groups this is the
        index of dissimilarity (Duncan & Duncan 1955), up to the size of the town at the edge.
    inequality : float
        0 to 1: mean exclusion of the groups that do not rule. It varies smoothly over towns by as
        much as leaves it between 0 and 1.
    neighbours : int
        States at the border, 0 to 12.
    seed : int
        0 or more.
    shares : sequence of float, optional
        National shares of the groups, summing to 1; falling as 1, 1/2, 1/3, ... if left out.
    people : float
        Mean persons in a town, 10 to 10,000,000.
    spread : float
        Standard deviation of the logarithm of town size, 0 to 2.
    openness : float
        Openness of each neighbour's border, 0 to 1.
    support : float
        Of each neighbour: feeds the war -1 .. helps peace 1.

    Raises
    ------
    ScenarioError
        For an argument out of range, naming it.
    """
    _check("communities", communities, 1, MOST_PLACES, whole=True)
    _check("groups", groups, 2, MOST_GROUPS, whole=True)
    _check("segregation", segregation, 0, 1)
    _check("inequality", inequality, 0, 1)
    _check("neighbours", neighbours, 0, 12, whole=True)
    _check("seed", seed, 0, 2**64 - 1, whole=True)
    _check("people", people, 10, 1e7, unit="persons")
    _check("spread", spread, 0, 2)
    _check("openness", openness, 0, 1)
    _check("support", support, -1, 1)
    national = _national(groups, shares)
    draw = np.random.Generator(np.random.Philox(seed))
    side = min(SPACING_KM * math.sqrt(communities), WIDEST_KM)
    town = draw.random((communities, 2))
    town = town[along_a_curve(town)] * side
    size = draw.lognormal(0.0, spread, communities)
    population = np.maximum(1.0, np.rint(size * (communities * people / size.sum())))
    territory = _territory(town / side, population, national, draw)
    share = _shares(territory, population, national, segregation)
    exclusion = np.zeros((groups, communities + neighbours))
    room = min(inequality, 1.0 - inequality)
    for group in range(1, groups):
        level = inequality + room * _even(_smooth(town / side, draw))
        exclusion[group, :communities] = np.clip(level, 0.0, 1.0)
    camp, gate = _camps(town, side, neighbours)
    road = np.concatenate([gabriel_graph(town), gate])
    spot = np.concatenate([town, camp])
    km = DETOUR * np.hypot(*(spot[road[:, 0]] - spot[road[:, 1]]).T)
    width = len(str(communities))
    return Country(
        name=f"Synthetic {communities}-{seed}",
        groups=tuple(f"group_{g + 1}" for g in range(groups)),
        places=(
            *(f"town_{i:0{width}d}" for i in range(1, communities + 1)),
            *(f"camp_{k}" for k in range(1, neighbours + 1)),
        ),
        latitude=(spot[:, 1] - side / 2) / KM_PER_DEGREE,
        longitude=(spot[:, 0] - side / 2) / KM_PER_DEGREE,
        people=np.hstack([split_people(population, share), np.zeros((groups, neighbours))]),
        exclusion=exclusion,
        neighbours=tuple(
            Neighbour(f"neighbour_{k + 1}", openness, support) for k in range(neighbours)
        ),
        neighbour=np.concatenate([np.full(communities, -1), np.arange(neighbours)]),
        kind=np.repeat([KINDS.index("community"), KINDS.index("camp")], [communities, neighbours]),
        capital=int(np.argmax(population)),
        road_from=road[:, 0],
        road_to=road[:, 1],
        road_km=np.maximum(km, 1e-3),
        capacity=np.full(communities + neighbours, np.inf),
    )


def generate_mapping(*, capacity: float = 0.35, **arguments: Any) -> dict[str, Any]:
    """Return a synthetic country as a mapping, with a government, armed groups and a shock.

    The first group rules, and its forces and militia stand against the second; armed strengths per
    head are those of Burundi before 2015.

    Parameters
    ----------
    capacity : float
        Capacity of the state, 0 to 1.
    **arguments
        Those of `generate_country`.

    Raises
    ------
    ScenarioError
        For an argument out of range, naming it.
    """
    _check("capacity", capacity, 0, 1)
    country = generate_country(**arguments)
    ruling, rival = country.groups[:2]
    total = float(country.population.sum())
    against = {"side": ruling, "target": rival}
    return country.to_mapping() | {
        "government": {
            "group": ruling, "capacity": float(capacity), "commitment": 0.35, "accountability": 0.2,
            "consent": 0.3,
        },
        "armed_groups": {
            "army": {"kind": "state", **against, "strength": total * 0.004, "discipline": 0.6},
            "militia": {"kind": "militia", **against, "strength": total * 0.001, "discipline": 0.3},
            "rebels": {
                "kind": "rebel", "side": rival, "target": ruling, "strength": total * 0.0001,
                "discipline": 0.4,
            },
        },
        "shocks": [
            {
                "week": 26, "kind": "contested_election", "threat": 0.45, "grievance": 0.3,
                "fear": 0.3,
            }
        ],
    }  # fmt: skip


def gabriel_graph(points: Floats) -> Ints:
    """Return the edges (E, 2) of the Gabriel graph of points (N, 2), in ascending order.

    An edge of the Delaunay triangulation belongs to it if neither triangle beside the edge has an
    obtuse angle opposite to it.
    """
    n = len(points)
    if n < 3:
        return np.array([[0, 1]][: n - 1], dtype=np.int64).reshape(-1, 2)
    corner = np.asarray(Delaunay(points).simplices, dtype=np.int64)
    edges, sharp = [], []
    for a, b, opposite in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        apex = points[corner[:, opposite]]
        arms = (points[corner[:, a]] - apex) * (points[corner[:, b]] - apex)
        edges.append(np.sort(corner[:, [a, b]], axis=1))
        sharp.append(arms.sum(axis=1) >= 0.0)
    edge, which = np.unique(np.concatenate(edges), axis=0, return_inverse=True)
    blunt = np.bincount(which.ravel(), weights=~np.concatenate(sharp), minlength=len(edge))
    return np.asarray(edge[blunt == 0], dtype=np.int64)


def along_a_curve(points: Floats) -> Ints:
    """Return the order (N,) in which points (N, 2) of the unit square lie on the Z-order curve.

    Towns that are near each other get numbers near each other, as in the lists of a census: what
    walks over the roads of a large country finds neighbours in the processor's cache (Morton 1966).
    """
    cell = (points * 2.0**16).astype(np.int64)
    code = np.zeros(len(points), dtype=np.int64)
    for bit in range(16):
        code |= ((cell[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((cell[:, 1] >> bit) & 1) << (2 * bit + 1)
    return np.argsort(code, kind="stable")


def _check(
    key: str, value: float, low: float, high: float, *, whole: bool = False, unit: str = ""
) -> None:
    """Raise unless an argument is a number, whole if it must be, within its limits."""
    number = isinstance(value, (int, float, np.integer, np.floating))
    if isinstance(value, bool) or not number or (whole and value != math.floor(value)):
        raise bad_value(key, value, "a whole number" if whole else "a number", unit=unit)
    if not low <= value <= high:
        raise bad_value(key, value, f"between {low:,} and {high:,}", unit=unit)


def _national(groups: int, shares: Sequence[float] | None) -> Floats:
    """Return the national shares of the groups."""
    if shares is None:
        falling = 1.0 / np.arange(1, groups + 1)
        return np.asarray(falling / falling.sum(), dtype=np.float64)
    national = np.asarray(shares, dtype=np.float64)
    if national.shape != (groups,) or (national < 0).any() or abs(national.sum() - 1.0) > 1e-6:
        raise ScenarioError(f"shares: {groups} numbers of 0 or more that sum to 1 are needed")
    return np.asarray(national / national.sum(), dtype=np.float64)


def _smooth(place: Floats, draw: np.random.Generator) -> Floats:
    """Return a random field over the unit square: waves about half as long as the country."""
    turn = 2 * math.pi * draw.random(WAVES)
    pitch = 2 * math.pi * (0.5 + 2.0 * draw.random(WAVES))
    phase = 2 * math.pi * draw.random(WAVES)
    field = np.zeros(len(place))
    for angle, number, start in zip(turn, pitch, phase, strict=True):
        along = place[:, 0] * math.cos(angle) + place[:, 1] * math.sin(angle)
        field += np.cos(number * along + start)
    return field


def _even(field: Floats) -> Floats:
    """Return the ranks of a field spread evenly over [-1, 1]; their mean is 0."""
    rank = np.argsort(np.argsort(field, kind="stable"), kind="stable")
    return np.asarray((2.0 * rank + 1.0) / len(field) - 1.0, dtype=np.float64)


def _territory(
    place: Floats, population: Floats, national: Floats, draw: np.random.Generator
) -> Ints:
    """Return the group in whose territory each town lies, (N,).

    One group after another takes the towns where a smooth field of its own is highest, until they
    hold its national share of the people.
    """
    owner = np.zeros(len(place), dtype=np.int64)
    free = np.ones(len(place), dtype=bool)
    for group in range(len(national) - 1, 0, -1):
        field = _smooth(place, draw)
        order = np.flatnonzero(free)
        order = order[np.argsort(-field[order], kind="stable")]
        # A town is taken if the greater part of it lies below the mark.
        middle = np.cumsum(population[order]) - population[order] / 2
        taken = order[middle < national[group] * population.sum()]
        owner[taken] = group
        free[taken] = False
    return owner


def _shares(territory: Ints, population: Floats, national: Floats, segregation: float) -> Floats:
    """Return the shares of the groups in each town, (G, N)."""
    groups = len(national)
    own = np.equal.outer(np.arange(groups), territory).astype(np.float64)
    held = own @ population / population.sum()
    # What is not tied to territories makes up for territories that are larger than their group.
    base = np.maximum(0.0, national - segregation * held)
    if base.sum() > 0:
        base = base / base.sum()
    share = (1.0 - segregation) * base[:, None] + segregation * own
    return np.asarray(share / share.sum(axis=0), dtype=np.float64)


def _camps(town: Floats, side: float, count: int) -> tuple[Floats, Ints]:
    """Return camps (K, 2) around the country, and the road of each to the nearest town (K, 2)."""
    angle = 2 * math.pi * np.arange(count) / max(count, 1)
    camp = side / 2 + 0.75 * side * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    nearest = [int(np.argmin(((town - spot) ** 2).sum(axis=1))) for spot in camp]
    gate = np.stack([np.array(nearest, dtype=np.int64), len(town) + np.arange(count)], axis=1)
    return camp, gate.astype(np.int64)
