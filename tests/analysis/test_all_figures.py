"""All figures at once: there is none whose words leave the page or cover each other."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from layout import assert_apart, tick_words
from made_up_reports import (
    CHECKS,
    CONDITIONS,
    COVERAGE,
    FACTS,
    PARAMETERS,
    SHARES,
    made_up_sample,
)
from made_up_results import SHOCK, WEEKS, make_design, make_paired, make_weekly, with_onsets
from made_up_trace import make_trace
from made_up_worlds import make_geography, make_world
from matplotlib.figure import Figure
from reading import said
from test_decomposition import CHAIN
from test_drawn_studies import BOXES, CASE, CASES, POINTS, UNITS, morris_table
from test_effect_figures import POINTS as DOSES
from test_effect_figures import RUNS, with_costs
from test_effect_figures import SURFACE as OVER_DOSES
from test_study_figures import indices

import analysis.plots
from analysis.comparison import effects_table
from analysis.decomposition import decomposition
from analysis.plots.actors_and_mandates import actors_and_mandates
from analysis.plots.burundi_refugees import burundi_refugees
from analysis.plots.cases_record import PANELS, cases_record
from analysis.plots.contraction import contraction
from analysis.plots.cost_effectiveness import cost_effectiveness
from analysis.plots.country_over_time import country_over_time
from analysis.plots.dose_response import dose_response
from analysis.plots.epstein_grid import epstein_grid
from analysis.plots.extinction_times import extinction_times
from analysis.plots.facts_overview import facts_family, facts_overview
from analysis.plots.lesson_conditions import lesson_conditions
from analysis.plots.lesson_shares import lesson_shares
from analysis.plots.mechanism_parts import mechanism_parts
from analysis.plots.morris_bars import morris_bars
from analysis.plots.outcome_distribution import outcome_distribution
from analysis.plots.paired_differences import paired_differences
from analysis.plots.prim_map import prim_map
from analysis.plots.response_surface import response_surface
from analysis.plots.sample_trends import sample_trends
from analysis.plots.sobol_bars import sobol_bars
from analysis.plots.time_to_onset import time_to_onset
from analysis.plots.timing_lines import timing_lines
from analysis.plots.two_worlds import two_worlds
from analysis.plots.weekly_course import weekly_course
from analysis.plots.who_did_what import who_did_what
from analysis.surface import surface_table
from analysis.trace import Trace
from experiments.figures import DRAWINGS
from experiments.report_parts import _OF_RUNS

Draw = Callable[[Trace], Figure]
DESIGN = make_design()
PAIRED = with_onsets(make_paired(DESIGN).assign(arrival_week=40.0))
SURFACE = surface_table(DESIGN, PAIRED, resamples=50)
FEW = make_design(starts=(-26.0, 26.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
TRACE = make_trace()
TITLE = "A country with a name of some length: what one sees of it, over all of the runs"


def refugees() -> dict[str, object]:
    """Return made-up courses of refugees of three countries over a year."""
    day = np.arange(365.0)
    series = {name: day * size for name, size in (("total", 900), ("Rwanda", 500), ("Uganda", 90))}
    ways = [
        {"way": way, "words": f"a way of reckoning: {way}", "series": series, "low": day * 400,
         "high": day * 2500, "normal": (day / 400, day / 300)}
        for way in ("imposed", "simulated")
    ]  # fmt: skip
    return {"start": date(2015, 5, 1), "registered": series, "ways": ways}


def case(name: str, low: float, high: float) -> dict[str, object]:
    row: dict[str, object] = {"name": name}
    for panel in PANELS:
        row |= {f"{panel}_low": low, f"{panel}_median": high / 2, f"{panel}_high": high}
        row |= {f"{panel}_recorded_{end}": high * 1.2 for end in ("low", "best", "high")}
    return row


def extinctions() -> list[dict[str, object]]:
    return [
        {"variant": f"{variant}-floor-target", "cop_density": density, "time": 100 + 40 * k,
         "lived_on": k == 2}
        for variant in range(6) for density in (0.0, 0.02, 0.04, 0.06, 0.1) for k in range(3)
    ]  # fmt: skip


FIGURES = {
    "actors_and_mandates": lambda: actors_and_mandates(TRACE, title=TITLE),
    "burundi_refugees": lambda: burundi_refugees(refugees(), title=TITLE),
    "cases_record": lambda: cases_record(
        [case("Somewhere 1999", 5, 900), case("A longer name 1972", 0, 200_000)], title=TITLE
    ),
    "contraction": lambda: contraction(PARAMETERS, CHECKS, COVERAGE, title=TITLE),
    "cost_effectiveness": lambda: cost_effectiveness(
        DOSES, effects_table(DOSES, with_costs(RUNS)), title=TITLE
    ),
    "country_over_time": lambda: country_over_time(TRACE, title=TITLE),
    "dose_response": lambda: dose_response(OVER_DOSES, unit="peacekeepers asked for", title=TITLE),
    "epstein_grid": lambda: epstein_grid(
        [(period, np.arange(400).reshape(20, 20) % 6) for period in (49, 52)], title=TITLE
    ),
    "extinction_times": lambda: extinction_times(extinctions(), title=TITLE),
    "facts_family": lambda: facts_family(FACTS, title=TITLE),
    "facts_overview": lambda: facts_overview(FACTS, title=TITLE),
    "lesson_conditions": lambda: lesson_conditions(CONDITIONS, ensemble="posterior"),
    "lesson_shares": lambda: lesson_shares(SHARES, title=TITLE),
    "mechanism_parts": lambda: mechanism_parts(
        decomposition(CHAIN, ("flight", "killing")), pairs=40, title=TITLE
    ),
    "morris_bars": lambda: morris_bars(morris_table(), title=TITLE),
    "outcome_distribution": lambda: outcome_distribution(DESIGN, PAIRED, title=TITLE),
    "paired_differences": lambda: paired_differences(FEW, make_paired(FEW), title=TITLE),
    "prim_map": lambda: prim_map(
        BOXES, POINTS, CASES, case=CASE, title=TITLE,
        units=UNITS | {"action.start": "million USD for each unit and week, half of it in advance"},
    ),
    "response_surface": lambda: response_surface(SURFACE, title=TITLE),
    "sample_trends": lambda: sample_trends(*made_up_sample(), title=TITLE),
    "sobol_bars": lambda: sobol_bars(indices(30), title=TITLE),
    "time_to_onset": lambda: time_to_onset(
        DESIGN, PAIRED, weeks=WEEKS, shock_week=SHOCK, title=TITLE
    ),
    "timing_lines": lambda: timing_lines(SURFACE, title=TITLE),
    "two_worlds": lambda: two_worlds(
        make_geography(), make_world("Early", size=0.3, troops=800.0),
        make_world("Late", size=1.0, troops=300.0), title=TITLE,
    ),
    "weekly_course": lambda: weekly_course(
        FEW, make_weekly(FEW), shock_week=SHOCK, paired=PAIRED[:0], title=TITLE
    ),
    "who_did_what": lambda: who_did_what(TRACE, title=TITLE),
}  # fmt: skip
_PARTS = {
    "figure",
    "factor_panels",
    "bubbles",
    "country_map",
    "surface_grid",
    "surface_image",
    "__init__",
}
"""Files that figures share, and that draw none by themselves."""


def test_no_figure_is_left_out() -> None:
    files = {file.stem for file in Path(analysis.plots.__path__[0]).glob("*.py")}
    assert files - _PARTS == set(FIGURES) - {"facts_family"}


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", FIGURES)
def test_no_two_texts_of_a_figure_cover_each_other_and_none_leaves_it(name: str) -> None:
    assert_apart(FIGURES[name]())


# --- results in which there is little to see ------------------------------------------------------

PAIRS = with_costs(with_onsets(make_paired(FEW, replicates=40).assign(arrival_week=40.0)))
_OUTCOMES = ("direct_deaths", "mass_killing")
_QUIET = {f"{arm}{name}": 0.0 for arm in ("", "baseline_") for name in _OUTCOMES}
_EQUAL = {name: 5000.0 if "deaths" in name else 1.0 for name in _QUIET}
LITTLE = {
    "empty": PAIRS.iloc[:0],
    "constant": PAIRS.assign(**_EQUAL, onset_week=60.0, baseline_onset_week=60.0),
    "all zero": PAIRS.assign(
        **_QUIET, onset_week=-1.0, baseline_onset_week=-1.0, endowment_spent=0.0
    ),
    "single run": PAIRS[PAIRS["replicate"] == 0],
}


def over_starts(paired: pd.DataFrame) -> pd.DataFrame:
    return surface_table(FEW, paired, resamples=20)


def weeks_of(paired: pd.DataFrame) -> pd.DataFrame:
    """Return weekly quantiles of so many runs: none, all alike, or as they come."""
    weekly = make_weekly(FEW)
    if paired.empty:
        return weekly.iloc[:0]
    alike = paired["direct_deaths"].nunique() == 1
    return weekly.assign(value=paired["direct_deaths"].iloc[0]) if alike else weekly


def sampled(paired: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    surface, factors = made_up_sample()
    if paired.empty:
        return surface.assign(n=0), factors
    share = float(paired["mass_killing"].iloc[0])
    return surface.assign(p_mass_killing=share, baseline_p_mass_killing=share), factors


OF_RUNS = {
    "cost_effectiveness": lambda runs: cost_effectiveness(FEW, effects_table(FEW, runs)),
    "dose_response": lambda runs: dose_response(over_starts(runs)),
    "outcome_distribution": lambda runs: outcome_distribution(FEW, runs),
    "paired_differences": lambda runs: paired_differences(FEW, runs),
    "response_surface": lambda runs: response_surface(over_starts(runs)),
    "sample_trends": lambda runs: sample_trends(*sampled(runs), title="A sample"),
    "time_to_onset": lambda runs: time_to_onset(FEW, runs, weeks=WEEKS, shock_week=SHOCK),
    "timing_lines": lambda runs: timing_lines(over_starts(runs)),
    "weekly_course": lambda runs: weekly_course(FEW, weeks_of(runs), shock_week=SHOCK),
}


@pytest.mark.one_in(5)
@pytest.mark.parametrize("little", LITTLE)
@pytest.mark.parametrize("name", OF_RUNS)
def test_few_runs_and_runs_alike_are_a_picture_whose_axes_span_something_and_none_is_said(
    name: str, little: str
) -> None:
    figure = OF_RUNS[name](LITTLE[little])
    assert_apart(figure)
    if little == "empty":
        assert not figure.axes and len(said(figure)) > 20
    for axes in figure.axes:
        for low, high in (axes.get_xlim(), axes.get_ylim()):
            assert np.isfinite([low, high]).all() and low != high
        for axis in (axes.xaxis, axes.yaxis):
            marks = [text.get_text() for text in tick_words(axis) if text.get_text()]
            assert len(set(marks)) == len(marks), f"{name}: an axis says {marks}"


STILL = {
    "nothing happens": make_trace(quiet=True),
    "one week": make_trace(weeks=1),
    "no actor": make_trace(actors=0),
}


@pytest.mark.one_in(4)
@pytest.mark.parametrize("trace", STILL.values(), ids=STILL)
@pytest.mark.parametrize("draw", [actors_and_mandates, country_over_time, who_did_what])
def test_a_recorded_run_in_which_little_happens_is_a_picture(draw: Draw, trace: Trace) -> None:
    figure = draw(trace)
    assert_apart(figure)
    assert figure.axes or "no international actor" in said(figure)


def figures() -> dict[str, Callable[..., Figure]]:
    """Return every drawing function that bears the name of its file."""
    found = {}
    for module in pkgutil.iter_modules(analysis.plots.__path__):
        drawing = getattr(
            importlib.import_module(f"analysis.plots.{module.name}"), module.name, None
        )
        if callable(drawing) and inspect.signature(drawing).return_annotation == "Figure":
            found[module.name] = drawing
    return found


def test_every_figure_takes_its_tables_first_and_all_else_by_keyword() -> None:
    drawn = figures()
    assert set(DRAWINGS) - {"sensitivity", "prim_boxes"} <= set(drawn)
    for name, drawing in drawn.items():
        given = inspect.signature(drawing).parameters
        assert given["title"].kind is inspect.Parameter.KEYWORD_ONLY, name
        for one in given.values():
            if one.kind is not inspect.Parameter.KEYWORD_ONLY:
                assert one.annotation not in ("str", "int", "float", "bool"), (name, one.name)
        first = next(iter(given))
        of_a_trace = "Trace" in given[first].annotation
        assert (first == "trace") == of_a_trace, name


def test_figures_of_a_sweep_begin_with_the_design_or_with_the_surface_made_of_it() -> None:
    drawn = figures()
    for name in _OF_RUNS:
        assert next(iter(inspect.signature(drawn[name]).parameters)) in ("points", "surface"), name
