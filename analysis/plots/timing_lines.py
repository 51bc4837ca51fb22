"""The response surface as lines: start along x, one line a dispersion, no action as a band."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.plots.figure import (
    BASELINE,
    VERMILION,
    count_people,
    in_house_look,
    key_below,
    say_instead,
    title_above,
)
from analysis.plots.surface_grid import (
    Grid,
    grids,
    most_starts,
    shown_of,
    spread_over,
    start_axis_label,
    start_label,
)

# Neighbouring lines share a start; without a small shift their intervals would hide each other.
SHIFT = 0.13  # of the shortest time between two starts
MARKERS = "osD^vPX"
MOST_LINES = 9
_CHARACTER, _BETWEEN = 0.1, 0.1
"""Width of a character of a label, and the least between two labels (inches)."""


@dataclass(frozen=True, kw_only=True)
class _Row:
    value: str
    judged_by: str
    title: str
    label: str
    scale: float


_ROWS = (
    _Row(
        value="p_mass_killing",
        judged_by="risk_difference",
        title="Probability of mass killing",
        label="% of runs",
        scale=100,
    ),
    _Row(
        value="deaths_averted",
        judged_by="deaths_averted",
        title="Direct deaths averted",
        label="people per run",
        scale=1,
    ),
)


@in_house_look
def timing_lines(
    surface: pd.DataFrame, *, title: str = "When prevention begins, and how united it is"
) -> Figure:
    """Return lines over the start of action, one a dispersion, each estimate with 95 % interval.

    Weeks are to scale, and the shock is at week 0; a start that never comes stands apart, unjoined.
    A marker is hollow where the interval of the paired difference to no action includes zero.
    Above: probability of mass killing (percent of runs), with the baseline's estimate and interval
    as a band. Below: direct deaths averted (people per run, mean of paired differences), where no
    action is zero. One column of panels for each way of arrival. Of more starts or dispersions than
    can be told apart some are drawn, spread evenly, and the figure says how many.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`, as for `response_surface`.

    Raises
    ------
    ForestallError
        As `response_surface`.
    """
    panels = grids(surface)
    if not panels or not (surface["n"] > 0).any():
        return say_instead("No runs yet: there is no effect of timing to show.")
    every = panels[0]
    columns = spread_over(every.starts, most_starts(len(panels)))
    lines = spread_over(every.dispersions, MOST_LINES)
    panels = [panel.part(lines, columns) for panel in panels]
    each = max(0.66 * len(columns), 3.8)
    width = max(9.0, 2.4 + each * len(panels))
    figure = Figure(figsize=(width, 8), layout="constrained")
    axes = figure.subplots(2, len(panels), squeeze=False, sharex=True, sharey="row")
    for line, row in enumerate(_ROWS):
        for column, panel in enumerate(panels):
            _draw_panel(axes[line, column], panel, row, inches=(width - 1.2) / len(panels))
        axes[line, 0].set_title(row.title, loc="left", fontweight="bold", pad=22)
        axes[line, 0].set_ylabel(row.label)
    for column, panel in enumerate(panels):
        _draw_baseline(axes[0, column], panel)
        axes[0, column].set_ylim(bottom=0)
        axes[0, column].set_title(f"{panel.title}\n", pad=22)
        axes[1, column].axhline(0, color=BASELINE, linewidth=2.2, linestyle="--", zorder=1.5)
        axes[1, column].set_xlabel(start_axis_label(each))
    least, most = axes[1, 0].get_ylim()
    axes[1, 0].set_ylim(min(least, -1.0), max(most, 5.0))
    title_above(figure, title)
    _draw_key(figure, panels[0], every)
    return figure


def _places(starts: tuple[float, ...]) -> tuple[np.ndarray, float]:
    """Return where starts stand, weeks (never apart, after the last), and the shift of lines."""
    weeks = np.array(starts, dtype=float)
    known = weeks[np.isfinite(weeks)]
    steps = np.diff(known)
    span = float(np.ptp(known)) if known.size > 1 else 10.0
    # A step far below the others would pack the lines of all starts.
    step = max(float(steps.min()), 0.04 * span) if steps.size else span
    last = float(known.max()) if known.size else 0.0
    return np.where(np.isfinite(weeks), weeks, last + max(0.15 * span, step)), SHIFT * step


def _tick_labels(places: np.ndarray, texts: list[str], inches: float) -> list[str]:
    """Return the label of each start; those that would overlap are one at their middle, `0 ... 3`.

    Parameters
    ----------
    places, texts : of the starts, in order.
    inches : that a unit of `places` has on the page.
    """
    groups = [[number] for number in range(len(texts))]

    def text(group: list[int]) -> str:
        first, last = texts[group[0]], texts[group[-1]]
        return first if len(group) == 1 else f"{first} ... {last}"

    def end(group: list[int], side: float) -> float:
        half = 0.5 * (_CHARACTER * len(text(group)) + _BETWEEN)
        return float(places[group[len(group) // 2]]) * inches + side * half

    number = 0
    while number + 1 < len(groups):
        if end(groups[number], 1.0) <= end(groups[number + 1], -1.0):
            number += 1
            continue
        groups[number] += groups.pop(number + 1)
        number = max(number - 1, 0)  # what grew may reach the one before
    labels = [""] * len(texts)
    for group in groups:
        labels[group[len(group) // 2]] = text(group)
    return labels


def _draw_panel(axes: Axes, panel: Grid, row: _Row, *, inches: float) -> None:
    shades = _shades(panel)
    middle = (len(panel.dispersions) - 1) / 2
    place, shift = _places(panel.starts)
    joined = np.isfinite(panel.starts)
    for line in range(len(panel.dispersions)):
        found = [panel.interval(row.value, line, column) for column in range(place.size)]
        estimate, low, high = np.array(found).T * row.scale
        shifted = place + (line - middle) * shift
        marker = MARKERS[line % len(MARKERS)]
        axes.errorbar(
            shifted,
            estimate,
            # Matplotlib refuses the 1e-17 below zero that rounding may leave.
            yerr=np.maximum([estimate - low, high - estimate], 0),
            color=shades[line],
            marker=marker,
            markersize=7,
            elinewidth=1.5,
            linestyle="",
        )
        axes.plot(shifted[joined], estimate[joined], color=shades[line], gid=f"line-{line}")
        judged = [panel.interval(row.judged_by, line, column) for column in range(place.size)]
        unclear = np.array([not interval.excludes_zero for interval in judged], dtype=bool)
        axes.plot(
            shifted[unclear], estimate[unclear], linestyle="", marker=marker, markersize=6.5,
            markerfacecolor="white", markeredgecolor=shades[line], markeredgewidth=1.6,
            zorder=3, gid=f"unclear-{line}",
        )  # fmt: skip
    first, last = min(float(place.min()), 0.0), max(float(place.max()), 0.0)
    # At least the room of the lines that are moved apart, of which there may be one start alone.
    rim = max(0.06 * (last - first), 0.75 * shift * len(panel.dispersions))
    axes.set_xlim(first - rim, last + rim)
    unit = inches / (last - first + 2.0 * rim)
    axes.set_xticks(
        place, _tick_labels(place, [start_label(start) for start in panel.starts], unit)
    )
    axes.grid(axis="y", color="#E0E0E0")
    if row.scale == 1:
        count_people(axes.yaxis)
    axes.axvline(0, color=VERMILION, linewidth=2.5, linestyle=(0, (4, 1.5)), zorder=1)
    axes.annotate(
        "shock", (0, 1), (0, 3), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="center", color=VERMILION, fontweight="bold",
    )  # fmt: skip


def _draw_baseline(axes: Axes, panel: Grid) -> None:
    known = panel.cells[panel.cells["n"] > 0]
    if known.empty:
        return
    estimate, low, high = (
        100 * float(known[f"baseline_p_mass_killing{end}"].mean()) for end in ("", "_low", "_high")
    )
    axes.axhspan(low, high, color=BASELINE, alpha=0.13, linewidth=0, zorder=0)
    axes.axhline(estimate, color=BASELINE, linewidth=2.2, linestyle="--", zorder=1.5)


def _shades(panel: Grid) -> np.ndarray:
    count = max(len(panel.dispersions), 2)
    shades: np.ndarray = matplotlib.colormaps["viridis"](np.linspace(0, 0.88, count))
    return shades


def _draw_key(figure: Figure, panel: Grid, every: Grid) -> None:
    handles: list[Artist] = [
        Line2D(
            [], [], color=_shades(panel)[line], marker=MARKERS[line % len(MARKERS)], markersize=7,
            label=label.replace("  ", ", "),
        )
        for line, label in enumerate(panel.dispersion_labels)
    ]  # fmt: skip
    handles.append(Line2D([], [], color=BASELINE, linestyle="--", label="no action"))
    said = (
        "dispersion of positions; bars and band: 95 % intervals, moved apart a little; hollow: that of "
        "the paired difference to no action includes zero"
    )
    starts, dispersions = len(panel.starts), len(panel.dispersions)
    if (starts, dispersions) != (len(every.starts), len(every.dispersions)):
        said += (
            f"; shown: {shown_of(starts, len(every.starts), 'starts')}, "
            f"{shown_of(dispersions, len(every.dispersions), 'dispersions')}"
        )
    key_below(figure, handles, note=said, columns=7)
