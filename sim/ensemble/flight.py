"""Mechanism 4, flight: people leave along roads and over borders; whole people, none lost."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import C, Q, W
from sim.parameters import P
from sim.randomness import rounded
from sim.rules.flight import flight_rate, lulled_to, return_rate, route_weight
from sim.rules.measure import lessened

SETTLED, MOVING = 0, 1
"""Rows of `Run.spare`."""


def flee(run: Run) -> None:
    """From every place at home, the fearful set out; who has no road to go stays."""
    people, spare = run.people, run.spare
    fled = run.world[W.fled_week] if run.first > 0 else 0.0
    for group in range(people.shape[1]):
        _set_out(run, group)
        for place in range(run.first, run.last):
            settled, moving = spare[SETTLED, place], spare[MOVING, place]
            if settled + moving > 0.0 and _send(run, place, group, settled + moving):
                people[Q.residents, group, place] -= settled
                people[Q.displaced, group, place] -= moving
                people[Q.away, group, place] += settled
                fled += settled + moving
    run.world[W.fled_week] = fled


def _set_out(run: Run, group: int) -> None:
    """Set how many of a group would leave every place: from their homes, and again."""
    communities, people, row, spare = run.communities, run.people, run.parameters, run.spare
    ceiling, lulled, onward = row[P.flight_ceiling], row[P.lulled], row[P.flight_onward]
    for place in range(run.first, run.last):
        rate = flight_rate(people[Q.fear, group, place], ceiling)
        if communities[C.false_safety, place] > 0.0:
            rate = lulled_to(rate, communities[C.false_safety, place], lulled)
        if communities[C.abroad, place] > 0.5:
            rate = 0.0
        spare[SETTLED, place] = rounded(
            people[Q.residents, group, place] * rate, run.flight[0, place]
        )
        spare[MOVING, place] = rounded(
            people[Q.displaced, group, place] * rate * onward, run.flight[1, place]
        )


def _pull(run: Run, group: int, edge: int) -> float:
    there = run.place[edge]
    fear = run.people[Q.fear, group, there]
    if run.communities[C.false_safety, there] > 0.0:
        fear = lulled_to(fear, run.communities[C.false_safety, there], run.parameters[P.lulled])
    return route_weight(
        run.nearness[edge], run.communities[C.openness, there], run.communities[C.abroad, there],
        run.communities[C.room, there],
        fear, run.parameters[P.refuge_pull],
    )  # fmt: skip


def _send(run: Run, place: int, group: int, leaving: float) -> bool:
    """Divide those who leave over the roads by pull, in whole people; False if no road is open."""
    roads = range(run.start[place], run.end[place])
    total = 0.0
    for edge in roads:
        total += _pull(run, group, edge)
    if total <= 0.0:
        return False
    # The same sum in the same order: at the last road `passed` is `total`, and all have left.
    passed = sent = 0.0
    for edge in roads:
        passed += _pull(run, group, edge)
        upto = float(int(leaving * (passed / total) + 0.5))
        run.people[Q.arrivals, group, run.place[edge]] += upto - sent
        sent = upto
    return True


def come_home(run: Run) -> None:
    """Some of those who left return where nobody fears any more, from wherever they are."""
    if run.world[W.displaced] <= 0.0:
        return
    for group in range(run.people.shape[1]):
        waiting = left = 0.0
        for place in range(run.people.shape[2]):
            waiting += run.people[Q.displaced, group, place]
            left += run.people[Q.away, group, place]
        if waiting > 0.0 and left > 0.0:
            alive = waiting / left if waiting < left else 1.0
            _leave_camps(run, group, waiting, _settle_again(run, group, waiting, alive))


def _settle_again(run: Run, group: int, waiting: float, alive: float) -> float:
    """Settle survivors of a group in the places that they had left, and return how many."""
    people = run.people
    ceiling, frightened, policing = (
        run.parameters[P.return_ceiling], run.parameters[P.return_fear],
        run.parameters[P.return_policing],
    )  # fmt: skip
    total = 0.0
    for place in range(people.shape[2]):
        away = people[Q.away, group, place]
        if away <= 0.0:
            continue
        # Who would return looks at who keeps order at home.
        fear = lessened(people[Q.fear, group, place], run.communities[C.policing, place], policing)
        rate = return_rate(fear, people[Q.memory, group, place], ceiling, frightened)
        if rate <= 0.0:
            continue
        returning = rounded(away * alive * rate, run.flight[3, place])
        if returning > waiting - total:
            returning = waiting - total
        people[Q.residents, group, place] += returning
        people[Q.away, group, place] -= returning
        total += returning
    return total


def _leave_camps(run: Run, group: int, waiting: float, returning: float) -> None:
    """Take those who return from all places with displaced people, in proportion, whole people."""
    people = run.people
    if returning <= 0.0:
        return
    passed = sent = 0.0
    for place in range(people.shape[2]):
        here = people[Q.displaced, group, place]
        if here <= 0.0:
            continue
        passed += here
        leaving = float(int(returning * (passed / waiting) + 0.5)) - sent
        if leaving > here:
            leaving = here
        people[Q.displaced, group, place] = here - leaving
        sent += leaving
