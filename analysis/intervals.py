"""Intervals of means, proportions and ratios, honest about zeros, heavy tails and few runs.

What happens at the edges, everywhere in this file:

- no run: the estimate and both ends of its interval are NaN;
- one run: a mean has an estimate and a NaN interval; a probability keeps its (wide) interval;
- all values equal: a bootstrap has nothing to resample and returns a zero-wide interval at that
  value. It is a statement about the sample, not about events rarer than one in n;
- a value that is not finite: `ForestallError`, since no stored outcome may be NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, ndtr, ndtri

from sim.errors import ForestallError

Floats = NDArray[np.float64]
LEVEL = 0.95
RESAMPLES = 2000
SEED = 20190716
REACH = 2.0
"""The mean of the values other than zero is taken to be at most so many times the largest of them."""


class Interval(NamedTuple):
    """An estimate with its confidence interval; NaN where the data cannot say."""

    estimate: float
    low: float
    high: float

    @property
    def down(self) -> float:
        """Distance from the lower end to the estimate."""
        return self.estimate - self.low

    @property
    def up(self) -> float:
        """Distance from the estimate to the upper end."""
        return self.high - self.estimate

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval (False when an end is NaN)."""
        return bool(self.low > 0 or self.high < 0)


# Ends are squared later: none may be so large that this overflows.
_LARGEST_LOG = 300.0
UNKNOWN = Interval(np.nan, np.nan, np.nan)


def wilson(successes: float, n: int, *, level: float = LEVEL) -> Interval:
    """Return a proportion with its Wilson score interval (Wilson 1927).

    Parameters
    ----------
    successes, n : number of successes and of trials; ``n = 0`` gives NaN throughout.
    level : confidence, in (0, 1).
    """
    if n == 0:
        return UNKNOWN
    z = _quantile_of_normal(level)
    p = successes / n
    centre = p + z * z / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    shrink = 1 + z * z / n
    # Exact ends at 0 and n successes, where rounding would leave 1e-17.
    low = 0.0 if successes == 0 else (centre - half) / shrink
    high = 1.0 if successes == n else (centre + half) / shrink
    return Interval(float(p), float(low), float(high))


def bootstrap_mean(
    values: ArrayLike, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """Return a mean with an interval for mixtures of zeros and two heavy tails.

    Values are split into gains, max(x, 0), and losses, max(-x, 0). Each mean has a studentised
    bootstrap interval (bootstrap-t; Efron 1982; for skewed data Hall 1988), and the two are put
    together to that of their difference by square-and-add with their correlation (MOVER; Zou &
    Donner 2008). The split matters: two tails hide each other's skewness from a bootstrap of the
    whole. No resampling sees a tail that the sample missed. So the upper end of each mean is at
    least that of a zero-inflated log-normal (`_log_normal_ends`), unless the sample itself shows a
    lighter tail. The variance of a handful of logs bounds nothing: that end is no further out than
    `REACH` times the largest value can explain. Coverage and rivals are measured by
    ``python -m analysis.coverage``; what it gave is in ``analysis/READING.md``. Equal arguments give
    equal bits.

    Parameters
    ----------
    values : shape (n,), one value a replicate.
    level : confidence, in (0, 1).
    resamples : number of bootstrap samples.
    seed : of the resampling; samples of one size share their resamples.

    Raises
    ------
    ForestallError
        A value is not finite.
    """
    column = np.reshape(np.asarray(values, dtype=np.float64), (-1, 1))
    return bootstrap_means(column, level=level, resamples=resamples, seed=seed)[0]


def bootstrap_means(
    columns: ArrayLike, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> list[Interval]:
    """Return `bootstrap_mean` of every column of an array of shape (n, k), resampled together."""
    return _means(columns, level, resamples, seed, _log_normal_ends)


def resampled_means(
    columns: ArrayLike, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> list[Interval]:
    """Return `bootstrap_means` without the log-normal tail, to measure what the tail is worth."""
    return _means(columns, level, resamples, seed, lambda data, _: np.zeros((2, data.shape[1])))


def _means(
    columns: ArrayLike, level: float, resamples: int, seed: int, tails: Callable[..., Floats]
) -> list[Interval]:
    data = np.asarray(columns, dtype=np.float64)
    if not np.isfinite(data).all():
        raise ForestallError("statistics: a value is not finite, an outcome may not be NaN")
    n, k = data.shape
    if n == 0:
        return [UNKNOWN] * k
    means = data.mean(axis=0)
    if n == 1:
        return [Interval(float(mean), np.nan, np.nan) for mean in means]
    gains = _studentised(np.maximum(data, 0.0), level, resamples, seed)
    losses = _studentised(np.maximum(-data, 0.0), level, resamples, seed)
    ends = tails(data, level)
    return [
        _difference(data[:, j], _up_to(gains[j], ends[0, j]), _up_to(losses[j], ends[1, j]))
        for j in range(k)
    ]


def paired_difference(
    treatment: ArrayLike,
    baseline: ArrayLike,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Return the mean of treatment less baseline on the same replicates, shape (n,) each."""
    change = np.subtract(treatment, baseline, dtype=np.float64)
    return bootstrap_mean(change, level=level, resamples=resamples, seed=seed)


def risk_difference(treatment: ArrayLike, baseline: ArrayLike, *, level: float = LEVEL) -> Interval:
    """Return the difference of two paired proportions with Newcombe's interval.

    Square-and-add of the Wilson intervals with their correlation (Newcombe 1998, method 10). It
    keeps a width when no pair differs: n equal pairs bound how often pairs differ.

    Parameters
    ----------
    treatment, baseline : shape (n,), 0 or 1 a replicate, in the same order.
    """
    treated, untreated = np.asarray(treatment) > 0, np.asarray(baseline) > 0
    n = treated.size
    if n == 0:
        return UNKNOWN
    first = wilson(int(treated.sum()), n, level=level)
    second = wilson(int(untreated.sum()), n, level=level)
    phi = _paired_phi(treated, untreated)
    change = first.estimate - second.estimate
    low = change - _joined(first.down, second.up, phi)
    high = change + _joined(first.up, second.down, phi)
    return Interval(float(change), float(max(low, -1)), float(min(high, 1)))


def ratio_of_means(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Return the ratio of two means over the same replicates, by Fieller's argument (1954).

    The interval holds every ratio r for which the mean of (numerator - r denominator) may be zero,
    with the ends of `bootstrap_mean` for both means and their correlation (MOVER; Donner & Zou 2012).

    Parameters
    ----------
    numerator, denominator : shape (n,) each, in the same order.
    level, resamples, seed : as in `bootstrap_mean`.

    Returns
    -------
    Interval
        NaN throughout unless the denominator's interval lies above zero: a ratio to something that
        may be nothing, or a loss, has no bounded interval and no meaning.
    """
    columns = np.column_stack([numerator, denominator]).astype(np.float64)
    top, bottom = bootstrap_means(columns, level=level, resamples=resamples, seed=seed)
    if not bottom.low > 0:
        return UNKNOWN
    spread = columns.std(axis=0).prod()
    product = (columns - columns.mean(axis=0)).prod(axis=1).mean()
    correlation = float(product / spread) if spread > 0 else 0.0
    ratio = top.estimate / bottom.estimate
    below = _fieller_roots(top, bottom, top.down, bottom.up, correlation)
    above = _fieller_roots(top, bottom, top.up, bottom.down, correlation)
    low = max((root for root in below if root <= ratio), default=-np.inf)
    high = min((root for root in above if root >= ratio), default=np.inf)
    return Interval(ratio, low, high)


def _fieller_roots(
    top: Interval, bottom: Interval, first: float, second: float, correlation: float
) -> list[float]:
    """Return the ratios r at which (top - r bottom) is as far from zero as its joined error."""
    square = bottom.estimate**2 - second**2
    linear = top.estimate * bottom.estimate - correlation * first * second
    constant = top.estimate**2 - first**2
    if square == 0:
        return [constant / (2 * linear)] if linear else []
    if linear**2 < square * constant:
        return []
    root = np.sqrt(linear**2 - square * constant)
    return [float((linear - root) / square), float((linear + root) / square)]


def _quantile_of_normal(level: float) -> float:
    if not 0 < level < 1:
        raise ForestallError(f"level: {level!r} is not allowed, expected between 0 and 1")
    return float(ndtri(0.5 + level / 2))


def _paired_phi(treated: NDArray[np.bool_], untreated: NDArray[np.bool_]) -> float:
    n = treated.size
    both, neither = int((treated & untreated).sum()), int((~treated & ~untreated).sum())
    only_t, only_b = int((treated & ~untreated).sum()), int((~treated & untreated).sum())
    margins = (both + only_t) * (both + only_b) * (neither + only_t) * (neither + only_b)
    if margins == 0:
        return 0.0
    product = both * neither - only_t * only_b
    # Newcombe's correction for continuity, only where the correlation is positive.
    corrected = max(product - n / 2, 0.0) if product > 0 else float(product)
    return corrected / float(np.sqrt(float(margins)))


@lru_cache(maxsize=8)
def _multiplicities(n: int, resamples: int, seed: int) -> Floats:
    """Return how often each of n values enters each resample, shape (resamples, n)."""
    chosen = np.random.default_rng((seed, n)).integers(0, n, size=(resamples, n))
    chosen += np.arange(resamples)[:, None] * n
    counts = np.bincount(chosen.ravel(), minlength=resamples * n)
    return counts.reshape(resamples, n).astype(np.float64)


def _resampled_means(data: Floats, resamples: int, seed: int) -> Floats:
    n = data.shape[0]
    if n * resamples <= 2_000_000:
        means: Floats = _multiplicities(n, resamples, seed) @ data / n
        return means
    # Large samples: one resample at a time keeps memory at the size of the data.
    rng = np.random.default_rng((seed, n))
    return np.stack([data[rng.integers(0, n, size=n)].mean(axis=0) for _ in range(resamples)])


def _studentised(data: Floats, level: float, resamples: int, seed: int) -> list[Interval]:
    """Return the bootstrap-t interval of the mean of every column of values that are not negative."""
    n, k = data.shape
    if not data.any():  # gains alone, or losses alone, are what most pairs of a design have
        return [Interval(0.0, 0.0, 0.0)] * k
    # In units of its own spread no column is so large or small that a square loses its digits.
    scale = np.where(data.max(axis=0) > 0, data.max(axis=0), 1.0)
    unit = data / scale
    mean, variance = unit.mean(axis=0), unit.var(axis=0)
    moments = _resampled_means(np.hstack([unit, unit * unit]), resamples, seed)
    again = moments[:, :k]
    # One value's worth of the sample's own variance: resamples of nothing but zeros have none.
    spread = (n * np.maximum(moments[:, k:] - again**2, 0.0) + variance) / (n + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = np.where(spread > 0, (again - mean) / np.sqrt(spread), 0.0)
    z = _quantile_of_normal(level)
    tails = np.quantile(roots, ndtr([-z, z]), axis=0)
    error = np.sqrt(variance)
    low = np.clip(mean - tails[1] * error, 0.0, mean)
    high = np.maximum(mean - tails[0] * error, mean)
    ends = np.stack([mean, low, high]) * scale
    return [Interval(*map(float, ends[:, j])) for j in range(k)]


def _log_normal_ends(data: Floats, level: float) -> Floats:
    """Return the upper ends of the means of gains and of losses, as of zeros and log-normal values.

    Shape (2, k) for data of shape (n, k). The log of a mean is the sum of those of the share of such
    values, of their middle and of half the variance of their logs; the intervals of the three are put
    together by square-and-add (Zou, Huo & Taleban 2009; with zeros Hasan & Krishnamoorthy 2018). Gains
    and losses share one variance: of the rarer of the two there may be a handful. No end is further
    out than the upper end of the share times `REACH` times the largest value seen, which is the end
    where there is no variance to go by. Zero, that is no end at all, where the logs lean to the left
    by more than those of one in twenty log-normal samples: the tail is then a lighter one.
    """
    n, z = len(data), _quantile_of_normal(level)
    sides = np.stack([data > 0, data < 0])
    logs = np.log(np.abs(np.where(data == 0, 1.0, data)))
    count = sides.sum(axis=1)
    middle = (sides * logs).sum(axis=1) / np.maximum(count, 1)
    away = (sides * (logs - middle[:, None])).sum(axis=0)
    total = np.maximum(count.sum(axis=0), 3)  # fewer logs do not lean
    square, cube = (away**2).sum(axis=0) / total, (away**3).sum(axis=0) / total
    chance = np.sqrt(6.0 * (total - 2) / ((total + 1.0) * (total + 3.0)))
    lighter = cube < ndtri(0.05) * chance * square**1.5
    free = count.sum(axis=0) - (count > 0).sum(axis=0)
    variance = square * total / np.maximum(free, 1)
    ends = np.zeros(count.shape)
    for side, column in np.argwhere((count > 0) & ~lighter):
        values, spread = int(count[side, column]), variance[column]
        share = wilson(values, n, level=level)
        furthest = share.high * REACH * np.abs(data[sides[side, :, column], column]).max()
        ends[side, column] = furthest
        if free[column] > 0:
            wider = spread / 2 * (free[column] / chdtri(free[column], 0.5 + level / 2) - 1)
            up = np.sqrt(
                np.log(share.high / share.estimate) ** 2 + z * z * spread / values + wider**2
            )
            log_mean = min(middle[side, column] + spread / 2 + up, _LARGEST_LOG)
            ends[side, column] = min(furthest, share.estimate * np.exp(log_mean))
    return ends


def _up_to(interval: Interval, end: float) -> Interval:
    return interval._replace(high=max(interval.high, float(end)))


def _difference(values: Floats, gain: Interval, loss: Interval) -> Interval:
    """Return the mean of values from the intervals of their gains and losses (MOVER)."""
    if values.min() == values.max():
        return Interval(*[float(values[0])] * 3)
    product = np.maximum(values, 0.0).std() * np.maximum(-values, 0.0).std()
    # A value is never both: the covariance of gains and losses is less the product of their means.
    correlation = -gain.estimate * loss.estimate / product if product > 0 else 0.0
    return Interval(
        float(values.mean()),
        float(values.mean() - _joined(gain.down, loss.up, correlation)),
        float(values.mean() + _joined(gain.up, loss.down, correlation)),
    )


def _joined(first: float, second: float, correlation: float) -> float:
    """Return how far the end of an interval of a difference lies from it (Zou & Donner 2008)."""
    square = first**2 + second**2 - 2 * correlation * first * second
    return float(np.sqrt(max(square, 0.0)))
