"""Paired statistics: known answers, honest coverage, and quiet behaviour at the edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.coverage import TOYS, coverage, resampled_intervals
from analysis.intervals import (
    bootstrap_mean,
    bootstrap_means,
    paired_difference,
    ratio_of_means,
    resampled_means,
    risk_difference,
    wilson,
)
from analysis.statistics import harm_test, holm, paired_effects, pairing
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


@pytest.mark.long
@pytest.mark.parametrize("toy", TOYS[:4], ids=lambda toy: toy.name)
@pytest.mark.parametrize("n", [50, 200, 1000])
def test_nominal_95_percent_hold_a_heavy_tailed_mean_in_92_of_100_samples(toy, n):
    assert 0.92 <= coverage(toy, n, repeats=2000) <= 0.99


@pytest.mark.long
@pytest.mark.parametrize("toy", TOYS[4:6], ids=lambda toy: toy.name)
@pytest.mark.parametrize("n", [50, 200, 1000])
def test_the_mean_of_the_models_own_deaths_is_held_in_90_of_100_samples_as_the_guide_says(toy, n):
    assert 0.90 <= coverage(toy, n, repeats=2000) < 0.95


@pytest.mark.parametrize(("toy", "n", "least"), [(0, 12, 0.87), (0, 25, 0.94), (1, 12, 0.91)])
def test_where_a_handful_of_pairs_differ_the_truth_is_held_as_often_as_the_guide_says(
    toy, n, least
):
    """With a dozen pairs of which three differ nothing reaches 95 in 100; the interval says wide."""
    assert least <= coverage(TOYS[toy], n, repeats=2000) < 0.99


@pytest.mark.parametrize("n", [3, 12, 25])
@pytest.mark.parametrize("differ", [0.2, 0.5, 1.0])
def test_no_end_lies_further_out_than_the_largest_pair_and_twice_the_share_can_explain(n, differ):
    """Logs that spread over many powers of ten, as those of a dozen differences of logs do."""
    rng = np.random.default_rng((n, int(10 * differ)))
    samples = rng.normal(size=(n, 300)) * np.exp(rng.normal(-3, 3, (n, 300)))
    samples *= rng.random((n, 300)) < differ
    for values, found in zip(samples.T, bootstrap_means(samples, resamples=300), strict=True):
        reach = 4.0 * np.abs(values).max()
        assert -reach <= found.low <= found.estimate <= found.high <= reach


def test_resampling_alone_misses_what_the_log_normal_tail_holds():
    heavy = TOYS[3]
    assert coverage(heavy, 200, method=resampled_intervals, repeats=2000) < 0.9


def test_a_tail_without_variance_is_held_less_often_and_the_guide_says_so():
    assert coverage(TOYS[6], 1000, repeats=2000) < 0.92


def test_a_sample_that_shows_a_lighter_tail_is_given_no_heavier_one():
    samples = np.sqrt(np.random.default_rng(3).uniform(0, 1e6, (1000, 5)))
    assert bootstrap_means(samples) == resampled_means(samples)


@pytest.mark.parametrize("toy", TOYS, ids=lambda toy: toy.name)
def test_toys_have_the_mean_that_they_claim(toy):
    values = toy.draw(np.random.default_rng(9), (2_000_000, 1))
    assert values.mean() == pytest.approx(toy.mean, abs=5 * values.std() / np.sqrt(values.size))


def test_the_bootstrap_of_log_deaths_covers_its_mean_nineteen_times_in_twenty():
    rng = np.random.default_rng(12)
    mean = np.log1p(TOYS[0].draw(rng, (1_000_000, 1))).mean()
    samples = np.log1p(TOYS[0].draw(rng, (200, 2000)))
    found = bootstrap_means(samples, resamples=1000)
    assert 0.935 <= np.mean([one.low <= mean <= one.high for one in found]) <= 0.97


def test_the_interval_of_a_ratio_covers_it_nineteen_times_in_twenty():
    rng = np.random.default_rng(14)
    held = []
    for _ in range(500):
        averted = np.where(rng.random(200) < 0.5, rng.lognormal(4, 1, 200), 0.0)
        cost = 5 + 0.02 * averted + rng.normal(0, 1, 200)
        truth = (5 + 0.02 * 0.5 * np.exp(4.5)) / (0.5 * np.exp(4.5))
        found = ratio_of_means(cost, averted, resamples=500)
        held.append(found.low <= truth <= found.high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_a_ratio_to_something_that_may_be_nothing_is_unknown():
    assert np.isnan(ratio_of_means([1, 1, 1, 1], [5, -5, 6, -4])).all()
    assert np.isnan(ratio_of_means([1, 1, 1], [-5, -6, -7])).all()
    assert ratio_of_means([4, 4, 4], [2, 2, 2]) == (2, 2, 2)


def test_the_harm_test_raises_a_false_alarm_one_time_in_twenty_and_sees_real_harm():
    rng = np.random.default_rng(15)
    alarms, seen = [], []
    for _ in range(2000):
        luck = rng.random(200)
        alarms.append(harm_test(luck < 0.15, luck > 0.85) < 0.05)
        seen.append(harm_test(luck < 0.2, luck > 0.9) < 0.05)
    assert 0.03 <= np.mean(alarms) <= 0.06
    assert np.mean(seen) > 0.8


def test_the_harm_test_is_the_mid_p_of_a_binomial():
    worse, better = np.repeat([True, False], [7, 43]), np.repeat([False, True, False], [7, 2, 41])
    expected = stats.binom.sf(7, 9, 0.5) + stats.binom.pmf(7, 9, 0.5) / 2
    assert harm_test(worse, better) == pytest.approx(expected)
    assert harm_test(~worse & False, better) == pytest.approx(1 - 0.25 / 2)
    assert harm_test([False] * 4, [False] * 4) == 1


def test_holm_is_that_of_the_textbook():
    # Holm 1979: 0.01 * 4, 0.013 * 3, 0.03 * 2, 0.04 * 1, and never below the one before.
    assert holm([0.03, 0.01, np.nan, 0.04, 0.013]) == pytest.approx(
        [0.06, 0.04, np.nan, 0.06, 0.04], nan_ok=True
    )


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
    assert 0 <= found.low <= found.estimate <= found.high < np.inf


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
