"""What the passes of a week move between a processor and its memory, in a country that no cache holds.

The compiled week goes over the places pass by pass: as far as no place needs what another one or the
country has yet to come to. A pass of a large country fetches what it reads, and what it writes is
fetched and later written back, in lines of 64 bytes; the next pass finds none of it. The lines are
counted, not guessed: the same week runs in plain Python on columns that note what is read and written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from experiments.bench_runs import SEED, synthetic
from sim.ensemble.run import Run
from sim.fields import W
from sim.schedule import WEEK

LINE = 64
"""Bytes that memory moves at once."""

COUNTRY = 200
"""Communities of the country in which lines are counted; fewer than a tile."""

WEEKS, COUNTED = 40, 4
"""Weeks of the run, and how many of them are counted: all that is decided is decided once in four."""

WATCHED = (
    "start", "end", "place", "contact", "nearness", "listed", "recorded", "communities", "people",
    "presence", "flight", "near", "spare",
)  # fmt: skip
"""Columns that grow with the country."""


class _Lines:
    """Lines that the passes of some weeks move."""

    def __init__(self) -> None:
        self.moved = 0
        self._read: set[tuple[str, int]] = set()
        self._written: set[tuple[str, int]] = set()

    def note(self, column: str, offset: int, *, written: bool) -> None:
        """Note one number of a column, by its offset in bytes."""
        (self._written if written else self._read).add((column, offset // LINE))

    def end_pass(self) -> None:
        """Add up what a pass has moved: to fetch what it used, and to write back what it wrote."""
        self.moved += len(self._read | self._written) + len(self._written)
        self._read.clear()
        self._written.clear()


class _Watched:
    """A column that notes which of its lines are read and written."""

    def __init__(self, name: str, values: np.ndarray, lines: _Lines, offset: int = 0) -> None:
        self._name, self._values, self._lines, self._offset = name, values, lines, offset
        self.shape, self.size = values.shape, values.size

    def _at(self, index: Any) -> int:
        index = index if isinstance(index, tuple) else (index,)
        steps = zip(index, self._values.strides, strict=False)
        return self._offset + sum(int(position) * step for position, step in steps)

    def __getitem__(self, index: Any) -> Any:
        value = self._values[index]
        if isinstance(value, np.ndarray):
            return _Watched(self._name, value, self._lines, self._at(index))
        self._lines.note(self._name, self._at(index), written=False)
        return value

    def __setitem__(self, index: Any, value: float) -> None:
        self._lines.note(self._name, self._at(index), written=True)
        self._values[index] = value


def bytes_moved() -> float:
    """Return the bytes that a community and week move where nothing stays in a cache."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "experiments.bench_passes"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def counted() -> float:
    """Return what `bytes_moved` does; compilation is to be off (``NUMBA_DISABLE_JIT=1``)."""
    from sim.ensemble import Ensemble
    from sim.ensemble.build import build

    lines = _Lines()
    within = build()["advance"].__globals__
    within["week"] = _watched_week(within["week"], lines)
    batch = Ensemble([synthetic(COUNTRY, WEEKS)]).start(
        np.zeros(1, np.int64), np.zeros(1, np.int64), SEED
    )
    batch.advance(WEEKS)
    return float(lines.moved * LINE / COUNTED / batch.state["communities"].shape[2])


def _watched_week(week: Any, lines: _Lines) -> Callable[[Run], None]:
    """Return the week, whose last ones note what each of its passes moves."""
    within = week.__globals__

    def tile(*columns: Any) -> Run:
        lines.end_pass()
        return Run(*columns)

    def alone(body: Callable[[Run], None]) -> Callable[[Run], None]:
        def process(run: Run) -> None:
            lines.end_pass()
            body(run)

        return process

    def watched(run: Run) -> None:
        if run.world[W.week] < WEEKS - COUNTED:
            week(run)
            return
        columns: dict[str, Any] = {
            name: _Watched(name, getattr(run, name), lines) for name in WATCHED
        }
        for place in range(0, run.flight.size, LINE // 8):  # the draws were a pass of their own
            lines.note("flight", 8 * place, written=True)
        before = dict(within)
        within["Run"] = tile
        for process in WEEK:
            if process.agent != "Community":
                within[process.name] = alone(within[process.name])
        week(run._replace(**columns))
        within.update(before)
        lines.end_pass()

    return watched


if __name__ == "__main__":
    print(counted())
