"""The compiled ensemble: many runs of the same model at once, on columns with a replicate axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.ensemble.build import build
from sim.ensemble.roads import LANES, even_rows, even_weights
from sim.ensemble.run import SPARE, TILE
from sim.errors import ForestallError, ScenarioError, bad_value
from sim.fields import (
    ACTOR,
    ARMED_GROUP,
    COMMUNITY,
    GOVERNMENT,
    GROUP,
    PEOPLE,
    PRESENCE,
    PROGRAMME,
    WORLD,
)
from sim.initial import columns_of
from sim.outcomes import OUTCOMES, SERIES
from sim.randomness import checked_key
from sim.scenario import Scenario

STATE = (
    "world", "government", "groups", "actors", "armed", "communities", "people", "presence",
    "programmes",
)  # fmt: skip
"""Names of the state columns, in the order in which a batch carries them."""

INPUTS = ("nearness", "parameters", "settings", "measures", "listed", "shocks", "recorded")
"""Names of the columns that a run reads and never writes, in the order of a batch."""

FIELDS = (
    WORLD, GOVERNMENT, GROUP, ACTOR, ARMED_GROUP, COMMUNITY, PEOPLE, PRESENCE, PROGRAMME,
)  # fmt: skip
"""Their fields, in the same order."""


class EnsembleResult(NamedTuple):
    """What some runs came to.

    Attributes
    ----------
    outcomes : ndarray, shape (runs, len(OUTCOMES))
    series : ndarray, shape (runs, weeks, len(SERIES))
    """

    outcomes: np.ndarray
    series: np.ndarray


class Ensemble:
    """Runs of scenarios that share their structure and differ in numbers.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Same country, groups, actors, measures and horizon; levers, parameters and positions differ.
    rules : mapping of str to function, optional
        Rules to use instead of the model's own.

    Raises
    ------
    ScenarioError
        If the scenarios do not share their structure, or a rule's name or parameters are wrong.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        *,
        rules: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        if not scenarios:
            raise ScenarioError("an ensemble needs one scenario or more")
        if any(scenario.structure != scenarios[0].structure for scenario in scenarios):
            raise ScenarioError("scenarios of one ensemble must share country, actors and horizon")
        self.weeks = scenarios[0].weeks
        self._functions = build(rules)
        graph = scenarios[0].country.graph()
        self._graph = tuple(even_rows(graph.start, graph.place, graph.weight))
        columns = columns_of(scenarios)
        columns = columns._replace(nearness=even_weights(graph.start, columns.nearness))
        self._inputs = tuple(getattr(columns, name) for name in INPUTS)
        self._initial = {name: getattr(columns, name) for name in STATE}
        self._groups = columns.groups.shape[2]

    @property
    def bytes_per_run(self) -> int:
        """Memory that one run's state and record take (bytes)."""
        return int(
            self.state_bytes_per_run
            + 8 * (self.weeks * (len(SERIES) + self._groups) + len(OUTCOMES))
        )

    @property
    def state_bytes_per_run(self) -> int:
        """Memory that one run's state takes (bytes)."""
        return int(sum(self._initial[name][0].nbytes for name in STATE))

    def start(self, scenario: np.ndarray, replicate: np.ndarray, seed: int) -> Batch:
        """Return a batch of runs at week 0.

        Parameters
        ----------
        scenario : ndarray of int, shape (runs,)
            Which of the scenarios each run is of.
        replicate : ndarray of int, shape (runs,)
            Replicate numbers; equal numbers share every draw.
        seed : int
            0 to 2**64 - 1.
        """
        key, replicates = checked_key(seed, replicate)
        which = np.asarray(scenario, dtype=np.int64)
        state = tuple(np.ascontiguousarray(self._initial[name][which]) for name in STATE)
        series = np.zeros((which.size, self.weeks, len(SERIES) + self._groups))
        return Batch(
            self._functions["advance"], key, which, replicates, self._graph, self._inputs, state,
            series,
            np.zeros((which.size, len(OUTCOMES))),
        )  # fmt: skip

    def run(self, scenario: np.ndarray, replicate: np.ndarray, seed: int) -> EnsembleResult:
        """Run to the horizon; releases the interpreter lock, so that threads run side by side.

        Parameters
        ----------
        scenario, replicate, seed
            As in `start`.

        Raises
        ------
        ForestallError
            If a number became NaN: the message names the field and the week.
        """
        batch = self.start(scenario, replicate, seed)
        batch.advance(self.weeks)
        return EnsembleResult(batch.outcomes, batch.series[:, :, : len(SERIES)].copy())


class Batch:
    """Runs under way; `state` maps a name of `STATE` to its columns (runs, fields, ...)."""

    def __init__(
        self,
        advance: Callable[..., None],
        seed: np.uint64,
        scenario: np.ndarray,
        replicate: np.ndarray,
        graph: tuple[np.ndarray, ...],
        inputs: tuple[np.ndarray, ...],
        state: tuple[np.ndarray, ...],
        series: np.ndarray,
        outcomes: np.ndarray,
    ) -> None:
        self._advance = advance
        self._arguments = (seed, scenario, replicate, graph, inputs, state)
        self.state = dict(zip(STATE, state, strict=True))
        self.series = series
        self.outcomes = outcomes
        places = self.state["communities"].shape[2]
        # What is read at a neighbour at once: two fields of each group and one of each armed group,
        # or two of each armed group.
        groups, armed = self.state["people"].shape[2], self.state["presence"].shape[2]
        parts = -(-max(2 * groups + armed, 2 * armed) // LANES)
        self._work = (
            np.zeros((4, places)), np.zeros((SPARE, places)),
            np.zeros((parts, places, LANES)), np.zeros((parts, TILE, LANES)),
        )  # fmt: skip

    def advance(self, weeks: int) -> None:
        """Run every replicate for some weeks.

        Raises
        ------
        ForestallError
            If that goes past the horizon, or a number became NaN: the message names the field and
            the week.
        """
        horizon, now = self.series.shape[1], int(self.state["world"][:, 0].max(initial=0.0))
        if not 0 <= weeks <= horizon - now:
            raise bad_value("weeks", weeks, f"between 0 and {horizon - now}", unit="weeks left")
        self._advance(*self._arguments, self.series, self.outcomes, self._work, weeks)
        self._check()

    def _check(self) -> None:
        for name, fields in zip(STATE, FIELDS, strict=True):
            bad = np.isnan(self.state[name])
            if not bad.any():
                continue
            run, position = np.argwhere(bad)[0][:2]
            week = int(self.state["world"][run, 0])
            raise ForestallError(
                f"{name}.{fields[position].name} became NaN by week {week} in replicate "
                f"{int(self._arguments[2][run])}"
            )
