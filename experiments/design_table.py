"""Designs from a table: one row a point, one column a factor, as CSV or Parquet.

``design.table=points.csv`` runs points that another program chose (a design of R's, an experiment of
EMA workbench)::

    action.start,actors.dispersion,fear_fade
    0,0.25,0.1
    never,0.5,0.2

A column is named like any factor; a parameter of the model also by its bare name. Values are numbers,
words, ``true`` and ``false``. Points get the ids that any other design gives them, so that a longer
table computes only what is missing. Factors that list their values are crossed with the rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.bounded import content_of, refuse_unshown, table_of
from experiments.factors import Factor, Interval, Listed, documented_entry
from experiments.overrides import GROUPS, Override
from experiments.ranges import Range
from sim.errors import ForestallError, bad_value

KEY = "design.table"
TABLE = "table"
"""Name of the method of such a design."""
MOST_BYTES = 64 * 1024**2
"""Of the file: a million points of eight factors."""
MOST_CELLS = 10_000_000
LONGEST = 100
"""Characters of a value or a name."""
_PARQUET = b"PAR1"
_WHOLE = re.compile(r"[+-]?[0-9]+")
_REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_TRUTHS = {"true": True, "false": False}
_MISSING = ("", "na", "n/a", "nan", "null", "inf", "+inf", "-inf", "infinity", "-infinity")
_FORMULA = ("=", "+", "-", "@")
_ROWS = ("columns", "lines", "counted")
Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class _Read:
    """A table as it stands in a file: `lines` says where each row is, counted in lines or rows."""

    columns: Columns
    lines: list[int]
    counted: str


def add_table(config: dict[str, Any], given: Sequence[Override]) -> None:
    """Read the table that a configuration names and put its rows in place of the name.

    Parameters
    ----------
    config : changed in place; columns of scenario files become factors, whose worlds are still to be
        made (`experiments.worlds`).
    given : overrides of the user, who alone may name a file to read.

    Raises
    ------
    ForestallError
        A file that cannot be read, a cell without a value, a column that is set elsewhere too.
    """
    asked = config["design"].get(TABLE)
    keys = [item.key for item in given]
    if KEY in config["design"]["factors"]:
        raise ForestallError(f"{KEY}: a sweep has one table, run one after the other")
    if asked is None:
        return
    if KEY not in keys:
        raise ForestallError(f"{KEY}: a scenario file may not choose it, give {KEY}=FILE yourself")
    if not isinstance(asked, str) or not asked:
        raise bad_value(KEY, asked, "the path of a CSV or Parquet file")
    file = Path(asked).expanduser()
    content = _content(file)
    table = _of_parquet(file, content) if content[:4] == _PARQUET else _of_csv(file, content)
    for name in table.columns:
        if name in config["design"]["factors"] or name in keys:
            raise ForestallError(f"{name}: set beside {file.name}, which has a column of that name")
        if name in GROUPS:
            files = [str(value).split("+") for value in dict.fromkeys(table.columns[name])]
            config["design"]["factors"][name] = [
                several if len(several) > 1 else several[0] for several in files
            ]
    config["design"][TABLE] = {
        "file": str(file), "sha256": hashlib.sha256(content).hexdigest(), "columns": table.columns,
        "lines": table.lines, "counted": table.counted,
    }  # fmt: skip


def rows_of_table(config: Mapping[str, Any]) -> Columns:
    """Return the columns of the table of a configuration; none where it has no table."""
    table = config["design"].get(TABLE)
    return {} if table is None else dict(table["columns"])


def places_of_table(config: Mapping[str, Any]) -> list[str]:
    """Return for each row of the table where it stands, as errors say it."""
    table = config["design"][TABLE]
    name = Path(table["file"]).name
    return [f"{name}, {table['counted']} {line}" for line in table["lines"]]


def without_rows(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration to be stored: of a table its name and hash, the design has its rows."""
    design = dict(config["design"])
    if design.get(TABLE) is not None:
        design[TABLE] = {key: design[TABLE][key] for key in design[TABLE] if key not in _ROWS}
    return {**config, "design": design}


def factors_of_table(config: Mapping[str, Any]) -> dict[str, Factor]:
    """Return the factors that are columns of the table, by name.

    Numbers are a factor with an interval, from the least to the largest; words are a list.

    Raises
    ------
    ForestallError
        No such entry, or a number beyond what it may be; the message names the line.
    """
    columns = rows_of_table(config)
    if not columns:
        return {}
    places = places_of_table(config)
    head = f"{Path(config['design'][TABLE]['file']).name}, header"
    found: dict[str, Factor] = {}
    for name, values in columns.items():
        if name in GROUPS:
            listed = tuple(dict.fromkeys(values))
            found[name] = Listed(name=name, unit="scenario file", source="", values=listed)
            continue
        documented = documented_entry(name, config, where=head)
        if documented is not None:
            _refuse_beyond(name, values, documented, places)
        found[name] = _factor(name, values, documented)
    return found


def _factor(name: str, values: Sequence[Any], documented: Range | None) -> Factor:
    unit = documented.unit if documented else ""
    different = tuple(dict.fromkeys(values))
    if len(different) == 1 or any(isinstance(value, str | bool) for value in different):
        return Listed(name=name, unit=unit, source="the design's table", values=different)
    return Interval(
        name=name, unit=unit, source="the design's table", low=float(min(different)),
        high=float(max(different)), whole=all(isinstance(value, int) for value in different),
    )  # fmt: skip


def _refuse_beyond(name: str, values: Sequence[Any], allowed: Range, places: Sequence[str]) -> None:
    for value, place in zip(values, places, strict=True):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and not allowed.least <= value <= allowed.most:
            limits = f"{allowed.least:g} to {allowed.most:g}"
            raise bad_value(f"{place}: {name}", value, limits, unit=allowed.unit)


def _content(file: Path) -> bytes:
    try:
        return content_of(file, most=MOST_BYTES, pipes=True)
    except OSError as error:
        raise ForestallError(f"{KEY}: {file}: {error.strerror or error}") from None
    except ValueError as error:
        raise ForestallError(f"{KEY}: {file}: {error}") from None


def _of_csv(file: Path, content: bytes) -> _Read:
    try:
        text = content.decode("utf-8-sig")  # spreadsheets begin with a mark
    except UnicodeDecodeError:
        raise ForestallError(f"{KEY}: {file}: not UTF-8 text") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(lines, [])
        if len(header) == 1 and (other := re.search("[;\t]", header[0])):
            raise ForestallError(f"{file.name}: columns are parted by commas, not {other[0]!r}")
        names = _names(file, header)
        rows, places = [], []
        for row in lines:
            place = f"{file.name}, line {lines.line_num}"
            if not row or row == [""]:
                continue
            if len(row) != len(names):
                raise ForestallError(
                    f"{place}: {len(row)} values, where the header names {len(names)} columns"
                )
            rows.append([_value(place, *cell) for cell in zip(names, row, strict=True)])
            places.append(lines.line_num)
            _refuse_many(file, len(rows), len(names))
    except csv.Error as error:
        raise ForestallError(f"{file.name}, line {lines.line_num}: {error}") from None
    return _table(file, names, rows, places, "line")


def _of_parquet(file: Path, content: bytes) -> _Read:
    try:
        table = table_of(content, most=16 * MOST_BYTES)
    except ValueError as error:
        raise ForestallError(f"{KEY}: {file}: {error}") from None
    names = _names(file, table.column_names)
    _refuse_many(file, table.num_rows, len(names))
    columns = [table.column(place).to_pylist() for place in range(len(names))]
    rows = []
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        place = f"{file.name}, row {number}"
        rows.append([_value(place, *cell) for cell in zip(names, row, strict=True)])
    return _table(file, names, rows, list(range(1, len(rows) + 1)), "row")


def _table(
    file: Path, names: Sequence[str], rows: list[list[Any]], places: list[int], counted: str
) -> _Read:
    if not rows:
        raise ForestallError(f"{file.name}: has no points, one row each below the header")
    columns = {
        name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }
    return _Read(columns, places, counted)


def _names(file: Path, header: Iterable[str]) -> list[str]:
    """Return the names of the columns, those of parameters with their section."""
    from sim.parameters import NAMES

    head, names = f"{file.name}, header", []
    for place, text in enumerate(header, start=1):
        name = _shown(head, text.strip())
        if not name:
            raise ForestallError(
                f"{head}: column {place} has no name (a column of row numbers is to be left out)"
            )
        name = f"parameters.{name}" if name in NAMES else name
        if name in names:
            raise ForestallError(f"{head}: column {name!r} stands there twice")
        names.append(name)
    if not names:
        raise ForestallError(f"{file.name}: is empty, its header names the factors")
    return names


def _value(place: str, name: str, cell: Any) -> Any:
    """Return what one cell holds: a number, a truth, or a word."""
    value = _of_text(_shown(f"{place}: {name}", cell.strip())) if isinstance(cell, str) else cell
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        given = "nothing" if cell in (None, "") else repr(cell)
        raise ForestallError(
            f"{place}: {name} is {given}, expected a finite number or a word (a start may be 'never')"
        )
    if not isinstance(value, int | float | str):
        raise bad_value(f"{place}: {name}", value, "a number or a word")
    if isinstance(value, str) and value.startswith(_FORMULA):
        raise ForestallError(f"{place}: {name} is the formula {value!r}, expected its value")
    return value


def _of_text(text: str) -> Any:
    if _WHOLE.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text):
        return float(text)
    if text.lower() in _MISSING:
        return None
    return _TRUTHS.get(text.lower(), text)


def _shown(where: str, text: str) -> str:
    if len(text) > LONGEST:
        raise ForestallError(f"{where}: more than {LONGEST} characters")
    try:
        refuse_unshown((text,))
    except ValueError as error:
        raise ForestallError(f"{where}: {error}") from None
    return text


def _refuse_many(file: Path, rows: int, columns: int) -> None:
    from experiments.config import MOST_POINTS

    if rows > MOST_POINTS:
        raise ForestallError(f"{file.name}: more than {MOST_POINTS:,} points")
    if rows * columns > MOST_CELLS:
        raise ForestallError(f"{file.name}: more than {MOST_CELLS:,} values")
