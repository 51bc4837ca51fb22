"""What synthetic countries promise: graph, people, segregation, inequality and seed."""

from __future__ import annotations

import time
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.country import Country
from sim.country_generator import gabriel_graph, generate_country, generate_mapping
from sim.errors import ScenarioError


def make(**settings: Any) -> Country:
    return generate_country(**({"communities": 400, "seed": 7} | settings))


def dissimilarity(country: Country, group: int = 0) -> float:
    """Return the index of dissimilarity of one group against all others (Duncan & Duncan 1955)."""
    here = country.people[group]
    rest = country.population - here
    return float(0.5 * np.abs(here / here.sum() - rest / rest.sum()).sum())


def turns(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


# --- graph ----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32))
def test_the_gabriel_graph_has_an_edge_where_no_third_point_lies_in_the_circle(
    count: int, seed: int
) -> None:
    points = np.random.default_rng(seed).random((count, 2))
    expected = []
    for i in range(count):
        for j in range(i + 1, count):
            middle = (points[i] + points[j]) / 2
            radius2 = ((points[i] - middle) ** 2).sum()
            inside = ((points - middle) ** 2).sum(axis=1) < radius2 - 1e-12
            inside[[i, j]] = False
            if not inside.any():
                expected.append([i, j])
    assert gabriel_graph(points).tolist() == expected


def test_no_two_roads_between_towns_cross() -> None:
    country = make(communities=60)
    spot = np.stack([country.longitude, country.latitude], axis=1)
    roads = list(zip(country.road_from, country.road_to, strict=True))
    for i, (a, b) in enumerate(roads):
        for c, d in roads[:i]:
            if len({a, b, c, d}) == 4:
                one = turns(*spot[[a, b, c]]) * turns(*spot[[a, b, d]])
                other = turns(*spot[[c, d, a]]) * turns(*spot[[c, d, b]])
                assert not (one < 0 and other < 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_town_has_between_three_and_five_roads_on_average(seed: int) -> None:
    country = make(communities=1000, seed=seed)
    assert 3 < len(country.graph().place) / 1000 < 5


@pytest.mark.parametrize("communities", [1, 2, 3, 4, 5, 20])
def test_the_smallest_countries_hang_together(communities: int) -> None:
    country = make(communities=communities, neighbours=2)
    assert len(country.places) == communities + 2
    assert country.abroad.sum() == 2
    assert country.population[:communities].min() >= 1


# --- people ---------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [2, 3, 6])
@pytest.mark.parametrize("segregation", [0.0, 0.3, 0.7, 1.0])
def test_the_national_shares_are_kept_at_any_segregation(groups: int, segregation: float) -> None:
    country = make(communities=2000, groups=groups, segregation=segregation)
    falling = 1 / np.arange(1, groups + 1)
    held = country.people.sum(axis=1) / country.people.sum()
    assert held == pytest.approx(falling / falling.sum(), abs=0.01)


@pytest.mark.parametrize("seed", range(8))
def test_a_few_large_towns_do_not_shift_the_national_shares(seed: int) -> None:
    country = make(communities=25, segregation=0.3, seed=seed)
    assert country.people[0].sum() / country.people.sum() == pytest.approx(2 / 3, abs=1e-3)


def test_given_shares_are_the_national_shares() -> None:
    country = make(shares=[0.15, 0.85], segregation=0.4)
    assert country.people[0].sum() / country.people.sum() == pytest.approx(0.15, abs=1e-3)


@pytest.mark.parametrize("segregation", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_the_index_of_dissimilarity_of_two_groups_is_the_segregation_asked_for(
    segregation: float,
) -> None:
    country = make(communities=2000, segregation=segregation)
    assert dissimilarity(country) == pytest.approx(segregation, abs=0.01)


def test_dissimilarity_rises_with_segregation_for_more_groups_too() -> None:
    found = [dissimilarity(make(groups=4, segregation=s), 2) for s in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert np.diff(found).min() > 0.1


def test_every_town_has_the_national_shares_without_segregation_and_one_group_with_all() -> None:
    mixed, split = make(segregation=0.0), make(segregation=1.0)
    share = mixed.people[0] / mixed.population
    assert np.abs(share - 2 / 3).max() < 1 / mixed.population.min()
    assert ((split.people > 0).sum(axis=0) == 1).all()


def test_segregation_is_smooth_in_space() -> None:
    country = make(communities=1000, segregation=0.8)
    share = country.people[0] / country.population
    across = np.abs(share[country.road_from] - share[country.road_to]).mean()
    apart = np.abs(share - np.random.default_rng(1).permutation(share)).mean()
    assert across < apart / 3


def test_town_sizes_are_unequal_and_keep_their_mean() -> None:
    country = make(communities=5000, people=3000)
    assert country.population.mean() == pytest.approx(3000, rel=0.001)
    assert np.log(country.population).std() == pytest.approx(1.0, abs=0.05)
    assert np.ptp(make(spread=0.0).population) == 0
    assert country.capital == np.argmax(country.population)


@pytest.mark.parametrize("inequality", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_inequality_is_the_mean_exclusion_of_the_groups_that_do_not_rule(inequality: float) -> None:
    country = make(groups=3, inequality=inequality)
    assert (country.exclusion[0] == 0).all()
    assert country.exclusion[1:].mean(axis=1) == pytest.approx([inequality] * 2, abs=1e-9)
    spread = np.ptp(country.exclusion[1])
    assert spread == pytest.approx(2 * min(inequality, 1 - inequality), abs=0.01)


def test_camps_lie_outside_the_country_one_in_each_neighbour() -> None:
    country = make(neighbours=4, openness=0.3)
    assert country.neighbour[-4:].tolist() == [0, 1, 2, 3]
    assert {item.openness for item in country.neighbours} == {0.3}
    home = ~country.abroad
    reach = np.hypot(country.latitude, country.longitude)
    assert reach[-4:].min() > reach[home].max()


@pytest.mark.parametrize("support", [-1.0, -0.6, 0.0, 0.6])
def test_every_neighbour_takes_the_side_that_is_asked_for(support: float) -> None:
    country = make(neighbours=3, support=support)
    assert [item.support for item in country.neighbours] == [support] * 3
    again = Country.from_mapping(
        generate_mapping(communities=5, neighbours=3, support=support, seed=1)
    )
    assert [item.support for item in again.neighbours] == [support] * 3


def test_capacity_changes_the_government_and_nothing_else() -> None:
    weak, strong = (generate_mapping(communities=20, seed=4, capacity=c) for c in (0.2, 0.8))
    assert (weak["government"].pop("capacity"), strong["government"].pop("capacity")) == (0.2, 0.8)
    assert weak == strong


# --- seed and size --------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_country_to_the_bit_and_another_one_another() -> None:
    one, again, other = make(), make(), make(seed=8)
    for item in fields(Country):
        a, b = getattr(one, item.name), getattr(again, item.name)
        assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b
    assert not np.array_equal(one.latitude, other.latitude)


def test_segregation_and_inequality_change_nothing_else_about_a_country() -> None:
    low = make(segregation=0.1, inequality=0.1)
    high = make(segregation=0.9, inequality=0.9)
    for column in ("latitude", "population", "road_km", "capital"):
        assert np.array_equal(getattr(low, column), getattr(high, column))


def test_a_hundred_thousand_communities_take_less_than_ten_seconds() -> None:
    started = time.process_time()
    country = make(communities=100_000, neighbours=4)
    country.graph()
    assert time.process_time() - started < 10
    assert len(country.places) == 100_004


def test_the_mapping_reads_back_as_the_same_country_and_has_what_a_scenario_needs() -> None:
    raw = generate_mapping(communities=50, seed=3, neighbours=2, groups=3)
    country = generate_country(communities=50, seed=3, neighbours=2, groups=3)
    again = Country.from_mapping(raw)
    for item in fields(Country):
        a, b = getattr(country, item.name), getattr(again, item.name)
        assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b
    assert set(raw["government"]) == {
        "group", "capacity", "commitment", "accountability", "consent",
    }  # fmt: skip
    assert {group["kind"] for group in raw["armed_groups"].values()} == {
        "state",
        "militia",
        "rebel",
    }
    for group in raw["armed_groups"].values():
        assert {group["side"], group["target"]} <= set(country.groups)
        assert 0 < group["strength"] < country.people.sum()
    assert raw["shocks"][0]["kind"] == "contested_election"


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("communities", 0),
        ("communities", 1_000_001),
        ("communities", 20.5),
        ("communities", "20"),
        ("groups", 1),
        ("groups", 7),
        ("segregation", 1.1),
        ("segregation", float("nan")),
        ("inequality", -0.1),
        ("neighbours", -1),
        ("neighbours", True),
        ("seed", -1),
        ("people", 0),
        ("spread", 3),
        ("openness", 2),
        ("support", -1.5),
        ("shares", [0.5, 0.6]),
        ("shares", [1.0]),
        ("shares", [1.5, -0.5]),
    ],
)
def test_an_argument_out_of_range_is_refused_by_name(argument: str, value: Any) -> None:
    with pytest.raises(ScenarioError, match=f"^{argument}: "):
        make(**{argument: value})


@pytest.mark.parametrize("capacity", [-0.1, 1.1, float("nan"), "weak"])
def test_a_capacity_out_of_range_is_refused_by_name(capacity: Any) -> None:
    with pytest.raises(ScenarioError, match=r"^capacity: "):
        generate_mapping(communities=5, seed=1, capacity=capacity)


def test_towns_that_a_road_joins_have_numbers_near_each_other() -> None:
    country = generate_country(communities=2000, seed=2)
    apart = np.abs(country.road_from - country.road_to)
    assert np.median(apart) < 20  # some 600 if numbers had nothing to do with where a town lies
