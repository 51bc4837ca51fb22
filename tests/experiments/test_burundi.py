"""Flight against registered refugees, on a made-up country in FLEE's form, beside FLEE itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from analysis.plots.burundi_refugees import LINES, burundi_refugees
from experiments.burundi import command
from experiments.burundi.answers import WAYS, compare, imposed_answer
from experiments.burundi.comparison import Course, course_of, difference, mean_difference
from experiments.burundi.flee_package import run_flee
from experiments.burundi.flight import (
    MISSING_POPULATION,
    by_day,
    imposed_world,
    refugees_by_place,
    simulated_world,
    weekly_violence,
)
from experiments.burundi.record import read_record
from experiments.burundi.text import as_json, courses_of, csv_of, page_of, text_of
from sim.errors import ForestallError
from sim.model import PreventionModel
from sim.scenario import Scenario

FILES = {
    "burundi_locations.csv": """\
"#name","region","country","latitude","longitude","location_type","conflict_date","population"
"Alpha","North","Home",0.0,30.0,"conflict_zone",0,40000
"Beta","North","Home",0.2,30.1,"conflict_zone",14,20000
"Gamma","South","Home",0.4,30.2,"town",,
"West","Abroad","Westland",0.1,29.5,"camp",,9000
"East","Abroad","Eastland",0.4,30.8,"camp",,7000
""",
    "burundi_routes.csv": """\
#name1,name2,distance,forced_redirection
Alpha,Beta,30,
Beta,Gamma,30,
Alpha,West,40,
Gamma,East,60,
""",
    "burundi_conflicts.csv": "#Day, Alpha, Beta, Gamma, Nowhere, West, East,\n"
    + "".join(f"{day}, 1, {int(day >= 10)}, 0, 1, 0, 0\n" for day in range(42)),
    "burundi_closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
    "burundi_sim_period.csv": "StartDate,2015-05-01\nLength,42\n",
    "burundi_registration_corrections.csv": "West,2015-05-22\n",
    "burundi2015_data_layout.csv": "total,refugees.csv\nWest,wes-west.csv\nEast,eas-east.csv\n",
    "burundi2015_refugees.csv": """\
Date,Refugee_numbers
2015-04-21,0
2015-05-11,400
2015-06-12,2000
2015-06-20,2100
""",
    "burundi2015_wes-west.csv": "2015-05-01,0\n2015-05-21,1000\n2015-05-22,500\n2015-06-12,1400\n",
    "burundi2015_eas-east.csv": ",\n2015-05-01,0\n2015-06-12,600\n",
}
"""A country of three towns and two camps, in the form of FLEE's files for Burundi."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds the files."""
    place = tmp_path / "data"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


# --- the record -----------------------------------------------------------------------------------


def test_counts_are_read_by_day_from_the_start_to_the_last(folder: Path) -> None:
    record = read_record(folder)
    assert (record.start, record.days) == (date(2015, 5, 1), 42)
    assert record.total[[0, 10, 26, 42]].tolist() == [200.0, 400.0, 1200.0, 2000.0]
    assert record.camps["East"][[0, 21, 42]].tolist() == [0.0, 300.0, 600.0]
    assert list(record.countries) == ["Westland", "Eastland"]


def test_registrations_that_were_checked_scale_the_counts_before(folder: Path) -> None:
    west = read_record(folder).camps["West"]
    assert west[[10, 20, 21, 42]].tolist() == [250.0, 500.0, 500.0, 1400.0]


def test_files_under_flees_own_names_are_found_too(folder: Path) -> None:
    (folder / "burundi_routes.csv").rename(folder / "routes.csv")
    (folder / "burundi2015_refugees.csv").rename(folder / "refugees.csv")
    assert read_record(folder).total[-1] == 2000.0


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named_with_where_it_comes_from(folder: Path, name: str) -> None:
    (folder / name).unlink()
    bare = name.removeprefix("burundi_").removeprefix("burundi2015_")
    with pytest.raises(ForestallError, match=rf"{bare} is missing \(.*djgroen/flee"):
        read_record(folder)


@pytest.mark.parametrize("elsewhere", ["../secret.csv", "/etc/hostname", "a/../../secret.csv"])
def test_a_table_cannot_name_a_file_outside_of_its_folder(folder: Path, elsewhere: str) -> None:
    (folder.parent / "secret.csv").write_text("2015-05-01,1\n", encoding="utf-8")
    layout = folder / "burundi2015_data_layout.csv"
    layout.write_text(f"total,refugees.csv\nWest,{elsewhere}\n", encoding="utf-8")
    with pytest.raises(ForestallError, match="is not the name of a file in the folder"):
        read_record(folder)


@pytest.mark.parametrize(("name", "text", "message"), [
    ("burundi2015_refugees.csv", "2015-05-01,many\n", r"refugees\.csv line 1: refugees.*many"),
    ("burundi2015_refugees.csv", "Date,N\n1 May,3\n", r"refugees\.csv line 2: date.*1 May"),
    ("burundi2015_refugees.csv", "2015-05-02,1\n2015-05-01,2\n", r"line 2: date.*after the one"),
    ("burundi2015_refugees.csv", "Date,N\n", r"refugees\.csv: no count"),
    ("burundi_sim_period.csv", "StartDate,2015-05-01\n", r"Length"),
    ("burundi2015_data_layout.csv", "West,wes-west.csv\n", r"no line for 'total'"),
    ("burundi2015_data_layout.csv", "total,refugees.csv\nNorth,wes-west.csv\n", r"'North'"),
    ("burundi_sim_period.csv", "StartDate,2015-05-01\nLength,900000000\n", r"Length: 9.*36,525"),
    ("burundi2015_refugees.csv", "2015-05-01,1\x1b[2J\n", r"refugees\.csv: .*be shown on a screen"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_names_its_line(
    folder: Path, name: str, text: str, message: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ForestallError, match=message):
        read_record(folder)


def test_a_folder_that_is_not_there_is_a_mistake_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.cli import main

    assert main(["burundi", "--data", str(tmp_path / "nowhere")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "no such folder" in error


# --- the model on the record ----------------------------------------------------------------------


def test_violence_of_a_week_is_the_share_of_its_days_in_conflict(folder: Path) -> None:
    places = {name: {} for name in ("Alpha", "Beta", "Gamma", "West", "East")}
    found = weekly_violence(folder, places, effect=0.5)
    assert list(found) == ["Alpha", "Beta"]
    assert found["Alpha"] == [0.5] * 6
    assert found["Beta"] == pytest.approx([0.0, 0.5 * 4 / 7, 0.5, 0.5, 0.5, 0.5])


def test_the_imposed_world_is_the_tables_with_nothing_but_flight_in_it(folder: Path) -> None:
    world = imposed_world(read_record(folder))
    country = world.country
    assert country.places == ("Alpha", "Beta", "Gamma", "West", "East")
    assert country.population.tolist() == [40000.0, 20000.0, sum(MISSING_POPULATION) / 2, 0.0, 0.0]
    assert np.isinf(country.capacity).all()  # what was registered at most is no input
    assert world.armed_groups == () and world.shocks == () and world.weeks == 6
    assert [name for name, on in world.switches.items() if on] == ["flight"]


def test_who_flees_is_counted_abroad_alike_in_both_engines(folder: Path) -> None:
    world = imposed_world(read_record(folder))
    places = refugees_by_place([world, world], replicates=[0, 3], seed=1)
    assert list(places) == ["West", "East"]
    model = PreventionModel(world, seed=1, replicate=3)
    for week in range(world.weeks):
        model.step()
        here = [sum(one.displaced) for one in model.communities if one.abroad > 0.5]
        assert here == [places["West"][1, week + 1], places["East"][1, week + 1]]
    assert places["West"][1, -1] > 50.0 and places["West"][1, 0] == 0.0
    assert model.killed == 0.0
    calm = Scenario.from_mapping(_without_record(folder))
    assert refugees_by_place([calm], replicates=[0], seed=1)["West"].max() == 0.0


def _without_record(folder: Path) -> dict[str, Any]:
    from experiments.burundi.flight import imported_country

    country = imported_country(folder)
    return {
        "country": country | {"government": {
            "group": "people", "capacity": 0.5, "commitment": 0.5, "accountability": 0.5,
            "consent": 0.5,
        }},
        "weeks": 6,
    }  # fmt: skip


def test_days_lie_between_the_weeks() -> None:
    weekly = np.array([[0.0, 70.0, 70.0, 140.0]])
    assert by_day(weekly, days=14)[0, [0, 1, 7, 10, 14]].tolist() == [0, 10, 70, 70, 70]
    assert by_day(weekly, days=7, week_zero=1.5)[0, [0, 7]].tolist() == [70.0, 105.0]


def test_the_simulated_case_begins_half_a_year_before_the_record(folder: Path) -> None:
    world, before = simulated_world(read_record(folder))
    assert before == pytest.approx(187 / 7)
    assert world.weeks == 33 and world.start == np.inf
    assert world.switches["killing"] and world.recorded.shape[0] == 0


# --- the statistic --------------------------------------------------------------------------------


def test_the_difference_is_that_of_courses_over_their_own_last_day() -> None:
    line = np.linspace(0.0, 100.0, 101)
    assert mean_difference(7.0 * line, line) == pytest.approx(0.0)
    assert mean_difference(line**2, line) == pytest.approx(1 / 6, abs=0.002)
    assert np.isnan(mean_difference(np.zeros(101), line))


def test_countries_add_their_camps_and_hubs_up(folder: Path) -> None:
    record = read_record(folder)
    line = np.arange(43.0)
    course = course_of({"West": line, "East": 2 * line, "Elsewhere": line}, record)
    assert course.total[-1] == 4 * 42 and course.countries["Eastland"][-1] == 84.0
    apart = difference(course, record)
    assert apart.last == pytest.approx(168 / 2000)
    same = Course(record.total, record.countries, record.camps)
    assert difference(same, record).shares == difference(same, record).total == 0.0


def test_fact_30_takes_sets_of_parameters_and_hears_them(folder: Path) -> None:
    record = read_record(folder)
    still = imposed_answer(record, parameters=[{"flight_ceiling": 0.002}] * 2)
    moved = imposed_answer(record, parameters=[{"flight_ceiling": 0.3}] * 2)
    assert still.high is not None and moved.high is not None
    assert moved.high[-1] > 10.0 * still.high[-1] > 0.0
    assert still.course.total.tolist() == moved.course.total.tolist()  # at the defaults


# --- FLEE -----------------------------------------------------------------------------------------


def test_flee_itself_runs_on_the_files_and_gives_its_camps_by_day(folder: Path) -> None:
    record = read_record(folder)
    found = {mode: run_flee(record, mode=mode) for mode in ("given", "driven")}
    for camps in found.values():
        assert set(camps) == {"West", "East"}
        assert all(series.shape == (43,) for series in camps.values())
        assert camps["West"][-1] > 100.0
    again = run_flee(record, mode="given")
    assert again["West"].tolist() == found["given"]["West"].tolist()
    # As many as were registered are on their way or there; the other way is not told how many.
    total = sum(series[-1] for series in found["given"].values())
    assert 0.3 * 2000 < total <= 1.1 * 2000
    assert found["driven"]["West"][-1] > 2.0 * found["given"]["West"][-1]


def test_a_closed_place_is_left_open_where_that_is_asked(folder: Path) -> None:
    closed = "#closure_type,name1,name2,closure_start,closure_end\nlocation,Alpha,West,0,60\n"
    (folder / "burundi_closures.csv").write_text(closed, encoding="utf-8")
    record = read_record(folder)
    given, opened = (run_flee(record, mode=mode)["West"] for mode in ("given", "open"))
    assert opened[-1] > given[-1]


def test_flee_that_stops_is_a_mistake_in_one_line(folder: Path) -> None:
    record = read_record(folder)
    (folder / "burundi_routes.csv").write_text("#name1,name2,distance\nAlpha,Omega,3,\n")
    with pytest.raises(ForestallError, match="FLEE stopped"):
        run_flee(record)


# --- what is said ---------------------------------------------------------------------------------


def test_the_command_holds_all_ways_against_the_record(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figure, table, page = tmp_path / "all.png", tmp_path / "all.csv", tmp_path / "B.md"
    asked = ["--data", str(folder), "--quick", "--replicates", "3"]
    written = ["--figure", str(figure), "--csv", str(table), "--page", str(page)]
    assert command.main([*asked, "--json", *written]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["fact"] == 30 and found["band"] == [0.0, 0.2]
    assert list(found["ways"]) == list(WAYS)
    assert found["value"] == found["ways"]["imposed"]["total"]
    assert found["status"] == ("reproduced" if found["value"] <= 0.2 else "missed")
    assert found["value"] == found["by_effect"]["1"]
    # FLEE's camps of this record, and the case's own, are compared where both have them.
    assert found["ways"]["flee_given"]["countries"]["Westland"] is not None
    assert figure.stat().st_size > 10_000
    assert len(table.read_text(encoding="utf-8").splitlines()) == 1 + 5 * (1 + 2 + 2)
    assert "FLEE is given" in page.read_text(encoding="utf-8")


def test_the_words_say_missed_where_the_band_is_missed(folder: Path) -> None:
    found = compare(read_record(folder), replicates=2, with_flee=False)
    words = text_of(found, quick=True)
    assert ("MISSED" in words) == (found.answers["imposed"].difference.total > 0.2)
    assert "--quick" in words and "FLEE" not in words
    assert as_json(found)["ways"].keys() == {"imposed", "simulated"}
    assert csv_of(found).startswith("way,of,name,") and words.splitlines()[0] in page_of(found)
    axes = burundi_refugees(courses_of(found)).axes
    assert [one.get_title() for one in axes[:4]] == [
        "all, over the last day", "all, people", "Westland, people", "Eastland, people",
    ]  # fmt: skip
    colours = {to_hex(line.get_color()) for line in axes[1].lines}
    assert to_hex(LINES["imposed"][0]) in colours


def test_a_camp_whose_name_is_a_formula_is_text_in_the_table(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text.replace("West", "=1+1"), encoding="utf-8")
    table = csv_of(compare(read_record(folder), replicates=1, with_flee=False))
    assert ",'=1+1," in table and ",=1+1" not in table
