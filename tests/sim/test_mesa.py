"""The agents engine is a Mesa model like any other; what can be replaced, and what is refused."""

from __future__ import annotations

import copy
import json
import linecache
import subprocess
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import bits, scenario, three_at_war, three_groups

from sim import engines
from sim.agents import ArmedGroup, Community, Government, InternationalActor
from sim.ensemble import Ensemble
from sim.ensemble.build import cache_key
from sim.errors import ScenarioError
from sim.model import PreventionModel
from sim.outcomes import OUTCOMES, SERIES, O
from sim.rules import RULES, rule_set


def small_war(**entries: Any) -> dict[str, Any]:
    """Return the war of three groups in a dozen towns."""
    country = three_groups(communities=12)
    country["shocks"][0]["week"] = 2
    return three_at_war(**({"country": country, "weeks": 40} | entries))


# --- Mesa's habits --------------------------------------------------------------------------------


def test_the_model_and_its_agents_are_mesas() -> None:
    model = PreventionModel(scenario(small_war()))
    assert isinstance(model, mesa.Model)
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == {
        Community: 14, ArmedGroup: 4, Government: 1, InternationalActor: 8,
    }  # fmt: skip
    assert len(model.agents) == 27
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)


def test_a_data_collector_collects_from_the_model_and_from_every_kind_of_agent() -> None:
    model = PreventionModel(scenario(small_war()))
    collector = mesa.DataCollector(
        model_reporters={"displaced": "displaced", "alarm": lambda m: m.alarm},
        agenttype_reporters={
            Community: {"need": "need", "fear": lambda place: max(place.fear)},
            ArmedGroup: {"order": "order"},
            InternationalActor: {"attention": "attention"},
            Government: {"threat": "threat"},
        },
    )
    for _ in range(10):
        model.step()
        collector.collect(model)
    weekly = collector.get_model_vars_dataframe()
    assert list(weekly["displaced"]) == list(model.series[:10, 2])
    assert weekly["alarm"].iloc[-1] == model.alarm > 0.0
    places = collector.get_agenttype_vars_dataframe(Community)
    assert len(places) == 10 * 14
    last = places.xs(places.index.get_level_values(0).max(), level=0)
    assert list(last["fear"]) == [max(place.fear) for place in model.communities]
    for kind, column in ((ArmedGroup, "order"), (InternationalActor, "attention"),
                         (Government, "threat")):  # fmt: skip
        assert column in collector.get_agenttype_vars_dataframe(kind)


def test_an_agent_reporter_works_for_attributes_that_all_agents_have() -> None:
    model = PreventionModel(scenario(small_war()))
    collector = mesa.DataCollector(agent_reporters={"kind": lambda agent: type(agent).__name__})
    model.step()
    collector.collect(model)
    assert set(collector.get_agent_vars_dataframe()["kind"]) == {
        "Community", "ArmedGroup", "Government", "InternationalActor",
    }  # fmt: skip


def test_the_models_own_collector_holds_the_weekly_series() -> None:
    model = PreventionModel(scenario(small_war()), collect=True)
    model.run()
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table.columns) == [outcome.name for outcome in SERIES]
    assert np.array_equal(table.to_numpy(), model.series[:, : len(SERIES)])
    assert table["direct_deaths"].sum() > 0.0


def test_agent_sets_select_and_aggregate() -> None:
    model = PreventionModel(scenario(small_war()))
    for _ in range(20):
        model.step()
    places = model.agents_by_type[Community]
    abroad = places.select(lambda place: place.abroad > 0.5)
    assert sorted(abroad.get("name")) == ["camp_1", "camp_2"]
    assert places.agg("population", sum) == sum(map(sum, scenario(small_war()).country.people))
    assert places.agg("population", [min, max]) == [
        min(places.get("population")), max(places.get("population")),
    ]  # fmt: skip
    rebels = model.agents_by_type[ArmedGroup].select(lambda group: group.kind == 2)
    assert {group.name for group in rebels} == {"rebels", "front"}
    assert model.agents_by_type[InternationalActor].agg("attention", max) > 0.0
    assert set(model.agents.groupby(type, result_type="list").groups) == {
        Community, ArmedGroup, Government, InternationalActor,
    }  # fmt: skip
    assert places.agg("abroad", sum) == 2.0


def test_a_model_stops_running_at_its_horizon() -> None:
    model = PreventionModel(scenario(small_war(weeks=6)))
    assert model.running
    weeks = 0
    while model.running:
        model.step()
        weeks += 1
    assert weeks == model.week == 6


def test_a_misspelt_attribute_of_an_agent_is_an_error() -> None:
    model = PreventionModel(scenario(small_war()))
    with pytest.raises(AttributeError, match="feer"):
        _ = model.communities[0].feer


# --- subclasses -----------------------------------------------------------------------------------


class Vigilant(Community):
    """A community whose people never fear, because it does something else once a week."""

    def step(self) -> None:
        self.weeks = getattr(self, "weeks", 0) + 1
        self.fear = [0.0] * len(self.fear)


class Neutral(Community):
    """A community that overrides its step and changes nothing."""

    def step(self) -> None:
        self.calls = getattr(self, "calls", 0) + 1


def run_both(case: Any, **chosen: Any) -> Any:
    """Return the outcomes of three replicates under the agents engine."""
    zeros, numbers = np.zeros(3, dtype=int), np.arange(3)
    return engines.run([case], scenario=zeros, replicate=numbers, seed=1, engine="agents", **chosen)


def test_a_subclass_with_another_step_acts_every_week_and_changes_the_outcome() -> None:
    case = scenario(small_war())
    model = PreventionModel(case, agent_classes={"Community": Vigilant})
    model.run()
    assert {place.weeks for place in model.communities} == {40}
    assert all(type(place) is Vigilant for place in model.communities)
    assert len(model.agents_by_type[Vigilant]) == 14
    plain = run_both(case).outcomes
    changed = run_both(case, agent_classes={"Community": Vigilant}).outcomes
    assert (changed[:, O.displaced] < plain[:, O.displaced]).all()
    assert np.array_equal(bits(model.outcomes()), bits(changed[0]))


def test_a_subclass_that_changes_nothing_changes_no_bit() -> None:
    case = scenario(small_war())
    plain = run_both(case)
    neutral = run_both(case, agent_classes={"Community": Neutral})
    assert np.array_equal(bits(plain.outcomes), bits(neutral.outcomes))
    assert np.array_equal(bits(plain.series), bits(neutral.series))


def test_a_subclass_may_override_one_process_alone() -> None:
    class Rooted(Community):
        def flee(self) -> None:
            """Nobody leaves."""

    out = run_both(scenario(small_war()), agent_classes={"Community": Rooted})
    assert not out.outcomes[:, O.displaced].any()
    assert out.outcomes[:, O.direct_deaths].any()


@pytest.mark.parametrize("name", ["ArmedGroup", "Government", "InternationalActor"])
def test_every_kind_of_agent_can_be_subclassed(name: str) -> None:
    calls = []
    kinds = {
        "ArmedGroup": ArmedGroup,
        "Government": Government,
        "InternationalActor": InternationalActor,
    }
    chosen = type("Mine", (kinds[name],), {"step": lambda self: calls.append(self)})
    model = PreventionModel(scenario(small_war(weeks=5)), agent_classes={name: chosen})
    model.run()
    assert len(calls) == 5 * len(model.agents_by_type[chosen])


def test_the_compiled_engine_refuses_a_subclass_and_lists_the_rules() -> None:
    case = scenario(small_war(weeks=4))
    with pytest.raises(ScenarioError) as caught:
        engines.run([case], scenario=np.zeros(1, dtype=int), replicate=np.zeros(1, dtype=int),
                    seed=1, engine="compiled", agent_classes={"Community": Vigilant})  # fmt: skip
    line = str(caught.value)
    assert "\n" not in line
    assert "Vigilant" in line and "engine=agents" in line
    assert all(name in line for name in RULES)


@pytest.mark.parametrize(("chosen", "expected"), [
    ({"Comunity": Community}, "did you mean 'Community'"),
    ({"PreventionModel": Community}, "agent_classes"),
])  # fmt: skip
def test_an_unknown_kind_of_agent_is_one_clear_line(chosen: Any, expected: str) -> None:
    with pytest.raises(ScenarioError, match=expected) as caught:
        PreventionModel(scenario(small_war(weeks=4)), agent_classes=chosen)
    assert "\n" not in str(caught.value)


def test_an_unknown_engine_is_one_clear_line_with_the_near_match() -> None:
    none = np.zeros(0, dtype=int)
    with pytest.raises(ScenarioError, match="did you mean 'compiled'"):
        engines.run([], scenario=none, replicate=none, seed=1, engine="compield")


# --- replaced rules -------------------------------------------------------------------------------


def brave(fear: float, ceiling: float) -> float:
    """Return a smaller share of people who leave."""
    return 0.5 * ceiling * fear * fear


def test_a_replaced_rule_changes_both_engines_and_they_stay_equal() -> None:
    case = scenario(small_war())
    rules = {"flight_rate": brave}
    ensemble = Ensemble([case], rules=rules)
    zero = np.zeros(1, dtype=int)
    batch, model = ensemble.start(zero, zero, 1), PreventionModel(case, rules=rules)
    for _ in range(case.weeks):
        batch.advance(1)
        model.step()
        assert_same_state(model, batch)
    assert_same_record(model, batch)
    plain = Ensemble([case]).run(zero, zero, 1).outcomes
    assert 0.0 < batch.outcomes[0, O.displaced] < plain[0, O.displaced]


def test_a_replaced_rule_is_not_kept_for_the_next_run() -> None:
    case, zero = scenario(small_war(weeks=10)), np.zeros(1, dtype=int)
    before = Ensemble([case]).run(zero, zero, 1).series.tobytes()
    PreventionModel(case, rules={"flight_rate": brave}).run()
    assert rule_set().flight_rate is RULES["flight_rate"]
    assert Ensemble([case]).run(zero, zero, 1).series.tobytes() == before


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_that_may_be_replaced_is_called_when_it_is(name: str) -> None:
    """By the agents engine; that the ensemble names it too is tested with the rules."""
    case = scenario(three_at_war(weeks=60))
    calls, original = [], RULES[name]
    import functools

    @functools.wraps(original)
    def counted(*arguments: float) -> Any:
        calls.append(arguments)
        return original(*arguments)

    PreventionModel(case, rules={name: counted}).run()
    assert calls, f"{name} may be replaced and the replacement would be ignored"


def test_an_unknown_rule_is_one_clear_line_with_the_near_match() -> None:
    case = scenario(small_war(weeks=4))
    for make in (Ensemble, _agents):
        with pytest.raises(ScenarioError, match="did you mean 'flight_rate'") as caught:
            make([case], rules={"flihgt_rate": brave})
        assert "\n" not in str(caught.value)


def _agents(cases: list[Any], *, rules: Any) -> PreventionModel:
    return PreventionModel(cases[0], rules=rules)


def _swapped(ceiling: float, fear: float) -> float:
    return ceiling * fear


def _named_alone(fear: float, *, ceiling: float) -> float:
    return ceiling * fear


@pytest.mark.parametrize("rule", [
    lambda: 0.0, lambda fear: fear, lambda fear, ceiling, more: fear, _swapped, _named_alone, 0.5,
    None, "brave",
])  # fmt: skip
def test_a_rule_with_other_parameters_is_one_clear_line(rule: Any) -> None:
    case = scenario(small_war(weeks=4))
    for make in (Ensemble, _agents):
        with pytest.raises(ScenarioError, match="rules.flight_rate") as caught:
            make([case], rules={"flight_rate": rule})
        assert "fear, ceiling" in str(caught.value)
        assert "\n" not in str(caught.value)


# --- the cache of machine code --------------------------------------------------------------------


def _from_file(path: Path, body: str) -> Callable[..., float]:
    """Return a rule written to a file: always the same name, on the same line."""
    path.write_text(f"def leaving(fear, ceiling):\n    return {body}\n", encoding="utf-8")
    linecache.checkcache(str(path))
    module = types.ModuleType("made_up_rules")
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    rule: Callable[..., float] = module.leaving
    return rule


def test_rules_with_different_bodies_have_different_keys(tmp_path: Path) -> None:
    """Same name, same file, same line; and two on one line, whose source lines are the same."""
    first = _from_file(tmp_path / "mine.py", "0.0 * fear")
    key = cache_key({"flight_rate": first})
    second = _from_file(tmp_path / "mine.py", "0.5 * fear")
    assert cache_key({"flight_rate": second}) != key
    pair = (lambda fear, ceiling: 0.0 * fear), (lambda fear, ceiling: 0.5 * fear)
    keys = [cache_key({"flight_rate": rule}) for rule in pair]
    assert keys[0][0] != keys[1][0] or not any(cacheable for _, cacheable in keys)


def test_a_rule_whose_file_has_changed_since_is_not_mistaken_for_the_new_one(
    tmp_path: Path,
) -> None:
    old = _from_file(tmp_path / "mine.py", "0.0 * fear")
    new = _from_file(tmp_path / "mine.py", "0.5 * fear")  # the old function lives on
    first, second = cache_key({"flight_rate": old}), cache_key({"flight_rate": new})
    assert first[0] != second[0] or not (first[1] or second[1])


def test_a_rule_that_reads_more_than_its_arguments_is_not_cached(tmp_path: Path) -> None:
    level = 0.25

    def closing(fear: float, ceiling: float) -> float:
        return level * fear

    assert cache_key({"flight_rate": brave})[1]
    assert not cache_key({"flight_rate": closing})[1]
    space = {"scale": 0.5}
    exec("def leaving(fear, ceiling):\n    return scale * fear\n", space)
    assert not cache_key({"flight_rate": space["leaving"]})[1]


SESSION = """
import json, sys
import numpy as np
from pathlib import Path
import sim.ensemble.build as build
from sim.ensemble import Ensemble
from sim.outcomes import O
from small_worlds import scenario, three_at_war, three_groups
from test_mesa import _from_file

# Three mechanisms are enough to see a rule at work, and compile in a quarter of the time.
names = ("strike", "remember", "flee", "take_in", "count_people", "record")
build.WEEK = tuple(process for process in build.WEEK if process.name in names)
country = three_groups(communities=5)
country["shocks"] = [{"week": 0, "fear": 0.8}]
case = scenario(three_at_war(country=country, weeks=4))
zero = np.zeros(1, dtype=int)
answers = []
for body in json.loads(sys.argv[1]):
    rules = None
    if body != "own":
        rules = {"flight_rate": _from_file(Path(sys.argv[2]), body)}
    answers.append(Ensemble([case], rules=rules).run(zero, zero, 1).outcomes[0, O.displaced])
print(json.dumps(answers))
"""


def test_a_rule_replaced_twice_is_never_served_from_the_old_machine_code(
    tmp_path: Path, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """In one process and in fresh ones that share the cache, from one file, name and line."""

    def session(*bodies: str) -> list[float]:
        done = python(
            SESSION, json.dumps(bodies), str(tmp_path / "mine.py"),
            FORESTALL_CACHE=str(tmp_path / "cache"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answers: list[float] = json.loads(done.stdout)
        return answers

    nobody, some = session("0.0 * fear", "0.1 * fear")
    assert nobody == 0.0 < some
    assert session("0.1 * fear", "0.0 * fear") == [some, nobody]
    more, own, again = session("0.2 * fear", "own", "0.1 * fear")
    assert more > some == again
    assert own not in (nobody, some, more)
    folders = [path for path in (tmp_path / "cache" / "forestall").iterdir() if path.is_dir()]
    assert len(folders) >= 4


def test_two_rules_on_one_line_are_not_mistaken_for_each_other() -> None:
    """In one process: the second would otherwise be given the machine code of the first."""
    from sim.ensemble import build as building

    rules = (lambda fear, ceiling: 0.0 * fear), (lambda fear, ceiling: 0.1 * fear)
    keys = {building.cache_key({"flight_rate": rule}) for rule in rules}
    assert len(keys) == 2 or not any(cacheable for _, cacheable in keys)


def test_outcomes_have_names_that_are_used_once() -> None:
    names = [outcome.name for outcome in OUTCOMES]
    assert len(set(names)) == len(names)
    assert copy.copy(names) == list(O._fields)
