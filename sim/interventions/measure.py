"""A measure as one scenario uses it, and the numeric table that both engines read."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.effects import EFFECTS
from sim.errors import bad_value, unknown_name
from sim.figures import read_figure
from sim.interventions.base import BODY, Declaration, Part, mask_of, usual_threshold
from sim.kinds import Coverage, Effect, Leader, Trigger
from sim.reading import choice, known_mapping

SETTINGS = (
    "start", "lag", "ramp", "duration", "decay", "intensity", "coverage", "cost", "trigger",
    "threshold", "lead", "partners",
)  # fmt: skip
"""What a scenario may say of a measure."""
LEADERS = {leader.name.lower(): (leader,) for leader in Leader} | {"body": BODY}
"""Names of those who lead, ``body`` for all outside actors together."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as one scenario uses it.

    Attributes
    ----------
    declaration : Declaration
    trigger : Trigger
    threshold : float
        Level of the trigger, where it has one.
    start, lag : float
        Weeks from its trigger to its start, 0 or more, and from there to the first delivery.
    ramp, duration, decay : float
        Weeks to its full intensity, until it ends (infinite when sustained), and over which it
        fades after that without money.
    intensity : float
        Full dose, in the unit of the declaration; 0 is no measure at all.
    coverage : Coverage
    places : tuple of str
        The places of an explicit list.
    cost : float
        Million USD for one unit and week.
    lead, partners : tuple of Leader
    """

    declaration: Declaration
    trigger: Trigger
    threshold: float
    start: float
    lag: float
    ramp: float
    duration: float
    decay: float
    intensity: float
    coverage: Coverage
    places: tuple[str, ...]
    cost: float
    lead: tuple[Leader, ...]
    partners: tuple[Leader, ...]

    @classmethod
    def from_mapping(
        cls, declaration: Declaration, raw: Mapping[str, object], places: Sequence[str] = ()
    ) -> Measure:
        """Read a measure's entry in a scenario; what it leaves out is as declared.

        Parameters
        ----------
        declaration : Declaration
        raw : mapping
        places : sequence of str
            Places of the country, for an explicit list among them.

        Raises
        ------
        ScenarioError
            For an unknown entry or a value out of range.
        """
        key = f"interventions.{declaration.name}"
        given = {**settings_of(declaration), **known_mapping(key, raw, SETTINGS)}
        triggers = {trigger.name.lower(): trigger for trigger in Trigger}
        trigger = choice(f"{key}.trigger", given["trigger"], triggers)
        if "threshold" not in raw and trigger is not declaration.trigger:
            given["threshold"] = usual_threshold(trigger)
        coverage, chosen = _read_coverage(f"{key}.coverage", given["coverage"], places)
        if coverage is not Coverage.ALL and not declaration.local:
            raise bad_value(
                f"{key}.coverage", given["coverage"], "all: it acts on the country as a whole"
            )

        def figure(name: str, low: float, high: float, unit: str) -> float:
            return read_figure(given[name], f"{key}.{name}", low=low, high=high, unit=unit)

        duration = float("inf")
        if given["duration"] != "sustained":
            duration = figure("duration", 1, 5200, "weeks, or sustained")
        return cls(
            declaration=declaration,
            trigger=trigger,
            threshold=figure("threshold", 0, 1e9, "level of the trigger"),
            start=figure("start", 0, 5200, "weeks"),
            lag=figure("lag", 0, 520, "weeks"),
            ramp=figure("ramp", 0, 520, "weeks"),
            duration=duration,
            decay=figure("decay", 0, 5200, "weeks"),
            intensity=figure("intensity", 0, declaration.largest, declaration.unit),
            coverage=coverage,
            places=chosen,
            cost=figure("cost", 0, 1e3, "million USD per unit and week"),
            lead=read_leaders(f"{key}.lead", given["lead"]),
            partners=read_leaders(f"{key}.partners", given["partners"]),
        )


def settings_of(declaration: Declaration) -> dict[str, Any]:
    """Return what a scenario file would say to have a measure exactly as it is declared."""
    return {
        "trigger": declaration.trigger.name.lower(),
        "threshold": declaration.first_threshold,
        "start": 0,
        "lag": declaration.lag,
        "ramp": declaration.ramp,
        "duration": "sustained",
        "decay": declaration.decay,
        "intensity": declaration.intensity,
        "coverage": declaration.coverage.name.lower(),
        "cost": declaration.cost,
        "lead": names_of(declaration.lead),
        "partners": names_of(declaration.partners),
    }


def names_of(leaders: Sequence[Leader]) -> list[str]:
    """Return the names of those who lead, as a scenario file would."""
    return ["body"] if tuple(leaders) == BODY else [leader.name.lower() for leader in leaders]


def read_leaders(key: str, raw: object) -> tuple[Leader, ...]:
    """Return the kinds of actors that a name, or a list of names, stands for."""
    names = [raw] if isinstance(raw, str) else raw
    if not isinstance(names, list | tuple):
        raise bad_value(key, raw, "a kind of actor, or a list of them")
    return tuple(dict.fromkeys(kind for name in names for kind in choice(key, name, LEADERS)))


def _read_coverage(
    key: str, raw: object, places: Sequence[str]
) -> tuple[Coverage, tuple[str, ...]]:
    if isinstance(raw, list | tuple):
        if not raw:
            raise bad_value(key, raw, "one place or more, or the name of a coverage")
        for place in raw:
            if place not in places:
                raise unknown_name(key, place, places)
        return Coverage.LISTED, tuple(dict.fromkeys(map(str, raw)))
    named = {entry.name.lower(): entry for entry in Coverage if entry is not Coverage.LISTED}
    return choice(key, raw, named), ()


MEASURE_COLUMNS = (
    "head", "effect", "size", "channel", "trigger", "threshold", "start", "ramp", "duration", "decay",
    "intensity", "coverage", "lead", "partners", "cost", "needs",
)  # fmt: skip

#: Positions of the columns in the table of measures: ``measures[row, X.intensity]``.
X: Any = namedtuple("X", MEASURE_COLUMNS)(*range(len(MEASURE_COLUMNS)))


def measure_table(measures: Sequence[Measure], kinds: Sequence[str] = ()) -> np.ndarray:
    """Return measures as the numeric table that both engines read, one row an effect of a measure.

    The first row of a measure, what it does by heads or by place if anything, is its head, which the
    others name; coverages by an explicit list are numbered from `Coverage.LISTED` on, in the order of
    the measures. Where none of those who lead is among the actors, partners stand in, and where none
    of these is, all do.

    Parameters
    ----------
    measures : sequence of Measure
        In catalogue order.
    kinds : sequence of str
        Kinds of the actors of the scenario.

    Returns
    -------
    ndarray, shape (rows, len(MEASURE_COLUMNS))
    """
    present = mask_of(LEADERS[kind][0] for kind in kinds)
    everyone = mask_of(BODY)
    rows: list[tuple[float, ...]] = []
    lists = 0
    for measure in measures:
        head = len(rows)
        coverage = float(measure.coverage)
        if measure.coverage is Coverage.LISTED:
            coverage += lists
            lists += 1
        partners = mask_of(measure.partners) & everyone
        partners = partners if partners & present else everyone
        needs = measure.declaration.needs
        needed = -1.0 if needs is None else float(needs)
        lead = mask_of(measure.lead)
        lead = lead if lead & (present | int(Leader.GOVERNMENT)) else partners
        rows += [
            (
                float(head), float(part.effect), part.size, float(part.channel),
                float(measure.trigger), measure.threshold, measure.start + measure.lag, measure.ramp,
                measure.duration, measure.decay, measure.intensity, coverage, float(lead),
                float(partners), measure.cost, needed,
            )
            for part in sorted(measure.declaration.parts, key=_rank)
        ]  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(MEASURE_COLUMNS))


def _rank(part: Part) -> tuple[bool, bool, int]:
    """Order what is counted by heads first, then what goes by place: the head tells how far it goes."""
    counted = part.effect in (Effect.TROOPS, Effect.AID, Effect.POLICE)
    return not counted, not EFFECTS[part.effect].local, int(part.effect)


def listed_places(measures: Sequence[Measure], places: Sequence[str]) -> np.ndarray:
    """Return 1 for every place that is on a list, shape (lists, places), in the order of measures."""
    rows = [
        [1.0 if place in set(measure.places) else 0.0 for place in places]
        for measure in measures
        if measure.coverage is Coverage.LISTED
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(places))
