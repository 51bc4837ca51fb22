"""Sobol' indices of every factor: what it explains alone, and what it takes part in."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.plots.factor_panels import factor_panels
from analysis.plots.figure import BLUE, ORANGE, in_house_look, key_below, say_instead, title_above
from analysis.quantities import Quantity

_MARKS = (
    ("first", "first order: explained by the factor alone", BLUE, "o", 0.15),
    ("total", "total: explained with its part in interactions", ORANGE, "D", -0.15),
)


@in_house_look
def sobol_bars(
    indices: pd.DataFrame,
    *,
    note: str = "",
    title: str = "What explains the outcome",
    quantities: Sequence[Quantity] = (),
) -> Figure:
    """Return the indices with intervals, a row a factor and a panel a quantity.

    Parameters
    ----------
    indices : one row a quantity and factor: ``quantity``, and the columns of
        `analysis.sobol_indices.SobolIndices.table`.
    note : what the reader must know, such as the noise or too few samples.
    quantities : what the table is of, for titles and units.

    Raises
    ------
    ForestallError
        There are more quantities than fit on a page.
    """
    known = indices.dropna(subset=["total"])
    if known.empty:
        return say_instead(
            "The outcome does not vary over the sample:\nthere is nothing to explain."
        )
    figure, left_out = factor_panels(
        known, by="total", draw=_draw, across="share of the variance", quantities=quantities
    )
    if left_out:
        note = f"{left_out} more factors, with smaller total indices, are in the table. {note}"
    handles = [
        Line2D([], [], color=colour, marker=marker, markersize=8, label=label)
        for _, label, colour, marker, _ in _MARKS
    ]
    key_below(figure, handles, note=f"Bars are 95 % intervals. {note}".strip(), columns=2)
    title_above(figure, title)
    return figure


def _draw(axes: Axes, row: pd.Series, line: int) -> None:
    for name, _, colour, marker, shift in _MARKS:
        place = line - shift
        axes.plot(
            [row[f"{name}_low"], row[f"{name}_high"]], [place, place], color=colour, linewidth=2
        )
        axes.plot([row[name]], [place], marker, color=colour, markersize=7)
