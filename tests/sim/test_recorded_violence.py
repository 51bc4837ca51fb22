"""A record of violence moves what people feel, in both engines alike, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import everything, scenario, started, two_groups

from sim.ensemble import STATE, Ensemble
from sim.errors import ScenarioError
from sim.fields import C, Q, W
from sim.model import PreventionModel
from sim.rules.killing import memory_next, recorded_too

LEVELS = [0.0, 0.0, 0.6, 1.0, 0.25]


def quiet(record: Any = None, *, weeks: int = 30, **entries: Any) -> dict[str, Any]:
    """Return a made-up country in which nothing happens but what is recorded."""
    country = two_groups(communities=10) | {"shocks": [], "armed_groups": {}}
    if record is not None:
        country["recorded_violence"] = record
    return {"country": country, "weeks": weeks} | entries


def states(raw: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return the state at the end of a run."""
    batch = started(scenario(raw))
    batch.advance(raw["weeks"])
    return batch.state


@pytest.mark.parametrize("record", [{}, {"town_01": []}, {"town_01": [0.0] * 50}])
def test_a_record_of_no_violence_is_no_record_to_the_bit(record: dict[str, Any]) -> None:
    for given, none in (
        (quiet(record), quiet()),
        (everything(weeks=40, recorded=record), everything(weeks=40)),
    ):
        with_record, without = states(given), states(none)
        assert all(with_record[name].tobytes() == without[name].tobytes() for name in STATE)


@pytest.mark.parametrize("make", [
    lambda: quiet({"town_01": LEVELS, "town_05": [0.5] * 20}),
    lambda: everything(weeks=60, recorded={"town_01": LEVELS, "town_02": [0.2] * 60}),
])  # fmt: skip
def test_both_engines_are_equal_under_a_record(make: Any) -> None:
    case = scenario(make())
    model, batch = PreventionModel(case), started(case)
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        assert_same_state(model, batch)
    assert_same_record(model, batch)


def test_recorded_violence_is_felt_in_its_week_and_place_as_deaths_of_that_effect_would_be() -> (
    None
):
    case = scenario(quiet({"town_01": LEVELS}))
    batch, memory = started(case), 0.0
    place = case.country.places.index("town_01")
    p = PreventionModel(case).parameters
    for level in LEVELS:
        memory = memory_next(memory, level, p.memory_fade, p.memory_gain)
        batch.advance(1)
        felt = batch.state["people"][0, Q.memory]
        assert felt[:, place].tolist() == [memory] * 2
        assert not np.delete(felt, place, axis=1).any()


def test_recorded_violence_puts_people_to_flight_and_kills_nobody() -> None:
    found = states(quiet({"town_01": [1.0] * 30}))
    world, communities = found["world"][0], found["communities"][0]
    assert world[W.displaced] > 100.0 and world[W.killed] == 0.0
    assert (
        world[W.refugees] == found["people"][0, Q.displaced][:, communities[C.abroad] > 0.5].sum()
    )
    calm = states(quiet({"town_01": [1.0] * 30}, mechanisms={"flight": False}))
    assert calm["world"][0, W.displaced] == 0.0


def test_trust_answers_to_the_record_too() -> None:
    assert states(quiet({"town_01": [1.0] * 5}))["people"][0, Q.trust].min() < 0.5 * (
        states(quiet())["people"][0, Q.trust].min()
    )


def test_deaths_and_record_together_are_felt_no_more_than_in_full() -> None:
    assert recorded_too(0.5, 0.5) == 0.75 and recorded_too(0.9, 1.0) == 1.0
    assert recorded_too(0.37, 0.0) == 0.37


def test_runs_with_and_without_a_record_are_no_ensemble() -> None:
    worlds = [scenario(quiet({"town_01": [0.5]})), scenario(quiet())]
    with pytest.raises(ScenarioError, match="must share"):
        Ensemble(worlds)
    Ensemble([worlds[0], scenario(quiet({"town_02": [0.1, 0.2]}))])


@pytest.mark.parametrize(("record", "message"), [
    ({"town_0l": [0.5]}, r"country\.recorded_violence: unknown name 'town_0l', did"),
    ({"town_01": [0.5, 1.5]}, r"country\.recorded_violence\.town_01\[1\].*1\.5.*0 and 1"),
    ({"town_01": 0.5}, r"country\.recorded_violence\.town_01.*a list of levels"),
    ([0.5], r"country\.recorded_violence.*a mapping"),
])  # fmt: skip
def test_a_record_that_cannot_be_read_is_refused_by_name(record: Any, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        scenario(quiet(record))
