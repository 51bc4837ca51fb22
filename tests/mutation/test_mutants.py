"""The tool that changes the model notices what tests notice, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mutation_operators import mutants_of, mutated_code
from survivors import OPEN, PAGE, key_of, reasons_of, write_survivors

HERE = Path(__file__).parent
SOURCE = '''
def shared(number: float, most: float = 3.0) -> float:
    """Return 1 of many."""
    part = 0.5
    part = part + number
    if part > most:
        return most
    return max(part, -1.0) if number and most else 0.0
'''


def changed(operator: str, before: str) -> Any:
    """Return the function of the source with one change in it."""
    mutant = next(
        one
        for one in mutants_of("made.up", SOURCE)
        if (one.operator, one.before) == (operator, before)
    )
    space: dict[str, Any] = {}
    exec(SOURCE, space)
    space["shared"].__code__ = mutated_code(mutant, SOURCE, "made up")
    return space["shared"]


@pytest.mark.parametrize(("operator", "before", "number", "expected"), [
    ("arithmetic", "part + number", 2.0, -1.0),
    ("boundary", "part > most", 2.5, 3.0),
    ("comparison", "part > most", 2.0, 3.0),
    ("number", "0.5", 1.0, 2.5),
    ("removed", "part = part + number", 2.0, 0.5),
    ("removed", "if part > most: return most", 9.0, 9.5),
    ("sign or not", "-1.0", -3.0, 1.0),
    ("min, max", "max(part, -1.0)", 2.0, -1.0),
    ("condition", "max(part, -1.0) if number and most else 0.0", 2.0, 0.0),
    ("and, or", "number and most", 0.0, 0.5),
])  # fmt: skip
def test_each_kind_of_change_does_what_it_says(
    operator: str, before: str, number: float, expected: float
) -> None:
    assert changed(operator, before)(number) == expected


def test_the_call_of_a_base_class_can_be_removed() -> None:
    source = (
        "class Base:\n    def tell(self):\n        self.told = 1\n"
        "class Made(Base):\n    def tell(self):\n        super().tell()\n        self.more = 2\n"
    )
    mutant = next(
        one
        for one in mutants_of("made.up", source)
        if (one.operator, one.before) == ("removed", "super().tell()")
    )
    space: dict[str, Any] = {}
    exec(source, space)
    space["Made"].tell.__code__ = mutated_code(mutant, source, "made up")
    made = space["Made"]()
    made.tell()
    assert vars(made) == {"more": 2}


def test_neither_text_nor_types_nor_what_has_to_be_there_is_changed() -> None:
    found = {(one.operator, one.before) for one in mutants_of("made.up", SOURCE)}
    assert ("removed", "part = 0.5") not in found
    assert not {before for _, before in found} & {"1", "3.0", "'Return 1 of many.'"}


TRIED = """
import argparse, json, sys
from pathlib import Path
import mutants
from laboratory import hold, source_of
from mutation_operators import mutants_of

def named(function, operator, before):
    module = "sim.rules.killing"
    return next(one for one in mutants_of(module, source_of(module))
                if (one.function, one.operator, one.before) == (function, operator, before))

wanted = [
    named("menace_level", "arithmetic", "0.5 * order"),
    named("menace_level", "boundary", "armed <= 0.0"),
    named("violence_felt", "arithmetic", "killed + half"),
]
mutants.sampled = lambda number, seed: wanted
answers = []
arguments = argparse.Namespace(out=Path(sys.argv[1]), mutants=3, seed=1, again=False, seconds=15.0)
tests = str(mutants.ROOT / "tests" / "sim" / "test_rule_meaning.py")
for _ in range(2):  # the second time from what is stored
    code = hold([tests, "-k", "menace_level"],
                lambda laboratory: answers.extend(mutants.campaign(laboratory, arguments)))
    assert code == 0
print(json.dumps([[one.became, one.by.partition("::")[2]] for one in answers]))
"""


def test_a_wrong_rule_is_noticed_and_one_that_means_the_same_is_not(tmp_path: Path) -> None:
    """Nobody armed menaces nobody, by the guard or by the product; half an order is no order's half."""
    done = subprocess.run(
        [sys.executable, "-c", TRIED, str(tmp_path)],
        capture_output=True, text=True, timeout=300,
        env=os.environ | {"PYTHONPATH": str(HERE), "NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *said, answers = done.stdout.splitlines()
    killer = "test_a_rule_keeps_its_range_over_the_whole_range_of_its_inputs[menace_level]"
    assert json.loads(answers) == 2 * [["killed", killer], ["survived", ""], ["unreached", ""]]
    assert sum("sim.rules.killing" in line for line in said) == 3
    assert len((tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()) == 3


ENDLESS = """
import mutants
from in_child import in_child

def endless():
    while True:
        pass

well = in_child(lambda: "well", 1)
print([in_child(endless, 1).in_time, well.in_time, well.said])
"""


def test_what_runs_without_end_is_stopped() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDLESS], capture_output=True, text=True, timeout=60,
        env=os.environ | {"PYTHONPATH": str(HERE)},
    )  # fmt: skip
    assert done.stdout.strip() == "[False, True, 'well']", done.stderr


def test_the_page_keeps_the_reasons_that_were_found(tmp_path: Path) -> None:
    from mutants import SURVIVED, Result

    page = tmp_path / "SURVIVORS.md"
    first, second, third, *_ = mutants_of("made.up", SOURCE)
    killed = Result(second, "killed", "a test")
    write_survivors([Result(first, SURVIVED), killed], "seed 1", "1 of 2.", page)
    assert reasons_of(page) == {key_of(first): OPEN}
    noted = page.read_text(encoding="utf-8").replace(OPEN, "the same")
    page.write_text(noted.replace("1 of 2.", "1 of 2.\n\nSeen before."), encoding="utf-8")
    write_survivors([Result(third, SURVIVED)], "seed 2", "0 of 1.", page)
    write_survivors([Result(first, SURVIVED), Result(second, SURVIVED)], "seed 1", "0 of 2.", page)
    assert reasons_of(page) == {
        key_of(first): "the same", key_of(second): OPEN, key_of(third): OPEN,
    }  # fmt: skip
    text = page.read_text(encoding="utf-8")
    assert "## seed 1\n\n0 of 2.\n\nSeen before.\n\n| place" in text
    assert "## seed 2\n\n0 of 1.\n\n| place" in text
    assert text.count("# Mutants that no test notices") == 1


def test_every_survivor_that_is_listed_has_a_reason_and_is_a_place_of_the_model_as_it_is() -> None:
    from laboratory import source_of

    listed = reasons_of(PAGE)
    assert OPEN not in listed.values()
    modules = {module for module, *_ in listed}
    there = {key_of(one) for module in modules for one in mutants_of(module, source_of(module))}
    assert set(listed) <= there
