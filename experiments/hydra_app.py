"""Forestall as a plain Hydra application, for those who want Hydra's own command line.

``python -m experiments.hydra_app --multirun action.start=0,13 replicates=100`` runs one design
through the sweeper of the project; ``--cfg job`` shows the configuration, ``--info`` explains it.
Everything else is ``forestall sweep``, which says mistakes in one line and keeps scenario files from
calling resolvers.
"""

from __future__ import annotations

import sys

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from experiments.scenario_folder import scenarios_folder

# Results go where the design says; Hydra itself has nothing to write.
_SETTINGS = (
    "hydra/sweeper=forestall",
    "hydra.output_subdir=null",
    "hydra.run.dir=.",
    "hydra.sweep.dir=.",
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
)


@hydra.main(version_base="1.3", config_path=str(scenarios_folder()), config_name="config")
def run_one(_: DictConfig) -> None:
    """Run the one world that the overrides ask for."""
    from experiments.sweep import sweep_in_hydra

    sweep_in_hydra(list(HydraConfig.get().overrides.task))


if __name__ == "__main__":
    sys.argv += _SETTINGS
    run_one()
