"""The panels of a surface and of a weekly course in words: axes, main values with intervals, direction.

Numbers are rounded as the figure rounds them, so that who hears them and who sees them know the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.intervals import Interval
from analysis.plots.figure import number, short_number, short_range
from analysis.plots.surface_grid import Grid, grids, start_label
from analysis.plots.weekly_course import SERIES, median_arrival
from analysis.surface import START, contrasting_points, point_label
from experiments.material import Material

_BAND = (0.05, 0.5, 0.95)
_LOGARITHMIC = ", on a scale of logarithms"


def surface_words(given: Material) -> str:
    """Return what the response surface shows: axes, corners of its first panel, direction, the rest."""
    panels = grids(given.surface)
    first, known = panels[0], given.surface[given.surface["n"] > 0]
    names = "; ".join(" and ".join(panel.title.split("\n")).lower() for panel in panels)
    said = [
        f"Across: start of outside action, {_span([start_label(one) for one in first.starts])} weeks "
        "from the shock. Up: dispersion of positions, "
        f"{_span([' '.join(label.split()) for label in first.dispersion_labels])}. "
        f"{'One panel' if len(panels) == 1 else f'{len(panels)} panels'}: {names}."
    ]
    base = 100 * known["baseline_p_mass_killing"]
    said.append(
        "Upper row, probability of mass killing in % of runs with 95 % intervals: no action "
        f"{_span([number(base.min(), 1), number(base.max(), 1)])}; "
        + _panel(first, "p_mass_killing", _percent)
        + _unclear(panels, "p_mass_killing", "risk_difference")
    )
    said.append(
        "Lower row, direct deaths averted in people per run, mean with 95 % intervals, to two digits: "
        + _panel(first, "deaths_averted", _people)
        + _unclear(panels, "deaths_averted", "deaths_averted")
    )
    return " ".join(said)


def weeks_words(given: Material) -> str:
    """Return what the weekly course shows: axes, last week and highest median of each series, marks."""
    points = contrasting_points(given.design)
    weekly = given.weekly(points, list(SERIES))
    shown = [point for point in dict.fromkeys(points[:1] + points[-1:])
             if (weekly["point"] == point).any()]  # fmt: skip
    rows = given.design.set_index("point")
    weeks = weekly["week"] - given.shock_week
    if not shown:
        return "No runs yet."
    stored = set(weekly["series"])
    units = "; ".join(
        " ".join(label.split()) + _LOGARITHMIC * (name == "deaths_to_date")
        for name, label in SERIES.items() if name in stored
    )  # fmt: skip
    said = [
        f"Across: weeks from the shock, {number(weeks.min())} to {number(weeks.max())}. "
        f"Up, a row each: {units}. A column is one start and dispersion. Given are "
        "medians of the runs, in brackets what the middle 90 % of them span, in the last week."
    ]
    for point in shown:
        baseline = str(rows.loc[point, "baseline"])
        parts = [
            part for name in SERIES
            if (part := _course(weekly, name, baseline, point, given.shock_week))
        ]  # fmt: skip
        marks = _marks(given, point)
        said.append(f"{point_label(given.design, point).capitalize()}{marks}: {'; '.join(parts)}.")
    return " ".join(said)


class _Last(NamedTuple):
    """The last week of a course: its quantiles, and the week in which the median is highest."""

    low: float
    median: float
    high: float
    peak: float
    peak_week: int

    @property
    def words(self) -> str:
        low, median, high = (number(value) for value in self[:3])
        return f"{median} ({low} to {high})"


def _course(
    weekly: pd.DataFrame, name: str, baseline: str, point: str, shock_week: int
) -> str | None:
    without, action = (_last(weekly, one, name) for one in (baseline, point))
    if without is None or action is None:
        return None
    words = " ".join(SERIES[name].split("\n")[0].split())
    said = (
        f"{words} {without.words} without action and {action.words} with it, "
        f"{_compared(without.median, action.median)}"
    )
    if action.peak > action.median or without.peak > without.median:
        highest = (
            f"{number(one.peak)} in week {number(one.peak_week - shock_week)}"
            for one in (without, action)
        )
        said += f" (highest medians {' and '.join(highest)})"
    return said


def _last(weekly: pd.DataFrame, point: str, name: str) -> _Last | None:
    rows = weekly[(weekly["point"] == point) & (weekly["series"] == name)]
    wide = rows.pivot_table(index="week", columns="quantile", values="value", aggfunc="first")
    if wide.empty or not set(_BAND) <= set(wide.columns):
        return None
    median = wide[0.5]
    low, middle, high = (float(wide[quantile].iloc[-1]) for quantile in _BAND)
    return _Last(low, middle, high, float(median.max()), int(median.idxmax()))


def _marks(given: Material, point: str) -> str:
    start = float(given.design.set_index("point")[START].get(point, np.nan))
    said = [f"action may start in week {number(start)}"] if np.isfinite(start) else []
    if "arrival_week" in given.paired:
        arrival = median_arrival(given.paired, point) - given.shock_week
        if np.isfinite(arrival):
            said.append(f"half of the most peacekeepers are there in week {number(arrival)}")
    return f" ({', '.join(said)})" if said else ""


def _panel(panel: Grid, name: str, write: Callable[[Interval], str]) -> str:
    """Return the corners of a panel and which way they go."""
    lines = dict.fromkeys((0, len(panel.dispersions) - 1))
    columns = dict.fromkeys((0, len(panel.starts) - 1))
    corners = "; ".join(
        f"start {start_label(panel.starts[column])}, {_dispersion(panel, line)}: "
        f"{write(panel.interval(name, line, column))}"
        for column in columns
        for line in lines
    )
    return ". ".join([corners, *_directions(panel, name, tuple(lines), tuple(columns))]) + "."


def _directions(
    panel: Grid, name: str, lines: tuple[int, ...], columns: tuple[int, ...]
) -> Iterator[str]:
    values = panel.values(name)
    if len(columns) == 2:
        ways = [
            (_way(values[line, 0], values[line, -1]), f"where {_dispersion(panel, line)}")
            for line in lines
        ]
        yield f"From the earliest to the latest start it {_joined(ways)}"
    if len(lines) == 2:
        ways = [
            (
                _way(values[0, column], values[-1, column]),
                f"at start {start_label(panel.starts[column])}",
            )
            for column in columns
        ]
        yield f"From the least to the most dispersion it {_joined(ways)}"


def _joined(ways: list[tuple[str, str]]) -> str:
    """Return one way or two, each where it is; what is the same in both is said once."""
    if len({way for way, _ in ways}) == 1:
        return f"{ways[0][0]} {' and '.join(where for _, where in ways)}"
    return " and ".join(f"{way} {where}" for way, where in ways)


def _way(first: float, last: float) -> str:
    if np.isnan(first) or np.isnan(last):
        return "is unknown"
    return "rises" if last > first else "falls" if last < first else "stays the same"


def _compared(without: float, action: float) -> str:
    if without == action:
        return "the same with action"
    return "lower with action" if action < without else "higher with action"


def _unclear(panels: list[Grid], name: str, judged_by: str) -> str:
    """Return in how many cells of all panels the difference to no action may be none."""
    known = [~np.isnan(panel.values(name)) for panel in panels]
    unclear = sum(
        int((panel.unclear(judged_by) & has).sum())
        for panel, has in zip(panels, known, strict=True)
    )
    return (
        " Hatched, as the interval of the paired difference to no action includes zero or is unknown: "
        f"{unclear} of the {sum(int(has.sum()) for has in known)} cells of all panels."
    )


def _dispersion(panel: Grid, line: int) -> str:
    word, _, value = panel.dispersion_labels[line].rpartition("  ")
    return word or f"dispersion {value}"


def _percent(value: Interval) -> str:
    if np.isnan(value.estimate):
        return "unknown"
    middle, low, high = (number(100 * one, 1) for one in value)
    return f"{middle} ({low} to {high})"


def _people(value: Interval) -> str:
    if np.isnan(value.estimate):
        return "unknown"
    if not np.isfinite(value.low):
        return short_number(value.estimate)
    return f"{short_number(value.estimate)} ({short_range(value.low, value.high, ' to ')})"


def _span(words: list[str]) -> str:
    return words[0] if words[0] == words[-1] else f"{words[0]} to {words[-1]}"
