"""What happens to a campaign: kills, full disks, two at once, clocks that jump, folders that refuse."""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from fake_engine import COLUMNS, FakeEngine
from killed_sweeps import BATCH, WORKERS
from small_sweep import HERE, SWEEP, read_only, run_refused, subprocess_environment

from experiments import results
from experiments.campaign import Progress, _Pending
from experiments.computed import Columns, Computed
from experiments.config import compose
from experiments.digest import digest
from experiments.store import Store
from experiments.sweep import run_sweep
from experiments.tasks import Task
from experiments.workers import Finished
from sim.errors import ForestallError

FAKE = str(HERE / "fake_engine.py")
RUNS = 6 * 12
Sweep = Callable[..., Path]


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    def run(name: str, *overrides: str, engine: FakeEngine | None = None) -> Path:
        config = compose([*SWEEP, *overrides, f"output={tmp_path / name}"])
        return run_sweep(config, engine=engine or FakeEngine())

    return run


@pytest.mark.long
def test_a_sweep_killed_at_a_hundred_random_moments_loses_nothing_that_it_stored(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / "killed_sweeps.py"), str(tmp_path), "100"],
        capture_output=True, text=True, check=False, timeout=900,
        env=subprocess_environment(OPENBLAS_NUM_THREADS="1"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    kills = said["kills"]
    assert len(kills) == 100
    assert set(said["ends"]) == {said["whole"]}
    assert sum(kill["lost"] for kill in kills) == 0
    # What is stored is never computed again; what was computed for nothing was in flight.
    assert sum(kill["again"] for kill in kills) == 0
    assert max(kill["in_flight"] for kill in kills) <= 2 * WORKERS * BATCH
    # The moments were such that this could have failed.
    assert sum(kill["half_written"] for kill in kills) >= 5
    assert sum(kill["computed"] > 0 for kill in kills) >= 30


_MEASURE = """
import resource, sys
from fake_engine import FakeEngine
from experiments import campaign
from experiments.config import compose
from experiments.sweep import run_sweep

# A twentieth of a chunk, so that the smaller of the two sweeps fills several as well.
campaign._CHUNK_CELLS //= 20

class Forgetful(FakeEngine):
    def note(self, runs):
        pass

sweep = ["action.start=0,4", "actors.dispersion=0,1", "weeks=10", "executor.workers=2"]
run_sweep(compose([*sweep, f"replicates={sys.argv[1]}", f"output={sys.argv[2]}"]), engine=Forgetful())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.long
def test_memory_does_not_grow_with_the_number_of_runs(tmp_path: Path) -> None:
    peaks = []
    for replicates in (1_700, 17_000):
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(replicates), str(tmp_path / str(replicates))],
            capture_output=True, text=True, check=True, timeout=300,
            env=subprocess_environment(
                PYTHONPATH=os.pathsep.join([str(HERE), str(HERE.parent.parent)])
            ),
        )  # fmt: skip
        assert f"{6 * replicates:,} runs in" in done.stdout
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 1.1 * peaks[0], peaks


@pytest.mark.one_in(3)
@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize("number", [4, 7, 12, 13])
def test_a_disk_that_fills_up_at_any_step_of_a_write_is_one_line_and_resumes(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)
    owner: Any = os if name == "fsync" else Path
    original, calls = getattr(owner, name), itertools.count()

    def full(*arguments: Any) -> Any:
        if next(calls) >= number:
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, full)
        with pytest.raises(ForestallError, match="No space left on device") as mistake:
            sweep("r", "executor.batch=6")
    assert "\n" not in str(mistake.value)
    assert (tmp_path / "r" / "config.yaml").is_file()
    assert not list((tmp_path / "r").rglob("*.part"))
    folder = sweep("r", "executor.batch=6")
    assert digest(folder) == digest(sweep("whole"))


def test_of_two_sweeps_started_at_once_into_a_new_folder_one_runs_and_one_is_refused(
    tmp_path: Path,
) -> None:
    arguments = [sys.executable, FAKE, *SWEEP, "--no-figures", "executor.batch=4"]
    both = [
        subprocess.Popen(
            [*arguments, f"output={tmp_path}/r"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=subprocess_environment(FAKE_DELAY="0.05"),
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 2]
    (refused,) = [text for process, text in zip(both, said, strict=True) if process.returncode]
    assert "another sweep" in refused
    subprocess.run([*arguments, f"output={tmp_path}/whole"], check=True, capture_output=True,
                   env=subprocess_environment())  # fmt: skip
    assert digest(tmp_path / "r") == digest(tmp_path / "whole")


@pytest.mark.parametrize("step", ["experiments.store._locked", "experiments.asked.write_settings"])
def test_a_sweep_stopped_while_it_makes_its_folder_leaves_one_that_it_can_use(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(step, stopped)
        with pytest.raises(KeyboardInterrupt):
            sweep("r")
    assert digest(sweep("r")) == digest(sweep("whole"))


def _jumps() -> Iterator[float]:
    """Yield readings of a clock that leaps years ahead and back."""
    draw = random.Random(3)
    while True:
        yield draw.choice([-1e8, 0.0, 1e8]) + draw.random()


def test_a_clock_that_jumps_changes_nothing_that_is_stored(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = digest(sweep("whole"))
    readings = _jumps()
    with monkeypatch.context() as patched:
        for name in ("time", "monotonic"):
            patched.setattr(time, name, lambda: next(readings))
        folder = sweep("r", "executor.batch=5", "replicates=7")
    files = list(folder.glob("*/chunk-*.parquet"))
    # Files from the future, and the oldest one last.
    for age, file in enumerate(files):
        os.utime(file, (4e9 - 1e8 * age, 4e9 - 1e8 * age))
    engine = FakeEngine()
    sweep("r", engine=engine)
    assert len(engine.asked) == 6 * 5
    assert digest(folder) == whole


class _CommitTimes:
    """In the place of a store: when each chunk was committed, on a clock that a test turns."""

    def __init__(self) -> None:
        self.now, self.at = 0.0, list[float]()

    def commit(self, computed: Sequence[Computed], columns: Columns) -> None:
        assert computed
        self.at.append(self.now)


def _committed(monkeypatch: pytest.MonkeyPatch, jumps: Mapping[int, float]) -> list[float]:
    """Return the seconds of work at each chunk of a sweep whose batches take two of them."""
    store, ahead = _CommitTimes(), 0.0
    monkeypatch.setattr(time, "monotonic", lambda: store.now + ahead)
    pending = _Pending(cast(Store, store), COLUMNS, Progress(total=1, stored=0))
    empty = np.empty(0, dtype=np.int64)
    one = Computed(Task("k", "p", "treatment", 0, 1), np.zeros((1, 4)), empty, empty)
    for batch in range(2_000):
        store.now += 2.0
        ahead += jumps.get(batch, 0.0)
        pending.add(Finished(computed=[one]))
    return store.at


def test_a_crash_costs_ten_seconds_or_a_tenth_of_the_time_so_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = _committed(monkeypatch, {})
    assert at[:10] == [10.0 * number for number in range(1, 11)]
    for before, after in pairwise(at):
        assert max(10.0, 0.1 * before) <= after - before <= max(10.0, 0.1 * before) + 2.0
    assert len(at) < 50


@pytest.mark.parametrize("jump", [-1e8, 1e8])
def test_a_clock_that_jumps_makes_no_crash_cost_more_than_some_minutes(
    monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    at = _committed(monkeypatch, {100: jump, 120: -jump})
    assert all(after - before < 10 * 60 for before, after in pairwise([0.0, *at, 4_000.0]))


@pytest.mark.parametrize("part", ["", "runs"])
def test_a_read_only_folder_is_one_line_and_its_results_can_still_be_read(
    sweep: Sweep, part: str
) -> None:
    folder = sweep("r", "replicates=6")
    stored = digest(folder)
    places = [folder, *(place for place in folder.rglob("*") if place.is_dir())]
    with read_only(places if not part else [folder / part]):
        more = run_refused(FAKE, *SWEEP, "--no-figures", f"output={folder}")
        assert more.returncode == 2, more.stderr
        last = more.stderr.strip().splitlines()[-1]
        assert last.startswith(f"forestall sweep: output: cannot write to {folder}")
        assert "Permission denied" in last
        assert "Traceback" not in more.stderr
        read = run_refused("-m", "experiments", "digest", str(folder)) if not part else None
        assert read is None or read.stdout.split()[0] == stored
    sweep("r")
    assert digest(folder) == digest(sweep("whole"))


def test_a_file_system_that_became_read_only_is_one_line(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    folder = sweep("r", "replicates=6")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", read_only)
        with pytest.raises(ForestallError, match=r"cannot write to .*: Read-only file system"):
            sweep("r")
    assert results.open(folder).runs_stored == 6 * 6
