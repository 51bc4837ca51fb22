"""``forestall validate``: every outside fact, what the model gives, and whether it lies in the band.

Nothing here changes the model. Facts marked C may have been used by a calibration, those marked V and
S never are; a fact that is missed is printed as missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.engines import compile_notice
from experiments.overrides import read_overrides
from experiments.scenario_folder import scenarios_folder
from experiments.store import writing
from experiments.terminal import notice
from sim.errors import ForestallError, unknown_name

if TYPE_CHECKING:
    from experiments.validation.check import Checked

SETTINGS = ("parameters", "mechanisms", "forms", "posterior")
"""What may be set: the model; what is run is the facts' own."""
CALIBRATED = "calibrated"
MOST_TIMES = 64
_HELP = """\
Hold the model against every outside fact: a statistic of simulated runs, its Monte-Carlo interval,
and the band of the record. reproduced: the interval lies in the band; missed: outside; undecidable:
across its edge, or data are needed; reported: the source gives no band.

  forestall validate                    every fact (some minutes)
  forestall validate --quick            the same with few runs: a check of the machinery, no result
  forestall validate --times 8          with eight times as many runs, where intervals are too wide
  forestall validate --data DIR         with your own copy of the data files, where a fact needs them
  forestall validate RESULTS            also writes facts.csv, facts.json and a figure a family there
  forestall validate posterior=null     at the default parameters; else on the calibrated ensemble,
                                        where the project holds one
  forestall validate parameters.cost_kill=3 mechanisms.trust=false   of a changed model
  forestall validate --page FILE        writes the page of all facts, and its picture beside it
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
    if not 1 <= asked.times <= MOST_TIMES:
        raise ForestallError(f"--times: {asked.times} is not allowed, expected 1 to {MOST_TIMES}")
    from experiments.config import compose
    from experiments.posterior import remark
    from experiments.validation.check import check, facts
    from experiments.validation.evidence import FULL, QUICK, Evidence
    from experiments.validation.table import as_json, as_text

    size = (QUICK if asked.quick else FULL).times(asked.times)
    families = list(dict.fromkeys(fact.family for fact in facts()))
    for family in asked.family:
        if family not in families:
            raise unknown_name("--family", family, families)
    chosen = [fact for fact in facts() if not asked.family or fact.family in asked.family]
    if waiting := compile_notice("compiled"):
        notice(waiting)
    before = time.process_time()
    overrides = _with_posterior(overrides)
    config = compose(overrides)
    if said := remark(config):
        notice(said)
    evidence = Evidence(size, seed=asked.seed, data=asked.data, **_model(config))
    checked = check(evidence, chosen=chosen, show=notice)
    about = {
        "size": size.name, "seed": asked.seed, "data": asked.data is not None,
        "overrides": overrides, "parameter_sets": len(evidence.parameters),
        "posterior": config["posterior"],
        "cpu_seconds": round(time.process_time() - before, 1),
    }  # fmt: skip
    text = as_json(checked, about)
    if folders:
        _write(folders[0], checked, text)
    if asked.page is not None:
        _write_page(asked.page, checked, {**about, "command": _command(asked)})
    if asked.json:
        print(text)
    else:
        print(as_text(checked))
        if asked.quick:
            print("quick: few runs, so that intervals are wide; not a result")
    return DONE


def _command(asked: argparse.Namespace) -> str:
    """Return the command that makes the page again, without the places of this machine."""
    words = [word for word in asked.words if "=" in word]
    families = [f"--family '{name}'" for name in asked.family]
    flags = [
        *(["--quick"] if asked.quick else []),
        *([f"--times {asked.times}"] if asked.times != 1 else []),
        *(["--data DIR"] if asked.data is not None else []),
        *([f"--seed {asked.seed}"] if asked.seed != 1 else []),
    ]
    return " ".join(["forestall validate", *flags, *families, *words, "--page FILE"])


def _with_posterior(overrides: Sequence[str]) -> list[str]:
    """Return the overrides, with the packaged ensemble where nothing else was asked for."""
    for item in read_overrides(overrides):
        if item.key.partition(".")[0] not in SETTINGS:
            raise ForestallError(
                f"{item.key}: validate takes {', '.join(SETTINGS)}; countries and crises are sampled"
            )
        if item.factor is not None:
            raise ForestallError(f"{item.key}: validate takes one value, forestall sweep several")
    packaged = (scenarios_folder() / "posterior" / f"{CALIBRATED}.yaml").is_file()
    if packaged and not any(word.partition("=")[0] == "posterior" for word in overrides):
        return [f"posterior={CALIBRATED}", *overrides]
    return list(overrides)


def _model(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameter sets, switches and forms of a configuration."""
    import numpy as np

    from experiments.posterior import number_of_sets, with_set
    from sim.forms import read_forms
    from sim.mechanisms import read_switches
    from sim.parameters import parameter_row

    rows = [
        parameter_row(with_set(config, number)["parameters"])
        for number in range(number_of_sets(config))
    ]
    return {
        "parameters": np.stack(rows),
        "switches": read_switches(config["mechanisms"]),
        "forms": read_forms(config["forms"]),
    }


def _write(folder: Path, checked: Sequence[Checked], text: str) -> None:
    from experiments.validation.table import as_csv, draw

    with writing(folder, "nothing was written", key=str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        write_aside(folder / "facts.csv", as_csv(checked).encode())
        write_aside(folder / "facts.json", text.encode())
    draw(checked, folder)


def _write_page(file: Path, checked: Sequence[Checked], about: Mapping[str, Any]) -> None:
    from experiments.validation.page import page
    from experiments.validation.table import draw_overview

    with writing(file.parent, "nothing was written", key=str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(file, page(checked, about, picture="validation.png").encode())
    draw_overview(checked, file.with_name("validation.png"))


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall validate", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("words", nargs="*", metavar="RESULTS|key=value", help="see above")
    parser.add_argument("--quick", action="store_true", help="few runs, in less than a minute")
    parser.add_argument(
        "--times", type=int, default=1, metavar="N",
        help=f"so many times as many runs, 1 to {MOST_TIMES} (1)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--data", type=Path, metavar="DIR", help="your own copy of the data files")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page (Markdown)")
    parser.add_argument("--seed", type=int, default=1, help="of samples and runs (1)")
    parser.add_argument(
        "--family", action="append", default=[], metavar="NAME", help="one family of facts alone"
    )
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall validate"))
