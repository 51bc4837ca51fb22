from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_engine import FakeEngine

from analysis.plots.figure import BASELINE, BLUE
from analysis.plots.sample_trends import sample_trends
from experiments import results
from experiments.config import compose
from experiments.sample_text import sample_text
from experiments.summary import write_summary
from experiments.sweep import run_sweep

ASKED = (
    "weeks=10", "replicates=4", "action.start=0,4", "actors.dispersion=interval(0,1)",
    "parameters.threat_fade=documented", "design.points=32",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("sample") / "r"
    written = run_sweep(compose([*ASKED, f"output={output}"]), engine=FakeEngine())
    write_summary(written, notice=print)
    return written


def test_a_sample_is_told_by_the_spread_over_its_points(folder: Path) -> None:
    said = write_summary(folder, notice=print).table
    assert "sobol sample of 64 points" in said
    assert "parameters.threat_fade  0.005 to 0.15 1/week, by its logarithm" in said
    assert said.count("quantiles over 32 points") == 2
    surface = pd.read_csv(folder / "summary.csv")
    late = surface[surface["action.start"] == 4]["deaths_averted"]
    middle = f"{np.median(late):,.0f}"
    block = said.split("action.start=4")[1]
    assert block.split("direct deaths averted, people per run")[1].split()[2] == middle


def test_a_sample_is_drawn_along_each_factor_and_not_as_a_grid(folder: Path) -> None:
    names = {path.stem for path in write_summary(folder, notice=print).paths}
    assert "sample_trends" in names
    assert not names & {"response_surface", "timing_lines"}


def test_a_trend_averages_the_points_of_a_row_before_it_counts_them(folder: Path) -> None:
    found = results.open(folder)
    surface = pd.read_csv(folder / "summary.csv")
    figure = sample_trends(surface, found.factors, title="t")
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == ["dispersion", "threat fade"]
    assert panels[1].get_xscale() == "log"
    # As in every figure: grey without action, blue with it.
    assert {line.get_color() for line in panels[0].lines} == {BASELINE, BLUE}
    dots = panels[0].lines[0].get_xydata()
    assert len(dots) == 32
    means = surface.groupby("actors.dispersion")["baseline_p_mass_killing"].mean()
    for x, y in np.asarray(dots):
        assert y == pytest.approx(100 * means.loc[x])


def test_a_listing_of_an_unfinished_sample_counts_what_was_run(folder: Path) -> None:
    found = results.open(folder)
    surface = pd.read_csv(folder / "summary.csv")
    surface.loc[surface.index[:3], "n"] = 0
    said = sample_text(surface, found.factors, found.method)
    assert "quantiles over 29 points" in said
