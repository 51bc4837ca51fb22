"""The runs that failed, kept beside the chunks with the reason: ``failed.parquet``.

They are not stored, so the same sweep tries them again; what succeeds then no longer counts here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.bounded import content_of, table_of
from experiments.chunks import write_aside
from experiments.tasks import Task
from experiments.workers import Failed
from sim.errors import ForestallError

FAILED = "failed.parquet"
_COLUMNS = ("key", "point", "arm", "first_replicate", "last_replicate", "error")
_SCHEMA = pa.schema(
    [(name, pa.int64() if name.endswith("replicate") else pa.string()) for name in _COLUMNS]
)


def has_failed(folder: Path) -> bool:
    """Return whether a folder of results ever recorded a failure."""
    return (folder / FAILED).exists()


def read_failed(folder: Path) -> list[Failed]:
    """Return the failures that a folder of results recorded, in order; empty when there are none.

    Raises
    ------
    ForestallError
        The file is damaged.
    """
    if not has_failed(folder):
        return []
    file = folder / FAILED
    try:
        rows = table_of(content_of(file)).select(_COLUMNS).cast(_SCHEMA).to_pylist()
        if any(None in row.values() for row in rows):
            raise ValueError("a value is missing")
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise ForestallError(
            f"{file}: damaged or cut short ({type(error).__name__}), remove it and run the same "
            "sweep again"
        ) from None
    return [
        Failed(
            Task(row["key"], row["point"], row["arm"], row["first_replicate"],
                 row["last_replicate"] + 1),
            row["error"],
        )
        for row in rows
    ]  # fmt: skip


def write_failed(folder: Path, failed: Iterable[Failed]) -> None:
    """Replace the failures that a folder records; blocks that follow one another are made one."""
    joined = _joined(sorted(set(failed), key=lambda item: (item.task, item.error)))
    tasks = [item.task for item in joined]
    table = {name: [getattr(task, name) for task in tasks] for name in ("key", "point", "arm")}
    table |= {
        "first_replicate": [task.first for task in tasks],
        "last_replicate": [task.last - 1 for task in tasks],
        "error": [item.error for item in joined],
    }
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(table), sink, compression="zstd")
    write_aside(folder / FAILED, sink.getvalue())


def summary_of(failed: Sequence[Failed], *, shown: int = 5) -> list[str]:
    """Return some lines that say which runs failed and why."""
    runs = sum(len(item.task) for item in failed)
    points = len({item.task.point for item in failed})
    lines = [f"{runs:,} run{'s' * (runs > 1)} of {points:,} point{'s' * (points > 1)} failed:"]
    joined = _joined(sorted(failed, key=lambda item: (item.task, item.error)))
    for item in joined[:shown]:
        task = item.task
        last = f" to {task.last - 1}" if len(task) > 1 else ""
        lines.append(f"  {task.point} {task.arm}, replicate {task.first}{last}: {item.error}")
    if len(joined) > shown:
        lines.append(f"  and {len(joined) - shown:,} more")
    return lines


def _joined(ordered: Iterable[Failed]) -> list[Failed]:
    joined: list[Failed] = []
    for item in ordered:
        before, task = (joined[-1] if joined else None), item.task
        if before and before.error == item.error and (
            before.task.key, before.task.point, before.task.arm, before.task.last,
        ) == (task.key, task.point, task.arm, task.first):  # fmt: skip
            whole = Task(task.key, task.point, task.arm, before.task.first, task.last)
            joined[-1] = Failed(whole, item.error)
        else:
            joined.append(item)
    return joined
