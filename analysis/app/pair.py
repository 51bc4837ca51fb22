"""Two worlds that differ in one thing and share every random number."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.app.shelf import Shelf
from analysis.app.shown import DIVIDED, LATER, NO_ACTION, Shown
from experiments.config import compose
from experiments.designs import scenario_of, with_levers
from experiments.lesson import Lesson, read_lesson
from sim.scenario import Scenario

_HYDRA = threading.Lock()  # Hydra keeps one state for the whole process
_CONFIGURATIONS: Shelf[dict[str, Any]] = Shelf(64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Pair:
    """Two scenarios of one structure, and what each is called on the page."""

    first: Scenario
    second: Scenario
    first_name: str
    second_name: str


def pair_of(shown: Shown) -> Pair:
    """Return the two worlds of a screen.

    Raises
    ------
    ForestallError
        The model cannot take what was set; one line says which entry.
    """
    return _of_lesson(shown) if shown.lesson else _of_settings(shown)


def configuration(overrides: Sequence[str]) -> dict[str, Any]:
    """Return a configuration; whoever gets it may not change it."""

    def make() -> dict[str, Any]:
        with _HYDRA:
            return compose(list(overrides))

    return _CONFIGURATIONS.get(tuple(overrides), make)


def lesson_of(shown: Shown) -> Lesson:
    """Return the lesson of the guided mode."""
    return read_lesson(shown.lesson)


def _of_settings(shown: Shown) -> Pair:
    overrides = [f"country={shown.country}", f"course={shown.course}"]
    if shown.portfolio:
        overrides.append(f"portfolio={shown.portfolio}")
    config = configuration(overrides)
    levers: dict[str, Any] = {f"attributes.{name}": v for name, v in shown.attributes.items()}
    levers |= {"weeks": shown.weeks}
    if shown.priority is not None:
        levers["actors.salience"] = shown.priority
    if shown.course == "none":
        levers |= {"action.start": shown.start, "actors.dispersion": shown.dispersion}
    first = scenario_of(with_levers(config, levers))
    second, name = _other(shown, config, levers, first)
    return Pair(first=first, second=second, first_name=_named(shown), second_name=name)


def _other(
    shown: Shown, config: Mapping[str, Any], levers: Mapping[str, Any], first: Scenario
) -> tuple[Scenario, str]:
    if shown.against == LATER:
        later = scenario_of(with_levers(config, {**levers, "action.start": shown.later}))
        return later, f"Action from week {shown.later} on"
    if shown.against == DIVIDED:
        divided = scenario_of(with_levers(config, {**levers, "actors.dispersion": 1.0}))
        return divided, "Divided actors"
    assert shown.against == NO_ACTION
    return first.baseline(), "No outside action"


def _named(shown: Shown) -> str:
    if shown.against == DIVIDED:
        return "United actors" if shown.dispersion == 0.0 else "Actors as set"
    if shown.course == "actual":
        return "What was really done"
    return f"Action from week {shown.start} on" if shown.against == LATER else "Outside action"


def _of_lesson(shown: Shown) -> Pair:
    lesson = lesson_of(shown)
    both = [scenario_of(configuration(world.overrides)) for world in (lesson.case, lesson.opposite)]
    return Pair(
        first=both[0], second=both[1],
        first_name=_capital(lesson.case.name), second_name=_capital(lesson.opposite.name),
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def coded_attributes(country: str) -> dict[str, float]:
    """Return the national attributes of a country as its file codes them, 0 worst .. 1 best.

    Restraint is the mean discipline of its armed groups, support that of its neighbours.
    """
    case = scenario_of(configuration([f"country={country}", "course=none"]))
    disciplines = [group.discipline for group in case.armed_groups]
    return {
        "commitment": case.government.commitment,
        "capacity": case.government.capacity,
        "civil_society": case.society.civil_society,
        "accountability": case.government.accountability,
        "restraint": _mean(disciplines),
        # A neighbour's support runs from -1 (feeds a war) to 1, the attribute from 0 to 1.
        "neighbours": (1.0 + _mean([one.support for one in case.country.neighbours])) / 2.0,
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)
