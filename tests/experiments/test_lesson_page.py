"""A lesson page shows what was run, in one file that asks for nothing from outside."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import main
from experiments.lesson import Control, Taught, lesson_files, read_lesson, run_world
from experiments.lesson_page import SHOWN, as_data, choices, chosen_pair
from sim.outcomes import OUTCOMES, O

OWN = """\
lesson: H9
title: A "title" & <b>more</b>
claim: A claim. </script><script>document.title = "broken"</script>
held_equal: everything else
common: [country=burundi_2015, weeks=60]
case: {name: early, overrides: [action.start=0]}
opposite: {name: late, overrides: [action.start=20]}
expects: fewer_deaths
question: Why?
look_at: [deaths]
controls:
  - label: Start
    options: {at once: [action.start=0], later: [action.start=20]}
  - label: Positions
    options: {one: [actors.dispersion=0], two: [actors.dispersion=1], default: []}
"""


def runs(deaths: list[float], killing: list[float]) -> np.ndarray:
    found = np.zeros((len(deaths), len(OUTCOMES)))
    found[:, O.direct_deaths] = deaths
    found[:, O.mass_killing] = killing
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("own")
    (found / "lesson").mkdir()
    (found / "lesson" / "mine.yaml").write_text(OWN)
    return found


@pytest.fixture(scope="module")
def data(folder: Path) -> dict[str, Any]:
    return as_data(read_lesson("mine", folder), replicates=6, seed=3, scenarios=folder)


def test_every_lesson_offers_a_class_something_to_set() -> None:
    for name in lesson_files():
        lesson = read_lesson(name)
        assert len(choices(lesson)) >= 16, name


def test_every_setting_of_the_controls_is_a_cell_in_their_order(
    data: dict[str, Any], folder: Path
) -> None:
    cells = data["explore"]["cells"]
    assert len(cells) == 2 * 3
    action, alone = run_world(
        ["country=burundi_2015", "weeks=60", "action.start=20", "actors.dispersion=1",
         "replicates=6", "seed=3"],
        scenarios=folder,
    )  # fmt: skip
    found = cells[1 * 3 + 1]  # the last control turns fastest
    assert found["action"][0] == round(100 * action[:, O.mass_killing].mean(), 1)
    assert found["alone"][0] == round(100 * alone[:, O.mass_killing].mean(), 1)
    assert found["deaths"][1] == round(float(np.median(action[:, O.direct_deaths])))
    assert found["deaths_alone"][1] == round(float(np.median(alone[:, O.direct_deaths])))
    more = action[:, O.direct_deaths] > alone[:, O.direct_deaths]
    assert found["more"] == round(100 * more.mean(), 1)


def test_the_weeks_of_the_pair_end_in_the_deaths_of_its_squares(data: dict[str, Any]) -> None:
    watch = data["watch"]
    for frame, arm in zip(watch["frames"], ("case", "opposite"), strict=True):
        assert len(frame["killed"]) == 60
        assert sum(frame["killed"][-1]) == data["worlds"][arm]["deaths"][watch["replicate"]]
        assert all(len(week) == len(watch["places"]) for week in frame["displaced"])
    assert all(0 <= place["x"] <= 1 and 0 <= place["y"] <= 1 for place in watch["places"])


def test_the_pair_that_is_shown_has_the_middle_difference_of_those_that_escalate() -> None:
    case = runs([0, 9, 0, 50, 7], [0] * 5)
    opposite = runs([0, 9, 99, 51, 900], [0] * 5)
    alone = runs([0] * 5, [0, 0, 1, 1, 1])
    assert chosen_pair(Taught(case, opposite, case, alone))[0] == 2
    quiet = runs([0] * 5, [0] * 5)
    replicate, rule = chosen_pair(Taught(case, opposite, case, quiet))
    assert replicate in range(5) and "none a mass killing" in rule


def test_at_most_a_hundred_worlds_are_drawn_one_by_one() -> None:
    from experiments.lesson_page import squares

    many = runs([1.0] * 250, [0] * 200 + [1] * 50)
    found = squares(Taught(many, many, many, many))["case"]
    assert len(found["deaths"]) == SHOWN and sum(found["mass_killing"]) == 0
    assert found["share"] == 0.2  # of all runs, not of those that are drawn


def test_the_page_is_one_file_that_asks_for_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lessons.html"
    words = ["lesson-page", str(out), "--lesson", "mine", "--replicates", "4"]
    assert main([*words, "--scenarios", str(folder)]) == 0
    page = out.read_text()
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "default-src 'none'" in page and "unsafe-eval" not in page
    # What a lesson's file says is text: it can end no element and start none.
    assert page.count("<script") == 2 and "<b>more" not in page
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert block is not None
    held = json.loads(block.group(1))["lessons"][0]
    assert held["claim"] == read_lesson("mine", folder).claim and held["runs"] == 4
    said = capsys.readouterr()
    assert str(out) in said.out
    # Two worlds, and those of its controls, each with action and left alone, four runs each.
    total = 2 * (2 + len(choices(read_lesson("mine", folder)))) * 4
    assert f"{total}/{total} runs (100%)" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lessons.txt"], "does not end with .html"),
        (
            ["l.html", "--replicates", "1"],
            "--replicates: 1 is not allowed, expected 2 to 10,000 (runs a world)",
        ),
        (["l.html", "--lesson", "timly"], "timely"),
        (["l.html", "--lesson", "../timely"], "timely"),
    ],
)
def test_a_mistake_is_one_line(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["lesson-page", *words]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ("controls: [{label: A, options: {one: []}}]", "2 or more choices"),
        ("controls: [{label: A}]", "options: missing"),
        ("controls: [{labl: A, options: {a: [], b: []}}]", "label"),
        ("controls: [{label: A, options: {a: [], b: [executor=dask]}}]", "may not set"),
        ("controls: {a: b}", "a list of controls"),
    ],
)
def test_controls_that_cannot_be_read_are_one_line(
    controls: str, said: str, tmp_path: Path
) -> None:
    from sim.errors import ForestallError

    (tmp_path / "lesson").mkdir()
    text = OWN[: OWN.index("controls:")] + controls + "\n"
    (tmp_path / "lesson" / "mine.yaml").write_text(text)
    with pytest.raises(ForestallError, match=re.escape(said)):
        read_lesson("mine", tmp_path)


def test_controls_that_make_too_many_worlds_are_refused(tmp_path: Path) -> None:
    from sim.errors import ForestallError

    (tmp_path / "lesson").mkdir()
    lines = [f"  - {{label: L{n}, options: {{a: [], b: []}}}}" for n in range(8)]
    text = OWN[: OWN.index("controls:")] + "\n".join(["controls:", *lines]) + "\n"
    (tmp_path / "lesson" / "mine.yaml").write_text(text)
    with pytest.raises(ForestallError, match="256 is not allowed, expected at most 128"):
        read_lesson("mine", tmp_path)


def test_a_control_keeps_the_order_of_its_choices() -> None:
    control = read_lesson("timely").controls[0]
    assert isinstance(control, Control)
    assert next(iter(control.options)) == "the week of the shock"
