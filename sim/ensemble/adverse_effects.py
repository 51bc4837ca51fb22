"""Mechanism 18, adverse effects: the harm that help can do, each with a switch of its own."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import C, G, S, W
from sim.kinds import FORWARD_LOOKING
from sim.parameters import P
from sim.rules.adverse import (
    diverted_share,
    expected_rescue,
    false_safety,
    foreseen,
    sovereignty_backlash,
    urgency_of,
)
from sim.rules.protection import protection_level


def provoke(run: Run) -> None:
    """Set what pressure, promises, announcements and aid provoke."""
    world, settings, row = run.world, run.settings, run.parameters
    world[W.rescue] = 0.0
    if settings[S.moral_hazard] > 0.5:
        protection = world[W.policy_protection]
        if settings[S.form_foresight] == FORWARD_LOOKING and settings[S.mandated] > 0.5:
            protection = foreseen(protection, settings[S.mean_protection])
        world[W.rescue] = expected_rescue(protection, row[P.moral_hazard])
    world[W.backlash] = 0.0
    if settings[S.sovereignty_backlash] > 0.5:
        world[W.backlash] = sovereignty_backlash(world[W.pressure], row[P.backlash])
    world[W.urgency] = 0.0
    if settings[S.acceleration] > 0.5:
        world[W.urgency] = urgency_of(
            world[W.announced], world[W.policy_protection], row[P.acceleration]
        )
    world[W.shift] = 0.0
    if settings[S.displaced_violence] > 0.5 and world[W.troops_deployed] > 0.0:
        world[W.shift] = row[P.violence_shift]
    world[W.aid_lost] = 0.0
    world[W.diverted] = 0.0
    if settings[S.diverted_aid] > 0.5 and settings[S.population] > 0.0:
        supplied = world[W.aid_coverage] * world[W.displaced] / settings[S.population]
        world[W.aid_lost] = diverted_share(run.government[G.accountability], row[P.aid_diversion])
        world[W.diverted] = world[W.aid_lost] * (supplied if supplied < 1.0 else 1.0)


def be_misled(run: Run) -> None:
    """Every place trusts a protection that may not hold."""
    communities, world, settings = run.communities, run.world, run.settings
    for place in range(run.first, run.last):
        communities[C.false_safety, place] = 0.0
    if world[W.troops_deployed] <= 0.0 or settings[S.hollow_presence] < 0.5:
        return
    half, robustness = run.parameters[P.troops_half], world[W.robustness]
    for place in range(run.first, run.last):
        if communities[C.abroad, place] < 0.5:
            seen = protection_level(
                communities[C.peacekeepers, place], communities[C.population, place], 1.0, half
            )
            communities[C.false_safety, place] = false_safety(seen, robustness)
