"""The page of the verdict: made of its figures, and of nothing that they do not say."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from experiments.lessons.page import FIGURES, PICTURE, page, rounded, write_page
from experiments.lessons.told import IN_CLASS, introduction, stored, told

CALIBRATED, PRIOR = "calibrated", "prior"


def condition(name: str, kind: str, verdict: str, effect: float) -> dict[str, Any]:
    return {
        "name": name, "is": kind, "says": f"what {name} is", "effect": effect,
        "interval": [effect - 0.1, effect + 0.1], "verdict": verdict,
        "holds": 0.2, "undecided": 0.5, "reverses": 0.3,
    }  # fmt: skip


def ensemble(name: str, verdict: str, **changes: Any) -> dict[str, Any]:
    shares = {"holds": 0.25, "undecided": 0.5, "reverses": 0.25}
    return {
        "name": name, "verdict": verdict, "effect": -0.2604, "interval": [-0.357, -0.164],
        "mass_killing": -0.008, "mass_killing_interval": [-0.016, -0.0004],
        "sets": 200, "pairs": 102, "indices": [],
        "shares": {side: {"share": share, "interval": [0, 1]} for side, share in shares.items()},
        "reversals": [], "mediators": [
            {"off": name, "says": "off", "verdict": "mixed", "effect": 0.0, "interval": [-0.1, 0.1],
             "carried": carried, "carried_interval": [carried - 0.05, carried + 0.05]}
            for name, carried in (("no_forums", 0.12), ("no_delay", -0.2), ("no_split", 0.01))
        ],
        "conditions": [
            condition("endowment", "main", verdict, -0.26),
            condition("clamped", "main", "reverses", 0.4),
            condition("best_response", "form", "reverses on average", 0.5),
            condition("aspiration", "form", "reverses on average", 0.5),
            condition("protection", "tools", "holds", -0.5),
            condition("placebo", "placebo", "undecided", 0.0),
        ],
    } | changes  # fmt: skip


def figures(*, prior: bool = True, passed: bool = True, **changes: Any) -> dict[str, Any]:
    block = {"condition": "national", "total": 1.04, "total_low": 0.8, "total_high": 1.3}
    fourth = {
        "indices": [{**block, "block": "national"}, {**block, "block": "international"}],
        "conditions": [condition("national", "main", "holds", -0.7)], "mediators": [],
    }  # fmt: skip
    box = {"factor": "signal_noise", "low": 0.01, "high": 0.9, "least": 0.01, "most": 2.0,
           "coverage": 0.55, "density": 0.4, "mass": 0.3, "lift": 0.25, "chance": 0.1}  # fmt: skip
    control = {"lesson": "H1", "ensemble": CALIBRATED, "condition": "placebo", "verdict": "undecided",
               "expected": "nothing, to the bit", "effect": 0.0, "effect_low": 0.0,
               "effect_high": 0.0, "passed": passed}  # fmt: skip
    return {
        "command": "forestall lessons --page FILE", "quick": False, "registration": "4" * 64,
        "digest": "8" * 64, "runs": 3_337_000, "models": ["6" * 64], "region": "three countries",
        "ensembles": [
            {"name": CALIBRATED, "sha256": "a" * 64},
            {"name": PRIOR, "sha256": "b" * 64 if prior else None},
        ],
        "lessons": [
            {"id": "H1", "title": "timely", "claim": "early is better", "controls": [control],
             "posterior": ensemble(CALIBRATED, "mixed", reversals=[box]),
             "prior": ensemble(PRIOR, "undecided") if prior else None},
            {"id": "H4", "title": "national", "claim": "the national block decides",
             "controls": [], "posterior": ensemble(CALIBRATED, "holds", **fourth),
             "prior": ensemble(PRIOR, "holds", **fourth) if prior else None},
        ],
    } | changes  # fmt: skip


def rows_after(heading: str, text: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its own head."""
    lines = text.split(f"{heading}\n", 1)[1].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("| ---"))
    rows = []
    for line in lines[first + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_every_figure_of_the_page_is_one_of_those_kept_beside_it(tmp_path: Path) -> None:
    written = write_page(figures(), tmp_path / "new" / "VERDICT.md")
    assert [path.name for path in written] == [FIGURES, "VERDICT.md", PICTURE]
    kept = json.loads((tmp_path / "new" / FIGURES).read_text(encoding="utf-8"))
    text = (tmp_path / "new" / "VERDICT.md").read_text(encoding="utf-8")
    assert page(kept) == text
    kept["lessons"][0]["posterior"]["shares"]["holds"]["share"] = 0.26
    assert page(kept) != text


def test_both_ensembles_stand_on_the_page_with_verdict_effect_and_shares() -> None:
    text = page(figures())
    for name, verdict in ((CALIBRATED, "mixed"), (PRIOR, "undecided")):
        first = rows_after(f"### `posterior={name}`", text)[0]
        assert first == [
            "H1", "timely: early is better", f"**{verdict}**", "-0.26 [-0.36, -0.16]", "25 %",
            "50 %", "25 %",
        ]  # fmt: skip
    assert "What the facts change: H1 (prior undecided, calibrated mixed)." in text
    assert f"`{'a' * 16}`" in text
    assert f"`{'b' * 16}`" in text
    assert "Each of 200 sets is judged by its own 102 pairs." in text
    assert "the national block explains 1.04 [0.80, 1.30]" in text


def test_a_half_that_was_not_run_is_named_as_such() -> None:
    text = page(figures(prior=False))
    assert (
        "- `posterior=prior`, sets over the documented ranges, before any fact: **not run" in text
    )
    assert "One ensemble alone was run" in text
    assert "### `posterior=prior`" not in text


def test_where_a_lesson_turns_and_what_carries_it_follow_from_the_figures() -> None:
    text = page(figures())
    assert (
        "- H1 holds under `protection`; reverses under `clamped`, `best_response`, `aspiration`."
        in text
    )
    assert "- H4 " not in text, "the verdict itself is no change of the worlds"
    assert rows_after("## What carries it", text) == [
        ["off (`no_forums`)", "**+0.12 [+0.07, +0.17]**"],
        ["off (`no_delay`)", "**-0.20 [-0.25, -0.15]**"],
        ["off (`no_split`)", "+0.01 [-0.04, +0.06]"],
    ]
    rivals = rows_after("## Rival forms, other actors, other tools", text)
    assert [row[1].strip("*").partition(",")[0] for row in rivals] == [
        "reverses on average", "reverses on average", "holds"
    ]  # fmt: skip
    assert "`best_response` and `aspiration` gave the same figures throughout" in text
    assert rows_after("## Where it reverses", text)[0][:4] == [
        "H1", "`calibrated`", "`signal_noise`", "0.01 to 0.9"
    ]  # fmt: skip
    equal = rows_after("## Equal endowment, equal resource-weeks, arrival clamped", text)
    assert equal[0][3] == "", "equal resource-weeks were not among the runs"
    assert equal[0][5] == "-0.8 [-1.6, -0.0]"


def test_forms_that_differ_in_one_lesson_are_not_called_the_same() -> None:
    found = figures()
    found["lessons"][0]["prior"]["conditions"][3]["effect"] = 0.49
    assert "gave the same figures" not in page(found)


def test_a_control_that_fails_is_said_before_the_table_of_controls() -> None:
    assert "All 1 came out as they should." in page(figures())
    text = page(figures(passed=False))
    assert "**1 of 1 failed** (H1 under `placebo`)" in text
    assert rows_after("## Controls", text)[0][-1] == "**failed**"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quick": True}, "**A quick look with so few runs that it decides nothing.**"),
        ({"models": ["6" * 64, "7" * 64]}, "**Made by 2 versions of the model**"),
    ],
)
def test_what_makes_a_page_no_verdict_is_said_first(changes: dict[str, Any], said: str) -> None:
    assert said not in page(figures())
    assert page(figures(**changes)).index(said) < page(figures(**changes)).index("Registration `")


def test_numbers_are_kept_to_six_digits_and_all_else_as_it_is() -> None:
    found = {"a": [1.23456789e-7, None, True, "x"], "n": 3_337_000}
    assert rounded(found) == {"a": [1.23457e-7, None, True, "x"], "n": 3_337_000}


def test_a_class_is_told_the_verdict_that_stands() -> None:
    root = Path(__file__).parent.parent.parent
    kept = json.loads((root / "experiments/lessons/verdict.json").read_text(encoding="utf-8"))
    told = (root / "analysis/TEACHING.md").read_text(encoding="utf-8")
    for lesson in kept["lessons"]:
        if lesson["id"] != "H1xH3":  # no lesson of a class is about two at once
            assert re.search(rf"{lesson['id']} [a-z ]+: {lesson['verdict']}[;.]", told), lesson[
                "id"
            ]


@pytest.mark.parametrize("lesson", [*IN_CLASS, "H9"])
def test_every_lesson_is_told_its_stored_verdict_with_the_figures_behind_it(lesson: str) -> None:
    rows = {row["id"]: row for row in stored()["lessons"]}
    entries = told(lesson, stored())
    assert len(entries) == len(IN_CLASS.get(lesson, ()))
    for name, one in zip(IN_CLASS.get(lesson, ()), entries, strict=True):
        row, said = rows[name], one.said.replace("\N{NO-BREAK SPACE}", " ")
        assert one.head.lower() == f"{row['title']}: {row['verdict']}".lower()
        assert row["claim"] in said
        for found in (row["posterior"], row["prior"]):
            holds, reverses = (
                100 * found["shares"][side]["share"] for side in ("holds", "reverses")
            )
            assert f"holds in {holds:.0f} %, is reversed in {reverses:.0f} %" in said
        if row["posterior"]["indices"]:
            assert f"{row['posterior']['indices'][0]['total']:.2f} (" in said
        else:
            percent = 100 * (math.exp(row["posterior"]["effect"]) - 1)
            more = "more" if percent > 0 else "fewer"
            assert f"{abs(percent):.0f} % {more} direct deaths" in said


def test_what_a_class_is_told_follows_the_figures() -> None:
    turned = figures(prior=False)
    turned["lessons"][0]["posterior"] = ensemble(CALIBRATED, "reverses", effect=-math.log(2))
    (one,) = told("H1", turned)
    assert (
        one.head == "Timely: reverses" and "50\N{NO-BREAK SPACE}% fewer direct deaths" in one.said
    )
    assert "the contrary comes out" in one.said
    assert f"{turned['runs']:,} runs" in introduction(turned)
