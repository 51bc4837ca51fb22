"""One run of the ensemble: views on the columns of a single replicate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SPARE = 7
"""Rows of `Run.spare`."""


class Run(NamedTuple):
    """What a process of the ensemble reads and writes; arrays as in `sim.initial.Columns`.

    Attributes
    ----------
    seed, replicate : uint64
        Key of the draws.
    start, place : ndarray (communities + 1,), (edges,)
        Neighbour graph in compressed rows.
    contact, nearness : ndarray (edges,)
        Contact weights that sum to one over each row, and pull by road distance.
    series : ndarray (weeks, series)
        Weekly record.
    flight : ndarray (4, communities)
        Draws of the week by which people flee, die of hardship and come home.
    spare : ndarray (rows, communities)
        What one process works with and no other reads: not state.
    """

    seed: np.uint64
    replicate: np.uint64
    start: np.ndarray
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
