"""``forestall explain``: why one run with action and its baseline came apart, week by week."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.command import DONE, OneLineParser, run_command
from experiments.config import MOST_REPLICATES, compose
from experiments.designs import scenario_of
from experiments.engines import compile_notice
from experiments.overrides import as_override, read_overrides
from experiments.terminal import notice
from sim.errors import ForestallError, bad_value

if TYPE_CHECKING:
    from experiments.explanation import Explanation

REPLICATES = 200
"""Pairs of the decomposition unless replicates=N is given: it runs many worlds for each."""
REPLICATE = "replicate"
_HELP = """\
Explain one pair of runs, with outside action and without it on the same random numbers: which state
differs first, through which processes the difference reaches deaths, and how the weeks go on from
there. Then what action averts over many pairs, divided by mechanism: each is switched off alone, in
both worlds, on the same random numbers; what the parts do not add up to is shown as interactions.

overrides are Hydra's, key=value, one value each:
  action.start=13 actors.dispersion=1 parameters.flight_ceiling=0.02 mechanisms.flight=false
  replicate=4        the pair that is explained; by default the first whose baseline becomes a mass
                     killing, or, if none does, the one with most deaths in the baseline
  replicates=200     pairs over which the decomposition is made
  seed=7 country=NAME executor.workers=2
  output=DIR         also writes the tables as CSV, and a figure of the decomposition
"""


def main(argv: Sequence[str]) -> int:
    """Explain a pair from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    overrides, replicate = read_replicate(asked.overrides)
    _refuse_ignored(overrides)
    config = compose([f"replicates={REPLICATES}", *overrides], scenarios=asked.scenarios)
    from experiments.explain_text import text
    from experiments.explanation import as_mapping, explain

    scenario = scenario_of(config)
    notice(
        f"{config['replicates']:,} pairs of {config['weeks']} weeks, as they are and with each "
        "mechanism switched off"
    )
    if waiting := compile_notice("compiled"):
        notice(waiting)
    found = explain(scenario, config, replicate=replicate)
    written = write(found, Path(config["output"]).expanduser()) if config["output"] else []
    if asked.json:
        print(json.dumps(as_mapping(found), allow_nan=False))
    else:
        print(text(found))
        for path in written:
            print(path)
    return DONE


def read_replicate(overrides: Sequence[str]) -> tuple[list[str], int | None]:
    """Return the overrides without ``replicate=N``, and N; None when it is not given.

    Raises
    ------
    ForestallError
        It is no whole number, 0 or more.
    """
    replicate, others = None, []
    for given, item in zip(overrides, map(as_override, overrides), strict=True):
        if item.key != REPLICATE:
            others.append(given)
            continue
        value = given.partition("=")[2]
        if not value.isdecimal() or int(value) >= MOST_REPLICATES:
            most = f"a whole number between 0 and {MOST_REPLICATES - 1:,}"
            raise bad_value(REPLICATE, value, most)
        replicate = int(value)
    return others, replicate


def write(found: Explanation, folder: Path) -> list[Path]:
    """Write the tables as CSV and a figure of the parts; return what was written."""
    from analysis.plots.figure import save
    from analysis.plots.mechanism_parts import mechanism_parts
    from experiments.chunks import write_aside
    from experiments.export import csv_of
    from experiments.store import writing

    tables = {
        "differences": found.comparison.differences,
        "weekly": found.comparison.weekly,
        "decomposition": found.parts,
    }
    with writing(folder, "nothing is stored there"):
        folder.mkdir(parents=True, exist_ok=True)
        paths = [
            write_aside(folder / f"{name}.csv", csv_of(table)) for name, table in tables.items()
        ]
    figure = mechanism_parts(
        found.parts, off=[name for name, on in found.scenario.switches.items() if not on],
        pairs=found.replicates,
        title=f"{found.scenario.country.name}: what action averts, by mechanism",
    )  # fmt: skip
    return [*paths, *save(figure, folder / "mechanism_parts")]


def _refuse_ignored(overrides: Sequence[str]) -> None:
    for item in read_overrides(overrides):
        if item.key == "engine":
            raise ForestallError(
                "engine: explain runs both, agents side by side, compiled for many"
            )
        if item.key == "experiment" or item.key.startswith("design"):
            raise ForestallError(f"{item.key}: explain takes one world, forestall sweep a design")
        if item.factor is not None:
            raise ForestallError(f"{item.key}: explain takes one value, forestall sweep several")


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall explain", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="see above")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    parser.add_argument(
        "--scenarios", type=Path, metavar="DIR", help="folder of your own scenario files"
    )
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall explain"))
