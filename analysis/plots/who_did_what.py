"""Who did what, week by week: one lane for each thing, action filled and no action as an outline."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.plots.figure import (
    BASELINE,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILION,
    in_house_look,
    key_below,
    number,
    title_above,
)
from analysis.timeline import ABROAD, MEASURES, PARTIES, PEOPLE, Lane, lanes
from analysis.trace import Trace, describe

_COLOURS = {PARTIES: ORANGE, ABROAD: PURPLE, MEASURES: GREEN, PEOPLE: BLUE}
_HEIGHT = 0.8  # of a lane that is full
_LABEL = 46


@in_house_look
def who_did_what(trace: Trace, *, title: str = "Who did what, week by week") -> Figure:
    """Return a timeline of a recorded pair of runs.

    Every lane has its own scale, from zero to the number at its right end.

    Parameters
    ----------
    trace : the recorded pair; its lanes are those of `analysis.timeline.lanes`.
    """
    shown = lanes(trace)
    figure = Figure(figsize=(14, 2.6 + 0.46 * len(shown)), layout="constrained")
    axes = figure.subplots()
    weeks = np.arange(trace.weeks) - trace.shock_week
    for line, lane in enumerate(shown):
        _draw_lane(axes, weeks, lane, line)
    _mark(axes, trace, len(shown))
    _finish(axes, weeks, shown)
    key_below(figure, _key(), note=f"{describe(trace)} Every lane has its own scale.", columns=7)
    title_above(figure, title)
    return figure


def _draw_lane(axes: Axes, weeks: np.ndarray, lane: Lane, line: int) -> None:
    floor = line + 0.45
    heights = [floor - _HEIGHT * values / lane.top for values in (lane.action, lane.baseline)]
    axes.fill_between(
        weeks, floor, heights[0], step="mid", color=_COLOURS[lane.who], alpha=0.75, linewidth=0,
        gid=f"action-{line}",
    )  # fmt: skip
    axes.plot(
        weeks, heights[1], drawstyle="steps-mid", color=BASELINE, linewidth=1.1,
        linestyle=(0, (3, 1)), gid=f"baseline-{line}",
    )  # fmt: skip
    axes.axhline(floor, color="#D0D0D0", linewidth=0.8, zorder=0)
    axes.annotate(
        _full(lane), (1.005, line + 0.1), xycoords=("axes fraction", "data"), va="center", fontsize=11,
        color="#404040",
    )  # fmt: skip


def _full(lane: Lane) -> str:
    """Return what a full lane means."""
    if lane.unit[0].isdigit():  # it says so itself: "1 yes"
        return lane.unit
    if lane.unit == "share" and lane.top == 1:
        return "share, 0 to 1"
    few = lane.top < 10 and not float(lane.top).is_integer()
    return f"{f'{lane.top:.2g}' if few else number(lane.top)} {lane.unit}"


def _mark(axes: Axes, trace: Trace, count: int) -> None:
    axes.axvline(0, color=VERMILION, linestyle=(0, (4, 1.5)), linewidth=2, zorder=1, gid="shock")
    opens = trace.about["open_week"]
    if opens is not None:
        since = float(opens) - trace.shock_week
        axes.axvline(since, color=GREEN, linestyle=":", linewidth=2.6, zorder=1, gid="start")
    axes.set_ylim(count - 0.4, -0.55)


def _finish(axes: Axes, weeks: np.ndarray, shown: list[Lane]) -> None:
    axes.set_yticks(
        np.arange(len(shown)) + 0.1, [textwrap.fill(lane.label, _LABEL) for lane in shown]
    )
    axes.tick_params(axis="y", length=0, labelsize=11)
    for line in range(1, len(shown)):
        if shown[line].who != shown[line - 1].who:
            axes.axhline(line - 0.5, color="#707070", linewidth=1.2)
    axes.set_xlim(weeks[0] - 1, weeks[-1] + 1)
    axes.set_xlabel("weeks from the shock")
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.grid(axis="x", color="#E8E8E8")
    axes.spines["left"].set_visible(False)


def _key() -> list[Artist]:
    keys: list[Artist] = [
        Patch(color=colour, alpha=0.75, label=who) for who, colour in _COLOURS.items()
    ]
    return [
        *keys,
        Line2D([], [], color=BASELINE, linestyle=(0, (3, 1)), label="the same without action"),
        Line2D([], [], color=VERMILION, linestyle=(0, (4, 1.5)), label="shock"),
        Line2D([], [], color=GREEN, linestyle=":", linewidth=2.6, label="action may start"),
    ]
