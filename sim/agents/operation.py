"""The operation: what outside action delivers, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.programmes import FIELD, SHARES
from sim.effects import FIRST_LOCAL
from sim.kinds import (
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
    POLICE,
    REBEL,
    STATE,
    TROOPS,
)

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Operation:
    """The doses of the measures, the force that is generated, and the money that is spent.

    What it decides are fields of the model (`sim.fields.WORLD`).
    """

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def apply_measures(self) -> None:
        """Carry, pay and add up the doses of all measures, by what they act on."""
        model = self.model
        self._open_channels()
        decentral = model.decentralisation
        for name in FIELD:
            setattr(model, name, 0.0)
        model.own_mediation = model.own_cost = 0.0
        carried = reach = 0.0
        on = False
        for programme in model.measures:
            state = programme.state
            if programme.is_head:
                carried = programme.carry(decentral)
                reach = state.reach
            programme.mediate_alone()
            state.dose = state.claims = 0.0
            if carried <= 0.0:
                continue
            row = programme.row
            dose = carried * row.size * self.passage(row.channel)
            dose = dose * self.by_other_ways(row.needs, row.channel)
            if programme.row.effect < FIRST_LOCAL:
                # What a measure does for all is as much as it does in places.
                dose = dose * reach
            state.dose = dose
            local = programme.row.effect >= FIRST_LOCAL
            on = on or local
            uneven = local and programme.uneven(decentral)
            if uneven:
                state.claims = programme.claims()
            if programme.row.effect == POLICE or not uneven:
                name = FIELD[programme.effect]
                setattr(model, name, getattr(model, name) + dose)
        for name in SHARES:
            if getattr(model, name) > 1.0:
                setattr(model, name, 1.0)
        if (
            on
        ):  # places need two more weeks: to give back the doses, then what was felt a week later
            model.programmes_on = 3.0
        elif model.programmes_on > 0.0:
            model.programmes_on -= 1.0
        model.decentral_week = decentral

    def _open_channels(self) -> None:
        """Set how much gets through each of the ways that measures take."""
        model, rules, government = self.model, self.model.rules, self.model.government
        model.delivery = self._delivered(government.accountability)
        model.civic_space = rules.civic_room(government.commitment, government.institutions)
        money = backing = partial = outside = 0.0
        for actor in model.actors:
            money += actor.endowment
            outside += actor.endowment * actor.outside
            if actor.tie > 0.0:
                backing += actor.endowment * actor.tie
                partial += actor.endowment * actor.tie
            else:
                partial -= actor.endowment * actor.tie
        rebels = state = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind == REBEL:
                rebels += armed_group.strength
            elif armed_group.kind == STATE:
                state += armed_group.strength
        model.spoiler = 0.0
        if model.agreement < 0.5:
            model.spoiler = rules.rebellion_level(rebels, state, government.capacity)
        model.message = rules.message_clarity(backing / money if money > 0.0 else 0.0)
        model.office = 1.0 - (partial / money if money > 0.0 else 0.0)
        model.united = rules.joint_share(outside / money if money > 0.0 else 0.0)

    def _delivered(self, accountability: float) -> float:
        """Return the share of a domestic programme that takes effect under some accountability."""
        rules, p, government = self.model.rules, self.model.parameters, self.model.government
        return float(
            rules.delivered_share(
                rules.heightened(government.capacity, self.model.support, p.support_effect),
                government.commitment,
                accountability,
                p.reform_leakage,
            )
        )

    def takes_up(self, channel: float) -> bool:
        """Return whether a channel is open at all: what leaks wholly was wanted, and is paid for."""
        if channel == BY_STATE:
            return self._delivered(1.0) > 0.0
        return self.passage(channel) > 0.0

    def passage(self, channel: float) -> float:
        """Return the part of a dose that gets through a channel."""
        model = self.model
        if channel == BY_STATE:
            return model.delivery
        if channel == BY_SOCIETY:
            return model.civic_space
        if channel == BY_ACCESS:
            return float(model.government.consent)
        if channel == BY_BORDERS:
            return float(1.0 - model.settings.feeding)
        if channel == BY_MESSAGE:
            return model.message
        if channel == BY_OFFICE:
            return model.office
        if channel == BY_DEAL:
            return 1.0 - model.spoiler
        if channel == BY_UNITED:
            return model.united
        if channel == BY_ENTRY:
            return self.let_in
        return 1.0

    @property
    def let_in(self) -> float:
        """Share of police and observers who are let in, by the rule for peacekeepers."""
        model = self.model
        rules, settings, p = model.rules, model.settings, model.parameters
        if settings.deployment < 0.5 or settings.arrival_delay >= 0.0:
            return 1.0
        asked = rules.consent_asked(model.government.consent, p.entry_consent)
        return float(rules.deployable_share(asked, model.policy_protection, p.forced_entry))

    def by_other_ways(self, needs: float, channel: float) -> float:
        """Return what is left of a part where little gets through the way its measure needs."""
        if needs < 0.0 or needs == channel:
            return 1.0
        rules, p = self.model.rules, self.model.parameters
        return float(rules.carried_over(self.passage(needs), p.needed_way))

    def deploy(self) -> None:
        """Contributors offer, peacekeepers are generated and transported, terms are put forward."""
        model = self.model
        rules, settings, p = model.rules, model.settings, model.parameters
        entering = rules.deployable_share(
            model.government.consent, model.policy_protection, p.forced_entry
        )
        mandated = rules.mandated_strength(
            model.troops_requested, model.mandate_scale, model.policy_protection
        )
        wanted = mandated * self._offered() * entering
        delay = p.deployment_delay
        if settings.deployment < 0.5 or settings.arrival_delay >= 0.0:
            # Neutral, or clamped: all that has been agreed is there in the same week.
            wanted = mandated
            delay = 1.0
        model.troops_preparing = rules.stage_next(model.troops_preparing, wanted, delay)
        model.troops_deployed = rules.stage_next(
            model.troops_deployed, model.troops_preparing, delay
        )
        model.announced = rules.absent_share(mandated, model.troops_deployed)
        model.terms = rules.offered_terms(
            model.mediation, model.pressure, model.incentives, p.terms_unbacked
        )

    def further_supplied(self, supply: float) -> float:
        """Return how many displaced people a supply of aid meets, beyond those others supply."""
        model = self.model
        already, unmet = model.aid_supply, model.displaced - model.aid_supply
        if model.settings.aid_coverage == EVERYWHERE:
            return supply if supply < unmet else unmet
        return self._supplied(already + supply) - self._supplied(already)

    def _supplied(self, supply: float) -> float:
        """Return how many displaced people a supply of aid meets where its coverage takes it."""
        model, met = self.model, 0.0
        supply = supply if supply < model.displaced else model.displaced
        if model.aid_total <= 0.0:
            return met
        for place in model.communities:
            part = place.claim(model.settings.aid_coverage) / model.aid_total
            met += model.rules.supplied_here(supply, part, place.all_displaced)
        return met

    def _offered(self) -> float:
        """Return the share of the requested peacekeepers that contributors offer."""
        offered = 0.0
        for actor in self.model.actors:
            offered += actor.contribution * actor.attention * (1.0 - actor.outside)
        rules, p = self.model.rules, self.model.parameters
        offered = float(rules.worn(offered, self.model.week / 52.0, p.erosion))
        if offered >= 1.0:
            return 1.0
        return float(rules.heightened(offered, self.model.joint_action, p.joint_offers))

    def pay_operation(self) -> None:
        """Pay for the peacekeepers who are there, for own policies and forums, into the budget."""
        model = self.model
        forces = [programme for programme in model.measures if programme.row.effect == TROOPS]
        intended = kept = 0.0
        for force in forces:
            intended += force.row.intensity
        for force in forces:
            if model.troops_deployed > 0.0 and intended > 0.0:
                troops = model.troops_deployed * (force.row.intensity / intended)
                kept += force.pay_for_troops(troops)
        if kept < model.troops_deployed:
            model.troops_deployed = kept
        supplied = model.aid_supply if model.aid_supply < model.displaced else model.displaced
        model.aid_coverage = supplied / model.displaced if model.displaced > 0.0 else 0.0
        model.government.budget += model.funds
        self._pay_alone()

    def _pay_alone(self) -> None:
        """Let every actor pay for its own policy and forum, as far as its money goes."""
        model = self.model
        for actor in model.actors:
            cost = model.parameters.outside_cost * actor.outside
            cost = cost + model.own_cost * actor.attention * actor.forum
            if cost > actor.endowment:
                cost = actor.endowment
            model.spent += cost
            actor.endowment -= cost

    def share_out(self) -> None:
        """Add up the claims on peacekeepers; their mandate says how far they may go."""
        model, aid = self.model, self.model.settings.aid_coverage
        model.robustness = model.rules.mandate_robustness(
            model.policy_protection, model.mandate_scale
        )
        need = excluded = here = claims = 0.0
        for place in model.communities:
            need += place.need
            excluded += place.excluded
            here += place.here
            if aid != EVERYWHERE and place.abroad < 0.5:
                claims += place.claim(aid)
        model.need_total, model.excluded_total, model.here_total = need, excluded, here
        model.aid_total = claims
