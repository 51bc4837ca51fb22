"""Mechanism 15, domestic reform: structural programmes, what takes effect of them, what leaks."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import C, G, Q, W
from sim.parameters import P
from sim.rules.society import damaged, delivered_share, improved_next, lowered_next


def steer_reform(run: Run) -> None:
    """The government carries programmes out, as far as it can and will; institutions grow."""
    government, world, row = run.government, run.world, run.parameters
    world[W.delivery] = delivered_share(
        government[G.capacity], government[G.commitment], government[G.accountability],
        row[P.reform_leakage],
    )  # fmt: skip
    effort = world[W.institution_programme] * world[W.delivery]
    for index in range(G.focal_point, G.courts + 1):
        # What institutions have gained they keep: laws and offices do not decay in a year.
        government[index] = improved_next(
            government[index], government[index], effort, row[P.reform_rate], 0.0
        )


def reform(run: Run) -> None:
    """In every place at home structures move by what arrives of the programmes, and by violence."""
    communities, people, world, row = run.communities, run.people, run.world, run.parameters
    rate, decay = row[P.reform_rate], row[P.reform_decay]
    justice = world[W.justice_programme] * world[W.delivery]
    livelihoods = world[W.livelihood_programme] * world[W.delivery]
    civil_society = world[W.civil_society_programme] * world[W.delivery]
    inclusion = world[W.inclusion] * world[W.delivery]
    for place in range(communities.shape[1]):
        if communities[C.abroad, place] > 0.5:
            continue
        worst = 0.0
        for group in range(people.shape[1]):
            people[Q.exclusion, group, place] = lowered_next(
                people[Q.exclusion, group, place], people[Q.exclusion_usual, group, place],
                inclusion, rate, decay,
            )  # fmt: skip
            if people[Q.memory, group, place] > worst:
                worst = people[Q.memory, group, place]
        communities[C.justice, place] = improved_next(
            communities[C.justice, place], communities[C.justice_usual, place], justice, rate, decay
        )
        communities[C.civil_society, place] = improved_next(
            communities[C.civil_society, place], communities[C.civil_society_usual, place],
            civil_society, rate, decay,
        )  # fmt: skip
        improved = improved_next(
            communities[C.livelihoods, place], communities[C.livelihoods_usual, place],
            livelihoods, rate, decay,
        )  # fmt: skip
        communities[C.livelihoods, place] = damaged(improved, worst, row[P.livelihoods_loss])
