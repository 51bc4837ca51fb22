"""The response surface as a terminal shows it: start of action down, dispersion across."""

from __future__ import annotations

import math

import pandas as pd

from analysis.plots.surface_grid import shown_of, spread_over
from analysis.surface import (
    ARRIVAL,
    DISPERSION,
    START,
    arrival_label,
    combinations,
    interval_text,
    intervals,
    lever_label,
    other_levers,
    readable_surface,
    rows_with,
)

_SHOWN = (
    ("p_mass_killing", "probability of mass killing, % of runs [95 % interval]", 100),
    ("deaths_averted", "direct deaths averted, people per run [95 % interval]", 1),
)
MOST_COLUMNS, MOST_STARTS = 7, 16
MOST_LINES, LEAST_PAIRS = 200, 4
"""Lines of all tables together, and pairs of tables that are shown however long they are."""
MOST_LISTED = 30
"""Points that are listed one by one."""


def surface_text(surface: pd.DataFrame) -> str:
    """Return the surface as tables of start by dispersion.

    There is one for each way of arrival and combination of the other levers that vary; the first
    row of each is the same world without outside action. A single start and dispersion under several
    values of other levers is one table with a row for each. Of a large grid some starts, dispersions
    and combinations are shown, spread evenly, under a line that says how many.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    """
    if surface.empty or not {START, DISPERSION, ARRIVAL} <= set(surface.columns):
        return _long(surface)
    others = other_levers(surface)
    if others and len(surface[[START, DISPERSION]].drop_duplicates()) == 1:
        return _long(surface)
    every = combinations(surface, [ARRIVAL, *others])
    shown = _thinned(surface)
    lines = 2 * (shown[START].nunique() + 4)
    pairs = spread_over(range(len(every)), max(LEAST_PAIRS, MOST_LINES // lines))
    kept = [every[place] for place in pairs]
    blocks = []
    counts = [
        (len(kept), len(every), "combinations of arrival and other levers"),
        *(
            (shown[lever].nunique(), surface[lever].nunique(), name)
            for lever, name in ((START, "starts"), (DISPERSION, "dispersions"))
        ),
    ]
    if any(some < most for some, most, _ in counts):
        said = ", ".join(shown_of(*count) for count in counts if count[1] > 1)
        blocks.append(f"{len(surface):,} points, of which are shown: {said}; summary.csv holds all")
    for values in kept:
        rows = rows_with(shown, [ARRIVAL, *others], values)
        words = [lever_label(*pair) for pair in zip(others, values[1:], strict=True)]
        way = ", ".join([arrival_label(values[0]), *words])
        for name, title, scale in _SHOWN:
            blocks.append(f"{title}; {way}\n{_block(rows, name, scale)}")
    return "\n\n".join(blocks)


def _thinned(surface: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of some starts and some dispersions."""
    for lever, most in ((START, MOST_STARTS), (DISPERSION, MOST_COLUMNS)):
        values = sorted(surface[lever].unique())
        kept = [values[place] for place in spread_over(values, most)]
        surface = surface[surface[lever].isin(kept)]
    return surface


def _long(surface: pd.DataFrame) -> str:
    kept = spread_over(range(len(surface)), MOST_LISTED)
    # All rows are told what varies: some of them may agree.
    table = readable_surface(surface).iloc[kept].to_string(index=False)
    if len(kept) == len(surface):
        return str(table)
    return f"{shown_of(len(kept), len(surface), 'points')}; summary.csv holds all\n{table}"


def _block(rows: pd.DataFrame, name: str, scale: int) -> str:
    cells = rows.assign(text=[interval_text(value, scale) for value in intervals(rows, name)])
    table = cells.pivot(index=START, columns=DISPERSION, values="text").fillna("-")
    table.index = pd.Index([_start(value) for value in table.index])
    table.columns = pd.Index([f"dispersion {value:g}" for value in table.columns])
    if name == "p_mass_killing":
        # One baseline a dispersion: any row of it will do.
        first = rows.drop_duplicates(DISPERSION).sort_values(DISPERSION)
        without = [interval_text(value, scale) for value in intervals(first, f"baseline_{name}")]
        above = pd.DataFrame([without], index=["no action"], columns=table.columns)
        table = pd.concat([above, table])
    return str(table.to_string())


def _start(weeks: float) -> str:
    if math.isinf(weeks):
        return "never"
    return f"week {weeks:+g}" if weeks else "week 0"
