"""Epstein's Model II: who stands where on the grid, after some periods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from analysis.plots.figure import (
    BLACK,
    BLUE,
    ORANGE,
    SKY,
    VERMILION,
    in_house_look,
    key_below,
    say_instead,
    title_above,
)

CODES = (
    ("free", "#FFFFFF"),
    ("first group, quiet", SKY),
    ("second group, quiet", ORANGE),
    ("first group, active", BLUE),
    ("second group, active", VERMILION),
    ("cop", BLACK),
)


@in_house_look
def epstein_grid(
    seen: Sequence[tuple[int, NDArray[np.int64]]], *, title: str = "Model II"
) -> Figure:
    """Return one panel for each time at which the grid was seen.

    Parameters
    ----------
    seen : pairs of a period and a grid of codes as in `CODES`, shape (width, height).
    title : of the figure.
    """
    if not seen:
        return say_instead("The grid was never seen.")
    figure = Figure(figsize=(max(8.0, 4.0 * len(seen)), 5.6), layout="constrained")
    colours = ListedColormap([colour for _, colour in CODES])
    panels = figure.subplots(1, len(seen), squeeze=False)[0]
    for axes, (period, grid) in zip(panels, seen, strict=True):
        axes.imshow(grid.T, cmap=colours, vmin=-0.5, vmax=len(CODES) - 0.5, interpolation="nearest")
        axes.set_title(f"after {period} periods")
        axes.set_xticks([])
        axes.set_yticks([])
        for edge in axes.spines.values():
            edge.set_visible(True)
            edge.set_color("#C0C0C0")
    key = [Patch(facecolor=colour, edgecolor="#808080", label=words) for words, colour in CODES]
    key_below(figure, key, columns=3)
    title_above(figure, title)
    return figure
