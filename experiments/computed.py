"""What a sweep has computed, and the tables that are stored of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.arrow import coded, labels, numbers
from experiments.histograms import Cells, Counts, add_counts, unpack
from experiments.tasks import Task

LABELS = ("key", "point", "arm")
"""Columns of every table by which its tasks are known."""
_PIECE_SIZE = 200_000


@dataclass(frozen=True)
class Computed:
    """A finished task: outcomes, shape (replicates, outcomes), and its weekly histogram.

    `series`, shape (replicates, weeks, series), is there when every run's were asked for.
    """

    task: Task
    outcomes: NDArray[np.float64]
    cells: Cells
    counts: Counts
    series: NDArray[np.float64] | None = None

    @property
    def size(self) -> int:
        """Numbers that wait in memory for the next chunk."""
        series = 0 if self.series is None else self.series.size
        return self.cells.size + self.outcomes.size + series


@dataclass(frozen=True)
class Columns:
    """Names of the outcomes and of the weekly series, and which series are shares."""

    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    shares: tuple[bool, ...]


def in_order(computed: Sequence[Computed]) -> list[Computed]:
    """Return the tasks in order, blocks that follow one another made one."""
    groups: list[list[Computed]] = []
    for item in sorted(computed, key=lambda item: item.task):
        before = groups[-1][-1].task if groups else None
        task = item.task
        if before and (before.key, before.point, before.arm, before.last) == (
            task.key, task.point, task.arm, task.first,
        ):  # fmt: skip
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_one(group) for group in groups]


def _one(group: list[Computed]) -> Computed:
    if len(group) == 1:
        return group[0]
    task = group[0].task
    whole = Task(task.key, task.point, task.arm, task.first, group[-1].task.last)
    cells, counts = add_counts([(item.cells, item.counts) for item in group])
    outcomes = np.concatenate([item.outcomes for item in group])
    series = [item.series for item in group if item.series is not None]
    return Computed(whole, outcomes, cells, counts, np.concatenate(series) if series else None)


def pieces_of(
    whole: Sequence[Computed], size_of: Callable[[Computed], int]
) -> Iterator[list[Computed]]:
    """Yield the tasks in pieces: as a table, a number takes some ten times its memory."""
    piece: list[Computed] = []
    size = 0
    for item in whole:
        piece.append(item)
        size += size_of(item)
        if size >= _PIECE_SIZE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def runs_table(whole: Sequence[Computed], columns: Columns) -> pa.Table:
    """Return the outcomes of finished tasks, one row a run."""
    tasks = [item.task for item in whole]
    lengths = [len(task) for task in tasks]
    outcomes = np.concatenate([item.outcomes for item in whole])
    replicates = np.concatenate([np.arange(t.first, t.last, dtype=np.int32) for t in tasks])
    table = _labels(tasks, lengths) | {"replicate": numbers(replicates)}
    for index, name in enumerate(columns.outcomes):
        table[name] = numbers(outcomes[:, index])
    return pa.table(table)


def weekly_table(whole: Sequence[Computed], columns: Columns) -> pa.Table:
    """Return the weekly histograms of finished tasks, one row a filled bin."""
    tasks = [item.task for item in whole]
    lengths = [len(item.cells) for item in whole]
    cells = np.concatenate([item.cells for item in whole])
    # Wider than what waits in memory: some readers sum a column in its own type.
    counts = np.concatenate([item.counts for item in whole]).astype(np.int64)
    week, series, bins = unpack(cells, kinds=len(columns.series))
    table = _labels(tasks, lengths)
    table["first_replicate"] = _repeated([task.first for task in tasks], lengths)
    table["last_replicate"] = _repeated([task.last - 1 for task in tasks], lengths)
    table["week"] = numbers(week)
    table["series"] = coded(columns.series, series)
    table["bin"] = numbers(bins)
    table["count"] = numbers(counts)
    return pa.table(table)


def series_table(whole: Sequence[Computed], columns: Columns) -> pa.Table:
    """Return the weekly series of finished tasks that have them, one row a run and week."""
    tasks = [item.task for item in whole]
    blocks = [item.series for item in whole if item.series is not None]
    weeks = blocks[0].shape[1]
    table = _labels(tasks, [len(task) * weeks for task in tasks])
    replicates = np.concatenate([np.arange(t.first, t.last, dtype=np.int32) for t in tasks])
    table["replicate"] = numbers(np.repeat(replicates, weeks))
    table["week"] = numbers(np.tile(np.arange(weeks, dtype=np.int32), len(replicates)))
    for index, name in enumerate(columns.series):
        values = [np.ascontiguousarray(block[:, :, index]).ravel() for block in blocks]
        table[name] = numbers(np.concatenate(values))
    return pa.table(table)


def _labels(tasks: Sequence[Task], lengths: Sequence[int]) -> dict[str, pa.Array]:
    return {name: labels([getattr(task, name) for task in tasks], lengths) for name in LABELS}


def _repeated(values: Sequence[int], lengths: Sequence[int]) -> pa.Array:
    return numbers(np.repeat(np.array(values, dtype=np.int32), lengths))
