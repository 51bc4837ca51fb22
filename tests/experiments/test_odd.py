"""The description of the model says what the model is."""

from __future__ import annotations

import re

import numpy as np

from experiments.activation import TOGETHER, SequentialModel
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.odd import FILE, PARTS, written_anew
from sim.mechanisms import MECHANISMS
from sim.model import PreventionModel
from sim.schedule import WEEK

TEXT = FILE.read_text(encoding="utf-8")


def test_the_tables_of_the_description_are_those_of_the_code() -> None:
    assert written_anew(TEXT) == TEXT
    assert set(re.findall(r"<!-- made: (\w+) -->", TEXT)) == set(PARTS)


def test_a_changed_table_is_noticed() -> None:
    stale = TEXT.replace("`flight_ceiling`", "`flight_celling`")
    assert stale != TEXT
    assert written_anew(stale) == TEXT


def test_every_mechanism_has_an_equation_and_evidence_for_and_against() -> None:
    equations = TEXT.split("### Equations")[1].split("### Evidence")[0]
    numbers = {int(number) for number in re.findall(r"^(\d+)\. \*", equations, re.MULTILINE)}
    assert numbers == {mechanism.number for mechanism in MECHANISMS}
    evidence = TEXT.split("### Evidence for and against")[1].split("### Rival")[0]
    rows = [row.split("|") for row in evidence.splitlines() if row.startswith("| ")][1:]
    assert len(rows) >= len(MECHANISMS) - 1  # contest and settlement share a row
    assert all(len(cell.strip()) > 10 for row in rows for cell in row[2:4])


def test_sequential_activation_runs_the_same_processes_and_loses_nobody() -> None:
    case = scenario_of(compose(["weeks=60"])).baseline()
    assert {process.name for process in WEEK} >= set(TOGETHER)
    staged, sequential = PreventionModel(case), SequentialModel(case)
    staged.run()
    sequential.run()
    assert not np.array_equal(staged.series, sequential.series)
    for group in range(len(case.country.groups)):
        people = sum(
            place.residents[group]
            + place.displaced[group]
            + place.killed[group]
            + place.died[group]
            for place in sequential.communities
        )
        assert people == case.country.people[group].sum()
