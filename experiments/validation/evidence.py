"""The simulated evidence that statistics read: each design is run once, when it is first asked for.

Designs without outside action are the record's "no new intervention". Arms are the same countries in
the same crisis on the same draws, with one thing done in each: what two arms differ in is its effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.population.worlds import (
    PLACES,
    Population,
    crisis_settings,
    population_of,
    present_population,
    sample_crises,
    sample_population,
    with_equal_places,
)
from experiments.validation.records import Records, record_population
from sim.actors import Actors
from sim.interventions import read_measures
from sim.mechanisms import read_switches
from sim.parameters import NAMES, parameter_row
from sim.scenario import Scenario

Floats = NDArray[np.float64]
FREE = {"cost": 0.0}
"""What a measure costs is not asked here: peacekeepers for years would use up any endowment."""
NEVER = float("inf")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is run: countries of each design, and runs of each country where it matters."""

    name: str
    population: int
    tense: int
    lasting: int
    years: int
    arms: int
    present: int
    repeats: int
    starts: int
    seeds: int

    def times(self, factor: int) -> Size:
        """Return so many times as much: more countries, and more runs of those that are given.

        Intervals shrink with the root of the factor. How long and how often one start is run stay:
        they are part of what is asked, not of how precisely.
        """
        return replace(
            self, name=f"{self.name} x {factor}" if factor > 1 else self.name,
            population=self.population * factor, tense=self.tense * factor,
            lasting=self.lasting * factor, arms=self.arms * factor,
            repeats=self.repeats * factor, starts=self.starts * factor,
        )  # fmt: skip


QUICK = Size(
    name="quick", population=240, tense=80, lasting=80, years=20, arms=48, present=80, repeats=12,
    starts=3, seeds=100,
)  # fmt: skip
FULL = Size(
    name="full", population=12_000, tense=600, lasting=600, years=30, arms=800, present=168,
    repeats=60, starts=24, seeds=250,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Arm:
    """What is done in the crises of one arm, beside what they hold.

    Attributes
    ----------
    measures : settings of each measure, by its name in a scenario file.
    start : first week in which outsiders may act, from the shock; infinite for never.
    arrival : weeks from there to a clamped arrival, or None for what the bargaining gives.
    mean : mean position of the actors: engage or press, sovereignty or protection.
    dispersion : of their positions.
    years : horizon.
    parameters, switches : of the model, where the arm is about them.
    shocks : whether anything strikes at all.
    """

    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    start: float = 0.0
    arrival: float | None = None
    mean: tuple[float, float] = (0.5, 0.5)
    dispersion: float = 0.5
    years: int = 3
    parameters: Mapping[str, float] = field(default_factory=dict)
    switches: Mapping[str, bool] = field(default_factory=dict)
    shocks: bool = True


class Evidence:
    """Simulated runs of every design.

    Parameters
    ----------
    size : how much is run.
    seed : of samples and runs.
    data : folder with the user's own copy of the data; the shipped summary without it.
    parameters : rows of all parameters, one or an ensemble: each country takes one by chance.
    switches, forms : of the model, for all runs: mechanisms that are off, and rival forms.
    """

    def __init__(
        self,
        size: Size = FULL,
        *,
        seed: int = 1,
        data: Path | None = None,
        parameters: Floats | None = None,
        switches: Mapping[str, bool] | None = None,
        forms: Mapping[str, int] | None = None,
    ) -> None:
        self.size = size
        self.seed = seed
        self.data = data
        given = parameter_row(None) if parameters is None else np.asarray(parameters)
        self.parameters = given.reshape(-1, len(NAMES))
        self._off = tuple(name for name, on in (switches or {}).items() if not on)
        self._forms = dict(forms or {})
        self._arms: dict[str, Records] = {}

    @cached_property
    def population(self) -> Records:
        """Sampled countries for five years, without action."""
        return self._run(sample_population(self.size.population, seed=self.seed, data=self.data))

    @cached_property
    def present(self) -> Records:
        """Countries as they are now, for two years, often."""
        found = present_population(seed=self.seed, data=self.data, countries=self.size.present)
        return self._run(found, replicates=self.size.repeats, period=52)

    @cached_property
    def recorded(self) -> Records | None:
        """Real country-years before an onset and others, for two years, often; None without data."""
        if self.data is None:
            return None
        from experiments.population.covariates import read_country_years

        table = read_country_years(self.data)
        others = table[table["onset"] == 0.0].sample(
            min(4 * self.size.present, int((table["onset"] == 0.0).sum())), random_state=self.seed
        )
        chosen = pd.concat([table[table["onset"] > 0.0], others], ignore_index=True)
        countries = population_of(chosen, seed=self.seed, years=2)
        return self._run(countries, replicates=self.size.repeats, period=52)

    @cached_property
    def tense(self) -> Records:
        """Countries at risk in a crisis, five years without action, looked at every week."""
        return self._run(self._crises(self.size.tense, Arm(start=NEVER, years=5)), period=1)

    @cached_property
    def tense_equal(self) -> Records:
        """The same with places of one size."""
        crises = self._crises(self.size.tense, Arm(start=NEVER, years=5))
        return self._run(with_equal_places(crises), period=1)

    @cached_property
    def maps(self) -> Records:
        """The same on larger maps: twelve places say little of space."""
        return self._run(self._crises(self.size.tense // 2, Arm(start=NEVER), places=30))

    @cached_property
    def lasting(self) -> Records:
        """Countries at risk in a crisis, for decades, without action."""
        arm = Arm(start=NEVER, years=self.size.years)
        return self._run(self._crises(self.size.lasting, arm))

    @cached_property
    def starts(self) -> Records:
        """A few crises, each with many seeds: the runs of a start follow each other."""
        crises = self._crises(self.size.starts, Arm(start=NEVER))
        return self._run(crises, replicates=self.size.seeds, period=52)

    @cached_property
    def crises(self) -> Records:
        """Crises in which outsiders bargain, mediate, deploy and help."""
        return self._run(sample_crises(self.size.arms, seed=self.seed, data=self.data))

    def arm(self, arm: Arm) -> Records:
        """Return the runs of an arm; all arms are the same countries on the same draws."""
        key = repr(arm)
        if key not in self._arms:
            self._arms[key] = self._run(self._crises(self.size.arms, arm))
        return self._arms[key]

    def _crises(self, countries: int, arm: Arm, *, places: int = PLACES) -> Population:
        found = sample_crises(
            countries,
            seed=self.seed,
            data=self.data,
            weeks=52 * arm.years,
            measures=(),
            places=places,
        )
        config = crisis_settings(tuple(arm.measures))
        entries = {
            name: {**config["interventions"][name], **settings}
            for name, settings in arm.measures.items()
        }
        actors = Actors.from_mapping(
            {**config["actors"], "mean": list(arm.mean), "dispersion": arm.dispersion}
        )
        switches = read_switches(arm.switches)

        def changed(one: Scenario) -> Scenario:
            return replace(
                one, actors=actors,
                measures=read_measures(entries, one.country.places, one.country.abroad),
                start=arm.start, arrival=arm.arrival, switches=switches,
                shocks=one.shocks if arm.shocks else (),
                parameters=_overridden(one.parameters, arm.parameters),
            )  # fmt: skip

        return replace(found, scenarios=tuple(changed(one) for one in found.scenarios))

    def _run(self, population: Population, *, replicates: int = 1, period: int = 4) -> Records:
        return record_population(
            population,
            seed=self.seed,
            replicates=replicates,
            period=period,
            scenarios=self.shared_out(population),
        )

    def shared_out(self, population: Population) -> list[Scenario]:
        """Return the worlds of a population, each under the row of parameters that falls to it.

        What an arm is about stands, whatever the ensemble says of it.
        """
        own = parameter_row(None)
        # By chance, so that no kind of country and no geography meets the same sets only.
        draw = np.random.default_rng(self.seed)
        chosen = draw.integers(len(self.parameters), size=len(population))
        return [
            replace(
                one,
                parameters=np.where(one.parameters != own, one.parameters, row),
                switches=one.switches | dict.fromkeys(self._off, False),
                forms=one.forms | self._forms,
            )
            for one, row in zip(population.scenarios, self.parameters[chosen], strict=True)
        ]


def _overridden(row: Floats, changes: Mapping[str, float]) -> Floats:
    changed = row.copy()
    for name, value in changes.items():
        changed[NAMES.index(name)] = value
    return changed
