"""The two engines are equal where things begin, end, or are almost nothing.

Each world needs no compilation, and lies on edges that `test_small_worlds_equal.py` never meets:
one person who is left, an arrival in the very week, a mandate of week 0 that lapses or is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import VIOLENT, equal_actors, scenario, started
from test_small_worlds_equal import few_towns

from sim.fields import Q
from sim.model import PreventionModel


def village() -> dict[str, Any]:
    """Return a war over a few dozen people, one soldier sent, and a list of a camp alone.

    Nobody is of the group that the rebels are against.
    """
    world = few_towns(
        weeks=30, action={"start": -2}, actors=equal_actors(200.0),
        parameters=VIOLENT | {
            "mandate_minimum": 0.0, "flight_ceiling": 0.3, "return_ceiling": 0.2,
            "return_fear": 0.5, "fear_fade": 0.3, "memory_fade": 0.5, "lethality_kill": 0.2,
            "intent_kill": 4.0,
        },
    )  # fmt: skip
    for place in world["country"]["places"].values():
        if "neighbour" not in place:
            place |= {"population": 12, "shares": {"group_1": 0.5, "group_2": 0.5, "group_3": 0.0}}
    world["country"]["armed_groups"]["rebels"]["target"] = "group_3"
    world["interventions"]["peacekeeping"] = {"intensity": 1.0}
    world["interventions"]["community_dialogue"] = {"coverage": ["town_6"]}
    return world


def arrival_at_once() -> dict[str, Any]:
    """Return measures that arrive in the week in which they are asked for, and two shocks in one."""
    world = few_towns(
        weeks=12, action={"start": 0, "arrival": 0}, parameters=VIOLENT | {"aid_consent": 0.5}
    )
    shock = {"week": 2, "threat": 0.1, "grievance": 0.1, "fear": 0.1}
    world["country"]["shocks"] += [
        shock | {"livelihoods": 0.3, "arms": 0.2}, shock | {"livelihoods": 0.4, "arms": 0.3},
    ]  # fmt: skip
    world["country"]["government"]["consent"] = 0.2  # which camps abroad do not ask for
    world["interventions"]["humanitarian_aid"] = {"coverage": "all"}
    return world


def unanimity() -> dict[str, Any]:
    """Return a body in which all votes have to be for a compromise, from week 0 on."""
    world = few_towns(
        weeks=16, action={"start": -2}, forms={"bargaining": "compromise"},
        parameters=VIOLENT | {
            "mandate_minimum": 0.0, "mandate_term": 4.0, "mandate_friction": 0.2,
        },
    )  # fmt: skip
    world["actors"]["rule"] = {"quota": 1.0}
    for actor in world["actors"]["actors"].values():
        actor["veto"] = False
    return world


WORLDS: dict[str, Callable[[], dict[str, Any]]] = {
    "a village": village,
    "arrival at once, two shocks at once": arrival_at_once,
    "all have to agree on a compromise": unanimity,
}


@pytest.mark.parametrize("name", WORLDS)
def test_both_engines_are_equal_on_the_edges(name: str) -> None:
    case = scenario(WORLDS[name]())
    batch, model = started(case, seed=2), PreventionModel(case, seed=2)
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        assert_same_state(model, batch)
    assert_same_record(model, batch)
    assert batch.state["people"][0, Q.killed].any()
