"""Mechanism 17, shocks: exogenous events at their dates, shared by both runs of a pair."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import W


def strike(run: Run) -> None:
    """Add up what this week's shocks bring."""
    world, shocks = run.world, run.shocks
    threat = grievance = fear = 0.0
    for row in range(shocks.shape[0]):
        if shocks[row, 0] == world[W.week]:
            threat = threat + (1.0 - threat) * shocks[row, 1]
            grievance = grievance + (1.0 - grievance) * shocks[row, 2]
            fear = fear + (1.0 - fear) * shocks[row, 3]
    world[W.shock_threat] = threat
    world[W.shock_grievance] = grievance
    world[W.shock_fear] = fear
