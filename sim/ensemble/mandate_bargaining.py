"""Mechanism 9, mandate bargaining: proposals in the policy space, votes, vetoes, dilution, delay."""

from __future__ import annotations

from math import sqrt

from sim.ensemble.run import Run
from sim.fields import I, S, W
from sim.kinds import COMPROMISE
from sim.parameters import P
from sim.randomness import RECOGNITION, uniforms
from sim.rules.international_actor import acceptable_scale, proposed_scale
from sim.rules.measure import lessened


def convene(run: Run) -> None:
    """Set whether outside actors may act: from the opening on, if something waits for a mandate.

    Where arrival is clamped all are taken to be convinced once it has come, so that what comes
    differs by positions and not by its date.
    """
    world, settings = run.world, run.settings
    opens = settings[S.open_week]
    if settings[S.arrival_delay] >= 0.0:
        opens = opens + settings[S.arrival_delay]
    world[W.acting] = 1.0 if world[W.week] >= opens and settings[S.mandated] > 0.5 else 0.0
    if settings[S.arrival_delay] >= 0.0 and world[W.acting] > 0.5:
        for actor in range(run.actors.shape[1]):
            run.actors[I.stake, actor] = 1.0


def bargain(run: Run) -> None:
    """At a regular meeting a position is proposed, and what passes becomes the mandate.

    A standing mandate gives way only to a larger one, and lapses after its term.
    """
    world, row = run.world, run.parameters
    if world[W.acting] < 0.5 or run.settings[S.arrival_delay] >= 0.0:
        return
    if (
        world[W.mandate_week] >= 0.0
        and world[W.week] - world[W.mandate_week] >= row[P.mandate_term]
    ):
        _lapse(run)
    early = world[W.early_action] * world[W.credit]
    _meet(run, lessened(row[P.mandate_minimum], early, row[P.early_effect]))
    if world[W.mandate_week] < 0.0:
        world[W.mandate_since] = -1.0


def bargain_once(run: Run) -> None:
    """Where arrival is clamped, the body decides in the week of arrival, on any scale, for good."""
    world, settings = run.world, run.settings
    if settings[S.arrival_delay] < 0.0 or settings[S.mandated] < 0.5:
        return
    if world[W.week] != settings[S.open_week] + settings[S.arrival_delay]:
        return
    _meet(run, 0.0)


def _meet(run: Run, smallest: float) -> None:
    """Adopt what one meeting agrees on, if it is of some size."""
    settings, friction = run.settings, _friction(run)
    if settings[S.mandate_bargaining] < 0.5:
        scale = proposed_scale(_mean_stake(run), friction)
        pressure, protection = settings[S.mean_pressure], settings[S.mean_protection]
    elif settings[S.form_bargaining] == COMPROMISE:
        pressure, protection = _compromise(run)
        scale = _passing_scale(
            run, -1, pressure, protection, proposed_scale(_mean_stake(run), friction)
        )
    else:
        proposer = _recognised(run)
        if proposer < 0:
            return
        pressure = run.actors[I.position_pressure, proposer]
        protection = run.actors[I.position_protection, proposer]
        best = proposed_scale(run.actors[I.stake, proposer], friction)
        scale = _passing_scale(run, proposer, pressure, protection, best)
    if scale > 0.0 and scale >= smallest:
        _adopt(run, pressure, protection, scale)


def _mean_stake(run: Run) -> float:
    """Return the actors' mean stake, weighted by votes."""
    mean = 0.0
    for actor in range(run.actors.shape[1]):
        mean += run.actors[I.weight, actor] * run.actors[I.stake, actor]
    return mean


def _compromise(run: Run) -> tuple[float, float]:
    """Return the mean of all positions, weighted by votes and stakes; the origin if nobody cares."""
    actors = run.actors
    total = pressure = protection = 0.0
    for actor in range(actors.shape[1]):
        weight = actors[I.weight, actor] * actors[I.stake, actor]
        total += weight
        pressure += weight * actors[I.position_pressure, actor]
        protection += weight * actors[I.position_protection, actor]
    if total <= 0.0:
        return 0.0, 0.0
    return pressure / total, protection / total


def _recognised(run: Run) -> int:
    """Return the actor that proposes, by chance in proportion to votes times attention; -1 if none."""
    actors = run.actors
    total = 0.0
    for actor in range(actors.shape[1]):
        total += actors[I.weight, actor] * actors[I.attention, actor]
    if total <= 0.0:
        return -1
    week = int(run.world[W.week])
    point = uniforms(run.seed, run.replicate, week, RECOGNITION, 0, 0)[0] * total
    chosen = -1
    for actor in range(actors.shape[1]):
        share = actors[I.weight, actor] * actors[I.attention, actor]
        if share > 0.0 and point >= 0.0:
            chosen = actor
        point -= share
    return chosen


def _passing_scale(
    run: Run, proposer: int, pressure: float, protection: float, best: float
) -> float:
    """Return the largest scale of a position, up to the best, that vetoes and the rule let through."""
    actors, settings = run.actors, run.settings
    cap = best
    for actor in range(actors.shape[1]):
        blocks = settings[S.consensus] > 0.5 and actors[I.weight, actor] > 0.0
        if actor != proposer and (blocks or actors[I.veto, actor] > 0.5):
            accepted = _accepted(run, pressure, protection, actor)
            if accepted < cap:
                cap = accepted
    if cap <= 0.0:
        return 0.0
    if settings[S.consensus] > 0.5:
        return cap
    if _votes_for(run, proposer, pressure, protection, cap) >= settings[S.quota]:
        return cap
    passing = 0.0
    for actor in range(actors.shape[1]):
        accepted = _accepted(run, pressure, protection, actor)
        if (
            passing < accepted < cap
            and _votes_for(run, proposer, pressure, protection, accepted) >= settings[S.quota]
        ):
            passing = accepted
    return passing


def _accepted(run: Run, pressure: float, protection: float, actor: int) -> float:
    """Return the largest scale of a proposed position that an actor prefers to none."""
    actors = run.actors
    return acceptable_scale(
        actors[I.stake, actor], pressure, protection, actors[I.position_pressure, actor],
        actors[I.position_protection, actor], _friction(run),
    )  # fmt: skip


def _friction(run: Run) -> float:
    """Return the cost of departing from the status quo; partners who act jointly lower it."""
    return lessened(
        run.parameters[P.mandate_friction],
        run.world[W.joint_action],
        run.parameters[P.joint_effect],
    )


def _votes_for(run: Run, proposer: int, pressure: float, protection: float, scale: float) -> float:
    """Return the votes for a scale; a rounding error never decides (1e-12 of the votes)."""
    votes = 1e-12
    for actor in range(run.actors.shape[1]):
        if actor == proposer or _accepted(run, pressure, protection, actor) >= scale:
            votes += run.actors[I.weight, actor]
    return votes


def _adopt(run: Run, ideal_pressure: float, ideal_protection: float, scale: float) -> None:
    """Adopt a position on a scale, unless a larger mandate stands."""
    world = run.world
    pressure = scale * ideal_pressure
    protection = scale * ideal_protection
    size = sqrt(pressure * pressure + protection * protection)
    if size <= 0.0:
        return
    standing = sqrt(
        world[W.policy_pressure] * world[W.policy_pressure]
        + world[W.policy_protection] * world[W.policy_protection]
    )
    if world[W.mandate_week] >= 0.0 and size <= standing:
        return
    world[W.policy_pressure] = pressure
    world[W.policy_protection] = protection
    world[W.mandate_scale] = scale
    world[W.mandate_week] = world[W.week]
    if world[W.mandate_since] < 0.0:
        world[W.mandate_since] = world[W.week]


def _lapse(run: Run) -> None:
    world = run.world
    world[W.policy_pressure] = 0.0
    world[W.policy_protection] = 0.0
    world[W.mandate_scale] = 0.0
    world[W.mandate_week] = -1.0
