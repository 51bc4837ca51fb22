"""What a calibration is made against: facts with bands, and a simulator that gives their statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import ForestallError

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """An outside fact: the band of a statistic that its sources allow.

    Attributes
    ----------
    id : of the fact, as the description of the evidence numbers it.
    statistic : what is taken of simulated output, in a few words.
    low, high : ends of the band, in `unit`.
    unit : of the statistic.
    scale : "log" compares ratios, "linear" differences; a band is even on its scale.
    source : who says so.
    """

    id: str
    statistic: str
    low: float
    high: float
    unit: str
    scale: Literal["log", "linear"]
    source: str

    def __post_init__(self) -> None:
        """Raise for a band without a width, or one of logarithms that reaches zero."""
        if not self.low < self.high or (self.scale == "log" and self.low <= 0.0):
            raise ForestallError(
                f"fact {self.id}: the band {self.low:g} to {self.high:g} has no width on its scale"
            )

    def on_scale(self, values: Any) -> Floats:
        """Return values on the scale of the band; a logarithm of nothing is not a number."""
        given = np.asarray(values, dtype=np.float64)
        if self.scale == "linear":
            return given
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(given)
        return np.where(np.isfinite(logs), logs, np.nan)

    def error_on_scale(self, values: Any, errors: Any) -> Floats:
        """Return standard errors on the scale of the band (for a logarithm, the relative error)."""
        given = np.asarray(errors, dtype=np.float64)
        if self.scale == "linear":
            return given
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = given / np.asarray(values, dtype=np.float64)
        return np.where(np.isfinite(relative), relative, np.nan)

    @property
    def centre(self) -> float:
        """Middle of the band on its scale."""
        low, high = self.on_scale([self.low, self.high])
        return float(low + high) / 2.0

    @property
    def half_width(self) -> float:
        """Half of the width of the band on its scale."""
        low, high = self.on_scale([self.low, self.high])
        return float(high - low) / 2.0

    def as_row(self) -> dict[str, Any]:
        """Return the fact as plain data."""
        return {
            "id": self.id, "statistic": self.statistic, "low": self.low, "high": self.high,
            "unit": self.unit, "scale": self.scale, "source": self.source,
        }  # fmt: skip


class Measured(NamedTuple):
    """Statistics of simulated worlds, not a number where a world has none.

    Attributes
    ----------
    values : shape (parameter sets, facts), in the units of the facts.
    errors : their Monte Carlo standard errors, same shape and units.
    """

    values: Floats
    errors: Floats


class Simulator(Protocol):
    """Simulates the statistics of facts for parameter sets."""

    @property
    def facts(self) -> Sequence[Fact]:
        """The facts, in the order of the columns."""

    @property
    def key(self) -> str:
        """What a result depends on beside parameters and seed: the model's source, the worlds."""

    @property
    def runs(self) -> int:
        """Model runs that one parameter set takes."""

    def __call__(self, parameters: Sequence[Mapping[str, float]], *, seed: int) -> Measured:
        """Return the statistics of each parameter set; those that a set leaves out are at default."""

    def close(self) -> None:
        """Let go of what was started for it."""
