"""Runs in the background: one job at a time for all windows, dropped when nobody asks any more."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

from sim.ensemble.build import is_compiled
from sim.errors import ForestallError

type GoesOn = Callable[[int], bool]
"""Called with how far the job is, in replicates or weeks; whether it is wanted still."""
type Work[T] = Callable[[GoesOn], T | None]
"""What a job does; None if it ended because it was not wanted any more."""

_PATIENCE = 5.0  # seconds after which a job that nobody asks about is dropped
# One at a time: two would only take each other's processor, and the model's machine code is built once.
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="runs")


class Job[T]:
    """Runs of one screen: how far they are, and what they came to.

    Attributes
    ----------
    done : replicates that have been run in all worlds, or weeks that have been compared.
    compiling : whether the engine is being compiled first, which takes a minute after an installation.
    dropped : whether nobody asked any more.
    found : what the runs came to; None until all have been run.
    error : why there is nothing; one line.
    """

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self.done = 0
        self.compiling = False
        self.dropped = False
        self.found: T | None = None
        self.error = ""
        self.asked = time.monotonic()

    @property
    def finished(self) -> bool:
        """Whether there is nothing to wait for."""
        return self.found is not None or bool(self.error)

    def run(self) -> None:
        """Do the work, unless nobody asks any more."""
        if not self._goes_on(0):
            return
        try:
            self.compiling = not is_compiled()
            self.found = self._work(self._goes_on)
        except ForestallError as error:
            self.error = str(error)
        except Exception as fault:
            self.error = f"a fault of the program: {type(fault).__name__}: {fault}"

    def _goes_on(self, done: int) -> bool:
        self.done = done
        if done:
            self.compiling = False
        self.dropped = time.monotonic() - self.asked > _PATIENCE
        return not self.dropped


class Jobs[T]:
    """The newest jobs of one kind by key, which all windows share.

    Parameters
    ----------
    most : jobs that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Job[T]] = OrderedDict()

    def ask(self, key: Hashable, work: Work[T]) -> Job[T]:
        """Return the job of a key, begun if nobody has; who waits asks again every second or so."""
        with self._lock:
            job = self._kept.get(key)
            if job is None or job.dropped:
                job = self._kept[key] = Job(work)
                _WORKER.submit(job.run)
            job.asked = time.monotonic()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return job

    def peek(self, key: Hashable) -> Job[T] | None:
        """Return the job of a key if somebody has begun it and it was not dropped."""
        with self._lock:
            job = self._kept.get(key)
        return None if job is None or job.dropped else job
