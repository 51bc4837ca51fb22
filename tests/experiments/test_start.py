"""How soon a large design starts, and how few files it leaves."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_engine import FakeEngine

from experiments.sweep import main

Command = Callable[..., subprocess.CompletedProcess[str]]
SAMPLED = (
    "--multirun", "actors.dispersion=interval(0,1)", "action.start=documented",
    "parameters.fear_fade=documented", "attributes.capacity=documented",
)  # fmt: skip
START = """
import sys, time
import experiments.campaign, experiments.sweep
def stop(campaign, show=None):
    campaign._ready()
    print("seconds", time.process_time())
    raise SystemExit
experiments.campaign.Campaign.run = stop
from experiments.cli import main
main(sys.argv[1:])
"""
LOOP = """
import time
square = 0
begun = time.process_time()
for number in range(5_000_000):
    square += number * number
print("seconds", time.process_time() - begun)
"""


def seconds(done: subprocess.CompletedProcess[str]) -> float:
    assert "seconds" in done.stdout, done.stderr
    return float(done.stdout.split("seconds")[-1])


@pytest.mark.long
def test_ten_thousand_points_start_in_two_seconds(command: Command, tmp_path: Path) -> None:
    asked = ("sweep", *SAMPLED, "design.points=10000", f"output={tmp_path}/r")
    started = min(seconds(command("-c", START, *asked)) for _ in range(3))
    # Two seconds of a core that runs this loop in a third of one, as it is when nothing else runs.
    loop = min(seconds(command("-c", LOOP)) for _ in range(3))
    assert started < 6.0 * loop


def test_a_large_design_leaves_few_files(tmp_path: Path) -> None:
    asked = (*SAMPLED, "design.points=2048", "replicates=1", "weeks=1", "--no-figures")
    assert main([*asked, f"output={tmp_path}/r"], engine=FakeEngine()) == 0
    assert len([file for file in (tmp_path / "r").rglob("*") if file.is_file()]) < 50
