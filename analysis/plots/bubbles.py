"""What happened in each place, as bubbles on a map: area deaths, colour displaced, triangles troops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from analysis.plots.country_map import Geography
from analysis.plots.figure import BLUE, number, short_number

Floats = NDArray[np.float64]
FEWEST = 10.0  # peacekeepers that are worth a mark: fewer are fractions of a patrol
SMALLEST, LARGEST = 45.0, 2400.0  # area of a bubble without a death, and of the most, square points


@dataclass(frozen=True, kw_only=True)
class Bubbles:
    """Deaths, displaced people and peacekeepers in each place, shape (N,) each, people."""

    deaths: Floats
    displaced: Floats
    peacekeepers: Floats


@dataclass(frozen=True, kw_only=True)
class BubbleScale:
    """One scale for all maps of a figure.

    Attributes
    ----------
    most_deaths, most_displaced, most_peacekeepers : in any place of any map, people.
    size : of the marks, relative to maps that fill half a page.
    norm, colours : of log(1 + displaced people).
    """

    most_deaths: float
    most_displaced: float
    most_peacekeepers: float
    size: float
    norm: Normalize
    colours: Colormap

    def area(self, deaths: Floats) -> Floats:
        """Return the area of bubbles, square points."""
        share = deaths / max(self.most_deaths, 1)
        return self.size**2 * (SMALLEST + (LARGEST - SMALLEST) * share)

    def mark(self, peacekeepers: float) -> float:
        """Return the size of a triangle, points: its area grows with the number, from a least."""
        share = peacekeepers / max(self.most_peacekeepers, FEWEST)
        return self.size * float(max(6, 20 * np.sqrt(share)))


def bubble_scale(maps: Sequence[Bubbles], *, size: float = 1.0) -> BubbleScale:
    """Return the scale on which all of some maps are drawn."""
    most_displaced = max(10.0, *(float(one.displaced.max()) for one in maps))
    return BubbleScale(
        most_deaths=max(float(one.deaths.max()) for one in maps),
        most_displaced=most_displaced,
        most_peacekeepers=max(float(one.peacekeepers.max()) for one in maps),
        size=size,
        norm=Normalize(0, np.log1p(most_displaced)),
        colours=matplotlib.colormaps["cividis_r"],
    )


def draw_bubbles(
    axes: Axes, geography: Geography, places: Floats, shown: Bubbles, scale: BubbleScale
) -> list[Artist]:
    """Draw every place, and a triangle where there are peacekeepers; return what was drawn."""
    drawn: list[Artist] = []
    area = scale.area(shown.deaths)
    colour = np.log1p(shown.displaced)
    for chosen, marker in ((geography.home, "o"), (~geography.home, "s")):
        # The largest first, so that no place hides under another.
        order = np.flatnonzero(chosen)[np.argsort(-area[chosen], kind="stable")]
        dots = axes.scatter(
            places[order, 0], places[order, 1], s=area[order], c=colour[order],
            cmap=scale.colours, norm=scale.norm,
            marker=marker, edgecolors="#333333", linewidths=scale.size, zorder=3, clip_on=False,
        )  # fmt: skip
        drawn.append(dots)
    for place in np.flatnonzero(shown.peacekeepers >= FEWEST):
        mark = axes.annotate(
            "▲", places[place], (0, np.sqrt(area[place] / np.pi) + 1), textcoords="offset points",
            ha="center", va="bottom", color=BLUE,
            fontsize=scale.mark(float(shown.peacekeepers[place])), zorder=5, gid="peacekeepers",
        )  # fmt: skip
        drawn.append(mark)
    return drawn


def draw_colour_bar(figure: Figure, maps: Sequence[Axes], scale: BubbleScale) -> None:
    """Draw the key of the colours beside some maps."""
    bar = figure.colorbar(
        ScalarMappable(scale.norm, scale.colours), ax=list(maps), pad=0.01, aspect=26,
        format=lambda value, _: short_number(np.expm1(value)),
    )  # fmt: skip
    decades = range(1, int(np.floor(np.log10(scale.most_displaced))) + 1)
    bar.set_ticks([0.0, *(float(np.log1p(10.0**power)) for power in decades)])
    bar.set_label("displaced people in the place")


def bubble_key(scale: BubbleScale) -> list[Artist]:
    """Return keys for the bubbles (no death, and two round numbers that occur) and the markers."""
    empty: dict[str, Any] = {
        "linestyle": "", "markerfacecolor": "white", "markeredgecolor": "#333333",
    }  # fmt: skip
    ladder = [digit * 10.0**power for power in range(7) for digit in (1, 2, 5)]
    # Larger ones would not fit into the line of the key.
    fitting = [x for x in ladder if x <= scale.most_deaths and scale.area(np.array(x)) <= 700]
    sizes = [0.0, *fitting[-3:-2], *fitting[-1:]]
    keys: list[Artist] = []
    for deaths in sizes:
        label = f"{number(deaths)} {'death' if deaths == 1 else 'deaths'}" if deaths else "no death"
        size = float(np.sqrt(scale.area(np.array(deaths))))
        keys.append(Line2D([], [], marker="o", markersize=size, label=label, **empty))
    keys.append(
        Line2D([], [], marker="s", markersize=8 * scale.size, label="place abroad", **empty)
    )
    for troops in (FEWEST, *[scale.most_peacekeepers] * (scale.most_peacekeepers > FEWEST)):
        size = 0.75 * scale.mark(troops)  # a glyph fills three quarters of its size
        label = f"{number(troops)} peacekeepers"
        keys.append(
            Line2D([], [], marker="^", markersize=size, label=label, color=BLUE, linestyle="")
        )
    return keys
