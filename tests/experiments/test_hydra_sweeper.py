"""The project as Hydra sees it: its sweeper is found where it is installed, and gets one design."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]
APP = """
import json, pathlib, runpy, sys
import experiments.sweep
def told(overrides):
    print(json.dumps(overrides))
    return pathlib.Path("none")
experiments.sweep.sweep_overrides = told
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


OWN = """
import hydra

@hydra.main(version_base="1.3", config_path=None)
def run(_):
    raise AssertionError("the ensemble runs the sweep, and not this")

run()
"""
QUIET = ("hydra.output_subdir=null", "hydra.sweep.dir=.", "hydra/job_logging=none")


@pytest.mark.parametrize(
    "arguments",
    [
        ("app.py", "-m", "hydra/sweeper=forestall", "+acton.start=0,13", *QUIET),
        ("-m", "experiments.hydra_app", "-m", "acton.start=0,13"),
    ],
)
def test_a_mistake_in_any_application_of_hydra_is_one_line_and_exit_code_2(
    command: Command, arguments: tuple[str, ...]
) -> None:
    Path("app.py").write_text(OWN)
    done = command(*arguments)
    (line,) = done.stderr.splitlines()
    assert line.startswith("forestall sweep: ")
    assert "did you mean 'action.start'?" in line
    assert done.returncode == 2
    full = command(*arguments, HYDRA_FULL_ERROR="1")
    assert "Traceback" in full.stderr
    assert full.returncode == 2


def test_a_mistake_in_the_one_world_of_an_application_is_one_line(command: Command) -> None:
    done = command("-m", "experiments.hydra_app", "actors.dispersion=7")
    (line,) = done.stderr.splitlines()
    assert line.startswith("forestall sweep: actors.dispersion: 7.0 is not allowed")
    assert done.returncode == 2
