"""Addressed random numbers: every draw is a function of who draws, when and for what.

A draw is addressed by (seed, replicate, week, process, agent, other agent), so two runs that differ
only in an intervention share every draw, whatever the order, batch, thread or engine. The generator
is Philox 4x64-10 (Salmon et al. 2011), equal to NumPy's own for the same key and counter. Outcomes
are drawn by inverse transform, so that one uniform number moves one outcome monotonically and pairs
stay comparable. No other file may draw.
"""

from __future__ import annotations

from enum import IntEnum
from math import log, log1p, sqrt
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from sim.errors import bad_value
from sim.exponential import exp


class Draw(IntEnum):
    """The processes that draw; the number is part of every address and never changes."""

    SIGNAL = 1
    RECOGNITION = 2
    ORDER = 3
    SETTLEMENT = 4
    ATTACK = 5
    FLIGHT = 6
    DIAGNOSIS = 7
    SHOCK = 8


SIGNAL = int(Draw.SIGNAL)
RECOGNITION = int(Draw.RECOGNITION)
ORDER = int(Draw.ORDER)
SETTLEMENT = int(Draw.SETTLEMENT)
ATTACK = int(Draw.ATTACK)
FLIGHT = int(Draw.FLIGHT)
DIAGNOSIS = int(Draw.DIAGNOSIS)
SHOCK = int(Draw.SHOCK)

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_SHIFT = np.uint64(11)
_WIDTH = np.uint64(32)
_HALF = np.uint64(0xFFFFFFFF)
_UNIT = 1.0 / 9007199254740992.0  # 2**-53, as NumPy makes doubles
_ONE_BELOW = 1.0 - _UNIT


@intrinsic  # type: ignore[untyped-decorator]
def _compiled_product(typing_context: Any, a: Any, b: Any) -> Any:
    """Return the upper and the lower 64 bits of a 128-bit product (one machine instruction)."""
    signature = types.UniTuple(types.uint64, 2)(types.uint64, types.uint64)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        narrow = context.get_value_type(types.uint64)
        wide = narrow.as_pointer().pointee.__class__(128)
        left, right = (builder.zext(argument, wide) for argument in arguments)
        product = builder.mul(left, right)
        upper = builder.trunc(builder.lshr(product, wide(64)), narrow)
        halves = (upper, builder.trunc(product, narrow))
        return context.make_tuple(builder, signature.return_type, halves)

    return signature, codegen


def _interpreted_product(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    product = int(a) * int(b)
    return np.uint64(product >> 64), np.uint64(product & 0xFFFFFFFFFFFFFFFF)


product_halves = _interpreted_product if numba.config.DISABLE_JIT else _compiled_product


def checked_key(seed: object, replicates: object) -> tuple[np.uint64, np.ndarray]:
    """Return a seed and replicate numbers as the key of draws takes them.

    Parameters
    ----------
    seed : int
        0 to 2**64 - 1.
    replicates : int or array of int
        0 or more.

    Raises
    ------
    ScenarioError
        For anything else: a fraction would be cut off and a negative number would wrap, silently.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**64:
        raise bad_value("seed", seed, "a whole number between 0 and 2**64 - 1")
    numbers = np.atleast_1d(np.asarray(replicates))
    if numbers.dtype.kind not in "iu" or (numbers.size and int(numbers.min()) < 0):
        raise bad_value("replicate", replicates, "whole numbers of 0 or more")
    return np.uint64(seed), numbers.astype(np.uint64)


def uniforms(
    seed: np.uint64, replicate: np.uint64, week: int, process: int, agent: int, other: int
) -> tuple[float, float, float, float]:
    """Return the four uniform numbers of one address.

    Parameters
    ----------
    seed, replicate : uint64
        The key.
    week, process, agent, other : int
        The counter, each 0 or more.

    Returns
    -------
    tuple of four floats in [0, 1)
        Equal to ``numpy.random.Generator(Philox(key=[seed, replicate])).random(4)`` at the counter
        ``[agent, other, process, week]``.
    """
    c0 = np.uint64(agent)
    c1 = np.uint64(other)
    c2 = np.uint64(process)
    c3 = np.uint64(week)
    k0 = seed
    k1 = replicate
    for _ in range(10):
        high_0, low_0 = product_halves(_MULTIPLIER_0, c0)
        high_1, low_1 = product_halves(_MULTIPLIER_1, c2)
        c0 = high_1 ^ c1 ^ k0
        c1 = low_1
        c2 = high_0 ^ c3 ^ k1
        c3 = low_0
        k0 = k0 + _WEYL_0
        k1 = k1 + _WEYL_1
    return (
        float(c0 >> _SHIFT) * _UNIT,
        float(c1 >> _SHIFT) * _UNIT,
        float(c2 >> _SHIFT) * _UNIT,
        float(c3 >> _SHIFT) * _UNIT,
    )


def side_by_side(
    seed: np.uint64, replicate: np.uint64, week: int, process: int, agent: int, other: int
) -> tuple[float, float, float, float]:
    """Return what `uniforms` does, by products of half words: eight addresses are drawn at once.

    Compiled into a loop over addresses it runs on vectors of words, which know no product of 128
    bits, and takes a third of the time.

    Parameters
    ----------
    seed, replicate, week, process, agent, other
        As in `uniforms`.
    """
    words = (np.uint64(agent), np.uint64(other), np.uint64(process), np.uint64(week))
    words, key = _next_round(words, (seed, replicate))  # a loop in a loop would not run on vectors
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    words, key = _next_round(words, key)
    c0, c1, c2, c3 = words
    return (
        float(c0 >> _SHIFT) * _UNIT,
        float(c1 >> _SHIFT) * _UNIT,
        float(c2 >> _SHIFT) * _UNIT,
        float(c3 >> _SHIFT) * _UNIT,
    )


def _next_round(
    words: tuple[np.uint64, np.uint64, np.uint64, np.uint64], key: tuple[np.uint64, np.uint64]
) -> tuple[tuple[np.uint64, np.uint64, np.uint64, np.uint64], tuple[np.uint64, np.uint64]]:
    """Return the counter and the key after one round of Philox."""
    c0, c1, c2, c3 = words
    k0, k1 = key
    high_0, low_0 = _product_by_halves(_MULTIPLIER_0, c0)
    high_1, low_1 = _product_by_halves(_MULTIPLIER_1, c2)
    return (high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0), (k0 + _WEYL_0, k1 + _WEYL_1)


def _product_by_halves(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return the upper and the lower 64 bits of a 128-bit product, from products of half words.

    Parameters
    ----------
    a, b : uint64
    """
    a0, a1 = a & _HALF, a >> _WIDTH
    b0, b1 = b & _HALF, b >> _WIDTH
    low = a0 * b0
    cross = a1 * b0 + (low >> _WIDTH)
    middle = a0 * b1 + (cross & _HALF)
    return a1 * b1 + (cross >> _WIDTH) + (middle >> _WIDTH), (middle << _WIDTH) | (low & _HALF)


# fmt: off
def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile (Acklam 2003; relative error below 1.2e-9).

    Parameters
    ----------
    probability : float
        In [0, 1); values that would give infinity are moved to the nearest that does not.
    """
    p = probability
    if p < _UNIT:
        p = _UNIT
    if p > _ONE_BELOW:
        p = _ONE_BELOW
    if p < 0.02425 or p > 0.97575:
        tail = p if p < 0.5 else 1.0 - p
        q = sqrt(-2.0 * log(tail))
        above = (
            (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
             - 2.549732539343734) * q + 4.374664141464968
        ) * q + 2.938163982698783
        below = (
            ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
            + 3.754408661907416
        ) * q + 1.0
        value = above / below
        return value if p < 0.5 else -value
    q = p - 0.5
    r = q * q
    above = (
        ((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
          + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    ) * q
    below = (
        (((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
         + 6.680131188771972e01) * r - 1.328068155288572e01
    ) * r + 1.0
    return above / below

# fmt: on


def binomial_quantile(probability: float, trials: float, chance: float) -> float:
    """Return the number of successes whose cumulative probability first exceeds `probability`.

    Exact by summation while the expected number is at most 60 (or the complement's is); above that
    the normal quantile with the Cornish-Fisher correction for skewness (Cornish & Fisher 1938),
    whose error there is below one success, but for the last billionth of either tail.

    Parameters
    ----------
    probability : float
        Uniform number in [0, 1).
    trials : float
        Whole number of trials.
    chance : float
        Probability of success in [0, 1].
    """
    if trials < 1.0 or chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return trials
    flipped = chance > 0.5
    p = 1.0 - chance if flipped else chance
    u = _ONE_BELOW - probability if flipped else probability
    mean = trials * p
    spread = sqrt(mean * (1.0 - p))
    count = 0.0
    if mean <= 60.0:
        term = exp(trials * log1p(-p))
        total = term
        odds = p / (1.0 - p)
        limit = mean + 12.0 * spread + 30.0
        while u >= total and count < trials and count < limit:
            # The factor first: it does not wait for the last term, which halves the loop's time.
            factor = odds * (trials - count) / (count + 1.0)
            term = term * factor
            count = count + 1.0
            total = total + term
    else:
        z = normal_quantile(u)
        value = mean + spread * z + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0 + 0.5
        if value > 0.0:
            count = float(int(value))
        if count > trials:
            count = trials
    return trials - count if flipped else count


def rounded(value: float, probability: float) -> float:
    """Return a whole number whose expectation is `value`: its floor, or one more by chance.

    Parameters
    ----------
    value : float
        Zero or more, below 2**53.
    probability : float
        Uniform number in [0, 1).
    """
    return float(int(value + probability))


def fill_flight(seed: np.uint64, replicate: np.uint64, week: int, flight: np.ndarray) -> None:
    """Write one week's draws of those who flee, die of hardship and come home.

    Parameters
    ----------
    flight : ndarray, shape (4, communities)
        Rounding of flows; shared by the groups of a place.
    """
    for place in range(flight.shape[1]):
        first, second, third, fourth = side_by_side(seed, replicate, week, FLIGHT, place, 0)
        flight[0, place] = first
        flight[1, place] = second
        flight[2, place] = third
        flight[3, place] = fourth


def fill_week(
    seed: np.uint64,
    replicate: np.uint64,
    week: int,
    signal: np.ndarray,
    order: np.ndarray,
    body: np.ndarray,
    diagnosis: np.ndarray,
    shock: np.ndarray,
    attack: np.ndarray,
    flight: np.ndarray,
) -> None:
    """Write one week's draws into tables, as the agents engine reads them.

    Parameters
    ----------
    signal : ndarray, shape (actors,)
    order : ndarray, shape (armed groups,)
    body : ndarray, shape (2,)
        Recognition of the proposer; settlement or relapse.
    diagnosis : ndarray, shape (3, 4)
        Of what actors who stand together share.
    shock : ndarray, shape (shocks,)
    attack : ndarray, shape (communities, armed groups, 4)
    flight : ndarray, shape (4, communities)
        As in `fill_flight`.
    """
    for actor in range(signal.shape[0]):
        signal[actor] = uniforms(seed, replicate, week, SIGNAL, actor, 0)[0]
    for armed in range(order.shape[0]):
        order[armed] = uniforms(seed, replicate, week, ORDER, armed, 0)[0]
    body[0] = uniforms(seed, replicate, week, RECOGNITION, 0, 0)[0]
    body[1] = uniforms(seed, replicate, week, SETTLEMENT, 0, 0)[0]
    for line in range(3):
        diagnosis[line, :] = uniforms(seed, replicate, week, DIAGNOSIS, line, 0)
    for row in range(shock.shape[0]):
        shock[row] = uniforms(seed, replicate, week, SHOCK, row, 0)[0]
    for place in range(attack.shape[0]):
        for armed in range(attack.shape[1]):
            attack[place, armed, :] = uniforms(seed, replicate, week, ATTACK, place, armed)
    fill_flight(seed, replicate, week, flight)
