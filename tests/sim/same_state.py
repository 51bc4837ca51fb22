"""Comparison of the two engines: every field of every agent, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
from small_worlds import bits

from sim.ensemble import FIELDS, STATE, Batch
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
    Field,
)
from sim.model import PreventionModel


def _attributes(holders: list[Any], fields: tuple[Field, ...]) -> np.ndarray:
    """Return (fields, holders), or (fields, list, holders) where an attribute is a list."""
    column = np.array(
        [[getattr(holder, field.name) for holder in holders] for field in fields],
        dtype=np.float64,
    )
    if column.ndim == 3:
        return column.swapaxes(1, 2)
    return column


def state_of(model: PreventionModel) -> dict[str, np.ndarray]:
    """Return all state of an agents model, as the columns of one run of the ensemble."""
    places, groups, armed = len(model.communities), len(model.groups), len(model.armed_groups)
    people = _attributes(model.communities, PEOPLE)
    presence = _attributes(model.communities, PRESENCE)
    return {
        "world": _attributes([model], WORLD)[:, 0],
        "government": _attributes([model.government], GOVERNMENT)[:, 0],
        "groups": _attributes(model.groups, GROUP),
        "actors": _attributes(model.actors, ACTOR).reshape(len(ACTOR), len(model.actors)),
        "armed": _attributes(model.armed_groups, ARMED_GROUP).reshape(len(ARMED_GROUP), armed),
        "communities": _attributes(model.communities, COMMUNITY),
        "people": people.reshape(len(PEOPLE), groups, places),
        "presence": presence.reshape(len(PRESENCE), armed, places),
        "programmes": _attributes(model.programmes, PROGRAMME).reshape(
            len(PROGRAMME), len(model.programmes)
        ),
    }


def assert_same_state(model: PreventionModel, batch: Batch, *, row: int = 0) -> int:
    """Raise at the first field in which a model and one run of a batch differ.

    Returns
    -------
    int
        How many numbers were compared.

    Raises
    ------
    AssertionError
        Naming the week, the table, the field, the agent and the two values.
    """
    compared = 0
    mine = state_of(model)
    for table, fields in zip(STATE, FIELDS, strict=True):
        agents, columns = mine[table], batch.state[table][row]
        assert agents.shape == columns.shape, f"{table}: {agents.shape} against {columns.shape}"
        assert agents.shape[0] == len(fields), f"{table}: fields that are not in its table"
        for position, field in enumerate(fields):
            differ = np.argwhere(np.atleast_1d(bits(agents[position]) != bits(columns[position])))
            if differ.size:
                where = tuple(differ[0])
                raise AssertionError(
                    f"week {int(model.week)}: {table}.{field.name}{list(map(int, where))} is "
                    f"{np.atleast_1d(agents[position])[where]!r} in the agents engine and "
                    f"{np.atleast_1d(columns[position])[where]!r} in the compiled one"
                )
        compared += agents.size
    return compared


def assert_same_record(model: PreventionModel, batch: Batch, *, row: int = 0) -> None:
    """Raise if the weekly record or the outcomes of a finished pair differ."""
    assert np.array_equal(bits(model.series), bits(batch.series[row])), "series differ"
    assert np.array_equal(bits(model.outcomes()), bits(batch.outcomes[row])), "outcomes differ"
