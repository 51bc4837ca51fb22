"""Mechanism 4, flight: people leave along roads and over borders; whole people, none lost."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import C, Q, W
from sim.parameters import P
from sim.randomness import FLIGHT, rounded, uniforms
from sim.rules.community import flight_rate, route_weight


def flee(run: Run) -> None:
    """From every place at home, the fearful set out; who has no road to go stays."""
    people, row, week = run.people, run.parameters, int(run.world[W.week])
    fled = 0.0
    for place in range(run.communities.shape[1]):
        if run.communities[C.abroad, place] > 0.5:
            continue
        first, second, _, _ = uniforms(run.seed, run.replicate, week, FLIGHT, place, 0)
        for group in range(people.shape[1]):
            rate = flight_rate(people[Q.fear, group, place], row[P.flight_ceiling])
            if rate <= 0.0:
                continue
            settled = rounded(people[Q.residents, group, place] * rate, first)
            moving = rounded(
                people[Q.displaced, group, place] * rate * row[P.flight_onward], second
            )
            if settled + moving > 0.0 and _send(run, place, group, settled + moving):
                people[Q.residents, group, place] -= settled
                people[Q.displaced, group, place] -= moving
                fled += settled + moving
    run.world[W.fled_week] = fled


def _pull(run: Run, group: int, edge: int) -> float:
    there = run.place[edge]
    return route_weight(
        run.nearness[edge], run.communities[C.openness, there], run.communities[C.abroad, there],
        run.people[Q.fear, group, there], run.parameters[P.refuge_pull],
    )  # fmt: skip


def _send(run: Run, place: int, group: int, leaving: float) -> bool:
    """Divide those who leave over the roads by pull, in whole people; False if no road is open."""
    first, last = run.start[place], run.start[place + 1]
    total = 0.0
    for edge in range(first, last):
        total += _pull(run, group, edge)
    if total <= 0.0:
        return False
    passed = sent = 0.0
    for edge in range(first, last):
        passed += _pull(run, group, edge)
        upto = leaving if edge == last - 1 else float(int(leaving * (passed / total) + 0.5))
        run.people[Q.arrivals, group, run.place[edge]] += upto - sent
        sent = upto
    return True
