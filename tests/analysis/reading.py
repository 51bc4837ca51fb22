"""Reading a figure back: its words, bands, ticks and the colours of its key."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def said(figure: Figure) -> str:
    """Return the words on a figure and in its axes."""
    inside = [text.get_text() for axes in figure.axes for text in axes.texts]
    return " ".join([text.get_text() for text in figure.texts] + inside)


def bands(axes: Axes) -> list[tuple[Floats, Floats, Floats, str]]:
    """Return the bands between two lines, in the order drawn: places, first and second edge, colour."""
    found = []
    for band in axes.collections:
        if isinstance(band, PolyCollection):
            # One corner, the first edge, the other corner, the second edge backwards, and closed.
            vertices = band.get_paths()[0].vertices
            count = (len(vertices) - 3) // 2
            first, second = vertices[1 : count + 1], vertices[count + 2 : -1][::-1]
            np.testing.assert_array_equal(first[:, 0], second[:, 0])
            found.append((first[:, 0], first[:, 1], second[:, 1], to_hex(band.get_facecolor()[0])))
    return found


def keyed(figure: Figure) -> dict[str, str]:
    """Return the colours of the key below a figure, by label."""
    return {
        handle.get_label(): to_hex(handle.get_color())
        for legend in figure.legends
        for handle in legend.legend_handles
    }


def tick_labels(figure: Figure, axis: Axis) -> dict[float, str]:
    """Return the labels of an axis that are within its limits, by their place."""
    figure.draw_without_rendering()
    low, high = axis.get_view_interval()
    ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
    return {place: label.get_text() for place, label in ticks if low <= place <= high}
