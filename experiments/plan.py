"""``forestall plan``: how many runs a campaign has, how long it will take, and what it needs."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.asked import read_campaign
from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.config import compose
from experiments.engines import Engine, compile_notice
from experiments.own_measures import read_measures_file
from experiments.pilot import SECONDS, WITHIN, Estimate, estimate
from experiments.provenance import machine
from experiments.store import Store, writing
from experiments.sweep import plan_line, plan_notes, with_default_experiment
from experiments.terminal import Waiting, duration, notice, size
from sim.errors import bad_value

PLAN = "plan.json"
_LONGEST_PILOT = 3600.0
_HELP = """\
Estimate a sweep before it starts, from a pilot of some seconds on its own design: runs, time, disk and
memory. Nothing of the sweep itself is computed or stored; the estimate is written into the folder of
its results (plan.json).

  forestall plan experiment=timing_unity replicates=10000
  forestall plan 'actors.dispersion=interval(0,1)' design.points=8192 output=DIR
"""


def main(argv: Sequence[str], *, engine: Engine | None = None) -> int:
    """Print an estimate from command-line arguments; exit code as in `experiments.command`.

    Parameters
    ----------
    argv : options, and overrides as for ``forestall sweep``.
    engine : to run with in place of the one that the configuration names.
    """
    asked = _parser().parse_intermixed_args(list(argv))
    if not 0 < asked.seconds <= _LONGEST_PILOT:
        raise bad_value("--seconds", asked.seconds, f"up to {_LONGEST_PILOT:g}", unit="seconds")
    overrides, _ = with_default_experiment(asked.overrides)
    own = None if asked.measures is None else read_measures_file(asked.measures)
    config = compose(overrides, scenarios=asked.scenarios, measures=own)
    stream = sys.stderr if asked.json else sys.stdout
    with Waiting() as waiting, ExitStack() as opened:
        campaign = read_campaign(config, engine)
        waiting.at("looking at what is stored")
        store = opened.enter_context(Store(campaign.folder, notice=notice))
        todo = campaign.plan(store)
        waiting.over()
        print(plan_line(dict(campaign.config), todo, campaign.folder), file=stream, flush=True)
        for line in plan_notes(todo, full=campaign.full):
            notice(line)
        if compiling := compile_notice(campaign.engine.name):
            print(compiling, file=stream, flush=True)
        found = estimate(
            campaign, todo, seconds=asked.seconds,
            say=lambda line: print(line, file=stream, flush=True),
        )  # fmt: skip
        about = as_mapping(found, ["forestall", "plan", *argv])
        with writing(campaign.folder):
            written = write_aside(campaign.folder / PLAN, json.dumps(about, indent=2).encode())
    print(json.dumps(about) if asked.json else text(found, campaign.folder))
    print(written, file=stream)
    return DONE


def as_mapping(found: Estimate, command: Sequence[str] = ()) -> dict[str, Any]:
    """Return an estimate as plain data, with the machine that it holds for."""
    pilots = [asdict(pilot) | {"stratum": dict(pilot.stratum)} for pilot in found.pilots]
    return {
        **asdict(found), "pilots": pilots, "machine": machine(), "command": list(command),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip


def text(found: Estimate, folder: Path) -> str:
    """Return an estimate as a terminal shows it, with what would not fit."""
    low, high = found.seconds_between
    missing = found.runs - found.stored
    rate = f", {missing / found.seconds:,.0f} runs/s" if found.seconds else ""
    free, memory = shutil.disk_usage(folder).free, int(machine()["memory"])
    plural = "s" if found.workers > 1 else ""
    lines = [
        f"runs    {missing:,}" + (f" ({found.stored:,} stored already)" if found.stored else ""),
        f"time    {duration(found.seconds)} on {found.workers} worker{plural}{rate}; within a factor "
        f"of {WITHIN:g}: {duration(low)} to {duration(high)}; figures come on top",
        f"disk    {size(found.disk)}, {size(free)} are free",
        f"memory  {size(found.memory)} or more at the peak, summary and figures on top; "
        f"this machine has {size(memory)}",
    ]
    if found.disk > free:
        lines.append("note: the disk is too small for it")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall plan", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="as for forestall sweep")
    parser.add_argument(
        "--scenarios", type=Path, metavar="DIR", help="folder of your own scenario files"
    )
    parser.add_argument(
        "--measures", type=Path, metavar="FILE.py", help="Python file of your own measures"
    )
    parser.add_argument(
        "-m", "--multirun", action="store_true", help="accepted as by forestall sweep"
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="of the pilot, default %(default)g"
    )
    parser.add_argument("--json", action="store_true", help="print the estimate as one JSON object")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall plan"))
