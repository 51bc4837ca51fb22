"""What the figure of paired differences draws: every pair, shares of harm and help, and intervals."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_results import make_design, make_paired
from matplotlib.colors import to_hex
from reading import keyed

from analysis.intervals import UNKNOWN, bootstrap_mean, risk_difference
from analysis.plots.figure import BLACK, BLUE, GREEN, MINUS, ORANGE, VERMILION
from analysis.plots.paired_differences import paired_differences

DESIGN = make_design(starts=(0.0, 26.0), arrivals=(np.nan,))
PAIRED = make_paired(DESIGN, replicates=80)
POINTS = ["p0-0-0", "p0-4-1"]
DEATHS = ("direct_deaths", "baseline_direct_deaths")
KILLINGS = ("mass_killing", "baseline_mass_killing")
MEANS = {"all pairs": BLACK, "whose baseline is a mass killing": VERMILION,
         "whose baseline is none": GREEN}  # fmt: skip
CASES = {
    "runs": PAIRED,
    "one run": PAIRED[PAIRED["replicate"] == PAIRED["baseline_mass_killing"].argmax()],
    "no death": PAIRED.assign(**dict.fromkeys(DEATHS + KILLINGS, 0.0)),
    "constant": PAIRED.assign(direct_deaths=30.0, baseline_direct_deaths=10.0),
    "always": PAIRED.assign(**dict.fromkeys(KILLINGS, 1.0)),
}


def rows_of(case):
    """Return, for every row that is drawn, its runs and the deaths averted in each."""
    rows = [CASES[case][CASES[case]["point"] == point] for point in POINTS]
    return [(runs, (runs[DEATHS[1]] - runs[DEATHS[0]]).to_numpy()) for runs in rows]


def drawn_intervals(axes):
    """Return the marks of a panel by row and colour: estimate, both ends, and whether it is filled."""
    marks = [line for line in axes.lines if line.get_marker() != "None"]
    bars = {
        (line.get_ydata()[0], line.get_color()): tuple(line.get_xdata())
        for line in axes.lines
        if line.get_linewidth() == 2 and line not in marks
    }
    found = {}
    for mark in marks:
        place, colour = mark.get_ydata()[0], mark.get_color()
        ends = bars.pop((place, colour), (np.nan, np.nan))
        filled = mark.get_markerfacecolor() != "white"
        found[round(place), colour] = (mark.get_xdata()[0], *ends), filled
    assert not bars, "an interval without its estimate"
    return found


def assert_drawn(found, row, colour, expected):
    """Fail unless a mark with its interval is what was worked out; no mark where nothing is known."""
    if np.isnan(expected.estimate):
        assert (row, colour) not in found
        return
    drawn, filled = found[row, colour]
    assert drawn == pytest.approx(tuple(expected), nan_ok=True)
    assert filled == expected.excludes_zero


@pytest.mark.parametrize("case", CASES)
def test_the_means_are_those_of_all_pairs_and_of_both_kinds_with_their_intervals(case):
    figure = paired_differences(DESIGN, CASES[case], show=POINTS)
    found = drawn_intervals(figure.axes[1])
    for row, (runs, averted) in enumerate(rows_of(case)):
        escalates = runs[KILLINGS[1]].to_numpy() > 0
        chosen = (averted, averted[escalates], averted[~escalates])
        for colour, values in zip(MEANS.values(), chosen, strict=True):
            expected = bootstrap_mean(values) if values.size else UNKNOWN
            assert_drawn(found, row, colour, expected)
    key = keyed(figure)
    assert {label: key[label] for label in MEANS} == {
        label: colour.lower() for label, colour in MEANS.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_the_change_in_the_risk_is_in_percentage_points_with_its_interval(case):
    found = drawn_intervals(paired_differences(DESIGN, CASES[case], show=POINTS).axes[2])
    for row, (runs, _) in enumerate(rows_of(case)):
        expected = risk_difference(runs[KILLINGS[0]], runs[KILLINGS[1]])
        scaled = type(expected)(*(100 * end for end in expected))
        assert_drawn(found, row, BLUE, scaled)


@pytest.mark.parametrize("case", CASES)
def test_more_equal_and_fewer_deaths_are_written_from_left_to_right_and_every_pair_is_a_dot(case):
    every = paired_differences(DESIGN, CASES[case], show=POINTS).axes[0]
    assert every.get_title().strip() == "every pair: more deaths | equal | fewer deaths"
    written = {(text.xy[0], round(text.xy[1])): text.get_text() for text in every.texts}
    for row, (_, averted) in enumerate(rows_of(case)):
        shares = [sum(averted < 0), sum(averted == 0), sum(averted > 0)]
        for place, count in zip((0.02, 0.5, 0.98), shares, strict=True):
            assert written[place, row] == f"{100 * count / len(averted):.1f} %"
        dots = every.collections[row]
        differ = np.sort(averted[averted != 0])
        places = np.sign(differ) * np.log1p(abs(differ))
        np.testing.assert_allclose(np.sort(dots.get_offsets()[:, 0]), places)
        if differ.size:  # matplotlib gives no dots a colour of its own
            colours = [to_hex(colour) for colour in dots.get_facecolors()]
            fewer = dots.get_offsets()[:, 0] > 0
            assert colours == [BLUE.lower() if better else ORANGE.lower() for better in fewer]


def test_the_axis_of_pairs_is_marked_where_its_labels_say():
    figure = paired_differences(DESIGN, PAIRED, show=POINTS)
    figure.draw_without_rendering()
    axis = figure.axes[0].xaxis
    for place, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True):
        text = label.get_text().replace(MINUS, "-").replace("k", "000").replace("M", "000000")
        assert float(text) == pytest.approx(np.sign(place) * np.expm1(abs(place)))
