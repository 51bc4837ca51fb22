"""The draws of an address as NumPy makes them, to hold the model's own against."""

from __future__ import annotations

import numpy as np

WORD = 2**64


def philox(
    seed: int, replicate: int, week: int, process: int, agent: int, other: int
) -> np.ndarray:
    """Return NumPy's four doubles at an address; its generator counts up before each block."""
    counter = agent + (other << 64) + (process << 128) + (week << 192)
    before = (counter - 1) % 2**256
    state = np.array([(before >> shift) % WORD for shift in (0, 64, 128, 192)], dtype=np.uint64)
    key = np.array([seed, replicate], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=state)).random(4)
