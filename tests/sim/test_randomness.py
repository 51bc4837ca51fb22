"""Every draw is Philox at its address, inverted exactly; nothing else draws."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import binom
from small_worlds import ROOT, bits, scenario, three_at_war

from sim import randomness
from sim.draws import WeekDraws
from sim.ensemble import STATE, Ensemble
from sim.randomness import (
    ATTACK,
    FLIGHT,
    ORDER,
    RECOGNITION,
    SETTLEMENT,
    SIGNAL,
    Draw,
    binomial_quantile,
    normal_quantile,
    rounded,
)

WORD = 2**64
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


def philox(
    seed: int, replicate: int, week: int, process: int, agent: int, other: int
) -> np.ndarray:
    """Return NumPy's four doubles at an address; its generator counts up before each block."""
    counter = agent + (other << 64) + (process << 128) + (week << 192)
    before = (counter - 1) % 2**256
    state = np.array([(before >> shift) % WORD for shift in (0, 64, 128, 192)], dtype=np.uint64)
    key = np.array([seed, replicate], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=state)).random(4)


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
    }  # fmt: skip


@given(words, words)
@example(WORD - 1, WORD - 1)
def test_the_high_half_of_a_product_is_exact_interpreted_and_compiled(a: int, b: int) -> None:
    exact = (a * b) >> 64
    left, right = np.uint64(a), np.uint64(b)
    assert int(randomness._interpreted_high(left, right)) == exact
    assert int(_compiled_high(left, right)) == exact


@numba.njit
def _compiled_high(a: np.uint64, b: np.uint64) -> np.uint64:
    return randomness._compiled_high(a, b)


# --- quantiles ------------------------------------------------------------------------------------


@given(
    uniform,
    st.one_of(st.integers(1, 150), st.integers(1, 10_000_000)),
    st.one_of(st.floats(1e-9, 1.0, exclude_max=True), st.floats(1e-9, 1e-4)),
    st.floats(0.0, 60.0),
)
def test_a_binomial_draw_is_the_smallest_count_whose_cumulative_probability_exceeds_it(
    u: float, trials: int, chance: float, mean: float
) -> None:
    """Up to rounding in the sums (1e-11), where the expected number or its complement is <= 60."""
    for p in (chance, min(mean / trials, 0.999)):
        if min(p, 1.0 - p) * trials > 60.0 or p <= 0.0:
            continue
        count = binomial_quantile(u, float(trials), p)
        assert count == math.floor(count)
        assert 0.0 <= count <= trials
        assert binom.cdf(count, trials, p) > u - 1e-11
        assert binom.cdf(count - 1.0, trials, p) <= u + 1e-11


@given(uniform, st.integers(121, 10_000_000), st.floats(0.0, 1.0))
@example(0.0, 121, 0.5)
@example(1e-9, 121, 0.5)
@example(ONE_BELOW, 121, 0.5)
@example(ONE_BELOW, 10_000, 0.00601)
@example(0.0, 10_000, 0.00601)
def test_a_large_binomial_draw_is_at_most_one_from_the_exact_one(
    u: float, trials: int, share: float
) -> None:
    """At most three in the last billionth of either tail, where the correction runs out."""
    smallest = 60.0 / trials * 1.000001
    p = smallest + (1.0 - 2.0 * smallest) * share
    if not smallest < p < 1.0 - smallest:
        return
    allowed = 1.0 if 1e-9 <= u <= 1.0 - 1e-9 else 3.0
    count = binomial_quantile(u, float(trials), p)
    low = max(u, 2.0**-53) * (1.0 - 1e-9)
    high = min(u + 1e-15, ONE_BELOW)
    assert binom.ppf(low, trials, p) - allowed <= count
    assert count <= binom.ppf(high, trials, p) + allowed


def test_large_binomial_draws_have_the_right_mean_and_spread() -> None:
    grid = (np.arange(20_000) + 0.5) / 20_000
    for trials, p in ((200.0, 0.4), (5000.0, 0.02), (1e6, 0.999), (300.0, 0.75)):
        counts = np.array([binomial_quantile(u, trials, p) for u in grid.tolist()])
        spread = math.sqrt(trials * p * (1.0 - p))
        assert abs(counts.mean() - trials * p) < 0.02 * spread
        assert abs(counts.std() / spread - 1.0) < 0.02


@given(
    st.lists(uniform, min_size=2, max_size=30), st.integers(1, 2_000_000),
    st.floats(0.0, 1.0), st.floats(0.0, 400.0),
)  # fmt: skip
def test_a_binomial_draw_never_falls_when_its_uniform_number_rises(
    us: list[float], trials: int, chance: float, mean: float
) -> None:
    for p in (chance, min(mean / trials, 1.0)):
        counts = [binomial_quantile(u, float(trials), p) for u in sorted(us)]
        assert counts == sorted(counts)


def test_a_binomial_draw_at_the_edges_is_none_or_all() -> None:
    for u in (0.0, 0.3, ONE_BELOW):
        assert binomial_quantile(u, 0.0, 0.7) == 0.0
        assert binomial_quantile(u, 50.0, 0.0) == 0.0
        assert binomial_quantile(u, 50.0, 1.0) == 50.0


def test_normal_quantiles_are_within_the_documented_error() -> None:
    grid = np.concatenate([
        np.linspace(1e-6, 1.0 - 1e-6, 20_001), 10.0 ** -np.arange(1.0, 15.9, 0.1),
        1.0 - 10.0 ** -np.arange(1.0, 15.0, 0.1), [2.0**-53, ONE_BELOW, 0.02425, 0.97575],
    ])  # fmt: skip
    ours = np.array([normal_quantile(p) for p in grid.tolist()])
    exact = ndtri(grid)
    assert (np.abs(ours - exact) <= 1.2e-9 * np.abs(exact) + 1e-15).all()


@given(st.integers(0, 2**53 - 1001), st.integers(1000, 2**20))
@example(int(0.02425 * 2**53) - 500, 1000)
@example(int(0.97575 * 2**53) - 500, 1000)
def test_normal_quantiles_rise_with_the_probability(start: int, step: int) -> None:
    first = start * 2.0**-53
    second = min(first + 1e-8 + step * 2.0**-53, ONE_BELOW)
    assert normal_quantile(first) <= normal_quantile(second)


def test_normal_quantiles_of_the_edges_are_finite() -> None:
    assert -8.3 < normal_quantile(0.0) < -8.0
    assert 8.0 < normal_quantile(ONE_BELOW) < 8.3


@given(st.floats(0.0, 1e6), uniform)
def test_a_rounded_number_is_its_floor_or_one_more(value: float, u: float) -> None:
    whole = rounded(value, u)
    assert whole in (math.floor(value), math.floor(value) + 1.0)


def test_rounding_is_right_on_average() -> None:
    grid = ((np.arange(4096) + 0.5) / 4096).tolist()
    for value in (0.0, 0.001, 0.25, 1.5, 2.999, 17.0, 123456.789):
        mean = sum(rounded(value, u) for u in grid) / len(grid)
        assert abs(mean - value) <= 1.0 / 4096


# --- who draws ------------------------------------------------------------------------------------


def _sources() -> dict[str, ast.Module]:
    root = ROOT / "sim"
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    }


def _names(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            names |= {part for part in module.split(".") if part}
            names |= {part for alias in node.names for part in alias.name.split(".")}
    return names


def drawing_files(sources: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return, for every file, the ways of drawing that it names and may not name."""
    ways = {
        "random", "rng", "uniforms", "Philox", "default_rng", "RandomState", "secrets", "urandom",
        "uuid4", "shuffle", "shuffle_do", "fill_week", "SeedSequence", "PCG64", "getrandbits",
    }  # fmt: skip
    found = {}
    for file, tree in sources.items():
        allowed: set[str] = set()
        if file == "randomness.py":
            allowed = {"uniforms", "fill_week"}
        elif file.startswith("ensemble/"):
            allowed = {"uniforms", "fill_week"} if file.endswith("build.py") else {"uniforms"}
        elif file == "country_generator.py":
            allowed = {"random", "Philox"}
        named = (_names(tree) & ways) - allowed
        if named:
            found[file] = named
    return found


def test_no_other_file_of_the_model_draws() -> None:
    assert drawing_files(_sources()) == {}


def test_a_file_that_draws_by_itself_is_found() -> None:
    for line in (
        "import random", "from numpy.random import default_rng", "x = np.random.rand()",
        "from secrets import token_bytes", "self.random.random()", "agents.shuffle_do('step')",
        "model.rng.random()",
    ):  # fmt: skip
        assert drawing_files({"agents/community.py": ast.parse(line)}), line


def test_the_country_generator_draws_from_its_own_seeded_generator_alone() -> None:
    tree = _sources()["country_generator.py"]
    made = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "np.random" in ast.unparse(node.func)
    ]
    assert sorted(made) == sorted(
        ["np.random.Generator(np.random.Philox(seed))", "np.random.Philox(seed)"]
    )


def test_every_process_draws_at_an_address_of_its_own() -> None:
    """No file of the ensemble takes the same number of the same address twice."""
    kinds: dict[str, set[str]] = {}
    for file, tree in _sources().items():
        if not file.startswith("ensemble/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "uniforms":
                kinds.setdefault(ast.unparse(node.args[3]), set()).add(Path(file).stem)
    assert kinds == {
        "SIGNAL": {"early_warning"}, "RECOGNITION": {"mandate_bargaining"},
        "ORDER": {"elite_choice"}, "SETTLEMENT": {"settlement"}, "ATTACK": {"killing"},
        "FLIGHT": {"flight", "indirect_deaths"},
    }  # fmt: skip


def test_tabulated_draws_equal_addressed_ones(draw: Callable[..., np.ndarray]) -> None:
    seed, replicate = 2**64 - 3, 2**40 + 1
    table = WeekDraws(seed, replicate, 3, 2, 4)
    for week in (0, 1, 77):
        table.fill(week)
        at = (seed, replicate, week)
        assert table.signal == [draw(*at, SIGNAL, actor, 0)[0] for actor in range(3)]
        assert table.order == [draw(*at, ORDER, armed, 0)[0] for armed in range(2)]
        assert table.recognition == draw(*at, RECOGNITION, 0, 0)[0]
        assert table.settlement == draw(*at, SETTLEMENT, 0, 0)[0]
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
