"""What ``forestall bench`` times: both engines on one scenario, and what may flatter their ratio."""

from __future__ import annotations

import functools
import gc
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.config import compose

if TYPE_CHECKING:
    from sim.draws import WeekDraws
    from sim.ensemble import Ensemble

BATCH = 64
SMALLEST = 200
SEED = 1
THREADS = 2

Call = tuple[Callable[..., Any], tuple[Any, ...]]


def synthetic(communities: int, weeks: int, *, measures: int = 0) -> Any:
    """Return the benchmark's scenario: the default actors and measures in a synthetic country.

    Parameters
    ----------
    communities : int
    weeks : int
        Horizon.
    measures : int
        How many measures of the catalogue are on, as it lists them, the default ones among them; only
        these for 0.
    """
    from sim.country_generator import generate_mapping
    from sim.interventions.catalogue import CATALOGUE
    from sim.scenario import Scenario

    config = compose([])
    others = [name for name in CATALOGUE if name not in config["interventions"]]
    for name in others[: max(0, measures - len(config["interventions"]))]:
        config["interventions"][name] = {}
    names = ("actors", "interventions", "parameters")
    # Action from the shock on, so that mandates, peacekeepers and aid are part of what is timed.
    return Scenario.from_mapping(
        {
            **{name: config[name] for name in names},
            "country": generate_mapping(communities=communities, neighbours=2, seed=SEED),
            "action": {"start": 0},
            "weeks": weeks,
        }
    )


def one_size(
    size: int, weeks: int, repeats: int, *, runs_of_agents: int = 2, measures: int = 0
) -> dict[str, Any]:
    """Time a batch of the ensemble against single runs of the agents, in turn.

    One thread is timed by its processor time, which others on the machine do not stretch; two
    threads by the clock, so that a busy machine makes them look slower, never faster.

    Parameters
    ----------
    size : int
        Communities.
    weeks : int
        Horizon.
    repeats : int
        Times that both are timed; medians are returned.
    runs_of_agents : int
        Runs of the agents in each of these times.
    measures : int
        As for `synthetic`; they become part of the names.
    """
    from sim.ensemble import Ensemble
    from sim.model import PreventionModel

    scenario = synthetic(size, weeks, measures=measures)
    named = f"{size}_{measures}_measures_{weeks}_weeks" if measures else f"{size}"
    ensemble = Ensemble([scenario])
    runs = max(THREADS, BATCH * SMALLEST // size)
    _batches(ensemble, 1, 1)[0].advance(0)
    cells = weeks * len(scenario.country.places) / 1e9
    compiled, threaded, agents = [], [], []
    for repeat in range(repeats):
        batch = _batches(ensemble, runs, 1)[0]
        compiled.append(cpu_time(functools.partial(batch.advance, weeks)) / runs)
        threaded.append(_in_threads(_batches(ensemble, runs, THREADS), weeks) / runs)
        for number in range(runs_of_agents):
            replicate = (repeat * runs_of_agents + number) % BATCH
            model = PreventionModel(scenario, seed=SEED, replicate=replicate)
            agents.append(cpu_time(model.run))
    one, many, two = map(statistics.median, (agents, compiled, threaded))
    return {
        f"compiled_over_agents_1thread_{named}": round(one / many, 1),
        f"compiled_over_agents_{THREADS}threads_{named}": round(one / two, 1),
        f"compiled_ns_per_community_week_{named}": round(many / cells, 1),
        f"agents_ns_per_community_week_{named}": round(one / cells, 1),
        f"compiled_batch_{named}": runs,
        f"places_{named}": len(scenario.country.places),
        f"memory_per_replicate_kib_{named}": round(ensemble.bytes_per_run / 1024, 1),
    }


def _batches(ensemble: Ensemble, runs: int, parts: int) -> list[Any]:
    """Return the same runs as some batches, one a thread."""
    return [
        ensemble.start(np.zeros(some.size, dtype=np.int64), some, SEED)
        for some in np.array_split(np.arange(runs), parts)
    ]


def _in_threads(batches: list[Any], weeks: int) -> float:
    """Return the time by the clock in which threads run a batch each."""
    with ThreadPoolExecutor(len(batches)) as pool:
        list(pool.map(lambda batch: batch.advance(0), batches))  # the threads are there
        begun = time.perf_counter()
        list(pool.map(lambda batch: batch.advance(weeks), batches))
        return time.perf_counter() - begun


def batch_run_time(size: int, weeks: int, runs: int) -> float:
    """Return the time of one run under Mesa's own `batch_run`, one process, its collector on."""
    import mesa

    from sim.model import PreventionModel

    method = multiprocessing.get_start_method(allow_none=True)
    parameters = {"case": [synthetic(size, weeks)], "replicate": range(runs), "collect": [True]}
    try:
        return (
            cpu_time(
                functools.partial(
                    mesa.batch_run, PreventionModel, parameters, rng=[SEED], max_steps=weeks,
                    display_progress=False,
                )
            )
            / runs
        )  # fmt: skip
    finally:  # Mesa sets it for the whole process
        multiprocessing.set_start_method(method, force=True)


def cpu_time(action: Callable[[], object]) -> float:
    """Return the processor time of an action (seconds)."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def padding(size: int, weeks: int, repeats: int) -> float:
    """Return the agents' time over the time of their rule calls alone, draws tabulated for both."""
    from sim.model import PreventionModel

    scenario = synthetic(size, weeks)
    ratios = []
    for number in range(2 * repeats + 1):
        model = PreventionModel(scenario, seed=SEED, replicate=number)
        _tabulate(model.draws, weeks)
        # Tables of draws are no garbage: a collector that walks them would be timed with the agents.
        gc.collect()
        gc.freeze()
        whole = cpu_time(model.run)
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
    model = PreventionModel(scenario, seed=SEED, replicate=replicate)
    model.rules = SimpleNamespace(**{name: recorded(getattr(model.rules, name)) for name in RULES})
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
        total += cpu_time(functools.partial(_replay, some))
    return total


def _replay(calls: list[Call]) -> None:
    for rule, arguments in calls:
        rule(*arguments)
