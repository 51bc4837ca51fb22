"""Samples of blocks of factors: whole blocks change between rows, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.blocks import block_of, blocks_of
from experiments.config import compose
from experiments.designs import design_of
from experiments.factors import SECTIONS
from sim.errors import ForestallError

FACTORS = ("attributes.commitment", "actors.dispersion", "attributes.capacity", "action.start")


def design(*factors: str, points: int = 8) -> Any:
    asked = [f"{name}=documented" for name in factors]
    return design_of(compose([*asked, "design.method=saltelli_blocks", f"design.points={points}"]))


def test_each_row_takes_one_whole_block_from_the_other_sample() -> None:
    found = design(*FACTORS)
    unit = found.sample.unit.reshape(8, 4, len(FACTORS))
    first, national, international, second = unit.transpose(1, 0, 2)
    of_country = np.array([True, False, True, False])
    np.testing.assert_array_equal(national[:, of_country], second[:, of_country])
    np.testing.assert_array_equal(national[:, ~of_country], first[:, ~of_country])
    np.testing.assert_array_equal(international[:, ~of_country], second[:, ~of_country])
    np.testing.assert_array_equal(international[:, of_country], first[:, of_country])
    assert (first != second).all()


def test_the_rows_grow_with_the_blocks_and_not_with_the_factors() -> None:
    assert len(design(*FACTORS).sample.unit) == len(design(*FACTORS[:2]).sample.unit) == 8 * 4
    assert len(design(*FACTORS, "parameters.threat_fade").sample.unit) == 8 * 5


def test_every_section_of_factors_has_a_block() -> None:
    assert {block_of(f"{section}.x") for section in SECTIONS} == {
        "national", "international", "unknown parameters",
    }  # fmt: skip


def test_one_block_alone_cannot_be_compared() -> None:
    with pytest.raises(ForestallError, match="all of these are national"):
        design("attributes.commitment", "attributes.capacity")
    assert blocks_of(FACTORS[:2]) == ("national", "international")
