"""What was recorded of a case: `scenarios/record/<case>.yaml`, for comparison and for nothing else.

No run reads a record: neither the configuration nor the model knows that there are any.

Shape of a file (a <figure> is described in `sim.figures`; of a range without a value the middle is
its best figure)::

    case: Rwanda 1993-94
    until: "1994-07-31"          # last day that the figures count
    figures:                     # any of FIGURES
      direct_deaths: <figure>
    end: {date: "1994-07-18", kind: victory, source: .., grade: B}
    note: free text
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from experiments.scenario_folder import scenarios_folder
from sim.errors import bad_value, unknown_name
from sim.figures import figure_range, read_figure
from sim.outcomes import ENDINGS
from sim.reading import choice, known_mapping, needed

FIGURES: Mapping[str, str] = {
    "direct_deaths": "civilians killed within the country, people",
    "displaced": "people displaced at home and abroad at the same time, at most",
    "refugees": "of these, people abroad, at most",
    "mass_killing": "1 if 1,000 civilians of one group were killed within a year, else 0",
    "duration_weeks": "weeks from the first to the last killings of the first episode",
}
"""What a record may hold, in the terms of the model's own outcomes."""
ENTRIES = ("case", "until", "figures", "end", "note")
END_ENTRIES = ("date", "kind", "source", "grade", "note")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One recorded figure: its best value, the range of the sources, and who says so."""

    best: float
    low: float
    high: float
    source: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was recorded of one case.

    Attributes
    ----------
    case : name for the reader.
    until : last day that the figures count.
    figures : by their names in `FIGURES`.
    end : how it ended, one of `sim.outcomes.ENDINGS`.
    end_date : when, None while it went on.
    """

    case: str
    until: date
    figures: Mapping[str, Recorded]
    end: str
    end_date: date | None


def recorded_cases() -> tuple[str, ...]:
    """Return the names of the cases that have a record."""
    return tuple(sorted(file.stem for file in (scenarios_folder() / "record").glob("*.yaml")))


def read_record(name: str) -> Record:
    """Return the record of a case.

    Raises
    ------
    ForestallError
        No such record, or one line that names the entry that is wrong.
    """
    if name not in recorded_cases():
        raise unknown_name("record", name, recorded_cases())
    file = scenarios_folder() / "record" / f"{name}.yaml"
    return record_from(yaml.safe_load(file.read_text(encoding="utf-8")), f"record/{name}")


def record_from(raw: Any, key: str = "record") -> Record:
    """Return the record that a mapping describes."""
    row = known_mapping(key, raw, ENTRIES)
    end = known_mapping(f"{key}.end", needed(key, row, "end"), END_ENTRIES)
    kind = choice(
        f"{key}.end.kind", needed(f"{key}.end", end, "kind"), {name: name for name in ENDINGS}
    )
    source = {name: end.get(name) for name in ("source", "grade")}
    read_figure({"value": 0.0, **source}, f"{key}.end")
    figures = known_mapping(f"{key}.figures", needed(key, row, "figures"), FIGURES)
    return Record(
        case=str(needed(key, row, "case")),
        until=_date(f"{key}.until", needed(key, row, "until")),
        figures={name: _recorded(f"{key}.figures.{name}", raw) for name, raw in figures.items()},
        end=kind,
        end_date=None if end.get("date") is None else _date(f"{key}.end.date", end["date"]),
    )


def _recorded(key: str, raw: Any) -> Recorded:
    best = read_figure(raw, key, low=0.0)
    if not isinstance(raw, Mapping):
        raise bad_value(key, raw, "a figure with its source and grade")
    low, high = figure_range(raw, key)
    return Recorded(
        best=best, low=low, high=high, source=str(raw["source"]), grade=str(raw["grade"])
    )


def _date(key: str, raw: Any) -> date:
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise bad_value(key, raw, 'a date as text, "1994-07-18"') from None
