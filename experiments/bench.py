"""``forestall bench``: how fast the ensemble is, as a ratio to the Mesa engine in the same run.

Nothing here compares with another day or machine: both engines run the same scenario in this process.
Beside the ratios stand two checks: of their denominator, the Mesa engine's time over the time of its
bare rule calls, replayed with the same arguments, so that no padding flatters a ratio; and of the
ensemble, its time over what its operations alone would take (`experiments.bench_bound`).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.bench_runs import THREADS, batch_run_time, one_size, padding
from experiments.command import DONE, OneLineParser
from experiments.provenance import machine
from sim.errors import bad_value

SIZES = (200, 2_000)
FULL = (200, 20, 520)
"""Communities, measures and weeks of the model in full, with its eight actors and all mechanisms."""
LARGE = 100_000
REPEATS = 5
FASTER = {1: 100.0, THREADS: 180.0}
"""Least ratios to the agents at 200 communities, by threads."""
PADDING = 2.5


def main(argv: Sequence[str]) -> int:
    """Run ``forestall bench`` with the given arguments and return its exit code."""
    parser = OneLineParser(
        prog="forestall bench", description="Measure both engines on this machine, side by side."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--weeks", type=int, default=104, help="weeks of a run (default 104)")
    parser.add_argument(
        "--repeats", type=int, default=REPEATS, help="timed repeats, medians are shown (default 5)"
    )
    parser.add_argument(
        "--no-compile", action="store_true", help="leave out the cold and warm compile times"
    )
    parser.add_argument(
        "--full", action="store_true",
        help="add 100,000 communities, scaling, and how soon commands start (half an hour)",
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="exit 1 if a figure misses its bar")
    arguments = parser.parse_args(argv)
    weeks, repeats = arguments.weeks, arguments.repeats
    for name, value, least in (("--weeks", weeks, 30), ("--repeats", repeats, 1)):
        if value < least:
            raise bad_value(name, value, f"{least} or more")
    figures: dict[str, Any] = {"machine": machine(), "weeks": weeks, "repeats": repeats}
    for size in SIZES:
        _say(arguments, f"timing {size} communities ...")
        figures |= one_size(size, weeks, repeats)
    size, measures, longer = FULL
    _say(arguments, f"timing {size} communities under {measures} measures for {longer} weeks ...")
    figures |= one_size(size, longer, repeats, runs_of_agents=1, measures=measures)
    figures |= _checks(weeks, repeats, figures)
    figures["peak_memory_mib"] = round(_peak_mib(), 1)
    if not arguments.no_compile:
        from experiments.bench_more import compile_times

        _say(arguments, "compiling in an empty cache, then again from the cache ...")
        figures |= compile_times()
    if arguments.full:
        figures |= _full(arguments)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        _print(figures)
    missed = missed_bars(figures) if arguments.check else []
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else DONE


def _checks(weeks: int, repeats: int, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands beside the ratios: Mesa's own runner, bare rule calls, and the bound."""
    from experiments.bench_bound import bound

    size = SIZES[0]
    compiled = figures[f"compiled_ns_per_community_week_{size}"]
    own = batch_run_time(size, weeks, 2) / weeks / figures[f"places_{size}"] * 1e9
    found = bound(size, weeks)
    return {
        f"compiled_over_batch_run_{size}": round(own / compiled, 1),
        f"agents_over_bare_rules_{size}": padding(size, weeks, repeats),
        **found,
        "compiled_over_bound": round(compiled / found["bound_ns"], 2),
    }


def _full(arguments: argparse.Namespace) -> dict[str, Any]:
    from experiments.bench_bound import stream
    from experiments.bench_more import scaling, start_ups
    from experiments.bench_passes import bytes_moved

    _say(arguments, f"timing {LARGE} communities, some minutes ...")
    figures = one_size(LARGE, arguments.weeks, 1, runs_of_agents=1)
    _say(arguments, "timing from 100 to 1,000,000 communities and from 1 to 100,000 runs ...")
    figures |= scaling()
    figures |= {
        "bytes_in_passes": round(bytes_moved()),
        f"ns_bytes_{LARGE}": round(stream(LARGE), 4),
    }
    _say(arguments, "starting every command ...")
    return figures | start_ups()


def missed_bars(figures: Mapping[str, Any]) -> list[str]:
    """Return one line for each figure that misses its bar.

    The ensemble must be as much faster than the agents at 200 communities as `FASTER` says, and the
    agents may take no more than `PADDING` times their bare rule calls, or the ratio would be flattery.
    """
    missed = []
    for threads, least in FASTER.items():
        ratio = f"compiled_over_agents_{threads}thread{'s' * (threads > 1)}_{SIZES[0]}"
        if figures[ratio] < least:
            missed.append(f"{ratio}: {figures[ratio]} is below {least:g}")
    bare = f"agents_over_bare_rules_{SIZES[0]}"
    if figures[bare] > PADDING:
        missed.append(f"{bare}: {figures[bare]} is above {PADDING:g}")
    return missed


def _say(arguments: argparse.Namespace, line: str) -> None:
    if not arguments.json:
        print(line, flush=True)


def _peak_mib() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024) if sys.platform == "darwin" else used / 1024


def _print(figures: dict[str, Any]) -> None:
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:<{width}}  {value}")
