"""What a country, its figures and its neighbour graph promise."""

from __future__ import annotations

import copy
import math
import pickle
import time
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.country import CONTACT_KM, Country, split_people
from sim.errors import ScenarioError
from sim.figures import GRADES, figure_range, read_figure


def small() -> dict[str, Any]:
    """Three towns in a row and a camp across the border."""
    return {
        "name": "Small",
        "groups": ["north", "south"],
        "shares": {"north": 0.6, "south": 0.4},
        "exclusion": {"south": 0.5},
        "neighbours": {"Next": {"openness": 0.8}},
        "capital": "Alba",
        "places": {
            "Alba": {"latitude": 1.0, "longitude": 30.0, "population": 1001},
            "Bern": {"latitude": 1.1, "longitude": 30.1, "population": 10,
                     "shares": {"north": 0.25, "south": 0.75}, "exclusion": {"south": 0.9}},
            "Cala": {"latitude": 1.2, "longitude": 30.2, "population": 0},
            "Dorn": {"latitude": 1.3, "longitude": 30.3, "neighbour": "Next", "kind": "camp",
                     "capacity": 500},
        },
        "roads": [["Alba", "Bern", 10], ["Bern", "Cala", 60], ["Cala", "Dorn", 5]],
    }  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the small country with one entry set, or left out if the value is `...`."""
    raw = copy.deepcopy(small())
    *way, last = path.split(".")
    node = raw
    for key in way:
        node = node[key]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return raw


def equal(one: Country, other: Country) -> bool:
    pairs = ((getattr(one, f.name), getattr(other, f.name)) for f in fields(Country))
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


# --- figures --------------------------------------------------------------------------------


def test_a_bare_number_a_value_and_a_range_are_all_figures() -> None:
    assert read_figure(3, "k") == 3.0
    assert read_figure({"value": 0.4, "source": "s", "grade": "B"}, "k") == 0.4
    missing = {"low": 1, "high": 4, "source": "s", "grade": "D"}
    assert (read_figure(missing, "k"), figure_range(missing)) == (2.5, (1.0, 4.0))


def test_the_value_is_used_where_a_figure_has_a_range_as_well() -> None:
    figure = {"value": 2, "low": 1, "high": 9, "source": "s", "grade": "C"}
    assert (read_figure(figure, "k"), figure_range(figure)) == (2.0, (1.0, 9.0))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("0.5", "a number"),
        (True, "a number"),
        (None, "a number"),
        (math.nan, "finite"),
        (math.inf, "finite"),
        (10**400, "finite"),
        (1.5, "between 0 and 1 (share)"),
        ({"value": 1.5, "source": "s", "grade": "A"}, "between 0 and 1"),
        ({"low": -0.5, "high": 0.5, "source": "s", "grade": "A"}, "between 0 and 1"),
        ({"low": 0.6, "high": 0.5, "source": "s", "grade": "A"}, "low 0.6 is above high 0.5"),
        ({"value": 0.9, "low": 0.1, "high": 0.5, "source": "s", "grade": "A"}, "its own low"),
        ({"low": 0.6, "source": "s", "grade": "A"}, "both 'low' and 'high'"),
        ({"source": "s", "grade": "A"}, "needs 'value'"),
        ({"value": 0.5, "grade": "A"}, "'source'"),
        ({"value": 0.5, "source": " ", "grade": "A"}, "'source'"),
        ({"value": 0.5, "source": "s", "grade": "E"}, "'E' is not allowed"),
        ({"value": 0.5, "source": "s"}, "grade"),
        ({"vallue": 0.5, "source": "s", "grade": "A"}, "did you mean 'value'"),
    ],
)
def test_a_bad_figure_is_refused_in_one_line_that_names_it(raw: object, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_figure(raw, "government.capacity", low=0.0, high=1.0, unit="share")
    assert str(error.value).startswith("government.capacity")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_the_grades_go_from_official_count_to_judgement() -> None:
    assert list(GRADES) == ["A", "B", "C", "D"]


# --- people ---------------------------------------------------------------------------------


def test_each_group_gets_whole_persons_by_largest_remainder() -> None:
    country = Country.from_mapping(small())
    # 1001 x 0.6 = 600.6 and 400.4: the person left over goes to the larger remainder.
    assert country.people[:, 0].tolist() == [601.0, 400.0]
    # 2.5 and 7.5: a tie goes to the group named first.
    assert country.people[:, 1].tolist() == [3.0, 7.0]


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_the_groups_of_every_place_sum_to_its_people_and_stay_within_one_of_their_shares(
    population: list[int], groups: int, random: Any
) -> None:
    weight = np.array([[random.random() for _ in population] for _ in range(groups)]) + 1e-9
    shares = weight / weight.sum(axis=0)
    people = split_people(population, shares)
    assert (people.sum(axis=0) == population).all()
    assert (people >= 0).all() and (people == np.floor(people)).all()
    assert (np.abs(people - shares * np.array(population)) < 1.0 + 1e-6).all()


def test_the_people_of_a_village_are_taken_out_of_the_town_that_includes_it() -> None:
    raw = changed("places.Alba.includes", ["Bern"])
    assert Country.from_mapping(raw).population.tolist() == [991.0, 10.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("includes", "said"),
    [
        ({"Alba": ["Bern"], "Cala": ["Bern"]}, "'Bern' is already counted in 'Alba'"),
        ({"Alba": ["Alba"]}, "already counted"),
        ({"Bern": ["Alba"]}, "more people than 'Bern'"),
        ({"Alba": ["Berm"]}, "did you mean 'Bern'"),
    ],
)
def test_nobody_is_counted_twice(includes: dict[str, list[str]], said: str) -> None:
    raw = small()
    for town, parts in includes.items():
        raw["places"][town]["includes"] = parts
    with pytest.raises(ScenarioError, match="includes") as error:
        Country.from_mapping(raw)
    assert said in str(error.value)


def test_a_single_group_left_out_takes_the_rest_of_the_shares() -> None:
    raw = changed("shares", {"south": {"low": 0.2, "high": 0.4, "source": "s", "grade": "D"}})
    assert Country.from_mapping(raw).people[:, 0].tolist() == [701.0, 300.0]


def test_a_range_for_people_stands_for_its_middle_in_whole_persons() -> None:
    figure = {"low": 10, "high": 15, "source": "s", "grade": "D"}
    assert Country.from_mapping(changed("places.Bern.population", figure)).population[1] == 13


# --- shape ----------------------------------------------------------------------------------


def test_the_columns_hold_what_the_mapping_says() -> None:
    country = Country.from_mapping(small())
    assert country.exclusion.tolist() == [[0.0] * 4, [0.5, 0.9, 0.5, 0.5]]
    assert country.abroad.tolist() == [False, False, False, True]
    assert country.neighbour.tolist() == [-1, -1, -1, 0]
    assert country.capacity.tolist() == [math.inf, math.inf, math.inf, 500.0]
    assert (country.neighbours[0].name, country.neighbours[0].openness) == ("Next", 0.8)
    assert country.capital == 0


def test_columns_cannot_be_written_to_and_do_not_alias_what_they_were_made_from() -> None:
    country = Country.from_mapping(small())
    with pytest.raises(ValueError, match="read-only"):
        country.people[0, 0] = 5.0
    km = np.array([10.0, 60.0, 5.0])
    other = replace(country, road_km=km)
    km[0] = 99.0
    assert other.road_km[0] == 10.0


def test_the_scenarios_own_keys_may_stand_beside_the_countrys() -> None:
    raw = small() | {"government": {"anything": 1}, "armed_groups": {}, "shocks": []}
    assert equal(Country.from_mapping(raw), Country.from_mapping(small()))


def test_one_community_without_roads_is_a_country() -> None:
    raw = {
        "name": "One",
        "groups": ["all"],
        "capital": "Only",
        "places": {"Only": {"latitude": 0, "longitude": 0, "population": 5}},
    }
    country = Country.from_mapping(raw)
    graph = country.graph()
    assert country.people.tolist() == [[5.0]]
    assert (graph.start.tolist(), graph.place.size, graph.weight.size) == ([0, 0], 0, 0)


@st.composite
def countries(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a mapping of a country: a tree of places, some across a border."""
    count = draw(st.integers(1, 12))
    groups = [f"g{i}" for i in range(draw(st.integers(1, 6)))]
    share = st.lists(st.floats(0.001, 1.0), min_size=len(groups), max_size=len(groups))
    places: dict[str, Any] = {}
    for i in range(count):
        weight = draw(share)
        row: dict[str, Any] = {
            "latitude": draw(st.floats(-90, 90)),
            "longitude": draw(st.floats(-180, 180)),
            "population": draw(st.integers(0, 10**8)),
            "shares": {g: w / sum(weight) for g, w in zip(groups, weight, strict=True)},
            "exclusion": {groups[0]: draw(st.floats(0, 1))},
        }
        if i and draw(st.booleans()):
            row |= {"neighbour": "Next", "kind": draw(st.sampled_from(["camp", "hub"]))}
        places[f"p{i}"] = row
    km = st.floats(0.1, 5000)
    roads = [[f"p{draw(st.integers(0, i - 1))}", f"p{i}", draw(km)] for i in range(1, count)]
    return {
        "name": "Drawn", "groups": groups, "capital": "p0", "places": places, "roads": roads,
        "neighbours": {"Next": {"openness": draw(st.floats(0, 1))}},
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(countries())
def test_a_country_written_as_a_mapping_reads_back_to_the_bit(raw: dict[str, Any]) -> None:
    country = Country.from_mapping(raw)
    assert equal(country, Country.from_mapping(country.to_mapping()))


# --- graph ----------------------------------------------------------------------------------


def test_contact_falls_with_distance_and_sums_to_one_over_the_neighbours_of_a_place() -> None:
    graph = Country.from_mapping(small()).graph()
    assert graph.start.tolist() == [0, 1, 3, 5, 6]
    assert graph.place.tolist() == [1, 0, 2, 1, 3, 2]
    assert graph.km.tolist() == [10.0, 10.0, 60.0, 60.0, 5.0, 5.0]
    near, far = graph.weight[1:3]
    assert near + far == pytest.approx(1.0)
    assert near / far == pytest.approx(math.exp(50 / CONTACT_KM))


@settings(max_examples=60, deadline=None)
@given(countries())
def test_every_road_appears_in_both_rows_and_every_row_of_weights_sums_to_one(
    raw: dict[str, Any],
) -> None:
    country = Country.from_mapping(raw)
    graph = country.graph()
    rows = np.repeat(np.arange(len(country.places)), np.diff(graph.start))
    forward = sorted(zip(rows, graph.place, graph.km, strict=True))
    backward = sorted(zip(graph.place, rows, graph.km, strict=True))
    assert forward == backward and len(forward) == 2 * len(country.road_km)
    for first, last in zip(graph.start[:-1], graph.start[1:], strict=True):
        assert (np.diff(graph.place[first:last]) > 0).all()
        if last > first:
            assert graph.weight[first:last].sum() == pytest.approx(1.0)


def test_a_row_of_very_long_roads_still_has_weights() -> None:
    raw = small() | {"roads": [["Alba", "Bern", 9e4], ["Bern", "Cala", 9e4], ["Cala", "Dorn", 9e4]]}
    weight = Country.from_mapping(raw).graph().weight
    assert weight.tolist() == [1.0, 0.5, 0.5, 0.5, 0.5, 1.0]


def test_the_graph_does_not_depend_on_the_order_or_direction_of_the_roads() -> None:
    raw = small()
    turned = raw | {"roads": [[b, a, km] for a, b, km in reversed(raw["roads"])]}
    one, other = Country.from_mapping(raw).graph(), Country.from_mapping(turned).graph()
    for column in ("start", "place", "km", "weight"):
        assert getattr(one, column).tolist() == getattr(other, column).tolist()


def test_the_graph_is_made_once_cannot_be_changed_and_does_not_travel_with_the_country() -> None:
    country = Country.from_mapping(small())
    fresh = len(pickle.dumps(country))
    graph = country.graph()
    assert country.graph() is graph
    for column in fields(graph):
        with pytest.raises(ValueError, match="read-only"):
            getattr(graph, column.name)[0] = 0
    assert len(pickle.dumps(country)) == fresh
    arrived = pickle.loads(pickle.dumps(country))
    assert equal(arrived, country) and arrived.graph().weight.tolist() == graph.weight.tolist()
    longer = replace(country, road_km=country.road_km * 2)
    assert longer.graph().km.tolist() == (graph.km * 2).tolist()


def test_the_nearest_neighbour_is_at_the_end_of_the_shortest_road_and_nowhere_without_one() -> None:
    graph = Country.from_mapping(small()).graph()
    assert graph.km[graph.nearest].tolist() == [10.0, 10.0, 5.0, 5.0]
    assert (graph.nearest >= graph.start[:-1]).all() and (graph.nearest < graph.start[1:]).all()
    alone = changed("places", {"Alba": small()["places"]["Alba"]}) | {"roads": []}
    assert Country.from_mapping(alone).graph().nearest.tolist() == []


# --- errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("capitol", "Alba", "did you mean 'capital'"),
        ("name", ..., "name: missing"),
        ("groups", ..., "groups: missing"),
        ("groups", "north", "groups: 'north' is not allowed"),
        ("groups", ["north", "north"], "groups: 'north' is given 2 times"),
        ("groups", [f"g{i}" for i in range(7)], "groups: 7 is not allowed, expected 1 to 6"),
        ("shares", {"north": 0.6, "south": 0.41}, "shares: the shares sum to 1.01, not to 1"),
        ("shares", {"nord": 0.6, "south": 0.4}, "did you mean 'north'"),
        ("shares", {"north": 1.2}, "shares.north: 1.2 is not allowed"),
        ("shares", {}, "shares: missing north, south"),
        ("shares", ..., "places.Alba.shares: missing"),
        ("exclusion", {"south": 1.5}, "exclusion.south: 1.5 is not allowed"),
        ("exclusion", {"sauth": 0.5}, "did you mean 'south'"),
        ("neighbours", {"Next": {}}, "neighbours.Next.openness: missing"),
        ("neighbours", {"Next": {"openness": 2}}, "neighbours.Next.openness: 2.0"),
        ("neighbours", {"Next": {"opennes": 1}}, "did you mean 'openness'"),
        ("capital", "Alpa", "capital: unknown name 'Alpa', did you mean 'Alba'"),
        ("capital", "Dorn", "capital: 'Dorn' is not allowed, expected a place of the country"),
        ("places", [], "places: [] is not allowed"),
        ("places", {}, "unknown name"),
        ("places.Alba", 5, "places.Alba: 5 is not allowed"),
        ("places.Alba.latitude", ..., "places.Alba.latitude: missing"),
        ("places.Alba.longitude", 181, "places.Alba.longitude: 181.0 is not allowed"),
        ("places.Alba.population", ..., "places.Alba.population: missing"),
        ("places.Alba.population", -1, "places.Alba.population: -1.0 is not allowed"),
        ("places.Alba.population", 1.5, "a whole number (persons)"),
        ("places.Alba.popullation", 1, "did you mean 'population'"),
        ("places.Alba.exclusion", {"south": -0.1}, "places.Alba.exclusion.south"),
        ("places.Dorn.neighbour", "Nexxt", "did you mean 'Next'"),
        ("places.Dorn.kind", "kamp", "did you mean 'camp'"),
        ("places.Dorn.kind", "community", "camp or hub"),
        ("places.Dorn.capacity", -5, "places.Dorn.capacity: -5.0"),
        ("roads", [], "no road joins 4 parts, those of 'Alba' (1 place)"),
        ("roads", {"Alba": "Bern"}, "a list of [from, to, km]"),
        ("roads", [["Alba", "Bern"]], "roads[0]"),
        ("roads", [["Alba", "Berm", 3]], "roads[0]: unknown name 'Berm', did you mean 'Bern'"),
        ("roads", [["Alba", "Alba", 3]], "a road must join two different places"),
        ("roads", [["Alba", "Bern", 0]], "a length above 0 (km)"),
        ("roads", [["Alba", "Bern", -3]], "0 or more (km)"),
        ("roads", [["Alba", "Bern", 3], ["Bern", "Alba", 3]], "Bern - Alba: this road is given"),
        ("sources", {"road": {"source": "s", "grade": "A"}}, "did you mean 'roads'"),
        ("sources", {"roads": {"source": "s", "grade": "Z"}}, "sources.roads.grade"),
    ],
)
def test_a_mistake_is_refused_in_one_line_that_names_it(path: str, value: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        Country.from_mapping(changed(path, value))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_parts_that_no_road_joins_are_named_by_their_first_members_largest_part_first() -> None:
    raw = changed("roads", [["Bern", "Cala", 60], ["Cala", "Dorn", 5]])
    with pytest.raises(ScenarioError, match=r"2 parts, those of 'Bern' \(3 places\), 'Alba'"):
        Country.from_mapping(raw)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("people", [[1.5, 0, 0, 0], [0, 0, 0, 0]], "places.Alba.people: persons are whole"),
        ("people", [[0, -1, 0, 0], [0, 0, 0, 0]], "places.Bern.people"),
        ("people", [[0, math.nan, 0, 0], [0, 0, 0, 0]], "places.Bern.people"),
        ("people", [[1, 2, 3, 4]], "people: shape"),
        ("exclusion", [[0, 0, 2, 0], [0, 0, 0, 0]], "places.Cala.exclusion"),
        ("latitude", [0, 0, 0, math.nan], "places.Dorn.latitude"),
        ("places", ("a", "b", "b", "c"), "places: 'b' is given 2 times"),
        ("groups", tuple("abcdefg"), "groups: 7 is not allowed"),
        ("neighbour", [-1, -1, -1, 1], "places.Dorn.neighbour"),
        ("capital", 9, "capital"),
        ("road_km", [1, math.nan, 1], "Bern - Cala"),
        ("road_to", [1, 2, 4], "roads: an end is not the index"),
    ],
)
def test_columns_are_checked_whichever_door_they_come_through(
    column: str, value: Any, said: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        replace(Country.from_mapping(small()), **{column: value})
    assert said in str(error.value)


def test_a_hundred_thousand_places_are_read_within_ten_seconds() -> None:
    count = 100_000
    raw = {
        "name": "Large", "groups": ["a", "b"], "shares": {"a": 0.5, "b": 0.5}, "capital": "p0",
        "places": {
            f"p{i}": {"latitude": 0.0, "longitude": i / 1000, "population": i} for i in range(count)
        },
        "roads": [[f"p{i}", f"p{i + 1}", 1.0] for i in range(count - 1)],
    }  # fmt: skip
    started = time.perf_counter()
    Country.from_mapping(raw).graph()
    assert time.perf_counter() - started < 10
