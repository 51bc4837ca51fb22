"""D1 to D9 in pairs: points of each ready experiment, run small, move what it says that they act on.

Two points differ in levers of the experiment alone and share their noise, run by run. What a condition
moves between them is held against none with the interval of the contract over the measures (99.9 %),
and so is what is left of it where the section `catalogue` of the experiment says that it fails. That
attention carries only what its holder leads (D2) is held in tests/sim/test_cross_cutting.py.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from experiments.config import compose
from experiments.cross_cutting import cross_cutting
from experiments.designs import Point, design_of, scenario_of
from experiments.resource_weeks import equalised
from sim.ensemble import FIELDS, STATE, Ensemble
from sim.interventions.base import Failure
from sim.interventions.changes import with_changes
from sim.interventions.institutions import UNHEEDED

SEED = 7
HASTY = {
    "parameters.backlash": 0.2, "parameters.acceleration": 3.0, "parameters.deployment_delay": 52.0,
}  # fmt: skip
"""Force that provokes, and is long in coming."""
HARMLESS = {
    "parameters.backlash": 0.0, "parameters.acceleration": 0.0, "parameters.moral_hazard": 0.0,
}  # fmt: skip
"""Force that provokes nobody and emboldens nobody."""
WRONG = {
    "parameters.belief_prior": -5.0, "parameters.belief_evidence": 0.1,
    "parameters.shared_diagnosis": 1.0,
}  # fmt: skip
"""Actors who are sure that nothing will happen, all alike."""
TOLD = {
    "parameters.belief_prior": 1.0, "parameters.belief_evidence": 0.1,
    "parameters.belief_forgetting": 1.0,
}  # fmt: skip
"""Actors who believe in the danger as they are, and learn little from any report."""
SIGNED = {
    "parameters.settlement_hurt": 3.0, "parameters.settlement_friction": 0.5,
    "parameters.relapse_rate": 0.2,
}  # fmt: skip
UNSIGNED = {"parameters.settlement_hurt": 0.0, "parameters.settlement_friction": 4.0}


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two points of an experiment, what moves from the other to the one, and what takes that.

    Attributes
    ----------
    of : id of the condition.
    one, other, both : levers of the two points; together these are all the levers of a point.
    moves : states with the direction in which they move, as means over all who hold them.
    fails : changes under which it fails, as the experiment says.
    failure, fails_of : what that leaves of its moves, and of which; of all unless given.
    harms : what moves there instead, and does not where it works.
    shown_in : changes in which the experiment has something to act on.
    weeks, late : horizon, and whether states are of its last week, not means over the weeks.
    runs : of each point.
    """

    of: str
    one: Mapping[str, Any]
    other: Mapping[str, Any]
    both: Mapping[str, Any] = field(default_factory=dict)
    moves: Mapping[str, int]
    fails: Mapping[str, object] = field(default_factory=dict)
    failure: Failure = Failure.REMOVES
    fails_of: tuple[str, ...] = ()
    harms: Mapping[str, int] = field(default_factory=dict)
    shown_in: Mapping[str, object] = field(default_factory=dict)
    weeks: int
    late: bool = False
    runs: int = 100


NATIONAL = dict.fromkeys(
    ("commitment", "capacity", "civil_society", "accountability", "restraint", "neighbours"),
    "strong",
)


def attribute(name: str, moves: Mapping[str, int], **more: Any) -> Pair:
    """Return the pair of points that differ in one national attribute, the others strong."""
    levers = {f"attributes.{key}": level for key, level in NATIONAL.items() if key != name}
    return Pair(
        of="D4", one={f"attributes.{name}": "strong"}, other={f"attributes.{name}": "weak"},
        both=levers | {"action.start": 0}, moves=moves, weeks=104, **more,
    )  # fmt: skip


def wide(other: str, moves: Mapping[str, int], **more: Any) -> Pair:
    """Return the pair of the holistic portfolio and of one at fewer levels."""
    return Pair(
        of="D5", one={"portfolio": "holistic"}, other={"portfolio": other},
        both={"action.start": 0}, moves=moves, weeks=104, **more,
    )  # fmt: skip


FORCE, RAMP = "interventions.peacekeeping.intensity", "interventions.mediation.ramp"
LEAD, COUPLING = "interventions.mediation.lead", "parameters.agenda_coupling"
COST, PRIOR = "parameters.forum_cost", "parameters.enforcement_prior"
WATCH = "interventions.agreement_monitoring.intensity"
DIALOGUE = "interventions.community_dialogue.duration"
JUSTICE = "interventions.equal_justice.duration"
ENGAGED = "interventions.sustained_engagement.intensity"
DELAY, SMALLEST = "parameters.signal_delay", "parameters.mandate_minimum"
EARLY = "interventions.early_action.intensity"
VARIETY = {"actors": "archetype", "actors.rule.kind": "vote", "mechanisms.forums": True}
LATE = {"action.start": 26, "weeks": 39}
"""A crisis that is over before what begins half a year after the shock has grown."""

PAIRS = [
    Pair(
        of="D1", one={"action.start": 0}, other={"action.start": 52}, both={FORCE: 5000, RAMP: 0},
        moves={"world.troops_deployed": 1, "armed.terms": 1, "people.killed": -1},
        fails=HASTY, failure=Failure.REVERSES, fails_of=("people.killed",), weeks=104, runs=400,
    ),
    Pair(
        of="D1", one={FORCE: 10000}, other={FORCE: 1000}, both={"action.start": 0, RAMP: 0},
        moves={"world.troops_deployed": 1}, harms={"armed.terms": -1},
        fails={"actors.actors.*.endowment": 10.0}, weeks=156,
    ),
    Pair(
        of="D1", one={RAMP: 0}, other={RAMP: 26}, both={"action.start": 0, FORCE: 5000},
        moves={"armed.terms": 1}, fails=UNHEEDED, weeks=52,
    ),
    Pair(
        of="D2", one={"actors.salience": 0.8}, other={"actors.salience": 0.1},
        both={COUPLING: 0, LEAD: "body"},
        moves={"actors.attention": 1, "world.mandate_scale": 1, "world.spent": 1},
        fails=WRONG, fails_of=("world.mandate_scale",), weeks=104,
    ),
    Pair(
        of="D2", one={COUPLING: 0.5}, other={COUPLING: -0.5},
        both={"actors.salience": 0.4, LEAD: "body"},
        moves={"actors.attention": 1, "world.mandate_scale": 1, "world.spent": 1},
        fails=WRONG, fails_of=("world.mandate_scale",), weeks=104,
    ),
    # At their defaults the adverse effects of force already outweigh what unity saves here.
    Pair(
        of="D3", one={"actors.dispersion": 0}, other={"actors.dispersion": 1.0}, both=VARIETY,
        moves={"people.killed": -1}, shown_in=HARMLESS,
        fails=HASTY, failure=Failure.REVERSES, weeks=156, runs=400,
    ),
    Pair(
        of="D3", one={"actors.dispersion": 0}, other={"actors.dispersion": 1.0}, both=VARIETY,
        moves={"world.mandate_scale": 1, "world.forums": -1, "world.troops_deployed": 1},
        fails=WRONG, weeks=104,
    ),
    attribute(
        "capacity", {"world.delivery": 1}, fails={"attributes.commitment": 0.0},
    ),
    attribute("commitment", {"world.delivery": 1}, fails={"attributes.capacity": 0.0}),
    attribute("accountability", {"world.delivery": 1, "armed.sanction": 1},
              fails={"attributes.commitment": 0.0}, fails_of=("world.delivery",)),
    attribute("civil_society", {"world.report_noise": -1}),
    attribute("restraint", {"armed.discipline": 1}),
    attribute("neighbours", {"armed.finance": -1, "government.threat": -1}),
    wide("early_diplomacy", {"people.trust": 1, "communities.justice": 1}, fails=LATE),
    wide("protection", {"people.trust": 1, "communities.justice": 1}, fails=LATE),
    wide("national_structural", {"world.mandate_scale": 1, "communities.aid": 1}, fails=UNHEEDED),
    wide("states_alone", {"world.mandate_scale": 1, "communities.aid": 1}, fails=UNHEEDED),
    wide("international_alone", {"people.trust": 1, "communities.justice": 1}, fails=LATE),
    wide("grassroots_alone", {"communities.aid": 1}, fails=UNHEEDED),
    # At the same cost many tools are each thinner than few.
    wide("grassroots", {"communities.aid": 1, "communities.justice": -1}, fails=UNHEEDED),
    Pair(
        of="D6", one={COST: 0.02}, other={COST: 1.0}, both={PRIOR: 0.3, WATCH: 200},
        moves={"world.forums": 1}, fails=UNHEEDED, weeks=156,
    ),
    Pair(
        of="D6", one={WATCH: 200}, other={WATCH: 0}, both={COST: 0.08, PRIOR: 0.8},
        moves={"world.agreement": 1, "armed.belief": 1}, fails=UNSIGNED, shown_in=SIGNED, weeks=156,
        runs=200,
    ),
    Pair(
        of="D6", one={PRIOR: 0.8}, other={PRIOR: 0.05}, both={COST: 0.08, WATCH: 200},
        moves={"world.agreement": 1}, fails=UNSIGNED, shown_in=SIGNED, weeks=156, runs=200,
    ),
    Pair(
        of="D7", one={DIALOGUE: 156, JUSTICE: 156}, other={DIALOGUE: 13, JUSTICE: 13},
        both={ENGAGED: 0}, moves={"people.trust": 1, "communities.justice": 1},
        fails=UNHEEDED, weeks=208, late=True,
    ),
    Pair(
        of="D7", one={DIALOGUE: 156, JUSTICE: 156}, other={DIALOGUE: 13, JUSTICE: 13},
        both={ENGAGED: 0}, moves={"people.trust": 1},
        fails={"country.shocks.+208": {"fear": 1.0}, "parameters.contact_generalised": 0.0},
        weeks=208, late=True,
    ),
    Pair(
        of="D7", one={ENGAGED: 1}, other={ENGAGED: 0}, both={DIALOGUE: 52, JUSTICE: 52},
        moves={"communities.justice": 1}, fails=UNHEEDED, weeks=208, late=True,
    ),
    Pair(
        of="D8", one={DELAY: 1}, other={DELAY: 12}, both={SMALLEST: 0.1, EARLY: 0},
        moves={"world.mandate_scale": 1}, fails=TOLD, weeks=52,
    ),
    Pair(
        of="D8", one={SMALLEST: 0.05}, other={SMALLEST: 0.3}, both={DELAY: 4, EARLY: 0},
        moves={"world.mandate_scale": 1}, fails=TOLD, weeks=52,
    ),
    Pair(
        of="D8", one={EARLY: 1}, other={EARLY: 0}, both={DELAY: 4, SMALLEST: 0.1},
        moves={"world.report_delay": -1, "world.mandate_scale": 1},
        fails=TOLD | {"country.shocks": [], "parameters.credit_loss": 1.0},
        fails_of=("world.mandate_scale",), weeks=52,
    ),
    Pair(
        of="D9", one={"parameters.erosion": 0.2}, other={"parameters.erosion": 0},
        both={"action.start": 0},
        moves={"world.troops_deployed": -1, "armed.belief": -1, "actors.salience": -1},
        fails={"action.start": "never", PRIOR: 0.02}, fails_of=("world.troops_deployed",), weeks=260,
    ),
    Pair(
        of="D9", one={"parameters.erosion": 0.2}, other={"parameters.erosion": 0},
        both={"action.start": 0}, moves={"world.shock_threat": 1},
        fails={"country.shocks": [{"week": 26, "threat": 0.45}]}, weeks=260,
    ),
]  # fmt: skip
EXPERIMENTS = {row["id"]: row for row in cross_cutting()}


def named(pair: Pair) -> str:
    return "-".join([pair.of, *pair.moves])


@functools.cache
def points(name: str) -> tuple[Point, ...]:
    """Return all points of an experiment, as a sweep runs them."""
    config = compose([f"experiment={name}"])
    return tuple(equalised(design_of(config), config).points)


def point(pair: Pair, levers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the configuration of the point of the experiment that has these levers, all of its own."""
    row = EXPERIMENTS[pair.of]
    (found,) = (
        one
        for one in points(row["name"])
        if {lever: one.levers[lever] for lever in row["factors"]} == levers
    )
    return found.config


def mean_states(
    config: Mapping[str, Any], pair: Pair, states: Mapping[str, int]
) -> dict[str, np.ndarray]:
    """Return states of a point as means over all who hold them, in each run."""
    case = scenario_of(config)
    batch = Ensemble([case]).start(np.zeros(pair.runs, dtype=int), np.arange(pair.runs), SEED)
    weeks = min(pair.weeks, case.weeks)
    found = {state: np.zeros(pair.runs) for state in states}
    for week in range(weeks):
        batch.advance(1)
        if pair.late and week < weeks - 1:
            continue
        for state in states:
            table, _, name = state.partition(".")
            column = [one.name for one in FIELDS[STATE.index(table)]].index(name)
            held = batch.state[table][:, column].reshape(pair.runs, -1).mean(axis=1)
            found[state] += held if pair.late else held / weeks
    return found


def differences(pair: Pair, changes: Mapping[str, object]) -> dict[str, tuple[float, float]]:
    """Return mean and half width (99.9 %) of what moves, in its own direction."""
    states = {**pair.moves, **pair.harms}
    one, other = (
        mean_states(
            with_changes(point(pair, {**levers, **pair.both}), {**pair.shown_in, **changes}),
            pair,
            states,
        )
        for levers in (pair.one, pair.other)
    )
    found = {}
    for state, direction in states.items():
        difference = direction * (one[state] - other[state])
        half = 3.29 * difference.std(ddof=1) / np.sqrt(pair.runs)
        found[state] = float(difference.mean()), float(half)
    return found


def test_every_condition_is_tried_in_pairs_and_fails_somewhere() -> None:
    assert {pair.of for pair in PAIRS} == set(EXPERIMENTS)
    assert {pair.of for pair in PAIRS if pair.fails} == set(EXPERIMENTS)


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_pair_is_two_points_of_the_experiment_itself(pair: Pair) -> None:
    factors = EXPERIMENTS[pair.of]["factors"]
    assert set(pair.one) == set(pair.other)
    assert pair.one != pair.other
    for levers in ({**pair.one, **pair.both}, {**pair.other, **pair.both}):
        assert set(levers) == set(factors)
        assert all(value in factors[lever] for lever, value in levers.items())


@pytest.mark.long
@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_condition_moves_what_it_acts_on_and_its_failure_takes_that(pair: Pair) -> None:
    works = differences(pair, {})
    for state in pair.moves:
        mean, half = works[state]
        assert mean - half > 0.0, (state, mean, half)
    for state in pair.harms:
        mean, half = works[state]
        assert mean - half <= 0.0, (state, mean, half)
    if not pair.fails:
        return
    fails = differences(pair, pair.fails)
    for state in pair.harms:
        mean, half = fails[state]
        assert mean - half > 0.0, (state, mean, half)
    if pair.harms:
        return
    for state in pair.fails_of or pair.moves:
        failed, half = fails[state]
        if pair.failure is Failure.REVERSES:
            assert failed + half < 0.0, (state, works[state], failed, half)
        else:
            assert failed - half <= 0.0, (state, works[state], failed, half)
            assert failed + half < works[state][0] / 4.0, (state, works[state], failed, half)
