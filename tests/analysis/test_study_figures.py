"""Figures of sensitivity and discovery: what is drawn is what was found, and can be read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from layout import assert_readable, words

from analysis.design_values import Noise, noise_of
from analysis.morris_effects import morris_effects
from analysis.plots.factor_panels import MOST_FACTORS, factors_by_size
from analysis.plots.morris_bars import morris_bars
from analysis.plots.prim_map import prim_map
from analysis.plots.sobol_bars import sobol_bars
from analysis.prim_boxes import prim_boxes
from analysis.quantities import quantity_named
from analysis.sobol_indices import sobol_indices
from sim.errors import ForestallError

TITLE = "A country with a name of some length: what explains the outcome of its crises"


def indices(factors: int, quantities: tuple[str, ...] = ("log_deaths", "mass_killing")):
    """Return Sobol' indices of a sum whose factors weigh less and less."""
    rng = np.random.default_rng(1)
    weights = np.arange(factors, 0, -1.0)
    first, second = rng.random((2, 64, factors))
    mixed = np.repeat(first[:, None], factors, axis=1)
    mixed[:, range(factors), range(factors)] = second
    rows = np.concatenate([first[:, None], mixed, second[:, None]], axis=1)
    names = [f"parameters.factor_{place}" for place in range(factors)]
    table = sobol_indices((rows @ weights).ravel(), names).table
    return pd.concat([table.assign(quantity=name) for name in quantities])


@pytest.mark.parametrize("factors", [2, 12, 40])
def test_sobol_bars_can_be_read(factors):
    names = ("recurred_10_years_averted", "arrival_week_averted")
    figure = sobol_bars(
        indices(factors, names), title=TITLE, note="At most 3 % of the variance is noise.",
        quantities=[quantity_named(name, weeks=1040) for name in names],
    )  # fmt: skip
    assert_readable(figure)
    said = " ".join(text.get_text() for text in words(figure)).replace("\n", " ")
    assert "(share of runs)" in said and "(weeks)" in said
    left_out = max(0, factors - MOST_FACTORS)
    assert (f"{left_out} more factors" in said.replace("\n", " ")) == (left_out > 0)


def test_the_marks_stand_at_the_indices():
    table = indices(3, ("log_deaths",))
    axes = sobol_bars(table).axes[0]
    drawn = {line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1}
    assert drawn == set(table["first"]) | set(table["total"])


def test_the_factor_that_explains_most_is_at_the_top():
    table = indices(4).iloc[::-1]
    assert factors_by_size(table, "total")[0] == "parameters.factor_0"
    labels = [label.get_text() for label in sobol_bars(table).axes[0].get_yticklabels()]
    assert labels[0] == "factor 0"


def test_morris_bars_are_as_long_as_the_mean_effects():
    rng = np.random.default_rng(2)
    base = rng.integers(0, 2, (10, 1, 2)) / 3
    unit = (base + np.array([[0, 0], [2 / 3, 0], [2 / 3, 2 / 3]])).reshape(-1, 2)
    table = morris_effects(unit, unit @ [3.0, -1.0], ["a", "b"], levels=4)
    figure = morris_bars(table.assign(quantity="log_deaths"), title=TITLE)
    assert_readable(figure)
    assert sorted(bar.get_width() for bar in figure.axes[0].patches) == pytest.approx([1, 3])


def test_nothing_to_explain_is_said_in_words():
    constant = sobol_indices(np.ones(40), ["a", "b"]).table.assign(quantity="log_deaths")
    assert "does not vary" in sobol_bars(constant).texts[0].get_text()
    assert "No box" in prim_map([], pd.DataFrame(), np.array([True]), case="").texts[0].get_text()


def test_more_quantities_than_fit_are_refused():
    names = ("log_deaths", "mass_killing", "log_deaths_averted", "mass_killing_averted")
    with pytest.raises(ForestallError, match="at most 4"):
        sobol_bars(indices(2, (*names, "deaths_averted")))


def test_a_box_is_drawn_at_its_limits():
    rng = np.random.default_rng(3)
    x = pd.DataFrame(rng.random((300, 3)), columns=["action.start", "b", "c"])
    x["form"] = rng.choice(["one", "two"], 300)
    cases = ((x["action.start"] < 0.4) & (x["form"] == "one")).to_numpy()
    boxes = prim_boxes(x, cases, shuffles=2)
    figure = prim_map(boxes, x, cases, case="at which action does harm", title=TITLE)
    assert_readable(figure)
    (rectangle,) = figure.axes[2].patches
    limits = boxes[0].limits.set_index("factor").loc["action.start"]
    assert rectangle.get_width() == pytest.approx(limits["high"] - limits["low"])


def test_a_box_says_how_many_limits_its_map_shows():
    rng = np.random.default_rng(3)
    x = pd.DataFrame({"a": rng.random(300), "form": rng.choice(["one", "two"], 300)})
    cases = (x["a"] < 0.4).to_numpy()
    boxes = prim_boxes(x, cases, shuffles=2)
    alone = prim_map(boxes, x, cases, case="at which action does harm", title=TITLE)
    assert_readable(alone)
    assert "no map" in alone.axes[2].texts[0].get_text()
    wider = x.assign(b=rng.random(300))
    one = prim_map(boxes, wider, cases, case="at which action does harm", title=TITLE)
    assert one.axes[2].get_title() == "at its one limit in numbers"
    by_chance = [replace(boxes[0], chance=boxes[0].lift)]
    assert_readable(
        prim_map(by_chance, wider, cases, case="at which action does harm", title=TITLE)
    )


def test_noise_is_the_residual_of_points_and_replicates():
    rng = np.random.default_rng(4)
    points, common = rng.normal(0, 2, (400, 1)), rng.normal(0, 5, (1, 20))
    noise = noise_of(points + common + rng.normal(0, 1, (400, 20)))
    assert noise.share == pytest.approx((1 / 20) / (4 + 1 / 20), rel=0.2)
    assert noise.removed == pytest.approx(1 - 1 / common.var(ddof=1), abs=0.05)
    assert noise_of(points + common) == pytest.approx(Noise(0, 1), abs=1e-12)
    assert np.isnan(noise_of(points)).all()
    alike = [noise_of(rng.normal(0, 1, (6, 8))).share for _ in range(50)]
    assert max(alike) == 1.0
