"""A large grid is told in a bounded number of lines and words, and drawn at the size of a page."""

from __future__ import annotations

import re
import struct
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_engine import FakeEngine

from experiments.alt_panels import surface_words
from experiments.config import compose
from experiments.summary import Summary, write_summary
from experiments.surface_text import MOST_LINES, MOST_LISTED, surface_text
from experiments.sweep import run_sweep

sys.path.append(str(Path(__file__).parents[1] / "analysis"))
from large_surface import large_surface

SURFACE = large_surface()
AID = "interventions.aid.intensity"


def with_doses(surface: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return a surface at each of some doses of aid, a lever before the effects."""
    tables = [surface.assign(point=surface["point"] + f"-{dose}") for dose in range(count)]
    for dose, table in enumerate(tables):
        table.insert(0, AID, 100.0 * dose)
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """Results of a sweep over 30 starts and 21 dispersions, and what is said of it."""
    place = tmp_path_factory.mktemp("large") / "r"
    levers = ("action.start=range(0,30)", "actors.dispersion=range(0,1.001,0.05)")
    config = compose([*levers, "weeks=8", "replicates=2", f"output={place}"])
    folder = run_sweep(config, engine=FakeEngine())
    notices: list[str] = []
    said = write_summary(folder, notice=notices.append)
    assert not notices
    return folder, said


def test_the_end_of_a_large_sweep_is_a_page_of_text_and_figures_of_a_page(
    swept: tuple[Path, Summary],
) -> None:
    folder, said = swept
    lines = said.table.split("\n")
    assert "630 points, of which are shown: 15 of 30 starts, 6 of 21 dispersions" in lines[0]
    assert len(lines) < 50 and max(map(len, lines)) < 160
    assert len(pd.read_csv(folder / "summary.csv")) == 630
    for name in ("response_surface", "timing_lines"):
        head = (folder / "figures" / f"{name}.png").read_bytes()[:24]
        assert max(struct.unpack(">II", head[16:24])) < 3000
        assert (folder / "figures" / f"{name}.svg").stat().st_size < 1_000_000


def numbers_of(line: str) -> list[float]:
    """Return the estimates in a line of a table, without their intervals."""
    cells = re.sub(r"\[[^]]*\]", "", line).replace(",", "").split()
    return [float(cell) for cell in cells if re.fullmatch(r"-?[\d.]+", cell)]


def test_the_numbers_of_a_large_table_are_the_estimates_of_its_starts_and_dispersions() -> None:
    blocks = surface_text(SURFACE).split("\n\n")
    assert "11 of 100 starts, 6 of 100 dispersions; summary.csv holds all" in blocks[0]
    for block, name, scale in zip(
        blocks[1:], ("p_mass_killing", "deaths_averted"), (100, 1), strict=True
    ):
        rows = [line for line in block.split("\n") if line.startswith("week")]
        starts = [float(re.split(r"\s+", row)[1]) for row in rows]
        dispersions = [float(word) for word in re.findall(r"dispersion ([\d.]+)", block)]
        assert starts == [*range(0, 100, 10), 99]
        assert dispersions == [0, 0.2, 0.4, 0.6, 0.8, 0.99]
        table = SURFACE.pivot_table(index="action.start", columns="actors.dispersion", values=name)
        for start, row in zip(starts, rows, strict=True):
            cells = numbers_of(row.split(f"{start:.0f}", 1)[1])
            np.testing.assert_allclose(
                cells, scale * table.loc[start, dispersions], atol=0.5 if scale == 1 else 0.05
            )


@pytest.mark.parametrize("starts", [2, 100])
@pytest.mark.parametrize("doses", [3, 40])
def test_many_combinations_of_other_levers_are_told_in_a_bounded_number_of_lines(
    starts: int, doses: int
) -> None:
    surface = with_doses(large_surface(tuple(map(float, range(starts))), (0.0, 0.5, 1.0)), doses)
    said = surface_text(surface)
    assert len(said.split("\n")) < 1.1 * MOST_LINES + 10
    assert ("of 40 combinations of arrival and other levers" in said) == (doses == 40)
    assert said.count("probability of mass killing") >= min(doses, 4)
    assert "aid intensity 0\n" in said and f"aid intensity {100 * (doses - 1):,}\n" in said


@pytest.mark.parametrize("points", [MOST_LISTED, 1000])
def test_points_of_one_start_and_dispersion_are_listed_up_to_a_number(points: int) -> None:
    said = surface_text(with_doses(large_surface((0.0,), (0.5,)), points))
    lines = said.split("\n")
    assert len(lines) <= MOST_LISTED + 2
    assert ("of 1,000 points; summary.csv holds all" in lines[0]) == (points == 1000)
    assert f"{100 * (points - 1):,}" in lines[-1]


def test_a_large_surface_is_told_to_who_cannot_see_it_as_a_small_one_is() -> None:
    given: Any = SimpleNamespace(surface=SURFACE)
    said = surface_words(given)
    assert "0 to 99 weeks from the shock" in said and "united 0 to 0.99" in said
    assert said.count("From the earliest to the latest start") == 2
    corners = SURFACE.set_index(["action.start", "actors.dispersion"])
    for start, where in ((0.0, "start 0, united"), (99.0, "start 99, united")):
        assert f"{where}: {100 * corners.loc[(start, 0.0), 'p_mass_killing']:.1f} (" in said
    for name, part in zip(
        ("risk_difference", "deaths_averted"), said.split("Lower row"), strict=True
    ):
        unclear = (SURFACE[f"{name}_low"] <= 0) & (SURFACE[f"{name}_high"] >= 0)
        assert f"is unknown: {unclear.sum()} of the 10000 cells of all panels." in part
