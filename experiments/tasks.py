"""Tasks: the unit of what is computed, stored and skipped when a sweep resumes.

A task is a block of replicates of one point in one arm. It is known by a key made of the point's
configuration, the seed, the engine and the source of the model: whatever changes a run changes
its key, so what is stored under a key is never out of date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from experiments.designs import Design
from experiments.histograms import BINNING
from experiments.points import Point

BASELINE = "baseline"
TREATMENT = "treatment"


@dataclass(frozen=True, order=True, slots=True)
class Task:
    """Replicates `first` to `last` (not included) of a point in one arm, under its key."""

    key: str
    point: str
    arm: str
    first: int
    last: int

    def __len__(self) -> int:
        """Return the number of runs."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Cell:
    """All that a design wants of one point in one arm."""

    point: Point
    arm: str


@dataclass(frozen=True)
class Keys:
    """Makes the keys of one sweep: how its points are run, beside what they are."""

    seed: int
    engine: str
    source: str

    def of(self, point: str) -> str:
        """Return the key under which runs of a point are stored."""
        parts = (point, str(self.seed), self.engine, self.source, str(BINNING))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def cells_of(design: Design) -> list[Cell]:
    """Return the baselines and then the points of a design, in its order."""
    return [
        *(Cell(point, BASELINE) for point in design.baselines),
        *(Cell(point, TREATMENT) for point in design.points),
    ]


def settle(stored: Iterable[Task], replicates: int) -> tuple[list[Task], list[tuple[int, int]]]:
    """Return which stored tasks of one key and arm to use, and which replicates are missing.

    The tasks used do not overlap and lie within 0..replicates, because a histogram cannot be cut:
    after a change of batch size or of the number of replicates, blocks may overlap.

    Parameters
    ----------
    stored : tasks of one key and arm, in any order.
    replicates : how many are wanted.
    """
    used: list[Task] = []
    missing: list[tuple[int, int]] = []
    reached = 0
    longest_first = sorted(stored, key=lambda task: (task.first, -task.last))
    for task in longest_first:
        if task.first < reached or task.last > replicates:
            continue
        if task.first > reached:
            missing.append((reached, task.first))
        used.append(task)
        reached = task.last
    if reached < replicates:
        missing.append((reached, replicates))
    return used, missing


def batches(tasks: Sequence[Task], *, size: int) -> Iterator[list[Task]]:
    """Yield the tasks cut and packed into batches of `size` runs; a batch may mix points."""
    batch: list[Task] = []
    room = size
    for task in tasks:
        first = task.first
        while first < task.last:
            last = min(task.last, first + room)
            batch.append(Task(task.key, task.point, task.arm, first, last))
            room -= last - first
            first = last
            if room == 0:
                yield batch
                batch, room = [], size
    if batch:
        yield batch
