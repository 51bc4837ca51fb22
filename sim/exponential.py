"""One exponential for both engines, in sums and products alone.

That of a mathematics library differs in the last bit between libraries and processors, and takes one
number at a time. This one has the same bits wherever numbers are IEEE 754, and compiled into a loop
it takes eight numbers at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

_PER_LOG_2 = 1.4426950408889634  # 1 / log 2
_LOG_2_HIGH = 6.93147180369123816490e-01  # 33 bits of log 2: a product with a whole number is exact
_LOG_2_LOW = 1.90821492927058770002e-10  # the rest
_WHOLE = 6755399441055744.0  # 1.5 * 2**52: a sum with it is rounded to a whole number
_BIAS = np.uint64(1023)
_EXPONENT = np.uint64(52)


LEAST, MOST = -709.0, 710.0  # beyond these the exponential is 0 and infinity


def exp(x: float) -> float:
    """Return the exponential of a number.

    A power of two times the Taylor series of the rest, which is at most half of log 2, to the
    thirteenth power (Muller 2016, Elementary functions): at most one unit in the last place from
    the true value, and 1 at 0.

    Parameters
    ----------
    x : float
        Below -708.8 it gives 0, above 709.5 infinity.
    """
    x = LEAST if x < LEAST else x
    x = MOST if x > MOST else x
    return float(_power_times_series(x))


def exp_of_each(x: np.ndarray) -> np.ndarray:
    """Return the exponential of each number of an array, the same bits as `exp` of it.

    Parameters
    ----------
    x : ndarray of float
    """
    result: np.ndarray = _power_times_series(np.clip(x, LEAST, MOST))
    return result


def _power_times_series(x: Any) -> Any:
    shifted = x * _PER_LOG_2 + _WHOLE
    power = shifted - _WHOLE
    r = (x - power * _LOG_2_HIGH) - power * _LOG_2_LOW
    r2 = r * r
    r4 = r2 * r2
    # Short sums side by side (Estrin 1960) do not wait for each other, as Horner's would.
    rest = (
        ((1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120)))
        + r4 * ((1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880)))
        + r4 * r4 * ((1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)))
    )  # fmt: skip
    # The whole number stands in the lowest bits of `shifted`: moved up, they are an exponent.
    exponent = np.uint64((np.float64(shifted).view(np.uint64) + _BIAS) << _EXPONENT)
    return (1.0 + (r + r2 * rest)) * exponent.view(np.float64)


def with_exp(
    function: Callable[..., Any], compiled: Callable[[float], float]
) -> Callable[..., Any]:
    """Return a function that calls the compiled `exp`: the same bits in a thirtieth of the time.

    Parameters
    ----------
    function : function
        One that does not read `exp` of this file comes back as it is.
    compiled : function
        The compiled `exp`.
    """
    if not any(value is exp for value in getattr(function, "__globals__", {}).values()):
        return function
    return _rebound(function, compiled)


@functools.cache
def _rebound(function: FunctionType, compiled: Callable[[float], float]) -> FunctionType:
    space = {
        name: compiled if value is exp else value for name, value in function.__globals__.items()
    }
    copy = FunctionType(
        function.__code__, space, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__module__, copy.__doc__ = function.__module__, function.__doc__
    copy.__annotations__ = function.__annotations__
    return copy
