"""Two worlds on the Mesa engine, kept week by week so that a page can play and rewind."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from analysis.app.pair import Pair, World, pair_of
from analysis.app.recorder import Course, Recorder, StoppedError
from analysis.app.shelf import Shelf
from analysis.app.shown import Shown, read_query
from analysis.plots.country_map import Geography
from sim.outcomes import O

_KEPT = 48  # pairs of worlds; a course is some hundred kilobytes


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
_GOING_ON: Shelf[Recorder] = Shelf(12)  # a model that can be gone on with is some megabytes
_AHEAD = threading.Lock()


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


def run_ahead(query: str) -> None:
    """Begin to run what a link asks for, in a thread, while the browser still loads the page.

    One link at a time: who opens another meanwhile has it run when the page asks, as who opens one that
    cannot be read is told by the page.
    """
    if not _AHEAD.acquire(blocking=False):
        return

    def work() -> None:
        try:
            with contextlib.suppress(Exception):  # the page asks again, and says what is wrong
                courses_of(read_query(query))
        finally:
            _AHEAD.release()

    threading.Thread(target=work, daemon=True).start()


def _run(shown: Shown, wanted: Callable[[], bool]) -> Courses:
    pair = pair_of(shown)
    draws = {"seed": shown.seed, "replicate": shown.replicate}

    def ran(world: World) -> Course:
        case, key = world.scenario, (world.key, *draws.values())

        def make() -> Course:
            recorder = _GOING_ON.get(key, lambda: Recorder(case, **draws))
            return recorder.course(case.weeks, wanted=wanted)

        return _OF_WORLDS.get((key, case.weeks), make)

    first, second = map(ran, pair.worlds)
    country = pair.first.country
    geography = Geography(
        latitude=country.latitude, longitude=country.longitude, names=country.places,
        abroad=country.neighbour >= 0, road_from=country.road_from, road_to=country.road_to,
    )  # fmt: skip
    return Courses(pair=pair, geography=geography, first=first, second=second)


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
