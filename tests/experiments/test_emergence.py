"""What is reported as emerging is measured rightly; `test_no_size_is_inserted.py`: it is not put in."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.config import compose
from experiments.designs import scenario_of
from experiments.emergence import (
    clustering,
    equal_places,
    resampled_top_tenth,
    tail_of,
    top_tenth,
    weekly_deaths,
)
from sim.outcomes import O


def test_the_exponent_of_a_power_law_is_found_and_a_log_normal_is_told_apart() -> None:
    draws = np.random.default_rng(4)
    pareto = np.round(4.5 * (1.0 - draws.random(40_000)) ** (-1.0 / 1.5))
    found = tail_of(pareto)
    assert found.exponent == pytest.approx(2.5, abs=0.06)
    assert found.ratio > -2.0
    normal = np.round(np.exp(draws.normal(2.0, 0.7, 40_000))) + 1.0
    assert tail_of(normal).ratio < -2.0


def test_deaths_by_place_and_week_add_up_and_equal_places_are_equal() -> None:
    config = compose(["weeks=60"])
    deaths, outcomes = weekly_deaths(scenario_of(config).baseline(), 20)
    assert np.array_equal(deaths.sum(axis=(0, 2)), outcomes[:, O.direct_deaths])
    country = scenario_of(equal_places(config)).country
    home = country.population[~country.abroad]
    assert np.ptp(home) <= len(country.groups)
    original = scenario_of(config).country.people.sum()
    assert home.sum() == pytest.approx(original, rel=1e-4)


def test_what_repeats_is_clustered_and_noise_is_not() -> None:
    draws = np.random.default_rng(5)
    noise = draws.poisson(5.0, (400, 50, 1))
    assert abs(clustering(noise)[0].mean()) < 0.02
    assert clustering(np.repeat(noise[:100], 4, axis=0))[0].mean() > 0.5


def test_the_top_tenth_holds_what_it_holds_and_its_interval_grows_with_what_runs_share() -> None:
    even = np.full((10, 50, 2), 3)
    assert top_tenth(even) == pytest.approx(0.1)
    one = np.concatenate([np.full(9, 1), [11]]).reshape(10, 1, 1)
    assert top_tenth(one) == pytest.approx(11.0 / 20.0)
    draws = np.random.default_rng(6)
    alike = draws.poisson(2.0, (50, 40, 4))
    apart = alike * draws.choice([1, 1, 1, 30], (1, 40, 1))
    widths = [np.ptp(resampled_top_tenth(deaths)) for deaths in (alike, apart)]
    assert 0.0 < widths[0] < 0.02 < widths[1]
    low, high = resampled_top_tenth(apart)
    assert low <= top_tenth(apart) <= high
