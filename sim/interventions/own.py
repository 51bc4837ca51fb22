"""A measure of a user's own: a scenario entry that says which effects it is composed of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sim.effects import BY_NAME
from sim.errors import bad_value
from sim.figures import read_figure
from sim.interventions.base import (
    AlsoFails,
    Declaration,
    Failure,
    Level,
    Move,
    Part,
    Phase,
    Pillar,
    usual_threshold,
)
from sim.interventions.checked import check_declared, checked_state
from sim.interventions.measure import SETTINGS, Measure, names_of, read_leaders
from sim.kinds import Channel, Coverage, Effect, Trigger
from sim.reading import choice, known_mapping, needed, whole_number

TEXTS = ("stands_for", "acts_on", "fails_when", "source")
DECLARED = (
    *TEXTS, "effects", "channel", "needs", "level", "phase", "pillar", "moves", "fails", "failure",
    "fails_of", "also_fails", "shown_in", "beside", "unit", "largest", "code",
)  # fmt: skip
"""What an entry declares beyond what a scenario sets."""
DEPLOYED = (Effect.POLICE, Effect.OBSERVERS)
"""Effects that are people from abroad, whom a host may keep out: by entry unless a channel is named."""
WHOLE = (Effect.TROOPS, Effect.AID, Effect.POLICE, Effect.PLACEBO)
"""Effects of which a measure may have one: what they cost is counted by heads, or by nobody's."""


def is_own(entry: object) -> bool:
    """Return whether an entry declares a measure of its own: it says what its effects are."""
    return isinstance(entry, Mapping) and "effects" in entry


def read_own(name: str, raw: Mapping[str, Any], places: Sequence[str] = ()) -> Measure:
    """Read a measure that a user declares.

    Parameters
    ----------
    name : str
    raw : mapping
        ``effects`` (names of `sim.effects.EFFECTS` and the dose of each for one unit, or ``{size,
        channel}``) and ``fails_when`` are needed; the rest is as in `Declaration`, or usual.
    places : sequence of str
        Places of the country, for an explicit list among them.

    Raises
    ------
    ScenarioError
        For an unknown entry or a value out of range.
    """
    key = f"interventions.{name}"
    entry = known_mapping(key, raw, (*DECLARED, *SETTINGS))
    declaration = own_declaration(name, entry)
    settings = {setting: entry[setting] for setting in SETTINGS if setting in entry}
    return Measure.from_mapping(declaration, settings, places)


def own_declaration(name: str, entry: Mapping[str, Any]) -> Declaration:
    """Return what an entry declares; errors as `read_own`."""
    key = f"interventions.{name}"

    def named[T: StrEnum](part: str, options: type[T], usual: T) -> T:
        return _named(f"{key}.{part}", entry.get(part, usual), options)

    largest = read_figure(
        entry.get("largest", 1.0), f"{key}.largest", low=0, high=1e9, unit="unit of the measure"
    )
    parts = _read_parts(key, entry)
    triggers = {trigger.name.lower(): trigger for trigger in Trigger}
    trigger = choice(f"{key}.trigger", entry.get("trigger", "action"), triggers)
    rows = enumerate(_listed(f"{key}.moves", entry.get("moves")))
    moves = tuple(_read_move(f"{key}.moves[{at}]", row) for at, row in rows)
    further = enumerate(_listed(f"{key}.also_fails", entry.get("also_fails")))
    texts = _texts(key, entry, parts)
    declaration = Declaration(
        id=name,
        name=name,
        level=named("level", Level, Level.LOCAL),
        phase=named("phase", Phase, Phase.OPERATIONAL),
        pillar=named("pillar", Pillar, Pillar.II),
        parts=parts,
        moves=moves,
        needs=_read_needs(f"{key}.needs", entry.get("needs"), parts),
        lead=read_leaders(f"{key}.lead", entry.get("lead", "body")),
        partners=read_leaders(f"{key}.partners", entry.get("partners", [])),
        fails=known_mapping(f"{key}.fails", entry.get("fails")),
        failure=named("failure", Failure, Failure.REMOVES),
        fails_of=_read_states(f"{key}.fails_of", entry.get("fails_of"), moves),
        also_fails=tuple(
            _read_failure(f"{key}.also_fails[{at}]", row, moves) for at, row in further
        ),
        shown_in=known_mapping(f"{key}.shown_in", entry.get("shown_in")),
        beside=known_mapping(f"{key}.beside", entry.get("beside")),
        trigger=trigger,
        threshold=_number(key, entry, "threshold", usual_threshold(trigger), 1e9),
        lag=_number(key, entry, "lag", 0.0, 520),
        ramp=_number(key, entry, "ramp", 26.0, 520),
        decay=_number(key, entry, "decay", 0.0, 5200),
        cost=_number(key, entry, "cost", 0.2, 1e3),
        coverage=_coverage(key, entry.get("coverage", "all")),
        unit=str(entry.get("unit", "dose")),
        largest=largest,
        intensity=_number(key, entry, "intensity", min(1.0, largest), largest),
        stands_for=texts["stands_for"],
        acts_on=texts["acts_on"],
        fails_when=texts["fails_when"],
        source=texts["source"],
    )
    check_declared(key, declaration)
    return declaration


def _named[T: StrEnum](key: str, raw: object, options: type[T]) -> T:
    return choice(key, str(raw), {str(one): one for one in options})


def _listed(key: str, raw: object) -> Sequence[object]:
    if raw is not None and not isinstance(raw, list | tuple):
        raise bad_value(key, raw, "a list")
    return raw or ()


def _read_states(key: str, raw: object, moves: Sequence[Move]) -> tuple[str, ...]:
    """Return states of which a failure is said: each one that the measure moves."""
    states = {move.state: move.state for move in moves}
    if raw and not states:
        raise bad_value(key, raw, "nothing: the measure names no moves")
    return tuple(choice(key, str(state), states) for state in _listed(key, raw))


def _read_failure(key: str, raw: object, moves: Sequence[Move]) -> AlsoFails:
    row = known_mapping(key, raw, AlsoFails._fields)
    harms = row.get("harms")
    return AlsoFails(
        str(needed(key, row, "when")),
        known_mapping(f"{key}.changes", needed(key, row, "changes")),
        _named(f"{key}.failure", row.get("failure", Failure.REMOVES), Failure),
        None if harms is None else _read_move(f"{key}.harms", harms),
        _read_states(f"{key}.of", row.get("of"), moves),
    )


def _number(key: str, entry: Mapping[str, Any], name: str, usual: float, high: float) -> float:
    return read_figure(entry.get(name, usual), f"{key}.{name}", low=0, high=high)


def _coverage(key: str, raw: object) -> Coverage:
    """Return where it goes unless a scenario says otherwise; a list is a scenario's own."""
    if isinstance(raw, list | tuple):
        return Coverage.ALL
    named = {entry.name.lower(): entry for entry in Coverage if entry is not Coverage.LISTED}
    return choice(f"{key}.coverage", raw, named)


def _texts(key: str, entry: Mapping[str, Any], parts: Sequence[Part]) -> dict[str, str]:
    needed(key, entry, "fails_when")
    states = dict.fromkeys(BY_NAME[part.effect.name.lower()].acts_on for part in parts)
    usual = {
        "stands_for": "a measure of the user",
        "acts_on": ", ".join(states),
        "source": "the user",
    }
    texts = {name: entry.get(name, usual.get(name)) for name in TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise bad_value(f"{key}.{name}", text, "a sentence")
    return {name: str(text) for name, text in texts.items()}


def _read_parts(key: str, entry: Mapping[str, Any]) -> tuple[Part, ...]:
    channels = {channel.name.lower(): channel for channel in Channel}
    channel = choice(f"{key}.channel", entry.get("channel", "direct"), channels)
    effects = known_mapping(f"{key}.effects", entry["effects"], BY_NAME)
    if not effects:
        raise bad_value(f"{key}.effects", dict(effects), "one effect or more")
    parts = []
    for name, raw in effects.items():
        where, way, size = f"{key}.effects.{name}", channel, raw
        if "channel" not in entry and BY_NAME[name].effect in DEPLOYED:
            way = Channel.ENTRY
        if isinstance(raw, Mapping) and "size" in raw:
            known_mapping(where, raw, ("size", "channel"))
            usual = way.name.lower() if "channel" not in entry else "direct"
            way = choice(f"{where}.channel", raw.get("channel", usual), channels)
            size = raw["size"]
        dose = read_figure(size, where, low=1e-9, high=1e6, unit="dose for one unit")
        parts.append(Part(BY_NAME[name].effect, dose, way))
    if sum(part.effect in WHOLE for part in parts) > 1:
        raise bad_value(f"{key}.effects", sorted(effects), "one of troops, aid, police at most")
    return tuple(parts)


def _read_needs(key: str, raw: object, parts: Sequence[Part]) -> Channel | None:
    """Return the way without which nothing begins: one that a part takes."""
    taken = {part.channel.name.lower(): part.channel for part in parts}
    return None if raw is None else choice(key, raw, taken)


def _read_move(key: str, raw: object) -> Move:
    row = known_mapping(key, raw, Move._fields)
    direction = choice(f"{key}.direction", str(row.get("direction")), {"1": 1, "-1": -1})
    within = whole_number(f"{key}.within", needed(key, row, "within"), 1, 520, "weeks")
    return Move(checked_state(f"{key}.state", needed(key, row, "state")), direction, within)


def failure_as(one: AlsoFails) -> dict[str, Any]:
    """Return a further way to fail as a scenario entry declares it."""
    row = {"when": one.when, "changes": dict(one.changes), "failure": str(one.failure)}
    if one.of:
        row["of"] = list(one.of)
    return row if one.harms is None else row | {"harms": one.harms._asdict()}


def declared_as(declaration: Declaration) -> dict[str, Any]:
    """Return the scenario entry that declares a measure: what `read_own` reads back."""
    return {
        **{name: getattr(declaration, name) for name in TEXTS},
        "effects": {
            part.effect.name.lower(): {"size": part.size, "channel": part.channel.name.lower()}
            for part in declaration.parts
        },
        "needs": None if declaration.needs is None else declaration.needs.name.lower(),
        "level": str(declaration.level),
        "phase": str(declaration.phase),
        "pillar": str(declaration.pillar),
        "moves": [move._asdict() for move in declaration.moves],
        "fails": dict(declaration.fails),
        "failure": str(declaration.failure),
        "fails_of": list(declaration.fails_of),
        "also_fails": [failure_as(one) for one in declaration.also_fails],
        "shown_in": dict(declaration.shown_in),
        "beside": {name: dict(entry) for name, entry in declaration.beside.items()},
        "unit": declaration.unit,
        "largest": declaration.largest,
        "trigger": declaration.trigger.name.lower(),
        "threshold": declaration.first_threshold,
        "lag": declaration.lag,
        "ramp": declaration.ramp,
        "decay": declaration.decay,
        "intensity": declaration.intensity,
        "coverage": declaration.coverage.name.lower(),
        "cost": declaration.cost,
        "lead": names_of(declaration.lead),
        "partners": names_of(declaration.partners),
    }
