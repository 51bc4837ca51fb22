"""``forestall bench``: how fast the ensemble is, as a ratio to the Mesa engine in the same run.

Nothing here compares with another day or machine: both engines run the same scenario in this process,
one thread each. Beside the ratio stands the check of its denominator: the Mesa engine's time over the
time of its bare rule calls, replayed with the same arguments, so that no padding flatters the ratio.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.command import DONE, OneLineParser
from experiments.config import compose
from experiments.provenance import machine
from sim.errors import bad_value

if TYPE_CHECKING:
    from sim.draws import WeekDraws

SIZES = (200, 2_000)
BATCH = 64
REPEATS = 5
FASTER = 60.0
PADDING = 2.5

Call = tuple[Callable[..., Any], tuple[Any, ...]]

_COLD = """
import sys, time
import numpy as np
from experiments.bench import synthetic
from sim.ensemble import Ensemble
ensemble = Ensemble([synthetic(20, 2)])
begun = time.perf_counter()
ensemble.run(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), 1)
print(time.perf_counter() - begun)
"""


def synthetic(communities: int, weeks: int) -> Any:
    """Return the benchmark's scenario: the default actors and measures in a synthetic country.

    Parameters
    ----------
    communities : int
    weeks : int
        Horizon.
    """
    from sim.country_generator import generate_mapping
    from sim.scenario import Scenario

    config = compose([])
    names = ("actors", "interventions", "parameters")
    # Action from the shock on, so that mandates, peacekeepers and aid are part of what is timed.
    return Scenario.from_mapping(
        {
            **{name: config[name] for name in names},
            "country": generate_mapping(communities=communities, neighbours=2, seed=1),
            "action": {"start": 0},
            "weeks": weeks,
        }
    )


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
    parser.add_argument("--check", action="store_true", help="exit 1 if a figure misses its bar")
    arguments = parser.parse_args(argv)
    weeks, repeats = arguments.weeks, arguments.repeats
    for name, value, least in (("--weeks", weeks, 30), ("--repeats", repeats, 1)):
        if value < least:
            raise bad_value(name, value, f"{least} or more")
    figures: dict[str, Any] = {"machine": machine(), "weeks": weeks, "repeats": repeats}
    for size in SIZES:
        _say(arguments, f"timing {size} communities ...")
        figures |= _one_size(size, weeks, repeats)
    figures["agents_over_bare_rules_200"] = _padding(SIZES[0], weeks, repeats)
    figures["peak_memory_mib"] = round(_peak_mib(), 1)
    if not arguments.no_compile:
        _say(arguments, "compiling in an empty cache, then again from the cache ...")
        figures |= _compile_times()
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        _print(figures)
    missed = missed_bars(figures) if arguments.check else []
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else DONE


def missed_bars(figures: Mapping[str, Any]) -> list[str]:
    """Return one line for each figure that misses its bar.

    The ensemble must be `FASTER` times as fast as the agents at 200 communities, and the agents may
    take no more than `PADDING` times their bare rule calls, or the ratio would be flattery.
    """
    ratio, padding = (
        f"compiled_over_agents_1thread_{SIZES[0]}",
        f"agents_over_bare_rules_{SIZES[0]}",
    )
    missed = []
    if figures[ratio] < FASTER:
        missed.append(f"{ratio}: {figures[ratio]} is below {FASTER:g}")
    if figures[padding] > PADDING:
        missed.append(f"{padding}: {figures[padding]} is above {PADDING:g}")
    return missed


def _say(arguments: argparse.Namespace, line: str) -> None:
    if not arguments.json:
        print(line, flush=True)


def _one_size(size: int, weeks: int, repeats: int) -> dict[str, Any]:
    """Time a batch of the ensemble against single runs of the agents, in turn."""
    from sim.ensemble import Ensemble
    from sim.model import PreventionModel

    scenario = synthetic(size, weeks)
    ensemble = Ensemble([scenario])
    runs = max(2, BATCH * SIZES[0] // size)
    which, replicate = np.zeros(runs, dtype=np.int64), np.arange(runs)
    ensemble.run(which[:1], replicate[:1], 1)
    places = len(scenario.country.places)
    compiled, agents = [], []
    for repeat in range(repeats):
        batch = ensemble.start(which, replicate, 1)
        compiled.append(_timed(functools.partial(batch.advance, weeks)) / runs)
        models = [
            PreventionModel(scenario, seed=1, replicate=repeat * 2 + number) for number in range(2)
        ]
        for model in models:
            agents.append(_timed(model.run))
    one, many = statistics.median(agents), statistics.median(compiled)
    return {
        f"compiled_over_agents_1thread_{size}": round(one / many, 1),
        f"compiled_ns_per_community_week_{size}": round(many / weeks / places * 1e9, 1),
        f"agents_ns_per_community_week_{size}": round(one / weeks / places * 1e9, 1),
        f"compiled_batch_{size}": runs,
        f"memory_per_replicate_kib_{size}": round(ensemble.bytes_per_run / 1024, 1),
    }


def _timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _padding(size: int, weeks: int, repeats: int) -> float:
    """Return the agents' time over the time of their rule calls alone, draws tabulated for both."""
    from sim.model import PreventionModel

    scenario = synthetic(size, weeks)
    ratios = []
    for number in range(2 * repeats + 1):
        model = PreventionModel(scenario, seed=1, replicate=number)
        _tabulate(model.draws, weeks)
        # Tables of draws are no garbage: a collector that walks them would be timed with the agents.
        gc.collect()
        gc.freeze()
        whole = _timed(model.run)
        gc.unfreeze()
        ratios.append(whole / _bare_time(recorded_calls(scenario, number), weeks))
    return round(statistics.median(ratios), 2)


def _tabulate(draws: WeekDraws, weeks: int) -> None:
    """Draw all weeks beforehand, and let the draws of a week be read from there."""
    tables = []
    for week in range(weeks):
        draws.fill(week)
        tables.append((vars(draws).copy(), draws.attacks.tolist()))

    def fill(week: int) -> None:
        table, attacks = tables[week]
        vars(draws).update(table)
        draws.attack = lambda community, armed: attacks[community][armed]  # type: ignore[method-assign]

    draws.fill = fill  # type: ignore[method-assign]


def recorded_calls(scenario: Any, replicate: int) -> list[Call]:
    """Return every call of a rule or a quantile in one run of the agents, with its arguments."""
    from sim.agents import community, international_actor
    from sim.model import PreventionModel
    from sim.rules import RULES

    calls: list[Call] = []

    def recorded(rule: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            calls.append((rule, arguments))
            return rule(*arguments)

        return call

    draws = (
        (community, "binomial_quantile"),
        (community, "rounded"),
        (international_actor, "normal_quantile"),
    )
    originals = [(module, name, getattr(module, name)) for module, name in draws]
    model = PreventionModel(scenario, seed=1, replicate=replicate)
    model.rules = SimpleNamespace(**{name: recorded(rule) for name, rule in RULES.items()})
    try:
        for module, name, original in originals:
            setattr(module, name, recorded(original))
        model.run()
    finally:
        for module, name, original in originals:
            setattr(module, name, original)
    return calls


def _bare_time(calls: list[Call], weeks: int) -> float:
    """Return the time of the calls alone, a week's calls at a time.

    A week is what the agents themselves cycle through, so its arguments are about as far from the
    processor as they are in a run. Each week is walked once before it is timed: fetching all calls
    of a run from cold memory is no part of a rule and would hide padding.
    """
    total, size = 0.0, len(calls) // weeks + 1
    for first in range(0, len(calls), size):
        some = calls[first : first + size]
        _replay(some)
        total += _timed(functools.partial(_replay, some))
    return total


def _replay(calls: list[Call]) -> None:
    for rule, arguments in calls:
        rule(*arguments)


def _peak_mib() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024) if sys.platform == "darwin" else used / 1024


def _compile_times() -> dict[str, float]:
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


def _print(figures: dict[str, Any]) -> None:
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:<{width}}  {value}")
