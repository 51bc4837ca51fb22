"""What leaders order where the way out is open or shut, step by step, and by which theory."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from small_worlds import scenario, started, three_at_war, three_groups

from sim.fields import A, C, G, W
from sim.kinds import EXPEL, KILL, STATE

RUNS = 40
LEADERS = {
    "gain_expel": 2.6, "cost_expel": 0.65, "gain_kill": 3.8, "cost_kill": 1.9, "order_inertia": 1.2,
    "cost_restraint": 0.4, "cost_sanction": 0.0, "cost_legitimacy": 0.0, "cost_weariness": 0.0,
    "threat_attention": 0.05, "threat_fade": 0.005, "expelled_inside": 0.3, "continuum": 0.5,
}  # fmt: skip
"""Leaders to whom violence pays under great threat, whatever it costs them at home or abroad."""


def orders(
    openness: float, form: str, *, capacity: float | None = None, weeks: int = 60, **parameters: Any
) -> np.ndarray:
    """Return the orders of the state at every decision, shape (decisions, runs)."""
    country = copy.deepcopy(three_groups())
    for neighbour in country["neighbours"].values():
        neighbour["openness"] = openness
    if capacity is not None:
        for place in country["places"].values():
            if "neighbour" in place:
                place["capacity"] = capacity
    case = scenario(
        three_at_war(
            country=country, action={"start": "never"}, forms={"elite_choice": form},
            parameters={**three_at_war()["parameters"], **LEADERS, **parameters},
        )
    )  # fmt: skip
    batch = started(case, replicates=RUNS)
    batch.state["government"][:, G.threat] = 1.0
    state = int(np.flatnonzero(batch.state["armed"][0, A.kind] == STATE)[0])
    given = []
    for _ in range(weeks // 4):
        batch.advance(4)
        fallen = batch.state["world"][:, W.government_changes] > 0.0
        given.append(np.where(fallen, 0.0, batch.state["armed"][:, A.order, state]))
    return np.array(given)


def test_leaders_without_error_expel_through_open_borders_and_kill_behind_shut_ones() -> None:
    open_border, shut = orders(1.0, "best_response"), orders(0.0, "best_response")
    assert (open_border == EXPEL).any() and not (open_border[:2] == KILL).any()
    assert (shut[0] == KILL).mean() > 0.8 and not (shut == EXPEL).any()


def test_leaders_who_take_what_is_good_enough_expel_where_those_who_take_the_best_kill() -> None:
    satisfied = orders(0.3, "aspiration")
    best = orders(0.3, "best_response")
    assert (satisfied[0] == EXPEL).mean() > 0.8
    assert (best[0] == KILL).mean() > 0.8


def test_where_expulsion_is_hopeless_even_the_easily_satisfied_kill() -> None:
    assert (orders(0.0, "aspiration", expelled_inside=0.0)[0] == KILL).mean() > 0.8


@pytest.mark.parametrize("form", ["best_response", "quantal_response"])
def test_the_way_out_makes_no_difference_to_who_counts_the_expelled_as_gone(form: str) -> None:
    shut = orders(0.0, form, expelled_inside=1.0, weeks=4)
    assert np.array_equal(shut, orders(1.0, form, expelled_inside=1.0, weeks=4))


def test_camps_that_fill_turn_expulsion_into_killing() -> None:
    room = orders(1.0, "best_response", capacity=1e7, continuum=1.0, intent_fear=1.0)
    full = orders(1.0, "best_response", capacity=50.0, continuum=1.0, intent_fear=1.0)
    assert (full[0] == EXPEL).mean() > 0.8  # as long as there is room
    assert (full == KILL).mean() > 2.0 * (room == KILL).mean() + 0.1


def test_harm_done_eases_further_harm() -> None:
    """Killing follows expulsion more often the more of its inertia carries over (Staub 1989)."""
    after = []
    for share in (0.0, 1.0):
        given = orders(1.0, "quantal_response", continuum=share, weeks=104)
        expelling = given[:-1] == EXPEL
        after.append((given[1:][expelling] == KILL).mean())
    assert after[1] > after[0] + 0.1


def test_the_most_open_border_with_room_counts() -> None:
    country = copy.deepcopy(three_groups())
    for neighbour, openness in zip(country["neighbours"].values(), (0.2, 0.8), strict=True):
        neighbour["openness"] = openness
    batch = started(scenario(three_at_war(country=country, action={"start": "never"})))
    assert batch.state["world"][0, W.outlet] == 0.8
    abroad = batch.state["communities"][0, C.abroad] > 0.5
    batch.advance(1)
    communities = batch.state["communities"][0]
    ways = communities[C.openness, abroad] * communities[C.room, abroad]
    assert batch.state["world"][0, W.outlet] == ways.max() == 0.8


def test_a_country_without_a_place_to_flee_to_has_no_way_out() -> None:
    country = three_groups(neighbours=0)
    batch = started(scenario(three_at_war(country=country, action={"start": "never"})))
    assert batch.state["world"][0, W.outlet] == 0.0
    batch.advance(1)
    assert batch.state["world"][0, W.outlet] == 0.0
