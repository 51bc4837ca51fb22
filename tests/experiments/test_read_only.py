"""Results in a folder that nobody may write: the answer is printed, what stands beside it is a note."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from function_engine import FunctionEngine, ishigami
from small_sweep import SWEEP, read_only, run_refused

from experiments.config import compose
from experiments.design_study import written_beside
from experiments.sensitivity import main as sensitivity_command
from experiments.store import writing
from experiments.sweep import run_sweep
from sim.errors import ForestallError

FACTORS = ("attributes.commitment", "attributes.capacity", "attributes.civil_society")


@pytest.fixture
def compared() -> Path:
    return run_sweep(compose([*SWEEP, "output=r"]), engine=FakeEngine())


@pytest.fixture
def sampled() -> Path:
    factors = [f"{name}=interval(0,1)" for name in FACTORS]
    design = ["design.points=16", "replicates=1", "weeks=1", "output=r", "--no-figures"]
    engine = FunctionEngine(ishigami, FACTORS)
    assert sensitivity_command([*factors, *design], engine=engine) == 0
    for file in Path("r/sensitivity").iterdir():
        file.unlink()
    Path("r/sensitivity").rmdir()
    return Path("r")


def folders(folder: Path) -> list[Path]:
    return [folder, *(place for place in folder.rglob("*") if place.is_dir())]


def test_a_comparison_is_printed_first_and_can_be_written_elsewhere(compared: Path) -> None:
    with read_only(folders(compared)):
        done = run_refused("-m", "experiments", "compare", "r")
        data = run_refused("-m", "experiments", "compare", "r", "--json")
        elsewhere = run_refused(
            "-m", "experiments", "compare", "r", "--no-figures", "--out", "mine"
        )
        figure = run_refused("-m", "experiments", "plot", "timing_lines", "r")
    assert done.returncode == 0, done.stderr
    assert "Deaths averted" in done.stdout and ".csv" not in done.stdout
    (note,) = done.stderr.strip().splitlines()
    assert note.startswith(
        "note: tables and figures could not all be written to r/compare: Permission"
    )
    assert note.endswith("--out DIR writes them elsewhere")
    assert data.returncode == 0 and json.loads(data.stdout)[0]["results"] == "r"
    assert elsewhere.returncode == 0 and not elsewhere.stderr
    assert (
        Path("mine/compare/effects.csv").is_file()
        and "mine/compare/effects.csv" in elsewhere.stdout
    )
    assert not Path("r/compare").exists()
    # Where the file is all that was asked for, nothing was answered.
    assert figure.returncode == 2 and "--out names another place" in figure.stderr
    assert "Traceback" not in figure.stderr


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (("sensitivity", "--quantity", "log_deaths"), "Sobol' indices"),
        (("discover", "--on", "log_deaths_averted", "--shuffles", "0"), "points are cases"),
    ],
)
def test_a_study_of_stored_results_is_printed_first(
    sampled: Path, command: tuple[str, ...], answer: str
) -> None:
    with read_only(folders(sampled)):
        done = run_refused("-m", "experiments", *command, "r")
        elsewhere = run_refused("-m", "experiments", *command, "r", "--out", "mine")
    assert done.returncode == 0, done.stderr
    assert answer in done.stdout
    assert "note: tables and figures could not all be written to r/" in done.stderr
    assert elsewhere.returncode == 0 and not elsewhere.stderr
    assert list(Path("mine").rglob("*.csv")) and list(Path("mine/figures").glob("*.png"))


def test_a_place_that_was_named_and_cannot_be_written_is_a_mistake() -> None:
    def write(folder: Path | None) -> list[Path]:
        with writing(folder or Path("r"), "the answer stands above", key="--out"):
            raise PermissionError(13, "Permission denied")

    assert written_beside(write, None) == []
    with pytest.raises(ForestallError, match="--out: cannot write to mine: Permission denied"):
        written_beside(write, Path("mine"))
