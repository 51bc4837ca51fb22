"""The page in a real browser: what it draws, and what it does when it is used."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from real_browser import Window

from analysis.app.course import courses_of
from analysis.app.pair import coded_priority
from analysis.app.shown import Shown, read_query

Open = Callable[..., Window]


def killed(page: Page) -> list[int]:
    """Return the direct deaths so far that stand in the counters: first and second world."""
    cells = page.locator('tr[data-row="deaths"] td').all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells[:2]]


def week(page: Page) -> int:
    """Return the week that the maps show."""
    return int(page.locator(".world.first").get_attribute("data-week") or -1)


def test_it_draws_both_worlds_without_a_request_that_leaves_the_machine(
    address: str, window: Open
) -> None:
    seen = window()
    page = seen.open(address)
    courses = courses_of(Shown())
    for which, course in (("first", courses.first), ("second", courses.second)):
        told = page.locator(f".world.{which} svg g > title").all_text_contents()
        places = sorted(text.partition(":")[0] for text in told)
        assert places == sorted(name.replace("_", " ") for name in courses.geography.names)
        total = page.locator(f".world.{which} figcaption b").first.inner_text()
        assert total == f"{course.deaths[-1]:,.0f}"
    assert killed(page) == [courses.first.deaths[-1], courses.second.deaths[-1]]
    seen.clean()


def test_it_can_be_read_by_a_machine_and_used_by_keys(address: str, window: Open) -> None:
    page = window().open(address)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("slider").count() >= 6
    for handle in page.get_by_role("slider").all():
        assert handle.get_attribute("aria-label")
        assert handle.get_attribute("tabindex") == "0"
    for drawn in page.locator("svg[role=img]").all():
        assert drawn.get_attribute("aria-label")


@pytest.mark.parametrize(("key", "query"), [("start", "start=1"), ("replicate", "replicate=1")])
def test_a_slider_changes_the_picture(address: str, window: Open, key: str, query: str) -> None:
    seen = window()
    page = seen.open(address)
    before = page.locator(".world.first svg").evaluate("picture => picture.outerHTML")
    page.locator(f'[data-name="{key}"] [role="slider"]').press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.world.first svg').outerHTML != before", arg=before
    )
    wanted = courses_of(read_query(query)).first.deaths[-1]
    expect(page.locator(".world.first figcaption b").first).to_have_text(f"{wanted:,.0f}")
    seen.clean()


def test_what_a_share_means_is_seen_and_priority_can_be_taken_as_it_is_coded(
    address: str, window: Open
) -> None:
    seen = window()
    page = seen.open(f"{address}?weeks=52")
    lever, link = page.locator('[data-name="priority"]'), page.locator("a.restore")
    coded, box = coded_priority("burundi_2015"), lever.get_by_role("checkbox", name="as coded")
    expect(lever.get_by_text(f"Priority of prevention: {coded:.2f}")).to_be_visible()
    assert lever.locator(".ends").inner_text().split("\n") == [
        "0: comes last", "1: comes first"
    ]  # fmt: skip
    expect(box).to_be_checked()
    assert "priority" not in str(link.get_attribute("href"))
    lever.get_by_role("slider").press("ArrowRight")
    expect(link).to_have_attribute(
        "href", re.compile(rf"priority={round(coded * 20) / 20 + 0.05:g}\b")
    )
    expect(box).not_to_be_checked()
    box.press("Space")
    expect(lever.get_by_text(f"Priority of prevention: {coded:.2f}")).to_be_visible()
    expect(link).not_to_have_attribute("href", re.compile("priority"))
    box.press("Space")
    expect(link).to_have_attribute("href", re.compile(rf"priority={round(coded * 20) / 20:g}\b"))
    for name in ("dispersion", "priority"):
        assert page.locator(f'[data-name="{name}"] .ends').is_visible()
    seen.clean()


def test_the_slider_of_priority_can_stand_at_nought(address: str, window: Open) -> None:
    """Its left end was the priority that is coded, so that nought was one step further."""
    seen = window()
    page = seen.open(f"{address}?weeks=52&priority=0.05")
    page.locator('[data-name="priority"] [role="slider"]').press("ArrowLeft")
    expect(page.locator("a.restore")).to_have_attribute("href", re.compile(r"priority=0\b(?!\.)"))
    expect(page.get_by_text("Priority of prevention: 0.00")).to_be_visible()
    page.locator('[data-name="priority"] [role="slider"]').press("ArrowLeft")
    page.wait_for_timeout(500)
    expect(page.get_by_text("Priority of prevention: 0.00")).to_be_visible()
    seen.clean()


def test_play_advances_the_week_until_it_is_paused(address: str, window: Open) -> None:
    seen = window()
    page = seen.open(address)
    assert week(page) == 156
    expect(page.get_by_text("Week 129 from the shock (156 of 156 weeks)")).to_be_visible()
    page.get_by_role("button", name="Rewind").click()
    expect(page.locator(".world.first")).to_have_attribute("data-week", "0")
    expect(page.locator('tr[data-row="deaths"] td').nth(1)).to_have_text("0")
    assert killed(page) == [0, 0]
    expect(page.get_by_text("Before the first week (0 of 156 weeks)")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('.world.first').dataset.week) >= 4")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_timeout(700)
    stopped = week(page)
    page.wait_for_timeout(700)
    assert week(page) == stopped
    page.get_by_role("button", name="Step").click()
    expect(page.locator(".world.first")).to_have_attribute("data-week", str(stopped + 1))
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".world.first")).to_have_attribute("data-week", str(stopped))
    seen.clean()


@pytest.mark.one_in(5)
@pytest.mark.parametrize("typed", ["12a", "", "10000", "-1", "1e3"])
def test_a_seed_that_is_none_stays_to_be_mended_and_the_page_goes_on_with_the_one_before(
    address: str, window: Open, typed: str
) -> None:
    seen = window()
    page = seen.open(f"{address}?seed=7&weeks=52")
    before = killed(page)
    field = page.get_by_label("Seed")
    field.fill(typed)
    field.press("Enter")
    line = page.locator('[data-name="seed"] .v-messages__message')
    expect(line).to_be_visible()
    expect(line).to_contain_text("0 to 9999" if typed in ("12a", "", "1e3") else "0 and 9999")
    expect(line).to_contain_text("seed 7 is shown")
    page.locator('[data-name="weeks"] [role="slider"]').press("ArrowRight")  # the page goes on
    expect(page.locator(".world.first")).to_have_attribute("data-week", "53")
    expect(page.locator("a.restore")).to_have_attribute("href", re.compile("seed=7"))
    expect(field).to_have_value(typed)
    page.locator('[data-name="weeks"] [role="slider"]').press("ArrowLeft")
    expect(page.locator(".world.first")).to_have_attribute("data-week", "52")
    assert killed(page) == before
    field.fill(" 8 ")
    field.press("Enter")
    expect(line).to_have_count(0)
    expect(page.locator("a.restore")).to_have_attribute("href", re.compile("seed=8"))
    seen.clean()


def test_a_seed_that_is_being_typed_is_not_lost_when_the_page_is_drawn_anew(
    address: str, window: Open
) -> None:
    seen = window()
    page = seen.open(f"{address}?seed=7&weeks=156&week=0")
    page.get_by_role("button", name="Play").click()
    field = page.get_by_label("Seed")
    field.fill("12")
    begun = week(page)
    page.wait_for_function(
        "begun => Number(document.querySelector('.world.first').dataset.week) >= begun + 4",
        arg=begun,
    )
    expect(field).to_have_value("12")
    assert "seed=7" in str(page.locator("a.restore").get_attribute("href"))
    field.press("Enter")
    expect(page.locator("a.restore")).to_have_attribute("href", re.compile("seed=12"))
    expect(field).to_have_value("12")
    seen.clean()


# What of a page is cut or too small: selections and texts of pictures that leave their frame, names of
# places below so many pixels, and a page wider than its window.
_CUT = """least => {
  const said = [];
  for (const one of document.querySelectorAll('.v-select__selection'))
    if (one.scrollWidth > one.clientWidth + 1) said.push('cut: ' + one.textContent);
  for (const picture of document.querySelectorAll('svg[role=img]')) {
    const frame = picture.getBoundingClientRect();
    const scale = picture.getScreenCTM().a;
    for (const text of picture.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 ||
          box.bottom > frame.bottom + 2) said.push('outside: ' + text.textContent);
      const size = parseFloat(getComputedStyle(text).fontSize) * scale;
      if (size < least) said.push(`${size.toFixed(1)} px: ${text.textContent}`);
    }
  }
  const wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) said.push('the page is wider than the window');
  return said;
}"""
_LEAST = 10  # pixels of a letter's size that are read from the back of a room, at 1,280 across


@pytest.mark.one_in(4)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize(("query", "until"), [
    ("", ".spread svg"),
    ("?against=later&country=central_african_republic_2013&weeks=260", ".spread svg"),
    ("?lesson=timely&screen=2&guess=case", ".world.second svg"),
    ("?lesson=national&screen=3&guess=case", ".verdict"),
])  # fmt: skip
def test_nothing_is_cut_or_too_small_on_a_projector(
    address: str, window: Open, size: tuple[int, int], query: str, until: str
) -> None:
    seen = window(viewport={"width": size[0], "height": size[1]})
    page = seen.open(address + query, until=until)
    expect(page.locator(".busy.on")).to_have_count(0)
    assert page.evaluate(_CUT, _LEAST) == []
    seen.clean()


_COLUMNS = """() => [...document.querySelectorAll('.open > div, .under > .half')].map(one => {
  const box = one.getBoundingClientRect();  // and what runs over its right edge
  return [box.left, box.top, box.left + Math.max(box.width, one.scrollWidth), box.bottom];
})"""


def overlap(one: list[float], other: list[float]) -> bool:
    """Return whether two boxes (left, top, right, bottom) share room, in pixels."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 1


@pytest.mark.one_in(4)
@pytest.mark.parametrize("size", [(1024, 768), (390, 844)])
@pytest.mark.parametrize(("query", "until"), [
    ("", ".spread svg"),
    ("?lesson=timely&screen=2&guess=case", ".world.second svg"),
    ("?lesson=timely&screen=3&guess=case", ".verdict"),
])  # fmt: skip
def test_parts_of_the_page_do_not_lie_on_each_other_on_a_small_screen(
    address: str, window: Open, size: tuple[int, int], query: str, until: str
) -> None:
    seen = window(viewport={"width": size[0], "height": size[1]})
    page = seen.open(address + query, until=until)
    expect(page.locator(".busy.on")).to_have_count(0)
    boxes = page.evaluate(_COLUMNS)
    assert len(boxes) >= 2
    pairs = [(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :]]
    assert not any(overlap(*pair) for pair in pairs), boxes
    assert page.evaluate(_CUT, _LEAST if size[0] > 400 else 0) == []
    seen.clean()
