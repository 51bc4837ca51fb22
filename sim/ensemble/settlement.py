"""Mechanism 16 in part: an agreement on the terms on offer, and who breaks it."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, S, W
from sim.kinds import MILITIA, STATE
from sim.parameters import P
from sim.randomness import SETTLEMENT, uniforms
from sim.rules.contest import breach_chance, distrust_between, settlement_chance
from sim.rules.government import relapse_chance, relapse_rate_with


def negotiate(run: Run) -> None:
    """State forces' and rebels' leaders settle if all accept; a party may break an agreement.

    They can only settle where they meet: those who attend different forums do not.
    """
    world, armed, row = run.world, run.armed, run.parameters
    draw = uniforms(run.seed, run.replicate, int(world[W.week]), SETTLEMENT, 0, 0)[0]
    distrust = distrust_between(
        row[P.settlement_friction], world[W.good_offices], world[W.prosecution],
        row[P.offices_trust], row[P.prosecution_threat],
    )  # fmt: skip
    chance = 1.0
    parties = 0.0
    state = rebels = False
    forum, together = -1.0, True
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == MILITIA or armed[A.strength, index] <= 0.0:
            continue
        state = state or armed[A.kind, index] == STATE
        rebels = rebels or armed[A.kind, index] != STATE
        if forum >= 0.0 and armed[A.forum, index] != forum:
            together = False
        forum = armed[A.forum, index]
        parties += 1.0
        chance = chance * settlement_chance(
            armed[A.terms, index], armed[A.resolve, index], armed[A.threat, index],
            armed[A.weariness, index], row[P.value_terms], row[P.settlement_hurt], distrust,
            row[P.choice_precision],
        )  # fmt: skip
    if world[W.agreement] > 0.5:
        _comply(run, draw, parties)
    elif state and rebels and together and draw < chance:
        world[W.agreement] = 1.0


def _comply(run: Run, draw: float, parties: float) -> None:
    """Every party in turn keeps the agreement or breaks it; the first to break ends it."""
    world, armed, row = run.world, run.armed, run.parameters
    kept, broken = 1.0, 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == MILITIA or armed[A.strength, index] <= 0.0:
            continue
        belief = armed[A.belief, index]
        rate = relapse_rate_with(
            row[P.relapse_rate], world[W.monitoring], belief, world[W.participation],
            row[P.monitoring_effect], row[P.participation_effect],
        )  # fmt: skip
        rate = relapse_chance(
            belief * world[W.protected], run.settings[S.helping], rate, row[P.guarantee_effect]
        )
        breach = breach_chance(rate, parties, armed[A.resolve, index], row[P.choice_precision])
        broken += kept * breach
        kept = kept * (1.0 - breach)
        if draw < broken:
            armed[A.breaches, index] += 1.0
            world[W.agreement] = 0.0
            return
