"""How measures fail: each declared way on 200 pairs of worlds, and whether its words are what happens.

That nothing follows from what is never begun holds of necessity. Every measure has therefore at least
one way to fail in which its dose arrives at least in part, and is paid for.
"""

from __future__ import annotations

import re

import pytest
from measure_worlds import ACTIVE, EVERY, FAILING, MEASURES, tried, ways_to_fail

from sim.interventions.base import Failure

NOT_BEGUN = re.compile(r"\b(no|none|nobody|nothing|neither)\b")
"""What the words of a failure say where nothing is done or paid for."""
BEGINS_NOTHING = re.compile(r"\bbegins nothing|nothing is begun\b")
NEVER_IN_VAIN: dict[str, str] = {}
"""Measures that fail only by not being begun, with the reason: none at present."""


@pytest.mark.one_in(4)
@pytest.mark.parametrize(("name", "way"), FAILING)
def test_a_failure_condition_leaves_of_a_measure_what_it_says(name: str, way: int) -> None:
    """Removed: nothing that could be told from none, and less than a quarter for certain.

    Reversed: the opposite. Emptied: less than a tenth, of what was begun and paid for. Halved: less
    than half. Where it harms instead, that harm is done.
    """
    failing = ways_to_fail(MEASURES[name])[way]
    trial = tried(name, way)
    if failing.harms:
        ((mean, half),) = trial.gains
        assert mean - half > 0.0, (failing.harms, mean, half)
        return
    both = zip(MEASURES[name].moves, tried(name).gains, trial.gains, strict=True)
    for move, (mean, _), (failed, half) in both:
        if move.state not in failing.of:
            continue
        if failing.failure is Failure.REVERSES:
            assert failed + half < 0.0, (move, mean, failed, half)
        elif failing.failure is Failure.REMOVES:
            assert failed - half <= 0.0, (move, mean, failed, half)
            assert failed + half < mean / 4.0, (move, mean, failed, half)  # not for noise alone
        elif failing.failure is Failure.EMPTIES:
            assert failed + half < mean / 10.0, (move, mean, failed, half)
        else:
            assert failed + half < mean / 2.0, (move, mean, failed, half)
    if failing.failure is Failure.EMPTIES:
        assert trial.dosed
        assert trial.paid


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bluff_of_monitors_is_called_on_other_chances_too(seed: int) -> None:
    """Agreements that are kept or broken are few: which seed it is must not decide."""
    name = "agreement_monitoring"
    (usual, half), (left, more) = (tried(name, way, seed).gains[0] for way in (-1, 0))
    assert usual - half > 0.0
    assert left + more < usual / 10.0, (usual, left, more)


@EVERY
def test_whatever_a_measure_moves_some_failure_removes_or_reverses(name: str) -> None:
    """A failure that halves stands beside those, and is never the usual one."""
    moved_states = {move.state for move in MEASURES[name].moves}
    ways = ways_to_fail(MEASURES[name])
    assert ways[0].failure is not Failure.HALVES
    whole = [
        one
        for one in ways
        if one.harms is None and one.failure in (Failure.REMOVES, Failure.REVERSES)
    ]
    assert set().union(*(one.of for one in whole)) == moved_states


@pytest.mark.one_in(4)
@ACTIVE
def test_every_measure_can_be_begun_and_paid_for_in_vain(name: str) -> None:
    trials = [tried(name, way) for way in range(len(ways_to_fail(MEASURES[name])))]
    in_vain = [way for way, trial in enumerate(trials) if trial.dosed and trial.paid]
    assert bool(in_vain) != (name in NEVER_IN_VAIN), in_vain
    assert set(NEVER_IN_VAIN) <= set(MEASURES)


@pytest.mark.parametrize(("name", "way"), FAILING)
def test_a_failure_says_whether_anything_is_begun_at_all(name: str, way: int) -> None:
    words = ways_to_fail(MEASURES[name])[way].when
    trial = tried(name, way)
    if trial.dosed or trial.paid:
        assert not BEGINS_NOTHING.search(words), words
    else:
        assert NOT_BEGUN.search(words), words


def test_what_is_begun_in_vain_costs_what_it_would_cost_otherwise() -> None:
    """A law on paper is no cheaper than one that is kept: the money is what makes it a failure."""
    for name in ("managing_diversity", "sustainable_development", "political_dialogue"):
        assert ways_to_fail(MEASURES[name])[0].failure is Failure.EMPTIES
        usual, failing = tried(name).spent, tried(name, 0).spent
        assert failing == pytest.approx(usual, rel=0.05), name
