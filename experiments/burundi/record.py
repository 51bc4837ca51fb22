"""What was recorded of Burundi 2015-16, read from a folder of FLEE's files that the user names.

None of these files is part of the project. They come with FLEE (github.com/djgroen/flee, BSD-3,
``conflict_input/burundi`` and ``conflict_validation/burundi2015``); a name may begin with
``burundi_`` or ``burundi2015_``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.bounded import content_of, refuse_unshown
from sim.errors import ForestallError, bad_value

Floats = NDArray[np.float64]
_MOST_BYTES = 64 * 1024**2
_MOST_DAYS = 36_525
PREFIXES = ("", "burundi_", "burundi2015_")
TABLES = (
    "locations.csv", "routes.csv", "conflicts.csv", "closures.csv", "sim_period.csv",
    "data_layout.csv", "registration_corrections.csv",
)  # fmt: skip
"""Files that every comparison needs, beside the counts that `data_layout.csv` names."""
SOURCE = "it comes with FLEE, github.com/djgroen/flee: conflict_input/burundi, conflict_validation"


@dataclass(frozen=True, eq=False)
class Recorded:
    """Counts of registered refugees by day.

    Attributes
    ----------
    folder : Path
    start : date
        Day 0.
    days : int
        Days from day 0 to the last; series hold one number more.
    total : float64 (days + 1,)
        Registered in all countries together, interpolated between the counts.
    camps : dict of str to float64 (days + 1,)
        Registered by camp, as the corrections of registration leave it.
    country : dict of str to str
        Country of each camp or hub abroad.
    """

    folder: Path
    start: date
    days: int
    total: Floats
    camps: Mapping[str, Floats]
    country: Mapping[str, str]

    @property
    def countries(self) -> dict[str, Floats]:
        """Return registered refugees by country, the camps of each added up."""
        found: dict[str, Floats] = {}
        for camp, series in self.camps.items():
            state = self.country[camp]
            found[state] = found.get(state, 0.0) + series
        return found


def find_file(folder: Path, name: str) -> Path:
    """Return a file of the folder by its name in FLEE.

    Raises
    ------
    ForestallError
        If it is not there: one line that names it, the folder and where it comes from. A name, which
        a table of the folder may have given, that leads out of the folder.
    """
    if Path(name).name != name:
        raise ForestallError(f"--data {folder}: {name!r} is not the name of a file in the folder")
    if not folder.is_dir():
        raise ForestallError(f"--data {folder}: no such folder")
    for prefix in PREFIXES:
        if (folder / f"{prefix}{name}").is_file():
            return folder / f"{prefix}{name}"
    raise ForestallError(f"--data {folder}: {name} is missing ({SOURCE})")


def lines_of(folder: Path, name: str) -> list[str]:
    """Return the lines of a file of the folder."""
    file = find_file(folder, name)
    try:
        lines = content_of(file, most=_MOST_BYTES).decode("utf-8").splitlines()
        refuse_unshown(lines)
    except UnicodeDecodeError:
        raise ForestallError(f"{file}: not UTF-8 text") from None
    except OSError as error:
        raise ForestallError(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise ForestallError(f"{file}: {error}") from None
    return lines


def read_record(folder: Path) -> Recorded:
    """Read the counts of refugees.

    Raises
    ------
    ForestallError
        One line that names the file, and the line in it: a file that is missing, a date or a count
        that is none, no count at all.
    """
    for name in TABLES:
        find_file(folder, name)
    period = {row[0].lower(): row[1] for _, row in _rows(folder, "sim_period.csv") if len(row) > 1}
    start = _date(period.get("startdate", ""), f"{folder.name}/sim_period.csv: StartDate")
    days = _count(period.get("length", ""), f"{folder.name}/sim_period.csv: Length")
    if days > _MOST_DAYS:
        raise bad_value("Length", days, f"{_MOST_DAYS:,} or less", unit="days")
    corrected = {row[0]: row[1] for _, row in _rows(folder, "registration_corrections.csv")}
    country = {
        row[0]: row[2]
        for _, row in _rows(folder, "locations.csv")
        if len(row) > 5 and row[5] in ("camp", "forwarding_hub")
    }
    layout = {row[0]: row[1] for _, row in _rows(folder, "data_layout.csv") if len(row) > 1}
    if "total" not in layout:
        raise ForestallError(f"{folder.name}/data_layout.csv: no line for 'total'")
    series = {}
    for name, file in layout.items():
        at, counts = _counts(folder, file, start)
        if name in corrected:
            corrected_on = _date(corrected[name], f"registration_corrections.csv: {name}")
            counts = _correct(at, counts, (corrected_on - start).days)
        series[name] = np.interp(np.arange(days + 1), at, counts)
    total = series.pop("total")
    unknown = [camp for camp in series if camp not in country]
    if unknown:
        raise ForestallError(f"{folder.name}/data_layout.csv: no place {unknown[0]!r} in locations")
    return Recorded(folder, start, int(days), total, series, country)


def _rows(folder: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that says something."""
    for number, cells in enumerate(csv.reader(lines_of(folder, name), skipinitialspace=True), 1):
        stripped = [cell.strip() for cell in cells]
        if any(stripped) and not stripped[0].startswith("#"):
            yield number, stripped


def _counts(folder: Path, name: str, start: date) -> tuple[Floats, Floats]:
    """Return the days from the start and the counts of one file; a header is passed over."""
    at: list[float] = []
    counts: list[float] = []
    for number, row in _rows(folder, name):
        if number == 1 and not row[0][:1].isdigit():
            continue
        where = f"{folder.name}/{name} line {number}"
        day = (_date(row[0], f"{where}: date") - start).days
        if at and day <= at[-1]:
            raise bad_value(f"{where}: date", row[0], "a day after the one before")
        at.append(float(day))
        counts.append(_count(row[1] if len(row) > 1 else "", f"{where}: refugees"))
    if not at:
        raise ForestallError(f"{folder.name}/{name}: no count")
    return np.array(at), np.array(counts)


def _correct(at: Floats, counts: Floats, day: int) -> Floats:
    """Return counts that are scaled to meet the first one after registrations were checked."""
    checked = np.flatnonzero(at == day)
    if checked.size == 0 or checked[0] == 0 or counts[checked[0] - 1] <= 0.0:
        return counts
    first = int(checked[0])
    scale = counts[first] / counts[first - 1]
    return np.concatenate([counts[:first] * scale, counts[first:]])


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_value(where, text, "a date as 2015-05-01") from None


def _count(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise bad_value(where, text, "a number", unit="people") from None
    if not 0.0 <= number < 1e9:
        raise bad_value(where, number, "0 or more", unit="people")
    return number
