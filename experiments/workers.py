"""What a worker does: it takes a batch of tasks as plain data and gives back what they came to.

The same `Worker` computes in a thread, in another process or on another machine: it travels as the
engine's class and a seed, a batch as tasks and configurations. Runs that fail are found by halving
the batch, so that one of them costs no other.
"""

from __future__ import annotations

import pickle
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.command import printable
from experiments.computed import Computed
from experiments.engines import Engine, Ensemble
from experiments.histograms import bins_of_series, count_cells
from experiments.posterior import number_of_sets, with_set
from experiments.provenance import source_hash
from experiments.tasks import Task, batches
from sim.errors import ForestallError

_ENSEMBLES_KEPT = 8


class ForeignWorkerError(ForestallError):
    """A worker whose model is not the one that results are stored under."""


@dataclass(frozen=True)
class Batch:
    """Tasks to compute together, and the configuration of each of their points by its id."""

    tasks: tuple[Task, ...]
    worlds: Mapping[str, Mapping[str, Any]]

    def __len__(self) -> int:
        """Return the number of runs."""
        return sum(map(len, self.tasks))

    def halves(self) -> Iterator[Batch]:
        """Yield two batches that hold the runs of this one, which has two or more."""
        for tasks in batches(self.tasks, size=-(-len(self) // 2)):
            yield self.of(tasks)

    def of(self, tasks: Sequence[Task]) -> Batch:
        """Return the batch of some of its tasks, or of parts of them."""
        return Batch(tuple(tasks), {task.point: self.worlds[task.point] for task in tasks})


@dataclass(frozen=True)
class Failed:
    """Runs that could not be computed, and the reason, one line."""

    task: Task
    error: str


@dataclass
class Finished:
    """What came of a batch: each of its runs is in one of the two."""

    computed: list[Computed] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of runs."""
        computed = sum(len(item.task) for item in self.computed)
        return computed + sum(len(item.task) for item in self.failed)


def given_up(batch: Batch, reason: str) -> Finished:
    """Return the runs of a batch as failed."""
    return Finished(failed=[Failed(task, reason) for task in batch.tasks])


def pack(compute: Callable[[Batch], Finished], batch: Batch) -> bytes:
    """Return a worker and a batch as bytes; what the points of the batch share is in them once."""
    return pickle.dumps((compute, batch))


def compute_packed(packed: bytes) -> Finished:
    """Return what a batch comes to that `pack` packed, in whatever process this is."""
    compute, batch = pickle.loads(packed)
    finished: Finished = compute(batch)
    return finished


class Worker:
    """Computes batches; may be called from several threads and may travel to another process.

    Parameters
    ----------
    engine : without state of its own when it is to travel.
    seed : of all random numbers.
    source : hash of the model that results are stored under.
    full : whether the weekly series of every run are wanted beside their histograms.
    """

    def __init__(self, engine: Engine, *, seed: int, source: str, full: bool = False) -> None:
        self.engine = engine
        self.seed = seed
        self.source = source
        self.full = full
        self._ensembles = _Ensembles(engine)

    def __reduce__(self) -> tuple[Callable[..., Worker], tuple[Any, ...]]:
        """Travel with the hash of the model: a worker elsewhere must have the same one."""
        return _arrived, (self.engine, self.seed, self.source, self.full)

    def warm(self, batch: Batch) -> None:
        """Let the engine compile what a batch needs; a batch that cannot be run is left alone."""
        none = np.empty(0, dtype=np.int64)
        # What is wrong with it is recorded when it is run.
        with suppress(Exception):
            for ensemble, _ in self._ensembles.of(batch):
                ensemble.run(none, none, self.seed)

    def __call__(self, batch: Batch) -> Finished:
        """Return what the runs of a batch came to, in any order."""
        try:
            return Finished(computed=list(self._computed(batch)))
        except Exception as error:
            if len(batch) == 1:
                return given_up(batch, _line(error))
            if len(batch.worlds) == 1 and not self._ensembles.accept(batch):
                return given_up(batch, _line(error))
        finished = Finished()
        for half in batch.halves():
            part = self(half)
            finished.computed += part.computed
            finished.failed += part.failed
        return finished

    def _computed(self, batch: Batch) -> Iterator[Computed]:
        for ensemble, places in self._ensembles.of(batch):
            tasks = [task for task in batch.tasks if task.point in places]
            replicate = [np.arange(task.first, task.last, dtype=np.int64) for task in tasks]
            index = [
                places[task.point] + numbers % number_of_sets(batch.worlds[task.point])
                for task, numbers in zip(tasks, replicate, strict=True)
            ]
            runs = ensemble.run(np.concatenate(index), np.concatenate(replicate), self.seed)
            _check_finite(tasks, runs.outcomes, self.engine.columns.outcomes)
            _check_finite(tasks, runs.series, self.engine.columns.series)
            # Of a whole batch at once: a point may have a single run in it.
            bins = bins_of_series(runs.series, shares=self.engine.columns.shares)
            start = 0
            for task in tasks:
                rows = slice(start, start + len(task))
                start += len(task)
                cells, counts = count_cells(bins[rows])
                kept = np.array(runs.series[rows]) if self.full else None
                # Many of these wait for a chunk: no count is larger than the number of runs.
                counts = counts.astype(np.int32, copy=False)
                yield Computed(task, np.array(runs.outcomes[rows]), cells, counts, kept)


class _Ensembles:
    """Makes the ensembles of a batch, one for each structure, and keeps the last few."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: OrderedDict[tuple[str, ...], list[tuple[Ensemble, dict[str, int]]]]
        self._kept = OrderedDict()
        self._lock = threading.Lock()

    def of(self, batch: Batch) -> list[tuple[Ensemble, dict[str, int]]]:
        """Return the ensembles that hold the points of a batch, each with its points' first indices."""
        points = tuple(batch.worlds)
        with self._lock:
            if points in self._kept:
                self._kept.move_to_end(points)
                return self._kept[points]
        made = self._make(batch.worlds)
        with self._lock:
            self._kept[points] = made
            while len(self._kept) > _ENSEMBLES_KEPT:
                self._kept.popitem(last=False)
        return made

    def accept(self, batch: Batch) -> bool:
        """Return whether the model takes the points of a batch at all."""
        try:
            self.of(batch)
        except Exception:
            return False
        return True

    def _make(self, worlds: Mapping[str, Any]) -> list[tuple[Ensemble, dict[str, int]]]:
        by_structure: dict[Hashable, tuple[list[Any], dict[str, int]]] = {}
        for point, world in worlds.items():
            several = [
                self._engine.scenario(with_set(world, number))
                for number in range(number_of_sets(world))
            ]
            scenarios, places = by_structure.setdefault(several[0].structure, ([], {}))
            places[point] = len(scenarios)
            scenarios += several
        return [
            (self._engine.ensemble(scenarios), places)
            for scenarios, places in by_structure.values()
        ]


_here: dict[tuple[Any, ...], Worker] = {}
_here_lock = threading.Lock()


def _arrived(engine: Engine, seed: int, source: str, full: bool) -> Worker:
    """Return this process's worker of that kind, so that its ensembles serve many batches."""
    kind = (engine.name, seed, source, full)
    with _here_lock:
        if kind not in _here:
            if source_hash() != source:
                raise ForeignWorkerError(
                    f"executor: the worker on {socket.gethostname()} has another version of the "
                    "model than this process, install the same one on both"
                )
            _here[kind] = Worker(engine, seed=seed, source=source, full=full)
        return _here[kind]


def _check_finite(tasks: Sequence[Task], values: Any, names: Sequence[str]) -> None:
    if np.isfinite(values).all():
        return
    place = np.argwhere(~np.isfinite(values))[0]
    runs = [replicate for task in tasks for replicate in range(task.first, task.last)]
    raise ForestallError(
        f"{names[int(place[-1])]} is not a finite number in replicate {runs[int(place[0])]}"
    )


def _line(error: Exception) -> str:
    said = printable(str(error))
    return said if isinstance(error, ForestallError) else f"{type(error).__name__}: {said}"
