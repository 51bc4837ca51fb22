"""What other programs read of a folder of results: CSV, and Parquet as it lies there."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from fake_engine import COLUMNS, FakeEngine, Poisoned
from small_sweep import ROOT, SWEEP

from experiments import results
from experiments.config import compose
from experiments.digest import digest
from experiments.export import export, without_formulas
from experiments.sweep import run_sweep
from sim.errors import ForestallError

RUNS, WEEKS = 6 * 12, 10
Sweep = Callable[..., Path]


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    def run(*overrides: str, name: str = "r", engine: FakeEngine | None = None) -> Path:
        config = compose([*SWEEP, *overrides, f"output={tmp_path / name}"])
        return run_sweep(config, engine=engine or FakeEngine())

    return run


def test_duckdb_joins_runs_to_their_levers_on_the_folder_as_it_is(sweep: Sweep) -> None:
    folder = sweep()
    rows = duckdb.sql(f"""
        select "action.start", arm, count(*) as runs, avg(direct_deaths) as deaths
        from '{folder}/runs/*.parquet' join '{folder}/design.parquet' using (key)
        group by all order by all
    """).df()
    expected = results.open(folder).runs.merge(results.open(folder).design, on="point")
    means = expected.groupby(["action.start", "arm"])["direct_deaths"].mean()
    assert rows["runs"].sum() == RUNS
    assert np.allclose(rows["deaths"], means.to_numpy())
    weekly = duckdb.sql(f"""
        select week, sum(count) as values from '{folder}/weekly/*.parquet'
        where series = 'displaced' group by week
    """).df()
    assert weekly["values"].tolist() == [RUNS] * WEEKS


@pytest.mark.parametrize("again", [("store.weekly=full",), ("replicates=5",)])
def test_the_query_that_is_shown_counts_runs_once_that_are_stored_twice(
    sweep: Sweep, again: tuple[str, ...]
) -> None:
    sweep()
    folder = sweep(*again)
    sweep("replicates=12")
    assert len(pd.read_parquet(folder / "runs")) > RUNS
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"`(select .*?)`", readme)
    for file in ("runs/*.parquet", "design.parquet"):
        query = query.replace(f"'{file}'", f"'{folder}/{file}'")
    rows = duckdb.sql(query).df()
    runs = results.open(folder).runs
    assert len(rows) == len(runs) == RUNS
    assert rows["direct_deaths"].sum() == runs["direct_deaths"].sum()


@pytest.mark.parametrize("again", [("store.weekly=full", "executor.batch=7"), ("replicates=5",)])
def test_weekly_quantiles_and_their_export_count_runs_once_that_are_stored_twice(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: tuple[str, ...]
) -> None:
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)  # a chunk for each batch
    sweep("executor.batch=5")
    sweep(*again)
    folder, once = sweep("replicates=12"), sweep(name="once")
    counted = f"select sum(count) from '{folder}/weekly/*.parquet' where series = 'displaced'"
    assert duckdb.sql(counted).fetchall() > [(RUNS * WEEKS,)]
    found = results.open(folder)
    for point, arm in found.arms:
        assert found.histogram(point, arm)[3].sum() == 12 * WEEKS * len(COLUMNS.series)
    texts = []
    for path in (folder, once):
        files = export(path, tmp_path / f"{path.name}-csv", weekly=True)
        texts += [file.read_text() for file in files if file.stem == "weekly"]
    assert texts[0] == texts[1]


def test_the_columns_that_join_runs_and_design_are_of_one_type_in_both_files(
    sweep: Sweep,
) -> None:
    """Polars joins words with words, and dictionaries with dictionaries, but not one with the other."""
    folder = sweep()
    design = pq.read_schema(folder / "design.parquet")
    for file in (folder / "runs").iterdir():
        runs = pq.read_schema(file)
        assert all(runs.field(name).type == design.field(name).type for name in ("key", "point"))
    assert (
        results.open(folder).design["point"].dtype == results.open(folder).paired()["point"].dtype
    )


def test_polars_joins_runs_to_their_levers_and_takes_every_table(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)
    folder = sweep("executor.batch=5")
    sweep("store.weekly=full", "executor.batch=7")  # every run is stored twice
    found = results.open(folder)
    design = pl.scan_parquet(folder / "design.parquet")
    runs = pl.scan_parquet(folder / "runs" / "*.parquet").unique(["key", "arm", "replicate"])
    mean = pl.col("direct_deaths").mean()
    read = runs.join(design, on="key").group_by("action.start", "arm").agg(mean)
    rows = read.sort("action.start", "arm").collect().rows()
    levers = found.runs.merge(found.design, on="point")
    wanted = levers.groupby(["action.start", "arm"])["direct_deaths"].mean()
    assert [row[:2] for row in rows] == wanted.index.to_list()
    assert [row[2] for row in rows] == pytest.approx(wanted.to_list(), rel=1e-12)
    tables = (
        found.design,
        found.runs,
        found.paired(),
        found.weekly_quantiles("displaced", found.points[0]),
        found.weekly_runs(found.points[0]),
    )
    for table in tables:
        pd.testing.assert_frame_equal(pl.from_pandas(table).to_pandas(), table, check_dtype=False)


def test_csv_files_hold_what_the_tables_hold(sweep: Sweep, tmp_path: Path) -> None:
    folder = sweep()
    files = {file.stem: file for file in export(folder, tmp_path / "csv", weekly=True)}
    assert set(files) == {"design", "runs", "paired", "weekly"}
    found = results.open(folder)
    for name, table in (("runs", found.runs), ("paired", found.paired()), ("design", found.design)):
        # The parser that pandas takes by default may be off in the last bit.
        read = pd.read_csv(
            files[name], dtype={"point": str, "baseline": str}, float_precision="round_trip"
        )
        for column in table:
            left, right = read[column], table[column]
            if pd.api.types.is_numeric_dtype(right):
                assert np.array_equal(left.astype(float), right.astype(float), equal_nan=True)
            else:
                assert left.astype(str).tolist() == right.astype(str).tolist()
    weekly = pd.read_csv(files["weekly"])
    assert len(weekly) == len(found.arms) * len(COLUMNS.series) * WEEKS * len(results.BANDS)
    assert set(weekly["arm"]) == {"baseline", "treatment"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_written_as_text(start: str) -> None:
    formula = f'{start}cmd|"/c calc"!A1'
    table = pd.DataFrame({"error": [formula, "plain", None], formula: [-1.0, 2.0, np.nan]})
    safe = without_formulas(table)
    assert safe["error"].tolist()[:2] == [f"'{formula}", "plain"]
    assert list(safe.columns) == ["error", f"'{formula}"]
    assert safe[f"'{formula}"].tolist()[:2] == [-1.0, 2.0]  # a negative number stays a number


def test_failed_runs_have_a_file_of_their_own_that_is_safe_to_open(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.workers._line", lambda _: "=HYPERLINK(1)")
    files = export(sweep(engine=Poisoned()), tmp_path / "csv")
    with next(file for file in files if file.stem == "failed").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 4
    assert {row["error"] for row in rows} == {"'=HYPERLINK(1)"}


def test_the_command_writes_beside_the_results_and_names_what_it_wrote(
    sweep: Sweep, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    folder = sweep()
    done = command("-m", "experiments", "export", str(folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        str(folder / "csv" / f"{name}.csv") for name in ("design", "runs", "paired")
    ]
    assert len(sweep().parent.joinpath("r/csv/runs.csv").read_text().splitlines()) == 1 + RUNS


def test_the_series_of_every_run_are_kept_when_they_are_asked_for(
    sweep: Sweep, tmp_path: Path
) -> None:
    folder = sweep("store.weekly=full", "executor.batch=7")
    found = results.open(folder)
    for point, arm in found.arms:
        table = found.weekly_runs(point, arm)
        assert len(table) == 12 * WEEKS
        last = table[table["week"] == WEEKS - 1].set_index("replicate")["displaced"]
        runs = found.runs[(found.runs["point"] == point) & (found.runs["arm"] == arm)]
        assert np.array_equal(last.sort_index(), runs.sort_values("replicate")["displaced"])
        for week in (0, WEEKS - 1):
            exact = table.loc[table["week"] == week, "displaced"]
            median = found.weekly_quantiles("displaced", point, arm, q=[0.5])["value"][week]
            assert median == pytest.approx(np.quantile(exact, 0.5, method="inverted_cdf"), rel=0.01)
    files = export(folder, tmp_path / "csv", weekly=True)
    series = pd.read_csv(next(file for file in files if file.stem == "series"))
    assert len(series) == RUNS * WEEKS


def test_full_series_change_no_digest_and_are_computed_only_where_they_are_missing(
    sweep: Sweep,
) -> None:
    folder = sweep()
    point = results.open(folder).points[0]
    with pytest.raises(ForestallError, match=r"run the same sweep with store\.weekly=full"):
        results.open(folder).weekly_runs(point)
    first = digest(folder)
    engine = FakeEngine()
    sweep("store.weekly=full", engine=engine)
    assert len(engine.asked) == RUNS  # they were not kept: all is run again
    assert digest(folder) == first
    assert len(results.open(folder).weekly_runs(point)) == 12 * WEEKS
    engine = FakeEngine()
    sweep("store.weekly=full", "replicates=15", engine=engine)
    assert len(engine.asked) == 6 * 3
    assert len(results.open(folder).weekly_runs(point)) == 15 * WEEKS
    engine = FakeEngine()
    sweep(engine=engine)
    assert engine.asked == []
    assert digest(folder) == first


def test_a_changed_byte_in_a_file_of_series_is_noticed_and_computed_again(
    sweep: Sweep, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sweep("store.weekly=full")
    (file,) = (folder / "series").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = results.open(folder)  # the largest files are checked when they are read
    with pytest.raises(ForestallError, match=file.name):
        for point in found.points:
            found.weekly_runs(point)
    engine = FakeEngine()
    sweep("store.weekly=full", engine=engine)
    assert len(engine.asked) == RUNS
    assert "is damaged: set aside" in capsys.readouterr().err
    assert len(results.open(folder).weekly_runs(results.open(folder).points[0])) == 12 * WEEKS
