"""Worlds in which every measure is tried: the catalogue, and the two examples of a user's own."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import market_days
import numpy as np
import pytest
import yaml
from small_worlds import SCENARIOS, VIOLENT, Batch, equal_actors, scenario, started, three_groups

from sim.ensemble import FIELDS, STATE
from sim.fields import R
from sim.interventions import CATALOGUE, Declaration
from sim.interventions.base import Failure, Move
from sim.interventions.changes import with_changes
from sim.interventions.own import declared_as, own_declaration
from sim.kinds import Channel
from sim.scenario import Scenario

RUNS = 200
RARE = {"agreement_monitoring": 800}
"""Runs for ways to fail of which what is left turns up in few: in agreements that were kept."""
OPENS = 4
"""Week in which outside actors may begin to act in the world of the contract."""
SEED = 7


def yaml_entry(name: str) -> dict[str, Any]:
    """Return the entry of a measure's scenario file."""
    text = (SCENARIOS / "intervention" / f"{name}.yaml").read_text(encoding="utf-8")
    read = yaml.safe_load(text)
    assert isinstance(read, dict)
    return read


OWN: dict[str, dict[str, Any]] = {
    "radio_drama": yaml_entry("radio_drama"),
    "market_days": declared_as(market_days.DECLARATIONS[0]),
}
"""Measures of a user's own by name: as a YAML file, and as a Python file."""
MEASURES: dict[str, Declaration] = {
    **CATALOGUE,
    **{name: own_declaration(name, entry) for name, entry in OWN.items()},
}
EVERY = pytest.mark.parametrize("name", MEASURES)
ACTIVE = pytest.mark.parametrize("name", [name for name in MEASURES if name != "placebo"])


def world() -> dict[str, Any]:
    """Return three groups in a war that neither side wins at once, with money and mandates."""
    country = three_groups(communities=10)
    country["shocks"][0]["week"] = 2
    country["government"] |= {
        "budget": 0.0, "capacity": 0.6, "commitment": 0.5, "accountability": 0.5,
    }  # fmt: skip
    country["armed_groups"]["rebels"]["strength"] = 600.0
    country["armed_groups"]["front"]["strength"] = 800.0
    country["neighbours"]["neighbour_1"]["support"] = -0.6
    country["neighbours"]["neighbour_2"]["support"] = 0.4
    return {
        "country": country,
        "actors": equal_actors(500.0),
        "interventions": {},
        "action": {"start": OPENS - 2},
        # Mandates stand long enough for what waits for one to be delivered.
        "parameters": VIOLENT
        | {"mandate_term": 52.0, "mandate_minimum": 0.1, "mandate_friction": 0.2},
    }


def with_measure(name: str, weeks: int, **settings: Any) -> dict[str, Any]:
    """Return the world in which a measure has something to act on, with it."""
    declared = MEASURES[name]
    raw = with_changes(world(), declared.shown_in, measure=name)
    entry = copy.deepcopy(OWN.get(name, {}))
    beside = {other: dict(row) for other, row in declared.beside.items()}
    return raw | {"interventions": {**beside, name: entry | settings}, "weeks": weeks}


def pair(raw: dict[str, Any], name: str) -> tuple[Scenario, Scenario]:
    """Return a world with a measure, and with a zero dose of it."""
    zero = with_changes(raw, {"@.intensity": 0.0}, measure=name)
    return scenario(raw), scenario(zero)


def mean_of(batch: Batch, state: str) -> np.ndarray:
    """Return the mean of a state over all who hold it, shape (runs,)."""
    table, _, field = state.partition(".")
    position = [one.name for one in FIELDS[STATE.index(table)]].index(field)
    column = batch.state[table][:, position]
    return np.asarray(column.reshape(column.shape[0], -1).mean(axis=1))


def first_delivery(name: str) -> int:
    return OPENS + int(MEASURES[name].lag)


THROUGH_THE_STATE = [
    name
    for name, one in MEASURES.items()
    if one.parts and all(part.channel is Channel.STATE for part in one.parts)
]


def rows_of(case: Scenario) -> list[str]:
    """Return the measure of every row of the table."""
    return [one.declaration.name for one in case.measures for _ in one.declaration.parts]


class Failing(NamedTuple):
    """One way in which a measure fails: in words, what makes it, what that leaves, what it harms."""

    when: str
    changes: Mapping[str, object]
    failure: Failure
    of: tuple[str, ...]
    harms: Move | None = None


def ways_to_fail(declared: Declaration) -> list[Failing]:
    """Return every declared way in which a measure fails, its usual one first."""
    further = [
        Failing(one.when, one.changes, one.failure, _taken(declared, one.of), one.harms)
        for one in declared.also_fails
    ]
    return [
        Failing(
            declared.fails_when,
            declared.fails,
            declared.failure,
            _taken(declared, declared.fails_of),
        ),
        *further,
    ]


def _taken(declared: Declaration, states: tuple[str, ...]) -> tuple[str, ...]:
    """Return the states among its moves of which a failure is said: all unless some are named."""
    return states or tuple(move.state for move in declared.moves)


FAILING = [
    pytest.param(name, at, id=name if at == 0 else f"{name}-{at}")
    for name, one in MEASURES.items()
    if name != "placebo"
    for at in range(len(ways_to_fail(one)))
]


class Trial(NamedTuple):
    """What 200 pairs of worlds give: gains of the moves, whether any dose came, million USD spent."""

    gains: list[tuple[float, float]]
    dosed: bool
    spent: float

    @property
    def paid(self) -> bool:
        """Whether any money was spent on it."""
        return self.spent > 0.0


@functools.cache
def tried(name: str, way: int = -1, seed: int = SEED) -> Trial:
    """Return mean and half width (99.9 %) of every move of a measure, in its own direction.

    A move is the paired difference of a state, as a mean over the weeks from the first delivery.
    `way` is the way in which it fails, -1 for none. A measure is dosed where anything of it gets
    through, and paid for where money is spent on it.
    """
    declared, runs = MEASURES[name], RUNS if way < 0 else RARE.get(name, RUNS)
    moves = declared.moves
    raw = with_measure(name, first_delivery(name) + max(move.within for move in moves))
    if way >= 0:
        failing = ways_to_fail(declared)[way]
        moves = (failing.harms,) if failing.harms else moves
        raw = with_changes(raw, failing.changes, measure=name)
    longest = max(move.within for move in moves)
    raw["weeks"] = first_delivery(name) + longest
    dosed, zero = pair(raw, name)
    rows = [index for index, row in enumerate(rows_of(dosed)) if row == name]
    batch = started(dosed, zero, replicates=runs, seed=seed)
    batch.advance(first_delivery(name))
    sums, arrived = [np.zeros(2 * runs) for _ in moves], False
    for week in range(1, longest + 1):
        batch.advance(1)
        arrived |= bool(batch.state["programmes"][:runs, R.dose][:, rows].any())
        for total, move in zip(sums, moves, strict=True):
            if week <= move.within:
                total += mean_of(batch, move.state) / move.within
    found = []
    for total, move in zip(sums, moves, strict=True):
        difference = move.direction * (total[:runs] - total[runs:])
        half = 3.29 * difference.std(ddof=1) / np.sqrt(runs)
        found.append((float(difference.mean()), float(half)))
    spent = batch.state["programmes"][:runs, R.spent][:, rows].sum(axis=1)
    return Trial(found, arrived, float(spent.mean()))
