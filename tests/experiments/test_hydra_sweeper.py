"""The project as Hydra sees it: its sweeper is found where it is installed, and gets one design."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Command = Callable[..., subprocess.CompletedProcess[str]]
APP = """
import json, runpy, sys
import experiments.sweep
experiments.sweep.sweep_overrides = lambda overrides: print(json.dumps(overrides))
sys.argv = ["app", *sys.argv[1:]]
runpy.run_module("experiments.hydra_app", run_name="__main__")
"""


def asked_of_the_ensemble(command: Command, *arguments: str) -> list[list[str]]:
    done = command("-c", APP, *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_hydra_hands_a_multirun_to_the_ensemble_as_one_design(
    command: Command, tmp_path: Path
) -> None:
    swept = ["action.start=0,13,26", "actors.dispersion=interval(0,1)", "weeks=52"]
    assert asked_of_the_ensemble(command, "--multirun", *swept) == [swept]
    assert not list(tmp_path.iterdir())


def test_a_sweep_in_a_configuration_comes_before_that_of_the_command_line(
    command: Command,
) -> None:
    file = ["+hydra.sweeper.params={seed: '1,2'}", "action.start=0,13"]
    assert asked_of_the_ensemble(command, "-m", *file) == [["seed=1,2", "action.start=0,13"]]


def test_without_multirun_hydra_runs_one_world(command: Command) -> None:
    assert asked_of_the_ensemble(command, "action.start=13") == [["action.start=13"]]


def test_the_sweeper_is_found_where_the_project_is_installed(command: Command) -> None:
    look = (
        "from hydra.core.plugins import Plugins; from hydra.plugins.sweeper import Sweeper; "
        "print(*(found.__module__ for found in Plugins.instance().discover(Sweeper)))"
    )
    assert "hydra_plugins.forestall.ensemble_sweeper" in command("-c", look).stdout
