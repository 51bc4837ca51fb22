"""The archetypes are what their names say, and differ in one factor each and in plain directions."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from files import load, names

from experiments.config import compose
from experiments.country_files import main
from experiments.designs import scenario_of
from experiments.scenario_folder import scenarios_folder
from sim.attributes import LEVELS
from sim.country import Country
from sim.engines import run
from sim.model import PreventionModel
from sim.outcomes import OUTCOMES
from sim.scenario import Scenario

ARCHETYPES = [name for name in names("country") if name.startswith("archetype_")]
ONE_FACTOR = {
    "archetype_strong_state": {"government"},
    "archetype_supportive_neighbours": {"neighbours"},
    "archetype_mixed": {"places"},
    "archetype_many_groups": {"places", "groups"},
}
"""The entries in which each may differ from archetype_fragile."""
REPLICATES = 200


@functools.cache
def scenario(name: str, *overrides: str) -> Scenario:
    return scenario_of(compose([f"country={name}", *overrides]))


@functools.cache
def never_acted(name: str, outcome: str) -> np.ndarray:
    """Return an outcome of 200 runs in which no outsider acts, on the same draws for every name."""
    one = scenario(name, "action.start=never", "weeks=104")
    found = run(
        [one], scenario=np.zeros(REPLICATES, dtype=int), replicate=np.arange(REPLICATES), seed=5
    )
    return found.outcomes[:, [item.name for item in OUTCOMES].index(outcome)]


def differs(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {key for key in set(one) | set(other) if one.get(key) != other.get(key)}


def apart(country: Country) -> float:
    """Return the mean share that the largest group of a place has there, by people."""
    home = ~country.abroad
    return float(country.people[:, home].max(axis=0).sum() / country.people[:, home].sum())


def surely_lower(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether the first is lower on the same draws, beyond a 99.9 % interval of the mean."""
    gap = other - one
    return float(gap.mean()) > 3.29 * float(gap.std(ddof=1)) / np.sqrt(len(gap)) > 0.0


@pytest.mark.parametrize("name", ARCHETYPES)
def test_the_command_in_its_first_line_makes_the_file(name: str, tmp_path: Path) -> None:
    file = scenarios_folder() / "country" / f"{name}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    command = shlex.split(lines[0].removeprefix("# Made up by: "))
    assert command[:3] == ["forestall", "country", "generate"]
    again = tmp_path / "again.yaml"
    main([*command[2:], "--output", str(again)])
    made = again.read_text(encoding="utf-8").splitlines()
    said = [line for line in made if line.startswith("#")]
    assert lines[0] == said[0]
    assert "\n".join(said[1:]) in "\n".join(lines)
    assert [line for line in lines if not line.startswith("#")] == made[len(said) :]


@pytest.mark.parametrize("name", ARCHETYPES)
def test_the_page_and_the_file_say_what_an_archetype_is_to_be_compared_with(name: str) -> None:
    text = (scenarios_folder() / "country" / f"{name}.yaml").read_text(encoding="utf-8")
    assert "# Compare with" in text
    page = (scenarios_folder() / "ARCHETYPES.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in page


@pytest.mark.parametrize("name", ONE_FACTOR)
def test_each_differs_from_the_fragile_one_in_its_factor_alone(name: str) -> None:
    fragile, other = load("country", "archetype_fragile"), load("country", name)
    assert differs(fragile, other) == ONE_FACTOR[name]
    for place, row in fragile["places"].items():
        assert differs(row, other["places"][place]) <= {"shares", "exclusion"}
    for group, row in fragile["armed_groups"].items():
        assert differs(row, other["armed_groups"][group]) == set()
    if name == "archetype_strong_state":
        assert differs(fragile["government"], other["government"]) == {"capacity"}


def test_the_two_corners_are_opposite_in_every_factor() -> None:
    fragile, resilient = scenario("archetype_fragile"), scenario("archetype_resilient")
    assert fragile.government.capacity == LEVELS["weak"]
    assert resilient.government.capacity == LEVELS["strong"]
    assert all(n.support == pytest.approx(-0.6) for n in fragile.country.neighbours)
    assert all(n.support == pytest.approx(0.6) for n in resilient.country.neighbours)
    assert (len(fragile.country.groups), len(resilient.country.groups)) == (2, 6)
    largest = resilient.country.people.sum(axis=1) / resilient.country.people.sum()
    assert largest.max() == pytest.approx(0.2, abs=0.01)


def test_segregated_groups_live_apart_and_mixed_ones_do_not() -> None:
    assert apart(scenario("archetype_fragile").country) > 0.9
    assert apart(scenario("archetype_mixed").country) < 0.65
    assert apart(scenario("archetype_many_groups").country) > 0.8
    assert apart(scenario("archetype_resilient").country) < 0.35


@pytest.mark.parametrize("attribute", ["capacity", "neighbours"])
def test_a_national_attribute_turns_the_fragile_one_into_its_neighbour(attribute: str) -> None:
    turned = scenario("archetype_fragile", f"attributes.{attribute}=strong")
    other = {"capacity": "archetype_strong_state", "neighbours": "archetype_supportive_neighbours"}
    expected = scenario(other[attribute])
    assert turned.government == expected.government
    assert [n.support for n in turned.country.neighbours] == pytest.approx(
        [n.support for n in expected.country.neighbours]
    )


def test_a_weak_state_delivers_less_of_the_same_reform() -> None:
    found = {}
    for name in ("archetype_fragile", "archetype_strong_state"):
        model = PreventionModel(
            scenario(name, "intervention=[equal_justice]", "action.start=-26", "weeks=26"),
            seed=1,
            replicate=0,
        )
        before = np.mean([place.justice for place in model.communities])
        for _ in range(26):
            model.step()
        found[name] = (model.delivery, np.mean([p.justice for p in model.communities]) - before)
    weak, strong = found["archetype_fragile"], found["archetype_strong_state"]
    assert weak[0] == pytest.approx(strong[0] / 4.0)
    assert 0.0 < weak[1] < strong[1]


def test_hostile_neighbours_feed_the_rebels_and_supportive_ones_do_not() -> None:
    finance = {}
    for name in ("archetype_fragile", "archetype_supportive_neighbours"):
        model = PreventionModel(
            scenario(name, "action.start=never", "weeks=30"), seed=1, replicate=0
        )
        for _ in range(30):
            model.step()
        (rebels,) = [group for group in model.armed_groups if group.name == "rebels"]
        finance[name] = rebels.finance
    assert finance["archetype_fragile"] > finance["archetype_supportive_neighbours"]


def test_fewer_people_are_killed_where_the_state_is_strong() -> None:
    fragile = np.log1p(never_acted("archetype_fragile", "direct_deaths"))
    assert surely_lower(np.log1p(never_acted("archetype_strong_state", "direct_deaths")), fragile)


def test_fewer_people_are_killed_where_the_neighbours_help() -> None:
    fragile = np.log1p(never_acted("archetype_fragile", "direct_deaths"))
    helped = np.log1p(never_acted("archetype_supportive_neighbours", "direct_deaths"))
    assert surely_lower(helped, fragile)


def test_violence_reaches_more_places_where_people_live_mixed() -> None:
    fragile = never_acted("archetype_fragile", "communities_attacked")
    assert surely_lower(fragile, never_acted("archetype_mixed", "communities_attacked"))
    assert not surely_lower(fragile, fragile)
