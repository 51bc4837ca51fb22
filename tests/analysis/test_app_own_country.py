"""A country of one's own on the page, and how fast the page answers where it has fifty communities."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_speed import OWN, answers, make_country
from playwright.sync_api import Browser
from real_browser import serving

from analysis.app.controls import country_names
from analysis.app.course import courses_of
from analysis.app.offered import STAND_INS, offer
from analysis.app.shown import as_query, read_query
from experiments.cli import main
from sim.errors import ForestallError

PATIENT = 4.0
"""Seconds; an answer takes some tenths where the machine is free, and this one runs other tests too."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with one country of fifty communities, offered until the test ends."""
    make_country(tmp_path, 50)
    offer(tmp_path)
    yield tmp_path
    offer(None)


def test_a_country_of_ones_own_is_a_choice_and_a_link_restores_it(folder: Path) -> None:
    shown = read_query(f"country={OWN}&weeks=52")
    assert read_query(as_query(shown)) == shown
    assert country_names()[OWN] == "Synthetic 48-5 (own file)"  # as its file says
    courses = courses_of(shown)
    assert len(courses.geography.names) == 50
    assert (
        courses.pair.first.actors.names
        == courses_of(read_query("country=archetype_fragile&weeks=52")).pair.first.actors.names
    )


def test_a_file_that_is_not_offered_cannot_be_named(folder: Path) -> None:
    offer(None)
    with pytest.raises(ForestallError, match=f"country: unknown name '{OWN}'"):
        read_query(f"country={OWN}")


@pytest.mark.parametrize(("name", "text", "said"), [
    ("mine", "name: [", "--scenarios: country/mine.yaml"),
    ("burundi_2015", "name: x", "has the name of a packaged file"),
    ("a b", "name: x", "'a b' is not the name of a scenario file"),
    ("mine", "name: x", "country mine: groups: missing"),
])  # fmt: skip
def test_a_mistake_in_a_file_of_ones_own_is_told_before_the_page_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / f"{name}.yaml").write_text(text)
    assert main(["app", "--scenarios", str(tmp_path), "--port", "0", "--no-browser"]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint and "Traceback" not in complaint
    offer(None)


def test_fifty_communities_are_drawn_and_a_slider_is_answered_soon(
    folder: Path, browser: Browser
) -> None:
    with serving("--scenarios", str(folder)) as address:
        found = answers(browser, address, moves=1, rest=0.5)
    assert statistics.median(first for first, _ in found.all) < PATIENT, found


def test_one_is_told_whose_actors_act_in_a_country_without_any(folder: Path) -> None:
    assert offer(folder).without_actors == (OWN,)
    assert offer(folder).overrides(OWN) == [f"country={OWN}", f"actors={STAND_INS}"]
    (folder / "actors").mkdir()
    (folder / "actors" / f"{OWN}.yaml").write_text("mean: [0.5, 0.5]\n")
    assert offer(folder).overrides(OWN) == [f"country={OWN}"]
