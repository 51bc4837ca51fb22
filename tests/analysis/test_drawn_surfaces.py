"""What stands in the cells of the response surface, and how a surface is laid out as grids."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_up_results import make_design, make_paired
from matplotlib.colors import to_rgba
from scipy.stats import binomtest

from analysis.intervals import bootstrap_mean
from analysis.plots.response_surface import response_surface
from analysis.plots.surface_grid import grids, shock_position, start_label
from analysis.surface import surface_table
from sim.errors import ForestallError

STARTS, DISPERSIONS, ARRIVALS = (-26.0, 0.0, 13.0), (0.0, 0.5, 1.0), (np.nan, 26.0)
DESIGN = make_design(STARTS, DISPERSIONS, ARRIVALS)
PAIRED = make_paired(DESIGN)
# Of one point much is averted and of another more are killed: thousands, and both signs.
PAIRED.loc[PAIRED["point"] == "p0-0-0", "baseline_direct_deaths"] += 40_000
PAIRED.loc[PAIRED["point"] == "p1-2-2", "direct_deaths"] *= 3
EVERY = [(a, d, s) for a in range(2) for d in range(3) for s in range(3)]


def point(arrival, dispersion, start):
    return f"p{arrival}-{dispersion}-{start}"


def killed(deaths, without):
    """Return all pairs with so many deaths, and whether that is a mass killing."""
    columns = {"direct_deaths": deaths, "baseline_direct_deaths": without}
    columns |= {"mass_killing": deaths >= 1000, "baseline_mass_killing": without >= 1000}
    return PAIRED.assign(**{name: np.asarray(value, float) * 1 for name, value in columns.items()})


CASES = {
    "runs": PAIRED,
    "all zero": killed(0.0, 0.0),
    "constant": killed(5000.0, 5000.0),
    "one run": PAIRED[PAIRED["replicate"] == 0],
}


def of_runs(runs):
    """Return percent of runs that become a mass killing and deaths averted, each with its interval."""
    count = int((runs["mass_killing"] > 0).sum())
    ends = binomtest(count, len(runs)).proportion_ci(0.95, method="wilson")
    averted = bootstrap_mean(runs["baseline_direct_deaths"] - runs["direct_deaths"])
    return 100 * np.array([count / len(runs), ends.low, ends.high]), np.array(averted)


def as_number(words):
    """Return a number as it is written: a true minus, thousands with commas, k and M."""
    unit = {"k": 1e3, "M": 1e6}.get(words[-1], 1.0)
    return float(words.rstrip("kM").replace("\u2212", "-").replace(",", "")) * unit


def as_ends(words):
    """Return both ends of a written interval, each in its own unit."""
    low, high = words.split("…" if "…" in words else "\u2013")
    return as_number(low), as_number(high)


def cells_of(axes):
    """Return the words of every cell by its place: the estimate, and its interval below."""
    found = {}
    for text in axes.texts:
        if text.get_text() != "shock":
            column, line = (round(at) for at in text.get_position())
            found.setdefault((line, column), []).append(text.get_text())
    return found


def panels_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


@pytest.mark.parametrize("paired", CASES.values(), ids=CASES)
def test_every_cell_says_the_estimate_and_the_interval_of_the_runs_of_its_point(paired):
    panels = np.reshape(panels_of(response_surface(surface_table(DESIGN, paired))), (2, 2))
    runs = dict(list(paired.groupby("point")))
    words = [[cells_of(axes) for axes in row] for row in panels]
    for arrival, dispersion, start in EVERY:
        share, averted = of_runs(runs[point(arrival, dispersion, start)])
        head, interval = words[0][arrival][dispersion, start]
        assert as_number(head) == pytest.approx(share[0], abs=0.051)
        assert as_ends(interval) == pytest.approx(share[1:], abs=0.051)
        head, interval = words[1][arrival][dispersion, start]
        assert as_number(head) == pytest.approx(averted[0], rel=0.051, abs=0.5)
        if np.isnan(averted[1]):
            assert interval == ""
        else:
            assert as_ends(interval) == pytest.approx(averted[1:], rel=0.051, abs=0.5)
            assert ("…" in interval) == (averted[1] < 0)
    labels = [label.get_text() for label in panels[1, 0].get_xticklabels()]
    assert labels == ["\u221226", "0", "13"]
    labels = [label.get_text().split()[-1] for label in panels[0, 0].get_yticklabels()]
    assert labels == ["0", "0.5", "1"]


@pytest.mark.parametrize("paired", CASES.values(), ids=CASES)
def test_a_cell_has_the_colour_that_the_bar_has_at_its_estimate(paired):
    figure = response_surface(surface_table(DESIGN, paired))
    figure.draw_without_rendering()
    bars = [axes for axes in figure.axes if axes.get_label() == "<colorbar>"]
    runs = dict(list(paired.groupby("point")))
    for row, axes_of_row in enumerate(np.reshape(panels_of(figure), (2, 2))):
        solids = next(one for one in bars[row].collections if one.get_array() is not None)
        for arrival, axes in enumerate(axes_of_row):
            mesh = axes.collections[0]
            colours = mesh.get_facecolors().reshape(3, 3, 4)
            for dispersion, start in np.ndindex(3, 3):
                share, averted = of_runs(runs[point(arrival, dispersion, start)])
                estimate = averted[0] if row else share[0] / 100
                expected = solids.get_cmap()(solids.norm(estimate))
                np.testing.assert_allclose(colours[dispersion, start], expected)
                low, high = bars[row].get_ylim()
                assert low - 1e-9 <= estimate <= high + 1e-9


def edges_of(axes):
    """Return the drawn edges of cells as pairs of the cells, (dispersion, start), that they part."""
    parted = set()
    for lines in axes.collections[1:]:
        for (x0, y0), (x1, y1) in lines.get_segments():
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            across = ((0, -0.5), (0, 0.5)) if x0 == x1 else ((-0.5, 0), (0.5, 0))
            assert abs(x1 - x0) + abs(y1 - y0) == 1
            parted.add(tuple((round(y + dy), round(x + dx)) for dy, dx in across))
    return parted


@pytest.mark.parametrize("paired", CASES.values(), ids=CASES)
def test_contours_part_the_cells_between_which_the_estimates_pass_a_value_marked_on_the_bar(paired):
    figure = response_surface(surface_table(DESIGN, paired))
    bars = [axes for axes in figure.axes if axes.get_label() == "<colorbar>"]
    runs = dict(list(paired.groupby("point")))
    drawn = set()
    for row, axes_of_row in enumerate(np.reshape(panels_of(figure), (2, 2))):
        marked = {line.get_ydata()[0] for line in bars[row].lines if line.get_color() == "#111111"}
        assert marked <= set(bars[row].get_yticks())
        for arrival, axes in enumerate(axes_of_row):
            values = {}
            for dispersion, start in np.ndindex(3, 3):
                share, averted = of_runs(runs[point(arrival, dispersion, start)])
                values[dispersion, start] = averted[0] if row else share[0] / 100
            expected = {
                (here, there)
                for here in values
                for there in ((here[0] + 1, here[1]), (here[0], here[1] + 1))
                if there in values
                and any((values[here] < level) != (values[there] < level) for level in marked)
            }
            assert edges_of(axes) == expected
            drawn |= expected
            if row and min(values.values()) < 0 < max(values.values()):
                assert 0 in marked
    keys = [text.get_text() for text in figure.legends[0].get_texts()]
    assert any(words.startswith("contours") for words in keys) == bool(drawn)
    assert bool(drawn) == (paired is PAIRED or paired is CASES["one run"])


def test_bold_words_and_hatching_say_where_the_paired_difference_excludes_zero():
    surface = surface_table(DESIGN, PAIRED)
    panels = np.reshape(panels_of(response_surface(surface)), (2, 2))
    rows = surface.set_index("point")
    seen = set()
    for arrival, dispersion, start in EVERY:
        row = rows.loc[point(arrival, dispersion, start)]
        for line, name in enumerate(("risk_difference", "deaths_averted")):
            clear = row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0
            axes = panels[line, arrival]
            (head,) = [
                text for text in axes.texts
                if text.get_position() == (start, dispersion) and text.get_fontsize() == 14
            ]  # fmt: skip
            assert (head.get_fontweight() == "bold") == clear
            hatched = {
                (patch.get_x() + 0.5, patch.get_y() + 0.5)
                for patch in axes.patches if patch.get_hatch()
            }  # fmt: skip
            assert ((start, dispersion) in hatched) == (not clear)
            # The words stand on the colour of their cell.
            mesh = axes.collections[0]
            ground = mesh.get_cmap()(mesh.norm(row["deaths_averted" if line else "p_mass_killing"]))
            assert to_rgba(head.get_bbox_patch().get_facecolor())[:3] == pytest.approx(ground[:3])
            seen.add(bool(clear))
    assert seen == {True, False}


def test_the_line_of_the_shock_lies_between_the_last_start_before_it_and_the_first_after_it():
    axes = panels_of(response_surface(surface_table(DESIGN, PAIRED)))[0]
    (line,) = [one for one in axes.lines if len(set(one.get_xdata())) == 1]
    ticks = dict(zip(STARTS, axes.get_xticks(), strict=True))
    assert ticks[-26.0] < line.get_xdata()[0] < ticks[0.0]


# --- grids ----------------------------------------------------------------------------------------

SURFACE = surface_table(DESIGN, PAIRED, resamples=20)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_an_effect_of_a_cell_is_that_of_the_point_with_its_start_dispersion_and_arrival(order):
    rows = SURFACE.set_index("point")
    found = grids(SURFACE.sample(frac=1, random_state=order))
    assert [grid.title for grid in found] == [
        "Arrival bargained", "Arrival fixed 26 weeks after the start",
    ]  # fmt: skip
    for arrival, grid in enumerate(found):
        assert (grid.starts, grid.dispersions) == (STARTS, DISPERSIONS)
        for name in ("p_mass_killing", "deaths_averted", "risk_difference"):
            values = grid.values(name)
            assert values.shape == (3, 3)
            for dispersion, start in np.ndindex(3, 3):
                row = rows.loc[point(arrival, dispersion, start)]
                interval = grid.interval(name, dispersion, start)
                assert tuple(interval) == (row[name], row[f"{name}_low"], row[f"{name}_high"])
                assert values[dispersion, start] == row[name]


def test_a_point_that_the_design_lacks_is_an_unknown_cell_and_no_other_one():
    without = SURFACE[SURFACE["point"] != "p1-1-2"]
    bargained, fixed = grids(without)
    assert not np.isnan(bargained.values("p_mass_killing")).any()
    holes = np.argwhere(np.isnan(fixed.values("p_mass_killing"))).tolist()
    assert holes == [[1, 2]]
    assert np.isnan(fixed.interval("deaths_averted", 1, 2)).all()
    axes = panels_of(response_surface(without))[1]
    assert (1, 2) not in cells_of(axes) and len(cells_of(axes)) == 8
    assert np.argwhere(np.ma.getmaskarray(axes.collections[0].get_array())).tolist() == [[1, 2]]


def test_panels_share_their_axes_although_one_has_other_starts():
    some = SURFACE[~((SURFACE["action.arrival"] == 26) & (SURFACE["action.start"] == -26))]
    for grid in grids(some):
        assert grid.starts == STARTS


def test_ends_of_the_dispersion_have_a_word_and_a_start_that_never_comes_too():
    words = [label.split() for label in grids(SURFACE)[0].dispersion_labels]
    assert words == [["united", "0"], ["0.5"], ["divided", "1"]]
    assert [start_label(start) for start in (-26.0, 0.0, np.inf)] == ["\u221226", "0", "never"]


def test_week_0_stands_before_the_first_start_that_is_not_earlier():
    assert shock_position((-26, -1, 0, 1)) == 1.5
    assert shock_position((-2, -1)) is shock_position((1, 2)) is None


def test_each_combination_of_other_levers_is_a_grid_of_its_own_cells():
    doses = [
        SURFACE.assign(**{"p_mass_killing": SURFACE["p_mass_killing"] * share})
        for share in (1, 0.5)
    ]
    for table, dose in zip(doses, (0.0, 2500.0), strict=True):
        table.insert(2, "interventions.aid.intensity", dose)
    found = grids(pd.concat(doses, ignore_index=True).sample(frac=1, random_state=4))
    assert len(found) == 4
    rows = SURFACE.set_index("point")
    for grid in found:
        share = 0.5 if "2,500" in grid.title else 1.0
        arrival = 0 if "bargained" in grid.title else 1
        expected = [
            [share * rows.loc[point(arrival, d, s), "p_mass_killing"] for s in range(3)]
            for d in range(3)
        ]
        np.testing.assert_allclose(grid.values("p_mass_killing"), expected)
    with pytest.raises(ForestallError, match="listed twice"):
        grids(pd.concat([SURFACE, SURFACE]))
