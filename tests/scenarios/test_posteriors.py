"""The frozen ensembles are whole, name what they were made from, and pass their own diagnostics."""

from __future__ import annotations

import pytest
from files import load, names

from experiments.config import compose
from experiments.posterior import number_of_sets
from sim.parameters import NAMES, PARAMETERS

C_FACTS = {"1", "3.past_killing", "3.discriminated", "12.ratio", "22", "23", "29.median"}
RANGES = {one.name: (one.low, one.high) for one in PARAMETERS}


@pytest.mark.parametrize("name", names("posterior"))
def test_every_ensemble_has_two_hundred_sets_or_more_and_is_what_was_frozen(name: str) -> None:
    config = compose([f"posterior={name}"])
    assert number_of_sets(config) == load("posterior", name)["sets"] >= 200
    columns = {key: value for key, value in config["parameters"].items() if isinstance(value, list)}
    assert set(columns) <= set(NAMES)
    sets = set(zip(*columns.values(), strict=True))
    assert len(sets) == number_of_sets(config), "no set twice"


def test_the_ensemble_was_calibrated_on_the_facts_marked_c_alone() -> None:
    about = load("posterior", "calibrated")
    assert {fact["id"] for fact in about["facts"]} == C_FACTS
    assert 1 <= len(about["free"]) <= 12
    assert about["command"].startswith("forestall calibrate")
    assert "--quick" not in about["command"]


def test_known_parameters_were_recovered_as_often_as_the_intervals_say() -> None:
    rows = {row["parameter"]: row for row in load("posterior", "calibrated")["recovery"]}
    assert rows["all"]["truths"] >= 100
    assert 0.80 <= rows["all"]["covered"] <= 0.98


def test_the_prior_samples_what_the_calibration_is_about_over_its_whole_range() -> None:
    prior, about = compose(["posterior=prior"])["parameters"], load("posterior", "calibrated")
    names_of = {row["parameter"] for row in (*about["free"], *about["uncertain"])}
    assert set(prior) == names_of
    for row in about["free"]:
        low, high = RANGES[row["parameter"]]
        assert (row["prior_low"], row["prior_high"]) == pytest.approx((low, high), rel=1e-3)
        assert min(prior[row["parameter"]]) < low + 0.1 * (high - low)
        assert max(prior[row["parameter"]]) > high - 0.4 * (high - low)
