"""What a declaration says of a scenario by dotted name, checked before anybody follows it.

Moves and failure conditions are read by the contract over the measures and by no run, so that a
misspelt name in a measure of a user's own would otherwise stand there unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.actors import ACTOR_ENTRIES
from sim.actors import ENTRIES as ACTORS_ENTRIES
from sim.actors import KINDS as ACTOR_KINDS
from sim.attributes import ATTRIBUTES, read_attributes
from sim.country_reader import COUNTRY_KEYS, PLACE_KEYS
from sim.errors import LONGEST_SHOWN, ScenarioError, bad_value, unknown_name
from sim.fields import TABLES
from sim.forms import FORMS, read_forms
from sim.interventions.base import Declaration
from sim.interventions.catalogue import CATALOGUE
from sim.interventions.changes import check_weeks
from sim.interventions.measure import SETTINGS, Measure
from sim.kinds import Kind
from sim.mechanisms import MECHANISMS, read_switches
from sim.parameters import NAMES, parameter_row
from sim.reading import known_mapping
from sim.starting import ACTOR as ACTOR_FIGURES
from sim.starting import (
    ARMED_GROUP,
    GOVERNMENT,
    NEIGHBOUR,
    PLACE,
    RULE,
    SETTLEMENT,
    SHOCK,
    SOCIETY,
    StartingFigure,
    starting_figures,
)

type Reader = Callable[[str, object], object]
type Entries = Mapping[str, "Entries | Reader"]
"""What may stand in an entry of a scenario: names, ``*`` for any, and how the value of each is read."""

STATES = tuple(f"{table}.{field.name}" for table, fields in TABLES.items() for field in fields)
"""Names of all states of all agents, as a move names them."""
OF_A_KIND = ("kind=", "one=")


def _as_it_is(key: str, value: object) -> object:
    """Take a value whose form depends on the rest of a scenario."""
    return value


def _only(read: Callable[[Mapping[str, Any]], object], names: tuple[str, ...]) -> Entries:
    """Return the entries of a section whose reader takes them one by one."""

    def reader(name: str) -> Reader:
        return lambda key, value: read({name: value})

    return {name: reader(name) for name in names}


def _figures(section: str, *others: str) -> Entries:
    """Return the starting figures of a section, and entries beside them that are taken as they are."""

    def reader(figure: StartingFigure) -> Reader:
        return lambda key, value: figure.number(value, key)

    return {
        **dict.fromkeys(others, _as_it_is),
        **{figure.name: reader(figure) for figure in starting_figures(section)},
    }


_BY_NAME: Entries = {"*": _as_it_is}
_SHOCK = _figures(SHOCK, "week", "kind")
_PLACE: Entries = _figures(PLACE, *PLACE_KEYS)
SECTIONS: Entries = {
    "country": {
        **dict.fromkeys(COUNTRY_KEYS, _as_it_is),
        "government": _figures(GOVERNMENT, "group", "role"),
        "society": _figures(SOCIETY),
        "armed_groups": {"*": _figures(ARMED_GROUP, "kind", "side", "target")},
        "settlement": _figures(SETTLEMENT),
        "shocks": {"+": _SHOCK},
        "neighbours": {"*": _figures(NEIGHBOUR, "note")},
        "places": {"*": {**_PLACE, "shares": _BY_NAME, "exclusion": _BY_NAME}},
        "shares": _BY_NAME,
        "exclusion": _BY_NAME,
        "recorded_violence": _BY_NAME,
    },
    "actors": {
        **dict.fromkeys(ACTORS_ENTRIES, _as_it_is),
        "rule": _figures(RULE, "kind"),
        "actors": {"*": _figures(ACTOR_FIGURES, *ACTOR_ENTRIES)},
    },
    "interventions": {},  # see `_check_measure`: what may stand there depends on the measure
    "action": dict.fromkeys(("start", "arrival"), _as_it_is),
    "parameters": _only(parameter_row, NAMES),
    "mechanisms": _only(read_switches, tuple(one.name for one in MECHANISMS)),
    "forms": _only(read_forms, tuple(FORMS)),
    "attributes": _only(read_attributes, tuple(one.name for one in ATTRIBUTES)),
    "weeks": _as_it_is,
}
"""Sections of a scenario, as `sim.scenario` reads them."""


def checked_state(key: str, state: object) -> str:
    """Return the name of a state that some agent has; ScenarioError with the nearest for another."""
    if state not in STATES:
        raise unknown_name(key, state, STATES)
    return str(state)


def check_declared(key: str, declaration: Declaration) -> None:
    """Raise unless every change of a scenario that a measure declares is one that a scenario can have.

    Parameters
    ----------
    key : str
        Dotted name of the measure, for the error.
    declaration : Declaration

    Raises
    ------
    ScenarioError
        One line: a name that no scenario has, with the nearest that one has, or a value out of range.
    """
    _check_changes(f"{key}.fails", declaration.fails, declaration)
    for at, one in enumerate(declaration.also_fails):
        _check_changes(f"{key}.also_fails[{at}].changes", one.changes, declaration)
    _check_changes(f"{key}.shown_in", declaration.shown_in, declaration)
    beside = {f"interventions.{name}": row for name, row in declaration.beside.items()}
    _check_changes(f"{key}.beside", beside, declaration)


def _check_changes(key: str, changes: Mapping[str, object], declaration: Declaration) -> None:
    """Hold every change to where its name leads; names are as `with_changes` takes them."""
    for path, value in changes.items():
        name = (
            path.replace("@", f"interventions.{declaration.name}", 1) if path[:1] == "@" else path
        )
        section, *steps = name.split(".")
        if len(path) > LONGEST_SHOWN:
            raise bad_value(key, path, "the dotted name of an entry of a scenario")
        try:
            if section == "interventions":
                _check_measure(steps, value, declaration)
            else:
                _check(SECTIONS, "", (section, *steps), value)
        except ScenarioError as error:
            raise ScenarioError(f"{key}: {error}") from None


def _check(entries: Entries | Reader, key: str, steps: tuple[str, ...], value: object) -> None:
    """Follow the steps of a name, then hold the value to what stands at their end."""
    if not steps:
        _fits(entries, key, value)
        return
    step, *rest = steps
    where = f"{key}.{step}" if key else step
    if not isinstance(entries, Mapping):
        raise ScenarioError(f"{key}: leads nowhere at {step!r}")
    if "+" in entries and step[:1] == "+":
        check_weeks(where, step)
        if rest:
            raise ScenarioError(
                f"{where}: leads nowhere at {rest[0]!r}, + adds an entry as a whole"
            )
        _fits(entries["+"], where, value)
        return
    if "*" in entries:
        which, equals, kind = step.partition("=")
        kinds = ACTOR_KINDS if key.startswith("actors") else [one.name.lower() for one in Kind]
        if equals and f"{which}=" in OF_A_KIND and kind not in kinds:
            raise unknown_name(where, kind, kinds)
        _check(entries.get(step, entries["*"]), where, tuple(rest), value)
        return
    if step not in entries:
        raise unknown_name(key, step, entries)
    _check(entries[step], where, tuple(rest), value)


def _fits(entries: Entries | Reader, key: str, value: object) -> None:
    """Raise unless a value is what stands there: read by its reader, or entries by name."""
    if not isinstance(entries, Mapping):
        entries(key, value)
    elif "+" in entries:
        if not isinstance(value, list | tuple):
            raise bad_value(key, value, "a list")
        for at, row in enumerate(value):
            _fits(entries["+"], f"{key}[{at}]", row)
    else:
        given = known_mapping(key, value, None if "*" in entries else entries)
        for name, row in given.items():
            _fits(entries.get(name, entries.get("*", _as_it_is)), f"{key}.{name}", row)


def _check_measure(steps: list[str], value: object, declaration: Declaration) -> None:
    """Hold a change of a measure's entry to what that measure takes."""
    name, *rest = steps or [""]
    known = {**CATALOGUE, declaration.name: declaration}
    if isinstance(value, Mapping) and "effects" in value:  # a further one of the user's own
        return
    for one in known if name == "*" else (name,):
        if one not in known:
            raise unknown_name("interventions", one, known)
        entry = {rest[0]: value} if rest else value
        given = known_mapping(f"interventions.{one}", entry, SETTINGS)
        if len(rest) > 1:
            raise ScenarioError(f"interventions.{'.'.join(steps)}: leads nowhere at {rest[1]!r}")
        # A list of places is of one country; whether it has them is for its scenario to say.
        Measure.from_mapping(
            known[one],
            {key: held for key, held in given.items() if not isinstance(held, list | tuple)},
        )
