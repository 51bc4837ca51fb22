"""Comparing points: known answers for every outcome, costs, and points with each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import assert_readable
from made_up_results import make_design, make_paired

from analysis.comparison import against, effects_table, outcome_differences
from analysis.plots.paired_differences import MOST_POINTS, paired_differences
from sim.errors import ForestallError

DESIGN = make_design(starts=(0.0, 26.0), arrivals=(np.nan,))
PAIRED = make_paired(DESIGN, replicates=80)
OUTCOMES = ("mass_killing", "direct_deaths", "onset_week", "peak_week", "end_kind")


def one_point(**columns):
    """Return a design of one point with its baseline, and its paired runs."""
    points = pd.DataFrame(
        {"point": ["p", "b"], "baseline": ["b", "b"], "action.start": [0.0, np.inf]}
    )
    n = len(next(iter(columns.values())))
    deaths = {"mass_killing": 0.0, "direct_deaths": 0.0}
    deaths |= {f"baseline_{name}": 0.0 for name in deaths}
    runs = pd.DataFrame({"point": "p", "replicate": np.arange(n)} | deaths | columns)
    return points, runs.astype(dict.fromkeys(columns, float))


def differences(outcomes, *, weeks=100, **columns):
    table = outcome_differences(*one_point(**columns), outcomes, weeks=weeks)
    return table.set_index("outcome")


def test_a_constant_shift_is_found_without_any_doubt():
    baseline = np.arange(40.0) * 50
    row = differences(
        ["direct_deaths"], direct_deaths=baseline + 7, baseline_direct_deaths=baseline
    ).loc["direct_deaths"]
    assert tuple(row[["difference", "difference_low", "difference_high"]]) == (7, 7, 7)
    assert row["correlation"] == pytest.approx(1)
    assert np.isinf(row["independent_pairs"])


def test_identical_arms_differ_by_exactly_nothing():
    deaths = np.array([0.0, 0, 0, 12, 4000])
    killing = (deaths > 1000) * 1.0
    same = {"direct_deaths": deaths, "baseline_direct_deaths": deaths}
    same |= {"mass_killing": killing, "baseline_mass_killing": killing}
    row = differences(["direct_deaths"], **same).loc["direct_deaths"]
    assert tuple(row[["difference", "difference_low", "difference_high"]]) == (0, 0, 0)
    assert row["pairs_differing"] == 0
    effects = effects_table(*one_point(**same)).iloc[0]
    assert (effects["net_harm"], effects["harm_p_deaths"]) == (0, 1)
    assert effects["probability_harm"] == effects["probability_help"] == 0


def test_a_week_that_never_came_counts_as_the_horizon():
    row = differences(
        ["onset_week"], onset_week=[-1, 60], baseline_onset_week=[40, 50], weeks=100
    ).loc["onset_week"]
    assert row["difference"] == ((100 - 40) + (60 - 50)) / 2


def test_the_week_of_a_peak_is_compared_only_where_both_runs_have_one():
    row = differences(
        ["peak_week"], peak_week=[-1, 60, 30], baseline_peak_week=[40, 50, -1], weeks=100
    ).loc["peak_week"]
    assert (row["n"], row["difference"]) == (1, 10)


def test_a_recurrence_is_compared_only_where_both_runs_last_long_enough_to_show_it():
    columns = {
        "end_week": [40, 40, 300, -1], "baseline_end_week": [30, 200, 20, 30],
        "recurred_5_years": [1, 0, 0, 0], "baseline_recurred_5_years": [0, 1, 0, 0],
    }  # fmt: skip
    row = differences(["recurred_5_years"], weeks=312, **columns).loc["recurred_5_years"]
    assert (row["n"], row["difference"]) == (1, 1)
    short = differences(["recurred_5_years"], weeks=156, **columns).loc["recurred_5_years"]
    assert short["n"] == 0 and np.isnan(short["difference"])


def test_a_code_has_no_difference():
    assert differences(["end_kind"], end_kind=[1, 2], baseline_end_kind=[0, 4]).empty


def test_a_flag_has_the_interval_of_paired_proportions_and_a_count_that_of_a_mean():
    killing = np.repeat([1.0, 0.0], [3, 47])
    table = differences(
        ["mass_killing", "direct_deaths"], mass_killing=killing, baseline_mass_killing=killing
    )
    assert table.loc["mass_killing", "difference_low"] < 0
    assert table.loc["direct_deaths", "difference_low"] == 0


def test_the_cost_of_a_death_averted_is_that_of_the_means():
    rng = np.random.default_rng(1)
    averted = rng.lognormal(4, 1, 300)
    spent = rng.normal(10, 1, 300)
    row = effects_table(
        *one_point(
            direct_deaths=np.zeros(300), baseline_direct_deaths=averted,
            endowment_spent=spent, baseline_endowment_spent=np.zeros(300),
        )
    ).iloc[0]  # fmt: skip
    cost = 1e6 * spent.mean() / averted.mean()
    assert row["cost_per_death_averted"] == pytest.approx(cost)
    assert row["cost_per_death_averted_low"] < cost < row["cost_per_death_averted_high"]
    assert row["extra_spent"] == pytest.approx(spent.mean())


@pytest.mark.parametrize("sign", [1, -1])
def test_the_cost_of_deaths_that_may_not_be_averted_is_undefined(sign):
    change = np.tile([100.0, -90.0 * sign], 20)
    row = effects_table(
        *one_point(
            direct_deaths=np.where(change > 0, 0, -change),
            baseline_direct_deaths=np.where(change > 0, change, 0),
            endowment_spent=np.full(40, 5.0), baseline_endowment_spent=np.zeros(40),
        )
    ).iloc[0]  # fmt: skip
    undefined = np.isnan(row["cost_per_death_averted"])
    assert undefined == (row["deaths_averted_low"] <= 0)
    assert undefined == (sign == 1)


def test_a_mean_that_hangs_on_one_pair_says_so():
    deaths = np.array([0.0, 0.0, 100.0, 50.0])
    effects = effects_table(*one_point(direct_deaths=deaths * 0, baseline_direct_deaths=deaths))
    assert effects["largest_pair"].iloc[0] == pytest.approx(2 / 3)
    same = effects_table(*one_point(direct_deaths=deaths, baseline_direct_deaths=deaths))
    assert np.isnan(same["largest_pair"].iloc[0])


def test_points_are_compared_with_the_point_that_differs_in_nothing_else():
    points, paired = against(DESIGN, PAIRED, {"actors.dispersion": 0.0})
    starts = DESIGN.set_index("point")["action.start"]
    assert (starts[points["point"]].values == starts[points["baseline"]].values).all()
    assert (DESIGN.set_index("point").loc[points["baseline"], "actors.dispersion"] == 0).all()
    assert len(points) == 2 * 4 and len(paired) == 8 * 80
    one = paired[(paired["point"] == points["point"].iloc[0]) & (paired["replicate"] == 5)]
    other = PAIRED[(PAIRED["point"] == points["baseline"].iloc[0]) & (PAIRED["replicate"] == 5)]
    assert one["baseline_direct_deaths"].item() == other["direct_deaths"].item()


def test_a_reference_that_the_design_does_not_hold_is_one_line():
    with pytest.raises(ForestallError, match=r"against action\.start=7\.0: the design has no pair"):
        against(DESIGN, PAIRED, {"action.start": 7.0})


def test_the_order_of_the_runs_changes_no_number():
    shuffled = PAIRED.sample(frac=1, random_state=5)
    for table in (lambda runs: effects_table(DESIGN, runs),
                  lambda runs: outcome_differences(DESIGN, runs, OUTCOMES[:2], weeks=9)):  # fmt: skip
        pd.testing.assert_frame_equal(
            table(PAIRED).reset_index(drop=True), table(shuffled).reset_index(drop=True)
        )


@pytest.mark.parametrize("replicates", [1, 2, 80])
@pytest.mark.parametrize("deaths", [None, 0.0, 5000.0])
def test_the_figure_can_be_read_whatever_was_found(replicates, deaths):
    runs = PAIRED[PAIRED["replicate"] < replicates].copy()
    if deaths is not None:
        runs["direct_deaths"] = runs["baseline_direct_deaths"] = deaths
        runs["mass_killing"] = runs["baseline_mass_killing"] = float(deaths >= 1000)
    assert_readable(paired_differences(DESIGN, runs, title="A country of some name: " * 4))


def test_the_figure_of_a_large_design_shows_its_corners_and_says_what_it_leaves_out():
    design = make_design()
    figure = paired_differences(design, make_paired(design, replicates=20))
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(rows) == 4 <= MOST_POINTS
    assert "86 more points" in figure.legends[0].get_title().get_text()


def test_the_means_are_drawn_at_their_estimates():
    effects = effects_table(DESIGN, PAIRED)
    figure = paired_differences(DESIGN, PAIRED, effects=effects)
    drawn = {line.get_xdata()[0] for line in figure.axes[1].lines if len(line.get_xdata()) == 1}
    assert set(effects["deaths_averted"]) <= drawn


def test_no_run_is_said_in_words():
    figure = paired_differences(DESIGN, PAIRED.iloc[:0])
    assert "No runs yet" in figure.texts[0].get_text()
