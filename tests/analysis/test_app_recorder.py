"""A world that is gone on with is the one that is run anew; what a link asks for is begun at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import solara

from analysis.app import course as of_courses
from analysis.app import server
from analysis.app.below import use_spread
from analysis.app.course import Courses, courses_of, ready_courses, run_ahead, totals
from analysis.app.pair import pair_of
from analysis.app.recorder import Course, Recorder, StoppedError, record
from analysis.app.screen import Screen
from analysis.app.screen import _show as show
from analysis.app.shown import Shown, read_query
from analysis.app.spread import peek_job
from analysis.app.worlds import Counters, Maps, Player
from sim.kinds import Kind
from sim.model import PreventionModel
from sim.scenario import Scenario

PATIENT = 60.0  # seconds
DRAWS = {"seed": 3, "replicate": 2}


@pytest.fixture(scope="module")
def case() -> Scenario:
    return pair_of(read_query("country=rwanda_1994&weeks=70")).first


def bits(course: Course) -> dict[str, bytes]:
    """Return every number of a course."""
    found = {name: rows.tobytes() for name, rows in course.places.items()}
    for one in fields(Course):
        if one.name != "places":
            found[one.name] = getattr(course, one.name).tobytes()
    return found


def anew(case: Scenario, weeks: int) -> dict[str, bytes]:
    return bits(record(replace(case, weeks=weeks), **DRAWS))


def test_a_longer_course_goes_on_from_the_shorter_and_a_shorter_is_its_beginning(
    case: Scenario,
) -> None:
    recorder = Recorder(case, **DRAWS)
    for weeks in (60, 75, 52):
        assert bits(recorder.course(weeks)) == anew(case, weeks), weeks


def test_what_is_kept_of_places_is_what_the_model_holds_at_the_end_of_every_week(
    case: Scenario,
) -> None:
    course, model = record(case, **DRAWS), PreventionModel(case, **DRAWS)
    away = [sum(place.away) for place in model.communities]
    for week in range(1, case.weeks + 1):
        model.step()
        before, away = away, [sum(place.away) for place in model.communities]
        left = [max(0.0, now - then) for now, then in zip(away, before, strict=True)]
        assert course.places["leaving"][week].tolist() == left
        armed = np.array([place.armed for place in model.communities])
        for kind in Kind:
            of_kind = [group.index for group in model.armed_groups if group.kind == kind]
            kept = course.places[kind.name.lower()][week]
            assert kept == pytest.approx(armed[:, of_kind].sum(axis=1))
    assert course.places["leaving"].sum() > 0


def test_a_course_that_was_given_up_is_gone_on_with(case: Scenario) -> None:
    recorder = Recorder(case, **DRAWS)
    asked = iter([True, True, False])
    with pytest.raises(StoppedError):
        recorder.course(60, wanted=lambda: next(asked))
    assert bits(recorder.course(60)) == anew(case, 60)


def test_a_course_does_not_change_when_its_world_is_gone_on_with(case: Scenario) -> None:
    recorder = Recorder(case, **DRAWS)
    short = recorder.course(52)
    before = bits(short)
    recorder.course(60)
    assert bits(short) == before


def test_a_duration_that_is_moved_does_not_run_its_worlds_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = read_query("country=rwanda_1994&weeks=60&seed=8")
    courses_of(shown)
    begun: list[Scenario] = []

    def counted(case: Scenario, **draws: int) -> Recorder:
        begun.append(case)
        return Recorder(case, **draws)

    monkeypatch.setattr(of_courses, "Recorder", counted)
    longer = courses_of(shown.but(weeks=64))
    assert longer.weeks == 64 and not begun


def test_a_world_with_a_record_of_violence_is_as_long_as_its_record(case: Scenario) -> None:
    places = len(case.country.places)
    recorded = replace(case, recorded=np.zeros((case.weeks, places)))
    course = record(recorded, **DRAWS)
    assert len(course.deaths) == case.weeks + 1


def wait_for(shown: Shown) -> None:
    until = time.monotonic() + PATIENT
    while ready_courses(shown) is None:
        assert time.monotonic() < until, "never run"
        time.sleep(0.05)


def ask_for(path: str, query: str, *, host: str = "127.0.0.1:1", method: str = "GET") -> None:
    """Ask the door for a page, behind which there is nothing."""

    async def inner(*_: object) -> None:
        return None

    async def receive() -> MutableMapping[str, Any]:
        return {}

    async def send(_: MutableMapping[str, Any]) -> None:
        return None

    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(),
        "headers": [(b"host", host.encode())],
    }  # fmt: skip
    # In a thread of its own: where a browser is driven, this one's loop runs already.
    with ThreadPoolExecutor(1) as own:
        own.submit(
            lambda: asyncio.run(server._guarded(inner, server.LOCAL)(scope, receive, send))
        ).result()


def test_what_a_link_asks_for_is_run_while_the_page_is_loading() -> None:
    query = "country=rwanda_1994&weeks=53&seed=77"
    ask_for("/", query)
    wait_for(read_query(query))


@pytest.mark.parametrize(("path", "host", "method"), [
    ("/", "elsewhere.example", "GET"),
    ("/take/weeks.csv", "127.0.0.1:1", "GET"),
    ("/", "127.0.0.1:1", "HEAD"),
])  # fmt: skip
def test_nothing_is_run_for_who_asks_for_no_page(
    path: str, host: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(of_courses, "run_ahead", begun.append)
    ask_for(path, "seed=78", host=host, method=method)
    assert begun == []
    ask_for("/", "seed=78")
    assert begun == ["seed=78"]


def test_a_link_that_cannot_be_read_leaves_the_way_free_for_the_next() -> None:
    query = "country=rwanda_1994&weeks=54&seed=79"
    until = time.monotonic() + PATIENT
    run_ahead("country=nowhere")
    while ready_courses(read_query(query)) is None:
        assert time.monotonic() < until, "never run"
        run_ahead(query)
        time.sleep(0.05)


def test_all_courses_of_chance_wait_until_the_two_worlds_are_drawn() -> None:
    shown = Shown(country="rwanda_1994", weeks=55, seed=80)
    screen = Screen(
        shown=solara.reactive(shown), week=solara.reactive(0), courses=solara.reactive(None),
        busy=solara.reactive(True), error=solara.reactive(""), playing=solara.reactive(False),
    )  # fmt: skip

    @solara.component
    def Window() -> None:  # noqa: N802 - Solara's convention
        solara.Text(str(use_spread(screen).done))

    _, context = solara.render(Window(), handle_error=False)
    time.sleep(1.5)
    assert peek_job(shown) is None
    screen.busy.set(False)
    until = time.monotonic() + PATIENT
    while peek_job(shown) is None and time.monotonic() < until:
        time.sleep(0.05)
    begun = peek_job(shown)
    context.close()
    assert begun is not None


@pytest.fixture(scope="module")
def sketched() -> tuple[Courses, list[Courses]]:
    """Return two worlds, and everything that was shown of them while they were run."""
    shown = read_query("country=rwanda_1994&weeks=60&seed=81")
    begun: list[Courses] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_courses, "_FIRST_SKETCH", 0.0)
        patch.setattr(of_courses, "_NEXT_SKETCH", 0.0)
        return courses_of(shown, sketch=begun.append), begun


def test_weeks_are_shown_as_they_are_run_and_are_those_of_the_whole_run(
    sketched: tuple[Courses, list[Courses]],
) -> None:
    whole, begun = sketched
    assert [one.passed for one in begun] == list(range(8, 60, 8))
    assert all(one.weeks == 60 and not one.whole for one in begun) and whole.whole
    for one in begun:
        for part, course in ((one.first, whole.first), (one.second, whole.second)):
            assert np.isnan(part.outcomes).all()
            assert bits(part) == bits(course.beginning(one.passed))
    draws = {"seed": 81, "replicate": 0}
    for world, course in zip(whole.pair.worlds, (whole.first, whole.second), strict=True):
        assert bits(course) == bits(record(world.scenario, **draws))


def test_weeks_that_are_there_at_once_are_not_shown_piece_by_piece() -> None:
    shown = read_query("country=rwanda_1994&weeks=56&seed=82")
    courses_of(shown)
    begun: list[Courses] = []
    courses_of(shown.but(weeks=52), sketch=begun.append)
    assert begun == []


def test_a_screen_shows_the_weeks_that_exist_and_stays_at_its_end(
    sketched: tuple[Courses, list[Courses]],
) -> None:
    whole, begun = sketched
    part = begun[1]
    assert totals(part) is None and totals(whole) is not None
    screen = Screen(
        shown=solara.reactive(Shown(weeks=60)), week=solara.reactive(60),
        courses=solara.reactive(whole), busy=solara.reactive(True),
        error=solara.reactive(""), playing=solara.reactive(False),
    )  # fmt: skip

    @solara.component
    def Window() -> None:  # noqa: N802 - Solara's convention
        with solara.Div():
            Player(screen)
            Maps(screen)
            Counters(screen)

    box, context = solara.render(Window(), handle_error=False)

    def drawn() -> str:
        found: list[str] = []

        def read(one: Any) -> None:
            if isinstance(one, str):
                found.append(one)
                return
            found.extend(text for text in one.trait_values().values() if isinstance(text, str))
            for child in getattr(one, "children", None) or ():
                read(child)

        read(box)
        return " ".join(found)

    show(screen, part)
    assert screen.busy.value and screen.week.value == 60
    assert "(16 of 60 weeks so far)" in drawn()
    killed = f"<b>{part.first.deaths[16]:,.0f}</b> killed so far"
    assert killed in drawn()
    assert f"week {part.since_shock(16)} from the shock" in drawn()
    show(screen, whole)
    assert not screen.busy.value and screen.week.value == 60
    assert "(60 of 60 weeks)" in drawn() and "so far)" not in drawn()
    context.close()
