"""Figures of a recorded pair of runs: what they draw is what was recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from layout import assert_readable
from made_up_trace import ACTORS, OPENS, SHOCK, WEEKS, make_trace
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.plots.actors_and_mandates import actors_and_mandates, mandates
from analysis.plots.bubbles import bubble_scale
from analysis.plots.country_over_time import (
    country_over_time,
    film_country,
    film_weeks,
    frames,
)
from analysis.plots.figure import BASELINE as GREY
from analysis.plots.figure import BLUE
from analysis.plots.two_worlds import two_worlds, world_of
from analysis.plots.who_did_what import who_did_what
from analysis.timeline import PEOPLE, lanes
from analysis.trace import BASELINE, TREATMENT, weekly
from sim.errors import ForestallError

TRACE = make_trace()
QUIET = make_trace(quiet=True)
LONG = "A country with a name of some length: what happened in it, in two runs on the same chances"


def marks(axes, start):
    return {
        line.get_gid(): line for line in axes.lines if str(line.get_gid()).startswith(start)
    }  # fmt: skip


def words_of(figure):
    inside = [text.get_text() for axes in figure.axes for text in axes.texts]
    return " ".join([text.get_text() for text in figure.texts] + inside)


# --- the trace ------------------------------------------------------------------------------------


def test_a_course_is_the_recorded_column_of_its_run():
    for arm in (TREATMENT, BASELINE):
        rows = TRACE.tables["world"]
        expected = rows.loc[rows["arm"] == arm, "killed"].to_numpy()
        np.testing.assert_array_equal(TRACE.course("killed", arm=arm), expected)


def test_courses_of_agents_stand_in_the_order_of_their_names_not_of_the_alphabet():
    weight = TRACE.courses("actors", "weight")
    assert TRACE.names("actors") == list(ACTORS)
    assert weight.shape == (WEEKS, 3)
    assert weight[0].tolist() == [0.5, 0.3, 0.2]
    places = TRACE.courses("communities", "killed")
    assert places.shape == (WEEKS, len(TRACE.places))
    np.testing.assert_array_equal(places.sum(axis=1), TRACE.course("killed"))


def test_rows_in_another_order_are_the_same_courses():
    shuffled = {
        name: table.sample(frac=1, random_state=4) if "week" in table.columns else table
        for name, table in TRACE.tables.items()
    }
    other = replace(TRACE, tables=shuffled)
    np.testing.assert_array_equal(other.course("killed"), TRACE.course("killed"))
    np.testing.assert_array_equal(
        other.courses("communities", "displaced"), TRACE.courses("communities", "displaced")
    )


def test_what_is_added_in_a_week_adds_up_to_the_total():
    total = np.array([2.0, 2.0, 7.0])
    assert weekly(total).tolist() == [2, 0, 5]


def test_a_trace_without_a_table_a_column_or_its_shock_is_refused():
    for change, message in (
        ({"tables": {k: v for k, v in TRACE.tables.items() if k != "roads"}}, "no table 'roads'"),
        (
            {"tables": {**TRACE.tables, "world": TRACE.tables["world"].drop(columns="week")}},
            "'week'",
        ),
        ({"about": {k: v for k, v in TRACE.about.items() if k != "shock_week"}}, "its shock_week"),
    ):
        with pytest.raises(ForestallError, match=message):
            replace(TRACE, **change)
    with pytest.raises(ForestallError, match="no column 'kiled'; record it again"):
        TRACE.course("kiled")


# --- the timeline ---------------------------------------------------------------------------------


def test_every_lane_is_the_recorded_course_of_both_runs():
    found = {lane.label: lane for lane in lanes(TRACE)}
    orders = TRACE.courses("armed_groups", "order")
    np.testing.assert_array_equal(found["state forces: order"].action, orders[:, 0])
    np.testing.assert_array_equal(
        found["direct deaths"].baseline, weekly(TRACE.course("killed", arm=BASELINE))
    )
    np.testing.assert_array_equal(found["mediation"].action, TRACE.course("mediation"))
    assert found["displaced"].top == TRACE.course("displaced", arm=BASELINE).max()


def test_only_what_somebody_did_has_a_lane():
    labels = [lane.label for lane in lanes(TRACE)]
    assert "state forces: attacks" in labels and "militia: attacks" not in labels
    assert "donor state: effort spent on its own policy" in labels
    # One part in a hundred of an actor's effort is no policy of its own.
    assert "neighbour: effort spent on its own policy" not in labels
    assert "neighbour: holds its own mediation" in labels
    assert not any("troops" in label for label in labels)
    quiet = [lane.label for lane in lanes(QUIET)]
    assert "mediation" not in quiet and "settlement in force" not in quiet
    assert [lane.label for lane in lanes(QUIET) if lane.who == PEOPLE] == [
        "direct deaths",
        "displaced",
    ]


def test_a_lane_is_filled_as_high_as_its_value_is_of_its_top():
    shown = lanes(TRACE)
    axes = who_did_what(TRACE).axes[0]
    for line, lane in enumerate(shown):
        [outline] = [one for one in axes.lines if one.get_gid() == f"baseline-{line}"]
        height = (line + 0.45 - outline.get_ydata()) / 0.8
        np.testing.assert_allclose(height * lane.top, lane.baseline, atol=1e-9 * lane.top)
        [fill] = [one for one in axes.collections if one.get_gid() == f"action-{line}"]
        drawn = (line + 0.45 - fill.get_paths()[0].vertices[:, 1].min()) / 0.8 * lane.top
        assert drawn == pytest.approx(lane.action.max(), abs=1e-9 * lane.top)


def test_shock_and_start_are_where_the_run_has_them():
    axes = who_did_what(TRACE).axes[0]
    assert marks(axes, "shock")["shock"].get_xdata()[0] == 0
    assert marks(axes, "start")["start"].get_xdata()[0] == OPENS - SHOCK
    never = replace(TRACE, about={**TRACE.about, "open_week": None})
    assert not marks(who_did_what(never).axes[0], "start")


# --- actors and mandates --------------------------------------------------------------------------


def test_mandates_are_those_adopted_with_position_and_scale_apart():
    first, second = mandates(TRACE)
    assert (first.first, first.last, first.scale) == (OPENS, OPENS + 19, 0.4)
    assert (second.first, second.last, second.scale) == (OPENS + 20, WEEKS - 1, 0.8)
    for mandate in (first, second):
        assert (mandate.pressure, mandate.protection) == pytest.approx((0.6, 0.2))


def test_actors_and_mandates_stand_at_their_positions():
    axes = actors_and_mandates(TRACE).axes[0]
    drawn = {
        gid: (line.get_xdata()[0], line.get_ydata()[0]) for gid, line in marks(axes, "").items()
    }
    assert drawn["actor-0"] == (0.6, 0.2) and drawn["actor-2"] == (0.9, 0.8)
    assert drawn["mandate-2"] == pytest.approx((0.6, 0.2))
    said = [text.get_text() for text in axes.texts]
    assert "united nations\nmandates 1, 2" in said


def test_the_heat_is_the_attention_of_each_actor():
    heat = actors_and_mandates(TRACE).axes[2]
    np.testing.assert_array_equal(
        heat.images[0].get_array(), TRACE.courses("actors", "attention").T
    )


def test_no_mandate_and_no_actor_are_said_in_words():
    assert "no mandate is adopted" in words_of(actors_and_mandates(QUIET))
    assert "no international actor" in words_of(actors_and_mandates(make_trace(actors=0)))


# --- the country over time ------------------------------------------------------------------------


def test_the_bubbles_of_a_map_are_the_deaths_so_far_and_the_displaced_of_the_week():
    figure = country_over_time(TRACE, weeks=[20, 40])
    maps = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    killed = [TRACE.courses("communities", "killed", arm=arm) for arm in (BASELINE, TREATMENT)]
    moved = [TRACE.courses("communities", "displaced", arm=arm) for arm in (BASELINE, TREATMENT)]
    most = max(one[[20, 40]].max() for one in killed)
    for axes, deaths, displaced in zip(
        maps,
        (killed[0][20], killed[0][40], killed[1][20], killed[1][40]),
        (moved[0][20], moved[0][40], moved[1][20], moved[1][40]),
        strict=True,
    ):
        areas = np.concatenate([dots.get_sizes() for dots in axes.collections])
        shades = np.concatenate([dots.get_array() for dots in axes.collections])
        expected = 0.55**2 * (45 + (2400 - 45) * deaths / most)
        np.testing.assert_allclose(np.sort(areas), np.sort(expected))
        np.testing.assert_allclose(np.sort(np.expm1(shades)), np.sort(displaced), atol=1e-6)
    assert maps[0].get_title() == (f"week 10 from the shock\n{killed[0][20].sum():,.0f} killed")


def test_maps_begin_at_the_shock_and_end_with_the_run():
    figure = country_over_time(TRACE)
    titles = [axes.get_title().split("\n")[0] for axes in figure.axes[:5]]
    assert titles[0] == "week of the shock"
    assert titles[-1] == f"week {WEEKS - 1 - SHOCK} from the shock"


def test_a_week_beyond_the_run_or_too_many_of_them_are_refused():
    with pytest.raises(ForestallError, match=r"week: 60 is not allowed, expected between 0 and 59"):
        country_over_time(TRACE, weeks=[60])
    with pytest.raises(ForestallError, match="one to 6 weeks"):
        country_over_time(TRACE, weeks=range(7))


def test_a_film_shows_every_week_of_a_short_run_and_the_last_of_a_long_one():
    assert film_weeks(60) == list(range(60))
    long = film_weeks(2080)
    assert len(long) <= 91 and long[-1] == 2079


def test_each_frame_shows_its_own_week():
    figure = Figure(layout="constrained")
    FigureCanvasAgg(figure)
    short = make_trace(weeks=25)
    seen = 0
    for week in frames(figure, short, title="t"):
        seen += 1
        without, action = figure.axes[:2]
        killed = short.course("killed", arm=BASELINE)[week]
        since = f"week {week - SHOCK} from the shock".replace("-", "\u2212")
        when = "week of the shock" if week == SHOCK else since
        assert f"{when}\n{killed:,.0f} killed" in without.get_title()
        shades = np.concatenate([dots.get_array() for dots in action.collections])
        expected = short.courses("communities", "displaced")[week]
        np.testing.assert_allclose(np.sort(np.expm1(shades)), np.sort(expected), atol=1e-6)
    assert seen == 25


def test_a_film_is_written_as_a_gif_with_a_frame_a_week(tmp_path):
    from PIL import Image

    file = film_country(make_trace(weeks=12), tmp_path / "films" / "country.gif")
    with Image.open(file) as film:
        assert film.n_frames == 12


def test_another_kind_of_film_or_a_lacking_program_is_one_line(tmp_path, monkeypatch):
    with pytest.raises(ForestallError, match="'avi' is not allowed, expected one of gif, mp4"):
        film_country(TRACE, tmp_path / "country.avi")
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ForestallError, match="mp4 needs the program ffmpeg"):
        film_country(TRACE, tmp_path / "country.mp4")


def test_two_worlds_are_the_end_of_both_recorded_runs():
    world = world_of(TRACE, BASELINE, "No action")
    np.testing.assert_array_equal(
        world.deaths, TRACE.courses("communities", "killed", arm=BASELINE)[-1]
    )
    assert np.sum(world.weekly_deaths) == TRACE.course("killed", arm=BASELINE)[-1]
    action = world_of(TRACE, TREATMENT, "Action")
    figure = two_worlds(TRACE.geography, world, action, shock_week=SHOCK)
    assert figure.axes[0].get_title().startswith("No action\n")
    deaths = next(one for one in figure.axes if one.get_ylabel() == "direct deaths so far (people)")
    looks = {line.get_label(): (line.get_color(), line.is_dashed()) for line in deaths.lines[:2]}
    assert looks == {"No action": (GREY, True), "Action": (BLUE, False)}


# --- all of them ----------------------------------------------------------------------------------

DRAWINGS = (who_did_what, actors_and_mandates, country_over_time)


@pytest.mark.one_in(4)
@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize(
    "trace", [TRACE, QUIET, make_trace(weeks=2)], ids=["run", "quiet", "short"]
)
def test_every_figure_says_which_run_it_is_and_that_it_is_no_evidence(draw, trace):
    figure = draw(trace)
    figure.draw_without_rendering()
    said = " ".join(words_of_key(figure).split())
    assert "an illustration and no evidence: start +4, divided, replicate 3" in said


@pytest.mark.one_in(5)
@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("title", ["Short", LONG])
def test_no_text_leaves_a_figure_or_covers_another(draw, title):
    assert_readable(draw(TRACE, title=title))


def words_of_key(figure):
    return " ".join(legend.get_title().get_text() for legend in figure.legends)


def test_one_scale_holds_for_all_maps_of_a_figure():
    world = TRACE.courses("communities", "killed", arm=BASELINE)
    from analysis.plots.bubbles import Bubbles

    maps = [
        Bubbles(deaths=week, displaced=week * 3, peacekeepers=week * 0) for week in world[[20, 40]]
    ]
    scale = bubble_scale(maps)
    assert scale.most_deaths == world[[20, 40]].max()
    assert scale.area(np.array(0.0)) < scale.area(np.array(1.0))
