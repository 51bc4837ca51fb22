"""A simulator whose statistics follow from four parameters in closed form, with known errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.calibration.facts import Fact, Measured
from experiments.calibration.space import parameter_range

RATE = Fact(
    id="rate", statistic="a rate", low=0.006, high=0.016, unit="1/year", scale="log", source="toy"
)
RATIO = Fact(
    id="ratio", statistic="a ratio", low=1.5, high=2.5, unit="ratio", scale="linear", source="toy"
)
ACTING = ("cost_kill", "threat_fade", "gain_kill")
"""Parameters that move the statistics: the first both, the second the ratio, the third the rate."""
IDLE = "aid_effect"
NOISY = "moral_hazard"
"""Uncertain in the tests: it moves the rate a little."""


class Toy:
    """Two statistics: a rate that falls with the cost of killing, a ratio that falls with both."""

    facts: tuple[Fact, ...] = (RATE, RATIO)
    key = "toy"
    runs = 1

    def __init__(self, error: float = 0.05) -> None:
        self.error = error
        self.asked = 0

    def __call__(self, parameters: Sequence[Mapping[str, float]], *, seed: int) -> Measured:
        self.asked += len(parameters)
        rng = np.random.default_rng(seed)
        unit = np.array([
            [_place(row, name) for name in (*ACTING, NOISY)] for row in parameters
        ])  # fmt: skip
        rate = np.exp(-5.5 - 2.0 * (unit[:, 0] - 0.5) + (unit[:, 2] - 0.5) + 0.2 * unit[:, 3])
        ratio = 2.0 + 1.5 * (0.5 - unit[:, 1]) + 1.0 * (0.5 - unit[:, 0])
        exact = np.stack([rate, ratio], axis=1)
        errors = np.stack([self.error * rate, np.full(len(rate), self.error)], axis=1)
        return Measured(exact + errors * rng.standard_normal(exact.shape), errors)

    def close(self) -> None:
        """Nothing was started."""


def _place(row: Mapping[str, float], name: str) -> float:
    one = parameter_range(name)
    if name not in row:
        return 0.5
    if one.scale == "log":
        return float(np.log(row[name] / one.low) / np.log(one.high / one.low))
    return (row[name] - one.low) / (one.high - one.low)
