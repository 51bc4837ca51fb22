"""``forestall validate``: every outside fact, what the model gives, and whether it lies in the band.

Nothing here changes the model. Facts marked C may have been used by a calibration, those marked V and
S never are; a fact that is missed is printed as missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.engines import compile_notice
from experiments.overrides import read_overrides
from experiments.store import writing
from experiments.terminal import notice
from sim.errors import ForestallError, unknown_name

if TYPE_CHECKING:
    import numpy as np

    from experiments.validation.check import Checked

_HELP = """\
Hold the model against every outside fact: a statistic of simulated runs, its Monte-Carlo interval,
and the band of the record. reproduced: the interval lies in the band; missed: outside; undecidable:
across its edge, or data are needed; reported: the source gives no band.

  forestall validate                    every fact (some minutes)
  forestall validate --quick            the same with few runs: a check of the machinery, no result
  forestall validate --data DIR         with your own copy of the data files, where a fact needs them
  forestall validate RESULTS            also writes facts.csv, facts.json and a figure a family there
  forestall validate parameters.cost_kill=3   of a changed model
  forestall validate --family tails     one family alone

--json prints everything. Facts marked C may be calibrated on; V and S never are.
"""


def main(argv: Sequence[str]) -> int:
    """Check facts from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    overrides = [word for word in asked.words if "=" in word]
    folders = [Path(word) for word in asked.words if "=" not in word]
    if len(folders) > 1:
        raise ForestallError(f"validate: one folder for results, not {len(folders)}")
    if asked.data is not None and not asked.data.is_dir():
        raise ForestallError(f"--data: {asked.data} is no folder")
    from experiments.validation.check import check, facts
    from experiments.validation.evidence import FULL, QUICK, Evidence
    from experiments.validation.table import as_json, as_text

    size = QUICK if asked.quick else FULL
    families = list(dict.fromkeys(fact.family for fact in facts()))
    for family in asked.family:
        if family not in families:
            raise unknown_name("--family", family, families)
    chosen = [fact for fact in facts() if not asked.family or fact.family in asked.family]
    if waiting := compile_notice("compiled"):
        notice(waiting)
    before = time.process_time()
    evidence = Evidence(size, seed=asked.seed, data=asked.data, parameters=_parameters(overrides))
    checked = check(evidence, chosen=chosen, show=notice)
    about = {
        "size": size.name, "seed": asked.seed, "data": asked.data is not None,
        "overrides": overrides, "parameter_sets": len(evidence.parameters),
        "cpu_seconds": round(time.process_time() - before, 1),
    }  # fmt: skip
    text = as_json(checked, about)
    if folders:
        _write(folders[0], checked, text)
    if asked.json:
        print(text)
    else:
        print(as_text(checked))
        if asked.quick:
            print("quick: few runs, so that intervals are wide; not a result")
    return DONE


def _parameters(overrides: Sequence[str]) -> np.ndarray:
    """Return the row of parameters that overrides ask for."""
    from sim.parameters import parameter_row

    given: dict[str, Any] = {}
    for item in read_overrides(overrides):
        section, _, name = item.key.partition(".")
        if section != "parameters":
            raise ForestallError(f"{item.key}: validate takes parameters.NAME=VALUE alone")
        if item.factor is not None:
            raise ForestallError(f"{item.key}: validate takes one value, forestall sweep several")
        from experiments.overrides import value_of

        given[name] = value_of(item)
    return parameter_row(given)


def _write(folder: Path, checked: Sequence[Checked], text: str) -> None:
    from experiments.validation.table import as_csv, draw

    with writing(folder, "nothing was written", key=str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        write_aside(folder / "facts.csv", as_csv(checked).encode())
        write_aside(folder / "facts.json", text.encode())
    draw(checked, folder)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall validate", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "words", nargs="*", metavar="RESULTS|parameters.NAME=VALUE", help="see above"
    )
    parser.add_argument("--quick", action="store_true", help="few runs, in less than a minute")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--data", type=Path, metavar="DIR", help="your own copy of the data files")
    parser.add_argument("--seed", type=int, default=1, help="of samples and runs (1)")
    parser.add_argument(
        "--family", action="append", default=[], metavar="NAME", help="one family of facts alone"
    )
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall validate"))
