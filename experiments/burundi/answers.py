"""Flight from Burundi under each way of computing it, held against the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.burundi.comparison import (
    BAND,
    Course,
    Difference,
    course_of,
    difference,
    mean_difference,
)
from experiments.burundi.flee_package import run_flee
from experiments.burundi.flee_run import MODES
from experiments.burundi.flight import (
    by_day,
    drawn_parameters,
    imposed_world,
    refugees_by_place,
    simulated_world,
)
from experiments.burundi.record import Recorded

Floats = NDArray[np.float64]
REPLICATES = 200
EFFECTS = (1.0, 0.5, 0.2)
"""Violence felt on a day of conflict; the first is the one that counts, set before anything was run."""
WAYS = {
    "imposed": "the model, recorded conflict imposed",
    "simulated": "the model, conflict simulated",
    "flee_given": "FLEE, as many set out as registered",
    "flee_open": "FLEE, the same, no place closed",
    "flee_driven": "FLEE, 500 a day from each place in conflict",
}


@dataclass(frozen=True, eq=False)
class Answer:
    """One way of computing refugees, held against the record.

    Attributes
    ----------
    way : one of `WAYS`.
    course : the course that counts: at the model's defaults, or the median of the runs by day.
    difference : of that course.
    low, high : 5 and 95 % of the runs' totals by day; None for FLEE.
    normal : the same of the totals over their own last day, (2, days + 1); None for FLEE.
    spread : 5, 50 and 95 % of the runs' mean differences; None for FLEE.
    inside : share of the runs that end with refugees whose difference is within the band.
    """

    way: str
    course: Course
    difference: Difference
    low: Floats | None = None
    high: Floats | None = None
    normal: Floats | None = None
    spread: tuple[float, float, float] | None = None
    inside: float | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything that was compared.

    Attributes
    ----------
    record : Recorded
    answers : by way.
    effects : mean difference of the imposed course by the violence felt on a day of conflict.
    displaced_per_death : 5, 50 and 95 % of the simulated runs in which somebody was killed.
    replicates : runs of each.
    """

    record: Recorded
    answers: Mapping[str, Answer]
    effects: Mapping[float, float]
    displaced_per_death: tuple[float, float, float]
    replicates: int

    @property
    def reproduced(self) -> bool:
        """Return whether the imposed course lies within the band (fact 30)."""
        return self.answers["imposed"].difference.total <= BAND


def compare(
    record: Recorded, *, replicates: int = REPLICATES, seed: int = 1, with_flee: bool = True
) -> Comparison:
    """Return the model, and FLEE if asked for, against the record.

    Parameters
    ----------
    record : what was recorded (`experiments.burundi.record.read_record`).
    replicates : runs with parameters of fear and flight drawn from their ranges, and runs of the case
        with conflict simulated.
    seed : of all draws.
    with_flee : whether FLEE is run.
    """
    answers = {"imposed": imposed_answer(record, replicates=replicates, seed=seed)}
    effects = {
        effect: difference(_imposed_course(record, effect=effect, seed=seed), record).total
        for effect in EFFECTS
    }
    answers["simulated"], per_death = simulated_answer(record, replicates=replicates, seed=seed)
    if with_flee:
        for mode in MODES:
            course = course_of(run_flee(record, mode=mode, seed=seed), record)
            way = f"flee_{mode}"
            answers[way] = Answer(way, course, difference(course, record))
    return Comparison(record, answers, effects, per_death, replicates)


def imposed_answer(
    record: Recorded, *, replicates: int = REPLICATES, seed: int = 1,
    parameters: Sequence[Mapping[str, float]] | None = None,
) -> Answer:  # fmt: skip
    """Return fact 30: flight under the recorded conflict against the registered refugees.

    Parameters
    ----------
    record : what was recorded.
    replicates : runs with drawn parameters, where none are given.
    seed : of all draws.
    parameters : sets of parameters, one a run, instead of drawn ones (an ensemble of the user's).

    Returns
    -------
    Answer
        ``difference.total`` at the model's defaults is the statistic; `spread` that of the runs.
    """
    sets = drawn_parameters(replicates, seed=seed) if parameters is None else list(parameters)
    worlds = [imposed_world(record, parameters=row) for row in sets]
    places = refugees_by_place(worlds, replicates=range(len(worlds)), seed=seed)
    totals = by_day(np.sum(list(places.values()), axis=0), days=record.days)
    course = _imposed_course(record, effect=EFFECTS[0], seed=seed)
    return _answer("imposed", course, record, totals)


def _imposed_course(record: Recorded, *, effect: float, seed: int) -> Course:
    places = refugees_by_place([imposed_world(record, effect=effect)], replicates=[0], seed=seed)
    daily = {name: by_day(weekly, days=record.days)[0] for name, weekly in places.items()}
    return course_of(daily, record)


def simulated_answer(
    record: Recorded, *, replicates: int = REPLICATES, seed: int = 1
) -> tuple[Answer, tuple[float, float, float]]:
    """Return the case with conflict simulated, and the displaced for each death (5, 50, 95 %)."""
    from sim.ensemble import Ensemble
    from sim.outcomes import O

    world, before = simulated_world(record)
    runs = range(replicates)
    places = refugees_by_place([world] * replicates, replicates=runs, seed=seed)
    daily = {
        name: by_day(weekly, days=record.days, week_zero=before) for name, weekly in places.items()
    }
    median = {name: np.median(series, axis=0) for name, series in daily.items()}
    totals = np.sum(list(daily.values()), axis=0)
    # A median of sums is no sum of medians: the total is that of the runs.
    course = course_of(median, record)
    course = Course(np.median(totals, axis=0), course.countries, course.camps)
    which = np.zeros(replicates, dtype=np.int64)
    outcomes = Ensemble([world]).run(which, np.arange(replicates), seed).outcomes
    deaths, displaced = outcomes[:, O.direct_deaths], outcomes[:, O.displaced]
    per_death = displaced[deaths > 0.0] / deaths[deaths > 0.0]
    low, middle, high = _quantiles(per_death)
    return _answer("simulated", course, record, totals), (low, middle, high)


def _answer(way: str, course: Course, record: Recorded, totals: Floats) -> Answer:
    found = np.array([mean_difference(row, record.total) for row in totals])
    ended = found[np.isfinite(found)]
    low, high = np.quantile(totals, (0.05, 0.95), axis=0)
    some = totals[totals[:, -1] > 0.0]
    normal = np.quantile(some / some[:, -1:], (0.05, 0.95), axis=0) if len(some) else None
    inside = float((ended <= BAND).mean()) if ended.size else float("nan")
    return Answer(
        way, course, difference(course, record), low, high, normal, _quantiles(ended), inside
    )


def _quantiles(numbers: Floats) -> tuple[float, float, float]:
    if numbers.size == 0:
        return (float("nan"),) * 3
    low, middle, high = np.quantile(numbers, (0.05, 0.5, 0.95)).tolist()
    return low, middle, high
