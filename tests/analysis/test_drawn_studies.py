"""What stands on the pictures of studies: bars, ends, colours and boxes equal their statistics."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from reading import said

from analysis.decomposition import MEASURES, REMAINDER, TOTAL, decomposition
from analysis.morris_effects import morris_effects
from analysis.plots.mechanism_parts import mechanism_parts
from analysis.plots.morris_bars import morris_bars
from analysis.plots.prim_map import prim_map
from analysis.plots.sobol_bars import sobol_bars
from analysis.prim_boxes import prim_boxes
from analysis.quantities import quantity_named
from analysis.sobol_indices import sobol_indices


def colours_of_key(figure):
    """Return the colour of each entry of the key, by the beginning of its words."""
    (key,) = figure.legends
    found = {}
    for handle, text in zip(key.legend_handles, key.get_texts(), strict=True):
        colour = handle.get_facecolor() if hasattr(handle, "get_facecolor") else handle.get_color()
        found[text.get_text().partition(":")[0]] = to_hex(colour)
    return found


def lines_of_rows(figure):
    """Return the place of every row by its label."""
    axes = figure.axes[0]
    words = [label.get_text() for label in axes.get_yticklabels()]
    return dict(zip(words, axes.get_yticks().tolist(), strict=True))


# --- Sobol' indices -------------------------------------------------------------------------------

SOBOL_FACTORS = ("parameters.small", "parameters.large", "parameters.joint")
SOBOL_TITLES = {
    "log_deaths": "log(1 + direct deaths) (log units)",
    "mass_killing": "probability of mass killing (share of runs)",
}
SOBOL_QUANTITIES = [quantity_named(name, weeks=52) for name in SOBOL_TITLES]


def sobol_runs(function, *, size=64):
    """Return values over a Saltelli sample, a row a base sample: A, A with each of B, B."""
    first, second = np.random.default_rng(5).random((2, size, 3))
    mixed = np.repeat(first[:, None], 3, axis=1)
    mixed[:, range(3), range(3)] = second
    return function(np.concatenate([first[:, None], mixed, second[:, None]], axis=1))


SOBOL_RUNS = {
    "log_deaths": sobol_runs(lambda x: x[..., 0] + 4 * x[..., 1] + 3 * x[..., 1] * x[..., 2]),
    "mass_killing": sobol_runs(lambda x: 2 * x[..., 0] + x[..., 1] ** 2),
}


def sobol_table(runs):
    tables = [
        sobol_indices(values.ravel(), SOBOL_FACTORS).table.assign(quantity=name)
        for name, values in runs.items()
    ]
    return pd.concat(tables, ignore_index=True)


def shares_of_variance(rows, factor):
    """Return what a factor explains alone and in total (Saltelli et al. 2010; Jansen 1999)."""
    rows = rows - rows.mean()
    without, mixed, swapped = rows[:, 0], rows[:, 1 + factor], rows[:, -1]
    variance = np.var(rows[:, [0, -1]])
    alone = np.mean(swapped * (mixed - without)) / variance
    return alone, 0.5 * np.mean((without - mixed) ** 2) / variance


def test_every_index_of_a_factor_stands_in_its_row_with_both_ends_of_its_interval():
    table = sobol_table(SOBOL_RUNS)
    figure = sobol_bars(table, quantities=SOBOL_QUANTITIES)
    rows, key = lines_of_rows(figure), colours_of_key(figure)
    assert list(rows) == ["large", "small", "joint"]
    for axes, (quantity, title) in zip(figure.axes, SOBOL_TITLES.items(), strict=True):
        assert " ".join(axes.get_title().split()) == title
        for factor, name in enumerate(SOBOL_FACTORS):
            stored = table[(table["quantity"] == quantity) & (table["factor"] == name)].iloc[0]
            line = rows[name.removeprefix("parameters.")]
            heights = []
            for index, words in (("first", "first order"), ("total", "total")):
                drawn = [
                    one for one in axes.lines
                    if to_hex(one.get_color()) == key[words] and abs(one.get_ydata()[0] - line) < 0.5
                ]  # fmt: skip
                ends, mark = sorted(drawn, key=lambda one: -len(one.get_xdata()))
                assert ends.get_xdata().tolist() == [
                    stored[f"{index}_low"],
                    stored[f"{index}_high"],
                ]
                assert mark.get_xdata().tolist() == [stored[index]]
                assert set(ends.get_ydata()) == set(mark.get_ydata())
                heights.append(mark.get_ydata()[0])
            assert heights[0] < line < heights[1]
            expected = shares_of_variance(SOBOL_RUNS[quantity], factor)
            assert (stored["first"], stored["total"]) == pytest.approx(expected, abs=1e-9)


def test_a_quantity_that_does_not_vary_has_no_panel_beside_one_that_does_and_none_is_said():
    constant = SOBOL_RUNS["log_deaths"] * 0 + 3
    varied = sobol_table(SOBOL_RUNS | {"mass_killing": constant})
    (axes,) = sobol_bars(varied, quantities=SOBOL_QUANTITIES).axes
    assert " ".join(axes.get_title().split()) == SOBOL_TITLES["log_deaths"]
    (axes,) = sobol_bars(varied).axes
    assert axes.get_title() == "log deaths"  # the bare name where nobody says what it is
    for runs in ({"log_deaths": constant}, {"log_deaths": constant * 0}):
        assert "does not vary" in said(sobol_bars(sobol_table(runs)))
    assert "does not vary" in said(sobol_bars(sobol_table(SOBOL_RUNS).iloc[:0]))


def test_indices_of_two_base_samples_are_drawn_with_their_wide_intervals():
    few = {name: values[:2] for name, values in SOBOL_RUNS.items()}
    sobol_bars(sobol_table(few)).draw_without_rendering()


# --- Morris screening -----------------------------------------------------------------------------

MORRIS_FACTORS = ("parameters.up", "parameters.down", "parameters.both", "parameters.none")


def morris_sample(paths=12):
    """Return paths over a grid of four levels, on which each factor moves once by two thirds."""
    rng = np.random.default_rng(7)
    rows = []
    for _ in range(paths):
        at = rng.integers(0, 4, 4) / 3
        rows.append(at)
        for factor in rng.permutation(4):
            at = at.copy()
            at[factor] += 2 / 3 if at[factor] < 0.5 else -2 / 3
            rows.append(at)
    return np.array(rows)


SAMPLE = morris_sample()
MORRIS_RUNS = {
    # The effect of `both` has either sign; that of `up` depends on it, and so varies.
    "log_deaths": 3 * SAMPLE[:, 0] - SAMPLE[:, 1] + 3 * (2 * SAMPLE[:, 2] - 1) ** 2
    + 2 * SAMPLE[:, 0] * SAMPLE[:, 2],
    "mass_killing": SAMPLE[:, 0] * SAMPLE[:, 2] - 4 * SAMPLE[:, 1] ** 2,
}  # fmt: skip


def morris_table(runs=MORRIS_RUNS, sample=SAMPLE):
    tables = [
        morris_effects(sample, values, MORRIS_FACTORS, levels=4, resamples=100).assign(
            quantity=name
        )
        for name, values in runs.items()
    ]
    return pd.concat(tables, ignore_index=True)


def effects_of_steps(values, factor):
    """Return the change of the values over the factor's range, at each step that moves it alone."""
    moved = np.diff(SAMPLE, axis=0)
    alone = (np.abs(moved[:, factor]) > 0.1) & ((np.abs(moved) > 0.1).sum(axis=1) == 1)
    # From the last row of a path to the first of the next is no step.
    alone &= np.arange(1, len(SAMPLE)) % 5 != 0
    return np.diff(values)[alone] / moved[alone, factor]


def test_bar_end_and_diamond_of_a_factor_are_size_interval_and_spread_of_its_effects():
    table = morris_table()
    figure = morris_bars(table)
    rows, key = lines_of_rows(figure), colours_of_key(figure)
    ways = {
        "up": "higher factor, higher outcome",
        "down": "higher factor, lower outcome",
        "both": "both ways",
    }
    for axes, (quantity, values) in zip(figure.axes, MORRIS_RUNS.items(), strict=True):
        for factor, name in enumerate(MORRIS_FACTORS):
            short = name.removeprefix("parameters.")
            line = rows[short]
            steps = effects_of_steps(values, factor)
            assert len(steps) == 12
            stored = table[(table["quantity"] == quantity) & (table["factor"] == name)].iloc[0]
            (bar,) = [
                one for one in axes.patches if abs(one.get_y() + one.get_height() / 2 - line) < 0.1
            ]
            assert bar.get_x() == 0
            assert bar.get_width() == pytest.approx(np.abs(steps).mean(), abs=1e-9)
            drawn = [one for one in axes.lines if set(one.get_ydata()) == {line}]
            ends, diamond = sorted(drawn, key=lambda one: -len(one.get_xdata()))
            assert ends.get_xdata().tolist() == [stored["mu_star_low"], stored["mu_star_high"]]
            assert stored["mu_star_low"] <= bar.get_width() <= stored["mu_star_high"]
            assert diamond.get_marker() == "D"
            assert diamond.get_xdata()[0] == pytest.approx(steps.std(ddof=1), abs=1e-9)
            if quantity == "log_deaths" and short in ways:
                assert to_hex(bar.get_facecolor()) == key[ways[short]], short


@pytest.mark.parametrize(
    ("mean", "way"),
    [
        (1.0, "higher factor, higher outcome"), (0.5, "higher factor, higher outcome"),
        (0.49, "both ways"), (-0.49, "both ways"), (-0.5, "higher factor, lower outcome"),
    ],
)  # fmt: skip
def test_a_factor_whose_mean_effect_is_less_than_half_of_its_size_goes_both_ways(mean, way):
    row = {"quantity": "log_deaths", "factor": "a", "mu": 2 * mean, "mu_star": 2.0}
    row |= {"mu_star_low": 1.5, "mu_star_high": 2.5, "sigma": 0.1}
    figure = morris_bars(pd.DataFrame([row]))
    (bar,) = figure.axes[0].patches
    assert to_hex(bar.get_facecolor()) == colours_of_key(figure)[way]


def test_effects_of_nothing_of_no_factor_and_of_one_path_are_a_clear_picture():
    for table in (morris_table({"log_deaths": SAMPLE[:, 0] * 0}), morris_table().iloc[:0]):
        assert "no factor has an effect" in said(morris_bars(table))
    single = {name: values[:5] for name, values in MORRIS_RUNS.items()}
    table = morris_table(single, SAMPLE[:5])
    assert table["sigma"].isna().all()  # one effect has no spread
    figure = morris_bars(table)
    figure.draw_without_rendering()
    assert len(figure.axes[0].patches) == 4


# --- PRIM boxes -----------------------------------------------------------------------------------

UNITS = {"action.start": "weeks from the shock", "parameters.depth": "share per week"}
POINTS = pd.DataFrame(
    {
        "action.start": np.random.default_rng(3).uniform(0, 52, 400),
        "parameters.depth": np.random.default_rng(4).uniform(0.2, 0.6, 400),
        "parameters.idle": np.random.default_rng(5).random(400),
        "form": np.random.default_rng(6).choice(["one", "two"], 400),
    }
)
CASES = (
    (POINTS["action.start"] < 26) & (POINTS["parameters.depth"] > 0.35) & (POINTS["form"] == "one")
).to_numpy()
BOXES = prim_boxes(POINTS, CASES, shuffles=2)
CASE = "at which action does harm"


def within(box):
    """Return which points lie within the limits of a box."""
    inside = np.ones(len(POINTS), dtype=bool)
    for row in box.limits.to_dict("records"):
        column = POINTS[row["factor"]]
        if row["values"]:
            inside &= column.isin(row["values"].split(", ")).to_numpy()
        else:
            inside &= column.between(row["low"], row["high"]).to_numpy()
    return inside


@pytest.fixture(scope="module")
def prim():
    return prim_map(BOXES, POINTS, CASES, case=CASE, units=UNITS)


def test_the_path_of_peeling_runs_from_all_points_to_few_and_marks_the_chosen_box(prim):
    (box,), axes = BOXES, prim.axes[0]
    key = colours_of_key(prim)
    path, chosen, rate = axes.lines
    np.testing.assert_array_equal(path.get_xdata(), box.trajectory["coverage"])
    np.testing.assert_array_equal(path.get_ydata(), box.trajectory["density"])
    assert (path.get_xdata()[0], path.get_ydata()[0]) == pytest.approx((1, CASES.mean()))
    assert path.get_xdata()[-1] < path.get_xdata()[0] and path.get_ydata()[-1] > CASES.mean()
    inside = within(box)
    assert inside.sum() > 20
    assert chosen.get_xdata()[0] == pytest.approx((CASES & inside).sum() / CASES.sum())
    assert chosen.get_ydata()[0] == pytest.approx(CASES[inside].mean())
    assert to_hex(chosen.get_color()) == key["chosen box"]
    assert set(rate.get_ydata()) == {CASES.mean()}
    assert to_hex(rate.get_color()) == key["share of cases in all points"]
    assert axes.get_xlabel() == "coverage: share of all cases"
    assert axes.get_ylabel() == "density: share that are cases"
    for low, high in (axes.get_xlim(), axes.get_ylim()):
        assert low == 0 and high >= 1


def test_the_title_of_a_box_counts_its_points_and_its_cases(prim):
    inside = within(BOXES[0])
    dense, covered = 100 * CASES[inside].mean(), 100 * (CASES & inside).sum() / CASES.sum()
    numbers = re.findall(r"\d+", prim.axes[1].get_title())
    assert numbers == ["1", f"{dense:.0f}", f"{inside.sum()}", f"{covered:.0f}"]
    note = " ".join(prim.legends[0].get_title().get_text().split())
    assert f"A case is a point {CASE}; {CASES.sum()} of {len(CASES)} points are." in note


def test_a_bar_lies_where_its_limits_are_within_the_range_of_the_design(prim):
    axes, key = prim.axes[1], colours_of_key(prim)
    names = [label.get_text() for label in axes.get_yticklabels()]
    limits = BOXES[0].limits
    assert len(names) == len(limits) == 3
    for line, row in enumerate(limits.to_dict("records")):
        whole, part = [one for one in axes.patches if round(one.get_y() + 0.17, 6) == line]
        assert (whole.get_x(), whole.get_width()) == (0, 1)
        assert to_hex(part.get_facecolor()) == key["within the box"]
        words = axes.texts[line].get_text()
        assert axes.texts[line].xy[1] == pytest.approx(line + 0.2)
        qp = np.nanmax([row["qp_low"], row["qp_high"]])
        assert words.endswith(f"qp {qp:.2g}")
        if row["values"]:
            assert (part.get_x(), part.get_width()) == (0, 1)
            assert words.startswith("one ") and names[line] == "form"
            continue
        column = POINTS[row["factor"]]
        left, right = (
            (row[end] - column.min()) / (column.max() - column.min()) for end in ("low", "high")
        )
        assert (part.get_x(), part.get_x() + part.get_width()) == pytest.approx((left, right))
        assert " ".join(names[line].split()).endswith(f"({UNITS[row['factor']]})")
        numbers = [float(one) for one in re.findall(r"[\d.]+", words.partition("qp")[0])]
        ends = [row[end] for end in ("low", "high") if (row[end] - column.min()) > 0]
        moved = [end for end in ends if end < column.max()]
        assert numbers == pytest.approx([*moved, column.min(), column.max()], rel=0.01)


def test_the_map_shows_every_point_at_its_factors_and_the_cases_among_them(prim):
    axes, key = prim.axes[2], colours_of_key(prim)
    across, up = sorted(
        ("action.start", "parameters.depth"), key=lambda name: UNITS[name] not in axes.get_xlabel()
    )
    assert f"({UNITS[across]})" in " ".join(axes.get_xlabel().split())
    assert f"({UNITS[up]})" in " ".join(axes.get_ylabel().split())
    drawn = {to_hex(dots.get_facecolor()[0]): dots.get_offsets() for dots in axes.collections}
    for words, which in (("case", CASES), ("no case", ~CASES)):
        np.testing.assert_array_equal(drawn[key[words]], POINTS.loc[which, [across, up]])
    (edge,) = [one for one in axes.patches if isinstance(one, Rectangle)]
    limits = BOXES[0].limits.set_index("factor")
    for name, start, size in (
        (across, edge.get_x(), edge.get_width()),
        (up, edge.get_y(), edge.get_height()),
    ):
        assert (start, start + size) == pytest.approx(tuple(limits.loc[name, ["low", "high"]]))


def test_a_map_of_one_limit_spans_all_of_the_other_factor():
    narrow = (POINTS["action.start"] < 20).to_numpy()
    boxes = prim_boxes(POINTS.drop(columns="form"), narrow, shuffles=0)
    figure = prim_map(boxes, POINTS.drop(columns="form"), narrow, case=CASE)
    (edge,) = figure.axes[2].patches
    other = POINTS["parameters.depth"]
    assert (edge.get_y(), edge.get_y() + edge.get_height()) == pytest.approx(
        (other.min(), other.max())
    )


# --- the parts of mechanisms ----------------------------------------------------------------------


def paired(averted, runs=40):
    """Return pairs in which so many deaths are averted by what is off, more in later runs."""
    rows = [
        {"off": off, "replicate": run, "direct_deaths": 10.0, "mass_killing": 0.0,
         "baseline_direct_deaths": 10.0 + deaths + (run if deaths else 0),
         "baseline_mass_killing": float(deaths > 0 and run % 2)}
        for off, deaths in averted.items() for run in range(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


PARTS = {
    "runs": paired({"": 100.0, "killing": 20.0, "flight": 70.0}),
    "nothing averted": paired({"": 0.0, "killing": 0.0, "flight": 0.0}),
    "one run": paired({"": 100.0, "killing": 20.0, "flight": 70.0}, runs=1),
    "equal runs": paired({"": 100.0, "killing": 20.0, "flight": 70.0}).assign(
        baseline_direct_deaths=lambda table: 10 + (table["off"] == "") * 50.0
    ),
}


def averted_by(runs, measure):
    """Return what action averts in the mean over some pairs, in the unit of the axis."""
    killed, killed_without = runs["direct_deaths"], runs["baseline_direct_deaths"]
    changes = {
        "deaths": killed_without - killed,
        "log_deaths": np.log1p(killed_without) - np.log1p(killed),
        "mass_killing": 100 * (runs["baseline_mass_killing"] - runs["mass_killing"]),
    }
    return changes[measure].mean()


@pytest.mark.parametrize("runs", PARTS.values(), ids=PARTS)
def test_total_line_bars_and_ends_of_every_part_are_those_of_the_pairs(runs):
    parts = decomposition(runs, ("flight", "killing"))
    figure = mechanism_parts(parts)
    rows, key = lines_of_rows(figure), colours_of_key(figure)
    assert list(rows) == ["total", "flight", "killing", "interactions"]
    (height,) = [one for one in figure.legends[0].legend_handles if "height" in one.get_label()]
    for axes, measure in zip(figure.axes, MEASURES, strict=True):
        means = {off: averted_by(rows, measure.name) for off, rows in runs.groupby("off")}
        expected = {"total": means[""]}
        expected |= {name: means[""] - means[name] for name in ("flight", "killing")}
        expected["interactions"] = means[""] - expected["flight"] - expected["killing"]
        (line,) = [one for one in axes.lines if one.get_linestyle() == height.get_linestyle()]
        assert line.get_xdata() == pytest.approx([means[""]] * 2)
        assert line.get_color() == height.get_color()
        bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in axes.patches}
        drawn = [np.array(segment) for one in axes.collections for segment in one.get_segments()]
        ends = {
            round(segment[0, 1]): segment[:, 0] for segment in drawn if np.ptp(segment[:, 1]) == 0
        }
        for words, place in rows.items():
            assert bars[place].get_width() == pytest.approx(expected[words], abs=1e-9), words
            colour = {"total": "total", "interactions": "interactions"}.get(
                words, "part of a mechanism"
            )
            assert to_hex(bars[place].get_facecolor()) == key[colour]
            name = {"total": TOTAL, "interactions": REMAINDER}.get(words, words)
            stored = parts[(parts["measure"] == measure.name) & (parts["part"] == name)].iloc[0]
            if np.isnan(stored["low"]):
                assert place not in ends
            else:
                assert ends[place] == pytest.approx(
                    measure.scale * stored[["low", "high"]].to_numpy(float), abs=1e-9
                )
