"""Weekly series as integer histograms over fixed bins, summable in any order.

Memory and disk do not grow with the number of runs, and counts, unlike means of floats, are the
same whatever the order in which batches arrive.

Counts and money: the bin of a value is made of its exponent and the first 7 bits of its mantissa,
so every whole number below 256 has a bin of its own and above that a bin is 1/128 of its lower
edge wide. Magnitudes below 2^-10 fall into bin 0. A negative value falls into minus the bin of its
magnitude. Shares, 0 to 1: 256 bins of equal width, and one for exactly 1. A share outside 0..1 is
counted in the nearest of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Cells = NDArray[np.int64]
Counts = NDArray[np.int64] | NDArray[np.int32]

# Part of the key of what is stored: raise it when a bin changes.
BINNING = 1

_MANTISSA_BITS = 7
_SHIFT = 52 - _MANTISSA_BITS
_SMALLEST = 2.0**-10
_FIRST = (int(np.float64(_SMALLEST).view(np.int64)) >> _SHIFT) - 1
_SHARE_BINS = 256
# A cell packs (week, series, bin) into one integer, ordered as the three are.
_SPAN_BITS = 19
_SPAN = 1 << _SPAN_BITS
_HALF = _SPAN // 2
_BLOCK = 1 << 16  # numbers, half a megabyte


def bins_of(values: ArrayLike, *, share: bool = False) -> Cells:
    """Return the bin of each value.

    Parameters
    ----------
    values : finite numbers of any shape.
    share : whether the values are shares, 0 to 1.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if share:
        return (np.clip(numbers, 0.0, 1.0) * _SHARE_BINS).astype(np.int64)
    bins: Cells = np.abs(np.ascontiguousarray(numbers)).view(np.int64)
    bins >>= _SHIFT
    # Those of the smallest magnitude of the first bin on are 1 and more.
    bins -= _FIRST
    np.maximum(bins, 0, out=bins)
    negative = numbers < 0
    if negative.any():
        np.negative(bins, out=bins, where=negative)
    return bins


def bin_edges(bins: ArrayLike, *, share: bool = False) -> tuple[NDArray[np.float64], ...]:
    """Return the lowest value of each bin and the one from which the next begins.

    For a negative bin the two ends change places: it holds ``-high < value <= -low``.
    """
    numbers = np.asarray(bins, dtype=np.int64)
    if share:
        return numbers / _SHARE_BINS, np.minimum((numbers + 1) / _SHARE_BINS, 1.0)
    return _edge(numbers), _edge(numbers + np.where(numbers < 0, -1, 1))


def bins_of_series(series: NDArray[np.float64], *, shares: Sequence[bool]) -> NDArray[np.int32]:
    """Return the bin of every weekly value, in the shape of `series`.

    Parameters
    ----------
    series : shape (runs, weeks, series).
    shares : for each series, whether it is a share.
    """
    bins = np.empty(series.shape, dtype=np.int32)
    of_shares = np.flatnonzero(shares)
    # As many runs at once as the processor's own memory holds: a third of the time.
    runs = max(1, _BLOCK // max(1, series[:1].size))
    for first in range(0, len(series), runs):
        block = np.ascontiguousarray(series[first : first + runs], dtype=np.float64)
        bins[first : first + runs] = bins_of(block)
        for index in of_shares:
            bins[first : first + runs, :, index] = bins_of(block[:, :, index], share=True)
    return bins


def count_cells(bins: NDArray[np.int32]) -> tuple[Cells, Counts]:
    """Return the filled cells of a block of runs, in order, and how many values fell into each.

    Parameters
    ----------
    bins : as `bins_of_series` returns them, shape (runs, weeks, series).
    """
    runs = len(bins)
    if not runs:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if runs == 1:
        # Every value is a cell of its own, and they are in order: a tenth of the time.
        places, counts = _single(bins.size)
        return places + bins.reshape(-1), counts
    # Short rows of small integers sort several times faster than all cells at once.
    rows = np.ascontiguousarray(bins.reshape(runs, -1).T)
    rows.sort(axis=-1)
    first = np.ones(rows.shape, dtype=np.bool_)
    np.not_equal(rows[:, 1:], rows[:, :-1], out=first[:, 1:])
    starts = np.flatnonzero(first)
    cells = starts // runs * _SPAN + _HALF + rows.ravel()[starts]
    return cells, np.diff(starts, append=rows.size)


@lru_cache(maxsize=2)
def _single(size: int) -> tuple[Cells, Counts]:
    """Return the cells of bin 0 and the counts of a single run, which every such run shares."""
    places = np.arange(size, dtype=np.int64) * _SPAN + _HALF
    counts = np.ones(size, dtype=np.int32)
    for shared in (places, counts):
        shared.setflags(write=False)
    return places, counts


def add_counts(blocks: Sequence[tuple[Cells, Counts]]) -> tuple[Cells, Counts]:
    """Return the sum of several histograms; the order of the blocks does not matter."""
    if len(blocks) == 1:
        return blocks[0]
    cells = np.concatenate([cells for cells, _ in blocks])
    counts = np.concatenate([counts for _, counts in blocks])
    order = np.argsort(cells, kind="stable")
    cells, starts = _starts(cells[order])
    if not cells.size:
        return cells, counts[:0]
    return cells, np.add.reduceat(counts[order], starts)


def unpack(cells: Cells, *, kinds: int) -> tuple[NDArray[np.int32], ...]:
    """Return week, series index and bin of each cell; `kinds` is the number of series."""
    place = (cells >> _SPAN_BITS).astype(np.int32)
    week = place // kinds
    return week, place - week * kinds, (cells & (_SPAN - 1)).astype(np.int32) - _HALF


def quantiles(
    bins: ArrayLike, counts: ArrayLike, q: ArrayLike, *, share: bool = False
) -> NDArray[np.float64]:
    """Return quantiles of the values behind one histogram, within one bin of the exact ones.

    The smallest value at or below which a share `q` of the values lies (NumPy's ``inverted_cdf``),
    read at the lower end of its bin: exact for whole numbers below 256.

    Parameters
    ----------
    bins, counts : one entry a filled bin, in any order.
    q : in 0..1.
    """
    numbers, amounts = np.asarray(bins, dtype=np.int64), np.asarray(counts, dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    below = np.cumsum(amounts[order])
    if not below.size:
        return np.full(np.shape(q), np.nan)
    wanted = np.maximum(np.ceil(np.asarray(q, dtype=np.float64) * below[-1]), 1)
    place = np.searchsorted(below, wanted, side="left")
    low, _ = bin_edges(numbers[order], share=share)
    values: NDArray[np.float64] = low[np.minimum(place, low.size - 1)]
    return values


def _edge(bins: Cells) -> NDArray[np.float64]:
    magnitudes = np.ascontiguousarray((np.abs(bins) + _FIRST) << _SHIFT).view(np.float64)
    magnitudes = np.where(bins == 0, 0.0, magnitudes)
    return np.where(bins < 0, -magnitudes, magnitudes)


def _starts(ordered: Cells) -> tuple[Cells, NDArray[np.intp]]:
    if not ordered.size:
        return ordered, np.empty(0, dtype=np.intp)
    changes = np.flatnonzero(np.diff(ordered)) + 1
    starts = np.concatenate([np.zeros(1, dtype=np.intp), changes])
    return ordered[starts], starts
