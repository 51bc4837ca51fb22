"""What the facts leave: the weight of a parameter set, and draws from what is not ruled out.

A band is all that the sources allow, none of it preferred: the statistic of the true world lies in
it. For a predicted statistic, normal with an error, the weight is the chance to lie in the band; facts
count together as if their errors were independent. With a band whose centre is the true statistic plus
an even error of half its width, this is the likelihood, so that intervals of the posterior can be
tested on synthetic facts (`experiments.calibration.recovery`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from experiments.calibration.emulator import Emulator, Predicted
from experiments.calibration.facts import Fact, Floats
from experiments.sampling import sample

PROPOSALS = 8192
"""Places of the prior at which the emulator is asked; a power of two."""
MOVES = 8
"""Metropolis steps that every draw takes away from the proposal it came from."""
IMPLAUSIBLE = 3.0
"""Standard deviations beyond a band from which on a world counts as ruled out (Pukelsheim 1994)."""


@dataclass(frozen=True)
class Bands:
    """Bands of facts on their scales, and errors of the observation beside them, (facts,) each."""

    centre: Floats
    half_width: Floats
    error: Floats

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> Bands:
        """Return the bands of facts as they stand."""
        return cls(
            np.array([fact.centre for fact in facts]),
            np.array([fact.half_width for fact in facts]),
            np.zeros(len(facts)),
        )


@dataclass(frozen=True)
class Proposals:
    """Places of the prior in the unit cube of the free parameters, and what is predicted there."""

    unit: Floats
    predicted: Predicted


@dataclass(frozen=True)
class Draws:
    """Draws from what the facts leave.

    Attributes
    ----------
    unit : free parameters in the unit cube, shape (size, free).
    effective : effective number of proposals behind them (Kish 1965), before they moved.
    left : share of the prior that is not ruled out (`IMPLAUSIBLE`).
    """

    unit: Floats
    effective: float
    left: float


def log_weights(predicted: Predicted, bands: Bands) -> Floats:
    """Return the logarithm of the weight of each set, shape (sets,)."""
    sd = np.hypot(predicted.sd, bands.error)
    upper = (bands.centre + bands.half_width - predicted.mean) / sd
    lower = (bands.centre - bands.half_width - predicted.mean) / sd
    # The chance between the ends, by whichever tail keeps its digits.
    flip = lower > 0.0
    high, low = np.where(flip, -lower, upper), np.where(flip, -upper, lower)
    far, near = log_ndtr(high), log_ndtr(low)
    with np.errstate(divide="ignore"):
        chance = far + np.log1p(-np.exp(np.minimum(near - far, 0.0)))
    found: Floats = np.maximum(chance, -1e6).sum(axis=1)
    return found


def implausibility(predicted: Predicted, bands: Bands) -> Floats:
    """Return the largest distance beyond a band in standard deviations, shape (sets,)."""
    beyond = np.abs(predicted.mean - bands.centre) - bands.half_width
    found: Floats = (np.maximum(beyond, 0.0) / np.hypot(predicted.sd, bands.error)).max(axis=1)
    return found


def propose(emulator: Emulator, free: int, *, seed: int, size: int = PROPOSALS) -> Proposals:
    """Return an even sample of the prior with predictions, from which any bands can be matched."""
    unit = sample("sobol", free, points=size, seed=seed)
    return Proposals(unit, emulator.predict(unit))


def draw(emulator: Emulator, proposals: Proposals, bands: Bands, size: int, *, seed: int) -> Draws:
    """Return draws from what bands leave, by sequential Monte Carlo (Del Moral, Doucet & Jasra 2006).

    Proposals are drawn by their weight, tempered so that never fewer than half count; between two
    temperatures Metropolis steps take the draws away from where they began.

    Parameters
    ----------
    emulator, proposals : as of `propose`.
    bands : of the facts, in the emulator's order.
    size : number of draws.
    seed : of the draws.
    """
    rng = np.random.default_rng(seed)
    unit, logs = proposals.unit, log_weights(proposals.predicted, bands)
    final = _weights(logs)
    reached, least = 0.0, float(min(size, len(logs) // 2))
    while reached < 1.0:
        further = _temperature(logs, reached, least)
        weights = _weights((further - reached) * logs)
        step = _step(unit, weights)
        chosen = _systematic(weights, size, rng)
        unit, logs = unit[chosen], logs[chosen]
        reached, least = further, size / 2.0
        for _ in range(MOVES):
            trial = _reflected(unit + step * rng.standard_normal(unit.shape))
            chance = np.log(rng.random(size))
            there = log_weights(emulator.predict(trial), bands)
            taken = chance < reached * (there - logs)
            unit = np.where(taken[:, None], trial, unit)
            logs = np.where(taken, there, logs)
    return Draws(
        unit=rng.permutation(unit),  # resampling keeps the order of the proposals
        effective=float(1.0 / (final**2).sum()),
        left=float((implausibility(proposals.predicted, bands) <= IMPLAUSIBLE).mean()),
    )


def _weights(logs: Floats) -> Floats:
    unscaled = np.exp(logs - logs.max())
    found: Floats = unscaled / unscaled.sum()
    return found


def _temperature(logs: Floats, reached: float, least: float) -> float:
    """Return the highest power of the weights, to 1, at which so many draws still count."""

    def counting(power: float) -> float:
        return float(1.0 / (_weights((power - reached) * logs) ** 2).sum())

    if counting(1.0) >= least:
        return 1.0
    low, high = reached, 1.0
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if counting(middle) >= least else (low, middle)
    return max(low, reached + 1e-9)


def _step(unit: Floats, weights: Floats) -> Floats:
    """Return the size of a Metropolis step in every dimension (Roberts, Gelman & Gilks 1997)."""
    spread = np.sqrt(weights @ (unit - weights @ unit) ** 2)
    found: Floats = 2.4 / np.sqrt(unit.shape[1]) * np.maximum(spread, 0.01)
    return found


def _systematic(weights: Floats, size: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return places by weight, with the least noise of resampling (Kitagawa 1996)."""
    ends = np.cumsum(weights)
    at = (rng.random() + np.arange(size)) / size
    found: NDArray[np.intp] = np.minimum(np.searchsorted(ends, at * ends[-1]), len(weights) - 1)
    return found


def _reflected(unit: Floats) -> Floats:
    """Return places folded back into the unit cube, which keeps a step as likely as its reverse."""
    folded: Floats = np.abs((unit + 1.0) % 2.0 - 1.0)
    return folded
