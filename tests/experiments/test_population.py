"""Sampled countries: they have the distribution of the real ones, name nobody, and are cheap."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.population import mapping
from experiments.population.covariates import (
    COVARIATES,
    NAMES,
    ORIGIN,
    PREDICTORS,
    read_country_years,
)
from experiments.population.summary import shipped, summarise
from experiments.population.worlds import (
    population_of,
    present_population,
    sample_crises,
    sample_population,
)
from sim.errors import ForestallError


def made_up_files(folder: Path, rows: int = 300) -> pd.DataFrame:
    """Write files of the shape that a user downloads, with figures of nobody."""
    draw = np.random.default_rng(0)
    drawn = shipped("country_years").sample(rows, seed=3)
    columns = {
        "ewp_name": [f"state {i % 30}" for i in range(rows)],
        "year": 2000 + np.arange(rows) // 30,
    }
    columns["ccode"] = np.arange(rows) % 30
    table = pd.DataFrame(columns)
    for one in COVARIATES:
        if one.name != "excluded":
            table[one.column] = drawn[one.name]
    table["mk_onset_1"] = (draw.random(rows) < 0.05).astype(float)
    table.to_csv(folder / PREDICTORS, index=False)
    table.rename(columns={"ccode": "countries_gwid"}).assign(exclpop=drawn["excluded"])[
        ["countries_gwid", "year", "exclpop"]
    ].to_csv(folder / "epr_growup_countryyear.csv", index=False)
    return drawn


def test_a_sample_has_the_marginals_and_rank_correlations_that_were_summed_up() -> None:
    summary = shipped("country_years")
    drawn = summary.sample(20_000, seed=1)
    again = summarise(drawn)
    for name in NAMES:
        loose = 0.04 if name == "excluded" else 0.02  # whoever is discriminated is excluded
        assert again.zeros[name] == pytest.approx(summary.zeros[name], abs=loose)
    off = np.abs(again.normal - summary.normal)
    assert np.median(off) < 0.03
    assert off.max() < 0.2  # the excluded hold the discriminated


def test_the_shipped_summary_names_no_country_and_holds_no_row() -> None:
    text = (files("experiments.population") / "summary.json").read_text(encoding="utf-8")
    for name in ("Rwanda", "Burundi", "Myanmar", "Sudan", "Syria", "China"):
        assert name not in text
    for one in json.loads(text)["summaries"].values():
        assert all(len(values) == 33 for values in one["quantiles"].values())
        assert one["rows"] > 100


def test_the_users_own_files_take_the_place_of_the_summary(tmp_path: Path) -> None:
    drawn = made_up_files(tmp_path)
    found = read_country_years(tmp_path)
    assert len(found) == len(drawn)
    assert found["infant_deaths"].mean() == pytest.approx(drawn["infant_deaths"].mean())
    assert "ewp_name" not in found.columns
    sampled = sample_population(40, seed=1, data=tmp_path)
    theirs = set(np.round(found["infant_deaths"], 9))
    assert set(np.round(sampled.covariates["infant_deaths"], 9)) <= theirs


def test_a_missing_file_or_column_is_named_with_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(
        ForestallError, match=f"{PREDICTORS} is missing; it comes from Early Warning"
    ):
        read_country_years(tmp_path)
    made_up_files(tmp_path)
    table = pd.read_csv(tmp_path / PREDICTORS).drop(columns="mk_ever")
    table.to_csv(tmp_path / PREDICTORS, index=False)
    with pytest.raises(ForestallError, match="has no column mk_ever"):
        read_country_years(tmp_path)
    assert set(ORIGIN) >= {PREDICTORS}


def test_strata_are_weighted_back_to_what_they_stand_for() -> None:
    found = sample_population(400, seed=2)
    past = found.covariates["past_killing"].to_numpy() > 0
    whole = shipped("country_years").sample(20_000, seed=2)
    assert past.mean() == pytest.approx(0.5)
    weighted = found.weight[past].sum() / found.weight.sum()
    assert weighted == pytest.approx((whole["past_killing"] > 0).mean(), abs=0.01)


def test_every_kind_of_country_is_simulated_on_every_map() -> None:
    found = sample_population(64, seed=2)
    past = found.covariates["past_killing"].to_numpy() > 0
    discriminated = found.covariates["discriminated"].to_numpy() > 0
    for one in (past, ~past):
        for other in (discriminated, ~discriminated):
            assert set(found.geography[one & other]) == set(range(8))


def row(**changed: float) -> dict[str, float]:
    """Return a middling country-year."""
    plain = dict.fromkeys(NAMES, 0.0)
    plain |= {"people": 23.0, "infant_deaths": 6.0, "free_discussion": 0.6, "fractionalised": 0.4}
    return plain | changed


@pytest.mark.parametrize(("covariate", "value", "figure"), [
    ("past_killing", 1.0, lambda c: -mapping.society_of(c)["trust"]),
    ("past_killing", 1.0, lambda c: -mapping.government_of(c)["commitment"]),
    ("excluded", 0.3, mapping.second_share),
    ("excluded", 0.3, mapping.second_exclusion),
    ("recent_coup", 1.0, lambda c: mapping.shocks_of(c)[0]["rate"]),
    ("battle_deaths", 10.0, lambda c: mapping.armed_groups_of(c)["rebels"]["strength"]),
    ("equal_rights", 1.0, lambda c: mapping.government_of(c)["accountability"]),
    ("killing_approved", 1.0, lambda c: -mapping.armed_groups_of(c)["army"]["discipline"]),
    ("society_repressed", 1.0, lambda c: -mapping.society_of(c)["civil_society"]),
    ("free_discussion", 0.9, lambda c: mapping.society_of(c)["civil_society"]),
    ("fractionalised", 0.48, mapping.second_share),
    ("infant_deaths", 10.0, lambda c: -mapping.government_of(c)["capacity"]),
    ("people", 24.0, mapping.people_of),
])  # fmt: skip
def test_every_covariate_moves_what_the_mapping_says(covariate, value, figure) -> None:
    assert figure(row(**{covariate: value})) > figure(row())


def test_the_discriminated_are_shut_out_further_than_the_powerless() -> None:
    powerless = row(excluded=0.3)
    assert mapping.second_exclusion(
        row(excluded=0.3, discriminated=0.3)
    ) > mapping.second_exclusion(powerless)
    assert {link.covariate for link in mapping.MAPPING} == set(NAMES)


def test_a_sampled_country_has_the_people_and_the_groups_of_its_covariates() -> None:
    covariates = pd.DataFrame([row(excluded=0.3, people=22.0), row(people=30.0)])
    small, large = population_of(covariates, seed=1).scenarios
    people = small.country.people
    assert people.sum() == pytest.approx(2.0**22, rel=0.001)
    assert people[1].sum() / people.sum() == pytest.approx(0.3, abs=0.01)
    assert large.country.people.sum() == pytest.approx(mapping.MOST_PEOPLE, rel=0.001)
    assert small.start == np.inf


def test_countries_of_the_same_covariates_differ_by_what_these_leave_open() -> None:
    alike = pd.DataFrame([row(excluded=0.3)] * 400)
    one, again, other = (population_of(alike, seed=seed).scenarios for seed in (1, 1, 2))
    spread = mapping.UNEXPLAINED
    for read, said in (
        (lambda c: c.government.commitment, mapping.government_of(row())["commitment"]),
        (lambda c: c.society.trust, mapping.society_of(row())["trust"]),
        (lambda c: c.armed_groups[0].discipline, 0.7),
        (lambda c: c.country.exclusion[1, 0], mapping.second_exclusion(row(excluded=0.3))),
    ):
        found, twin, differs = (np.array([read(c) for c in many]) for many in (one, again, other))
        assert np.array_equal(found, twin)
        assert not np.array_equal(found, differs)
        # Five standard errors of a mean, and of a standard deviation, of 400.
        assert found.mean() == pytest.approx(said, abs=5.0 * spread / 20.0)
        assert found.std() == pytest.approx(spread, abs=5.0 * spread / 28.0)


def scalars(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every figure below a node by its dotted name."""
    for key, entry in tree.items():
        if isinstance(entry, dict):
            yield from scalars(entry, f"{above}{key}.")
        else:
            yield f"{above}{key}", entry


def test_each_deviation_moves_its_own_figure_and_none_leaves_its_scale() -> None:
    plain = dict(scalars(mapping.country_of(row())))
    for place, figure in enumerate(mapping.OPEN_FIGURES):
        deviations = np.eye(mapping.OPEN)[place].tolist()
        moved = dict(scalars(mapping.country_of(row(), deviations)))
        assert [key for key in plain if moved[key] != plain[key]] == [figure]
    for far in (-40.0, 40.0):
        beyond = mapping.country_of(row(), [far] * mapping.OPEN)
        assert all(0.0 <= value <= 1.0 for value in beyond["society"].values())
        assert 0.0 <= mapping.second_exclusion(row(), far) <= 0.9


def test_crises_are_countries_at_risk_where_outsiders_may_act() -> None:
    found = sample_crises(20, seed=1)
    assert all(one.start == 0.0 and one.shock_week == 26 for one in found.scenarios)
    factors = (
        found.covariates[["past_killing", "discriminated", "recent_coup", "battle_deaths"]] > 0
    )
    assert ((factors.sum(axis=1) + (found.covariates["equal_rights"] < 0.5)) >= 3).all()


def test_present_countries_carry_the_forecast_that_is_not_their_input() -> None:
    found = present_population(seed=1, countries=60)
    assert len(found) == 60
    assert found.covariates["risk"].between(0.0, 0.2).all()
