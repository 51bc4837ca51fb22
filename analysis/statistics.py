"""Paired statistics of treatment against baseline, honest about zeros, heavy tails and few runs.

Both runs of a pair share every draw, so a replicate is one observation: its difference. Deaths are
mostly zeros with a heavy tail, so a mean never stands alone; `paired_effects` puts beside it the
difference of log(1 + deaths), the probabilities of harm and of help, the risk of mass killing, and
the same among the replicates whose baseline escalates.

What happens at the edges, everywhere in this file:

- no run: the estimate and both ends of its interval are NaN;
- one run: a mean has an estimate and a NaN interval; a probability keeps its (wide) interval;
- all values equal: a bootstrap has nothing to resample and returns a zero-wide interval at that
  value. It is a statement about the sample, not about events rarer than one in n;
- a value that is not finite: `ForestallError`, since no stored outcome may be NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from sim.errors import ForestallError

Floats = NDArray[np.float64]
LEVEL = 0.95
RESAMPLES = 2000
SEED = 20190716


class Interval(NamedTuple):
    """An estimate with its confidence interval; NaN where the data cannot say."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval (False when an end is NaN)."""
        return bool(self.low > 0 or self.high < 0)


UNKNOWN = Interval(np.nan, np.nan, np.nan)


class Pairing(NamedTuple):
    """What running both worlds on the same draws buys.

    `correlation` is Pearson's between the two runs of a pair; `runs_replaced` is the number of
    independent pairs of runs that give the mean difference the precision of one pair.
    """

    correlation: float
    runs_replaced: float


@dataclass(frozen=True, kw_only=True)
class PairedEffects:
    """Effects of one treatment against its baseline, over the replicates they share.

    Probabilities lie in 0..1; deaths are people per run, over the run's horizon. `risk_difference`
    and `log_deaths_difference` are treatment less baseline (negative is better); `deaths_averted`
    is baseline less treatment (positive is better). `..._if_escalates` holds among the
    `n_escalating` replicates whose baseline is a mass killing.
    """

    n: int
    n_escalating: int
    p_mass_killing: Interval
    baseline_p_mass_killing: Interval
    risk_difference: Interval
    deaths_averted: Interval
    log_deaths_difference: Interval
    probability_harm: Interval
    probability_help: Interval
    deaths_averted_if_escalates: Interval
    p_mass_killing_if_escalates: Interval
    pairing: Pairing


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
    """Return a mean with its bias-corrected and accelerated bootstrap interval (Efron 1987).

    With 200 values, three quarters of them zero and a lognormal tail (sigma 1.2), a nominal 95 %
    interval was seen to cover about 91 %; no bootstrap of a mean can see a tail that the sample
    missed. Equal arguments give equal bits.

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
    data = np.asarray(columns, dtype=np.float64)
    if not np.isfinite(data).all():
        raise ForestallError("statistics: a value is not finite, an outcome may not be NaN")
    n, k = data.shape
    if n == 0:
        return [UNKNOWN] * k
    means = data.mean(axis=0)
    if n == 1:
        return [Interval(float(mean), np.nan, np.nan) for mean in means]
    sampled = np.sort(_resampled_means(data, resamples, seed), axis=0)
    return [_bca(data[:, j], float(means[j]), sampled[:, j], level) for j in range(k)]


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
    down, up = first.estimate - first.low, first.high - first.estimate
    base_down, base_up = second.estimate - second.low, second.high - second.estimate
    change = first.estimate - second.estimate
    # max(0): with phi = 1 the two squares cancel up to rounding.
    low = change - np.sqrt(max(0.0, down**2 - 2 * phi * down * base_up + base_up**2))
    high = change + np.sqrt(max(0.0, up**2 - 2 * phi * up * base_down + base_down**2))
    return Interval(float(change), float(max(low, -1)), float(min(high, 1)))


def pairing(treatment: ArrayLike, baseline: ArrayLike) -> Pairing:
    """Return the correlation within pairs and the independent runs that one pair replaces.

    ``runs_replaced = (var t + var b) / var(t - b)``: 1 without correlation, infinite when the
    difference is the same in every pair, NaN for fewer than two pairs or when nothing varies. The
    correlation is NaN when either run does not vary.
    """
    treated = np.asarray(treatment, dtype=np.float64)
    untreated = np.asarray(baseline, dtype=np.float64)
    if treated.size < 2:
        return Pairing(np.nan, np.nan)
    var_t, var_b = float(treated.var()), float(untreated.var())
    var_change = float((treated - untreated).var())
    total = var_t + var_b
    replaced = np.nan if total == 0 else np.inf if var_change == 0 else total / var_change
    if var_t == 0 or var_b == 0:
        return Pairing(np.nan, float(replaced))
    return Pairing(float(np.corrcoef(treated, untreated)[0, 1]), float(replaced))


def paired_effects(
    pairs: pd.DataFrame,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> PairedEffects:
    """Return every effect of one treatment, from one row a replicate.

    Parameters
    ----------
    pairs : with columns ``mass_killing`` (0 or 1), ``direct_deaths`` (people) and both again with
        the prefix ``baseline_``. Other columns are ignored.

    Raises
    ------
    ForestallError
        A column is missing or holds a value that is not finite.
    """
    killing, base_killing, deaths, base_deaths = _outcome_columns(pairs)
    n = deaths.size
    escalates = base_killing > 0
    averted = base_deaths - deaths
    log_change = np.log1p(deaths) - np.log1p(base_deaths)
    again: dict[str, Any] = {"level": level, "resamples": resamples, "seed": seed}
    mean_averted, mean_log = bootstrap_means(np.column_stack([averted, log_change]), **again)
    return PairedEffects(
        n=n,
        n_escalating=int(escalates.sum()),
        p_mass_killing=wilson(int((killing > 0).sum()), n, level=level),
        baseline_p_mass_killing=wilson(int(escalates.sum()), n, level=level),
        risk_difference=risk_difference(killing, base_killing, level=level),
        deaths_averted=mean_averted,
        log_deaths_difference=mean_log,
        probability_harm=wilson(int((averted < 0).sum()), n, level=level),
        probability_help=wilson(int((averted > 0).sum()), n, level=level),
        deaths_averted_if_escalates=bootstrap_mean(averted[escalates], **again),
        p_mass_killing_if_escalates=wilson(
            int((killing[escalates] > 0).sum()), int(escalates.sum()), level=level
        ),
        pairing=pairing(deaths, base_deaths),
    )


_OUTCOMES = ("mass_killing", "baseline_mass_killing", "direct_deaths", "baseline_direct_deaths")


def _outcome_columns(pairs: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    columns = []
    for name in _OUTCOMES:
        if name not in pairs.columns:
            raise ForestallError(f"statistics: the paired table has no column {name!r}")
        values = pairs[name].to_numpy(dtype=np.float64)
        if not np.isfinite(values).all():
            raise ForestallError(f"statistics: column {name!r} holds a value that is not finite")
        columns.append(values)
    return columns[0], columns[1], columns[2], columns[3]


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


def _bca(values: Floats, mean: float, ordered: Floats, level: float) -> Interval:
    """Return the BCa interval of a mean from its sorted bootstrap distribution."""
    if values.min() == values.max():
        return Interval(float(values[0]), float(values[0]), float(values[0]))
    size = ordered.size
    below = np.searchsorted(ordered, mean, "left") + np.searchsorted(ordered, mean, "right")
    bias = ndtri(np.clip(below / (2 * size), 1 / size, 1 - 1 / size))
    spread = values - mean
    acceleration = (spread**3).sum() / (6 * (spread**2).sum() ** 1.5)
    z = _quantile_of_normal(level)
    shifted = bias + np.array([-z, z])
    # A skewness so strong that the correction has no solution falls to the sample's own edge.
    room = np.maximum(1 - acceleration * shifted, 1e-6)
    low, high = np.quantile(ordered, ndtr(bias + shifted / room))
    return Interval(mean, float(low), float(high))
