"""What the two figures of the surface draw equals the surface table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import assert_readable
from made_up_results import DISPERSIONS, STARTS, make_design, make_paired
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.patches import Rectangle

from analysis.plots.figure import DASH
from analysis.plots.response_surface import response_surface
from analysis.plots.surface_grid import grids, shock_position
from analysis.plots.timing_lines import timing_lines
from analysis.surface import surface_table
from sim.errors import ForestallError

DESIGN = make_design()
PAIRED = make_paired(DESIGN)
SURFACE = surface_table(DESIGN, PAIRED, resamples=200)


def panels_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def words_of(figure):
    return " ".join(text.get_text() for text in figure.texts)


def bargained(name):
    table = SURFACE[SURFACE["action.arrival"].isna()]
    return table.pivot_table(index="actors.dispersion", columns="action.start", values=name)


def with_every_death(treatment, baseline):
    killed = (treatment >= 1000) * 1.0, (baseline >= 1000) * 1.0
    return PAIRED.assign(
        direct_deaths=treatment,
        baseline_direct_deaths=baseline,
        mass_killing=killed[0],
        baseline_mass_killing=killed[1],
    )


@pytest.mark.parametrize(("panel", "name"), [(0, "p_mass_killing"), (2, "deaths_averted")])
def test_the_colours_of_the_surface_are_the_estimates(panel, name):
    axes = panels_of(response_surface(SURFACE))[panel]
    mesh = next(artist for artist in axes.collections if isinstance(artist, QuadMesh))
    np.testing.assert_array_equal(mesh.get_array(), bargained(name).to_numpy())


def test_every_cell_states_its_estimate_and_interval():
    texts = [text.get_text() for text in panels_of(response_surface(SURFACE))[0].texts]
    row = SURFACE.iloc[0]
    low, high = (f"{100 * row[f'p_mass_killing_{end}']:.1f}" for end in ("low", "high"))
    assert f"{100 * row['p_mass_killing']:.1f}" in texts
    assert f"{low}{DASH}{high}" in texts
    assert len(texts) == 2 * len(STARTS) * len(DISPERSIONS) + 1  # and the word "shock"


def test_a_cell_is_hatched_exactly_where_the_interval_of_the_difference_includes_zero():
    axes = panels_of(response_surface(SURFACE))[0]
    hatched = {
        (round(patch.get_y() + 0.5), round(patch.get_x() + 0.5))
        for patch in axes.patches
        if isinstance(patch, Rectangle) and patch.get_hatch()
    }
    low, high = bargained("risk_difference_low"), bargained("risk_difference_high")
    includes = np.argwhere((low.to_numpy() <= 0) & (high.to_numpy() >= 0))
    assert hatched == {(int(line), int(column)) for line, column in includes}
    assert 0 < len(hatched) < len(STARTS) * len(DISPERSIONS)


def test_the_bar_of_the_surface_marks_the_probability_without_action():
    bar = next(axes for axes in response_surface(SURFACE).axes if axes.get_label() == "<colorbar>")
    baseline = SURFACE["baseline_p_mass_killing"].iloc[0]
    assert any(np.allclose(line.get_ydata(), baseline) for line in bar.lines)
    assert f"{100 * baseline:.1f} %" in bar.get_title()


def test_harm_is_coloured_on_the_other_side_of_white():
    worse = with_every_death(PAIRED["baseline_direct_deaths"] * 3, PAIRED["baseline_direct_deaths"])
    axes = panels_of(response_surface(surface_table(DESIGN, worse, resamples=50)))[2]
    mesh = next(artist for artist in axes.collections if isinstance(artist, QuadMesh))
    assert (mesh.get_array() < 0).all()
    assert mesh.norm.vmin == -mesh.norm.vmax


def test_the_lines_pass_through_the_estimates_and_their_bars_end_at_the_intervals():
    axes = panels_of(timing_lines(SURFACE))[0]
    for line, container in enumerate(axes.containers):
        drawn = container.lines[0].get_ydata()
        np.testing.assert_allclose(drawn, 100 * bargained("p_mass_killing").iloc[line])
        bars = next(part for part in container.lines[2] if isinstance(part, LineCollection))
        ends = np.array([segment[:, 1] for segment in bars.get_segments()])
        np.testing.assert_allclose(ends[:, 0], 100 * bargained("p_mass_killing_low").iloc[line])
        np.testing.assert_allclose(ends[:, 1], 100 * bargained("p_mass_killing_high").iloc[line])
    assert len(axes.containers) == len(DISPERSIONS)


def test_a_marker_is_hollow_exactly_where_the_paired_difference_includes_zero():
    axes = panels_of(timing_lines(SURFACE))[0]
    low, high = bargained("risk_difference_low"), bargained("risk_difference_high")
    unclear = (low.to_numpy() <= 0) & (high.to_numpy() >= 0)
    hollow = {line.get_gid(): line for line in axes.lines if line.get_gid()}
    for line, row in enumerate(unclear):
        weeks = hollow[f"unclear-{line}"].get_xdata()
        np.testing.assert_allclose(weeks, np.array(STARTS)[row], atol=2)


def test_the_shock_stands_before_the_first_start_that_is_not_earlier():
    assert shock_position((-26, -4, 0, 8)) == 1.5
    assert shock_position((-26, 4)) == 0.5
    assert shock_position((0, 4)) == -0.5
    assert shock_position((4, 8)) is None
    assert shock_position((-8, -4)) is None


def test_bargained_arrival_is_the_first_panel_and_a_missing_cell_is_left_open():
    shuffled = SURFACE.sample(frac=1, random_state=1).iloc[:-1]
    first, second = grids(shuffled)
    assert "bargained" in first.title and "26 weeks" in second.title
    holes = [np.isnan(grid.values("p_mass_killing")).sum() for grid in (first, second)]
    assert sum(holes) == 1
    response_surface(shuffled)
    timing_lines(shuffled)


def test_a_surface_with_only_starts_is_one_line():
    only = SURFACE[SURFACE["actors.dispersion"] == 0].drop(columns="actors.dispersion")
    only = only[only["action.arrival"].isna()].drop(columns="action.arrival")
    assert len(panels_of(timing_lines(only))[0].containers) == 1
    assert len(panels_of(response_surface(only))) == 2


@pytest.mark.parametrize("draw", [response_surface, timing_lines])
def test_a_surface_that_does_not_fit_is_refused_in_one_line(draw):
    with pytest.raises(ForestallError, match="listed twice"):
        draw(SURFACE.assign(**{"action.start": 0.0}))
    many = SURFACE.assign(**{"action.start": 0.0, "actors.dispersion": 0.0})
    many.insert(0, "parameters.fear_fade", np.linspace(0.1, 0.3, len(many)))
    with pytest.raises(ForestallError, match=r"parameters\.fear_fade, .* panels, at most 6"):
        draw(many)
    with pytest.raises(ForestallError, match=r"action\.start"):
        draw(SURFACE.drop(columns="action.start"))


def test_weeks_are_to_scale_and_the_shock_stands_at_week_0():
    axes = panels_of(timing_lines(SURFACE))[0]
    weeks = next(line for line in axes.lines if line.get_gid() == "line-0").get_xdata()
    np.testing.assert_allclose(np.diff(weeks), np.diff(STARTS))
    (shock,) = [text for text in axes.texts if text.get_text() == "shock"]
    assert shock.xy[0] == 0


@pytest.mark.parametrize("starts", [STARTS[:1], STARTS[3:4], STARTS[3:5], STARTS[-1:], STARTS])
def test_every_estimate_lies_within_the_axes(starts):
    surface = SURFACE[SURFACE["action.start"].isin(starts)]
    for axes in panels_of(timing_lines(surface)):
        left, right = axes.get_xlim()
        for container in axes.containers:
            weeks = container.lines[0].get_xdata()
            assert len(weeks) == len(starts)
            assert (left < weeks).all() and (weeks < right).all()


@pytest.mark.parametrize(
    ("starts", "labels"),
    [
        ((0, 1, 2, 104, np.inf), ["0 ... 2", "104", "never"]),
        ((-2, 0, 100, 101, 102), ["-2 ... 0", "100 ... 102"]),
        ((0, 13, 26), ["0", "13", "26"]),
        ((7,), ["7"]),
        (tuple(range(8)), [str(start) for start in range(8)]),
    ],
)
@pytest.mark.parametrize("arrivals", [(np.nan,), (np.nan, 26.0)])
def test_labels_of_uneven_starts_stand_apart_and_every_start_has_its_mark(starts, labels, arrivals):
    design = make_design(tuple(map(float, starts)), arrivals=arrivals)
    paired = make_paired(design, replicates=20)
    figure = timing_lines(surface_table(design, paired, resamples=50))
    assert_readable(figure)
    axes = figure.axes[-1]
    shown = [label.get_text() for label in axes.get_xticklabels()]
    assert len(shown) == len(starts)
    assert [label.replace("\u2212", "-") for label in shown if label] == labels


def test_a_start_that_never_comes_stands_apart_and_is_not_joined():
    never = SURFACE.replace({"action.start": {STARTS[-1]: np.inf}})
    axes = panels_of(timing_lines(never))[2]
    line = next(line for line in axes.lines if line.get_gid() == "line-0")
    assert len(line.get_xdata()) == len(STARTS) - 1
    assert axes.get_xticklabels()[-1].get_text() == "never"
    assert axes.get_xticks()[-1] > STARTS[-2]


@pytest.mark.parametrize("draw", [response_surface, timing_lines])
def test_another_lever_that_varies_has_panels_of_its_own(draw):
    doses = [
        SURFACE[SURFACE["action.arrival"].isna()].assign(**{"interventions.aid.intensity": dose})
        for dose in (0.0, 2500.0)
    ]
    both = pd.concat(doses)
    both.insert(0, "interventions.aid.intensity", both.pop("interventions.aid.intensity"))
    figure = draw(both)
    assert_readable(figure)
    titles = [axes.get_title() for axes in panels_of(figure)[:2]]
    assert ["aid intensity 0" in titles[0], "aid intensity 2,500" in titles[1]] == [True, True]


@pytest.mark.one_in(5)
@pytest.mark.parametrize("draw", [response_surface, timing_lines])
@pytest.mark.parametrize("panels", [1, 2])
@pytest.mark.parametrize("starts", [1, 2, len(STARTS)])
def test_no_text_leaves_the_figure_or_covers_another(draw, panels, starts):
    surface = SURFACE[SURFACE["action.start"].isin(STARTS[:starts])]
    if panels == 1:
        surface = surface[surface["action.arrival"].isna()]
    name = "A country with a name of some length: when prevention begins, and how united it is"
    assert_readable(draw(surface, title=name))


@pytest.mark.parametrize("draw", [response_surface, timing_lines])
def test_no_run_is_said_in_words(draw):
    for paired in (PAIRED.iloc[:0], PAIRED.iloc[:0].copy()):
        assert "No runs yet" in words_of(draw(surface_table(DESIGN, paired)))
    assert "No runs yet" in words_of(draw(surface_table(DESIGN.iloc[:0], PAIRED.iloc[:0])))


@pytest.mark.parametrize("draw", [response_surface, timing_lines])
@pytest.mark.parametrize("deaths", [0.0, 5000.0])
def test_a_constant_outcome_is_drawn_without_complaint(draw, deaths):
    constant = with_every_death(np.full(len(PAIRED), deaths), np.full(len(PAIRED), deaths))
    figure = draw(surface_table(DESIGN, constant, resamples=50))
    figure.draw_without_rendering()
    least, most = panels_of(figure)[2].get_ylim()
    assert most > least


@pytest.mark.parametrize("draw", [response_surface, timing_lines])
def test_a_single_run_is_drawn_without_an_interval_of_deaths(draw):
    surface = surface_table(DESIGN, PAIRED[PAIRED["replicate"] == 0])
    draw(surface).draw_without_rendering()
    assert surface["deaths_averted_low"].isna().all()
