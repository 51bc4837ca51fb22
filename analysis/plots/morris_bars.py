"""Morris screening of every factor: how large its effects are, which way they go, how they vary."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.plots.factor_panels import factor_panels
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    VERMILION,
    in_house_look,
    key_below,
    say_instead,
    title_above,
)
from analysis.quantities import Quantity

_MIXED = 0.5
"""A mean effect below this share of the mean size goes both ways."""
_WAYS = (
    (VERMILION, "higher factor, higher outcome"),
    (BLUE, "higher factor, lower outcome"),
    ("#B0B0B0", "both ways"),
)


@in_house_look
def morris_bars(
    effects: pd.DataFrame,
    *,
    note: str = "",
    title: str = "Which factors matter",
    quantities: Sequence[Quantity] = (),
) -> Figure:
    """Return mean sizes of elementary effects with intervals, a row a factor, a panel a quantity.

    Parameters
    ----------
    effects : one row a quantity and factor: ``quantity``, and the columns of
        `analysis.morris_effects.morris_effects`.
    note : what the reader must know.
    quantities : what the table is of, for titles and units.

    Raises
    ------
    ForestallError
        There are more quantities than fit on a page.
    """
    if effects.empty or (effects["mu_star"] == 0).all():
        return say_instead("The outcome does not vary over the sample:\nno factor has an effect.")
    figure, left_out = factor_panels(
        effects,
        by="mu_star",
        draw=_draw,
        across="effect over the factor's range",
        quantities=quantities,
    )
    if left_out:
        note = f"{left_out} more factors, with smaller effects, are in the table. {note}"
    said = (
        "Bars are mean sizes of elementary effects with 95 % intervals; a diamond beyond its bar says "
        f"that the effect depends on the other factors, or is not linear. {note}"
    )
    key_below(figure, _key(), note=said.strip(), columns=4)
    title_above(figure, title)
    return figure


def _draw(axes: Axes, row: pd.Series, line: int) -> None:
    axes.barh(line, row["mu_star"], height=0.6, color=_way(row["mu"], row["mu_star"]))
    axes.plot([row["mu_star_low"], row["mu_star_high"]], [line, line], color="black", linewidth=1.6)
    axes.plot([row["sigma"]], [line], "D", color="white", markeredgecolor=BASELINE, markersize=7)


def _way(mu: float, mu_star: float) -> str:
    if abs(mu) < _MIXED * mu_star:
        return _WAYS[2][0]
    return _WAYS[0][0] if mu > 0 else _WAYS[1][0]


def _key() -> list[Artist]:
    diamond = Line2D(
        [], [], color="white", marker="D", markeredgecolor=BASELINE, markersize=7, linestyle="",
        label="standard deviation of effects",
    )  # fmt: skip
    return [*(Patch(color=colour, label=label) for colour, label in _WAYS), diamond]
