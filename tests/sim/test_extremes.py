"""At both ends of every number, in pairs: people are kept, shares are shares, the engines agree."""

from __future__ import annotations

import functools

import extremes
import numpy as np
import pytest
from same_state import assert_same_state
from small_worlds import everything, scenario, started, two_groups

from sim.ensemble import Batch
from sim.fields import Q
from sim.model import PreventionModel
from sim.parameters import PARAMETERS
from sim.scenario import Scenario

WEEKS = 30


@functools.cache
def worlds() -> tuple[Scenario, ...]:
    """The worlds of one covering array, made once."""
    return tuple(extremes.extreme_worlds(WEEKS))


@pytest.mark.parametrize(("factors", "shuffle"), [(2, 0), (10, 0), (57, 1), (462, 0), (463, 2)])
def test_any_two_numbers_are_at_all_four_pairs_of_their_ends(factors: int, shuffle: int) -> None:
    array = extremes.pairwise(factors, shuffle=shuffle).astype(int)
    assert len(array) <= 14
    for first, second in ((array, array), (array, 1 - array), (1 - array, 1 - array)):
        together = first.T @ second
        np.fill_diagonal(together, 1)
        assert (together > 0).all()


def test_every_parameter_and_starting_figure_is_among_the_numbers() -> None:
    names = {name for name, _, _ in extremes.numbers(everything(weeks=1))}
    assert {f"parameters.{one.name}" for one in PARAMETERS} <= names
    said = {name.rsplit(".", 1)[-1] for name in names}
    missing = {one.name for one in extremes.STARTING} - said - {"exclusion"}
    assert missing == {"in_force"}  # a choice of 0 or 1, tried in the tests of settlements


def test_worlds_at_the_ends_of_their_numbers_keep_people_and_ranges() -> None:
    lived = 0.0
    for number, case in enumerate(worlds()):
        extremes.check(case, seed=number, every=5)
        lived += case.country.people.sum()
    assert lived > 1e9


@pytest.mark.parametrize("number", [0, 5, 9])
def test_the_engines_agree_at_the_ends_of_the_numbers(number: int) -> None:
    case = worlds()[number]
    batch = started(case, seed=7)
    model = PreventionModel(case, seed=7, replicate=0)
    for _ in range(12):
        model.step()
        batch.advance(1)
        assert_same_state(model, batch)


@pytest.mark.parametrize("end", ["low", "high"])
def test_probabilities_that_are_all_nothing_or_one_are_lived_with(end: str) -> None:
    chances = {
        one.name: getattr(one, end) for one in PARAMETERS if (one.low, one.high) == (0.0, 1.0)
    }
    assert len(chances) > 40
    extremes.check(scenario(everything(parameters=chances, weeks=60)), replicates=3, every=10)


@pytest.mark.parametrize("people", [1.0, 1e9])
def test_a_country_of_one_person_or_of_a_thousand_million_is_run(people: float) -> None:
    country = two_groups(communities=3, neighbours=1)
    for row in country["places"].values():
        row["population"] = 0 if "neighbour" in row or people == 1.0 else people
    country["places"][country["capital"]]["population"] = people
    case = scenario({"country": country, "weeks": 104})
    assert case.country.people.sum() in (1.0, 3e9)
    extremes.check(case, replicates=4, every=13)


def test_a_country_without_people_is_run_or_refused_in_one_line() -> None:
    from sim.errors import ScenarioError

    country = two_groups(communities=2, neighbours=0)
    for row in country["places"].values():
        row["population"] = 0
    try:
        case = scenario({"country": country, "weeks": 26})
    except ScenarioError as refused:
        assert "\n" not in str(refused)
    else:
        extremes.check(case)


def test_a_country_of_very_many_places_is_started_and_run() -> None:
    took = extremes.million(20_000, 3)
    assert took["gigabytes at most"] < 8.0


def test_a_soundness_check_that_finds_nothing_would_find_a_lost_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    advance = Batch.advance

    def lossy(batch: Batch, weeks: int) -> None:
        advance(batch, weeks)
        batch.state["people"][0, Q.killed, 0, 0] += 1.0

    monkeypatch.setattr(Batch, "advance", lossy)
    with pytest.raises(AssertionError, match="people lost or made"):
        extremes.check(worlds()[1], every=5)


def test_fresh_arrivals_and_neglect_together_deprive_all_and_not_more_than_all() -> None:
    from sim.rules.flight import deprivation_next

    strongest = deprivation_next(0.0, 10.0, 10.0, 0.0, 0.01, 1.0, 0.1, 0.5)
    assert strongest == 1.0
    usual = deprivation_next(0.2, 5.0, 10.0, 0.0, 0.06, 0.25, 0.005, 0.5)
    assert usual == 0.188 + (1.0 - 0.188) * (0.25 * 5.0 / 10.0 + 0.005)
