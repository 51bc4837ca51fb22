"""Mechanism 15 in part, domestic response: a state warned at home sends its forces to protect."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, M, W
from sim.kinds import NONE, PERPETRATOR, PROTECTOR, STATE
from sim.parameters import P
from sim.rules.council import report_delay
from sim.rules.elite_choice import home_accountability
from sim.rules.government import institutions_together, response_of
from sim.rules.international_actor import signal_next
from sim.rules.measure import heightened
from sim.rules.protection import protection_level
from sim.rules.society import forces_learn

FORCES = 0
"""Row of `Run.spare`."""


def heed_warning(run: Run) -> None:
    """The leadership hears of the alarm from its own institutions, the sooner with a focal point."""
    government, row = run.government, run.parameters
    delay = report_delay(row[P.signal_delay], government[G.focal_point], row[P.focal_point_gain])
    government[G.warned] = signal_next(government[G.warned], run.world[W.alarm], 0.0, delay)


def respond(run: Run) -> None:
    """Decide how far to protect people: not at all where the state itself would kill."""
    government, row = run.government, run.parameters
    government[G.response] = 0.0
    if government[G.role] == PERPETRATOR:
        return
    institutions = institutions_together(
        government[G.human_rights_institution], government[G.ombudsman],
        government[G.oversight], government[G.courts],
    )  # fmt: skip
    government[G.response] = response_of(
        1.0 if government[G.role] == PROTECTOR else 0.0, government[G.warned],
        government[G.commitment],
        home_accountability(
            government[G.accountability], institutions, row[P.institutions_effect]
        ),
        row[P.bystander_response],
    )  # fmt: skip


def be_sheltered(run: Run) -> None:
    """In every place at home state forces protect from others, as far as the state responds."""
    communities, government, spare = run.communities, run.government, run.spare
    if government[G.role] == PERPETRATOR:
        return
    learned = forces_learn(
        run.world[W.security_programme], government[G.cohesion], NONE, 0.0,
        run.parameters[P.reform_resisted],
    )  # fmt: skip
    able = heightened(government[G.capacity], learned, run.parameters[P.security_protection])
    effort, half = able * government[G.response], run.parameters[P.troops_half]
    for place in range(run.first, run.last):
        spare[FORCES, place] = 0.0
    for index in range(run.armed.shape[1]):
        if run.armed[A.kind, index] == STATE:
            for place in range(run.first, run.last):
                spare[FORCES, place] += run.presence[M.armed, index, place]
    for place in range(run.first, run.last):
        if communities[C.abroad, place] < 0.5:
            communities[C.shelter, place] = protection_level(
                spare[FORCES, place], communities[C.population, place], effort, half
            )
