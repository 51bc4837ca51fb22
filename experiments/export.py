"""``forestall export``: results as CSV files, for R, spreadsheets and everything else.

The Parquet files of a folder can be read as they are (DuckDB, Polars, arrow in R); CSV is for what
cannot. Text that a spreadsheet would take for a formula gets an apostrophe in front of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from experiments import results
from experiments.command import DONE, OneLineParser, run_command
from experiments.results import Results
from experiments.store import writing

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FOLDER = "csv"


def export(path: Path | str, folder: Path | str, *, weekly: bool = False) -> list[Path]:
    """Write the results of a sweep as CSV files and return their paths.

    ``design.csv`` (one row a point), ``runs.csv`` (a run), ``paired.csv`` (a treated run beside its
    baseline), ``failed.csv`` (a run that failed, if any did), with `weekly` also ``weekly.csv``
    (quantiles by point, arm, series and week) and, where they are stored, ``series.csv`` (a run and
    week). Decimal point, comma, UTF-8; a start that never comes is ``inf``, a missing value empty.

    Parameters
    ----------
    path : folder of the results.
    folder : where the files go; made when it does not exist, files of these names are replaced.

    Raises
    ------
    ForestallError
        The results cannot be read, or the folder cannot be written.
    """
    found, target = results.open(path), Path(folder)
    tables: dict[str, Callable[[], Iterator[pd.DataFrame]]] = {
        "design": lambda: iter([found.design]),
        "runs": lambda: iter([found.runs]),
        "paired": lambda: iter([found.paired()]),
    }
    if len(found.failed):
        tables["failed"] = lambda: iter([found.failed])
    if weekly:
        tables["weekly"] = lambda: _weekly(found)
        if found.full:
            tables["series"] = lambda: (found.weekly_runs(*arm) for arm in found.arms)
    with writing(target, "nothing else was changed", key="--output"):
        target.mkdir(parents=True, exist_ok=True)
        return [_write(target / f"{name}.csv", table()) for name, table in tables.items()]


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose text no spreadsheet takes for a formula; numbers stay as they are."""
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype == object or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(without_formula)
    return safe.rename(columns=without_formula)


def csv_of(table: pd.DataFrame) -> bytes:
    """Return a table as a CSV file that no spreadsheet runs anything of."""
    text: str = without_formulas(table).to_csv(index=False)
    return text.encode()


def without_formula(value: object) -> object:
    """Return one cell of such a table."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _weekly(found: Results) -> Iterator[pd.DataFrame]:
    for point, arm in found.arms:
        for series in found.series:
            table = found.weekly_quantiles(series, point, arm)
            table.insert(1, "arm", arm)
            yield table


def _write(file: Path, tables: Iterator[pd.DataFrame]) -> Path:
    aside = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="") as stream:
            for number, table in enumerate(tables):
                without_formulas(table).to_csv(stream, index=False, header=number == 0)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    return file


def main(argv: Sequence[str]) -> int:
    """Write CSV files from stored results; exit code as in `experiments.command`."""
    parser = OneLineParser(
        prog="forestall export",
        description="Write results as CSV files, for R, spreadsheets and everything else.",
    )
    parser.add_argument("results", metavar="RESULTS", help="folder that a sweep wrote")
    parser.add_argument("--output", metavar="DIR", help=f"where to (default: RESULTS/{FOLDER})")
    parser.add_argument(
        "--weekly", action="store_true",
        help="also the weekly quantiles, and the series of every run where they are stored",
    )  # fmt: skip
    asked = parser.parse_args(argv)
    target = asked.output or Path(asked.results) / FOLDER
    for file in export(asked.results, target, weekly=asked.weekly):
        print(file)
    return DONE


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall export"))
