from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.histograms import (
    add_counts,
    bin_edges,
    bins_of,
    bins_of_series,
    count_cells,
    quantiles,
    unpack,
)

SHARES = (False, True)
FINITE = st.floats(-1e12, 1e12, allow_nan=False)
LEVELS = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0]


@given(st.lists(FINITE, min_size=1, max_size=50))
def test_every_value_lies_in_its_bin(values: list[float]) -> None:
    numbers = np.array(values)
    low, high = bin_edges(bins_of(numbers))
    size = np.abs(numbers)
    assert np.all(np.abs(low) <= size)
    assert np.all(size < np.abs(high))
    assert np.all((np.sign(low) == np.sign(numbers)) | (low == 0))


@given(st.lists(FINITE, min_size=2, max_size=50))
def test_greater_values_never_fall_into_lower_bins(values: list[float]) -> None:
    assert np.all(np.diff(bins_of(np.sort(values))) >= 0)


def test_whole_numbers_below_256_are_exact_and_wider_bins_are_at_most_a_128th_wide() -> None:
    low, high = bin_edges(bins_of(np.arange(256)))
    assert np.array_equal(low, np.arange(256))
    assert np.all(high <= np.arange(1, 257))
    low, high = bin_edges(bins_of(np.geomspace(256, 1e9, 1000)))
    assert np.all((high - low) / low <= 1 / 128)


def test_bins_never_move() -> None:
    values = [0, 2.0**-11, 0.5, 1, 63, 255, 256, 257, 258, 1e6, 1e300, -1, -1000]
    expected = [0, 0, 1153, 1281, 2045, 2304, 2305, 2305, 2306, 3829, 128832, -1281, -2555]
    assert bins_of(values).tolist() == expected
    assert bins_of([0, 0.25, 0.999, 1, 1.5, -1], share=True).tolist() == [0, 64, 255, 256, 256, 0]


@pytest.mark.parametrize("seed", range(5))
def test_quantiles_agree_with_numpy_within_one_bin(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = np.floor(draw.lognormal(4, 2, 997)) * (draw.random(997) < 0.6)
    bins, counts = np.unique(bins_of(values), return_counts=True)
    exact = np.quantile(values, LEVELS, method="inverted_cdf")
    found = quantiles(bins, counts, LEVELS)
    low, high = bin_edges(bins_of(exact))
    assert np.array_equal(found, low)
    assert np.all((found <= exact) & (exact < high))


def test_quantiles_of_shares_agree_with_numpy_within_one_bin() -> None:
    values = np.random.default_rng(1).beta(0.5, 2, 1000)
    bins, counts = np.unique(bins_of(values, share=True), return_counts=True)
    exact = np.quantile(values, LEVELS, method="inverted_cdf")
    found = quantiles(bins, counts, LEVELS, share=True)
    assert np.all((found <= exact) & (exact < found + 1 / 256))


def test_quantiles_of_nothing_are_unknown() -> None:
    assert np.isnan(quantiles([], [], [0.5])).all()


@settings(max_examples=50)
@given(
    arrays(np.float64, (12, 5, 2), elements=st.floats(0, 1e4)),
    st.permutations(range(12)),
    st.lists(st.integers(1, 11), max_size=4),
)
def test_a_histogram_does_not_depend_on_order_or_blocks(
    series: np.ndarray, order: list[int], cuts: list[int]
) -> None:
    whole = count_cells(bins_of_series(series, shares=SHARES))
    blocks = [block for block in np.split(series[order], sorted(cuts)) if len(block)]
    parts = [count_cells(bins_of_series(block, shares=SHARES)) for block in blocks]
    for summed in (add_counts(parts), add_counts(parts[::-1])):
        assert np.array_equal(summed[0], whole[0])
        assert np.array_equal(summed[1], whole[1])


def test_cells_say_week_series_and_bin() -> None:
    series = np.array([[[0.0, 0.5], [3.0, 0.5]], [[0.0, 1.0], [-3.0, 0.5]]])
    cells, counts = count_cells(bins_of_series(series, shares=SHARES))
    columns = [*unpack(cells, kinds=2), counts]
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert rows == [
        (0, 0, 0, 2), (0, 1, 128, 1), (0, 1, 256, 1), (1, 0, -1473, 1), (1, 0, 1473, 1),
        (1, 1, 128, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("block", [1, 100, 1 << 16])
def test_bins_do_not_depend_on_how_many_runs_are_binned_at_once(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.histograms._BLOCK", block)
    draw = np.random.default_rng(1)
    series = draw.normal(0, 1e4, (40, 9, 3))
    series[:, :, 1] = draw.random((40, 9))
    bins = bins_of_series(series, shares=(False, True, False))
    for index, share in enumerate((False, True, False)):
        assert np.array_equal(bins[:, :, index], bins_of(series[:, :, index], share=share))


def test_what_single_runs_share_cannot_be_changed() -> None:
    bins = bins_of_series(np.array([[[3.0, 0.5]], [[-2.0, 1.0]]]), shares=SHARES)
    first, second = count_cells(bins[:1]), count_cells(bins[1:])
    both, counts = count_cells(bins)
    assert sorted(np.concatenate([first[0], second[0]]).tolist()) == both.tolist()
    assert counts.tolist() == [1] * 4
    with pytest.raises(ValueError, match="read-only"):
        first[1][0] = 2
