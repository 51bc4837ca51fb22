"""A Hydra sweeper that hands a whole sweep to the ensemble, as one design and one job.

``--multirun action.start=0,13 'actors.dispersion=interval(0,1)' hydra/sweeper=forestall``: Hydra's
own sweepers would start a job, and write four files, for every point.

Hydra imports this file whenever it composes anything, so it imports nothing of the project itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hydra.core.config_store import ConfigStore
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

# Hydra imports this file under a name that it makes up.
_HERE = "hydra_plugins.forestall.ensemble_sweeper"

ConfigStore.instance().store(
    group="hydra/sweeper",
    name="forestall",
    node={"_target_": f"{_HERE}.EnsembleSweeper", "params": None},
    provider="forestall",
)


class EnsembleSweeper(Sweeper):
    """Runs a sweep as ``forestall sweep`` does.

    Parameters
    ----------
    params : overrides of a sweep in a configuration file; the command line's come after them.
    """

    def __init__(self, params: Mapping[str, str] | None = None) -> None:
        self.params = dict(params or {})

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Take what Hydra gives a sweeper; the task of one job is not run, the ensemble is."""
        self.hydra_context = hydra_context
        self.config = config
        self.launcher = None

    def sweep(self, arguments: list[str]) -> Path:
        """Run the design that the overrides make, and return the folder of its results.

        A mistake is one line and the exit code of ``forestall sweep``, in any application.
        """
        from experiments.sweep import sweep_in_hydra

        given = [f"{name}={value}" for name, value in self.params.items()]
        return sweep_in_hydra([*given, *arguments])
