"""The bound of ``forestall bench``: what a week costs if each of its operations takes its bare time.

Operations are counted, not guessed: every call of a rule in runs of the agents, times the operations
in the body of that rule (all branches, so that the count is an upper one), over the communities and
the weeks. Each kind of operation is then timed in a bare compiled loop over as many numbers as a run
has communities, on vectors where the compiler finds them, and the bound is the sum of count times
time. Nothing that the loops of the ensemble do beside it is in there: no index, no choice of what to
do, no sum over roads, no call.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numba
import numpy as np

from experiments.bench_runs import SEED, recorded_calls, synthetic
from sim.ensemble.build import build

ROOTS = ("exp", "log", "log1p", "expm1", "sqrt", "tanh")
TRIES = 9


def bound(size: int, weeks: int, *, runs: int = 2) -> dict[str, float]:
    """Return the operations of a community-week, the time of each, and the sum (nanoseconds).

    Parameters
    ----------
    size : int
        Communities.
    weeks : int
        Horizon.
    runs : int
        Runs of the agents whose calls are counted.
    """
    counts = counted(size, weeks, runs=runs)
    times = timed(size)
    total = sum(counts[kind] * times[kind] for kind in counts)
    figures = {f"count_{kind}": round(counts[kind], 2) for kind in counts}
    figures |= {f"ns_{kind}": round(times[kind], 3) for kind in times}
    return figures | {"bound_ns": round(total, 1)}


def counted(size: int, weeks: int, *, runs: int) -> dict[str, float]:
    """Return additions and products, divisions, exponentials, draws and bytes a community-week."""
    from sim.ensemble import Ensemble

    scenario = synthetic(size, weeks)
    found: Counter[str] = Counter()
    for replicate in range(runs):
        calls = Counter(rule for rule, _ in recorded_calls(scenario, replicate))
        for rule, times in calls.items():
            for kind, number in operations(rule).items():
                found[kind] += number * times
            # One draw for each attack that may come; those of flight serve every group of a place.
            found["draws"] += times * (rule.__name__ == "chance_within_week")
    places = len(scenario.country.places)
    cells = runs * weeks * places
    counts = {kind: found[kind] / cells for kind in ("sums", "divisions", "exponentials")}
    # State is read and written once in a week at least.
    written = 2.0 * Ensemble([scenario]).state_bytes_per_run / places
    return counts | {"draws": 1.0 + found["draws"] / cells, "bytes": written}


@functools.cache
def operations(rule: Callable[..., Any]) -> Mapping[str, int]:
    """Return the operations in the body of a rule, by kind, all branches together."""
    found = Counter({"sums": 0, "divisions": 0, "exponentials": 0})
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(rule)))):
        if isinstance(node, ast.BinOp):
            found["divisions" if isinstance(node.op, ast.Div) else "sums"] += 1
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ROOTS:
            found["exponentials"] += 1
    return dict(found)


def timed(size: int) -> dict[str, float]:
    """Return the time of each kind of operation in a bare compiled loop (nanoseconds of one core)."""
    numbers = np.random.default_rng(SEED).random(size)
    fill, exp = build()["fill_flight"], build()["exp"]

    @numba.njit  # type: ignore[untyped-decorator]
    def draws(numbers: np.ndarray, repeats: int) -> None:
        for repeat in range(repeats):
            fill(np.uint64(SEED), np.uint64(0), repeat, numbers)

    @numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
    def exponentials(numbers: np.ndarray, repeats: int) -> None:
        for repeat in range(repeats):
            for at in range(numbers.size):
                numbers[at] = -exp(numbers[at] - 0.001 * repeat)

    return {
        "sums": _fastest(_sums, numbers, 4_000) / 16.0,
        "divisions": _fastest(_divisions, numbers, 4_000) / 4.0,
        "exponentials": _fastest(exponentials, -numbers, 4_000),
        "draws": _fastest(draws, np.zeros((4, size)), 500) * 4.0,
        "bytes": stream(size),
    }


def stream(size: int) -> float:
    """Return the time of a byte that is read or written in as much memory as a run takes (ns)."""
    return _fastest(_bytes, np.zeros(100 * size), 40) / 16.0


def _fastest(loop: Callable[..., None], numbers: np.ndarray, repeats: int) -> float:
    """Return the least CPU time for one number of an array, of some tries (nanoseconds)."""
    loop(numbers, 1)
    tries: list[float] = []
    for _ in range(TRIES):
        begun = time.process_time()
        loop(numbers, repeats)
        tries.append(time.process_time() - begun)
    return min(tries) / repeats / numbers.size * 1e9


# numba compiles these at their first call, here and only here: they are no part of the model.
@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _sums(numbers: np.ndarray, repeats: int) -> None:
    for _ in range(repeats):
        for at in range(numbers.size):
            x = numbers[at]
            a = x * 0.5 + 0.25
            b = x * 0.25 + 0.5
            c = x * 0.125 + 0.5
            d = x * 0.75 + 0.125
            a = a * 0.5 + b * 0.25
            c = c * 0.5 + d * 0.25
            numbers[at] = a * 0.5 + c * 0.5


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _divisions(numbers: np.ndarray, repeats: int) -> None:
    for _ in range(repeats):
        for at in range(numbers.size):
            x = numbers[at]
            numbers[at] = x / (x + 1.0) / (x + 2.0) / (x + 3.0) / (x + 4.0)


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _bytes(numbers: np.ndarray, repeats: int) -> None:
    for _ in range(repeats):
        for at in range(numbers.size):
            numbers[at] = numbers[at] + 1.0
