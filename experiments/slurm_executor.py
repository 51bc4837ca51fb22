"""Batches as jobs of SLURM, submitted by submitit, a limited number of them in the queue at once.

A job is one batch on one core. Jobs that end without a result (a node that failed, a limit of time
or memory) are submitted again. Whether a job still lives is asked of ``squeue``: clusters without
accounting have no ``sacct``.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.workers import Batch, Finished, compute_packed, given_up, pack
from sim.errors import ForestallError

if TYPE_CHECKING:
    from experiments.executors import Compute

_JOBS = 64
_TRIES = 3
_WAIT_SECONDS = 0.2
_ASK_SECONDS = 10.0
_PATIENCE_SECONDS = 60.0


@dataclass
class _Job:
    """A batch on its way; `missed` counts how often the queue no longer knew its job."""

    batch: Batch
    tries: int
    job: Any
    missed: int = 0


@dataclass
class _Waiting:
    """Batches to submit, those that come back first."""

    batches: Iterator[Batch]
    again: deque[tuple[Batch, int]] = field(default_factory=deque)

    def take(self, number: int) -> list[tuple[Batch, int]]:
        """Return up to `number` batches with the number of the try that begins."""
        taken: list[tuple[Batch, int]] = []
        while len(taken) < number:
            batch = None if self.again else next(self.batches, None)
            if batch is None and not self.again:
                break
            taken.append(self.again.popleft() if batch is None else (batch, 1))
        return taken


class SlurmExecutor:
    """Jobs of a SLURM cluster.

    Parameters
    ----------
    settings : entries of ``executor``; ``cluster=local`` makes processes of this machine the jobs.
    scratch : folder that all nodes see, for what travels; removed at the end.
    """

    def __init__(self, settings: Mapping[str, Any], *, scratch: Path) -> None:
        self.settings = settings
        self.scratch = scratch.resolve()

    def __call__(
        self, batches: Iterable[Batch], compute: Compute, *, stop: threading.Event
    ) -> Iterator[Finished]:
        """Yield what each batch computed, as it finishes.

        Raises
        ------
        ForestallError
            submitit or SLURM is not installed, or refuses the jobs.
        """
        waiting = _Waiting(iter(batches))
        queue = _Queue(self.settings, self.scratch)
        running: list[_Job] = []
        try:
            while True:
                if not stop.is_set():
                    room = (self.settings["workers"] or _JOBS) - len(running)
                    running += queue.submit(waiting.take(room), compute)
                else:
                    running = queue.without_pending(running)
                if not running:
                    return
                time.sleep(_WAIT_SECONDS)
                ended = queue.ended(running)
                running = [job for job in running if job not in ended]
                for job in ended:
                    yield from _result(job, waiting)
        finally:
            for job in running:
                job.job.cancel(check=False)
            shutil.rmtree(self.scratch, ignore_errors=True)


class _Queue:
    """submitit's executor, and what became of its jobs."""

    def __init__(self, settings: Mapping[str, Any], scratch: Path) -> None:
        try:
            import submitit
        except ImportError:
            raise ForestallError(
                "executor: submitit is not installed, pip install 'forestall[cluster]'"
            ) from None
        self._on_slurm = settings["cluster"] == "slurm"
        self._asked = time.monotonic()
        try:
            self._executor = submitit.AutoExecutor(folder=scratch, cluster=settings["cluster"])
        except RuntimeError as error:
            raise ForestallError(f"executor: {' '.join(str(error).split())}") from None
        names = {"partition": "slurm_partition", "account": "slurm_account"}
        chosen = {
            key: settings[name] for name, key in names.items() if settings.get(name) is not None
        }
        self._executor.update_parameters(
            name="forestall", timeout_min=settings["minutes"], mem_gb=settings["memory"],
            cpus_per_task=1, slurm_use_srun=False, **chosen,
        )  # fmt: skip

    def submit(self, batches: Sequence[tuple[Batch, int]], compute: Compute) -> list[_Job]:
        """Return the jobs of some batches, submitted as one array."""
        if not batches:
            return []
        try:
            with self._executor.batch():
                jobs = [
                    self._executor.submit(compute_packed, pack(compute, batch))
                    for batch, _ in batches
                ]
        except Exception as error:
            reason = " ".join(str(error).split())[:300]
            raise ForestallError(f"executor: SLURM refused the jobs: {reason}") from None
        return [_Job(batch, tries, job) for (batch, tries), job in zip(batches, jobs, strict=True)]

    def ended(self, running: Sequence[_Job]) -> list[_Job]:
        """Return the jobs with a result, and those that are gone without one."""
        ended = [job for job in running if job.job.paths.result_pickle.exists()]
        if time.monotonic() - self._asked < _ASK_SECONDS:
            return ended
        self._asked = time.monotonic()
        living = self._living() if self._on_slurm else None
        for job in running:
            if job not in ended and self._is_gone(job, living):
                # Its result may become visible on a shared disk some seconds after its end.
                job.missed += 1
                if job.missed > 1:
                    ended.append(job)
        return ended

    def without_pending(self, running: Sequence[_Job]) -> list[_Job]:
        """Cancel the jobs that have not begun, and return the others."""
        living = (self._living() if self._on_slurm else None) or {}
        pending = [job for job in running if living.get(job.job.job_id) == "PENDING"]
        for job in pending:
            job.job.cancel(check=False)
        return [job for job in running if job not in pending]

    def _is_gone(self, job: _Job, living: Mapping[str, str] | None) -> bool:
        if self._on_slurm:
            return living is not None and job.job.job_id not in living
        return bool(job.job.done())

    def _living(self) -> dict[str, str] | None:
        """Return the state of the user's jobs by id; None when SLURM does not answer."""
        try:
            answer = subprocess.run(
                ["squeue", "--me", "--array", "--noheader", "--format=%i %T"],
                capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return None
        if answer.returncode:
            return None
        return dict(line.split(maxsplit=1) for line in answer.stdout.splitlines())


def _result(job: _Job, waiting: _Waiting) -> Iterator[Finished]:
    """Yield what a job came to; a batch without a result goes back into the queue."""
    from submitit.core.utils import FailedJobError

    try:
        if job.job.paths.result_pickle.exists():
            yield job.job.result()
            return
    except FailedJobError as error:
        lines = [line for line in str(error).splitlines() if ": " in line]
        # Not a fault of ours: a limit of time or a preemption, which submitit tells as an error.
        if "UncompletedJobError" not in str(error):
            raise ForestallError(
                f"executor: a job could not compute, {lines[-1].strip() if lines else error}"
            ) from None
    finally:
        for file in job.job.paths.folder.glob(f"{job.job.job_id}_*"):
            file.unlink(missing_ok=True)
    if job.tries < _TRIES:
        waiting.again.append((job.batch, job.tries + 1))
    elif len(job.batch) > 1:
        waiting.again.extend((half, 1) for half in job.batch.halves())
    else:
        yield given_up(job.batch, f"none of {_TRIES} jobs that computed it came to an end")
