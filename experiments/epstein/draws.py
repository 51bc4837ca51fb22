"""Addressed draws of Model II: who draws, in which period, for what (see `sim.randomness`)."""

from __future__ import annotations

import numba
import numpy as np

from sim.randomness import uniforms

ACT = 1
"""Of a citizen: its turn in the period, where it moves, whom it kills, whether it clones."""
BIRTH = 2
"""Of a citizen: where its clone stands, the clone's risk aversion and death age; where it is freed."""
PATROL = 3
"""Of a cop: its turn, where it moves, whom it arrests, for how long."""
START = 4
"""Of a citizen at the start: hardship, risk aversion, death age."""
SITE = 5
"""Of a site: its place in the order in which sites are filled."""

draw = numba.njit(uniforms, nogil=True)


def _fill(
    seed: np.uint64, replicate: np.uint64, period: int, process: int, who: np.ndarray,
    table: np.ndarray,
) -> None:  # fmt: skip
    for row in range(who.shape[0]):
        table[row, :] = draw(seed, replicate, period, process, who[row], 0)


_fill = numba.njit(_fill, nogil=True)


def draws_of(
    seed: np.uint64, replicate: np.uint64, period: int, process: int, who: np.ndarray
) -> np.ndarray:
    """Return the draws of some agents for one purpose, shape (agents, 4), each in [0, 1)."""
    table = np.empty((who.size, 4))
    _fill(seed, replicate, period, process, who, table)
    return table


def filling_order(seed: np.uint64, replicate: np.uint64, period: int, sites: int) -> np.ndarray:
    """Return the order in which sites are filled at a period: positions (sites,)."""
    who = np.arange(sites)
    return np.argsort(draws_of(seed, replicate, period, SITE, who)[:, 0], kind="stable")
