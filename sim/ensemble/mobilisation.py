"""Mechanism 2, mobilisation: where state forces stand, who joins militias and rebels."""

from __future__ import annotations

from sim.ensemble.roads import LANES, add_up_near
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


def show_look_around(run: Run) -> None:
    """Every place lays out side by side what its neighbours will see of it."""
    people, presence, near = run.people, run.presence, run.near
    groups = people.shape[1]
    for group in range(groups):
        memory, hate = 2 * group, 2 * group + 1
        for place in range(run.first, run.last):
            near[memory // LANES, place, memory % LANES] = people[Q.memory, group, place]
            near[hate // LANES, place, hate % LANES] = people[Q.hate, group, place]
    for index in range(presence.shape[1]):
        column = 2 * groups + index
        for place in range(run.first, run.last):
            near[column // LANES, place, column % LANES] = presence[M.mobilised, index, place]


def look_around(run: Run) -> None:
    """Every place sees what its neighbours remember, hear and how far they have mobilised."""
    people, presence, sums = run.people, run.presence, run.sums
    add_up_near(run, run.contact)
    groups = people.shape[1]
    for group in range(groups):
        memory, hate = 2 * group, 2 * group + 1
        for place in range(run.first, run.last):
            remembered = sums[memory // LANES, place - run.first, memory % LANES]
            heard = sums[hate // LANES, place - run.first, hate % LANES]
            # Weights that sum to one may sum to a little more, as they are rounded.
            people[Q.near_memory, group, place] = remembered if remembered < 1.0 else 1.0
            people[Q.near_hate, group, place] = heard if heard < 1.0 else 1.0
    for index in range(presence.shape[1]):
        column = 2 * groups + index
        if run.armed[A.kind, index] != STATE:
            for place in range(run.first, run.last):
                seen = sums[column // LANES, place - run.first, column % LANES]
                presence[M.near_mobilised, index, place] = seen if seen < 1.0 else 1.0


def station(run: Run) -> None:
    """State forces stand where people live, and more densely where their target is aggrieved."""
    armed, people, presence = run.armed, run.people, run.presence
    for index in range(armed.shape[1]):
        if armed[A.kind, index] != STATE:
            continue
        target, strength = int(armed[A.target, index]), armed[A.strength, index]
        resonance, focus = run.parameters[P.grievance_resonance], run.parameters[P.garrison_focus]
        total = 0.0
        for place in range(people.shape[2]):
            weight = 0.0
            if run.communities[C.abroad, place] < 0.5:
                here = 0.0
                for group in range(people.shape[1]):
                    here += people[Q.residents, group, place]
                excess = grievance_excess(
                    people[Q.grievance, target, place], people[Q.grievance_usual, target, place],
                    people[Q.exclusion, target, place], resonance,
                )  # fmt: skip
                weight = garrison_weight(here, excess, focus)
            presence[M.mobilised, index, place] = weight
            total += weight
        for place in range(people.shape[2]):
            share = presence[M.mobilised, index, place] / total if total > 0.0 else 0.0
            presence[M.mobilised, index, place] = share
            presence[M.armed, index, place] = strength * share


def mobilise(run: Run) -> None:
    """People join militias and rebels, or go home."""
    for index in range(run.presence.shape[1]):
        if run.armed[A.kind, index] != STATE:
            _recruit(run, index)


def _recruit(run: Run, index: int) -> None:
    """In every place at home people join an armed group, or leave it."""
    armed, people, presence, row = run.armed, run.people, run.presence, run.parameters
    side, order = int(armed[A.side, index]), armed[A.order, index]
    rebel = 1.0 if armed[A.kind, index] == REBEL else 0.0
    finance, weariness = armed[A.finance, index], armed[A.weariness, index]
    rescue, slump = run.world[W.rescue] * armed[A.belief, index], run.world[W.slump]
    ceiling, resonance = row[P.mobilisation_ceiling], row[P.grievance_resonance]
    coercion, rate, pay = row[P.joining_coercion], row[P.joining_rate], row[P.joining_pay]
    opportunity, youth_effect = row[P.joining_opportunity], row[P.youth_effect]
    alone, spillover, leaving = (
        row[P.joining_alone], row[P.joining_spillover], row[P.leaving_rate]
    )  # fmt: skip
    healed = row[P.healing_revenge]
    for place in range(run.first, run.last):
        most = ceiling * people[Q.residents, side, place]
        excess = grievance_excess(
            people[Q.grievance, side, place], people[Q.grievance_usual, side, place],
            people[Q.exclusion, side, place], resonance,
        )  # fmt: skip
        pull = recruitment_pull(
            rebel, order, excess,
            lessened(people[Q.memory, side, place], run.communities[C.healing, place], healed),
            people[Q.hate, side, place], people[Q.norms, side, place], rescue, coercion,
        )  # fmt: skip
        joining = joining_with(
            rate, livelihoods_in(run.communities[C.livelihoods, place], slump), finance, weariness,
            heightened(opportunity, run.communities[C.youth_programme, place], youth_effect), pay,
        )  # fmt: skip
        mobilised = mobilised_next(
            presence[M.mobilised, index, place], presence[M.near_mobilised, index, place],
            standing_share(presence[M.standing, index, place], most),
            lessened(pull, run.communities[C.interruption, place], 1.0 - coercion),
            run.communities[C.rebel_losses, place] if rebel > 0.5 else 0.0, joining,
            alone, spillover, leaving,
        )  # fmt: skip
        if most <= 0.0:
            mobilised = 0.0
        if run.communities[C.abroad, place] < 0.5:
            presence[M.mobilised, index, place] = mobilised
            presence[M.armed, index, place] = most * mobilised
