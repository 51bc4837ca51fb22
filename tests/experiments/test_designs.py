from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.designs import design_of, scenario_of
from experiments.engines import engine_named
from experiments.identity import WORLD, Varied, point_id
from sim.errors import ForestallError
from sim.fields import G
from sim.initial import initial_columns

Compose = Callable[..., dict[str, Any]]


def _shuffled(value: Any) -> Any:
    if isinstance(value, Mapping):
        keys = list(value)
        random.Random(1).shuffle(keys)
        return {key: _shuffled(value[key]) for key in keys}
    return [_shuffled(entry) for entry in value] if isinstance(value, list) else value


def test_a_grid_holds_every_combination_and_each_baseline_once(config: Compose) -> None:
    design = design_of(config("action.arrival=bargained,26"))
    assert len(design.points) == 8
    assert len({point.id for point in design.points}) == 8
    assert [b.levers["actors.dispersion"] for b in design.baselines] == [0, 1]
    for point in design.points:
        (shared,) = [b for b in design.baselines if b.id == point.baseline]
        assert shared.config["action"] == {"start": "never", "arrival": "bargained"}
        assert shared.levers["actors.dispersion"] == point.levers["actors.dispersion"]


def test_points_that_differ_in_measures_share_a_baseline(config: Compose) -> None:
    design = design_of(config("interventions.mediation.intensity=0.2,0.4,1.0"))
    assert len({point.id for point in design.points}) == 12
    assert [b.levers["actors.dispersion"] for b in design.baselines] == [0, 1]
    given = config()["interventions"]
    assert all(baseline.config["interventions"] == given for baseline in design.baselines)


def test_a_design_of_too_many_points_is_refused_before_it_is_made(config: Compose) -> None:
    many = {"action.start": list(range(10_000)), "parameters.fear_fade": list(range(1, 1_000))}
    with pytest.raises(ForestallError, match=r"9,990,000 points"):
        design_of(config() | {"design": {"factors": many}})


def test_points_hold_their_levers_and_share_the_rest(config: Compose) -> None:
    asked = config()
    before = copy.deepcopy(asked)
    design = design_of(asked)
    assert asked == before
    for point in design.points:
        assert point.config["action"]["start"] == point.levers["action.start"]
        assert point.config["actors"]["dispersion"] == point.levers["actors.dispersion"]
        assert point.config["country"] is asked["country"]


def test_worlds_that_are_equal_in_a_section_share_it_with_their_baselines(config: Compose) -> None:
    design = design_of(
        config("action.start=0,13,26", "actors.dispersion=interval(0,1)", "design.points=8")
    )
    worlds = [point.config for point in (*design.points, *design.baselines)]
    assert len(worlds) == 24 + 8
    different = {key: len({id(world[key]) for world in worlds}) for key in WORLD}
    assert different == dict.fromkeys(WORLD, 1) | {"action": 3 + 1, "actors": 8}


def test_an_id_depends_on_the_world_and_not_on_how_it_is_run(config: Compose) -> None:
    ids = [point.id for point in design_of(config()).points]
    elsewhere = config("seed=9", "replicates=3", "executor.batch=7", "output=x", "engine=agents")
    assert [point.id for point in design_of(elsewhere).points] == ids
    other = config("actors.rule.quota=0.7", "weeks=11")
    assert not set(ids) & {point.id for point in design_of(other).points}


def test_an_id_does_not_depend_on_the_order_or_type_of_equal_entries(config: Compose) -> None:
    world = {key: config()[key] for key in WORLD}
    assert point_id(_shuffled(world)) == point_id(world)
    whole, real = ({**world, "action": {"start": s, "arrival": "bargained"}} for s in (4, 4.0))
    assert point_id(whole) == point_id(real)


def test_an_id_stays_the_same_from_version_to_version() -> None:
    world = {key: {"a": [1, 2.5, "x", None, True]} for key in WORLD}
    assert point_id(world) == "7bdee53aeea79ebf"


def test_a_design_without_factors_is_one_point() -> None:
    from experiments.config import compose

    design = design_of(compose([]))
    assert len(design.points) == len(design.baselines) == 1
    assert design.points[0].levers["action.start"] == 0


def test_a_point_that_never_acts_is_its_own_baseline(config: Compose) -> None:
    points = design_of(config("action.start=never,0")).points
    assert [point.id == point.baseline for point in points] == [True, True, False, False]


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("design.factors={acton.start: [1]}", "did you mean 'action.start'"),
        ("design.factors={actors.dispersal: [1]}", "did you mean 'actors.dispersion'"),
        ("design.factors={seed: [1, 2]}", "it cannot be a factor"),
        ("design.factors={action: [1, 2]}", "it cannot be a factor|unknown"),
        ("design.factors={action.start: []}", "a list of values"),
        ("design.factors={action.start: 3}", "a list of values"),
        ("design.factors={action.start: [{a: 1}]}", "a number or a word"),
        ("design.factors={action.start: [1, 1.0]}", "listed twice"),
        ("weeks=1,2", "it cannot be a factor"),
        ("design.factors={action.start: [nan]}", "a finite number"),
    ],
)
def test_a_factor_that_cannot_be_is_refused_by_name(override: str, words: str) -> None:
    from experiments.config import compose

    with pytest.raises(ForestallError, match=words) as mistake:
        design_of(compose([override]))
    assert str(mistake.value).startswith("design.factors")


@pytest.mark.parametrize("number", ["inf", "-inf", "nan"])
def test_a_number_that_is_not_finite_is_refused_by_its_section(
    config: Compose, number: str
) -> None:
    action = {"start": float(number), "arrival": "bargained"}
    with pytest.raises(ForestallError, match=r"^action: "):
        design_of(config() | {"action": action, "design": {}})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=12,
    )
)  # fmt: skip
def test_an_id_is_the_hash_of_canonical_json_remembered_or_not(section: Any) -> None:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [plain(entry) for entry in value]
        whole = isinstance(value, float) and value == int(value)
        return int(value) if whole else value

    def written(value: Any) -> str:
        return json.dumps(plain(value), sort_keys=True, separators=(",", ":"))

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    world = {key: {"x": section} for key in WORLD}
    expected = digest(written({key: digest(written(part)) for key, part in world.items()}))[:16]
    assert point_id(world) == expected
    assert list(Varied(world, []).at([], rows=1)) == [(expected, world)]
    blank = {**world, "action": {}, "forms": {"x": 1}}
    varied = Varied(blank, [["forms", "x"], ["action", "x"]])
    assert list(varied.at([[section], [section]], rows=1)) == [(expected, world)]


@pytest.mark.parametrize(
    "overrides",
    [
        ("action.arrival=bargained,26", "parameters.fear_fade=0.1,0.2"),
        ("parameters.threat_fade=interval(0.01,0.1)", "parameters.fear_fade=interval(0.01,0.1)"),
        ("interventions.mediation.intensity=0,1", "actors.actors.tanzania.tie=documented"),
        ("country=burundi_2015,gambia_2016", "country.government.capacity=0.3,0.4"),
        ("intervention=[mediation],[mediation,placebo]", "country.shocks.0.threat=0.3,0.5"),
        ("attributes.capacity=weak,strong", "mechanisms.forums=true,false"),
    ],
)
def test_the_ids_of_a_design_are_those_of_its_worlds(config: Compose, overrides: Any) -> None:
    design = design_of(config("design.points=4", *overrides))
    for point in (*design.points, *design.baselines):
        assert point.id == point_id(point.config)
    of = {point.id: point for point in design.baselines}
    for point in design.points:
        without = of[point.baseline].config
        assert without["action"] == {"start": "never", "arrival": "bargained"}
        kept = set(WORLD) - {"action", "interventions"}
        assert {key: without[key] for key in kept} == {key: point.config[key] for key in kept}


def test_worlds_of_one_country_read_it_once_and_are_as_if_read_alone(config: Compose) -> None:
    engine: Any = engine_named("compiled")
    worlds = [point.config for point in design_of(config()).points]
    other = config("country.government.capacity=0.9")
    shared = [engine.scenario(world) for world in [*worlds, other]]
    alone = [scenario_of(world) for world in [*worlds, other]]
    assert len({id(scenario.country) for scenario in shared}) == 2
    for one, two in zip(shared, alone, strict=True):
        for mine, its in zip(initial_columns(one), initial_columns(two), strict=True):
            assert np.array_equal(mine, its)
    assert initial_columns(shared[-1]).government[G.capacity] == 0.9
