"""Epstein's Model II: periods until a group is extinct, by the density of cops, every run a dot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from analysis.plots.figure import (
    BLACK,
    BLUE,
    VERMILION,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
)


@in_house_look
def extinction_times(
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str = "Model II: time until a group is extinct, by cops",
) -> Figure:
    """Return a panel for each reading of the paper.

    Parameters
    ----------
    rows : one a run: ``variant``, ``cop_density`` (share), ``time`` (periods), ``lived_on`` (bool).
    title : of the figure.
    """
    names = list(dict.fromkeys(str(row["variant"]) for row in rows))
    if not names:
        return say_instead("No run was made.")
    columns = min(4, len(names))
    lines = math.ceil(len(names) / columns)
    size = (max(8.0, 4.0 * columns), 2.0 + 3.8 * lines)
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    for axes in panels.ravel()[len(names) :]:
        axes.set_visible(False)
    for axes, name in zip(panels.ravel(), names, strict=False):
        own = [row for row in rows if row["variant"] == name]
        densities = sorted({float(row["cop_density"]) for row in own})
        means = []
        for density in densities:
            here = [row for row in own if row["cop_density"] == density]
            times = np.array([float(row["time"]) for row in here])
            means.append(times.mean())
            # Spread sideways by position, so that equal figures give equal bytes.
            aside = density + 0.004 * (np.arange(len(here)) % 7 - 3) / 3
            colours = [VERMILION if row["lived_on"] else BLUE for row in here]
            axes.scatter(aside, times, s=16, c=colours, alpha=0.55, linewidths=0)
        axes.plot(densities, means, "o-", color=BLACK, markersize=6)
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda periods, _: number(periods)))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_title(name)
        axes.set_xticks(densities)
        axes.tick_params(axis="x", rotation=40)
        axes.grid(axis="y", color="#E0E0E0")
    for column in panels.T:
        # The last row may be short: the lowest panel that is there has the labels of its column.
        lowest = [axes for axes in column if axes.get_visible()][-1]
        lowest.tick_params(axis="x", labelbottom=True)
        lowest.set_xlabel("cops for each site")
    for axes in panels[:, 0]:
        axes.set_ylabel("periods")
    key = [
        Line2D([], [], color=BLUE, marker="o", linestyle="", label="a run"),
        Line2D([], [], color=BLACK, marker="o", label="mean"),
    ]
    if any(row["lived_on"] for row in rows):
        key.append(
            Line2D([], [], color=VERMILION, marker="o", linestyle="", label="both groups lived on")
        )
    key_below(figure, key, columns=3)
    title_above(figure, title)
    return figure
