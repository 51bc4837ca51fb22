"""``forestall burundi``: flight in 2015-16 against registered refugees, and beside FLEE."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.burundi.answers import REPLICATES, compare
from experiments.burundi.flee_package import is_installed
from experiments.burundi.record import read_record
from experiments.burundi.text import as_json, courses_of, csv_of, page_of, text_of
from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.engines import compile_notice
from experiments.store import writing
from experiments.terminal import notice
from sim.errors import bad_value

QUICK = 20
"""Runs of the model with --quick."""
_HELP = """\
Hold flight from Burundi in 2015-16 against the refugees that UNHCR registered, day by day: the model
on the towns, roads, camps and borders of FLEE's files with the recorded conflict imposed and none
simulated; the model's own case with conflict simulated, reported only; and FLEE on the same files.
Nothing is fitted.

  forestall burundi --data DIR            both, and FLEE if it is installed
  forestall burundi --data DIR --quick    20 runs
  forestall burundi --data DIR --figure FILE.png --csv FILE --json

DIR holds FLEE's files for Burundi, which are no part of this project: conflict_input/burundi and
conflict_validation/burundi2015 of github.com/djgroen/flee, in one folder.
FLEE itself: pip install 'forestall[flee]'
"""


def main(argv: Sequence[str]) -> int:
    """Compare from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    runs = asked.replicates or (QUICK if asked.quick else REPLICATES)
    if runs < 2:
        raise bad_value("--replicates", runs, "2 or more")
    record = read_record(asked.data)
    if waiting := compile_notice("compiled"):
        notice(waiting)
    if not is_installed():
        notice("FLEE is left out: pip install 'forestall[flee]'")
    found = compare(record, replicates=runs, seed=asked.seed, with_flee=is_installed())
    if asked.json:
        print(json.dumps(as_json(found), allow_nan=False))
    else:
        print(text_of(found, quick=asked.quick))
    if asked.csv is not None:
        _write(asked.csv, csv_of(found))
    if asked.page is not None:
        _write(asked.page, page_of(found))
        asked.figure = asked.figure or asked.page.with_name("refugees.png")
    if asked.figure is not None:
        from analysis.plots.burundi_refugees import burundi_refugees
        from analysis.plots.figure import save_as

        save_as(burundi_refugees(courses_of(found)), asked.figure)
    return DONE


def _write(file: Path, text: str) -> None:
    with writing(file.parent, "nothing was written", key=str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(file, text.encode())


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall burundi", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="FLEE's files")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} runs")
    parser.add_argument("--replicates", type=int, help=f"runs of the model ({REPLICATES})")
    parser.add_argument("--seed", type=int, default=1, help="of all draws (1)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the table as CSV")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page (Markdown)")
    parser.add_argument("--figure", type=Path, metavar="FILE", help="draw it (png, pdf or svg)")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall burundi"))
