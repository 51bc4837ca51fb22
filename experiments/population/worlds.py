"""Countries of a sampled population as scenarios of the model, in batches that share a geography.

Runs of one ensemble share places and roads. Some geographies are drawn once, and every country takes
one of them, with its own people, groups, exclusion, state, armed groups and shocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.population import mapping
from experiments.population.covariates import NAMES, RISK, read_country_years, read_present
from experiments.population.summary import shipped
from sim.actors import Actors
from sim.country import Country, Neighbour
from sim.country_generator import generate_country
from sim.interventions import read_measures
from sim.scenario import Scenario, Shock
from sim.starting import NEIGHBOUR, starting_figure

Floats = NDArray[np.float64]
PLACES = 12
GEOGRAPHIES = 8
STRATA = 4
"""Kinds of country by past killing and discrimination."""
YEARS = 5
CRISIS_MEASURES = ("mediation", "peacekeeping", "humanitarian_aid")


@dataclass(frozen=True, kw_only=True)
class Population:
    """Sampled countries.

    Attributes
    ----------
    covariates : one row a country, columns as in `experiments.population.covariates`.
    weight : what each country stands for; sums to the number of countries.
    geography : which geography each one takes.
    scenarios : each country's world without outside action.
    """

    covariates: pd.DataFrame
    weight: Floats
    geography: NDArray[np.int64]
    scenarios: tuple[Scenario, ...]

    def __len__(self) -> int:
        """Return how many countries there are."""
        return len(self.scenarios)


def sample_population(
    countries: int,
    *,
    seed: int,
    data: Path | None = None,
    places: int = PLACES,
    years: int = YEARS,
) -> Population:
    """Return countries whose covariates are those of country-years 1960-2024.

    The four kinds of country by past killing and discrimination are drawn equally often, and weighted
    back, so that ratios of risk between them need fewer runs.

    Parameters
    ----------
    countries : how many, 4 or more.
    seed : of the sample; the runs have their own.
    data : folder with the user's own copy of the data files; the shipped summary without it.
    places : communities of each country, 1 to 30.
    years : horizon of a run, years of 52 weeks.
    """
    draw = np.random.default_rng(seed)
    pool = _pool(countries, seed=seed, data=data)
    stratum = (2 * (pool["past_killing"] > 0) + (pool["discriminated"] > 0)).to_numpy()
    share = np.bincount(stratum, minlength=STRATA) / len(pool)
    wanted = np.arange(countries) % STRATA
    chosen = np.empty(countries, dtype=np.int64)
    for kind in range(STRATA):
        members = np.flatnonzero(stratum == kind)
        chosen[wanted == kind] = draw.choice(members, size=int((wanted == kind).sum()))
    weight = share[wanted] / (np.bincount(wanted, minlength=STRATA) / countries)[wanted]
    table = pool.iloc[chosen].reset_index(drop=True)
    return population_of(table, weight=weight, seed=seed, places=places, years=years)


def sample_crises(
    countries: int,
    *,
    seed: int,
    data: Path | None = None,
    places: int = PLACES,
    weeks: int = 156,
    measures: Sequence[str] = CRISIS_MEASURES,
) -> Population:
    """Return countries at risk under a contested election, in which outside actors may act.

    At risk are country-years with three or more of: a past mass killing, discrimination, a recent
    coup attempt, battle deaths, uneven civil rights. The election strikes in week 26, with the
    figures of `sim.country_generator`; the actors are those of the archetypes; they may act from that
    week on, with the measures of the default configuration.

    Parameters
    ----------
    countries, seed, data, places : as in `sample_population`.
    weeks : horizon of a run.
    measures : that outside actors may take.
    """
    config = crisis_settings(tuple(measures))
    found = _at_risk(countries, seed=seed, data=data, places=places)
    shock = Shock(26, "contested_election", 0.45, 0.3, 0.3)
    scenarios = tuple(
        replace(
            one,
            shocks=(shock, *one.shocks),
            actors=Actors.from_mapping(config["actors"]),
            measures=read_measures(config["interventions"], one.country.places, one.country.abroad),
            start=0.0,
            weeks=weeks,
        )
        for one in found.scenarios
    )
    return replace(found, scenarios=scenarios)


@cache
def crisis_settings(measures: tuple[str, ...]) -> dict[str, Any]:
    """Return the actors of the archetypes and the default settings of some measures."""
    from experiments.config import compose

    chosen = [f"intervention=[{','.join(measures)}]"] if measures else []
    config = compose(["actors=archetype", *chosen])
    interventions = config["interventions"] if measures else {}
    return {"actors": config["actors"], "interventions": interventions}


def _at_risk(countries: int, *, seed: int, data: Path | None, places: int) -> Population:
    """Return countries with three or more of five well-known risk factors."""
    pool = _pool(countries, seed=seed, data=data)
    factors = ("past_killing", "discriminated", "recent_coup", "battle_deaths")
    count = sum((pool[name] > 0.0).astype(int) for name in factors) + (pool["equal_rights"] < 0.5)
    table = pool[count >= 3].sample(countries, replace=True, random_state=seed)
    return population_of(table.reset_index(drop=True), seed=seed, places=places)


def _pool(countries: int, *, seed: int, data: Path | None) -> pd.DataFrame:
    if data is None:
        return shipped("country_years").sample(max(20_000, 4 * countries), seed=seed)
    return read_country_years(data)


def present_population(
    *,
    seed: int,
    data: Path | None = None,
    countries: int = 168,
    places: int = PLACES,
    years: int = 2,
) -> Population:
    """Return countries as they are now, with the risk that was forecast (column ``risk``).

    With the user's own copy of the data these are all countries that have a forecast; without, a
    sample from the shipped summary.
    """
    present = (
        shipped("present").sample(countries, seed=seed) if data is None else read_present(data)
    )
    return population_of(present[[*NAMES, RISK]], seed=seed, places=places, years=years)


def population_of(
    covariates: pd.DataFrame,
    *,
    seed: int,
    weight: Floats | None = None,
    places: int = PLACES,
    years: int = YEARS,
) -> Population:
    """Return the worlds of some rows of covariates.

    Parameters
    ----------
    covariates : one row a country.
    seed : of what their covariates leave open (`mapping.UNEXPLAINED`).
    weight : what each country stands for; one each if not given.
    places, years : as in `sample_population`.
    """
    # By fours: the strata of a sample follow each other, and each of them gets every geography.
    geography = (np.arange(len(covariates)) // STRATA) % GEOGRAPHIES
    rows = covariates[list(NAMES)].to_dict("records")
    idle = {"action": {"start": "never"}, "weeks": 52 * years}
    # A stream of its own, so that a seed draws the same countries whatever they leave open.
    left_open = np.random.default_rng([seed, 1]).standard_normal((len(rows), mapping.OPEN))
    scenarios = tuple(
        Scenario.from_mapping(
            {"country": mapping.country_of(row, deviations), **idle},
            country=_country(row, int(which), places, deviations[-1]),
        )
        for row, which, deviations in zip(rows, geography, left_open.tolist(), strict=True)
    )
    return Population(
        covariates=covariates,
        weight=np.ones(len(rows)) if weight is None else weight,
        geography=geography,
        scenarios=scenarios,
    )


def with_equal_places(population: Population) -> Population:
    """Return the same countries with as many people in every town, groups mixed as before."""

    def levelled(scenario: Scenario) -> Scenario:
        people = scenario.country.people
        size = people.sum(axis=0)
        mean = size.sum() / (size > 0.0).sum()
        scale = np.divide(mean, size, out=np.zeros_like(size), where=size > 0.0)
        return replace(scenario, country=replace(scenario.country, people=np.rint(people * scale)))

    return replace(population, scenarios=tuple(levelled(one) for one in population.scenarios))


def with_parameters(scenarios: Sequence[Scenario], parameters: Floats) -> list[Scenario]:
    """Return the same worlds under another row of parameters."""
    return [replace(scenario, parameters=parameters) for scenario in scenarios]


def _country(row: mapping.Row, geography: int, places: int, deviation: float) -> Country:
    """Return a geography with the people, groups and exclusion of a country."""
    base, territory = _geography(geography, places)
    share, total = mapping.second_share(row), mapping.people_of(row)
    own = base.people.sum(axis=0)
    people = np.rint(own * (total / own.sum()))
    # Half of the second group lives in its own territory, half among the others.
    inside = people[territory].sum() / people.sum()
    minority = np.where(territory, 0.5 * share + 0.5 * min(1.0, share / inside), 0.5 * share)
    minority *= share / float(minority @ people / people.sum())
    second = np.rint(people * np.minimum(minority, 1.0))
    exclusion = np.zeros_like(base.exclusion)
    exclusion[1, :places] = mapping.second_exclusion(row, deviation)
    return replace(base, people=np.stack([people - second, second]), exclusion=exclusion)


@cache
def _geography(which: int, places: int) -> tuple[Country, NDArray[np.bool_]]:
    """Return a geography, and in which of its towns the second group is at home."""
    country = generate_country(
        communities=places, segregation=0.9, neighbours=1, seed=1000 + which, shares=(0.7, 0.3)
    )
    # No table says how open each border is: the geographies spread over the documented range.
    least, most = starting_figure(NEIGHBOUR, "openness").range_of(None)
    openness = least + (most - least) * (which + 0.5) / GEOGRAPHIES
    neighbours = tuple(Neighbour(one.name, openness, 0.0) for one in country.neighbours)
    total = np.maximum(country.people.sum(axis=0), 1.0)
    return replace(country, neighbours=neighbours), country.people[1] / total > 0.5
