"""How many modes a sample has: the bandwidth test of Silverman (1981, JRSS B 43)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_GRID = 256
_STEPS = 20


def modes_at(values: Floats, bandwidth: float) -> int:
    """Return the modes of a normal kernel density of a sample at a bandwidth."""
    grid = np.linspace(values.min() - 2 * bandwidth, values.max() + 2 * bandwidth, _GRID)
    density = np.exp(-0.5 * ((grid[:, None] - values) / bandwidth) ** 2).sum(axis=1)
    rise = np.sign(np.diff(density))
    rise = rise[rise != 0.0]
    return int(((rise[:-1] > 0) & (rise[1:] < 0)).sum())


def critical_bandwidth(values: Floats, modes: int = 1) -> float:
    """Return the smallest bandwidth at which a sample has no more than so many modes."""
    low, high = 0.0, float(values.std()) * 3.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if modes_at(values, middle) > modes else (low, middle)
    return high


def silverman_test(sample: ArrayLike, *, resamples: int = 100, seed: int = 1) -> float:
    """Return the p-value of one mode against more: small when there are two or more.

    A smoothed bootstrap at the critical bandwidth, scaled to the variance of the sample.

    Parameters
    ----------
    sample : shape (n,); NaN for fewer than 10 numbers or when they do not vary.
    """
    values = np.asarray(sample, dtype=np.float64)
    if values.size < 10 or values.std() == 0.0:
        return float("nan")
    draw = np.random.default_rng(seed)
    bandwidth = critical_bandwidth(values)
    shrink = 1.0 / np.sqrt(1.0 + bandwidth**2 / values.var())
    more = 0
    for _ in range(resamples):
        chosen = draw.choice(values, size=values.size)
        smooth = chosen + bandwidth * draw.standard_normal(values.size)
        again = values.mean() + shrink * (smooth - values.mean())
        more += modes_at(again, bandwidth) > 1
    return more / resamples
