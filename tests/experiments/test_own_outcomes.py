"""Studies about any stored outcome, and about columns of one's own, through the whole pipeline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import results
from experiments.discover import discover
from experiments.discover import main as discover_command
from experiments.sensitivity import analyse, draw
from experiments.sensitivity import main as sensitivity_command
from sim.errors import ForestallError

OWN = """
def all_deaths(runs):
    return runs["direct_deaths"] + runs["indirect_deaths"]

OUTCOMES = {"all_deaths": ("people per run", all_deaths)}
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Sobol' design of the real model, small but with deaths and people who fled."""
    folder = tmp_path_factory.mktemp("study") / "r"
    arguments = [
        "design.points=8", "weeks=60", "replicates=2", "executor.workers=1", f"output={folder}",
        "attributes.capacity=documented", "actors.dispersion=documented",
        "parameters.flight_ceiling=documented", "--no-figures",
    ]  # fmt: skip
    assert sensitivity_command(arguments) == 0
    return folder


@pytest.fixture
def r(stored: Path) -> Path:
    shutil.copytree(stored, "r")
    return Path("r")


def test_any_stored_outcome_is_explained_with_its_unit(
    r: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    asked = ["displaced", "displaced_averted", "arrival_week", "endowment_spent"]
    options = [text for name in asked for text in ("--quantity", name)]
    assert sensitivity_command(["r", *options]) == 0
    said = capsys.readouterr().out
    assert "displaced (people per run)" in said
    assert "fall in displaced against the baseline (people per run)" in said
    assert "arrival week (where never, 60) (weeks from the first of a run)" in said
    table = pd.read_csv("r/sensitivity/sobol.csv")
    assert table["quantity"].unique().tolist() == asked
    analysis = analyse(results.open(r), quantities=asked)
    titles = [axes.get_title().replace("\n", " ") for axes in draw(analysis, "").axes]
    assert "endowment spent (million USD per run)" in titles
    assert "fall in displaced against the baseline (people per run)" in titles
    assert Path("r/figures/sensitivity_sobol.png").is_file()


def test_boxes_lie_where_any_stored_outcome_is_high_or_low(r: Path) -> None:
    found = results.open(r)
    means = found.runs[found.runs["arm"] == "treatment"].groupby("point")["displaced"].mean()
    half = float(means.median())
    means = means.loc[found.points]
    high = discover(found, on="displaced", threshold=half, shuffles=0)
    low = discover(found, on="displaced", below=half, shuffles=0)
    np.testing.assert_array_equal(high.cases, means >= half)
    np.testing.assert_array_equal(low.cases, means < half)
    assert "of less than" in low.case and "people per run" in low.case
    arguments = ["r", "--on", "displaced", "--shuffles", "0"]
    assert discover_command([*arguments, "--below", str(half)]) == 0
    assert discover_command([*arguments, "--threshold", str(half)]) == 0
    # Neither takes the place of the other.
    for name in ("displaced", "displaced_below"):
        assert Path(f"r/discovery/{name}_boxes.csv").is_file()
        assert Path(f"r/figures/prim_boxes_{name}.png").is_file()


def test_ones_own_outcome_is_analysed_like_a_stored_one(
    r: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.py").write_text(OWN, encoding="utf-8")
    capsys.readouterr()
    arguments = ["r", "--outcomes", "mine.py", "--no-figures", "--json"]
    assert sensitivity_command([*arguments, "--quantity", "all_deaths"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["units"] == {"all_deaths": "people per run"}
    assert discover_command([*arguments, "--on", "all_deaths_averted", "--shuffles", "0"]) == 0
    runs = results.open(r).runs
    deaths = runs["direct_deaths"] + runs["indirect_deaths"]
    assert deaths.sum() > 0
    mean = deaths.groupby([runs["point"], runs["arm"]]).mean().unstack()
    points = pd.read_csv("r/discovery/all_deaths_averted_points.csv").set_index("point")
    own = results.open(r).design.set_index("point")["baseline"]
    averted = (
        mean["baseline"].loc[own.loc[points.index]].to_numpy() - mean["treatment"].loc[points.index]
    )
    assert averted[points["case"]].min() >= averted[~points["case"]].max()


def test_a_misspelt_outcome_of_stored_results_names_the_nearest(r: Path) -> None:
    with pytest.raises(
        ForestallError, match="--quantity: unknown name 'displacd', did you mean 'displaced'"
    ):
        sensitivity_command(["r", "--quantity", "displacd"])
    with pytest.raises(
        ForestallError, match="--on: unknown name 'displacd', did you mean 'displaced'"
    ):
        discover_command(["r", "--on", "displacd"])


@pytest.mark.parametrize("command", [sensitivity_command, discover_command])
def test_a_misspelt_outcome_is_refused_before_a_design_is_run(command) -> None:
    option = "--on" if command is discover_command else "--quantity"
    with pytest.raises(ForestallError, match=f"{option}: unknown name 'displacd'"):
        command([option, "displacd", "output=n", "weeks=5", "design.points=2", "replicates=1"])
    assert not Path("n").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("OUTCOMES = {}", "--outcomes mine.py: has no OUTCOMES, a mapping"),
        ("1 / 0", "--outcomes mine.py: ZeroDivisionError"),
        ("OUTCOMES = {'displaced': ('people', len)}", "'displaced' is the name of another outcome"),
        ("OUTCOMES = {'deaths': ('people', len)}", "'deaths' is the name of another outcome"),
        ("OUTCOMES = {'x_averted': ('people', len)}", "'x_averted' is the name of another"),
        ("OUTCOMES = {'a b': ('people', len)}", "'a b' is no name of letters"),
        ("OUTCOMES = {'mine': len}", "'mine' is no unit and function"),
        (None, "--outcomes mine.py: No such file"),
    ],
)
def test_a_file_that_declares_none_is_one_line(text: str | None, said: str) -> None:
    if text is not None:
        Path("mine.py").write_text(text, encoding="utf-8")
    with pytest.raises(ForestallError, match=said):
        sensitivity_command(["--outcomes", "mine.py", "output=n"])
    assert not Path("n").exists()


def test_no_scenario_file_can_name_a_file_of_outcomes() -> None:
    Path("mine.py").write_text("raise SystemExit('was run')", encoding="utf-8")
    Path("own/experiment").mkdir(parents=True)
    text = (
        "# @package _global_\noutcomes: mine.py\ndesign:\n  factors:\n    action.start: [0, 13]\n"
    )
    Path("own/experiment/hostile.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ForestallError, match="outcomes"):
        discover_command(["--scenarios", "own", "experiment=hostile", "output=n"])
