"""What a reader who cannot see a figure is told of it: what it shows, and its main numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.intervals import Interval, wilson
from analysis.plots.actors_and_mandates import mandates
from analysis.plots.figure import number
from analysis.plots.time_to_onset import ONSET
from analysis.surface import contrasting_points, point_label
from analysis.timeline import lanes
from analysis.trace import BASELINE, TREATMENT, Trace
from experiments.alt_panels import surface_words, weeks_words
from experiments.discover import discover
from experiments.figures import drawing_named
from experiments.material import Material
from experiments.sensitivity import analyse

_MOST = 4
_BRACKETS = "in brackets 95 % intervals"


def alt_text(name: str, given: Material) -> str:
    """Return the alternative text of a figure: what it shows, and its main numbers in words.

    Parameters
    ----------
    name : of the figure; given : the results that it is drawn of.
    """
    shows = drawing_named(name).shows
    numbers = _NUMBERS[name](given) if name in _NUMBERS else ""
    return f"Figure: {shows}. {numbers}".strip()


def _mass_killing(given: Material) -> str:
    rows = given.surface[given.surface["n"] > 0].set_index("point")
    said = [f"no action {_without(rows)}"]
    for point in _corners(given):
        risk = _effect(rows.loc[point], "p_mass_killing")
        said.append(f"{point_label(given.design, point)} {_percent(risk)}")
    return f"Runs that become a mass killing, {_BRACKETS}: {'; '.join(said)}."


def _without(rows: pd.DataFrame) -> str:
    """Return the risk of all baselines: of one with its interval, of several the ends of both."""
    name = "baseline_p_mass_killing"
    if rows[name].nunique() == 1:
        return _percent(_effect(rows.iloc[0], name))
    least, most = (number(100 * value, 1) for value in (rows[name].min(), rows[name].max()))
    low, high = rows[f"{name}_low"].min(), rows[f"{name}_high"].max()
    ends = f"intervals from {number(100 * low, 1)} to {number(100 * high, 1)}"
    return f"{least} to {most} % ({ends})"


def _deaths(given: Material) -> str:
    said: list[str] = []
    for point in _corners(given):
        runs = given.paired[given.paired["point"] == point]
        if not said:
            said.append(f"no action {_deaths_of(runs['baseline_direct_deaths'])}")
        said.append(f"{point_label(given.design, point)} {_deaths_of(runs['direct_deaths'])}")
    return "Direct deaths in a run, median and most: " + "; ".join(said) + "."


def _averted(given: Material) -> str:
    rows = given.effects.set_index("point")
    said = []
    for point in _corners(given):
        averted, fewer, more = (
            _effect(rows.loc[point], name)
            for name in ("deaths_averted", "probability_help", "probability_harm")
        )
        said.append(
            f"{point_label(given.design, point)} {_count(averted)}, fewer deaths in "
            f"{_percent(fewer)} of pairs, more in {_percent(more)}"
        )
    return f"Direct deaths averted per run, {_BRACKETS}: {'; '.join(said)}."


def _onset(given: Material) -> str:
    points = _corners(given)
    said: list[str] = []
    for point in points[:1] + points[1:][-1:]:
        runs = given.paired[given.paired["point"] == point]
        if not said:
            said.append(f"no action {_percent(_quiet(runs[f'baseline_{ONSET}']))}")
        said.append(f"{point_label(given.design, point)} {_percent(_quiet(runs[ONSET]))}")
    told = "; ".join(said)
    return f"Runs without mass killing after {given.weeks} weeks, {_BRACKETS}: {told}."


def _quiet(onsets: pd.Series) -> Interval:
    """Return the share of runs in which no week is that of an onset."""
    return wilson(float((onsets < 0).sum()), len(onsets))


def _costs(given: Material) -> str:
    rows = given.effects.set_index("point")
    said = [
        f"{point_label(given.design, point)} {_count(_effect(rows.loc[point], 'extra_spent'))} million "
        f"USD for {_count(_effect(rows.loc[point], 'deaths_averted'))} deaths averted"
        for point in _corners(given)
    ]
    return f"Per run, {_BRACKETS}: {'; '.join(said)}."


def _totals(given: Material) -> str:
    return f"{_run(given.trace)} {_killed(given.trace)}"


def _lanes(given: Material) -> str:
    named = ", ".join(lane.label for lane in lanes(given.trace) if lane.action.any())
    return f"{_run(given.trace)} {_killed(given.trace)} With action one sees: {named}."


def _mandates(given: Material) -> str:
    found = mandates(given.trace)
    weeks = ", ".join(number(one.first - given.trace.shock_week) for one in found)
    said = (
        f"mandates are adopted in weeks {weeks} from the shock"
        if found
        else "no mandate is adopted"
    )
    count = len(given.trace.names("actors"))
    return f"{_run(given.trace)} There are {count} actors; {said}."


def _indices(given: Material) -> str:
    found = analyse(given.found)
    rows = found.table[found.table["where"] == found.where[0]]
    rows = rows[rows["quantity"] == rows["quantity"].iloc[0]]
    size = "mu_star" if found.method == "morris" else "total"
    said = [
        f"{row['factor']} {row[size]:.2g} ({_ends(row[f'{size}_low'], row[f'{size}_high'], _digits)})"
        for row in rows.sort_values(size, ascending=False).head(_MOST).to_dict("records")
    ]
    words = "mean size of effects" if found.method == "morris" else "total index"
    quantity = rows["quantity"].iloc[0].replace("_", " ")
    return f"Largest {words} for {quantity}, {_BRACKETS}: {'; '.join(said)}."


def _boxes(given: Material) -> str:
    found = discover(given.found, shuffles=0)
    cases = f"{int(found.cases.sum())} of {found.cases.size} points are cases"
    if not found.boxes:
        return f"{cases}; no box is found."
    box = found.boxes[0]
    limits = ", ".join(str(row["factor"]) for row in box.limits.to_dict("records"))
    return f"{cases}; the box limits {limits} and holds {box.cases} cases in {box.points} points."


def _parts(given: Material) -> str:
    rows = given.parts[given.parts["measure"] == "deaths"]
    said = ", ".join(
        f"{str(row['part']).replace('_', ' ')} "
        f"{_count(Interval(row['estimate'], row['low'], row['high']))}"
        for row in rows.to_dict("records")
        if row["estimate"]
    )
    return f"Direct deaths averted per run, by part, {_BRACKETS}: {said}."


def _corners(given: Material) -> list[str]:
    ran = set(given.surface.loc[given.surface["n"] > 0, "point"])
    return [point for point in contrasting_points(given.design) if point in ran][:_MOST]


def _effect(row: pd.Series, name: str) -> Interval:
    return Interval(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))


def _percent(value: Interval) -> str:
    share = number(100 * value.estimate, 1)
    return f"{share} % ({_ends(value.low, value.high, lambda end: number(100 * end, 1))})"


def _count(value: Interval) -> str:
    return f"{number(value.estimate)} ({_ends(value.low, value.high, number)})"


def _digits(value: float) -> str:
    return f"{value:.2g}"


def _ends(low: float, high: float, write: Callable[[float], str]) -> str:
    """Return an interval in words, also where one run or one pair gives none."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "interval unknown"
    return f"{write(low)} to {write(high)}"


def _deaths_of(deaths: pd.Series) -> str:
    return f"{number(float(np.median(deaths)))} and {number(float(deaths.max()))}"


def _run(trace: Trace) -> str:
    about = trace.about
    return f"One pair of runs, which has no interval: {about['label']}, replicate {about['replicate']}."


def _killed(trace: Trace) -> str:
    without, action = (trace.course("killed", arm=arm)[-1] for arm in (BASELINE, TREATMENT))
    return f"Without action {number(without)} people are killed, with action {number(action)}."


_NUMBERS: Mapping[str, Callable[[Material], str]] = {
    "timing_lines": _mass_killing,
    "response_surface": surface_words,
    "sample_trends": _mass_killing,
    "dose_response": _mass_killing,
    "weekly_course": weeks_words,
    "outcome_distribution": _deaths,
    "paired_differences": _averted,
    "time_to_onset": _onset,
    "cost_effectiveness": _costs,
    "two_worlds": _totals,
    "country_over_time": _totals,
    "who_did_what": _lanes,
    "actors_and_mandates": _mandates,
    "sensitivity": _indices,
    "prim_boxes": _boxes,
    "mechanism_parts": _parts,
}
