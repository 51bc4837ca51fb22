"""The real simulator: the statistics of the facts marked C, on sampled countries of the model.

What a calibration reads of the outside world comes through `experiments.validation.calibration_facts`
alone, which holds the facts marked C and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, cached_property, partial
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.facts import Fact, Measured
from experiments.provenance import cores, source_hash
from experiments.validation.calibration_facts import (
    CalibrationFact,
    Worlds,
    calibration_facts,
    calibration_worlds,
    facts_of,
    sources,
)
from experiments.validation.estimates import Estimate
from sim.parameters import parameter_row

WORLD_SEED = 1
"""Of the sample of countries, the same for every parameter set."""
_UNITS = {"1": "onsets per country-year", "22": "forums", "23": "months"}


class ModelSimulator:
    """Simulates the facts marked C.

    Parameters
    ----------
    countries, crises : sizes of the two samples of countries.
    workers : processes, each with a parameter set at a time; nothing depends on their number. One
        runs here.
    """

    def __init__(self, *, countries: int, crises: int, workers: int | None = None) -> None:
        self._size = (countries, crises)
        self._workers = workers or cores()
        self._pool: ProcessPoolExecutor | None = None
        self._strangers: set[BaseProcess] = set()
        self._declared = calibration_facts()
        self.facts: tuple[Fact, ...] = tuple(map(_fact, self._declared))
        self.runs = countries + crises

    @cached_property
    def key(self) -> str:
        """The model's source, the sample of countries, and how statistics are taken of it."""
        taken = hashlib.sha256(sources().encode()).hexdigest()
        return f"{source_hash()} {self._size} {WORLD_SEED} {taken}"

    def __call__(self, parameters: Sequence[Mapping[str, float]], *, seed: int) -> Measured:
        """Return the statistics of each parameter set; those that a set leaves out are at default."""
        simulate = partial(_simulated, size=self._size, seed=seed)
        rows = [parameter_row(dict(row)) for row in parameters]
        found = list(
            map(simulate, rows) if self._workers == 1 else self._others.map(simulate, rows)
        )
        pairs = [
            [_value_and_error(one, fact) for one, fact in zip(row, self._declared, strict=True)]
            for row in found
        ]
        both = np.array(pairs, dtype=np.float64).reshape(len(parameters), len(self.facts), 2)
        return Measured(both[:, :, 0], both[:, :, 1])

    @property
    def _others(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._strangers = set(active_children())
            # Started afresh: a copy of this process would hold its locks and threads as well.
            self._pool = ProcessPoolExecutor(
                self._workers, mp_context=get_context("spawn"), initializer=_end_with_parent
            )
        return self._pool

    def close(self) -> None:
        """End the other processes, also in the midst of a simulation that nobody waits for any more."""
        if self._pool is not None:
            # An interrupt would else wait until they have compiled the model, which takes minutes.
            for process in set(active_children()) - self._strangers:
                process.terminate()
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _end_with_parent() -> None:
    """Let this process end when the one that started it is killed: it would wait for ever."""
    parent = parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


@cache
def _worlds(size: tuple[int, int]) -> Worlds:
    return calibration_worlds(countries=size[0], crises=size[1], seed=WORLD_SEED)


def _simulated(row: NDArray[np.float64], *, size: tuple[int, int], seed: int) -> list[Estimate]:
    return facts_of(row, _worlds(size), seed=seed)


def _fact(declared: CalibrationFact) -> Fact:
    return Fact(
        id=declared.name, statistic=declared.statistic, low=declared.low, high=declared.high,
        unit=_UNITS.get(declared.name, "ratio"), scale="log" if declared.log else "linear",
        source=f"fact {declared.id}, marked C, family {declared.family}",
    )  # fmt: skip


def _value_and_error(found: Estimate, fact: CalibrationFact) -> tuple[float, float]:
    """Return an estimate and its standard error in the unit of the fact.

    A rate of nothing has no logarithm: it counts as its own error, half an event, give or take as much
    again.
    """
    if fact.log and found.value == 0.0 and found.error > 0.0 and not found.log:
        return found.error, found.error
    return found.value, found.error * found.value if found.log else found.error
