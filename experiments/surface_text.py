"""The response surface as a terminal shows it: start of action down, dispersion across."""

from __future__ import annotations

import math

import pandas as pd

from analysis.surface import (
    ARRIVAL,
    DISPERSION,
    START,
    interval_text,
    intervals,
    lever_label,
    other_levers,
    readable_surface,
)

_SHOWN = (
    ("p_mass_killing", "probability of mass killing, % of runs [95 % interval]", 100),
    ("deaths_averted", "direct deaths averted, people per run [95 % interval]", 1),
)


def surface_text(surface: pd.DataFrame) -> str:
    """Return the surface as tables of start by dispersion.

    There is one for each way of arrival and combination of the other levers that vary; the first
    row of each is the same world without outside action. What does not fit is one long table.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    """
    if surface.empty or not {START, DISPERSION, ARRIVAL} <= set(surface.columns):
        return _long(surface)
    table = surface.assign(**{ARRIVAL: surface[ARRIVAL].fillna(-1.0)})
    others = other_levers(surface)
    if table[[START, DISPERSION]].drop_duplicates().shape[0] == 1 and others:
        return _long(surface)
    blocks = []
    for (arrival, *values), rows in table.groupby([ARRIVAL, *others], sort=False):
        way = "arrival bargained" if arrival < 0 else f"arrival {arrival:g} weeks after the start"
        for lever, value in zip(others, values, strict=True):
            way += f", {lever_label(lever, value)}"
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
