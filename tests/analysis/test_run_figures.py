"""What the figures of runs draw: distributions with their zeros, weekly bands, and saved files."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from layout import assert_readable
from made_up_results import SHOCK, make_design, make_paired, make_weekly
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from analysis.plots.figure import (
    BASELINE,
    BLUE,
    DASH,
    MINUS,
    number,
    save,
    save_as,
    short_number,
    short_range,
)
from analysis.plots.outcome_distribution import cloud, exceedance, outcome_distribution
from analysis.plots.weekly_course import median_arrival, weekly_course
from sim.errors import ForestallError

DESIGN = make_design(starts=(-26.0, 26.0), dispersions=(0.0, 1.0), arrivals=(np.nan,))
PAIRED = make_paired(DESIGN)
WEEKLY = make_weekly(DESIGN)


def words_of(figure):
    inside = [text.get_text() for axes in figure.axes for text in axes.texts]
    return " ".join([text.get_text() for text in figure.texts] + inside)


def deaths_of(point, column="direct_deaths"):
    return PAIRED.loc[PAIRED["point"] == point, column].to_numpy()


def line_at(axes, colour, style="-"):
    return [
        line
        for line in axes.lines
        if to_hex(line.get_color()) == colour.lower() and line.get_linestyle() == style
    ]


def drawn(axes, gid):
    return [artist for artist in axes.collections if artist.get_gid() == gid]


def test_exceedance_is_the_share_of_runs_with_more_deaths():
    place, share = exceedance(np.array([0.0, 0.0, 3.0, 3.0, 10.0]))
    assert place.tolist() == [0, 3, 10]
    assert share.tolist() == [0.6, 0.2, 0.0]


def test_the_curves_are_the_exceedances_of_no_action_and_the_treatments():
    exceed = outcome_distribution(DESIGN, PAIRED).axes[0]
    curves = [line for line in exceed.lines if not line.get_label().startswith("_")]
    expected = [deaths_of("p0-0-0", "baseline_direct_deaths")]
    expected += [deaths_of(point) for point in ("p0-0-0", "p0-1-0", "p0-0-1", "p0-1-1")]
    assert [curve.get_label() for curve in curves][:2] == ["no action", f"start {MINUS}26, united"]
    for curve, deaths in zip(curves, expected, strict=True):
        np.testing.assert_array_equal(curve.get_xydata().T, exceedance(deaths))


def test_zeros_are_a_bar_of_their_own_and_every_other_run_is_a_dot():
    figure = outcome_distribution(DESIGN, PAIRED, show=["p0-0-0"])
    _, strip, zeros = figure.axes[:3]
    for line, deaths in enumerate(
        (deaths_of("p0-0-0", "baseline_direct_deaths"), deaths_of("p0-0-0"))
    ):
        assert zeros.patches[line].get_width() == pytest.approx((deaths == 0).mean())
        dots = drawn(strip, "runs")[line].get_offsets()[:, 0]
        np.testing.assert_array_equal(np.sort(dots), np.sort(deaths[deaths > 0]))


def test_a_cloud_spans_the_deaths_that_occur_and_its_area_is_the_share_of_runs_with_one():
    deaths = deaths_of("p0-0-0")
    place, height = cloud(deaths)
    killed = deaths[deaths > 0]
    assert place[0] == pytest.approx(killed.min()) and place[-1] == pytest.approx(killed.max())
    area = np.trapezoid(height, np.log1p(place))
    # What the kernel would put beyond the least and the most deaths is cut off.
    assert 0.8 * (deaths > 0).mean() < area < (deaths > 0).mean()
    strip = outcome_distribution(DESIGN, PAIRED, show=["p0-0-0"]).axes[1]
    assert len(drawn(strip, "cloud")) == 2


def test_two_numbers_of_deaths_have_no_shape_and_no_cloud():
    assert cloud(np.array([0.0, 3.0, 3.0, 7.0]))[0].size == 0
    constant = PAIRED.assign(direct_deaths=7.0, baseline_direct_deaths=0.0)
    assert not drawn(outcome_distribution(DESIGN, constant).axes[1], "cloud")


def test_the_largest_number_of_deaths_is_written():
    strip = outcome_distribution(DESIGN, PAIRED, show=["p0-0-0"]).axes[1]
    said = [text.get_text().split("\n")[1] for text in strip.texts]
    assert said == [
        number(deaths_of("p0-0-0", name).max())
        for name in ("baseline_direct_deaths", "direct_deaths")
    ]


def test_the_threshold_is_marked():
    figure = outcome_distribution(DESIGN, PAIRED, threshold=500)
    assert "500" in words_of(figure)
    assert any(np.allclose(line.get_xdata(), 500) for line in figure.axes[0].lines)


def test_points_of_two_worlds_are_shown_with_both_baselines():
    other = PAIRED["point"] == "p0-1-1"
    paired = PAIRED.assign(baseline_direct_deaths=PAIRED["baseline_direct_deaths"] + other * 1.0)
    figure = outcome_distribution(DESIGN, paired)
    labels = [line.get_label() for line in figure.axes[0].lines]
    assert sum(label.startswith("no action") for label in labels) == 2


def test_a_distribution_without_a_run_or_a_death_says_so():
    assert "No runs yet" in words_of(outcome_distribution(DESIGN, PAIRED.iloc[:0]))
    quiet = PAIRED.assign(direct_deaths=0.0, baseline_direct_deaths=0.0)
    figure = outcome_distribution(DESIGN, quiet)
    assert "no run has a death" in words_of(figure)
    assert all(bar.get_width() == 1 for bar in figure.axes[2].patches)


@pytest.mark.parametrize("deaths", [1.0, 7000.0])
def test_one_run_or_equal_runs_are_a_distribution_too(deaths):
    constant = PAIRED.assign(direct_deaths=deaths, baseline_direct_deaths=deaths)
    outcome_distribution(DESIGN, constant).draw_without_rendering()
    outcome_distribution(DESIGN, constant[constant["replicate"] == 0]).draw_without_rendering()


def test_more_treatments_than_colours_are_refused():
    with pytest.raises(ForestallError, match="at most"):
        outcome_distribution(DESIGN, PAIRED, show=["p0-0-0"] * 7)


def test_the_weekly_lines_are_the_stored_medians_counted_from_the_shock():
    axes = weekly_course(DESIGN, WEEKLY, shock_week=SHOCK, show=["p0-1-1"]).axes
    for panel, series in zip(axes, ("deaths_to_date", "displaced", "peacekeepers"), strict=True):
        rows = WEEKLY[(WEEKLY["series"] == series) & (WEEKLY["quantile"] == 0.5)]
        median = max(line_at(panel, BLUE), key=lambda line: line.get_linewidth())
        stored = rows[rows["point"] == "p0-1-1"].sort_values("week")
        np.testing.assert_array_equal(median.get_ydata(), stored["value"])
        np.testing.assert_array_equal(median.get_xdata(), stored["week"] - SHOCK)
        dashed = max(line_at(panel, BASELINE, "--"), key=lambda line: line.get_linewidth())
        stored = rows[rows["point"] == "b1"].sort_values("week")
        np.testing.assert_array_equal(dashed.get_ydata(), stored["value"])


def test_the_weekly_bands_are_the_stored_quantiles():
    panel = weekly_course(DESIGN, WEEKLY, shock_week=SHOCK, show=["p0-0-0"]).axes[1]
    rows = WEEKLY[(WEEKLY["series"] == "displaced") & (WEEKLY["point"] == "p0-0-0")]
    corners = panel.collections[-2].get_paths()[0].vertices
    for quantile in (0.05, 0.95):
        stored = rows[rows["quantile"] == quantile].sort_values("week")
        drawn = {(week, value) for week, value in corners}
        assert set(zip(stored["week"] - SHOCK, stored["value"], strict=True)) <= drawn


LONG = "A country with a name of some length: what happens over the runs, and what over the weeks"


@pytest.mark.one_in(3)
@pytest.mark.parametrize("levers", [0, 2])
@pytest.mark.parametrize("shown", [1, 2])
def test_no_text_leaves_a_figure_or_covers_another(shown, levers):
    points = DESIGN.copy()
    for lever in range(levers):
        points[f"interventions.measure_{lever}.intensity"] = np.arange(float(len(points))) * 1000
    some = ["p0-0-0", "p0-1-1"][:shown]
    paired = PAIRED.assign(arrival_week=40.0)
    assert_readable(weekly_course(points, WEEKLY, show=some, paired=paired, title=LONG))
    assert_readable(outcome_distribution(points, PAIRED, show=some, title=LONG))


def test_shock_start_and_median_arrival_are_marked():
    paired = PAIRED.assign(arrival_week=np.where(PAIRED["replicate"] % 2, 40.0, -1.0))
    assert median_arrival(paired, "p0-0-0") == 40
    panel = weekly_course(DESIGN, WEEKLY, shock_week=SHOCK, show=["p0-0-0"], paired=paired).axes[0]
    marks = {line.get_gid(): float(line.get_xdata()[0]) for line in panel.lines if line.get_gid()}
    assert marks == {"shock": 0, "start": -26, "arrival": 40 - SHOCK}


def test_help_that_never_arrives_is_not_marked():
    paired = PAIRED.assign(arrival_week=-1.0)
    assert np.isnan(median_arrival(paired, "p0-0-0"))
    panel = weekly_course(DESIGN, WEEKLY, show=["p0-0-0"], paired=paired).axes[0]
    assert "arrival" not in {line.get_gid() for line in panel.lines}


def test_weeks_of_no_run_of_nothing_and_of_one_run_give_a_figure():
    assert "No runs yet" in words_of(weekly_course(DESIGN, WEEKLY.iloc[:0]))
    weekly_course(DESIGN, WEEKLY.assign(value=0.0)).draw_without_rendering()
    alone = WEEKLY.assign(value=WEEKLY["week"] * 1.0)
    weekly_course(DESIGN, alone).draw_without_rendering()
    weekly_course(DESIGN, WEEKLY[WEEKLY["quantile"] == 0.5]).draw_without_rendering()


def test_a_series_that_is_not_stored_has_no_row_of_weeks():
    some = WEEKLY[WEEKLY["series"] != "displaced"]
    labels = [axes.get_ylabel() for axes in weekly_course(DESIGN, some, show=["p0-0-0"]).axes]
    assert labels == ["direct deaths so far\n(people)", "peacekeepers\n(people)"]
    assert "No runs yet" in words_of(weekly_course(DESIGN, some.assign(series="other")))


def test_a_weekly_table_without_a_column_is_refused():
    with pytest.raises(ForestallError, match="'quantile'"):
        weekly_course(DESIGN, WEEKLY.drop(columns="quantile"))


def test_a_figure_saved_twice_is_the_same_to_the_byte(tmp_path):
    names = [tmp_path / "a" / "figure.1", tmp_path / "b" / "figure.1"]
    written = [save(outcome_distribution(DESIGN, PAIRED), name) for name in names]
    assert [path.name for path in written[0]] == ["figure.1.svg", "figure.1.png"]
    for one, other in zip(*written, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert b"<dc:date>" not in written[0][0].read_bytes()


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_every_format_is_written_the_same_twice(tmp_path, kind):
    files = [
        save_as(outcome_distribution(DESIGN, PAIRED), tmp_path / name / f"f.{kind}")
        for name in "ab"
    ]
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert first.lstrip().startswith({"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[kind])


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(ForestallError, match="'gpj' is not allowed, expected one of png, pdf, svg"):
        save_as(Figure(), tmp_path / "figure.gpj")


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ForestallError, match="cannot write"):
        save(Figure(), tmp_path / "file" / "figure")


def test_the_figures_leave_pyplot_and_the_settings_of_the_user_alone():
    script = (
        "import sys, matplotlib; matplotlib.rcParams['font.size'] = 7.5\n"
        "from analysis.plots import figure, outcome_distribution, response_surface, timing_lines\n"
        "from analysis.plots import two_worlds, weekly_course\n"
        "with figure.house_look(): assert matplotlib.rcParams['font.size'] == 12\n"
        "assert matplotlib.rcParams['font.size'] == 7.5\n"
        "assert 'matplotlib.pyplot' not in sys.modules and 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_numbers_are_written_short_and_with_a_true_minus():
    assert [short_number(x) for x in (0, 7, 384, 999, 1234, 38_400, 1.26e6)] == [
        "0", "7", "380", "1k", "1.2k", "38k", "1.3M",
    ]  # fmt: skip
    assert number(-1234.5) == f"{MINUS}1,234"
    assert number(-0.2) == "0"
    assert short_range(-120, 1180, "…") == f"{MINUS}120…1.2k"
    assert short_range(360, 1640) == f"360{DASH}1.6k"
    assert short_range(1230, 3440) == f"1.2k{DASH}3.4k"
    assert short_range(0, 1340) == f"0{DASH}1.3k"
    assert short_range(38, 380) == f"38{DASH}380"
    assert short_range(999, 1_200_000) == f"1k{DASH}1.2M"
