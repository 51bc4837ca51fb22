"""Samples of the unit cube: rows of a design before its factors give them units.

================  ============================================  =================================
method            rows                                          for
================  ============================================  =================================
latin_hypercube   ``points``                                    exploring, discovery, calibration
sobol             ``points``, best a power of two               the same, more even
morris            ``points`` paths of dimensions + 1 rows       screening many factors
saltelli          ``points`` times (dimensions + 2)             Sobol' indices
saltelli_blocks   ``points`` times (blocks + 2)                 Sobol' indices of blocks of factors
================  ============================================  =================================

Every sample follows from its method, its size and its own seed alone, and not from the seed of the
runs: the same points can be run under other seeds.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.sequences import BITS, latin_hypercube, scrambled_sobol
from sim.errors import ForestallError, bad_value, unknown_name

Unit = NDArray[np.float64]
Draw = Callable[[int, int, int, Sequence[str]], Unit]
BLOCKS = "saltelli_blocks"
MORRIS_LEVELS = 4
"""Levels of the grid that Morris paths walk on (Morris 1991; Campolongo et al. 2007)."""


def sample(
    method: str, dimensions: int, *, points: int, seed: int, blocks: Sequence[str] = ()
) -> Unit:
    """Return a sample of the unit cube, shape (rows, dimensions), each value in [0, 1].

    Parameters
    ----------
    method : a name of `METHODS`.
    dimensions : number of sampled factors, 1 or more.
    points : size, as the table above counts it.
    seed : of the sample.
    blocks : name of the block of each dimension, for saltelli_blocks; each its own when empty.

    Raises
    ------
    ForestallError
        An unknown method, a size that it cannot take, or SALib is needed and not installed.
    """
    if method not in METHODS:
        raise unknown_name("design.method", method, ("grid", *METHODS))
    if points < (least := _LEAST.get(method, 1)):
        raise bad_value("design.points", points, f"{least} or more for {method}")
    if rows_of(method, dimensions, points, blocks=blocks) > 2**BITS:
        raise bad_value("design.points", points, "fewer points")
    return METHODS[method](dimensions, points, seed, blocks)


def rows_of(method: str, dimensions: int, points: int, *, blocks: Sequence[str] = ()) -> int:
    """Return how many rows a sample has."""
    of_blocks = (len(set(blocks)) or dimensions) + 2
    each = {"morris": dimensions + 1, "saltelli": dimensions + 2, BLOCKS: of_blocks}
    return points * each.get(method, 1)


def imbalance(method: str, points: int) -> str:
    """Return a remark on a size at which a sample loses its balance, empty when it keeps it."""
    if method not in ("sobol", "saltelli", BLOCKS) or points & (points - 1) == 0:
        return ""
    below = 1 << (points.bit_length() - 1)
    return (
        f"design.points={points}: a Sobol' sequence is balanced at powers of two only, "
        f"{below} or {2 * below} would be"
    )


def _latin_hypercube(dimensions: int, points: int, seed: int, blocks: Sequence[str]) -> Unit:
    return latin_hypercube(dimensions, points, seed=seed)


def _sobol(dimensions: int, points: int, seed: int, blocks: Sequence[str]) -> Unit:
    return scrambled_sobol(dimensions, points, seed=seed)


def _morris(dimensions: int, points: int, seed: int, blocks: Sequence[str]) -> Unit:
    from SALib.sample import morris

    found: Unit = morris.sample(_problem(dimensions), points, MORRIS_LEVELS, seed=seed)
    return found


def _saltelli(dimensions: int, points: int, seed: int, blocks: Sequence[str]) -> Unit:
    from SALib.sample import sobol

    problem = _problem(dimensions)
    if blocks:
        problem["groups"] = list(blocks)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found: Unit = sobol.sample(problem, points, calc_second_order=False, seed=seed)
    return found


def _problem(dimensions: int) -> dict[str, object]:
    return {
        "num_vars": dimensions,
        "names": [str(index) for index in range(dimensions)],
        "bounds": [[0.0, 1.0]] * dimensions,
    }


def _with_salib(draw: Draw) -> Draw:
    def guarded(dimensions: int, points: int, seed: int, blocks: Sequence[str]) -> Unit:
        try:
            return draw(dimensions, points, seed, blocks)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] != "SALib":
                raise
            raise ForestallError(
                "design.method: this needs SALib, pip install 'forestall[sensitivity]'"
            ) from None

    return guarded


METHODS: Mapping[str, Draw] = {
    "latin_hypercube": _latin_hypercube,
    "sobol": _sobol,
    "morris": _with_salib(_morris),
    "saltelli": _with_salib(_saltelli),
    BLOCKS: _with_salib(_saltelli),
}
ALIASES: Mapping[str, str] = {"lhs": "latin_hypercube"}
"""Other names under which methods are asked for, and what they are stored as."""
_LEAST = {"morris": 2, "latin_hypercube": 1, "sobol": 1, "saltelli": 1}
