"""The response surface as a terminal shows it: start of action down, dispersion across."""

from __future__ import annotations

import math

import pandas as pd

from analysis.surface import ARRIVAL, DISPERSION, START, intervals, readable_surface

_SHOWN = (
    ("p_mass_killing", "probability of mass killing, % of runs [95 % interval]", 100),
    ("deaths_averted", "direct deaths averted, people per run [95 % interval]", 1),
)


def surface_text(surface: pd.DataFrame) -> str:
    """Return the surface as tables of start by dispersion, one for each way of arrival.

    The first row of each is the same world without outside action. A design that varies other
    levers is shown as one long table.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    """
    if surface.empty or not {START, DISPERSION, ARRIVAL} <= set(surface.columns):
        return _long(surface)
    table = surface.assign(**{ARRIVAL: surface[ARRIVAL].fillna(-1.0)})
    if table.duplicated([START, DISPERSION, ARRIVAL]).any():
        return _long(surface)
    blocks = []
    for arrival, rows in table.groupby(ARRIVAL):
        way = "arrival bargained" if arrival < 0 else f"arrival {arrival:g} weeks after the start"
        for name, title, scale in _SHOWN:
            blocks.append(f"{title}; {way}\n{_block(rows, name, scale)}")
    return "\n\n".join(blocks)


def _long(surface: pd.DataFrame) -> str:
    return str(readable_surface(surface).to_string(index=False))


def _block(rows: pd.DataFrame, name: str, scale: int) -> str:
    cells = rows.assign(text=[_text(*value, scale) for value in intervals(rows, name)])
    table = cells.pivot(index=START, columns=DISPERSION, values="text").fillna("-")
    table.index = pd.Index([_start(value) for value in table.index])
    table.columns = pd.Index([f"dispersion {value:g}" for value in table.columns])
    if name == "p_mass_killing":
        # One baseline a dispersion: any row of it will do.
        first = rows.drop_duplicates(DISPERSION).sort_values(DISPERSION)
        without = [_text(*value, scale) for value in intervals(first, f"baseline_{name}")]
        above = pd.DataFrame([without], index=["no action"], columns=table.columns)
        table = pd.concat([above, table])
    return str(table.to_string())


def _start(weeks: float) -> str:
    if math.isinf(weeks):
        return "never"
    return f"week {weeks:+g}" if weeks else "week 0"


def _text(estimate: float, low: float, high: float, scale: int) -> str:
    if math.isnan(estimate):
        return "-"
    digits = 1 if scale == 100 else 0
    middle = f"{estimate * scale:,.{digits}f}"
    if math.isnan(low):
        return middle
    return f"{middle} [{low * scale:,.{digits}f}, {high * scale:,.{digits}f}]"
