"""An engine whose outcome is a known function of its factors: what analyses must find is in books."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.computed import Columns
from experiments.overrides import entry_of

COLUMNS = Columns(
    outcomes=("mass_killing", "direct_deaths"), series=("direct_deaths",), shares=(False,)
)
SHIFT = 20.0
"""Added to a function, so that it is the log(1 + deaths) of some number of people."""
Function = Callable[[np.ndarray], float]


@dataclass(frozen=True)
class FunctionScenario:
    value: float
    id: int
    structure: object = None


@dataclass(frozen=True)
class FunctionRuns:
    outcomes: np.ndarray
    series: np.ndarray


class FunctionEngine:
    """log(1 + direct deaths) is `function` of the factors + `SHIFT`; without action it is `SHIFT`.

    Parameters
    ----------
    function : of an array of the factors' values.
    factors : dotted names of entries.
    noise : standard deviation of what each run adds by itself.
    shared : the same of what a replicate adds to every run of it.
    """

    name = "function"
    columns = COLUMNS
    largest_batch = 100_000

    def __init__(
        self, function: Function, factors: Sequence[str], *, noise: float = 0.0, shared: float = 0.0
    ) -> None:
        self.function, self.factors = function, factors
        self.noise, self.shared = noise, shared

    def scenario(self, config: Mapping[str, Any]) -> FunctionScenario:
        if config["action"]["start"] == "never":
            return FunctionScenario(SHIFT, 0)
        values = np.array([float(entry_of(config, name)) for name in self.factors])
        return FunctionScenario(SHIFT + self.function(values), hash(values.tobytes()) % 2**32)

    def ensemble(self, scenarios: Sequence[FunctionScenario]) -> Any:
        return _Ensemble(self, scenarios)


class _Ensemble:
    def __init__(self, engine: FunctionEngine, scenarios: Sequence[FunctionScenario]) -> None:
        self._engine, self._scenarios = engine, scenarios

    def run(self, index: np.ndarray, replicate: np.ndarray, seed: int) -> FunctionRuns:
        made = [
            self._outcomes(self._scenarios[i], int(r), seed)
            for i, r in zip(index, replicate, strict=True)
        ]
        outcomes = np.array(made).reshape(len(made), 2)
        return FunctionRuns(outcomes, outcomes[:, None, 1:])

    def _outcomes(self, scenario: FunctionScenario, replicate: int, seed: int) -> list[float]:
        log_deaths = scenario.value
        if self._engine.shared:
            common = np.random.default_rng((seed, replicate)).normal()
            log_deaths += self._engine.shared * common
        if self._engine.noise:
            own = np.random.default_rng((seed, replicate, scenario.id)).normal()
            log_deaths += self._engine.noise * own
        return [float(log_deaths > SHIFT), math.expm1(log_deaths)]


def ishigami(unit: np.ndarray) -> float:
    """Ishigami & Homma 1990 with a = 7, b = 0.1, on [0, 1]^3."""
    x, y, z = np.pi * (2 * unit - 1)
    return float(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def sobol_g(unit: np.ndarray) -> float:
    """Sobol' g function (Saltelli & Sobol' 1995) with `G_WEIGHTS`."""
    return float(np.prod((np.abs(4 * unit - 2) + G_WEIGHTS) / (1 + G_WEIGHTS)))


def sobol_g_indices() -> tuple[np.ndarray, np.ndarray]:
    """Return its first-order and total indices, in closed form."""
    parts = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    variance = np.prod(1 + parts) - 1
    others = np.prod(1 + parts) / (1 + parts)
    return parts / variance, parts * others / variance
