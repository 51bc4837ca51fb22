"""The agents engine is a Mesa model like any other, and its agents can be subclassed."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest
from small_worlds import bits, scenario, small_war

from sim import engines
from sim.agents import ArmedGroup, Community, Government, InternationalActor
from sim.errors import ScenarioError
from sim.model import PreventionModel
from sim.outcomes import SERIES, O
from sim.rules import RULES

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
    assert model.datacollector is not None
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
