"""The response surface as a table: what a sweep prints, and what `summary.csv` holds."""

from __future__ import annotations

from array import array
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import LEVEL, RESAMPLES, SEED, Interval
from analysis.statistics import Outcomes, PairedEffects, effects_of, outcome_columns
from sim.errors import ForestallError, unknown_name

START = "action.start"
DISPERSION = "actors.dispersion"
ARRIVAL = "action.arrival"
MOST_NAMED = 3
"""Levers beside start, dispersion and arrival that the label of a point names at most."""
_ID = 8  # characters of a point's id that tell it from the others of a design
_NOT_LEVERS = ("point", "baseline")
_INTERVALS = (
    "p_mass_killing",
    "baseline_p_mass_killing",
    "risk_difference",
    "deaths_averted",
    "log_deaths_difference",
    "probability_harm",
    "probability_help",
    "net_harm",
    "deaths_averted_if_escalates",
    "p_mass_killing_if_escalates",
    "deaths_averted_if_not_escalates",
    "p_mass_killing_if_not_escalates",
)
_COUNTS = ("n", "n_escalating")
_P_VALUES = ("harm_p_deaths", "harm_p_mass_killing")


def surface_table(
    points: pd.DataFrame,
    paired: pd.DataFrame,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return one row a design point: its levers, and what the treatment did there.

    Parameters
    ----------
    points : the design table: ``point``, ``baseline`` (id of the point's baseline) and one column
        a lever. A point that is only a baseline has no row in the result; a point without a run
        yet has one, with ``n = 0`` and NaN.
    paired : one row a point and replicate, with columns as in `paired_effects`.
    level, resamples, seed : as in `bootstrap_mean`.

    Returns
    -------
    DataFrame
        ``point``, ``baseline``, the levers, ``n``, ``n_escalating``; for every effect of
        `PairedEffects` its estimate and the same name with ``_low`` and ``_high``;
        ``harm_p_deaths``, ``harm_p_mass_killing``, ``correlation`` and ``runs_replaced``.

    Raises
    ------
    ForestallError
        A column is missing, or a run belongs to no design point.
    """
    _check_tables(points, paired)
    if "replicate" in paired.columns:
        # Resamples pick rows by their place: the order of storage may not matter.
        paired = paired.sort_values("replicate", kind="stable")
    # Of 50,000 points a table, or a mapping, for each would take more memory than all their runs.
    places = paired.groupby("point", sort=False).indices
    only_baselines = set(points.get("baseline", ())) - set(places)
    shown = points[~points["point"].isin(only_baselines)].reset_index(drop=True)
    levers = lever_columns(points)
    if shown.empty:
        return _no_rows(paired, levers)
    none = np.empty(0, dtype=np.intp)
    names: tuple[str, ...] = ()
    values = array("d")
    outcomes = outcome_columns(paired)
    for point in shown["point"]:
        pairs = _of_rows(outcomes, places.get(point, none))
        row = _effect_row(effects_of(pairs, level=level, resamples=resamples, seed=seed))
        names = tuple(row)
        values.extend(row.values())
    table = np.array(values).reshape(len(shown), -1)
    effects = pd.DataFrame(table, columns=list(names)).astype(dict.fromkeys(_COUNTS, int))
    start = shown.reindex(columns=["point", "baseline", *levers])
    return pd.concat([start, effects], axis=1)


def lever_columns(points: pd.DataFrame) -> list[str]:
    """Return the names of the lever columns of a design or surface table, in its order."""
    names = [str(name) for name in points.columns]
    if "n" in names:  # in a surface table the levers stand before the effects
        names = names[: names.index("n")]
    return [name for name in names if name not in _NOT_LEVERS]


def other_levers(table: pd.DataFrame) -> list[str]:
    """Return the levers that vary, beside start, dispersion and arrival, over the acting points.

    What a baseline, which nobody acts in, says of a measure has no meaning.
    """
    acting = table
    if {"point", "baseline"} <= set(table.columns):
        acting = table[table["point"] != table["baseline"]]
    others = [lever for lever in lever_columns(table) if lever not in (START, DISPERSION, ARRIVAL)]
    return [lever for lever in others if acting[lever].nunique(dropna=False) > 1]


def combinations(table: pd.DataFrame, levers: list[str]) -> list[tuple[Any, ...]]:
    """Return the distinct values of some levers, one tuple a combination, in the order of the table.

    Arrivals, where they are among the levers, come bargained first and then by their weeks.
    """
    distinct = table[levers].drop_duplicates()
    if ARRIVAL in levers:
        distinct = distinct.sort_values(ARRIVAL, na_position="first", kind="stable")
    return [tuple(row) for row in distinct.itertuples(index=False)]


def rows_with(table: pd.DataFrame, levers: list[str], values: tuple[Any, ...]) -> pd.DataFrame:
    """Return the rows of a table in which each lever has its value (NaN equals NaN)."""
    for lever, value in zip(levers, values, strict=True):
        table = table[table[lever].isna() if pd.isna(value) else table[lever] == value]
    return table


def lever_label(lever: str, value: object) -> str:
    """Return a lever at a value in words: its last two names, and the value."""
    words = " ".join(lever.split(".")[-2:]).replace("_", " ")
    return f"{words} {lever_value(lever, value)}"


def lever_value(lever: str, value: object) -> str:
    """Return the value of a lever in words: a switch is on or off, a number has its thousands."""
    if lever.startswith("mechanisms."):
        return "on" if value else "off"
    return f"{value:,g}" if isinstance(value, Real) else str(value)


def arrival_label(arrival: float) -> str:
    """Return what a value of ``action.arrival`` means, in words (NaN is bargained)."""
    if np.isnan(arrival):
        return "arrival bargained"
    return f"arrival fixed {arrival:g} weeks after the start"


def readable_surface(surface: pd.DataFrame) -> pd.DataFrame:
    """Return the surface as text for a terminal, one row a point, estimates with intervals.

    Every lever that varies has a column. Probabilities are in percent, deaths in people per run; an
    unknown value is a dash.
    """
    text: dict[str, list[str]] = {}
    for lever in (START, DISPERSION, ARRIVAL):
        if lever in surface.columns:
            text[lever] = [_lever_text(lever, value) for value in surface[lever]]
    for lever in other_levers(surface):
        text[lever] = [lever_value(lever, value) for value in surface[lever]]
    text["runs"] = [str(int(n)) for n in surface["n"]]
    for name, heading, scale in (
        ("p_mass_killing", "mass killing %", 100),
        ("baseline_p_mass_killing", "baseline %", 100),
        ("risk_difference", "change, points", 100),
        ("deaths_averted", "deaths averted", 1),
        ("deaths_averted_if_escalates", "averted if baseline escalates", 1),
        ("probability_harm", "more deaths, % of pairs", 100),
        ("probability_help", "fewer deaths, % of pairs", 100),
    ):
        text[heading] = [interval_text(value, scale) for value in intervals(surface, name)]
    return pd.DataFrame(text)


def intervals(surface: pd.DataFrame, name: str) -> list[Interval]:
    """Return the effect called `name` of every row of a surface table."""
    if name not in surface.columns:
        raise ForestallError(f"surface: the table has no column {name!r}")
    columns = (surface[name], surface[f"{name}_low"], surface[f"{name}_high"])
    return [Interval(float(e), float(lo), float(hi)) for e, lo, hi in zip(*columns, strict=True)]


def point_label(points: pd.DataFrame, point: str) -> str:
    """Return the levers of a design point in words, for a legend.

    Where more than `MOST_NAMED` others than start, dispersion and arrival vary, as in a sample, no
    legend has room for them: the point is named by the beginning of its id in the design.
    """
    found = points[points["point"] == point]
    if found.empty:
        raise unknown_name("point", point, points["point"].astype(str))
    row, others = found.iloc[0], other_levers(points)
    if len(others) > MOST_NAMED:
        return f"design point {str(point)[:_ID]}"
    words = []
    if START in row:
        start = float(row[START])
        signed = f"{start:+g}".replace("-", "\u2212") if start else "0"
        words.append("never" if np.isinf(start) else f"start {signed}")
    if DISPERSION in row:
        dispersion = float(row[DISPERSION])
        words.append({0.0: "united", 1.0: "divided"}.get(dispersion, f"dispersion {dispersion:g}"))
    if ARRIVAL in row and not np.isnan(row[ARRIVAL]):
        words.append(f"arrival fixed +{float(row[ARRIVAL]):g}")
    words += [lever_label(lever, row[lever]) for lever in others]
    return ", ".join(words) or str(point)


def contrasting_points(points: pd.DataFrame) -> list[str]:
    """Return the ids at the corners of a design: early and late, each united and divided.

    Among points that act at all, with bargained arrival where the design has it. Where other
    levers vary, the early united and the late divided corner, at their first and their last
    combination. Fewer when corners coincide or the design leaves one out; none for a design
    without treatments.
    """
    acting = points[points["point"] != points.get("baseline")]
    if START in acting.columns:
        acting = acting[np.isfinite(acting[START].astype(float))]
    if ARRIVAL in acting.columns and acting[ARRIVAL].isna().any():
        acting = acting[acting[ARRIVAL].isna()]
    if acting.empty:
        return []
    others = other_levers(acting)
    if not others:
        return _corners(acting)
    chosen: list[str] = []
    ends = combinations(acting, others)
    for values in (ends[0], ends[-1]):
        corners = _corners(rows_with(acting, others, values))
        chosen += [corners[0], corners[-1]]
    return list(dict.fromkeys(chosen))


def _corners(acting: pd.DataFrame) -> list[str]:
    chosen: list[str] = []
    for start in (np.min, np.max):
        for dispersion in (np.min, np.max):
            corner = acting
            for lever, end in ((START, start), (DISPERSION, dispersion)):
                if lever in corner.columns and not corner.empty:
                    corner = corner[corner[lever] == end(acting[lever])]
            chosen += [str(point) for point in corner["point"].iloc[:1]]
    return list(dict.fromkeys(chosen))


def _check_tables(points: pd.DataFrame, paired: pd.DataFrame) -> None:
    for table, columns in (("design", points), ("paired", paired)):
        if "point" not in columns.columns:
            raise ForestallError(f"surface: the {table} table has no column 'point'")
    if points["point"].duplicated().any():
        raise ForestallError("surface: a design point is listed twice")
    strangers = set(paired["point"]) - set(points["point"])
    if strangers:
        raise ForestallError(f"surface: runs of {min(strangers)!r}, which is not in the design")
    if {"replicate"} <= set(paired.columns) and paired.duplicated(["point", "replicate"]).any():
        raise ForestallError("surface: a replicate of a point is listed twice")


def _of_rows(outcomes: Outcomes, rows: NDArray[np.intp]) -> Outcomes:
    killing, base_killing, deaths, base_deaths = outcomes
    return killing[rows], base_killing[rows], deaths[rows], base_deaths[rows]


def _effect_row(effects: PairedEffects) -> dict[str, float]:
    row: dict[str, float] = {name: getattr(effects, name) for name in _COUNTS}
    for name in _INTERVALS:
        value: Interval = getattr(effects, name)
        row |= {name: value.estimate, f"{name}_low": value.low, f"{name}_high": value.high}
    row |= {name: getattr(effects, name) for name in _P_VALUES}
    return row | effects.pairing._asdict()


def _no_rows(paired: pd.DataFrame, levers: list[str]) -> pd.DataFrame:
    row = _effect_row(effects_of(outcome_columns(paired.iloc[:0])))
    return pd.DataFrame(columns=["point", "baseline", *levers, *row])


def _lever_text(lever: str, value: float) -> str:
    if lever == ARRIVAL:
        return "bargained" if np.isnan(value) else f"start + {value:g}"
    return "never" if np.isinf(value) else f"{value:g}"


def interval_text(value: Interval, scale: float) -> str:
    """Return an estimate with its interval: percent (scale 100) to one digit, people to none."""
    if np.isnan(value.estimate):
        return "-"
    digits = 0 if scale == 1 else 1
    middle = f"{value.estimate * scale:,.{digits}f}"
    if np.isnan(value.low):
        return middle
    return f"{middle} [{value.low * scale:,.{digits}f}, {value.high * scale:,.{digits}f}]"
