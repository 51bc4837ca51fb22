"""Any stored outcome, its fall, and columns of one's own are numbers that an analysis can be about."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import outcome_differences
from analysis.design_values import point_values
from analysis.quantities import Column, quantity_named
from sim.errors import ForestallError
from sim.outcomes import ENDINGS, OUTCOMES

WEEKS = 1200
NAMES = [outcome.name for outcome in OUTCOMES]


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    """Return pairs of two points in all outcomes, weeks and recurrences known in most of them."""
    rng = np.random.default_rng(7)
    runs = 2 * 40
    table = pd.DataFrame({"point": np.repeat(["a", "b"], 40), "replicate": np.tile(range(40), 2)})
    for outcome in OUTCOMES:
        for arm in ("", "baseline_"):
            if outcome.kind == "flag":
                values = rng.integers(0, 2, runs)
            elif outcome.kind == "week":
                values = np.where(rng.random(runs) < 0.3, -1, rng.integers(0, WEEKS, runs))
            elif outcome.kind == "code":
                values = rng.integers(0, len(ENDINGS), runs)
            else:
                values = rng.poisson(20, runs)
            table[arm + outcome.name] = values.astype(float)
    return table


@pytest.mark.parametrize("name", [name for name in NAMES if name != "end_kind"])
def test_the_fall_of_every_outcome_is_what_a_comparison_says_of_it(
    pairs: pd.DataFrame, name: str
) -> None:
    points = pd.DataFrame({"point": ["a", "b"], "baseline": ["z", "z"]})
    compared = outcome_differences(points, pairs, [*NAMES], weeks=WEEKS).set_index("outcome")
    compared = compared.loc[name].set_index("point")
    fall = point_values(pairs, quantity_named(f"{name}_averted", weeks=WEEKS)).values
    np.testing.assert_allclose(fall, -compared.loc[["a", "b"], "difference"], rtol=1e-12)
    treated = point_values(pairs, quantity_named(name, weeks=WEEKS))
    if treated.unknown == 0:
        means = compared.loc[["a", "b"], "treatment_mean"]
        np.testing.assert_allclose(treated.values, means, rtol=1e-12)
    unknown = name in ("peak_week", "recurred_5_years", "recurred_10_years")
    assert (treated.unknown > 0) == unknown == bool(np.isnan(treated.noise.share))


def test_names_that_were_there_before_mean_what_they_meant(pairs: pd.DataFrame) -> None:
    def values(name: str) -> np.ndarray:
        return quantity_named(name, weeks=WEEKS).of(pairs)

    deaths, without = pairs["direct_deaths"], pairs["baseline_direct_deaths"]
    np.testing.assert_array_equal(values("deaths_averted"), without - deaths)
    np.testing.assert_array_equal(values("direct_deaths_averted"), without - deaths)
    np.testing.assert_array_equal(values("log_deaths"), np.log1p(deaths))
    np.testing.assert_array_equal(
        values("log_deaths_averted"), np.log1p(without) - np.log1p(deaths)
    )
    np.testing.assert_array_equal(values("mass_killing"), pairs["mass_killing"])


def test_a_code_is_asked_for_kind_by_kind(pairs: pd.DataFrame) -> None:
    shares = [
        point_values(pairs, quantity_named(f"end_kind_{kind}", weeks=WEEKS)).values
        for kind in ENDINGS
    ]
    np.testing.assert_allclose(sum(shares), 1.0)
    agreed = (pairs["end_kind"] == 2).groupby(pairs["point"]).mean()
    np.testing.assert_allclose(shares[2], agreed)
    for name in ("end_kind", "end_kind_averted"):
        with pytest.raises(
            ForestallError, match="is a code, which has no mean; take one of end_kind_n"
        ):
            quantity_named(name, weeks=WEEKS)


def test_a_week_that_never_came_counts_as_the_horizon_and_is_said_to(pairs: pd.DataFrame) -> None:
    quantity = quantity_named("arrival_week", weeks=WEEKS)
    weeks = pairs["arrival_week"]
    np.testing.assert_array_equal(quantity.of(pairs), weeks.where(weeks >= 0, WEEKS))
    assert quantity.title == "arrival week (where never, 1200)"
    assert quantity_named("arrival_week_averted", weeks=WEEKS).unit == "weeks"
    assert quantity_named("displaced_averted", weeks=WEEKS).unit == "people per run"


def test_a_point_without_any_such_run_is_said(pairs: pd.DataFrame) -> None:
    never = pairs.assign(peak_week=np.where(pairs["point"] == "a", -1.0, pairs["peak_week"]))
    with pytest.raises(
        ForestallError, match="peak_week: 1 of 2 points have no run in which it has a"
    ):
        point_values(never, quantity_named("peak_week", weeks=WEEKS))
    with pytest.raises(ForestallError, match="points differ in their replicates"):
        point_values(pairs.iloc[1:], quantity_named("displaced", weeks=WEEKS))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("displaced_avert", "displaced_averted"),
        ("arival_week", "arrival_week"),
        ("log_death", "log_deaths"),
        ("end_kind_victor", "end_kind_victory"),
    ],
)
def test_a_misspelt_name_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(ForestallError, match=f"--on: unknown name '{name}', did you mean '{near}'"):
        quantity_named(name, weeks=WEEKS, key="--on")


def test_what_is_not_stored_is_no_name() -> None:
    with pytest.raises(ForestallError, match="did you mean 'displaced'"):
        quantity_named("displaced_", weeks=1, outcomes=("displaced",))
    with pytest.raises(ForestallError, match="unknown name 'log_deaths'"):
        quantity_named("log_deaths", weeks=1, outcomes=("displaced",))
    # Of another version: of no known unit, but a number a run all the same.
    assert quantity_named("elections", weeks=1, outcomes=("elections",)).title == "elections"


def test_a_column_of_ones_own_is_taken_run_by_run_in_both_arms(pairs: pd.DataFrame) -> None:
    own = Column(
        name="all_deaths", title="all deaths", unit="people per run",
        of=lambda runs: runs["direct_deaths"] + runs["indirect_deaths"],
    )  # fmt: skip
    quantity = quantity_named("all_deaths_averted", weeks=WEEKS, own=[own])
    expected = sum(pairs[f"baseline_{n}"] - pairs[n] for n in ("direct_deaths", "indirect_deaths"))
    np.testing.assert_array_equal(quantity.of(pairs), expected)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (lambda runs: runs["nothing"], "outcome mine: KeyError: 'nothing'"),
        (
            lambda runs: runs["displaced"].mean(),
            r"outcome mine: has the shape \(\), expected one number",
        ),
        (lambda runs: runs["displaced"] / 0, "outcome mine: is infinite for 80 of 80 runs"),
        (lambda runs: runs["point"], "outcome mine: ValueError"),
    ],
)
def test_what_is_no_number_a_run_is_refused(pairs: pd.DataFrame, of, said: str) -> None:
    own = Column(name="mine", title="mine", unit="", of=of)
    with pytest.raises(ForestallError, match=said):
        quantity_named("mine", weeks=WEEKS, own=[own]).of(pairs)
