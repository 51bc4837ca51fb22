"""What action averts, divided by mechanism, with intervals and the interactions that remain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.decomposition import MEASURES, REMAINDER, TOTAL, Measure
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    ORANGE,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
)
from sim.errors import ForestallError

_COLOURS = {TOTAL: BASELINE, REMAINDER: ORANGE}
_LINE: dict[str, Any] = {"color": BASELINE, "linestyle": (0, (3, 1)), "linewidth": 1.4}
_NOTE = (
    "The part of a mechanism is what is averted, less what is averted with it alone off in both "
    "worlds. A link that the whole effect needs has a part as large as the total; interactions are "
    "what the parts leave of the total or exceed it by."
)


@in_house_look
def mechanism_parts(
    parts: pd.DataFrame,
    *,
    off: Sequence[str] = (),
    pairs: int = 0,
    title: str = "What action averts, by mechanism",
) -> Figure:
    """Return a horizontal chart of every part, a panel a measure, with 95 % intervals.

    Parameters
    ----------
    parts : from `analysis.decomposition.decomposition`.
    off : mechanisms that the world has off; they have a line and no bar.
    pairs : number of pairs of runs, for the note; left out when 0.

    Raises
    ------
    ForestallError
        A column or the total of a measure is missing.
    """
    if parts.empty:
        return say_instead("No runs yet: there is nothing to divide.")
    _check(parts)
    names = list(dict.fromkeys(parts["part"]))
    figure = Figure(figsize=(14, 2.8 + 0.42 * len(names)), layout="constrained")
    panels = figure.subplots(1, len(MEASURES), sharey=True)
    for axes, measure in zip(panels, MEASURES, strict=True):
        rows = parts[parts["measure"] == measure.name].set_index("part").loc[names]
        _draw(axes, rows, measure, off)
    panels[0].set_yticks(range(len(names)), [_label(name, off) for name in names])
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    over = f"Mean over {number(pairs)} pairs of runs, bars with 95 % intervals. " if pairs else ""
    key_below(figure, _key(), note=over + _NOTE, columns=4)
    title_above(figure, title)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, measure: Measure, off: Sequence[str]) -> None:
    middle, low, high = (
        rows[name].to_numpy(dtype=np.float64) * measure.scale
        for name in ("estimate", "low", "high")
    )
    shown = np.array([name not in off for name in rows.index])
    colours = np.array([_COLOURS.get(name, BLUE) for name in rows.index])
    places = np.arange(len(rows))
    axes.barh(places[shown], middle[shown], height=0.62, color=colours[shown])
    known = shown & np.isfinite(low) & np.isfinite(high)
    ends = np.abs(np.stack([middle - low, high - middle]))[:, known]
    axes.errorbar(
        middle[known], places[known], xerr=ends, fmt="none", ecolor="black", elinewidth=1.6,
        capsize=4, zorder=3,
    )  # fmt: skip
    axes.axvline(0, color="black", linewidth=1, zorder=2)
    axes.axvline(middle[list(rows.index).index(TOTAL)], **_LINE)
    axes.axhline(len(rows) - 1.5, color="#B0B0B0", linewidth=1)
    axes.axhline(0.5, color="#B0B0B0", linewidth=1)
    axes.set_title(measure.title)
    axes.set_xlabel(measure.unit)
    axes.grid(axis="x", color="#E0E0E0")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(axis="y", length=0)


def _tick(value: float, _: object) -> str:
    digits = 0 if abs(value) >= 10 or value == round(value) else 2
    return number(value, digits)


def _key() -> list[Artist]:
    return [
        Patch(color=BASELINE, label="total"),
        Line2D([], [], label="height of the total", **_LINE),
        Patch(color=BLUE, label="part of a mechanism"),
        Patch(color=ORANGE, label="interactions"),
    ]


def _label(name: str, off: Sequence[str]) -> str:
    return name.replace("_", " ") + (" (off in this world)" if name in off else "")


def _check(parts: pd.DataFrame) -> None:
    for column in ("measure", "part", "estimate", "low", "high"):
        if column not in parts.columns:
            raise ForestallError(f"figure: the table of parts has no column {column!r}")
    for measure in MEASURES:
        if not ((parts["measure"] == measure.name) & (parts["part"] == TOTAL)).any():
            raise ForestallError(f"figure: the table of parts has no total of {measure.name!r}")
