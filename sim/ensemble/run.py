"""One run of the ensemble: views on the columns of a single replicate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SPARE = 7
"""Rows of `Run.spare`."""

TILE = 1024
"""Places that the loops over places work on in turn: their columns stay in the cache meanwhile."""


class Run(NamedTuple):
    """What a process of the ensemble reads and writes; arrays as in `sim.initial.Columns`.

    Attributes
    ----------
    seed, replicate : uint64
        Key of the draws.
    start, end, place, contact : ndarray
        Neighbour graph, as in `sim.ensemble.roads.Roads`.
    nearness : ndarray (entries,)
        Pull of each road's far end by distance.
    series : ndarray (weeks, series)
        Weekly record.
    flight : ndarray (4, communities)
        Draws of the week by which people flee, die of hardship and come home.
    spare : ndarray (rows, communities)
        What one process works with and no other reads: not state.
    near : ndarray (parts, communities, 8)
        What a process reads of neighbours, side by side; as little state as `spare`.
    sums : ndarray (parts, TILE, 8)
        Sums of it over the roads of every place of the tile.
    first, last : uint64
        Places that the loops over places are to work on: a tile of them, or all.
    """

    seed: np.uint64
    replicate: np.uint64
    start: np.ndarray
    end: np.ndarray
    place: np.ndarray
    contact: np.ndarray
    nearness: np.ndarray
    parameters: np.ndarray
    settings: np.ndarray
    measures: np.ndarray
    listed: np.ndarray
    shocks: np.ndarray
    recorded: np.ndarray
    world: np.ndarray
    government: np.ndarray
    groups: np.ndarray
    actors: np.ndarray
    armed: np.ndarray
    communities: np.ndarray
    people: np.ndarray
    presence: np.ndarray
    programmes: np.ndarray
    series: np.ndarray
    flight: np.ndarray
    spare: np.ndarray
    near: np.ndarray
    sums: np.ndarray
    first: np.uint64
    last: np.uint64
