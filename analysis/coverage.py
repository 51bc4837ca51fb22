"""How often intervals hold the truth, on made-up pairs whose truth is known.

``python -m analysis.coverage`` prints a table. Each toy draws pairs of runs that are mostly equal,
differ by a heavy tail, and know their true mean difference; the table holds the share of repeats whose
nominal 95 % interval of the mean holds it, for the interval in use and its rivals on the same samples.
Two of the toys have the deaths of the model itself, and the zeros that it has or would have in a calmer
country; one has a tail without variance, which no interval of a mean can promise to hold.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEVEL, bootstrap_means, resampled_means

Floats = NDArray[np.float64]
REPEATS = 2000
SAMPLES = (12, 50, 200, 1000)


@dataclass(frozen=True)
class Toy:
    """Pairs of a baseline and a treatment whose true mean difference is known.

    Attributes
    ----------
    name : what it is like.
    mean : true mean of baseline less treatment.
    draw : from a generator and a shape, differences of that shape.
    """

    name: str
    mean: float
    draw: Callable[[np.random.Generator, tuple[int, int]], Floats]


def _lognormal_mean(middle: float, sigma: float) -> float:
    return float(np.exp(middle + sigma**2 / 2))


def _averted(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Three of four pairs are equal; in the others deaths are averted."""
    return np.where(rng.random(shape) < 0.25, rng.lognormal(3.0, 1.2, shape), 0.0)


def _averted_and_caused(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Two of five baselines escalate; action mostly helps, at times harms, and rarely provokes."""
    escalates, luck = rng.random(shape) < 0.4, rng.random(shape)
    averted = np.where(luck < 0.8, 0.8, -0.5) * rng.lognormal(5.0, 1.2, shape)
    provoked = np.where(luck < 0.03, rng.lognormal(3.0, 1.2, shape), 0.0)
    return np.where(escalates, averted, -provoked)


def _two_tails(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Saved and killed are equally many, and both are heavy: the truth is no effect."""
    sign = np.where(rng.random(shape) < 0.5, 1.0, -1.0)
    return np.where(rng.random(shape) < 0.3, sign * rng.lognormal(6.0, 1.2, shape), 0.0)


def _heavier(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """A tail so heavy that most samples miss what makes the mean."""
    return np.where(rng.random(shape) < 0.25, rng.lognormal(3.0, 2.0, shape), 0.0)


_LEVELS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0)
_AVERTED = (1, 5, 13, 21, 47, 111, 269, 686, 1383, 4700, 18123, 29944)
_CAUSED = (1, 1, 1, 1, 1, 1, 2, 4, 5, 6, 6, 6)
"""Quantiles of deaths averted (92.8 % of pairs) and caused (0.3 %; others are equal), of 2,000 pairs of
``forestall sweep action.start=13 actors.dispersion=1 replicates=2000`` where arrival is bargained."""


def _quantile_function(values: tuple[int, ...], u: Floats) -> Floats:
    return np.exp(np.interp(u, _LEVELS, np.log(values)))


def _quantile_mean(values: tuple[int, ...]) -> float:
    """Return the mean of `_quantile_function` over u: exact, each piece is an exponential."""
    pairs = zip(_LEVELS, _LEVELS[1:], values, values[1:], strict=False)
    return float(sum((b - a) * ((y - x) / np.log(y / x) if y > x else x) for a, b, x, y in pairs))


_MODEL_MEAN = 0.928 * _quantile_mean(_AVERTED) - 0.003 * _quantile_mean(_CAUSED)


def _model(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """The model's own deaths averted: few pairs are equal, the tail is long and heavy."""
    side, u = rng.random(shape), rng.random(shape)
    caused = np.where(side > 1 - 0.003, -_quantile_function(_CAUSED, u), 0.0)
    return np.where(side < 0.928, _quantile_function(_AVERTED, u), caused)


def _calm(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """The same where three of four baselines stay quiet."""
    return np.where(rng.random(shape) < 0.25, _model(rng, shape), 0.0)


def _no_variance(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """A Lomax tail of exponent 1.7, as wars have by some estimates: it has no variance."""
    return np.where(rng.random(shape) < 0.25, 100.0 * rng.pareto(1.7, shape), 0.0)


TOYS = (
    Toy("averted, or nothing", 0.25 * _lognormal_mean(3.0, 1.2), _averted),
    Toy(
        "averted, and at times caused",
        0.4 * (0.8 * 0.8 - 0.2 * 0.5) * _lognormal_mean(5.0, 1.2)
        - 0.6 * 0.03 * _lognormal_mean(3.0, 1.2),
        _averted_and_caused,
    ),
    Toy("saved and killed alike", 0.0, _two_tails),
    Toy("a far heavier tail (sigma 2)", 0.25 * _lognormal_mean(3.0, 2.0), _heavier),
    Toy("deaths of the model", _MODEL_MEAN, _model),
    Toy("deaths of the model, 3/4 quiet", 0.25 * _MODEL_MEAN, _calm),
    Toy("a tail without variance", 0.25 * 100.0 / 0.7, _no_variance),
)


def intervals_in_use(samples: Floats) -> Floats:
    """Return the ends of `bootstrap_mean` of every column, shape (2, columns)."""
    found = bootstrap_means(samples, resamples=1000)
    return np.array([(one.low, one.high) for one in found]).T


def resampled_intervals(samples: Floats) -> Floats:
    """Return the ends of `bootstrap_mean` as they would be without the log-normal tail."""
    return np.array([(one.low, one.high) for one in resampled_means(samples, resamples=1000)]).T


def percentile_intervals(samples: Floats) -> Floats:
    """Return the ends of the percentile bootstrap of the mean of every column."""
    return _scipy(samples, "percentile")


def bca_intervals(samples: Floats) -> Floats:
    """Return the ends of the bias-corrected and accelerated bootstrap (Efron 1987)."""
    return _scipy(samples, "BCa")


RIVALS: dict[str, Callable[[Floats], Floats]] = {
    "in use": intervals_in_use,
    "bootstrap-t": resampled_intervals,
    "percentile": percentile_intervals,
    "BCa": bca_intervals,
}


def coverage(
    toy: Toy,
    n: int,
    *,
    method: Callable[[Floats], Floats] = intervals_in_use,
    repeats: int = REPEATS,
    seed: int = 1,
) -> float:
    """Return the share of samples of `n` pairs whose interval holds the toy's true mean."""
    samples = toy.draw(np.random.default_rng((seed, n)), (n, repeats))
    low, high = method(samples)
    # Samples in which nothing happened have a zero-wide interval at zero: a miss like any other.
    return float(np.mean((low <= toy.mean) & (toy.mean <= high)))


def main() -> int:
    """Print the table."""
    print(f"share of {REPEATS:,} samples whose {LEVEL:.0%} interval holds the true mean difference")
    print(f"{'toy':<32}{'pairs':>6}" + "".join(f"{name:>12}" for name in RIVALS))
    for toy in TOYS:
        for n in SAMPLES:
            shares = [coverage(toy, n, method=method) for method in RIVALS.values()]
            print(
                f"{toy.name:<32}{n:>6}" + "".join(f"{share:>12.3f}" for share in shares), flush=True
            )
    return 0


def _scipy(samples: Floats, method: str) -> Floats:
    from scipy.stats import bootstrap

    ends = []
    for column in samples.T:
        if column.min() == column.max():
            ends.append((column[0], column[0]))
            continue
        found = bootstrap((column,), np.mean, n_resamples=1000, method=method, rng=1)
        ends.append(tuple(found.confidence_interval))
    return np.array(ends).T


if __name__ == "__main__":
    sys.exit(main())
