"""Who did what in a recorded pair of runs: one lane for each thing that somebody did, week by week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.names import written
from analysis.trace import BASELINE, TREATMENT, Trace, weekly

Floats = NDArray[np.float64]
PARTIES, ABROAD, MEASURES, PEOPLE = (
    "Armed groups and government", "International actors", "Help", "What happened to people",
)  # fmt: skip
KILL = 2.0
"""Value of the field ``order`` that is the order to kill; 1 is to expel, 0 none."""
OWN_WAY = 0.05
"""Share of an actor's effort that, spent outside the mandate, gives it a lane."""


class Lane(NamedTuple):
    """One thing over the weeks, in both runs.

    Attributes
    ----------
    who : heading under which the lane stands.
    label : what it is; unit : of its values.
    top : value that fills the lane.
    action, baseline : shape (weeks,), values in the run with action and in the one without.
    """

    who: str
    label: str
    unit: str
    top: float
    action: Floats
    baseline: Floats


def lanes(trace: Trace) -> list[Lane]:
    """Return the lanes of a recorded pair, top to bottom.

    Armed groups, the mandate, deaths and displaced people always have one; attacks, a measure or a
    settlement only where there is any in one of the runs, and an actor's own policy where it takes
    `OWN_WAY` of its effort.
    """
    return [*_parties(trace), *_actors(trace), *_measures(trace), *_people(trace)]


def _parties(trace: Trace) -> Iterator[Lane]:
    orders = _both(trace, "armed_groups", "order")
    attacks = _both(trace, "armed_groups", "attacks")
    for group, name in enumerate(trace.names("armed_groups")):
        words = written(name)
        yield _lane(PARTIES, f"{words}: order", "1 expel, 2 kill", orders, group, top=KILL)
        if _any(attacks, group):
            yield _lane(PARTIES, f"{words}: attacks", "places/week", attacks, group)
    yield _world(trace, PARTIES, "threat that the government perceives", "share", "threat", top=1.0)
    yield _world(
        trace, PARTIES, "government's consent to outside presence", "share", "consent", top=1.0
    )


def _actors(trace: Trace) -> Iterator[Lane]:
    yield _world(trace, ABROAD, "mandate in force: its scale", "share", "mandate_scale", top=1.0)
    for field, said, unit, least in (
        ("outside", "effort spent on its own policy", "share", OWN_WAY),
        ("forum", "holds its own mediation", "1 yes", 0.0),
    ):
        values = _both(trace, "actors", field)
        for actor, name in enumerate(trace.names("actors")):
            if _any(values, actor, least):
                yield _lane(ABROAD, f"{written(name)}: {said}", unit, values, actor, top=1.0)


def _measures(trace: Trace) -> Iterator[Lane]:
    yield _world(trace, MEASURES, "peacekeepers present", "people", "troops_deployed")
    for field, unit in trace.about.get("doses", {}).items():
        # Peacekeepers asked for are no help yet; those present have a lane.
        if field == "troops_requested":
            continue
        lane = _world(trace, MEASURES, _words(field), "dose" if unit == "share" else unit, field)
        if lane.action.any() or lane.baseline.any():
            yield lane
    settled = _world(trace, MEASURES, "settlement in force", "1 yes", "agreement", top=1.0)
    if settled.action.any() or settled.baseline.any():
        yield settled


def _people(trace: Trace) -> Iterator[Lane]:
    killed = [weekly(trace.course("killed", arm=arm)) for arm in (TREATMENT, BASELINE)]
    top = max(1.0, *(float(one.max()) for one in killed))
    yield Lane(PEOPLE, "direct deaths", "people/week", top, *killed)
    yield _world(trace, PEOPLE, "displaced", "people", "displaced")


def _both(trace: Trace, table: str, field: str) -> tuple[Floats, Floats]:
    return (
        trace.courses(table, field, arm=TREATMENT),
        trace.courses(table, field, arm=BASELINE),
    )


def _any(values: tuple[Floats, Floats], agent: int, least: float = 0.0) -> bool:
    return any(bool((one[:, agent] > least).any()) for one in values)


def _lane(
    who: str,
    label: str,
    unit: str,
    values: tuple[Floats, Floats],
    agent: int,
    *,
    top: float | None = None,
) -> Lane:
    action, baseline = (one[:, agent] for one in values)
    return Lane(who, label, unit, top or _top(action, baseline), action, baseline)


def _world(
    trace: Trace, who: str, label: str, unit: str, field: str, *, top: float | None = None
) -> Lane:
    action, baseline = (trace.course(field, arm=arm) for arm in (TREATMENT, BASELINE))
    return Lane(who, label, unit, top or _top(action, baseline), action, baseline)


def _top(action: Floats, baseline: Floats) -> float:
    return max(float(action.max(initial=0)), float(baseline.max(initial=0))) or 1.0


def _words(name: str) -> str:
    return name.replace("_", " ")
