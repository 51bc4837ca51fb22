"""Heavy tails: power laws fitted and tested as Clauset, Shalizi & Newman (2009) say."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import ForestallError

Floats = NDArray[np.float64]
_LEAST = 50
_CUTS = 40
"""Cuts that are tried: quantiles of the sample, so that large ones stay affordable."""


class PowerTail(NamedTuple):
    """A power law fitted to a tail.

    Attributes
    ----------
    exponent, error : with its standard error.
    least, size : number from which on it was fitted, and numbers in the tail.
    distance, fit : Kolmogorov-Smirnov distance, and the p-value of the goodness of fit (a power law
        is refuted below 0.1; NaN where not asked for).
    ratio, p : normalised likelihood ratio against a log-normal, negative where that fits better, and
        its p-value (Vuong 1989): above 0.1 the two are not told apart.
    """

    exponent: float
    error: float
    least: float
    size: int
    distance: float
    fit: float
    ratio: float
    p: float


def fit_tail(sample: ArrayLike, *, resamples: int = 0, seed: int = 1) -> PowerTail:
    """Return the power law of the tail of whole numbers above 0.

    Parameters
    ----------
    sample : shape (n,).
    resamples : synthetic samples of the goodness-of-fit test; 0 leaves it out.

    Raises
    ------
    ForestallError
        `powerlaw` is not installed.
    """
    numbers = np.asarray(sample, dtype=np.float64)
    numbers = numbers[numbers > 0.0]
    if numbers.size < _LEAST:
        return PowerTail(*(np.nan,) * 3, int(numbers.size), *(np.nan,) * 4)
    least, exponent, distance = _best_cut(numbers)
    tail = numbers[numbers >= least]
    fit = float("nan")
    if resamples:
        fit = _goodness(numbers, least, exponent, distance, resamples, seed)
    ratio, p = _against_log_normal(tail, least)
    error = (exponent - 1.0) / np.sqrt(tail.size)
    return PowerTail(exponent, float(error), least, int(tail.size), distance, fit, ratio, p)


def exponent_above(numbers: Floats, least: float) -> float:
    """Return the exponent of whole numbers from a least one on (their equation 3.7)."""
    tail = numbers[numbers >= least]
    return float(1.0 + tail.size / np.log(tail / (least - 0.5)).sum())


def _best_cut(numbers: Floats) -> tuple[float, float, float]:
    """Return the least number, exponent and distance of the cut with the smallest distance."""
    cuts = np.unique(np.quantile(numbers, np.linspace(0.0, 0.98, _CUTS)).round())
    best = (np.nan, np.nan, np.inf)
    for least in cuts[cuts >= 1.0]:
        tail = np.sort(numbers[numbers >= least])
        if tail.size < _LEAST or tail[-1] == least:
            continue
        exponent = exponent_above(numbers, float(least))
        distance = _distance(tail, float(least), exponent)
        if distance < best[2]:
            best = (float(least), exponent, distance)
    return best


def _distance(tail: Floats, least: float, exponent: float) -> float:
    values, counts = np.unique(tail, return_counts=True)
    seen = np.cumsum(counts) / tail.size
    law = 1.0 - ((values + 0.5) / (least - 0.5)) ** (1.0 - exponent)
    return float(np.abs(seen - law).max())


def _goodness(
    numbers: Floats, least: float, exponent: float, distance: float, resamples: int, seed: int
) -> float:
    """Return the share of samples of the fitted law that lie further from their own fit."""
    draw = np.random.default_rng(seed)
    body = numbers[numbers < least]
    further = 0
    for _ in range(resamples):
        above = draw.random(numbers.size) < 1.0 - body.size / numbers.size
        made = np.floor(
            (least - 0.5) * (1.0 - draw.random(int(above.sum()))) ** (1.0 / (1.0 - exponent)) + 0.5
        )
        rest = draw.choice(body, size=numbers.size - made.size) if body.size else body
        further += _best_cut(np.concatenate([made, rest]))[2] >= distance
    return further / resamples


def _against_log_normal(tail: Floats, least: float) -> tuple[float, float]:
    fit: Any = _powerlaw().Fit(tail, xmin=least - 0.5, discrete=False, verbose=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ratio, p = fit.distribution_compare("power_law", "lognormal", normalized_ratio=True)
    return float(ratio), float(p)


def _powerlaw() -> Any:
    try:
        import powerlaw
    except ModuleNotFoundError as missing:
        if missing.name != "powerlaw":
            raise
        raise ForestallError(
            "validate: this needs powerlaw, pip install 'forestall[validation]'"
        ) from None
    return powerlaw
