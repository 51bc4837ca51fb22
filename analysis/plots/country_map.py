"""Places, roads and labels of a country drawn on a plane, for every figure that needs a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke
from matplotlib.transforms import Bbox, BboxBase
from numpy.typing import ArrayLike, NDArray

from analysis.plots.figure import MINUS
from sim.errors import ForestallError

Floats = NDArray[np.float64]
ARROWS = "→↗↑↖←↙↓↘"
_HALO = (Stroke(linewidth=3, foreground="white"), Normal())
_OFF = (14.0, 26.0, 40.0, 56.0)  # of names that a line joins to their place, points
_APART = 5.0  # by which the own bubble of a name is nearer than any other, points
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


@dataclass(frozen=True, kw_only=True)
class Geography:
    """Where the N places of a country lie and which roads join them.

    Attributes
    ----------
    latitude, longitude : shape (N,), degrees.
    names : N names.
    abroad : shape (N,), True for a place in a neighbouring country.
    road_from, road_to : shape (E,), the places that each road joins, in 0..N-1.
    """

    latitude: ArrayLike
    longitude: ArrayLike
    names: Sequence[str]
    abroad: ArrayLike
    road_from: ArrayLike
    road_to: ArrayLike

    @property
    def home(self) -> NDArray[np.bool_]:
        """Which places are in the country itself."""
        return ~np.asarray(self.abroad, dtype=bool)


def check_geography(geography: Geography) -> None:
    """Raise a `ForestallError` unless the arrays fit each other and there is a place at home."""
    n = len(geography.names)
    for name in ("latitude", "longitude", "abroad"):
        if np.shape(getattr(geography, name)) != (n,):
            raise ForestallError(f"map: {name} is not one value for each of the {n} places")
    if not geography.home.any():
        raise ForestallError("map: there is no place in the country itself")
    roads = np.concatenate([np.ravel(geography.road_from), np.ravel(geography.road_to)])
    if roads.size and not (roads.min() >= 0 and roads.max() < n):
        raise ForestallError(f"map: a road joins a place outside 0..{n - 1}")


def place_positions(geography: Geography, *, margin: float = 0.16) -> tuple[Floats, Bbox]:
    """Return where to draw each place, shape (N, 2) in degrees, and the frame of the map.

    The frame holds the country itself with a margin (share of its size). A place abroad beyond
    the frame is drawn on its edge, in its direction: it would shrink the country otherwise.
    """
    places = np.column_stack(
        [np.asarray(geography.longitude, float), np.asarray(geography.latitude, float)]
    )
    home = places[geography.home]
    low, high = home.min(axis=0), home.max(axis=0)
    room = margin * max(float((high - low).max()), 0.1)
    frame = Bbox.from_extents(*(low - room), *(high + room))
    centre = (low + high) / 2
    inner = (high - low) / 2 + 0.72 * room
    offset = places - centre
    beyond = np.abs(offset / inner).max(axis=1, keepdims=True)
    return centre + offset / np.maximum(beyond, 1), frame


def draw_base(axes: Axes, geography: Geography, places: Floats, frame: Bbox) -> None:
    """Draw the roads and set the frame so that a kilometre is as long in both directions."""
    ends = (np.asarray(geography.road_from, int), np.asarray(geography.road_to, int))
    for start, end in zip(*ends, strict=True):
        axes.plot(*places[[start, end]].T, color="#BDBDBD", linewidth=1.4, zorder=1)
    axes.set_xlim(frame.x0, frame.x1)
    axes.set_ylim(frame.y0, frame.y1)
    axes.set_aspect(1 / np.cos(np.deg2rad((frame.y0 + frame.y1) / 2)))
    axes.xaxis.set_major_formatter(lambda value, _: _degrees(value, "E", "W"))
    axes.yaxis.set_major_formatter(lambda value, _: _degrees(value, "N", "S"))
    axes.locator_params(nbins=4)
    axes.tick_params(colors="#6B6B6B", labelsize=11)
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("#BDBDBD")


def label_places(
    axes: Axes,
    names: Sequence[str],
    places: Floats,
    *,
    order: Sequence[int],
    radius: Floats,
    keep_free: Sequence[Bbox] = (),
    most: int = 12,
) -> list[int]:
    """Write names beside places, the first in `order` first, and leave out what would overlap.

    Call it when the layout of the figure is final. Nothing is written over a label, over a bubble,
    or beyond the frame. A name stands nearer to its own bubble than to any other; where there is no
    such room it stands farther off, and a line joins it to its place.

    Parameters
    ----------
    order : indices of the places, most important first.
    radius : shape (N,), radius of each bubble, points.
    keep_free : boxes of the canvas, pixels, that no label may cover.
    most : number of labels after which to stop.

    Returns
    -------
    list of int
        The places that got their name.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    per_point = figure.dpi / 72
    pixels = axes.transData.transform(places)
    discs = zip(pixels, 0.8 * radius[:, None] * per_point, strict=True)
    room = _Room(
        centres=pixels,
        radius=radius * per_point,
        margin=_APART * per_point,
        frame=axes.get_window_extent(),
        discs=[Bbox.from_extents(*(p - r), *(p + r)) for p, r in discs],
        taken=list(keep_free),
    )
    done: list[int] = []
    for place in order:
        if len(done) >= most:
            break
        if any(
            _fit(axes, names[place], places[place], place, float(radius[place]), room, off)
            for off in (0.0, *_OFF)
        ):
            done.append(place)
    return done


@dataclass(frozen=True, kw_only=True)
class _Room:
    """Where names may stand: centres, radii and boxes of bubbles, and what is taken, pixels."""

    centres: Floats
    radius: Floats
    margin: float
    frame: BboxBase
    discs: list[Bbox]
    taken: list[BboxBase]

    def is_free(self, box: BboxBase) -> bool:
        """Return whether a box lies within the frame and over nothing that is there."""
        frame = self.frame
        inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        return inside and not any(box.overlaps(other) for other in (*self.taken, *self.discs))

    def belongs(self, box: BboxBase, place: int, *, joined: bool) -> bool:
        """Return whether a box is clearly nearer to its bubble than to others, or joined and apart."""
        nearest = np.clip(self.centres, (box.x0, box.y0), (box.x1, box.y1))
        gaps = np.hypot(*(nearest - self.centres).T) - self.radius
        others = np.delete(gaps, place)
        own = 0.0 if joined else max(gaps[place], 0.0)
        return not others.size or bool(others.min() > own + self.margin)

    def path(self, box: BboxBase, place: int) -> list[Bbox] | None:
        """Return a line from a place to a box as small boxes; None if it would cross anything."""
        start = self.centres[place]
        end = np.clip(start, (box.x0, box.y0), (box.x1, box.y1))
        steps = [start + part * (end - start) for part in np.linspace(0, 1, 24)[:-1]]
        dots = [Bbox.from_extents(*(at - 1), *(at + 1)) for at in steps]
        others = [*self.taken, *self.discs[:place], *self.discs[place + 1 :]]
        crossed = any(dot.overlaps(other) for dot in dots for other in others)
        return None if crossed else dots


def _fit(
    axes: Axes, name: str, at: Floats, place: int, radius: float, room: _Room, off: float
) -> bool:
    """Write a name at the first free side of its place, `off` points away; False if none is free."""
    for across, up in _AROUND:
        reach = (radius + 3) * (0.75 if across and up else 1) + off * (0.71 if across and up else 1)
        text = axes.annotate(
            name, (float(at[0]), float(at[1])), (across * reach, up * reach), fontsize=11,
            textcoords="offset points",
            ha={1: "left", 0: "center", -1: "right"}[across],
            va={1: "bottom", 0: "center", -1: "top"}[up], zorder=6, path_effects=_HALO,
        )  # fmt: skip
        box = text.get_window_extent()
        if room.is_free(box) and room.belongs(box, place, joined=off > 0):
            line = room.path(box, place) if off else []
            if line is not None:
                room.taken.extend([box, *line])
                if off:
                    _join(axes, at, box)
                return True
        text.remove()
    return False


def _join(axes: Axes, at: Floats, box: BboxBase) -> None:
    """Draw a thin line from a place to the nearest point of its name, under the bubbles."""
    start = axes.transData.transform(at)
    end = np.clip(start, (box.x0, box.y0), (box.x1, box.y1))
    ends = np.stack([at, axes.transData.inverted().transform(end)])
    axes.plot(*ends.T, color="black", linewidth=0.9, zorder=2, gid="leader")


def edge_names(geography: Geography, places: Floats) -> list[str]:
    """Return the names to write; a place drawn on the edge gets an arrow to where it lies."""
    true = np.column_stack(
        [np.asarray(geography.longitude, float), np.asarray(geography.latitude, float)]
    )
    names = []
    for name, (east, north) in zip(geography.names, true - places, strict=True):
        sector = round(float(np.arctan2(north, east)) / (np.pi / 4)) % 8
        moved = np.hypot(east, north) > 0.05
        names.append(name.replace("_", " ") + (f" {ARROWS[sector]}" if moved else ""))
    return names


def _degrees(value: float, positive: str, negative: str) -> str:
    side = positive if value > 0 else negative if value < 0 else ""
    return f"{abs(value):g}°{side}".replace("-", MINUS)
