"""Two worlds with every mechanism off in turn, all in one compiled ensemble."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.ensemble import Ensemble
from sim.mechanisms import MECHANISMS
from sim.outcomes import O
from sim.scenario import Scenario

NAMES = tuple(mechanism.name for mechanism in MECHANISMS)
"""All mechanisms, in the order of the model's description."""
_OUTCOMES = ("direct_deaths", "mass_killing")


class SwitchedWorlds:
    """A world and another as they are, and both with each mechanism that is on switched off.

    Parameters
    ----------
    scenario : with its action; its own switches stay as they are in every world.
    against : the world that it is compared with, of the same structure; its baseline when None.
    """

    def __init__(self, scenario: Scenario, *, against: Scenario | None = None) -> None:
        pair = (scenario, scenario.baseline() if against is None else against)
        on = [name for name in NAMES if any(one.switches[name] for one in pair)]
        self.off = ("", *on)
        worlds = [_without(one, name) for name in self.off for one in pair]
        self._ensemble = Ensemble(worlds)

    def run(
        self,
        replicates: Sequence[int],
        *,
        seed: int,
        off: Sequence[str] | None = None,
        batch: int = 256,
        workers: int = 1,
    ) -> pd.DataFrame:
        """Run replicates of every pair.

        Parameters
        ----------
        replicates, seed : which draws.
        off : the worlds to run, by the mechanism that is off in them; all when None.
        batch, workers : runs at once, and threads.

        Returns
        -------
        DataFrame
            One row a world and replicate: ``off``, ``replicate``, ``direct_deaths``,
            ``mass_killing``, and both again with ``baseline_`` for the world compared with.
        """
        chosen = self.off if off is None else tuple(off)
        numbers = np.asarray(replicates, dtype=np.int64)
        arms = np.repeat(
            [2 * self.off.index(name) + arm for name in chosen for arm in (0, 1)], numbers.size
        )
        outcomes = self._outcomes(arms, np.tile(numbers, 2 * len(chosen)), seed, batch, workers)
        cube = outcomes.reshape(len(chosen), 2, numbers.size, len(_OUTCOMES))
        table = {
            "off": np.repeat(chosen, numbers.size),
            "replicate": np.tile(numbers, len(chosen)),
        }
        for arm, prefix in enumerate(("", "baseline_")):
            for column, name in enumerate(_OUTCOMES):
                table[prefix + name] = cube[:, arm, :, column].ravel()
        return pd.DataFrame(table)

    def _outcomes(
        self, arms: np.ndarray, replicates: np.ndarray, seed: int, batch: int, workers: int
    ) -> np.ndarray:
        """Return `_OUTCOMES` of every run; only they are kept, whatever the number of runs."""
        columns = [getattr(O, name) for name in _OUTCOMES]

        def computed(some: slice) -> np.ndarray:
            result = self._ensemble.run(arms[some], replicates[some], seed)
            kept: np.ndarray = result.outcomes[:, columns]
            return kept

        pool = ThreadPoolExecutor(workers, thread_name_prefix="forestall")
        try:
            return np.concatenate(list(pool.map(computed, _slices(arms.size, batch))))
        finally:
            # Whoever interrupts does not want to wait for what has not begun.
            pool.shutdown(wait=False, cancel_futures=True)


def _without(scenario: Scenario, name: str) -> Scenario:
    return replace(scenario, switches={**scenario.switches, name: False}) if name else scenario


def _slices(size: int, step: int) -> Iterator[slice]:
    return (slice(first, first + step) for first in range(0, size, step))
