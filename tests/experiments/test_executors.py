"""Where runs are computed changes nothing: the same digest, also when workers are lost."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import slurm_cluster
from fake_engine import Deadly, FakeEngine
from small_sweep import HERE, ROOT, SWEEP

from experiments import results, slurm_executor
from experiments.campaign import _Pending
from experiments.command import InterruptedRunError
from experiments.config import compose
from experiments.designs import design_of
from experiments.digest import digest
from experiments.executors import LocalExecutor, left_by_signals, stopped_by_signals
from experiments.leftovers import JOBS
from experiments.provenance import source_hash
from experiments.sweep import run_sweep
from experiments.tasks import Task
from experiments.workers import Batch, Finished, ForeignWorkerError, Worker, compute_packed, pack
from sim.errors import ForestallError

Sweep = Callable[..., Path]
# A real SLURM where one is installed, and where there is none submitit's processes in its place.
CLUSTERS = ("local", "slurm") if slurm_cluster.is_installed() else ("local",)


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    def run(name: str, *overrides: str, engine: FakeEngine | None = None) -> Path:
        config = compose([*SWEEP, *overrides, f"output={tmp_path / name}"])
        return run_sweep(config, engine=engine or FakeEngine())

    return run


@pytest.fixture(autouse=True)
def path_of_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fake engine be found in other processes too."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(ROOT)]))


@pytest.fixture(scope="module")
def slurm() -> Iterator[dict[str, str]]:
    with slurm_cluster.running_slurm() as environment:
        yield environment


@pytest.fixture
def cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return where jobs go: "slurm" with a SLURM that runs, or "local"."""
    if request.param == "slurm":
        for name, value in request.getfixturevalue("slurm").items():
            monkeypatch.setenv(name, value)
    return str(request.param)


class _Scheduler:
    """A Dask scheduler and its workers, each a process of its own on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
        )

    def add_worker(self) -> subprocess.Popen[bytes]:
        worker = self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.folder),
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[_Scheduler]:
    made = _Scheduler(tmp_path / "scratch")
    try:
        yield made
    finally:
        made.end()


def after_batches(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], None]) -> None:
    """Let something happen as soon as a sweep has got that many batches back."""
    taken, add = [], _Pending.add

    def counted(pending: _Pending, finished: Finished) -> None:
        add(pending, finished)
        taken.append(len(finished))
        if len(taken) == number:
            act()

    monkeypatch.setattr(_Pending, "add", counted)


def test_a_signal_breaks_off_what_has_nothing_to_lose() -> None:
    stop = threading.Event()
    began = time.monotonic()
    with stopped_by_signals(stop):
        before = signal.getsignal(signal.SIGINT)
        with left_by_signals(stop):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(30.0)
        assert signal.getsignal(signal.SIGINT) is before
    assert stop.is_set()
    assert time.monotonic() - began < 20.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_an_import_or_a_compiler_makes_a_fault_of_is_still_the_signal(
    number: signal.Signals,
) -> None:
    stop = threading.Event()
    with stopped_by_signals(stop), left_by_signals(stop):
        try:
            os.kill(os.getpid(), number)
            time.sleep(30.0)
        except KeyboardInterrupt:
            raise SystemError("a call into C returned a result with an exception set") from None
    assert stop.is_set()


@pytest.mark.parametrize("asked", [False, True])
def test_a_fault_beside_which_no_signal_came_stays_a_fault(asked: bool) -> None:
    stop = threading.Event()
    if asked:
        stop.set()
    with pytest.raises(SystemError), left_by_signals(stop):
        raise SystemError("a fault")


def test_workers_of_dask_give_the_digest_of_threads_though_one_is_killed_midway(
    sweep: Sweep, scheduler: _Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scheduler.add_worker()
    scheduler.add_worker()
    whole = digest(sweep("threads"))
    after_batches(monkeypatch, 5, first.kill)
    here = FakeEngine(delay=0.02)
    folder = sweep(
        "dask", "executor=dask", f"executor.address={scheduler.address}", "executor.batch=4",
        engine=here,
    )  # fmt: skip
    assert first.wait(timeout=5) == -signal.SIGKILL
    assert here.asked == []  # nothing was computed in this process
    assert digest(folder) == whole


def test_the_model_itself_gives_one_digest_in_threads_on_dask_and_as_jobs(tmp_path: Path) -> None:
    digests = set()
    for name, *executor in (
        ("threads", "executor.workers=1"),
        ("dask", "executor=dask", "executor.workers=2", "executor.batch=5"),
        ("jobs", "executor=slurm", "executor.cluster=local", "executor.batch=9"),
    ):
        design = ("action.start=0,13", "replicates=6", "weeks=40", f"output={tmp_path / name}")
        digests.add(digest(run_sweep(compose([*design, *executor]))))
    assert len(digests) == 1


def test_a_lost_scheduler_is_an_interruption_that_resumes(
    sweep: Sweep, scheduler: _Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler.add_worker()
    after_batches(monkeypatch, 4, scheduler.scheduler.kill)
    dask = ("executor=dask", f"executor.address={scheduler.address}", "executor.batch=4")
    with pytest.raises(InterruptedRunError, match="scheduler was lost"):
        sweep("r", *dask, engine=FakeEngine(delay=0.02))
    engine = FakeEngine()
    folder = sweep("r", engine=engine)
    assert 0 < len(engine.asked) <= 72 - 16
    assert digest(folder) == digest(sweep("whole"))


def test_an_address_where_nobody_answers_is_one_line(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.dask_executor._CONNECT_SECONDS", 0.5)
    with pytest.raises(ForestallError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        sweep("r", "executor=dask", "executor.address=tcp://127.0.0.1:1")


@pytest.mark.long
def test_without_an_address_dask_starts_workers_here_and_isolates_the_run_that_kills_them(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.dask_executor._DEATHS", 0)
    dask = ("executor=dask", "executor.workers=2", "executor.batch=6", "actors.dispersion=0")
    found = results.open(sweep("r", *dask, engine=Deadly()))
    (failed,) = found.failed.to_dict("records")
    assert (failed["replicate"], failed["error"]) == (9, "every worker that computed it died")
    assert found.runs_stored == found.runs_wanted - 1
    mended = FakeEngine()
    sweep("r", "actors.dispersion=0", engine=mended)
    assert len(mended.asked) == 1
    assert digest(found.path) == digest(sweep("whole", "actors.dispersion=0"))


@pytest.mark.long
@pytest.mark.parametrize("executor", ["dask", "slurm"])
def test_ctrl_c_that_a_terminal_sends_to_all_processes_ends_in_order_and_resumes(
    sweep: Sweep, tmp_path: Path, executor: str
) -> None:
    jobs = ["executor.cluster=local"] if executor == "slurm" else []
    # Not as a program of its own: an engine of `__main__` is nowhere else to be found.
    program = (
        "import sys, fake_engine; from experiments.command import run_command; "
        "sys.exit(run_command(fake_engine.main, sys.argv[1:], name='forestall sweep'))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, *SWEEP, "--no-figures", *jobs,
         f"executor={executor}", "executor.workers=2", "executor.batch=4", f"output={tmp_path}/r"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={**os.environ, "FAKE_DELAY": "0.5"},
    )  # fmt: skip
    while not list(tmp_path.glob("r/runs/chunk-*.parquet")):
        assert process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "the same command resumes" in said
    engine = FakeEngine()
    folder = sweep("r", engine=engine)
    assert 0 < len(engine.asked) < 72
    assert digest(folder) == digest(sweep("whole"))


@pytest.mark.parametrize("cluster", CLUSTERS, indirect=True)
def test_jobs_of_slurm_or_processes_in_their_place_give_the_digest_of_threads(
    sweep: Sweep, cluster: str
) -> None:
    jobs = ("executor=slurm", f"executor.cluster={cluster}", "executor.workers=3")
    here = FakeEngine()
    folder = sweep("jobs", *jobs, "executor.batch=25", "executor.memory=1", engine=here)
    assert here.asked == []
    assert digest(folder) == digest(sweep("threads"))
    assert not (folder / JOBS).exists()
    resumed = FakeEngine()
    sweep("jobs", *jobs, engine=resumed)
    assert resumed.asked == []


@pytest.mark.parametrize(
    "fault", [subprocess.TimeoutExpired("squeue", 60.0), FileNotFoundError("squeue")]
)
def test_a_queue_that_does_not_answer_ends_no_job(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler that is restarted for some minutes knows its jobs again afterwards."""

    def ask(*_: Any, **__: Any) -> Any:
        raise fault

    queue = slurm_executor._Queue.__new__(slurm_executor._Queue)
    monkeypatch.setattr(queue, "_on_slurm", True, raising=False)
    monkeypatch.setattr("experiments.slurm_executor.subprocess.run", ask)
    assert queue._living() is None
    assert not queue._is_gone(cast("Any", None), queue._living())


@pytest.mark.long
@pytest.mark.parametrize("cluster", CLUSTERS, indirect=True)
def test_a_job_that_dies_is_submitted_again_and_the_run_that_kills_it_is_isolated(
    sweep: Sweep, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.slurm_executor._ASK_SECONDS", 0.5)
    monkeypatch.setattr("experiments.slurm_executor._TRIES", 2)
    jobs = ("executor=slurm", f"executor.cluster={cluster}", "executor.batch=6")
    found = results.open(sweep("r", *jobs, "actors.dispersion=0", engine=Deadly()))
    (failed,) = found.failed.to_dict("records")
    assert (failed["replicate"], failed["arm"]) == (9, "treatment")
    assert found.runs_stored == found.runs_wanted - 1


class _Reversed:
    """Threads that are given the batches last to first, and hand back what they compute so."""

    def __call__(
        self, batches: Iterable[Batch], compute: Callable[[Batch], Finished], *, stop: Any
    ) -> Iterator[Finished]:
        backwards = list(batches)[::-1]
        assert len(backwards) > 5
        yield from list(LocalExecutor(2)(backwards, compute, stop=stop))[::-1]


def test_the_reversed_order_gives_the_same_digest(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = digest(sweep("forward"))
    monkeypatch.setattr("experiments.sweep.executor_of", lambda *_, **__: _Reversed())
    monkeypatch.setattr("experiments.campaign._CHUNK_CELLS", 1)
    assert digest(sweep("backward", "executor.batch=7")) == whole


def test_a_worker_travels_as_bytes_and_computes_the_same() -> None:
    config = compose([*SWEEP])
    design = design_of(config)
    task = Task("k", design.points[0].id, "treatment", 0, 5)
    batch = Batch((task,), {task.point: design.points[0].config})
    worker = Worker(FakeEngine(), seed=1, source=source_hash())
    (here,), (there,) = worker(batch).computed, compute_packed(pack(worker, batch)).computed
    assert np.array_equal(here.outcomes, there.outcomes)
    assert np.array_equal(here.cells, there.cells)


def test_a_worker_with_another_version_of_the_model_is_refused(sweep: Sweep) -> None:
    packed = pickle.dumps(Worker(FakeEngine(), seed=1, source="another"))
    with pytest.raises(ForeignWorkerError, match="another version of the model"):
        pickle.loads(packed)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (("executor=daks",), "did you mean 'dask'"),
        (("executor.kind=daks",), "did you mean 'dask'"),
        (("executor.adress=tcp://a:1",), "unknown name 'adress'"),
        (("executor=dask", "executor.address=somewhere"), "expected tcp://HOST:PORT"),
        (("executor=slurm", "executor.minutes=99999"), "between 1 and 43200 .minutes a job"),
        (("executor=slurm", "executor.partition='a b'"), "a name that SLURM knows"),
        (("executor=slurm", "executor.cluster=moon"), "executor.cluster: unknown name 'moon'"),
        (("executor=local", "+executor.address=tcp://a:1"), "unknown name 'address'"),
    ],
)
def test_a_mistake_in_the_executor_names_its_entry(overrides: tuple[str, ...], words: str) -> None:
    with pytest.raises(ForestallError, match=words):
        compose(overrides)


@pytest.mark.parametrize(
    "content",
    [
        "executor: {kind: dask}",
        "executor: {kind: dask, address: 'tcp://elsewhere:8786'}",
        "defaults: [{override /executor: dask}]\nexecutor: {address: 'tcp://elsewhere:8786'}",
    ],
)
def test_a_scenario_file_cannot_choose_where_runs_are_computed(
    content: str, tmp_path: Path
) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "sly.yaml").write_text(f"# @package _global_\n{content}\n")
    with pytest.raises(ForestallError, match="a scenario file may not choose where runs"):
        compose(["experiment=sly"], scenarios=tmp_path)
    with pytest.raises(ForestallError, match=r"executor"):
        compose(["experiment=sly", "executor.workers=3"], scenarios=tmp_path)


def test_a_scenario_file_cannot_choose_the_scheduler_of_a_user_who_asks_for_dask(
    tmp_path: Path,
) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "sly.yaml").write_text(
        "# @package _global_\nexecutor: {address: 'tcp://elsewhere:8786'}\n"
    )
    with pytest.raises(ForestallError, match="may not choose a scheduler"):
        compose(["experiment=sly", "executor=dask"], scenarios=tmp_path)
    own = "executor.address=tcp://here:8786"
    config = compose(["experiment=sly", "executor=dask", own], scenarios=tmp_path)
    assert config["executor"]["address"] == "tcp://here:8786"
