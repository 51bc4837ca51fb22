"""Mechanism 9, mandate bargaining: proposals in the policy space, votes, vetoes, dilution, delay."""

from __future__ import annotations

from math import sqrt

from sim.ensemble.run import Run
from sim.fields import I, S, W
from sim.parameters import P
from sim.randomness import RECOGNITION, uniforms
from sim.rules.international_actor import acceptable_scale, probability_of, proposed_scale


def bargain(run: Run) -> None:
    """At a regular meeting a proposer is recognised and what passes becomes the mandate.

    A standing mandate gives way only to a larger one, and lapses after its term.
    """
    world, settings, row = run.world, run.settings, run.parameters
    week = world[W.week]
    if week < settings[S.open_week] or settings[S.mandated] < 0.5:
        return
    if settings[S.arrival_delay] >= 0.0:
        return
    if world[W.mandate_week] >= 0.0 and week - world[W.mandate_week] >= row[P.mandate_term]:
        _lapse(run)
    _meet(run, row[P.mandate_minimum])
    if world[W.mandate_week] < 0.0:
        world[W.mandate_since] = -1.0


def bargain_once(run: Run) -> None:
    """Where arrival is clamped, the body decides in the week of arrival, on any scale, for good.

    All are taken to be convinced, so that what comes differs by positions and not by its date.
    """
    world, settings = run.world, run.settings
    if settings[S.arrival_delay] < 0.0 or settings[S.mandated] < 0.5:
        return
    if world[W.week] != settings[S.open_week] + settings[S.arrival_delay]:
        return
    _meet(run, 0.0)


def _meet(run: Run, smallest: float) -> None:
    """Adopt what one meeting agrees on, if it is of some size."""
    actors, settings = run.actors, run.settings
    if settings[S.mandate_bargaining] < 0.5:
        scale = proposed_scale(_mean_stake(run), run.parameters[P.mandate_friction])
        if scale > 0.0 and scale >= smallest:
            _adopt(run, settings[S.mean_pressure], settings[S.mean_protection], scale)
        return
    proposer = _recognised(run)
    if proposer < 0:
        return
    scale = _passing_scale(run, proposer)
    if scale > 0.0 and scale >= smallest:
        _adopt(
            run,
            actors[I.position_pressure, proposer],
            actors[I.position_protection, proposer],
            scale,
        )


def _mean_stake(run: Run) -> float:
    """Return the actors' mean stake, weighted by votes."""
    mean = 0.0
    for actor in range(run.actors.shape[1]):
        mean += run.actors[I.weight, actor] * _stake(run, actor)
    return mean


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


def _passing_scale(run: Run, proposer: int) -> float:
    """Return the largest scale, up to the proposer's best, that vetoes and quota let through."""
    actors, friction = run.actors, run.parameters[P.mandate_friction]
    best = proposed_scale(_stake(run, proposer), friction)
    cap = best
    for actor in range(actors.shape[1]):
        if actors[I.veto, actor] > 0.5:
            accepted = _accepted(run, proposer, actor)
            if accepted < cap:
                cap = accepted
    if cap <= 0.0:
        return 0.0
    if _votes_for(run, proposer, cap) >= run.settings[S.quota]:
        return cap
    passing = 0.0
    for actor in range(actors.shape[1]):
        accepted = _accepted(run, proposer, actor)
        if (
            passing < accepted < cap
            and _votes_for(run, proposer, accepted) >= run.settings[S.quota]
        ):
            passing = accepted
    return passing


def _stake(run: Run, actor: int) -> float:
    if run.settings[S.arrival_delay] >= 0.0:
        return 1.0
    return run.actors[I.attention, actor] * probability_of(run.actors[I.belief, actor])


def _accepted(run: Run, proposer: int, actor: int) -> float:
    actors = run.actors
    return acceptable_scale(
        _stake(run, actor), actors[I.position_pressure, proposer],
        actors[I.position_protection, proposer], actors[I.position_pressure, actor],
        actors[I.position_protection, actor], run.parameters[P.mandate_friction],
    )  # fmt: skip


def _votes_for(run: Run, proposer: int, scale: float) -> float:
    """Return the votes for a scale; a rounding error never decides (1e-12 of the votes)."""
    votes = 1e-12
    for actor in range(run.actors.shape[1]):
        if actor == proposer or _accepted(run, proposer, actor) >= scale:
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
