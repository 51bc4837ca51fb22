"""Chunks: what a sweep has computed, as Parquet files that are written once and never changed.

A chunk is a pair of files, ``runs/chunk-HASH.parquet`` (one row a run) and
``weekly/chunk-HASH.parquet`` (histograms of the weekly series), and where it was asked for a third,
``series/chunk-HASH.parquet`` (one row a run and week). Each is named by the SHA-256 of its own
bytes: any changed, missing or added byte is noticed when it is read. The first names the others and
lists the tasks in all, so a chunk exists from the moment at which its first file does.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.bounded import content_of, json_of, table_of
from experiments.computed import (
    LABELS,
    Columns,
    Computed,
    in_order,
    pieces_of,
    runs_table,
    series_table,
    weekly_table,
)
from experiments.tasks import Task
from sim.errors import ForestallError

FORMAT = 1
RUNS, WEEKLY, SERIES = "runs", "weekly", "series"
_NAME_LENGTH = 32
_WHOLE, _NUMBER = pa.types.is_integer, pa.types.is_floating
_LIMITS = {"week": (0, 10_000), "bin": (-(1 << 18), 1 << 18), "count": (0, 2**40)}
_METADATA = b"forestall"
_REPEATED = (*LABELS, "series")
"""Columns whose values recur; of the others a dictionary is not worth its time."""
_SPREAD = ("bin", "count")
"""Whole numbers that mostly are small: their bytes, each place by itself, take a quarter less disk
and half the time of a dictionary."""


class DamagedChunkError(ForestallError):
    """A stored file that is not what was written; the message names it."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}; run the same sweep again to recompute what it held")
        self.file = file


@dataclass(frozen=True)
class Chunk:
    """Where a stored chunk lies, its tasks, and how many weekly rows each task has.

    `series` is None where only histograms of the weekly series were asked for.
    """

    runs: Path
    weekly: Path
    tasks: tuple[Task, ...]
    weekly_rows: tuple[int, ...]
    series: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files beside that of the runs."""
        return (self.weekly,) if self.series is None else (self.weekly, self.series)

    @cached_property
    def run_starts(self) -> list[int]:
        """First row of each task among the runs, and their number."""
        return list(accumulate(map(len, self.tasks), initial=0))

    @cached_property
    def weekly_starts(self) -> list[int]:
        """First row of each task among the weekly rows, and their number."""
        return list(accumulate(self.weekly_rows, initial=0))


def write_chunk(folder: Path, computed: Sequence[Computed], columns: Columns) -> Chunk:
    """Write finished tasks as one chunk; when this returns they outlive a power cut.

    Parameters
    ----------
    folder : of the results; ``runs`` and ``weekly`` in it exist.
    computed : at least one finished task; all of them with their series, or none.

    Raises
    ------
    OSError
        The disk is full or the folder cannot be written.
    """
    whole = in_order(computed)
    pieces = list(pieces_of(whole, lambda item: item.size))
    weekly = _write(folder / WEEKLY, (weekly_table(piece, columns) for piece in pieces))
    series = None
    if whole[0].series is not None:
        (folder / SERIES).mkdir(exist_ok=True)
        series = _write(folder / SERIES, (series_table(piece, columns) for piece in pieces))
    weekly_rows = [len(item.cells) for item in whole]
    about = {
        "format": FORMAT,
        "weekly": weekly.name,
        "series": series and series.name,
        "tasks": [[t.key, t.point, t.arm, t.first, t.last] for t in (item.task for item in whole)],
        "weekly_rows": weekly_rows,
    }
    said = {_METADATA: json.dumps(about).encode()}
    rows = pieces_of(whole, lambda item: item.outcomes.size)
    runs = _write(
        folder / RUNS, (runs_table(piece, columns).replace_schema_metadata(said) for piece in rows)
    )
    return Chunk(runs, weekly, tuple(item.task for item in whole), tuple(weekly_rows), series)


def read_chunk(runs: Path, *, with_series: bool = True) -> Chunk:
    """Return what a chunk holds, after checking every byte of its files.

    Without `with_series` the weekly series of every run only have to be there: `series_of` checks them.

    Raises
    ------
    DamagedChunkError
        A file is missing, cut short, changed, or was never a chunk.
    """
    metadata = read_table(runs).schema.metadata or {}
    try:
        about: dict[str, Any] = json_of(metadata[_METADATA])
        tasks = tuple(_task(*entry) for entry in about["tasks"])
        folder, more = runs.parent.parent, about.get("series")
        weekly = folder / WEEKLY / Path(about["weekly"]).name
        series = None if more is None else folder / SERIES / Path(more).name
        rows = tuple(map(_count, about["weekly_rows"]))
        known = about["format"] == FORMAT
        if len(rows) != len(tasks) or not tasks:
            raise ValueError("tasks without their weekly rows")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise DamagedChunkError(runs, "not a chunk of runs") from None
    if not known:
        raise ForestallError(f"{runs}: written by another version of Forestall")
    chunk = Chunk(runs, weekly, tasks, rows, series)
    for file in chunk.files if with_series else (weekly,):
        _verified(file)
    if series is not None and not series.is_file():
        raise DamagedChunkError(series, "No such file or directory")
    return chunk


def read_table(file: Path) -> pa.Table:
    """Return the table in one file of a chunk, after checking every byte of it.

    Raises
    ------
    DamagedChunkError
        The file is missing, cut short or changed.
    """
    content = _verified(file)
    try:
        return table_of(content)
    except ValueError as error:
        raise DamagedChunkError(file, str(error)) from None


def runs_of(chunk: Chunk, outcomes: Sequence[str]) -> pa.Table:
    """Return the runs of a chunk, one row a run.

    Raises
    ------
    DamagedChunkError
        The file is damaged, or lacks an outcome or a run.
    """
    kinds = dict.fromkeys(LABELS, _word) | {"replicate": _WHOLE} | dict.fromkeys(outcomes, _NUMBER)
    table = _fitting(chunk.runs, kinds, chunk.run_starts[-1])
    listed = np.concatenate([np.arange(task.first, task.last) for task in chunk.tasks])
    if not np.array_equal(table.column("replicate").to_numpy(), listed):
        raise DamagedChunkError(chunk.runs, "its replicates are not those that are listed")
    return table


def weekly_of(chunk: Chunk, series: Sequence[str]) -> pa.Table:
    """Return the weekly histograms of a chunk, one row a filled bin.

    Raises
    ------
    DamagedChunkError
        The file is damaged, or holds what is no histogram of these series.
    """
    kinds = dict.fromkeys(("week", "bin", "count"), _WHOLE) | {"series": _word}
    table = _fitting(chunk.weekly, kinds, chunk.weekly_starts[-1])
    for name, (low, high) in _LIMITS.items():
        values = table.column(name).to_numpy()
        if values.size and not (low <= values.min() and values.max() <= high):
            raise DamagedChunkError(chunk.weekly, f"a {name} lies outside {low:,} to {high:,}")
    named = table.column("series").cast(pa.string()).unique().to_pylist()
    if not set(named) <= set(series):
        raise DamagedChunkError(chunk.weekly, "a series has a name that the sweep does not know")
    return table


def series_of(chunk: Chunk, series: Sequence[str]) -> pa.Table:
    """Return the weekly series of the runs of a chunk that has them, one row a run and week.

    Raises
    ------
    DamagedChunkError
        The file is damaged, or lacks a series or a week.
    """
    assert chunk.series is not None
    kinds = dict.fromkeys(("replicate", "week"), _WHOLE) | dict.fromkeys(series, _NUMBER)
    table = _fitting(chunk.series, dict.fromkeys(LABELS, _word) | kinds, None)
    if len(table) % max(chunk.run_starts[-1], 1):
        raise DamagedChunkError(chunk.series, "some runs have fewer weeks than others")
    return table


def joined(tables: Iterable[pa.Table]) -> pa.Table:
    """Return the rows of tables of several chunks; some may allow gaps, as all did once."""
    return pa.concat_tables(list(tables), promote_options="default")


def _fitting(file: Path, kinds: Mapping[str, Callable[[Any], bool]], rows: int | None) -> pa.Table:
    table = read_table(file)
    if rows is not None and len(table) != rows:
        raise DamagedChunkError(file, f"has {len(table):,} rows where {rows:,} are listed")
    for name, right in kinds.items():
        if table.column_names.count(name) != 1:
            raise DamagedChunkError(file, f"has no column {name!r}, or two")
        column = table.column(name)
        if not right(column.type) or column.null_count:
            raise DamagedChunkError(file, f"its column {name!r} is of another type or has gaps")
    return table


def _word(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type))


def _task(key: str, point: str, arm: str, first: int, last: int) -> Task:
    if not all(isinstance(word, str) for word in (key, point, arm)):
        raise TypeError("a task is known by words")
    if _count(first) >= _count(last):
        raise ValueError("a task without runs")
    return Task(key, point, arm, first, last)


def _count(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("no number of rows")
    return value


def _verified(file: Path) -> bytes:
    try:
        content = content_of(file)
    except OSError as error:
        raise DamagedChunkError(file, error.strerror or "cannot be read") from None
    except ValueError as error:
        raise DamagedChunkError(file, str(error)) from None
    if file.name != _name(content):
        raise DamagedChunkError(file, "damaged or cut short, its bytes do not match its name")
    return content


def _name(content: bytes | pa.Buffer) -> str:
    return f"chunk-{hashlib.sha256(content).hexdigest()[:_NAME_LENGTH]}.parquet"


def _write(folder: Path, tables: Iterable[pa.Table]) -> Path:
    """Write tables of one schema as the row groups of one file."""
    sink, writer = pa.BufferOutputStream(), None
    for table in tables:
        # That no value is missing need not be written down for each: a quarter of the time.
        schema = pa.schema(
            [field.with_nullable(False) for field in table.schema], metadata=table.schema.metadata
        )
        writer = writer or pq.ParquetWriter(
            sink, schema, compression="zstd", use_dictionary=list(_REPEATED),
            column_encoding={
                name: "BYTE_STREAM_SPLIT" for name in _SPREAD if name in schema.names
            },
            # Of other columns the least and the largest help nobody who reads, and cost a third.
            write_statistics=["point"],
            # Long batches and pages: a third less time, a fifth less disk than the usual ones.
            write_batch_size=1 << 16, max_rows_per_page=1 << 20,
        )  # fmt: skip
        writer.write_table(pa.Table.from_arrays(table.columns, schema=schema))
    assert writer is not None
    writer.close()
    content = sink.getvalue()
    return write_aside(folder / _name(content), content)


def write_aside(file: Path, content: bytes | pa.Buffer) -> Path:
    """Write a file so that it is there whole or not at all, whenever the machine stops."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return file
