"""The store of one results folder: which tasks it holds, and a writer that adds chunks to it."""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from analysis.unwritable import UnwritableError
from experiments.chunks import (
    RUNS,
    SERIES,
    WEEKLY,
    Chunk,
    DamagedChunkError,
    read_chunk,
    write_chunk,
)
from experiments.computed import Columns, Computed
from experiments.failures import FAILED, read_failed, write_failed
from experiments.leftovers import remove_leftovers
from experiments.tasks import Keys, Task
from experiments.workers import Failed
from sim.errors import ForestallError

LOCK = ".lock"
DAMAGED = "damaged"
_Places = dict[Task, tuple[Chunk, int]]


class Stored:
    """The chunks of a folder by the tasks that they hold, for reading.

    Parameters
    ----------
    folder : of the results.
    on_damage : called with each damaged chunk's file of runs and the error; the chunk then counts
        as absent. Without it the first damaged chunk is raised, and the weekly series of every run,
        by far the largest files, are checked when they are read.

    Raises
    ------
    DamagedChunkError
        A chunk is damaged and `on_damage` was not given.
    """

    def __init__(
        self, folder: Path, *, on_damage: Callable[[Path, DamagedChunkError], None] | None = None
    ) -> None:
        self.chunks: list[Chunk] = []
        self._tasks: defaultdict[tuple[str, str], _Places] = defaultdict(dict)
        self._full: defaultdict[tuple[str, str], _Places] = defaultdict(dict)
        for file in sorted((folder / RUNS).glob("chunk-*.parquet")):
            try:
                self.add(read_chunk(file, with_series=on_damage is not None))
            except DamagedChunkError as damage:
                if on_damage is None:
                    raise
                on_damage(file, damage)

    def add(self, chunk: Chunk) -> None:
        """Count a chunk's tasks among those stored."""
        self.chunks.append(chunk)
        for place, task in enumerate(chunk.tasks):
            self._tasks[task.key, task.arm].setdefault(task, (chunk, place))
            if chunk.series is not None:
                self._full[task.key, task.arm].setdefault(task, (chunk, place))

    def foreign(self, keys: Keys) -> int:
        """Return how many stored points were run under other keys: another version, seed or engine."""
        points = {(key, task.point) for (key, _), held in self._tasks.items() for task in held}
        return len({point for key, point in points if keys.of(point) != key})

    def tasks(self, key: str, arm: str, *, full: bool = False) -> list[Task]:
        """Return the stored tasks of one key and arm, in any order; they may overlap.

        With `full`, only those whose runs' weekly series are stored.
        """
        held = (self._full if full else self._tasks).get((key, arm), ())
        return list(held)

    def place(self, task: Task, *, full: bool = False) -> tuple[Chunk, int]:
        """Return the chunk that holds a stored task, and the task's place in it."""
        return (self._full if full else self._tasks)[task.key, task.arm][task]


class Store:
    """A results folder opened for writing, by one sweep at a time.

    Parameters
    ----------
    folder : made when it does not exist.
    notice : called with one line about each chunk that had to be set aside.

    Raises
    ------
    ForestallError
        The folder cannot be written, holds something else than results, or another sweep is
        writing it.
    """

    def __init__(self, folder: Path, *, notice: Callable[[str], None]) -> None:
        self.folder = folder
        self._notice = notice
        new = () if os.path.exists(folder) else ("choose another folder",)
        with writing(folder, *new):
            _refuse_foreign(folder)
            folder.mkdir(parents=True, exist_ok=True)
            # First of all files: it marks the folder as one of results, whenever this is stopped.
            self._lock = _locked(folder)
        try:
            with writing(folder):
                for part in (RUNS, WEEKLY):
                    (folder / part).mkdir(exist_ok=True)
                remove_leftovers(folder)
            self.stored = Stored(folder, on_damage=self._set_aside)
            self._failed_before = self._recorded_failures()
            with writing(folder):
                self._remove_orphans()
        except BaseException:
            # In one process a second try would else find its own lock.
            os.close(self._lock)
            raise

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the next sweep write."""
        os.close(self._lock)

    def commit(self, computed: Sequence[Computed], columns: Columns) -> None:
        """Store finished tasks; they are safe when this returns.

        Raises
        ------
        ForestallError
            The disk is full or the folder cannot be written. Earlier chunks stay as they are.
        """
        if computed:
            with writing(self.folder):
                self.stored.add(write_chunk(self.folder, computed, columns))

    def record_failed(self, failed: Sequence[Failed]) -> None:
        """Record runs that failed beside those of earlier sweeps."""
        with writing(self.folder):
            write_failed(self.folder, [*self._failed_before, *failed])

    def _recorded_failures(self) -> list[Failed]:
        """Return the failures on record; a damaged record is set aside, its runs are tried anyway."""
        try:
            return read_failed(self.folder)
        except ForestallError:
            with writing(self.folder):
                (self.folder / DAMAGED).mkdir(exist_ok=True)
                (self.folder / FAILED).replace(self.folder / DAMAGED / FAILED)
            self._notice(
                f"{FAILED} is damaged: set aside in {DAMAGED}/, what failed before is tried again"
            )
            return []

    def _set_aside(self, runs: Path, damage: DamagedChunkError) -> None:
        with writing(self.folder):
            (self.folder / DAMAGED).mkdir(exist_ok=True)
            for file in {runs, damage.file}:
                if file.exists():
                    file.replace(self.folder / DAMAGED / f"{file.parent.name}-{file.name}")
        self._notice(
            f"{damage.file.relative_to(self.folder)} is damaged: set aside in {DAMAGED}/, "
            "what it held is computed again"
        )

    def _remove_orphans(self) -> None:
        # Files of a chunk whose runs, which name them, were never written.
        known = {file for chunk in self.stored.chunks for file in chunk.files}
        for part in (WEEKLY, SERIES):
            for file in (self.folder / part).glob("chunk-*.parquet"):
                if file not in known:
                    file.unlink()


@contextmanager
def writing(
    folder: Path,
    afterwards: str = "what was stored before stays and the same command resumes it",
    *,
    key: str = "output",
) -> Iterator[None]:
    """Turn what goes wrong with a disk or a folder into one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableError(
            f"{key}: cannot write to {folder}: {reason}; {afterwards}", place=folder, reason=reason
        ) from error


def _refuse_foreign(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LOCK).exists():
        raise ForestallError(
            f"output: {folder} holds files that are no results, choose a new or an empty folder"
        )


def _locked(folder: Path) -> int:
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(lock, 32).decode(errors="replace").strip() or "?"
        os.close(lock)
        raise ForestallError(
            f"output: another sweep (process {owner}) is writing to {folder}, wait for it or "
            "choose another folder"
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock
