"""Mechanism 1, elite choice: the threat that leaders feel and the orders that they give."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, G, N, S, W
from sim.kinds import ASPIRATION, BEST_RESPONSE, FORWARD_LOOKING, MILITIA, PERPETRATOR, REBEL, STATE
from sim.parameters import P
from sim.randomness import ORDER, uniforms
from sim.rules.adverse import foreseen
from sim.rules.contest import fed_from_abroad, finance_next, support_inflow
from sim.rules.elite_choice import (
    choice_precision_of,
    expected_sanction,
    home_accountability,
    leaders_restraint,
    order_by_aspiration,
    order_by_best_response,
    order_choice,
    order_value,
    rebel_threat_next,
    removed_by_expulsion,
    sanction_with,
    shaken,
    spoils,
)
from sim.rules.government import (
    cohesion_next,
    institutions_together,
    legitimacy_next,
    rebellion_level,
    threat_next,
)
from sim.rules.measure import heightened, lessened


def sense_threat(run: Run) -> None:
    """The government feels shocks, rebellion and the unrest of those out of power."""
    government, groups, armed, row = run.government, run.groups, run.armed, run.parameters
    unrest = people = 0.0
    for group in range(groups.shape[1]):
        if group != int(government[G.group]):
            unrest += groups[N.unrest, group] * groups[N.people, group]
            people += groups[N.people, group]
    if people > 0.0:
        unrest = unrest / people
    rebels = state = 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] == REBEL:
            rebels += armed[A.strength, index]
        elif armed[A.kind, index] == STATE:
            state += armed[A.strength, index]
    government[G.legitimacy] = legitimacy_next(
        government[G.legitimacy],
        heightened(
            government[G.legitimacy_usual], run.world[W.governance_programme],
            row[P.governance_legitimacy],
        ),
        run.world[W.violence], row[P.legitimacy_fade], row[P.legitimacy_loss],
    )  # fmt: skip
    government[G.cohesion] = cohesion_next(
        government[G.cohesion], government[G.cohesion_usual], run.world[W.shock_division],
        row[P.cohesion_fade],
    )  # fmt: skip
    fade = row[P.threat_fade_settled] if run.world[W.agreement] > 0.5 else row[P.threat_fade]
    fade = heightened(fade, run.world[W.dialogue], row[P.dialogue_relief])
    fade = heightened(fade, run.world[W.power_sharing], row[P.sharing_relief])
    government[G.threat] = threat_next(
        government[G.threat],
        run.world[W.shock_threat],
        rebellion_level(rebels, state, government[G.capacity]),
        unrest,
        run.world[W.backlash],
        fade,
        row[P.threat_rebellion],
        row[P.threat_unrest],
    )


def sense_danger(run: Run) -> None:
    """Leaders feel the government's threat or their own, and use what support they get."""
    armed, groups, row = run.armed, run.groups, run.parameters
    for index in range(armed.shape[1]):
        own, feeding = run.world[W.backing], 0.0
        if armed[A.kind, index] == REBEL:
            own = run.world[W.arming]
            feeding = lessened(
                fed_from_abroad(run.settings[S.feeding], run.world[W.government_changes]),
                run.world[W.border_watch], row[P.borders_effect],
            )  # fmt: skip
        armed[A.finance, index] = finance_next(
            armed[A.finance, index],
            lessened(
                support_inflow(own, feeding, run.world[W.diverted]), run.world[W.embargo],
                row[P.embargo_effect],
            ),
            row[P.finance_fade], row[P.finance_gain],
        )  # fmt: skip
        if armed[A.kind, index] == REBEL:
            armed[A.finance, index] = shaken(armed[A.finance, index], run.world[W.shock_arms])
        if _leads_itself(run, index):
            side = int(armed[A.side, index])
            armed[A.threat, index] = rebel_threat_next(
                armed[A.threat, index], groups[N.losses, side], groups[N.unrest, side],
                row[P.threat_fade], row[P.threat_losses], row[P.threat_unrest],
            )  # fmt: skip
            if armed[A.kind, index] == MILITIA:
                armed[A.threat, index] = shaken(armed[A.threat, index], run.world[W.shock_threat])
        else:
            armed[A.threat, index] = run.government[G.threat]


def _leads_itself(run: Run, index: int) -> bool:
    """Return whether an armed group has leaders of its own: rebels, and militias without a state."""
    kind = run.armed[A.kind, index]
    return kind == REBEL or (kind == MILITIA and run.government[G.role] != PERPETRATOR)


def choose_order(run: Run) -> None:
    """The leaders of every armed group choose among none, expel and kill."""
    armed, row, week = run.armed, run.parameters, int(run.world[W.week])
    for index in range(armed.shape[1]):
        stands_by = armed[A.kind, index] == STATE and run.government[G.role] != PERPETRATOR
        if stands_by:
            armed[A.order, index] = armed[A.resolve, index] = 0.0
            continue
        expel, kill = _order_values(run, index)
        resolve = kill if kill > expel else expel
        armed[A.resolve, index] = resolve if resolve > 0.0 else 0.0
        draw = uniforms(run.seed, run.replicate, week, ORDER, index, 0)[0]
        threat, attention = armed[A.threat, index], row[P.threat_attention]
        if run.settings[S.form_elite_choice] == BEST_RESPONSE:
            order = order_by_best_response(draw, threat, expel, kill, attention)
        elif run.settings[S.form_elite_choice] == ASPIRATION:
            order = order_by_aspiration(draw, threat, expel, kill, attention)
        else:
            cohesion = 1.0
            if not _leads_itself(run, index):
                cohesion = run.government[G.cohesion]
            precision = choice_precision_of(row[P.choice_precision], cohesion)
            order = order_choice(draw, threat, expel, kill, attention, precision)
        armed[A.order, index] = order


def _order_values(run: Run, index: int) -> tuple[float, float]:
    """Return the values of ordering expulsion and killing, with the inertia of the order in force."""
    armed, government, world, row = run.armed, run.government, run.world, run.parameters
    target = int(armed[A.target, index])
    reachable = 0.0
    if run.groups[N.people, target] > 0.0:
        reachable = run.groups[N.at_home, target] / run.groups[N.people, target]
    reachable = reachable * (1.0 - armed[A.belief, index] * world[W.protected])
    restraint = armed[A.discipline, index]
    account, legitimacy, bound = government[G.capacity], 0.0, 0.0
    if not _leads_itself(run, index):
        restraint = leaders_restraint(restraint, government[G.commitment])
        legitimacy, bound = government[G.legitimacy], government[G.treaties]
        account = home_accountability(
            government[G.accountability],
            institutions_together(
                government[G.human_rights_institution], government[G.ombudsman],
                government[G.oversight], government[G.courts],
            ),
            row[P.institutions_effect],
        )  # fmt: skip
    pressure, held_by_others = world[W.pressure], 1.0 - world[W.control]
    if armed[A.kind, index] == REBEL:
        pressure, held_by_others = world[W.pressure_on_rebels], world[W.control]
    if run.settings[S.form_foresight] == FORWARD_LOOKING and run.settings[S.mandated] > 0.5:
        pressure = foreseen(pressure, run.settings[S.mean_pressure])
    loot = spoils(held_by_others, row[P.gain_loot], row[P.gain_territory])
    sanction = sanction_with(
        expected_sanction(account, armed[A.belief, index], pressure),
        bound, account, world[W.prosecution], world[W.embargo],
        row[P.treaties_effect], row[P.prosecution_effect], row[P.embargo_cost],
    )  # fmt: skip
    armed[A.sanction, index] = sanction
    terms = 1.0 if world[W.agreement] > 0.5 else armed[A.terms, index]
    order = armed[A.order, index]
    expel = order_value(
        armed[A.threat, index], reachable, restraint, sanction, terms, legitimacy,
        world[W.urgency], armed[A.weariness, index],
        row[P.gain_expel] * removed_by_expulsion(world[W.outlet], row[P.expelled_inside]),
        loot, row[P.cost_expel],
        row[P.cost_restraint], row[P.cost_sanction], row[P.cost_legitimacy], row[P.value_terms],
        row[P.cost_weariness],
    )  # fmt: skip
    kill = order_value(
        armed[A.threat, index], reachable, restraint, sanction, terms, legitimacy,
        world[W.urgency], armed[A.weariness, index], row[P.gain_kill], loot, row[P.cost_kill],
        row[P.cost_restraint], row[P.cost_sanction], row[P.cost_legitimacy], row[P.value_terms],
        row[P.cost_weariness],
    )  # fmt: skip
    if order == 1.0:
        expel = expel + row[P.order_inertia]
        kill = kill + row[P.order_inertia] * row[P.continuum]
    if order == 2.0:
        kill = kill + row[P.order_inertia]
    return expel, kill
