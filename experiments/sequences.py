"""Scrambled Sobol' sequences and Latin hypercubes, equal in every bit to those of `scipy.stats.qmc`.

Ids of points follow from a sample, which may therefore not change with the version of a library, and
`scipy.stats` takes longer to import than 10,000 points to be made. A test compares the two.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 30
"""Binary digits of a place in a Sobol' sequence, which has 2**BITS rows."""
_DIRECTIONS = Path("stats", "_sobol_direction_numbers.npz")


def latin_hypercube(dimensions: int, points: int, *, seed: int) -> NDArray[np.float64]:
    """Return a Latin hypercube (McKay et al. 1979): one point in each of `points` slices.

    Parameters
    ----------
    dimensions, points : the shape is (points, dimensions), each value in [0, 1].
    seed : of the sample.
    """
    rng = _generator(seed)
    within = rng.uniform(size=(points, dimensions))
    slices = np.tile(np.arange(1, points + 1), (dimensions, 1))
    for column in slices:
        rng.shuffle(column)
    sample: NDArray[np.float64] = (slices.T - within) / points
    return sample


def scrambled_sobol(dimensions: int, points: int, *, seed: int) -> NDArray[np.float64]:
    """Return the first points of a Sobol' sequence under a random linear scramble and shift.

    Direction numbers of Joe and Kuo (2008), scrambled after Matoušek (1998).

    Parameters
    ----------
    dimensions, points : the shape is (points, dimensions), each value in [0, 1).
    seed : of the scramble.
    """
    try:
        polynomials, first = _table(dimensions)
    except (OSError, KeyError):
        return _drawn_by_scipy(dimensions, points, seed)
    shift, directions = _scrambled(_directions(polynomials, first), _generator(seed))
    # In the order of a Gray code each point is the one before with a single direction added.
    number = np.arange(1, points, dtype=np.int64)
    lowest = np.bitwise_count((number & -number) - 1)
    steps = np.vstack([shift, directions.T[lowest]])
    sample: NDArray[np.float64] = np.bitwise_xor.accumulate(steps) * 2.0**-BITS
    return sample


def _generator(seed: int) -> np.random.Generator:
    # As scipy.stats.qmc, which draws from a child of the generator that it is given.
    return np.random.default_rng(seed).spawn(1)[0]


def _scrambled(
    directions: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the shift of each dimension, and its directions under a random triangular matrix."""
    dimensions = len(directions)
    value = 1 << np.arange(BITS, dtype=np.int64)
    shift = rng.integers(2, size=(dimensions, BITS), dtype=np.uint32) @ value
    matrix = np.tril(rng.integers(2, size=(dimensions, BITS, BITS), dtype=np.uint32), -1)
    matrix |= np.eye(BITS, dtype=np.uint32)
    digits = directions[:, None, :] >> np.arange(BITS - 1, -1, -1)[:, None] & 1
    return shift, value[::-1] @ (matrix @ digits % 2)


def _drawn_by_scipy(dimensions: int, points: int, seed: int) -> NDArray[np.float64]:
    # A SciPy that keeps its direction numbers elsewhere: the same sequence, a second later.
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed), bits=BITS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of balance, which `sampling.imbalance` says
        sample: NDArray[np.float64] = sequence.random(points)
    return sample


def _directions(polynomials: Any, first: Any) -> NDArray[np.int64]:
    """Return the directions of each dimension, shape (dimensions, BITS): Bratley and Fox (1988)."""
    found = np.ones((len(polynomials), BITS), dtype=np.int64)
    for row, polynomial, known in zip(found[1:], polynomials[1:], first[1:], strict=True):
        degree = int(polynomial).bit_length() - 1
        row[:degree] = known[:degree]
        for place in range(degree, BITS):
            row[place] = row[place - degree]
            for back in range(1, degree + 1):
                if polynomial >> (degree - back) & 1:
                    row[place] ^= row[place - back] << back
    return found << np.arange(BITS - 1, -1, -1)


def _table(dimensions: int) -> tuple[Any, Any]:
    """Return the polynomials and the first direction numbers, as SciPy stores them."""
    spec = find_spec("scipy")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    with np.load(Path(spec.submodule_search_locations[0]) / _DIRECTIONS) as table:
        return table["poly"][:dimensions], table["vinit"][:dimensions]
