"""Reading the results of a sweep as labelled tables: `open` a folder, take what is needed.

The Parquet files can be read by anything else (DuckDB, R, Polars); this is the reader that checks
them, leaves out what another configuration left in the folder, and joins pairs. Elsewhere, join
``runs`` to ``design`` on ``key``, and take rows that are equal in key, arm and replicate once: chunks
are never taken away, so a sweep that was asked for again with every run's weekly series, or with fewer
replicates than one batch held, has stored runs twice, equal to the bit. Blocks of replicates in
``weekly`` may then overlap; which of them to count, `experiments.tasks.settle` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from experiments.chunks import RUNS, SERIES, WEEKLY, Chunk, joined, runs_of, series_of, weekly_of
from experiments.failures import read_failed
from experiments.folder import FULL, KEY, TREATED, read_sample, read_settings
from experiments.histograms import quantiles
from experiments.store import Stored
from experiments.tasks import BASELINE, TREATMENT, Task, settle
from sim.errors import ForestallError, bad_value, unknown_name

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
GRID = "grid"
_TABLES_KEPT = 8


def open(path: Path | str) -> Results:
    """Return the results in a folder that a sweep wrote, finished or not.

    Parameters
    ----------
    path : the folder.

    Raises
    ------
    ForestallError
        No such folder, not a folder of results, or a damaged file, which is named. The weekly series
        of every run, where they are stored, are checked when they are read.
    """
    try:
        Path(path).exists()
    except OSError as error:  # a name that no file can have
        reason = (error.strerror or "").lower()
        raise ForestallError(f"{str(path)[:60]}...: no such folder ({reason})") from None
    return Results(Path(path))


class Results:
    """What one sweep stored.

    Attributes
    ----------
    path : the folder.
    config, provenance : what was asked for, and how and where it was run.
    design : one row a point: ``point``, ``baseline`` and one column a lever. Baselines that are no
        points of the design follow at the end, with ``action.start`` infinite.
    method : of the design: "grid", or a method of `experiments.sampling`.
    factors : of the design, each as plain data: ``name``, ``unit``, ``source``, and either ``values``
        or ``low``, ``high``, ``scale`` ("linear" or "log") and ``whole``.
    replicates : runs that were asked for, of each point in each arm.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config, self.provenance, stored_design = read_settings(path)
        self.replicates: int = int(self.provenance["replicates"])
        about = self.provenance.get("design") or {}
        self.method: str = about.get("method", GRID)
        self.factors: tuple[Mapping[str, Any], ...] = tuple(about.get("factors", ()))
        self.design = stored_design.drop(columns=[KEY, TREATED])
        self._keys: Mapping[str, str] = dict(
            zip(stored_design["point"], stored_design[KEY], strict=True)
        )
        self._baselines: Mapping[str, str] = dict(
            zip(stored_design["point"], stored_design["baseline"], strict=True)
        )
        self._treated = list(stored_design.loc[stored_design[TREATED], "point"])
        self._stored = Stored(path)
        self._chunks = {chunk.runs: chunk for chunk in self._stored.chunks}
        self._read = partial(_read, self._chunks, self.outcomes, self.series)
        # Over a function that does not know these results: else they would keep their tables alive,
        # and a command that reads many sweeps in turn would hold them all.
        self._table = lru_cache(maxsize=_TABLES_KEPT)(self._read)

    @property
    def points(self) -> list[str]:
        """Ids of the points of the design, in its order."""
        return list(self._treated)

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The sample of the design as it was drawn, one row a row of it.

        Columns ``block`` (each combination of listed values runs the whole sample once), ``row``,
        ``point``, and one a sampled factor: its place in [0, 1]. Rows may share a point.

        Raises
        ------
        ForestallError
            The design is a grid.
        """
        return read_sample(self.path)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes, in the order of their columns."""
        return tuple(self.provenance["outcomes"])

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the weekly series."""
        return tuple(self.provenance["series"])

    @property
    def arms(self) -> list[tuple[str, str]]:
        """Every point with its arm: the treated points, then the baselines they share."""
        shared = dict.fromkeys(self._baselines[point] for point in self._treated)
        treated = [(point, TREATMENT) for point in self._treated]
        return [*treated, *((point, BASELINE) for point in shared)]

    @cached_property
    def runs_stored(self) -> int:
        """Number of runs of this design that are stored."""
        return sum(len(task) for point, arm in self.arms for task in self._tasks(point, arm))

    @property
    def runs_wanted(self) -> int:
        """Number of runs that the design asks for."""
        return len(self.arms) * self.replicates

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: ``point``, ``replicate``, ``arm``, and one column an outcome."""
        return self._runs_with(self.outcomes)

    def paired(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row a treated run, with its baseline's outcomes as ``baseline_...``.

        Columns ``point``, ``replicate``, the outcomes, and the outcomes of the same replicate of
        the baseline. A run whose baseline is not stored yet has no row.

        Parameters
        ----------
        outcomes : those that are wanted; of a million runs all of them fill gigabytes. All when None.
        """
        names = self.outcomes if outcomes is None else tuple(outcomes)
        runs = self._runs_with(names)
        treated, untreated = self._rows_of_pairs(runs["replicate"].to_numpy())
        columns = {name: runs[name].to_numpy() for name in ("point", "replicate", *names)}
        paired = {name: column[treated] for name, column in columns.items()}
        paired |= {f"baseline_{name}": columns[name][untreated] for name in names}
        return pd.DataFrame(paired)

    def _runs_with(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """Return the runs with some outcomes, in the order of `arms` and of replicates."""
        tasks = [task for point, arm in self.arms for task in self._tasks(point, arm)]
        names = ["point", "replicate", "arm", *outcomes]
        if tasks:
            frame = self._rows_of(tasks, names).unify_dictionaries().to_pandas()
        else:
            frame = pd.DataFrame(columns=names, dtype="float64")
        return frame.astype({"point": "str", "arm": "str", "replicate": "int64"})

    def _rows_of_pairs(self, replicate: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Return the rows of treated runs among all, and those of their baselines."""
        rows, reached = {}, 0
        for point, arm in self.arms:
            first, reached = reached, reached + sum(map(len, self._tasks(point, arm)))
            rows[point, arm] = (first, reached)
        pairs = [np.empty((2, 0), dtype=np.int64)]
        for point in self._treated:
            own, other = rows[point, TREATMENT], rows[self._baselines[point], BASELINE]
            # In the order of replicates, which is that of the rows.
            _, mine, theirs = np.intersect1d(
                replicate[slice(*own)], replicate[slice(*other)],
                assume_unique=True, return_indices=True,
            )  # fmt: skip
            pairs.append(np.stack([mine + own[0], theirs + other[0]]))
        treated, untreated = np.concatenate(pairs, axis=1)
        return treated, untreated

    def weekly_quantiles(
        self, series: str, point: str, arm: str = TREATMENT, *, q: Sequence[float] = BANDS
    ) -> pd.DataFrame:
        """Return quantiles over the replicates of a weekly series, one row a week and quantile.

        Parameters
        ----------
        series : name of the series.
        point : id of a point; with ``arm="baseline"`` also of a point whose baseline is meant.
        arm : "treatment" or "baseline".
        q : quantiles, in 0..1.

        Returns
        -------
        DataFrame
            ``point`` (that of the runs), ``series``, ``week`` (of the run, from 0), ``quantile``,
            ``value`` (within one bin of `experiments.histograms`). Empty before the first run.

        Raises
        ------
        ForestallError
            An unknown series, point or arm, or a quantile out of range.
        """
        if series not in self.series:
            raise unknown_name("series", series, self.series)
        if any(not 0 <= level <= 1 for level in q):
            raise bad_value("q", list(q), "quantiles between 0 and 1")
        index = self.series.index(series)
        share = bool(self.provenance["shares"][index])
        place = self._place(point, arm)
        week, which, bins, counts = self.histogram(place, arm)
        of_series = which == index
        week, bins, counts = week[of_series], bins[of_series], counts[of_series]
        starts = np.searchsorted(week, np.arange(week[-1] + 2 if week.size else 1))
        values = [
            quantiles(bins[start:end], counts[start:end], q, share=share)
            for start, end in pairwise(starts)
        ]
        weeks = np.repeat(np.arange(len(values)), len(q))
        return pd.DataFrame(
            {
                "point": place,
                "series": series,
                "week": weeks,
                "quantile": np.tile(np.asarray(q, dtype=np.float64), len(values)),
                "value": np.concatenate(values) if values else np.empty(0),
            }
        )

    @property
    def full(self) -> bool:
        """Whether the weekly series of every run were asked for."""
        return bool(self.provenance.get("weekly") == FULL)

    def weekly_runs(self, point: str, arm: str = TREATMENT) -> pd.DataFrame:
        """Return the weekly series of every run of a point, one row a run and week.

        Parameters
        ----------
        point, arm : as for `weekly_quantiles`.

        Returns
        -------
        DataFrame
            ``point`` (that of the runs), ``arm``, ``replicate``, ``week`` (from 0) and one column a
            series.

        Raises
        ------
        ForestallError
            The sweep kept quantiles only.
        """
        place = self._place(point, arm)
        if not self.full:
            raise ForestallError(
                f"{self.path}: holds quantiles of the weekly series only, run the same sweep with "
                f"store.weekly={FULL} for those of every run"
            )
        stored = self._stored.tasks(self._keys[place], arm, full=True)
        tasks = settle(stored, self.replicates)[0]
        names = ["point", "arm", "replicate", "week", *self.series]
        if not tasks:
            return pd.DataFrame(columns=names)
        rows = joined(self._series_of(task).select(names) for task in tasks)
        frame = rows.unify_dictionaries().to_pandas()
        return frame.astype({"point": "str", "arm": "str", "replicate": "int64", "week": "int64"})

    @cached_property
    def failed(self) -> pd.DataFrame:
        """Runs of this design that failed: ``point``, ``arm``, ``replicate`` and ``error``."""
        cells = {(self._keys[point], arm): point for point, arm in self.arms}
        rows = [
            (point, item.task.arm, replicate, item.error)
            for item in read_failed(self.path)
            if (point := cells.get((item.task.key, item.task.arm))) is not None
            for replicate in range(item.task.first, min(item.task.last, self.replicates))
            if not any(
                task.first <= replicate < task.last for task in self._tasks(point, item.task.arm)
            )
        ]
        return pd.DataFrame(rows, columns=["point", "arm", "replicate", "error"])

    def histogram(self, point: str, arm: str) -> tuple[NDArray[np.int64], ...]:
        """Return week, series index, bin and count of a point's filled bins, in that order."""
        parts = [self._weekly_of(task) for task in self._tasks(point, arm)]
        if not parts:
            empty = np.empty(0, dtype=np.int64)
            return empty, empty, empty, empty
        week, which, bins, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((bins, which, week))
        labels = np.stack([week[order], which[order], bins[order]])
        changes = np.any(np.diff(labels, axis=1) != 0, axis=0)
        starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
        summed = np.add.reduceat(counts[order], starts)
        return labels[0, starts], labels[1, starts], labels[2, starts], summed

    def runs_in_order(self, point: str, arm: str) -> Iterator[pa.Table]:
        """Yield the stored runs of one point and arm in the order of replicates."""
        for task in self._tasks(point, arm):
            yield self._runs_of(task)

    def _place(self, point: str, arm: str) -> str:
        if point not in self._keys:
            raise unknown_name("point", point, self._keys)
        if arm == BASELINE:
            return self._baselines[point]
        if arm != TREATMENT:
            raise unknown_name("arm", arm, (BASELINE, TREATMENT))
        if point not in self._treated:
            raise ForestallError(f"point {point}: a baseline, it has no treatment")
        return point

    def _tasks(self, point: str, arm: str) -> list[Task]:
        stored = self._stored.tasks(self._keys[point], arm)
        return settle(stored, self.replicates)[0]

    def _runs_of(self, task: Task) -> pa.Table:
        chunk, place = self._stored.place(task)
        return self._table(chunk.runs, RUNS).slice(chunk.run_starts[place], len(task))

    def _rows_of(self, tasks: Sequence[Task], names: Sequence[str]) -> pa.Table:
        """Return the runs of many tasks at once: a slice a task would take far longer to join."""
        places = [self._stored.place(task) for task in tasks]
        starts: dict[Path, int] = {}
        reached = 0
        for chunk in {chunk.runs: chunk for chunk, _ in places}.values():
            starts[chunk.runs] = reached
            reached += chunk.run_starts[-1]
        # Past the tables that are kept: of all outcomes those of a long sweep would fill the memory.
        whole = joined(self._read(runs, RUNS).select(names) for runs in starts)
        rows = [
            np.arange(len(task)) + (starts[chunk.runs] + chunk.run_starts[place])
            for task, (chunk, place) in zip(tasks, places, strict=True)
        ]
        return whole.take(np.concatenate(rows))

    def _series_of(self, task: Task) -> pa.Table:
        chunk, place = self._stored.place(task, full=True)
        table = self._table(chunk.runs, SERIES)
        weeks = len(table) // sum(map(len, chunk.tasks))
        before = sum(len(earlier) for earlier in chunk.tasks[:place])
        return table.slice(before * weeks, len(task) * weeks)

    def _weekly_of(self, task: Task) -> list[NDArray[np.int64]]:
        chunk, place = self._stored.place(task)
        first, last = chunk.weekly_starts[place : place + 2]
        # Cut before anything is converted: a chunk may hold the rows of thousands of tasks.
        table = self._table(chunk.runs, WEEKLY).slice(first, last - first)
        week, bins, counts = (
            table.column(name).to_numpy().astype(np.int64) for name in ("week", "bin", "count")
        )
        return [week, _series_codes(table, self.series).astype(np.int64), bins, counts]


def _read(
    chunks: Mapping[Path, Chunk],
    outcomes: Sequence[str],
    series: Sequence[str],
    runs: Path,
    part: str,
) -> pa.Table:
    """Return one part of a chunk, named by its file of runs."""
    chunk = chunks[runs]
    if part == RUNS:
        return runs_of(chunk, outcomes)
    if part == WEEKLY:
        return weekly_of(chunk, series)
    return series_of(chunk, series)


def _series_codes(table: pa.Table, series: Sequence[str]) -> NDArray[np.int64]:
    column = table.column("series").combine_chunks()
    names = column.dictionary.to_pylist()
    to_index = np.array([series.index(name) for name in names], dtype=np.int64)
    codes: NDArray[np.int64] = to_index[column.indices.to_numpy()]
    return codes
