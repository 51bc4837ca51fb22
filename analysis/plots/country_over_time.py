"""The country week by week: maps at some weeks beside each other, or all of them as a film."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.plots.bubbles import (
    Bubbles,
    bubble_key,
    bubble_scale,
    draw_bubbles,
    draw_colour_bar,
)
from analysis.plots.country_map import check_geography, draw_base, place_positions
from analysis.plots.figure import in_house_look, key_below, number, title_above
from analysis.trace import BASELINE, TREATMENT, Trace, describe
from sim.errors import ForestallError, bad_value

FILMS = ("gif", "mp4")
MOST_MAPS = 6
_MOST_FRAMES = 90
_FRAMES_A_SECOND = 6
_ARMS = ((BASELINE, "no action"), (TREATMENT, "action"))


@in_house_look
def country_over_time(
    trace: Trace, *, weeks: Sequence[int] | None = None, title: str = "The country, week by week"
) -> Figure:
    """Return maps of both runs of a recorded pair at some weeks: above no action, below action.

    The area of a bubble is direct deaths there so far, its colour displaced people who are there in
    that week, a triangle the peacekeepers there in that week (ten or more).

    Parameters
    ----------
    trace : the recorded pair.
    weeks : weeks of the run, at most six; when None the week of the shock, the last week, and three
        between them.

    Raises
    ------
    ForestallError
        A week beyond the run, or too many of them.
    """
    chosen = _weeks(trace) if weeks is None else list(weeks)
    if not 0 < len(chosen) <= MOST_MAPS:
        raise ForestallError(f"country_over_time: one to {MOST_MAPS} weeks fit on a page")
    for week in chosen:
        if not 0 <= week < trace.weeks:
            raise bad_value(
                "week", week, f"between 0 and {trace.weeks - 1}", unit="weeks of the run"
            )
    geography = trace.geography
    check_geography(geography)
    shown = {arm: _bubbles(trace, arm) for arm, _ in _ARMS}
    scale = bubble_scale([shown[arm][week] for arm, _ in _ARMS for week in chosen], size=0.55)
    figure = Figure(figsize=(1.6 + 2.9 * len(chosen), 8), layout="constrained")
    panels = figure.subplots(2, len(chosen), squeeze=False)
    places, frame = place_positions(geography)
    for line, (arm, words) in zip(panels, _ARMS, strict=True):
        for axes, week in zip(line, chosen, strict=True):
            draw_base(axes, geography, places, frame)
            draw_bubbles(axes, geography, places, shown[arm][week], scale)
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_title(_said(trace, arm, week))
        line[0].set_ylabel(words)
    draw_colour_bar(figure, [axes for line in panels for axes in line], scale)
    note = (
        f"{describe(trace)} Deaths are those so far, displaced people and peacekeepers of the week."
    )
    key_below(figure, bubble_key(scale), note=note, columns=7)
    title_above(figure, title)
    return figure


@in_house_look
def film_country(trace: Trace, file: Path | str, *, title: str = "Week by week") -> Path:
    """Write a film of both runs of a recorded pair, no action beside action, and return its path.

    Parameters
    ----------
    trace : the recorded pair.
    file : ends with one of `FILMS`; a GIF needs nothing else, an MP4 the program ffmpeg.

    Raises
    ------
    ForestallError
        Another format, no ffmpeg, or the place cannot be written.
    """
    from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, PillowWriter

    target = Path(file)
    kind = target.suffix.removeprefix(".").lower()
    if kind not in FILMS:
        raise bad_value("format", kind or target.name, f"one of {', '.join(FILMS)}")
    if kind == "mp4" and shutil.which("ffmpeg") is None:
        raise ForestallError(
            "format: mp4 needs the program ffmpeg, which is not there; gif does not"
        )
    maker = PillowWriter if kind == "gif" else FFMpegWriter
    writer: AbstractMovieWriter = maker(fps=_FRAMES_A_SECOND)
    figure = Figure(figsize=(12, 7.4), layout="constrained")
    FigureCanvasAgg(figure)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with writer.saving(figure, str(target), 80):
            for _ in frames(figure, trace, title=title):
                writer.grab_frame()
    except OSError as error:
        raise ForestallError(f"figure: cannot write {target}: {error.strerror}") from error
    return target


def frames(figure: Figure, trace: Trace, *, title: str) -> Iterator[int]:
    """Draw one week after the other into a figure and yield the week of the run that it shows."""
    geography = trace.geography
    check_geography(geography)
    places, frame = place_positions(geography)
    shown = {arm: _bubbles(trace, arm) for arm, _ in _ARMS}
    chosen = film_weeks(trace.weeks)
    scale = bubble_scale([shown[arm][week] for arm, _ in _ARMS for week in chosen], size=0.9)
    panels = figure.subplots(1, 2)
    for axes, (arm, words) in zip(panels, _ARMS, strict=True):
        draw_base(axes, geography, places, frame)
        # The longest title that comes fixes the layout: frames may not jump.
        axes.set_title(f"{words}\n{_said(trace, arm, trace.weeks - 1)}")
    draw_colour_bar(figure, panels, scale)
    key_below(figure, bubble_key(scale), note=describe(trace), columns=7)
    title_above(figure, title)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for week in chosen:
        drawn: list[Artist] = []
        for axes, (arm, words) in zip(panels, _ARMS, strict=True):
            axes.set_title(f"{words}\n{_said(trace, arm, week)}")
            drawn += draw_bubbles(axes, geography, places, shown[arm][week], scale)
        yield week
        for artist in drawn:
            artist.remove()


def film_weeks(weeks: int) -> list[int]:
    """Return the weeks of a film: at most `_MOST_FRAMES`, evenly apart, the last among them."""
    step = -(-weeks // _MOST_FRAMES)
    return sorted({*range(0, weeks, step), weeks - 1})


def _weeks(trace: Trace) -> list[int]:
    """Return five weeks (fewer in a short run) from the shock to the last."""
    first, last = min(trace.shock_week, trace.weeks - 1), trace.weeks - 1
    return sorted({round(first + (last - first) * part / 4) for part in range(5)})


def _bubbles(trace: Trace, arm: str) -> list[Bubbles]:
    columns = [
        trace.courses("communities", name, arm=arm)
        for name in ("killed", "displaced", "peacekeepers")
    ]
    return [
        Bubbles(deaths=deaths, displaced=displaced, peacekeepers=troops)
        for deaths, displaced, troops in zip(*columns, strict=True)
    ]


def _said(trace: Trace, arm: str, week: int) -> str:
    killed = trace.course("killed", arm=arm)[week]
    since = week - trace.shock_week
    when = f"week {number(since)} from the shock" if since else "week of the shock"
    return f"{when}\n{number(killed)} killed"
