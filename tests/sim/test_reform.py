"""What programmes of a state change in the world, and how far they depend on the state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import burundi, equal_actors, finished, scenario, three_at_war

from sim.fields import Q
from sim.outcomes import O, Z

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


def exclusion_after(budget: float, endowment: float) -> float:
    """Return the mean exclusion after three years of a programme that costs 0.2 a week."""
    country = burundi()["country"]
    country["government"] |= {"budget": budget}
    case = scenario(
        burundi(
            country=country,
            actors=equal_actors(endowment),
            interventions={"managing_diversity": {}},
            action={"start": -26},
            weeks=156,
        )
    )
    return float(finished(case).state["people"][:, Q.exclusion].mean())


def test_a_programme_paid_at_home_needs_no_money_and_no_attention_from_outside() -> None:
    nobody_pays = exclusion_after(0.0, 0.0)
    assert exclusion_after(100.0, 0.0) < nobody_pays - 0.01
    assert exclusion_after(100.0, 0.0) == exclusion_after(100.0, 60.0)
    assert exclusion_after(100.0, 60.0) < exclusion_after(0.0, 60.0) < nobody_pays


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


@pytest.mark.parametrize("name", ["managing_diversity", "equal_justice", "economic_equality"])
def test_a_fast_programme_saves_lives_in_burundi(name: str) -> None:
    pairs = 5 * RUNS  # the effect of one programme within three years is small
    batch = finished(*with_programme(burundi, name), replicates=pairs)
    deaths = np.log1p(batch.outcomes[:, O.direct_deaths])
    difference = deaths[:pairs] - deaths[pairs:]
    assert difference.mean() + 2.576 * difference.std(ddof=1) / np.sqrt(pairs) < 0.0
