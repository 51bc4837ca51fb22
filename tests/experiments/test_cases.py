"""The table of cases says what came out, beside what was recorded, and nothing was fitted."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_sweep import ROOT

from experiments import cases
from experiments.cases import Case, Spread, compare_case, main
from experiments.cases_text import _discrimination, as_rows, csv_of, presence_table, table
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.points import with_levers
from experiments.records import Recorded, recorded_cases
from sim.engines import run
from sim.errors import ForestallError
from sim.outcomes import OUTCOMES, SERIES, O, Z

PAGE = (ROOT / "scenarios" / "CASES.md").read_text(encoding="utf-8")
FEW = ["replicates=6", "seed=3"]


@pytest.fixture(scope="module")
def burundi() -> Case:
    return compare_case("burundi_2015", FEW)


def test_a_record_is_within_at_the_edge_above_or_below_the_middle_of_the_runs() -> None:
    spread = Spread(low=10, median=50, high=90, below_record=0.5)

    def place(low: float, best: float, high: float) -> str:
        return spread.place(Recorded(best=best, low=low, high=high, source="x", grade="A"))

    assert place(91, 95, 100) == "above"
    assert place(0, 5, 9) == "below"
    assert place(80, 95, 200) == place(0, 5, 10) == "edge"
    assert place(0, 10, 200) == place(0, 90, 200) == "within"


def test_the_runs_are_those_of_the_actual_course_with_figures_drawn_from_their_ranges() -> None:
    config = compose(["country=burundi_2015", "course=actual", *FEW])
    levers = cases._draws(config, 6, seed=3)
    assert len(levers) == 6 and len(levers[0]) > 20
    threats = [row["country.shocks.0.threat"] for row in levers]
    assert all(0.3 <= threat <= 0.6 for threat in threats)
    assert len(set(threats)) == 6
    actual, idle = cases._both(config, levers)
    for replicate in (0, 5):
        world = scenario_of(with_levers(config, levers[replicate]))
        for arm, scenario in ((actual, world), (idle, world.baseline())):
            found = run([scenario], scenario=np.array([0]), replicate=np.array([replicate]), seed=3)
            assert arm["direct_deaths"][replicate] == found.outcomes[0, O.direct_deaths]
            there = found.series[0, :, Z.peacekeepers]
            assert arm["most_troops"][replicate] == there.max()
            assert arm["troops_at_shock"][replicate] == there[scenario.shock_week]
            before = found.series[0, : scenario.shock_week + 1, Z.mandate_scale]
            assert arm["mandated"][replicate] == (before.max() > 0.0)
    assert actual["most_troops"].max() > 0.0 == idle["most_troops"].max()


def test_the_page_says_what_came_of_the_peacekeepers_that_a_course_asks_for(burundi: Case) -> None:
    there = burundi.presence
    assert there is not None and there.asked == 5000
    assert there.at_shock[1] <= there.most[1] < there.asked
    row = as_rows([burundi])[0]
    assert row["peacekeepers_asked"] == 5000
    assert row["peacekeepers_most_median"] == there.most[1]
    [said] = [line for line in presence_table([burundi]).splitlines() if "Burundi" in line]
    assert "| 5,000 |" in said and f"{100 * there.mandated:.0f} %" in said
    alone = replace(burundi, presence=None)
    assert "Burundi" not in presence_table([alone])
    assert as_rows([alone])[0]["peacekeepers_most_median"] is None


def test_people_and_the_course_are_not_drawn() -> None:
    config = compose(["country=burundi_2015", "course=actual"])
    names = set(cases._draws(config, 2, seed=1)[0])
    assert not [name for name in names if ".places." in name or name.startswith("interventions")]
    assert "actors.dispersion" not in names


def test_more_runs_come_in_batches_without_changing_any(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compare_case("burundi_2015", FEW)
    monkeypatch.setattr(cases, "BATCH", 4)
    assert compare_case("burundi_2015", FEW) == whole


def test_the_table_shows_a_case_that_the_model_misses(burundi: Case) -> None:
    text = table([burundi])
    assert "Burundi 2015" in text and "burundi_2015" not in text
    assert re.search(r"direct deaths: \d of 1 within", text)
    within = burundi.simulated["direct_deaths"].place(burundi.record.figures["direct_deaths"])
    assert ("direct deaths: 1 of 1 within" in text) == (within == "within")
    assert ("direct deaths: 0 of 1 within (not: Burundi 2015)" in text) == (within != "within")


def test_telling_cases_apart_counts_pairs_and_a_tie_as_half(burundi: Case) -> None:
    from dataclasses import replace

    from analysis.intervals import Interval

    def case(risk: float, happened: float) -> Case:
        figure = replace(burundi.record.figures["mass_killing"], best=happened)
        record = replace(burundi.record, figures={"mass_killing": figure})
        return replace(burundi, record=record, risk=Interval(risk, risk, risk))

    three = [case(0.5, 1.0), case(0.5, 0.0), case(0.9, 0.0)]
    assert _discrimination(three) == 0.25
    assert _discrimination(three[1:]) is None


def test_csv_and_plain_data_hold_the_same_numbers(burundi: Case) -> None:
    (row,) = csv.DictReader(io.StringIO(csv_of([burundi])))
    (plain,) = as_rows([burundi])
    assert set(row) == set(plain)
    assert float(row["direct_deaths_median"]) == plain["direct_deaths_median"]
    json.dumps(plain, allow_nan=False)
    assert plain["direct_deaths_recorded_low"] == 564


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rwanda_1993"], "did you mean 'rwanda_1994'"),
        (["country.government.commitment=0.9"], "every case as coded"),
        (["course=none"], "every case as coded"),
        (["action.start=0"], "every case as coded"),
        (["parameters.fear_fade=0.1,0.2"], "one value"),
        (["parameters.fear_fad=0.1"], "did you mean 'fear_fade'"),
    ],
)
def test_what_would_change_a_case_is_refused_in_one_line(words: list[str], said: str) -> None:
    with pytest.raises(ForestallError, match=said) as mistake:
        main([*words, *FEW])
    assert "\n" not in str(mistake.value)


def test_the_command_writes_the_page_and_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--page", str(tmp_path / "c.md"), "--csv", str(tmp_path / "c.csv")]
    assert main(["burundi_2015", *FEW, "--json", *files]) == 0
    assert json.loads(capsys.readouterr().out)[0]["case"] == "burundi_2015"
    assert "forestall cases burundi_2015 replicates=6 seed=3" in (tmp_path / "c.md").read_text()
    assert (tmp_path / "c.csv").read_text().startswith("case,")
    assert (tmp_path / "cases.png").stat().st_size > 10_000


def test_the_page_in_the_project_has_every_case_and_says_how_it_was_made() -> None:
    from experiments.records import read_record

    for case in recorded_cases():
        record = read_record(case)
        assert PAGE.count(f"| {record.case} |") >= 4, case
        for found in record.figures.values():
            assert found.source in PAGE
    made = re.search(r"source of the model `([0-9a-f]{16})`,\nseed (\d+), ([\d,]+) runs", PAGE)
    assert made is not None and int(made[3].replace(",", "")) >= 1000
    assert "Nothing was fitted" in PAGE


def test_the_share_of_runs_below_the_record_counts_those_below_its_best(burundi: Case) -> None:
    found = cases._spread(np.array([0.0, 1199.0, 1200.0, 9000.0]), burundi.record, "direct_deaths")
    assert burundi.record.figures["direct_deaths"].best == 1200
    assert found.below_record == 0.5


def test_flight_is_counted_at_its_largest_not_at_the_end() -> None:
    series = np.zeros((1, 3, len(SERIES)))
    series[0, :, Z.displaced], series[0, :, Z.refugees] = (5, 90, 7), (1, 3, 2)
    found = cases._figures(np.zeros((1, len(OUTCOMES))), series, shock=1)
    assert (found["displaced"][0], found["refugees"][0]) == (90, 3)
    assert found["mandated"][0] == found["troops_at_shock"][0] == 0.0


def test_what_was_not_recorded_is_said_and_not_counted() -> None:
    spread = cases._spread(np.array([1.0, 2.0]), _empty_record(), "refugees")
    assert math.isnan(spread.below_record)


def _empty_record() -> cases.Record:
    from datetime import date

    return cases.Record(case="x", until=date(2000, 1, 1), figures={}, end="none", end_date=None)
