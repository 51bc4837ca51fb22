"""What the page draws equals what was run, also where nothing happened."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from analysis.app.course import Courses, courses_of
from analysis.app.job import GoesOn, Jobs
from analysis.app.map_svg import ARMED_COLOURS, LEAST, MOST, MapMaker
from analysis.app.pair import pair_of
from analysis.app.parts import Parts, parts_table
from analysis.app.record import recorded_said
from analysis.app.recorder import FIELDS, KINDS, StoppedError, record
from analysis.app.shelf import Shelf
from analysis.app.shown import LAYERS, Shown, read_query
from analysis.app.spread_svg import spread_picture
from analysis.app.weeks_svg import FIRST, HEIGHT, SECOND_LINE, weeks_picture
from analysis.app.why import peek_why, why_job
from analysis.page import contrast
from analysis.plots.country_over_time import film_weeks
from experiments.records import read_record, recorded_cases
from experiments.switching_off import NAMES

HEIGHTS = (216.0, 46.0)
"""Where the picture of all runs has 0 % and 100 %."""
SVG = "{http://www.w3.org/2000/svg}"
SHORT = "country=rwanda_1994&weeks=60"


@pytest.fixture(scope="module")
def courses() -> Courses:
    return courses_of(read_query(SHORT))


@pytest.fixture(scope="module")
def quiet(courses: Courses) -> Courses:
    """Two worlds in which nothing at all happens."""
    course = courses.first
    zero = replace(
        course,
        places={name: np.zeros_like(rows) for name, rows in course.places.items()},
        **{name: np.zeros_like(course.deaths) for name in ("deaths", "displaced", "peacekeepers")},
    )
    return replace(courses, first=zero, second=zero)


def read(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def test_a_course_is_the_run_that_the_model_makes(courses: Courses) -> None:
    from sim.engines import run
    from sim.outcomes import Z

    compiled = run(
        [courses.pair.first], scenario=np.zeros(1, int), replicate=np.zeros(1, int), seed=1
    )
    series = compiled.series[0]
    assert courses.first.deaths[1:].tolist() == np.cumsum(series[:, Z.direct_deaths]).tolist()
    assert courses.first.displaced[1:].tolist() == series[:, Z.displaced].tolist()
    assert courses.first.places["killed"].sum(axis=1).tolist() == courses.first.deaths.tolist()
    assert courses.first.places["displaced"].sum(axis=1) == pytest.approx(courses.first.displaced)
    assert (courses.first.places["leaving"] >= 0).all()
    assert courses.second.peacekeepers.max() == 0


def test_weeks_are_counted_as_a_film_counts_them(courses: Courses) -> None:
    from sim.engines import run
    from sim.outcomes import Z

    case = courses.pair.first
    stored = run([case], scenario=np.zeros(1, int), replicate=np.zeros(1, int), seed=1).series[0]
    assert courses.since_shock(courses.weeks) == film_weeks(case.weeks)[-1] - case.shock_week
    for passed in range(1, courses.weeks + 1):
        of_the_run = courses.since_shock(passed) + case.shock_week
        assert courses.first.displaced[passed] == stored[of_the_run, Z.displaced]
    picture = weeks_picture(courses, courses.weeks, "deaths", label="Direct deaths")
    last = film_weeks(case.weeks)[-1] - case.shock_week
    assert f"week {last} from the shock" in picture


def test_the_shock_stands_in_the_picture_at_the_end_of_its_week(courses: Courses) -> None:
    passed = courses.shock_week + 1
    picture = read(weeks_picture(courses, passed, "deaths", label="Direct deaths"))
    said = next(one for one in picture.iter(f"{SVG}text") if one.text == "shock")
    line = next(one for one in picture.iter(f"{SVG}path") if one.get("stroke") == "#222")
    assert line.get("d", "").startswith(f"M{said.get('x')} ")
    assert "week 0 from the shock" in str(picture.get("aria-label"))


def test_the_area_of_a_bubble_grows_evenly_with_deaths(courses: Courses) -> None:
    maker = MapMaker(courses)
    picture = read(maker.draw(courses.second, courses.weeks, said="the last week"))
    assert picture.get("aria-label") == "the last week"
    killed = courses.second.places["killed"][-1]
    drawn = {}
    for group in picture.iter(f"{SVG}g"):
        title, circle = group.find(f"{SVG}title"), group.findall(f"{SVG}circle")
        if title is not None and circle:
            drawn[str(title.text).partition(":")[0]] = float(circle[-1].get("r", "0"))
    home = np.flatnonzero(~np.asarray(courses.geography.abroad))
    assert len(drawn) == home.size
    for place in home:
        radius = drawn[str(courses.geography.names[place]).replace("_", " ")]
        share = killed[place] / max(maker.most["killed"], 50.0)
        assert radius**2 == pytest.approx(LEAST**2 + (MOST**2 - LEAST**2) * share, rel=0.03)


def test_a_layer_that_is_switched_off_is_not_drawn(courses: Courses) -> None:
    maker = MapMaker(courses)
    with_all = maker.draw(courses.second, courses.weeks, said="")
    bare = maker.draw(courses.second, courses.weeks, said="", hidden=LAYERS)
    assert with_all.count("<rect") > bare.count("<rect")
    assert "stroke-dasharray" in with_all and "stroke-dasharray" not in bare


def test_the_line_of_weeks_ends_where_the_class_has_come(courses: Courses) -> None:
    label = "Direct deaths so far (people)"
    whole = read(weeks_picture(courses, 10, "deaths", label=label))
    until = read(weeks_picture(courses, 10, "deaths", label=label, whole=False))

    def points(picture: ElementTree.Element) -> list[int]:
        lines = [one for one in picture.iter(f"{SVG}path") if one.get("stroke-width") == "2.2"]
        return [len(re.findall("[ML]", one.get("d", ""))) for one in lines]

    assert points(whole) == [courses.weeks + 1] * 2
    assert points(until) == [11] * 2
    begun = replace(courses, first=courses.first.beginning(20), second=courses.second.beginning(20))
    assert points(read(weeks_picture(begun, 10, "deaths", label=label))) == [21] * 2
    assert f"{courses.first.deaths[10]:,.0f} in" in str(whole.get("aria-label"))


@pytest.mark.parametrize("quantity", ["deaths", "displaced", "peacekeepers"])
def test_each_line_and_dot_of_weeks_is_that_of_its_world(courses: Courses, quantity: str) -> None:
    apart = np.abs(getattr(courses.first, quantity) - getattr(courses.second, quantity))
    week = int(np.argmax(apart))
    picture = read(weeks_picture(courses, week, quantity, label="People"))
    lines = {
        one.get("stroke"): [float(y) for y in re.findall(r" ([\d.]+)(?=L|$)", one.get("d", ""))]
        for one in picture.iter(f"{SVG}path")
        if one.get("stroke-width") == "2.2"
    }
    dots = {one.get("fill"): float(one.get("cy", "0")) for one in picture.iter(f"{SVG}circle")}
    worlds = {FIRST: courses.first, SECOND_LINE: courses.second}
    assert set(lines) == set(dots) == set(worlds)
    assert apart[week] > 0.0
    tops = []
    for colour, world in worlds.items():
        values, drawn = getattr(world, quantity), (HEIGHT - 24) - np.array(lines[colour])
        most = int(np.argmax(values))
        if values[most] > 0.0:
            tops.append(values[most] / drawn[most])
            assert drawn == pytest.approx(values * (drawn[most] / values[most]), abs=0.2)
        assert (HEIGHT - 24) - dots[colour] == pytest.approx(drawn[week], abs=0.06)
    assert tops == pytest.approx([tops[0]] * len(tops), rel=0.05)  # both on one scale


def test_the_marks_of_the_runs_on_screen_stand_where_their_deaths_are_in_their_colours() -> None:
    deaths = np.array([0.0, 0.0, 10.0, 1_000.0])
    found = []
    for here in ((10.0, 1_000.0), (1_000.0, 10.0)):
        picture = read(spread_picture(deaths, deaths / 2.0, names=("a", "b"), here=here))
        marks = [
            one for one in picture.iter(f"{SVG}path") if one.get("fill") in (FIRST, SECOND_LINE)
        ]
        found.append(
            {one.get("fill"): float(re.findall(r"M([\d.]+)", one.get("d", ""))[0]) for one in marks}
        )
    once, turned = found
    assert once[FIRST] < once[SECOND_LINE]
    assert once[FIRST] == pytest.approx(turned[SECOND_LINE], abs=0.2)
    assert once[SECOND_LINE] == pytest.approx(turned[FIRST], abs=0.2)


def test_a_case_is_shown_beside_its_record_and_another_country_has_none() -> None:
    for case in recorded_cases():
        killed = read_record(case).figures["direct_deaths"]
        said = recorded_said(case)
        assert f"<b>{killed.best:,.0f} killed</b> ({killed.low:,.0f} to {killed.high:,.0f})" in said
        assert "not the record" in said
    assert recorded_said("archetype_strong_state") == ""


def test_a_world_in_which_nothing_happens_is_drawn_as_such(quiet: Courses) -> None:
    picture = read(MapMaker(quiet).draw(quiet.first, 5, said="nothing"))
    radii = {float(one.get("r", "0")) for one in picture.iter(f"{SVG}circle")}
    assert radii == {LEAST}
    weeks = weeks_picture(quiet, 5, "deaths", label="Direct deaths so far (people)")
    dots = [float(one.get("cy", "0")) for one in read(weeks).iter(f"{SVG}circle")]
    assert dots == [HEIGHT - 24] * 2


def test_the_share_of_runs_falls_where_runs_have_as_many_deaths() -> None:
    first, second = np.array([0.0, 0.0, 10.0, 1_000.0]), np.zeros(4)
    picture = read(spread_picture(first, second, names=("a<b", "c"), here=(10.0, 0.0)))
    lines = [one.get("d", "") for one in picture.iter(f"{SVG}path") if one.get("fill") == "none"]
    steps = [re.findall(r"V([\d.]+)", line) for line in lines]
    assert steps[0] == []  # nobody is killed in any run of the second world
    heights = [float(one) for one in steps[1]]
    bottom, top = HEIGHTS
    shares = [(bottom - y) / (bottom - top) for y in heights]
    assert shares == pytest.approx([0.25, 0.0], abs=1e-3)
    assert "a<b" in "".join(picture.itertext())


def test_deaths_stand_on_the_scale_that_the_axis_names() -> None:
    first, second = np.array([0.0, 9.0, 99.0, 2_000.0]), np.zeros(4)
    picture = read(spread_picture(first, second, names=("a", "b"), here=(99.0, 0.0)))
    assert "log(1 + people)" in "".join(picture.itertext())
    at = {text.text: float(text.get("x", "")) for text in picture.iter(f"{SVG}text")}
    people = {"0": 0, "1": 1, "10": 10, "100": 100, "1k": 1_000}
    unit = (at["1k"] - at["0"]) / np.log1p(1_000)
    for label, deaths in people.items():
        assert at[label] - at["0"] == pytest.approx(unit * np.log1p(deaths), abs=0.2)


def test_the_scale_of_colours_has_its_ticks_where_the_maps_take_their_colours(
    courses: Courses,
) -> None:
    maker = MapMaker(courses)
    scale = read(maker.scale())
    steps = [(float(one.get("x", "")), one.get("fill")) for one in scale.iter("rect")]
    ticks = {one.text: float(one.get("x", "")) for one in scale.iter("text")}
    assert list(ticks)[:2] == ["0", "100"]
    for label, people in (("100", 100.0), ("10k", 10_000.0)):
        if label in ticks:
            under = max(number for number, (x, _) in enumerate(steps) if x <= ticks[label])
            near = [colour for _, colour in steps[max(under - 1, 0) : under + 2]]
            assert maker.shade(people) in near


def test_lines_are_seen_on_white_and_kinds_of_armed_are_told_apart_in_grey() -> None:
    for line in (FIRST, SECOND_LINE):
        assert contrast(line, "#FFFFFF") >= 3
    colours = list(ARMED_COLOURS.values())
    assert all(contrast(*pair) > 2 for pair in pairwise(colours))


def made_parts(**averted: float) -> Parts:
    """Return parts of which these mechanisms have one, twice as large in the second of two runs."""
    runs = pd.DataFrame(0.0, index=[0, 1], columns=["total", *NAMES, "interactions"])
    for name, value in averted.items():
        runs[name] = [value, 2 * value]
    table = pd.DataFrame(
        {"estimate": runs.mean(), "low": runs.min(), "high": runs.max(),
         "pairs_differing": (runs != 0).sum()}
    )  # fmt: skip
    return Parts(table, runs)


def test_the_parts_of_mechanisms_stand_in_the_order_of_their_size() -> None:
    parts = made_parts(total=100.0, flight=-60.0, killing=100.0, trust=10.0, interactions=50.0)
    page = read(f"<div>{parts_table(parts, names=('a<b', 'c'), replicate=1)}</div>")
    rows = {row.get("data-part"): row for row in page.iter("tr") if row.get("data-part")}
    assert list(rows) == ["total", "killing", "flight", "trust", "interactions"]
    said = ["".join(cell.itertext()) for cell in rows["flight"].iter("td")]
    assert said[1:] == [
        "\N{MINUS SIGN}90 [\N{MINUS SIGN}120, \N{MINUS SIGN}60]",
        "\N{MINUS SIGN}120",
    ]
    widths = {name: float(next(row.iter("rect")).get("width", "0")) for name, row in rows.items()}
    assert widths["flight"] == pytest.approx(0.6 * widths["total"], abs=0.1)
    assert "a<b" in "".join(page.itertext())


def test_worlds_that_do_not_differ_have_no_part_to_show() -> None:
    page = read(f"<div>{parts_table(made_parts(), names=('a', 'c'), replicate=0)}</div>")
    rows = [row.get("data-part") for row in page.iter("tr") if row.get("data-part")]
    assert rows == ["total", "interactions"]
    assert "Without a part in any course, or off: elite choice" in "".join(page.itertext())


def test_a_job_that_nobody_asks_for_is_dropped_and_begun_again() -> None:
    jobs: Jobs[int] = Jobs(2)
    begun, end = threading.Event(), threading.Event()

    def work(goes_on: GoesOn) -> int | None:
        begun.set()
        end.wait(30)
        return 7 if goes_on(1) else None

    job = jobs.ask("a", work)
    assert begun.wait(60)
    job.asked -= 60
    end.set()
    deadline = time.monotonic() + 30
    while not job.dropped and time.monotonic() < deadline:
        time.sleep(0.01)
    assert job.dropped and not job.finished and jobs.peek("a") is None
    again = jobs.ask("a", work)
    while not again.finished and time.monotonic() < deadline:
        time.sleep(0.01)
    assert again is not job and again.found == 7


def test_a_comparison_that_nobody_waits_for_ends_with_its_week() -> None:
    shown = read_query("country=rwanda_1994&weeks=260&replicate=5")
    job = why_job(shown)
    deadline = time.monotonic() + 120
    while not job.done and time.monotonic() < deadline:
        time.sleep(0.01)
        job.asked = time.monotonic()
    job.asked -= 60
    while not (job.dropped or job.finished) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert job.dropped
    at = job.done
    after = Jobs[int](1).ask("after", lambda goes_on: 7)  # one runs at a time: the first has ended
    while not after.finished and time.monotonic() < deadline:
        after.asked = time.monotonic()
        time.sleep(0.01)
    assert after.found == 7
    assert not job.finished and job.done == at < 260
    assert peek_why(shown) is None


def test_a_run_that_nobody_wants_any_more_stops() -> None:
    case = courses_of(Shown()).pair.first
    asked = iter([True, True, False])
    with pytest.raises(StoppedError):
        record(case, seed=1, replicate=0, wanted=lambda: next(asked))


def test_of_many_who_ask_at_once_one_computes() -> None:
    shelf: Shelf[int] = Shelf(4)
    begun, made = threading.Barrier(8), []

    def make() -> int:
        made.append(1)
        threading.Event().wait(0.05)
        return 7

    got: list[int] = []

    def ask() -> None:
        begun.wait()
        got.append(shelf.get("same", make))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert got == [7] * 8 and made == [1]


def test_a_failure_is_not_kept_and_old_results_make_room() -> None:
    shelf: Shelf[int] = Shelf(2)
    with pytest.raises(ZeroDivisionError):
        shelf.get("a", lambda: 1 // 0)
    assert shelf.get("a", lambda: 1) == 1
    assert [shelf.get(name, lambda: 2) for name in "bc"] == [2, 2]
    assert shelf.peek("a") is None and shelf.peek("c") == 2


def test_every_field_of_a_place_is_kept_for_every_week(courses: Courses) -> None:
    assert set(KINDS) == {"state", "militia", "rebel"}
    for course in (courses.first, courses.second):
        assert set(course.places) == set(FIELDS)
        for rows in course.places.values():
            assert rows.shape == (courses.weeks + 1, len(courses.geography.names))


@pytest.mark.parametrize(("query", "moved"), [
    ("start=3", "start=9"),
    ("against=later&later=20&start=3", "against=later&later=20&start=9"),
    ("against=divided&dispersion=0.5", "against=divided&dispersion=0.1"),
])  # fmt: skip
def test_a_world_that_a_slider_leaves_as_it_is_is_not_run_again(query: str, moved: str) -> None:
    here, there = (courses_of(read_query(f"{SHORT}&{one}")) for one in (query, moved))
    assert here.first is not there.first
    assert here.second is there.second


def test_worlds_are_taken_for_the_same_only_if_they_are() -> None:
    """A course of before that stood for another world would be a wrong picture that nobody notices."""
    queries = [
        "", "start=9", "later=9", "dispersion=0.5", "portfolio=holistic", "priority=0.5", "weeks=61",
        "capacity=0.5", "seed=2", "replicate=1", "against=later", "against=later&later=9",
        "against=divided", "against=divided&dispersion=0.5", "course=actual", "course=actual&start=9",
        "course=actual&against=later", "course=actual&against=later&later=9",
        "course=actual&against=divided", "course=actual&dispersion=0.5", "country=burundi_2015",
    ]  # fmt: skip
    found: dict[object, list[tuple[str, bytes]]] = {}
    for query in queries:
        base = "" if "country" in query else "country=rwanda_1994&"
        weeks = "" if "weeks" in query else "&weeks=60"
        shown = read_query(f"{base}{query}{weeks}".replace("&&", "&"))
        for world in pair_of(shown).worlds:
            key = (world.key, world.scenario.weeks, shown.seed, shown.replicate)
            run = record(world.scenario, seed=shown.seed, replicate=shown.replicate)
            found.setdefault(key, []).append((query, run.outcomes.tobytes()))
    assert any(len(same) > 3 for same in found.values())
    for same in found.values():
        assert len({outcomes for _, outcomes in same}) == 1, [query for query, _ in same]
