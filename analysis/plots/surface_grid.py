"""A surface table laid out as grids: start along x, dispersion along y.

There is one grid for each way of arrival and each combination of the other levers that vary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.intervals import Interval
from analysis.plots.figure import number
from analysis.surface import (
    ARRIVAL,
    DISPERSION,
    START,
    arrival_label,
    combinations,
    lever_label,
    other_levers,
    rows_with,
)
from sim.errors import ForestallError

MOST_GRIDS = 6
MOST_VALUES = 15
"""Values of an axis that have room for words, or for markers, of their own."""
_ALL_COLUMNS, _FEW_COLUMNS = 40, 8


@dataclass(frozen=True, eq=False)
class Grid:
    """The part of a surface that is one panel.

    `cells` has a row for each dispersion and start, starts running faster; of a combination that the
    design lacks everything is unknown.
    """

    title: str
    starts: tuple[float, ...]
    dispersions: tuple[float, ...]
    cells: pd.DataFrame

    def interval(self, name: str, line: int, column: int) -> Interval:
        """Return one effect of one cell; NaN where the design has no such point."""
        place = line * len(self.starts) + column
        ends = (name, f"{name}_low", f"{name}_high")
        return Interval(*(float(self.cells[end].array[place]) for end in ends))

    def values(self, name: str) -> NDArray[np.float64]:
        """Return one column of the cells, such as an effect, shape (dispersions, starts)."""
        shape = (len(self.dispersions), len(self.starts))
        values: NDArray[np.float64] = self.cells[name].to_numpy(np.float64).reshape(shape)
        return values

    def unclear(self, name: str) -> NDArray[np.bool_]:
        """Return in which cells an interval includes zero or is unknown, shape as of `values`."""
        low, high = self.values(f"{name}_low"), self.values(f"{name}_high")
        return ~((low > 0) | (high < 0))

    def part(self, lines: Sequence[int], columns: Sequence[int]) -> Grid:
        """Return the grid of some dispersions and some starts, by their places."""
        places = np.add.outer(np.array(lines) * len(self.starts), np.array(columns)).ravel()
        return Grid(
            self.title,
            tuple(self.starts[column] for column in columns),
            tuple(self.dispersions[line] for line in lines),
            self.cells.iloc[places],
        )

    @property
    def dispersion_labels(self) -> list[str]:
        """Labels of the dispersions, with what 0 and 1 mean."""
        words = {0.0: "united  ", 1.0: "divided  "}
        return [f"{words.get(value, '')}{value:g}" for value in self.dispersions]


def grids(surface: pd.DataFrame) -> list[Grid]:
    """Return one grid for each way of arrival and combination of other levers that vary.

    Bargained arrival comes first, then by weeks after the start; other levers in their order. A
    surface without a dispersion or an arrival column counts as united and bargained.

    Raises
    ------
    ForestallError
        There is no ``action.start``, two rows fall into one cell, or there are more grids than a
        figure can hold.
    """
    if START not in surface.columns:
        raise ForestallError(f"figure: the surface has no lever {START!r}")
    table = surface.copy()
    for lever, alone in ((DISPERSION, 0.0), (ARRIVAL, np.nan)):
        table[lever] = table[lever].astype(float) if lever in table.columns else alone
    table[START] = table[START].astype(float)
    others = other_levers(table)
    if table.duplicated([START, DISPERSION, ARRIVAL, *others]).any():
        raise ForestallError("figure: a combination of levers is listed twice")
    parts = combinations(table, [ARRIVAL, *others])
    if len(parts) > MOST_GRIDS:
        raise ForestallError(
            f"figure: {', '.join([*others, ARRIVAL])} make {len(parts)} panels, at most "
            f"{MOST_GRIDS} fit; the table and summary.csv hold all"
        )
    starts, dispersions = (tuple(sorted(table[name].unique())) for name in (START, DISPERSION))
    every = pd.MultiIndex.from_product([dispersions, starts], names=[DISPERSION, START])
    result = []
    for values in parts:
        rows = rows_with(table, [ARRIVAL, *others], values)
        cells = rows.set_index([DISPERSION, START]).reindex(every)
        words = [lever_label(*pair) for pair in zip(others, values[1:], strict=True)]
        title = "\n".join([arrival_label(values[0]).capitalize(), *words])
        result.append(Grid(title, starts, dispersions, cells))
    return result


def most_starts(panels: int) -> int:
    """Return how many starts have room for words, or for markers, in each of some panels."""
    return min(MOST_VALUES, max(_FEW_COLUMNS, _ALL_COLUMNS // panels))


def shown_of(shown: int, every: int, what: str) -> str:
    """Return in words how many of something are shown: ``12 of 100 starts``, or ``all 5 starts``."""
    return f"{shown:,} of {every:,} {what}" if shown < every else f"all {every:,} {what}"


def spread_over(values: Sequence[float], most: int) -> list[int]:
    """Return the places of at most so many of some sorted values, spread evenly, both ends among them.

    All of them where there are no more. Round values (0, 10, 20) are preferred where there are some
    at even places; infinity at the end is an end like any other.

    Parameters
    ----------
    most : 3 or more.
    """
    count = len(values)
    if count <= most:
        return list(range(count))
    places = _with_ends(_round_places(np.asarray(values, dtype=np.float64), most - 2), count)
    if most // 2 <= len(places) <= most:
        return places
    return _with_ends(list(range(0, count, -(-(count - 1) // (most - 1)))), count)


def _with_ends(places: list[int], count: int) -> list[int]:
    """Return even places and both ends, which replace a place too close to them; else none."""
    gaps = np.diff(places)
    if not gaps.size or gaps.max() > 1.5 * gaps.min():
        return []
    room = 0.7 * gaps.min()
    return [0, *(place for place in places if room <= place <= count - 1 - room), count - 1]


def _round_places(values: NDArray[np.float64], most: int) -> list[int]:
    """Return the places of the values that are round, at most so many."""
    known = values[np.isfinite(values)]
    if known.size < 2:
        return []
    ticks = MaxNLocator(max(most, 1), steps=[1, 2, 5, 10]).tick_values(known[0], known[-1])
    close = 1e-6 * (known[-1] - known[0])
    return [
        int(place) for place, value in enumerate(values)
        if np.isfinite(value) and np.abs(ticks - value).min() <= close
    ]  # fmt: skip


def start_axis_label(inches: float) -> str:
    """Return the label of the axis of starts, in two lines where its panel is narrow."""
    joint = " " if inches > 4.6 else "\n"
    return f"start of outside action{joint}(weeks from the shock)"


def start_label(start: float) -> str:
    """Return a start in weeks from the shock as text; infinity is never."""
    return "never" if np.isinf(start) else number(start)


def shock_position(starts: Sequence[float]) -> float | None:
    """Return where week 0 falls on evenly spaced starts: before the first that is not earlier.

    None when all starts lie on one side, where the axis has no place for it.
    """
    before = sum(start < 0 for start in starts)
    return before - 0.5 if 0 < before < len(starts) or (before == 0 and 0 in starts) else None
