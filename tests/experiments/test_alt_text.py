"""What is told of a surface and of a weekly course: the numbers that the figure draws, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_engine import FakeEngine
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from analysis.plots.figure import BASELINE, BLUE, DASH, MINUS
from analysis.surface import contrasting_points
from experiments.alt_text import _without, alt_text
from experiments.config import compose
from experiments.figures import DRAWINGS, plot
from experiments.material import Material
from experiments.sweep import run_sweep

LEVERS = ("action.start=-4,0,9", "actors.dispersion=0,0.5,1")


def swept(place: Path, *overrides: str) -> Path:
    config = compose([*overrides, "weeks=40"]) | {"output": str(place)}
    return run_sweep(config, engine=FakeEngine())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a sweep over starts, dispersions and both ways of arrival."""
    place = tmp_path_factory.mktemp("sweep") / "r"
    return swept(place, *LEVERS, "action.arrival=bargained,26", "replicates=40")


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of one run of one point."""
    return swept(tmp_path_factory.mktemp("one") / "r", "action.start=0", "replicates=1")


def panels_of(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def cells_of(axes: Axes) -> dict[tuple[int, int], list[str]]:
    """Return the words in the cells of a panel, by column and line: estimate and interval."""
    found: dict[tuple[int, int], list[str]] = {}
    for text in axes.texts:
        if text.get_text() != "shock":
            column, line = (round(at) for at in text.get_position())
            found.setdefault((column, line), []).append(text.get_text())
    return found


def in_words(interval: str) -> str:
    """Return an interval as it is told."""
    low, high = re.split(f"[{DASH}…]", interval)
    return f"({low} to {high})"


def test_the_surface_is_told_with_its_axes_and_the_numbers_in_its_corners(folder: Path) -> None:
    said = alt_text("response_surface", Material(folder))
    assert f"start of outside action, {MINUS}4 to 9 weeks from the shock" in said
    assert "dispersion of positions, united 0 to divided 1" in said
    assert "2 panels: arrival bargained; arrival fixed 26 weeks after the start" in said
    figure = plot("response_surface", folder)
    upper, _, lower, _ = panels_of(figure)
    first, second = said.split("Lower row")
    assert "% of runs" in first and "people per run" in second
    for axes, words in ((upper, first), (lower, second)):
        cells = cells_of(axes)
        for column, start in ((0, f"{MINUS}4"), (2, "9")):
            for line, unity in ((0, "united"), (2, "divided")):
                estimate, interval = cells[column, line]
                assert f"start {start}, {unity}: {estimate} {in_words(interval)}" in words
    bars = [axes for axes in figure.axes if axes.get_label() == "<colorbar>"]
    without = bars[0].get_title().split()[-2]
    assert f"no action {without};" in first


def test_the_directions_of_the_surface_are_those_of_its_corners(folder: Path) -> None:
    said = alt_text("response_surface", Material(folder))
    for axes, words in zip(
        panels_of(plot("response_surface", folder))[::2], said.split("Lower row"), strict=True
    ):
        values = np.asarray(axes.collections[0].get_array()).reshape(3, 3)
        ways = {-1.0: "falls", 0.0: "stays the same", 1.0: "rises"}
        by_start = [ways[float(np.sign(values[line, 2] - values[line, 0]))] for line in (0, 2)]
        by_unity = [
            ways[float(np.sign(values[2, column] - values[0, column]))] for column in (0, 2)
        ]
        for begin, two, where in (
            ("earliest to the latest start it", by_start, ("where united", "where divided")),
            ("least to the most dispersion it", by_unity, (f"at start {MINUS}4", "at start 9")),
        ):
            second = where[1] if two[0] == two[1] else f"{two[1]} {where[1]}"
            assert f"{begin} {two[0]} {where[0]} and {second}." in words


def test_the_hatched_cells_of_all_panels_are_counted(folder: Path) -> None:
    said = alt_text("response_surface", Material(folder)).split("Lower row")
    panels = panels_of(plot("response_surface", folder))
    for row, words in zip((panels[:2], panels[2:]), said, strict=True):
        hatched = sum(bool(patch.get_hatch()) for axes in row for patch in axes.patches)
        assert f"is unknown: {hatched} of the 18 cells of all panels." in words


def median_of(axes: Axes, colour: str) -> Any:
    """Return the weeks and the values of the one thick line of this colour: a median."""
    lines = [line for line in axes.lines if to_hex(line.get_color()) == to_hex(colour)]
    return max(lines, key=lambda line: line.get_linewidth()).get_data()


def edges_of(axes: Axes, colour: str) -> tuple[float, float]:
    """Return the last values of the solid edges of this colour: the middle 90 % of the runs."""
    edges = [
        line.get_ydata()[-1] for line in axes.lines
        if to_hex(line.get_color()) == to_hex(colour) and line.get_linewidth() < 1
        and line.get_linestyle() == "-"
    ]  # fmt: skip
    return min(edges), max(edges)


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = ("direct deaths so far", "displaced", "peacekeepers")


def waves(design: pd.DataFrame) -> pd.DataFrame:
    """Return weeks in which deaths add up, displaced people return, and peacekeepers leave again."""
    week = np.arange(40)
    tables = []
    for place, point in enumerate(design["point"]):
        wave = np.exp(-((week - 20 - place) ** 2) / 30)
        for series, values in (
            ("deaths_to_date", np.cumsum(wave)), ("displaced", wave), ("peacekeepers", wave**2),
        ):  # fmt: skip
            for quantile in QUANTILES:
                size = np.round((1000 + 100 * place) * values * quantile)
                tables.append(
                    pd.DataFrame(
                        {"point": point, "series": series, "week": week, "quantile": quantile,
                         "value": size}
                    )
                )  # fmt: skip
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("which", ["folder", "single", "waves", "nothing"])
def test_the_weeks_are_told_with_their_axes_and_what_the_figure_draws_in_the_last_of_them(
    which: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Material(request.getfixturevalue("single" if which == "single" else "folder"))
    names = NAMES[1:]  # the fake engine stores no running total of deaths
    if which in ("waves", "nothing"):
        names, table = NAMES, waves(given.design)
        table["value"] *= which == "waves"
        monkeypatch.setattr(given, "weekly", lambda points, series: table)
    said = alt_text("weekly_course", given)
    figure = DRAWINGS["weekly_course"].draw(given)
    columns = len(figure.axes) // len(names)
    panels = np.reshape(np.array(figure.axes, dtype=object), (len(names), columns))
    weeks, _ = median_of(panels[0, 0], BLUE)
    assert f"weeks from the shock, {weeks[0]:.0f} to {weeks[-1]:.0f}".replace("-", MINUS) in said
    for name in names:
        assert f"{name} (people)" in said
    assert ("on a scale of logarithms" in said) == (panels[0, 0].get_yscale() == "function")
    points = contrasting_points(given.design)
    parts = re.split(r"(?=Start )", said)[1:]
    assert len(parts) == columns == len({points[0], points[-1]})
    for column, part in zip(panels.T, parts, strict=True):
        for axes, name in zip(column, names, strict=True):
            assert axes.get_ylabel() in ("", f"{name}\n(people)")
            ends, peaks = [], []
            for colour in (BASELINE, BLUE):
                at, values = median_of(axes, colour)
                low, high = edges_of(axes, colour)
                ends.append(f"{values[-1]:,.0f} ({low:,.0f} to {high:,.0f})")
                peaks.append(f"{values.max():,.0f} in week {at[np.argmax(values)]:.0f}")
            assert f"{name} {ends[0]} without action and {ends[1]} with it" in part
            without, action = (median_of(axes, colour)[1] for colour in (BASELINE, BLUE))
            last = without[-1], action[-1]
            way = "the same" if last[0] == last[1] else "lower" if last[1] < last[0] else "higher"
            told = f"{ends[1]} with it, {way} with action"
            if (without.max(), action.max()) != last:
                told += f" (highest medians {' and '.join(peaks)})".replace("-", MINUS)
            assert re.search(re.escape(told) + r"[;.]", part), (told, part)
        marks = {line.get_gid(): line.get_xdata()[0] for line in column[0].lines}
        assert f"start in week {marks['start']:.0f}".replace("-", MINUS) in part
        if "arrival" in marks:
            assert f"are there in week {marks['arrival']:.0f}".replace("-", MINUS) in part


def test_one_run_of_one_point_has_no_direction_and_an_unknown_interval(single: Path) -> None:
    said = alt_text("response_surface", Material(single))
    assert "From the" not in said and "One panel: arrival bargained." in said
    assert re.search(r"to two digits: start 0, dispersion 0\.5: [\d.k]+\. Hatched", said), said
    assert said.count("is unknown: 1 of the 1 cells of all panels.") == 2


def written(row: pd.Series, name: str, *, share: bool) -> str:
    """Return an estimate with its interval as it is told."""
    scale, places = (100, 1) if share else (1, 0)
    middle, low, high = (
        f"{scale * row[f'{name}{end}']:,.{places}f}".replace("-", MINUS)
        for end in ("", "_low", "_high")
    )
    return f"{middle}{' %' if share else ''} ({low} to {high})"


@pytest.mark.parametrize(("figure", "shares", "counts"), [
    ("timing_lines", ["p_mass_killing"], []),
    ("sample_trends", ["p_mass_killing"], []),
    ("dose_response", ["p_mass_killing"], []),
    ("paired_differences", ["probability_help", "probability_harm"], ["deaths_averted"]),
])  # fmt: skip
def test_every_effect_is_told_with_its_interval(
    figure: str, shares: list[str], counts: list[str], folder: Path
) -> None:
    given = Material(folder)
    said, rows = alt_text(figure, given), given.effects.set_index("point")
    assert "in brackets 95 % intervals" in said
    points = contrasting_points(given.design)
    for point in points:
        for name in (*shares, *counts):
            assert written(rows.loc[point], name, share=name in shares) in said, name
    # Four points, each with all of its effects, and no effect besides.
    baselines = figure != "paired_differences"
    assert said.count(" to ") == len(points) * len([*shares, *counts]) + baselines


def test_several_baselines_are_told_by_the_ends_of_their_risks_and_intervals() -> None:
    name = "baseline_p_mass_killing"
    rows = pd.DataFrame({name: [0.2, 0.5], f"{name}_low": [0.1, 0.4], f"{name}_high": [0.35, 0.6]})
    assert _without(rows) == "20.0 to 50.0 % (intervals from 10.0 to 60.0)"


def test_runs_without_onset_costs_and_parts_are_told_with_their_intervals() -> None:
    design = pd.DataFrame({"point": ["p"], "action.start": [0.0], "actors.dispersion": [0.0]})
    effects = {"extra_spent": 20.0, "deaths_averted": 300.0}
    effects |= {
        f"{name}{end}": 7.0 + at for name in effects for at, end in enumerate(("_low", "_high"))
    }
    runs = pd.DataFrame({"point": "p", "onset_week": [-1, -1, 3, -1]})
    given: Any = SimpleNamespace(
        design=design, weeks=40, surface=pd.DataFrame({"point": ["p"], "n": [4]}),
        effects=pd.DataFrame({"point": ["p"], **effects}),
        paired=runs.assign(baseline_onset_week=[-1, 2, 3, 4]),
        parts=pd.DataFrame(
            {"measure": "deaths", "part": ["a_b", "c"], "estimate": [5.0, 2.0], "low": [1.0, np.nan],
             "high": [9.0, np.nan]}
        ),
    )  # fmt: skip
    assert "20 (7 to 8) million USD for 300 (7 to 8) deaths averted" in alt_text(
        "cost_effectiveness", given
    )
    onset = alt_text("time_to_onset", given)
    assert "no action 25.0 % (4.6 to 69.9)" in onset and "75.0 % (30.1 to 95.4)" in onset
    assert "a b 5 (1 to 9), c 2 (interval unknown)" in alt_text("mechanism_parts", given)
