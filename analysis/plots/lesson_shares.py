"""The verdict on every lesson at a glance: in which share of the plausible worlds it holds."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.plots.figure import (
    BLUE,
    VERMILION,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
)

SIDES = (
    ("holds", BLUE, "holds"), ("undecided", "#D9D9D9", "cannot be decided"),
    ("reverses", VERMILION, "reverses"),
)  # fmt: skip
_ROW = 0.46
_GAP = 1.1
"""Between two lessons, in bars: the name of the next one stands there."""
_END = 1.56
"""Right end of the words, in widths of the bars: the longest verdict and its interval fit."""


@in_house_look
def lesson_shares(
    lessons: pd.DataFrame,
    *,
    note: str = "",
    title: str = "In which share of the plausible worlds each lesson holds",
) -> Figure:
    """Return stacked bars, a row an ensemble under the name of its lesson, the verdict beside each.

    Parameters
    ----------
    lessons : one row a lesson and ensemble: ``lesson``, ``title``, ``ensemble``, ``verdict``,
        ``effect`` with ``_low`` and ``_high``, and the share of the sets on each of `SIDES`.
    note : what the reader must know.
    """
    if lessons.empty:
        return say_instead("No lesson was judged.")
    ensembles = list(dict.fromkeys(lessons["ensemble"]))
    rows = lessons["lesson"].nunique() * (len(ensembles) + _GAP)
    figure = Figure(figsize=(12.0, 2.3 + _ROW * rows), layout="constrained")
    axes = figure.subplots()
    ticks, labels, height = [], [], 0.0
    for lesson, found in lessons.groupby("lesson", sort=False):
        axes.text(
            0, height + _GAP - 0.65, f"{lesson}  {found['title'].iloc[0]}", fontweight="bold",
            va="bottom",
        )  # fmt: skip
        height += _GAP
        for _, row in found.iterrows():
            _bar(axes, row, height)
            ticks.append(height)
            labels.append(row["ensemble"])
            height += 1.0
    axes.set_yticks(ticks, labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(ticks) + 0.6, 0.0)
    axes.set_xlim(0, _END)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("share of the parameter sets", loc="left")
    axes.spines["bottom"].set_bounds(0, 1)
    axes.spines["left"].set_visible(False)
    said = (
        f"{note}Each set is judged by a 95 % interval of its own. Beside a bar the registered verdict, "
        "and the mean effect over the sets with its interval: below zero the lesson holds."
    )
    handles = [Patch(color=colour, label=label) for _, colour, label in SIDES]
    key_below(figure, handles, note=said, columns=3)
    title_above(figure, title)
    return figure


def _bar(axes: Axes, row: pd.Series, height: float) -> None:
    reached = 0.0
    for side, colour, _ in SIDES:
        share = float(row[side])
        axes.barh(height, share, left=reached, height=0.86, color=colour)
        if share >= 0.06:
            dark = side != "undecided"
            axes.text(
                reached + share / 2, height, f"{number(100 * share)} %", ha="center", va="center",
                color="white" if dark else "black", fontsize=11,
            )  # fmt: skip
        reached += share
    low, high = (_signed(row[f"effect_{end}"]) for end in ("low", "high"))
    axes.text(1.02, height, row["verdict"], va="center", fontsize=11, fontweight="bold")
    said = f"{_signed(row['effect'])} [{low}, {high}]"
    axes.text(_END, height, said, va="center", ha="right", fontsize=11)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 2)
