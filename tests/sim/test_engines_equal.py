"""The two engines are equal in every field of every agent in every week."""

from __future__ import annotations

import functools
import hashlib
import json
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import (
    SPECIAL,
    burundi,
    everything,
    overthrow,
    scenario,
    started,
    three_at_war,
    three_groups,
    two_groups,
)

from sim import engines
from sim.ensemble import FIELDS, STATE
from sim.ensemble.run import TILE
from sim.fields import (
    ACTOR,
    ARMED_GROUP,
    COMMUNITY,
    GOVERNMENT,
    GROUP,
    PEOPLE,
    PRESENCE,
    PROGRAMME,
    WORLD,
    A,
    I,
    M,
    N,
    Q,
    W,
)
from sim.model import PreventionModel
from sim.parameters import PARAMETERS
from sim.rules import RULES
from sim.scenario import Scenario

WORLDS: dict[str, Callable[[], dict[str, Any]]] = {
    "burundi, never acting": lambda: burundi(action={"start": "never"}),
    "burundi, bargained": burundi,
    "burundi, clamped": lambda: burundi(action={"start": 4, "arrival": 13}),
    "three groups at war": three_at_war,
    "governments that fall": lambda: overthrow(weeks=200),
    "every measure at once": everything,
    "three groups at war, clamped": lambda: three_at_war(action={"start": 0, "arrival": 26}),
}
SEEDS = (1, 20, 2**64 - 1)


class Witness:
    """What happened in a run, so that equality is not that of two empty records."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._before: dict[str, np.ndarray] = {}

    def look(self, state: dict[str, np.ndarray]) -> None:
        """Note what this week brought."""
        now = {name: column[0].copy() for name, column in state.items()}
        before = self._before or now
        world, then = now["world"], before["world"]
        found = {
            "attack": now["presence"][M.attacked].any(),
            "attack stopped": now["presence"][M.stopped].any(),
            "many killed": (now["people"][Q.killed_week] > 60.0).any(),
            "displaced killed": (now["people"][Q.killed_week] * now["people"][Q.displaced]).any(),
            "expulsion": (now["armed"][A.order] == 1.0).any(),
            "killing": (now["armed"][A.order] == 2.0).any(),
            "flight": world[W.fled_week] > 0.0,
            "refugees": world[W.refugees] > 0.0,
            "indirect deaths": world[W.died_week] > 0.0,
            "mandate": world[W.mandate_week] > then[W.mandate_week] >= 0.0,
            "lapse": world[W.mandate_week] < then[W.mandate_week],
            "peacekeepers": world[W.troops_deployed] > 10.0,
            "agreement": world[W.agreement] > then[W.agreement],
            "relapse": world[W.agreement] < then[W.agreement],
            "scarce aid": 0.0 < world[W.aid_coverage] < 1.0,
            "empty purses": now["actors"][I.endowment].sum() < 1e-6 < world[W.spent],
            "losses": (now["groups"][N.losses] > 0.0).any(),
            "overthrow": world[W.government_changes] > then[W.government_changes],
        }
        self.seen |= {name for name, true in found.items() if true}
        self._before = now


@functools.cache
def compare(name: str, seed: int) -> frozenset[str]:
    """Run both engines side by side and return what happened in the run."""
    case = scenario(WORLDS[name]())
    assert case.weeks >= 104
    replicate = seed % 5
    batch = started(case, replicates=replicate + 1, seed=seed)
    model = PreventionModel(case, seed=seed, replicate=replicate)
    assert_same_state(model, batch, row=replicate)
    witness = Witness()
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        assert_same_state(model, batch, row=replicate)
        witness.look({key: column[replicate:] for key, column in batch.state.items()})
    assert_same_record(model, batch, row=replicate)
    return frozenset(witness.seen)


@pytest.mark.one_in(4)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", WORLDS)
def test_both_engines_are_equal_in_every_field_in_every_week(name: str, seed: int) -> None:
    seen = compare(name, seed)
    if "war" in name:
        assert seen >= {
            "attack", "many killed", "killing", "flight", "refugees", "indirect deaths",
            "peacekeepers", "losses", "scarce aid", "empty purses",
        }  # fmt: skip


def test_a_country_of_several_tiles_is_equal_too() -> None:
    """The ensemble works on places tile by tile; nobody may notice where one ends."""
    country = three_groups(communities=2 * TILE + 50)
    case = scenario(three_at_war(country=country, action={"start": 0, "arrival": 4}, weeks=24))
    batch, model, witness = (
        started(case, replicates=1, seed=3),
        PreventionModel(case, seed=3),
        Witness(),
    )
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        witness.look(batch.state)
    assert_same_state(model, batch)
    assert_same_record(model, batch)
    assert witness.seen >= {"attack", "attack stopped", "flight", "indirect deaths", "peacekeepers"}
    assert (batch.state["presence"][0, M.pushed] > 0.0).any(axis=0)[TILE:].any()


OFF_BY_DEFAULT = {row.name: row.high / 2.0 for row in PARAMETERS if row.default == 0.0}


TURNED = {"reform_resisted"}
"""Levers of leaders who would turn their forces against civilians."""


@functools.cache
def levers_pulled(off: str = "", role: str = "bystander") -> tuple[Scenario, PreventionModel]:
    """Return the run of a government under every measure, with all levers but one."""
    pulled = {name: 0.0 if name == off else value for name, value in OFF_BY_DEFAULT.items()}
    entries = everything(role=role, weeks=30)
    case = scenario(entries | {"parameters": entries["parameters"] | pulled})
    model = PreventionModel(case, seed=4)
    model.run()
    return case, model


@pytest.mark.parametrize("role", ["bystander", "perpetrator"])
def test_parameters_that_do_nothing_by_default_do_the_same_in_both_engines(role: str) -> None:
    """No other world that is compared would show a lever that one engine has forgotten."""
    case, model = levers_pulled(role=role)
    batch = started(case, replicates=1, seed=4)
    batch.advance(case.weeks)
    assert_same_state(model, batch)
    assert_same_record(model, batch)


@pytest.mark.parametrize("name", OFF_BY_DEFAULT)
def test_a_lever_that_is_off_by_default_does_something_in_the_run_that_is_compared(
    name: str,
) -> None:
    if (
        name in TURNED
    ):  # in half a year they change what forces have learned, and hardly who is killed
        pulled, without = (levers_pulled(off, "perpetrator")[1] for off in ("", name))
        learned = [[one.discipline for one in model.garrisons] for model in (pulled, without)]
        assert learned[0] < learned[1]
        return
    assert not np.array_equal(levers_pulled()[1].series, levers_pulled(name)[1].series)


def test_everything_that_can_happen_happened_in_the_runs_that_were_compared() -> None:
    seen = frozenset[str]().union(*(compare(name, seed) for name in WORLDS for seed in SEEDS))
    assert seen == {
        "attack", "attack stopped", "many killed", "displaced killed", "expulsion", "killing",
        "flight", "refugees", "indirect deaths", "mandate", "lapse", "peacekeepers", "agreement",
        "relapse", "scarce aid", "empty purses", "losses", "overthrow",
    }  # fmt: skip


def test_the_tables_of_fields_cover_every_column_and_the_comparison_every_number() -> None:
    case = scenario(three_at_war())
    batch = started(case)
    tables = (WORLD, GOVERNMENT, GROUP, ACTOR, ARMED_GROUP, COMMUNITY, PEOPLE, PRESENCE, PROGRAMME)
    assert tables == FIELDS
    assert [batch.state[name].shape[1] for name in STATE] == [len(table) for table in tables]
    everything = sum(batch.state[name].size for name in STATE)
    assert assert_same_state(PreventionModel(case), batch) == everything


def test_agents_hold_no_state_that_is_not_in_a_table_of_fields() -> None:
    model = PreventionModel(scenario(three_at_war(weeks=30)))
    tables = {
        "Community": (*COMMUNITY, *PEOPLE, *PRESENCE),
        "ArmedGroup": ARMED_GROUP,
        "InternationalActor": ACTOR,
        "Government": GOVERNMENT,
    }
    before = {agent.unique_id: _numbers(agent) for agent in model.agents}
    model.run()
    changed = {name: set[str]() for name in tables}
    for agent in model.agents:
        now, then = _numbers(agent), before[agent.unique_id]
        changed[type(agent).__name__] |= {name for name in now if now[name] != then.get(name)}
    for name, table in tables.items():
        assert changed[name], f"nothing about {name} changed in 30 weeks"
        assert changed[name] <= {field.name for field in table}


def test_the_model_holds_no_state_that_is_not_a_field_of_the_world() -> None:
    model = PreventionModel(scenario(three_at_war(weeks=30)))
    before = _numbers(model)
    model.run()
    changed = {name for name, value in _numbers(model).items() if value != before.get(name)}
    mesa_own = {"running", "steps", "time", "_time"}
    assert "week" in changed
    assert changed - mesa_own - {"series"} <= {field.name for field in WORLD}


def _numbers(holder: object) -> dict[str, Any]:
    """Return the attributes of an agent or model that are numbers or lists of numbers, copied."""
    found: dict[str, Any] = {}
    slots = {slot for kind in type(holder).__mro__ for slot in getattr(kind, "__slots__", ())}
    for name in slots | set(getattr(holder, "__dict__", {})):
        value = getattr(holder, name, None)
        if isinstance(value, int | float):
            found[name] = value
        elif isinstance(value, np.ndarray):
            found[name] = value.tolist()
        elif isinstance(value, list) and all(isinstance(item, int | float) for item in value):
            found[name] = list(value)
    return found


def squared(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule whose result is the square of what it should be (an order: another order)."""

    @functools.wraps(rule)
    def other(*arguments: float) -> Any:
        value = rule(*arguments)
        if isinstance(value, int):
            return 1 if value == 0 else value - 1
        return value * value

    return other


def nudged(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule whose result is off by its last bit."""

    @functools.wraps(rule)
    def other(*arguments: float) -> float:
        return float(np.nextafter(rule(*arguments), 1.0))

    return other


def reversed_ranks(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule that ranks the other way round: a square would rank as before."""

    @functools.wraps(rule)
    def other(*arguments: float) -> Any:
        return 1.0 - rule(*arguments)

    return other


SEED = 2
"""Of a run in which every rule makes a difference."""


@functools.cache
def _compiled_weeks(weeks: int, rule: str) -> tuple[Scenario, list[dict[str, np.ndarray]]]:
    case = scenario(everything(**SPECIAL.get(rule, {})))
    batch = started(case, seed=SEED)
    states = []
    for _ in range(weeks):
        batch.advance(1)
        states.append({name: column.copy() for name, column in batch.state.items()})
    return case, states


@pytest.mark.one_in(8)
@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_changed_in_one_engine_only_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = reversed_ranks if name == "forum_value" else squared
    _expect_difference(name, changed(RULES[name]), monkeypatch)


@pytest.mark.parametrize("name", ["memory_next", "threat_next", "belief_next", "stage_next"])
def test_a_rule_off_by_its_last_bit_in_one_engine_only_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _expect_difference(name, nudged(RULES[name]), monkeypatch)


def _expect_difference(
    name: str, rule: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Change a rule of the agents engine alone and expect the comparison to fail in 100 weeks."""
    case, states = _compiled_weeks(100, name if name in SPECIAL else "")
    model = PreventionModel(case, seed=SEED)
    batch = started(case)
    assert hasattr(model.rules, name)
    monkeypatch.setattr(model.rules, name, rule)
    with pytest.raises(AssertionError, match=r"week \d+: \w+\.\w+"):
        for state in states:
            model.step()
            batch.state = state
            assert_same_state(model, batch)


def test_a_single_number_off_by_one_bit_is_named_with_its_week_and_field() -> None:
    case = scenario(three_at_war(weeks=10))
    model, batch = PreventionModel(case), started(case)
    for _ in range(7):
        model.step()
        batch.advance(1)
    fear = model.communities[4].fear
    fear[1] = float(np.nextafter(fear[1], 1.0))
    with pytest.raises(AssertionError, match=r"week 7: people\.fear\[1, 4\]"):
        assert_same_state(model, batch)


def test_both_engines_return_the_same_outcomes_and_series_for_a_design() -> None:
    worlds = [scenario(three_at_war(weeks=60)), scenario(three_at_war(weeks=60)).baseline()]
    which, replicate = np.array([1, 0, 0, 1, 0]), np.array([0, 3, 0, 3, 2**40])
    first, second = (
        engines.run(worlds, scenario=which, replicate=replicate, seed=9, engine=engine)
        for engine in ("agents", "compiled")
    )
    assert first.outcomes.tobytes() == second.outcomes.tobytes()
    assert first.series.tobytes() == second.series.tobytes()
    assert first.outcomes.any(axis=1).all()


INTERPRETED = """
import hashlib, json, warnings
import numpy as np
from small_worlds import STATE, scenario, started, three_at_war, three_groups
warnings.simplefilter("ignore")
country = three_groups(communities=5, seed=3)
country["shocks"][0]["week"] = 1
case = scenario(three_at_war(country=country, weeks=16))
batch = started(case, replicates=2, seed=2**63 + 5)
batch.advance(case.weeks)
digest = hashlib.sha256()
for name in STATE:
    digest.update(batch.state[name].tobytes())
digest.update(batch.series.tobytes() + batch.outcomes.tobytes())
print(json.dumps([digest.hexdigest(), batch.outcomes[:, 1:3].sum(), type(batch._advance).__name__]))
"""


def test_interpreted_and_compiled_code_give_the_same_bits(
    python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    answers = []
    for disabled in ("0", "1"):
        done = python(INTERPRETED, NUMBA_DISABLE_JIT=disabled)
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout))
    (compiled, deaths, kind), (interpreted, _, plain) = answers
    assert (kind, plain) == ("CPUDispatcher", "function")
    assert deaths > 0.0
    assert compiled == interpreted != hashlib.sha256().hexdigest()


def test_a_country_without_armed_groups_or_actors_is_equal_in_both_engines() -> None:
    country = two_groups(communities=4, neighbours=0)
    country["armed_groups"] = {}
    case = scenario({"country": country, "weeks": 40})
    model, batch = PreventionModel(case), started(case)
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        assert_same_state(model, batch)
    assert_same_record(model, batch)
