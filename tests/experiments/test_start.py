"""How soon a large design starts, and how few files it leaves."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_engine import FakeEngine

from experiments import config
from experiments.sweep import main

Command = Callable[..., subprocess.CompletedProcess[str]]
SAMPLED = (
    "--multirun", "actors.dispersion=interval(0,1)", "action.start=documented",
    "parameters.fear_fade=documented", "attributes.capacity=documented",
)  # fmt: skip
# Ends where the first line of a sweep has been printed, with all that it needs written.
START = """
import sys, time
import experiments.campaign, experiments.sweep
def stop(engine):
    print("modules", *sys.modules)
    print("seconds", time.process_time())
    raise SystemExit
experiments.sweep.compile_notice = stop
from experiments.cli import main
main(sys.argv[1:])
"""
IMPORTS = "import time, numpy, hydra; print('seconds', time.process_time())"
LATER = {
    "scipy.stats", "pandas", "numba", "mesa", "matplotlib", "pyarrow.compute", "SALib",
    "concurrent.futures.process",
}  # fmt: skip


def seconds(done: subprocess.CompletedProcess[str]) -> float:
    assert "seconds" in done.stdout, done.stderr
    return float(done.stdout.split("seconds")[-1])


@pytest.mark.long
def test_ten_thousand_points_start_in_two_seconds(command: Command, tmp_path: Path) -> None:
    asked = ("sweep", *SAMPLED, "design.points=10000", f"output={tmp_path}/r")
    started = min(seconds(command("-c", START, *asked)) for _ in range(3))
    # Two seconds where NumPy and Hydra are imported in a fifth of one.
    imports = min(seconds(command("-c", IMPORTS)) for _ in range(3))
    assert started < 10.0 * imports


def test_a_sweep_starts_without_what_it_needs_later(command: Command, tmp_path: Path) -> None:
    for method in ("sobol", "latin_hypercube"):
        asked = (*SAMPLED, "design.points=8", f"design.method={method}")
        done = command("-c", START, "sweep", *asked, f"output={tmp_path}/{method}")
        line, loaded = done.stdout.split("modules")
        assert "8 points" in line, done.stderr
        assert not LATER & set(loaded.split())


def test_a_design_is_composed_once_however_many_points_it_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    composed: list[object] = []
    original = config.hydra_compose
    monkeypatch.setattr(
        config, "hydra_compose", lambda *a, **k: composed.append(k) or original(*a, **k)
    )
    asked = (*SAMPLED, "design.points=64", "replicates=1", "weeks=1", "--no-figures")
    assert main([*asked, f"output={tmp_path}/r"], engine=FakeEngine()) == 0
    assert len(composed) == 1


def test_a_large_design_leaves_few_files(tmp_path: Path) -> None:
    asked = (*SAMPLED, "design.points=2048", "replicates=1", "weeks=1", "--no-figures")
    assert main([*asked, f"output={tmp_path}/r"], engine=FakeEngine()) == 0
    assert len([file for file in (tmp_path / "r").rglob("*") if file.is_file()]) < 50
