"""Mechanism 5, indirect deaths: hardship of the displaced, lagged behind their flight."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import C, Q, W
from sim.parameters import P
from sim.randomness import rounded
from sim.rules.flight import admitted_share, deprivation_next, free_room, indirect_mortality

DISPLACED, DEATHS = 0, 1
"""Rows of `Run.spare`."""


def take_in(run: Run) -> None:
    """Every place takes in who has arrived; deprivation follows fresh arrivals and aid."""
    communities, people, row, spare = run.communities, run.people, run.parameters, run.spare
    fade, gain = row[P.deprivation_fade], row[P.deprivation_gain]
    neglect, effect = row[P.deprivation_neglect], row[P.aid_effect]
    for place in range(run.first, run.last):
        communities[C.newcomers, place] = spare[DISPLACED, place] = 0.0
    for group in range(people.shape[1]):
        for place in range(run.first, run.last):
            communities[C.newcomers, place] += people[Q.arrivals, group, place]
            people[Q.displaced, group, place] += people[Q.arrivals, group, place]
            people[Q.arrivals, group, place] = 0.0
            spare[DISPLACED, place] += people[Q.displaced, group, place]
    for place in range(run.first, run.last):
        displaced, capacity = spare[DISPLACED, place], communities[C.capacity, place]
        communities[C.room, place] = free_room(displaced, capacity)
        communities[C.admitted, place] = admitted_share(displaced, capacity)
        communities[C.deprivation, place] = deprivation_next(
            communities[C.deprivation, place],
            communities[C.newcomers, place],
            displaced,
            communities[C.aid, place],
            fade,
            gain,
            neglect,
            effect,
        )


def lose_to_hardship(run: Run) -> None:
    """In every place some of the displaced die of hardship."""
    communities, people, row = run.communities, run.people, run.parameters
    spare, died = run.spare, run.world[W.died_week] if run.first > 0 else 0.0
    mortality, effect = row[P.deprivation_mortality], row[P.aid_effect]
    for group in range(people.shape[1]):
        for place in range(run.first, run.last):
            rate = indirect_mortality(
                communities[C.deprivation, place], communities[C.aid, place], mortality, effect
            )
            deaths = rounded(people[Q.displaced, group, place] * rate, run.flight[2, place])
            people[Q.displaced, group, place] -= deaths
            people[Q.died, group, place] += deaths
            spare[DEATHS, place] = deaths
        for place in range(run.first, run.last):
            died += spare[DEATHS, place]
    run.world[W.died_week] = died
