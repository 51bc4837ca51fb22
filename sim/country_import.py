"""A country from two tables of comma-separated lines: towns, and roads between them.

Two forms are read. FLEE's (github.com/djgroen/flee), in its present and its older headers::

    #name,region,country,latitude,longitude,location_type,conflict_date,population
    #name1,name2,distance,forced_redirection

and a plain one::

    name,latitude,longitude,population[,kind,neighbour]
    from,to,km

where `kind` is community, camp or hub and `neighbour` the state that a place across the border lies
in. Of FLEE's location types conflict_zone, town and marker (a crossing where nobody lives) are
communities, camp and idpcamp camps, forwarding_hub a hub; its population of a camp is what the camp
can take in. Lines that begin with # after the header are skipped.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.country import MOST_PLACES, Country
from sim.errors import ScenarioError, bad_value, shortened, unknown_name

TOWN_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "flee": {
        "name": ("name",),
        "country": ("country",),
        "latitude": ("latitude", "lat", "gps_x"),
        "longitude": ("longitude", "lon", "gps_y"),
        "kind": ("location_type",),
        "population": ("population", "pop/cap", "pop"),
    },
    "plain": {
        "name": ("name",),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "population": ("population",),
    },
}
"""Columns that the towns need, and the headers under which each is found."""

ROAD_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "flee": {"from": ("name1",), "to": ("name2",), "km": ("distance",)},
    "plain": {"from": ("from",), "to": ("to",), "km": ("km",)},
}
OPTIONAL_COLUMNS: Mapping[str, tuple[str, ...]] = {"kind": ("kind",), "neighbour": ("neighbour",)}

LONGEST_NAME = 100
FLEE_KINDS: Mapping[str, str] = {
    "conflict_zone": "community", "conflict": "community", "town": "community",
    "marker": "community", "camp": "camp", "idpcamp": "camp", "forwarding_hub": "hub",
}  # fmt: skip
PLAIN_KINDS: Mapping[str, str] = {kind: kind for kind in ("community", "camp", "hub")}


class Imported(NamedTuple):
    """A mapping for `Country.from_mapping`, and a line for everything read otherwise than given."""

    mapping: dict[str, Any]
    notices: list[str]


class Conflicts(NamedTuple):
    """Conflict by day: `level` (D, P) in [0, 1] for the days (D,) and the places (P,)."""

    days: NDArray[np.int64]
    places: tuple[str, ...]
    level: NDArray[np.float64]
    notices: list[str]


class Row(NamedTuple):
    """One line of a table: where it stands and its cells by column."""

    where: str
    cells: Mapping[str, str]


def country_from_tables(
    towns: Iterable[str],
    roads: Iterable[str],
    *,
    name: str,
    form: str = "flee",
    groups: Sequence[str] = ("people",),
    shares: Mapping[str, float] | None = None,
    exclusion: Mapping[str, float] | None = None,
    home: str | None = None,
    capital: str | None = None,
    missing_population: tuple[float, float] | None = None,
    openness: tuple[float, float] = (0.0, 1.0),
    skip_unknown: bool = False,
) -> Imported:
    """Return the country that two tables describe, as a mapping for `Country.from_mapping`.

    Parameters
    ----------
    towns, roads : iterable of str
        Lines of text; the first is the header.
    name : str
        Name of the country.
    form : {"flee", "plain"}
        Form of the tables.
    groups, shares, exclusion
        Identity groups, their national shares and their exclusion, both 0 to 1: the tables do not
        give them.
    home : str, optional
        The country itself, where FLEE's towns lie in several; most of its towns' country if left
        out.
    capital : str, optional
        The most populous town if left out.
    missing_population : (low, high), optional
        Range in persons for towns without a figure.
    openness : (low, high), optional
        Range, 0 to 1, for the openness of each neighbour's border.
    skip_unknown : bool, optional
        Skip roads to places that the towns do not list, with a notice, and do not refuse them.

    Raises
    ------
    ScenarioError
        One line that names the table and the line in it: an empty table, a missing column, an
        unknown or a repeated town, a coordinate, population or length that is missing, not a number
        or out of range, parts that no road joins.
    """
    if form not in TOWN_COLUMNS:
        raise unknown_name("form", form, TOWN_COLUMNS)
    table = _table(towns, "towns", TOWN_COLUMNS[form], OPTIONAL_COLUMNS)
    rows = list(islice(table, MOST_PLACES + 1))
    if len(rows) > MOST_PLACES:
        raise bad_value("towns", f"more than {MOST_PLACES:,} lines", f"at most {MOST_PLACES:,}")
    if not rows:
        raise ScenarioError("towns: no line below the header")
    _refuse_repeated(rows)
    notices: list[str] = []
    sides = _sides(rows, form=form, home=home, notices=notices)
    places = {row.cells["name"]: _place(row, *side) for row, side in zip(rows, sides, strict=True)}
    _fill_population(places, missing_population, notices)
    states = sorted({str(row["neighbour"]) for row in places.values() if "neighbour" in row})
    border = {"low": openness[0], "high": openness[1], "source": "not in the tables", "grade": "D"}
    mapping: dict[str, Any] = {
        "name": name,
        "groups": list(groups),
        "neighbours": {state: {"openness": dict(border)} for state in states},
        "capital": capital if capital is not None else _most_populous(places, notices),
        "places": places,
        "roads": _roads(roads, places, form=form, skip_unknown=skip_unknown, notices=notices),
    }
    mapping |= {"shares": dict(shares)} if shares is not None else {}
    mapping |= {"exclusion": dict(exclusion)} if exclusion is not None else {}
    Country.from_mapping(mapping)
    return Imported(mapping, notices)


def conflicts_from_table(
    lines: Iterable[str], places: Iterable[str], *, skip_unknown: bool = False
) -> Conflicts:
    """Return FLEE's conflict by day (header ``#Day,<place>,...``) for the places of a country.

    Parameters
    ----------
    lines : iterable of str
        Lines of text; the first is the header.
    places : iterable of str
        Names of the country's places; places without a column are not in the answer.
    skip_unknown : bool, optional
        Skip columns of places that the country does not have, with a notice, and do not refuse
        them.

    Raises
    ------
    ScenarioError
        One line that names the line: an unknown place, a day or level that is not a number, a level
        outside 0 to 1, days that do not ascend.
    """
    known = set(places)
    header, body = _header(_lines(lines, "conflicts"), "conflicts")
    if header[0].lower() != "day":
        raise bad_value("conflicts: first column", header[0], "'Day'")
    unknown = [column for column in header[1:] if column not in known]
    if unknown and not skip_unknown:
        raise unknown_name("conflicts", unknown[0], known)
    kept = [i for i, column in enumerate(header) if i and column in known]
    days, levels = [], []
    for row in body:
        where, cells = row
        _refuse_length(where, cells, header)
        days.append(_whole(cells[0], f"{where}: Day"))
        levels.append([_level(cells[i], f"{where}: {header[i]}") for i in kept])
        if len(days) > 1 and days[-1] <= days[-2]:
            raise bad_value(f"{where}: Day", days[-1], f"a day after {days[-2]}")
    notices = [f"conflicts: skipped {column!r}, no such place" for column in unknown]
    level = np.array(levels, dtype=np.float64).reshape(len(days), len(kept))
    found = tuple(header[i] for i in kept)
    return Conflicts(np.array(days, dtype=np.int64), found, level, notices)


# --- lines and cells ----------------------------------------------------------------------------


def _lines(lines: Iterable[str], table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield where each line that is not blank stands, and its cells without spaces around them."""
    source = lines.splitlines() if isinstance(lines, str) else lines

    def text() -> Iterator[str]:
        for line in source:
            if not isinstance(line, str):
                raise ScenarioError(f"{table}: not text but {type(line).__name__}")
            yield line.removeprefix("\ufeff")

    reader = csv.reader(text(), skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield f"{table} line {reader.line_num}", [cell.strip() for cell in cells]
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{table}: not UTF-8 text ({error.reason})") from error
    except csv.Error as error:
        raise ScenarioError(f"{table} line {reader.line_num}: {error}") from error


def _header(
    lines: Iterator[tuple[str, list[str]]], table: str
) -> tuple[list[str], Iterator[tuple[str, list[str]]]]:
    """Return the names of the columns, and the lines below that are not comments."""
    first = next(lines, None)
    if first is None:
        raise ScenarioError(f"{table}: empty, a header and at least one line are needed")
    header = [first[1][0].removeprefix("#").strip().strip('"'), *first[1][1:]]
    while header and not header[-1]:
        header.pop()
    for column, count in Counter(header).items():
        if count > 1:
            raise ScenarioError(f"{table}: column {column!r} is given {count} times")
    return header, (line for line in lines if not line[1][0].startswith("#"))


def _fitting_form(table: str, found: Mapping[str, int]) -> str:
    """Return the hint that a header is that of another form, empty when it is not."""
    for form, columns in (TOWN_COLUMNS if table == "towns" else ROAD_COLUMNS).items():
        if all(any(name in found for name in names) for names in columns.values()):
            return f"; it is that of form {form!r}"
    return ""


def _table(
    lines: Iterable[str],
    table: str,
    needed: Mapping[str, tuple[str, ...]],
    optional: Mapping[str, tuple[str, ...]],
) -> Iterator[Row]:
    """Yield the rows of a table under the names of `needed` and `optional`."""
    header, body = _header(_lines(lines, table), table)
    # FLEE writes a unit into some headers: "distance [km]".
    found = {column.lower().split("[")[0].strip(): i for i, column in enumerate(header)}
    at: dict[str, int] = {}
    for column, headers in {**optional, **needed}.items():
        index = next((found[name] for name in headers if name in found), None)
        if index is not None:
            at[column] = index
        elif column in needed:
            raise ScenarioError(
                f"{table}: column {headers[0]!r} is missing, the header has "
                + shortened(", ".join(header))
                + _fitting_form(table, found)
            )
    for where, cells in body:
        _refuse_length(where, cells, header)
        yield Row(where, {name: cells[i] if i < len(cells) else "" for name, i in at.items()})


def _refuse_length(where: str, cells: Sequence[str], header: Sequence[str]) -> None:
    """Raise for cells beyond the last column (FLEE ends some lines with empty ones)."""
    if any(cells[len(header) :]):
        raise ScenarioError(f"{where}: {len(cells)} cells under {len(header)} columns")


def _number(cell: str, where: str, *, low: float, high: float, unit: str) -> float:
    if not cell:
        raise ScenarioError(f"{where}: missing")
    try:
        number = float(cell)
    except ValueError:
        raise bad_value(where, cell, "a number", unit=unit) from None
    if not low <= number <= high:
        raise bad_value(where, number, f"between {low:g} and {high:g}", unit=unit)
    return number


def _whole(cell: str, where: str) -> int:
    number = _number(cell, where, low=0, high=1e12, unit="")
    if number != int(number):
        raise bad_value(where, number, "a whole number")
    return int(number)


def _level(cell: str, where: str) -> float:
    return _number(cell, where, low=0.0, high=1.0, unit="conflict level")


# --- towns and roads ----------------------------------------------------------------------------


def _refuse_repeated(rows: Sequence[Row]) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        town = row.cells["name"]
        if not town:
            raise ScenarioError(f"{row.where}: name: missing")
        # Names are shown on terminals and in figures, where such a character is an order.
        if len(town) > LONGEST_NAME or any(unicodedata.category(sign) == "Cc" for sign in town):
            raise bad_value(
                f"{row.where}: name", town, f"at most {LONGEST_NAME} characters that can be printed"
            )
        if town in seen:
            raise ScenarioError(f"{row.where}: {town!r} is given before, on {seen[town]}")
        seen[town] = row.where


def _sides(
    rows: Sequence[Row], *, form: str, home: str | None, notices: list[str]
) -> list[tuple[str, str | None]]:
    """Return the kind of each place and the neighbour it lies in, if it lies abroad."""
    words = FLEE_KINDS if form == "flee" else PLAIN_KINDS
    kinds = []
    for row in rows:
        word = row.cells.get("kind", "").lower()
        if word not in words and (word or form == "flee"):
            raise unknown_name(f"{row.where}: kind", word, words)
        default = "camp" if row.cells.get("neighbour") else "community"
        kinds.append(words[word] if word else default)
    if form == "plain":
        return [
            (kind, row.cells.get("neighbour") or None)
            for kind, row in zip(kinds, rows, strict=True)
        ]
    states = [row.cells["country"] for row in rows]
    if home is None:
        towns = Counter(
            state for state, kind in zip(states, kinds, strict=True) if kind == "community"
        )
        if not towns:
            raise ScenarioError("towns: no town, only camps and hubs: say which country is home")
        home = towns.most_common(1)[0][0]
    elif home not in states:
        raise unknown_name("home", home, set(states))
    sides: list[tuple[str, str | None]] = []
    for row, state, kind in zip(rows, states, kinds, strict=True):
        if not state:
            raise ScenarioError(f"{row.where}: country: missing")
        if state != home and kind == "community":
            notices.append(f"towns: {row.cells['name']!r} lies in {state}, read as a hub")
            kind = "hub"
        sides.append((kind, None if state == home else state))
    return sides


def _place(row: Row, kind: str, neighbour: str | None) -> dict[str, Any]:
    """Return the entry of one place; `population` is None where it has no figure."""
    cells, where = row.cells, row.where
    place: dict[str, Any] = {
        "latitude": _number(
            cells["latitude"], f"{where}: latitude", low=-90, high=90, unit="degrees"
        ),
        "longitude": _number(
            cells["longitude"], f"{where}: longitude", low=-180, high=180, unit="degrees"
        ),
    }
    given = cells["population"]
    people = _whole(given, f"{where}: population") if given else None
    if kind == "community":
        nobody = cells.get("kind", "").lower() == "marker"
        return place | {"population": 0 if nobody else people}
    place |= {"population": 0, "kind": kind}
    place |= {"neighbour": neighbour} if neighbour is not None else {}
    return place | ({"capacity": people} if people else {})


def _fill_population(
    places: Mapping[str, dict[str, Any]],
    missing: tuple[float, float] | None,
    notices: list[str],
) -> None:
    """Put a range where a town has no figure; refuse it without one."""
    without = [town for town, place in places.items() if place["population"] is None]
    if not without:
        return
    listed = ", ".join(without[:8]) + (", ..." if len(without) > 8 else "")
    if missing is None:
        raise ScenarioError(
            f"towns: no population for {len(without)} of {len(places)} ({listed}): "
            "fill them in, or give a range (missing_population, --missing-population LOW HIGH)"
        )
    low, high = missing
    notices.append(f"towns: no population for {listed}: between {low:g} and {high:g}")
    for town in without:
        places[town]["population"] = {
            "low": low, "high": high, "source": "range given for the import", "grade": "D",
        }  # fmt: skip


def _most_populous(places: Mapping[str, Mapping[str, Any]], notices: list[str]) -> str:
    """Return the town with the largest figure; the first one if none has any."""
    home = [town for town, place in places.items() if "neighbour" not in place]
    if not home:
        raise ScenarioError("towns: no place lies in the country itself")
    figures = {town: places[town]["population"] for town in home}
    capital = max(home, key=lambda town: figures[town] if isinstance(figures[town], int) else -1)
    notices.append(f"capital: not given, {capital!r} has the most people")
    return capital


def _roads(
    lines: Iterable[str],
    places: Mapping[str, object],
    *,
    form: str,
    skip_unknown: bool,
    notices: list[str],
) -> list[list[Any]]:
    """Return the roads as [from, to, km]."""
    roads: list[list[Any]] = []
    for row in _table(lines, "roads", ROAD_COLUMNS[form], {}):
        ends = [row.cells["from"], row.cells["to"]]
        unknown = [town for town in ends if town not in places]
        if unknown and not skip_unknown:
            raise unknown_name(row.where, unknown[0], places)
        if unknown:
            notices.append(f"{row.where}: skipped, no place {unknown[0]!r}")
            continue
        if ends[0] == ends[1]:
            raise ScenarioError(f"{row.where}: a road from {ends[0]!r} to itself")
        km = _number(row.cells["km"], f"{row.where}: km", low=0.0, high=20_000.0, unit="km")
        roads.append([*ends, km])
    return roads
