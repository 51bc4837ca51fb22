"""Executors: where batches of tasks are computed. What comes back does not depend on which one.

An executor takes batches and a worker that computes one, and yields what comes back in whatever
order it finishes. It holds only a few batches at a time, so memory does not grow with a sweep. What
a lost worker was computing is computed again; a batch that workers keep dying of is halved, until
the run that kills them is alone and given up.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from experiments.command import answer_signal
from experiments.executor_settings import DASK, LOCAL, SLURM
from experiments.leftovers import JOBS
from experiments.provenance import cores
from experiments.workers import Batch, Finished

Compute = Callable[[Batch], Finished]
_SAME_SIGNAL_SECONDS = 0.3


class Executor(Protocol):
    """Computes batches until none is left or `stop` is set; then finishes what is under way."""

    def __call__(
        self, batches: Iterable[Batch], compute: Compute, *, stop: threading.Event
    ) -> Iterator[Finished]:
        """Yield what each batch computed, in any order."""


class LocalExecutor:
    """Threads of this process: the compiled engine releases the interpreter's lock.

    Parameters
    ----------
    workers : number of threads.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def __call__(
        self, batches: Iterable[Batch], compute: Compute, *, stop: threading.Event
    ) -> Iterator[Finished]:
        """Yield what each batch computed, as it finishes."""
        waiting = iter(batches)
        running: set[Future[Finished]] = set()
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="forestall")
        try:
            while True:
                # One batch waits behind each that runs, so that no thread idles meanwhile.
                while len(running) < 2 * self.workers and not stop.is_set():
                    batch = next(waiting, None)
                    if batch is None:
                        break
                    running.add(pool.submit(compute, batch))
                if stop.is_set():
                    running = {future for future in running if not future.cancel()}
                if not running:
                    return
                # Short waits keep the main thread awake to signals.
                done, running = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                yield from _results(done)
        finally:
            # Whoever leaves before the end does not want to wait for what still runs.
            pool.shutdown(wait=False, cancel_futures=True)


def _results(done: Iterable[Future[Finished]]) -> Iterator[Finished]:
    failed: BaseException | None = None
    for future in done:
        if (error := future.exception()) is not None:
            failed = failed or error
        else:
            yield future.result()
    if failed is not None:
        raise failed


def executor_of(
    settings: Mapping[str, Any], *, folder: Path, notice: Callable[[str], None]
) -> Executor:
    """Return the executor that the entries of ``executor`` ask for.

    Parameters
    ----------
    settings : as `experiments.executor_settings` checks them.
    folder : of the results, which all machines of a cluster see.
    notice : called with one line about what the user should know.
    """
    kind, workers = settings.get("kind", LOCAL), settings["workers"]
    if kind == DASK:
        from experiments.dask_executor import DaskExecutor

        address = settings.get("address")
        return DaskExecutor(address=address, workers=workers or cores(), notice=notice)
    if kind == SLURM:
        from experiments.slurm_executor import SlurmExecutor

        return SlurmExecutor(settings, scratch=folder / JOBS)
    return LocalExecutor(workers or cores())


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM ask for an orderly end; a second one is a KeyboardInterrupt."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    asked = 0.0

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        answer_signal()
        # A program that started this one may pass on the Ctrl-C that the terminal sent to both.
        if stop.is_set() and time.monotonic() - asked > _SAME_SIGNAL_SECONDS:
            raise KeyboardInterrupt
        if not stop.is_set():
            asked = time.monotonic()
            stop.set()

    try:
        for number in before:
            signal.signal(number, ask)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def left_by_signals(stop: threading.Event) -> Iterator[None]:
    """Let the signals of `stopped_by_signals` break off the block, in which nothing is lost.

    Compilers and importers may turn the interrupt into a fault of their own: what the block raises
    after a signal is the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    left = False

    def leave(number: int, frame: FrameType | None) -> None:
        nonlocal left
        answer_signal()
        left = True
        stop.set()
        raise KeyboardInterrupt

    try:
        for number in numbers:
            signal.signal(number, leave)
        yield
    except (KeyboardInterrupt, Exception):
        if not left:
            raise
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
