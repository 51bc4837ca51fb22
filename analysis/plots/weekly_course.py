"""The weeks of a run under no action and under treatment: medians, bands, and what happens when."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.plots.figure import (
    BASELINE,
    BLUE,
    GREEN,
    PURPLE,
    VERMILION,
    count_people,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
    use_log1p,
)
from analysis.surface import START, contrasting_points, point_label
from sim.errors import ForestallError

SERIES: Mapping[str, str] = {
    "deaths_to_date": "direct deaths so far\n(people)",
    "displaced": "displaced\n(people)",
    "peacekeepers": "peacekeepers\n(people)",
}
_COLUMNS = ("point", "series", "week", "quantile", "value")


@in_house_look
def weekly_course(
    points: pd.DataFrame,
    weekly: pd.DataFrame,
    *,
    shock_week: int = 0,
    show: Sequence[str] | None = None,
    paired: pd.DataFrame | None = None,
    series: Mapping[str, str] = SERIES,
    logarithmic: Collection[str] = ("deaths_to_date",),
    title: str = "Week by week: no action and action on the same shocks",
) -> Figure:
    """Return one column of panels a treatment, one row a series, each against its baseline.

    Each panel shows the median of the runs in every week and bands between symmetric quantiles
    (5 to 95 % and 25 to 75 % when stored). A band is not the course of one run.

    Parameters
    ----------
    points : the design table, with ``point``, ``baseline`` and ``action.start``.
    weekly : one row a point, series, week and quantile: ``point``, ``series``, ``week`` (from the
        start of the run), ``quantile`` in (0, 1), ``value``. Baseline points are among them.
    shock_week : week of the run in which the shock falls; drawn as week 0.
    show : ids of the treatments; the earliest united and the latest divided when None.
    paired : with ``point`` and ``arrival_week`` (week of the run in which half of the run's most
        peacekeepers are there, -1 never): marks the median over the runs in which any come.
    series : name of each series to draw, and its axis label with unit; one that is not stored has no
        row of panels.
    logarithmic : names of the series that are drawn on a log(1 + people) axis.

    Raises
    ------
    ForestallError
        A column is missing or a point is unknown.
    """
    missing = [name for name in _COLUMNS if name not in weekly.columns]
    if missing:
        raise ForestallError(f"figure: the weekly table has no column {missing[0]!r}")
    corners = contrasting_points(points)
    chosen = list(dict.fromkeys(corners[:1] + corners[-1:])) if show is None else list(show)
    labels = {point: point_label(points, point) for point in chosen}
    drawn = [point for point in chosen if (weekly["point"] == point).any()]
    series = {name: label for name, label in series.items() if (weekly["series"] == name).any()}
    if not drawn or not series:
        return say_instead("No runs yet: there is no weekly course to show.")
    figure = Figure(figsize=(2 + 5.8 * len(drawn), 1.8 + 2.5 * len(series)), layout="constrained")
    axes = figure.subplots(len(series), len(drawn), squeeze=False, sharex=True, sharey="row")
    for column, point in enumerate(drawn):
        row = points[points["point"] == point].iloc[0]
        for line, name in enumerate(series):
            for shown, colour in ((row.get("baseline"), BASELINE), (point, BLUE)):
                bands = _bands(weekly, shown, name)
                _draw_bands(axes[line, column], bands, shock_week, colour)
            _mark(axes[line, column], row, paired, shock_week)
        axes[0, column].set_title(textwrap.fill(labels[point], 52))
        axes[-1, column].set_xlabel("weeks from the shock")
    for line, name in enumerate(series):
        _finish_row(axes[line], series[name], _largest(weekly, name), log1p=name in logarithmic)
    title_above(figure, title)
    _draw_key(figure, weekly, arrivals=paired is not None)
    return figure


def median_arrival(paired: pd.DataFrame, point: str) -> float:
    """Return the median week of arrival over the runs in which help arrives, NaN when in none."""
    weeks = paired.loc[paired["point"] == point, "arrival_week"].to_numpy(dtype=np.float64)
    weeks = weeks[weeks >= 0]
    return float(np.median(weeks)) if weeks.size else float("nan")


def _bands(weekly: pd.DataFrame, point: object, series: str) -> pd.DataFrame:
    """Return the quantiles of one series, one row a week, one column a quantile."""
    rows = weekly[(weekly["point"] == point) & (weekly["series"] == series)]
    return rows.pivot_table(index="week", columns="quantile", values="value", aggfunc="first")


def _draw_bands(axes: Axes, bands: pd.DataFrame, shock_week: int, colour: str) -> None:
    if bands.empty:
        return
    weeks = bands.index.to_numpy(dtype=np.float64) - shock_week
    levels = sorted(float(q) for q in bands.columns)
    for low, high in zip(levels[: len(levels) // 2], levels[::-1], strict=False):
        # Two filled inner bands over each other are mud: the baseline's have edges only.
        if colour != BASELINE or low == levels[0]:
            axes.fill_between(
                weeks, bands[low], bands[high], color=colour, alpha=0.2, linewidth=0, zorder=2
            )
        for edge in (low, high):
            axes.plot(
                weeks, bands[edge], color=colour, linewidth=0.9, alpha=0.8, zorder=2.5,
                linestyle="-" if low == levels[0] else ":",
            )  # fmt: skip
    if 0.5 in levels:
        dashed = (0, (3, 1)) if colour == BASELINE else "-"
        axes.plot(weeks, bands[0.5], color=colour, linestyle=dashed, zorder=3)


def _mark(axes: Axes, row: pd.Series, paired: pd.DataFrame | None, shock_week: int) -> None:
    axes.axvline(0, color=VERMILION, linestyle=(0, (4, 1.5)), linewidth=2, gid="shock")
    start = float(row.get(START, np.nan))
    if np.isfinite(start):
        axes.axvline(start, color=GREEN, linestyle=":", linewidth=2.6, gid="start")
    if paired is not None and "arrival_week" in paired.columns:
        arrival = median_arrival(paired, row["point"])
        if np.isfinite(arrival):
            axes.axvline(arrival - shock_week, color=PURPLE, linestyle="-.", gid="arrival")


def _largest(weekly: pd.DataFrame, series: str) -> float:
    values = weekly.loc[weekly["series"] == series, "value"]
    return float(values.max()) if len(values) else 0.0


def _finish_row(row: Sequence[Axes], label: str, largest: float, *, log1p: bool) -> None:
    for axes in row:
        axes.grid(axis="y", color="#E0E0E0")
        axes.margins(x=0.01)
        if log1p:
            use_log1p(axes, "y", largest)
        else:
            axes.set_ylim(0, max(largest, 5.0) * 1.05)
            count_people(axes.yaxis)
    row[0].set_ylabel(label)


def _draw_key(figure: Figure, weekly: pd.DataFrame, *, arrivals: bool) -> None:
    levels = sorted(set(weekly["quantile"]))
    pairs = zip(levels[: len(levels) // 2], levels[::-1], strict=False)
    shares = [number(100 * (high - low)) for low, high in pairs]
    edges = ["solid", *["dotted"] * len(shares)]
    inner = ", ".join(f"{s} % ({edge})" for s, edge in zip(shares, edges, strict=False))
    handles: list[Artist] = [
        Line2D([], [], color=BASELINE, linestyle=(0, (3, 1)), label="no action, median"),
        Line2D([], [], color=BLUE, label="action, median"),
        Patch(facecolor=BLUE, alpha=0.35, label=f"middle of the runs: {inner}"),
        Line2D([], [], color=VERMILION, linestyle=(0, (4, 1.5)), label="shock"),
        Line2D([], [], color=GREEN, linestyle=":", linewidth=2.6, label="action may start"),
    ]
    if arrivals:
        handles.append(
            Line2D(
                [], [], color=PURPLE, linestyle="-.", label="half of the most peacekeepers (median)"
            )
        )
    key_below(figure, handles, columns=3)
