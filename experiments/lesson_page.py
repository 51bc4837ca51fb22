"""``forestall lesson-page``: the lessons as one HTML file that opens without Python and network.

Everything that the page shows was run beforehand: both worlds of each lesson, one pair of them week by
week, and every world that its controls can make.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.command import DONE, OneLineParser, run_command
from experiments.lesson import (
    REPLICATES,
    Lesson,
    Taught,
    lesson_files,
    read_lesson,
    run_world,
    teach,
)
from experiments.scenario_folder import own_folder
from sim.errors import ForestallError, bad_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]

SHOWN = 100
"""Worlds that are drawn one by one."""
LEAST_RUNS, MOST_RUNS = 2, 10_000
_HELP = """\
Write the four lessons as one HTML file with everything in it: a claim, a prediction by the class
before the result is shown, two worlds on the same random numbers as 100 small squares and on a map
week by week, and controls whose every setting was run beforehand. It opens from a disk, with no Python
and no network.

  forestall lesson-page lessons.html                    121,600 runs: 6 minutes of one
                                                        processor
  forestall lesson-page lessons.html --lesson timely --replicates 50
  forestall lesson-page mine.html --scenarios DIR --lesson mine

A lesson's file says what may be set (its `controls`).
"""


def main(argv: Sequence[str]) -> int:
    """Write the page from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    file = asked.out.expanduser()
    if file.suffix.lower() not in (".html", ".htm"):
        raise ForestallError(f"OUT: {file.name} does not end with .html")
    if not LEAST_RUNS <= asked.replicates <= MOST_RUNS:
        raise bad_value(
            "--replicates", asked.replicates, f"{LEAST_RUNS} to {MOST_RUNS:,}", unit="runs a world"
        )
    own = None if asked.scenarios is None else own_folder(asked.scenarios)
    names = asked.lesson or list(lesson_files())
    lessons = sorted((read_lesson(name, own) for name in names), key=lambda one: one.lesson)
    from analysis.lesson_page import lesson_page
    from experiments.engines import compile_notice
    from experiments.report import write_page
    from experiments.terminal import notice

    if waiting := compile_notice("compiled"):
        notice(waiting)
    found = [
        _shown(lesson, replicates=asked.replicates, seed=asked.seed, scenarios=asked.scenarios)
        for lesson in lessons
    ]
    print(write_page(lesson_page(found, command=_command(argv)), file))
    return DONE


def _shown(lesson: Lesson, *, replicates: int, seed: int, scenarios: Path | None) -> dict[str, Any]:
    """Return the data of a lesson, and show how far its runs are."""
    from experiments.campaign import Progress
    from experiments.terminal import notice, shown_progress

    worlds = len(choices(lesson)) + 2
    notice(f"{lesson.name}: {worlds} worlds, {replicates} runs each, twice")
    progress = Progress(total=2 * worlds * replicates, stored=0)
    with shown_progress(progress.total, 0) as show:

        def ran(runs: int) -> None:
            progress.done += runs
            show(progress)

        return as_data(lesson, replicates=replicates, seed=seed, scenarios=scenarios, ran=ran)


def as_data(
    lesson: Lesson, *, replicates: int, seed: int, scenarios: Path | None = None,
    ran: Callable[[int], None] = lambda runs: None,
) -> dict[str, Any]:  # fmt: skip
    """Run a lesson and return all that its part of the page shows, as plain data.

    Parameters
    ----------
    lesson, replicates, seed, scenarios : what is run.
    ran : called with the runs that have come back since the last call.
    """
    from experiments.lesson_text import (
        LIMITS,
        as_mapping,
        differences,
        effects,
        heads_of,
        result_rows,
    )
    from experiments.lesson_text import verdict_text as in_words
    from experiments.lessons.told import introduction, stored, told

    extra = [f"replicates={replicates}", f"seed={seed}"]
    taught = teach(lesson, extra, scenarios=scenarios)
    ran(4 * replicates)
    watch = watched(lesson, taught, seed=seed, scenarios=scenarios)
    return {
        **as_mapping(lesson, taught),
        "title": lesson.title,
        "held_equal": lesson.held_equal,
        "seed": seed,
        "differences": differences(effects(taught)),
        "verdict_text": in_words(lesson, taught),
        "limits": LIMITS,
        "registered": {
            "introduction": introduction(stored()),
            "claims": [one._asdict() for one in told(lesson.lesson, stored())],
        },
        "table": result_rows(taught, heads=heads_of(lesson), shock_week=watch["shock_week"]),
        "worlds": squares(taught),
        "watch": watch,
        "explore": explored(lesson, extra, scenarios=scenarios, ran=ran),
    }


def squares(taught: Taught) -> dict[str, Any]:
    """Return what became of the first worlds one by one: a mass killing or not, and direct deaths."""
    arms = {
        "case": taught.case,
        "opposite": taught.opposite,
        "case_alone": taught.case_alone,
        "opposite_alone": taught.opposite_alone,
    }
    from sim.outcomes import O

    return {
        name: {
            "mass_killing": runs[:SHOWN, O.mass_killing].astype(int).tolist(),
            "deaths": runs[:SHOWN, O.direct_deaths].astype(int).tolist(),
            "share": float(runs[:, O.mass_killing].mean()),
        }
        for name, runs in arms.items()
    }


def chosen_pair(taught: Taught) -> tuple[int, str]:
    """Return the replicate that is shown week by week, and the rule that selected it.

    It is the one with the middle difference in log(1 + direct deaths) between case and opposite among
    those whose opposite becomes a mass killing if left alone, so that it is neither best nor worst.
    """
    from sim.outcomes import O

    logs = [np.log1p(runs[:, O.direct_deaths]) for runs in (taught.case, taught.opposite)]
    difference = logs[0] - logs[1]
    among = np.flatnonzero(taught.opposite_alone[:, O.mass_killing])
    which = "whose opposite, left alone, becomes a mass killing"
    if not among.size:
        among, which = (
            np.arange(difference.size),
            "that were run, none a mass killing if left alone",
        )
    order = among[np.argsort(difference[among], kind="stable")]
    rule = f"the one with the middle difference of the {among.size:,} pairs {which}"
    return int(order[order.size // 2]), rule


def watched(
    lesson: Lesson, taught: Taught, *, seed: int, scenarios: Path | None = None
) -> dict[str, Any]:
    """Return one pair of worlds week by week and place by place, whole numbers throughout."""
    from analysis.plots.country_map import place_positions
    from experiments.config import compose
    from experiments.demo import geography
    from experiments.designs import scenario_of
    from experiments.trace import community_courses

    replicate, rule = chosen_pair(taught)
    worlds = [
        scenario_of(compose(list(world.overrides), scenarios=scenarios))
        for world in (lesson.case, lesson.opposite)
    ]
    killed, displaced, peacekeepers = community_courses(worlds, replicate=replicate, seed=seed)
    places = geography(worlds[0])
    positions, frame = place_positions(places)
    across = np.cos(np.deg2rad((frame.y0 + frame.y1) / 2))
    flat = np.column_stack(
        [(positions[:, 0] - frame.x0) * across, frame.y1 - positions[:, 1]]
    ) / max(frame.width * across, frame.height)
    return {
        "replicate": replicate,
        "rule": rule,
        "shock_week": worlds[0].shock_week,
        "country": worlds[0].country.name,
        "places": [
            {
                "name": str(name),
                "x": round(float(x), 4),
                "y": round(float(y), 4),
                "abroad": bool(far),
            }
            for name, (x, y), far in zip(places.names, flat, ~places.home, strict=True)
        ],
        "people": worlds[0].country.population.astype(int).tolist(),
        "roads": np.column_stack([places.road_from, places.road_to]).tolist(),
        "frames": [
            {
                "killed": np.rint(killed[:, world]).astype(int).tolist(),
                "displaced": np.rint(displaced[:, world]).astype(int).tolist(),
                "peacekeepers": np.rint(peacekeepers[:, world]).astype(int).tolist(),
            }
            for world in range(2)
        ],
    }


def choices(lesson: Lesson) -> list[tuple[str, ...]]:
    """Return every world that the controls of a lesson can make, as one option a control."""
    if not lesson.controls:
        return []
    return list(itertools.product(*(control.options for control in lesson.controls)))


def explored(
    lesson: Lesson, extra: Sequence[str], *, scenarios: Path | None = None,
    ran: Callable[[int], None] = lambda runs: None,
) -> dict[str, Any]:  # fmt: skip
    """Return what became of every world that the controls can make, with action and without."""
    cells = []
    for chosen in choices(lesson):
        options = zip(lesson.controls, chosen, strict=True)
        own = [text for control, name in options for text in control.options[name]]
        action, alone = run_world([*lesson.common, *own, *extra], scenarios=scenarios)
        cells.append(_cell(action, alone))
        ran(len(action) + len(alone))
    return {
        "controls": [
            {"label": control.label, "options": list(control.options)}
            for control in lesson.controls
        ],
        "cells": cells,
    }


def _cell(action: Floats, alone: Floats) -> dict[str, Any]:
    from analysis.intervals import wilson
    from sim.outcomes import O

    def risk(runs: Floats) -> list[float]:
        column = runs[:, O.mass_killing]
        return [round(100 * value, 1) for value in wilson(float(column.sum()), column.size)]

    deaths, without = action[:, O.direct_deaths], alone[:, O.direct_deaths]
    quarters = (0.25, 0.5, 0.75)
    return {
        "action": risk(action),
        "alone": risk(alone),
        "deaths": [round(float(value)) for value in np.quantile(deaths, quarters)],
        "deaths_alone": [round(float(value)) for value in np.quantile(without, quarters)],
        "more": round(100 * float((deaths > without).mean()), 1),
        "spent": round(float(action[:, O.endowment_spent].mean()), 1),
    }


def _command(argv: Sequence[str]) -> str:
    """Return the command that makes the page, without the place it was written to."""
    import shlex

    asked = _parser().parse_args(list(argv))
    words: Mapping[str, Any] = {"--replicates": asked.replicates, "--seed": asked.seed}
    named = [part for name in asked.lesson for part in ("--lesson", name)]
    listed = [str(part) for pair in words.items() for part in pair]
    return shlex.join(["forestall", "lesson-page", asked.out.name, *named, *listed])


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall lesson-page", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("out", type=Path, metavar="OUT", help="the HTML file")
    parser.add_argument(
        "--lesson", action="append", default=[], metavar="NAME", help="this one (may be repeated)"
    )
    parser.add_argument(
        "--replicates", type=int, default=REPLICATES, metavar="N", help="runs of each world"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the random numbers")
    parser.add_argument("--scenarios", type=Path, metavar="DIR", help="a folder of your own files")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall lesson-page"))
