"""What sensitivity figures share: a row a factor, a panel a quantity, factors in one order."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.design_values import MOST_QUANTITIES
from analysis.quantities import Quantity
from sim.errors import ForestallError

MOST_FACTORS = 24
_TITLE = 28  # characters of a line above a panel
_SECTIONS = ("attributes.", "parameters.", "interventions.", "actors.", "action.", "country.")

DrawRow = Callable[[Axes, "pd.Series[float]", int], None]


def factor_panels(
    table: pd.DataFrame,
    *,
    by: str,
    draw: DrawRow,
    across: str,
    quantities: Sequence[Quantity] = (),
) -> tuple[Figure, int]:
    """Return a figure with a panel a quantity, and how many factors are not shown.

    Parameters
    ----------
    table : one row a quantity and factor: ``quantity``, ``factor`` and what `draw` takes.
    by : column whose mean over the quantities, each as a share of its largest, orders the factors.
    draw : draws one row of the table at a height of an axes.
    across : label of the axis of values.
    quantities : what the table is of, for titles and units; the bare names where it is not said.

    Raises
    ------
    ForestallError
        There are more quantities than panels fit.
    """
    names = [str(name) for name in dict.fromkeys(table["quantity"])]
    known = {quantity.name: quantity for quantity in quantities}
    if len(names) > MOST_QUANTITIES:
        raise ForestallError(f"figure: at most {MOST_QUANTITIES} quantities fit on a page")
    ordered = factors_by_size(table, by)
    shown = ordered[:MOST_FACTORS]
    figure = Figure(
        figsize=(4.2 + 3.4 * max(len(names), 2), 2.9 + 0.42 * len(shown)),
        layout="constrained",
    )
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        rows = table[table["quantity"] == name].set_index("factor")
        for line, factor in enumerate(shown):
            draw(axes, rows.loc[factor], line)
        axes.set_title(textwrap.fill(_title(known.get(name), name), _TITLE))
        axes.set_xlabel(across)
        axes.grid(axis="x", color="#E0E0E0")
        axes.axvline(0, color="black", linewidth=1, zorder=1)
    panels[0].set_yticks(range(len(shown)), [factor_label(name) for name in shown])
    panels[0].set_ylim(len(shown) - 0.4, -0.6)
    return figure, len(ordered) - len(shown)


def _title(quantity: Quantity | None, name: str) -> str:
    return f"{quantity.title} ({quantity.unit})" if quantity else name.replace("_", " ")


def factors_by_size(table: pd.DataFrame, by: str) -> list[str]:
    """Return the factors, the one first that is largest over all quantities."""
    largest = table.groupby("quantity")[by].transform("max")
    share = (table[by] / largest.where(largest > 0)).fillna(0.0)
    means = share.groupby(table["factor"], sort=False).mean()
    return [str(name) for name in means.sort_values(ascending=False, kind="stable").index]


def factor_label(name: str) -> str:
    """Return a factor in words: without its section, and without underscores."""
    for section in _SECTIONS:
        name = name.removeprefix(section)
    return name.replace("_", " ").replace(".", ", ")
