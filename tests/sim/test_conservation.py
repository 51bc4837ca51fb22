"""What every run keeps: people, whole and none lost, and every field in its range."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from small_worlds import (
    ALL_MEASURES,
    MEASURES,
    VIOLENT,
    burundi,
    everything,
    finished,
    read_yaml,
    scenario,
    started,
    three_at_war,
    two_groups,
)

from sim.ensemble import FIELDS, STATE, Batch
from sim.fields import Q
from sim.forms import FORMS
from sim.outcomes import O, Z
from sim.parameters import PARAMETERS
from sim.scenario import Scenario
from sim.starting import GOVERNMENT, SOCIETY, starting_figures

CODES = {"week", "forums", "forum", "code", "side", "index", "Role", "Leader", "Kind", "Order"}
"""Units of which there is no part."""
BLOWS = ("threat", "grievance", "fear", "division", "livelihoods", "arms")
any_share = st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0)
any_rate = st.sampled_from([0.0, 52.0]) | st.floats(0.0, 52.0)


def shares_of(section: str) -> list[str]:
    """Return the names of the starting figures of a section that may lie anywhere in [0, 1]."""
    return [figure.name for figure in starting_figures(section) if figure.high == 1.0]


@st.composite
def any_world(draw: st.DrawFn) -> Scenario:
    """Return a made-up world: any parameters, places without people, armed groups or not."""
    country = two_groups(
        communities=draw(st.sampled_from([1, 2, 3, 9])),
        groups=draw(st.integers(2, 4)),
        neighbours=draw(st.integers(0, 2)),
        segregation=draw(st.sampled_from([0.0, 0.5, 1.0])),
        inequality=draw(st.sampled_from([0.0, 0.4, 1.0])),
        openness=draw(st.sampled_from([0.0, 0.3, 1.0])),
        people=draw(st.sampled_from([10.0, 3000.0, 200_000.0])),
        seed=draw(st.integers(0, 1000)),
    )
    for row in country["places"].values():
        if draw(st.integers(0, 5)) == 0:
            row["population"] = 0
            row.pop("shares", None)
    for name in list(country["armed_groups"]):
        if draw(st.integers(0, 4)) == 0:
            del country["armed_groups"][name]
        else:
            country["armed_groups"][name] |= {
                "strength": draw(st.sampled_from([0.0, 20.0, 5000.0])),
                "discipline": draw(st.sampled_from([0.0, 0.5, 1.0])),
            }
    country["shocks"] = [
        when | {key: draw(any_share) for key in BLOWS}
        for when in ({"week": 1}, {"week": draw(st.integers(1, 29))}, {"rate": draw(any_rate)})
    ]
    country["government"] |= {
        "role": draw(st.sampled_from(["perpetrator", "bystander", "protector"])),
        "budget": draw(st.sampled_from([0.0, 20.0])),
        **{name: draw(any_share) for name in shares_of(GOVERNMENT)},
    }
    country["settlement"] = {"in_force": draw(st.sampled_from([0, 1]))}
    country["society"] = {name: draw(any_share) for name in shares_of(SOCIETY)}
    for row in country["neighbours"].values():
        row["support"] = draw(st.sampled_from([-1.0, 0.0, 1.0]))
    for row in country["places"].values():
        if "neighbour" in row:
            row["capacity"] = draw(st.sampled_from([0.0, 50.0, 1e6]))
    actors = read_yaml("actors")
    actors["dispersion"] = draw(st.floats(0.0, 1.0))
    actors["rule"] = {"kind": draw(st.sampled_from(["vote", "consensus"])), "quota": 0.6}
    for name in list(actors["actors"]):
        if draw(st.booleans()):
            del actors["actors"][name]
        else:
            actors["actors"][name]["endowment"] = draw(st.sampled_from([0.0, 0.5, 100.0]))
            actors["actors"][name]["tie"] = draw(st.sampled_from([-1.0, 0.0, 1.0]))
    if not any(read_weight(row) for row in actors["actors"].values()):
        actors["actors"] = {}
    wide = draw(st.dictionaries(
        st.sampled_from([parameter.name for parameter in PARAMETERS]), st.floats(0.0, 1.0),
        max_size=40,
    ))  # fmt: skip
    parameters = dict(VIOLENT) if draw(st.booleans()) else {}
    for parameter in PARAMETERS:
        if parameter.name in wide:
            span = parameter.high - parameter.low
            value = parameter.low + wide[parameter.name] * span
            parameters[parameter.name] = min(parameter.high, value)
    return scenario({
        "country": country, "actors": actors,
        "interventions": copy.deepcopy(draw(st.sampled_from([MEASURES, ALL_MEASURES]))),
        "forms": {name: draw(st.sampled_from([form.name for form in forms]))
                  for name, forms in FORMS.items()},
        "action": {"start": draw(st.sampled_from([-1, 3, "never"])),
                   "arrival": draw(st.sampled_from(["bargained", 0, 5]))},
        "parameters": parameters, "weeks": 30,
    })  # fmt: skip


def read_weight(row: dict[str, Any]) -> bool:
    """Return whether an actor has votes."""
    weight = row["weight"]
    return bool(weight["high"] if isinstance(weight, dict) else weight)


def assert_sound(batch: Batch, case: Scenario) -> None:
    """Raise unless people are conserved, whole, and every field is within its range."""
    people = batch.state["people"]
    parts = people[:, [Q.residents, Q.displaced, Q.killed, Q.died, Q.arrivals]]
    assert (parts == np.floor(parts)).all(), "people in parts"
    assert (parts >= 0.0).all(), "fewer people than none"
    everyone = parts.sum(axis=(1, 3))
    assert (everyone == case.country.people.sum(axis=1)).all(), "people lost or made"
    assert (people[:, Q.arrivals] == 0.0).all(), "people left on the road"
    assert (people[:, Q.residents][..., case.country.abroad] == 0.0).all(), "residents abroad"
    for name, table in zip(STATE, FIELDS, strict=True):
        for position, field in enumerate(table):
            column = batch.state[name][:, position]
            assert not np.isnan(column).any(), field.name
            assert (column >= field.low).all(), f"{name}.{field.name} below {field.low}"
            assert (column <= field.high).all(), f"{name}.{field.name} above {field.high}"
            if field.unit in CODES:
                assert (column == np.floor(column)).all(), f"{name}.{field.name} is no {field.unit}"


# Shrinking a world takes minutes.
@settings(max_examples=150, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(any_world(), st.integers(0, 2**64 - 1))
def test_people_are_conserved_and_every_field_stays_in_its_range(case: Scenario, seed: int) -> None:
    batch = started(case, replicates=3, seed=seed)
    assert_sound(batch, case)
    for _ in range(case.weeks):
        batch.advance(1)
        assert_sound(batch, case)


@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_a_war_keeps_people_whole_and_fields_in_range(world: Any) -> None:
    case = scenario(world(), parameters=VIOLENT)
    batch = started(case, replicates=6, seed=3)
    for _ in range(case.weeks):
        batch.advance(1)
        assert_sound(batch, case)
    people = batch.state["people"]
    assert (people[:, Q.killed].sum(axis=(1, 2)) > 1000.0).all()
    assert (people[:, Q.died].sum(axis=(1, 2)) > 0.0).all()


def test_forty_years_keep_people_whole_and_fields_in_range() -> None:
    case = scenario(everything(weeks=2080))
    batch = started(case, replicates=2, seed=8)
    for _ in range(40):
        batch.advance(52)
        assert_sound(batch, case)


def test_the_record_adds_up_to_the_state() -> None:
    batch = finished(scenario(three_at_war()), replicates=4)
    people, series = batch.state["people"], batch.series
    killed, died = (people[:, field].sum(axis=(1, 2)) for field in (Q.killed, Q.died))
    assert np.array_equal(series[:, :, Z.direct_deaths].sum(axis=1), killed)
    assert np.array_equal(series[:, :, Z.indirect_deaths].sum(axis=1), died)
    assert np.array_equal(series[:, :, Z.killed_first :].sum(axis=2), series[:, :, Z.direct_deaths])
    assert np.array_equal(batch.outcomes[:, O.direct_deaths], killed)
    assert np.array_equal(batch.outcomes[:, O.indirect_deaths], died)
    assert np.array_equal(series[:, -1, Z.displaced], people[:, Q.displaced].sum(axis=(1, 2)))
    assert np.array_equal(
        batch.outcomes[:, O.communities_attacked], (people[:, Q.killed].sum(axis=1) > 0).sum(axis=1)
    )
    assert (killed > 0.0).all()


def test_a_place_whose_neighbours_all_remember_everything_remembers_no_more_than_all() -> None:
    """Contact weights sum to one but for their rounding, which may be upwards."""
    case = scenario(burundi(country=two_groups(communities=60, neighbours=0), weeks=1))
    graph = case.country.graph()
    sums = [sum(graph.weight[a:b].tolist()) for a, b in itertools.pairwise(graph.start)]
    assert max(sums) > 1.0
    batch = started(case, replicates=1, seed=1)
    batch.state["people"][:, Q.memory] = 1.0
    batch.advance(1)
    assert batch.state["people"][:, Q.near_memory].max() == 1.0
