"""What treatment changed, pair by pair: every difference, their means, and the risk of mass killing."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from analysis.comparison import BASELINE, effects_table
from analysis.plots.figure import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    VERMILION,
    count_people,
    in_house_look,
    key_below,
    number,
    say_instead,
    short_number,
    title_above,
)
from analysis.surface import contrasting_points, point_label
from sim.errors import ForestallError, unknown_name

MOST_POINTS = 16
_LABEL = 26  # characters of a line in a row's label
_MEANS = (
    ("deaths_averted", "all pairs", BLACK, "o", 0.0),
    ("deaths_averted_if_escalates", "whose baseline is a mass killing", VERMILION, "^", 0.24),
    ("deaths_averted_if_not_escalates", "whose baseline is none", GREEN, "s", -0.24),
)
_GOLDEN = 0.6180339887498949
_LEAST_SPAN = 10.0  # of the axis of means, people: of less, whole numbers are one and the same


@in_house_look
def paired_differences(
    points: pd.DataFrame,
    paired: pd.DataFrame,
    *,
    effects: pd.DataFrame | None = None,
    show: Sequence[str] | None = None,
    reference: str = "no action",
    title: str = "What action changes, pair by pair",
) -> Figure:
    """Return a row a point: all differences in deaths, their means, the change in mass killing.

    Parameters
    ----------
    points, paired : as for `analysis.comparison.effects_table`.
    effects : what it returns; made from the other two when None.
    show : ids of the points, at most `MOST_POINTS`; when None all, or the corners of a design of more.
    reference : what the points are compared with, in words.

    Raises
    ------
    ForestallError
        A point is unknown, or more are asked for than a page holds.
    """
    effects = effects_table(points, paired) if effects is None else effects
    chosen = _chosen(points, effects, show)
    rows = effects.set_index("point").loc[chosen]
    rows = rows[rows["n"] > 0]
    if rows.empty:
        return say_instead("No runs yet: there is nothing to compare.")
    figure = Figure(figsize=(15, 2.9 + 0.85 * len(rows)), layout="constrained")
    every, means, risk = figure.subplots(1, 3, sharey=True, width_ratios=(1.25, 1, 0.8))
    reach = 10.0
    for line, (point, row) in enumerate(rows.iterrows()):
        runs = paired[paired["point"] == point].sort_values("replicate")
        averted = (runs[f"{BASELINE}direct_deaths"] - runs["direct_deaths"]).to_numpy(np.float64)
        _draw_pairs(every, averted, line)
        reach = max(reach, float(np.abs(averted).max()))
        _draw_means(means, row, line)
        _draw_interval(risk, row, "risk_difference", line, BLUE, "D", scale=100)
    _finish(every, means, risk, [_label(points, str(point)) for point in rows.index], reach)
    left_out = len(effects) - len(chosen)
    note = f"Deaths are direct deaths, against {reference}. Bars are 95 % intervals. "
    if left_out:
        note += f"{left_out} more points are in the table."
    key_below(figure, _key(), note=note, columns=5)
    title_above(figure, title)
    return figure


def _chosen(points: pd.DataFrame, effects: pd.DataFrame, show: Sequence[str] | None) -> list[str]:
    known = effects["point"].tolist()
    if show is None:
        corners = [point for point in contrasting_points(points) if point in known]
        return known if len(known) <= MOST_POINTS else corners or known[:MOST_POINTS]
    if len(show) > MOST_POINTS:
        raise ForestallError(f"figure: at most {MOST_POINTS} points fit on a page")
    for point in show:
        if point not in known:
            raise unknown_name("point", point, map(str, known))
    return list(show)


def _draw_pairs(axes: Axes, averted: np.ndarray, line: int) -> None:
    differ = np.sort(averted[averted != 0])
    # A golden-ratio sequence spreads dots evenly and the same way every time.
    height = line - 0.12 + 0.5 * ((np.arange(differ.size) * _GOLDEN) % 1 - 0.5)
    colours = np.where(differ > 0, BLUE, ORANGE)
    axes.scatter(_signed_log(differ), height, s=9, c=colours, alpha=0.45, linewidth=0)
    shares = [(averted < 0).mean(), (averted == 0).mean(), (averted > 0).mean()]
    for place, share, side in zip(
        (0.02, 0.5, 0.98), shares, ("left", "center", "right"), strict=True
    ):
        axes.annotate(
            f"{number(100 * share, 1)} %", (place, line + 0.34),
            xycoords=("axes fraction", "data"), ha=side, va="center", fontsize=11,
            bbox={"facecolor": "white", "linewidth": 0, "pad": 1},
        )  # fmt: skip


def _draw_means(axes: Axes, row: pd.Series, line: int) -> None:
    for name, _, colour, marker, shift in _MEANS:
        _draw_interval(axes, row, name, line + shift, colour, marker)


def _draw_interval(
    axes: Axes,
    row: pd.Series,
    name: str,
    place: float,
    colour: str,
    marker: str,
    *,
    scale: float = 1,
) -> None:
    middle, low, high = (scale * float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    if np.isnan(middle):
        return
    if not np.isnan(low):
        axes.plot([low, high], [place, place], color=colour, linewidth=2)
    clear = low > 0 or high < 0
    axes.plot(
        [middle], [place], marker, color=colour, markersize=8, markeredgewidth=1.6,
        markerfacecolor=colour if clear else "white",
    )  # fmt: skip


def _signed_log(values: np.ndarray) -> np.ndarray:
    logarithm: np.ndarray = np.sign(values) * np.log1p(np.abs(values))
    return logarithm


def _finish(every: Axes, means: Axes, risk: Axes, labels: list[str], reach: float) -> None:
    every.set_yticks(range(len(labels)), labels)
    every.set_ylim(len(labels) - 0.45, -0.55)
    decades = 10.0 ** np.arange(1, np.ceil(np.log10(reach)) + 1, 2 if reach > 1e5 else 1)
    ticks = np.concatenate([-decades[::-1], [0.0], decades])
    every.xaxis.set_major_locator(FixedLocator(list(_signed_log(ticks))))
    every.xaxis.set_minor_locator(NullLocator())
    every.xaxis.set_major_formatter(FuncFormatter(lambda place, _: _people(place)))
    every.set_xlim(*(_signed_log(np.array([-reach, reach])) * 1.04))
    every.set_title("every pair: more deaths | equal | fewer deaths\n")
    every.set_xlabel("deaths averted in the pair, people\n(scale: log(1 + people), either way)")
    means.set_title("mean deaths averted\n")
    means.set_xlabel("people per run")
    low, high = means.get_xlim()
    if high - low < _LEAST_SPAN:
        means.set_xlim(min(low, -_LEAST_SPAN / 2), max(high, _LEAST_SPAN / 2))
    count_people(means.xaxis)
    risk.set_title("change in the probability\nof mass killing")
    risk.set_xlabel("percentage points")
    for axes in (every, means, risk):
        axes.axvline(0, color=BLACK, linewidth=1, zorder=1)
        axes.grid(axis="x", color="#E0E0E0")
        for line in range(len(labels) - 1):
            axes.axhline(line + 0.5, color="#E0E0E0", linewidth=1)


def _people(place: float) -> str:
    value = np.sign(place) * np.expm1(abs(place))
    return short_number(round(float(value))).replace("-", "\N{MINUS SIGN}")


def _label(points: pd.DataFrame, point: str) -> str:
    return textwrap.fill(point_label(points, point), _LABEL)


def _key() -> list[Line2D]:
    means = [
        Line2D([], [], color=colour, marker=marker, markersize=8, label=label)
        for _, label, colour, marker, _ in _MEANS
    ]
    hollow = Line2D(
        [], [], color=BLACK, marker="o", markersize=8, markerfacecolor="white", linestyle="",
        label="hollow: the interval includes zero, or is unknown",
    )  # fmt: skip
    return [*means, hollow]
