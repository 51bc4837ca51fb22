"""Every draw is Philox at its address, inverted exactly; nothing else draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpys_draws import WORD, philox
from small_worlds import bits, scenario, three_at_war

from sim import engines, randomness
from sim.draws import WeekDraws
from sim.ensemble import STATE, Ensemble
from sim.errors import ScenarioError
from sim.randomness import (
    ATTACK,
    DIAGNOSIS,
    FLIGHT,
    ORDER,
    RECOGNITION,
    SETTLEMENT,
    SHOCK,
    SIGNAL,
    Draw,
)

ONE_BELOW = 1.0 - 2.0**-53
words = st.one_of(
    st.integers(0, WORD - 1), st.sampled_from([0, 1, 2**32 - 1, 2**32, 2**63 - 1, 2**63, WORD - 1])
)
counters = st.one_of(st.integers(0, 2**63 - 1), st.sampled_from([0, 1, 2**32, 2**63 - 1]))
uniform = st.one_of(
    st.integers(0, 2**53 - 1).map(lambda n: n * 2.0**-53),
    st.sampled_from([0.0, 2.0**-53, 0.5, ONE_BELOW, 1.0 - 1e-9, 1e-9]),
)


@pytest.fixture(scope="module")
def draw() -> Callable[..., np.ndarray]:
    """Return the compiled `uniforms` as a function of plain integers."""
    compiled = numba.njit(randomness.uniforms)

    def at(seed: int, replicate: int, week: int, process: int, agent: int, other: int) -> Any:
        return np.array(
            compiled(np.uint64(seed), np.uint64(replicate), week, process, agent, other)
        )

    return at


# --- the generator --------------------------------------------------------------------------------


def test_uniforms_are_those_of_numpys_philox_at_the_same_address(
    draw: Callable[..., np.ndarray],
) -> None:
    @given(words, words, counters, counters, counters, counters)
    @example(0, 0, 0, 0, 0, 0)
    @example(WORD - 1, WORD - 1, 2**63 - 1, 2**63 - 1, 2**63 - 1, 2**63 - 1)
    @example(1, 0, 3, 5, 0, 0)  # agent 0: the block before borrows from all four words
    @example(2**63, 2**63, 0, 1, 0, 7)
    def check(seed: int, replicate: int, week: int, process: int, agent: int, other: int) -> None:
        address = (seed, replicate, week, process, agent, other)
        assert np.array_equal(bits(draw(*address)), bits(philox(*address)))

    check()


def test_every_part_of_an_address_changes_all_four_numbers(draw: Callable[..., np.ndarray]) -> None:
    base = [5, 6, 7, 2, 9, 10]
    first = draw(*base)
    for part in range(6):
        moved = [value + (position == part) for position, value in enumerate(base)]
        assert not (draw(*moved) == first).any()
    assert ((first >= 0.0) & (first < 1.0)).all()


def test_the_numbers_of_the_drawing_processes_never_change() -> None:
    assert {member.name: member.value for member in Draw} == {
        "SIGNAL": 1, "RECOGNITION": 2, "ORDER": 3, "SETTLEMENT": 4, "ATTACK": 5, "FLIGHT": 6,
        "DIAGNOSIS": 7, "SHOCK": 8,
    }  # fmt: skip


@given(words, words)
@example(WORD - 1, WORD - 1)
def test_the_halves_of_a_product_are_exact_interpreted_and_compiled(a: int, b: int) -> None:
    exact = ((a * b) >> 64, (a * b) % 2**64)
    left, right = np.uint64(a), np.uint64(b)
    assert tuple(map(int, randomness._interpreted_product(left, right))) == exact
    assert tuple(map(int, _compiled_product(left, right))) == exact


@numba.njit  # type: ignore[untyped-decorator]
def _compiled_product(a: Any, b: Any) -> Any:
    return randomness._compiled_product(a, b)


@pytest.mark.filterwarnings("ignore:overflow")
@given(words, words, counters, counters, counters, counters)
@example(WORD - 1, WORD - 1, 2**63 - 1, 2**63 - 1, 2**63 - 1, 2**63 - 1)
def test_draws_side_by_side_are_those_of_numpy_at_the_same_address(
    seed: int, replicate: int, week: int, process: int, agent: int, other: int
) -> None:
    got = randomness.side_by_side(
        np.uint64(seed), np.uint64(replicate), week, process, agent, other
    )
    exact = philox(seed, replicate, week, process, agent, other)
    assert np.array_equal(bits(np.array(got)), bits(exact))


# --- runs and their batches ----------------------------------------------------------------------


def test_tabulated_draws_equal_addressed_ones(draw: Callable[..., np.ndarray]) -> None:
    seed, replicate = 2**64 - 3, 2**40 + 1
    table = WeekDraws(seed, replicate, 3, 2, 4, 2)
    for week in (0, 1, 77):
        table.fill(week)
        at = (seed, replicate, week)
        assert table.signal == [draw(*at, SIGNAL, actor, 0)[0] for actor in range(3)]
        assert table.order == [draw(*at, ORDER, armed, 0)[0] for armed in range(2)]
        assert table.recognition == draw(*at, RECOGNITION, 0, 0)[0]
        assert table.settlement == draw(*at, SETTLEMENT, 0, 0)[0]
        assert table.shock == [draw(*at, SHOCK, row, 0)[0] for row in range(2)]
        assert table.diagnosis == [list(draw(*at, DIAGNOSIS, line, 0)) for line in range(3)]
        for place in range(4):
            assert table.flight[place] == draw(*at, FLIGHT, place, 0).tolist()
            for armed in range(2):
                assert table.attack(place, armed) == draw(*at, ATTACK, place, armed).tolist()


def test_a_run_does_not_depend_on_its_batch_or_its_place_in_it() -> None:
    world = scenario(three_at_war(weeks=50))
    ensemble = Ensemble([world, world.baseline()])
    numbers = np.array([0, 3, 7, 2**50, 11])
    which = np.array([0, 1, 0, 1, 0])
    together = ensemble.start(which, numbers, 8)
    together.advance(50)
    backwards = ensemble.start(which[::-1], numbers[::-1], 8)
    for _ in range(50):
        backwards.advance(1)
    for row in range(5):
        alone = ensemble.start(which[row : row + 1], numbers[row : row + 1], 8)
        alone.advance(20)
        alone.advance(30)
        for name in STATE:
            mine = bits(alone.state[name][0])
            assert np.array_equal(mine, bits(together.state[name][row])), name
            assert np.array_equal(mine, bits(backwards.state[name][4 - row])), name
        assert np.array_equal(bits(alone.outcomes[0]), bits(together.outcomes[row]))
    assert len({row.tobytes() for row in together.series}) == 5


def test_replicates_and_seeds_give_different_runs() -> None:
    ensemble = Ensemble([scenario(three_at_war(weeks=40))])
    zeros = np.zeros(4, dtype=int)
    records = [
        ensemble.run(zeros, np.arange(4), seed).series.tobytes() for seed in (0, 1, 2**64 - 1)
    ]
    assert len(set(records)) == 3
    one = ensemble.run(zeros, np.arange(4), 1).series
    assert len({row.tobytes() for row in one}) == 4


@pytest.mark.parametrize("engine", ["agents", "compiled"])
@pytest.mark.parametrize(
    ("seed", "replicate"), [(-1, 0), (WORD, 0), (1.5, 0), (True, 0), (1, -1), (1, 0.5)]
)
def test_a_seed_or_replicate_that_is_no_address_is_one_clear_line(
    engine: str, seed: Any, replicate: Any
) -> None:
    """On either engine: wrapped or cut off, it would silently be another run."""
    world, zero = scenario(three_at_war(weeks=4)), np.zeros(1, dtype=int)
    name = "replicate" if seed == 1 and seed is not True else "seed"
    with pytest.raises(ScenarioError, match=name) as caught:
        engines.run(
            [world], scenario=zero, replicate=np.array([replicate]), seed=seed, engine=engine
        )
    assert "\n" not in str(caught.value)
