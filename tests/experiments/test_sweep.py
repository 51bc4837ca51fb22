from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fake_engine import COLUMNS, FakeEngine
from small_sweep import SWEEP

from experiments import results
from experiments.config import compose
from experiments.digest import digest
from experiments.summary import write_summary
from experiments.sweep import run_sweep
from sim.errors import ForestallError

POINTS, BASELINES, REPLICATES, WEEKS = 4, 2, 12, 10
Compose = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    return compose(SWEEP)


@pytest.fixture
def sweep(small: dict[str, Any], tmp_path: Path) -> Callable[..., tuple[Path, FakeEngine]]:
    """Return a function that runs the small sweep into a folder, with some settings changed."""

    def run(name: str = "r", *, engine: FakeEngine | None = None, **changes: Any) -> Any:
        engine = engine or FakeEngine()
        executor = small["executor"] | changes.pop("executor", {})
        config = small | changes | {"output": str(tmp_path / name), "executor": executor}
        return run_sweep(config, engine=engine), engine

    return run


def test_a_sweep_runs_every_point_and_each_baseline_once(sweep: Any) -> None:
    folder, engine = sweep()
    assert len(engine.asked) == (POINTS + BASELINES) * REPLICATES
    assert len(set(map(str, engine.asked))) == len(engine.asked)
    found = results.open(folder)
    assert len(found.runs) == found.runs_stored == found.runs_wanted == len(engine.asked)


def test_the_design_says_never_and_bargained_as_numbers(sweep: Any) -> None:
    found = results.open(sweep()[0])
    treated = found.design[found.design["point"].isin(found.points)]
    assert treated["action.start"].tolist() == [0, 0, 4, 4]
    assert treated["action.arrival"].isna().all()
    baselines = found.design[~found.design["point"].isin(found.points)]
    assert np.isinf(baselines["action.start"]).all()
    assert set(treated["baseline"]) == set(baselines["point"])


def test_each_treated_run_is_paired_with_the_same_replicate_of_its_baseline(sweep: Any) -> None:
    found = results.open(sweep()[0])
    paired = found.paired()
    assert len(paired) == POINTS * REPLICATES
    runs = found.runs.set_index(["point", "arm", "replicate"])
    baseline_of = found.design.set_index("point")["baseline"]
    for row in paired.to_dict("records"):
        other = runs.loc[(baseline_of[row["point"]], "baseline", row["replicate"])]
        assert row["baseline_direct_deaths"] == other["direct_deaths"]
        assert row["baseline_displaced"] == row["displaced"]


def test_pairs_can_be_read_with_some_outcomes_and_only_where_both_runs_are_stored(
    sweep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)
    folder, _ = sweep(executor={"batch": 5, "workers": 1})
    whole = results.open(folder).paired()
    names = ["point", "replicate", "direct_deaths", "baseline_direct_deaths"]
    some = results.open(folder).paired(["direct_deaths"])
    pd.testing.assert_frame_equal(some, whole[names])
    sorted((folder / "runs").iterdir())[2].unlink()
    found = results.open(folder)
    runs = found.runs.set_index(["point", "arm"])["replicate"]
    baseline_of = found.design.set_index("point")["baseline"]
    both = [
        (point, replicate)
        for point in found.points
        for replicate in runs.get([(point, "treatment")], [])
        if replicate in set(runs.get([(baseline_of[point], "baseline")], []))
    ]
    kept = found.paired()
    assert 0 < len(kept) < len(whole)
    assert list(zip(kept["point"], kept["replicate"], strict=True)) == both
    pd.testing.assert_frame_equal(
        kept, whole.merge(kept[["point", "replicate"]], on=["point", "replicate"])
    )


def test_a_summary_reads_the_outcomes_that_it_shows_and_no_others(
    sweep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = sweep()
    read, paired = [], results.Results.paired
    monkeypatch.setattr(
        results.Results,
        "paired",
        lambda found, given=None: read.append(given) or paired(found, given),
    )
    write_summary(folder, notice=lambda _: None)
    assert read == [["mass_killing", "direct_deaths", "arrival_week"]]
    assert set(COLUMNS.outcomes) > set(read[0])


def test_a_point_that_never_acts_differs_by_exactly_zero(sweep: Any, small: Any) -> None:
    factors = small["design"]["factors"] | {"action.start": ["never", 0]}
    found = results.open(sweep(design={"factors": factors})[0])
    paired = found.paired()
    never = found.design.loc[np.isinf(found.design["action.start"]), "point"]
    still = paired[paired["point"].isin(never)]
    assert len(still) == 2 * REPLICATES
    for name in COLUMNS.outcomes:
        assert (still[name] == still[f"baseline_{name}"]).all()


def test_weekly_quantiles_are_those_of_the_runs(sweep: Any) -> None:
    found = results.open(sweep()[0])
    engine = FakeEngine()
    for point in found.points:
        levers = found.design.set_index("point").loc[point]
        config = {
            "action": {"start": levers["action.start"], "arrival": "bargained"},
            "actors": {"dispersion": levers["actors.dispersion"]},
            "weeks": WEEKS,
        }
        ensemble = engine.ensemble([engine.scenario(config)])
        series = ensemble.run(np.zeros(12, int), np.arange(12), 1).series[:, :, 2]
        table = found.weekly_quantiles("peacekeepers", point, "treatment", q=[0.5])
        exact = np.quantile(series, 0.5, axis=0, method="inverted_cdf")
        assert table["week"].tolist() == list(range(WEEKS))
        assert np.all(table["value"] <= exact)
        assert np.all(table["value"] >= exact * (1 - 1 / 128))


def test_the_baseline_of_a_point_can_be_asked_for_by_the_point(sweep: Any) -> None:
    found = results.open(sweep()[0])
    point = found.points[0]
    baseline = found.design.set_index("point").loc[point, "baseline"]
    by_point = found.weekly_quantiles("displaced", point, "baseline")
    pd.testing.assert_frame_equal(
        by_point, found.weekly_quantiles("displaced", baseline, "baseline")
    )
    with pytest.raises(ForestallError, match="no treatment"):
        found.weekly_quantiles("displaced", baseline, "treatment")
    with pytest.raises(ForestallError, match="did you mean 'displaced'"):
        found.weekly_quantiles("displace", point)


def test_the_digest_does_not_depend_on_batches_workers_or_chunks(
    sweep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = digest(sweep("a", executor={"batch": 256, "workers": 1})[0])
    for batch in (1, 7, 64):
        for workers in (1, 2):
            name = f"b{batch}-{workers}"
            folder, _ = sweep(name, executor={"batch": batch, "workers": workers})
            assert digest(folder) == first
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)
    folder, _ = sweep("many", executor={"batch": 5, "workers": 2})
    assert len(list((folder / "runs").iterdir())) > 5
    assert digest(folder) == first
    folder, _ = sweep("structures", engine=FakeEngine(structures=2))
    assert digest(folder) == first


def test_a_chunk_written_in_many_pieces_reads_the_same(
    sweep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sweep("whole", store={"weekly": "full"})[0]
    monkeypatch.setattr("experiments.computed._PIECE_SIZE", 1)
    pieces = sweep("pieces", store={"weekly": "full"})[0]
    (file,) = (pieces / "weekly").iterdir()
    assert pq.ParquetFile(file).num_row_groups == POINTS + BASELINES
    assert digest(pieces) == digest(whole)
    first, second = results.open(whole), results.open(pieces)
    for point in first.points:
        pd.testing.assert_frame_equal(first.weekly_runs(point), second.weekly_runs(point))


def test_no_weekly_row_is_converted_twice_however_many_points_share_a_chunk(
    sweep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sweep()[0]
    (file,) = (folder / "weekly").iterdir()
    converted, codes = [], results._series_codes

    def counted(table: pa.Table, series: Sequence[str]) -> Any:
        converted.append(len(table))
        return codes(table, series)

    monkeypatch.setattr(results, "_series_codes", counted)
    digest(folder)
    assert len(converted) == POINTS + BASELINES
    assert sum(converted) == pq.ParquetFile(file).metadata.num_rows


def test_results_let_their_tables_go_with_them(sweep: Any) -> None:
    """A command that reads many sweeps in turn must not hold the tables of all of them."""
    folder = sweep()[0]
    gc.disable()
    try:
        found = results.open(folder)
        table = found._table(next((folder / "runs").iterdir()), "runs")
        held = weakref.ref(found._table), weakref.ref(found), weakref.ref(table)
        del table
        assert held[2]() is not None
        del found
        assert [one() for one in held] == [None, None, None]
    finally:
        gc.enable()


def test_the_digest_changes_with_the_seed_and_with_one_run(sweep: Any) -> None:
    first = digest(sweep("a")[0])
    assert digest(sweep("b", seed=2)[0]) != first
    assert digest(sweep("c", replicates=11)[0]) != first


def test_each_baseline_is_run_just_before_the_points_that_share_it(sweep: Any) -> None:
    _, engine = sweep(executor={"workers": 1})
    worlds = dict.fromkeys((one.start, one.dispersion) for one, _ in engine.asked)
    assert list(worlds) == [(inf, 0.0), (0.0, 0.0), (4.0, 0.0), (inf, 1.0), (0.0, 1.0), (4.0, 1.0)]


def test_a_finished_sweep_is_not_run_again(sweep: Any) -> None:
    folder, _ = sweep()
    files = sorted(folder.glob("*/chunk-*"))
    _, engine = sweep()
    assert engine.asked == []
    assert sorted(folder.glob("*/chunk-*")) == files


def test_more_replicates_and_more_points_compute_only_what_is_missing(
    sweep: Any, small: Any
) -> None:
    sweep()
    _, engine = sweep(replicates=20)
    assert len(engine.asked) == (POINTS + BASELINES) * 8
    assert {replicate for _, replicate in engine.asked} == set(range(12, 20))
    factors = small["design"]["factors"] | {"action.start": [0, 4, 9]}
    folder, engine = sweep(replicates=20, design={"factors": factors})
    assert len(engine.asked) == 2 * 20
    whole, _ = sweep("whole", replicates=20, design={"factors": factors})
    assert digest(folder) == digest(whole)


def test_fewer_replicates_are_read_as_if_only_they_had_been_run(sweep: Any) -> None:
    folder, _ = sweep()
    sweep(replicates=5)
    assert digest(folder) == digest(sweep("few", replicates=5)[0])
    _, engine = sweep()
    assert engine.asked == []


def test_a_changed_setting_is_a_new_key_and_leaves_the_old_runs_alone(sweep: Any) -> None:
    folder, _ = sweep()
    first = digest(folder)
    for change in ({"seed": 2}, {"weeks": 11}, {"parameters": {"flight_rate": 0.2}}):
        _, engine = sweep(**change)
        assert len(engine.asked) == (POINTS + BASELINES) * REPLICATES
        assert set(results.open(folder).runs["replicate"]) == set(range(REPLICATES))
    sweep()
    assert digest(folder) == first


def test_a_changed_model_is_a_new_key(sweep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep()
    monkeypatch.setattr("experiments.asked.source_hash", lambda: "another")
    _, engine = sweep()
    assert len(engine.asked) == (POINTS + BASELINES) * REPLICATES


def test_a_damaged_chunk_is_noticed_and_only_its_runs_are_computed_again(
    sweep: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)
    folder, _ = sweep(executor={"batch": 6, "workers": 1})
    first = digest(folder)
    files = sorted((folder / "runs").iterdir())
    content = bytearray(files[3].read_bytes())
    content[len(content) // 2] ^= 1
    files[3].write_bytes(content)
    with pytest.raises(ForestallError, match=files[3].name):
        digest(folder)
    _, engine = sweep(executor={"batch": 6, "workers": 1})
    assert len(engine.asked) == 6
    assert capsys.readouterr().err.count("is damaged: set aside") == 1
    assert digest(folder) == first


def test_a_point_that_the_model_refuses_stops_the_sweep_before_anything_is_written(
    sweep: Any, small: Any, tmp_path: Path
) -> None:
    factors = small["design"]["factors"] | {"action.start": [0, -900]}
    with pytest.raises(
        ForestallError, match=r"design point action.start=-900, actors.dispersion=0"
    ):
        sweep(design={"factors": factors})
    assert not (tmp_path / "r").exists()


def test_the_folder_says_where_its_results_come_from(sweep: Any) -> None:
    folder, _ = sweep()
    about = json.loads((folder / "provenance.json").read_text())
    assert about["seed"] == 1
    assert len(about["source_hash"]) == 64
    assert about["machine"]["cores"] >= 1
    assert about["packages"]["numpy"] == np.__version__
    assert about["earlier"] == []
    assert results.open(folder).config["actors"]["dispersion"] == 0.5
    sweep(seed=2)
    about = json.loads((folder / "provenance.json").read_text())
    assert [before["seed"] for before in about["earlier"]] == [1]


@pytest.mark.parametrize("name", ["config.yaml", "provenance.json", "design.parquet"])
def test_a_folder_with_a_broken_or_missing_file_is_one_line_that_names_it(
    sweep: Any, name: str
) -> None:
    folder, _ = sweep()
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2] + b"\x00{[")
    with pytest.raises(ForestallError, match=rf"{name}.*damaged or cut short"):
        results.open(folder)
    (folder / name).unlink()
    with pytest.raises(ForestallError, match=f"it has no {name}"):
        results.open(folder)


def test_an_unfinished_sweep_can_be_read_but_not_digested(sweep: Any) -> None:
    folder, _ = sweep()
    next((folder / "runs").iterdir()).unlink()
    found = results.open(folder)
    assert found.runs_stored == 0
    assert found.runs.empty
    assert found.paired().empty
    assert found.weekly_quantiles("displaced", found.points[0]).empty
    with pytest.raises(ForestallError, match="holds 0 of 72 runs"):
        digest(folder)


def test_other_programs_can_read_the_parquet_files(sweep: Any) -> None:
    folder, _ = sweep()
    runs = pd.read_parquet(folder / "runs")
    assert len(runs) == (POINTS + BASELINES) * REPLICATES
    weekly = pd.read_parquet(folder / "weekly")
    assert weekly["count"].sum() == len(runs) * WEEKS * len(COLUMNS.series)
