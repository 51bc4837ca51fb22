"""Methods are tried on samples whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.hawkes import fit_hawkes, simulate_hawkes
from analysis.modes import modes_at, silverman_test
from analysis.moran import moran
from analysis.tails import fit_tail


@pytest.mark.parametrize("branching", [0.2, 0.45, 0.7])
def test_the_branching_ratio_of_a_known_process_is_found(branching: float) -> None:
    fits = [
        fit_hawkes(simulate_hawkes(400, base=1.0, branching=branching, memory=4.0, seed=seed))
        for seed in range(40)
    ]
    assert np.median([fit.branching for fit in fits]) == pytest.approx(branching, abs=0.07)
    assert 2.0 <= np.median([fit.memory for fit in fits]) <= 6.5


def test_events_that_trigger_nothing_have_a_small_branching_ratio() -> None:
    counts = np.random.default_rng(1).poisson(2.0, (40, 300))
    assert np.median([fit_hawkes(row).branching for row in counts]) < 0.12


def test_a_fit_is_at_least_as_likely_as_the_truth() -> None:
    counts = simulate_hawkes(300, base=1.0, branching=0.5, memory=4.0, seed=3)
    level, truth = 0.0, 0.0
    for count in counts:
        rate = 1.0 + 0.5 * level
        truth += count * np.log(rate) - rate
        level = 0.75 * level + 0.25 * count
    assert fit_hawkes(counts).likelihood >= truth - 1e-6


def test_modes_are_counted_and_tested() -> None:
    draw = np.random.default_rng(2)
    two = np.concatenate([draw.normal(0, 1, 150), draw.normal(6, 1, 150)])
    assert modes_at(two, 0.8) == 2
    assert silverman_test(two) < 0.05
    assert (
        np.mean([silverman_test(draw.normal(size=200), seed=s) < 0.05 for s in range(20)]) <= 0.15
    )
    assert np.isnan(silverman_test([1.0, 2.0]))


def test_neighbours_that_are_alike_have_a_positive_index_and_a_small_p() -> None:
    near = np.eye(30, k=1) + np.eye(30, k=-1)
    alike = moran(np.arange(30.0), near)
    assert alike.value > 0.8
    assert alike.p < 0.02
    turns = moran(np.arange(30) % 2, near)
    assert turns.value < -0.8
    draw = np.random.default_rng(1)
    by_chance = [moran(draw.normal(size=30), near, permutations=99).p <= 0.05 for _ in range(100)]
    assert 0.0 <= np.mean(by_chance) <= 0.12
    assert np.isnan(moran(np.ones(30), near).value)


def test_a_power_law_is_found_and_a_log_normal_is_told_from_it() -> None:
    draw = np.random.default_rng(4)
    power = np.floor((1 - draw.random(5000)) ** (1 / (1 - 2.5)) * 5 + 0.5)
    found = fit_tail(power, resamples=20)
    assert found.exponent == pytest.approx(2.5, abs=0.1)
    assert found.fit >= 0.1
    assert abs(found.ratio) < 2.5
    normal = fit_tail(np.ceil(draw.lognormal(3, 0.5, 5000)))
    assert normal.ratio < -2.0
    assert np.isnan(fit_tail(np.ones(10)).exponent)
