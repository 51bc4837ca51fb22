"""Paired statistics: known answers, honest coverage, and quiet behaviour at the edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import (
    bootstrap_mean,
    bootstrap_means,
    paired_difference,
    paired_effects,
    pairing,
    risk_difference,
    wilson,
)
from sim.errors import ForestallError


def pairs_of(deaths, baseline, killing=None, base_killing=None):
    deaths, baseline = np.asarray(deaths, float), np.asarray(baseline, float)
    return pd.DataFrame(
        {
            "direct_deaths": deaths,
            "baseline_direct_deaths": baseline,
            "mass_killing": (deaths >= 1000) * 1.0 if killing is None else killing,
            "baseline_mass_killing": (baseline >= 1000) * 1.0
            if base_killing is None
            else base_killing,
        }
    )


def heavy_tail(rng, n, sigma):
    """Return n deaths, three quarters of them zero, and their true mean."""
    values = np.where(rng.random(n) < 0.25, rng.lognormal(3.0, sigma, n), 0.0)
    return values, 0.25 * np.exp(3.0 + sigma**2 / 2)


def every_number(effects):
    for name, value in vars(effects).items():
        yield from (
            (name, float(part)) for part in (value if isinstance(value, tuple) else [value])
        )


@pytest.mark.parametrize(("successes", "n"), [(0, 10), (3, 10), (10, 10), (1, 1), (7, 400)])
def test_wilson_is_the_interval_of_scipy(successes, n):
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    found = wilson(successes, n)
    assert found == pytest.approx((successes / n, expected.low, expected.high), abs=1e-12)


def test_the_risk_difference_is_that_of_newcombe_1998():
    # Pairs (36 both, 12 first only, 2 second only, 0 neither): method 10 gives 0.0569 to 0.3404.
    first = np.repeat([1, 1, 0], [36, 12, 2])
    second = np.repeat([1, 0, 1], [36, 12, 2])
    assert risk_difference(first, second) == pytest.approx((0.2, 0.0569, 0.3404), abs=5e-5)


def test_the_risk_difference_changes_sign_when_the_worlds_change_places():
    rng = np.random.default_rng(0)
    first, second = rng.random(80) < 0.3, rng.random(80) < 0.5
    ahead, back = risk_difference(first, second), risk_difference(second, first)
    assert ahead == pytest.approx((-back.estimate, -back.high, -back.low), abs=1e-12)


def test_equal_worlds_differ_by_exactly_zero_with_an_interval_around_it():
    killing = np.repeat([1, 0], [20, 180])
    change = risk_difference(killing, killing)
    assert change.estimate == 0
    assert change.low < 0 < change.high
    deaths = np.arange(200.0) * (killing + 1)
    assert paired_difference(deaths, deaths) == (0, 0, 0)


def test_the_bootstrap_of_a_heavy_tail_covers_its_mean_about_as_often_as_documented():
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(400):
        values, mean = heavy_tail(rng, 200, 1.2)
        interval = bootstrap_mean(values, resamples=1000)
        covered.append(interval.low <= mean <= interval.high)
    assert 0.87 <= np.mean(covered) <= 0.97


def test_the_bootstrap_of_log_deaths_covers_its_mean_nineteen_times_in_twenty():
    rng = np.random.default_rng(12)
    mean = np.log1p(heavy_tail(rng, 400_000, 1.5)[0]).mean()
    samples = np.column_stack([np.log1p(heavy_tail(rng, 200, 1.5)[0]) for _ in range(400)])
    found = bootstrap_means(samples, resamples=1000)
    assert 0.92 <= np.mean([one.low <= mean <= one.high for one in found]) <= 0.98


def test_the_bootstrap_of_a_normal_sample_is_close_to_student():
    values = np.random.default_rng(3).normal(5, 2, 300)
    half = stats.t.ppf(0.975, 299) * values.std(ddof=1) / np.sqrt(300)
    expected = (values.mean(), values.mean() - half, values.mean() + half)
    assert bootstrap_mean(values, resamples=8000) == pytest.approx(expected, abs=0.03)


def test_equal_seeds_give_equal_bits_and_others_do_not():
    values = np.random.default_rng(4).lognormal(2, 1, 50)
    assert bootstrap_mean(values, seed=1) == bootstrap_mean(values, seed=1)
    assert bootstrap_mean(values, seed=1) != bootstrap_mean(values, seed=2)


def test_a_large_sample_takes_the_sparing_way_to_about_the_same_interval():
    values = np.random.default_rng(5).normal(0, 1, 5000)
    found = bootstrap_mean(values, resamples=500)
    assert (found.low, found.high) == pytest.approx(
        values.mean() + np.array([-1.96, 1.96]) / np.sqrt(5000), abs=0.006
    )


def test_effects_of_a_small_table_are_those_counted_by_hand():
    effects = paired_effects(pairs_of([0, 500, 3000, 10], [0, 2000, 2500, 10]))
    assert (effects.n, effects.n_escalating) == (4, 2)
    assert effects.deaths_averted.estimate == pytest.approx((1500 - 500) / 4)
    assert effects.probability_harm.estimate == 0.25
    assert effects.probability_help.estimate == 0.25
    assert effects.p_mass_killing.estimate == 0.25
    assert effects.baseline_p_mass_killing.estimate == 0.5
    assert effects.risk_difference.estimate == -0.25
    assert effects.deaths_averted_if_escalates.estimate == pytest.approx(500)
    assert effects.p_mass_killing_if_escalates.estimate == 0.5
    log_change = np.log1p([500, 3000]) - np.log1p([2000, 2500])
    assert effects.log_deaths_difference.estimate == pytest.approx(log_change.sum() / 4)


def test_pairing_replaces_the_runs_that_the_formula_says():
    rng = np.random.default_rng(6)
    shared = rng.normal(size=200_000)
    first, second = (shared + 0.5 * rng.normal(size=200_000) for _ in range(2))
    found = pairing(first, second)
    # Variances 1.25 each, of the difference 0.5, correlation 1 / 1.25.
    assert found == pytest.approx((0.8, 5.0), abs=0.05)


def test_pairing_of_equal_worlds_replaces_any_number_of_runs():
    assert pairing([1.0, 2.0, 5.0], [1.0, 2.0, 5.0]) == pytest.approx((1.0, np.inf))


def test_nothing_is_known_from_no_run_but_nothing_fails():
    numbers = dict(every_number(paired_effects(pairs_of([], []))))
    assert numbers.pop("n") == numbers.pop("n_escalating") == 0
    assert all(np.isnan(value) for value in numbers.values())


def test_one_run_has_estimates_and_no_interval_of_a_mean():
    effects = paired_effects(pairs_of([5], [2000]))
    assert effects.deaths_averted.estimate == 1995
    assert np.isnan([effects.deaths_averted.low, effects.deaths_averted.high]).all()
    assert effects.p_mass_killing.low == 0 < effects.p_mass_killing.high < 1
    assert np.isnan(effects.pairing).all()
    assert not effects.deaths_averted.excludes_zero


def test_a_world_in_which_nobody_dies_has_zero_effects_and_no_correlation():
    effects = paired_effects(pairs_of(np.zeros(50), np.zeros(50)))
    assert effects.deaths_averted == effects.log_deaths_difference == (0, 0, 0)
    assert effects.probability_harm.estimate == 0 < effects.probability_harm.high
    assert np.isnan(effects.pairing).all()
    assert np.isnan(effects.deaths_averted_if_escalates).all()


def test_a_constant_difference_has_a_zero_wide_interval_at_itself():
    baseline = np.arange(30.0) * 100
    assert paired_difference(baseline + 0.1, baseline + 0.1) == (0, 0, 0)
    assert paired_difference(np.full(30, 7.0), np.full(30, 9.0)) == (-2, -2, -2)


@pytest.mark.parametrize("n", [2, 3, 40])
@pytest.mark.parametrize("far", [1.0, 1e9])
def test_one_run_that_differs_gives_a_finite_interval_around_its_estimate(n, far):
    change = np.zeros(n)
    change[-1] = far
    found = bootstrap_mean(change)
    assert 0 <= found.low <= found.estimate <= found.high <= far


def test_a_missing_column_is_named():
    with pytest.raises(ForestallError, match="'baseline_direct_deaths'"):
        paired_effects(pairs_of([1], [1]).drop(columns="baseline_direct_deaths"))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_refused(wrong):
    with pytest.raises(ForestallError, match="direct_deaths"):
        paired_effects(pairs_of([1, wrong], [1, 1]))
    with pytest.raises(ForestallError, match="not finite"):
        bootstrap_mean([1, wrong])


def test_a_level_outside_its_range_is_refused():
    with pytest.raises(ForestallError, match="level"):
        wilson(1, 2, level=95)
