"""The verdict on every lesson at a glance: in which share of the plausible worlds it holds."""

from __future__ import annotations

import textwrap

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
_ROW = 0.62


@in_house_look
def lesson_shares(
    lessons: pd.DataFrame,
    *,
    note: str = "",
    title: str = "In which share of the plausible worlds each lesson holds",
) -> Figure:
    """Return stacked bars, a row a lesson and ensemble, with the verdict beside each.

    Parameters
    ----------
    lessons : one row a lesson and ensemble, as of `experiments.lessons.report.Report.table`.
    note : what the reader must know.
    """
    if lessons.empty:
        return say_instead("No lesson was judged.")
    order = list(dict.fromkeys(lessons["lesson"]))
    ensembles = list(dict.fromkeys(lessons["ensemble"]))
    rows = len(order) * (len(ensembles) + 0.6)
    figure = Figure(figsize=(12.5, 2.4 + _ROW * rows), layout="constrained")
    axes = figure.subplots()
    ticks, labels = [], []
    for place, lesson in enumerate(order):
        of_lesson = lessons[lessons["lesson"] == lesson].set_index("ensemble")
        for line, ensemble in enumerate(ensembles):
            if ensemble not in of_lesson.index:
                continue
            height = place * (len(ensembles) + 0.6) + line
            _bar(axes, of_lesson.loc[ensemble], height)
            ticks.append(height)
            labels.append(f"{lesson}, {ensemble}" if line else _first(of_lesson, lesson, ensemble))
    axes.set_yticks(ticks, labels)
    axes.set_ylim(max(ticks) + 0.7, -0.7)
    axes.set_xlim(0, 1.5)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("share of the parameter sets", loc="left")
    axes.spines["bottom"].set_bounds(0, 1)
    said = (
        f"{note}Each set is judged by the 95 % interval of its paired contrast in log(1 + deaths); the "
        "words give the registered verdict and the mean effect with its interval."
    )
    handles = [Patch(color=colour, label=label) for _, colour, label in SIDES]
    key_below(figure, handles, note=said, columns=3)
    title_above(figure, title)
    return figure


def _first(rows: pd.DataFrame, lesson: str, ensemble: str) -> str:
    title = textwrap.fill(str(rows["title"].iloc[0]), 26)
    return f"{lesson} {title}, {ensemble}"


def _bar(axes: Axes, row: pd.Series, height: float) -> None:
    reached = 0.0
    for side, colour, _ in SIDES:
        share = float(row[side])
        axes.barh(height, share, left=reached, height=0.8, color=colour)
        if share >= 0.06:
            dark = side != "undecided"
            axes.text(
                reached + share / 2, height, f"{number(100 * share)} %", ha="center", va="center",
                color="white" if dark else "black", fontsize=11,
            )  # fmt: skip
        reached += share
    low, high = (number(row[f"effect_{end}"], 2) for end in ("low", "high"))
    said = f"{row['verdict']}\n{number(row['effect'], 2)} [{low}, {high}]"
    axes.text(1.02, height, said, va="center", fontsize=10)
