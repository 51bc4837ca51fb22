"""Every outside fact is declared with its band, and a broken model changes what a family says."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up_records import RING, Given, happened, records

import experiments
from analysis.hawkes import simulate_hawkes
from analysis.plots.facts_overview import position
from experiments import validate
from experiments.population.covariates import NAMES
from experiments.population.summary import shipped
from experiments.validate import main
from experiments.validation.check import FAMILIES, check, facts
from experiments.validation.estimates import NOTHING, normal
from experiments.validation.evidence import QUICK, Arm, Evidence
from experiments.validation.facts import MISSED, REPORTED, REPRODUCED, UNDECIDABLE, Fact, Statistic
from experiments.validation.records import Records
from experiments.validation.table import as_csv, as_json
from sim.errors import ForestallError

# id, part: use and band, as the list of outside facts gives them.
LISTED: dict[tuple[int, str], tuple[str, float, float]] = {
    (1, ""): ("C", 0.006, 0.016),
    (2, "rank"): ("V", 0.66, 1.0),
    (2, "gain"): ("V", 0.0, 1.0),
    (2, "roc"): ("V", 0.0, 1.0),
    (3, "past_killing"): ("C", 1.5, 6.0),
    (3, "discriminated"): ("C", 1.5, 6.0),
    (3, "coup"): ("V", 1.6, 6.4),
    (3, "battle_deaths"): ("V", 1.65, 6.6),
    (3, "equal_rights"): ("V", 0.075, 0.3),
    (4, ""): ("V", 0.15, 0.40),
    (5, "spared"): ("V", 0.6, math.inf),
    (5, "modes"): ("V", 0.5, math.inf),
    (6, "median"): ("V", 3.0, 12.0),
    (6, "modes"): ("V", 0.02, 0.5),
    (7, ""): ("V", 0.5, 1.0),
    (9, "exponent"): ("V", 2.0, 3.0),
    (9, "equal_places"): ("V", 2.0, 3.0),
    (9, "goodness"): ("V", -math.inf, math.inf),
    (9, "log_normal"): ("V", -math.inf, math.inf),
    (10, "tenth"): ("V", 0.65, 0.90),
    (10, "hundredth"): ("V", -math.inf, math.inf),
    (11, "branching"): ("V", 0.3, 0.7),
    (11, "memory"): ("V", 2.0, 8.0),
    (12, "ratio"): ("C", 1.3, 3.0),
    (12, "peacekeepers"): ("V", -math.inf, math.inf),
    (12, "moran"): ("V", 0.8, math.inf),
    (12, "moran_permutations"): ("V", -math.inf, math.inf),
    (13, "troops"): ("S", 0.02, 0.6),
    (13, "police"): ("S", -math.inf, 1.0),
    (13, "observers"): ("S", -math.inf, math.inf),
    (13, "police in a mission"): ("S", -math.inf, math.inf),
    (15, ""): ("V", 0.30, 0.70),
    (16, "violence"): ("S", -math.inf, 0.0),
    (16, "duration"): ("S", -math.inf, 1.0),
    (16, "peace"): ("S", -math.inf, 1.0),
    (18, "challenge"): ("V", -math.inf, math.inf),
    (18, "impartial"): ("V", -math.inf, math.inf),
    (18, "long_run"): ("V", -math.inf, math.inf),
    (21, "unenforced"): ("V", -math.inf, math.inf),
    (21, "enforced"): ("V", -math.inf, math.inf),
    (21, "log_rank"): ("V", -math.inf, math.inf),
    (22, ""): ("C", 1.0, 3.0),
    (23, ""): ("C", 3.0, 9.0),
    (25, ""): ("V", -math.inf, 1.0 / 3.0),
    (26, "effect"): ("S", -math.inf, 1.0),
    (26, "persistence"): ("S", -math.inf, 1.0),
    (32, ""): ("V", 0.35, 0.70),
    (28, "courts"): ("V", -math.inf, 1.0),
    (28, "both"): ("V", -math.inf, 1.0),
    (28, "truth"): ("V", -math.inf, math.inf),
    (29, "median"): ("C", 1.0, 8.0),
    (29, "aid"): ("V", -math.inf, 1.0),
    (30, "outflow"): ("V", -math.inf, 0.2),
    (30, "per_death"): ("V", 5.0, 100.0),
    (31, "deaths"): ("V", -math.inf, math.inf),
    (31, "onset"): ("V", -math.inf, math.inf),
}
FAMILY = {
    1: "base rates", 2: "base rates", 3: "risk factors", 4: "restraint", 5: "restraint",
    6: "duration", 7: "duration", 9: "tails", 10: "tails", 11: "contagion in time",
    12: "contagion in space", 13: "peacekeeping", 15: "peacekeeping", 16: "peacekeeping",
    18: "partisanship", 21: "settlement", 22: "coordination", 23: "deployment", 25: "contact",
    26: "local justice", 28: "justice", 29: "indirect deaths", 30: "displacement",
    31: "moral hazard", 32: "recurrence",
}  # fmt: skip


def test_every_outside_fact_is_declared_once_with_its_family_use_and_band() -> None:
    found = {
        (fact.id, one.part): (one.use, one.low, one.high)
        for fact in facts()
        for one in fact.statistics
    }
    assert found == LISTED
    assert {fact.id: fact.family for fact in facts()} == FAMILY
    assert len(facts()) == len(FAMILY)
    assert len(FAMILIES) == len(set(FAMILY.values()))
    assert all(fact.source and fact.fact for fact in facts())


def statistic(number: int, part: str = "") -> Statistic:
    fact = next(one for one in facts() if one.id == number)
    return next(one for one in fact.statistics if one.part == part)


# --- status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "error", "status"), [
    (2.0, 0.1, REPRODUCED), (2.9, 0.2, UNDECIDABLE), (3.1, 0.2, UNDECIDABLE), (4.0, 0.2, MISSED),
    (0.5, 0.1, MISSED), (math.nan, math.nan, UNDECIDABLE),
])  # fmt: skip
def test_a_status_is_where_the_interval_lies_to_the_band(
    value: float, error: float, status: str
) -> None:
    assert statistic(22).status(normal(value, error, 100)) == status


def test_no_effect_at_all_does_not_reproduce_a_sign() -> None:
    one = statistic(26, "effect")
    assert one.status(normal(1.0, 0.0, 100)) == MISSED
    assert one.status(normal(0.99, 0.0, 100)) == REPRODUCED
    assert one.status(normal(0.99, 0.1, 100)) == UNDECIDABLE
    assert one.band == "below 1"


def test_without_a_band_an_estimate_is_reported_and_the_worst_part_is_the_facts() -> None:
    assert statistic(31, "onset").status(NOTHING) == REPORTED
    assert Fact.status([REPRODUCED, MISSED, REPORTED]) == MISSED
    assert Fact.status([REPRODUCED, UNDECIDABLE]) == UNDECIDABLE
    assert Fact.status([REPRODUCED, REPORTED]) == REPRODUCED
    assert Fact.status([REPORTED]) == REPORTED


# --- one mutation a family: as the record says, and broken ----------------------------------------


def onsets(share: float) -> Given:
    return Given(population=records(4000, outcomes={"mass_killing": happened(4000, share * 5)}))


def onsets_by(covariate: str, exposed: float, others: float) -> Given:
    table = records(8000).covariates
    has = table[covariate].to_numpy() > 0
    draw = np.random.default_rng(3).random(8000)
    killing = draw < np.where(has, exposed, others)
    return Given(population=records(8000, covariates=table, outcomes={"mass_killing": killing}))


def crises(share: float) -> Given:
    return Given(tense=records(400, outcomes={"mass_killing": happened(400, share)}))


def durations(years: float) -> Given:
    drawn = np.random.default_rng(1).exponential(52.0 * years, 400)
    return Given(lasting=records(400, outcomes={
        "mass_killing": 1.0, "duration_weeks": drawn, "end_week": drawn,
    }))  # fmt: skip


def yearly(heavy: float) -> Given:
    draw = np.random.default_rng(2)
    deaths = np.zeros((400, 260))
    deaths[:, ::52] = np.ceil(draw.lognormal(3.0, heavy, (400, 5)))
    return Given(population=records(400, deaths=deaths))


def excited(branching: float) -> Given:
    weekly = np.stack([
        simulate_hawkes(260, base=1.0, branching=branching, memory=4.0, seed=seed)
        for seed in range(60)
    ])  # fmt: skip
    places = np.zeros((260, 60, RING * 4))
    for run, row in enumerate(weekly):
        for week, count in enumerate(row.astype(int)):
            places[week, run, :count] = 1.0
    return Given(tense=records(60, period=1, place_deaths=places))


def clustered(together: bool) -> Given:
    deaths = np.zeros((39, 100, RING))
    deaths[0, :, :] = np.where(np.arange(RING) < RING // 2, 1000.0, 0.0)
    if not together:
        deaths[0, :, :] = np.where(np.arange(RING) % 2, 1000.0, 0.0)
    return Given(maps=records(100, weeks=156, place_deaths=deaths))


def paired(effect: Callable[[Arm], float], *, of: str) -> Given:
    """Return arms whose deaths, or another column, are those without action times a factor."""
    draw = np.random.default_rng(5)
    base = draw.lognormal(4.0, 0.3, 300)

    def run(arm: Arm) -> Records:
        weeks, factor = 52 * arm.years, effect(arm)
        noisy = base * factor * draw.lognormal(0.0, 0.05, 300)
        asked = arm.measures.get("peacekeeping", {}).get("intensity", 0.0)
        columns: dict[str, Any] = {
            "deaths": np.repeat(noisy[:, None], weeks, axis=1),
            "peacekeepers": np.full((300, weeks), asked),
            "place_deaths": (draw.random((weeks // 4, 300, RING)) < 0.3 * factor).astype(float),
        }
        outcomes = {
            "direct_deaths": 100.0, "indirect_deaths": 400.0 * factor * draw.lognormal(0, 0.1, 300),
            "end_week": 20.0,
            "recurrence_week": np.where(happened(300, 0.4 * factor) > 0, 60.0, -1.0),
        }  # fmt: skip
        return records(300, weeks=weeks, outcomes=outcomes, **columns)

    return Given(arms=run)


def helps(name: str, factor: float) -> Given:
    return paired(lambda arm: factor if name in arm.measures else 1.0, of="deaths")


def partial(share: float) -> Given:
    """Return arms of dialogue in which the rest gains a share of what participants do."""

    def run(arm: Arm) -> Records:
        part = arm.measures.get("community_dialogue", {}).get("intensity", 0.0)
        noise = np.random.default_rng(1).normal(0.0, 0.001, 300)
        gain = (0.1 + noise) * (part + (1.0 - part) * share * (part > 0))
        return records(300, weeks=104, trust=np.full((26, 300), 0.5) + gain)

    return Given(arms=run)


def agreements(weeks: int) -> Records:
    agreement = np.zeros((50, 520))
    agreement[:, 10 : 10 + weeks] = 1.0
    return records(50, weeks=520, agreement=agreement)


def displaced(each: float) -> Given:
    draw = np.random.default_rng(1)
    people = np.repeat(100.0 * each * draw.lognormal(0, 0.3, (300, 1)), 10, axis=1)
    return Given(tense=records(300, outcomes={"direct_deaths": 100.0}, displaced=people))


def forums(count: float) -> Given:
    shown = np.full((39, 100), count) + np.random.default_rng(1).normal(0, 0.1, 100)
    return Given(crises=records(100, weeks=156, forums=shown))


def arrivals(months: float) -> Given:
    weeks = np.random.default_rng(1).normal(months * 4.35, 2.0, 200)
    return Given(crises=records(200, outcomes={"mandate_week": 10.0, "arrival_week": 10.0 + weeks}))


def recurring(share: float) -> Given:
    again = np.where(happened(400, share) > 0, 200.0, -1.0)
    return Given(lasting=records(400, outcomes={"end_week": 50.0, "recurrence_week": again}))


MUTATIONS: dict[str, tuple[int, str, Given, Given]] = {
    "base rates": (1, "", onsets(0.010), onsets(0.05)),
    "risk factors": (
        3, "coup", onsets_by("recent_coup", 0.09, 0.03), onsets_by("recent_coup", 0.03, 0.09)
    ),
    "restraint": (4, "", crises(0.28), crises(0.8)),
    "duration": (6, "median", durations(10.0), durations(0.5)),
    "tails": (10, "tenth", yearly(2.0), yearly(0.2)),
    "contagion in time": (11, "branching", excited(0.5), excited(0.0)),
    "contagion in space": (12, "moran", clustered(True), clustered(False)),
    "peacekeeping": (
        13, "troops", helps("peacekeeping", 0.3), helps("peacekeeping", 1.5)
    ),
    "coordination": (22, "", forums(2.0), forums(5.0)),
    "deployment": (23, "", arrivals(6.0), arrivals(1.0)),
    "contact": (25, "", partial(0.1), partial(0.8)),
    "local justice": (
        26, "persistence", helps("community_dialogue", 0.7), helps("community_dialogue", 1.4)
    ),
    "recurrence": (32, "", recurring(0.55), recurring(1.0)),
    "justice": (28, "courts", helps("prosecution", 0.3), helps("prosecution", 2.2)),
    "indirect deaths": (29, "aid", helps("humanitarian_aid", 0.5), helps("humanitarian_aid", 1.5)),
    "displacement": (30, "per_death", displaced(30.0), displaced(900.0)),
}  # fmt: skip


@pytest.mark.parametrize("family", MUTATIONS)
def test_a_broken_model_changes_the_status_of_its_family(family: str) -> None:
    number, part, sound, broken = MUTATIONS[family]
    assert FAMILY[number] == family
    one = statistic(number, part)
    assert one.status(one.measure(sound)) == REPRODUCED  # type: ignore[arg-type]
    assert one.status(one.measure(broken)) == MISSED  # type: ignore[arg-type]


def test_families_without_a_band_report_another_number_when_the_model_is_broken() -> None:
    without = {fact.family for fact in facts()} - MUTATIONS.keys()
    assert without == {"partisanship", "settlement", "moral hazard"}
    challenge = statistic(18, "challenge").measure
    assert (
        challenge(helps("prosecution", 0.5)).high < 0.0 < challenge(helps("prosecution", 2.0)).low
    )
    unenforced = statistic(21, "unenforced").measure
    lasting, brief = (
        unenforced(Given(arms=lambda arm, weeks=weeks: agreements(weeks))) for weeks in (300, 20)
    )
    assert lasting.high < brief.low
    hazard = statistic(31, "deaths").measure
    emboldened = paired(lambda arm: 1.3 if arm.switches.get("moral_hazard") else 1.0, of="deaths")
    assert hazard(emboldened).low > 0.0


def test_two_modes_are_seen_and_one_is_not() -> None:
    draw = np.random.default_rng(1)
    one = np.exp(draw.normal(5.0, 1.0, 600)).round()
    two = np.exp(np.where(np.arange(600) % 2, 2.5, 9.0) + draw.normal(0, 0.7, 600)).round()
    modes = statistic(5, "modes").measure
    found = [
        modes(Given(starts=records(600, replicates=100, outcomes={"direct_deaths": deaths}))).value
        for deaths in (one, two)
    ]
    assert found[0] < 0.5
    assert found[1] == 1.0


def test_the_riskiest_tenth_is_chosen_by_other_runs_than_those_counted() -> None:
    killing = np.zeros((20, 10))
    killing[:2, :5] = 1.0  # riskiest by the first half, spared in the second
    given = Given(present=records(200, replicates=10, outcomes={"mass_killing": killing.ravel()}))
    assert statistic(5, "spared").measure(given).value == pytest.approx(1.0)


def test_rank_correlation_is_compared_with_the_best_single_input() -> None:
    table = shipped("present").sample(100, seed=1)
    repeated = table.loc[table.index.repeat(50)].reset_index(drop=True)[[*NAMES, "risk"]]
    rank = table["risk"].rank().to_numpy() / 100
    killing = (np.arange(50) / 50 < rank[:, None]).astype(float).ravel()
    given = Given(
        present=records(
            5000, replicates=50, covariates=repeated, outcomes={"mass_killing": killing}
        )
    )
    assert statistic(2, "rank").measure(given).value > 0.99
    assert statistic(2, "gain").measure(given).value > 0.1
    assert statistic(2, "roc").measure(given) is NOTHING


def test_recorded_onsets_are_told_from_others_by_the_area_under_the_curve() -> None:
    table = pd.concat([shipped("country_years").sample(100, seed=1)] * 1)
    table = table.assign(onset=(np.arange(100) < 30).astype(float))
    repeated = table.loc[table.index.repeat(20)].reset_index(drop=True)
    killing = np.repeat(np.where(np.arange(100) < 30, 0.5, 0.1), 20) > np.tile(
        np.arange(20) / 20, 100
    )
    given = Given(
        recorded=records(
            2000, replicates=20, covariates=repeated, outcomes={"mass_killing": killing}
        )
    )
    assert statistic(2, "roc").measure(given).value > 0.2


def test_the_fastest_runs_are_told_by_their_speed_and_not_by_their_first_quarter() -> None:
    deaths = np.zeros((100, 260))
    deaths[:, 10:12] = 600.0
    deaths[:, 100:104] = 100.0
    outcomes = {"mass_killing": 1.0, "onset_week": 11.0, "duration_weeks": 94.0}
    found = statistic(7).measure(Given(tense=records(100, deaths=deaths, outcomes=outcomes)))
    assert found.value == pytest.approx(1200 / 1600)


# --- output ---------------------------------------------------------------------------------------


def test_json_holds_every_fact_with_what_a_reader_asks_for() -> None:
    given = Given(population=records(200), crises=records(200))
    chosen = [fact for fact in facts() if fact.id in (1, 22)]
    read = json.loads(as_json(check(given, chosen=chosen), {"size": "made up"}))  # type: ignore[arg-type]
    assert [entry["id"] for entry in read["facts"]] == [1, 22]
    for entry in read["facts"]:
        assert {"id", "family", "statistic", "band", "status", "statistics"} <= entry.keys()
        assert entry["status"] in (REPRODUCED, MISSED, UNDECIDABLE, REPORTED)
    assert read["facts"][1]["statistics"][0]["value"] is None
    table = as_csv(check(given, chosen=chosen))  # type: ignore[arg-type]
    assert table.splitlines()[0].startswith("id,part,family,use")


def test_a_parameter_that_is_broken_is_seen_from_end_to_end() -> None:
    deployment = [fact for fact in facts() if fact.id == 23]
    from sim.parameters import parameter_row

    statuses = [
        check(Evidence(QUICK, parameters=parameter_row(row)), chosen=deployment)[0].status
        for row in ({}, {"deployment_delay": 40.0})
    ]
    assert statuses == [REPRODUCED, MISSED]


def test_an_ensemble_is_shared_out_over_the_countries_and_arms_keep_their_own_parameters() -> None:
    from sim.parameters import NAMES as PARAMETERS
    from sim.parameters import parameter_row

    rows = np.stack(
        [parameter_row({"deployment_delay": 1.0}), parameter_row({"deployment_delay": 40.0})]
    )
    evidence = Evidence(QUICK, parameters=rows)
    crises = evidence._crises(16, Arm(parameters={"enforcement_prior": 0.9}))
    shared = evidence.shared_out(crises)
    assert all(one.parameters[PARAMETERS.index("enforcement_prior")] == 0.9 for one in shared)
    delays = [one.parameters[PARAMETERS.index("deployment_delay")] for one in shared]
    assert set(delays) == {1.0, 40.0}
    again = [one.parameters for one in evidence.shared_out(crises)]
    assert np.array_equal(again, [one.parameters for one in shared])


def test_more_runs_of_the_same_countries_are_more_countries_and_no_other_question() -> None:
    wide = QUICK.times(3)
    assert (wide.population, wide.arms, wide.starts) == (720, 144, 9)
    assert (wide.years, wide.present, wide.seeds) == (QUICK.years, QUICK.present, QUICK.seeds)
    assert (wide.name, QUICK.times(1)) == ("quick x 3", QUICK)
    chosen = [fact for fact in facts() if fact.family == "deployment"]
    once, more = (
        next(iter(check(Evidence(size), chosen=chosen)[0].found.values())) for size in (QUICK, wide)
    )
    assert more.n > 2 * once.n
    assert more.high - more.low < once.high - once.low


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_table_json_and_figures_and_says_that_quick_is_no_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["--family", "deployment", "--family", "displacement"]
    assert main(["--quick", "posterior=null", *chosen, str(tmp_path / "found")]) == 0
    said = capsys.readouterr().out
    assert "quick: few runs" in said
    assert "2 facts in 2 families" in said
    files = {file.name for file in (tmp_path / "found").iterdir()}
    assert files == {
        "facts.csv", "facts.json", "facts.png", "facts_deployment.png", "facts_displacement.png",
    }  # fmt: skip
    read = json.loads((tmp_path / "found" / "facts.json").read_text(encoding="utf-8"))
    assert read["size"] == "quick"
    assert [entry["id"] for entry in read["facts"]] == [23, 30]


def test_the_page_says_what_was_missed_and_what_was_not_measured(tmp_path: Path) -> None:
    arguments = ["--quick", "posterior=null", "--family", "displacement"]
    assert main([*arguments, "--page", str(tmp_path / "PAGE.md")]) == 0
    page = (tmp_path / "PAGE.md").read_text(encoding="utf-8")
    missed = page.partition("## Missed")[2].partition("## Undecidable")[0]
    assert "30 per death" in missed
    assert "for want of data or of runs: 30 outflow" in page
    assert "forestall validate --quick" in page
    assert (tmp_path / "validation.png").is_file()
    assert "{" not in page


def test_the_calibrated_ensemble_is_taken_where_the_project_holds_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "scenarios_folder", lambda: tmp_path)
    given = ["parameters.threat_fade=0.1"]
    assert validate._with_posterior(given) == given
    (tmp_path / "posterior").mkdir()
    (tmp_path / "posterior" / "calibrated.yaml").write_text("name: calibrated")
    assert validate._with_posterior(given) == ["posterior=calibrated", *given]
    assert validate._with_posterior(["posterior=null"]) == ["posterior=null"]


@pytest.mark.parametrize(("arguments", "said"), [
    (["weeks=3"], "weeks: validate takes parameters"),
    (["parameters.threat_fade=0.1,0.2"], "takes one value"),
    (["--family", "tail"], "tails"),
    (["one", "two"], "one folder"),
    (["--data", "nowhere"], "nowhere is no folder"),
    (["--times", "0"], "--times: 0 is not allowed, expected 1 to 64"),
    (["parameters.threat_fde=0.1"], "threat_fade"),
])  # fmt: skip
def test_a_mistake_is_one_line_that_names_it(arguments: list[str], said: str) -> None:
    with pytest.raises(ForestallError, match=said):
        main(["--quick", *arguments])


def test_bands_are_drawn_alike_and_ratios_on_their_own_scale() -> None:
    assert position(2.0, 1.0, 3.0, log=False) == pytest.approx(0.0)
    assert position(2.0, 1.0, 4.0, log=True) == pytest.approx(0.0)
    assert position(2.0, -math.inf, 1.0, log=True) == pytest.approx(2.0)
    assert position(0.9, 0.6, math.inf, log=False) == pytest.approx(-0.5)
    assert position(0.0, 1.0, 4.0, log=True) == -math.inf


def test_the_page_in_the_project_holds_every_fact_and_no_place_of_a_machine() -> None:
    page = (Path(experiments.__file__).parent / "VALIDATION.md").read_text(encoding="utf-8")
    listed = page.partition("## Facts by family")[2].partition("## Which countries")[0]
    for number, family in FAMILY.items():
        assert f"| {family} | {number} |" in listed
    for number, part in LISTED:
        assert f"| {number} {part.replace('_', ' ')}".rstrip() + " |" in page
    assert "size full" in page
    assert re.search(r"[ `(=]/\w", page) is None
