"""The country in one week as an SVG picture: one look and one scale for both worlds of a pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape

import matplotlib
import numpy as np
from matplotlib.colors import to_hex

from analysis.app.course import Courses
from analysis.app.recorder import FIELDS, KINDS, Course, Floats
from analysis.plots.bubbles import FEWEST
from analysis.plots.country_map import edge_names, place_positions
from analysis.plots.figure import BLUE, number, short_number

WIDTH = 440.0
LEAST, MOST = 4.0, 24.0  # radius of a bubble without a death, and of the most
SHADES = tuple(to_hex(matplotlib.colormaps["cividis_r"](share)) for share in np.linspace(0, 1, 33))
# From dark to light, so that they are told apart in grey; a thin frame holds the lightest.
ARMED_COLOURS = dict(zip(KINDS, ("#1F1F1F", "#C4500A", "#F0BFDC"), strict=True))
ARMED_NAMES = dict(zip(KINDS, ("state forces", "militias", "rebels"), strict=True))
_NAMES = 15  # size of a place's name, picture units
_CHARACTER, _LINE = 8.3, 16.0  # rough extent of a letter of it
_MOST_LABELS = 9


@dataclass(frozen=True, eq=False)
class MapMaker:
    """Draws any week of either world of a pair, all on one scale."""

    courses: Courses

    @cached_property
    def _frame(self) -> tuple[Floats, float]:
        """Where each place is drawn, shape (N, 2), and how high the picture is."""
        geography = self.courses.geography
        degrees, frame = place_positions(geography)
        narrower = np.cos(np.deg2rad((frame.y0 + frame.y1) / 2))
        unit = WIDTH / (frame.width * narrower)
        height = float(frame.height * unit)
        across = (degrees[:, 0] - frame.x0) * narrower * unit
        down = (frame.y1 - degrees[:, 1]) * unit
        return np.column_stack([across, down]), height

    @cached_property
    def most(self) -> dict[str, float]:
        """The largest number of any place and week in either world, by field."""
        both = (self.courses.first, self.courses.second)
        found = {name: max(float(c.places[name].max()) for c in both) for name in FIELDS}
        found["armed"] = max(
            float(sum(c.places[kind] for kind in KINDS).max())  # type: ignore[union-attr]
            for c in both
        )
        return found

    @property
    def height(self) -> float:
        """Height of the picture where its width is `WIDTH`."""
        return self._frame[1]

    def draw(self, course: Course, week: int, *, said: str, hidden: tuple[str, ...] = ()) -> str:
        """Return the picture of a week.

        Parameters
        ----------
        said : what the picture shows in one sentence, for who cannot see it.
        hidden : which of `analysis.app.shown.LAYERS` are left out.
        """
        marks = "".join(self._marks(course, week, hidden))
        return (
            f'<svg viewBox="0 0 {WIDTH:.0f} {self.height:.0f}" role="img" '
            f'aria-label="{escape(said)}" xmlns="http://www.w3.org/2000/svg" '
            'font-family="DejaVu Sans, Arial, sans-serif">'
            f"{self._roads}{marks}{self._labels}</svg>"
        )

    def _marks(self, course: Course, week: int, hidden: tuple[str, ...]) -> Iterator[str]:
        values = {name: rows[week] for name, rows in course.places.items()}
        radius = self.radius(values["killed"])
        abroad = np.asarray(self.courses.geography.abroad)
        for place in np.argsort(-radius, kind="stable"):
            at, r = self._frame[0][place], float(radius[place])
            here = {name: float(column[place]) for name, column in values.items()}
            yield f"<g><title>{escape(self._told(int(place), here))}</title>"
            if "flight" not in hidden and here["leaving"] >= 1.0:
                yield _leaving(at, r, here["leaving"] / max(self.most["leaving"], 1.0))
            yield _bubble(at, r, self.shade(here["displaced"]), square=bool(abroad[place]))
            if "armed" not in hidden:
                yield _armed(at, r, here, max(self.most["armed"], 1.0))
            if "peacekeepers" not in hidden and here["peacekeepers"] >= FEWEST:
                yield _troops(at, r, here["peacekeepers"] / max(self.most["peacekeepers"], FEWEST))
            yield "</g>"

    def radius(self, killed: Floats) -> Floats:
        """Return the radius of bubbles: their area grows with direct deaths so far."""
        share = killed / max(self.most["killed"], 50.0)
        return np.asarray(np.sqrt(LEAST**2 + (MOST**2 - LEAST**2) * share))

    def shade(self, displaced: float) -> str:
        """Return the colour of so many displaced people in a place."""
        return SHADES[round(self._on_scale(displaced) * (len(SHADES) - 1))]

    def _on_scale(self, displaced: float) -> float:
        """Return where so many displaced people stand on the scale of log(1 + people), 0 to 1."""
        return float(np.log1p(displaced) / np.log1p(max(self.most["displaced"], 10.0)))

    def scale(self) -> str:
        """Return the scale of colours as a picture, with its ticks in people."""
        wide, high, left = 150, 9, 8
        most = self.most["displaced"]
        parts = "".join(
            f'<rect x="{left + wide * step / len(SHADES):.2f}" width="{wide / len(SHADES) + 0.4:.2f}" '
            f'height="{high}" fill="{colour}"/>'
            for step, colour in enumerate(SHADES)
        )
        for people in (0, 100, 10_000, 1_000_000):
            if people <= most:
                x = left + wide * self._on_scale(people)
                parts += (
                    f'<path d="M{x:.1f} 0V{high + 3}" stroke="#333"/><text x="{x:.1f}" y="{high + 15}" '
                    f'text-anchor="middle" fill="#333">{short_number(people)}</text>'
                )
        return (
            f'<svg width="{wide + 4 * left}" height="{high + 18}" font-size="12" aria-hidden="true">'
            f"{parts}</svg>"
        )

    def _told(self, place: int, here: dict[str, float]) -> str:
        name = str(self.courses.geography.names[place]).replace("_", " ")
        armed = ", ".join(
            f"{number(here[kind])} {ARMED_NAMES[kind]}" for kind in KINDS if here[kind] >= 1
        )
        parts = [
            f"{number(here['killed'])} killed so far",
            f"{number(here['displaced'])} displaced people here",
            f"{number(here['leaving'])} leaving this week",
            f"{number(here['peacekeepers'])} peacekeepers",
            armed or "nobody armed",
        ]
        return f"{name}: " + "; ".join(parts)

    @cached_property
    def _roads(self) -> str:
        places, geography = self._frame[0], self.courses.geography
        ends = zip(np.ravel(geography.road_from), np.ravel(geography.road_to), strict=True)
        lines = "".join(
            f"M{_at(places[int(start)])}L{_at(places[int(end)])}" for start, end in ends
        )
        return f'<path d="{lines}" stroke="#C9C9C9" stroke-width="1.2" fill="none"/>'

    @cached_property
    def _labels(self) -> str:
        """Names that stay where they are in every week of both worlds."""
        places, geography = self._frame[0], self.courses.geography
        both = (self.courses.first.places, self.courses.second.places)
        deaths = np.maximum(both[0]["killed"][-1], both[1]["killed"][-1])
        radius = self.radius(deaths)
        moved, _ = place_positions(geography)
        names = edge_names(geography, moved)
        taken = [
            (x - 0.7 * r, y - 0.7 * r, x + 0.7 * r, y + 0.7 * r)
            for (x, y), r in zip(places, radius, strict=True)
        ]
        written: list[str] = []
        for place in np.argsort(-deaths, kind="stable"):
            if len(written) == _MOST_LABELS:
                break
            spot = self._free_spot(places[place], float(radius[place]), names[place], taken)
            if spot is not None:
                x, y, anchor, box = spot
                taken.append(box)
                written.append(
                    f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
                    f"{escape(names[place])}</text>"
                )
        return (
            f'<g class="names" font-size="{_NAMES}" fill="#222" stroke="#fff" stroke-width="3" '
            f'paint-order="stroke" stroke-linejoin="round" aria-hidden="true">{"".join(written)}</g>'
        )

    def _free_spot(
        self, at: Floats, r: float, name: str, taken: list[tuple[float, float, float, float]]
    ) -> tuple[float, float, str, tuple[float, float, float, float]] | None:
        x, y = float(at[0]), float(at[1])
        long = _CHARACTER * len(name)
        sides = (
            (x + r + 3, y + 5, "start", 0.0), (x - r - 3, y + 5, "end", long),
            (x, y - r - 4, "middle", long / 2), (x, y + r + 16, "middle", long / 2),
        )  # fmt: skip
        for left, base, anchor, back in sides:
            box = (left - back, base - _LINE + 3, left - back + long, base + 3)
            inside = box[0] > 2 and box[2] < WIDTH - 2 and box[1] > 2 and box[3] < self.height - 2
            if inside and not any(_overlap(box, other) for other in taken):
                return left, base, anchor, box
        return None


def _at(point: Floats) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    return not apart


def _bubble(at: Floats, r: float, colour: str, *, square: bool) -> str:
    look = f'fill="{colour}" stroke="#333" stroke-width="1"'
    if square:
        side = 1.8 * r
        return (
            f'<rect x="{at[0] - side / 2:.1f}" y="{at[1] - side / 2:.1f}" width="{side:.1f}" '
            f'height="{side:.1f}" {look}/>'
        )
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{r:.1f}" {look}/>'


def _leaving(at: Floats, r: float, share: float) -> str:
    """A dashed ring, wider the more people set out in the week."""
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{r + 3 + 9 * share**0.5:.1f}" fill="none" '
        f'stroke="{BLUE}" stroke-width="1.6" stroke-dasharray="2 3"/>'
    )


def _armed(at: Floats, r: float, here: dict[str, float], most: float) -> str:
    """A bar under the place: its length grows with armed persons, its parts are their kinds."""
    total = sum(here[kind] for kind in KINDS)
    if total < 1.0:
        return ""
    long = 4 + 26 * (total / most) ** 0.5
    left, parts = at[0] - long / 2, []
    for kind in KINDS:
        share = long * here[kind] / total
        parts.append(
            f'<rect x="{left:.1f}" y="{at[1] + r + 2:.1f}" width="{share:.1f}" height="3.6" '
            f'fill="{ARMED_COLOURS[kind]}" stroke="#333" stroke-width="0.4"/>'
        )
        left += share
    return "".join(parts)


def _troops(at: Floats, r: float, share: float) -> str:
    side = 6 + 8 * share**0.5
    x, y = float(at[0]), float(at[1]) - r - 1
    return (
        f'<path d="M{x - side / 2:.1f} {y:.1f}L{x + side / 2:.1f} {y:.1f}L{x:.1f} '
        f'{y - side:.1f}Z" fill="{BLUE}" stroke="#fff" stroke-width="0.8"/>'
    )
