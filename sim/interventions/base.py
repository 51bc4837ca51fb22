"""The common base of all measures: what one declares, what a scenario sets, and its table row."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.figures import read_figure
from sim.kinds import Coverage, Effect, Trigger
from sim.reading import choice, known_mapping


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a measure is, whatever the scenario.

    Attributes
    ----------
    id : str
        Stable id in the catalogue of measures (letter and number).
    name : str
        Name used in scenario files.
    effect : Effect
        Input that a dose is added to.
    trigger : Trigger
        What its start is counted from.
    coverage : Coverage
        Where it goes unless a scenario says otherwise.
    unit : str
        Unit of the intensity.
    largest : float
        Largest intensity that a scenario may ask for.
    intensity : float
        Intensity unless a scenario says otherwise.
    cost : float
        Cost of one unit for one week (million USD).
    ramp : float
        Weeks over which it grows to its intensity.
    acts_on, fails_when, source : str
        For the catalogue: state that it moves, how it can fail, where its figures come from.
    """

    id: str
    name: str
    effect: Effect
    trigger: Trigger
    coverage: Coverage
    unit: str
    largest: float
    intensity: float
    cost: float
    ramp: float
    acts_on: str
    fails_when: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as one scenario uses it.

    Attributes
    ----------
    declaration : Declaration
    start : float
        Weeks from its trigger to its start, 0 or more.
    ramp, duration : float
        Weeks to its full intensity, and until it ends (infinite when sustained).
    intensity : float
        Full dose, in the unit of the declaration; 0 is no measure at all.
    coverage : Coverage
    cost : float
        Million USD for one unit and week.
    """

    declaration: Declaration
    start: float
    ramp: float
    duration: float
    intensity: float
    coverage: Coverage
    cost: float

    @classmethod
    def from_mapping(cls, declaration: Declaration, raw: Mapping[str, object]) -> Measure:
        """Read a measure's entry in a scenario; what it leaves out is as declared.

        Raises
        ------
        ScenarioError
            For an unknown entry or a value out of range.
        """
        key = f"interventions.{declaration.name}"
        defaults: dict[str, object] = {
            "start": 0.0,
            "ramp": declaration.ramp,
            "duration": "sustained",
            "intensity": declaration.intensity,
            "coverage": declaration.coverage.name.lower(),
            "cost": declaration.cost,
        }
        given = {**defaults, **known_mapping(key, raw, defaults)}
        duration = float("inf")
        if given["duration"] != "sustained":
            duration = read_figure(
                given["duration"], f"{key}.duration", low=1, high=5200, unit="weeks, or sustained"
            )
        return cls(
            declaration=declaration,
            start=read_figure(given["start"], f"{key}.start", low=0, high=5200, unit="weeks"),
            ramp=read_figure(given["ramp"], f"{key}.ramp", low=0, high=520, unit="weeks"),
            duration=duration,
            intensity=read_figure(
                given["intensity"],
                f"{key}.intensity",
                low=0,
                high=declaration.largest,
                unit=declaration.unit,
            ),
            coverage=_coverage(f"{key}.coverage", given["coverage"]),
            cost=read_figure(
                given["cost"], f"{key}.cost", low=0, high=1e3, unit="million USD per unit and week"
            ),
        )


def _coverage(key: str, raw: object) -> Coverage:
    return choice(key, raw, {coverage.name.lower(): coverage for coverage in Coverage})


MEASURE_COLUMNS = ("effect", "trigger", "start", "ramp", "duration", "intensity", "cost")

#: Positions of the columns in the table of measures: ``measures[row, X.intensity]``.
X: Any = namedtuple("X", MEASURE_COLUMNS)(*range(len(MEASURE_COLUMNS)))


def measure_table(measures: Iterable[Measure]) -> np.ndarray:
    """Return measures as the numeric table that both engines read.

    Returns
    -------
    ndarray, shape (measures, len(MEASURE_COLUMNS))
    """
    rows = [
        (
            float(measure.declaration.effect),
            float(measure.declaration.trigger),
            measure.start,
            measure.ramp,
            measure.duration,
            measure.intensity,
            measure.cost,
        )
        for measure in measures
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(MEASURE_COLUMNS))
