"""The model's flight on the recorded towns, roads and borders, and the model's own Burundi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.burundi.record import Recorded, lines_of
from sim.ensemble import Ensemble
from sim.errors import ForestallError
from sim.fields import Q
from sim.mechanisms import MECHANISMS
from sim.scenario import Scenario

Floats = NDArray[np.float64]
WEEK = 7
CASE = "burundi_2015"
MISSING_POPULATION = (50_000.0, 95_000.0)
"""People of a town for which neither the tables nor the case give a figure: a range (communes of
Muyinga and Makamba by the census of 2008)."""
OPENNESS = (0.5, 0.9)
"""Openness of a border that the case does not describe."""
OTHER_NAMES = {"DRC": "Democratic Republic of the Congo"}
UNCERTAIN = (
    "fear_fade", "fear_here", "fear_near", "memory_fade", "memory_gain", "flight_ceiling",
    "flight_onward", "road_reach", "refuge_pull", "return_ceiling", "return_fear",
)  # fmt: skip
"""Parameters of fear, flight and return, drawn from their documented ranges for an interval."""


def imposed_world(
    record: Recorded, *, parameters: Mapping[str, float] | None = None, effect: float = 1.0
) -> Scenario:
    """Return the recorded towns and roads with the recorded conflict imposed and none simulated.

    Towns, roads, camps and borders are the tables'. People and the openness of borders are those that
    the case `burundi_2015` gives with their sources, where it names the place; camps have no limit,
    because FLEE's capacities are the largest numbers that were registered, which is the outcome.

    Parameters
    ----------
    record : what was recorded.
    parameters : of the model, by name, instead of its defaults.
    effect : violence felt on a day of conflict, in [0, 1]; 1 takes FLEE's level as it is.
    """
    country = imported_country(record.folder)
    country["recorded_violence"] = weekly_violence(record.folder, country["places"], effect=effect)
    country["government"] = {"group": country["groups"][0], **_QUIET_GOVERNMENT}
    return Scenario.from_mapping(
        {
            "country": country,
            "weeks": -(-record.days // WEEK),
            "parameters": dict(parameters or {}),
            "mechanisms": {one.name: one.name == "flight" for one in MECHANISMS},
        }
    )


_QUIET_GOVERNMENT = {"capacity": 0.5, "commitment": 0.5, "accountability": 0.5, "consent": 0.5}
"""A scenario needs a government; with no armed group and no mechanism but flight it does nothing."""


def imported_country(folder: Path) -> dict[str, Any]:
    """Return the country of the tables as a mapping, its people and borders as `imposed_world`."""
    from experiments.config import compose
    from sim.country import Country
    from sim.country_import import country_from_tables
    from sim.scenario import read_country

    mapping = country_from_tables(
        lines_of(folder, "locations.csv"), lines_of(folder, "routes.csv"), name="Burundi",
        missing_population=MISSING_POPULATION, openness=OPENNESS, skip_unknown=True,
    ).mapping  # fmt: skip
    case = read_country(compose([f"country={CASE}"])["country"])
    people = dict(zip(case.places, case.population.tolist(), strict=True))
    for name, place in mapping["places"].items():
        place.pop("capacity", None)
        if people.get(name, 0.0) > 0.0 and "neighbour" not in place:
            place["population"] = people[name]
    borders = {neighbour.name: neighbour.openness for neighbour in case.neighbours}
    for name, border in mapping["neighbours"].items():
        if (known := OTHER_NAMES.get(name, name)) in borders:
            border["openness"] = borders[known]
    Country.from_mapping(mapping)
    return mapping


def weekly_violence(
    folder: Path, places: Mapping[str, Any], *, effect: float
) -> dict[str, list[float]]:
    """Return the share of each week's days in conflict, times the effect, by place."""
    from sim.country_import import conflicts_from_table

    conflicts = conflicts_from_table(lines_of(folder, "conflicts.csv"), places, skip_unknown=True)
    if conflicts.days.size == 0:
        raise ForestallError(f"{folder.name}/conflicts.csv: no day")
    weeks = int(conflicts.days[-1]) // WEEK + 1
    levels = np.zeros((weeks, len(conflicts.places)))
    shared = np.zeros(weeks)
    for day, row in zip(conflicts.days.tolist(), conflicts.level, strict=True):
        levels[day // WEEK] += row
        shared[day // WEEK] += 1.0
    levels = effect * levels / np.maximum(shared, 1.0)[:, None]
    return {
        place: levels[:, column].tolist()
        for column, place in enumerate(conflicts.places)
        if levels[:, column].any()
    }


def refugees_by_place(
    worlds: Sequence[Scenario], *, replicates: Sequence[int], seed: int
) -> dict[str, Floats]:
    """Return the refugees in each place abroad by run and week: float64 (runs, weeks + 1).

    Parameters
    ----------
    worlds : one a run.
    replicates : the replicate of each run.
    seed : of all draws.
    """
    batch = Ensemble(worlds).start(np.arange(len(worlds)), np.asarray(replicates), seed)
    country = worlds[0].country
    abroad = np.flatnonzero(country.abroad)
    weeks = [batch.state["people"][:, Q.displaced][:, :, abroad].sum(axis=1)]
    for _ in range(worlds[0].weeks):
        batch.advance(1)
        weeks.append(batch.state["people"][:, Q.displaced][:, :, abroad].sum(axis=1))
    stacked = np.stack(weeks, axis=1)
    return {country.places[place]: stacked[:, :, i] for i, place in enumerate(abroad.tolist())}


def by_day(weekly: Floats, *, days: int, week_zero: float = 0.0) -> Floats:
    """Return daily series from weekly ones, interpolated: float64 (runs, days + 1).

    Parameters
    ----------
    weekly : float64 (runs, weeks + 1)
        State before the first week, and at the end of each.
    days : last day.
    week_zero : weeks of the run that lie before day 0.
    """
    at = np.arange(weekly.shape[1], dtype=np.float64)
    asked = week_zero + np.arange(days + 1) / WEEK
    return np.stack([np.interp(asked, at, row) for row in weekly])


def drawn_parameters(runs: int, *, seed: int) -> list[dict[str, float]]:
    """Return parameters of fear and flight for every run, drawn from their documented ranges."""
    from experiments.sampling import sample
    from sim.parameters import PARAMETERS

    ranges = {row.name: (row.low, row.high) for row in PARAMETERS if row.name in UNCERTAIN}
    unit = sample("latin_hypercube", len(ranges), points=runs, seed=seed)
    low, high = np.array(list(ranges.values())).T
    return [dict(zip(ranges, row, strict=True)) for row in (low + unit * (high - low)).tolist()]


def simulated_world(record: Recorded) -> tuple[Scenario, float]:
    """Return the case as it is coded, without outside action, and the weeks before day 0."""
    from experiments.config import compose
    from experiments.designs import scenario_of

    config = compose([f"country={CASE}"])
    before = (record.start - date.fromisoformat(str(config["country"]["begins"]))).days / WEEK
    weeks = int(np.ceil(before + record.days / WEEK))
    return scenario_of(compose([f"country={CASE}", f"weeks={weeks}"])).baseline(), before
