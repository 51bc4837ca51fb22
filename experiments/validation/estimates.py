"""Estimates of simulated statistics, with their Monte-Carlo error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
LEVEL = 0.95
_RESAMPLES = 200
_NO_EVENT = 1.0 / 0.5
"""Variance of the logarithm of a risk of which no event was seen, half an event added."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A statistic and what chance leaves open of it.

    Attributes
    ----------
    value : NaN where the runs do not allow it.
    low, high : Monte-Carlo interval at `LEVEL`.
    error : standard error, on the scale of logarithms where `log` is true.
    log : whether the error is that of the logarithm.
    n : runs, countries, or events behind it.
    """

    value: float
    low: float
    high: float
    error: float
    n: int
    log: bool = False


NOTHING = Estimate(value=np.nan, low=np.nan, high=np.nan, error=np.nan, n=0)


def normal(value: float, error: float, n: int, *, log: bool = False) -> Estimate:
    """Return an estimate whose error is normal, on the scale of logarithms if asked."""
    reach = float(stats.norm.ppf(0.5 + LEVEL / 2.0)) * error
    low, high = (
        (value * np.exp(-reach), value * np.exp(reach)) if log else (value - reach, value + reach)
    )
    return Estimate(
        value=float(value), low=float(low), high=float(high), error=float(error), n=n, log=log
    )


def weighted_share(happened: ArrayLike, weight: ArrayLike, *, per: float = 1.0) -> Estimate:
    """Return the weighted share of runs in which something happened, divided by `per`.

    Parameters
    ----------
    happened, weight : shape (runs,)
    per : years of a run, for a rate a year.
    """
    event, mass = np.asarray(happened, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    if event.size < 2:
        return NOTHING
    share = float((mass * event).sum() / mass.sum())
    # A half of an event of middling weight: without any event the error would be nought.
    spread = float((mass**2 * (event - share) ** 2).sum() / mass.sum() ** 2)
    least = 0.5 * float((mass**2).sum() / mass.sum() ** 2) / event.size
    found = normal(share / per, np.sqrt(max(spread, least)) / per, event.size)
    return Estimate(
        value=found.value, low=max(0.0, found.low), high=min(1.0 / per, found.high),
        error=found.error, n=found.n,
    )  # fmt: skip


def risk_ratio(happened: ArrayLike, exposed: ArrayLike, weight: ArrayLike) -> Estimate:
    """Return the weighted risk among the exposed over that among the others.

    Half an event is added to either side, so that none is no nought (Haldane 1956); a side without an
    event has the error that this correction gives it.
    """
    event, mass = np.asarray(happened, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    split = np.asarray(exposed, dtype=bool)
    if not event.any():
        return NOTHING
    logs, variance = [], 0.0
    for side in (split, ~split):
        if not side.any():
            return NOTHING
        total, size = (
            float(mass[side].sum()),
            float(mass[side].sum() ** 2 / (mass[side] ** 2).sum()),
        )
        risk = (float((mass * event)[side].sum()) / total * size + 0.5) / (size + 1.0)
        spread = float((mass[side] ** 2 * (event[side] - risk) ** 2).sum()) / total**2
        logs.append(np.log(risk))
        variance += spread / risk**2 if event[side].any() else _NO_EVENT
    return normal(float(np.exp(logs[0] - logs[1])), float(np.sqrt(variance)), event.size, log=True)


def ratio_of_sums(above: ArrayLike, below: ArrayLike) -> Estimate:
    """Return the ratio of two sums over runs, its error from run to run (linearised)."""
    a, b = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if a.sum() <= 0.0 or b.sum() <= 0.0:
        return NOTHING
    part = a / a.sum() - b / b.sum()
    ratio = float(a.sum() / b.sum())
    return normal(ratio, float(np.sqrt((part**2).sum())), int(a.size), log=True)


def resampled(
    statistic: Callable[[Floats], float], values: ArrayLike, *, weight: ArrayLike | None = None,
    log: bool = False, seed: int = 1,
) -> Estimate:  # fmt: skip
    """Return a statistic of runs with its bootstrap error (Efron & Tibshirani 1993).

    Parameters
    ----------
    statistic : of an array of values, one a run (first axis).
    weight : chances with which runs are drawn; then the value is the median of the resamples.
    """
    found = np.asarray(values, dtype=np.float64)
    if len(found) < 5:
        return NOTHING
    draw = np.random.default_rng(seed)
    chance = None
    if weight is not None:
        chance = np.asarray(weight, dtype=np.float64)
        chance = chance / chance.sum()
    again = np.array(
        [
            statistic(found[draw.choice(len(found), size=len(found), p=chance)])
            for _ in range(_RESAMPLES)
        ]
    )
    value = statistic(found) if chance is None else float(np.nanmedian(again))
    low, high = np.nanquantile(again, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0]).tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        error = float(np.nanstd(np.log(again) if log else again))
    return Estimate(value=value, low=low, high=high, error=error, n=len(found), log=log)
