"""``forestall calibrate``: from a stated budget of simulations to a frozen ensemble."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from experiments.command import DONE, OneLineParser, run_command
from experiments.provenance import cores
from experiments.scenario_folder import refuse_escape
from experiments.terminal import notice
from sim.errors import ForestallError, bad_value

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.facts import Simulator
    from experiments.calibration.pipeline import Budget, Calibration
    from experiments.ranges import Range

CALIBRATED, PRIOR = "calibrated", "prior"
_PLACES = ("--output", "--freeze", "--workers")
DECLARED = Path(__file__).with_name("declared.yaml")
QUICK = {
    "screening": {"paths": 2, "further": 2, "shortlist": 12, "countries": 16, "crises": 8},
    "worlds": {"countries": 48, "crises": 16},
    "budget": {"first": 64, "later": 16, "waves": 2, "check": 8, "sets": 32},
    "recovery": {"truths": 8},
}
"""Sizes with which the machinery can be tried in minutes; what comes of them is no calibration."""
_HELP = """\
Calibrate the model on the outside facts marked C, and on nothing else: Morris screening chooses at most
twelve free parameters, a Gaussian process learns from a stated number of simulations how the facts'
statistics follow from them, and the ensemble is drawn from what the facts leave. Writes posterior/ (the
ensemble, and one of the prior), tables and a figure; simulations are kept, so that the same command
takes up where it stopped, and equal seeds give equal files.

  forestall calibrate                     some ten minutes of one core
  forestall calibrate --quick             some minutes: tries the machinery, no calibration
  forestall calibrate --recovery          also whether known parameters are recovered
  forestall calibrate --name mine --freeze DIR   copies both ensembles into DIR/posterior, for
                                          posterior=mine with --scenarios DIR
"""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the file of a calibration says; see ``declared.yaml``."""

    seed: int
    screening: Mapping[str, int]
    worlds: Mapping[str, int]
    budget: Budget
    truths: int
    set_by_a_study: Mapping[str, str]
    uncertain: tuple[str, ...]

    def candidates(self) -> tuple[str, ...]:
        """Return the parameters that are screened."""
        from sim.parameters import PARAMETERS

        return tuple(
            one.name
            for one in PARAMETERS
            if one.name not in self.set_by_a_study and one.low < one.high
        )


def declared(*, quick: bool = False) -> Declared:
    """Return what is declared of the calibration."""
    from experiments.calibration.pipeline import Budget

    raw = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    if quick:
        raw |= QUICK
    return Declared(
        seed=int(raw["seed"]), screening=raw["screening"], worlds=raw["worlds"],
        budget=Budget(
            **{name: raw["screening"][name] for name in ("paths", "further", "shortlist")},
            **raw["budget"],
        ),
        truths=int(raw["recovery"]["truths"]), set_by_a_study=raw["set_by_a_study"],
        uncertain=tuple(raw["uncertain"]),
    )  # fmt: skip


def main(argv: Sequence[str], *, simulators: Callable[..., Simulator] | None = None) -> int:
    """Calibrate from command-line arguments; exit code as in `experiments.command`.

    Parameters
    ----------
    argv : the arguments.
    simulators : makes a simulator of so many ``countries`` and ``crises``; the model's by default.
    """
    asked = _parser().parse_args(list(argv))
    for package in ("sklearn", "SALib"):
        if find_spec(package) is None:
            raise ForestallError(
                f"{package} is not installed, pip install 'forestall[calibration]'"
            )
    if asked.seed is not None and not 0 <= asked.seed < 2**31:
        raise bad_value("--seed", asked.seed, "a whole number from 0 to 2147483647")
    refuse_escape("--name", asked.name)
    if asked.workers is not None and asked.workers < 1:
        raise bad_value("--workers", asked.workers, "1 or more", unit="processes")
    settings = declared(quick=asked.quick)
    settings = replace(settings, seed=settings.seed if asked.seed is None else asked.seed)
    folder = (asked.output or Path("results") / _folder_name(asked)).expanduser()
    command = ["forestall", "calibrate", *_without_places(argv)]
    notice(f"into {folder}, some {'' if asked.quick else 'ten '}minutes ...")
    found = run(
        settings, folder, recovery=asked.recovery, command=command, name=asked.name,
        simulators=simulators, workers=asked.workers,
    )  # fmt: skip
    if asked.freeze is not None:
        found["written"] += [str(path) for path in copied(folder, asked.freeze.expanduser())]
    if asked.json:
        print(json.dumps(found | {"quick": asked.quick}, allow_nan=False))
        return DONE
    from experiments.calibration.text import text

    print(text(found, quick=asked.quick))
    return DONE


def run(
    settings: Declared,
    folder: Path,
    *,
    recovery: bool = False,
    command: Sequence[str] = (),
    name: str = CALIBRATED,
    simulators: Callable[..., Simulator] | None = None,
    workers: int | None = None,
) -> dict[str, Any]:
    """Run a calibration into a folder and return what it came to, as plain data.

    Parameters
    ----------
    settings : as `declared` returns them.
    folder : of the results; simulations that it holds are not run again.
    recovery : whether known parameters are to be recovered as well.
    command : for the frozen files.
    name : of the ensemble.
    simulators : as for `main`.
    workers : processes of the model's own; all cores when None.
    """
    from experiments.calibration.evaluations import Evaluations
    from experiments.calibration.model_simulator import ModelSimulator
    from experiments.calibration.pipeline import calibrate, free_parameters, prior_ensemble, screen
    from experiments.calibration.recovery import coverage, recover

    make = simulators or partial(ModelSimulator, workers=workers)
    kept = folder / "simulations"
    sizes = {name: settings.screening[name] for name in ("countries", "crises")}
    with closing(make(**sizes)) as simulator:
        evaluations = Evaluations(simulator, kept, show=_shown("screening"))
        screening, screened = screen(
            evaluations, settings.candidates(), settings.budget, seed=settings.seed
        )
    free = free_parameters(screening)
    uncertain = tuple(name for name in settings.uncertain if name not in free)
    with closing(make(**settings.worlds)) as simulator:
        evaluations = Evaluations(simulator, kept, show=_shown("waves"))
        found = calibrate(evaluations, free, uncertain, settings.budget, seed=settings.seed)
        prior = prior_ensemble(found.space, settings.budget.sets, seed=settings.seed)
        tables = {
            "screening": screening, "waves": found.waves, "facts": found.check,
            "contraction": found.contraction(),
        }  # fmt: skip
        if recovery:
            evaluations = Evaluations(simulator, kept, show=_shown("recovery"))
            recovered = recover(
                found, evaluations, truths=settings.truths, seed=settings.seed + 1,
                workers=workers or cores(),
            )  # fmt: skip
            tables |= {"recovery": recovered, "coverage": coverage(recovered)}
    about = _about(settings, found, screened, simulator.runs, command)
    return _written(folder, name, found, prior, tables, about)


def copied(folder: Path, freeze: Path) -> list[Path]:
    """Copy both frozen ensembles of a folder of results into ``DIR/posterior``."""
    from experiments.posterior import FOLDER
    from experiments.store import writing

    with writing(freeze):
        (freeze / FOLDER).mkdir(parents=True, exist_ok=True)
        return [
            Path(shutil.copyfile(file, freeze / FOLDER / file.name))
            for file in sorted((folder / FOLDER).iterdir())
        ]


def _about(
    settings: Declared,
    found: Calibration,
    screened: int,
    runs: int,
    command: Sequence[str],
) -> dict[str, Any]:
    budget = settings.budget
    return {
        "command": " ".join(command),
        "seed": settings.seed,
        "budget": {
            "screening": {**settings.screening, "parameter_sets": screened},
            "worlds": {**settings.worlds},
            "waves": budget.waves, "parameter_sets": found.simulated,
            "model_runs": found.simulated * runs
            + screened * (settings.screening["countries"] + settings.screening["crises"]),
        },
        "facts": [fact.as_row() for fact in found.facts],
    }  # fmt: skip


def _written(
    folder: Path,
    name: str,
    found: Calibration,
    prior: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    from analysis.plots.contraction import contraction
    from experiments.calibration.frozen import freeze, rows_of
    from experiments.design_study import write_figure, write_tables
    from experiments.posterior import FOLDER

    diagnostics = {
        "left": found.draws.left, "effective_proposals": found.draws.effective,
        "free": rows_of(tables["contraction"]),
        "uncertain": list(map(_sampled, found.space.uncertain)),
        "facts_of_the_ensemble": rows_of(tables["facts"]),
    }  # fmt: skip
    if "coverage" in tables:
        diagnostics["recovery"] = rows_of(tables["coverage"])
    posterior, digest = freeze(
        folder / FOLDER, name, found.ensemble, {**about, **diagnostics},
        head="Parameter sets that the outside facts marked C leave; written by forestall calibrate.\n"
        "source: simulated by the command below, as experiments/calibration/declared.yaml says;\n"
        "ranges have their sources in sim/parameters.py, facts theirs in experiments/VALIDATION.md.",
    )  # fmt: skip
    ranges = [*map(_sampled, found.space.free), *map(_sampled, found.space.uncertain)]
    before, prior_digest = freeze(
        folder / FOLDER, PRIOR if name == CALIBRATED else f"{name}_{PRIOR}", prior,
        {"command": about["command"], "seed": about["seed"], "sampled": ranges},
        head=f"Parameter sets over the documented ranges, before any fact; see {name}.yaml.\n"
        "source: drawn from the ranges below, each with its source (sim/parameters.py).",
    )  # fmt: skip
    paths = [*posterior, *before, *write_tables(folder, "tables", tables)]
    figure = contraction(tables["contraction"], tables["facts"], tables.get("coverage"))
    paths += write_figure(folder, "contraction", figure)
    return {
        "digest": digest, "prior_digest": prior_digest, **about, **diagnostics,
        "written": [str(path) for path in paths],
    }  # fmt: skip


def _sampled(one: Range) -> dict[str, Any]:
    return {
        "parameter": one.name, "low": one.low, "high": one.high, "scale": one.scale,
        "unit": one.unit, "source": one.source,
    }  # fmt: skip


def _shown(what: str) -> Callable[[int, int], None]:
    def show(done: int, wanted: int) -> None:
        print(f"{what}: {done:,} of {wanted:,} parameter sets", file=sys.stderr, flush=True)

    return show


def _folder_name(asked: argparse.Namespace) -> str:
    return "calibration-quick" if asked.quick else "calibration"


def _without_places(argv: Sequence[str]) -> list[str]:
    """Return the arguments that decide what comes out, not those that say where and how fast."""
    kept, skip = [], False
    for word in argv:
        if skip or word in ("--json", "--debug"):
            skip = False
        elif word in _PLACES:
            skip = True
        elif not word.startswith(tuple(f"{place}=" for place in _PLACES)):
            kept.append(word)
    return kept


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall calibrate", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="try the machinery on a small budget")
    parser.add_argument("--recovery", action="store_true", help="recover known parameters as well")
    parser.add_argument("--name", default=CALIBRATED, help="of the ensemble; calibrated by default")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="of everything; declared unless given"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes; all cores unless given"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder of the results")
    parser.add_argument("--freeze", type=Path, metavar="DIR", help="folder of scenarios, see above")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall calibrate"))
