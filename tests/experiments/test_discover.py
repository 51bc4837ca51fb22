"""A planted box is found through the whole pipeline, and nothing where there is nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from function_engine import FunctionEngine

from analysis.prim_boxes import prim_boxes
from experiments import results
from experiments.discover import discover, main
from experiments.results import Results
from sim.errors import ForestallError

FACTORS = ("attributes.commitment", "attributes.capacity", "actors.dispersion")
DESIGN = (
    *(f"{name}=interval(0,1)" for name in FACTORS), "design.method=latin_hypercube",
    "design.points=300", "replicates=1", "weeks=1", "output=r",
)  # fmt: skip


def planted(x: np.ndarray) -> float:
    """Action harms where commitment is below 0.4 and dispersion above 0.5; else it helps by half."""
    return 1.0 if x[0] < 0.4 and x[2] > 0.5 else -0.5 - x[1]


@pytest.fixture
def stored() -> FunctionEngine:
    engine = FunctionEngine(planted, FACTORS)
    assert main([*DESIGN, "--shuffles", "2", "--no-figures"], engine=engine) == 0
    return engine


def test_a_planted_box_of_harm_is_found_and_drawn(stored: FunctionEngine) -> None:
    assert main(["r", "--shuffles", "2"]) == 0
    box = pd.read_csv("r/discovery/harm_boxes.csv").iloc[0]
    assert box["coverage"] > 0.9 and box["density"] > 0.9
    assert box["mass"] == pytest.approx(0.4 * 0.5, abs=0.04)
    assert box["lift"] > 2 * box["chance"]
    limits = pd.read_csv("r/discovery/harm_limits.csv").set_index("factor")
    assert set(limits.index) == {FACTORS[0], FACTORS[2]}
    assert limits.loc[FACTORS[0], "high"] == pytest.approx(0.4, abs=0.03)
    assert limits.loc[FACTORS[2], "low"] == pytest.approx(0.5, abs=0.03)
    assert (limits[["qp_low", "qp_high"]].min(axis=1) < 1e-6).all()
    for end in ("svg", "png"):
        assert Path(f"r/figures/prim_boxes_harm.{end}").stat().st_size > 0


def test_stored_results_are_searched_for_what_averts_most(
    stored: FunctionEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    arguments = [
        "--on",
        "log_deaths_averted",
        "--threshold",
        "1.2",
        "--json",
        "--no-figures",
        "--shuffles",
        "0",
    ]
    before = Path("r/discovery/harm_boxes.csv").read_bytes()
    assert main(["r", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    # Boxes on another outcome stand beside these.
    assert Path("r/discovery/harm_boxes.csv").read_bytes() == before
    assert Path("r/discovery/log_deaths_averted_boxes.csv").is_file()
    (limit, *_) = [row for row in found["limits"] if row["factor"] == FACTORS[1]]
    # 0.5 + capacity is 1.2 or more from a capacity of 0.7 on.
    assert limit["low"] == pytest.approx(0.7, abs=0.04)
    assert found["boxes"][0]["density"] > 0.7
    upper = discover(results.open("r"), on="log_deaths_averted", shuffles=0)
    assert upper.cases.mean() == pytest.approx(0.25, abs=0.01)


def test_the_order_of_points_and_runs_is_not_trusted(
    stored: FunctionEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = results.open("r")
    first = discover(found, shuffles=0)
    paired = found.paired().sample(frac=1, random_state=1)
    monkeypatch.setattr(Results, "paired", lambda self, outcomes: paired)
    found.design = found.design.sample(frac=1, random_state=2)
    again = discover(found, shuffles=0)
    pd.testing.assert_frame_equal(first.boxes[0].limits, again.boxes[0].limits)


def test_words_are_limits_too() -> None:
    rng = np.random.default_rng(3)
    form = rng.choice(["compromise", "agenda_setter"], 300)
    factors = pd.DataFrame({"form": form, "dose": rng.random(300)})
    cases = (form == "compromise") & (rng.random(300) < 0.9)
    (box,) = prim_boxes(factors, cases, shuffles=0)
    limits = box.limits.set_index("factor")
    assert limits.loc["form", "values"] == "compromise"
    assert box.coverage == 1 and box.density == pytest.approx(0.9, abs=0.05)


def test_where_most_points_avert_nothing_cases_are_those_that_avert_something() -> None:
    engine = FunctionEngine(lambda x: -1.0 if x[0] > 0.85 else 0.0, FACTORS)
    arguments = ["--on", "log_deaths_averted", "--shuffles", "0", "--no-figures"]
    assert main([*DESIGN, *arguments], engine=engine) == 0
    box = pd.read_csv("r/discovery/log_deaths_averted_boxes.csv").iloc[0]
    assert box["density"] > 0.95 and box["mass"] == pytest.approx(0.15, abs=0.02)


def test_two_planted_boxes_are_found_one_after_the_other() -> None:
    rng = np.random.default_rng(4)
    x = pd.DataFrame(rng.random((800, 4)), columns=list("abcd"))
    cases = (((x["a"] < 0.3) & (x["b"] < 0.5)) | ((x["c"] > 0.75) & (x["d"] > 0.6))).to_numpy()
    boxes = prim_boxes(x, cases, boxes=3, shuffles=0)
    assert [set(box.limits["factor"]) for box in boxes[:2]] == [{"a", "b"}, {"c", "d"}]
    assert sum(box.cases for box in boxes[:2]) > 0.85 * cases.sum()
    assert all(box.density > 0.8 for box in boxes[:2])


def test_where_there_is_nothing_the_box_is_no_better_than_chance() -> None:
    rng = np.random.default_rng(5)
    better = []
    for _ in range(6):
        x = pd.DataFrame(rng.random((150, 3)), columns=list("abc"))
        (box,) = prim_boxes(x, rng.random(150) < 0.3, shuffles=5)
        better.append(box.lift > box.chance)
    # One in six by chance; four of six has a probability below 0.01.
    assert sum(better) < 4


AVERTED = ("--on", "log_deaths_averted")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--coverage", "90"], r"--coverage: 90\.0 is not allowed, expected a share of the cases"),
        (["--coverage", "0"], r"--coverage: 0\.0"),
        (["--coverage", "nan"], "--coverage: nan"),
        ([*AVERTED, "--threshold", "nan"], "--threshold: nan is not allowed, expected a number"),
        ([*AVERTED, "--threshold", "inf"], "--threshold: inf"),
        (["--boxes", "0"], "--boxes: 0"),
        (["--shuffles", "-1"], "--shuffles: -1"),
    ],
)
def test_what_no_search_can_use_is_refused_before_anything_runs(
    arguments: list[str], said: str
) -> None:
    engine = FunctionEngine(planted, FACTORS)
    with pytest.raises(ForestallError, match=said):
        main([*DESIGN, *arguments], engine=engine)
    assert not Path("r").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--on", "deaths_avert"], "did you mean 'deaths_averted'"),
        (["--threshold", "3"], "harm has none"),
        (["--below", "3"], "--below: harm has none"),
        ([*AVERTED, "--below", "nan"], "--below: nan"),
        ([*AVERTED, "--below", "1", "--threshold", "2"], "not both"),
        (["--boxes", "9"], "1 to 4"),
        (["--coverage", "2", "r"], "share of the cases"),
        (["--on", "log_deaths_averted", "--threshold", "99", "r"], "0 of 300 points are cases"),
        (["nowhere"], "no such folder"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str, request: Any) -> None:
    if "r" in arguments:
        request.getfixturevalue("stored")
    with pytest.raises(ForestallError, match=said):
        main(arguments)


def test_one_command_goes_from_the_shipped_experiment_to_a_figure_on_the_real_model() -> None:
    small = ["design.points=80", "weeks=120", "replicates=1", "executor.workers=1", "output=d"]
    arguments = ["--on", "log_deaths_averted", "--shuffles", "0"]
    assert main([*small, *arguments]) == 0
    assert Path("d/figures/prim_boxes_log_deaths_averted.png").stat().st_size > 0
