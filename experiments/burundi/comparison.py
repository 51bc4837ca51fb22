"""How far simulated courses of refugees lie from the registered one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from experiments.burundi.record import Recorded

Floats = NDArray[np.float64]
BAND = 0.2
"""Largest mean absolute difference of the normalised courses that counts as reproduced."""


@dataclass(frozen=True, eq=False)
class Course:
    """Refugees by day under one way of computing them.

    Attributes
    ----------
    total : float64 (days + 1,)
    countries, camps : dict of str to float64 (days + 1,)
    """

    total: Floats
    countries: Mapping[str, Floats]
    camps: Mapping[str, Floats]


@dataclass(frozen=True)
class Difference:
    """A course against the record.

    Attributes
    ----------
    total : float
        Mean absolute difference of the courses, each over its own last day.
    countries, camps : dict of str to float
        The same by country and by camp.
    shares : float
        Mean over the days of half the summed differences of the countries' shares, in [0, 1].
    last : float
        Refugees on the last day, over those registered.
    """

    total: float
    countries: Mapping[str, float]
    camps: Mapping[str, float]
    shares: float
    last: float


def mean_difference(simulated: Floats, registered: Floats) -> float:
    """Return the mean absolute difference of two courses, each over its own last day.

    Parameters
    ----------
    simulated, registered : float64 (days + 1,)
        People by day.

    Returns
    -------
    float
        In [0, infinity); NaN where a course ends with nobody.
    """
    if simulated[-1] <= 0.0 or registered[-1] <= 0.0:
        return float("nan")
    return float(np.abs(simulated / simulated[-1] - registered / registered[-1]).mean())


def difference(course: Course, record: Recorded) -> Difference:
    """Return how far a course lies from the record."""
    states, camps = record.countries, record.camps
    return Difference(
        total=mean_difference(course.total, record.total),
        countries={name: mean_difference(course.countries[name], states[name]) for name in states},
        camps={name: mean_difference(course.camps[name], camps[name]) for name in camps},
        shares=_shares(course.countries, states),
        last=float(course.total[-1] / record.total[-1]),
    )


def course_of(places: Mapping[str, Floats], record: Recorded) -> Course:
    """Return the course of one run from the refugees in each place abroad, by day."""
    countries: dict[str, Floats] = {name: np.zeros(record.days + 1) for name in record.countries}
    total = np.zeros(record.days + 1)
    for place, series in places.items():
        total = total + series
        state = record.country.get(place, "")
        if state in countries:
            countries[state] = countries[state] + series
    camps = {name: places.get(name, np.zeros(record.days + 1)) for name in record.camps}
    return Course(total, countries, camps)


def _shares(simulated: Mapping[str, Floats], registered: Mapping[str, Floats]) -> float:
    first = np.stack([simulated[name] for name in registered])
    second = np.stack([registered[name] for name in registered])
    days = (first.sum(axis=0) > 0.0) & (second.sum(axis=0) > 0.0)
    if not days.any():
        return float("nan")
    first, second = first[:, days], second[:, days]
    apart = np.abs(first / first.sum(axis=0) - second / second.sum(axis=0))
    return float(0.5 * apart.sum(axis=0).mean())
