"""The guided mode in a real browser: a prediction first, then the result, to the end of each lesson."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from real_browser import Window

from analysis.app.below import pairs_said
from analysis.app.course import courses_of
from analysis.app.shown import LESSONS, read_query
from experiments.lesson import Taught
from experiments.lesson_text import result_rows
from experiments.lessons.told import stored, told
from sim.outcomes import O

Open = Callable[..., Window]


def following(page: Page) -> None:
    page.get_by_role("button", name="Next").click()


def test_a_lesson_shows_nothing_before_the_class_has_predicted_and_runs_to_its_end(
    address: str, window: Open
) -> None:
    seen = window()
    page = seen.open(f"{address}?lesson=timely", until=".large")
    assert page.locator(".care").inner_text()
    expect(page.locator("h1")).to_have_text("Lesson 1 \u00b7 Timely and decisive")
    following(page)
    onward = page.get_by_role("button", name="Next")
    expect(page.get_by_role("radio")).to_have_count(3)
    expect(onward).to_be_disabled()
    assert page.locator("svg[role=img], .counters").count() == 0
    page.get_by_text("Fewer people are killed in the first world: early and in full").click()
    expect(onward).to_be_enabled()
    following(page)
    page.wait_for_selector(".world.second svg")
    shock = courses_of(read_query("lesson=timely")).shock_week
    expect(page.locator(".world.first")).to_have_attribute("data-week", str(shock))
    expect(page.get_by_role("button", name="Back")).to_have_count(1)  # a week, and nothing else
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"Number(document.querySelector('.world.first').dataset.week) > {shock}")
    following(page)
    page.wait_for_selector(".verdict", timeout=300_000)
    said = page.locator(".verdict").inner_text()
    assert "the claim" in said and "200 pairs" in said
    assert "expected: Fewer people are killed in the first world: early" in page.content()
    following(page)
    expect(page.get_by_role("button", name="Next")).to_have_count(0)
    expect(page.locator(".large")).to_contain_text("make a difference")
    registered = page.locator(".registered").all_inner_texts()
    assert registered == [f"{one.head}. {one.said}" for one in told("H1", stored())]
    expect(page.locator("a.after")).to_have_attribute("href", "/?lesson=priority")
    seen.clean()


def test_a_class_that_waits_for_the_result_sees_it(address: str, window: Open) -> None:
    seen = window()
    seen.open(f"{address}?lesson=national&screen=3&guess=neither", until=".walk .under.plain")
    expect(seen.page.locator(".verdict")).to_contain_text("200 pairs")
    seen.clean()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_link_into_a_lesson_without_a_prediction_leads_to_the_question(lesson: str) -> None:
    assert read_query(f"lesson={lesson}&screen=4").screen == 1
    assert read_query(f"lesson={lesson}&screen=4&guess=neither").screen == 4


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_worlds_of_every_lesson_can_be_run_side_by_side(lesson: str) -> None:
    courses = courses_of(read_query(f"lesson={lesson}"))
    assert courses.pair.first.structure == courses.pair.second.structure
    assert not np.array_equal(courses.first.displaced, courses.second.displaced)


def test_the_table_counts_weeks_from_the_shock_as_the_maps_do_and_the_pairs_are_all_counted() -> (
    None
):
    runs = np.zeros((4, len(O)))
    runs[:, O.mandate_week] = [36, 36, 40, -1]
    runs[:, O.direct_deaths] = [0, 5, 9, 2]
    other = runs.copy()
    other[:, O.direct_deaths] = [0, 6, 1, 3]
    taught = Taught(runs, other, runs, other)
    of_the_run = {row[0]: row[1] for row in result_rows(taught)}
    from_the_shock = {row[0]: row[1] for row in result_rows(taught, shock_week=26)}
    assert of_the_run["first mandate, median week of the run"] == "36 (75 % of runs)"
    assert from_the_shock["first mandate, median week from the shock"] == "10 (75 % of runs)"
    assert from_the_shock["half of the peacekeepers there, median week from the shock"].startswith(
        "-26"
    )
    assert pairs_said(runs, other, "a<b") == (
        "On the same random numbers, fewer people are killed in <b>a&lt;b</b> in 50 % of the 4 pairs, "
        "more in 25 %, as many in 25 %."
    )
