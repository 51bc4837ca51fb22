"""Mechanism 16 in part: combat between armed sides, control of places, victory, who governs next."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, I, M, Q, S, W
from sim.kinds import MILITIA, PERPETRATOR, REBEL, STATE
from sim.parameters import P
from sim.rules.contest import (
    fed_from_abroad,
    means_to_fight,
    remnant,
    share_lost,
    strength_next,
    weariness_next,
    willing_to_fight,
)
from sim.rules.mobilisation import (
    combat_losses,
    control_next,
    crushing_rate_of,
    holding_force,
    standing_share,
)

FORCES, REBELS, ATTACKING, RESISTING = 0, 1, 2, 3
"""Rows of `Run.spare`."""


def meet_in_battle(run: Run) -> None:
    """In every place at home state forces and rebels fight, but for an agreement."""
    communities, row, spare = run.communities, run.parameters, run.spare
    crushing = crushing_rate_of(
        row[P.crushing_rate],
        fed_from_abroad(run.settings[S.feeding], run.world[W.government_changes]),
        run.settings[S.helping], row[P.sanctuary_effect],
    )  # fmt: skip
    half, attrition, speed = (
        row[P.strength_half], row[P.attrition_rate], row[P.control_speed]
    )  # fmt: skip
    settled = run.world[W.agreement] > 0.5
    programme, response, presence = (
        run.world[W.capacity_programme], run.government[G.response], row[P.presence_effect]
    )  # fmt: skip
    _add_up_sides(run)
    for place in range(run.first, run.last):
        forces, rebels = (
            holding_force(spare[FORCES, place], programme, response, presence),
            spare[REBELS, place],
        )  # fmt: skip
        rebels_lost = combat_losses(spare[ATTACKING, place], crushing, half)
        state_lost = combat_losses(spare[RESISTING, place], attrition, half)
        control = control_next(communities[C.control, place], forces, rebels, speed)
        if settled:
            rebels_lost = state_lost = 0.0
            control = communities[C.control, place]
        if communities[C.abroad, place] < 0.5:
            communities[C.rebel_losses, place] = rebels_lost
            communities[C.state_losses, place] = state_lost
            communities[C.control, place] = control


def _add_up_sides(run: Run) -> None:
    """Add up the state forces and the rebels in every place, and how many of them seek battle."""
    spare, presence = run.spare, run.presence
    for place in range(run.first, run.last):
        spare[FORCES, place] = spare[REBELS, place] = 0.0
        spare[ATTACKING, place] = spare[RESISTING, place] = 0.0
    for index in range(presence.shape[1]):
        kind, weariness = run.armed[A.kind, index], run.armed[A.weariness, index]
        if kind in (STATE, REBEL):
            side = FORCES if kind == STATE else REBELS
            willing = ATTACKING if kind == STATE else RESISTING
            for place in range(run.first, run.last):
                here = presence[M.armed, index, place]
                spare[side, place] += here
                spare[willing, place] += willing_to_fight(here, weariness)


def count_losses(run: Run) -> None:
    """Take the losses from state forces, fill some of them, and see whether a side has won."""
    communities, armed, presence, world = run.communities, run.armed, run.presence, run.world
    controlled = people = 0.0
    for place in range(communities.shape[1]):
        if communities[C.abroad, place] < 0.5:
            people += communities[C.population, place]
            controlled += communities[C.population, place] * communities[C.control, place]
    world[W.control] = controlled / people if people > 0.0 else 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] != STATE:
            continue
        lost = 0.0
        for place in range(presence.shape[2]):
            lost += presence[M.armed, index, place] * communities[C.state_losses, place]
        armed[A.strength, index] = strength_next(
            armed[A.strength, index], armed[A.strength_usual, index], lost,
            run.government[G.capacity], world[W.control], armed[A.finance, index],
            run.parameters[P.forces_refill],
        )  # fmt: skip
    _tire(run)
    _see_who_wins(run)


def _tire(run: Run) -> None:
    """Losses wear the sides down; militias of the state are as weary as its forces."""
    armed, presence, row = run.armed, run.presence, run.parameters
    state = most = 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == MILITIA:
            continue
        side, losses = int(armed[A.side, index]), C.rebel_losses
        if armed[A.kind, index] == STATE:
            losses = C.state_losses
        lost = pool = 0.0
        for place in range(presence.shape[2]):
            lost += presence[M.armed, index, place] * run.communities[losses, place]
            pool += row[P.mobilisation_ceiling] * run.people[Q.residents, side, place]
        means = armed[A.finance, index]
        if armed[A.kind, index] == STATE:
            means = means_to_fight(run.government[G.capacity], means)
            pool = armed[A.strength_usual, index]
        armed[A.weariness, index] = weariness_next(
            armed[A.weariness, index], share_lost(lost, pool), means,
            row[P.weariness_fade], row[P.weariness_gain], row[P.weariness_means],
        )  # fmt: skip
        if armed[A.weariness, index] > most:
            most = armed[A.weariness, index]
        if armed[A.kind, index] == STATE and armed[A.weariness, index] > state:
            state = armed[A.weariness, index]
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == MILITIA:
            armed[A.weariness, index] = state
    run.world[W.exhausted] = 1.0 if most >= row[P.exhaustion_level] else 0.0


def _see_who_wins(run: Run) -> None:
    """Rebels win where the government has lost control, and govern; the state while they are beaten."""
    armed, world, row = run.armed, run.world, run.parameters
    rebels = usual = peak = 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == REBEL:
            strength = armed[A.strength, index]
            if strength > armed[A.strength_peak, index]:
                armed[A.strength_peak, index] = strength
            rebels += strength
            usual += armed[A.strength_usual, index]
            peak += armed[A.strength_peak, index]
    if rebels > 0.0 and world[W.control] < row[P.victory_rebels]:
        world[W.victory] = 2.0
        _change_government(run)
        return
    beaten = rebels <= 1.1 * usual
    if beaten and usual > 0.0 and peak >= row[P.victory_state] * usual:
        world[W.victory] = 1.0
        for index in range(armed.shape[1]):
            armed[A.strength_peak, index] = armed[A.strength, index]
    elif not beaten:
        world[W.victory] = 0.0


def _change_government(run: Run) -> None:
    """The strongest rebels' side takes office; who lost it goes underground, as far as it can."""
    armed, government, communities = run.armed, run.government, run.communities
    winner = -1
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == REBEL and (
            winner < 0 or armed[A.strength, index] > armed[A.strength, winner]
        ):
            winner = index
    new, old = armed[A.side, winner], government[G.group]
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == REBEL:
            if armed[A.side, index] == new:
                _take_over(run, index, old)
        elif armed[A.kind, index] == STATE or armed[A.side, index] != new:
            _go_underground(run, index, new)
    government[G.group] = new
    # New leaders decide for themselves whether to order violence, and feel safe at first.
    government[G.role] = PERPETRATOR
    government[G.threat] = government[G.response] = 0.0
    government[G.legitimacy] = government[G.legitimacy_usual]
    run.world[W.government_changes] += 1.0
    for place in range(communities.shape[1]):
        _trade_places(run, place, int(new), int(old))
        communities[C.shelter, place] = 0.0
        if communities[C.abroad, place] < 0.5:
            communities[C.control, place] = 1.0 - communities[C.control, place]
    for actor in range(run.actors.shape[1]):
        # Patrons stand by a party, not by an office.
        run.actors[I.tie, actor] = -run.actors[I.tie, actor]


def _trade_places(run: Run, place: int, new: int, old: int) -> None:
    """Who governs now is as included as who governed, and who governed is shut out as they were."""
    # What people were used to stays: who lost power rebels more (Cederman, Wimmer & Min 2010).
    people = run.people
    people[Q.exclusion_usual, new, place], people[Q.exclusion_usual, old, place] = (
        people[Q.exclusion_usual, old, place], people[Q.exclusion_usual, new, place],
    )  # fmt: skip
    people[Q.exclusion, new, place], people[Q.exclusion, old, place] = (
        people[Q.exclusion, old, place], people[Q.exclusion, new, place],
    )  # fmt: skip
    people[Q.inequality_usual, new, place], people[Q.inequality_usual, old, place] = (
        people[Q.inequality_usual, old, place], people[Q.inequality_usual, new, place],
    )  # fmt: skip
    people[Q.inequality, new, place], people[Q.inequality, old, place] = (
        people[Q.inequality, old, place], people[Q.inequality, new, place],
    )  # fmt: skip


def _take_over(run: Run, index: int, old: float) -> None:
    """Rebels who have won are the forces of the state."""
    armed = run.armed
    armed[A.kind, index] = STATE
    armed[A.strength_usual, index] = armed[A.strength, index]
    armed[A.strength_peak, index] = armed[A.strength, index]
    armed[A.order, index] = armed[A.resolve, index] = 0.0
    if old != armed[A.side, index]:
        armed[A.target, index] = old


def _go_underground(run: Run, index: int, new: float) -> None:
    """What is left of a losing force are rebels among its own people."""
    armed, presence = run.armed, run.presence
    side = int(armed[A.side, index])
    strength = 0.0
    for place in range(presence.shape[2]):
        most = run.parameters[P.mobilisation_ceiling] * run.people[Q.residents, side, place]
        left = remnant(presence[M.armed, index, place], most, run.parameters[P.remnant_share])
        presence[M.armed, index, place] = presence[M.standing, index, place] = left
        presence[M.mobilised, index, place] = standing_share(left, most)
        strength += left
    armed[A.kind, index] = REBEL
    armed[A.strength, index] = armed[A.strength_usual, index] = strength
    armed[A.strength_peak, index] = strength
    armed[A.order, index] = armed[A.resolve, index] = 0.0
    armed[A.threat, index] = 1.0  # it has lost everything that it feared for
    if new != armed[A.side, index]:
        armed[A.target, index] = new
