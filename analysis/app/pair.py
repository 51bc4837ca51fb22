"""Two worlds that differ in one thing and share every random number."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.app.offered import offered
from analysis.app.shelf import Shelf
from analysis.app.shown import DIVIDED, LATER, NO_ACTION, Shown
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.lesson import Lesson, read_lesson
from experiments.points import with_levers
from sim.scenario import Scenario

_HYDRA = threading.Lock()  # Hydra keeps one state for the whole process
_CONFIGURATIONS: Shelf[dict[str, Any]] = Shelf(64)


@dataclass(frozen=True, eq=False, kw_only=True)
class World:
    """A scenario, and what it is called on the page.

    Attributes
    ----------
    key : equal for scenarios, also of different pairs, that differ at most in how long they last: what
        a slider leaves as it is need not be run again.
    """

    scenario: Scenario
    name: str
    key: Hashable


@dataclass(frozen=True, eq=False, kw_only=True)
class Pair:
    """Two worlds of one structure."""

    worlds: tuple[World, World]

    @property
    def first(self) -> Scenario:
        """The scenario of the first world."""
        return self.worlds[0].scenario

    @property
    def second(self) -> Scenario:
        """The scenario of the second world."""
        return self.worlds[1].scenario

    @property
    def first_name(self) -> str:
        """What the first world is called."""
        return self.worlds[0].name

    @property
    def second_name(self) -> str:
        """What the second world is called."""
        return self.worlds[1].name


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
            return compose(list(overrides), scenarios=offered().own)

    return _CONFIGURATIONS.get(tuple(overrides), make)


def lesson_of(shown: Shown) -> Lesson:
    """Return the lesson of the guided mode."""
    return read_lesson(shown.lesson)


def _of_settings(shown: Shown) -> Pair:
    overrides = [*offered().overrides(shown.country), f"course={shown.course}"]
    if shown.portfolio:
        overrides.append(f"portfolio={shown.portfolio}")
    levers: dict[str, Any] = {f"attributes.{name}": v for name, v in shown.attributes.items()}
    levers |= {"weeks": shown.weeks}
    if shown.priority is not None:
        levers["actors.salience"] = shown.priority
    if shown.course == "none":
        levers |= {"action.start": shown.start, "actors.dispersion": shown.dispersion}
    first = _with(overrides, levers, name=_named(shown))
    return Pair(worlds=(first, _other(shown, overrides, levers, first)))


def _other(
    shown: Shown, overrides: Sequence[str], levers: Mapping[str, Any], first: World
) -> World:
    if shown.against == LATER:
        name = f"Action from week {shown.later} on"
        return _with(overrides, {**levers, "action.start": shown.later}, name=name)
    if shown.against == DIVIDED:
        return _with(overrides, {**levers, "actors.dispersion": 1.0}, name="Divided actors")
    assert shown.against == NO_ACTION
    # A baseline has no start: it is the same whenever the first world acts.
    lasting = {name: value for name, value in levers.items() if name != "action.start"}
    case = first.scenario.baseline()
    key = ("alone", *_key(case, overrides, lasting))
    return World(scenario=case, name="No outside action", key=key)


def _with(overrides: Sequence[str], levers: Mapping[str, Any], *, name: str) -> World:
    case = scenario_of(with_levers(configuration(overrides), levers))
    return World(scenario=case, name=name, key=_key(case, overrides, levers))


def _key(
    case: Scenario, overrides: Sequence[str], levers: Mapping[str, Any]
) -> tuple[Hashable, ...]:
    # A record of violence has a row for every week of the run, and no more.
    weeks = case.weeks if case.recorded.size else None
    others = sorted(item for item in levers.items() if item[0] != "weeks")
    return weeks, tuple(overrides), tuple(others)


def _named(shown: Shown) -> str:
    if shown.against == DIVIDED:
        return "United actors" if shown.dispersion == 0.0 else "Actors as set"
    if shown.course == "actual":
        return "Model of what was done"
    return f"Action from week {shown.start} on" if shown.against == LATER else "Outside action"


def _of_lesson(shown: Shown) -> Pair:
    lesson = lesson_of(shown)
    case, opposite = (
        _with(world.overrides, {}, name=_capital(world.name))
        for world in (lesson.case, lesson.opposite)
    )
    return Pair(worlds=(case, opposite))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def coded_attributes(country: str) -> dict[str, float]:
    """Return the national attributes of a country as its file codes them, 0 worst .. 1 best.

    Restraint is the mean discipline of its armed groups, support that of its neighbours.
    """
    case = scenario_of(configuration([*offered().overrides(country), "course=none"]))
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


def coded_priority(country: str) -> float:
    """Return the mean salience of prevention among the actors of a country, by their votes, 0 to 1."""
    actors = scenario_of(configuration([*offered().overrides(country), "course=none"])).actors
    return float(actors.salience @ actors.weight)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)
