"""``forestall run``: one scenario in some hundred replicates, each beside the same world left alone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from experiments.command import OneLineParser, run_command
from experiments.overrides import read_overrides
from sim.errors import ForestallError

REPLICATES = 300
NAME = "run"
FIGURE = "weekly_course"
_HELP = """\
Run one scenario and its baseline, the same world without outside action, on the same random numbers.
Prints every outcome of both with 95 % intervals, and draws the course of the weeks.

  forestall run country=burundi_2015                  with the levers of the configuration
  forestall run country=burundi_2015 course=actual    what was done
  forestall run action.start=26 actors.dispersion=1 replicates=1000 output=results/late

It is stored like a sweep of one point: asked for again it only shows, asked for with more replicates
it computes what is missing.
"""


def main(argv: Sequence[str]) -> int:
    """Run a scenario from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    config = one_world(asked.overrides, asked.scenarios, asked.measures)
    # Results are read by heavy libraries: what was asked for is shown before they are loaded.
    from experiments.sweep import exit_code, run_sweep

    # With --json nothing but the object may stand on stdout.
    with redirect_stdout(sys.stderr if asked.json else sys.stdout):
        folder = run_sweep(config, command=["forestall", "run", *argv])
    show(folder, as_json=asked.json, figure=not asked.no_figures)
    return exit_code(folder)


def one_world(
    overrides: Sequence[str], scenarios: Path | None = None, measures: Path | None = None
) -> dict[str, Any]:
    """Return the configuration of a run, with its own number of replicates unless one is given.

    Raises
    ------
    ForestallError
        As `experiments.config.compose`; also for several values of an entry, or a design.
    """
    from experiments.config import compose
    from experiments.own_measures import read_measures_file

    given = read_overrides(overrides)
    for item in given:
        if item.key in ("experiment", "design") or item.key.startswith("design."):
            raise ForestallError(f"{item.key}: run takes one world, forestall sweep a design")
        if item.factor is not None:
            raise ForestallError(f"{item.key}: run takes one value, forestall sweep several")
    own = None if measures is None else read_measures_file(measures)
    config = compose(overrides, scenarios=scenarios, measures=own)
    if all(item.key != "replicates" for item in given):
        config["replicates"] = REPLICATES
    config["name"] = config["name"] or NAME
    return config


def show(folder: Path, *, as_json: bool = False, figure: bool = True) -> None:
    """Print what the one point of a folder came to, draw its weeks, and print the paths."""
    from experiments.compare import as_mapping, compare
    from experiments.run_text import text

    found = compare(folder)
    if as_json:
        print(json.dumps(as_mapping(found), allow_nan=False))
        return
    print()
    print(text(found))
    print()
    print(folder)
    if figure:
        for path in _draw(folder):
            print(path)


def _draw(folder: Path) -> list[Path]:
    from analysis.plots.figure import save
    from experiments.figures import plot
    from experiments.folder import FIGURES

    return list(save(plot(FIGURE, folder), folder / FIGURES / FIGURE))


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall run", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="see above")
    parser.add_argument(
        "--scenarios", type=Path, metavar="DIR", help="folder of your own scenario files"
    )
    parser.add_argument(
        "--measures", type=Path, metavar="FILE.py", help="Python file of your own measures"
    )
    parser.add_argument("--json", action="store_true", help="print outcomes as one JSON object")
    parser.add_argument("--no-figures", action="store_true", help="draw nothing")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall run"))
