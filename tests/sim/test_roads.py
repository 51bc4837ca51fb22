"""Rows of even length and fields side by side sum to the bit what the roads themselves do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.roads import LANES, add_over_roads, even_rows, even_weights

DEGREES = st.lists(st.integers(0, 3 * LANES), min_size=1, max_size=12)


@given(degrees=DEGREES, seed=st.integers(0, 2**32 - 1))
def test_sums_over_rows_of_even_length_are_those_over_the_roads(
    degrees: list[int], seed: int
) -> None:
    draw = np.random.default_rng(seed)
    start = np.concatenate([[0], np.cumsum(degrees)])
    place = draw.integers(0, len(degrees), start[-1])
    weight = draw.random(start[-1])
    near = draw.random((len(degrees), LANES)) * 10.0 ** draw.integers(-9, 9)
    roads = even_rows(start, place, weight)
    lengths = np.diff(roads.start.astype(np.int64)).tolist()
    assert not any(length % LANES for length in lengths)
    assert (even_weights(start, weight) == roads.contact).all()
    for row in range(len(degrees)):
        told = [0.0] * LANES
        for edge in range(start[row], start[row + 1]):
            for lane in range(LANES):
                told[lane] += weight[edge] * near[place[edge], lane]
        sums = np.full(LANES, np.nan)
        first, last = int(roads.start[row]), int(roads.start[row + 1])
        add_over_roads(roads.place, roads.contact, first, last, near, sums)  # type: ignore[arg-type]
        assert sums.tolist() == told
        assert int(roads.end[row]) - first == degrees[row]
        assert set(roads.place[first + degrees[row] : last].tolist()) <= {row}
