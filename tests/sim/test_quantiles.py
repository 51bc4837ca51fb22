"""Uniform numbers become outcomes by exact inverse transform, monotonically."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import binom

from sim.randomness import (
    binomial_quantile,
    normal_quantile,
    rounded,
)

ONE_BELOW = 1.0 - 2.0**-53
uniform = st.one_of(
    st.integers(0, 2**53 - 1).map(lambda n: n * 2.0**-53),
    st.sampled_from([0.0, 2.0**-53, 0.5, ONE_BELOW, 1.0 - 1e-9, 1e-9]),
)


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
