"""What dose-response and the cost-effectiveness plane draw: the statistics they name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import assert_readable
from made_up_results import SHOCK, WEEKS, make_design, make_paired, with_onsets
from matplotlib.colors import to_hex
from reading import bands, keyed, said

from analysis.comparison import effects_table
from analysis.intervals import bootstrap_mean, wilson
from analysis.plots.cost_effectiveness import cost_effectiveness
from analysis.plots.dose_response import dose_levers, dose_response
from analysis.plots.figure import BASELINE, BLUE, TREATMENTS, VERMILION
from analysis.plots.time_to_onset import time_to_onset
from analysis.surface import surface_table
from sim.errors import ForestallError

DOSE = "interventions.peacekeeping.intensity"
DESIGN = make_design(starts=(0.0, 26.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
DOSES = (0.0, 2500.0, 5000.0)
LONG = "A country with a name of some length: what more of it changes, and for how long it lasts"


def dosed(doses=DOSES):
    """Return a design over doses, starts and dispersions, and its paired runs."""
    designs, runs = [], []
    for number, dose in enumerate(doses):
        acting = DESIGN[DESIGN["point"] != DESIGN["baseline"]]
        design = acting.assign(point=acting["point"] + f"-{number}", **{DOSE: dose})
        paired = make_paired(DESIGN, replicates=60, seed=1)
        factor = 1 - 0.3 * dose / 5000
        paired["direct_deaths"] = np.round(paired["direct_deaths"] * factor)
        paired["point"] = paired["point"] + f"-{number}"
        designs.append(design)
        runs.append(paired)
    baselines = DESIGN[DESIGN["point"] == DESIGN["baseline"]].assign(**{DOSE: 5000.0})
    return pd.concat([*designs, baselines], ignore_index=True), pd.concat(runs, ignore_index=True)


def with_costs(paired):
    spent = np.where(paired["point"].str.endswith("0"), 90.0, 40.0) + paired["replicate"] % 7
    return paired.assign(endowment_spent=spent, baseline_endowment_spent=0.0)


PAIRED = with_costs(make_paired(DESIGN, replicates=120))
POINTS, RUNS = dosed()
SURFACE = surface_table(POINTS, RUNS)


OUTCOMES = ("direct_deaths", "mass_killing", "baseline_direct_deaths", "baseline_mass_killing")
PANELS = (("p_mass_killing",), ("deaths_averted",), ("probability_help", "probability_harm"))


def over_the_dose(runs, point):
    """Return what is drawn of a point, worked out from its runs; an unknown end is the estimate."""
    runs = runs[runs["point"] == point]
    averted = (runs["baseline_direct_deaths"] - runs["direct_deaths"]).to_numpy()
    found = {
        name: 100 * np.array(wilson(int(happened.sum()), len(runs)))
        for name, happened in (
            ("p_mass_killing", runs["mass_killing"] > 0),
            ("probability_help", averted > 0),
            ("probability_harm", averted < 0),
        )
    }
    mean = bootstrap_mean(averted)
    ends = [mean.estimate if np.isnan(end) else end for end in mean]
    return found | {"deaths_averted": np.array(ends)}


# --- dose-response --------------------------------------------------------------------------------


CASES = {
    "runs": RUNS,
    "one run": RUNS[RUNS["replicate"] == 3],
    "no death": RUNS.assign(**dict.fromkeys(OUTCOMES, 0.0)),
    "all killed": RUNS.assign(**dict.fromkeys(OUTCOMES, 1.0)),
}


@pytest.mark.parametrize("case", CASES)
def test_lines_and_bands_over_the_dose_are_the_intervals_of_the_runs(case):
    figure = dose_response(surface_table(POINTS, CASES[case]))
    columns = np.reshape(figure.axes, (3, 4))
    for column, point in enumerate(("p0-0-0", "p0-0-1", "p0-1-0", "p0-1-1")):
        expected = [over_the_dose(CASES[case], f"{point}-{dose}") for dose in range(3)]
        for axes, effects in zip(columns[:, column], PANELS, strict=True):
            lines = {line.get_gid(): line for line in axes.lines if line.get_gid()}
            edges = [
                line for line in axes.lines if not line.get_gid() and len(line.get_xdata()) == 3
            ]
            for place, (effect, colour, band) in enumerate(
                zip(effects, (BLUE, VERMILION), bands(axes), strict=False)
            ):
                middle, low, high = np.transpose([found[effect] for found in expected])
                np.testing.assert_array_equal(lines[effect].get_xdata(), DOSES)
                np.testing.assert_allclose(lines[effect].get_ydata(), middle)
                for drawn, end in zip(edges[2 * place : 2 * place + 2], (low, high), strict=True):
                    np.testing.assert_allclose(drawn.get_xydata(), np.transpose([DOSES, end]))
                    assert drawn.get_color() == colour
                np.testing.assert_array_equal(band[0], DOSES)
                np.testing.assert_allclose(band[1:3], (low, high))
                assert lines[effect].get_color() == colour and band[3] == colour.lower()
            assert len(bands(axes)) == len(effects)


@pytest.mark.parametrize("case", CASES)
def test_the_mass_killing_of_no_action_is_that_of_the_baselines_with_its_interval(case):
    figure = dose_response(surface_table(POINTS, CASES[case]))
    for axes, point in zip(figure.axes[:4], ("p0-0-0", "p0-0-1", "p0-1-0", "p0-1-1"), strict=True):
        runs = CASES[case][CASES[case]["point"] == f"{point}-0"]["baseline_mass_killing"]
        middle, low, high = 100 * np.array(wilson(int(runs.sum()), len(runs)))
        [line] = [one for one in axes.lines if one.get_gid() == "baseline_p_mass_killing"]
        assert line.get_ydata() == pytest.approx([middle, middle])
        [band] = axes.patches
        assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx((low, high))
        assert to_hex(band.get_facecolor()) == line.get_color().lower() == BASELINE.lower()
        assert keyed(figure)["no action"] == BASELINE.lower()


def test_every_effect_over_the_dose_is_told_by_its_colour_and_marker():
    figure = dose_response(SURFACE)
    key = {handle.get_label(): handle for handle in figure.legends[0].legend_handles}
    told = {
        "probability_help": "action; lowest row: fewer deaths than without",
        "probability_harm": "more deaths with action than without",
    }
    lines = {line.get_gid(): line for line in figure.axes[8].lines}
    for effect, label in told.items():
        assert lines[effect].get_color() == key[label].get_color()
        assert lines[effect].get_marker() == key[label].get_marker()


@pytest.mark.parametrize(
    ("dose", "word"),
    [(DOSE, "dose"), ("action.start", "start"), ("actors.dispersion", "dispersion")],
)
def test_the_note_names_what_a_marker_is(dose, word):
    note = dose_response(SURFACE, dose=dose).legends[0].get_title().get_text()
    assert f"A marker is a {word} that was run." in " ".join(note.split())


def test_intensities_come_first_among_the_doses_and_a_switch_is_none():
    assert dose_levers(SURFACE) == [DOSE, "action.start", "actors.dispersion"]
    switched = SURFACE.assign(**{"mechanisms.forums": SURFACE["action.start"] == 0})
    assert "mechanisms.forums" not in dose_levers(switched)


def test_what_is_sampled_together_with_other_levers_is_no_dose():
    rising = np.linspace(1, 9, len(SURFACE))
    sampled = SURFACE.assign(**{DOSE: rising, "action.start": rising, "actors.dispersion": rising})
    assert dose_levers(sampled) == []
    alone = sampled.assign(**{"action.start": 0.0, "actors.dispersion": 0.5})
    assert dose_levers(alone) == [DOSE]


def test_a_design_without_a_dose_says_so_and_a_misspelt_dose_names_its_neighbour():
    with pytest.raises(ForestallError, match="varies no lever that is a number"):
        dose_response(SURFACE[SURFACE["point"] == "p0-0-0-0"])
    with pytest.raises(ForestallError, match=f"did you mean '{DOSE}'"):
        dose_response(SURFACE, dose="interventions.peacekeeping.intensty")


def test_doses_without_a_run_with_one_run_and_with_equal_runs_are_a_figure():
    assert "No runs yet" in said(dose_response(surface_table(POINTS, RUNS.iloc[:0])))
    for runs in (RUNS[RUNS["replicate"] == 0], RUNS.assign(direct_deaths=0.0)):
        dose_response(surface_table(POINTS, runs)).draw_without_rendering()
    quiet = RUNS.assign(direct_deaths=0.0, baseline_direct_deaths=0.0)
    axes = dose_response(surface_table(POINTS, quiet)).axes[4]
    [line] = [one for one in axes.lines if one.get_gid() == "deaths_averted"]
    assert (line.get_ydata() == 0).all() and axes.get_ylim()[1] > 0


# --- cost-effectiveness ---------------------------------------------------------------------------


def test_the_marks_of_the_plane_are_the_means_of_the_effects():
    effects = effects_table(DESIGN, PAIRED)
    axes = cost_effectiveness(DESIGN, effects).axes[0]
    marks = {line.get_gid(): line for line in axes.lines if str(line.get_gid()).startswith("point")}
    assert len(marks) == len(effects) == 4
    for row in effects.to_dict("records"):
        mark = marks[f"point-{row['point']}"]
        drawn = (mark.get_xdata()[0], mark.get_ydata()[0])
        assert drawn == (row["extra_spent"], row["deaths_averted"])
        hollow = mark.get_markerfacecolor() == "white"
        assert hollow == (row["deaths_averted_low"] <= 0 <= row["deaths_averted_high"])


def test_the_crosses_of_the_plane_are_the_intervals():
    effects = effects_table(DESIGN, PAIRED)
    axes = cost_effectiveness(DESIGN, effects, show=["p0-0-0"]).axes[0]
    row = effects.set_index("point").loc["p0-0-0"]
    crosses = [
        line for line in axes.lines
        if line.get_color() == TREATMENTS[0] and not line.get_gid()
    ]  # fmt: skip
    across, up = (np.transpose(line.get_data()) for line in crosses)
    assert across[:, 0].tolist() == [row["extra_spent_low"], row["extra_spent_high"]]
    assert up[:, 1].tolist() == [row["deaths_averted_low"], row["deaths_averted_high"]]


def test_a_ray_has_one_price_of_a_death_averted_all_along():
    axes = cost_effectiveness(DESIGN, effects_table(DESIGN, PAIRED)).axes[0]
    rays = [line for line in axes.lines if str(line.get_gid()).startswith("price")]
    assert rays
    for ray in rays:
        price = 1e6 * ray.get_xdata()[1] / ray.get_ydata()[1]
        assert price == pytest.approx(float(ray.get_gid().removeprefix("price-")))


@pytest.mark.parametrize("worth", [0.02, 1, 4, 30])
def test_the_price_of_a_ray_stands_at_its_end_and_nothing_runs_through_it(worth):
    costly = PAIRED.assign(endowment_spent=PAIRED["endowment_spent"] * worth)
    figure = cost_effectiveness(DESIGN, effects_table(DESIGN, costly))
    assert_readable(figure)
    axes = figure.axes[0]
    words = {text.get_gid(): text for text in axes.texts}
    rays = {line.get_gid(): line for line in axes.lines if line.get_gid() in words}
    assert len(rays) == len(words) > 0
    for gid, text in words.items():
        price = float(gid.removeprefix("price-"))
        said = text.get_text().replace("k", "000").replace("M", "000000").split()
        assert (float(said[0]), *said[1:]) == (price, "USD", "a", "death")
        assert text.xy == tuple(end[1] for end in rays[gid].get_data())
        box = text.get_window_extent()
        for line in axes.lines:
            path = line.get_transform().transform_path(line.get_path())
            assert not path.intersects_bbox(box, filled=False), (gid, line.get_gid())


def test_a_plane_without_runs_or_costs_says_so():
    empty = effects_table(DESIGN, PAIRED.iloc[:0])
    assert "No runs yet" in said(cost_effectiveness(DESIGN, empty))
    free = effects_table(DESIGN, PAIRED.drop(columns=["endowment_spent"]))
    with pytest.raises(ForestallError, match="no column 'extra_spent'"):
        cost_effectiveness(DESIGN, free)


def test_a_plane_of_one_run_or_of_nothing_is_a_figure_with_both_zeros():
    alone = effects_table(DESIGN, PAIRED[PAIRED["replicate"] == 0])
    nothing = effects_table(
        DESIGN,
        PAIRED.assign(direct_deaths=0.0, baseline_direct_deaths=0.0, endowment_spent=0.0),
    )
    for effects in (alone, nothing):
        axes = cost_effectiveness(DESIGN, effects).axes[0]
        for low, high in (axes.get_xlim(), axes.get_ylim()):
            assert low < 0 < high


@pytest.mark.parametrize("title", ["Short", LONG])
def test_no_text_leaves_a_figure_or_covers_another(title):
    assert_readable(dose_response(SURFACE, unit="peacekeepers asked for", title=title))
    assert_readable(
        time_to_onset(POINTS, with_onsets(RUNS), weeks=WEEKS, shock_week=SHOCK, title=title)
    )
    effects = effects_table(POINTS, with_costs(RUNS))
    assert_readable(cost_effectiveness(POINTS, effects, title=title))
