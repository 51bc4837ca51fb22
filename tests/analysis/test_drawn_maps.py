"""What stands on the maps and lanes of a recorded pair: each place, bubble, week and colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_up_trace import ACTORS, SHOCK, WEEKS, make_trace
from matplotlib.colors import to_rgba

from analysis.plots.bubbles import FEWEST, Bubbles, bubble_key, bubble_scale
from analysis.plots.country_over_time import country_over_time
from analysis.plots.who_did_what import who_did_what
from analysis.trace import BASELINE, TREATMENT

TRACE, QUIET = make_trace(), make_trace(quiet=True)
ARMS = (BASELINE, TREATMENT)


def stored(trace, table, field, arm, key=None, agent=None):
    """Return a recorded course, read from the table of its run."""
    rows = trace.tables[table]
    rows = rows[rows["arm"] == arm]
    if key is not None:
        rows = rows[rows[key] == agent]
    return rows.sort_values("week")[field].to_numpy(float)


# --- maps -----------------------------------------------------------------------------------------


def maps_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def by_place(trace, field, arm, week):
    """Return what is recorded of every place in a week, in the order of the places."""
    rows = trace.tables["communities"]
    rows = rows[(rows["arm"] == arm) & (rows["week"] == week)].set_index("place")
    return rows[field].loc[range(len(trace.places))].to_numpy(float)


def drawn_places(axes):
    """Return place, area, colour and form of every bubble of a map, the one drawn last at the end."""
    found = []
    for dots, home in zip(axes.collections, (True, False), strict=True):
        for row in zip(
            dots.get_offsets(), dots.get_sizes(), dots.get_facecolors(), dots.get_array(),
            strict=True,
        ):  # fmt: skip
            found.append((*row, home))
    return found


def bubble_at(axes, place, *, home):
    """Return the one bubble that is drawn at a place."""
    near = [one for one in drawn_places(axes) if one[4] == home and np.allclose(one[0], place)]
    assert len(near) == 1
    return near[0]


def true_places(trace):
    table = trace.tables["places"]
    return table[["longitude", "latitude"]].to_numpy(float), table["abroad"].to_numpy(bool)


CASES = {
    "run": (TRACE, [12, 20, 40]),
    "quiet": (QUIET, [0, 59]),
    "one week": (make_trace(weeks=1), [0]),
}


@pytest.mark.parametrize(("trace", "weeks"), CASES.values(), ids=CASES)
def test_every_place_has_its_own_bubble_with_its_deaths_and_its_displaced_people(trace, weeks):
    figure = country_over_time(trace, weeks=weeks)
    figure.draw_without_rendering()
    places, abroad = true_places(trace)
    killed = {(arm, week): by_place(trace, "killed", arm, week) for arm in ARMS for week in weeks}
    moved = {(arm, week): by_place(trace, "displaced", arm, week) for arm in ARMS for week in weeks}
    most, most_moved = (max(one.max() for one in table.values()) for table in (killed, moved))
    reach = np.log1p(max(most_moved, 10))
    bar = next(axes for axes in figure.axes if axes.get_label() == "<colorbar>")
    for axes, here in zip(maps_of(figure), killed, strict=True):
        least = min(one[1] for one in drawn_places(axes)) if most == 0 else None
        for place in np.flatnonzero(~abroad):
            _, area, colour, shade, _ = bubble_at(axes, places[place], home=True)
            share = killed[here][place] / max(most, 1)
            assert area == pytest.approx(0.55**2 * (45 + 2355 * share))
            assert least is None or area == pytest.approx(least)
            assert np.expm1(shade) == pytest.approx(moved[here][place], abs=1e-6)
            assert bar.get_ylim() == pytest.approx((0, reach))
            blue_yellow = axes.collections[0].get_cmap()(shade / reach)
            np.testing.assert_allclose(colour, blue_yellow)
        # What is large is drawn first: nothing hides under it.
        areas = axes.collections[0].get_sizes()
        assert (np.diff(areas) <= 1e-12).all()
        week = here[1] - trace.shock_week
        total = killed[here].sum()
        since = f"week {week} from the shock".replace("-", "\u2212")
        when = since if week else "week of the shock"
        assert axes.get_title() == f"{when}\n{total:,.0f} killed"


def test_the_upper_row_is_the_world_without_action_and_the_lower_the_one_with_it():
    panels = maps_of(country_over_time(TRACE, weeks=[40]))
    assert [axes.get_ylabel() for axes in panels] == ["no action", "action"]
    ends = [by_place(TRACE, "killed", arm, 40).sum() for arm in ARMS]
    assert ends[0] > ends[1]
    for end, axes in zip(ends, panels, strict=True):
        assert f"{end:,.0f} killed" in axes.get_title()


def test_a_place_abroad_stands_where_it_lies_or_on_the_edge_in_its_direction():
    figure = country_over_time(TRACE, weeks=[20])
    figure.draw_without_rendering()
    axes = maps_of(figure)[0]
    places, abroad = true_places(TRACE)
    middle = (places[~abroad].min(axis=0) + places[~abroad].max(axis=0)) / 2
    killed, moved = (by_place(TRACE, field, BASELINE, 20) for field in ("killed", "displaced"))
    most = max(by_place(TRACE, "killed", arm, 20).max() for arm in ARMS)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    found, on_edge = set(), 0
    for at, area, _, shade, home in drawn_places(axes):
        if home:
            continue
        towards, away = np.subtract(at, middle), places - middle
        turn = np.angle(away @ [1, 1j] / (towards @ [1, 1j]))
        (place,) = np.flatnonzero(abroad & (np.abs(turn) < 1e-9))
        found.add(place)
        nearer = np.hypot(*towards) / np.hypot(*away[place])
        assert 0 < nearer <= 1 + 1e-12
        assert left < at[0] < right and low < at[1] < high
        on_edge += nearer < 1 - 1e-9
        assert area == pytest.approx(0.55**2 * (45 + 2355 * killed[place] / most))
        assert np.expm1(shade) == pytest.approx(moved[place])
    assert found == set(np.flatnonzero(abroad))
    # That of them which lies far from the frame is on its edge.
    assert 0 < on_edge <= abroad.sum()


def test_triangles_stand_above_the_places_with_peacekeepers_and_grow_with_them():
    figure = country_over_time(TRACE, weeks=[40])
    figure.draw_without_rendering()
    without, action = maps_of(figure)
    assert not [text for text in without.texts if text.get_gid() == "peacekeepers"]
    troops = by_place(TRACE, "peacekeepers", TREATMENT, 40)
    places, _ = true_places(TRACE)
    there = np.flatnonzero(troops >= FEWEST)
    marks = [text for text in action.texts if text.get_gid() == "peacekeepers"]
    assert 2 < len(marks) == len(there) < len(places)
    for mark, place in zip(marks, there, strict=True):
        np.testing.assert_allclose(mark.xy, places[place])
        _, area, *_ = bubble_at(action, places[place], home=True)
        across, up = mark.xyann
        assert across == 0 and up > np.sqrt(area / np.pi)
        size = 0.55 * max(6, 20 * np.sqrt(troops[place] / troops.max()))
        assert mark.get_fontsize() == pytest.approx(size)


@pytest.mark.parametrize("most", [0.0, 1.0, 730.0, 54_000.0])
def test_the_key_shows_the_sizes_at_which_its_numbers_are_drawn(most):
    shown = Bubbles(
        deaths=np.array([0.0, most]),
        displaced=np.array([0.0, 5.0]),
        peacekeepers=np.array([0.0, 900.0]),
    )
    scale = bubble_scale([shown], size=0.55)
    rounds = [line for line in bubble_key(scale) if line.get_marker() == "o"]
    for line in rounds:
        words = line.get_label().split()[0].replace(",", "")
        deaths = 0.0 if words == "no" else float(words)
        assert deaths <= most
        area = 0.55**2 * (45 + 2355 * deaths / max(most, 1))
        assert line.get_markersize() ** 2 == pytest.approx(area)
    troops = [line.get_label() for line in bubble_key(scale) if line.get_marker() == "^"]
    assert troops == ["10 peacekeepers", "900 peacekeepers"]


def test_the_bar_of_the_maps_has_its_numbers_of_people_where_they_are_coloured():
    figure = country_over_time(TRACE, weeks=[40])
    figure.draw_without_rendering()
    bar = next(axes for axes in figure.axes if axes.get_label() == "<colorbar>")
    numbers = {"0": 0.0, "10": 10.0, "100": 100.0, "1k": 1000.0, "10k": 10_000.0}
    labels = [label.get_text() for label in bar.get_yticklabels()]
    assert len(labels) > 2
    for place, words in zip(bar.get_yticks(), labels, strict=True):
        assert place == pytest.approx(np.log1p(numbers[words]))


# --- lanes ----------------------------------------------------------------------------------------

WORLD = {
    "threat that the government perceives": ("threat", 1.0),
    "government's consent to outside presence": ("consent", 1.0),
    "mandate in force: its scale": ("mandate_scale", 1.0),
    "peacekeepers present": ("troops_deployed", None),
    "mediation": ("mediation", None),
    "settlement in force": ("agreement", 1.0),
    "displaced": ("displaced", None),
}
HEADINGS = {
    "order": "Armed groups and government", "attacks": "Armed groups and government",
    "threat": "Armed groups and government", "consent": "Armed groups and government",
    "mandate_scale": "International actors", "outside": "International actors",
    "forum": "International actors", "troops_deployed": "Help", "mediation": "Help",
    "agreement": "Help", "killed": "What happened to people", "displaced": "What happened to people",
}  # fmt: skip


def recorded(trace, words, arm):
    """Return field, values and what a full lane is of the course that a label names."""
    if words == "direct deaths":
        return "killed", np.diff(stored(trace, "world", "killed", arm), prepend=0), None
    if words in WORLD:
        field, top = WORLD[words]
        return field, stored(trace, "world", field, arm), top
    who, _, what = words.partition(": ")
    who = who.replace(" ", "_")
    if who in ACTORS:
        field = "outside" if "effort" in what else "forum"
        return field, stored(trace, "actors", field, arm, "actor", who), 1.0
    values = stored(trace, "armed_groups", what, arm, "armed_group", who)
    return what, values, 2.0 if what == "order" else None


@pytest.mark.parametrize(
    "trace", [TRACE, QUIET, make_trace(weeks=1)], ids=["run", "quiet", "one week"]
)
def test_every_lane_is_filled_week_by_week_with_the_course_that_its_label_names(trace):
    figure = who_did_what(trace)
    axes = figure.axes[0]
    (legend,) = figure.legends
    key = {one.get_label(): one.get_facecolor() for one in legend.legend_handles[:4]}
    weeks = np.arange(trace.weeks) - trace.shock_week
    labels = [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]
    fills = {one.get_gid(): one for one in axes.collections}
    outlines = {one.get_gid(): one for one in axes.lines}
    assert len(labels) == len(fills) > 4
    for line, words in enumerate(labels):
        assert round(axes.get_yticks()[line]) == line
        field, action, top = recorded(trace, words, TREATMENT)
        _, without, _ = recorded(trace, words, BASELINE)
        top = top or max(action.max(), without.max()) or 1.0
        floor, full = line + 0.45, 0.8
        fill, outline = fills[f"action-{line}"], outlines[f"baseline-{line}"]
        np.testing.assert_array_equal(outline.get_xdata(), weeks)
        np.testing.assert_allclose(floor - full * without / top, outline.get_ydata(), atol=1e-12)
        assert outline.get_drawstyle() == "steps-mid"
        assert to_rgba(fill.get_facecolor()[0]) == to_rgba(key[HEADINGS[field]])
        (shape,) = fill.get_paths()
        assert shape.vertices[:, 0].min() >= weeks[0] and shape.vertices[:, 0].max() <= weeks[-1]
        for week, value in zip(weeks[1:-1], action[1:-1], strict=True):
            top_of_week = floor - full * value / top
            assert not shape.contains_point((week, top_of_week - 0.01)), (words, week)
            assert shape.contains_point((week, top_of_week + 0.01)) == (value > 0), (words, week)
        assert shape.vertices[:, 1].max() == pytest.approx(floor)
        assert shape.vertices[:, 1].min() == pytest.approx(floor - full * action.max() / top)


def test_what_a_full_lane_means_stands_at_its_right_end():
    axes = who_did_what(TRACE).axes[0]
    labels = [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]
    said = dict(zip(labels, [text.get_text() for text in axes.texts], strict=True))
    assert [round(text.xy[1]) for text in axes.texts] == list(range(len(labels)))
    killed = np.diff(stored(TRACE, "world", "killed", BASELINE), prepend=0).max()
    displaced = stored(TRACE, "world", "displaced", BASELINE).max()
    troops = stored(TRACE, "world", "troops_deployed", TREATMENT).max()
    assert said["direct deaths"] == f"{killed:,.0f} people/week"
    assert said["displaced"] == f"{displaced:,.0f} people"
    assert said["peacekeepers present"] == f"{troops:,.0f} people"
    assert said["state forces: order"] == "1 expel, 2 kill"
    assert said["mandate in force: its scale"] == "share, 0 to 1"


def test_the_axis_of_weeks_holds_all_of_them_and_a_start_that_never_comes_has_no_line():
    low, high = who_did_what(TRACE).axes[0].get_xlim()
    assert low < -SHOCK and high > WEEKS - 1 - SHOCK
    never = replace(TRACE, about={**TRACE.about, "open_week": None})
    gids = {line.get_gid() for line in who_did_what(never).axes[0].lines}
    assert "start" not in gids and "shock" in gids
