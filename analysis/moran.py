"""Likeness of neighbours: Moran's I with permutations (Moran 1950; Cliff & Ord 1981)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Moran(NamedTuple):
    """Moran's I, and the share of permutations that reach it (one-sided, the sample counted)."""

    value: float
    p: float


def moran(values: ArrayLike, near: ArrayLike, *, permutations: int = 199, seed: int = 1) -> Moran:
    """Return how alike neighbours are.

    Parameters
    ----------
    values : shape (n,)
    near : shape (n, n), whether two are neighbours; weights are equal in each row.

    Returns
    -------
    Moran
        NaN where the values do not vary or nobody has a neighbour.
    """
    numbers = np.asarray(values, dtype=np.float64)
    weight = np.asarray(near, dtype=np.float64)
    rows = weight.sum(axis=1, keepdims=True)
    weight = np.divide(weight, rows, out=np.zeros_like(weight), where=rows > 0.0)
    centred = numbers - numbers.mean()
    whole = float(centred @ centred)
    if whole <= 0.0 or weight.sum() == 0.0:
        return Moran(float("nan"), float("nan"))
    scale = numbers.size / weight.sum() / whole
    found = float(centred @ weight @ centred) * scale
    draw = np.random.default_rng(seed)
    mixed = draw.permuted(np.tile(centred, (permutations, 1)), axis=1)
    chance = np.einsum("ri,ij,rj->r", mixed, weight, mixed) * scale
    return Moran(found, float((1 + (chance >= found - 1e-12).sum()) / (1 + permutations)))
