"""What is on a screen, as plain values, and the query string that restores it.

A link comes from anybody. Every entry is checked against a short list or a range before it is used:
nothing in it is executed, and none of it becomes a path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from analysis.app.offered import offered
from sim.attributes import ATTRIBUTES
from sim.errors import ForestallError, bad_value, unknown_name

LONGEST_QUERY = 2_000
COURSES = ("none", "actual")
LESSONS = ("timely", "priority", "unity", "national")
NO_ACTION, LATER, DIVIDED = "no_action", "later", "divided"
AGAINST = {
    NO_ACTION: "the same world without outside action",
    LATER: "the same action, begun later",
    DIVIDED: "the same action by divided actors",
}
CASE, OPPOSITE, NEITHER = "case", "opposite", "neither"
GUESSES = ("", CASE, OPPOSITE, NEITHER)
NAMES = tuple(attribute.name for attribute in ATTRIBUTES)
SCREENS = 5
STEP = 0.05
"""Of every share that can be set: a slider cannot stand between."""
LAYERS = ("armed", "peacekeepers", "flight")
"""What maps draw over places and deaths."""
_ASKING = 1  # the screen on which a class predicts


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a visitor set, and where in it the page stands; equal values show equal numbers.

    Attributes
    ----------
    country, course, portfolio : names of scenario files; no portfolio is the three default measures.
    against : what the second world is, a name of `AGAINST`.
    start : first week of outside action, weeks from the shock; `later` that of the second world.
    dispersion : 0 united .. 1 divided; of an actual course it is the course's own.
    priority : mean salience of prevention, share; None leaves it as coded.
    attributes : national attributes that were moved, 0 worst .. 1 best, by name.
    weeks : horizon, weeks.
    seed, replicate : address of the draws.
    week : weeks of the run that have passed where the maps stand; None for all.
    hidden : of `LAYERS`, in their order, those that the maps leave out.
    lesson : of the guided mode, "" for the open page; `screen` of it, and `guess`, what the class
        predicts.
    """

    country: str = "burundi_2015"
    course: str = "none"
    portfolio: str = ""
    against: str = NO_ACTION
    start: int = 0
    later: int = 26
    dispersion: float = 0.0
    priority: float | None = None
    attributes: Mapping[str, float] = field(default_factory=dict)
    weeks: int = 156
    seed: int = 1
    replicate: int = 0
    week: int | None = None
    hidden: tuple[str, ...] = ()
    lesson: str = ""
    screen: int = 0
    guess: str = ""

    def but(self, **changed: Any) -> Shown:
        """Return the same with some values changed."""
        return replace(self, **changed)

    @property
    def run(self) -> Shown:
        """What decides what is run: the place where the page stands left out."""
        return self.but(week=None, hidden=(), screen=0, guess="")

    @property
    def key(self) -> str:
        """The query string of `run`: equal for equal runs."""
        return as_query(self.run)


def _whole(low: int, high: int, unit: str) -> Callable[[str, str], int]:
    def read(key: str, text: str) -> int:
        digits = text.removeprefix("-")
        # isdecimal takes the digits of every script; int would too, but a link is plain.
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 8):
            raise bad_value(key, text[:20], f"a whole number from {low} to {high}", unit=unit)
        if not low <= int(text) <= high:
            raise bad_value(key, int(text), f"between {low} and {high}", unit=unit)
        return int(text)

    return read


def _share(key: str, text: str) -> float:
    plain = len(text) <= 6 and text.isascii() and text.replace(".", "", 1).isdecimal()
    if not plain or not 0.0 <= float(text) <= 1.0:
        raise bad_value(key, text[:20], "between 0 and 1", unit="share")
    steps = float(text) / STEP
    if abs(steps - round(steps)) > 1e-9:
        raise bad_value(key, float(text), f"a multiple of {STEP}", unit="share")
    return round(float(text), 2)


def _one_of(names: Callable[[], tuple[str, ...]]) -> Callable[[str, str], str]:
    def read(key: str, text: str) -> str:
        if text not in names():
            raise unknown_name(key, text[:40], [name for name in names() if name])
        return text

    return read


def _layers(key: str, text: str) -> tuple[str, ...]:
    named = text.split(",")
    for name in named:
        if name not in LAYERS:
            raise unknown_name(key, name[:40], LAYERS)
    return tuple(name for name in LAYERS if name in named)


RANGES = {
    "start": (0, 104, "weeks from the shock"),
    "later": (0, 104, "weeks from the shock"),
    "weeks": (52, 260, "weeks"),
    "seed": (0, 9_999, "seed"),
    "replicate": (0, 199, "course of chance"),
    "week": (0, 260, "weeks that have passed"),
    "screen": (0, SCREENS - 1, "screen of a lesson"),
}
_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "country": _one_of(lambda: offered().countries),
    "course": _one_of(lambda: COURSES),
    "portfolio": _one_of(lambda: ("", *offered().portfolios)),
    "against": _one_of(lambda: tuple(AGAINST)),
    "dispersion": _share,
    "priority": _share,
    "lesson": _one_of(lambda: ("", *LESSONS)),
    "guess": _one_of(lambda: GUESSES),
    "hidden": _layers,
    **{name: _whole(*limits) for name, limits in RANGES.items()},
}


def read_whole(name: str, text: str) -> int:
    """Return the whole number of `RANGES` that somebody typed.

    Raises
    ------
    ForestallError
        One line: it is no whole number, or out of its range.
    """
    return _whole(*RANGES[name])(name, text.strip())


def read_query(query: str | None) -> Shown:
    """Return what a query string asks to be shown.

    Raises
    ------
    ForestallError
        One line: an unknown name, a value that is not allowed, an entry given twice, or too long.
    """
    if not query:
        return Shown()
    if len(query) > LONGEST_QUERY:
        raise ForestallError(f"link: longer than {LONGEST_QUERY} characters")
    try:
        entries = parse_qsl(
            query, keep_blank_values=True, strict_parsing=True, max_num_fields=40, errors="strict"
        )
    except ValueError:
        raise ForestallError("link: not readable, expected entries like start=13&seed=7") from None
    found: dict[str, Any] = {}
    attributes: dict[str, float] = {}
    for key, text in entries:
        if key in found or key in attributes:
            raise ForestallError(f"link: {key} is given twice")
        if key in NAMES:
            attributes[key] = _share(key, text)
        elif key in _READERS:
            found[key] = _READERS[key](key, text)
        else:
            raise unknown_name("link", key[:40], [*_READERS, *NAMES])
    return consistent(Shown(**found, attributes=attributes))


def consistent(shown: Shown) -> Shown:
    """Return what can be shown: an actual course has its own measures, a prediction comes first.

    Raises
    ------
    ForestallError
        The actual course of a country is not coded, or a week lies beyond the run.
    """
    if shown.course == "actual":
        if shown.country not in offered().coded:
            raise ForestallError(f"course: none is coded for country {shown.country!r}")
        shown = shown.but(portfolio="")  # its measures are those of the course
    if shown.week is not None and shown.week > shown.weeks:
        raise bad_value(
            "week", shown.week, f"between 0 and {shown.weeks}", unit="weeks that have passed"
        )
    if shown.lesson and not shown.guess and shown.screen > _ASKING:
        return shown.but(screen=_ASKING)
    return shown


def as_query(shown: Shown) -> str:
    """Return the query string of a screen: what differs from the first screen, in one order."""
    first = Shown()
    entries = [
        (one.name, _written(getattr(shown, one.name)))
        for one in fields(Shown)
        if one.name != "attributes" and getattr(shown, one.name) != getattr(first, one.name)
    ]
    entries += [
        (name, _written(shown.attributes[name])) for name in NAMES if name in shown.attributes
    ]
    return urlencode(entries)


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
