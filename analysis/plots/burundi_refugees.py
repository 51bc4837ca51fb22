"""Burundi 2015-16: refugees by day, registered, simulated with an interval, and by FLEE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import matplotlib.dates as dates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.plots.figure import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILION,
    in_house_look,
    key_below,
    short_number,
    title_above,
)

LINES = {
    "imposed": (BLUE, "-"), "simulated": (ORANGE, "-"), "flee_given": (VERMILION, "--"),
    "flee_open": (PURPLE, "--"), "flee_driven": (GREEN, "--"),
}  # fmt: skip


@in_house_look
def burundi_refugees(
    courses: Mapping[str, Any], *, title: str = "Refugees from Burundi, 2015-16"
) -> Figure:
    """Return the course of all refugees, over its own last day and in people, and of each country.

    Parameters
    ----------
    courses : ``start`` (date of day 0), ``registered`` (people by day for ``total`` and each country)
        and ``ways``: of each its ``way``, ``words``, ``series`` (as ``registered``), ``low`` and
        ``high`` (people by day, 5 and 95 % of the runs) and ``normal`` (the same over the last day, 2
        rows); None without runs.
    title : of the figure.
    """
    registered = courses["registered"]
    names = list(registered)
    figure = Figure(figsize=(15, 9.5), layout="constrained")
    columns = max(3, (len(names) + 2) // 2)
    panels = figure.subplots(2, columns).ravel()
    at = [courses["start"] + timedelta(days=day) for day in range(len(registered["total"]))]
    _draw(panels[0], at, courses, "total", over_last=True)
    panels[0].set_title("all, over the last day")
    for axes, name in zip(panels[1:], names, strict=False):
        _draw(axes, at, courses, name, over_last=False)
        axes.set_title("all, people" if name == "total" else f"{name}, people")
    for axes in panels[1 + len(names) :]:
        axes.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    for handle, label in zip(handles, labels, strict=True):
        handle.set_label(label)
    note = "shaded: 5 to 95 % of the runs of the model (all refugees)"
    key_below(figure, handles, note=note, columns=2)
    title_above(figure, title)
    return figure


def _draw(axes: Axes, at: Any, courses: Mapping[str, Any], name: str, *, over_last: bool) -> None:
    highest = 0.0
    for one in courses["ways"]:
        colour, style = LINES[one["way"]]
        series = np.asarray(one["series"][name])
        last = series[-1] if over_last else 1.0
        if over_last and last <= 0.0:
            continue
        axes.plot(at, series / last, style, color=colour, label=one["words"])
        ends = one["normal"] if over_last else (one["low"], one["high"])
        if name == "total" and ends is not None and ends[0] is not None:
            axes.fill_between(at, *ends, color=colour, alpha=0.18, linewidth=0)
            highest = max(highest, float(np.max(ends[1])))
    known = np.asarray(courses["registered"][name])
    axes.plot(
        at, known / (known[-1] if over_last else 1.0), color=BLACK, label="registered (UNHCR)"
    )
    axes.set_ylim(bottom=0.0)
    if not over_last and highest > 2.0 * known.max():
        axes.set_ylim(top=2.0 * known.max())
        words = f"interval up to {short_number(highest)}"
        axes.text(0.03, 0.93, words, transform=axes.transAxes, color=BLUE)
    axes.grid(axis="y", color="#E0E0E0")
    axes.xaxis.set_major_locator(dates.MonthLocator(bymonth=(6, 9, 12, 3)))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(dates.DateFormatter("%b %y"))  # type: ignore[no-untyped-call]
    if not over_last:
        axes.yaxis.set_major_formatter(lambda value, _: short_number(value))
