"""The two engines are equal in every week of worlds so small that they need no compilation.

A fault in one engine shows here within a second or two, whichever form, role or course of the war it is
in; `test_engines_equal.py` holds the same over years and whole countries.
"""

from __future__ import annotations

from typing import Any

import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import (
    VIOLENT,
    equal_actors,
    everything,
    overthrow,
    scenario,
    started,
    three_at_war,
    three_groups,
)
from test_engines_equal import OFF_BY_DEFAULT

from sim.fields import Q
from sim.model import PreventionModel

TOWNS = 6


def few_towns(**entries: Any) -> dict[str, Any]:
    """Return the war of three groups under every measure in a few towns, shocked early."""
    world = everything(**entries)
    small = three_groups(communities=TOWNS)
    country = world["country"]
    country |= {name: small[name] for name in ("capital", "places", "roads", "armed_groups")}
    for place in country["places"].values():
        if "neighbour" in place:
            place["capacity"] = 50.0
    country["shocks"][0]["week"] = 2
    return world


def falling_government() -> dict[str, Any]:
    """Return a war that the state loses, and the next government too."""
    return overthrow(country=three_groups(communities=TOWNS), weeks=26)


def levers_pulled() -> dict[str, Any]:
    """Return a bystander under every measure, with everything on that is off by default."""
    world = few_towns(role="bystander", weeks=30)
    return world | {"parameters": world["parameters"] | OFF_BY_DEFAULT}


def consensus() -> dict[str, Any]:
    """Return a body that has to agree on a compromise, and arrives on a fixed date."""
    world = few_towns(
        weeks=24, action={"start": 0, "arrival": 6}, forms={"bargaining": "compromise"}
    )
    world["actors"]["rule"] = {"kind": "consensus", "quota": 0.6}
    return world


def expelled() -> dict[str, Any]:
    """Return leaders who expel, and a body without vetoes that needs nine votes of ten."""
    milder = VIOLENT | {"gain_kill": 0.3, "victory_state": 1.2}
    world = three_at_war(country=three_groups(communities=TOWNS), parameters=milder, weeks=40)
    world["country"]["shocks"][0]["week"] = 2
    world["actors"]["rule"] = {"quota": 0.9}
    for actor in world["actors"]["actors"].values():
        actor["veto"] = False
    return world


def poor() -> dict[str, Any]:
    """Return a long war without money, in which mandates lapse, measures end and one has a list."""
    world = few_towns(
        weeks=48, actors=equal_actors(0.2),
        parameters=VIOLENT | {"mandate_term": 4.0, "mandate_minimum": 0.3, "victory_state": 1.2},
    )  # fmt: skip
    for entry in world["interventions"].values():
        entry |= {"duration": 8, "decay": 4}
    world["interventions"]["peacekeeping"] = {"coverage": ["town_1", "town_3"]}
    world["interventions"]["community_dialogue"] = {"coverage": ["town_2"]}
    return world


WORLDS = {
    "poor, with short mandates": poor,
    "expulsion, and nearly all have to agree": expelled,
    "all at once warned, attentive and at one table": lambda: few_towns(
        weeks=24, mechanisms={"early_warning": False, "agenda": False, "forums": False}),
    "a perpetrator": lambda: few_towns(weeks=40),
    "a government that falls": falling_government,
    "a bystander, all levers pulled": levers_pulled,
    "a protector, and a record": lambda: few_towns(
        role="protector", recorded={"town_1": [0.0, 0.3, 0.8]}, weeks=24),
    "the best order, compromise, learning by the last": lambda: few_towns(
        weeks=24, forms={"elite_choice": "best_response", "bargaining": "compromise",
                         "belief_updating": "reinforcement", "foresight": "forward_looking"}),
    "an order that will do, learning what is believed": lambda: few_towns(
        weeks=24, forms={"elite_choice": "aspiration", "belief_updating": "confirmation"},
        parameters=VIOLENT | {"settlement_hurt": 3.0, "exhaustion_level": 0.1}),
    "consensus, arrival fixed": consensus,
}  # fmt: skip


@pytest.mark.parametrize("name", WORLDS)
def test_both_engines_are_equal_in_a_few_towns(name: str) -> None:
    case = scenario(WORLDS[name]())
    batch, model = started(case, seed=2), PreventionModel(case, seed=2)
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        assert_same_state(model, batch)
    assert_same_record(model, batch)
    assert batch.state["people"][0, Q.killed].any()
    assert model.government_changes > 0.0 or "falls" not in name
