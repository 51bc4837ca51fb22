"""The parts of mechanisms: worlds whose parts are known in closed form, and their figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import assert_readable
from matplotlib.colors import to_hex

from analysis.decomposition import (
    MEASURES,
    REMAINDER,
    TOTAL,
    decomposition,
    parts_by_replicate,
)
from analysis.plots.figure import BLUE
from analysis.plots.mechanism_parts import mechanism_parts
from sim.errors import ForestallError

NAMES = ("flight", "killing", "settlement")


def paired(averted, runs=40):
    """Return pairs in which so many deaths are averted by what is off, more in later runs."""
    rows = [
        {"off": off, "replicate": run, "direct_deaths": 10.0, "mass_killing": 0.0,
         "baseline_direct_deaths": 10.0 + deaths + (run if deaths else 0),
         "baseline_mass_killing": float(deaths > 0 and run % 2)}
        for off, deaths in averted.items() for run in range(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


CHAIN = paired({"": 100.0, "killing": 0.0, "flight": 0.0})
"""Both links are needed: without either nothing is averted. Settlement is off in this world."""


def of(table, part, measure="deaths"):
    rows = table[(table["measure"] == measure) & (table["part"] == part)]
    return rows.iloc[0]


def test_links_of_one_chain_carry_the_whole_effect_each_and_the_remainder_takes_it_back():
    parts = decomposition(CHAIN, NAMES)
    total = of(parts, TOTAL).estimate
    assert total == 100 + np.arange(40).mean()
    assert of(parts, "killing").estimate == of(parts, "flight").estimate == total
    assert of(parts, REMAINDER).estimate == -total
    assert of(parts, TOTAL, "mass_killing").estimate == 0.5
    logs = np.log1p(110 + np.arange(40.0)) - np.log1p(10)
    assert of(parts, "flight", "log_deaths").estimate == pytest.approx(logs.mean(), rel=1e-12)


def test_mechanisms_that_do_not_touch_each_other_leave_no_remainder():
    # The 30 and 70 of two separate ways; the run's own excess goes to neither.
    table = paired({"": 100.0, "killing": 70.0, "flight": 30.0})
    parts = parts_by_replicate(table, ("flight", "killing"), measure="deaths")
    assert (parts["killing"] == 30).all()
    assert (parts["flight"] == 70).all()
    assert (parts[REMAINDER] == np.arange(40)).all()


def test_a_mechanism_that_was_not_switched_off_has_no_part():
    for measure in MEASURES:
        row = of(decomposition(CHAIN, NAMES), "settlement", measure.name)
        assert (row.estimate, row.low, row.high) == (0, 0, 0)


@pytest.mark.parametrize("measure", [measure.name for measure in MEASURES])
def test_parts_and_remainder_are_the_total_in_every_run_and_in_the_mean(measure):
    rng = np.random.default_rng(3)
    table = CHAIN.assign(
        direct_deaths=rng.integers(0, 2000, len(CHAIN)), mass_killing=rng.integers(0, 2, len(CHAIN))
    )
    runs = parts_by_replicate(table, NAMES, measure=measure)
    again = runs.drop(columns=TOTAL).sum(axis=1)
    if measure == "log_deaths":
        np.testing.assert_allclose(again, runs[TOTAL], atol=1e-12)
    else:
        assert (again == runs[TOTAL]).all()
    rows = decomposition(table, NAMES)
    means = rows[rows["measure"] == measure].set_index("part")["estimate"]
    assert means.drop(TOTAL).sum() == pytest.approx(means[TOTAL], abs=1e-9)
    assert means[TOTAL] != 0


def test_a_part_is_judged_run_by_run_not_between_two_means():
    noisy = CHAIN.assign(
        baseline_direct_deaths=1000.0 * CHAIN["replicate"] + 5.0 * (CHAIN["off"] == "")
    )
    row = of(decomposition(noisy, NAMES), "killing")
    assert (row.estimate, row.low, row.high) == (5, 5, 5)


def test_replicates_that_differ_between_mechanisms_are_refused():
    with pytest.raises(ForestallError, match="replicates differ"):
        decomposition(CHAIN.drop(index=CHAIN.index[-1]), NAMES)


def test_the_figure_shows_every_part_as_a_bar_with_its_interval():
    parts = decomposition(CHAIN, NAMES)
    figure = mechanism_parts(
        parts, off=["settlement"], pairs=40, title="A country: what action averts"
    )
    assert_readable(figure)
    assert len(figure.axes) == len(MEASURES)
    for axes, measure in zip(figure.axes, MEASURES, strict=True):
        bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in axes.patches}
        names = list(dict.fromkeys(parts["part"]))
        assert set(bars) == set(range(5)) - {names.index("settlement")}
        for place, bar in bars.items():
            expected = of(parts, names[place], measure.name).estimate * measure.scale
            assert bar.get_width() == pytest.approx(expected)
        (ends,) = [lines for lines in axes.collections if len(lines.get_segments()) == 4]
        (low, _), (high, _) = ends.get_segments()[0]
        total = of(parts, TOTAL, measure.name)
        assert (low, high) == pytest.approx((total.low * measure.scale, total.high * measure.scale))
        assert to_hex(bars[1].get_facecolor()) == BLUE.lower()
    words = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert words == ["total", "flight", "killing", "settlement (off in this world)", "interactions"]


def test_a_long_title_and_one_pair_without_intervals_can_be_drawn():
    one = decomposition(paired({"": 100.0, "killing": 0.0}, runs=1), NAMES)
    assert one["low"].isna().all()
    assert_readable(mechanism_parts(one, title="A country with a long name: " + "averted " * 16))


def test_a_figure_without_parts_says_so_and_without_a_total_is_refused():
    parts = decomposition(CHAIN, NAMES)
    assert not mechanism_parts(parts.head(0)).axes
    with pytest.raises(ForestallError, match="no total of 'deaths'"):
        mechanism_parts(parts[parts["part"] != TOTAL])
