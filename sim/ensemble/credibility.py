"""Mechanism 12, credibility: armed groups learn by Bayes' rule what is enforced."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A
from sim.parameters import P
from sim.rules.armed_group import expected_enforcement, observations_next


def learn_enforcement(run: Run) -> None:
    """Every armed group updates its belief by last week's attacks, stopped or not."""
    armed, row = run.armed, run.parameters
    certain, expected = row[P.enforcement_certainty], row[P.enforcement_prior]
    weight, forgetting = row[P.enforcement_weight], row[P.enforcement_forgetting]
    for index in range(armed.shape[1]):
        stopped = armed[A.stopped, index]
        armed[A.enforced, index] = observations_next(
            armed[A.enforced, index], certain * expected, stopped, weight, forgetting
        )
        armed[A.unenforced, index] = observations_next(
            armed[A.unenforced, index], certain * (1.0 - expected),
            armed[A.attacks, index] - stopped, weight, forgetting,
        )  # fmt: skip
        armed[A.belief, index] = expected_enforcement(
            armed[A.enforced, index], armed[A.unenforced, index]
        )
