"""What the distribution of deaths draws beside its curves: middle half, median, zeros and labels."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_results import make_design, make_paired
from matplotlib.colors import to_hex
from reading import tick_labels

from analysis.plots.figure import BASELINE, BLUE, VERMILION
from analysis.plots.outcome_distribution import outcome_distribution

DESIGN = make_design(starts=(-26.0, 26.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
PAIRED = make_paired(DESIGN)
SHOW = ["p0-0-0", "p0-1-1"]
COLOURS = (BASELINE, BLUE, VERMILION)
ARMS = ("baseline_direct_deaths", "direct_deaths")
DEADLY = PAIRED.loc[PAIRED["direct_deaths"] > 0, "replicate"].min()
CASES = {
    "runs": PAIRED,
    "one run": PAIRED[PAIRED["replicate"] == DEADLY],
    "no death": PAIRED.assign(**dict.fromkeys(ARMS, 0.0)),
    "equal": PAIRED.assign(**dict.fromkeys(ARMS, 7000.0)),
    "rare": PAIRED.assign(**dict.fromkeys(ARMS, (PAIRED["replicate"] == 7) * 12.0)),
}


def deaths_of_rows(paired):
    """Return the deaths of every row that is drawn, with its colour: no action, then the points."""
    first, last = (paired[paired["point"] == point] for point in SHOW)
    rows = (first["baseline_direct_deaths"], first["direct_deaths"], last["direct_deaths"])
    return list(zip(map(np.asarray, rows), COLOURS, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_the_bar_of_a_row_is_the_middle_half_of_the_runs_with_a_death_and_its_dot_their_median(
    case,
):
    strip = outcome_distribution(DESIGN, CASES[case], show=SHOW).axes[1]
    bars = {line.get_ydata()[0]: line for line in strip.lines if line.get_linewidth() == 5}
    dots = {line.get_ydata()[0]: line for line in strip.lines if line.get_marker() == "o"}
    drawn = 0
    for row, (deaths, colour) in enumerate(deaths_of_rows(CASES[case])):
        killed = deaths[deaths > 0]
        if killed.size:
            drawn += 1
            [bar], [dot] = ([found[y] for y in found if round(y) == row] for found in (bars, dots))
            assert bar.get_xdata() == pytest.approx(np.percentile(killed, [25, 75]))
            assert dot.get_xdata() == pytest.approx([np.median(killed)])
            assert to_hex(bar.get_color()) == dot.get_markeredgecolor().lower() == colour.lower()
    assert len(bars) == len(dots) == drawn == (0 if case == "no death" else 3)


@pytest.mark.parametrize("case", CASES)
def test_the_share_of_runs_without_a_death_is_drawn_and_written(case):
    zeros = outcome_distribution(DESIGN, CASES[case], show=SHOW).axes[2]
    rows = deaths_of_rows(CASES[case])
    for bar, text, (deaths, colour) in zip(zeros.patches, zeros.texts, rows, strict=True):
        share = sum(count == 0 for count in deaths) / len(deaths)
        assert bar.get_width() == pytest.approx(share) and text.xy[0] == pytest.approx(share)
        assert text.xy[1] == pytest.approx(bar.get_y() + bar.get_height() / 2)
        assert text.get_text().endswith(" %")
        assert float(text.get_text().removesuffix(" %")) == pytest.approx(100 * share, abs=0.5)
        assert to_hex(bar.get_facecolor()) == colour.lower()


@pytest.mark.parametrize("case", CASES)
def test_the_curve_ends_at_the_most_and_the_share_axis_is_marked_where_it_says(case):
    figure = outcome_distribution(DESIGN, CASES[case], show=SHOW)
    exceed = figure.axes[0]
    curves = [line for line in exceed.lines if not line.get_label().startswith("_")]
    for curve, (deaths, colour) in zip(curves, deaths_of_rows(CASES[case]), strict=True):
        for place, share in curve.get_xydata():
            assert share == pytest.approx(np.mean(deaths > place))
        assert curve.get_xdata()[-1] == deaths.max() and to_hex(curve.get_color()) == colour.lower()
    labels = tick_labels(figure, exceed.yaxis)
    assert len(labels) >= 3
    for place, label in labels.items():
        assert float(label.removesuffix(" %")) == pytest.approx(100 * place, abs=1e-9)
