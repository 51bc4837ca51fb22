"""A small engine with the interface of the real ones: fast, and slow when asked to be.

Run as a program it is ``forestall sweep`` on this engine.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.command import run_command
from experiments.computed import Columns
from sim.errors import ScenarioError

COLUMNS = Columns(
    outcomes=("mass_killing", "direct_deaths", "displaced", "arrival_week"),
    series=("direct_deaths", "displaced", "peacekeepers", "threat"),
    shares=(False, False, False, True),
)


@dataclass(frozen=True)
class FakeScenario:
    start: float
    dispersion: float
    arrival: float
    weeks: int
    structure: object


@dataclass(frozen=True)
class FakeRuns:
    outcomes: np.ndarray
    series: np.ndarray


class FakeEngine:
    """Deaths grow with the start and the dispersion; counts the runs that it was asked for."""

    name = "fake"
    columns = COLUMNS
    largest_batch = 1000

    def __init__(self, *, delay: float = 0.0, structures: int = 1) -> None:
        self.delay = delay
        self.structures = structures
        self.asked: list[tuple[FakeScenario, int]] = []
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process, where what was asked for here is unknown."""
        return _arrived, (type(self), {"delay": self.delay, "structures": self.structures})

    def scenario(self, config: Mapping[str, Any]) -> FakeScenario:
        action = config["action"]
        start = np.inf if action["start"] == "never" else float(action["start"])
        if start < -100:
            raise ScenarioError(f"action.start: {start} is not allowed, expected -100 or more")
        arrival = np.nan if action["arrival"] == "bargained" else float(action["arrival"])
        dispersion = float(config["actors"]["dispersion"])
        structure = int(dispersion * 100) % self.structures
        return FakeScenario(start, dispersion, arrival, int(config["weeks"]), structure)

    def ensemble(self, scenarios: Sequence[FakeScenario]) -> FakeEnsemble:
        assert len({scenario.structure for scenario in scenarios}) == 1
        return FakeEnsemble(self, scenarios)

    def note(self, runs: list[tuple[FakeScenario, int]]) -> None:
        with self._lock:
            self.asked += runs


class FakeEnsemble:
    def __init__(self, engine: FakeEngine, scenarios: Sequence[FakeScenario]) -> None:
        self._engine = engine
        self._scenarios = scenarios

    def run(self, scenario_index: np.ndarray, replicate: np.ndarray, seed: int) -> FakeRuns:
        runs = [
            (self._scenarios[i], int(r)) for i, r in zip(scenario_index, replicate, strict=True)
        ]
        self._engine.note(runs)
        time.sleep(self._engine.delay * len(runs))
        if not runs:
            return FakeRuns(np.empty((0, 4)), np.empty((0, 0, 4)))
        made = [_run(scenario, number, seed) for scenario, number in runs]
        return FakeRuns(np.stack([one for one, _ in made]), np.stack([two for _, two in made]))


def _arrived(kind: type[FakeEngine], settings: dict[str, Any]) -> FakeEngine:
    return kind(**settings)


def _run(scenario: FakeScenario, replicate: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng((seed, replicate))
    noise = draw.lognormal(3, 1.5, scenario.weeks)
    weeks = np.arange(scenario.weeks)
    acting = weeks >= 2 + scenario.start
    relief = np.where(acting, 0.2 + 0.6 * scenario.dispersion, 1.0)
    deaths = np.floor(noise * relief * (draw.random() < 0.5))
    series = np.stack(
        [deaths, np.cumsum(noise), np.where(acting, 100.0, 0.0), draw.random(scenario.weeks)],
        axis=1,
    )
    arrival = float(np.argmax(acting)) if acting.any() else -1.0
    outcomes = [float(deaths.sum() >= 200), deaths.sum(), series[-1, 1], arrival]
    return np.array(outcomes), series


class Poisoned(FakeEngine):
    """An engine that cannot compute some runs of the points that start at week 4.

    Replicate 3 raises, replicate 7 comes back without a number; replicate 9 ends the process that
    computes it, where `deadly`.
    """

    deadly = False

    def ensemble(self, scenarios: Sequence[FakeScenario]) -> FakeEnsemble:
        return _PoisonedEnsemble(self, scenarios)


class Deadly(Poisoned):
    deadly = True


class _PoisonedEnsemble(FakeEnsemble):
    def run(self, scenario_index: np.ndarray, replicate: np.ndarray, seed: int) -> FakeRuns:
        assert isinstance(self._engine, Poisoned)
        ill = np.array([self._scenarios[index].start == 4 for index in scenario_index], dtype=bool)
        if self._engine.deadly:
            if (ill & (replicate == 9)).any():
                os.kill(os.getpid(), signal.SIGKILL)
            return super().run(scenario_index, replicate, seed)
        if (ill & (replicate == 3)).any():
            raise ZeroDivisionError("float division by zero")
        runs = super().run(scenario_index, replicate, seed)
        runs.outcomes[ill & (replicate == 7), 1] = np.nan
        return runs


def main(argv: Sequence[str]) -> int:
    from experiments.sweep import main as sweep

    kind = {"": FakeEngine, "poisoned": Poisoned, "deadly": Deadly}[os.environ.get("FAKE", "")]
    return sweep(argv, engine=kind(delay=float(os.environ.get("FAKE_DELAY", "0"))))


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall sweep"))
