"""A campaign: what a design wants, less what is stored, computed in batches, committed in chunks.

It knows no files but its store, no terminal and no command line.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.command import InterruptedRunError
from experiments.computed import Columns, Computed
from experiments.designs import Design
from experiments.engines import Engine
from experiments.executors import Executor, left_by_signals, stopped_by_signals
from experiments.posterior import with_set
from experiments.store import Store, Stored
from experiments.tasks import Cell, Keys, Task, batches, cells_of, settle
from experiments.workers import Batch, Failed, Finished, Worker
from sim.errors import ForestallError

# Either commits a chunk: the first bounds memory, the second what a crash costs.
_CHUNK_CELLS = 2_000_000
CHUNK_SECONDS = 10.0
# Later chunks may wait longer: a long sweep makes few files and a crash costs the same share of it.
CHUNK_SHARE = 0.1
# Seconds that one wait counts at most: after a clock that jumped years a crash would cost everything.
_LONGEST_WAIT = 600.0
# Points that are read before a sweep begins: a small part of a second.
_CHECKED = 100
_CHECKED_ROWS = 10_000  # of a table, whose rows follow from no rule
# When this many runs have failed and none has not, the fault is in all of them.
_HOPELESS = 100


@dataclass(frozen=True)
class Plan:
    """What is to be done: the missing tasks, in order, and how much of the design is stored.

    Attributes
    ----------
    again : of the missing runs, those that are stored and cannot be used: in blocks that reach beyond
        the replicates asked for, or without the weekly series of every run where these are.
    foreign : points that the folder holds of another version, seed or engine.
    """

    design: Design
    keys: Keys
    replicates: int
    missing: tuple[Task, ...]
    runs: int
    again: int = 0
    foreign: int = 0

    @property
    def runs_missing(self) -> int:
        """Number of runs that are not stored yet."""
        return sum(len(task) for task in self.missing)


@dataclass
class Progress:
    """How far a campaign is; given to the function that shows it after every batch.

    `done` counts runs of this campaign that came back, `failed` those of them that failed.
    """

    total: int
    stored: int
    done: int = 0
    failed: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Runs a second since the start."""
        return self.done / max(time.monotonic() - self.started, 1e-9)

    @property
    def seconds_left(self) -> float:
        """Seconds until the end at this rate; infinite before the first batch."""
        left = self.total - self.stored - self.done
        return left / self.rate if self.done else float("inf")


def plan(
    design: Design, keys: Keys, replicates: int, stored: Stored, *, full: bool = False
) -> Plan:
    """Return what a design wants that is not stored; with `full`, with every run's weekly series.

    Each baseline comes just before the points that share it: what is read of one world serves the
    next, and whoever stops a sweep halfway has pairs.
    """
    missing: list[Task] = []
    again = 0
    places = {baseline.id: place for place, baseline in enumerate(design.baselines)}
    cells = sorted(cells_of(design), key=lambda cell: places[cell.point.baseline])
    for cell in cells:
        key = keys.of(cell.point.id)
        _, gaps = settle(stored.tasks(key, cell.arm, full=full), replicates)
        missing.extend(Task(key, cell.point.id, cell.arm, first, last) for first, last in gaps)
        again += _held(stored.tasks(key, cell.arm), gaps) if gaps else 0
    return Plan(
        design, keys, replicates, tuple(missing), len(cells) * replicates, again,
        stored.foreign(keys),
    )  # fmt: skip


def _held(tasks: Sequence[Task], gaps: Sequence[tuple[int, int]]) -> int:
    """Return how many replicates within some gaps stored tasks of the same key and arm hold."""
    held, reached = 0, 0
    for task in sorted(tasks):
        start = max(task.first, reached)
        held += sum(max(0, min(task.last, last) - max(start, first)) for first, last in gaps)
        reached = max(reached, task.last)
    return held


def check_points(design: Design, engine: Engine) -> None:
    """Raise for a point that the model cannot take, so that mistakes show before a run.

    All points of a small design are read. Of a large one, those at the ends of every factor and a
    sample spread over all: what is wrong with the others is recorded when they are run.

    Raises
    ------
    ForestallError
        The model cannot take a point; the message says which levers made it so.
    """
    for cell in _sample(design):
        try:
            engine.scenario(with_set(cell.point.config, 0))
        except ForestallError as error:
            levers = {name: cell.point.levers[name] for name in design.factors}
            if not levers:
                raise
            where = ", ".join(f"{name}={value}" for name, value in levers.items())
            line = design.places.get(cell.point.id)
            before = f"{line}: " if line else ""
            raise type(error)(f"{before}{error} (design point {where})") from None


def _sample(design: Design) -> list[Cell]:
    cells = cells_of(design)
    if len(cells) <= (_CHECKED_ROWS if design.places else _CHECKED):
        return cells
    chosen = set(range(0, len(cells), -(-len(cells) // _CHECKED))) | {len(cells) - 1}
    for name in design.factors:
        first_with: dict[Any, int] = {}
        for place, cell in enumerate(cells):
            first_with.setdefault(cell.point.levers[name], place)
        by_value = sorted(first_with, key=lambda value: (isinstance(value, str), value))
        words = [value for value in by_value if isinstance(value, str)]
        chosen |= {
            first_with[value] for value in (*by_value[:2], *by_value[-2:], *words[:_CHECKED])
        }
    return [cells[place] for place in sorted(chosen)]


class Campaign:
    """Runs the missing tasks of a plan into a store.

    Parameters
    ----------
    plan : what is to be computed.
    engine, executor, store : by what, where, and into what.
    batch : runs handed to the engine at once.
    full : whether every run's weekly series are stored beside their histograms.
    ready : called when a signal is answered with an orderly end, before anything is computed.

    Attributes
    ----------
    seconds : that the runs took, without the compiling before them.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        engine: Engine,
        executor: Executor,
        store: Store,
        batch: int,
        full: bool = False,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.plan = plan
        self.seconds = 0.0
        self._ready = ready
        self._executor = executor
        self._store = store
        self._columns = engine.columns
        self._batch = min(batch, engine.largest_batch)
        self._worker = Worker(engine, seed=plan.keys.seed, source=plan.keys.source, full=full)

    def run(self, show: Callable[[Progress], None] = lambda _: None) -> list[Failed]:
        """Compute and store all that is missing, and return the runs that failed.

        Parameters
        ----------
        show : called in this thread after every batch.

        Raises
        ------
        InterruptedRunError
            Ctrl-C or SIGTERM came; what was under way was finished and is stored.
        KeyboardInterrupt
            It came twice; what was finished before is stored.
        ForestallError
            The store cannot be written, the executor broke down, or every run failed.
        """
        plan, stop = self.plan, threading.Event()
        with stopped_by_signals(stop):
            self._ready()
            with left_by_signals(stop):  # compiling may take minutes
                for first in itertools.islice(self._batches(), 0 if stop.is_set() else 1):
                    self._worker.warm(first)
            # From here on: compiling the model is no pace of its runs.
            progress = Progress(total=plan.runs, stored=plan.runs - plan.runs_missing)
            pending = _Pending(self._store, self._columns, progress)
            try:
                for finished in self._executor(self._batches(), self._worker, stop=stop):
                    pending.add(finished)
                    show(progress)
            finally:
                pending.commit()
                self.seconds = time.monotonic() - progress.started
        if stop.is_set() and progress.done < plan.runs_missing:
            raise InterruptedRunError(
                f"interrupted: {progress.stored + progress.done - progress.failed:,} of "
                f"{plan.runs:,} runs are stored in {self._store.folder}; the same command resumes"
            )
        return pending.failed

    def _batches(self) -> Iterator[Batch]:
        worlds = {cell.point.id: cell.point.config for cell in cells_of(self.plan.design)}
        for tasks in batches(self.plan.missing, size=self._batch):
            yield Batch(tuple(tasks), {task.point: worlds[task.point] for task in tasks})


class _Pending:
    """Finished tasks that wait for the next chunk."""

    def __init__(self, store: Store, columns: Columns, progress: Progress) -> None:
        self.failed: list[Failed] = []
        self._store = store
        self._columns = columns
        self._progress = progress
        self._computed: list[Computed] = []
        self._cells = 0
        self._worked = 0.0  # seconds until the last chunk
        self._since = time.monotonic()

    def add(self, finished: Finished) -> None:
        """Take what came of a batch; commit a chunk when enough waits or enough time has passed."""
        self._computed += finished.computed
        self._cells += sum(item.size for item in finished.computed)
        self._progress.done += len(finished)
        if finished.failed:
            self._take_failed(finished.failed)
        waited = time.monotonic() - self._since
        patience = max(CHUNK_SECONDS, CHUNK_SHARE * self._worked)
        if self._cells >= _CHUNK_CELLS or not 0.0 <= waited < patience:
            self._worked += min(max(waited, 0.0), _LONGEST_WAIT)
            self.commit()

    def commit(self) -> None:
        """Store what waits."""
        waiting, self._computed, self._cells = self._computed, [], 0
        self._since = time.monotonic()
        self._store.commit(waiting, self._columns)

    def _take_failed(self, failed: Sequence[Failed]) -> None:
        self.failed += failed
        self._progress.failed += sum(len(item.task) for item in failed)
        self._store.record_failed(self.failed)
        if self._progress.failed >= _HOPELESS and self._progress.failed == self._progress.done:
            raise ForestallError(
                f"the first {self._progress.failed:,} runs all failed: {failed[-1].error}"
            )
