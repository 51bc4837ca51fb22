"""When mass killing begins: the share of runs still without it, with the runs at risk below.

Every run is followed to the same horizon, so that the Kaplan-Meier estimate is the plain share of runs
without an onset so far and Wilson's interval, which holds at shares of 0 and 1, takes the place of
Greenwood's.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from analysis.intervals import wilson
from analysis.plots.figure import (
    BASELINE,
    TREATMENTS,
    VERMILION,
    in_house_look,
    in_percent,
    key_below,
    number,
    say_instead,
    title_above,
)
from analysis.surface import contrasting_points, point_label
from sim.errors import ForestallError

Floats = NDArray[np.float64]
ONSET = "onset_week"
_TICKS = 7
_LABEL = 30


class _Group(NamedTuple):
    label: str
    colour: str
    dash: Literal["-", "--"]
    onsets: Floats


@in_house_look
def time_to_onset(
    points: pd.DataFrame,
    paired: pd.DataFrame,
    *,
    weeks: int,
    shock_week: int = 0,
    show: Sequence[str] | None = None,
    title: str = "How long mass killing stays away",
) -> Figure:
    """Return survival curves of the time to mass killing, and the number of runs at risk below.

    Parameters
    ----------
    points : the design table; paired : with ``onset_week`` (week of the run, -1 never) and the same
        with the prefix ``baseline_``.
    weeks : horizon of the runs; a run without an onset is followed to there and no further.
    shock_week : week of the run in which the shock falls; drawn as week 0.
    show : ids of the treatments, at most six; the earliest united and the latest divided when None.

    Raises
    ------
    ForestallError
        The outcome is missing, a point is unknown, or more are asked for than can be told apart.
    """
    for name in (ONSET, f"baseline_{ONSET}"):
        if name not in paired.columns:
            raise ForestallError(f"time_to_onset: the paired table has no column {name!r}")
    groups = _groups(points, paired, _ends(points) if show is None else list(show))
    if not groups:
        return say_instead("No runs yet: there is no time to onset to show.")
    figure = Figure(figsize=(12.5, 6 + 0.55 * len(groups)), layout="constrained")
    curves, risk = figure.subplots(
        2, 1, sharex=True, height_ratios=(4.6, 0.55 * len(groups) + 0.35)
    )
    for line, group in enumerate(groups):
        # Earlier curves are wider, so that one that another covers can still be seen under it.
        _draw_curve(curves, group, weeks, shock_week, width=2.2 + 1.1 * (len(groups) - 1 - line))
    ticks = _ticks(weeks, shock_week)
    _draw_risk(risk, groups, ticks, shock_week)
    _finish(curves, risk, groups, ticks, weeks)
    key_below(figure, _key(groups), note=_NOTE, columns=3)
    title_above(figure, title)
    return figure


_NOTE = (
    "Bands: 95 % intervals (Wilson), week by week. A run counts from the week in which 1,000 civilians "
    "of one group have been killed within 52 weeks."
)


def survival(onsets: Floats, weeks: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return weeks from 0 to the horizon, and the share of runs without an onset up to each.

    Parameters
    ----------
    onsets : shape (n,), week of the onset, negative for never; n may not be 0.
    weeks : horizon.

    Returns
    -------
    week, share, low, high
        Shape (weeks + 1,) each. An onset in week w counts from w + 1 on: the end of the week.
    """
    week = np.arange(weeks + 1, dtype=np.float64)
    begun = np.sort(onsets[onsets >= 0])
    left = onsets.size - np.searchsorted(begun, week, side="left")
    # A curve has few levels: each interval is computed once.
    found = {int(count): wilson(int(count), onsets.size) for count in np.unique(left)}
    share, low, high = np.array([found[int(count)] for count in left]).T
    return week, share, low, high


def at_risk(onsets: Floats, week: float) -> int:
    """Return the number of runs without an onset before the week."""
    return int(((onsets < 0) | (onsets >= week)).sum())


def _ends(points: pd.DataFrame) -> list[str]:
    corners = contrasting_points(points)
    return list(dict.fromkeys(corners[:1] + corners[-1:]))


def _groups(points: pd.DataFrame, paired: pd.DataFrame, show: Sequence[str]) -> list[_Group]:
    if len(show) > len(TREATMENTS):
        raise ForestallError(f"figure: at most {len(TREATMENTS)} points can be told apart")
    baselines: list[_Group] = []
    treatments: list[_Group] = []
    for point in show:
        label = point_label(points, point)
        runs = paired[paired["point"] == point]
        if runs.empty:
            continue
        without = np.sort(runs[f"baseline_{ONSET}"].to_numpy(dtype=np.float64))
        if not any(np.array_equal(known.onsets, without) for known in baselines):
            name = f"no action ({label})" if baselines else "no action"
            baselines.append(_Group(name, BASELINE, "--", without))
        onsets = runs[ONSET].to_numpy(dtype=np.float64)
        treatments.append(_Group(label, TREATMENTS[len(treatments)], "-", onsets))
    return baselines + treatments


def _draw_curve(axes: Axes, group: _Group, weeks: int, shock_week: int, *, width: float) -> None:
    week, share, low, high = survival(group.onsets, weeks)
    since = week - shock_week
    axes.fill_between(since, low, high, step="post", color=group.colour, alpha=0.13, linewidth=0)
    axes.plot(
        since, share, drawstyle="steps-post", color=group.colour, linestyle=group.dash,
        linewidth=width if group.dash == "-" else 2.2, zorder=2 if group.dash == "-" else 3,
        label=group.label,
    )  # fmt: skip


def _draw_risk(axes: Axes, groups: list[_Group], ticks: list[int], shock_week: int) -> None:
    for line, group in enumerate(groups):
        for tick in ticks:
            axes.annotate(
                number(at_risk(group.onsets, tick + shock_week)), (tick, line),
                ha="center", va="center", color=group.colour, fontsize=12,
            )  # fmt: skip
    axes.set_ylim(len(groups) - 0.5, -0.5)
    labels = [textwrap.fill(group.label, _LABEL) for group in groups]
    axes.set_yticks(range(len(groups)), labels)
    for text, group in zip(axes.get_yticklabels(), groups, strict=True):
        text.set_color(group.colour)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("runs at risk: followed, and without an onset before the week", loc="left")
    axes.set_xlabel("weeks from the shock")


def _finish(curves: Axes, risk: Axes, groups: list[_Group], ticks: list[int], weeks: int) -> None:
    if all((group.onsets < 0).all() for group in groups):
        curves.text(
            0.5, 0.5, "no run becomes a mass killing", transform=curves.transAxes, ha="center",
            fontsize=14,
        )  # fmt: skip
    # Shares near one stay legible, and no band is cut off; an axis that does not begin at zero says so.
    lowest = min(float(low[-1]) for _, _, low, _ in (survival(g.onsets, weeks) for g in groups))
    bottom = 0.0 if lowest < 0.5 else np.floor(20 * (lowest - 0.02)) / 20
    curves.set_ylim(bottom, 1.005)
    cut = "" if bottom == 0 else f"\n(axis from {number(100 * bottom)} %)"
    curves.set_ylabel(f"runs without mass killing{cut}")
    in_percent(curves.yaxis)
    curves.grid(color="#E0E0E0")
    curves.tick_params(labelbottom=False)
    curves.axvline(0, color=VERMILION, linestyle=(0, (4, 1.5)), linewidth=2, zorder=1)
    risk.set_xticks(ticks, [number(tick) for tick in ticks])
    rim = 0.03 * (ticks[-1] - ticks[0] + 1)
    risk.set_xlim(ticks[0] - rim, ticks[-1] + rim)


def _ticks(weeks: int, shock_week: int) -> list[int]:
    """Return weeks from the shock at which runs at risk are counted: round, both ends among them."""
    first, last = -shock_week, weeks - shock_week
    step = next(
        (step for step in (4, 13, 26, 52, 104, 260, 520) if (last - first) / step <= _TICKS), 1040
    )
    inner = range(-(-first // step) * step, last + 1, step)
    ends = [tick for tick in inner if tick - first >= step / 2 and last - tick >= step / 2]
    return sorted({first, *ends, last})


def _key(groups: list[_Group]) -> list[Artist]:
    handles: list[Artist] = [
        Line2D([], [], color=group.colour, linestyle=group.dash, label=group.label)
        for group in groups
    ]
    shock = Line2D([], [], color=VERMILION, linestyle=(0, (4, 1.5)), label="shock")
    return [*handles, shock]
