"""What cuts across measures: priority, key states, forums, the gap after a warning, a worsening world.

Each test holds one condition of the ready experiments on its own, on pairs of worlds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import Batch, scenario, small_war, started

from sim.fields import A, I, R, W

RUNS, SEED, YEARS = 60, 7, 3
EROSION = 0.3


def both(one: dict[str, Any], other: dict[str, Any], weeks: int) -> Batch:
    """Return runs of two worlds after some weeks."""
    batch = started(scenario(one), scenario(other), replicates=RUNS, seed=SEED)
    batch.advance(weeks)
    return batch


def with_parameters(**parameters: float) -> dict[str, Any]:
    """Return the small war with some parameters."""
    raw = small_war(weeks=80)
    return raw | {"parameters": raw["parameters"] | parameters}


def two_worlds() -> Batch:
    """Return runs at the horizon: of a world that erodes, then of the same world as it is."""
    raw = small_war(weeks=52 * YEARS)
    raw["interventions"] = {"mediation": {}, "peacekeeping": {}, "community_dialogue": {"lag": 0}}
    raw["country"]["shocks"].append({"rate": 1.0, "threat": 0.1})
    for actor in raw["actors"]["actors"].values():
        actor["endowment"] = 1e6  # no purse is ever empty
    # Attention is what is usual: no killing draws any.
    parameters = raw["parameters"] | {"salience_media": 0.0, "fatigue_gain": 0.0}
    eroding = raw | {"parameters": parameters | {"erosion": EROSION}}
    return both(eroding, raw | {"parameters": parameters}, 52 * YEARS)


@pytest.fixture(scope="module")
def worlds() -> Batch:
    return two_worlds()


def less(values: np.ndarray) -> bool:
    """Return whether the world that erodes has less of something, at 99.9 %."""
    difference = values[RUNS:] - values[:RUNS]
    return bool(difference.mean() > 3.29 * difference.std(ddof=1) / np.sqrt(RUNS))


def test_prevention_is_less_salient(worlds: Batch) -> None:
    """By what has worn away, half a year late: it follows its usual level slowly."""
    salience = worlds.state["actors"][:, I.salience]
    left = salience[:RUNS] / salience[RUNS:]
    assert (left > np.exp(-EROSION * YEARS)).all()
    assert (left < np.exp(-EROSION * (YEARS - 0.5))).all()


def test_less_money_reaches_what_prevention_pays_for(worlds: Batch) -> None:
    """Not that purses are smaller: attention is, and with it what is paid out of them."""
    dialogue = worlds.state["programmes"][:, R.spent, 2:].sum(axis=1)  # after the two of the B's
    assert (dialogue > 0.0).all()
    assert less(dialogue)


def test_fewer_peacekeepers_are_offered(worlds: Batch) -> None:
    assert less(worlds.state["world"][:, W.troops_deployed])


def test_armed_groups_expect_less_enforcement(worlds: Batch) -> None:
    assert less(worlds.state["armed"][:, A.belief].mean(axis=1))


def test_shocks_come_more_often() -> None:
    """Of the shocks at a rate, in the last of three years."""
    raw = small_war(weeks=52 * YEARS)
    raw["country"]["shocks"] = [{"rate": 4.0, "threat": 0.1}]
    plain = raw | {"parameters": raw["parameters"]}
    eroding = raw | {"parameters": raw["parameters"] | {"erosion": EROSION}}
    batch = both(plain, eroding, 52 * (YEARS - 1))
    struck = np.zeros(2 * RUNS)
    for _ in range(52):
        batch.advance(1)
        struck += batch.state["world"][:, W.shock_threat] > 0.0
    assert less(struck)


# --- priority, and key states ---------------------------------------------------------------------


@pytest.mark.parametrize(("coupling", "more"), [(0.5, True), (-0.5, False)])
def test_prevention_linked_to_other_agendas_gets_attention_and_subsumed_loses_it(
    coupling: float, more: bool
) -> None:
    separate, coupled = with_parameters(), with_parameters(agenda_coupling=coupling)
    batch = both(separate, coupled, 26) if more else both(coupled, separate, 26)
    assert less(batch.state["actors"][:, I.attention].mean(axis=1))
    assert less(batch.state["world"][:, W.spent])


@pytest.mark.parametrize(("lead", "follows"), [("neighbour", True), ("un", False)])
def test_a_key_state_that_cares_carries_the_mediation_that_it_leads_and_no_other(
    lead: str, follows: bool
) -> None:
    """The dose in its first week, with neighbours to whom prevention hardly and greatly matters."""
    worlds = []
    for salience in (0.1, 0.9):
        raw = small_war(weeks=40)
        raw["interventions"] = {"mediation": {"lead": lead, "ramp": 0, "trigger": "action"}}
        for actor in raw["actors"]["actors"].values():
            if actor["kind"] == "neighbour":
                actor["salience"] = salience
        worlds.append(raw)
    batch = both(*worlds, 3)  # outside actors may act from the shock of week 2 on
    dose = batch.state["programmes"][:, R.dose, 0]
    assert (dose > 0.0).all()
    assert less(dose) if follows else np.array_equal(dose[:RUNS], dose[RUNS:])


# --- forums, and the gap between warning and action -----------------------------------------------


def test_where_a_forum_costs_little_more_of_them_compete() -> None:
    batch = both(with_parameters(forum_cost=1.0), with_parameters(forum_cost=0.005), 40)
    assert less(batch.state["world"][:, W.forums])


@pytest.mark.parametrize(
    ("prompt", "late"),
    [
        ({"signal_delay": 1.0}, {"signal_delay": 12.0}),
        ({"mandate_minimum": 0.05}, {"mandate_minimum": 0.3}),
    ],
)
def test_late_reports_and_a_high_threshold_delay_the_first_mandate(
    prompt: dict[str, float], late: dict[str, float]
) -> None:
    parameters = {"mandate_minimum": 0.1, "mandate_friction": 0.2}
    worlds = [with_parameters(**(parameters | given)) for given in (prompt, late)]
    batch = both(*worlds, 0)
    first = np.full(2 * RUNS, 80.0)
    for week in range(80):
        batch.advance(1)
        passed = batch.state["world"][:, W.mandate_since] >= 0.0
        first[passed & (first == 80.0)] = week
    assert less(first)
