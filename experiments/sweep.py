"""``forestall sweep``: a design run end to end, from one configuration to tables and figures."""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from experiments.asked import read_campaign
from experiments.campaign import Campaign, Plan
from experiments.command import DONE, PARTLY_FAILED, OneLineParser, run_command
from experiments.config import compose
from experiments.engines import Engine, compile_notice
from experiments.executor_settings import DASK, LOCAL, SLURM
from experiments.executors import executor_of
from experiments.failures import has_failed, summary_of
from experiments.folder import keep_foreign_provenance
from experiments.own_measures import read_measures_file
from experiments.posterior import remark as posterior_remark
from experiments.provenance import cores
from experiments.store import Store
from experiments.terminal import Waiting, duration, notice, shown_progress, size

DEFAULT_EXPERIMENT = "timing_unity"
_HELP = """\
Run a design: every point in many replicates, each paired with the same world without outside
action on the same random numbers. Writes a folder of results and prints the response surface.

overrides are Hydra's, key=value:
  experiment=timing_unity      the design (the default when nothing else is swept)
  action.start=0,13,26         several values make an entry a factor of the design
  design.table=points.csv      points from a table (CSV, Parquet): a column a factor, a row a point
  actors.dispersion=0.5        one value fixes it
  parameters.flight_ceiling=0.02   any parameter of the model
  country=mine                 a file country/mine.yaml, packaged or in --scenarios DIR
  seed=7 replicates=200 weeks=156 engine=compiled|agents
  executor.workers=2 executor.batch=256 output=DIR
  executor=dask executor.address=tcp://HOST:8786   workers of a Dask scheduler (none given: here)
  executor=slurm executor.partition=NAME           jobs of SLURM
  store.weekly=full            keep every run's weekly series beside their quantiles

A sweep that was interrupted, or is asked for again with more points or replicates, computes only
what its folder does not hold yet.
"""


def main(argv: Sequence[str], *, engine: Engine | None = None) -> int:
    """Run a sweep from command-line arguments; exit code as in `experiments.command`.

    Parameters
    ----------
    argv : options and Hydra overrides.
    engine : to run with in place of the one that the configuration names.
    """
    asked = parse(argv)
    folder = sweep_overrides(
        asked.overrides, scenarios=asked.scenarios, measures=asked.measures, engine=engine,
        figures=not asked.no_figures, command=["forestall", "sweep", *argv],
    )  # fmt: skip
    return exit_code(folder)


def sweep_overrides(
    overrides: Sequence[str],
    *,
    scenarios: Path | None = None,
    measures: Path | None = None,
    engine: Engine | None = None,
    figures: bool = True,
    command: Sequence[str] = (),
) -> Path:
    """Run the design that Hydra's overrides make, report it, and return the folder of its results.

    Parameters
    ----------
    overrides : as on the command line; without any factor the default experiment is run.
    scenarios : folder of the user's own scenario files.
    measures : Python file of the user's own measures.
    engine : to run with in place of the one that the configuration names.
    figures : whether summary and figures are written.
    command : for the provenance; that of a plain sweep when empty.
    """
    given, experiment = with_default_experiment(overrides)
    own = None if measures is None else read_measures_file(measures)
    config = compose(given, scenarios=scenarios, measures=own)
    remark = f"no experiment was named: experiment={experiment}" if experiment else ""
    command = command or ["forestall", "sweep", *overrides]
    folder = run_sweep(config, command=command, engine=engine, remark=remark)
    if figures:
        report(folder)
    return folder


def sweep_in_hydra(overrides: Sequence[str]) -> Path:
    """Run what a plain Hydra application asks for; what goes wrong is one line and ends the process.

    The exit code is that of ``forestall sweep``. ``HYDRA_FULL_ERROR=1`` shows tracebacks, as Hydra's
    own do.
    """
    folders: list[Path] = []

    def command(given: Sequence[str]) -> int:
        folders.append(sweep_overrides(given))
        return exit_code(folders[0])

    debug = ["--debug"] if os.environ.get("HYDRA_FULL_ERROR") == "1" else []
    if code := run_command(command, [*overrides, *debug], name="forestall sweep"):
        sys.exit(code)
    return folders[0]


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the options of a sweep."""
    parser = OneLineParser(
        prog="forestall sweep",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="see above")
    parser.add_argument(
        "--scenarios", type=Path, metavar="DIR",
        help="folder of your own scenario files, laid out like the packaged one: "
        "DIR/country/NAME.yaml is chosen by country=NAME, and likewise actors, intervention and "
        "experiment",
    )  # fmt: skip
    parser.add_argument(
        "--measures", type=Path, metavar="FILE.py",
        help="Python file of your own measures: it is run, and becomes part of every point's key",
    )  # fmt: skip
    parser.add_argument(
        "-m", "--multirun", action="store_true",
        help="accepted for users of Hydra; several values make a design with or without it",
    )  # fmt: skip
    parser.add_argument(
        "--no-figures", action="store_true", help="store the runs; no summary and no figures"
    )
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser.parse_intermixed_args(list(argv))


def with_default_experiment(overrides: Sequence[str]) -> tuple[list[str], str | None]:
    """Return the overrides with the default experiment when they neither name one nor sweep."""
    from experiments.overrides import read_overrides

    named = any(text.lstrip("+~").startswith(("experiment=", "design")) for text in overrides)
    if named or any(item.factor is not None for item in read_overrides(overrides)):
        return list(overrides), None
    return [f"experiment={DEFAULT_EXPERIMENT}", *overrides], DEFAULT_EXPERIMENT


def run_sweep(
    config: dict[str, Any],
    *,
    command: Sequence[str] = (),
    engine: Engine | None = None,
    remark: str = "",
) -> Path:
    """Run what a configuration asks for and return the folder of its results.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it.
    command : for the provenance.
    engine : to run with in place of ``config["engine"]``.
    remark : to be shown once the configuration has been found good.

    Raises
    ------
    ForestallError
        The configuration is wrong (before anything is run or written), or the folder cannot be
        written.
    InterruptedRunError
        It was stopped; the folder holds what was finished.
    """
    with Waiting() as waiting, ExitStack() as opened:
        asked = read_campaign(config, engine)
        for line in (remark, asked.design.remark, posterior_remark(config)):
            if line:
                notice(line)
        folder, engine = asked.folder, asked.engine
        waiting.at("looking at what is stored")
        store = opened.enter_context(Store(folder, notice=notice))
        todo = asked.plan(store)
        waiting.at("writing the design")
        if kept := keep_foreign_provenance(folder):
            notice(kept)
        asked.write(command)
        executor = executor_of(config["executor"], folder=folder, notice=notice)
        waiting.over()

        def ready() -> None:
            print(plan_line(config, todo, folder), flush=True)
            for line in plan_notes(todo, full=asked.full):
                notice(line)
            if todo.runs_missing and (compiling := compile_notice(engine.name)):
                print(compiling, flush=True)

        campaign = Campaign(
            todo, engine=engine, executor=executor, store=store, full=asked.full,
            batch=config["executor"]["batch"], ready=ready,
        )  # fmt: skip
        with shown_progress(todo.runs, todo.runs - todo.runs_missing) as show:
            failed = campaign.run(show)
        for line in summary_of(failed) if failed else ():
            print(line, file=sys.stderr)
        if todo.runs_missing:
            print(taken_line(todo.runs_missing, campaign.seconds, folder))
    return folder


def plan_line(config: dict[str, Any], todo: Plan, folder: Path) -> str:
    """Return one line about what is about to be run."""
    points, baselines = len(todo.design.points), len(todo.design.baselines)
    stored = todo.runs - todo.runs_missing
    already = f" ({stored:,} stored already)" if stored else ""
    return (
        f"{config['name'] or 'sweep'}: {points} point{'s' if points > 1 else ''} and {baselines} "
        f"baseline{'s' if baselines > 1 else ''} x {todo.replicates} replicates = "
        f"{todo.runs:,} runs of {config['weeks']} weeks{already}, {where(config['executor'])}, "
        f"into {folder}"
    )


def plan_notes(todo: Plan, *, full: bool) -> list[str]:
    """Return lines about what is stored in the folder and does not serve, and why.

    Parameters
    ----------
    todo : what is about to be run.
    full : whether the weekly series of every run are asked for.
    """
    notes = []
    if todo.again:
        beyond = (
            f"in blocks that reach beyond {todo.replicates} replicates, whose weekly quantiles "
            "cannot be cut"
        )
        without = f"without the weekly series of every run, or {beyond}" if full else beyond
        notes.append(f"{todo.again:,} of these runs are stored {without}: they are computed anew")
    if todo.foreign:
        many = todo.foreign > 1
        notes.append(
            f"{todo.foreign:,} point{'s' if many else ''} in the folder belong{'' if many else 's'} to "
            "another version, seed or engine and are not read"
        )
    return notes


def taken_line(runs: int, seconds: float, folder: Path) -> str:
    """Return one line about what runs took: time, memory of this process, the folder on disk."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    files = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return (
        f"{runs:,} runs in {duration(seconds)}, {size(memory)} of memory at the peak; "
        f"{size(sum(files))} in {len(files)} files"
    )


def where(executor: Mapping[str, Any]) -> str:
    """Return in a few words where runs are computed."""
    kind, workers = executor.get("kind", LOCAL), executor["workers"]
    if kind == SLURM:
        return f"up to {workers} jobs" if workers else "jobs of SLURM"
    if kind == DASK and executor.get("address"):
        return f"Dask at {executor['address']}"
    workers = workers or cores()
    of_dask = " of Dask" if kind == DASK else ""
    return f"{workers} worker{'s' if workers > 1 else ''}{of_dask}"


def exit_code(folder: Path) -> int:
    """Return `PARTLY_FAILED` when runs of the sweep in a folder failed, else `DONE`."""
    if not has_failed(folder):
        return DONE
    from experiments import results

    return PARTLY_FAILED if len(results.open(folder).failed) else DONE


def report(folder: Path) -> None:
    """Write summary and figures of the results in `folder`, print the surface and the paths."""
    from experiments.summary import write_summary

    written = write_summary(folder, notice=notice)
    print()
    print(written.table)
    print()
    for path in written.paths:
        print(path)


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall sweep"))
