"""The response surface as a terminal shows it: start of action down, dispersion across."""

from __future__ import annotations

import math

import pandas as pd

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


def surface_text(surface: pd.DataFrame) -> str:
    """Return the surface as tables of start by dispersion.

    There is one for each way of arrival and combination of the other levers that vary; the first
    row of each is the same world without outside action. A single start and dispersion under several
    values of other levers is one table with a row for each.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    """
    if surface.empty or not {START, DISPERSION, ARRIVAL} <= set(surface.columns):
        return _long(surface)
    others = other_levers(surface)
    if others and len(surface[[START, DISPERSION]].drop_duplicates()) == 1:
        return _long(surface)
    blocks = []
    for values in combinations(surface, [ARRIVAL, *others]):
        rows = rows_with(surface, [ARRIVAL, *others], values)
        words = [lever_label(*pair) for pair in zip(others, values[1:], strict=True)]
        way = ", ".join([arrival_label(values[0]), *words])
        for name, title, scale in _SHOWN:
            blocks.append(f"{title}; {way}\n{_block(rows, name, scale)}")
    return "\n\n".join(blocks)


def _long(surface: pd.DataFrame) -> str:
    return str(readable_surface(surface).to_string(index=False))


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
