"""Roads as the ensemble reads them: rows of even length, and what neighbours read side by side.

A place sums over its three or four neighbours what each of several fields is there. Field by field
that is a short loop of scattered reads, whose end the processor guesses wrong. Here the fields that
are read lie side by side (`Run.near`), so that a road costs one read for eight of them, and every
row of roads is filled up to eight with roads of no weight, so that nearly all rows are equally long.
The sums are the same to the bit: roads are added in their order, and nothing at all after them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.ensemble.run import Run

LANES = 8
"""Fields that lie side by side, and what the length of every row of roads is a multiple of."""

_ONE = np.uint64(1)  # of the type of a place: with a signed one the sum would be a float


class Roads(NamedTuple):
    """The neighbour graph in rows of even length: row i is ``start[i]:start[i + 1]``.

    Attributes
    ----------
    start : uint64 (N + 1,)
        First entry of each row.
    end : uint64 (N,)
        First entry of each row that is no road: a road of no weight from a place to itself.
    place : uint32 (entries,)
        The neighbouring place. Unsigned, because a signed index may count from the end.
    contact : float64 (entries,)
        Contact weight of the graph.
    """

    start: np.ndarray
    end: np.ndarray
    place: np.ndarray
    contact: np.ndarray


def even_rows(start: np.ndarray, place: np.ndarray, weight: np.ndarray) -> Roads:
    """Return the roads of a neighbour graph in rows of even length.

    Parameters
    ----------
    start, place, weight : ndarray
        As in `sim.country.Graph`.
    """
    degree = np.diff(start)
    even = _even_starts(start)
    places = np.repeat(np.arange(degree.size, dtype=np.uint32), np.diff(even))
    places[_entries(start)] = place
    return Roads(
        even.astype(np.uint64), (even[:-1] + degree).astype(np.uint64), places,
        even_weights(start, weight),
    )  # fmt: skip


def even_weights(start: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return a weight of each road in rows of even length, 0 where there is no road.

    Parameters
    ----------
    start : int64 (N + 1,)
        Of the neighbour graph.
    weight : float64 (..., 2E)
        In its order.
    """
    even = np.zeros((*weight.shape[:-1], int(_even_starts(start)[-1])))
    even[..., _entries(start)] = weight
    return even


def _even_starts(start: np.ndarray) -> np.ndarray:
    lengths = -(-np.diff(start) // LANES) * LANES
    return np.concatenate([[0], np.cumsum(lengths)])


def _entries(start: np.ndarray) -> np.ndarray:
    """Return where each entry of the graph lies in rows of even length."""
    shift = _even_starts(start)[:-1] - start[:-1]
    return np.arange(start[-1]) + np.repeat(shift, np.diff(start))


def add_over_roads(
    place: np.ndarray,
    weight: np.ndarray,
    first: np.uint64,
    last: np.uint64,
    near: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Set the sums over a row of roads of eight fields at their far ends.

    Parameters
    ----------
    place, weight : uint32 (entries,), float64 (entries,)
        Far end and weight of each road.
    first, last : uint64
        The row.
    near : float64 (places, 8)
        The fields, side by side.
    sums : float64 (8,)
        To be set.
    """
    a = b = c = d = e = f = g = h = 0.0
    for edge in range(first, last):
        there, by = place[edge], weight[edge]
        a += by * near[there, 0]
        b += by * near[there, 1]
        c += by * near[there, 2]
        d += by * near[there, 3]
        e += by * near[there, 4]
        f += by * near[there, 5]
        g += by * near[there, 6]
        h += by * near[there, 7]
    sums[0], sums[1], sums[2], sums[3] = a, b, c, d
    sums[4], sums[5], sums[6], sums[7] = e, f, g, h


def add_up_near(run: Run, weight: np.ndarray) -> None:
    """Set what every place of a tile sums over its roads of what its neighbours have laid out.

    Parameters
    ----------
    run : Run
        `sums` of it is set.
    weight : float64 (entries,)
        Of each road.
    """
    for part in range(run.near.shape[0]):
        # Neighbours mostly lie close by in order too: a walk in order brings them into the cache.
        for place in range(run.first, run.last):
            run.sums[part, place - run.first, 0] = run.near[part, place, 0]
        for place in range(run.first, run.last):
            add_over_roads(
                run.place, weight, run.start[place], run.start[place + _ONE], run.near[part],
                run.sums[part, place - run.first],
            )  # fmt: skip
