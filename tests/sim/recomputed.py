"""States of a run week by week in either engine, to compute anew what followed from what.

What is computed anew uses the formulas of `sim/ODD.md` and none of the code of the model: an arrow that
no formula has is noticed even where both engines have it, and their equality notices nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from same_state import state_of
from small_worlds import started

from sim.fields import A, C, G, I, R, W
from sim.model import PreventionModel
from sim.parameters import PARAMETERS
from sim.scenario import Scenario

Tables = dict[str, np.ndarray]
Weeks = Iterator[tuple[Tables, Tables]]
DEFAULTS = {one.name: one.default for one in PARAMETERS}
SEED = 12
NAMES = {"world": W, "actors": I, "government": G, "communities": C, "armed": A, "programmes": R}


class Parameters:
    """The parameters of a scenario by name."""

    def __init__(self, case: Scenario) -> None:
        self.__dict__.update(zip(DEFAULTS, np.asarray(case.parameters, dtype=float), strict=True))

    def __getattr__(self, name: str) -> float:
        raise AttributeError(name)


def by_agents(case: Scenario) -> Weeks:
    """Yield the state at the end of every week and of the one before, in the agents engine."""
    model = PreventionModel(case, seed=SEED)
    before = state_of(model)
    for _ in range(case.weeks):
        model.step()
        after = state_of(model)
        yield before, after
        before = after


def compiled(case: Scenario) -> Weeks:
    """Yield the same of the compiled engine."""
    batch = started(case, replicates=1, seed=SEED)
    before = {name: table[0].copy() for name, table in batch.state.items()}
    for _ in range(case.weeks):
        batch.advance(1)
        after = {name: table[0].copy() for name, table in batch.state.items()}
        yield before, after
        before = after


ENGINES = {"agents": by_agents, "compiled": compiled}


def hold(expected: Tables, after: Tables) -> None:
    """Raise where what was computed is not what the engine has."""
    for name, value in expected.items():
        table, field = name.split(".")
        got = after[table][getattr(NAMES[table], field)]
        # The engine's exponential is its own, and sums run in another order.
        assert got == pytest.approx(value, rel=1e-9, abs=1e-9), (name, int(after["world"][W.week]))


def chance(log_odds: Any) -> Any:
    """Return the probability of some log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def felt(killed: float, half: float) -> float:
    """Return the violence felt of some deaths."""
    return killed / (killed + half)


def raised(value: Any, dose: float, share: float) -> Any:
    """Return an input that a dose raises towards 1."""
    return value + (1.0 - value) * share * dose


def lowered(value: Any, dose: float, share: float) -> Any:
    """Return an input that a dose lowers."""
    return value * (1.0 - share * dose)
