"""Replay in the compiled engine: with what reaches the country frozen, no position changes a death.

A week of the ensemble is one function of machine code, and nothing can be held between two of its
processes. Here the same loops, in the same week, are therefore played by Python, and a run that only
watches them is the compiled one to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from small_worlds import bits, same_bits, scenario, small_war
from test_replay import OTHER, UPSTREAM, with_other

import sim.ensemble.batch
from sim import randomness
from sim.ensemble import STATE, Batch, Ensemble
from sim.ensemble.build import week_source
from sim.ensemble.run import Run
from sim.fields import A, G, I, W
from sim.scenario import Scenario
from sim.schedule import WEEK

Hook = Callable[[str, Run], None]
# The shock of this world comes early; action cannot begin before the run.
OTHERS = OTHER | {"early and divided": {"start": -2.0, "dispersion": 1.0}}
WORLD = [getattr(W, name) for name in UPSTREAM["model"]]
ARMED = [getattr(A, name) for name in UPSTREAM["armed_groups"]]
# Products of whole numbers wrap around, as in machine code.
pytestmark = pytest.mark.filterwarnings("ignore:overflow")


def batch_of(case: Scenario) -> Batch:
    return Ensemble([case]).start(np.zeros(1, dtype=int), np.array([2]), 12)


def hooked(name: str, loop: Callable[[Run], None], after: Hook) -> Callable[[Run], None]:
    def perform(run: Run) -> None:
        loop(run)
        after(name, run)

    return perform


def played(case: Scenario, after: Hook) -> Batch:
    """Return a run of the ensemble's loops in Python, with a hook after each of them."""
    space: dict[str, Any] = {"np": np, "Run": Run}
    for process in WEEK:
        module = import_module(f"sim.ensemble.{process.mechanism}")
        for name in (f"show_{process.name}", process.name)[not process.looks :]:
            space[name] = hooked(name, getattr(module, name), after)
    exec(week_source(), space)
    batch = batch_of(case)
    module = sim.ensemble.batch
    advance = FunctionType(module.advance.__code__, {**vars(module), "week": space["week"]})
    work = batch._arguments, batch.series, batch.outcomes, batch._work
    with patch.object(randomness, "product_halves", randomness._interpreted_product):
        advance(*work[0], *work[1:], case.weeks)
    return batch


def recorded(case: Scenario, cheat: Hook) -> tuple[Batch, list[Any]]:
    """Return a run and what its relays were after every process."""
    tape: list[Any] = []

    def note(name: str, run: Run) -> None:
        cheat(name, run)
        tape.append((run.world[WORLD].copy(), run.armed[ARMED].copy()))

    return played(case, note), tape


def replayed(case: Scenario, tape: list[Any], cheat: Hook) -> Batch:
    """Return a run that is made to hold the relays of another."""
    held = iter(tape)

    def hold(name: str, run: Run) -> None:
        cheat(name, run)
        run.world[WORLD], run.armed[ARMED] = next(held)

    return played(case, hold)


def honest(name: str, run: Run) -> None:
    """Leave the run as it is."""


def spread(run: Run) -> float:
    return float(np.ptp(run.actors[I.position_pressure]))


def by_relay(name: str, run: Run) -> None:
    """Let a variable that may be read pass the actors' unity on."""
    if name == "strike":
        run.world[W.shock_fear] += 0.05 * spread(run)


def by_date(name: str, run: Run) -> None:
    """Let threat follow the date of action."""
    if name == "sense_threat" and run.world[W.week] >= run.settings[0]:
        run.government[G.threat] *= 0.9


def war() -> Scenario:
    return scenario(small_war(weeks=44))


def deaths_differ(one: Batch, two: Batch) -> bool:
    return not np.array_equal(bits(one.series[:, :, 0]), bits(two.series[:, :, 0]))


def test_the_loops_that_python_plays_are_the_compiled_week() -> None:
    case = war()
    compiled = batch_of(case)
    compiled.advance(case.weeks)
    assert same_bits(played(case, honest), compiled)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("other", OTHERS)
def test_with_its_relays_frozen_no_position_and_no_date_changes_a_death(other: str) -> None:
    case = war()
    first, tape = recorded(case, honest)
    second = replayed(with_other(case, OTHERS[other]), tape, honest)
    for table in ("people", "presence", "communities", "armed", "groups", "government"):
        assert np.array_equal(bits(first.state[table]), bits(second.state[table])), table
    assert not deaths_differ(first, second) and first.series[:, :, 0].any()
    assert any(
        not np.array_equal(bits(first.state[table]), bits(second.state[table])) for table in STATE
    )


@pytest.mark.parametrize(
    ("cheat", "other"),
    [(by_relay, "divided"), (by_date, "late")],
    ids=["a relay passes unity on", "threat reads the date"],
)
def test_a_forbidden_arrow_is_caught_by_the_replay(cheat: Hook, other: str) -> None:
    case = war()
    first, tape = recorded(case, cheat)
    second = replayed(with_other(case, OTHERS[other]), tape, cheat)
    assert deaths_differ(first, second)
