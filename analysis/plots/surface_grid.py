"""A surface table laid out as grids: start along x, dispersion along y.

There is one grid for each way of arrival and each combination of the other levers that vary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import UNKNOWN, Interval
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


@dataclass(frozen=True)
class Grid:
    """The part of a surface that is one panel; rows of `cells` are dispersion, then start."""

    title: str
    starts: tuple[float, ...]
    dispersions: tuple[float, ...]
    cells: dict[tuple[float, float], pd.Series]

    def interval(self, name: str, line: int, column: int) -> Interval:
        """Return one effect of one cell; NaN where the design has no such point."""
        row = self.cells.get((self.dispersions[line], self.starts[column]))
        if row is None:
            return UNKNOWN
        return Interval(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))

    def values(self, name: str) -> NDArray[np.float64]:
        """Return the estimates of one effect, shape (dispersions, starts)."""
        return np.array(
            [
                [self.interval(name, line, column).estimate for column in range(len(self.starts))]
                for line in range(len(self.dispersions))
            ]
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
    result = []
    for values in parts:
        rows = rows_with(table, [ARRIVAL, *others], values)
        cells = {(row[DISPERSION], row[START]): row for _, row in rows.iterrows()}
        words = [lever_label(*pair) for pair in zip(others, values[1:], strict=True)]
        title = "\n".join([arrival_label(values[0]).capitalize(), *words])
        result.append(Grid(title, starts, dispersions, cells))
    return result


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
