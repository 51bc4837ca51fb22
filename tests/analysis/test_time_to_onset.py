"""What the survival curves draw: the share of runs without an onset, its interval, and runs at risk."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_results import SHOCK, WEEKS, make_design, make_paired, with_onsets
from matplotlib.colors import to_hex
from reading import bands, keyed, said, tick_labels

from analysis.intervals import wilson
from analysis.plots.time_to_onset import at_risk, survival, time_to_onset
from sim.errors import ForestallError

DESIGN = make_design(starts=(0.0, 26.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
PAIRED = with_onsets(make_paired(DESIGN, replicates=120))
NEVER = {"onset_week": -1.0, "baseline_onset_week": -1.0}


def test_survival_is_the_share_of_runs_without_an_onset_so_far():
    week, share, low, high = survival(np.array([-1.0, 2.0, 2.0, 5.0]), 6)
    assert week.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert share.tolist() == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    assert (low[3], high[3]) == wilson(2, 4)[1:]


def test_survival_equals_the_product_limit_of_kaplan_and_meier():
    onsets = with_onsets(make_paired(DESIGN))["onset_week"].to_numpy()
    _, share, _, _ = survival(onsets, WEEKS)
    product, at = 1.0, [1.0]
    for week in range(WEEKS):
        product *= 1 - (onsets == week).sum() / at_risk(onsets, week)
        at.append(product)
    np.testing.assert_allclose(share, at)


def test_the_curves_are_the_survival_of_no_action_and_the_treatments_from_the_shock():
    figure = time_to_onset(DESIGN, PAIRED, weeks=WEEKS, shock_week=SHOCK, show=["p0-0-0", "p0-1-1"])
    runs = PAIRED.set_index("point")
    columns = [
        ("p0-0-0", "baseline_onset_week"),
        ("p0-0-0", "onset_week"),
        ("p0-1-1", "onset_week"),
    ]
    curves = [line for line in figure.axes[0].lines if not line.get_label().startswith("_")]
    for curve, (point, name) in zip(curves, columns, strict=True):
        week, share, _, _ = survival(runs.loc[point, name].to_numpy(), WEEKS)
        np.testing.assert_array_equal(curve.get_ydata(), share)
        np.testing.assert_array_equal(curve.get_xdata(), week - SHOCK)


def test_the_runs_at_risk_are_those_without_an_onset_before_the_week():
    figure = time_to_onset(DESIGN, PAIRED, weeks=WEEKS, shock_week=SHOCK, show=["p0-0-0"])
    onsets = PAIRED.loc[PAIRED["point"] == "p0-0-0", "onset_week"]
    written = {text.xy: text.get_text() for text in figure.axes[1].texts}
    ticks = sorted({week for week, _ in written})
    assert ticks[0] == -SHOCK and ticks[-1] == WEEKS - SHOCK and 0 in ticks
    for tick in ticks:
        before = ((onsets >= 0) & (onsets < tick + SHOCK)).sum()
        assert written[(tick, 1)] == str(len(onsets) - before)


def test_runs_without_an_onset_say_so_and_none_or_one_run_is_a_figure():
    never = PAIRED.assign(onset_week=-1.0, baseline_onset_week=-1.0)
    assert "no run becomes a mass killing" in said(time_to_onset(DESIGN, never, weeks=WEEKS))
    assert "No runs yet" in said(time_to_onset(DESIGN, PAIRED.iloc[:0], weeks=WEEKS))
    alone = PAIRED[PAIRED["replicate"] == 0]
    time_to_onset(DESIGN, alone, weeks=WEEKS, shock_week=SHOCK).draw_without_rendering()
    always = PAIRED.assign(onset_week=30.0, baseline_onset_week=30.0)
    curve = time_to_onset(DESIGN, always, weeks=WEEKS).axes[0].lines[0]
    assert curve.get_ydata()[-1] == 0


def test_results_without_onsets_are_refused():
    with pytest.raises(ForestallError, match="no column 'onset_week'"):
        time_to_onset(DESIGN, PAIRED.drop(columns="onset_week"), weeks=WEEKS)


def without_onset(onsets, weeks):
    """Return the count of runs without an onset before each week, one run and week at a time."""
    return [sum(not 0 <= onset < week for onset in onsets) for week in range(weeks + 1)]


def drawn_groups(figure):
    """Return the onset curves by their label: line, band (week, low, high) and colour in the key."""
    axes = figure.axes[0]
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    key = keyed(figure)
    return {
        line.get_label(): (line, band, key[line.get_label()])
        for line, band in zip(lines, bands(axes), strict=True)
    }


@pytest.mark.parametrize("replicates", [1, 20, 120])
@pytest.mark.parametrize("changed", [{}, NEVER, dict.fromkeys(NEVER, 30.0)])
def test_curve_and_band_are_wilsons_interval_of_the_runs_left_in_every_week(replicates, changed):
    paired = PAIRED[PAIRED["replicate"] < replicates].assign(**changed)
    figure = time_to_onset(DESIGN, paired, weeks=WEEKS, shock_week=SHOCK, show=["p0-0-0", "p0-1-1"])
    groups = drawn_groups(figure)
    runs = paired.set_index("point")
    expected = {
        "no action": runs.loc[["p0-0-0"], "baseline_onset_week"],
        "start 0, united": runs.loc[["p0-0-0"], "onset_week"],
        "start +26, divided": runs.loc[["p0-1-1"], "onset_week"],
    }
    assert list(groups) == list(expected)
    for label, onsets in expected.items():
        line, (week, low, high, colour), key = groups[label]
        ends = np.array([wilson(left, replicates) for left in without_onset(onsets, WEEKS)])
        np.testing.assert_array_equal(line.get_xdata(), np.arange(WEEKS + 1) - SHOCK)
        np.testing.assert_allclose(line.get_ydata(), ends[:, 0])
        # A band in steps has two vertices a week: where the level ends, and where the next begins.
        np.testing.assert_array_equal(week[::2], np.arange(WEEKS + 1) - SHOCK)
        for edge, end in ((low, ends[:, 1]), (high, ends[:, 2])):
            np.testing.assert_allclose(edge[::2], end)
            np.testing.assert_allclose(edge[1::2], end[:-1])
        assert to_hex(line.get_color()) == colour == key


@pytest.mark.parametrize("replicates", [1, 2, 20, 120])
@pytest.mark.parametrize("changed", [{}, NEVER, dict.fromkeys(NEVER, 30.0)])
def test_the_axis_holds_every_band_whole_and_its_labels_say_where_they_stand(replicates, changed):
    paired = PAIRED[PAIRED["replicate"] < replicates].assign(**changed)
    figure = time_to_onset(DESIGN, paired, weeks=WEEKS, shock_week=SHOCK)
    axes = figure.axes[0]
    bottom, top = axes.get_ylim()
    for _, low, high, _ in bands(axes):
        assert bottom <= low.min() and high.max() <= top
    labels = tick_labels(figure, axes.yaxis)
    assert len(labels) >= 4
    for place, label in labels.items():
        assert float(label.removesuffix(" %")) == pytest.approx(100 * place, abs=1e-9)
    assert (f"axis from {100 * bottom:.0f} %" in axes.get_ylabel()) == (bottom > 0)
