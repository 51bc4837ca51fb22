"""What is stored in a folder and does not serve a sweep is said, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine
from small_sweep import SWEEP

from experiments import results
from experiments.chunks import DamagedChunkError
from experiments.config import compose
from experiments.digest import digest
from experiments.folder import PROVENANCE
from experiments.sweep import run_sweep

Sweep = Callable[..., tuple[Path, list[str]]]


@pytest.fixture
def sweep(capsys: pytest.CaptureFixture[str]) -> Sweep:
    def run(*overrides: str, output: str = "r") -> tuple[Path, list[str]]:
        capsys.readouterr()
        config: dict[str, Any] = compose([*SWEEP, *overrides, f"output={output}"])
        folder = run_sweep(config, engine=FakeEngine())
        lines = capsys.readouterr().err.splitlines()
        return folder, [line for line in lines if line.startswith("note: ")]

    return run


def test_runs_in_blocks_that_reach_too_far_are_computed_anew_and_it_is_said(sweep: Sweep) -> None:
    assert sweep() == (Path("r"), [])
    folder, notes = sweep("replicates=5")
    assert notes == [
        "note: 30 of these runs are stored in blocks that reach beyond 5 replicates, whose weekly "
        "quantiles cannot be cut: they are computed anew"
    ]
    assert digest(folder) == digest(sweep("replicates=5", output="fresh")[0])
    assert sweep("replicates=5")[1] == [] and sweep()[1] == []
    # Of these two more, no block holds any.
    assert sweep("replicates=14")[1] == []


def test_runs_without_the_weekly_series_that_are_asked_for_are_computed_anew_and_it_is_said(
    sweep: Sweep,
) -> None:
    sweep()
    (note,) = sweep("store.weekly=full")[1]
    assert note.startswith(
        "note: 72 of these runs are stored without the weekly series of every run"
    )
    assert sweep("store.weekly=full")[1] == []


def test_points_of_another_seed_are_not_read_and_it_is_said(sweep: Sweep) -> None:
    sweep()
    folder, notes = sweep("seed=2")
    (note,) = notes
    assert note == (
        "note: 6 points in the folder belong to another version, seed or engine and are not read"
    )
    assert digest(folder) == digest(sweep("seed=2", output="fresh")[0])
    # Other points of the same seed and version are no strangers.
    assert sweep("seed=2", "action.start=7", output="fresh")[1] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(json.dumps({"format": 7}), "is of another format (7)"), ("{", "is damaged")],
)
def test_a_provenance_that_is_not_understood_is_kept(sweep: Sweep, content: str, said: str) -> None:
    folder, _ = sweep()
    for number in (1, 2):
        (folder / PROVENANCE).write_text(content, encoding="utf-8")
        kept = folder / f"provenance-kept-{number}.json"
        assert sweep()[1] == [f"note: {PROVENANCE} {said}: kept as {kept.name}"]
        assert kept.read_text(encoding="utf-8") == content
    assert results.open(folder).runs_stored == 72
    assert sweep()[1] == []


def test_weekly_series_of_every_run_are_checked_when_they_are_read(sweep: Sweep) -> None:
    folder, _ = sweep("store.weekly=full")
    file = next((folder / "series").iterdir())
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    found = results.open(folder)
    assert len(found.runs) == 72
    with pytest.raises(DamagedChunkError, match="do not match its name"):
        found.weekly_runs(found.points[0])
    # A sweep checks all that it holds, and computes again what was damaged.
    assert len(sweep("store.weekly=full")[1]) == 1
    assert len(results.open(folder).weekly_runs(found.points[0])) == 12 * 10
    next((folder / "series").iterdir()).unlink()
    with pytest.raises(DamagedChunkError, match="No such file"):
        results.open(folder)
