"""Mechanism 16 in part: combat between armed sides, control of places, and victory."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, M, W
from sim.kinds import MILITIA, REBEL, STATE
from sim.parameters import P
from sim.rules.contest import strength_next
from sim.rules.mobilisation import combat_losses, control_next


def meet_in_battle(run: Run) -> None:
    """In every place at home state forces and rebels fight, but for an agreement."""
    communities, armed, presence, row = run.communities, run.armed, run.presence, run.parameters
    for place in range(communities.shape[1]):
        if communities[C.abroad, place] > 0.5:
            continue
        forces = rebels = 0.0
        for index in range(presence.shape[1]):
            if armed[A.kind, index] == STATE:
                forces += presence[M.armed, index, place]
            elif armed[A.kind, index] == REBEL:
                rebels += presence[M.armed, index, place]
        communities[C.rebel_losses, place] = 0.0
        communities[C.state_losses, place] = 0.0
        if run.world[W.agreement] > 0.5:
            continue
        communities[C.rebel_losses, place] = combat_losses(
            forces, row[P.crushing_rate], row[P.strength_half]
        )
        communities[C.state_losses, place] = combat_losses(
            rebels, row[P.attrition_rate], row[P.strength_half]
        )
        communities[C.control, place] = control_next(
            communities[C.control, place], forces, rebels, row[P.control_speed]
        )


def count_losses(run: Run) -> None:
    """Take the losses from state forces, fill some of them, and see whether a side has won."""
    communities, armed, presence, world = run.communities, run.armed, run.presence, run.world
    controlled = people = 0.0
    for place in range(communities.shape[1]):
        if communities[C.abroad, place] < 0.5:
            people += communities[C.population, place]
            controlled += communities[C.population, place] * communities[C.control, place]
    world[W.control] = controlled / people if people > 0.0 else 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] != STATE:
            continue
        lost = 0.0
        for place in range(presence.shape[2]):
            lost += presence[M.armed, index, place] * communities[C.state_losses, place]
        armed[A.strength, index] = strength_next(
            armed[A.strength, index], armed[A.strength_usual, index], lost,
            run.government[G.capacity], world[W.control], armed[A.finance, index],
            run.parameters[P.forces_refill],
        )  # fmt: skip
    _see_who_wins(run)


def _see_who_wins(run: Run) -> None:
    """Rebels win for good where the government has lost control; the state while they are beaten."""
    armed, world, row = run.armed, run.world, run.parameters
    if world[W.victory] == 2.0:
        return
    rebels = usual = peak = 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == REBEL:
            strength = armed[A.strength, index]
            if strength > armed[A.strength_peak, index]:
                armed[A.strength_peak, index] = strength
            rebels += strength
            usual += armed[A.strength_usual, index]
            peak += armed[A.strength_peak, index]
    if rebels > 0.0 and world[W.control] < row[P.victory_rebels]:
        world[W.victory] = 2.0
        for index in range(armed.shape[1]):
            if armed[A.kind, index] == STATE or armed[A.kind, index] == MILITIA:
                _dissolve(run, index)
        return
    beaten = rebels <= 1.1 * usual
    if beaten and usual > 0.0 and peak >= row[P.victory_state] * usual:
        world[W.victory] = 1.0
        for index in range(armed.shape[1]):
            armed[A.strength_peak, index] = armed[A.strength, index]
    elif not beaten:
        world[W.victory] = 0.0


def _dissolve(run: Run, index: int) -> None:
    """An armed group of the losing side goes home, and its leaders order nothing any more."""
    run.armed[A.order, index] = 0.0
    run.armed[A.resolve, index] = 0.0
    run.armed[A.strength_usual, index] = 0.0
    run.armed[A.strength, index] = 0.0
    for place in range(run.presence.shape[2]):
        run.presence[M.standing, index, place] = 0.0
        run.presence[M.mobilised, index, place] = 0.0
        run.presence[M.armed, index, place] = 0.0
