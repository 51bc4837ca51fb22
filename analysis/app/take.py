"""What a visitor takes along: the weeks and the places as CSV, and the two worlds as a figure."""

from __future__ import annotations

import io
import threading

import numpy as np
import pandas as pd
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from analysis.app.course import Courses, courses_of
from analysis.app.recorder import FIELDS, Course
from analysis.app.shown import Shown, read_query
from analysis.plots.figure import house_look
from analysis.plots.two_worlds import World, two_worlds
from experiments.export import csv_of
from sim.errors import ForestallError

_KINDS = {
    "weeks.csv": "text/csv; charset=utf-8", "places.csv": "text/csv; charset=utf-8",
    "two_worlds.svg": "image/svg+xml", "two_worlds.png": "image/png",
}  # fmt: skip
_DRAWING = threading.Lock()  # matplotlib's settings belong to the whole process


async def take(request: Request) -> Response:
    """Answer with one of four files, made of what the query says; anything else is one line."""
    file = request.path_params["file"]
    if file not in _KINDS:
        return PlainTextResponse(f"{', '.join(_KINDS)} can be taken along\n", status_code=404)
    try:
        shown = read_query(request.url.query)
        body = await run_in_threadpool(taken, shown, file)
    except ForestallError as mistake:
        return PlainTextResponse(f"{mistake}\n", status_code=400)
    name = f"forestall_{shown.lesson or shown.country}_{file}"
    return Response(
        body, media_type=_KINDS[file],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def taken(shown: Shown, file: str) -> bytes:
    """Return the content of one of the files."""
    courses = courses_of(shown)
    if file == "weeks.csv":
        return csv_of(weeks_table(courses))
    if file == "places.csv":
        return csv_of(places_table(courses))
    return _figure(courses, shown, file.rpartition(".")[2])


def weeks_table(courses: Courses) -> pd.DataFrame:
    """Return both worlds at the end of every week, one row a world and week; -1 is before the first."""
    tables = []
    for name, course in _named(courses):
        weeks = np.arange(-1, courses.weeks)
        tables.append(
            pd.DataFrame(
                {
                    "world": name,
                    "week": weeks,
                    "weeks_from_shock": weeks - courses.shock_week,
                    "direct_deaths_so_far": course.deaths,
                    "indirect_deaths_so_far": course.hardship,
                    "displaced": course.displaced,
                    "peacekeepers": course.peacekeepers,
                    "mandate_scale": course.mandate,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def places_table(courses: Courses) -> pd.DataFrame:
    """Return every place of both worlds week by week, as the maps draw it."""
    tables = []
    names = np.asarray(courses.geography.names)
    for name, course in _named(courses):
        weeks = np.arange(-1, courses.weeks)
        columns = {field: course.places[field].ravel() for field in FIELDS}
        tables.append(
            pd.DataFrame(
                {
                    "world": name,
                    "week": np.repeat(weeks, len(names)),
                    "place": np.tile(names, len(weeks)),
                    **columns,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _named(courses: Courses) -> list[tuple[str, Course]]:
    return [(courses.pair.first_name, courses.first), (courses.pair.second_name, courses.second)]


def _figure(courses: Courses, shown: Shown, kind: str) -> bytes:
    first, second = (
        World(
            title=name,
            deaths=course.places["killed"][-1],
            displaced=course.places["displaced"][-1],
            peacekeepers=course.places["peacekeepers"].max(axis=0),
            weekly_deaths=np.diff(course.deaths),
            weekly_displaced=course.displaced[1:],
        )
        for name, course in _named(courses)
    )
    country = courses.pair.first.country.name
    out = io.BytesIO()
    with _DRAWING:
        figure = two_worlds(
            courses.geography, first, second, shock_week=courses.shock_week,
            title=f"{country}: two worlds on the same random numbers",
            note=f"One pair of runs, an illustration and no evidence: seed {shown.seed}, course of "
            f"chance {shown.replicate}. A model, not a forecast.",
        )  # fmt: skip
        with house_look():
            figure.savefig(out, format=kind, dpi=150)
    return out.getvalue()
