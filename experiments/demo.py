"""``forestall demo``: one country, one course of chance, two answers; and what 200 courses say."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.command import DONE, OneLineParser, run_command
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.engines import compile_notice
from experiments.identity import WORLD
from experiments.overrides import read_overrides
from experiments.points import baseline_of, with_levers
from experiments.terminal import notice_of_runs
from sim.errors import ForestallError

if TYPE_CHECKING:
    from analysis.plots.country_map import Geography
    from analysis.plots.two_worlds import World
    from sim.ensemble import Ensemble
    from sim.scenario import Scenario

EARLY: Mapping[str, Any] = {"action.start": 0, "actors.dispersion": 0.0}
LATE: Mapping[str, Any] = {"action.start": 26, "actors.dispersion": 1.0}
NO_ACTION, EARLY_UNITED, LATE_DIVIDED = 0, 1, 2
TITLES = ("No outside action", "Early and united", "Late and divided")
_HELP = """\
Run one country in three worlds on the same random numbers: without outside action, with action by
united actors from the week of the shock on, and with action by divided actors half a year later.
Draws one replicate of them, and says what all replicates say.

The replicate that is drawn is the first in which the world without action becomes a mass killing.
"""


@dataclass(frozen=True)
class Courses:
    """All replicates of the three worlds, and which of them is drawn.

    Attributes
    ----------
    mass_killing, deaths : shape (3, replicates), by world; deaths are direct ones, people.
    chosen : the replicate that is drawn.
    escalated : whether the world without action became a mass killing in it.
    """

    mass_killing: np.ndarray
    deaths: np.ndarray
    chosen: int
    escalated: bool


def main(argv: Sequence[str]) -> int:
    """Draw the picture and print three sentences; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    _refuse_ignored(asked.overrides)
    config = compose(asked.overrides, scenarios=asked.scenarios)
    from analysis.plots.figure import save
    from analysis.plots.two_worlds import two_worlds
    from sim.ensemble import Ensemble

    scenarios = three_worlds(config)
    ensemble = Ensemble(scenarios)
    notice_of_runs(len(scenarios), config["replicates"], config["weeks"])
    if waiting := compile_notice("compiled"):
        print(waiting, flush=True)
    courses = run_all(ensemble, replicates=config["replicates"], seed=config["seed"])
    none, early, late = replay(ensemble, replicate=courses.chosen, seed=config["seed"])
    figure = two_worlds(
        geography(scenarios[0]), early, late, none, shock_week=scenarios[0].shock_week,
        title=f"{scenarios[0].country.name}: the same country, the same chances, two answers",
        note=footnote(courses),
    )  # fmt: skip
    for sentence in sentences(courses, late=LATE["action.start"]):
        print(sentence)
    for path in save(figure, Path(config["output"] or "results/demo").expanduser() / "two_worlds"):
        print(path)
    return DONE


def three_worlds(config: Mapping[str, Any]) -> list[Scenario]:
    """Return the world without outside action, the early and united, the late and divided one."""
    world = {key: config[key] for key in WORLD}
    early, late = (with_levers(world, levers) for levers in (EARLY, LATE))
    # The dispersion of actors who never act moves nothing: either world has this baseline.
    return [scenario_of(one) for one in (baseline_of(early), early, late)]


def run_all(ensemble: Ensemble, *, replicates: int, seed: int) -> Courses:
    """Run every replicate of the three worlds and choose the one to draw by its rule.

    It is the first in which the world without action becomes a mass killing, and replicate 0 when
    there is none.
    """
    from sim.outcomes import O

    worlds = np.repeat(np.arange(3), replicates)
    outcomes = ensemble.run(worlds, np.tile(np.arange(replicates), 3), seed).outcomes
    killing = outcomes[:, O.mass_killing].reshape(3, replicates)
    deaths = outcomes[:, O.direct_deaths].reshape(3, replicates)
    escalating = np.flatnonzero(killing[NO_ACTION])
    chosen = int(escalating[0]) if escalating.size else 0
    return Courses(killing, deaths, chosen, bool(escalating.size))


def replay(ensemble: Ensemble, *, replicate: int, seed: int) -> list[World]:
    """Run one replicate of the three worlds week by week and return what happened where."""
    from analysis.plots.two_worlds import World
    from sim.fields import C, Q
    from sim.outcomes import Z

    batch = ensemble.start(np.arange(3), np.full(3, replicate), seed)
    most = np.zeros_like(batch.state["communities"][:, C.peacekeepers])
    for _ in range(ensemble.weeks):
        batch.advance(1)
        np.maximum(most, batch.state["communities"][:, C.peacekeepers], out=most)
    people = batch.state["people"]
    return [
        World(
            title=title,
            deaths=people[world, Q.killed].sum(axis=0),
            displaced=people[world, Q.displaced].sum(axis=0),
            peacekeepers=most[world],
            weekly_deaths=batch.series[world, :, Z.direct_deaths],
            weekly_displaced=batch.series[world, :, Z.displaced],
        )
        for world, title in enumerate(TITLES)
    ]


def geography(scenario: Scenario) -> Geography:
    """Return where the places of a scenario's country lie."""
    from analysis.plots.country_map import Geography

    country = scenario.country
    return Geography(
        latitude=country.latitude,
        longitude=country.longitude,
        names=country.places,
        abroad=country.neighbour >= 0,
        road_from=country.road_from,
        road_to=country.road_to,
    )


def sentences(courses: Courses, *, late: int) -> list[str]:
    """Return what the picture shows, how it was chosen, and what all replicates say."""
    from analysis.intervals import bootstrap_mean, wilson

    count = courses.mass_killing.shape[1]
    happened = courses.mass_killing.sum(axis=1)
    shares = [wilson(int(times), count) for times in happened]
    percent = [
        f"{100 * s.estimate:.1f} %"
        + (f" [{100 * s.low:.1f}, {100 * s.high:.1f}]" if count > 1 else "")
        for s in shares
    ]
    chances = (
        f"Without outside action {int(happened[NO_ACTION])} of {count} runs become a mass killing "
        f"({percent[NO_ACTION]}); "
    )
    if courses.escalated:
        chances += f"the picture shows the first of these, replicate {courses.chosen}: "
    else:
        chances += f"the picture shows replicate {courses.chosen}, in which there is none: "
    none, early, divided = (f"{one:,.0f}" for one in courses.deaths[:, courses.chosen])
    saved = [
        bootstrap_mean(courses.deaths[NO_ACTION] - courses.deaths[world])
        for world in (EARLY_UNITED, LATE_DIVIDED)
    ]
    averted = [
        f"{s.estimate:,.0f} [{s.low:,.0f}, {s.high:,.0f}]" if count > 1 else f"{s.estimate:,.0f}"
        for s in saved
    ]
    over = (
        f"Over all {count} runs (95 % intervals)" if count > 1 else "In this one run (no interval)"
    )
    return [
        chances + "one pair of runs, an illustration and no evidence.",
        f"In it {none} people are killed without outside action, {early} when united actors may "
        f"act from the week of the shock on, and {divided} when divided actors may act {late} "
        "weeks after it.",
        f"{over} mass killing has a probability of "
        f"{percent[EARLY_UNITED]} early and united and {percent[LATE_DIVIDED]} late and divided, "
        f"and action averts {averted[0]} and {averted[1]} direct deaths a run; "
        "`forestall sweep experiment=timing_unity` shows everything in between.",
    ]


def footnote(courses: Courses) -> str:
    """Return what stands below the picture: that it is one chosen run, and what all runs say."""
    count = courses.mass_killing.shape[1]
    rule = "the first run that becomes a mass killing without outside action"
    if not courses.escalated:
        rule = "the first run, as none becomes a mass killing without outside action"
    shares = (f"{100 * share:.1f} %" for share in courses.mass_killing.mean(axis=1))
    deaths = (f"{mean:,.0f}" for mean in courses.deaths.mean(axis=1))
    return (
        f"One run of {count}, chosen by rule and no evidence: {rule} (replicate {courses.chosen}). "
        "Over all runs, without action, early and united, late and divided: mass killing in "
        f"{', '.join(shares)} of runs; {', '.join(deaths)} direct deaths a run."
    )


def _refuse_ignored(overrides: Sequence[str]) -> None:
    for item in read_overrides(overrides):
        if item.key in (*EARLY, "engine", "experiment") or item.key.startswith("design"):
            raise ForestallError(
                f"{item.key}: set by the demo itself, vary it with forestall sweep"
            )
        if item.factor is not None:
            raise ForestallError(f"{item.key}: the demo takes one value, forestall sweep several")


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall demo", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "overrides", nargs="*", metavar="key=value",
        help="as for forestall sweep: seed=7, replicates=100, country=NAME, output=DIR",
    )  # fmt: skip
    parser.add_argument(
        "--scenarios", type=Path, metavar="DIR", help="folder of your own scenario files"
    )
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall demo"))
