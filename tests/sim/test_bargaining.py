"""Mandate bargaining against a search over the utilities that its rules state."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_inputs import of, share
from small_worlds import scenario, three_at_war

from sim.model import PreventionModel
from sim.rules import international_actor as actor
from sim.scenario import Scenario


def utility(scale: float, stake: float, proposal: Any, ideal: Any, friction: float) -> float:
    """Return an actor's utility of a scaled proposal, as the rule of acceptance states it."""
    along, size = float(np.dot(proposal, ideal)), float(np.dot(proposal, proposal))
    return stake * (2.0 * scale * along - scale * scale * size) - friction * scale * scale * size


positions = st.tuples(st.floats(0.02, 1.0), st.floats(0.02, 1.0))


@given(share, positions, positions, of("mandate_friction"))
def test_the_acceptable_scale_is_the_largest_that_is_no_worse_than_the_status_quo(
    stake: float, proposal: tuple[float, float], ideal: tuple[float, float], friction: float
) -> None:
    most = actor.acceptable_scale(stake, *proposal, *ideal, friction)
    grid = np.linspace(0.0, 3.0, 3001)
    worth = np.array([utility(s, stake, proposal, ideal, friction) for s in grid])
    assert (worth[grid <= most - 1e-9] >= -1e-12).all()
    assert (worth[grid >= most + 1e-9] <= 1e-12).all()


@given(share, positions, of("mandate_friction"))
def test_the_proposed_scale_maximises_the_proposers_utility(
    stake: float, ideal: tuple[float, float], friction: float
) -> None:
    best = actor.proposed_scale(stake, friction)
    grid = np.linspace(0.0, 1.0, 1001)
    worth = [utility(s, stake, ideal, ideal, friction) for s in grid]
    assert utility(best, stake, ideal, ideal, friction) >= max(worth) - 1e-12
    assert abs(grid[int(np.argmax(worth))] - best) <= 1e-3 or stake < 1e-9


def _council(rows: list[dict[str, Any]], quota: float) -> PreventionModel:
    """Return a model whose actors have the given positions, stakes, votes and vetoes."""
    model = PreventionModel(_small_case(len(rows)))
    model.settings.quota = quota
    for member, row in zip(model.actors, rows, strict=True):
        member.position_pressure, member.position_protection = row["ideal"]
        member.weight, member.veto = row["weight"], float(row["veto"])
        member.attention = member.stake = row["stake"]
    return model


def passing(model: PreventionModel) -> float:
    """Return the scale that passes when the first actor proposes its own position."""
    lead = model.actors[0]
    proposed = (lead.position_pressure, lead.position_protection, lead.preferred_scale())
    return model.council._passing_scale(lead, *proposed)


_CASES: dict[int, Scenario] = {}


def _small_case(members: int) -> Scenario:
    if members not in _CASES:
        row = {"weight": 1, "salience": 0.5, "endowment": 1, "contribution": 0.5}
        council = {"actors": {f"member_{j}": dict(row) for j in range(members)}}
        _CASES[members] = scenario(three_at_war(weeks=8), actors=council)
    return _CASES[members]


@given(positions, positions, share, share)
def test_with_one_veto_player_what_passes_is_the_lesser_of_wish_and_tolerance(
    first: tuple[float, float], second: tuple[float, float], wish: float, care: float
) -> None:
    """Two actors, closed form against a search of the proposer's best scale that passes."""
    model = _council(
        [
            {"ideal": first, "weight": 0.7, "veto": False, "stake": wish},
            {"ideal": second, "weight": 0.3, "veto": True, "stake": care},
        ],
        quota=0.5,
    )
    friction = model.parameters.mandate_friction
    passed = passing(model)
    grid = np.linspace(0.0, 1.0, 2001)
    allowed = [s for s in grid if utility(s, care, first, second, friction) >= -1e-12]
    best = max(allowed, key=lambda s: utility(s, wish, first, first, friction))
    assert passed == pytest.approx(best, abs=1e-3)


@given(
    st.lists(
        st.fixed_dictionaries({
            "ideal": positions, "weight": st.floats(0.05, 1.0), "veto": st.booleans(),
            "stake": st.floats(0.01, 1.0),
        }),
        min_size=3, max_size=5,
    ),
    st.floats(0.1, 1.0),
)  # fmt: skip
def test_what_passes_is_the_proposers_best_among_all_that_vetoes_and_quota_let_through(
    rows: list[dict[str, Any]], quota: float
) -> None:
    total = sum(row["weight"] for row in rows)
    rows = [row | {"weight": row["weight"] / total} for row in rows]
    model = _council(rows, quota)
    friction, lead = model.parameters.mandate_friction, rows[0]
    passed = passing(model)
    best = 0.0
    for s in np.linspace(0.0, 1.0, 801)[1:]:
        agrees = [
            row is lead or utility(s, row["stake"], lead["ideal"], row["ideal"], friction) >= 0.0
            for row in rows
        ]
        vetoed = any(
            row["veto"] and utility(s, row["stake"], lead["ideal"], row["ideal"], friction) < 0.0
            for row in rows
        )
        votes = sum(row["weight"] for row, yes in zip(rows, agrees, strict=True) if yes)
        better = utility(s, lead["stake"], lead["ideal"], lead["ideal"], friction) > utility(
            best, lead["stake"], lead["ideal"], lead["ideal"], friction
        )
        if votes >= quota - 1e-9 and not vetoed and better:
            best = float(s)
    assert passed == pytest.approx(best, abs=2.5e-3)


def test_the_recognised_proposer_follows_votes_times_attention() -> None:
    model = _council(
        [
            {"ideal": (0.5, 0.5), "weight": 0.5, "veto": False, "stake": 0.2},
            {"ideal": (0.5, 0.5), "weight": 0.0, "veto": False, "stake": 1.0},
            {"ideal": (0.5, 0.5), "weight": 0.3, "veto": False, "stake": 1.0},
        ],
        quota=0.5,
    )
    counts = {member.index: 0 for member in model.actors}
    draws: Any = SimpleNamespace(recognition=0.0)
    model.draws = draws
    for draw in ((np.arange(400) + 0.5) / 400).tolist():
        draws.recognition = draw
        chosen = model.council._recognised()
        assert chosen is not None
        counts[chosen.index] += 1
    assert counts == {0: 100, 1: 0, 2: 300}
    for member in model.actors:
        member.attention = 0.0
    assert model.council._recognised() is None
