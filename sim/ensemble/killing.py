"""Mechanism 3, killing: attacks, protection, deaths; memory, fear and grievance that they leave."""

from __future__ import annotations

from sim.ensemble.roads import LANES, add_up_near
from sim.ensemble.run import Run
from sim.fields import A, C, G, M, Q, W
from sim.kinds import STATE
from sim.parameters import P
from sim.randomness import ATTACK, binomial_quantile, side_by_side
from sim.rules.adverse import pushed_rate, resentment, spill_rate
from sim.rules.elite_choice import shaken
from sim.rules.killing import (
    attack_intent,
    chance_within_week,
    displaced_among_killed,
    fear_next,
    grievance_next,
    killed_share,
    memory_next,
    menace_level,
    recorded_too,
    violence_felt,
)
from sim.rules.measure import heightened, lessened
from sim.rules.protection import sheltered
from sim.rules.society import (
    inequality_in,
    justice_for,
    revenge_held_back,
    trauma_fading,
    trauma_next,
)

INTENT, SHIELD, PUSHED, WHERE, BEGINS, STOPS, DEATHS = range(7)
MENACE = 0
"""Rows of `Run.spare`."""


def show_push_violence(run: Run) -> None:
    """Every place lays out side by side how many of each armed group are in it."""
    if run.world[W.shift] > 0.0:
        _show(run, M.armed, 0)


def push_violence(run: Run) -> None:
    """Attacks that peacekeepers deter in a place are, in part, handed out to the places around."""
    presence = run.presence
    for index in range(presence.shape[1]):
        for place in range(run.first, run.last):
            presence[M.spill, index, place] = 0.0
    if run.world[W.shift] <= 0.0:
        return
    for place in range(run.first, run.last):
        run.spare[SHIELD, place] = run.spare[PUSHED, place] = 0.0
    for index in range(presence.shape[1]):
        _deter(run, index)
    # What moves away from a place is divided over those who are armed around it, by nearness.
    add_up_near(run, run.nearness)
    for index in range(presence.shape[1]):
        for place in range(run.first, run.last):
            rate = presence[M.spill, index, place]
            if rate > 0.0:
                around = run.sums[index // LANES, place - run.first, index % LANES]
                presence[M.spill, index, place] = spill_rate(rate, around)


def _deter(run: Run, index: int) -> None:
    """Set the rate of attacks by an armed group that move away from every protected place."""
    communities, belief = run.communities, run.armed[A.belief, index]
    deterrence, shift = run.parameters[P.deterrence], run.world[W.shift]
    _intend(run, index)
    for place in range(run.first, run.last):
        if communities[C.abroad, place] < 0.5 and communities[C.protection, place] > 0.0:
            run.presence[M.spill, index, place] = pushed_rate(
                run.spare[INTENT, place], communities[C.protection, place], belief, deterrence,
                shift,
            )  # fmt: skip


def show_be_pushed(run: Run) -> None:
    """Every place lays out side by side what it hands out of each armed group's attacks."""
    if run.world[W.shift] > 0.0:
        _show(run, M.spill, run.presence.shape[1])


def be_pushed(run: Run) -> None:
    """Every place takes its part of them, by nearness and by who is armed in it."""
    presence, groups = run.presence, run.presence.shape[1]
    for index in range(groups):
        for place in range(run.first, run.last):
            presence[M.pushed, index, place] = 0.0
    if run.world[W.shift] <= 0.0:
        return
    add_up_near(run, run.nearness)
    for index in range(groups):
        column = groups + index
        for place in range(run.first, run.last):
            if presence[M.armed, index, place] > 0.0:
                pushed = run.sums[column // LANES, place - run.first, column % LANES]
                presence[M.pushed, index, place] = pushed * presence[M.armed, index, place]


def _show(run: Run, field: int, before: int) -> None:
    """Lay out side by side a field of all armed groups, after some other columns."""
    for index in range(run.presence.shape[1]):
        column = before + index
        for place in range(run.first, run.last):
            here = run.presence[field, index, place]
            run.near[column // LANES, place, column % LANES] = here


def suffer_attacks(run: Run) -> None:
    """Every place suffers the attacks of the armed groups in it, one after the other."""
    communities, people, presence, spare = run.communities, run.people, run.presence, run.spare
    for group in range(people.shape[1]):
        for place in range(run.first, run.last):
            if communities[C.abroad, place] < 0.5:
                people[Q.killed_week, group, place] = 0.0
    for index in range(presence.shape[1]):
        state = run.armed[A.kind, index] == STATE
        for place in range(run.first, run.last):
            spare[SHIELD, place] = communities[C.protection, place]
            if not state:
                spare[SHIELD, place] = sheltered(
                    communities[C.protection, place], communities[C.shelter, place]
                )
            spare[PUSHED, place] = presence[M.pushed, index, place]
        _intend(run, index)
        for place in range(run.first, run.last):
            if communities[C.abroad, place] < 0.5:
                presence[M.attacked, index, place] = 0.0
                presence[M.stopped, index, place] = 0.0
        for number in range(_draw(run, index)):
            _attack(run, index, number)


def _draw(run: Run, index: int) -> int:
    """Draw for the places where an armed group may attack, all at once; return how many these are."""
    communities, people, spare = run.communities, run.people, run.spare
    target, week, count = int(run.armed[A.target, index]), int(run.world[W.week]), 0
    for place in range(run.first, run.last):
        exposed = people[Q.residents, target, place] + people[Q.displaced, target, place]
        possible = spare[INTENT, place] > 0.0 and exposed > 0.0
        if possible and communities[C.abroad, place] < 0.5:
            spare[WHERE, count] = place
            count += 1
    for number in range(count):
        begins, stops, deaths, _ = side_by_side(
            run.seed, run.replicate, week, ATTACK, int(spare[WHERE, number]), index
        )
        spare[BEGINS, number] = begins
        spare[STOPS, number] = stops
        spare[DEATHS, number] = deaths
    return count


def _attack(run: Run, index: int, number: int) -> None:
    """Let an armed group attack in one of those places, if it comes to that."""
    armed, people, presence, row, spare = (
        run.armed, run.people, run.presence, run.parameters, run.spare
    )  # fmt: skip
    place = int(spare[WHERE, number])
    if spare[BEGINS, number] >= chance_within_week(spare[INTENT, place]):
        return
    presence[M.attacked, index, place] = 1.0
    if spare[STOPS, number] < spare[SHIELD, place]:
        presence[M.stopped, index, place] = 1.0
        return
    target = int(armed[A.target, index])
    exposed = people[Q.residents, target, place] + people[Q.displaced, target, place]
    share = killed_share(
        armed[A.order, index],
        presence[M.armed, index, place],
        armed[A.discipline, index],
        exposed,
        row[P.lethality_expel],
        row[P.lethality_kill],
        row[P.lethality_revenge],
        row[P.exposure_half],
    )
    _kill(run, place, target, binomial_quantile(spare[DEATHS, number], exposed, share))


def _intend(run: Run, index: int) -> None:
    """Set the rate of attacks by an armed group in every place under what shields it (1/week)."""
    people, row, spare = run.people, run.parameters, run.spare
    side, order = int(run.armed[A.side, index]), run.armed[A.order, index]
    discipline, command = run.armed[A.discipline, index], run.armed[A.command, index]
    belief, deterrence, half = (
        run.armed[A.belief, index], row[P.deterrence], row[P.strength_half]
    )  # fmt: skip
    expel, kill = row[P.intent_expel], row[P.intent_kill]
    revenge, frightened = row[P.intent_revenge], row[P.intent_fear]
    justice, trust = row[P.revenge_justice], row[P.revenge_trust]
    healed = row[P.healing_revenge]
    for place in range(run.first, run.last):
        memory, fear = people[Q.memory, side, place], people[Q.fear, side, place]
        held_back = 0.0
        if memory + fear > 0.0:
            held_back = revenge_held_back(
                run.communities[C.justice, place], run.communities[C.policing, place],
                people[Q.trust, side, place], justice, trust,
            )  # fmt: skip
        spare[INTENT, place] = attack_intent(
            order, lessened(memory, run.communities[C.healing, place], healed), fear, discipline,
            command, held_back,
            run.presence[M.armed, index, place], spare[SHIELD, place], belief,
            spare[PUSHED, place], expel, kill, revenge, frightened, deterrence, half,
        )  # fmt: skip


def _kill(run: Run, place: int, group: int, deaths: float) -> None:
    """Take the dead from residents and displaced in proportion."""
    people = run.people
    among = displaced_among_killed(
        deaths, people[Q.residents, group, place], people[Q.displaced, group, place]
    )
    people[Q.displaced, group, place] -= among
    people[Q.residents, group, place] -= deaths - among
    people[Q.killed_week, group, place] += deaths
    people[Q.killed, group, place] += deaths


def remember(run: Run) -> None:
    """Every group in every place remembers the week: violence, menace, shock."""
    touched = _touched(run)
    for group in range(run.people.shape[1]):
        _menace(run, group)
        # Most weeks hurt nobody of most groups: what follows from violence is then the same
        # everywhere, and is worked out once.
        if _hurt(run, group):
            _feel(run, group, True, touched)
        else:
            _feel(run, group, False, touched)


def _touched(run: Run) -> bool:
    """Return whether survivors are helped or told the truth anywhere, or an answer is resented."""
    communities, places = run.communities, 0
    for place in range(run.first, run.last):
        felt = communities[C.healing, place] + communities[C.truth_programme, place]
        places += 1 if felt + communities[C.suppressed, place] > 0.0 else 0
    return places > 0


def _hurt(run: Run, group: int) -> bool:
    """Return whether somebody of a group was killed this week, or a record may say so."""
    hurt = int(run.world[W.week]) < run.recorded.shape[0]
    for place in range(run.first, run.last):
        if run.people[Q.killed_week, group, place] != 0.0:
            hurt = True
    return hurt


def _feel(run: Run, group: int, hurt: bool, touched: bool) -> None:
    """Let a group take in, place by place, what the week has brought."""
    people, world, row, communities = run.people, run.world, run.parameters, run.communities
    week = int(world[W.week])
    # What happens to the country does not happen to those who are already out of it.
    blow = scare = 0.0
    if group != int(run.government[G.group]):
        blow, scare = world[W.shock_grievance], world[W.shock_fear]
    half, backlash = row[P.violence_half], row[P.speech_backlash]
    memory_fade, memory_gain = row[P.memory_fade], row[P.memory_gain]
    trauma_fade, trauma_gain = row[P.trauma_fade], row[P.trauma_gain]
    healing, truth = row[P.healing_effect], row[P.truth_effect]
    one_sided = row[P.justice_one_sided]
    fear_fade, here, near, menaced = (
        row[P.fear_fade], row[P.fear_here], row[P.fear_near], row[P.fear_menace]
    )  # fmt: skip
    unequal, grievance_fade, grievance_violence = (
        row[P.inequality_grievance], row[P.grievance_fade], row[P.grievance_violence]
    )  # fmt: skip
    depressed, nothing = world[W.slump], violence_felt(0.0, half)
    for place in range(run.first, run.last):
        violence = nothing
        if hurt:
            violence = violence_felt(people[Q.killed_week, group, place], half)
            if week < run.recorded.shape[0]:
                violence = recorded_too(violence, run.recorded[week, place])
        grievance_shock, fear_shock, slump = blow, scare, depressed
        if touched and communities[C.suppressed, place] > 0.0:
            resented = resentment(
                communities[C.suppressed, place], people[Q.hate, group, place],
                people[Q.trust, group, place], backlash,
            )  # fmt: skip
            grievance_shock = shaken(grievance_shock, resented)
        if communities[C.abroad, place] > 0.5:
            grievance_shock = fear_shock = slump = 0.0
        people[Q.memory, group, place] = memory_next(
            people[Q.memory, group, place], violence, memory_fade, memory_gain
        )
        fading = trauma_fade
        if touched:
            fading = trauma_fading(
                fading, communities[C.healing, place], communities[C.truth_programme, place],
                justice_for(
                    communities[C.justice, place], people[Q.exclusion, group, place], one_sided
                ),
                healing, truth,
            )  # fmt: skip
        people[Q.trauma, group, place] = trauma_next(
            people[Q.trauma, group, place], violence, fading, trauma_gain
        )
        people[Q.fear, group, place] = fear_next(
            people[Q.fear, group, place], violence, people[Q.near_memory, group, place],
            run.spare[MENACE, place], fear_shock, fear_fade, here, near, menaced,
        )  # fmt: skip
        people[Q.grievance, group, place] = grievance_next(
            people[Q.grievance, group, place],
            heightened(
                people[Q.exclusion, group, place],
                inequality_in(
                    people[Q.inequality, group, place], people[Q.exclusion, group, place],
                    slump,
                ),
                unequal,
            ),
            violence, grievance_shock, grievance_fade, grievance_violence,
        )  # fmt: skip


def _menace(run: Run, group: int) -> None:
    """Set the worst menace of an armed presence under orders against a group, place by place."""
    spare, presence = run.spare, run.presence
    for place in range(run.first, run.last):
        spare[MENACE, place] = 0.0
    for index in range(presence.shape[1]):
        if int(run.armed[A.target, index]) == group and run.armed[A.order, index] > 0.0:
            for place in range(run.first, run.last):
                menace = menace_level(
                    run.armed[A.order, index], presence[M.armed, index, place],
                    run.parameters[P.strength_half],
                )  # fmt: skip
                if menace > spare[MENACE, place]:
                    spare[MENACE, place] = menace
