"""Boxes of scenario discovery: the path of peeling, the limits, and the cases within."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from analysis.plots.factor_panels import factor_label
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    VERMILION,
    in_house_look,
    in_percent,
    key_below,
    number,
    say_instead,
    title_above,
)
from analysis.prim_boxes import Box
from sim.errors import ForestallError

MOST_BOXES = 4
_GREY = "#C8C8C8"
_ROW = 0.68  # height of a limit, inches
_NAME, _AXIS = 28, 34  # characters of a line beside a limit and along a map


@in_house_look
def prim_map(
    boxes: Sequence[Box],
    factors: pd.DataFrame,
    cases: NDArray[np.bool_],
    *,
    case: str,
    units: Mapping[str, str] | None = None,
    title: str = "Where cases crowd together",
) -> Figure:
    """Return a row a box: its path of peeling, its limits, and its two sharpest factors.

    Parameters
    ----------
    boxes : from `analysis.prim_boxes.prim_boxes`, at most `MOST_BOXES`.
    factors, cases : what they were found in.
    case : what a case is, in words.
    units : of the factors that have one, by name.

    Raises
    ------
    ForestallError
        There are more boxes than fit on a page.
    """
    if not boxes:
        return say_instead("No box was found.")
    if len(boxes) > MOST_BOXES:
        raise ForestallError(f"figure: at most {MOST_BOXES} boxes fit on a page")
    known = units or {}
    most = max(len(box.limits) for box in boxes)
    height = max(4.4, 1.9 + _ROW * most)
    figure = Figure(figsize=(16, 1.5 + height * len(boxes)), layout="constrained")
    grid = figure.subplots(len(boxes), 3, squeeze=False, width_ratios=(1, 1.5, 1.1))
    for place, (box, (path, limits, points)) in enumerate(zip(boxes, grid, strict=True), start=1):
        _draw_path(path, box, float(cases.mean()))
        _draw_limits(limits, box, known)
        _draw_points(points, box, factors, cases, known)
        verdict = "\n(no better than chance)" if box.lift <= box.chance else ""
        limits.set_title(
            f"box {place}: {number(100 * box.density)} % of its {box.points:,} points are cases, "
            f"{number(100 * box.coverage)} % of all cases{verdict}"
        )
    note = (
        f"A case is a point {case}; {int(cases.sum()):,} of {cases.size:,} points are. qp: chance of "
        "so many cases without that limit."
    )
    key_below(figure, _key(), note=note, columns=5)
    title_above(figure, title)
    return figure


def _draw_path(axes: Axes, box: Box, rate: float) -> None:
    path = box.trajectory
    axes.plot(path["coverage"], path["density"], "o-", color=BASELINE, markersize=5, linewidth=1.2)
    axes.plot([box.coverage], [box.density], "D", color=VERMILION, markersize=10, zorder=3)
    axes.axhline(rate, color=_GREY, linewidth=2, linestyle="--", zorder=1)
    axes.set_xlim(0, 1.04)
    axes.set_ylim(0, 1.04)
    axes.set_title("path of peeling")
    axes.set_xlabel("coverage: share of all cases")
    axes.set_ylabel("density: share that are cases")
    for axis in (axes.xaxis, axes.yaxis):
        in_percent(axis)
    axes.grid(color="#E0E0E0")


def _draw_limits(axes: Axes, box: Box, units: Mapping[str, str]) -> None:
    for line, row in enumerate(box.limits.to_dict("records")):
        axes.barh(line, 1, height=0.34, color=_GREY)
        if row["values"]:
            text, left, width = str(row["values"]), 0.0, 1.0
        else:
            reach = row["most"] - row["least"]
            left, right = ((row[end] - row["least"]) / reach for end in ("low", "high"))
            width, text = right - left, _range(row)
        axes.barh(line, width, left=left, height=0.34, color=VERMILION)
        p_values = [p for p in (row["qp_low"], row["qp_high"]) if not np.isnan(p)]
        said = f"{text}   qp {max(p_values, default=1.0):.2g}"
        axes.annotate(
            said,
            (0, line + 0.2),
            (4, 0),
            textcoords="offset points",
            ha="left",
            va="top",
            fontsize=11,
        )
    names = [_with_unit(name, units, _NAME) for name in box.limits["factor"]]
    axes.set_yticks(range(len(names)), names, fontsize=11)
    axes.set_ylim(max(len(names), 3) - 0.3, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 1], ["least", "most"])
    axes.set_xlabel("range in the design")


def _range(row: dict[str, float]) -> str:
    """Return the limits of a factor beside the range that the design holds, in the factor's unit."""
    low, high, least, most = (_short(row[name]) for name in ("low", "high", "least", "most"))
    if row["low"] > row["least"]:
        held = f"{low} to {high}" if row["high"] < row["most"] else f"{low} or more"
    else:
        held = f"{high} or less"
    return f"{held}, of {least} to {most}"


def _short(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else number(value)


def _with_unit(name: str, units: Mapping[str, str], width: int) -> str:
    """Return a factor in words with its unit in brackets, in lines of so many characters."""
    unit = units.get(name, "")
    words = [factor_label(name), f"({unit})"] if unit else [factor_label(name)]
    if sum(map(len, words)) < width:
        return " ".join(words)
    return "\n".join(textwrap.fill(part, width) for part in words)


def _draw_points(
    axes: Axes,
    box: Box,
    factors: pd.DataFrame,
    cases: NDArray[np.bool_],
    units: Mapping[str, str],
) -> None:
    sharpness = box.limits[["qp_low", "qp_high"]].min(axis=1)
    numeric = box.limits[box.limits["values"] == ""].assign(qp=sharpness).sort_values("qp")
    names = numeric["factor"].tolist()[:2]
    axes.set_title(("all points", "at its one limit in numbers", "two sharpest limits")[len(names)])
    spare = [
        str(name) for name in factors.columns
        if name not in names and pd.api.types.is_numeric_dtype(factors[name])
    ]  # fmt: skip
    names = (names + spare)[:2]
    if len(names) < 2:
        axes.axis("off")
        axes.text(0.5, 0.5, "no map: it takes two\nfactors in numbers", ha="center", va="center")
        return
    across, up = (factors[name].to_numpy(np.float64) for name in names)
    axes.scatter(across[~cases], up[~cases], s=12, color=_GREY, linewidth=0)
    axes.scatter(across[cases], up[cases], s=16, color=BLUE, linewidth=0)
    limits = numeric.set_index("factor")
    ends = [
        (limits.loc[name, "low"], limits.loc[name, "high"]) if name in limits.index
        else (float(factors[name].min()), float(factors[name].max()))
        for name in names
    ]  # fmt: skip
    (left, right), (low, high) = ends
    axes.add_patch(
        Rectangle(
            (left, low), right - left, high - low, fill=False, edgecolor=VERMILION, linewidth=2.5
        )
    )
    axes.set_xlabel(_with_unit(names[0], units, _AXIS))
    axes.set_ylabel(_with_unit(names[1], units, _AXIS))


def _key() -> list[Line2D | Patch]:
    def dot(colour: str, marker: str, label: str) -> Line2D:
        return Line2D([], [], color=colour, marker=marker, linestyle="", markersize=8, label=label)

    return [
        dot(BLUE, "o", "case"),
        dot(_GREY, "o", "no case"),
        dot(VERMILION, "D", "chosen box"),
        Patch(color=VERMILION, label="within the box"),
        Line2D([], [], color=_GREY, linestyle="--", label="share of cases in all points"),
    ]
