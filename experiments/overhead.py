"""What the runner costs beyond the engine: ``python -m experiments.overhead [key=value ...]``.

Runs a design as a sweep does, on one worker, into a folder that is thrown away, and prints the
processor time of the engine beside that of everything else, from the composed configuration to the
last stored run. Without overrides it measures two designs of 10,000 runs of five years in a country of
100 places, both arms: the campaign of 125 points that `scenarios/experiment/campaign.yaml` is a larger
form of, and the worst there is for the runner, 5,000 points of a single run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.command import DONE, OneLineParser, run_command
from experiments.engines import Engine, Ensemble, Runs, Scenario, engine_named

_CASES = {
    "125 points": ("experiment=campaign", "replicates=40"),
    "5,000 points": ("experiment=campaign", "design.points=5000", "replicates=1"),
}
_COMMUNITIES = 100


class TimedEngine:
    """An engine that counts the processor time of its runs, whatever thread they are in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.columns = engine.columns
        self.largest_batch = engine.largest_batch
        self.seconds = 0.0
        self.preparing = 0.0
        self.runs = 0
        self._lock = threading.Lock()

    def scenario(self, config: Mapping[str, Any]) -> Scenario:
        """Return the engine's scenario; reading it is the runner's time."""
        return self._engine.scenario(config)

    def ensemble(self, scenarios: Sequence[Any]) -> Ensemble:
        """Return the engine's ensemble, timed; what makes it is beside the engine's runs."""
        begun = time.thread_time()
        ensemble = self._engine.ensemble(scenarios)
        with self._lock:
            self.preparing += time.thread_time() - begun
        return _TimedEnsemble(self, ensemble)

    def count(self, runs: int, seconds: float) -> None:
        """Add to what was counted; a batch of no runs only compiles and is left out."""
        with self._lock:
            self.runs += runs
            self.seconds += seconds if runs else 0.0


class _TimedEnsemble:
    def __init__(self, engine: TimedEngine, ensemble: Ensemble) -> None:
        self._engine = engine
        self._ensemble = ensemble

    def run(self, scenario: NDArray[np.int64], replicate: NDArray[np.int64], seed: int, /) -> Runs:
        begun = time.thread_time()
        runs = self._ensemble.run(scenario, replicate, seed)
        self._engine.count(scenario.size, time.thread_time() - begun)
        return runs


def measure(
    overrides: Sequence[str], *, communities: int | None = None, engine: Engine | None = None
) -> dict[str, Any]:
    """Return the runs of a sweep, and its processor seconds in the engine and beside it.

    ``preparing`` is the part of the seconds beside it in which the engine makes columns of scenarios.

    Parameters
    ----------
    overrides : of the sweep.
    communities : of a made-up country, in place of the one that the configuration names.
    engine : to run with in place of the one that the configuration names.
    """
    from experiments.config import compose
    from experiments.sweep import run_sweep
    from sim.country_generator import generate_mapping

    with tempfile.TemporaryDirectory(prefix="forestall-") as folder:
        config = compose([*overrides, "executor.workers=1", f"output={folder}/results"])
        if communities is not None:
            config["country"] = generate_mapping(communities=communities, neighbours=2, seed=1)
        timed = TimedEngine(engine or engine_named(config["engine"]))
        _warm(timed, config)
        timed.preparing = 0.0
        begun = time.process_time()
        with redirect_stdout(sys.stderr):
            run_sweep(config, engine=timed)
        beside = time.process_time() - begun - timed.seconds
    return {
        "runs": timed.runs, "engine": timed.seconds, "runner": beside,
        "preparing": timed.preparing, "overhead": beside / timed.seconds,
    }  # fmt: skip


def _warm(engine: TimedEngine, config: Mapping[str, Any]) -> None:
    """Load what is loaded once, machine code included, however many runs follow."""
    import pandas  # noqa: F401
    import scipy.stats  # noqa: F401

    none = np.empty(0, dtype=np.int64)
    engine.ensemble([engine.scenario(config)]).run(none, none, 0)


def main(argv: Sequence[str]) -> int:
    """Print what was measured; exit code as in `experiments.command`."""
    parser = OneLineParser(
        prog="python -m experiments.overhead", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="as for forestall sweep")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_intermixed_args(list(argv))
    if asked.overrides:
        found = {" ".join(asked.overrides): measure(asked.overrides)}
    else:
        found = {
            name: measure(overrides, communities=_COMMUNITIES) for name, overrides in _CASES.items()
        }
    if asked.json:
        print(json.dumps(found))
    for name, case in {} if asked.json else found.items():
        print(
            f"{name}: {case['runs']:,} runs, {case['engine']:.2f} s in the engine, "
            f"{case['runner']:.2f} s beside it, {100 * case['overhead']:.1f} % (processor time), "
            f"of these {case['preparing']:.2f} s make the columns that the engine starts from"
        )
    return DONE


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall overhead"))
