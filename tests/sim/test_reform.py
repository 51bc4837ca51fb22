"""What programmes of a state change in the world, and how far they depend on the state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import burundi, equal_actors, finished, scenario, started, three_at_war

from sim.fields import G, Q
from sim.model import PreventionModel
from sim.outcomes import O, Z
from sim.scenario import Scenario

RUNS = 300


def with_programme(world: Any, name: str, **parameters: float) -> list[Any]:
    """Return a world with a programme, and with a zero dose of it."""
    return [
        scenario(
            world(interventions={name: {"intensity": dose}}, action={"start": -2}, weeks=156),
            parameters={"reform_rate": 0.2, "livelihoods_loss": 0.0, **parameters},
        )
        for dose in (1.0, 0.0)
    ]


def paid_at_home(budget: float, endowment: float = 0.0, weeks: int = 156) -> Scenario:
    """Return a world with a programme that costs a state 0.2 a week."""
    country = burundi()["country"]
    country["government"] |= {"budget": budget}
    return scenario(
        burundi(
            country=country,
            actors=equal_actors(endowment),
            interventions={"managing_diversity": {}},
            action={"start": -26},
            weeks=weeks,
        )
    )


def exclusion_after(budget: float, endowment: float) -> float:
    """Return the mean exclusion after three years of it."""
    case = paid_at_home(budget, endowment)
    return float(finished(case).state["people"][:, Q.exclusion].mean())


def test_a_programme_paid_at_home_needs_no_money_and_no_attention_from_outside() -> None:
    nobody_pays = exclusion_after(0.0, 0.0)
    assert exclusion_after(100.0, 0.0) < nobody_pays - 0.01
    assert exclusion_after(100.0, 0.0) == exclusion_after(100.0, 60.0)
    assert exclusion_after(100.0, 60.0) < exclusion_after(0.0, 60.0) < nobody_pays


@pytest.mark.parametrize("budget", [0.4384, 0.4658, 1.3289, 1.5481])
def test_a_budget_that_is_spent_to_the_last_is_nothing_and_no_less(budget: float) -> None:
    """Here the share of the last cost, times that cost, is more than what is left, by a rounding."""
    case = paid_at_home(budget, weeks=60)
    model, batch = PreventionModel(case), started(case, replicates=1, seed=1)
    for _ in range(case.weeks):
        model.step()
        batch.advance(1)
        assert model.government.budget == batch.state["government"][0, G.budget] >= 0.0
    assert model.government.budget == 0.0


@pytest.mark.one_in(4)
@pytest.mark.parametrize("world", [burundi, three_at_war])
@pytest.mark.parametrize(
    "name", ["managing_diversity", "equal_justice", "economic_equality", "oversight_institutions"]
)
def test_a_programme_never_raises_threat_or_deaths(world: Any, name: str) -> None:
    """Mean paired differences with 99 % intervals, at the fastest reform that is allowed."""
    batch = finished(*with_programme(world, name), replicates=RUNS)
    for value in (
        batch.series[:, :, Z.threat].mean(axis=1), np.log1p(batch.outcomes[:, O.direct_deaths]),
    ):  # fmt: skip
        difference = value[:RUNS] - value[RUNS:]
        half = 2.576 * difference.std(ddof=1) / np.sqrt(RUNS)
        assert difference.mean() - half <= 0.0, (difference.mean(), half)


@pytest.mark.long
@pytest.mark.parametrize("name", ["managing_diversity", "equal_justice", "economic_equality"])
def test_a_fast_programme_saves_lives_in_burundi(name: str) -> None:
    pairs = 5 * RUNS  # the effect of one programme within three years is small
    batch = finished(*with_programme(burundi, name), replicates=pairs)
    deaths = np.log1p(batch.outcomes[:, O.direct_deaths])
    difference = deaths[:pairs] - deaths[pairs:]
    assert difference.mean() + 2.576 * difference.std(ddof=1) / np.sqrt(pairs) < 0.0
