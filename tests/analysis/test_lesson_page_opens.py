"""The lesson page in a real browser: from a file, with no network, to the end of a lesson."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from analysis.lesson_page import lesson_page

EVIL = "</script><script>document.title='broken'</script><img src=http://192.0.2.1/x>"
PLACES = [
    {"name": f"Place {index}", "x": 0.2 * index, "y": 0.1 * index, "abroad": index == 3}
    for index in range(4)
]


def world(killing: list[int], share: float) -> dict[str, Any]:
    return {"mass_killing": killing, "deaths": [1500 * one for one in killing], "share": share}


def cell(action: float) -> dict[str, Any]:
    return {
        "action": [action, max(action - 5, 0), action + 5], "alone": [40.0, 35.0, 45.0],
        "deaths": [1, 20, 300], "deaths_alone": [2, 500, 900], "more": 3.0, "spent": 12.0,
    }  # fmt: skip


def lesson(name: str, **changes: Any) -> dict[str, Any]:
    """Return made-up results in the form that the command writes."""
    frames = [
        {
            "killed": [[week * rate, 0, 0, 0] for week in range(5)],
            "displaced": [[0, week * 10 * rate, 0, 0] for week in range(5)],
            "peacekeepers": [[0, 0, 7 if week > 2 else 0, 0] for week in range(5)],
        }
        for rate in (3, 8)
    ]
    made = {
        "name": name, "lesson": "H1", "title": f"Title {name}", "claim": "A claim", "runs": 100,
        "held_equal": "all else", "expects": "fewer_deaths", "question": "Why?", "look_at": ["a"],
        "note": "Mind this", "verdict": "holds", "limits": "Limits.",
        "registered": {"introduction": "Many worlds.",
                       "claims": [{"head": "Timely: mixed", "said": "In 12 % it holds."}]},
        "verdict_text": "in these 100 pairs the claim holds.", "differences": "Case less opposite: -1.",
        "case": {"name": "early", "overrides": ["action.start=0"]},
        "opposite": {"name": "late", "overrides": ["action.start=26"]},
        "table": [["", "case", "opposite", "case, no action", "opposite, no action"],
                  ["deaths", "1", "2", "3", "4"]],
        "worlds": {"case": world([0, 0, 1], 0.33), "opposite": world([0, 1, 1], 0.67),
                   "case_alone": world([1, 1, 1], 1.0), "opposite_alone": world([1, 1, 1], 1.0)},
        "watch": {"replicate": 1, "rule": "by rule", "shock_week": 1, "country": "Nowhere",
                  "places": PLACES, "people": [5, 4, 3, 2], "roads": [[0, 1], [1, 2], [2, 3]],
                  "frames": frames},
        "explore": {
            "controls": [{"label": "Start", "options": ["early", "late"]},
                         {"label": "Spread", "options": ["0", "1", "2"]}],
            "cells": [cell(value) for value in (10.0, 11.0, 12.0, 20.0, 21.0, 22.0)],
        },
    }  # fmt: skip
    return made | changes


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page from a file; whatever it asks for beyond itself, or complains of, fails the test."""
    file = tmp_path / "lessons.html"
    lessons = [lesson("one"), lesson("two", claim=EVIL, title=EVIL, expects="outweighs_action")]
    file.write_text(lesson_page(lessons, command="forestall lesson-page lessons.html"))
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    yield page
    assert [url for url in asked if not url.startswith(file.as_uri())] == []
    assert complaints == []
    context.close()


def predict(page: Page) -> None:
    page.get_by_role("button", name="2 Predict").click()
    page.get_by_label("no clear difference").check()
    for name, guess in (("case", "25"), ("opposite", "40"), ("opposite_alone", "60")):
        page.locator(f"input[name={name}]").fill(guess)
    page.get_by_role("button", name="Show what the model says").click()


def test_nobody_sees_a_result_before_they_have_predicted_it(opened: Page) -> None:
    expect(opened.get_by_role("button", name="3 What came out")).to_be_disabled()
    opened.goto(opened.url.split("#")[0] + "#one/3")
    expect(opened.get_by_text("First say what you expect")).to_be_visible()
    expect(opened.get_by_role("button", name="Show what the model says")).to_be_disabled()
    predict(opened)
    expect(opened.get_by_text("you said 25")).to_be_visible()
    expect(opened.get_by_text("You expected: no clear difference.")).to_be_visible()
    expect(opened.locator(".squares")).to_have_count(3)
    counts = [grid.locator(".killing").count() for grid in opened.locator(".squares").all()]
    assert counts == [1, 2, 3]


def test_a_prediction_is_made_by_the_class_and_stands_nowhere_beforehand(opened: Page) -> None:
    opened.get_by_role("button", name="2 Predict").click()
    show = opened.get_by_role("button", name="Show what the model says")
    numbers = [
        opened.locator(f"input[name={name}]") for name in ("case", "opposite", "opposite_alone")
    ]
    assert [one.input_value() for one in numbers] == ["", "", ""]
    opened.get_by_label("no clear difference").check()
    for number in numbers:
        expect(show).to_be_disabled()
        number.focus()
        opened.keyboard.type("30")
    expect(show).to_be_enabled()
    for wrong in ("", "101", "-1", "2.5"):
        numbers[1].fill(wrong)
        expect(show).to_be_disabled()
    numbers[1].fill("0")
    numbers[1].press("Enter")  # a hand on the keyboard need not look for the button
    expect(opened.get_by_text("you said 0")).to_be_visible()
    opened.get_by_role("button", name="Back").click()
    assert [one.input_value() for one in numbers] == ["30", "0", "30"]


def test_runs_short_of_a_mass_killing_are_told_apart_by_their_deaths(opened: Page) -> None:
    """Where mass killing is rare the verdict goes by deaths that no square would show otherwise."""
    opened.evaluate(
        """() => Object.assign(lessons[0].worlds.case,
        {deaths: [9, 10, 99, 100, 999, 1500], mass_killing: [0, 0, 0, 0, 0, 1]})"""
    )
    predict(opened)
    shades = [
        one.get_attribute("class") for one in opened.locator(".squares").first.locator("span").all()
    ]
    assert shades == ["few", "some", "some", "many", "many", "killing"]


def test_no_step_is_wider_than_a_telephone(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    predict(opened)
    long = [
        "as it is bargained",
        "26 weeks after the start, whatever the bargaining may have come to",
    ]
    opened.evaluate("long => { lessons[0].explore.controls[0].options = long; }", long)
    for step in range(1, 7):
        opened.goto(opened.url.split("#")[0] + f"#one/{step}")
        expect(opened.locator(".steps [aria-current=true]")).to_contain_text(str(step))
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.evaluate(wide) <= 0, step


def test_a_square_finds_its_twins(opened: Page) -> None:
    predict(opened)
    opened.locator("[data-run='1']").first.hover()
    expect(opened.locator("[data-run='1'].here")).to_have_count(3)
    expect(
        opened.get_by_text("Run 1: 0 killed in the first, 1,500 killed in the second")
    ).to_be_visible()


def test_play_advances_the_weeks_of_both_worlds_and_can_go_back(opened: Page) -> None:
    predict(opened)
    opened.get_by_role("button", name="4 One pair").click()
    expect(opened.locator("main svg")).to_have_count(2)
    expect(opened.get_by_text("week 0, 1 before the shock")).to_be_visible()
    opened.get_by_role("button", name="Play").click()
    opened.get_by_text("12 killed, 120 displaced").wait_for(timeout=5000)
    expect(opened.get_by_text("32 killed, 320 displaced")).to_be_visible()
    expect(opened.get_by_text("Difference, first less second: -20 killed")).to_be_visible()
    opened.get_by_role("button", name="One week back").click()
    expect(opened.get_by_text("9 killed, 90 displaced")).to_be_visible()


def test_a_control_changes_the_world_that_is_shown_and_another_can_be_kept(opened: Page) -> None:
    predict(opened)
    opened.get_by_role("button", name="5 Try").click()
    expect(opened.get_by_text("Mass killing with this action: 10 of 100 (5 to 15)")).to_be_visible()
    opened.get_by_role("button", name="Keep beside it").click()
    opened.locator("select").nth(0).select_option("late")
    opened.locator("select").nth(1).select_option("2")
    expect(
        opened.get_by_text("Mass killing with this action: 22 of 100 (17 to 27)")
    ).to_be_visible()
    expect(opened.get_by_text("Kept: Start: early; Spread: 0")).to_be_visible()


def test_the_keyboard_leads_to_the_end_of_a_lesson_and_the_address_back_to_it(opened: Page) -> None:
    predict(opened)
    for _ in range(3):
        opened.keyboard.press("ArrowRight")
    expect(opened.get_by_text("Why?")).to_be_visible()
    expect(opened.get_by_text("Timely: mixed. In 12 % it holds.")).to_be_visible()
    expect(opened).to_have_url(re.compile("#one/6$"))
    opened.keyboard.press("ArrowLeft")
    expect(opened).to_have_url(re.compile("#one/5$"))


def test_text_of_a_lesson_never_becomes_part_of_the_page(opened: Page) -> None:
    opened.get_by_role("button", name="2.").click()
    expect(opened.locator(".box").first).to_have_text(f"Claim, to be tested: {EVIL}")
    expect(opened.locator("img")).to_have_count(0)
    assert opened.title() != "broken"
    predict_text = "the country differs more than action does"
    opened.get_by_role("button", name="2 Predict").click()
    expect(opened.get_by_text(predict_text)).to_be_visible()


def test_a_strange_address_shows_the_first_lesson(opened: Page) -> None:
    for strange in ("#nobody/9", "#one/2.5", "#/../../etc", "#one/-1", "#%00"):
        opened.goto(opened.url.split("#")[0] + strange)
        expect(opened.get_by_role("heading", name="Title one")).to_be_visible()


def test_everything_can_be_read_without_a_script() -> None:
    page = lesson_page([lesson("one")], command="x")
    without = page[page.index("<noscript>") : page.index("</noscript>")]
    for text in ("A claim", "in these 100 pairs the claim holds.", "Limits.", "In 12 % it"):
        assert text in without
