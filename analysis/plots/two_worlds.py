"""Two worlds on the same noise, side by side on the map, and week by week beside no action."""

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
from matplotlib.text import Annotation
from numpy.typing import ArrayLike, NDArray

from analysis.plots.country_map import (
    Geography,
    check_geography,
    draw_base,
    edge_names,
    label_places,
    place_positions,
)
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    ORANGE,
    VERMILION,
    count_people,
    in_house_look,
    key_below,
    number,
    short_number,
    title_above,
)
from sim.errors import ForestallError

Floats = NDArray[np.float64]
FEWEST = 10.0  # peacekeepers that are worth a mark: fewer are fractions of a patrol
SMALLEST, LARGEST = 45.0, 2400.0  # area of a bubble without a death, and of the most, square points


@dataclass(frozen=True, kw_only=True)
class World:
    """What happened in one run: by place at its end, and by week.

    Attributes
    ----------
    title : how to call it, for example "Early and united".
    deaths : shape (N,), direct deaths in each place over the run, people.
    displaced : shape (N,), displaced people who are in each place, people.
    peacekeepers : shape (N,), most peacekeepers seen in each place, people.
    weekly_deaths : shape (W,), direct deaths in each week, people; drawn cumulated.
    weekly_displaced : shape (W,), people displaced at the end of each week.
    """

    title: str
    deaths: ArrayLike
    displaced: ArrayLike
    peacekeepers: ArrayLike
    weekly_deaths: ArrayLike
    weekly_displaced: ArrayLike


@in_house_look
def two_worlds(
    geography: Geography,
    left: World,
    right: World,
    baseline: World | None = None,
    *,
    shock_week: int = 0,
    title: str = "The same country, the same chances, two answers",
    note: str = "",
) -> Figure:
    """Return two maps, and below them cumulative deaths and displaced people over the weeks.

    On the maps the area of a bubble is direct deaths, its colour displaced people who are there
    (both on one scale for both worlds), and the size of a triangle is the most peacekeepers seen
    there, where there were ten or more.

    Parameters
    ----------
    geography : the country; left, right : the two worlds; baseline : the world without outside
        action, of which only the weeks are drawn.
    shock_week : week of the run in which the shock falls; drawn as week 0.
    note : stands below the figure: how the runs were chosen, and what all runs say.

    Raises
    ------
    ForestallError
        An array does not fit the others, or a value is negative or not finite.
    """
    _check(geography, left, right, baseline)
    figure = Figure(figsize=(14, 12.5), layout="constrained")
    figure.set_layout_engine("constrained", h_pad=0.1)
    grid = figure.add_gridspec(2, 2, height_ratios=(1.75, 1))
    maps = [figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])]
    scale = _scale(left, right)
    places, frame = place_positions(geography)
    for axes, world in zip(maps, (left, right), strict=True):
        draw_base(axes, geography, places, frame)
        _draw_bubbles(axes, geography, places, world, scale)
        axes.set_title(f"{world.title}\n{_totals(world)}", fontsize=14)
    bar = figure.colorbar(
        ScalarMappable(scale.norm, scale.colours), ax=maps, pad=0.01, aspect=26,
        format=lambda value, _: short_number(np.expm1(value)),
    )  # fmt: skip
    bar.set_ticks([float(np.log1p(value)) for value in _decades(scale.most_displaced)])
    bar.set_label("displaced people in the place")
    weeks = [figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1])]
    _draw_weeks(weeks, [baseline, left, right], shock_week)
    key_below(figure, _map_key(scale), note=note, columns=7)
    title_above(figure, title)
    _label_maps(figure, maps, geography, places, [left, right], scale)
    return figure


@dataclass(frozen=True, kw_only=True)
class _Scale:
    most_deaths: float
    most_displaced: float
    most_peacekeepers: float
    norm: Normalize
    colours: Colormap

    def area(self, deaths: Floats) -> Floats:
        return SMALLEST + (LARGEST - SMALLEST) * deaths / max(self.most_deaths, 1)

    def mark(self, peacekeepers: float) -> float:
        """Return the size of a triangle, points: its area grows with the number, from a least."""
        return float(max(6, 20 * np.sqrt(peacekeepers / max(self.most_peacekeepers, FEWEST))))


def _scale(left: World, right: World) -> _Scale:
    most_deaths = max(float(_array(world.deaths).max()) for world in (left, right))
    most_displaced = max(10.0, *(float(_array(world.displaced).max()) for world in (left, right)))
    return _Scale(
        most_deaths=most_deaths,
        most_displaced=most_displaced,
        most_peacekeepers=max(float(_array(w.peacekeepers).max()) for w in (left, right)),
        norm=Normalize(0, np.log1p(most_displaced)),
        colours=matplotlib.colormaps["cividis_r"],
    )


def _decades(most: float) -> list[float]:
    return [0.0] + [10.0**power for power in range(1, int(np.floor(np.log10(most))) + 1)]


def _draw_bubbles(
    axes: Axes, geography: Geography, places: Floats, world: World, scale: _Scale
) -> None:
    area = scale.area(_array(world.deaths))
    colour = np.log1p(_array(world.displaced))
    for chosen, marker in ((geography.home, "o"), (~geography.home, "s")):
        # The largest first, so that no place hides under another.
        order = np.flatnonzero(chosen)[np.argsort(-area[chosen], kind="stable")]
        axes.scatter(
            places[order, 0], places[order, 1], s=area[order], c=colour[order],
            cmap=scale.colours, norm=scale.norm,
            marker=marker, edgecolors="#333333", linewidths=1, zorder=3, clip_on=False,
        )  # fmt: skip
    troops = _array(world.peacekeepers)
    for place in np.flatnonzero(troops >= FEWEST):
        axes.annotate(
            "▲", places[place], (0, np.sqrt(area[place] / np.pi) + 1), textcoords="offset points",
            ha="center", va="bottom", color=BLUE,
            fontsize=scale.mark(float(troops[place])), zorder=5, gid="peacekeepers",
        )  # fmt: skip


def _label_maps(
    figure: Figure,
    maps: Sequence[Axes],
    geography: Geography,
    places: Floats,
    worlds: Sequence[World],
    scale: _Scale,
) -> None:
    """Name places on both maps while there is room: those abroad, then those with most deaths."""
    figure.draw_without_rendering()
    # The layout is final now; a later one would move the maps under their labels.
    figure.set_layout_engine("none")
    deaths = np.stack([_array(world.deaths) for world in worlds]).max(axis=0)
    displaced = np.stack([_array(world.displaced) for world in worlds]).max(axis=0)
    order = np.lexsort((-displaced, -deaths, geography.home))
    names = edge_names(geography, places)
    for axes, world in zip(maps, worlds, strict=True):
        radius = np.sqrt(scale.area(_array(world.deaths)) / np.pi)
        troops = [text.get_window_extent() for text in axes.findobj(Annotation)]
        label_places(
            axes, names, places, order=[int(i) for i in order], radius=radius, keep_free=troops
        )


def _draw_weeks(axes: Sequence[Axes], worlds: Sequence[World | None], shock_week: int) -> None:
    looks = ((BASELINE, (0, (3, 1))), (BLUE, "-"), (ORANGE, "-"))
    for world, (colour, dash) in zip(worlds, looks, strict=True):
        if world is None:
            continue
        courses = (np.cumsum(_array(world.weekly_deaths)), _array(world.weekly_displaced))
        for panel, values in zip(axes, courses, strict=True):
            weeks = np.arange(values.size) - shock_week
            panel.plot(weeks, values, c=colour, linestyle=dash, linewidth=2.8, label=world.title)
    labels = ("direct deaths so far (people)", "displaced (people)")
    for panel, label in zip(axes, labels, strict=True):
        panel.set_ylim(0, max(5.0, panel.get_ylim()[1]))
        panel.set_xlabel("weeks from the shock")
        panel.set_ylabel(label)
        panel.grid(axis="y", color="#E0E0E0")
        count_people(panel.yaxis)
        panel.axvline(0, color=VERMILION, linestyle=(0, (4, 1.5)), zorder=1)
        panel.annotate(
            "shock", (0, 1), (0, 3), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", color=VERMILION, fontweight="bold",
        )  # fmt: skip
    axes[0].legend(loc="lower left", bbox_to_anchor=(0, 1.07), ncols=3, borderaxespad=0)


def _map_key(scale: _Scale) -> list[Artist]:
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
    keys.append(Line2D([], [], marker="s", markersize=8, label="place abroad", **empty))
    for troops in (FEWEST, *[scale.most_peacekeepers] * (scale.most_peacekeepers > FEWEST)):
        size = 0.75 * scale.mark(troops)  # a glyph fills three quarters of its size
        label = f"{number(troops)} peacekeepers"
        keys.append(
            Line2D([], [], marker="^", markersize=size, label=label, color=BLUE, linestyle="")
        )
    return keys


def _array(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _totals(world: World) -> str:
    deaths, displaced = _array(world.deaths).sum(), _array(world.displaced).sum()
    return f"{number(deaths)} killed, {number(displaced)} displaced"


def _check(geography: Geography, left: World, right: World, baseline: World | None) -> None:
    check_geography(geography)
    n = len(geography.names)
    for world in (left, right):
        for name in ("deaths", "displaced", "peacekeepers"):
            if np.shape(getattr(world, name)) != (n,):
                raise ForestallError(f"two worlds: {name} is not one value for each of {n} places")
    for shown in (left, right, baseline):
        for name in ("deaths", "displaced", "peacekeepers", "weekly_deaths", "weekly_displaced"):
            values = _array(getattr(shown, name)) if shown else np.zeros(0)
            if not (np.isfinite(values).all() and (values >= 0).all()):
                raise ForestallError(f"two worlds: {name} is negative or not finite")
