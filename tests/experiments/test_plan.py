from __future__ import annotations

import json
import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_engine import FakeEngine

from experiments import pilot, results
from experiments.pilot import WITHIN, _growth, _seconds_a_run, _spread
from experiments.plan import PLAN, main
from experiments.sweep import main as sweep
from experiments.tasks import Task
from experiments.terminal import size
from sim.errors import ForestallError

OWN_MEASURES = Path(__file__).parent.parent / "sim" / "market_days.py"
DESIGN = (
    "action.start=0,4,8,12", "actors.dispersion=0,0.5,1", "replicates=64", "weeks=30",
    "executor.workers=2", "output=here",
)  # fmt: skip


def planned(capsys: pytest.CaptureFixture[str], *arguments: str, **engine: Any) -> dict[str, Any]:
    assert main([*DESIGN, "--json", *arguments], engine=FakeEngine(**engine)) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert json.loads(Path("here", PLAN).read_text()) == found
    return found


def stored_bytes() -> int:
    files = [file for file in Path("here").rglob("*") if file.is_file() and file.name != PLAN]
    return sum(file.stat().st_size for file in files)


def test_a_campaign_takes_what_its_plan_said_within_the_stated_factor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # A pause for every run: how fast this machine is at the moment must not decide.
    found = planned(capsys, "--seconds", "2", delay=0.01)
    assert found["runs"] == (12 + 3) * 64
    begun = time.perf_counter()
    sweep([*DESIGN, "--no-figures"], engine=FakeEngine(delay=0.01))
    took = time.perf_counter() - begun
    assert found["seconds"] / WITHIN < took < found["seconds"] * WITHIN
    low, high = found["seconds_between"]
    assert (low, high) == (found["seconds"] / WITHIN, found["seconds"] * WITHIN)
    assert found["disk"] / WITHIN < stored_bytes() < found["disk"] * WITHIN


def test_a_plan_stores_no_run_and_leaves_no_scratch(capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys, "--seconds", "0.2")
    assert not list(Path("here").rglob("*.parquet"))
    assert not list(Path("here").glob(".pilot*"))
    sweep([*DESIGN, "--no-figures"], engine=FakeEngine())
    assert results.open("here").runs_stored == (12 + 3) * 64


def test_a_sweep_is_planned_by_the_line_that_runs_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = (
        "--multirun",
        "--measures",
        str(OWN_MEASURES),
        "interventions.market_days.intensity=0,0.5",
    )
    found = planned(capsys, "--seconds", "0.1", *asked)
    assert found["runs"] == (2 * 12 + 3) * 64


def test_a_plan_counts_what_is_stored_already(capsys: pytest.CaptureFixture[str]) -> None:
    sweep([*DESIGN, "replicates=32", "--no-figures"], engine=FakeEngine())
    capsys.readouterr()
    found = planned(capsys, "--seconds", "0.2")
    assert found["stored"] == 15 * 32
    assert sum(pilot["wanted"] for pilot in found["pilots"]) == 15 * 32
    sweep([*DESIGN, "--no-figures"], engine=FakeEngine())
    capsys.readouterr()
    done = planned(capsys)
    assert (done["seconds"], done["pilots"]) == (0.0, [])


def test_each_kind_of_run_has_a_pilot_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    countries = "country=burundi_2015,gambia_2016"
    found = planned(capsys, "--seconds", "0.4", countries)
    kinds = [pilot["stratum"] for pilot in found["pilots"]]
    assert sorted((kind["country"], kind["arm"]) for kind in kinds) == [
        ("burundi_2015", "baseline"), ("burundi_2015", "treatment"),
        ("gambia_2016", "baseline"), ("gambia_2016", "treatment"),
    ]  # fmt: skip


def test_a_plan_is_told_in_four_lines(capsys: pytest.CaptureFixture[str]) -> None:
    main([*DESIGN, "--seconds", "0.2"], engine=FakeEngine())
    said = capsys.readouterr().out.splitlines()
    heads = [line.split()[0] for line in said]
    assert heads == ["sweep:", "pilot:", "runs", "time", "disk", "memory", f"here{os.sep}{PLAN}"]


def test_a_pilot_that_fails_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ForestallError, match=r"--seconds: -1\.0 is not allowed"):
        main([*DESIGN, "--seconds", "-1"], engine=FakeEngine())
    assert not Path("here").exists()


def test_a_pilot_takes_points_from_all_over_the_design() -> None:
    tasks = [Task("k", f"{place:03}", "treatment", 10, 110) for place in range(100)]
    chosen = _spread(tasks, 4, 25)
    assert [task.point for task in chosen] == ["012", "037", "062", "087"]
    assert {(task.first, task.last) for task in chosen} == {(10, 35)}
    assert [task.last for task in _spread(tasks, 1, 1000)] == [110]


def test_what_costs_the_same_for_any_number_of_runs_is_not_taken_for_the_cost_of_a_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed: list[int] = []

    def start_and_run(asked: Any, tasks: list[Task], **_: Any) -> tuple[float, dict[str, int]]:
        timed.append(sum(map(len, tasks)))
        return 0.2 + 0.001 * timed[-1], {}

    monkeypatch.setattr(pilot, "_timed", start_and_run)
    asked: Any = SimpleNamespace(config={"replicates": 1, "executor": {"batch": 256}})
    tasks = [Task(f"{point:05d}", "key", "treatment", 0, 1) for point in range(50_000)]
    one = _seconds_a_run(asked, tasks, threads=2, seconds=1.0)
    assert 0.001 < one < 0.001 * WITHIN
    assert timed[0] == 2
    assert timed == sorted(timed)


def test_histograms_grow_more_slowly_than_runs() -> None:
    assert _growth(100, 200, 2.0) == pytest.approx(1.0)
    assert _growth(100, 150, 2.0) == pytest.approx(0.585, abs=1e-3)
    assert _growth(0, 10, 2.0) == _growth(5, 5, 2.0) == _growth(5, 9, 1.0) == 1.0


def test_bytes_are_said_in_the_unit_that_fits() -> None:
    assert [size(count) for count in (640e3, 1.2e6, 12e6, 3.4e9, 34e9)] == [
        "640 kB", "1.2 MB", "12 MB", "3.4 GB", "34 GB",
    ]  # fmt: skip
