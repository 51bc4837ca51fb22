"""Historical cases: what the model says of each beside what was recorded, misses in red."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.plots.figure import (
    BASELINE,
    BLUE,
    VERMILION,
    in_house_look,
    key_below,
    say_instead,
    title_above,
    use_log1p,
)

PANELS = {
    "direct_deaths": "direct deaths of civilians (people)",
    "displaced": "displaced at the same time, at most (people)",
}


@in_house_look
def cases_record(
    rows: Sequence[Mapping[str, Any]], *, title: str = "Historical cases: simulated and recorded"
) -> Figure:
    """Return the simulated spread of every case beside the range of what was recorded.

    Parameters
    ----------
    rows : as `experiments.cases_text.as_rows` returns them: for each figure of `PANELS` its name with
        ``_low``, ``_median``, ``_high`` (5, 50 and 95 % of the runs, people) and ``_recorded_low``,
        ``_recorded_best``, ``_recorded_high`` (None where nothing was recorded).
    title : of the figure.
    """
    if not rows:
        return say_instead("No case was run.")
    figure = Figure(figsize=(13, 2.2 + 0.62 * len(rows)), layout="constrained")
    axes = figure.subplots(1, len(PANELS), sharey=True)
    for panel, (name, words) in zip(axes, PANELS.items(), strict=True):
        for line, row in enumerate(rows):
            _draw_case(panel, line, row, name)
        largest = max(
            row[f"{name}_{end}"] or 0 for row in rows for end in ("high", "recorded_high")
        )
        use_log1p(panel, "x", largest)
        panel.set_xlabel(words)
        panel.grid(axis="x", color="#E0E0E0")
        panel.tick_params(axis="x", rotation=40)
    axes[0].set_yticks(range(len(rows)), [str(row["name"]) for row in rows])
    axes[0].set_ylim(len(rows) - 0.5, -0.5)
    key_below(figure, _key(), columns=3)
    title_above(figure, title)
    return figure


def _draw_case(axes: Axes, line: int, row: Mapping[str, Any], name: str) -> None:
    low, median, high = (row[f"{name}_{end}"] for end in ("low", "median", "high"))
    axes.plot([low, high], [line + 0.14] * 2, color=BLUE, linewidth=6, solid_capstyle="butt")
    axes.plot([median], [line + 0.14], "o", color="white", markeredgecolor=BLUE, markersize=8)
    least, best, most = (row[f"{name}_recorded_{end}"] for end in ("low", "best", "high"))
    if best is None:
        return
    colour = VERMILION if least > high or most < low else BASELINE
    axes.plot([least, most], [line - 0.16] * 2, color=colour, linewidth=2.5)
    axes.plot([best], [line - 0.16], "D", color=colour, markersize=7)


def _key() -> list[Artist]:
    return [
        Line2D([], [], color=BLUE, linewidth=6, marker="o", markerfacecolor="white",
               label="simulated: middle 90 % of the runs, median"),
        Line2D([], [], color=BASELINE, marker="D", label="recorded: range of the sources, best"),
        Line2D([], [], color=VERMILION, marker="D", label="recorded, outside of the middle 90 %"),
    ]  # fmt: skip
