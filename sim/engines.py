"""The choice of engine: the agents, which can be read and subclassed, or the compiled ensemble."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mesa
import numpy as np

from sim.ensemble import Ensemble, EnsembleResult
from sim.errors import ScenarioError, unknown_name
from sim.model import PreventionModel
from sim.outcomes import OUTCOMES, SERIES
from sim.randomness import checked_key
from sim.rules import RULES
from sim.scenario import Scenario

ENGINES = ("agents", "compiled")


def run(
    scenarios: Sequence[Scenario],
    *,
    scenario: np.ndarray,
    replicate: np.ndarray,
    seed: int,
    engine: str = "compiled",
    rules: Mapping[str, Callable[..., Any]] | None = None,
    agent_classes: Mapping[str, type[mesa.Agent]] | None = None,
) -> EnsembleResult:
    """Run some replicates of some scenarios on either engine, with the same bits.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Scenarios of one structure.
    scenario, replicate : ndarray of int, shape (runs,)
        Which scenario each run is of, and its replicate.
    seed : int
        0 to 2**64 - 1.
    engine : str
        "agents" or "compiled".
    rules : mapping of str to function, optional
        Rules to use instead of the model's own, on either engine.
    agent_classes : mapping of str to class, optional
        Subclasses of the agents; only the agents engine can run them.

    Raises
    ------
    ScenarioError
        For an unknown engine, or subclasses under the compiled engine, which would ignore them.
    """
    checked_key(seed, replicate)
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    if engine == "compiled":
        refuse_subclasses(agent_classes)
        return Ensemble(scenarios, rules=rules).run(scenario, replicate, seed)
    weeks = scenarios[0].weeks
    outcomes = np.zeros((len(scenario), len(OUTCOMES)))
    series = np.zeros((len(scenario), weeks, len(SERIES)))
    for row, (which, number) in enumerate(zip(scenario, replicate, strict=True)):
        model = PreventionModel(
            scenarios[int(which)], seed=seed, replicate=int(number), rules=rules,
            agent_classes=agent_classes,
        )  # fmt: skip
        outcomes[row] = model.run()
        series[row] = model.series[:, : len(SERIES)]
    return EnsembleResult(outcomes, series)


def refuse_subclasses(agent_classes: Mapping[str, type[mesa.Agent]] | None) -> None:
    """Raise if there are agents that the compiled engine would silently ignore.

    Raises
    ------
    ScenarioError
        One line with the subclasses and the rules that may be replaced instead.
    """
    if agent_classes:
        names = ", ".join(sorted(kind.__name__ for kind in agent_classes.values()))
        raise ScenarioError(
            f"engine: compiled cannot run the agent classes {names}, use engine=agents or replace "
            f"rules: {', '.join(sorted(RULES))}"
        )
