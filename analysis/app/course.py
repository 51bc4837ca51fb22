"""One run of two worlds on the Mesa engine, kept week by week so that a page can play and rewind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.app.pair import Pair, World, pair_of
from analysis.app.shelf import Shelf
from analysis.app.shown import Shown
from analysis.plots.country_map import Geography
from sim.kinds import Kind
from sim.model import PreventionModel
from sim.outcomes import O
from sim.scenario import Scenario

Floats = NDArray[np.float64]
KINDS = tuple(kind.name.lower() for kind in Kind)
"""Armed groups of a place are summed by kind: state, militia, rebel."""
FIELDS = ("killed", "displaced", "peacekeepers", "leaving", *KINDS)
"""What is kept of a place: people killed so far, displaced people there, peacekeepers, people who set
out in the week, armed persons by kind."""
_KEPT = 48  # pairs of worlds; a course is some hundred kilobytes


class StoppedError(Exception):
    """Nobody wants the course any more."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Course:
    """What happened in one world.

    Attributes
    ----------
    places : by the names of `FIELDS`, shape (weeks + 1, places); row w is the end of w weeks.
    deaths, displaced, peacekeepers, mandate : of the country, shape (weeks + 1,): direct deaths so far,
        displaced people, peacekeepers, scale of the mandate in force.
    hardship : indirect deaths so far, shape (weeks + 1,).
    outcomes : at the horizon.
    """

    places: dict[str, Floats]
    deaths: Floats
    hardship: Floats
    displaced: Floats
    peacekeepers: Floats
    mandate: Floats
    outcomes: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Courses:
    """Two worlds on the same random numbers."""

    pair: Pair
    geography: Geography
    first: Course
    second: Course

    @property
    def weeks(self) -> int:
        """Horizon, weeks."""
        return self.pair.first.weeks

    @property
    def shock_week(self) -> int:
        """Week of the run in which the first shock falls."""
        return self.pair.first.shock_week

    def since_shock(self, passed: int) -> int:
        """Return the week that ends when so many weeks of the run have passed; that of the shock is 0.

        So weeks are counted in every figure, in films and in stored results.
        """
        return passed - 1 - self.shock_week


_COURSES: Shelf[Courses] = Shelf(_KEPT)
_OF_WORLDS: Shelf[Course] = Shelf(2 * _KEPT)


def courses_of(shown: Shown, wanted: Callable[[], bool] = lambda: True) -> Courses:
    """Return the two courses of a screen, run on the agents engine or kept from before.

    Parameters
    ----------
    wanted : asked every few weeks; the run stops once it says no.

    Raises
    ------
    ForestallError
        The model cannot take what was set.
    StoppedError
        It is no longer wanted.
    """
    while True:
        try:
            return _COURSES.get(shown.key, lambda: _run(shown, wanted))
        except StoppedError:
            # Whoever was running it gave up; somebody else may still want it.
            if not wanted():
                raise


def ready_courses(shown: Shown) -> Courses | None:
    """Return the two courses if they have been run."""
    return _COURSES.peek(shown.key)


def _run(shown: Shown, wanted: Callable[[], bool]) -> Courses:
    pair = pair_of(shown)
    draws = {"seed": shown.seed, "replicate": shown.replicate}

    def ran(world: World) -> Course:
        return _OF_WORLDS.get(
            (world.key, *draws.values()), lambda: record(world.scenario, **draws, wanted=wanted)
        )

    first, second = map(ran, pair.worlds)
    country = pair.first.country
    geography = Geography(
        latitude=country.latitude, longitude=country.longitude, names=country.places,
        abroad=country.neighbour >= 0, road_from=country.road_from, road_to=country.road_to,
    )  # fmt: skip
    return Courses(pair=pair, geography=geography, first=first, second=second)


def record(
    case: Scenario, *, seed: int, replicate: int, wanted: Callable[[], bool] = lambda: True
) -> Course:
    """Run one world to its horizon, week by week, and return what happened where."""
    model = PreventionModel(case, seed=seed, replicate=replicate)
    kinds = [[i for i, g in enumerate(case.armed_groups) if g.kind == kind] for kind in Kind]
    rows = [_places(model, kinds, None)]
    national = [(0.0, 0.0, model.displaced, 0.0, 0.0)]
    for week in range(case.weeks):
        if week % 8 == 0 and not wanted():
            raise StoppedError
        model.step()
        rows.append(_places(model, kinds, rows[-1]))
        deaths, hardship = national[-1][:2]
        national.append(
            (
                deaths + model.latest("direct_deaths"), hardship + model.latest("indirect_deaths"),
                model.latest("displaced"), model.latest("peacekeepers"),
                model.latest("mandate_scale"),
            )
        )  # fmt: skip
    table = np.array([row[:-1] for row in rows])
    sums = np.array(national).T
    return Course(
        places={name: table[:, place] for place, name in enumerate(FIELDS)},
        deaths=sums[0], hardship=sums[1], displaced=sums[2], peacekeepers=sums[3], mandate=sums[4],
        outcomes=model.outcomes(),
    )  # fmt: skip


def _places(
    model: PreventionModel, kinds: list[list[int]], before: list[list[float]] | None
) -> list[list[float]]:
    """Return one row a field of `FIELDS`, and a last one of the people who are away."""
    people = model.communities
    away = [sum(place.away) for place in people]
    since = away if before is None else before[-1]
    left = [max(0.0, now - then) for now, then in zip(away, since, strict=True)]
    return [
        [sum(place.killed) for place in people],
        [sum(place.displaced) for place in people],
        [place.peacekeepers for place in people],
        left,
        *([sum(place.armed[i] for i in kind) for place in people] for kind in kinds),
        away,
    ]


def averted(courses: Courses, week: int) -> tuple[float, float]:
    """Return deaths and displaced people in the second world less those in the first, by a week."""
    return (
        float(courses.second.deaths[week] - courses.first.deaths[week]),
        float(courses.second.displaced[week] - courses.first.displaced[week]),
    )


def totals(courses: Courses) -> tuple[float, float]:
    """Return direct deaths at the horizon, first and second world."""
    return (
        float(courses.first.outcomes[O.direct_deaths]),
        float(courses.second.outcomes[O.direct_deaths]),
    )
