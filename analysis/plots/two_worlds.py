"""Two worlds on the same noise, side by side on the map, and week by week beside no action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from numpy.typing import ArrayLike, NDArray

from analysis.plots.bubbles import (
    Bubbles,
    BubbleScale,
    bubble_key,
    bubble_scale,
    draw_bubbles,
    draw_colour_bar,
)
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
    title_above,
)
from analysis.trace import BASELINE as BASELINE_ARM
from analysis.trace import Trace, weekly
from sim.errors import ForestallError

Floats = NDArray[np.float64]


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
    alone : whether outsiders do nothing in it; its line is grey and dashed then, as in every figure.
    """

    title: str
    deaths: ArrayLike
    displaced: ArrayLike
    peacekeepers: ArrayLike
    weekly_deaths: ArrayLike
    weekly_displaced: ArrayLike
    alone: bool = False


def world_of(trace: Trace, arm: str, title: str) -> World:
    """Return one run of a recorded pair as a world."""
    return World(
        title=title,
        deaths=trace.courses("communities", "killed", arm=arm)[-1],
        displaced=trace.courses("communities", "displaced", arm=arm)[-1],
        peacekeepers=trace.courses("communities", "peacekeepers", arm=arm).max(axis=0),
        weekly_deaths=weekly(trace.course("killed", arm=arm)),
        weekly_displaced=trace.course("displaced", arm=arm),
        alone=arm == BASELINE_ARM,
    )


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
    scale = bubble_scale([_bubbles(left), _bubbles(right)])
    places, frame = place_positions(geography)
    for axes, world in zip(maps, (left, right), strict=True):
        draw_base(axes, geography, places, frame)
        draw_bubbles(axes, geography, places, _bubbles(world), scale)
        axes.set_title(f"{world.title}\n{_totals(world)}", fontsize=14)
    draw_colour_bar(figure, maps, scale)
    weeks = [figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1])]
    alone = None if baseline is None else replace(baseline, alone=True)
    _draw_weeks(weeks, [alone, left, right], shock_week)
    key_below(figure, bubble_key(scale), note=note, columns=7)
    title_above(figure, title)
    _label_maps(figure, maps, geography, places, [left, right], scale)
    return figure


def _bubbles(world: World) -> Bubbles:
    return Bubbles(
        deaths=_array(world.deaths),
        displaced=_array(world.displaced),
        peacekeepers=_array(world.peacekeepers),
    )


def _label_maps(
    figure: Figure,
    maps: Sequence[Axes],
    geography: Geography,
    places: Floats,
    worlds: Sequence[World],
    scale: BubbleScale,
) -> None:
    """Name places on both maps while there is room.

    Those with most displaced people come first, then those abroad, then those with most deaths.
    """
    figure.draw_without_rendering()
    # The layout is final now; a later one would move the maps under their labels.
    figure.set_layout_engine("none")
    deaths = np.stack([_array(world.deaths) for world in worlds]).max(axis=0)
    displaced = np.stack([_array(world.displaced) for world in worlds]).max(axis=0)
    rest = np.lexsort((-displaced, -deaths, geography.home))
    leading = [int(np.argmax(_array(world.displaced))) for world in worlds]
    order = dict.fromkeys([*leading, *rest.tolist()])
    names = edge_names(geography, places)
    for axes, world in zip(maps, worlds, strict=True):
        radius = np.sqrt(scale.area(_array(world.deaths)) / np.pi)
        troops = [text.get_window_extent() for text in axes.findobj(Annotation)]
        label_places(axes, names, places, order=list(order), radius=radius, keep_free=troops)


def _draw_weeks(axes: Sequence[Axes], worlds: Sequence[World | None], shock_week: int) -> None:
    acting: list[tuple[str, Any]] = [(BLUE, "-"), (ORANGE, "-")]
    for world in worlds:
        if world is None:
            continue
        colour, dash = (BASELINE, (0, (3, 1))) if world.alone else acting.pop(0)
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
