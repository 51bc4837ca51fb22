"""Blocks of factors: what lies with the country, with outside actors, and with our ignorance.

The fourth lesson says that national attributes decide more than the international block does. Sobol'
indices of whole blocks (``design.method=saltelli_blocks``) answer that from few runs, whatever the
number of factors in each.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import ForestallError

NATIONAL, INTERNATIONAL, UNKNOWN = "national", "international", "unknown parameters"
_BLOCKS = {
    "attributes": NATIONAL,
    "country": NATIONAL,
    "actors": INTERNATIONAL,
    "action": INTERNATIONAL,
    "interventions": INTERNATIONAL,
    "intervention": INTERNATIONAL,
    "course": INTERNATIONAL,
    "parameters": UNKNOWN,
    "mechanisms": UNKNOWN,
    "forms": UNKNOWN,
}


def block_of(factor: str) -> str:
    """Return the block of a factor by the section of its dotted name."""
    return _BLOCKS[factor.partition(".")[0]]


def blocks_of(factors: Sequence[str]) -> tuple[str, ...]:
    """Return the block of every factor.

    Raises
    ------
    ForestallError
        They are all of one block: there is nothing to compare.
    """
    found = tuple(block_of(factor) for factor in factors)
    if len(set(found)) < 2:
        raise ForestallError(
            f"design.method: saltelli_blocks compares blocks of factors, all of these are {found[0]}; "
            "add factors of another (attributes and country are national; actors, action and "
            "interventions international; parameters, mechanisms and forms unknown)"
        )
    return found
