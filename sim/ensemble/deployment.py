"""Mechanism 14, deployment: doses of the measures, offers, ramp-up, consent, money, presence."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import A, C, G, I, M, Q, S, W
from sim.interventions.base import X
from sim.kinds import (
    AID,
    INCLUSION,
    MEDIATION,
    ON_ACTION,
    ON_MANDATE,
    PLACEBO,
    PROTECTOR,
    REBEL,
    STATE,
    TROOPS,
)
from sim.parameters import P
from sim.rules.council import absent_share, forum_access
from sim.rules.government import consent_next, deployable_share, domestic_share
from sim.rules.international_actor import (
    mandate_robustness,
    mandated_strength,
    offered_terms,
    stage_next,
)
from sim.rules.measure import coverage_weight, dose_at
from sim.rules.protection import aid_reach, protection_level, protection_need, share_of


def apply_measures(run: Run) -> None:
    """Add up the doses of all measures, in catalogue order, by what they act on."""
    world, measures = run.world, run.measures
    for effect in range(W.placebo - W.troops_requested + 1):
        world[W.troops_requested + effect] = 0.0
    world[W.own_mediation] = 0.0
    for row in range(measures.shape[0]):
        dose = _dose(run, row, measures[row, X.trigger])
        world[W.troops_requested + int(measures[row, X.effect])] += dose
        if measures[row, X.effect] == MEDIATION:
            # Who mediates on its own waits for no mandate.
            world[W.own_mediation] += _dose(run, row, ON_ACTION)
    attention = _endowed_attention(run)
    home = domestic_share(_cost_of_programmes(run), run.government[G.budget])
    programmes = home + (1.0 - home) * attention
    world[W.home_share] = home / programmes if programmes > 0.0 else 0.0
    # Troops come as contributors attend, placebos as they are; what the budget pays for needs nobody.
    for field in range(W.mediation, W.placebo):
        world[field] = world[field] * (attention if field < W.inclusion else programmes)
        share = field != W.aid_supply and field != W.police and field != W.observers
        if share and world[field] > 1.0:
            world[field] = 1.0


def _dose(run: Run, row: int, trigger: float) -> float:
    """Return the dose of a measure now, counted from a trigger."""
    measures = run.measures
    return dose_at(
        _elapsed(run, row, trigger),
        0.0 if run.settings[S.arrival_delay] >= 0.0 else measures[row, X.ramp],
        measures[row, X.duration],
        measures[row, X.intensity],
    )


def _elapsed(run: Run, row: int, trigger: float) -> float:
    """Return the weeks since a measure began; negative before. Clamped, it starts on arrival."""
    world, settings = run.world, run.settings
    begins = settings[S.open_week] + run.measures[row, X.start]
    if settings[S.arrival_delay] >= 0.0:
        begins = settings[S.open_week] + settings[S.arrival_delay]
    if trigger == ON_MANDATE:
        if world[W.mandate_since] < 0.0:
            return -1.0
        if settings[S.arrival_delay] < 0.0:
            begins = world[W.mandate_since] + run.measures[row, X.start]
    return world[W.week] - begins


def _endowed_attention(run: Run) -> float:
    """Return the actors' mean attention to the common policy, by the money that each has left."""
    actors = run.actors
    money = attention = 0.0
    for actor in range(actors.shape[1]):
        money += actors[I.endowment, actor]
        common = 1.0 - actors[I.outside, actor]
        attention += actors[I.endowment, actor] * actors[I.attention, actor] * common
    return attention / money if money > 0.0 else 0.0


def consider_consent(run: Run) -> None:
    """The host decides how far it consents to an outside presence."""
    government, armed, world, row = run.government, run.armed, run.world, run.parameters
    belief = 0.0
    for index in range(armed.shape[1]):
        if armed[A.kind, index] != REBEL and armed[A.belief, index] > belief:
            belief = armed[A.belief, index]
    government[G.consent] = consent_next(
        government[G.consent], government[G.openness], world[W.terms],
        belief * world[W.pressure], world[W.policy_protection], government[G.threat],
        forum_access(world[W.forums], row[P.forum_access_gain]), row[P.consent_speed],
        row[P.consent_terms], row[P.consent_pressure], row[P.consent_sovereignty],
    )  # fmt: skip


def deploy(run: Run) -> None:
    """Contributors offer, peacekeepers are generated and transported, the money is spent."""
    world, settings, government, row = run.world, run.settings, run.government, run.parameters
    entering = deployable_share(
        government[G.consent], world[W.policy_protection], row[P.forced_entry]
    )
    mandated = mandated_strength(
        world[W.troops_requested], world[W.mandate_scale], world[W.policy_protection]
    )
    wanted = mandated * _offered(run) * entering
    delay = row[P.deployment_delay]
    if settings[S.deployment] < 0.5 or settings[S.arrival_delay] >= 0.0:
        # Neutral, or clamped: all that has been agreed is there in the same week.
        wanted = mandated
        delay = 1.0
    world[W.troops_preparing] = stage_next(world[W.troops_preparing], wanted, delay)
    world[W.troops_deployed] = stage_next(
        world[W.troops_deployed], world[W.troops_preparing], delay
    )
    world[W.announced] = absent_share(mandated, world[W.troops_deployed])
    world[W.terms] = offered_terms(
        world[W.mediation], world[W.pressure], world[W.incentives], row[P.terms_unbacked]
    )
    _pay(run)
    _pay_alone(run)


def _offered(run: Run) -> float:
    """Return the share of the requested peacekeepers that contributors offer, by their attention."""
    actors = run.actors
    offered = 0.0
    for actor in range(actors.shape[1]):
        common = 1.0 - actors[I.outside, actor]
        offered += actors[I.contribution, actor] * actors[I.attention, actor] * common
    return offered if offered < 1.0 else 1.0


def _pay(run: Run) -> None:
    """Spend the endowments; where they do not suffice, everything shrinks to what they pay for."""
    world, actors = run.world, run.actors
    supplied = (
        world[W.aid_supply] if world[W.aid_supply] < world[W.displaced] else world[W.displaced]
    )
    world[W.placebo_spent] += _unit_cost(run, PLACEBO) * world[W.placebo]
    cost = _cost(run, supplied) - _paid_at_home(run)
    money = 0.0
    for actor in range(actors.shape[1]):
        money += actors[I.endowment, actor]
    share = 1.0
    if cost > money:
        share = money / cost
        world[W.troops_deployed] = world[W.troops_deployed] * share
        world[W.terms] = world[W.terms] * share
        supplied = supplied * share
        foreign = 1.0 - world[W.home_share]
        for field in range(W.police, W.placebo):
            kept = share if field < W.inclusion else world[W.home_share] + foreign * share
            world[field] = world[field] * kept
    world[W.aid_coverage] = supplied / world[W.displaced] if world[W.displaced] > 0.0 else 0.0
    spent = cost * share
    world[W.spent] += spent
    for actor in range(actors.shape[1]):
        left = actors[I.endowment, actor]
        if money > 0.0:
            left = left - spent * (left / money)
        actors[I.endowment, actor] = left if left > 0.0 else 0.0


def _cost(run: Run, supplied: float) -> float:
    """Return the cost of a week of all that is deployed, supplied and programmed (million USD)."""
    world = run.world
    cost = _unit_cost(run, TROOPS) * world[W.troops_deployed] + _unit_cost(run, AID) * supplied
    for effect in range(int(PLACEBO)):
        if effect != TROOPS and effect != AID:
            cost += _unit_cost(run, effect) * world[W.troops_requested + effect]
    return cost


def _paid_at_home(run: Run) -> float:
    """Pay the budget's share of domestic programmes, and return it (million USD)."""
    government = run.government
    paid = run.world[W.home_share] * _cost_of_programmes(run)
    if paid > government[G.budget]:
        paid = government[G.budget]
    government[G.budget] -= paid
    return paid


def _cost_of_programmes(run: Run) -> float:
    """Return the cost of a week of the domestic programmes (million USD)."""
    cost = 0.0
    for effect in range(int(INCLUSION), int(PLACEBO)):
        cost += _unit_cost(run, effect) * run.world[W.troops_requested + effect]
    return cost


def _pay_alone(run: Run) -> None:
    """Every actor pays for its own policy and forum, as far as its money goes."""
    world, actors = run.world, run.actors
    mediation = _unit_cost(run, MEDIATION) * world[W.own_mediation]
    for actor in range(actors.shape[1]):
        cost = run.parameters[P.outside_cost] * actors[I.outside, actor]
        cost = cost + mediation * actors[I.attention, actor] * actors[I.forum, actor]
        if cost > actors[I.endowment, actor]:
            cost = actors[I.endowment, actor]
        world[W.spent] += cost
        actors[I.endowment, actor] -= cost


def _unit_cost(run: Run, effect: float) -> float:
    """Return the cost of one unit and week of an effect: the mean over its measures' intensity."""
    cost = intensity = 0.0
    for row in range(run.measures.shape[0]):
        if run.measures[row, X.effect] == effect:
            cost += run.measures[row, X.cost] * run.measures[row, X.intensity]
            intensity += run.measures[row, X.intensity]
    return cost / intensity if intensity > 0.0 else 0.0


def state_need(run: Run) -> None:
    """Every place states its claim on the peacekeepers, by the coverage of the measure."""
    communities, people = run.communities, run.people
    for place in range(communities.shape[1]):
        if communities[C.abroad, place] > 0.5:
            continue
        here = risk = excluded = 0.0
        for group in range(people.shape[1]):
            exposed = people[Q.residents, group, place] + people[Q.displaced, group, place]
            here += exposed
            excluded += exposed * people[Q.exclusion, group, place]
            risk += protection_need(
                exposed, people[Q.fear, group, place], people[Q.memory, group, place]
            )
        communities[C.at_risk, place] = risk
        communities[C.need, place] = coverage_weight(
            run.settings[S.troops_coverage], here, risk, communities[C.capital, place], excluded
        )


def share_out(run: Run) -> None:
    """Add up the claims; the mandate says how far peacekeepers may go."""
    world = run.world
    world[W.robustness] = mandate_robustness(world[W.policy_protection], world[W.mandate_scale])
    total = 0.0
    for place in range(run.communities.shape[1]):
        total += run.communities[C.need, place]
    world[W.need_total] = total


def receive(run: Run) -> None:
    """Every place receives its share of the peacekeepers, their protection, and aid."""
    communities, world, row = run.communities, run.world, run.parameters
    for place in range(communities.shape[1]):
        peacekeepers = share_of(
            world[W.troops_deployed], communities[C.need, place], world[W.need_total]
        )
        communities[C.peacekeepers, place] = peacekeepers
        police = share_of(world[W.police], communities[C.need, place], world[W.need_total])
        communities[C.policing, place] = protection_level(
            police, communities[C.population, place], 1.0, row[P.police_half]
        )
        communities[C.protection, place] = protection_level(
            peacekeepers, communities[C.population, place], world[W.robustness],
            row[P.troops_half],
        )  # fmt: skip
        worst = 0.0
        for group in range(run.people.shape[1]):
            if run.people[Q.memory, group, place] > worst:
                worst = run.people[Q.memory, group, place]
        communities[C.aid, place] = aid_reach(
            world[W.aid_coverage] * (1.0 - world[W.aid_lost]), worst, communities[C.isolation, place],
            communities[C.admitted, place], row[P.aid_isolation],
        )  # fmt: skip
        if run.government[G.role] == PROTECTOR and communities[C.abroad, place] < 0.5:
            communities[C.shelter, place] = protection_level(
                _state_forces(run, place), communities[C.population, place],
                run.government[G.capacity], row[P.troops_half],
            )  # fmt: skip


def _state_forces(run: Run, place: int) -> float:
    """Return the state forces in a place (armed persons)."""
    forces = 0.0
    for index in range(run.armed.shape[1]):
        if run.armed[A.kind, index] == STATE:
            forces += run.presence[M.armed, index, place]
    return forces
