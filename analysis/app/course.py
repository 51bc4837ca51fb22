"""Two worlds on the Mesa engine, kept week by week so that a page can play and rewind."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from analysis.app.pair import Pair, World, pair_of
from analysis.app.recorder import Course, Recorder, StoppedError
from analysis.app.shelf import Shelf
from analysis.app.shown import Shown, read_query
from analysis.plots.country_map import Geography
from sim.outcomes import O

_KEPT = 48  # pairs of worlds; a course is some hundred kilobytes
_CHUNK = 8  # weeks that one world is ahead of the other while both are run
_FIRST_SKETCH, _NEXT_SKETCH = 0.25, 0.6
"""Seconds after which the weeks that exist are shown first, and again. Whoever moved a lever waits for
the first; each costs a drawing of the whole page, which the weeks that follow wait for."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Courses:
    """Two worlds on the same random numbers, both run for as many weeks."""

    pair: Pair
    geography: Geography
    first: Course
    second: Course

    @property
    def weeks(self) -> int:
        """Horizon, weeks."""
        return self.pair.first.weeks

    @property
    def passed(self) -> int:
        """Weeks that have been run: fewer than `weeks` while the others still are."""
        return self.first.weeks

    @property
    def whole(self) -> bool:
        """Whether all weeks have been run."""
        return self.passed == self.weeks

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


def courses_of(
    shown: Shown,
    wanted: Callable[[], bool] = lambda: True,
    sketch: Callable[[Courses], None] | None = None,
) -> Courses:
    """Return the two courses of a screen, run on the agents engine or kept from before.

    Parameters
    ----------
    wanted : asked every few weeks; the run stops once it says no.
    sketch : called now and then with the weeks that have been run so far, unless somebody else began
        the same two worlds before, or they are done at once.

    Raises
    ------
    ForestallError
        The model cannot take what was set.
    StoppedError
        It is no longer wanted.
    """
    while True:
        try:
            return _COURSES.get(shown.key, lambda: _run(shown, wanted, sketch))
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


def _run(
    shown: Shown, wanted: Callable[[], bool], sketch: Callable[[Courses], None] | None
) -> Courses:
    due = time.monotonic() + _FIRST_SKETCH
    pair = pair_of(shown)
    worlds = [_OneWorld(world, shown, wanted) for world in pair.worlds]
    geography = _geography(pair)
    for passed in range(_CHUNK, pair.first.weeks, _CHUNK) if sketch else ():
        for one in worlds:
            one.run(passed)
        if sketch and time.monotonic() >= due and wanted():
            first, second = (one.beginning(passed) for one in worlds)
            sketch(Courses(pair=pair, geography=geography, first=first, second=second))
            due = time.monotonic() + _NEXT_SKETCH
    first, second = (one.course() for one in worlds)
    return Courses(pair=pair, geography=geography, first=first, second=second)


class _OneWorld:
    """A world of a pair that is being run: kept whole from before, or gone on with."""

    def __init__(self, world: World, shown: Shown, wanted: Callable[[], bool]) -> None:
        case, draws = world.scenario, {"seed": shown.seed, "replicate": shown.replicate}
        key = (world.key, *draws.values())
        self._key, self._weeks, self._wanted = (key, case.weeks), case.weeks, wanted
        self._whole = _OF_WORLDS.peek(self._key)
        # Held here, as others may push it from the shelf before it is done.
        self._recorder = (
            _GOING_ON.get(key, lambda: Recorder(case, **draws)) if self._whole is None else None
        )

    def run(self, weeks: int) -> None:
        if self._recorder is not None:
            self._recorder.run(weeks, wanted=self._wanted)

    def beginning(self, weeks: int) -> Course:
        return self._made(weeks).beginning(weeks)

    def course(self) -> Course:
        return _OF_WORLDS.get(self._key, lambda: self._made(self._weeks))

    def _made(self, weeks: int) -> Course:
        if self._whole is not None:
            return self._whole
        assert self._recorder is not None
        return self._recorder.course(weeks, wanted=self._wanted)


def _geography(pair: Pair) -> Geography:
    country = pair.first.country
    return Geography(
        latitude=country.latitude, longitude=country.longitude, names=country.places,
        abroad=country.neighbour >= 0, road_from=country.road_from, road_to=country.road_to,
    )  # fmt: skip


def averted(courses: Courses, week: int) -> tuple[float, float]:
    """Return deaths and displaced people in the second world less those in the first, by a week."""
    return (
        float(courses.second.deaths[week] - courses.first.deaths[week]),
        float(courses.second.displaced[week] - courses.first.displaced[week]),
    )


def totals(courses: Courses | None) -> tuple[float, float] | None:
    """Return direct deaths at the horizon, first and second world; None while they are being run."""
    if courses is None or not courses.whole:
        return None
    return (
        float(courses.first.outcomes[O.direct_deaths]),
        float(courses.second.outcomes[O.direct_deaths]),
    )
