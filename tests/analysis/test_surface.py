"""The surface table: one row a point, equal to the statistics of that point's pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_up_results import make_design, make_paired

from analysis.plots.figure import MINUS
from analysis.statistics import paired_effects
from analysis.surface import (
    arrival_label,
    contrasting_points,
    intervals,
    lever_label,
    other_levers,
    point_label,
    readable_surface,
    surface_table,
)
from sim.errors import ForestallError

DESIGN = make_design()
PAIRED = make_paired(DESIGN, replicates=60)


def test_a_row_holds_the_effects_of_its_point():
    surface = surface_table(DESIGN, PAIRED, resamples=200)
    row = surface[surface["point"] == "p1-2-3"].iloc[0]
    effects = paired_effects(PAIRED[PAIRED["point"] == "p1-2-3"], resamples=200)
    assert row["n"] == 60
    assert row["correlation"] == effects.pairing.correlation
    for name in ("risk_difference", "deaths_averted", "probability_harm"):
        found = (row[name], row[f"{name}_low"], row[f"{name}_high"])
        assert found == getattr(effects, name)


def test_baselines_have_no_row_and_treatments_keep_the_order_of_the_design():
    surface = surface_table(DESIGN, PAIRED, resamples=50)
    acting = DESIGN[DESIGN["point"] != DESIGN["baseline"]]
    assert surface["point"].tolist() == acting["point"].tolist()


def test_the_order_of_the_runs_changes_no_bit():
    shuffled = PAIRED.sample(frac=1, random_state=3)
    counted = ["n", "p_mass_killing", "risk_difference_low", "probability_harm_high"]
    one, other = (surface_table(DESIGN, table, resamples=50) for table in (PAIRED, shuffled))
    pd.testing.assert_frame_equal(one[counted], other[counted])
    assert one["deaths_averted_high"].tolist() == other["deaths_averted_high"].tolist()


def test_a_point_without_a_run_yet_has_no_number():
    surface = surface_table(DESIGN, PAIRED[PAIRED["point"] != "p0-0-0"], resamples=50)
    row = surface[surface["point"] == "p0-0-0"].iloc[0]
    assert row["n"] == 0
    assert np.isnan(row["p_mass_killing"])
    assert readable_surface(surface).iloc[0]["mass killing %"] == "-"


def test_no_point_gives_the_columns_and_no_row():
    full = surface_table(DESIGN, PAIRED, resamples=50)
    empty = surface_table(DESIGN.iloc[:0], PAIRED.iloc[:0])
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert len(readable_surface(empty)) == 0


def test_the_table_for_the_terminal_says_start_arrival_and_interval():
    text = readable_surface(surface_table(DESIGN, PAIRED, resamples=50)).iloc[-1]
    assert text["action.start"] == "104"
    assert text["action.arrival"] == "start + 26"
    assert "[" in text["deaths averted"]


def test_a_run_of_an_unknown_point_is_refused():
    with pytest.raises(ForestallError, match="not in the design"):
        surface_table(DESIGN, PAIRED.assign(point="elsewhere"))


def test_a_replicate_listed_twice_is_refused():
    with pytest.raises(ForestallError, match="twice"):
        surface_table(DESIGN, pd.concat([PAIRED, PAIRED.iloc[:1]]))


def test_an_unknown_effect_is_named():
    with pytest.raises(ForestallError, match="'unity'"):
        intervals(surface_table(DESIGN, PAIRED, resamples=50), "unity")


def test_the_contrast_is_the_four_corners_with_bargained_arrival():
    assert contrasting_points(DESIGN) == ["p0-0-0", "p0-4-0", "p0-0-8", "p0-4-8"]


def test_one_treatment_is_its_own_contrast_and_none_has_none():
    alone = make_design(starts=(0.0,), dispersions=(0.5,), arrivals=(np.nan,))
    assert contrasting_points(alone) == ["p0-0-0"]
    assert contrasting_points(alone[alone["point"] == alone["baseline"]]) == []


def with_doses():
    """Return the united bargained points twice, under two doses, and baselines of a third dose."""
    name = "interventions.aid.intensity"
    some = DESIGN[(DESIGN["actors.dispersion"] == 0) & DESIGN["action.arrival"].isna()]
    none, acting = some[some["point"] == some["baseline"]], some[some["point"] != some["baseline"]]
    doses = [acting.assign(**{name: dose}) for dose in (5000.0, 0.0)]
    doses[1] = doses[1].assign(point=doses[1]["point"] + "-without")
    return pd.concat([*doses, none.assign(**{name: 700.0})], ignore_index=True)


def test_other_levers_vary_over_points_that_act():
    points = with_doses()
    assert other_levers(points) == ["interventions.aid.intensity"]
    only = points[points["interventions.aid.intensity"] != 0]
    assert other_levers(only) == []
    assert other_levers(DESIGN) == []


def test_both_ends_of_another_lever_are_shown():
    points = with_doses()
    shown = points.set_index("point").loc[contrasting_points(points)]
    assert set(shown["interventions.aid.intensity"]) == {0.0, 5000.0}
    assert "aid intensity 5,000" in point_label(points, shown.index[0])


def test_levers_are_said_in_words():
    assert lever_label("interventions.aid.intensity", 2500) == "aid intensity 2,500"
    assert lever_label("mechanisms.mandate_bargaining", 0.0) == "mechanisms mandate bargaining off"
    assert lever_label("interventions.aid.coverage", "all") == "aid coverage all"
    assert arrival_label(float("nan")) == "arrival bargained"
    assert arrival_label(26.0) == "arrival fixed 26 weeks after the start"


def test_a_label_says_the_levers_in_words():
    assert point_label(DESIGN, "p0-0-0") == f"start {MINUS}26, united"
    assert point_label(DESIGN, "p1-2-5") == "start +13, dispersion 0.5, arrival fixed +26"
    assert point_label(DESIGN, "b4") == "never, divided"


def test_a_label_that_would_name_more_levers_than_one_can_read_names_the_point():
    many = {f"parameters.p{k}": np.arange(len(DESIGN)) / 7 for k in range(4)}
    assert point_label(DESIGN.assign(**many), "p0-0-0") == "design point p0-0-0"
    del many["parameters.p3"]
    assert "parameters p2 " in point_label(DESIGN.assign(**many), "p0-0-0")


def test_a_misspelt_point_names_its_near_match():
    with pytest.raises(ForestallError, match="did you mean"):
        point_label(DESIGN, "p0-0-O")
