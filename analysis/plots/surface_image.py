"""A surface of too many values for words in its cells: an image of a fixed size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Colormap, Normalize
from numpy.typing import NDArray

from analysis.plots.surface_grid import Grid, spread_over, start_label

Corners = tuple[tuple[float, float], ...]
WIDTH, HEIGHT, LEAST_HEIGHT = 5.6, 4.2, 2.0
"""Of a panel, inches."""
ALL_PANELS = 24.0
"""Most inches of all panels beside each other."""
TICK_WIDTH, TICK_HEIGHT = 0.55, 0.34
LONGEST, SPECKS = 3, 2
"""A contour may be so many times as long as start and dispersion together, and have so many edges for
each cell of the smaller part: else it is drawn by noise, where cells alone have four."""


def panel_size(starts: int, dispersions: int, panels: int) -> tuple[float, float]:
    """Return width and height of a panel with so many values, inches."""
    width = min(WIDTH, ALL_PANELS / panels, max(3.6, 0.84 * starts))
    return width, min(HEIGHT, max(LEAST_HEIGHT, 0.3 * dispersions))


def draw_image(
    axes: Axes,
    values: NDArray[np.float64],
    unclear: NDArray[np.bool_],
    *,
    colours: Colormap,
    norm: Normalize,
) -> None:
    """Draw a cell for each value, and hatch those that are unclear.

    Parameters
    ----------
    values, unclear : shape (dispersions, starts); a value that is NaN is left open.
    """
    lines, columns = values.shape
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5, np.arange(lines + 1) - 0.5, np.ma.masked_invalid(values),
        cmap=colours, norm=norm, antialiased=False, rasterized=True,
    )  # fmt: skip
    red, green, blue, _ = np.moveaxis(colours(norm(values)), -1, 0)
    light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    for ink, ground in (("black", light), ("white", ~light)):
        hatched = list(_rectangles(unclear & ground & ~np.isnan(values)))
        if hatched:
            # One collection: a patch for each of 10,000 cells takes a minute to draw.
            axes.add_collection(
                PolyCollection(
                    hatched, facecolor="none", edgecolor=ink, linewidth=0, hatch="//", alpha=0.35,
                    rasterized=True, gid=f"unclear-{ink}",
                )
            )  # fmt: skip


def label_ticks(axes: Axes, panel: Grid, size: tuple[float, float]) -> None:
    """Put as many labels on both axes of a panel as its size in inches has room for."""
    columns = spread_over(panel.starts, max(int(size[0] / TICK_WIDTH), 3))
    lines = spread_over(panel.dispersions, max(int(size[1] / TICK_HEIGHT), 3))
    axes.set_xticks(columns, [start_label(panel.starts[column]) for column in columns])
    labels = panel.dispersion_labels
    axes.set_yticks(lines, [labels[line] for line in lines])


def is_line(values: NDArray[np.float64], level: float) -> bool:
    """Return whether the contour of a level parts a few regions: one drawn by chance is everywhere."""
    below = np.where(np.isnan(values), np.nan, values < level)
    edges = sum(int((np.abs(np.diff(below, axis=axis)) == 1).sum()) for axis in (0, 1))
    smaller = min(int((below == side).sum()) for side in (0, 1))
    return edges <= min(LONGEST * sum(values.shape), SPECKS * smaller)


def _rectangles(mask: NDArray[np.bool_]) -> Iterator[Corners]:
    """Yield the cells of a mask as few rectangles: runs of a line, joined with the same runs below."""
    open_: dict[tuple[int, int], int] = {}
    for line in range(len(mask) + 1):
        here = set(_runs(mask[line])) if line < len(mask) else set()
        for run in sorted(set(open_) - here):
            yield _corners(run, (open_.pop(run), line))
        for run in here:
            open_.setdefault(run, line)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where each run of flags that are set begins and ends."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(first), int(last)) for first, last in changes.reshape(-1, 2)]


def _corners(columns: Sequence[int], lines: Sequence[int]) -> Corners:
    left, right = (place - 0.5 for place in columns)
    low, high = (place - 0.5 for place in lines)
    return (left, low), (right, low), (right, high), (left, high)
