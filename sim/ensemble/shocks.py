"""Mechanism 17, shocks: exogenous events, dated or at a rate, shared by both runs of a pair."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import W
from sim.parameters import P
from sim.randomness import SHOCK, uniforms
from sim.rules.international_actor import worn
from sim.rules.society import slump_next


def strike(run: Run) -> None:
    """Add up what this week's shocks bring."""
    world, shocks = run.world, run.shocks
    threat = grievance = fear = division = livelihoods = arms = 0.0
    for row in range(shocks.shape[0]):
        draw = uniforms(run.seed, run.replicate, int(world[W.week]), SHOCK, row, 0)[0]
        chance = worn(shocks[row, 7], world[W.week] / 52.0, -run.parameters[P.erosion])
        if shocks[row, 0] == world[W.week] or draw < chance:
            threat = threat + (1.0 - threat) * shocks[row, 1]
            grievance = grievance + (1.0 - grievance) * shocks[row, 2]
            fear = fear + (1.0 - fear) * shocks[row, 3]
            division = division + (1.0 - division) * shocks[row, 4]
            livelihoods = livelihoods + (1.0 - livelihoods) * shocks[row, 5]
            arms = arms + (1.0 - arms) * shocks[row, 6]
    world[W.shock_threat] = threat
    world[W.shock_grievance] = grievance
    world[W.shock_fear] = fear
    world[W.shock_division] = division
    world[W.shock_arms] = arms
    world[W.slump] = slump_next(world[W.slump], livelihoods, run.parameters[P.slump_fade])
