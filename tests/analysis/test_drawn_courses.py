"""What stands on the pictures of weeks and starts: every band, line and ring equals its statistic."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_results import SHOCK, make_design, make_paired, make_weekly
from made_up_trace import ACTORS, OPENS, WEEKS, make_trace
from made_up_trace import SHOCK as TRACE_SHOCK
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from analysis.intervals import wilson
from analysis.plots.actors_and_mandates import actors_and_mandates
from analysis.plots.timing_lines import timing_lines
from analysis.plots.weekly_course import weekly_course
from analysis.surface import surface_table

STARTS, DISPERSIONS = (-26.0, 0.0, 13.0), (0.0, 0.5, 1.0)
DESIGN = make_design(STARTS, DISPERSIONS)
PAIRED = make_paired(DESIGN)
FEW = make_design(starts=(-26.0, 26.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
WEEKLY = make_weekly(FEW)
SERIES = ("deaths_to_date", "displaced", "peacekeepers")
TRACE = make_trace()


def colours_of_key(figure):
    """Return the colour of each entry of the key, by its words."""
    (key,) = figure.legends
    found = {}
    for handle, text in zip(key.legend_handles, key.get_texts(), strict=True):
        colour = handle.get_facecolor() if hasattr(handle, "get_facecolor") else handle.get_color()
        found[text.get_text()] = to_hex(colour)
    return found


def panels_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


# --- the weekly course ----------------------------------------------------------------------------

TABLES = {
    "runs": WEEKLY,
    "all zero": WEEKLY.assign(value=0.0),
    "constant": WEEKLY.assign(value=7.0),
    "one run": WEEKLY.assign(value=WEEKLY["week"] * 3.0),
}


def stored(table, point, series, quantile):
    rows = table[
        (table["point"] == point) & (table["series"] == series) & (table["quantile"] == quantile)
    ]
    return rows.sort_values("week")["value"].to_numpy()


def band_of(fill):
    """Return the weeks of a filled band, and its lower and its upper edge."""
    corners = fill.get_paths()[0].vertices
    weeks = np.unique(corners[:, 0])
    edges = [[pick(corners[corners[:, 0] == week, 1]) for week in weeks] for pick in (min, max)]
    return weeks, np.array(edges)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_band_and_every_edge_of_the_weeks_is_a_stored_quantile(table):
    figure = weekly_course(FEW, table, shock_week=SHOCK, show=["p0-1-1"])
    key = colours_of_key(figure)
    since = np.arange(table["week"].max() + 1) - SHOCK
    for panel, series in zip(figure.axes, SERIES, strict=True):
        for words, point, filled in (
            ("action, median", "p0-1-1", [(0.05, 0.95), (0.25, 0.75)]),
            ("no action, median", "b1", [(0.05, 0.95)]),
        ):
            fills = [one for one in panel.collections if to_hex(one.get_facecolor()) == key[words]]
            for fill, pair in zip(fills, filled, strict=True):
                weeks, edges = band_of(fill)
                np.testing.assert_array_equal(weeks, since)
                np.testing.assert_array_equal(
                    edges, [stored(table, point, series, quantile) for quantile in pair]
                )
            lines = [one for one in panel.lines if to_hex(one.get_color()) == key[words]]
            looks = [(0.05, "-"), (0.95, "-"), (0.25, ":"), (0.75, ":")]
            looks.append((0.5, "--" if point == "b1" else "-"))
            for line, (quantile, look) in zip(lines, looks, strict=True):
                assert line.get_linestyle() == look
                np.testing.assert_array_equal(
                    line.get_ydata(), stored(table, point, series, quantile)
                )


def test_the_key_of_the_weeks_states_the_shares_within_the_bands():
    some = WEEKLY[WEEKLY["quantile"] != 0.25].replace({"quantile": {0.75: 0.9}})
    some = some[some["quantile"].isin([0.05, 0.5, 0.95])]
    for table, words in (
        (WEEKLY, "middle of the runs: 90 % (solid), 50 % (dotted)"),
        (some, "middle of the runs: 90 % (solid)"),
    ):
        assert words in colours_of_key(weekly_course(FEW, table))


# --- the lines of timing --------------------------------------------------------------------------


def killed_in(paired, arm=""):
    """Return the share of runs that become mass killings, percent, and its interval."""
    runs = paired[f"{arm}mass_killing"]
    return 100 * np.array(wilson(int(runs.sum()), len(runs)))


def lines_at(axes, colour):
    return [line for line in axes.lines if to_hex(line.get_color()) == colour]


def with_runs(mass_killing, baseline):
    return PAIRED.assign(mass_killing=mass_killing, baseline_mass_killing=baseline)


CASES = {
    "runs": PAIRED,
    "no killing": with_runs(0.0, 0.0),
    "only killing": with_runs(1.0, 1.0),
    "one run": PAIRED[PAIRED["replicate"] == 0],
}


@pytest.mark.parametrize("paired", CASES.values(), ids=CASES)
def test_no_action_is_a_line_at_its_share_of_runs_in_a_band_that_is_its_interval(paired):
    figure = timing_lines(surface_table(DESIGN, paired, resamples=20))
    estimate, low, high = killed_in(paired[paired["point"] == "p0-0-0"], "baseline_")
    colour = colours_of_key(figure)["no action"]
    for axes in panels_of(figure)[:2]:
        (line,) = lines_at(axes, colour)
        np.testing.assert_allclose(line.get_ydata(), estimate)
        (band,) = [one for one in axes.patches if isinstance(one, Rectangle)]
        assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx((low, high))
        assert to_hex(band.get_facecolor()) == colour
    for axes in panels_of(figure)[2:]:
        (line,) = lines_at(axes, colour)
        assert set(line.get_ydata()) == {0}


@pytest.mark.parametrize("paired", CASES.values(), ids=CASES)
def test_every_point_of_every_panel_of_timing_is_the_statistic_of_its_runs(paired):
    surface = surface_table(DESIGN, paired, resamples=20)
    figure = timing_lines(surface)
    key = list(colours_of_key(figure).values())
    runs = dict(list(paired.groupby("point")))
    ends = surface.set_index("point")
    for panel, axes in enumerate(panels_of(figure)):
        arrival = panel % 2
        for line, container in enumerate(axes.containers):
            names = [f"p{arrival}-{line}-{start}" for start in range(len(STARTS))]
            if panel < 2:
                expected = np.array([killed_in(runs[name]) for name in names])
            else:
                averted = [
                    (runs[name]["baseline_direct_deaths"] - runs[name]["direct_deaths"]).mean()
                    for name in names
                ]
                low, high = (ends.loc[names, f"deaths_averted_{end}"] for end in ("low", "high"))
                expected = np.column_stack([averted, low, high])
            dots, _, (bars,) = container.lines
            assert to_hex(dots.get_color()) == key[line]
            np.testing.assert_allclose(dots.get_ydata(), expected[:, 0], atol=1e-9)
            assert isinstance(bars, LineCollection)
            if np.isfinite(expected).all():
                drawn = np.array([segment[:, 1] for segment in bars.get_segments()])
                np.testing.assert_allclose(drawn, expected[:, 1:], atol=1e-9)
            (joined,) = [one for one in axes.lines if one.get_gid() == f"line-{line}"]
            np.testing.assert_allclose(joined.get_ydata(), expected[:, 0], atol=1e-9)
            assert to_hex(joined.get_color()) == key[line]
        assert len(axes.containers) == len(DISPERSIONS)


# --- actors and mandates --------------------------------------------------------------------------


def test_the_filled_area_is_the_scale_of_the_mandate_in_every_week():
    (fill,) = [
        one for one in actors_and_mandates(TRACE).axes[1].collections if one.get_gid() == "scale"
    ]
    (outline,) = fill.get_paths()
    for week, scale in zip(
        np.arange(WEEKS) - TRACE_SHOCK, TRACE.course("mandate_scale"), strict=True
    ):
        assert not outline.contains_point((week, scale + 0.01))
        assert outline.contains_point((week, scale - 0.01)) == (scale > 0)
    (quiet,) = [
        one
        for one in actors_and_mandates(make_trace(quiet=True)).axes[1].collections
        if one.get_gid() == "scale"
    ]
    assert (quiet.get_paths()[0].vertices[:, 1] == 0).all()


def test_what_is_in_force_is_the_recorded_course_and_nothing_before_the_first_mandate():
    figure = actors_and_mandates(TRACE)
    course, key = figure.axes[1], colours_of_key(figure)
    for name, words in (
        ("policy_pressure", "pressure in force"),
        ("policy_protection", "protection in force"),
    ):
        (line,) = [one for one in course.lines if one.get_gid() == name]
        expected = TRACE.course(name).copy()
        expected[:OPENS] = np.nan
        np.testing.assert_array_equal(line.get_ydata(), expected)
        np.testing.assert_array_equal(line.get_xdata(), np.arange(WEEKS) - TRACE_SHOCK)
        assert to_hex(line.get_color()) == key[words]
    numbers = {text.get_text(): text.xy for text in course.texts}
    assert numbers == {"1": (OPENS - TRACE_SHOCK, 0.4), "2": (OPENS + 20 - TRACE_SHOCK, 0.8)}


def test_a_ring_marks_those_with_a_veto_and_circles_grow_with_the_votes():
    circles = {
        line.get_gid(): line
        for line in actors_and_mandates(TRACE).axes[0].lines
        if str(line.get_gid()).startswith("actor-")
    }
    drawn = [circles[f"actor-{place}"] for place in range(len(ACTORS))]
    ringed = [str(one.get_markeredgecolor()) != "none" for one in drawn]
    assert ringed == [veto == 1 for veto in TRACE.courses("actors", "veto")[0]]
    assert 0 < sum(ringed) < len(ringed)
    sizes = np.array([one.get_markersize() for one in drawn])
    votes = TRACE.courses("actors", "weight")[0]
    assert (np.argsort(sizes) == np.argsort(votes)).all()
    # The area above that of the smallest circle is the share of the votes.
    grown = (sizes - 12) ** 2
    np.testing.assert_allclose(grown / grown.sum(), votes / votes.sum())


def test_the_heat_stands_at_its_weeks_and_names_its_actors():
    heat = actors_and_mandates(TRACE).axes[2]
    (image,) = heat.images
    assert image.get_extent() == [-TRACE_SHOCK - 0.5, WEEKS - TRACE_SHOCK - 0.5, 2.5, -0.5]
    assert image.get_clim() == (0, 1)
    named = [label.get_text() for label in heat.get_yticklabels()]
    assert named == [name.replace("_", " ") for name in ACTORS]
    assert heat.get_yticks().tolist() == [0, 1, 2]
