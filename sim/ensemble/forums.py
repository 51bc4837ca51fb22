"""Mechanism 11, forums: mediations of single actors, and parties that shop between them."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, I, S, W
from sim.kinds import REBEL
from sim.parameters import P
from sim.rules.council import forum_value, forum_worth, policy_gap
from sim.rules.international_actor import offered_terms, proposed_scale


def open_forum(run: Run) -> None:
    """Every actor holds a mediation of its own where that is worth its trouble."""
    actors, world, row = run.actors, run.world, run.parameters
    for actor in range(actors.shape[1]):
        actors[I.forum, actor] = 0.0
        able = world[W.own_mediation] > 0.0 and actors[I.endowment, actor] > 0.0
        if world[W.acting] > 0.5 and able:
            gap = policy_gap(
                proposed_scale(actors[I.stake, actor], row[P.mandate_friction]),
                actors[I.position_pressure, actor], actors[I.position_protection, actor],
                world[W.policy_pressure], world[W.policy_protection],
            )  # fmt: skip
            worth = forum_worth(actors[I.stake, actor], gap, row[P.forum_cost])
            actors[I.forum, actor] = 1.0 if worth > 0.0 else 0.0


def attend(run: Run) -> None:
    """The leaders of every armed group attend the forum that suits them best.

    Where a mediator leans decides who comes; what is on the table there are the same terms for all,
    so that with one forum nothing differs from there being no choice.
    """
    armed, world, row = run.armed, run.world, run.parameters
    for index in range(armed.shape[1]):
        if run.settings[S.forums] < 0.5:
            armed[A.terms, index] = world[W.terms]
            armed[A.forum, index] = 0.0
            continue
        party = 1.0 if armed[A.kind, index] == REBEL else 0.0
        lean = run.settings[S.mean_pressure]
        if world[W.mandate_scale] > 0.0:
            lean = world[W.policy_pressure] / world[W.mandate_scale]
        best = forum_value(world[W.terms], lean, party, row[P.forum_bias])
        chosen, offered = 0.0, world[W.terms]
        for actor in range(run.actors.shape[1]):
            if run.actors[I.forum, actor] > 0.5:
                terms = _terms_of(run, actor)
                value = forum_value(
                    terms, run.actors[I.position_pressure, actor], party, row[P.forum_bias]
                )
                if value > best:
                    best = value
                    chosen, offered = actor + 1.0, terms
        armed[A.terms, index] = offered
        armed[A.forum, index] = chosen


def _terms_of(run: Run, actor: int) -> float:
    """Return the terms in the forum of one actor; its own leverage stands behind them."""
    actors = run.actors
    return offered_terms(
        run.world[W.own_mediation] * actors[I.attention, actor],
        actors[I.weight, actor] * actors[I.position_pressure, actor],
        run.world[W.incentives], run.parameters[P.terms_unbacked],
    )  # fmt: skip
