"""Mechanism 10, split resources: who is outvoted acts alone; policies add up or undo each other."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import I, W
from sim.parameters import P
from sim.rules.council import (
    combined_pressure,
    engaging_part,
    outside_share,
    policy_gap,
    pressing_part,
)
from sim.rules.international_actor import proposed_scale


def go_alone(run: Run) -> None:
    """Every actor turns some effort to its own policy, the less the common policy is that."""
    actors, world, row = run.actors, run.world, run.parameters
    for actor in range(actors.shape[1]):
        actors[I.outside, actor] = 0.0
        if world[W.acting] > 0.5 and actors[I.endowment, actor] > 0.0:
            gap = policy_gap(
                proposed_scale(actors[I.stake, actor], row[P.mandate_friction]),
                actors[I.position_pressure, actor], actors[I.position_protection, actor],
                world[W.policy_pressure], world[W.policy_protection],
            )  # fmt: skip
            actors[I.outside, actor] = outside_share(
                actors[I.stake, actor], gap, row[P.outside_friction]
            )


def add_up_leverage(run: Run) -> None:
    """Add up what actors do on their own, by their money, and the pressure that results."""
    actors, world = run.actors, run.world
    money = pressure = incentives = backing = arming = 0.0
    forums = 1.0 if world[W.mediation] > 0.0 else 0.0
    for actor in range(actors.shape[1]):
        tie = actors[I.tie, actor]
        effort = actors[I.endowment, actor] * actors[I.outside, actor]
        money += actors[I.endowment, actor]
        pressure += effort * pressing_part(actors[I.position_pressure, actor], tie)
        incentives += effort * engaging_part(actors[I.position_pressure, actor], tie)
        if tie > 0.0:
            backing += effort * tie
        else:
            arming -= effort * tie
        forums += actors[I.forum, actor]
    world[W.outside_pressure] = pressure / money if money > 0.0 else 0.0
    world[W.incentives] = incentives / money if money > 0.0 else 0.0
    world[W.backing] = backing / money if money > 0.0 else 0.0
    world[W.arming] = arming / money if money > 0.0 else 0.0
    world[W.forums] = forums
    stalling = run.parameters[P.forum_stalling]
    world[W.pressure] = combined_pressure(
        world[W.policy_pressure], world[W.outside_pressure], world[W.backing], forums, stalling
    )
    world[W.pressure_on_rebels] = combined_pressure(
        world[W.policy_pressure], world[W.outside_pressure], world[W.arming], forums, stalling
    )
