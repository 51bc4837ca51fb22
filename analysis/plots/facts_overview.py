"""Every outside fact at a glance, and a family of facts on its own scales."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from analysis.plots.figure import (
    BASELINE,
    BLUE,
    GREEN,
    ORANGE,
    VERMILION,
    in_house_look,
    key_below,
    say_instead,
    title_above,
)

COLOURS = {
    "reproduced": GREEN, "missed": VERMILION, "undecidable": ORANGE, "reported": BLUE,
}  # fmt: skip
MARKS = {"reproduced": "o", "missed": "X", "undecidable": "D", "reported": "s"}
_FAR = 3.0
"""Half widths of a band beyond which an estimate is drawn at the edge, as an arrow."""
_BAND = "#CFE8DC"
_NOTHING = "No statistic was measured."


@in_house_look
def facts_overview(facts: pd.DataFrame, *, title: str = "The model and the record") -> Figure:
    """Return one row a statistic: where its estimate lies to its band, all bands drawn alike.

    Parameters
    ----------
    facts : one row a statistic: ``label``, ``family``, ``value``, ``low``, ``high``, ``band_low``,
        ``band_high`` (infinite where open), ``log``, ``status``.
    """
    if facts.empty:
        return say_instead(_NOTHING)
    figure = Figure(figsize=(13.0, 2.2 + 0.33 * len(facts)), layout="constrained")
    axes = figure.add_subplot()
    axes.axvspan(-1.0, 1.0, color=_BAND, linewidth=0)
    for line, (_, row) in enumerate(facts.iterrows()):
        _draw_row(axes, row, line)
    breaks = np.flatnonzero(facts["family"].to_numpy()[1:] != facts["family"].to_numpy()[:-1])
    for line in breaks.tolist():
        axes.axhline(line + 0.5, color="#DDDDDD", linewidth=0.8)
    axes.set_yticks(range(len(facts)), facts["label"], fontsize=10)
    axes.set_ylim(len(facts) - 0.5, -0.5)
    axes.set_xlim(-_FAR - 0.2, _FAR + 0.2)
    axes.set_xticks([-1.0, 1.0], ["lower end\nof the band", "upper end\nof the band"])
    told = axes.secondary_yaxis("right")
    told.set_yticks(range(len(facts)), [_told(row) for _, row in facts.iterrows()], fontsize=10)
    told.spines["right"].set_visible(False)
    told.tick_params(length=0)
    note = (
        "Ratios are drawn on a logarithmic scale; of a band with one end, that end alone is drawn to "
        "scale. Arrows point to estimates further away. Open marks have no band, or no estimate."
    )
    key_below(figure, _key(), note=note, columns=5)
    title_above(figure, title)
    return figure


@in_house_look
def facts_family(facts: pd.DataFrame, *, title: str) -> Figure:
    """Return one panel a statistic of a family, each on its own scale, with band and interval.

    Parameters
    ----------
    facts : as for `facts_overview`, and ``statistic`` in words.
    """
    if facts.empty:
        return say_instead(_NOTHING)
    figure = Figure(figsize=(11.0, 1.9 + 1.35 * len(facts)), layout="constrained")
    panels = np.atleast_1d(figure.subplots(len(facts), 1))
    for axes, (_, row) in zip(panels, facts.iterrows(), strict=True):
        _draw_panel(axes, row)
    key_below(figure, _key(), note="Bars are 95 % Monte-Carlo intervals.", columns=5)
    title_above(figure, title)
    return figure


def position(value: float, low: float, high: float, *, log: bool) -> float:
    """Return where a value lies to a band, -1 at its lower end and 1 at its upper one.

    Of a band with one end a unit is a factor of two, or as much as that end itself.
    """
    if log:
        value, low, high = (_logarithm(number) for number in (value, low, high))
    if math.isfinite(low) and math.isfinite(high):
        return 2.0 * (value - low) / (high - low) - 1.0
    end = low if math.isfinite(low) else high
    unit = math.log(2.0) if log else abs(end) or 1.0
    return (value - end) / unit + (-1.0 if math.isfinite(low) else 1.0)


def _logarithm(number: float) -> float:
    return math.log(number) if number > 0.0 else -math.inf


def _draw_row(axes: Axes, row: pd.Series, line: int) -> None:
    colour, mark = COLOURS[row["status"]], MARKS[row["status"]]
    ends = (row["band_low"], row["band_high"])
    if not any(map(math.isfinite, ends)) or not math.isfinite(row["value"]):
        axes.plot([0.0], [line], mark, color="white", markeredgecolor=colour, markersize=8)
        return
    spots = [position(row[name], *ends, log=row["log"]) for name in ("low", "value", "high")]
    held = [min(max(spot, -_FAR), _FAR) for spot in spots]
    axes.plot([held[0], held[2]], [line, line], color=colour, linewidth=2.0)
    if abs(spots[1]) > _FAR:
        mark = ">" if spots[1] > 0 else "<"
    axes.plot([held[1]], [line], mark, color=colour, markersize=8)


def _draw_panel(axes: Axes, row: pd.Series) -> None:
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(f"{row['label']}: {row['statistic']}", fontsize=11, loc="left", wrap=True)
    colour, mark = COLOURS[row["status"]], MARKS[row["status"]]
    if not math.isfinite(row["value"]):
        axes.set_xticks([])
        axes.text(0.0, 0.5, "not measured here", transform=axes.transAxes, color=BASELINE)
        return
    ends = [end for end in (row["band_low"], row["band_high"]) if math.isfinite(end)]
    seen = [row["low"], row["value"], row["high"], *ends]
    low, high = min(seen), max(seen)
    if row["log"] and low > 0.0:
        low, high = low / 1.5, high * 1.5
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}"))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        room = 0.15 * (high - low) or 0.1
        low, high = low - room, high + room
    axes.set_xlim(low, high)
    if ends:
        axes.axvspan(max(row["band_low"], low), min(row["band_high"], high), color=_BAND)
    axes.plot([row["low"], row["high"]], [0.0, 0.0], color=colour, linewidth=2.4)
    axes.plot([row["value"]], [0.0], mark, color=colour, markersize=9)
    axes.annotate(
        _told(row),
        (row["value"], 0.0),
        (0, 9),
        textcoords="offset points",
        ha="center",
        fontsize=10,
    )
    axes.set_ylim(-1.0, 1.0)


def _told(row: pd.Series) -> str:
    if not math.isfinite(row["value"]):
        return "not measured here"
    return f"{row['value']:.3g} [{row['low']:.3g}, {row['high']:.3g}]"


def _key() -> list[Artist]:
    marks: list[Artist] = [
        Line2D([], [], color=COLOURS[name], marker=MARKS[name], linestyle="", label=name)
        for name in COLOURS
    ]
    return [Patch(color=_BAND, label="band of the record"), *marks]
