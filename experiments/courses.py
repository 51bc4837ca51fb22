"""Courses: what outside actors did about a country, in a file apart from the country.

``course=actual`` chooses ``scenarios/course/actual/<country>.yaml``; without a course the levers
are the study's own. A course may set when action began, which measures were taken, how united the
actors were and what they put in, and nothing of the country itself, so that what happened and what
might have happened share one country. Its figures carry sources and grades like a country's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.errors import ForestallError, bad_value
from sim.figures import FIGURE_KEYS, read_figure
from sim.reading import known_mapping, needed

NONE, ACTUAL = "none", "actual"
ENTRIES = ("defaults", "weeks", "action", "interventions", "actors", "chronicle")
"""What a course may hold; `chronicle` is for the reader."""
ACTORS_ENTRIES = ("dispersion", "actors")
ACTOR_ENTRIES = ("salience", "endowment", "contribution")
EVENT_ENTRIES = ("week", "date", "event", "source", "grade")


def course_of(
    config: dict[str, Any], choices: Mapping[str, str], folders: Sequence[Path]
) -> dict[str, Any]:
    """Return a configuration with the course that was chosen, its figures as plain numbers.

    Parameters
    ----------
    config : as Hydra composed it; changed in place.
    choices : files chosen by group.
    folders : where scenario files lie, the user's own first.

    Raises
    ------
    ForestallError
        No actual course is coded for the country, or a course sets what it may not.
    """
    name, country = str(choices.get("course", NONE)), str(choices.get("country"))
    if "course" in config:
        raise ForestallError(
            f"course: {name!r} must begin with the line '# @package _global_', and no scenario "
            "file holds a section of that name"
        )
    config["course"] = name
    files = [
        file
        for part in (name, f"{name}/{country}")
        for file in [_found(folders, f"course/{part}.yaml")]
        if file is not None
    ]
    if name == ACTUAL and len(files) < 2:
        coded = sorted(
            {file.stem for folder in folders for file in (folder / "course/actual").glob("*.yaml")}
        )
        raise ForestallError(
            f"course: no actual course is coded for country {country!r}, "
            f"it is for {', '.join(coded) or 'none'}"
        )
    for file in files:
        _check(yaml.safe_load(file.read_text(encoding="utf-8")))
    config.pop("chronicle", None)
    for section in ("action", "interventions"):
        config[section] = _plain(section, config.get(section))
    actors = config.get("actors")
    if isinstance(actors, dict) and "dispersion" in actors:
        actors["dispersion"] = _plain("actors.dispersion", actors["dispersion"])
    return config


def _found(folders: Sequence[Path], name: str) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _check(raw: Any) -> None:
    """Raise for a course that sets more than a course may."""
    course = known_mapping("course", raw, ENTRIES)
    actors = known_mapping("course.actors", course.get("actors"), ACTORS_ENTRIES)
    for name, row in known_mapping("course.actors.actors", actors.get("actors")).items():
        known_mapping(f"course.actors.actors.{name}", row, ACTOR_ENTRIES)
    events = course.get("chronicle") or []
    if not isinstance(events, list):
        raise bad_value("course.chronicle", events, "a list of events")
    for position, event in enumerate(events):
        key = f"course.chronicle[{position}]"
        row = known_mapping(key, event, EVENT_ENTRIES)
        needed(key, row, "event")
        week = {"value": needed(key, row, "week")}
        read_figure(week | {name: row.get(name) for name in ("source", "grade")}, f"{key}.week")


def _plain(key: str, node: Any) -> Any:
    """Return a section with every figure replaced by its number, or by the word that it gives."""
    if not isinstance(node, Mapping):
        return node
    if not set(node) <= set(FIGURE_KEYS) or not {"value", "low"} & set(node):
        return {name: _plain(f"{key}.{name}", entry) for name, entry in node.items()}
    if isinstance(node.get("value"), str):
        read_figure({**node, "value": 0.0}, key)
        return node["value"]
    number = read_figure(node, key)
    return int(number) if number.is_integer() else number
