"""Two worlds: bubbles, colours and lines equal the runs, and labels do not cover each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from layout import assert_readable
from made_up_worlds import make_geography, make_world
from matplotlib.text import Annotation

from analysis.plots.bubbles import FEWEST, LARGEST, SMALLEST
from analysis.plots.country_map import edge_names, place_positions
from analysis.plots.two_worlds import two_worlds
from sim.errors import ForestallError

GEOGRAPHY = make_geography()
EARLY = make_world("Early", size=0.3, troops=800.0)
LATE = make_world("Late", size=1.0, troops=300.0)
NOTHING = make_world("Nothing", size=0.0, troops=0.0)
NONE = make_world("No action", size=1.2, troops=0.0)


def maps_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"][:2]


def weeks_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"][2:]


def names_on(axes):
    drawn = [text for text in axes.texts if isinstance(text, Annotation)]
    return [text for text in drawn if text.get_gid() != "peacekeepers"]


def test_the_area_of_a_bubble_is_its_deaths_on_one_scale_for_both_worlds():
    for axes, world in zip(maps_of(two_worlds(GEOGRAPHY, EARLY, LATE)), (EARLY, LATE), strict=True):
        areas = np.concatenate([dots.get_sizes() for dots in axes.collections])
        expected = SMALLEST + (LARGEST - SMALLEST) * world.deaths / LATE.deaths.max()
        np.testing.assert_allclose(np.sort(areas), np.sort(expected))


def test_the_colour_of_a_bubble_is_the_displaced_people_there():
    for axes, world in zip(maps_of(two_worlds(GEOGRAPHY, EARLY, LATE)), (EARLY, LATE), strict=True):
        shades = np.concatenate([dots.get_array() for dots in axes.collections])
        np.testing.assert_allclose(np.sort(np.expm1(shades)), np.sort(world.displaced))


def test_peacekeepers_are_marked_where_they_are():
    axes = maps_of(two_worlds(GEOGRAPHY, EARLY, LATE))[0]
    marks = [text for text in axes.texts if text.get_gid() == "peacekeepers"]
    places, _ = place_positions(GEOGRAPHY)
    troops = np.asarray(EARLY.peacekeepers)
    np.testing.assert_allclose([mark.xy for mark in marks], places[troops >= FEWEST])
    sizes = [mark.get_fontsize() for mark in marks]
    assert np.argsort(sizes).tolist() == np.argsort(troops[troops >= FEWEST]).tolist()
    few = replace(EARLY, peacekeepers=np.where(troops > 0, FEWEST - 1, 0))
    left = maps_of(two_worlds(GEOGRAPHY, few, LATE))[0]
    assert not [text for text in left.texts if text.get_gid() == "peacekeepers"]


@pytest.mark.parametrize("worlds", [(EARLY, LATE), (NOTHING, NOTHING)])
def test_the_note_and_the_key_are_readable(worlds):
    note = "One run of 1000, chosen by rule and no evidence: " + "what all of the runs say. " * 8
    assert_readable(two_worlds(GEOGRAPHY, *worlds, NONE, note=note))


def test_the_weeks_below_are_cumulated_deaths_and_displaced_people():
    deaths, displaced = weeks_of(two_worlds(GEOGRAPHY, EARLY, LATE, NONE, shock_week=26))
    for line, world in enumerate((NONE, EARLY, LATE)):
        assert deaths.lines[line].get_label() == world.title
        np.testing.assert_allclose(deaths.lines[line].get_ydata(), np.cumsum(world.weekly_deaths))
        np.testing.assert_allclose(displaced.lines[line].get_ydata(), world.weekly_displaced)
        assert deaths.lines[line].get_xdata()[0] == -26


def test_the_titles_state_the_totals():
    title = maps_of(two_worlds(GEOGRAPHY, EARLY, LATE))[1].get_title()
    assert title.startswith("Late\n")
    assert f"{LATE.deaths.sum():,.0f} killed" in title


def test_no_name_covers_another_or_leaves_the_map():
    figure = two_worlds(GEOGRAPHY, EARLY, LATE)
    for axes in maps_of(figure):
        names = names_on(axes)
        boxes = [name.get_window_extent() for name in names]
        frame = axes.get_window_extent()
        assert len(names) >= 8
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
        assert all(frame.x0 < box.x0 and box.x1 < frame.x1 for box in boxes)


def place_of(axes, name):
    """Return the place that a reader gives a name: at the end of its line, or the nearest bubble."""
    places, _ = place_positions(GEOGRAPHY)
    pixels = axes.transData.transform(places)
    box = name.get_window_extent()
    for line in (one for one in axes.lines if one.get_gid() == "leader"):
        start, end = axes.transData.transform(line.get_xydata())
        if box.padded(1).contains(*end):
            return int(np.argmin(np.hypot(*(pixels - start).T)))
    shown = {
        tuple(at): np.sqrt(size / np.pi)
        for dots in axes.collections
        for at, size in zip(dots.get_offsets().data, dots.get_sizes(), strict=True)
    }
    radius = np.array([shown[tuple(at)] for at in places]) * axes.figure.dpi / 72
    beside = np.clip(pixels, (box.x0, box.y0), (box.x1, box.y1))
    return int(np.argmin(np.hypot(*(pixels - beside).T) - radius))


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_every_name_belongs_to_its_place_and_that_with_most_displaced_has_one(seed):
    rng = np.random.default_rng(seed)
    names = edge_names(GEOGRAPHY, place_positions(GEOGRAPHY)[0])
    # Most people flee to where fewest die, in the crowd of the west.
    refuge = (GEOGRAPHY.names.index("Alpha"), GEOGRAPHY.names.index("Theta"))
    worlds = []
    for world, most in zip((EARLY, LATE), refuge, strict=True):
        deaths = rng.permutation(world.deaths) * GEOGRAPHY.home
        deaths[list(refuge)] = 0
        displaced = rng.permutation(world.displaced)
        displaced[most] = 2 * displaced.max()
        worlds.append(replace(world, deaths=deaths, displaced=displaced))
    figure = two_worlds(GEOGRAPHY, *worlds)
    for axes, most in zip(maps_of(figure), refuge, strict=True):
        written = {name.get_text(): place_of(axes, name) for name in names_on(axes)}
        assert written == {name: names.index(name) for name in written}
        assert names[most] in written


def test_a_far_place_abroad_is_drawn_on_the_edge_with_an_arrow():
    places, frame = place_positions(GEOGRAPHY)
    names = edge_names(GEOGRAPHY, places)
    far = GEOGRAPHY.names.index("Camp_Far")
    assert frame.contains(*places[far])
    assert names[far] == "Camp Far ↗"
    assert names[0] == "Alpha"


def test_worlds_in_which_nothing_happens_are_two_clear_maps():
    figure = two_worlds(GEOGRAPHY, NOTHING, NOTHING, NOTHING)
    figure.draw_without_rendering()
    for axes in maps_of(figure):
        assert "0 killed" in axes.get_title()
        sizes = np.concatenate([dots.get_sizes() for dots in axes.collections])
        assert (sizes == SMALLEST).all()


def test_a_country_of_one_place_without_roads_is_a_map():
    one = replace(
        GEOGRAPHY, latitude=[-3.4], longitude=[29.4], names=["Alone"], abroad=[False],
        road_from=[], road_to=[],
    )  # fmt: skip
    world = replace(EARLY, deaths=[3.0], displaced=[9.0], peacekeepers=[0.0])
    figure = two_worlds(one, world, world)
    assert [name.get_text() for name in names_on(maps_of(figure)[0])] == ["Alone"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"deaths": np.zeros(3)}, "deaths is not one value"),
        ({"displaced": np.full(31, -1.0)}, "displaced is negative"),
        ({"weekly_deaths": np.array([np.nan])}, "weekly_deaths is negative or not finite"),
    ],
)
def test_a_world_that_does_not_fit_is_refused(change, message):
    with pytest.raises(ForestallError, match=message):
        two_worlds(GEOGRAPHY, EARLY, replace(LATE, **change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"latitude": np.zeros(2)}, "latitude is not one value"),
        ({"road_to": np.full(62, 99)}, "a road joins a place outside"),
        ({"abroad": np.full(31, True)}, "no place in the country"),
    ],
)
def test_a_geography_that_does_not_fit_is_refused(change, message):
    with pytest.raises(ForestallError, match=message):
        two_worlds(replace(GEOGRAPHY, **change), EARLY, LATE)
