"""What is recorded of simulated countries, for every statistic to read: nothing is simulated later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.population.worlds import Population
from sim.ensemble import Ensemble
from sim.fields import Q, W
from sim.outcomes import O, Z
from sim.scenario import Scenario

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """Runs of one kind, as columns.

    Attributes
    ----------
    covariates : one row a run, as its country was sampled.
    weight : of each run, (runs,).
    outcomes : (runs, outcomes), columns by `sim.outcomes.O`.
    deaths : direct deaths by week, (runs, weeks).
    place_deaths : by period, run and place, (periods, runs, places), places at home alone.
    period : weeks of a period.
    replicates : runs of each country; those of a country follow each other.
    near : whether two places of a run share a road, (runs, places, places).
    forums : forums of mediation that are open at the end of each period, (periods, runs).
    trust : mean trust between groups at home at the end of each period, (periods, runs).
    agreement, peacekeepers, displaced : at the end of each week, (runs, weeks).
    """

    covariates: pd.DataFrame
    weight: Floats
    outcomes: Floats
    deaths: Floats
    place_deaths: Floats
    period: int
    replicates: int
    near: Bools
    forums: Floats
    trust: Floats
    agreement: Floats
    peacekeepers: Floats
    displaced: Floats

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.weight)

    def outcome(self, name: str) -> Floats:
        """Return one outcome of all runs."""
        return np.asarray(self.outcomes[:, getattr(O, name)])

    @property
    def years(self) -> float:
        """Horizon, years of 52 weeks."""
        return int(self.deaths.shape[1]) / 52.0


def record_population(
    population: Population,
    *,
    seed: int,
    replicates: int = 1,
    period: int = 4,
    scenarios: Sequence[Scenario] | None = None,
) -> Records:
    """Run every country of a population and return what its statistics need.

    Parameters
    ----------
    population : the countries.
    seed : of the runs.
    replicates : runs of each country; those of a country follow each other.
    period : weeks between two looks at places.
    scenarios : worlds to run in place of the population's own, in the same order; replicate numbers
        are the same, so that both sets of runs share every draw.
    """
    worlds = population.scenarios if scenarios is None else tuple(scenarios)
    parts: list[dict[str, Floats]] = []
    order = []
    for which in np.unique(population.geography):
        members = np.flatnonzero(population.geography == which)
        ensemble = Ensemble([worlds[index] for index in members])
        country = np.repeat(np.arange(members.size), replicates)
        number = (members[:, None] * replicates + np.arange(replicates)).ravel()
        parts.append(_advance(ensemble, country, number, seed, period, worlds[members[0]]))
        order.append(number)
    back = np.argsort(np.concatenate(order))
    axis = {"place_deaths": 1, "forums": 1, "trust": 1}
    joined = {
        name: np.take(
            np.concatenate([part[name] for part in parts], axis=axis.get(name, 0)),
            back, axis=axis.get(name, 0),
        )
        for name in parts[0]
    }  # fmt: skip
    rows = np.repeat(np.arange(len(population)), replicates)
    return Records(
        covariates=population.covariates.iloc[rows].reset_index(drop=True),
        weight=population.weight[rows],
        period=period,
        replicates=replicates,
        near=joined.pop("near") > 0.0,
        **joined,
    )


def _advance(
    ensemble: Ensemble, country: NDArray[np.int64], number: NDArray[np.int64], seed: int,
    period: int, world: Scenario,
) -> dict[str, Floats]:  # fmt: skip
    """Run one batch, looking at its places after every period."""
    home = ~world.country.abroad
    batch = ensemble.start(country, number, seed)
    people = batch.state["people"]
    before = people[:, Q.killed][:, :, home].sum(axis=1)
    killed, forums, trust = [], [], []
    for week in range(0, ensemble.weeks, period):
        batch.advance(min(period, ensemble.weeks - week))
        now = people[:, Q.killed][:, :, home].sum(axis=1)
        killed.append(now - before)
        forums.append(batch.state["world"][:, W.forums].copy())
        residents = people[:, Q.residents]
        trust.append((residents * people[:, Q.trust]).sum(axis=(1, 2)) / residents.sum(axis=(1, 2)))
        before = now
    near = np.repeat(_neighbours(world)[None], number.size, axis=0)
    series = batch.series
    return {
        "outcomes": batch.outcomes,
        "deaths": series[:, :, Z.direct_deaths].copy(),
        "place_deaths": np.stack(killed),
        "near": near.astype(np.float64),
        "forums": np.stack(forums),
        "trust": np.stack(trust),
        "agreement": series[:, :, Z.agreement].copy(),
        "peacekeepers": series[:, :, Z.peacekeepers].copy(),
        "displaced": series[:, :, Z.displaced].copy(),
    }


def _neighbours(world: Scenario) -> Bools:
    """Return which places at home share a road."""
    country = world.country
    near = np.zeros((len(country.places), len(country.places)), dtype=bool)
    near[country.road_from, country.road_to] = near[country.road_to, country.road_from] = True
    home = ~country.abroad
    return np.asarray(near[home][:, home])
