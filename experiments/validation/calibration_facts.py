"""The facts marked C, which a calibration may use, and nothing else of what the model is held against.

A calibration imports this module alone. It runs two small designs for each row of parameters: a
sampled population of countries without outside action, and crises in which outside actors may act.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.population.worlds import (
    Population,
    sample_crises,
    sample_population,
    with_parameters,
)
from experiments.validation.estimates import (
    NOTHING,
    Estimate,
    normal,
    ratio_of_sums,
    resampled,
    risk_ratio,
    weighted_share,
)
from experiments.validation.records import Records, record_population
from sim.parameters import NAMES

Floats = NDArray[np.float64]
_READ = (
    "experiments.population.mapping", "experiments.population.summary",
    "experiments.population.worlds", "experiments.validation.calibration_facts",
    "experiments.validation.estimates", "experiments.validation.records",
)  # fmt: skip
POPULATION, CRISES = "population", "crises"
SOME_DEATHS = 25.0
"""Direct deaths from which a run counts as violent: UCDP's threshold."""
RECENT = 6
"""Periods of four weeks in which violence is recent: those after which an episode has ended."""
WEEKS_A_MONTH = 365.25 / 12.0 / 7.0


@dataclass(frozen=True, kw_only=True)
class CalibrationFact:
    """One statistic that a calibration may use.

    Attributes
    ----------
    id : of the fact in the list of outside facts.
    part : which of its statistics, empty where it has one.
    family : facts that share data.
    statistic : in words.
    low, high : the band.
    log : whether the statistic is one of ratios: distances are those of logarithms.
    reads : "population" or "crises".
    measure : the statistic of recorded runs.
    """

    id: int
    part: str
    family: str
    statistic: str
    low: float
    high: float
    log: bool
    reads: str
    measure: Callable[[Records], Estimate]

    @property
    def name(self) -> str:
        """Short name, ``3.past_killing``."""
        return f"{self.id}.{self.part}" if self.part else str(self.id)


def onset_rate(runs: Records) -> Estimate:
    """Return onsets of mass killing in a simulated country-year (fact 1)."""
    return weighted_share(runs.outcome("mass_killing") > 0.0, runs.weight, per=runs.years)


def onset_ratio(runs: Records, covariate: str) -> Estimate:
    """Return the risk of onset where a covariate is above zero over that where it is not (fact 3)."""
    exposed = runs.covariates[covariate].to_numpy() > 0.0
    return risk_ratio(runs.outcome("mass_killing") > 0.0, exposed, runs.weight)


def past_killing_ratio(runs: Records) -> Estimate:
    """Return the ratio of risks by past mass killing."""
    return onset_ratio(runs, "past_killing")


def discrimination_ratio(runs: Records) -> Estimate:
    """Return the ratio of risks by discrimination of any group."""
    return onset_ratio(runs, "discriminated")


def spread_ratio(runs: Records) -> Estimate:
    """Return the hazard ratio of a community with a violent neighbour (fact 12).

    At risk is a community without a death in `RECENT` periods; exposed is one of whose neighbours had
    one in that time. Compared are communities of the same country in the same period (Mantel &
    Haenszel 1959), so that what moves a whole country does not count as contagion.
    """
    violent = runs.place_deaths > 0.0
    above, below = np.zeros(len(runs)), np.zeros(len(runs))
    for period in range(RECENT, len(violent)):
        recent = violent[period - RECENT : period].any(axis=0)
        exposed = (runs.near & recent[:, None, :]).any(axis=2)
        risk = ~recent
        with_it, without = (risk & exposed).sum(axis=1), (risk & ~exposed).sum(axis=1)
        began = violent[period] & risk
        first, second = (began & exposed).sum(axis=1), (began & ~exposed).sum(axis=1)
        total = np.maximum(with_it + without, 1)
        above += first * without / total
        below += second * with_it / total
    return ratio_of_sums(above * runs.weight, below * runs.weight)


def forums_per_crisis(runs: Records) -> Estimate:
    """Return the mean over crises of the forums of mediation that are open while any is (fact 22)."""
    open_ = runs.forums > 0.0
    some = open_.any(axis=0)
    if some.sum() < 5:
        return NOTHING
    mean = runs.forums[:, some].sum(axis=0) / open_[:, some].sum(axis=0)
    return normal(float(mean.mean()), float(mean.std(ddof=1) / np.sqrt(mean.size)), int(mean.size))


def months_to_half_strength(runs: Records) -> Estimate:
    """Return the median months from the mandate to half of the strength reached (fact 23)."""
    mandate, arrival = runs.outcome("mandate_week"), runs.outcome("arrival_week")
    came = (mandate >= 0.0) & (arrival >= 0.0)
    return resampled(
        lambda months: float(np.median(months)), (arrival - mandate)[came] / WEEKS_A_MONTH, log=True
    )


def indirect_per_direct(runs: Records) -> Estimate:
    """Return the median over violent runs of indirect deaths for each direct one (fact 29)."""
    direct = runs.outcome("direct_deaths")
    violent = direct >= SOME_DEATHS
    return resampled(
        lambda ratios: float(np.median(ratios)),
        runs.outcome("indirect_deaths")[violent] / direct[violent],
        weight=runs.weight[violent], log=True,
    )  # fmt: skip


_FACTS: tuple[CalibrationFact, ...] = (
    CalibrationFact(
        id=1, part="", family="base rates", low=0.006, high=0.016, log=True, reads=POPULATION,
        statistic="onsets of mass killing in a simulated country-year", measure=onset_rate,
    ),
    CalibrationFact(
        id=3, part="past_killing", family="risk factors", low=1.5, high=6.0, log=True,
        reads=POPULATION, statistic="ratio of onset: ever a mass killing before",
        measure=past_killing_ratio,
    ),
    CalibrationFact(
        id=3, part="discriminated", family="risk factors", low=1.5, high=6.0, log=True,
        reads=POPULATION, statistic="ratio of onset: discriminated population above 0",
        measure=discrimination_ratio,
    ),
    CalibrationFact(
        id=12, part="ratio", family="contagion in space", low=1.3, high=3.0, log=True,
        reads=POPULATION, statistic="hazard ratio of a community with a violent neighbour",
        measure=spread_ratio,
    ),
    CalibrationFact(
        id=22, part="", family="coordination", low=1.0, high=3.0, log=False, reads=CRISES,
        statistic="parallel forums in a crisis, mean while any is open", measure=forums_per_crisis,
    ),
    CalibrationFact(
        id=23, part="", family="deployment", low=3.0, high=9.0, log=True, reads=CRISES,
        statistic="months from mandate to half strength, median", measure=months_to_half_strength,
    ),
    CalibrationFact(
        id=29, part="median", family="indirect deaths", low=1.0, high=8.0, log=True,
        reads=POPULATION, statistic="indirect deaths for each direct one, median of violent runs",
        measure=indirect_per_direct,
    ),
)  # fmt: skip


def sources() -> str:
    """Return the text of all that the statistics follow from but the model, to know a result by."""
    parts = [inspect.getsource(import_module(name)) for name in _READ]
    shipped = files("experiments.population") / "summary.json"
    return "".join([*parts, shipped.read_text(encoding="utf-8")])


def calibration_facts() -> tuple[CalibrationFact, ...]:
    """Return the statistics that a calibration may use: the facts marked C, in order."""
    return _FACTS


@dataclass(frozen=True, kw_only=True)
class Worlds:
    """The two designs that every row of parameters runs on: the same countries and draws for all."""

    population: Population
    crises: Population


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """The statistics of `calibration_facts` for some rows of parameters.

    Attributes
    ----------
    value : (rows, facts), NaN where a row's runs do not allow one.
    error : (rows, facts), standard errors, of the logarithm where the fact says `log`.
    """

    value: Floats
    error: Floats


def calibration_worlds(
    *, countries: int = 400, crises: int = 96, seed: int = 1, data: Path | None = None
) -> Worlds:
    """Return the countries to simulate, sampled once."""
    return Worlds(
        population=sample_population(countries, seed=seed, data=data),
        crises=sample_crises(crises, seed=seed + 1, data=data),
    )


def simulate_facts(parameters: Floats, worlds: Worlds, *, seed: int = 1) -> Simulated:
    """Return the statistics for every row of parameters.

    Parameters
    ----------
    parameters : shape (rows, len(sim.parameters.NAMES)), every parameter in its order.
    worlds : of `calibration_worlds`.
    seed : of the runs; rows under one seed share their draws, as runs of a pair do.
    """
    rows = np.asarray(parameters, dtype=np.float64).reshape(-1, len(NAMES))
    value = np.full((len(rows), len(_FACTS)), np.nan)
    error = value.copy()
    for index, row in enumerate(rows):
        found = facts_of(row, worlds, seed=seed)
        value[index] = [one.value for one in found]
        error[index] = [_error(one, log=fact.log) for one, fact in zip(found, _FACTS, strict=True)]
    return Simulated(value=value, error=error)


def facts_of(row: Floats, worlds: Worlds, *, seed: int = 1) -> list[Estimate]:
    """Return the estimates for one row of parameters, in the order of `calibration_facts`."""
    runs = {
        name: record_population(one, seed=seed, scenarios=with_parameters(one.scenarios, row))
        for name, one in ((POPULATION, worlds.population), (CRISES, worlds.crises))
    }
    return [fact.measure(runs[fact.reads]) for fact in _FACTS]


def _error(found: Estimate, *, log: bool) -> float:
    """Return a standard error on the scale of the fact."""
    if log and not found.log:
        return found.error / found.value if found.value > 0.0 else float("nan")
    return found.error
