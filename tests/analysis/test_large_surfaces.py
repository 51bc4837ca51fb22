"""A grid of thousands of points is drawn at the size of a page, and what is drawn is the statistic."""

from __future__ import annotations

import numpy as np
import pytest
from large_surface import DISPERSIONS, STARTS, large_surface
from layout import assert_apart, words
from matplotlib.collections import LineCollection, PolyCollection, QuadMesh

from analysis.plots.figure import MINUS
from analysis.plots.response_surface import response_surface
from analysis.plots.surface_grid import MOST_VALUES, grids, most_starts, spread_over
from analysis.plots.timing_lines import MOST_LINES, timing_lines

SURFACE = large_surface()
SIX = (np.nan, 0.0, 4.0, 13.0, 26.0, 52.0)
LIMIT = 4000
"""Most pixels of a figure in either direction, at 150 to an inch."""


def panels_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def said_by(figure):
    return [text.get_text() for text in words(figure) if text.get_text().strip()]


def pixels(figure):
    return 150 * figure.get_size_inches()


def drawn_of(axes, kind):
    return [one for one in axes.collections if isinstance(one, kind)]


def pivot(name, surface=SURFACE):
    return surface.pivot_table(
        index="actors.dispersion", columns="action.start", values=name
    ).to_numpy()


@pytest.mark.parametrize("arrivals", [SIX[:1], SIX])
@pytest.mark.parametrize("draw", [response_surface, timing_lines])
def test_a_figure_of_10000_points_a_panel_has_the_size_of_a_page_and_few_words(draw, arrivals):
    figure = draw(large_surface(arrivals=arrivals))
    assert (pixels(figure) < LIMIT * (1 if len(arrivals) == 1 else 1.3)).all()
    assert len(said_by(figure)) < 12 + 6 * len(arrivals)
    for axes in panels_of(figure):
        assert max(len(axes.get_xticks()), len(axes.get_yticks())) <= MOST_VALUES
        assert len(axes.patches) < 5  # no patch, nor text, for each of the points
        assert [text.get_text() for text in axes.texts] == ["shock"]


@pytest.mark.parametrize(("panel", "name"), [(0, "p_mass_killing"), (1, "deaths_averted")])
def test_the_image_holds_the_estimates(panel, name):
    axes = panels_of(response_surface(SURFACE))[panel]
    (mesh,) = drawn_of(axes, QuadMesh)
    np.testing.assert_array_equal(mesh.get_array(), pivot(name))
    corners = mesh.get_coordinates()
    assert corners[0, 0].tolist() == [-0.5, -0.5] and corners[-1, -1].tolist() == [99.5, 99.5]
    assert axes.get_xlim() == axes.get_ylim() == (-0.5, 99.5)


def hatched_of(axes, shape):
    """Return how often each cell lies in a hatched area."""
    times = np.zeros(shape, dtype=int)
    for area in drawn_of(axes, PolyCollection):
        assert area.get_hatch() == "//"
        for path in area.get_paths():
            (left, low), (right, high) = path.vertices.min(axis=0), path.vertices.max(axis=0)
            times[round(low + 0.5) : round(high + 0.5), round(left + 0.5) : round(right + 0.5)] += 1
    return times


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize(("panel", "judged"), [(0, "risk_difference"), (1, "deaths_averted")])
def test_an_image_is_hatched_once_exactly_where_the_difference_may_be_none(panel, judged, noise):
    surface = large_surface(noise=noise)
    axes = panels_of(response_surface(surface))[panel]
    low, high = pivot(f"{judged}_low", surface), pivot(f"{judged}_high", surface)
    unclear = (low <= 0) & (high >= 0)
    assert 500 < unclear.sum() < 9500
    np.testing.assert_array_equal(hatched_of(axes, unclear.shape), unclear.astype(int))


def test_a_point_that_was_not_run_is_open_and_not_hatched():
    without = SURFACE[(SURFACE["action.start"] < 90) | (SURFACE["actors.dispersion"] < 0.5)]
    upper = panels_of(response_surface(without))[0]
    (mesh,) = drawn_of(upper, QuadMesh)
    hole = np.zeros((100, 100), dtype=bool)
    hole[50:, 90:] = True
    np.testing.assert_array_equal(np.ma.getmaskarray(mesh.get_array()), hole)
    assert not hatched_of(upper, hole.shape)[hole].any()


def marks_of(figure):
    bars = [axes for axes in figure.axes if axes.get_label() == "<colorbar>"]
    return [
        [one.get_ydata()[0] for one in bar.lines if one.get_color() == "#111111"] for bar in bars
    ]


def test_a_contour_of_an_image_parts_the_cells_on_both_sides_of_a_value_on_the_bar():
    figure = response_surface(SURFACE)
    for axes, name, marks in zip(
        panels_of(figure), ("p_mass_killing", "deaths_averted"), marks_of(figure), strict=True
    ):
        below = [pivot(name) < mark for mark in marks]
        across = sum(np.diff(one, axis=1).astype(int) for one in below) > 0
        upward = sum(np.diff(one, axis=0).astype(int) for one in below) > 0
        halo, ink = drawn_of(axes, LineCollection)
        assert (
            len(ink.get_segments()) == len(halo.get_segments()) == across.sum() + upward.sum() > 50
        )
        for (x0, y0), (x1, y1) in ink.get_segments():
            if x0 == x1:
                assert across[int((y0 + y1) / 2), int(x0)]
            else:
                assert upward[int(y0), int((x0 + x1) / 2)]


def test_a_contour_that_chance_would_draw_everywhere_is_left_out_and_the_figure_says_so():
    figure = response_surface(large_surface(noise=0.2))
    assert marks_of(figure) == [[], []]
    assert not any(drawn_of(axes, LineCollection) for axes in panels_of(figure))
    note = "no contours where neighbours differ by chance"
    assert any(note in " ".join(text.split()) for text in said_by(figure))
    assert not any("no contours" in text for text in said_by(response_surface(SURFACE)))
    assert not any("contours of the estimates" in text for text in said_by(figure))


@pytest.mark.parametrize("draw", [response_surface, timing_lines])
@pytest.mark.parametrize(
    ("starts", "dispersions", "arrivals"),
    [
        (STARTS, DISPERSIONS, SIX[:1]),
        (STARTS, DISPERSIONS, SIX),
        (tuple(float(week) for week in range(-52, 53)), (0.0, 0.5, 1.0), SIX[:2]),
        ((*STARTS[:40], np.inf), (0.5,), SIX[:1]),
        ((-26.0, 0.0), tuple(place / 20 for place in range(21)), SIX[:1]),
        (tuple(3.0 * place + place % 2 for place in range(16)), DISPERSIONS[::5], SIX[:3]),
    ],
)  # fmt: skip
def test_no_word_of_a_large_figure_covers_another(draw, starts, dispersions, arrivals):
    assert_apart(draw(large_surface(starts, dispersions, arrivals)))


def test_a_tick_of_an_image_says_the_value_of_its_cell():
    surface = large_surface((*(float(week) for week in range(-26, 27)), np.inf))
    axes = panels_of(response_surface(surface))[1]
    starts, dispersions = grids(surface)[0].starts, grids(surface)[0].dispersions
    labels = [label.get_text().replace(MINUS, "-") for label in axes.get_xticklabels()]
    assert [starts[int(place)] for place in axes.get_xticks()] == [
        np.inf if label == "never" else float(label) for label in labels
    ]
    assert (labels[0], labels[-1]) == ("-26", "never") and "0" in labels
    labels = [label.get_text().split()[-1] for label in axes.get_yticklabels()]
    assert [dispersions[int(place)] for place in axes.get_yticks()] == [float(x) for x in labels]
    assert len(labels) >= 8


def test_the_lines_of_a_large_grid_are_the_estimates_of_starts_and_dispersions_that_it_names():
    figure = timing_lines(SURFACE)
    assert any("shown: 11 of 100 starts, 6 of 100 dispersions" in text for text in said_by(figure))
    upper, lower = panels_of(figure)
    starts = [*range(0, 100, 10), 99]
    assert [label.get_text() for label in lower.get_xticklabels()] == [f"{x}" for x in starts]
    labels = [text.get_text().split()[-1] for text in figure.legends[0].get_texts()[:-1]]
    assert [float(label) for label in labels] == [0, 0.2, 0.4, 0.6, 0.8, 0.99]
    for line, (dispersion, container) in enumerate(zip(labels, upper.containers, strict=True)):
        row = 100 * pivot("p_mass_killing")[round(100 * float(dispersion))]
        np.testing.assert_allclose(container.lines[0].get_ydata(), row[starts])
        weeks = next(one for one in upper.lines if one.get_gid() == f"line-{line}").get_xdata()
        np.testing.assert_allclose(weeks, starts, atol=4)


@pytest.mark.parametrize("count", [MOST_VALUES, MOST_VALUES + 1])
@pytest.mark.parametrize("along", ["starts", "dispersions"])
def test_cells_have_words_as_long_as_there_is_room(along, count):
    few = (0.0, 0.5)
    starts, dispersions = STARTS[:count], tuple(place / 20 for place in range(count))
    surface = (
        large_surface(starts, few) if along == "starts" else large_surface((0.0, 4.0), dispersions)
    )
    figure = response_surface(surface)
    assert (len(panels_of(figure)[0].texts) == 2 * 2 * count + 1) == (count == MOST_VALUES)
    assert (pixels(figure) < LIMIT).all()


def test_a_small_grid_has_all_its_lines_and_no_word_of_what_is_shown():
    surface = large_surface(STARTS[:MOST_VALUES], DISPERSIONS[:MOST_LINES])
    figure = timing_lines(surface)
    assert len(panels_of(figure)[0].containers) == MOST_LINES
    assert not any("shown" in text for text in said_by(figure))


def test_more_panels_have_room_for_fewer_starts_each():
    counts = [most_starts(panels) for panels in range(1, 7)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == MOST_VALUES and all(8 <= count * panels <= 48 for panels, count in
                                            enumerate(counts, start=1))  # fmt: skip


@pytest.mark.parametrize("most", [3, 7, 10, 15])
def test_values_are_spread_evenly_and_both_ends_are_among_them(most):
    rng = np.random.default_rng(most)
    for count in (1, 2, 3, 4, 7, 8, 15, 16, 20, 21, 50, 100, 101, 1000):
        for values in (
            range(count),
            [place / count for place in range(count)],
            [*range(-count // 3, count - 1 - count // 3), np.inf],
            np.sort(rng.lognormal(0, 2, count)),
        ):
            places = spread_over(values, most)
            assert places[0] == 0 and places[-1] == len(values) - 1
            assert len(places) <= most or len(values) <= most
            gaps = np.diff(places)
            assert (gaps > 0).all()
            if len(values) <= most:
                assert places == list(range(len(values)))
            else:
                assert len(places) >= min(most, 4) - 1 and gaps.max() <= 3 * gaps.min()
    assert spread_over(range(101), 12) == list(range(0, 101, 10))
