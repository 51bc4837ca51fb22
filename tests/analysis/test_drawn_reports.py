"""What stands on the pictures of facts, lessons and calibrations: marks are numbers of their tables."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_reports import CHECKS, CONDITIONS, COVERAGE, FACTS, PARAMETERS, SHARES
from matplotlib.colors import to_hex
from reading import said

from analysis.plots.contraction import contraction
from analysis.plots.facts_overview import facts_family, facts_overview
from analysis.plots.figure import BLUE, VERMILION
from analysis.plots.lesson_conditions import lesson_conditions
from analysis.plots.lesson_shares import lesson_shares


def colours_of_key(figure):
    (key,) = figure.legends
    found = {}
    for handle, text in zip(key.legend_handles, key.get_texts(), strict=True):
        colour = handle.get_facecolor() if hasattr(handle, "get_facecolor") else handle.get_color()
        found[text.get_text()] = to_hex(colour)
    return found


def at_line(axes, line):
    """Return the lines that are drawn at a height: intervals first, then marks."""
    drawn = [
        one for one in axes.lines if len(one.get_xdata()) < 3 and set(one.get_ydata()) == {line}
    ]
    return sorted(drawn, key=lambda one: -len(one.get_xdata()))


# --- facts ----------------------------------------------------------------------------------------

HALF_WIDTHS = {
    # Of the band 0.2 to 0.6, in half widths from its middle 0.4.
    "A1 share that escalates": (-0.75, -0.5, -0.2),
    # Of the band 2 to 4 by logarithms: a factor of the square root of two is a half width.
    "A2 ratio of means": tuple(2 * np.log2(np.array([6.0, 8.0, 9.5]) / 2) - 1),
    # A band with one end: so far from it as that end is from zero.
    "A3 deaths in a year": (-1.6, -1.1, -0.4),
    "B1 weeks to the end": (1.0, 1.1, 1.22),
}


def test_a_fact_lies_where_its_estimate_is_in_its_band_and_says_its_numbers():
    figure = facts_overview(FACTS)
    axes, key = figure.axes[0], colours_of_key(figure)
    assert [label.get_text() for label in axes.get_yticklabels()] == FACTS["label"].tolist()
    (told,) = axes.child_axes
    words = [label.get_text() for label in told.get_yticklabels()]
    for line, row in enumerate(FACTS.to_dict("records")):
        marks = at_line(axes, line)
        if row["label"] in HALF_WIDTHS:
            low, middle, high = np.clip(HALF_WIDTHS[row["label"]], -3, 3)
            interval, mark = marks
            assert interval.get_xdata() == pytest.approx([low, high])
            assert mark.get_xdata()[0] == pytest.approx(middle)
            assert to_hex(mark.get_color()) == to_hex(interval.get_color()) == key[row["status"]]
        elif row["label"] == "B2 far away":
            interval, mark = marks
            assert mark.get_xdata()[0] == 3 and mark.get_marker() == ">"
        else:
            (mark,) = marks
            assert mark.get_color() == "white"
            assert to_hex(mark.get_markeredgecolor()) == key[row["status"]]
        if np.isnan(row["value"]):
            assert words[line] == "not measured here"
        else:
            numbers = [f"{row[name]:.3g}" for name in ("value", "low", "high")]
            assert words[line] == f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"


def test_a_fact_of_a_family_lies_on_its_own_scale_over_its_band():
    for family, rows in FACTS.groupby("family"):
        figure = facts_family(rows, title=family)
        key = colours_of_key(figure)
        for axes, row in zip(figure.axes, rows.to_dict("records"), strict=True):
            assert axes.get_title(loc="left").startswith(row["label"])
            if np.isnan(row["value"]):
                assert [text.get_text() for text in axes.texts] == ["not measured here"]
                continue
            interval, mark = at_line(axes, 0)
            assert interval.get_xdata().tolist() == [row["low"], row["high"]]
            assert mark.get_xdata().tolist() == [row["value"]]
            assert to_hex(mark.get_color()) == key[row["status"]]
            left, right = axes.get_xlim()
            assert left < row["low"] and row["high"] < right
            bands = [(one.get_x(), one.get_x() + one.get_width()) for one in axes.patches]
            if np.isinf([row["band_low"], row["band_high"]]).all():
                assert not bands
            else:
                ends = max(row["band_low"], left), min(row["band_high"], right)
                assert bands == [pytest.approx(ends)]


# --- lessons --------------------------------------------------------------------------------------


def test_the_bar_of_a_lesson_is_divided_as_its_parameter_sets_are():
    figure = lesson_shares(SHARES)
    axes, key = figure.axes[0], colours_of_key(figure)
    assert [label.get_text() for label in axes.get_yticklabels()] == SHARES["ensemble"].tolist()
    words = {(text.get_text(), round(text.get_position()[1], 6)) for text in axes.texts}
    for height, row in zip(axes.get_yticks(), SHARES.to_dict("records"), strict=True):
        bars = [one for one in axes.patches if abs(one.get_y() + 0.43 - height) < 1e-9]
        drawn = {to_hex(one.get_facecolor()): one for one in bars}
        reached = 0.0
        for side, label in (
            ("holds", "holds"), ("undecided", "cannot be decided"), ("reverses", "reverses"),
        ):  # fmt: skip
            bar = drawn[key[label]]
            assert (bar.get_x(), bar.get_width()) == pytest.approx((reached, row[side]))
            reached += row[side]
            assert ((f"{100 * row[side]:.0f} %", round(height, 6)) in words) == (row[side] >= 0.06)
        assert reached == pytest.approx(1)
        at = round(height, 6)
        assert (row["verdict"], at) in words
        numbers = [f"{row[name]:+.2f}" for name in ("effect", "effect_low", "effect_high")]
        told = f"{numbers[0]} [{numbers[1]}, {numbers[2]}]".replace("-", "\u2212")
        assert (told, at) in words


def test_a_condition_has_its_mean_its_interval_and_the_spread_of_its_sets():
    figure = lesson_conditions(CONDITIONS, ensemble="posterior")
    key = colours_of_key(figure)
    kinds = {"main": "as registered", "mediator": "a mechanism off", "placebo": "placebo"}
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["main", "without forums", "placebo"]
    for axes, lesson in zip(figure.axes, ("L1", "L2"), strict=True):
        rows = CONDITIONS[CONDITIONS["lesson"] == lesson].set_index("condition")
        assert axes.get_title() == f"{lesson}\n{rows['title'].iloc[0]}"
        for line, name in enumerate(names):
            drawn = at_line(axes, line)
            if name.replace(" ", "_") not in rows.index:
                assert not drawn
                continue
            row = rows.loc[name.replace(" ", "_")]
            *intervals, dot = drawn
            assert dot.get_xdata().tolist() == [row["effect"]]
            assert to_hex(dot.get_color()) == key[kinds[row["kind"]]]
            ends = {tuple(one.get_xdata()): one.get_linewidth() for one in intervals}
            own = (row["effect_low"], row["effect_high"])
            expected = {own: 3.5}
            if np.isfinite(row["sets_low"]):
                expected[row["sets_low"], row["sets_high"]] = 1.2
            assert ends == expected


# --- calibration ----------------------------------------------------------------------------------


def test_a_parameter_lies_where_its_posterior_is_in_its_documented_range():
    axes = contraction(PARAMETERS, CHECKS).axes[0]
    # Of 0 to 0.2, and of 0.01 to 100 by logarithms: a decade is a quarter.
    places = {
        "cost kill": (0.25, 0.5, 0.75, 70), "fear fade": (0.1, 0.25, 0.45, 55),
        "idle": (0.05, 0.5, 0.95, -2),
    }  # fmt: skip
    assert [label.get_text() for label in axes.get_yticklabels()] == list(places)
    for line, (low, median, high, learnt) in enumerate(places.values()):
        interval, dot = at_line(axes, line)
        assert interval.get_xdata() == pytest.approx([low, high])
        assert dot.get_xdata()[0] == pytest.approx(median)
        (text,) = [one for one in axes.texts if one.get_position()[1] == line]
        assert text.get_text() == f"{learnt} %".replace("-", "\u2212")


def test_a_fact_of_a_calibration_lies_where_the_ensemble_is_in_its_band():
    axes = contraction(PARAMETERS, CHECKS).axes[1]
    places = {"A1": (-0.5, 0, 0.5), "A2": (-1, 0, 1), "B1": (3, 3, 3), "B2": None}
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        f"fact {one}" for one in places
    ]
    shares = [text.get_text() for text in axes.texts]
    assert shares == ["97 %", "60 %", "0 %", "0 %"]
    for line, ends in enumerate(places.values()):
        drawn = at_line(axes, line)
        if ends is None:
            assert not drawn
            continue
        assert drawn[0].get_xdata() == pytest.approx([ends[0], ends[2]])
        assert drawn[1].get_xdata()[0] == pytest.approx(ends[1])


def test_a_recovery_lies_at_its_coverage_and_is_told_apart_where_it_fails():
    axes = contraction(PARAMETERS, CHECKS, COVERAGE).axes[2]
    good, bad = set(), set()
    for line, row in enumerate(COVERAGE.to_dict("records")):
        (dot,) = at_line(axes, line)
        assert dot.get_xdata().tolist() == [row["covered"]]
        (good if 0.8 <= row["covered"] <= 0.98 else bad).add(dot.get_color())
    assert (good, bad) == ({BLUE}, {VERMILION})
    assert "40 known truths" in axes.get_title()


def test_reports_of_nothing_say_so():
    for figure, words in (
        (facts_overview(FACTS.iloc[:0]), "No statistic"),
        (facts_family(FACTS.iloc[:0], title="t"), "No statistic"),
        (lesson_shares(SHARES.iloc[:0]), "No lesson"),
        (lesson_conditions(CONDITIONS.iloc[:0], ensemble="e"), "No lesson"),
        (contraction(PARAMETERS.iloc[:0], CHECKS.iloc[:0]), "nothing was calibrated"),
    ):
        assert words in said(figure) and not figure.axes
