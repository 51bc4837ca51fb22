"""Every lesson under every condition: what carries it, and where it turns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.plots.figure import (
    BASELINE,
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    in_house_look,
    key_below,
    say_instead,
    title_above,
)

KINDS = {
    "main": (BLACK, "as registered"), "mediator": (BLUE, "a mechanism off"),
    "form": (ORANGE, "rival form"), "variety": (GREEN, "other actors or agendas"),
    "tools": (PURPLE, "other tools"), "placebo": (BASELINE, "placebo"),
    "adversarial": (VERMILION, "the opposite built in"),
}  # fmt: skip


@in_house_look
def lesson_conditions(
    conditions: pd.DataFrame,
    *,
    ensemble: str,
    note: str = "",
    title: str = "What carries each lesson, and where it turns",
) -> Figure:
    """Return a panel a lesson, a row a condition: mean effect with interval, and spread over the sets.

    Parameters
    ----------
    conditions : one row a lesson and condition, as of `experiments.lessons.report.Report.table`.
    ensemble : what the rows are of, for the title.
    note : what the reader must know.
    """
    if conditions.empty:
        return say_instead("No lesson was judged.")
    lessons = list(dict.fromkeys(conditions["lesson"]))
    names = list(dict.fromkeys(conditions["condition"]))
    figure = Figure(
        figsize=(4.0 + 3.0 * len(lessons), 2.8 + 0.36 * len(names)), layout="constrained"
    )
    panels = figure.subplots(1, len(lessons), sharey=True, squeeze=False)[0]
    for axes, lesson in zip(panels, lessons, strict=True):
        rows = conditions[conditions["lesson"] == lesson].set_index("condition")
        for line, name in enumerate(names):
            if name in rows.index:
                _row(axes, rows.loc[name], line)
        axes.axvline(0, color="black", linewidth=1, zorder=1)
        axes.grid(axis="x", color="#E0E0E0")
        axes.set_title(f"{lesson}\n{rows['title'].iloc[0]}")
        axes.set_xlabel("log(1 + deaths)")
    panels[0].set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    used = [kind for kind in KINDS if kind in set(conditions["kind"])]
    handles = [
        Line2D([], [], color=KINDS[kind][0], marker="o", label=KINDS[kind][1]) for kind in used
    ]
    said = (
        f"{note}Dots: mean over parameter sets with its 95 % interval, left of zero the lesson holds. "
        "Thin lines: 5 to 95 % of the sets."
    )
    key_below(figure, handles, note=said, columns=7)
    title_above(figure, f"{title} ({ensemble})")
    return figure


def _row(axes: Axes, row: pd.Series, line: int) -> None:
    colour = KINDS[str(row["kind"])][0]
    if np.isfinite([row["sets_low"], row["sets_high"]]).all():
        axes.plot([row["sets_low"], row["sets_high"]], [line, line], color=SKY, linewidth=1.2)
    axes.plot([row["effect_low"], row["effect_high"]], [line, line], color=colour, linewidth=3.5)
    axes.plot(row["effect"], line, "o", color=colour, markersize=6)
