"""What the README shows works as it stands."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression
from small_sweep import ROOT, SWEEP

from experiments.config import compose
from experiments.sweep import parse, run_sweep, with_default_experiment

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = re.findall(r"^forestall sweep (.*?)\s*(?:#.*)?$", README, flags=re.MULTILINE)


@pytest.mark.parametrize("block", PYTHON)
def test_a_block_of_python_runs(block: str, tmp_path: Path) -> None:
    (folder,) = re.findall(r'results\.open\("(.*?)"\)', block) or [None]
    if folder:
        run_sweep(compose([*SWEEP, f"output={tmp_path / folder}"]))
    exec(compile(block, "README.md", "exec"), {})


@pytest.mark.one_in(4)
@pytest.mark.parametrize("words", COMMANDS)
def test_a_sweep_that_is_shown_can_be_asked_for(words: str, tmp_path: Path) -> None:
    from experiments.designs import design_of, scenario_of

    # Whoever asks for it has one; tests work in a folder of their own.
    (tmp_path / "points.csv").write_text("action.start,flight_ceiling\n0,0.02\nnever,0.1\n")
    asked = parse(shlex.split(words))
    overrides, _ = with_default_experiment(asked.overrides)
    for point in design_of(compose(overrides)).points:
        scenario_of(point.config, replicate=0)


def test_the_blocks_and_commands_are_found() -> None:
    assert len(PYTHON) == 2
    assert len(COMMANDS) >= 5


def test_every_test_is_run_by_one_of_the_two_commands_and_by_no_other() -> None:
    def runs(arguments: str, *marks: str) -> bool:
        asked = shlex.split(arguments)
        chosen = asked[len(asked) - asked[::-1].index("-m")]
        return Expression.compile(chosen).evaluate(lambda name, **_: name in marks)

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    default = settings["tool"]["pytest"]["ini_options"]["addopts"]
    (short,) = re.findall(r"<!-- tests -->\n```sh\n.*pytest (.*)\n```", README)
    (long,) = re.findall(r"<!-- long tests -->\n```sh\n.*pytest (.*)\n```", README)
    for marks in ((), ("long",), ("parametrize",), ("long", "parametrize")):
        commands = [runs(f"{default} {given}", *marks) for given in (short, long)]
        assert sorted(commands) == [False, True], marks


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
