"""The two engines behind one small interface: the same scenarios, the same runs, the same bits."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.computed import Columns
from experiments.config import ENGINES
from experiments.designs import scenario_of
from sim.errors import unknown_name


class Scenario(Protocol):
    """What the runner needs of `sim.scenario.Scenario`."""

    @property
    def structure(self) -> Hashable:
        """Equal for scenarios that may share one ensemble."""


class Runs(Protocol):
    """What one batch of runs comes back as."""

    @property
    def outcomes(self) -> NDArray[np.float64]:
        """Shape (runs, outcomes)."""

    @property
    def series(self) -> NDArray[np.float64]:
        """Shape (runs, weeks, series)."""


class Ensemble(Protocol):
    """Scenarios of one structure, ready to run; `run` may be called from several threads."""

    def run(self, scenario: NDArray[np.int64], replicate: NDArray[np.int64], seed: int, /) -> Runs:
        """Run one batch: for each entry the index of its scenario and its replicate.

        A batch of no runs only makes the engine ready.
        """


class Engine(Protocol):
    """Makes scenarios from configurations and ensembles from scenarios.

    `largest_batch` is the number of runs beyond which a batch has no use.
    """

    name: str
    columns: Columns
    largest_batch: int

    def scenario(self, config: Mapping[str, Any]) -> Scenario:
        """Return the scenario of a point; ScenarioError when the model cannot take it."""

    def ensemble(self, scenarios: Sequence[Any]) -> Ensemble:
        """Return an ensemble of scenarios of one structure."""


class _Model:
    """What both engines share: the model's scenarios and outcomes."""

    def __init__(self) -> None:
        from experiments.sections import Sections
        from sim.outcomes import OUTCOMES, SERIES

        self._sections = Sections()
        self.columns = Columns(
            outcomes=tuple(outcome.name for outcome in OUTCOMES),
            series=tuple(series.name for series in SERIES),
            shares=tuple(series.kind == "share" for series in SERIES),
        )

    def __reduce__(self) -> tuple[type[_Model], tuple[()]]:
        """Travel to other processes without what was read here."""
        return type(self), ()

    def scenario(self, config: Mapping[str, Any]) -> Any:
        return scenario_of(config, sections=self._sections)


def compile_notice(engine: str) -> str:
    """Return the line to show before a wait for the compiler; empty when there is none."""
    if engine != CompiledEngine.name:
        return ""
    from sim.ensemble.build import is_compiled

    if is_compiled():
        return ""
    return "compiling the model, about a minute, once for each version of it ..."


class CompiledEngine(_Model):
    """The compiled ensemble; it releases the interpreter's lock while it runs."""

    name = "compiled"
    largest_batch = 1 << 20

    def ensemble(self, scenarios: Sequence[Any]) -> Ensemble:
        """Return the compiled ensemble of scenarios of one structure."""
        from sim.ensemble import Ensemble

        return Ensemble(scenarios)


class AgentsEngine(_Model):
    """The Mesa model, one run after another: slow, and the oracle of the other."""

    name = "agents"
    # It gains nothing from batches, and Ctrl-C waits for the batch under way.
    largest_batch = 1

    def ensemble(self, scenarios: Sequence[Any]) -> Ensemble:
        """Return the scenarios as runs of the Mesa model."""
        return _AgentRuns(scenarios)


class _AgentRuns:
    def __init__(self, scenarios: Sequence[Any]) -> None:
        self._scenarios = scenarios

    def run(self, scenario: NDArray[np.int64], replicate: NDArray[np.int64], seed: int, /) -> Runs:
        from sim.engines import run

        return run(
            self._scenarios, scenario=scenario, replicate=replicate, seed=seed, engine="agents"
        )


def engine_named(name: str) -> Engine:
    """Return the engine that ``engine=NAME`` asks for."""
    if name == CompiledEngine.name:
        return CompiledEngine()
    if name == AgentsEngine.name:
        return AgentsEngine()
    raise unknown_name("engine", name, ENGINES)
