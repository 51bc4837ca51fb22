"""Mechanism 12, credibility: armed groups learn by Bayes' rule what is enforced."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, S, W
from sim.kinds import CONFIRMATION, REINFORCEMENT
from sim.parameters import P
from sim.rules.credibility import (
    confirmed,
    contradictions,
    expected_enforcement,
    kept_in_sight,
    observations_next,
    reinforced_belief,
)
from sim.rules.international_actor import worn


def learn_enforcement(run: Run) -> None:
    """Every armed group updates its belief by last week's attacks, a watched peace, and empty words."""
    armed, row, world = run.armed, run.parameters, run.world
    certain = row[P.enforcement_certainty]
    expected = worn(row[P.enforcement_prior], world[W.week] / 52.0, row[P.erosion])
    weight, forgetting = row[P.enforcement_weight], row[P.enforcement_forgetting]
    empty = contradictions(
        world[W.backing], world[W.policy_pressure], world[W.announced], world[W.policy_protection]
    )
    for index in range(armed.shape[1]):
        belief, stopped = armed[A.belief, index], armed[A.stopped, index]
        unstopped = (armed[A.attacks, index] - stopped) + empty
        stopped = stopped + kept_in_sight(world[W.agreement], world[W.monitoring], belief)
        if run.settings[S.form_belief_updating] == REINFORCEMENT:
            armed[A.belief, index] = reinforced_belief(
                belief, expected, stopped, unstopped, row[P.reinforcement_rate], forgetting
            )
            continue
        if run.settings[S.form_belief_updating] == CONFIRMATION:
            stopped = confirmed(stopped, belief, row[P.confirmation_bias])
            unstopped = confirmed(unstopped, 1.0 - belief, row[P.confirmation_bias])
        armed[A.enforced, index] = observations_next(
            armed[A.enforced, index], certain * expected, stopped, weight, forgetting
        )
        armed[A.unenforced, index] = observations_next(
            armed[A.unenforced, index], certain * (1.0 - expected), unstopped, weight, forgetting
        )
        armed[A.belief, index] = expected_enforcement(
            armed[A.enforced, index], armed[A.unenforced, index]
        )
