"""Mechanism 2, mobilisation: where state forces stand, who joins militias and rebels."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, M, Q, W
from sim.kinds import REBEL, STATE
from sim.parameters import P
from sim.rules.contest import garrison_weight
from sim.rules.measure import heightened, lessened
from sim.rules.mobilisation import (
    grievance_excess,
    mobilised_next,
    recruitment_pull,
    standing_share,
)
from sim.rules.society import joining_with, livelihoods_in


def look_around(run: Run) -> None:
    """Every place sees what its neighbours remember, hear and how far they have mobilised."""
    people, presence, armed = run.people, run.presence, run.armed
    for place in range(run.communities.shape[1]):
        first, last = run.start[place], run.start[place + 1]
        for group in range(0, people.shape[1], 2):
            # Two groups at once: a road is looked up only half as often.
            other = group + 1 if group + 1 < people.shape[1] else group
            memory = hate = other_memory = other_hate = 0.0
            for edge in range(first, last):
                there, contact = run.place[edge], run.contact[edge]
                memory += contact * people[Q.memory, group, there]
                hate += contact * people[Q.hate, group, there]
                other_memory += contact * people[Q.memory, other, there]
                other_hate += contact * people[Q.hate, other, there]
            people[Q.near_memory, group, place] = memory
            people[Q.near_hate, group, place] = hate
            people[Q.near_memory, other, place] = other_memory
            people[Q.near_hate, other, place] = other_hate
        for index in range(presence.shape[1]):
            if armed[A.kind, index] == STATE:
                continue
            total = 0.0
            for edge in range(first, last):
                total += run.contact[edge] * presence[M.mobilised, index, run.place[edge]]
            presence[M.near_mobilised, index, place] = total


def station(run: Run) -> None:
    """State forces stand where people live, and more densely where their target is aggrieved."""
    armed, people, presence = run.armed, run.people, run.presence
    for index in range(armed.shape[1]):
        if armed[A.kind, index] != STATE:
            continue
        target = int(armed[A.target, index])
        total = 0.0
        for place in range(people.shape[2]):
            weight = 0.0
            if run.communities[C.abroad, place] < 0.5:
                here = 0.0
                for group in range(people.shape[1]):
                    here += people[Q.residents, group, place]
                excess = grievance_excess(
                    people[Q.grievance, target, place], people[Q.grievance_usual, target, place],
                    people[Q.exclusion, target, place], run.parameters[P.grievance_resonance],
                )  # fmt: skip
                weight = garrison_weight(here, excess, run.parameters[P.garrison_focus])
            presence[M.mobilised, index, place] = weight
            total += weight
        for place in range(people.shape[2]):
            share = presence[M.mobilised, index, place] / total if total > 0.0 else 0.0
            presence[M.mobilised, index, place] = share
            presence[M.armed, index, place] = armed[A.strength, index] * share


def mobilise(run: Run) -> None:
    """People join militias and rebels, or go home."""
    for index in range(run.presence.shape[1]):
        if run.armed[A.kind, index] != STATE:
            _recruit(run, index)


def _recruit(run: Run, index: int) -> None:
    """In every place at home people join an armed group, or leave it."""
    armed, people, presence, row = run.armed, run.people, run.presence, run.parameters
    side = int(armed[A.side, index])
    rebel = 1.0 if armed[A.kind, index] == REBEL else 0.0
    for place in range(presence.shape[2]):
        most = row[P.mobilisation_ceiling] * people[Q.residents, side, place]
        excess = grievance_excess(
            people[Q.grievance, side, place], people[Q.grievance_usual, side, place],
            people[Q.exclusion, side, place], row[P.grievance_resonance],
        )  # fmt: skip
        mobilised = mobilised_next(
            presence[M.mobilised, index, place],
            presence[M.near_mobilised, index, place],
            standing_share(presence[M.standing, index, place], most),
            lessened(
                recruitment_pull(
                    rebel,
                    armed[A.order, index],
                    excess,
                    people[Q.memory, side, place],
                    people[Q.hate, side, place],
                    people[Q.norms, side, place],
                    run.world[W.rescue] * armed[A.belief, index],
                    row[P.joining_coercion],
                ),
                run.communities[C.interruption, place],
                1.0 - row[P.joining_coercion],
            ),
            run.communities[C.rebel_losses, place] if rebel > 0.5 else 0.0,
            joining_with(
                row[P.joining_rate],
                livelihoods_in(run.communities[C.livelihoods, place], run.world[W.slump]),
                armed[A.finance, index],
                armed[A.weariness, index],
                heightened(
                    row[P.joining_opportunity],
                    run.communities[C.youth_programme, place],
                    row[P.youth_effect],
                ),
                row[P.joining_pay],
            ),
            row[P.joining_alone],
            row[P.joining_spillover],
            row[P.leaving_rate],
        )
        if most <= 0.0:
            mobilised = 0.0
        if run.communities[C.abroad, place] < 0.5:
            presence[M.mobilised, index, place] = mobilised
            presence[M.armed, index, place] = most * mobilised
