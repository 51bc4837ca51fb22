"""Every figure by name: what it shows, what it needs, and how it is drawn from stored results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from analysis.plots.actors_and_mandates import actors_and_mandates
from analysis.plots.cost_effectiveness import cost_effectiveness
from analysis.plots.country_over_time import country_over_time
from analysis.plots.dose_response import dose_levers, dose_response
from analysis.plots.mechanism_parts import mechanism_parts
from analysis.plots.outcome_distribution import outcome_distribution
from analysis.plots.paired_differences import paired_differences
from analysis.plots.response_surface import response_surface
from analysis.plots.sample_trends import sample_trends
from analysis.plots.time_to_onset import ONSET, time_to_onset
from analysis.plots.timing_lines import timing_lines
from analysis.plots.two_worlds import two_worlds, world_of
from analysis.plots.weekly_course import SERIES, weekly_course
from analysis.plots.who_did_what import who_did_what
from analysis.surface import DISPERSION, START, contrasting_points
from analysis.trace import BASELINE, TREATMENT, describe
from experiments import discover, sensitivity
from experiments.material import Material
from experiments.results import GRID
from sim.errors import ForestallError, unknown_name
from sim.interventions.catalogue import CATALOGUE


@dataclass(frozen=True)
class Drawing:
    """A figure that can be drawn of stored results.

    Attributes
    ----------
    shows : what one sees, in some words.
    needs : what must be stored.
    draw : draws it, or raises a `ForestallError` that says what is lacking.
    """

    shows: str
    needs: str
    draw: Callable[[Material], Figure]


def plot(
    name: str, results: Path | str, where: Mapping[str, Sequence[Any]] | None = None
) -> Figure:
    """Return a figure of stored results.

    Parameters
    ----------
    name : one of `DRAWINGS`.
    results : the folder.
    where : levers and the values that points must have; all points when None.

    Raises
    ------
    ForestallError
        There is no such figure, or the results lack what it needs.
    """
    return drawing_named(name).draw(Material(results, where))


def drawing_named(name: str) -> Drawing:
    """Return a figure by its name; an unknown one names its neighbour."""
    if name not in DRAWINGS:
        raise unknown_name("plot", name, DRAWINGS)
    return DRAWINGS[name]


def _of_grid(name: str, draw: Callable[..., Figure]) -> Callable[[Material], Figure]:
    def drawn(given: Material) -> Figure:
        if given.found.method != GRID:
            raise ForestallError(
                f"{given.path}: {name} needs a grid of listed values, this is a sample; "
                "sample_trends draws it"
            )
        return draw(
            given.surface, title=_title(given, "when prevention begins, and how united it is")
        )

    return drawn


def _sample_trends(given: Material) -> Figure:
    if given.found.method == GRID:
        raise ForestallError(f"{given.path}: sample_trends needs a sampled design, this is a grid")
    return sample_trends(
        given.surface, given.found.factors, title=_title(given, "mass killing along each factor")
    )


def _outcome_distribution(given: Material) -> Figure:
    return outcome_distribution(
        given.design, given.paired, title=_title(given, "how many people are killed, over all runs")
    )


def _paired_differences(given: Material) -> Figure:
    return paired_differences(
        given.design, given.paired, effects=given.effects,
        title=_title(given, "what action changes, pair by pair"),
    )  # fmt: skip


def _dose_response(given: Material) -> Figure:
    known = dose_levers(given.surface)
    if not known:
        raise ForestallError(
            f"{given.path}: dose_response needs a lever that is a number and has two values or more "
            "with all others held, such as interventions.peacekeeping.intensity=0,2500,5000"
        )
    return dose_response(
        given.surface, dose=known[0], unit=_unit(known[0]), title=_title(given, _over(known[0]))
    )


def _over(dose: str) -> str:
    if dose in (START, DISPERSION):
        return {START: "a later start", DISPERSION: "more dispersion of positions"}[dose]
    return "more " + dose.removesuffix(".intensity").split(".")[-1].replace("_", " ")


def _time_to_onset(given: Material) -> Figure:
    if ONSET not in given.found.outcomes:
        raise ForestallError(f"{given.path}: time_to_onset needs the outcome {ONSET}")
    return time_to_onset(
        given.design, given.paired, weeks=given.weeks, shock_week=given.shock_week,
        title=_title(given, "how long mass killing stays away"),
    )  # fmt: skip


def _weekly_course(given: Material) -> Figure:
    paired = given.paired
    return weekly_course(
        given.design, given.weekly(contrasting_points(given.design), list(SERIES)),
        shock_week=given.shock_week, paired=paired if "arrival_week" in paired else None,
        title=_title(given, "week by week, no action and action on the same shocks"),
    )  # fmt: skip


def _cost_effectiveness(given: Material) -> Figure:
    if "endowment_spent" not in given.found.outcomes:
        raise ForestallError(f"{given.path}: cost_effectiveness needs the outcome endowment_spent")
    return cost_effectiveness(
        given.design, given.effects, title=_title(given, "what action costs, and what it averts")
    )


def _two_worlds(given: Material) -> Figure:
    trace = given.trace
    without, action = world_of(trace, BASELINE, "No action"), world_of(trace, TREATMENT, "Action")
    return two_worlds(
        trace.geography, without, action, shock_week=trace.shock_week, note=describe(trace),
        title=f"{trace.about['country']}: the same country, the same chances, two answers",
    )  # fmt: skip


def _of_trace(draw: Callable[..., Figure], words: str) -> Callable[[Material], Figure]:
    def drawn(given: Material) -> Figure:
        return draw(given.trace, title=f"{given.trace.about['country']}: {words}")

    return drawn


def _mechanism_parts(given: Material) -> Figure:
    return mechanism_parts(given.parts)


def _sensitivity(given: Material) -> Figure:
    analysis = sensitivity.analyse(given.found)
    return sensitivity.draw(analysis, analysis.where[0])


def _prim_boxes(given: Material) -> Figure:
    return discover.draw(discover.discover(given.found))


def _title(given: Material, words: str) -> str:
    return f"{given.country}: {words}"


def _unit(lever: str) -> str:
    section, _, rest = lever.partition(".")
    name = rest.removesuffix(".intensity")
    if section != "interventions" or name not in CATALOGUE or not lever.endswith(".intensity"):
        return ""
    return CATALOGUE[name].unit


_PAIRS = "results of a sweep"
_LEVERS = "a sweep over action.start or actors.dispersion"
_TRACE = "a recorded run (forestall trace RESULTS)"
DRAWINGS: Mapping[str, Drawing] = {
    "timing_lines": Drawing(
        "mass killing and deaths averted over the start of action, one line a dispersion",
        _LEVERS, _of_grid("timing_lines", timing_lines),
    ),
    "response_surface": Drawing(
        "mass killing and deaths averted as a surface over start and dispersion", _LEVERS,
        _of_grid("response_surface", response_surface),
    ),
    "sample_trends": Drawing(
        "mass killing along each factor of a sample", "a sweep over sampled intervals", _sample_trends
    ),
    "outcome_distribution": Drawing(
        "direct deaths over all runs: zeros, body and tail", _PAIRS, _outcome_distribution
    ),
    "paired_differences": Drawing(
        "what action changed in every pair of runs, and on average", _PAIRS, _paired_differences
    ),
    "dose_response": Drawing(
        "mass killing, deaths averted, harm and help over the dose of a measure",
        "a sweep over an intensity or another number", _dose_response,
    ),
    "time_to_onset": Drawing(
        "share of runs without mass killing over time, with runs at risk", _PAIRS, _time_to_onset
    ),
    "weekly_course": Drawing(
        "deaths, displacement and peacekeepers week by week, with bands", _PAIRS, _weekly_course
    ),
    "cost_effectiveness": Drawing(
        "money spent against deaths averted, one mark a point", _PAIRS, _cost_effectiveness
    ),
    "two_worlds": Drawing(
        "one pair of runs on the map, and week by week", _TRACE, _two_worlds
    ),
    "country_over_time": Drawing(
        "one pair of runs: the country at some weeks, as gif or mp4 a film", _TRACE,
        _of_trace(country_over_time, "week by week, on the same chances"),
    ),
    "actors_and_mandates": Drawing(
        "one run: where actors stand, what they mandate, and their attention", _TRACE,
        _of_trace(actors_and_mandates, "where actors stand, and what they agree on"),
    ),
    "who_did_what": Drawing(
        "one pair of runs: who did what, week by week", _TRACE,
        _of_trace(who_did_what, "who did what, week by week"),
    ),
    "mechanism_parts": Drawing(
        "what action averts, by mechanism", "tables of forestall explain output=DIR",
        _mechanism_parts,
    ),
    "sensitivity": Drawing(
        "what each factor, or block of factors, explains of the outcome",
        "a design of forestall sensitivity", _sensitivity,
    ),
    "prim_boxes": Drawing(
        "in which worlds action does harm, as a box of factors", "a sweep over factors", _prim_boxes
    ),
}  # fmt: skip
"""All figures by name, in the order in which a reader meets them."""
