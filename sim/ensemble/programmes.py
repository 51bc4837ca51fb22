"""What measures deliver: doses, the attention and the money that carry them, the ways they take."""

from __future__ import annotations

from sim.effects import EFFECTS, FIRST_LOCAL, LOCALS
from sim.ensemble.run import Run
from sim.fields import A, C, G, I, Q, R, S, W
from sim.interventions.measure import X
from sim.kinds import (
    AID,
    BY_ACCESS,
    BY_BORDERS,
    BY_DEAL,
    BY_ENTRY,
    BY_MESSAGE,
    BY_OFFICE,
    BY_SOCIETY,
    BY_STATE,
    BY_UNITED,
    EVERYWHERE,
    LISTED,
    MEDIATION,
    ON_ACTION,
    ON_AGREEMENT,
    ON_AIR,
    ON_DEATHS,
    ON_MANDATE,
    ON_WARNING,
    PLACEBO,
    POLICE,
    REBEL,
    STATE,
    TROOPS,
)
from sim.parameters import P
from sim.rules.government import (
    consent_asked,
    deployable_share,
    domestic_share,
    institutions_together,
    rebellion_level,
)
from sim.rules.international_actor import probability_of
from sim.rules.measure import (
    carried_over,
    civic_room,
    coverage_weight,
    decentral_share,
    dose_at,
    heightened,
    joint_share,
    local_dose,
    message_clarity,
)
from sim.rules.protection import supplied_here
from sim.rules.society import delivered_share

DOSES = len(EFFECTS)


def apply_measures(run: Run) -> None:
    """Carry, pay and add up the doses of all measures, in catalogue order, by what they act on."""
    world, measures, programmes = run.world, run.measures, run.programmes
    _open_channels(run)
    decentral = world[W.decentralisation]
    for effect in range(DOSES):
        world[W.troops_requested + effect] = 0.0
    world[W.own_mediation] = 0.0
    world[W.own_cost] = 0.0
    carried, on = 0.0, False
    for row in range(measures.shape[0]):
        head, effect = int(measures[row, X.head]), int(measures[row, X.effect])
        if head == row:
            programmes[R.dose, row] = _carry(run, row, decentral)
            carried = programmes[R.dose, row]
        if effect == MEDIATION:
            # Who mediates on its own waits for no mandate.
            elapsed = _elapsed(run, row, ON_ACTION)
            own = _planned(run, row, elapsed)
            world[W.own_mediation] += own * measures[row, X.size]
            if elapsed < measures[row, X.duration]:
                world[W.own_cost] += own * measures[row, X.cost]
        if carried <= 0.0:
            programmes[R.dose, row] = 0.0
            programmes[R.claims, row] = 0.0
            continue
        dose = carried * measures[row, X.size] * _passage(run, measures[row, X.channel])
        dose = dose * _by_other_ways(run, row)
        if effect < FIRST_LOCAL:  # what a measure does for all is as much as it does in places
            dose = dose * programmes[R.reach, head]
        programmes[R.dose, row] = dose
        programmes[R.claims, row] = 0.0
        on = on or effect >= FIRST_LOCAL
        uneven = effect >= FIRST_LOCAL and _uneven(run, row, decentral)
        if uneven:
            programmes[R.claims, row] = _claims(run, measures[row, X.coverage])
        if effect == POLICE or not uneven:
            world[W.troops_requested + effect] += dose
    _hold(run)
    if on:  # places need two more weeks: to give back the doses, then what was felt a week later
        world[W.programmes_on] = 3.0
    elif world[W.programmes_on] > 0.0:
        world[W.programmes_on] -= 1.0
    world[W.decentral_week] = decentral


def _hold(run: Run) -> None:
    """Hold doses that are shares to 1, however many measures add to them."""
    world = run.world
    for effect in range(DOSES):
        count = effect in (TROOPS, AID)
        count = count or effect == POLICE
        count = count or effect == W.observers - W.troops_requested
        count = count or effect == W.funds - W.troops_requested
        if not count and world[W.troops_requested + effect] > 1.0:
            world[W.troops_requested + effect] = 1.0


def _open_channels(run: Run) -> None:
    """Set how much gets through each of the ways that measures take."""
    world, government, actors = run.world, run.government, run.actors
    world[W.delivery] = _delivered(run, government[G.accountability])
    institutions = institutions_together(
        government[G.human_rights_institution], government[G.ombudsman],
        government[G.oversight], government[G.courts],
    )  # fmt: skip
    world[W.civic_space] = civic_room(government[G.commitment], institutions)
    money = backing = partial = outside = 0.0
    for actor in range(actors.shape[1]):
        tie = actors[I.tie, actor]
        money += actors[I.endowment, actor]
        outside += actors[I.endowment, actor] * actors[I.outside, actor]
        if tie > 0.0:
            backing += actors[I.endowment, actor] * tie
            partial += actors[I.endowment, actor] * tie
        else:
            partial -= actors[I.endowment, actor] * tie
    rebels = state = 0.0
    for index in range(run.armed.shape[1]):
        if run.armed[A.kind, index] == REBEL:
            rebels += run.armed[A.strength, index]
        elif run.armed[A.kind, index] == STATE:
            state += run.armed[A.strength, index]
    world[W.spoiler] = 0.0
    if world[W.agreement] < 0.5:
        world[W.spoiler] = rebellion_level(rebels, state, government[G.capacity])
    world[W.message] = message_clarity(backing / money if money > 0.0 else 0.0)
    world[W.office] = 1.0 - (partial / money if money > 0.0 else 0.0)
    world[W.united] = joint_share(outside / money if money > 0.0 else 0.0)


def _delivered(run: Run, accountability: float) -> float:
    """Return the share of a domestic programme that takes effect under some accountability."""
    government, row = run.government, run.parameters
    return delivered_share(
        heightened(government[G.capacity], run.world[W.support], row[P.support_effect]),
        government[G.commitment], accountability, row[P.reform_leakage],
    )  # fmt: skip


def _taken_up(run: Run, channel: float) -> bool:
    """Return whether a channel is open at all: what leaks wholly was wanted, and is paid for."""
    if channel == BY_STATE:
        return _delivered(run, 1.0) > 0.0
    return _passage(run, channel) > 0.0


def _begins(run: Run, head: int) -> bool:
    """Return whether the way that a measure needs is open, or any that one of its parts takes."""
    measures = run.measures
    if measures[head, X.needs] >= 0.0:
        return _taken_up(run, measures[head, X.needs])
    row = head
    while row < measures.shape[0] and measures[row, X.head] == head:
        if _taken_up(run, measures[row, X.channel]):
            return True
        row += 1
    return False


def _passage(run: Run, channel: float) -> float:
    """Return the part of a dose that gets through a channel."""
    world = run.world
    if channel == BY_STATE:
        return world[W.delivery]
    if channel == BY_SOCIETY:
        return world[W.civic_space]
    if channel == BY_ACCESS:
        return run.government[G.consent]
    if channel == BY_BORDERS:
        return 1.0 - run.settings[S.feeding]
    if channel == BY_MESSAGE:
        return world[W.message]
    if channel == BY_OFFICE:
        return world[W.office]
    if channel == BY_DEAL:
        return 1.0 - world[W.spoiler]
    if channel == BY_UNITED:
        return world[W.united]
    if channel == BY_ENTRY:
        return _let_in(run)
    return 1.0


def _let_in(run: Run) -> float:
    """Return the share of police and observers who are let in, by the rule for peacekeepers."""
    world, settings, row = run.world, run.settings, run.parameters
    if settings[S.deployment] < 0.5 or settings[S.arrival_delay] >= 0.0:
        return 1.0
    return deployable_share(
        consent_asked(run.government[G.consent], row[P.entry_consent]), world[W.policy_protection],
        row[P.forced_entry],
    )  # fmt: skip


def _by_other_ways(run: Run, row: int) -> float:
    """Return what is left of a part where little gets through the way that its measure needs."""
    needs = run.measures[row, X.needs]
    if needs < 0.0 or needs == run.measures[row, X.channel]:
        return 1.0
    return carried_over(_passage(run, needs), run.parameters[P.needed_way])


# --- how much is planned --------------------------------------------------------------------------


def _elapsed(run: Run, row: int, trigger: float) -> float:
    """Return the weeks since a measure's first delivery; negative before. Clamped, from arrival."""
    world, settings = run.world, run.settings
    begun = settings[S.open_week]
    if trigger == ON_MANDATE:
        begun = world[W.mandate_since]
    elif trigger == ON_AGREEMENT:
        if world[W.agreement] < 0.5:
            run.programmes[R.begun, row] = -1.0
        elif run.programmes[R.begun, row] < 0.0 and world[W.week] >= settings[S.open_week]:
            run.programmes[R.begun, row] = world[W.week]
        begun = run.programmes[R.begun, row]
    elif trigger != ON_ACTION:
        waiting = run.programmes[R.begun, row] < 0.0 and world[W.week] >= settings[S.open_week]
        if waiting and _level(run, trigger) >= run.measures[row, X.threshold]:
            run.programmes[R.begun, row] = world[W.week]
        begun = run.programmes[R.begun, row]
    if begun < 0.0 and trigger != ON_ACTION:
        return -1.0
    if settings[S.arrival_delay] >= 0.0:
        arrives = settings[S.open_week] + settings[S.arrival_delay]
        return world[W.week] - (arrives if arrives > begun else begun)
    return world[W.week] - (begun + run.measures[row, X.start])


def _level(run: Run, trigger: float) -> float:
    """Return what the level of a trigger is held against."""
    if trigger == ON_DEATHS:
        return run.world[W.killed]
    if trigger != ON_WARNING:  # the state manifestly fails
        return run.world[W.deaths_recent]
    believed = 0.0
    for actor in range(run.actors.shape[1]):
        believed += run.actors[I.weight, actor] * probability_of(run.actors[I.belief, actor])
    return believed


def _planned(run: Run, row: int, elapsed: float) -> float:
    """Return the dose of a measure some weeks after its first delivery."""
    measures = run.measures
    return dose_at(
        elapsed, 0.0 if run.settings[S.arrival_delay] >= 0.0 else measures[row, X.ramp],
        measures[row, X.duration], measures[row, X.decay], measures[row, X.intensity],
    )  # fmt: skip


# --- attention and money --------------------------------------------------------------------------


def _carry(run: Run, row: int, decentral: float) -> float:
    """Return the dose of a measure that attention and money carry this week, and pay for it."""
    measures, world, programmes = run.measures, run.world, run.programmes
    effect = measures[row, X.effect]
    elapsed = _elapsed(run, row, measures[row, X.trigger])
    planned = _planned(run, row, elapsed)
    if planned <= 0.0 or not _begins(run, row):
        return 0.0
    programmes[R.reach, row] = _reached(run, row, planned * measures[row, X.size], decentral)
    if programmes[R.reach, row] <= 0.0:
        return 0.0
    if effect == TROOPS:  # they come as contributors attend, and are paid where they are
        return planned
    if effect == PLACEBO:
        if elapsed < measures[row, X.duration]:
            world[W.placebo_spent] += measures[row, X.cost] * planned
        return planned
    if elapsed >= measures[row, X.duration]:  # what was built goes on for a while without money
        return planned * programmes[R.share, row]
    cost = measures[row, X.cost] * planned * programmes[R.reach, row]
    if measures[row, X.channel] == BY_ENTRY:  # who is not let in stays at home, unpaid
        cost = cost * _let_in(run)
    if effect == AID:
        size = measures[row, X.size]
        cost = measures[row, X.cost] * (_further_supplied(run, planned * size) / size)
    programmes[R.share, row] = _pay(run, row, cost)
    return planned * programmes[R.share, row]


def _further_supplied(run: Run, supply: float) -> float:
    """Return how many displaced people a supply of aid meets, beyond those whom others supply."""
    already, unmet = run.world[W.aid_supply], run.world[W.displaced] - run.world[W.aid_supply]
    if run.settings[S.aid_coverage] == EVERYWHERE:
        return supply if supply < unmet else unmet
    return _supplied(run, already + supply) - _supplied(run, already)


def _supplied(run: Run, supply: float) -> float:
    """Return how many displaced people a supply of aid meets where its coverage takes it."""
    world, coverage = run.world, run.settings[S.aid_coverage]
    supply = supply if supply < world[W.displaced] else world[W.displaced]
    met = 0.0
    if world[W.aid_total] <= 0.0:
        return met
    for place in range(run.communities.shape[1]):
        displaced = 0.0
        for group in range(run.people.shape[1]):
            displaced += run.people[Q.displaced, group, place]
        met += supplied_here(supply, _claim(run, coverage, place) / world[W.aid_total], displaced)
    return met


def _pay(run: Run, row: int, cost: float) -> float:
    """Pay for a week of a measure, and return the share of it that attention and money carry."""
    lead, partners = int(run.measures[row, X.lead]), int(run.measures[row, X.partners])
    home = 0.0
    if lead % 2 == 1:  # the government, with what it has; others help as far as they attend
        home = domestic_share(cost, run.government[G.budget])
        left = run.government[G.budget] - home * cost
        run.government[G.budget] = left if left > 0.0 else 0.0  # it may round below nothing
        run.programmes[R.spent, row] += home * cost
        lead = partners
    elif _purse(run, lead) <= 0.0:
        lead = partners
    attention = _attention(run, lead)
    foreign = (1.0 - home) * attention
    due = foreign * cost
    if due <= 0.0:
        return home + foreign
    paid = _take(run, lead, due)
    if paid < due:
        paid += _take(run, partners, due - paid)
    run.programmes[R.spent, row] += paid
    return home + foreign * (paid / due)


def _attention(run: Run, mask: int) -> float:
    """Return the attention of some kinds of actors to the common policy, by the money of each."""
    actors = run.actors
    money = attention = 0.0
    for actor in range(actors.shape[1]):
        if mask & int(actors[I.kind, actor]):
            money += actors[I.endowment, actor]
            common = 1.0 - actors[I.outside, actor]
            attention += actors[I.endowment, actor] * actors[I.attention, actor] * common
    return attention / money if money > 0.0 else 0.0


def _purse(run: Run, mask: int) -> float:
    """Return the money that some kinds of actors have left (million USD)."""
    money = 0.0
    for actor in range(run.actors.shape[1]):
        if mask & int(run.actors[I.kind, actor]):
            money += run.actors[I.endowment, actor]
    return money


def _take(run: Run, mask: int, due: float) -> float:
    """Take money from some kinds of actors in proportion to what they have; return how much."""
    actors, money = run.actors, _purse(run, mask)
    if money <= 0.0:
        return 0.0
    paid = due if due < money else money
    for actor in range(actors.shape[1]):
        if mask & int(actors[I.kind, actor]):
            left = actors[I.endowment, actor]
            left = left - paid * (left / money)
            actors[I.endowment, actor] = left if left > 0.0 else 0.0
    run.world[W.spent] += paid
    return paid


def pay_operation(run: Run) -> None:
    """Pay for the peacekeepers who are there, for own policies and forums, and into the budget."""
    world, measures, government = run.world, run.measures, run.government
    intended = kept = 0.0
    for row in range(measures.shape[0]):
        if measures[row, X.effect] == TROOPS:
            intended += measures[row, X.intensity]
    for row in range(measures.shape[0]):
        if measures[row, X.effect] == TROOPS and world[W.troops_deployed] > 0.0 and intended > 0.0:
            troops = world[W.troops_deployed] * (measures[row, X.intensity] / intended)
            due = measures[row, X.cost] / measures[row, X.size] * troops
            paid = _take(run, int(measures[row, X.lead]), due)
            if paid < due:
                paid += _take(run, int(measures[row, X.partners]), due - paid)
            run.programmes[R.spent, row] += paid
            kept += troops if paid >= due else troops * (paid / due)
    if kept < world[W.troops_deployed]:
        world[W.troops_deployed] = kept
    supplied = (
        world[W.aid_supply] if world[W.aid_supply] < world[W.displaced] else world[W.displaced]
    )
    world[W.aid_coverage] = supplied / world[W.displaced] if world[W.displaced] > 0.0 else 0.0
    government[G.budget] += world[W.funds]
    _pay_alone(run)


def _pay_alone(run: Run) -> None:
    """Every actor pays for its own policy and forum, as far as its money goes."""
    world, actors = run.world, run.actors
    for actor in range(actors.shape[1]):
        cost = run.parameters[P.outside_cost] * actors[I.outside, actor]
        cost = cost + world[W.own_cost] * actors[I.attention, actor] * actors[I.forum, actor]
        if cost > actors[I.endowment, actor]:
            cost = actors[I.endowment, actor]
        world[W.spent] += cost
        actors[I.endowment, actor] -= cost


# --- places ---------------------------------------------------------------------------------------


def _uneven(run: Run, row: int, decentral: float) -> bool:
    """Return whether places get different doses of a local effect: counts always do."""
    measures = run.measures
    count = measures[row, X.effect] == POLICE
    moved = _moved(run, row, decentral) > 0.0
    return count or moved or measures[row, X.coverage] != EVERYWHERE


def _moved(run: Run, row: int, decentral: float) -> float:
    """Return the part of an effect that is decentralised: none of what is on the air."""
    return decentral if run.measures[row, X.effect] < ON_AIR else 0.0


def _claim(run: Run, coverage: float, place: int) -> float:
    """Return the claim of a place on what goes by a coverage; none abroad."""
    communities = run.communities
    if communities[C.abroad, place] > 0.5:
        return 0.0
    listed = 0.0
    if coverage >= LISTED:
        listed = run.listed[int(coverage - LISTED), place]
    return coverage_weight(
        coverage, communities[C.here, place], communities[C.at_risk, place],
        communities[C.capital, place], communities[C.excluded, place], listed,
    )  # fmt: skip


def _claims(run: Run, coverage: float) -> float:
    """Add up the claims of all places on what goes by a coverage."""
    total = 0.0
    for place in range(run.communities.shape[1]):
        total += _claim(run, coverage, place)
    return total


def _part(run: Run, coverage: float, claims: float, decentral: float, place: int) -> float:
    """Return the share of a programme that goes to a place."""
    if claims <= 0.0:
        return 0.0
    part = _claim(run, coverage, place) / claims
    if decentral > 0.0 and run.world[W.excluded_total] > 0.0:
        excluded = run.communities[C.excluded, place] / run.world[W.excluded_total]
        part = decentral_share(part, excluded, decentral)
    return part


def _reached(run: Run, row: int, dose: float, decentral: float) -> float:
    """Return the share of a mean dose that people get, where no place can take more than all."""
    coverage, world, effect = run.measures[row, X.coverage], run.world, run.measures[row, X.effect]
    decentral = _moved(run, row, decentral)
    if effect == TROOPS:
        return 1.0 if world[W.need_total] > 0.0 else 0.0
    if coverage == EVERYWHERE and decentral <= 0.0:
        return 1.0
    if effect in (AID, POLICE):
        return 1.0 if _claims(run, coverage) > 0.0 else 0.0
    if effect < FIRST_LOCAL:
        return 1.0
    claims, got = _claims(run, coverage), 0.0
    if world[W.here_total] <= 0.0:
        return 0.0
    for place in range(run.communities.shape[1]):
        here = run.communities[C.here, place]
        if run.communities[C.abroad, place] < 0.5:
            part = _part(run, coverage, claims, decentral, place)
            got += local_dose(dose, part, here, world[W.here_total]) * here / world[W.here_total]
    return got / dose if got < dose else 1.0


def receive_programmes(run: Run) -> None:
    """Every place at home gets its doses of the local programmes: alike, or by their coverage."""
    communities, world = run.communities, run.world
    if world[W.programmes_on] < 0.5:
        return
    for place in range(run.first, run.last):
        if communities[C.abroad, place] < 0.5:
            communities[C.suppressed, place] = 0.0
            if run.settings[S.suppressed_speech] > 0.5:
                communities[C.suppressed, place] = communities[C.counter_speech, place]
            communities[C.police, place] = 0.0
            for local in range(1, LOCALS):
                dose = world[W.troops_requested + FIRST_LOCAL + local]
                communities[C.police + local, place] = dose
            for row in range(run.measures.shape[0]):
                if run.programmes[R.claims, row] > 0.0:
                    _receive(run, row, place)


def _receive(run: Run, row: int, place: int) -> None:
    """Add what a place gets of one effect."""
    communities, world, programmes = run.communities, run.world, run.programmes
    field = C.police + int(run.measures[row, X.effect]) - FIRST_LOCAL
    decentral = _moved(run, row, world[W.decentral_week])
    part = _part(
        run, run.measures[row, X.coverage], programmes[R.claims, row], decentral, place
    )  # fmt: skip
    if field == C.police:
        communities[field, place] += programmes[R.dose, row] * part
        return
    value = communities[field, place] + local_dose(
        programmes[R.dose, row], part, communities[C.here, place], world[W.here_total]
    )
    communities[field, place] = value if value < 1.0 else 1.0
