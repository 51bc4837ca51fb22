"""Sources of the model that compute the same: what was made with one is true of the others."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("same_model.yaml")


@functools.cache
def same_sources() -> frozenset[str]:
    """Return the hashes of all sources that compute what the frozen posterior was made with.

    They are kept in `same_model.yaml`, which says what a version must show to be one of them.
    """
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return frozenset([kept["made_with"], *(one["source"] for one in kept["later"])])


def computes_the_same(source: str, other: str) -> bool:
    """Return whether two sources of the model are equal, or are kept as computing the same."""
    return source == other or {source, other} <= same_sources()
