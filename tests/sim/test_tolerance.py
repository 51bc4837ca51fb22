"""What is promised where a processor or a library of mathematics gives another last digit."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_worlds import scenario, small_war

import sim.rules
from sim.exponential import exp
from sim.model import PreventionModel

TOLERANCE = 1e-6
"""Of a figure, relative, while the people of both runs go the same ways (`sim/ODD.md`)."""
NUDGED = {"exp": exp, "log": math.log, "log1p": math.log1p}
MODULES = (
    "sim.initial", "sim.randomness", "sim.rules.contest", "sim.rules.elite_choice",
    "sim.rules.government", "sim.rules.international_actor", "sim.rules.killing",
    "sim.rules.protection", "sim.rules.society",
)  # fmt: skip


def people_and_record(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[float], np.ndarray]:
    """Run a war whose exponentials and logarithms are so many last digits off, by turns up and down."""
    up = False

    def nudged(function: Callable[[float], float]) -> Callable[[float], float]:
        def call(x: float) -> float:
            nonlocal up
            up = not up
            return math.nextafter(function(x), math.inf if up else -math.inf, steps=steps)

        return call

    with monkeypatch.context() as patched:
        for module in map(importlib.import_module, MODULES):
            for name, function in NUDGED.items():
                if hasattr(module, name):
                    patched.setattr(module, name, nudged(function))
        model = PreventionModel(scenario(small_war()), seed=3, replicate=1)
        for _ in range(40):
            model.step()
    return [sum(c.killed) + sum(c.displaced) for c in model.communities], model.series


def apart(first: np.ndarray, second: np.ndarray) -> float:
    scale = np.maximum(np.maximum(np.abs(first), np.abs(second)), 1.0)
    return float((np.abs(first - second) / scale).max())


def test_functions_that_differ_in_the_last_digit_move_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people, record = people_and_record(0, monkeypatch)
    nudged_people, nudged_record = people_and_record(1, monkeypatch)
    assert sum(people) > 100.0
    assert nudged_people == people
    assert not np.array_equal(nudged_record, record)
    assert apart(nudged_record, record) < TOLERANCE


def test_functions_that_are_wrong_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    _, record = people_and_record(0, monkeypatch)
    _, wrong = people_and_record(2**40, monkeypatch)
    assert apart(wrong, record) > TOLERANCE


def test_every_rule_with_such_a_function_is_among_those_nudged() -> None:
    files = {path.stem for path in Path(sim.rules.__path__[0]).glob("*.py")}
    modules = {f"sim.rules.{name}" for name in files - {"__init__"}}
    users = {name for name in modules if NUDGED.keys() & vars(importlib.import_module(name)).keys()}
    assert users
    assert users <= set(MODULES)
