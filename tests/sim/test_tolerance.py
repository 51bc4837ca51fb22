"""What is promised where a processor or a library of mathematics gives another last digit."""

from __future__ import annotations

import importlib
import math
from pathlib import Path

import numpy as np
import pytest
from small_worlds import scenario, small_war

import sim.rules
from sim.model import PreventionModel

TOLERANCE = 1e-6
"""Of a figure, relative, while the people of both runs go the same ways (`sim/ODD.md`)."""
WITH_EXP = (
    "sim.initial", "sim.rules.contest", "sim.rules.elite_choice", "sim.rules.government",
    "sim.rules.international_actor", "sim.rules.killing", "sim.rules.protection", "sim.rules.society",
)  # fmt: skip


def people_and_record(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[float], np.ndarray]:
    """Run a war whose exponentials are so many last digits off, up and down by turns."""
    up = False

    def nudged(x: float) -> float:
        nonlocal up
        up = not up
        return math.nextafter(math.exp(x), math.inf if up else 0.0, steps=steps)

    with monkeypatch.context() as patched:
        for name in WITH_EXP:
            patched.setattr(importlib.import_module(name), "exp", nudged)
        model = PreventionModel(scenario(small_war()), seed=3, replicate=1)
        for _ in range(40):
            model.step()
    return [sum(c.killed) + sum(c.displaced) for c in model.communities], model.series


def apart(first: np.ndarray, second: np.ndarray) -> float:
    scale = np.maximum(np.maximum(np.abs(first), np.abs(second)), 1.0)
    return float((np.abs(first - second) / scale).max())


def test_exponentials_that_differ_in_the_last_digit_move_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people, record = people_and_record(0, monkeypatch)
    nudged_people, nudged_record = people_and_record(1, monkeypatch)
    assert sum(people) > 100.0
    assert nudged_people == people
    assert not np.array_equal(nudged_record, record)
    assert apart(nudged_record, record) < TOLERANCE


def test_exponentials_that_are_wrong_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    _, record = people_and_record(0, monkeypatch)
    _, wrong = people_and_record(2**40, monkeypatch)
    assert apart(wrong, record) > TOLERANCE


def test_every_rule_with_an_exponential_is_among_those_nudged() -> None:
    users = {
        f"sim.rules.{file.stem}"
        for file in Path(sim.rules.__path__[0]).glob("*.py")
        if hasattr(importlib.import_module(f"sim.rules.{file.stem}"), "exp")
    }
    assert users <= set(WITH_EXP)
