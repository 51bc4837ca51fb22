"""What one browser window shows and does: the values that its parts read, and ways to change them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from analysis.app.course import Courses, courses_of, ready_courses
from analysis.app.offered import offered
from analysis.app.recorder import StoppedError
from analysis.app.shown import Shown, as_query, consistent
from sim.errors import ForestallError

PAUSE = 0.25  # seconds a week while playing
_SETTLE = 0.08  # seconds that a slider rests before anything is run


@dataclass(frozen=True, eq=False, kw_only=True)
class Screen:
    """The reactive values of one window.

    Attributes
    ----------
    shown : what was set; `week`, how many weeks have passed where the maps stand, is beside it, as it
        changes often.
    courses : the two runs that are drawn: those of `shown`, as far as they have been run, or of what
        was set before until there is something of them.
    busy, error : whether new ones are being run, and the one line that says why there are none.
    playing : whether weeks go on by themselves.
    """

    shown: solara.Reactive[Shown]
    week: solara.Reactive[int]
    courses: solara.Reactive[Courses | None]
    busy: solara.Reactive[bool]
    error: solara.Reactive[str]
    playing: solara.Reactive[bool]

    def change(self, **values: Any) -> None:
        """Set some values of `shown`; where no actual course is coded it becomes a study again."""
        shown = self.shown.value.but(**values)
        if shown.country not in offered().coded:
            shown = shown.but(course="none")
        self.shown.set(consistent(shown))

    def go_to(self, week: int) -> None:
        """Show the state after so many weeks of the run, within it."""
        self.week.set(min(max(week, 0), self.last_week))

    @property
    def last_week(self) -> int:
        """Weeks of the runs that are drawn."""
        courses: Courses | None = self.courses.value
        weeks: int = self.shown.value.weeks
        return weeks if courses is None else courses.weeks

    @property
    def link(self) -> str:
        """The query string that restores this screen."""
        week = self.week.value
        last = week >= self.last_week
        return as_query(self.shown.value.but(week=None if last else week))


def use_screen(asked: Shown, wrong: str) -> Screen:
    """Return the screen of this window, from what its link asked for."""
    # Looked up once: a reactive value is set anew whenever what it begins with changes, and others who
    # use the server push courses from the shelf.
    ready = solara.use_memo(lambda: ready_courses(asked), [])
    screen = Screen(
        shown=solara.use_reactive(asked),
        week=solara.use_reactive(asked.weeks if asked.week is None else asked.week),
        courses=solara.use_reactive(ready),
        busy=solara.use_reactive(ready is None),
        error=solara.use_reactive(wrong),
        playing=solara.use_reactive(False),
    )
    kept: Screen = solara.use_memo(lambda: screen, [])
    solara.use_effect(lambda: _run(kept), [kept.shown.value.key])
    solara.use_effect(lambda: _play(kept), [kept.playing.value])
    return kept


def _run(screen: Screen) -> Callable[[], None] | None:
    """Run what is set in a thread; return how to stop wanting it."""
    shown = screen.shown.value
    if (ready := ready_courses(shown)) is not None:
        _show(screen, ready)
        return None
    stopped = threading.Event()
    screen.busy.set(True)

    def sketch(begun: Courses) -> None:
        _show(screen, begun)

    def work() -> None:
        if stopped.wait(_SETTLE):
            return
        try:
            found = courses_of(shown, lambda: not stopped.is_set(), sketch)
        except StoppedError:
            return
        except Exception as error:
            fault = "" if isinstance(error, ForestallError) else "a fault of the program: "
            if not stopped.is_set():
                screen.error.set(f"{fault}{error}")
                screen.busy.set(False)
            return
        if not stopped.is_set():
            _show(screen, found)

    threading.Thread(target=work, daemon=True).start()
    return stopped.set


def _show(screen: Screen, courses: Courses) -> None:
    before = screen.courses.value
    at_end = before is None or screen.week.value >= before.weeks
    if before is not courses:
        screen.courses.set(courses)
        if (at_end and before is not None) or screen.week.value > courses.weeks:
            screen.week.set(courses.weeks)
        screen.error.set("")
    if courses.whole:
        screen.busy.set(False)


def _play(screen: Screen) -> Callable[[], None] | None:
    """Let weeks go on in a thread until the last one; return how to stop it."""
    if not screen.playing.value:
        return None
    stopped = threading.Event()

    def work() -> None:
        due = time.monotonic()
        while not stopped.is_set():
            if screen.week.value >= screen.last_week:
                screen.playing.set(False)
                return
            screen.go_to(screen.week.value + 1)
            # A slow machine shows fewer weeks a second, and never a backlog of them.
            due = max(due + PAUSE, time.monotonic() + 0.05)
            stopped.wait(due - time.monotonic())

    threading.Thread(target=work, daemon=True).start()
    return stopped.set
