"""The description of the model says what the model is."""

from __future__ import annotations

import re

import numpy as np
import pytest

from experiments.activation import TOGETHER, SequentialModel, most_discordant, report
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.odd import FILE, PARTS, STATE, written_anew
from sim.mechanisms import MECHANISMS
from sim.model import PreventionModel
from sim.parameters import PARAMETERS
from sim.schedule import WEEK

TEXT = FILE.read_text(encoding="utf-8")


def test_the_tables_of_the_description_are_those_of_the_code() -> None:
    assert written_anew(TEXT) == TEXT
    assert set(re.findall(r"<!-- made: (\w+) -->", TEXT)) == set(PARTS)


def test_a_changed_table_is_noticed() -> None:
    stale = TEXT.replace("`flight_ceiling`", "`flight_celling`")
    assert stale != TEXT
    assert written_anew(stale) == TEXT


EQUATIONS = TEXT.split("### Equations")[1].split("### Evidence")[0]
FOUND_AT: dict[str, tuple[int, ...]] = {
    **{one.file: tuple(m.number for m in MECHANISMS if m.file == one.file) for one in MECHANISMS},
    # Files that are no mechanism: delivery pays for own policies, lets in police and leaks, the record
    # counts unrest and fading deaths.
    "programmes": (10, 14, 15),
    "record": (2, 7),
}
"""Numbers of the equations that may name what a file of `sim.ensemble` takes."""
ELSEWHERE = {("killing", "speech_backlash"): 18}
"""A parameter of another mechanism than the file that takes it: grievance takes in resentment."""


def equations_of(text: str) -> dict[int, str]:
    """Return what stands in blocks of equations and between back quotes, by number of mechanism."""
    parts = re.split(r"^(\d+)\. \*", text, flags=re.MULTILINE)[1:]
    return {
        int(number): "\n".join(
            re.findall(r"```\n(.*?)```", body, re.DOTALL)
            + re.findall(r"`([^`\n]+)`", re.sub(r"```\n.*?```", "", body, flags=re.DOTALL))
        )
        for number, body in zip(parts[::2], parts[1::2], strict=True)
    }


def taken() -> list[tuple[str, str]]:
    """Return which file of the ensemble takes which parameter."""
    return sorted(
        {
            (file.stem, name)
            for file in (FILE.parent / "ensemble").glob("*.py")
            for name in re.findall(r"\bP\.(\w+)", file.read_text(encoding="utf-8"))
        }
    )


def unnamed(text: str) -> list[str]:
    """Return the parameters that no equation of a mechanism which takes them names."""
    equations, missing, found = equations_of(text), [], set()
    for file, name in taken():
        home = ELSEWHERE.get((file, name))
        numbers = FOUND_AT[file] if home is None else (home,)
        if not any(re.search(rf"\b{name}\b", equations[number]) for number in numbers):
            missing.append(f"{file}: {name}")
        found.add(name)
    # How far roads reach is worked out once, before the first week.
    assert {one.name for one in PARAMETERS} - found == {"road_reach"}
    return missing + ([] if "road_reach" in equations[4] else ["flight: road_reach"])


def test_every_mechanism_has_an_equation_that_names_each_parameter_that_it_takes() -> None:
    assert set(equations_of(EQUATIONS)) == {mechanism.number for mechanism in MECHANISMS}
    assert unnamed(EQUATIONS) == []


@pytest.mark.parametrize("name", ["fear_menace", "erosion", "speech_backlash", "mandate_term"])
def test_a_parameter_in_no_equation_of_its_mechanism_is_noticed(name: str) -> None:
    assert unnamed(re.sub(rf"\b{name}\b", "a number", EQUATIONS))


def test_an_equation_names_nothing_that_is_neither_a_parameter_nor_a_state() -> None:
    known = {one.name for one in PARAMETERS} | {
        one.name for table in STATE.values() for one in table
    }
    known |= {f"{letter}_bar" for letter in "cglmnsx"} | {"v_expel", "v_kill", "v_o", "held_back"}
    words = set(re.findall(r"\b\w+_\w+\b", "\n".join(equations_of(EQUATIONS).values())))
    assert words - known == set()


def evidence() -> dict[str, tuple[str, str]]:
    """Return what speaks for each mechanism and against it, by its name in the table."""
    part = TEXT.split("### Evidence for and against")[1].split("### Rival")[0]
    rows = [row.split("|") for row in part.splitlines() if row.startswith("| ")][1:]
    return {row[1].strip(): (row[2].strip(), row[3].strip()) for row in rows}


def test_every_mechanism_has_evidence_for_and_against_under_its_name() -> None:
    named = [part.strip() for name in evidence() for part in name.split(",")]
    for mechanism in MECHANISMS:
        assert named.count(mechanism.name.replace("_", " ")) == 1, mechanism.name
    assert all(len(cell) > 10 for cells in evidence().values() for cell in cells)


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


def test_pairs_that_never_differ_bound_how_often_they_do() -> None:
    """Exact: of n pairs none differ with a chance of 1/40 where a share of 1 - (1/40)^(1/n) does."""
    assert most_discordant(0, 600) == pytest.approx(1.0 - 0.025 ** (1.0 / 600.0), abs=1e-9)
    assert most_discordant(3, 600) > 3.0 / 600.0


def test_the_order_of_updating_is_reported_with_its_sign_and_intervals() -> None:
    values = np.zeros((2, 100, 2))
    values[:, :10, 0], values[1, 50, 0] = 1.0, 1.0  # one pair more under sequential activation
    values[0, :, 1] = np.linspace(0.0, 8.0, 100)
    values[1, :, 1] = values[0, :, 1] + 0.5
    text = report("Made up", values)
    assert "100 pairs, sequential less staged" in text
    assert "staged 10.0 %, difference +1.00 points [-" in text
    assert "differs: 1, at most 5.45 %" in text
    assert "staged 4.000, difference +0.5000 [+0.5000, +0.5000]" in text
