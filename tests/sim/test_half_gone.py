"""The page says of each figure that empties a measure where half of the effect is gone, and truly."""

from __future__ import annotations

import half_gone
import pytest
from half_gone import Half


def test_every_figure_that_alone_empties_a_measure_is_kept() -> None:
    kept = [(one.measure, one.state, one.name, one.fails_at) for one in half_gone.kept()]
    asked = [(name, move.state, path, value) for name, move, path, value in half_gone.conditions()]
    assert kept == asked
    assert len(kept) > 10


@pytest.mark.parametrize("one", half_gone.kept(), ids=lambda one: str(one.measure))
def test_half_is_gone_before_all_of_it_is(one: Half) -> None:
    """Within the scale, and nearer to its other end than the figure that empties the measure."""
    other = half_gone.OTHER_END[one.name]
    assert min(one.fails_at, other) < one.half_at < max(one.fails_at, other)
    assert abs(one.half_at - other) < abs(one.fails_at - other)


@pytest.mark.parametrize("measure", [
    "political_dialogue",
    *(pytest.param(one.measure, marks=pytest.mark.long) for one in half_gone.kept()),
])  # fmt: skip
def test_the_figure_that_is_kept_is_the_one_that_the_model_gives(measure: str) -> None:
    (asked,) = (one for one in half_gone.conditions() if one[0] == measure)
    assert half_gone.half_of(*asked) in half_gone.kept()
