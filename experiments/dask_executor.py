"""Batches on the workers of Dask: those of a scheduler that runs already, or processes started here.

Dask computes again what a lost worker was at. Workers need the same version of Forestall installed;
each checks that its model is the one that results are stored under.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from experiments.command import InterruptedRunError
from experiments.workers import Batch, Finished, compute_packed, given_up, pack
from sim.errors import ForestallError

if TYPE_CHECKING:
    from experiments.executors import Compute

_CONNECT_SECONDS = 10.0
_WAIT_SECONDS = 0.2
# Deaths of a worker that started here that a batch may see before it is halved.
_DEATHS = 1


class DaskExecutor:
    """Futures of Dask, a few at a time for each thread of its workers.

    Parameters
    ----------
    address : of a scheduler; None starts one, with worker processes, on this machine.
    workers : number of processes of one thread that are started where `address` is None.
    notice : called with one line when all workers are gone.
    """

    def __init__(
        self, *, address: str | None, workers: int, notice: Callable[[str], None] = lambda _: None
    ) -> None:
        self.address = address
        self.workers = workers
        self._notice = notice

    def __call__(
        self, batches: Iterable[Batch], compute: Compute, *, stop: threading.Event
    ) -> Iterator[Finished]:
        """Yield what each batch computed, as it finishes.

        Raises
        ------
        InterruptedRunError
            The scheduler was lost.
        ForestallError
            No scheduler answers, or its workers cannot run this model.
        """
        with ExitStack() as opened:
            flow = _Flow(self._client(opened), batches, compute, self._notice)
            while True:
                flow.submit(none=stop.is_set())
                if not flow.running:
                    return
                yield from flow.finished()

    def _client(self, opened: ExitStack) -> Any:
        try:
            from distributed import Client
        except ImportError:
            raise ForestallError(
                "executor: dask is not installed, pip install 'forestall[cluster]'"
            ) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            where = self.address or opened.enter_context(_cluster_here(self.workers))
            return opened.enter_context(Client(where, timeout=_CONNECT_SECONDS))
        except (OSError, ValueError) as error:
            raise ForestallError(
                f"executor.address: no Dask scheduler answers at {self.address} ({error})"
            ) from None


def _cluster_here(workers: int) -> Any:
    import dask.config
    from distributed import LocalCluster

    with dask.config.set({"distributed.scheduler.allowed-failures": _DEATHS}):
        return LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address="127.0.0.1:0", preload=[__name__],
        )  # fmt: skip


def dask_setup(worker: Any) -> None:
    """Let a worker that was started here leave Ctrl-C, which a terminal sends to it too, to us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Flow:
    """Batches on their way through Dask, and those that come back because workers died of them."""

    def __init__(
        self,
        client: Any,
        batches: Iterable[Batch],
        compute: Compute,
        notice: Callable[[str], None],
    ) -> None:
        self.running: dict[Any, Batch] = {}
        self._client = client
        self._waiting = iter(batches)
        self._compute = compute
        self._notice = notice
        self._again: deque[Batch] = deque()
        self._suspects: deque[Batch] = deque()
        self._alone = False
        self._said = False

    def submit(self, *, none: bool) -> None:
        """Hand over as many batches as the workers can take, unless `none` are to begin."""
        room = 0 if none else 2 * self._threads() - len(self.running)
        while not self._alone and room > 0 and (batch := self._next()) is not None:
            packed = pack(self._compute, batch)
            self.running[self._client.submit(compute_packed, packed, pure=False)] = batch
            room -= 1

    def finished(self) -> Iterator[Finished]:
        """Yield what the batches that finished meanwhile came to."""
        for future in _done(list(self.running)):
            try:
                yield from self._result(future, self.running.pop(future))
            except CancelledError:
                raise _lost_scheduler() from None

    def _next(self) -> Batch | None:
        if self._again:
            return self._again.popleft()
        if (batch := next(self._waiting, None)) is not None:
            return batch
        if self._suspects and not self.running:
            # Dask blames all that a worker held when it died: alone, a run shows whether it did it.
            self._alone = True
            return self._suspects.popleft()
        return None

    def _result(self, future: Any, batch: Batch) -> Iterator[Finished]:
        from distributed import KilledWorker

        alone, self._alone = self._alone, False
        try:
            yield future.result()
        except KilledWorker:
            if len(batch) > 1:
                self._again.extend(batch.halves())
            elif not alone:
                self._suspects.append(batch)
            else:
                yield given_up(batch, "every worker that computed it died")
        except (ForestallError, CancelledError):
            raise
        except Exception as error:
            raise ForestallError(
                f"executor: a Dask worker could not compute, {type(error).__name__}: {error}"
            ) from None

    def _threads(self) -> int:
        try:
            threads: int = sum(self._client.nthreads().values())
        except (OSError, RuntimeError, CancelledError):
            raise _lost_scheduler() from None
        if not threads and not self._said:
            self._notice("the Dask scheduler has no workers, waiting for them")
            self._said = True
        return max(1, threads)


def _done(running: list[Any]) -> list[Any]:
    from distributed import wait

    try:
        # Short waits keep the main thread awake to signals.
        return list(wait(running, timeout=_WAIT_SECONDS, return_when="FIRST_COMPLETED").done)
    except TimeoutError:
        return []
    except CancelledError:
        raise _lost_scheduler() from None


def _lost_scheduler() -> InterruptedRunError:
    return InterruptedRunError(
        "executor: the Dask scheduler was lost; what was finished is stored, "
        "the same command resumes"
    )
