"""``forestall calibrate``: what it writes, that it is written again, and what it may read."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from toy_simulator import ACTING, Toy

from experiments.calibration import command
from experiments.calibration.command import declared, main
from experiments.config import compose
from experiments.posterior import number_of_sets, read_sets
from experiments.provenance import source_hash
from sim.parameters import NAMES, PARAMETERS

CALIBRATION = Path(command.__file__).parent


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screen few parameters: a path over all of them is hundreds of rows."""
    few = (*ACTING, "aid_effect", "lulled")
    monkeypatch.setattr(command.Declared, "candidates", lambda self: few)


def calibrated(*arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    made = main(["--quick", "--json", *arguments], simulators=lambda **_: Toy())
    assert made == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("small")
def test_the_same_command_writes_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = calibrated("--output", "one", capsys=capsys)
    again = calibrated("--output", "two", capsys=capsys)
    other = calibrated("--output", "three", "--seed", "7", capsys=capsys)
    assert first["digest"] == again["digest"] != other["digest"]
    for name in ("calibrated.csv", "calibrated.yaml", "prior.csv", "prior.yaml"):
        one, two = (tmp_path / folder / "posterior" / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), name


@pytest.mark.usefixtures("small")
def test_what_is_frozen_is_a_choice_of_scenarios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = calibrated("--name", "toy", "--freeze", "mine", "--recovery", capsys=capsys)
    for name in ("toy", "toy_prior"):
        config = compose([f"posterior={name}"], scenarios=Path("mine"))
        assert number_of_sets(config) == 32
        assert config["posterior"]["model_source"] == source_hash()
    about = yaml.safe_load((tmp_path / "mine" / "posterior" / "toy.yaml").read_text())
    assert about["sha256"] == found["digest"]
    assert {row["parameter"] for row in about["free"]} >= set(ACTING)
    assert [fact["id"] for fact in about["facts"]] == ["rate", "ratio"]
    assert about["command"] == "forestall calibrate --quick --name toy --recovery"
    assert about["recovery"][-1]["truths"] == 8
    sets = read_sets((tmp_path / "mine/posterior/toy.csv").read_text(), "toy")
    assert len(set(sets.rows)) == 32, "no set twice"


@pytest.mark.usefixtures("small")
def test_a_quick_calibration_says_that_it_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick"], simulators=lambda **_: Toy())
    said = capsys.readouterr().out
    assert "QUICK" in said
    assert "cost_kill" in said


def test_a_calibration_reads_the_facts_marked_c_alone() -> None:
    """Of validation it imports the door for facts marked C and their type of estimate."""
    read: set[str] = set()
    for file in CALIBRATION.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                read.add(node.module)
            elif isinstance(node, ast.Import):
                read |= {alias.name for alias in node.names}
    ours = {name for name in read if name.startswith("experiments.validation")}
    assert ours == {
        "experiments.validation.calibration_facts", "experiments.validation.estimates"
    }  # fmt: skip
    assert not [name for name in read if "cases" in name or "record" in name]


def test_the_facts_are_those_marked_c_in_the_evidence() -> None:
    from experiments.calibration.model_simulator import ModelSimulator

    facts = ModelSimulator(countries=8, crises=4).facts
    assert {fact.id.partition(".")[0] for fact in facts} == {"1", "3", "12", "22", "23", "29"}
    bands = {fact.id: (fact.low, fact.high) for fact in facts}
    assert bands["1"] == (0.006, 0.016)
    assert bands["23"] == (3.0, 9.0)


def test_what_is_declared_names_parameters_that_can_be_sampled() -> None:
    settings = declared()
    by_name = {one.name: one for one in PARAMETERS}
    assert len(set(settings.uncertain)) == len(settings.uncertain)
    for name in settings.uncertain:
        assert by_name[name].low < by_name[name].high, name
    assert set(settings.set_by_a_study) <= set(NAMES)
    assert set(settings.uncertain) <= set(settings.candidates())
    assert settings.budget.sets >= 200
    assert settings.truths >= 100


def test_the_real_simulator_gives_a_value_and_an_error_for_every_fact() -> None:
    import numpy as np

    from experiments.calibration.model_simulator import ModelSimulator

    simulator = ModelSimulator(countries=48, crises=16)
    one = simulator([{}, {"cost_kill": 4.0}], seed=1)
    again = simulator([{"cost_kill": 4.0}], seed=1)
    assert one.values.shape == one.errors.shape == (2, len(simulator.facts))
    assert np.array_equal(one.values[1], again.values[0], equal_nan=True)
    assert one.values[1, 0] < one.values[0, 0], "where killing costs more, it begins less often"
    known = np.isfinite(one.values)
    assert (one.errors[known] > 0.0).all()
    assert known[0].all()


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--seed", "-1"], "--seed"), (["--sed", "1"], "unrecognized")]
)
def test_mistakes_are_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.command import run_command

    def call() -> int:
        run: Callable[[Any], int] = main
        return run_command(run, arguments, name="forestall calibrate")

    try:
        code = call()
    except SystemExit as stop:
        code = int(str(stop.code))
    assert code == 2
    assert said in capsys.readouterr().err
