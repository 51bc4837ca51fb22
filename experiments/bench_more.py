"""What ``forestall bench --full`` adds: how time grows with size and runs, and how commands start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from experiments.bench_runs import BATCH, SEED, cpu_time, synthetic

SCALE_WEEKS = 52
COMMUNITIES = (100, 200, 2_000, 20_000, 100_000, 1_000_000)
REPLICATES = (1, 100, 10_000, 100_000)
FEW = 20
"""Communities of the country whose replicates are counted up."""

_COLD = """
import sys, time
import numpy as np
from experiments.bench_runs import synthetic
from sim.ensemble import Ensemble
ensemble = Ensemble([synthetic(20, 2)])
begun = time.perf_counter()
ensemble.run(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), 1)
print(time.perf_counter() - begun)
"""


def scaling() -> dict[str, float]:
    """Return nanoseconds per community-week by communities, and by replicates in batches."""
    figures = {}
    for size in COMMUNITIES:
        weeks = SCALE_WEEKS if size < COMMUNITIES[-1] else SCALE_WEEKS // 4
        runs = max(1, BATCH * COMMUNITIES[1] // size)
        figures[f"scaling_ns_communities_{size}"] = _cost(size, weeks, runs)
    for runs in REPLICATES:
        figures[f"scaling_ns_replicates_{runs}"] = _cost(FEW, SCALE_WEEKS, runs)
    return figures


def _cost(size: int, weeks: int, runs: int) -> float:
    """Return the processor time of a community-week, batches made and outcomes kept (ns)."""
    from sim.ensemble import Ensemble

    scenario = synthetic(size, weeks)
    ensemble = Ensemble([scenario])
    kept = np.empty(
        (runs, ensemble.run(np.zeros(0, np.int64), np.zeros(0, np.int64), 1)[0].shape[1])
    )

    def all_runs() -> None:
        for first in range(0, runs, BATCH):
            some = np.arange(first, min(first + BATCH, runs))
            kept[some] = ensemble.run(np.zeros(some.size, dtype=np.int64), some, SEED).outcomes

    return round(cpu_time(all_runs) / runs / weeks / len(scenario.country.places) * 1e9, 1)


def start_ups() -> dict[str, float]:
    """Return the seconds by the clock in which each command answers ``--help``, and a warm run."""
    from experiments.cli import COMMANDS

    figures = {f"start_{name}_help_s": _answer(name, "--help") for name in ("", *sorted(COMMANDS))}
    figures = {name.replace("__", "_"): value for name, value in figures.items()}
    with tempfile.TemporaryDirectory() as folder:
        run = ("run", "weeks=3", f"output={Path(folder) / 'r'}")
        _answer(*run)
        figures["start_run_first_line_s"] = _answer(*run)
    return figures


def _answer(*arguments: str) -> float:
    """Return the time until a command prints its first line, the best of three."""
    asked = [sys.executable, "-m", "experiments", *filter(None, arguments)]
    tries = []
    for _ in range(3):
        begun = time.perf_counter()
        with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            tries.append(time.perf_counter() - begun)
            process.communicate()
    return round(min(tries), 2)


def compile_times() -> dict[str, float]:
    """Time the first run in a fresh process, with an empty cache and again with a full one."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "FORESTALL_CACHE": cache}
        seconds = []
        for _ in range(2):
            answer = subprocess.run(
                [sys.executable, "-c", _COLD],
                env=environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
            seconds.append(round(float(answer.stdout.split()[-1]), 2))
    return {"compile_cold_s": seconds[0], "compile_warm_s": seconds[1]}
