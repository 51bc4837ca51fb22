"""Studies of a whole design: take stored results, or run a configuration first, and analyse them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.command import OneLineParser
from experiments.engines import Engine
from sim.errors import ForestallError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.quantities import Column, Quantity
    from experiments.results import Results


OUT_HELP = "folder for tables and figures; that of the results unless given"


@dataclass(frozen=True, kw_only=True)
class Study:
    """What a study command was asked for: `folder` of stored results, or overrides of a design."""

    folder: Path | None
    overrides: tuple[str, ...]
    scenarios: Path | None


def require(package: str) -> None:
    """Raise unless a package of the extra ``[sensitivity]`` is installed, before anything is run.

    Raises
    ------
    ForestallError
        It is not; the message says how to install it.
    """
    if find_spec(package) is None:
        raise ForestallError(f"{package} is not installed, pip install 'forestall[sensitivity]'")


def parser(prog: str, description: str) -> argparse.ArgumentParser:
    """Return a parser with the arguments that study commands share."""
    found = OneLineParser(
        prog=prog, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    found.add_argument(
        "given", nargs="*", metavar="RESULTS | key=value",
        help="a folder that a sweep wrote, or Hydra overrides of the design to be run",
    )  # fmt: skip
    found.add_argument(
        "--scenarios", type=Path, metavar="DIR", help="folder of your own scenario files"
    )
    found.add_argument(
        "--outcomes", type=Path, metavar="FILE.py",
        help="Python file of your own outcomes: it is run, and makes numbers from the stored runs",
    )  # fmt: skip
    found.add_argument("--out", type=Path, metavar="DIR", help=OUT_HELP)
    found.add_argument("--json", action="store_true", help="print the tables as JSON")
    found.add_argument("--no-figures", action="store_true", help="write the tables only")
    found.add_argument("--debug", action="store_true", help="show tracebacks")
    return found


def study_of(asked: argparse.Namespace) -> Study:
    """Return what the arguments of a study ask for.

    Raises
    ------
    ForestallError
        A folder was named together with overrides, or several folders.
    """
    folders = [text for text in asked.given if "=" not in text and not text.startswith("~")]
    overrides = tuple(text for text in asked.given if text not in folders)
    if len(folders) > 1:
        raise ForestallError(f"{folders[1]}: one folder of results at a time")
    if folders and overrides:
        raise ForestallError(
            f"{overrides[0]}: results are stored already, leave the folder out to run a design"
        )
    folder = Path(folders[0]).expanduser() if folders else None
    return Study(folder=folder, overrides=overrides, scenarios=asked.scenarios)


def own_outcomes(asked: argparse.Namespace) -> tuple[Column, ...]:
    """Return the outcomes of the user's own that the arguments of a study name a file of.

    Raises
    ------
    ForestallError
        The file cannot be read or declares none.
    """
    if asked.outcomes is None:
        return ()
    from experiments.own_outcomes import read_outcomes_file

    return read_outcomes_file(asked.outcomes)


def quantity_of(
    found: Results, name: str, *, own: Sequence[Column] = (), key: str = "quantity"
) -> Quantity:
    """Return the quantity of a name of what results hold; `key` is what an error names.

    Raises
    ------
    ForestallError
        They hold no such outcome; the message names the nearest.
    """
    from analysis.quantities import quantity_named

    weeks = int(found.config["weeks"])
    return quantity_named(name, weeks=weeks, outcomes=found.outcomes, own=own, key=key)


def check_quantities(
    names: Sequence[str],
    *,
    study: Study,
    key: str,
    own: Sequence[Column] = (),
    engine: Engine | None = None,
) -> None:
    """Raise unless every name is one that results will have: before it is asked a design may run hours.

    Stored results are left to `quantity_of`, which knows what they hold.

    Raises
    ------
    ForestallError
        A name is not known; the message names the nearest.
    """
    from analysis.quantities import quantity_named
    from sim.outcomes import OUTCOMES

    if study.folder is None:
        stored = engine.columns.outcomes if engine else [outcome.name for outcome in OUTCOMES]
        for name in names:
            quantity_named(name, weeks=0, outcomes=stored, own=own, key=key)


def pairs_of(found: Results, quantities: Sequence[Quantity]) -> pd.DataFrame:
    """Return the pairs of results with the outcomes that quantities read: all would fill gigabytes."""
    reads = [quantity.reads for quantity in quantities]
    names = None if None in reads else sorted({name for one in reads if one for name in one})
    return found.paired(names)


def answer(
    asked: argparse.Namespace,
    *,
    mapping: Callable[[], dict[str, Any]],
    text: Callable[[], str],
    write: Callable[..., list[Path]],
) -> None:
    """Print what a study found, then write it, and print where.

    Parameters
    ----------
    asked : the arguments, of `parser`.
    mapping, text : make what is printed with ``--json``, and without.
    write : writes tables and figures into a folder, see `written_beside`; takes `figures`.
    """
    print(
        json.dumps(mapping(), allow_nan=False) if asked.json else f"{text()}\n",
        flush=True,
    )
    written = written_beside(lambda folder: write(folder, figures=not asked.no_figures), asked.out)
    for path in () if asked.json else written:
        print(path)


def results_of(
    study: Study,
    *,
    default: Sequence[str],
    settings: Sequence[str] = (),
    command: Sequence[str] = (),
    engine: Engine | None = None,
    check: Callable[[Mapping[str, Any]], object] = lambda config: None,
) -> Results:
    """Return the results that a study is about; a design is run first, as far as it is not stored.

    Parameters
    ----------
    study : what was asked for.
    default : overrides of the design to be run when those of the study neither name an experiment
        nor make a factor.
    settings : overrides for either; those of the study come after them and win.
    command : for the provenance.
    engine : to run with in place of the one that the configuration names.
    check : called with the configuration of a design before it is run; may raise.

    Raises
    ------
    ForestallError
        The results cannot be read, or the design cannot be run.
    """
    from experiments import results
    from experiments.config import compose
    from experiments.sweep import run_sweep

    if study.folder is not None:
        return results.open(study.folder)
    own = study.overrides
    chosen = [*(() if _names_a_design(own) else default), *settings, *own]
    config = compose(chosen, scenarios=study.scenarios)
    check(config)
    # What is printed on the way is no part of the answer, which may be JSON.
    with redirect_stdout(sys.stderr):
        folder = run_sweep(config, command=command, engine=engine)
    return results.open(folder)


def written_beside(write: Callable[[Path | None], list[Path]], out: Path | None) -> list[Path]:
    """Return what was written into `out`, or beside results; that these cannot be written is a note.

    Whoever was given results to read has the answer already, which is what was asked for.

    Raises
    ------
    UnwritableError
        A folder that was named cannot be written.
    """
    from analysis.unwritable import UnwritableError
    from experiments.terminal import notice

    try:
        return write(out)
    except UnwritableError as error:
        if out is not None:
            raise
        notice(
            f"tables and figures could not all be written to {error.place}: {error.reason}; "
            "--out DIR writes them elsewhere"
        )
        return []


def write_tables(folder: Path, place: str, tables: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write tables as CSV into a folder beside the results; return what was written.

    Raises
    ------
    UnwritableError
        The folder cannot be written.
    """
    from experiments.chunks import write_aside
    from experiments.export import csv_of
    from experiments.store import writing

    with writing(folder / place, "the answer stands above", key="--out"):
        (folder / place).mkdir(parents=True, exist_ok=True)
        return [
            write_aside(folder / place / f"{name}.csv", csv_of(table))
            for name, table in tables.items()
        ]


def write_figure(folder: Path, name: str, figure: Figure) -> list[Path]:
    """Write a figure beside the other figures of the results; return what was written.

    Raises
    ------
    UnwritableError
        The folder cannot be written.
    """
    from analysis.plots.figure import save
    from experiments.folder import FIGURES

    return list(save(figure, folder / FIGURES / name))


def _names_a_design(overrides: Sequence[str]) -> bool:
    from experiments.overrides import read_overrides

    if any(text.lstrip("+~").startswith(("experiment=", "design.factors")) for text in overrides):
        return True
    return any(item.factor is not None for item in read_overrides(overrides))
