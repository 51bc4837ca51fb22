"""Mechanism 15, domestic reform: what programmes build in the state and in places, and what decays."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, Q, W
from sim.kinds import PERPETRATOR, STATE
from sim.parameters import P
from sim.rules.measure import heightened, lessened, people_dared, people_reached
from sim.rules.society import (
    damaged,
    forces_learn,
    improved_next,
    lowered_next,
    return_rate_of,
    schooled,
)


def steer_reform(run: Run) -> None:
    """The government and its leaders move by what programmes and dialogue bring; gains decay."""
    government, world, row = run.government, run.world, run.parameters
    rate = row[P.reform_rate]
    decay = lessened(row[P.reform_decay], world[W.engagement], row[P.sustain_effect])
    for index in range(G.focal_point, G.courts + 1):
        effort = world[W.institution_programme]
        if index == G.focal_point:
            effort = world[W.focal_programme]
        usual = government[G.focal_point_usual + index - G.focal_point]
        government[index] = improved_next(government[index], usual, effort, rate, decay)
    # What is ratified stays so, but binds only as long as somebody at home invokes it.
    government[G.treaties] = improved_next(
        government[G.treaties], 0.0, world[W.treaty_programme], rate, decay
    )
    government[G.accountability] = improved_next(
        government[G.accountability], government[G.accountability_usual],
        world[W.governance_programme], rate, decay,
    )  # fmt: skip
    government[G.capacity] = improved_next(
        government[G.capacity],
        government[G.capacity_usual],
        world[W.capacity_programme],
        rate,
        decay,
    )
    government[G.commitment] = improved_next(
        government[G.commitment], government[G.commitment_usual], world[W.dialogue],
        row[P.dialogue_rate], decay,
    )  # fmt: skip
    government[G.cohesion] = improved_next(
        government[G.cohesion], government[G.cohesion_usual], world[W.power_sharing],
        row[P.sharing_rate],
        return_rate_of(
            government[G.cohesion], government[G.cohesion_usual], row[P.reform_decay], decay
        ),
    )  # fmt: skip
    for index in range(run.armed.shape[1]):
        if run.armed[A.kind, index] == STATE:
            effort = forces_learn(
                world[W.security_programme], government[G.cohesion], run.armed[A.order, index],
                1.0 if government[G.role] == PERPETRATOR else 0.0, row[P.reform_resisted],
            )  # fmt: skip
            run.armed[A.discipline, index] = improved_next(
                run.armed[A.discipline, index], run.armed[A.discipline_usual, index], effort, rate,
                decay,
            )  # fmt: skip


def reform(run: Run) -> None:
    """In every place at home structures move by what arrives of the programmes, and by violence."""
    communities, people, world, row = run.communities, run.people, run.world, run.parameters
    rate = row[P.reform_rate]
    decay = lessened(row[P.reform_decay], world[W.engagement], row[P.sustain_effect])
    for place in range(run.first, run.last):
        if communities[C.abroad, place] > 0.5:
            continue
        worst = fear = 0.0
        included = heightened(
            communities[C.inclusion, place], world[W.power_sharing], row[P.sharing_inclusion]
        )
        for group in range(people.shape[1]):
            people[Q.exclusion, group, place] = lowered_next(
                people[Q.exclusion, group, place], people[Q.exclusion_usual, group, place],
                included, rate, decay,
            )  # fmt: skip
            people[Q.inequality, group, place] = lowered_next(
                people[Q.inequality, group, place], people[Q.inequality_usual, group, place],
                people_reached(
                    communities[C.equality_programme, place], people[Q.exclusion, group, place]
                ),
                rate, decay,
            )  # fmt: skip
            if people[Q.memory, group, place] > worst:
                worst = people[Q.memory, group, place]
            if people[Q.fear, group, place] > fear:
                fear = people[Q.fear, group, place]
        # Women who cannot go out in safety neither earn nor meet.
        empowered = people_dared(communities[C.empowerment, place], fear)
        communities[C.justice, place] = improved_next(
            communities[C.justice, place], communities[C.justice_usual, place],
            communities[C.justice_programme, place], rate, decay,
        )  # fmt: skip
        communities[C.civil_society, place] = improved_next(
            communities[C.civil_society, place], communities[C.civil_society_usual, place],
            communities[C.civil_society_programme, place] + 0.5 * empowered, rate, decay,
        )  # fmt: skip
        improved = improved_next(
            communities[C.livelihoods, place], communities[C.livelihoods_usual, place],
            communities[C.livelihood_programme, place] + 0.5 * empowered, rate,
            return_rate_of(
                communities[C.livelihoods, place], communities[C.livelihoods_usual, place],
                row[P.reform_decay], decay,
            ),
        )  # fmt: skip
        communities[C.livelihoods, place] = damaged(improved, worst, row[P.livelihoods_loss])
        communities[C.schooling, place] = schooled(
            communities[C.schooling, place],
            people_dared(communities[C.schooling_programme, place], fear), row[P.schooling_rate],
            lessened(row[P.schooling_decay], world[W.engagement], row[P.sustain_effect]),
        )  # fmt: skip
