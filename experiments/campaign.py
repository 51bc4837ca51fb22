"""A campaign: what a design wants, less what is stored, computed in batches, committed in chunks.

It knows no files but its store, no terminal and no command line.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.chunks import Computed
from experiments.command import InterruptedRunError
from experiments.designs import Design
from experiments.engines import Engine, Ensemble
from experiments.executors import Batch, Executor, stopped_by_signals
from experiments.histograms import count_cells
from experiments.store import Store, Stored
from experiments.tasks import Cell, Keys, Task, batches, cells_of, settle
from sim.errors import ForestallError

# Either commits a chunk: the first bounds memory, the second what a crash costs.
_CHUNK_CELLS = 4_000_000
_CHUNK_SECONDS = 5.0
# Later chunks may wait longer: a long sweep makes few files and a crash costs the same share of it.
_CHUNK_SHARE = 0.02
# More scenarios than this are spread over several ensembles, made as they are needed.
_ENSEMBLE_SCENARIOS = 512


@dataclass(frozen=True)
class Plan:
    """What is to be done: the missing tasks, in order, and how much of the design is stored."""

    design: Design
    keys: Keys
    replicates: int
    missing: tuple[Task, ...]
    runs: int

    @property
    def runs_missing(self) -> int:
        """Number of runs that are not stored yet."""
        return sum(len(task) for task in self.missing)


@dataclass
class Progress:
    """How far a campaign is; given to the function that shows it after every batch."""

    total: int
    stored: int
    done: int = 0
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


def plan(design: Design, keys: Keys, replicates: int, stored: Stored) -> Plan:
    """Return what a design wants that is not stored."""
    missing: list[Task] = []
    cells = cells_of(design)
    for cell in cells:
        key = keys.of(cell.point.id)
        _, gaps = settle(stored.tasks(key, cell.arm), replicates)
        missing.extend(Task(key, cell.point.id, cell.arm, first, last) for first, last in gaps)
    return Plan(design, keys, replicates, tuple(missing), len(cells) * replicates)


def scenarios_of(design: Design, engine: Engine) -> dict[str, Any]:
    """Return the scenario of every point and baseline by id, so that mistakes show before a run.

    Raises
    ------
    ForestallError
        The model cannot take a point; the message says which levers made it so.
    """
    scenarios: dict[str, Any] = {}
    for cell in cells_of(design):
        if cell.point.id not in scenarios:
            scenarios[cell.point.id] = _scenario(cell, engine, design)
    return scenarios


def _scenario(cell: Cell, engine: Engine, design: Design) -> Any:
    try:
        return engine.scenario(cell.point.config)
    except ForestallError as error:
        levers = {name: cell.point.levers[name] for name in design.factors}
        if not levers:
            raise
        where = ", ".join(f"{name}={value}" for name, value in levers.items())
        raise type(error)(f"{error} (design point {where})") from None


class Campaign:
    """Runs the missing tasks of a plan into a store.

    Parameters
    ----------
    plan : what is to be computed.
    scenarios : by point id, as `scenarios_of` returns them.
    engine, executor, store : by what, where, and into what.
    batch : runs handed to the engine at once.
    ready : called when a signal is answered with an orderly end, before anything is computed.
    """

    def __init__(
        self,
        plan: Plan,
        scenarios: Mapping[str, Any],
        *,
        engine: Engine,
        executor: Executor,
        store: Store,
        batch: int,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.plan = plan
        self._ready = ready
        self._engine = engine
        self._executor = executor
        self._store = store
        self._batch = batch
        self._shares = engine.columns.shares
        self._ensembles = _Ensembles(scenarios, engine)

    def run(self, show: Callable[[Progress], None] = lambda _: None) -> None:
        """Compute and store all that is missing.

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
            The store cannot be written, or a run gave a value that is not finite.
        """
        plan, stop = self.plan, threading.Event()
        progress = Progress(total=plan.runs, stored=plan.runs - plan.runs_missing)
        pending = _Pending(self._store, self._engine, progress)
        with stopped_by_signals(stop):
            self._ready()
            self._warm()
            try:
                for computed in self._executor(self._batches(), self._compute, stop=stop):
                    pending.add(computed)
                    show(progress)
            finally:
                pending.commit()
        if stop.is_set() and progress.done < plan.runs_missing:
            raise InterruptedRunError(
                f"interrupted: {progress.stored + progress.done:,} of {plan.runs:,} runs are "
                f"stored in {self._store.folder}; the same command resumes"
            )

    def _warm(self) -> None:
        """Let the engine compile before the workers start and the clock runs."""
        if self.plan.missing:
            ensemble, _ = self._ensembles.of(self.plan.missing[0].point)
            none = np.empty(0, dtype=np.int64)
            ensemble.run(none, none, self.plan.keys.seed)

    def _batches(self) -> Iterator[Batch]:
        for tasks in self._ensembles.groups(self.plan.missing):
            yield from batches(tasks, size=min(self._batch, self._engine.largest_batch))

    def _compute(self, batch: Batch) -> list[Computed]:
        ensemble, places = self._ensembles.of(batch[0].point)
        index = np.concatenate([np.full(len(t), places[t.point], dtype=np.int64) for t in batch])
        replicate = np.concatenate([np.arange(t.first, t.last, dtype=np.int64) for t in batch])
        runs = ensemble.run(index, replicate, self.plan.keys.seed)
        _check_finite(batch, runs.outcomes, self._engine.columns.outcomes)
        _check_finite(batch, runs.series, self._engine.columns.series)
        computed, start = [], 0
        for task in batch:
            rows = slice(start, start + len(task))
            cells, counts = count_cells(runs.series[rows], shares=self._shares)
            computed.append(Computed(task, np.array(runs.outcomes[rows]), cells, counts))
            start += len(task)
        return computed


class _Pending:
    """Finished tasks that wait for the next chunk."""

    def __init__(self, store: Store, engine: Engine, progress: Progress) -> None:
        self._store = store
        self._columns = engine.columns
        self._progress = progress
        self._computed: list[Computed] = []
        self._cells = 0
        self._since = time.monotonic()

    def add(self, computed: list[Computed]) -> None:
        """Take finished tasks, and commit a chunk when enough wait or enough time has passed."""
        self._computed += computed
        self._cells += sum(len(item.cells) for item in computed)
        self._progress.done += sum(len(item.task) for item in computed)
        now = time.monotonic()
        patience = max(_CHUNK_SECONDS, _CHUNK_SHARE * (now - self._progress.started))
        if self._cells >= _CHUNK_CELLS or now - self._since >= patience:
            self.commit()

    def commit(self) -> None:
        """Store what waits."""
        waiting, self._computed, self._cells = self._computed, [], 0
        self._since = time.monotonic()
        self._store.commit(waiting, self._columns)


class _Ensembles:
    """Packs scenarios of one structure into shared ensembles, each made when it is first needed."""

    def __init__(self, scenarios: Mapping[str, Any], engine: Engine) -> None:
        self._scenarios = scenarios
        self._engine = engine
        self._made: dict[int, tuple[Ensemble, dict[str, int]]] = {}
        self._lock = threading.Lock()
        self._packs: list[list[str]] = []
        self._pack_of: dict[str, int] = {}
        by_structure: dict[Hashable, list[str]] = defaultdict(list)
        for point, scenario in scenarios.items():
            by_structure[scenario.structure].append(point)
        for points in by_structure.values():
            for start in range(0, len(points), _ENSEMBLE_SCENARIOS):
                pack = points[start : start + _ENSEMBLE_SCENARIOS]
                self._pack_of.update(dict.fromkeys(pack, len(self._packs)))
                self._packs.append(pack)

    def groups(self, tasks: Sequence[Task]) -> Iterator[list[Task]]:
        """Yield the tasks of each ensemble, in their order."""
        grouped: dict[int, list[Task]] = defaultdict(list)
        for task in tasks:
            grouped[self._pack_of[task.point]].append(task)
        yield from grouped.values()

    def of(self, point: str) -> tuple[Ensemble, dict[str, int]]:
        """Return the ensemble that holds a point, and the index of each of its points."""
        pack = self._pack_of[point]
        with self._lock:
            if pack not in self._made:
                points = self._packs[pack]
                ensemble = self._engine.ensemble([self._scenarios[name] for name in points])
                self._made[pack] = (ensemble, {name: place for place, name in enumerate(points)})
            return self._made[pack]


def _check_finite(batch: Batch, values: Any, names: Sequence[str]) -> None:
    if np.isfinite(values).all():
        return
    place = np.argwhere(~np.isfinite(values))[0]
    runs = [(task, replicate) for task in batch for replicate in range(task.first, task.last)]
    task, replicate = runs[int(place[0])]
    raise ForestallError(
        f"{names[int(place[-1])]} is not a finite number in replicate {replicate} of point "
        f"{task.point} ({task.arm})"
    )
