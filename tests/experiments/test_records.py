"""Records are sourced, and no run ever reads them."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import pytest
from small_sweep import ROOT

from experiments import scenario_folder
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.records import FIGURES, read_record, record_from, recorded_cases
from sim.errors import ForestallError

GOOD: dict[str, Any] = {
    "case": "Somewhere",
    "until": "1994-07-31",
    "figures": {"direct_deaths": {"low": 1, "high": 3, "source": "somebody", "grade": "C"}},
    "end": {"kind": "victory", "date": "1994-07-18", "source": "somebody", "grade": "C"},
}
MAY_READ = {"experiments/cases.py", "analysis/app/record.py"}
"""The table of cases, and the sentence beside a case on the page: both compare, neither runs."""


def test_the_best_figure_of_a_range_is_its_middle() -> None:
    found = record_from(GOOD).figures["direct_deaths"]
    assert (found.low, found.best, found.high, found.grade) == (1.0, 2.0, 3.0, "C")


@pytest.mark.parametrize("case", recorded_cases())
def test_every_record_can_be_read_and_is_of_a_country_that_is_coded(case: str) -> None:
    record = read_record(case)
    assert "direct_deaths" in record.figures and "mass_killing" in record.figures
    assert (scenario_folder.scenarios_folder() / "country" / f"{case}.yaml").is_file()
    if record.end_date is not None:
        assert record.end_date <= record.until


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"figures": {"direct_deths": 3}}, "did you mean 'direct_deaths'"),
        ({"figures": {"direct_deaths": 3}}, "source and grade"),
        ({"figures": {"direct_deaths": {"value": 3, "grade": "A"}}}, "source"),
        (
            {"figures": {"direct_deaths": {"value": -3, "source": "x", "grade": "A"}}},
            "0 or more",
        ),
        ({"until": "July 1994"}, "a date as text"),
        ({"end": {"kind": "victori", "source": "x", "grade": "C"}}, "did you mean 'victory'"),
        ({"end": {"kind": "victory", "grade": "C"}}, "source"),
        ({"ends": 3}, "did you mean 'end'"),
    ],
)
def test_a_mistake_in_a_record_is_one_line(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ForestallError, match=words) as mistake:
        record_from(GOOD | change)
    assert "\n" not in str(mistake.value)


def test_a_record_that_does_not_exist_is_told_its_neighbour() -> None:
    with pytest.raises(ForestallError, match="did you mean 'burundi_2015'"):
        read_record("burundi_2016")


def test_a_run_is_the_same_without_any_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overrides = ["country=burundi_2015", "course=actual"]
    with_records = compose(overrides)
    copy = tmp_path / "scenarios"
    shutil.copytree(scenario_folder.scenarios_folder(), copy)
    shutil.rmtree(copy / "record")
    monkeypatch.setattr("experiments.config.scenarios_folder", lambda: copy)
    monkeypatch.setattr(scenario_folder, "scenarios_folder", lambda: copy)
    assert compose(overrides) == with_records
    scenario_of(with_records)


def test_a_record_cannot_be_composed_into_a_configuration() -> None:
    for override in ("record=burundi_2015", "+record=burundi_2015"):
        with pytest.raises(ForestallError, match="record"):
            compose([override])


def test_only_what_compares_reads_records() -> None:
    readers = set()
    for folder in ("sim", "experiments", "analysis"):
        for file in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            named = {getattr(node, "module", None) for node in ast.walk(tree)}
            named |= {
                alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.Import)
                for alias in node.names
            }
            if "experiments.records" in named:
                readers.add(str(file.relative_to(ROOT)))
    assert readers <= MAY_READ


def test_what_may_be_recorded_is_explained() -> None:
    assert all(meaning for meaning in FIGURES.values())
