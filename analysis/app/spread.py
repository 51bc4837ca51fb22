"""Two hundred courses of chance of a screen's worlds, on the compiled engine, in the background."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from analysis.app.course import Floats
from analysis.app.pair import pair_of
from analysis.app.shown import Shown
from experiments.lesson import Taught
from sim.ensemble import Ensemble
from sim.ensemble.build import is_compiled
from sim.errors import ForestallError
from sim.scenario import Scenario

REPLICATES = 200
_BATCH = 20
_PATIENCE = 5.0  # seconds after which a job that nobody asks about is dropped
_KEPT = 64
# One at a time: two would only take each other's processor, and the model's machine code is built once.
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spread")


class SpreadJob:
    """The runs of one screen: how far they are, and what they came to.

    Attributes
    ----------
    done : replicates that have been run in all worlds, of `REPLICATES`.
    compiling : whether the engine is being compiled first, which takes a minute after an installation.
    worlds : outcomes of the first and the second world, shape (replicates, outcomes) each; of a lesson
        also of both left alone. None until all have been run.
    error : why there are none; one line.
    """

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.done = 0
        self.compiling = False
        self.dropped = False
        self.worlds: tuple[Floats, ...] | None = None
        self.error = ""
        self.asked = time.monotonic()

    @property
    def finished(self) -> bool:
        """Whether there is nothing to wait for."""
        return self.worlds is not None or bool(self.error)

    @property
    def taught(self) -> Taught:
        """What the runs of a lesson came to."""
        assert self.worlds is not None
        return Taught(*self.worlds)

    def run(self) -> None:
        """Run all batches, unless nobody asks any more."""
        if not self._wanted():
            return
        try:
            self.compiling = not is_compiled()
            ensembles = [Ensemble([world]) for world in _worlds(self._shown)]
            found: list[list[Floats]] = [[] for _ in ensembles]
            for first in range(0, REPLICATES, _BATCH):
                if not self._wanted():
                    return
                for ensemble, runs in zip(ensembles, found, strict=True):
                    which = np.arange(first, first + _BATCH)
                    runs.append(
                        ensemble.run(np.zeros_like(which), which, self._shown.seed).outcomes
                    )
                self.compiling = False
                self.done = first + _BATCH
            self.worlds = tuple(np.concatenate(runs) for runs in found)
        except ForestallError as error:
            self.error = str(error)
        except Exception as fault:
            self.error = f"a fault of the program: {type(fault).__name__}: {fault}"

    def _wanted(self) -> bool:
        self.dropped = time.monotonic() - self.asked > _PATIENCE
        return not self.dropped


_LOCK = threading.Lock()
_JOBS: OrderedDict[str, SpreadJob] = OrderedDict()


def spread_job(shown: Shown) -> SpreadJob:
    """Return the job of a screen, begun if nobody has; whoever waits asks again every second or so."""
    key = shown.but(replicate=0).key
    with _LOCK:
        job = _JOBS.get(key)
        if job is None or job.dropped:
            job = _JOBS[key] = SpreadJob(shown)
            _WORKER.submit(job.run)
        job.asked = time.monotonic()
        _JOBS.move_to_end(key)
        while len(_JOBS) > _KEPT:
            _JOBS.popitem(last=False)
    return job


def peek_job(shown: Shown) -> SpreadJob | None:
    """Return the job of a screen if somebody has begun it and it was not dropped."""
    with _LOCK:
        job = _JOBS.get(shown.but(replicate=0).key)
    return None if job is None or job.dropped else job


def _worlds(shown: Shown) -> list[Scenario]:
    pair = pair_of(shown)
    both = [pair.first, pair.second]
    return [*both, pair.first.baseline(), pair.second.baseline()] if shown.lesson else both
