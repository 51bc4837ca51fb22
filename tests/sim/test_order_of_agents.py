"""Updating is synchronous: within a process, it does not matter who acts first."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from same_state import state_of
from small_worlds import bits, burundi, scenario, three_at_war

from sim.ensemble import FIELDS, STATE
from sim.model import PreventionModel
from sim.schedule import Process


class ShuffledModel(PreventionModel):
    """The model, with the agents of each process called in another order every time."""

    def __init__(self, *arguments: object, order: int, **named: object) -> None:
        self._order = random.Random(order)
        self.shuffles = 0
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def _performer(self, process: Process) -> Callable[[], object]:
        if process.agent in self._bodies:
            return super()._performer(process)
        kind = self._classes[process.agent]

        def perform() -> None:
            agents = list(self.agents_by_type.get(kind, []))
            self._order.shuffle(agents)
            self.shuffles += len(agents) > 1
            for agent in agents:
                getattr(agent, process.name)()

        return perform


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_the_order_of_agents_within_a_process_does_not_matter(
    world: Callable[..., dict[str, Any]], order: int
) -> None:
    case = scenario(world(weeks=80))
    plain, shuffled = PreventionModel(case, seed=3), ShuffledModel(case, seed=3, order=order)
    for week in range(case.weeks):
        plain.step()
        shuffled.step()
        first, second = state_of(plain), state_of(shuffled)
        for table, fields in zip(STATE, FIELDS, strict=True):
            for position, field in enumerate(fields):
                same = np.array_equal(bits(first[table][position]), bits(second[table][position]))
                assert same, f"week {week}: {table}.{field.name}"
    assert shuffled.shuffles > 10 * case.weeks
    assert plain.series[:, 0].any()
