"""What a calibration learnt: free parameters against their prior, facts against their bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.plots.factor_panels import factor_label
from analysis.plots.figure import (
    BLUE,
    VERMILION,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
)

_GREY = "#D9D9D9"
_BAR = (0.80, 0.98)
_EDGE = 3.0
"""Half widths of a band that its panel shows to either side."""


@in_house_look
def contraction(
    parameters: pd.DataFrame,
    facts: pd.DataFrame,
    coverage: pd.DataFrame | None = None,
    *,
    title: str = "What the facts say about the parameters",
) -> Figure:
    """Return a panel of parameters, one of facts, and one of recovery where it was tried.

    Parameters
    ----------
    parameters : `experiments.calibration.pipeline.Calibration.contraction`.
    facts : `experiments.calibration.pipeline.check_table`.
    coverage : `experiments.calibration.recovery.coverage`.
    """
    rows = max(len(parameters), len(facts))
    if not rows:
        return say_instead("No parameter and no fact: nothing was calibrated.")
    panels = 2 if coverage is None else 3
    figure = Figure(figsize=(5.6 * panels, 2.9 + 0.42 * rows), layout="constrained")
    axes = figure.subplots(1, panels, squeeze=False)[0]
    _parameters(axes[0], parameters)
    _facts(axes[1], facts)
    if coverage is not None:
        _coverage(axes[2], coverage)
    handles = [
        Patch(color=_GREY, label="documented range, or band of the fact"),
        Line2D([], [], color=BLUE, marker="o", label="ensemble: median and 90 % interval"),
    ]
    note = (
        "A percentage is how far the ensemble contracts from the prior; near 0 nothing was learnt."
    )
    key_below(figure, handles, note=note, columns=2)
    title_above(figure, title)
    return figure


def _parameters(axes: Axes, table: pd.DataFrame) -> None:
    table = table.sort_values("contraction", ascending=False, ignore_index=True)
    for line, row in table.iterrows():
        ends = [_place(row[name], row) for name in ("low", "median", "high")]
        axes.barh(line, 1.0, height=0.6, color=_GREY)
        axes.plot(ends[::2], [line, line], color=BLUE, linewidth=4, solid_capstyle="butt")
        axes.plot(ends[1], line, "o", color=BLUE)
        axes.text(1.03, line, f"{number(100 * row['contraction'])} %", va="center")
    axes.set_yticks(range(len(table)), [factor_label(name) for name in table["parameter"]])
    axes.set_xlim(0, 1.2)
    axes.set_xticks([0, 1], ["low end", "high end"])
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_title("Free parameters in their documented ranges")


def _facts(axes: Axes, table: pd.DataFrame) -> None:
    for line, row in table.iterrows():
        axes.barh(line, 2.0, left=-1.0, height=0.6, color=_GREY)
        ends = np.clip(
            [_in_band(row[name], row) for name in ("low", "median", "high")], -_EDGE, _EDGE
        )
        if np.isfinite(ends).all():
            axes.plot(ends[::2], [line, line], color=BLUE, linewidth=4, solid_capstyle="butt")
            axes.plot(ends[1], line, "o", color=BLUE)
        axes.text(1.07 * _EDGE, line, f"{number(100 * row['within'])} %", va="center")
    axes.set_yticks(range(len(table)), [f"fact {name}" for name in table["fact"]])
    axes.set_xlim(-_EDGE, 1.35 * _EDGE)
    axes.set_xticks([-1, 1], ["low", "high"])
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_title("Facts, and the share of sets within their bands")


def _coverage(axes: Axes, table: pd.DataFrame) -> None:
    axes.axvspan(*_BAR, color=_GREY, zorder=0)
    for line, row in table.iterrows():
        inside = _BAR[0] <= row["covered"] <= _BAR[1]
        axes.plot(row["covered"], line, "o", color=BLUE if inside else VERMILION, markersize=9)
    names = [factor_label(name) for name in table["parameter"]]
    axes.set_yticks(range(len(table)), names)
    axes.set_xlim(min(0.6, table["covered"].min() - 0.02), 1.02)
    axes.set_ylim(len(table) - 0.4, -0.6)
    truths = int(table["truths"].max())
    axes.set_title(
        f"90 % intervals that cover the truth,\nof {truths} known truths (grey: 80-98 %)"
    )
    axes.grid(axis="x", color="#E0E0E0")


def _place(value: float, row: pd.Series) -> float:
    low, high = row["prior_low"], row["prior_high"]
    if row["scale"] == "log":
        return float(np.log(value / low) / np.log(high / low))
    return float((value - low) / (high - low))


def _in_band(value: float, row: pd.Series) -> float:
    """Return a value in half widths from the middle of a band, ratios by their logarithm."""
    low, high = row["band_low"], row["band_high"]
    if row["scale"] == "log":
        if not value > 0.0:
            return -_EDGE
        value, low, high = np.log([value, low, high])
    return float((2.0 * value - low - high) / (high - low))
