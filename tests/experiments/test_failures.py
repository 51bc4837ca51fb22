"""Runs that cannot be computed: the others are, these are recorded and reported."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_engine import FakeEngine, Poisoned
from small_sweep import HERE, SWEEP

from experiments import results
from experiments.config import compose
from experiments.digest import digest
from experiments.failures import FAILED, read_failed
from experiments.sweep import PARTLY_FAILED, exit_code, run_sweep
from sim.errors import ForestallError, ScenarioError

RUNS, ILL = 6 * 12, 2 * 2
Sweep = Callable[..., Path]


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    def run(name: str, engine: FakeEngine, *overrides: str) -> Path:
        return run_sweep(compose([*SWEEP, *overrides, f"output={tmp_path / name}"]), engine=engine)

    return run


@pytest.mark.parametrize("batch", [1, 5, 256])
def test_all_runs_but_the_ill_ones_are_stored_whatever_the_batch(sweep: Sweep, batch: int) -> None:
    found = results.open(sweep("r", Poisoned(), f"executor.batch={batch}"))
    assert found.runs_stored == RUNS - ILL
    healthy = results.open(sweep("healthy", FakeEngine())).runs
    ill = healthy["point"].isin(found.failed["point"]) & healthy["replicate"].isin([3, 7])
    names = ["point", "replicate", *found.outcomes]
    assert np.array_equal(found.runs[names].to_numpy(), healthy.loc[~ill, names].to_numpy())


def test_a_failed_run_is_recorded_with_its_point_replicate_and_error(sweep: Sweep) -> None:
    folder = sweep("r", Poisoned())
    found = results.open(folder)
    late = found.design.loc[found.design["action.start"] == 4, "point"]
    assert set(found.failed["point"]) == set(late)
    assert set(found.failed["arm"]) == {"treatment"}
    for point in late:
        said = found.failed[found.failed["point"] == point].set_index("replicate")["error"]
        assert said[3] == "ZeroDivisionError: float division by zero"
        assert said[7] == "direct_deaths is not a finite number in replicate 7"
        assert len(said) == 2


def test_a_failed_run_is_tried_again_and_counts_no_more_once_it_succeeds(sweep: Sweep) -> None:
    folder = sweep("r", Poisoned())
    assert exit_code(folder) == PARTLY_FAILED
    with pytest.raises(ForestallError, match=f"holds {RUNS - ILL} of {RUNS} runs"):
        digest(folder)
    mended = FakeEngine()
    sweep("r", mended)
    assert len(mended.asked) == ILL
    assert results.open(folder).failed.empty
    assert exit_code(folder) == 0
    assert digest(folder) == digest(sweep("whole", FakeEngine()))


def test_failures_of_another_seed_are_kept_beside_those_of_this_one(sweep: Sweep) -> None:
    folder = sweep("r", Poisoned())
    sweep("r", Poisoned(), "seed=2")
    assert len(results.open(folder).failed) == ILL
    assert sum(len(item.task) for item in read_failed(folder)) == 2 * ILL


def test_a_point_whose_scenario_fails_late_costs_no_other_point(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.asked.check_points", lambda *_: None)
    found = results.open(sweep("r", FakeEngine(), "action.start=0,4,-900"))
    assert len(found.failed) == 2 * 12
    assert set(found.failed["error"]) == {
        str(ScenarioError("action.start: -900.0 is not allowed, expected -100 or more"))
    }
    assert found.runs_stored == found.runs_wanted - 2 * 12


def test_a_sweep_of_which_every_run_fails_stops_early(sweep: Sweep) -> None:
    class Broken(FakeEngine):
        def ensemble(self, scenarios: Any) -> Any:
            raise OSError("no compiler")

    with pytest.raises(ForestallError, match=r"first \d+ runs all failed: OSError: no compiler"):
        sweep("r", Broken(), "replicates=500", "executor.batch=20", "executor.workers=1")


def test_a_damaged_record_of_failures_is_named(sweep: Sweep) -> None:
    folder = sweep("r", Poisoned())
    (folder / FAILED).write_bytes(b"PAR1")
    with pytest.raises(ForestallError, match=rf"{FAILED}: damaged"):
        _ = results.open(folder).failed


def test_a_damaged_record_of_failures_stops_no_sweep(
    sweep: Sweep, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sweep("r", Poisoned())
    before = read_failed(folder)
    (folder / FAILED).write_bytes(b"PAR1")
    capsys.readouterr()
    sweep("r", Poisoned())
    said = capsys.readouterr().err
    assert f"note: {FAILED} is damaged: set aside in damaged/, what failed before is tried" in said
    assert (folder / "damaged" / FAILED).read_bytes() == b"PAR1"
    assert read_failed(folder) == before


def test_a_folder_that_could_not_be_opened_can_be_opened_by_the_same_process(sweep: Sweep) -> None:
    folder = sweep("r", Poisoned())
    (folder / "weekly").rename(folder / "away")
    (folder / "weekly").write_bytes(b"")
    with pytest.raises(ForestallError, match="cannot write"):
        sweep("r", Poisoned())
    (folder / "weekly").unlink()
    (folder / "away").rename(folder / "weekly")
    assert results.open(sweep("r", Poisoned())).runs_stored == RUNS - ILL


def test_the_command_says_which_runs_failed_and_ends_with_exit_code_3(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = command(str(HERE / "fake_engine.py"), *SWEEP, f"output={tmp_path}/r", FAKE="poisoned")
    assert done.returncode == PARTLY_FAILED, done.stderr
    assert "4 runs of 2 points failed:" in done.stderr
    assert "treatment, replicate 3: ZeroDivisionError: float division by zero" in done.stderr
    assert (tmp_path / "r" / "summary.csv").exists()
