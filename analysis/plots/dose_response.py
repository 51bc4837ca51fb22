"""How outcomes answer to the dose of a measure: estimates over its intensity, with bands."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.intervals import Interval
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    MINUS,
    VERMILION,
    count_people,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
)
from analysis.surface import (
    ARRIVAL,
    DISPERSION,
    START,
    combinations,
    intervals,
    lever_columns,
    other_levers,
    point_label,
    rows_with,
)
from sim.errors import ForestallError, unknown_name

MOST_COLUMNS = 4


@dataclass(frozen=True)
class _Line:
    """An effect of the surface drawn over the dose, in a colour with a marker."""

    effect: str
    colour: str
    marker: str
    label: str


@dataclass(frozen=True)
class _Row:
    title: str
    unit: str
    scale: float
    lines: tuple[_Line, ...]


_ROWS = (
    _Row("mass killing", "% of runs", 100.0, (_Line("p_mass_killing", BLUE, "o", "action"),)),
    _Row(
        "direct deaths averted", "people per run", 1.0,
        (_Line("deaths_averted", BLUE, "o", "action"),),
    ),
    _Row(
        "pairs whose deaths differ", "% of pairs", 100.0,
        (
            _Line("probability_help", BLUE, "o", "action"),
            _Line("probability_harm", VERMILION, "^", "more deaths with action than without"),
        ),
    ),
)  # fmt: skip


@in_house_look
def dose_response(
    surface: pd.DataFrame,
    *,
    dose: str | None = None,
    unit: str = "",
    title: str = "What more of it changes",
) -> Figure:
    """Return mass killing, deaths averted, and harm and help over the dose, each with its band.

    One column for each combination of the other levers that vary, at most four: those at the ends of
    their values. Bands are the 95 % intervals of the points, joined; what no action gives is a dashed
    line, with a band of its own for mass killing.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    dose : the lever along the axis; the first of `dose_levers` when None.
    unit : of the dose, for the axis.

    Raises
    ------
    ForestallError
        The design varies no such lever.
    """
    known = dose_levers(surface)
    if not known:
        raise ForestallError("dose_response: the design varies no lever that is a number")
    if dose is not None and dose not in known:
        raise unknown_name("dose", dose, known)
    dose = dose or known[0]
    run = surface[surface["n"] > 0]
    columns, left_out = _columns(run, dose)
    if not columns:
        return say_instead("No runs yet: there is no response to show.")
    size = (max(9.0, 2.4 + 3.5 * len(columns)), 9.4)
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(3, len(columns), squeeze=False, sharex=True, sharey="row")
    for column, (label, rows) in enumerate(columns):
        for axes, row in zip(panels[:, column], _ROWS, strict=True):
            _draw_panel(axes, rows, dose, row)
        panels[0, column].set_title(textwrap.fill(label, 28))
        panels[-1, column].set_xlabel(_dose_label(dose, unit))
    for line, row in zip(panels, _ROWS, strict=True):
        _finish(line, row)
    key_below(figure, _key(), note=_note(dose, left_out), columns=4)
    title_above(figure, title)
    return figure


def dose_levers(surface: pd.DataFrame) -> list[str]:
    """Return the numbers in which points differ alone: intensities, others, start, dispersion.

    A lever that is sampled together with others is none: few of its points, or no two, share the rest.
    """
    order = [*other_levers(surface), START, DISPERSION]
    found = [
        name
        for name in order
        if name in surface.columns and _is_dose(surface[name]) and _varies_alone(surface, name)
    ]
    return sorted(found, key=lambda name: not name.endswith(".intensity"))


def _varies_alone(surface: pd.DataFrame, dose: str) -> bool:
    rest = [name for name in lever_columns(surface) if name != dose]
    return not rest or bool(surface.duplicated(rest, keep=False).mean() > 0.5)


def _is_dose(values: pd.Series) -> bool:
    if not all(isinstance(value, Real) and not isinstance(value, bool) for value in values):
        return False
    known = values[np.isfinite(values.astype(float))]
    return bool(known.nunique() > 1)


def _columns(run: pd.DataFrame, dose: str) -> tuple[list[tuple[str, pd.DataFrame]], int]:
    """Return labelled groups of rows, each over the dose, and how many are left out."""
    others = [
        name
        for name in (START, DISPERSION, ARRIVAL, *other_levers(run))
        if name != dose and name in run.columns and run[name].nunique(dropna=False) > 1
    ]
    values = combinations(run, others) if others else [()]
    shown = _ends(values)
    plain = run.drop(columns=dose)
    columns = []
    for value in shown:
        rows = rows_with(run, others, value)
        rows = rows[np.isfinite(rows[dose].astype(float))].sort_values(dose, kind="stable")
        if not rows.empty:
            columns.append((point_label(plain, str(rows["point"].iloc[0])), rows))
    return columns, len(values) - len(shown)


def _ends(values: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the combinations in which every lever is at an end of its values, at most four."""
    if len(values) <= MOST_COLUMNS:
        return values
    listed = [list(dict.fromkeys(map(str, column))) for column in zip(*values, strict=True)]
    corners = [
        value
        for value in values
        if all(str(one) in (known[0], known[-1]) for one, known in zip(value, listed, strict=True))
    ]
    if len(corners) <= MOST_COLUMNS:
        return corners
    return [*corners[: MOST_COLUMNS // 2], *corners[-MOST_COLUMNS // 2 :]]


def _draw_panel(axes: Axes, rows: pd.DataFrame, dose: str, row: _Row) -> None:
    doses = rows[dose].to_numpy(dtype=np.float64)
    for line in row.lines:
        middle, low, high = _interval_lines(intervals(rows, line.effect)) * row.scale
        axes.fill_between(doses, low, high, color=line.colour, alpha=0.18, linewidth=0)
        for edge in (low, high):
            axes.plot(doses, edge, color=line.colour, linewidth=0.9, alpha=0.8)
        axes.plot(
            doses, middle, color=line.colour, marker=line.marker, markersize=7, gid=line.effect
        )
    first = rows.iloc[0]
    if row.title == "mass killing":
        name = "baseline_p_mass_killing"
        low, high = (row.scale * float(first[f"{name}{end}"]) for end in ("_low", "_high"))
        axes.axhspan(low, high, color=BASELINE, alpha=0.12, linewidth=0, zorder=0)
        axes.axhline(row.scale * float(first[name]), gid=name, **_REFERENCE)
    elif row.scale == 1:
        axes.axhline(0, **_REFERENCE)


_REFERENCE: dict[str, Any] = {
    "color": BASELINE, "linestyle": "--", "linewidth": 1.8, "zorder": 1.5,
}  # fmt: skip


def _finish(line: Sequence[Axes], row: _Row) -> None:
    for axes in line:
        axes.grid(color="#E0E0E0")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    line[0].set_ylabel(f"{row.title}\n({row.unit})")
    low, high = line[0].get_ylim()
    if row.scale == 1:
        count_people(line[0].yaxis)
        line[0].set_ylim(min(low, -1.0), max(high, 5.0))
    else:
        line[0].set_ylim(0, max(high, 5.0))


def _dose_label(dose: str, unit: str) -> str:
    words = " ".join(dose.removesuffix(".intensity").split(".")[-1:]).replace("_", " ")
    if dose == START:
        words, unit = "start of action", unit or "weeks from the shock"
    elif dose == DISPERSION:
        words, unit = "dispersion of positions", unit or "0 united, 1 divided"
    return textwrap.fill(f"{words} ({unit})" if unit else words, 28)


def _tick(value: float) -> str:
    return number(value) if float(value).is_integer() else f"{value:g}".replace("-", MINUS)


def _interval_lines(values: list[Interval]) -> np.ndarray:
    """Return estimates and both ends, shape (3, points); an unknown end is the estimate itself."""
    ends = np.array(values, dtype=np.float64).T
    return np.where(np.isnan(ends), ends[0], ends)


def _note(dose: str, left_out: int) -> str:
    what = {START: "start", DISPERSION: "dispersion"}.get(dose, "dose")
    note = f"Bands: 95 % intervals, point by point. A marker is a {what} that was run."
    return note + (f" {left_out} more combinations of levers are in the table." if left_out else "")


def _key() -> list[Artist]:
    handles: list[Artist] = [
        Line2D([], [], color=BASELINE, linestyle="--", label="no action"),
        Line2D(
            [], [], color=BLUE, marker="o", markersize=7,
            label="action; lowest row: fewer deaths than without",
        ),
        Line2D(
            [], [], color=VERMILION, marker="^", markersize=7,
            label="more deaths with action than without",
        ),
    ]  # fmt: skip
    return handles
