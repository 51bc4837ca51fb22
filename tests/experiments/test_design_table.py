"""Designs from a table: its points are those of any other design, and a mistake has its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fake_engine import FakeEngine

from experiments import design_table, results
from experiments.asked import read_campaign
from experiments.config import compose
from experiments.designs import design_of
from experiments.digest import digest
from experiments.summary import write_summary
from experiments.sweep import run_sweep
from sim.errors import ForestallError

SETTINGS = ("replicates=6", "weeks=10")
GRID = "action.start,actors.dispersion\n0,0\n0,1.0\n4,0\n4,1\n"


def written(text: str | bytes, name: str = "points.csv") -> str:
    content = text.encode() if isinstance(text, str) else text
    Path(name).write_bytes(content)
    return f"design.table={name}"


def swept(*overrides: str, output: str = "r") -> tuple[Path, FakeEngine]:
    engine = FakeEngine()
    config = compose([*SETTINGS, *overrides, f"output={output}"])
    return run_sweep(config, engine=engine), engine


def refused(text: str | bytes, *overrides: str) -> str:
    table = written(text)
    with pytest.raises(ForestallError) as mistake:
        read_campaign(compose([table, *overrides]))
    assert "\n" not in str(mistake.value)
    return str(mistake.value)


def test_points_of_a_table_are_those_of_the_same_grid() -> None:
    table, _ = swept(written(GRID), output="table")
    grid, _ = swept("action.start=0,4", "actors.dispersion=0,1", output="grid")
    assert digest(table) == digest(grid)
    found = results.open(table)
    assert found.method == "table"
    assert found.points == results.open(grid).points


def test_a_parquet_file_is_the_table_that_it_holds() -> None:
    columns = {
        "action.start": ["never", "4"],
        "actors.dispersion": pa.array([0.25, 1]),
        "mechanisms.trust": [False, True],
    }
    pq.write_table(pa.table(columns), "points.pq")
    text = "action.start,actors.dispersion,mechanisms.trust\nnever,.25,FALSE\n4,1,true\n"
    same, other = (
        design_of(compose([table])) for table in ("design.table=points.pq", written(text))
    )
    assert [point.id for point in same.points] == [point.id for point in other.points]
    assert other.points[1].config["mechanisms"]["trust"] is True


def test_a_longer_table_computes_only_what_is_missing() -> None:
    head, *rows = GRID.splitlines(keepends=True)
    swept(written(head + "".join(rows[:2])))
    folder, engine = swept(written(head + "9,1\n" + "".join(rows[::-1])))
    # Two points at week 4 and one at 9; both baselines are there.
    assert len(engine.asked) == 3 * 6
    whole, _ = swept(written(head + "".join([*rows, "9,1\n"])), output="whole")
    assert digest(folder) == digest(whole)


def test_a_parameter_is_found_by_its_bare_name_and_a_mark_of_spreadsheets_is_no_part_of_it() -> (
    None
):
    bare, dotted = (
        design_of(compose([written(f"\ufeff{name} ,action.start\r\n0.02, 0\r\n\r\n")]))
        for name in ("flight_ceiling", "parameters.flight_ceiling")
    )
    assert [point.id for point in bare.points] == [point.id for point in dotted.points]
    assert bare.points[0].config["parameters"] == {"flight_ceiling": 0.02}


def test_listed_values_are_crossed_with_the_rows_of_a_table() -> None:
    table = written("actors.dispersion\n0.1\n0.9\n")
    levers = [
        (point.levers["action.start"], point.levers["actors.dispersion"])
        for point in design_of(compose([table, "action.start=0,13"])).points
    ]
    assert levers == [(0, 0.1), (0, 0.9), (13, 0.1), (13, 0.9)]


def test_a_row_may_choose_scenario_files() -> None:
    table = written("country,intervention\nburundi_2015,mediation\nrwanda_1994,mediation+placebo\n")
    points = design_of(compose([table])).points
    assert len(points) == 2
    assert [point.config["country"]["name"] for point in points] == [
        "Burundi 2015",
        "Rwanda 1993-94",
    ]
    assert set(points[1].config["interventions"]) == {"mediation", "placebo"}


def test_a_row_that_repeats_a_point_is_said_and_run_once() -> None:
    design = design_of(compose([written("action.start\n0\n4\n0.0\n4\n")]))
    assert len(design.points) == 2
    assert design.remark == (
        "points.csv, line 4: has the point of an earlier one, which is run once (and 1 further)"
    )


def test_numbers_are_a_factor_with_an_interval_and_words_are_listed() -> None:
    table = written("action.start,actors.dispersion\nnever,0.2\n4,0.7\n9,0.4\n")
    start, dispersion = design_of(compose([table])).about()["factors"]
    assert start["values"] == ["never", 4, 9]
    assert (dispersion["low"], dispersion["high"]) == (0.2, 0.7)
    assert dispersion["unit"] == "0 united .. 1 divided"


def test_a_table_is_told_and_stored_as_one(tmp_path: Path) -> None:
    rows = "".join(f"{start},{start / 80}\n" for start in range(40))
    folder, _ = swept(written("action.start,actors.dispersion\n" + rows))
    said = write_summary(folder, notice=print).table
    assert "table of 40 points over" in said
    assert "action.start  0 to 39 weeks from the shock" in said
    kept = results.open(folder).config["design"]["table"]
    assert set(kept) == {"file", "sha256"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acton.start\n1\n", "header: unknown name 'acton.start', did you mean 'action.start'"),
        ("flight_cieling\n1\n", "header: unknown name 'flight_cieling', did you mean"),
        ("seed\n1\n", "header: 'seed' has one value for all points"),
        ("flight_ceiling,parameters.flight_ceiling\n.1,.1\n", "stands there twice"),
        (",action.start\n1,2\n", "column 1 has no name"),
        ("action.start;action.arrival\n1;2\n", "parted by commas, not ';'"),
        ("", "is empty"),
        ("action.start\n", "has no points"),
        ("action.start\n1\n2,3\n", "line 3: 2 values, where the header names 1 columns"),
        ("action.start\n1\nNA\n", "line 3: action.start is 'NA', expected a finite number"),
        ("action.start,weeks\n1,\n", "line 2: weeks is nothing, expected"),
        ("action.start\n1e999\n", "line 2: action.start is '1e999', expected a finite number"),
        ("actors.dispersion\n1\n0\n1.5\n", "line 4: actors.dispersion: 1.5 is not allowed"),
        ("action.start\n1\nsoon\n", "line 3: action.start: 'soon' is not allowed"),
        ("action.start\n1\n=1+1\n", "line 3: action.start is the formula '=1+1'"),
        ("action.start\n1\n\x1b[2J\n", "line 3: action.start: '\\x1b[2J' cannot be shown"),
        ("country\n../secret\n", "'../secret' is not the name of a scenario file"),
        ("action.start\n" + "9" * 200 + "\n", "line 2: action.start: more than 100 characters"),
        ('action.start\n"1\n', "line 2"),
        (b"action.start\n\xff\xfe\n", "not UTF-8 text"),
        (b"PAR1 is no table", "not readable as Parquet"),
    ],
)
def test_a_mistake_in_a_table_is_one_line_that_says_where(text: str | bytes, said: str) -> None:
    assert said in refused(text)


def test_every_row_of_a_table_is_read_before_the_first_run() -> None:
    # No range says that it is a whole number, and nothing but the model that it must be.
    rows = [*range(400), 200.5, *range(400, 500)]
    text = "action.start\n" + "".join(f"{start}\n" for start in rows)
    assert refused(text).startswith("points.csv, line 402: action.start: 200.5 is not allowed")


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (("action.start=3",), "action.start: set beside points.csv"),
        (("action.start=3,4",), "action.start: set beside points.csv"),
        (("actors.dispersion=interval(0,1)",), "cannot be sampled beside"),
        (("design.method=sobol",), "design.method: sobol draws points"),
    ],
)
def test_what_contradicts_a_table_is_refused(overrides: tuple[str, ...], said: str) -> None:
    assert said in refused("action.start\n0\n", *overrides)


def test_a_table_that_is_too_large_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(design_table, "MOST_CELLS", 5)
    assert "more than 5 values" in refused(GRID)
    pq.write_table(pa.table({"action.start": [0] * 1000}), "points.pq")
    monkeypatch.setattr(design_table, "MOST_BYTES", 100)
    for file in (written("action.start\n" + "0\n" * 50), "design.table=points.pq"):
        with pytest.raises(ForestallError, match=r"bytes, more than the 100 that are read"):
            compose([file])


def test_two_tables_no_file_and_a_folder_are_one_line() -> None:
    for asked, said in (
        ("design.table=a.csv,b.csv", "a sweep has one table"),
        ("design.table=a.csv", "a.csv: No such file"),
        ("design.table=.", "Is a directory"),
        ("design.table=3", "the path of a CSV or Parquet file"),
    ):
        with pytest.raises(ForestallError, match=f"design.table: .*{said}"):
            compose([asked])


def test_a_scenario_file_cannot_choose_a_table_to_read(tmp_path: Path) -> None:
    (tmp_path / "mine" / "experiment").mkdir(parents=True)
    file = tmp_path / "mine" / "experiment" / "sly.yaml"
    file.write_text("# @package _global_\ndesign:\n  table: /etc/passwd\n")
    with pytest.raises(ForestallError, match=r"design.table: a scenario file may not choose it"):
        compose(["experiment=sly"], scenarios=tmp_path / "mine")


def test_a_sweep_of_a_table_names_no_experiment_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from experiments.sweep import main

    asked = written("action.start\n0\n4\n")
    assert main([asked, *SETTINGS, "output=r", "--no-figures"], engine=FakeEngine()) == 0
    assert "2 points and 1 baseline x 6 replicates" in capsys.readouterr().out
