"""What action costs against what it averts: the cost-effectiveness plane, one mark a design point."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.plots.figure import (
    BASELINE,
    MINUS,
    TREATMENTS,
    count_people,
    in_house_look,
    key_below,
    say_instead,
    short_number,
    title_above,
)
from analysis.surface import contrasting_points, point_label
from sim.errors import ForestallError

COST, EFFECT = "extra_spent", "deaths_averted"
OTHER, RAY = "#8C8C8C", "#9A9A9A"
MARKERS = "osD^vP"
_PRICES = 10.0 ** np.arange(2, 9)
_NOTE = (
    "Means over pairs of runs, crosses are 95 % intervals; hollow: that of deaths averted includes "
    "zero or is unknown. Money is what the actors spent of their endowment beyond the same world "
    "without action. Dotted rays: one price of a death averted."
)


@in_house_look
def cost_effectiveness(
    points: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    show: Sequence[str] | None = None,
    title: str = "What action costs, and what it averts",
) -> Figure:
    """Return the plane of money spent beyond the baseline and of direct deaths averted, per run.

    Every design point has a mark, the mean over its pairs; those of `show` have a colour, a name and a
    cross of their 95 % intervals. A mark is hollow where the interval of deaths averted includes zero,
    or is unknown.

    Parameters
    ----------
    points : the design table.
    effects : from `analysis.comparison.effects_table`, with ``extra_spent``.
    show : ids of the points to name, at most six; the corners of the design when None.

    Raises
    ------
    ForestallError
        A column is missing, a point is unknown, or more are asked for than can be told apart.
    """
    for name in (name + end for name in (COST, EFFECT) for end in ("", "_low", "_high")):
        if name not in effects.columns:
            raise ForestallError(f"cost_effectiveness: the table of effects has no column {name!r}")
    named = contrasting_points(points) if show is None else list(show)
    if len(named) > len(TREATMENTS):
        raise ForestallError(f"figure: at most {len(TREATMENTS)} points can be told apart")
    labels = {point: point_label(points, point) for point in named}
    rows = effects[effects["n"] > 0]
    if rows.empty:
        return say_instead("No runs yet: there is no cost and no effect to show.")
    figure = Figure(figsize=(12, 8), layout="constrained")
    axes = figure.subplots()
    looks = dict(zip(labels, zip(TREATMENTS, MARKERS, strict=True), strict=False))
    for _, row in rows.iterrows():
        _draw_point(axes, row, looks.get(row["point"]))
    _set_limits(axes, rows)
    _draw_prices(axes)
    _finish(axes)
    key_below(figure, _key(labels, looks, len(rows)), note=_NOTE, columns=3)
    title_above(figure, title)
    return figure


def _draw_point(axes: Axes, row: pd.Series, look: tuple[str, str] | None) -> None:
    colour, marker = look or (OTHER, "o")
    cost, averted = float(row[COST]), float(row[EFFECT])
    if look:
        for name, ends in ((COST, "x"), (EFFECT, "y")):
            low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
            if np.isfinite(low) and np.isfinite(high):
                line = ([low, high], [averted] * 2) if ends == "x" else ([cost] * 2, [low, high])
                axes.plot(*line, color=colour, linewidth=1.8, alpha=0.8, zorder=2.5)
    clear = row[f"{EFFECT}_low"] > 0 or row[f"{EFFECT}_high"] < 0
    axes.plot(
        [cost], [averted], marker, color=colour, markersize=10 if look else 7, markeredgewidth=1.8,
        markerfacecolor=colour if clear else "white", zorder=4 if look else 2,
        gid=f"point-{row['point']}",
    )  # fmt: skip


def _set_limits(axes: Axes, rows: pd.DataFrame) -> None:
    # Both zeros belong to the plane: what costs nothing and averts nothing is its centre.
    for set_limits, name, least in ((axes.set_xlim, COST, 1.0), (axes.set_ylim, EFFECT, 5.0)):
        values = rows[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=np.float64)
        low, high = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
        high = max(high, low + least)
        room = 0.08 * (high - low)
        set_limits(low - room, high + room)


def _draw_prices(axes: Axes) -> None:
    """Draw rays of one price each, USD per death averted, with their words beyond the plane.

    A ray ends at the upper or the right edge; its price stands there, outside, where no ray and no mark
    can run through it.
    """
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    for price in _PRICES:
        if not 0.08 <= price * top / (1e6 * right) <= 12:
            continue  # it would lie on an axis
        cost = min(right, price * top / 1e6)
        averted = 1e6 * cost / price
        axes.plot(
            [0, cost], [0, averted], color=RAY, linewidth=1.2, linestyle=":", zorder=1,
            gid=f"price-{price:g}",
        )  # fmt: skip
        words = f"{short_number(price)} USD a death"
        at_top = cost < right
        axes.annotate(
            words if at_top else words.replace(" a ", "\na "),
            (cost, averted), (0, 4) if at_top else (6, 0), textcoords="offset points",
            ha="center" if at_top else "left", va="bottom" if at_top else "center", fontsize=11,
            color="#595959", gid=f"price-{price:g}",
        )  # fmt: skip


def _finish(axes: Axes) -> None:
    for line in (axes.axhline, axes.axvline):
        line(0, color=BASELINE, linewidth=1.4, zorder=1.5)
    axes.set_xlabel("money spent beyond the baseline (million USD per run)")
    axes.set_ylabel("direct deaths averted (people per run)")
    count_people(axes.yaxis)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", MINUS)))
    axes.grid(color="#E0E0E0")


def _key(labels: dict[str, str], looks: dict[str, tuple[str, str]], points: int) -> list[Artist]:
    handles: list[Artist] = [
        Line2D(
            [], [], color=looks[point][0], marker=looks[point][1], markersize=10, linestyle="",
            label=textwrap.fill(words, 40),
        )
        for point, words in labels.items()
    ]  # fmt: skip
    if points > len(labels):
        handles.append(
            Line2D(
                [], [], color=OTHER, marker="o", markersize=7, linestyle="",
                label="other design points",
            )
        )  # fmt: skip
    return handles
