"""How measures end: the dose fades, what it built decays, and of what lasts the reason is tested.

A move decays where its paired difference is smaller, for certain, some years after the end than it was
while the dose faded. Most are asked two years after a measure of twenty weeks; what is slow, or shows
late, is asked longer. What cannot decay, or is lost in a war that has meanwhile taken another course,
is named with a reason, and the reason is tried.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pytest
from measure_worlds import (
    ACTIVE,
    MEASURES,
    RUNS,
    SEED,
    first_delivery,
    mean_of,
    pair,
    rows_of,
    with_measure,
)
from small_worlds import scenario, started

from sim.fields import R, W
from sim.interventions.base import Move
from sim.interventions.changes import with_changes
from sim.kinds import Trigger

FADES = 7
"""Weeks from the last full dose to the first without any."""
LATEST = 40
"""Weeks after its first possible delivery by which a mandate has brought a measure in most runs."""
STANDING = {"parameters.mandate_term": 208.0}
"""A mandate that stands: a new one would begin what waits for one again."""


class Asked(NamedTuple):
    """How long a measure lasts (weeks), and how many years after its end a move is held against what.

    ``since`` is 0 for what it was while the dose faded; later where a move follows from a slower stock,
    which builds up before it decays.
    """

    duration: int = 20
    since: int = 0
    years: int = 2


class Lasts(StrEnum):
    """Why a move need not be smaller some years after its measure has ended."""

    PATH = (
        "the war has taken another course: in the end nothing is left of which one could be certain"
    )
    COUNT = "a count of the dead, which falls for nobody"
    SPENT = "money in a budget: it is spent and does not decay"


USUAL = Asked()
LONGER: Mapping[tuple[str, str], Asked] = {
    # Grievance follows exclusion, and fades over years.
    ("managing_diversity", "people.grievance"): Asked(104, since=2, years=8),
    ("transitional_arrangements", "people.grievance"): Asked(104, years=4),
    # Trust returns over years; half a year of dialogue is too little to tell from chance.
    ("vibrant_civil_society", "people.trust"): Asked(104),
    ("human_rights_organisations", "people.trust"): Asked(104),
    ("truth_and_reconciliation", "people.trust"): Asked(104, years=16),
    # Trust follows who was schooled, half of whom are left after 14 years, and wounds that heal.
    ("diversity_education", "people.trust"): Asked(104, since=10, years=36),
    ("non_recurrence", "people.trust"): Asked(104, since=4, years=16),
    ("non_recurrence", "armed.sanction"): Asked(104),
    # Peacekeepers come over half a year, and leave as slowly.
    ("peacekeeping", "armed.belief"): Asked(104),
    # Mandates that came sooner lapse sooner, so that the sign turns; and a far-reaching one on a small
    # scale stands in the way of a modest one on a larger scale.
    ("focal_points", "world.mandate_scale"): Asked(years=1),
    ("early_action", "world.mandate_scale"): Asked(104),
    # After more than a year, how many forums are open hangs on the course of the war.
    ("good_offices", "world.report_noise"): Asked(years=1),
    # Agreements come and break of themselves, and beliefs follow them.
    ("agreement_monitoring", "world.agreement"): Asked(104),
    ("agreement_monitoring", "armed.belief"): Asked(104, years=8),
}
"""Moves that are asked otherwise than usual."""
LASTING: Mapping[tuple[str, str], Lasts] = {
    ("equal_justice", "armed.attacks"): Lasts.PATH,
    ("economic_equality", "presence.mobilised"): Lasts.PATH,
    ("psychosocial_support", "presence.mobilised"): Lasts.PATH,
    ("psychosocial_support", "armed.attacks"): Lasts.PATH,
    ("sustainable_development", "government.legitimacy"): Lasts.PATH,
    ("community_dialogue", "armed.attacks"): Lasts.PATH,
    ("womens_organisations", "people.trauma"): Lasts.PATH,
    ("youth_organisations", "people.trauma"): Lasts.PATH,
    ("peacekeeping", "people.killed"): Lasts.COUNT,
    ("pillar_two_support", "government.budget"): Lasts.SPENT,
}
"""Moves that need not decay, and why."""


class Course(NamedTuple):
    """Paired differences of moves (moves, windows, runs), and doses (weeks, runs) of two windows."""

    gains: np.ndarray
    fading: np.ndarray
    late: np.ndarray
    fell: np.ndarray


def course(name: str, moves: list[Move], asked: Asked, *more: int) -> Course:
    """Run a measure until it has ended, each run counted from its own first dose.

    Gains are means over `FADES` weeks: while the dose fades, `since` years later, `years` later, and
    some `more` years later that lie between. Runs in which no mandate brings it by `LATEST` are left
    out. ``fell`` says of each move whether the state itself ever fell.
    """
    waits = MEASURES[name].trigger is not Trigger.ACTION
    reach = LATEST if waits else 0
    last = asked.duration - 1 + 52 * asked.years + FADES
    weeks = first_delivery(name) + reach + last
    raw = with_measure(name, weeks, duration=asked.duration, decay=FADES - 2, ramp=0)
    dosed, zero = pair(with_changes(raw, STANDING if waits else {}), name)
    rows = [index for index, row in enumerate(rows_of(dosed)) if row == name]
    batch = started(dosed, zero, replicates=RUNS, seed=SEED)
    doses, gains = np.zeros((weeks, RUNS)), np.zeros((weeks, len(moves), RUNS))
    fell, before = np.zeros(len(moves), dtype=bool), [mean_of(batch, one.state) for one in moves]
    for week in range(weeks):
        batch.advance(1)
        doses[week] = batch.state["programmes"][:RUNS, R.dose][:, rows].sum(axis=1)
        for at, move in enumerate(moves):
            now = mean_of(batch, move.state)
            gains[week, at] = move.direction * (now[:RUNS] - now[RUNS:])
            fell[at] |= bool((now < before[at]).any())
            before[at] = now
    begun = (doses > 0.0).argmax(axis=0)
    chosen = np.flatnonzero((doses > 0.0).any(axis=0) & (begun <= first_delivery(name) + reach))
    ends = begun[chosen] + asked.duration - 1

    def window(column: np.ndarray, years: int) -> np.ndarray:
        at = (ends + 52 * years)[:, None] + np.arange(FADES)
        return np.asarray(column[at, ..., chosen[:, None]])  # (runs, weeks, ...)

    means = [window(gains, years).mean(axis=1).T for years in (0, asked.since, asked.years, *more)]
    return Course(np.stack(means, axis=1), window(doses, 0).T, window(doses, asked.years), fell)


def certain(gain: np.ndarray) -> bool:
    """Return whether a paired difference is above zero for certain (99.9 %)."""
    return bool(gain.mean() > 3.29 * gain.std(ddof=1) / np.sqrt(gain.size))


def asked_of(name: str) -> dict[Asked, list[Move]]:
    """Return the moves of a measure that have to decay, by how they are asked."""
    found: dict[Asked, list[Move]] = {USUAL: []}
    for move in MEASURES[name].moves:
        if (name, move.state) not in LASTING:
            found.setdefault(LONGER.get((name, move.state), USUAL), []).append(move)
    return found


@ACTIVE
def test_every_measure_that_ends_has_moves_of_which_it_is_asked_that_they_decay(name: str) -> None:
    states = {move.state for move in MEASURES[name].moves}
    lasting = {state for one, state in LASTING if one == name}
    assert lasting < states
    named = {state for one, state in LONGER if one == name}
    assert named <= states - lasting
    assert {one for one, _ in (*LONGER, *LASTING)} <= set(MEASURES)


@pytest.mark.long
@ACTIVE
def test_a_measure_that_ends_fades_and_what_it_built_decays(name: str) -> None:
    """The dose falls week by week to nothing; later each move is smaller, for certain.

    Every measure starts as it is declared: those that wait for a mandate from the mandate.
    """
    for asked, moves in asked_of(name).items():
        if not moves and asked is not USUAL:
            continue
        found = course(name, moves, asked)
        assert found.fading.shape[1] > RUNS / 2
        assert found.fading[0].any()
        # What gets through a channel differs from week to week; the dose itself only falls.
        means = found.fading.mean(axis=1)
        assert all(late < early for early, late in itertools.pairwise(means))
        assert not found.fading[-1].any()
        assert not found.late.any()
        for move, (_, then, later) in zip(moves, found.gains, strict=True):
            said = (move, asked, then.mean(), later.mean())
            assert certain(then), said
            assert certain(then - later), said


@pytest.mark.long
@pytest.mark.parametrize(("name", "state"), LASTING, ids=lambda one: str(one))
def test_what_lasts_does_so_for_the_reason_that_is_given(name: str, state: str) -> None:
    """And is exempt for a reason: what can be seen to decay when asked as usual is not named."""
    moves = [move for move in MEASURES[name].moves if move.state == state]
    found = course(name, moves, Asked(since=8, years=16), USUAL.years)
    (fading, later, last, usual), reason = found.gains[0], LASTING[name, state]
    assert not (certain(fading) and certain(fading - usual)), "it decays: no reason is needed"
    if reason is Lasts.PATH:
        assert not certain(later)
        assert not certain(last)
    elif reason is Lasts.COUNT:
        assert not found.fell[0]
    else:
        assert np.array_equal(usual, last)
        assert certain(last)


@pytest.mark.parametrize(
    "name", [name for name, one in MEASURES.items() if one.trigger is not Trigger.ACTION]
)
def test_what_waits_for_a_mandate_ends_with_its_duration_too(name: str) -> None:
    """In every run the dose is gone for good once duration and decay have passed since it came."""
    raw = with_measure(name, 120, duration=12, decay=3, ramp=0)
    case = scenario(raw)
    rows = [index for index, row in enumerate(rows_of(case)) if row == name]
    batch = started(case, replicates=40, seed=SEED)
    ended = np.zeros(40, dtype=bool)
    for _ in range(case.weeks):
        batch.advance(1)
        world = batch.state["world"]
        since = world[:, W.week] - 1.0 - world[:, W.mandate_since] - MEASURES[name].lag
        dosed = batch.state["programmes"][:, R.dose][:, rows].any(axis=1)
        over = (world[:, W.mandate_since] < 0.0) | (since >= 15.0)
        assert not (dosed & over).any()
        ended |= over & (world[:, W.mandate_since] >= 0.0)
    assert ended.any()
