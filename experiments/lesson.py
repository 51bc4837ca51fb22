"""``forestall lesson``: one claim of the report and its opposite case, run side by side for a class.

A lesson is a file of `scenarios/lesson`: a claim, two worlds, a question and what to look at. Both
worlds run on the same random numbers, each beside itself without outside action. The verdict follows
from the runs alone and can go against the lesson.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.bounded import content_of, yaml_of
from experiments.command import DONE, OneLineParser, run_command
from experiments.scenario_folder import own_folder, refuse_escape, scenarios_folder
from sim.errors import ForestallError, bad_value, unknown_name
from sim.reading import choice, known_mapping, needed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]

REPLICATES = 400
ENTRIES = (
    "lesson", "title", "claim", "held_equal", "common", "case", "opposite", "expects", "question",
    "look_at", "note", "yourself", "controls",
)  # fmt: skip
WORLD_ENTRIES = ("name", "overrides")
CONTROL_ENTRIES = ("label", "options")
MOST_WORLDS = 128
"""Worlds that the controls of a lesson may make, all of which a page holds results of."""
FEWER_DEATHS, OUTWEIGHS_ACTION = "fewer_deaths", "outweighs_action"
EXPECTS = {
    FEWER_DEATHS: "fewer deaths in the case than in its opposite",
    OUTWEIGHS_ACTION: "a larger difference between the two than outside action makes in either",
}
MAY_SET = (
    "country", "actors", "course", "intervention", "interventions", "action", "parameters",
    "mechanisms", "forms", "attributes", "weeks",
)  # fmt: skip
"""What the file of a lesson may set: a world, never how or where it is run."""
_HELP = """\
Run one lesson as a hypothesis that can fail: a case and its opposite on the same random numbers, each
beside itself without outside action. Prints what to look at, a question for the class, and whether the
claim holds, is reversed or cannot be decided in these runs.

  forestall lesson                        lists the lessons
  forestall lesson timely                 some seconds
  forestall lesson unity action.arrival=26 replicates=1000
  forestall lesson mine --scenarios DIR   one of your own, DIR/lesson/mine.yaml

Overrides are Hydra's, key=value, one value each; they hold for both worlds.
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """One of the two worlds of a lesson: its name, and the overrides that make it."""

    name: str
    overrides: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Control:
    """Something that a class can set for itself: what it is, and the overrides of each choice."""

    label: str
    options: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson, as its file says it; `expects` is a name of `EXPECTS`.

    `common` holds for every world of it; `controls` make the worlds of a lesson page; `yourself` are
    commands for who wants to go on, the only place of a lesson where keys stand.
    """

    name: str
    lesson: str
    title: str
    claim: str
    held_equal: str
    common: tuple[str, ...]
    case: World
    opposite: World
    expects: str
    question: str
    look_at: tuple[str, ...]
    note: str
    yourself: tuple[str, ...]
    controls: tuple[Control, ...]


@dataclass(frozen=True, eq=False)
class Taught:
    """What the runs of a lesson came to: outcomes (runs, outcomes) of both worlds, and left alone."""

    case: Floats
    opposite: Floats
    case_alone: Floats
    opposite_alone: Floats


def main(argv: Sequence[str]) -> int:
    """Run a lesson from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    names = [word for word in asked.words if "=" not in word]
    overrides = [word for word in asked.words if "=" in word]
    own = None if asked.scenarios is None else own_folder(asked.scenarios)
    if not names:
        print(_listed(own))
        return DONE
    if len(names) > 1:
        raise ForestallError(f"lesson takes one at a time, not {len(names)}")
    from experiments.engines import compile_notice
    from experiments.lesson_text import as_mapping, text
    from experiments.terminal import notice

    lesson = read_lesson(names[0], own)
    if waiting := compile_notice("compiled"):
        notice(waiting)
    taught = teach(lesson, overrides, scenarios=asked.scenarios, say=notice)
    if asked.json:
        print(json.dumps(as_mapping(lesson, taught), allow_nan=False))
    else:
        print(text(lesson, taught, extra=overrides))
    return DONE


def lesson_files(own: Path | None = None) -> dict[str, Path]:
    """Return the files of the packaged lessons, and of a user's own, by name."""
    folders = [scenarios_folder(), *([] if own is None else [own])]
    return {
        file.stem: file for folder in folders for file in sorted((folder / "lesson").glob("*.yaml"))
    }


def read_lesson(name: str, own: Path | None = None) -> Lesson:
    """Return a lesson.

    Raises
    ------
    ForestallError
        No such lesson, or a file that sets what it may not: one line that names the entry.
    """
    refuse_escape("lesson", name)
    files = lesson_files(own)
    if name not in files:
        raise unknown_name("lesson", name, files)
    try:
        raw = yaml_of(content_of(files[name]))
    except (OSError, ValueError) as error:
        raise ForestallError(f"lesson/{name}: {' '.join(str(error).split())}") from None
    key = f"lesson/{name}"
    row = known_mapping(key, raw, ENTRIES)
    common = _overrides(f"{key}.common", row.get("common", []))
    look_at, yourself = needed(key, row, "look_at"), row.get("yourself", [])
    for entry, lines in (("look_at", look_at), ("yourself", yourself)):
        if not isinstance(lines, list):
            raise bad_value(f"{key}.{entry}", lines, "a list of sentences")
    words = ("lesson", "title", "claim", "held_equal", "question")
    return Lesson(
        name=name,
        common=common,
        case=_world(f"{key}.case", needed(key, row, "case"), common),
        opposite=_world(f"{key}.opposite", needed(key, row, "opposite"), common),
        expects=choice(f"{key}.expects", needed(key, row, "expects"), {e: e for e in EXPECTS}),
        look_at=tuple(str(line) for line in look_at),
        note=" ".join(str(row.get("note", "")).split()),
        yourself=tuple(str(line) for line in yourself),
        controls=_controls(f"{key}.controls", row.get("controls", [])),
        **{word: " ".join(str(needed(key, row, word)).split()) for word in words},
    )


def teach(
    lesson: Lesson,
    overrides: Sequence[str] = (),
    *,
    scenarios: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Taught:
    """Run both worlds of a lesson, and both left alone, on the same random numbers.

    `say` is called with the name of each before it is run.
    """
    from experiments.overrides import read_overrides

    for item in read_overrides(overrides):
        if item.factor is not None or item.key.startswith(("design", "experiment")):
            raise ForestallError(f"{item.key}: lesson takes one value, forestall sweep several")
        if item.key in ("output", "engine"):
            raise ForestallError(f"{item.key}: lesson prints and stores nothing, see forestall run")
    both = []
    for world in (lesson.case, lesson.opposite):
        say(f"{world.name} ...")
        chosen = [f"replicates={REPLICATES}", *world.overrides, *overrides]
        both.append(run_world(chosen, scenarios=scenarios))
    (case, case_alone), (opposite, opposite_alone) = both
    return Taught(case, opposite, case_alone, opposite_alone)


def run_world(overrides: Sequence[str], *, scenarios: Path | None = None) -> tuple[Floats, Floats]:
    """Return the outcomes of a world, shape (runs, outcomes), and of the same one left alone."""
    import numpy as np

    from experiments.config import compose
    from experiments.designs import scenario_of
    from sim.engines import run

    config = compose(overrides, scenarios=scenarios)
    scenario, runs = scenario_of(config), int(config["replicates"])
    found = run(
        [scenario, scenario.baseline()],
        scenario=np.repeat([0, 1], runs),
        replicate=np.tile(np.arange(runs), 2),
        seed=int(config["seed"]),
    )
    return found.outcomes[:runs], found.outcomes[runs:]


def _world(key: str, raw: object, common: tuple[str, ...]) -> World:
    row = known_mapping(key, raw, WORLD_ENTRIES)
    own = _overrides(f"{key}.overrides", needed(key, row, "overrides"))
    return World(name=str(needed(key, row, "name")), overrides=(*common, *own))


def _controls(key: str, raw: object) -> tuple[Control, ...]:
    if not isinstance(raw, list):
        raise bad_value(key, raw, "a list of controls, each with a label and options")
    controls = [_control(f"{key}[{place}]", one) for place, one in enumerate(raw)]
    worlds = math.prod(len(control.options) for control in controls)
    if worlds > MOST_WORLDS:
        raise bad_value(key, worlds, f"at most {MOST_WORLDS}", unit="worlds")
    return tuple(controls)


def _control(key: str, raw: object) -> Control:
    row = known_mapping(key, raw, CONTROL_ENTRIES)
    options = known_mapping(f"{key}.options", needed(key, row, "options"))
    if len(options) < 2:
        raise bad_value(f"{key}.options", len(options), "2 or more choices")
    return Control(
        label=str(needed(key, row, "label")),
        options={name: _overrides(f"{key}.options.{name}", one) for name, one in options.items()},
    )


def _overrides(key: str, raw: object) -> tuple[str, ...]:
    from experiments.overrides import read_overrides

    if not isinstance(raw, list) or not all(isinstance(text, str) for text in raw):
        raise bad_value(key, raw, "a list of overrides, key=value")
    for item in read_overrides(raw):
        if item.key.partition(".")[0] not in MAY_SET or item.factor is not None:
            raise ForestallError(f"{key}: the file of a lesson may not set {item.key!r}")
    return tuple(raw)


def _listed(own: Path | None) -> str:
    lessons = [read_lesson(name, own) for name in lesson_files(own)]
    width = max(len(lesson.name) for lesson in lessons)
    lines = [
        f"  {lesson.name:<{width}}  {lesson.lesson}, {lesson.title}: {lesson.claim}"
        for lesson in sorted(lessons, key=lambda lesson: lesson.lesson)
    ]
    return "\n".join(["Lessons (forestall lesson NAME runs one):", *lines])


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall lesson", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("words", nargs="*", metavar="NAME|key=value", help="see above")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    parser.add_argument("--scenarios", type=Path, metavar="DIR", help="a folder of your own files")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall lesson"))
