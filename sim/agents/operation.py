"""The operation: what outside action delivers, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.kinds import AID, MEDIATION, ON_MANDATE, TROOPS

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
        """Add up the doses of all measures, in catalogue order, by what they act on."""
        troops = mediation = aid = 0.0
        for measure in self.model.measures:
            dose = self.model.rules.dose_at(
                self._elapsed(measure),
                0.0 if self.model.settings.arrival_delay >= 0.0 else measure.ramp,
                measure.duration,
                measure.intensity,
            )
            if measure.effect == TROOPS:
                troops += dose
            elif measure.effect == MEDIATION:
                mediation += dose
            elif measure.effect == AID:
                aid += dose
        attention = self._endowed_attention()
        mediation = mediation * attention
        self.model.troops_requested = troops
        self.model.mediation = mediation if mediation < 1.0 else 1.0
        self.model.aid_supply = aid * attention

    def _elapsed(self, measure: Any) -> float:
        """Return the weeks since a measure began; negative before. Clamped, it starts on arrival."""
        settings = self.model.settings
        begins = settings.open_week + measure.start
        if settings.arrival_delay >= 0.0:
            begins = settings.open_week + settings.arrival_delay
        if measure.trigger == ON_MANDATE:
            if self.model.mandate_since < 0.0:
                return -1.0
            if settings.arrival_delay < 0.0:
                begins = self.model.mandate_since + measure.start
        return float(self.model.week - begins)

    def _endowed_attention(self) -> float:
        """Return the actors' mean attention, weighted by the money that each has left."""
        money = attention = 0.0
        for actor in self.model.actors:
            money += actor.endowment
            attention += actor.endowment * actor.attention
        return attention / money if money > 0.0 else 0.0

    def deploy(self) -> None:
        """Contributors offer, peacekeepers are generated and transported, the money is spent."""
        rules, settings, p = self.model.rules, self.model.settings, self.model.parameters
        entering = rules.deployable_share(
            self.model.government.consent, self.model.policy_protection, p.forced_entry
        )
        mandated = rules.mandated_strength(
            self.model.troops_requested, self.model.mandate_scale, self.model.policy_protection
        )
        wanted = mandated * self._offered() * entering
        delay = p.deployment_delay
        if settings.deployment < 0.5 or settings.arrival_delay >= 0.0:
            # Neutral, or clamped: all that has been agreed is there in the same week.
            wanted = mandated
            delay = 1.0
        self.model.troops_preparing = rules.stage_next(self.model.troops_preparing, wanted, delay)
        self.model.troops_deployed = rules.stage_next(
            self.model.troops_deployed, self.model.troops_preparing, delay
        )
        self.model.terms = rules.offered_terms(
            self.model.mediation, self.model.policy_pressure, p.terms_unbacked
        )
        self._pay()

    def _offered(self) -> float:
        """Return the share of the requested peacekeepers that contributors offer."""
        offered = 0.0
        for actor in self.model.actors:
            offered += actor.contribution * actor.attention
        return offered if offered < 1.0 else 1.0

    def _pay(self) -> None:
        """Spend the endowments; where they do not suffice, everything shrinks to what they pay."""
        supplied = (
            self.model.aid_supply
            if self.model.aid_supply < self.model.displaced
            else self.model.displaced
        )
        cost = (
            self._unit_cost(TROOPS) * self.model.troops_deployed
            + self._unit_cost(MEDIATION) * self.model.mediation
            + self._unit_cost(AID) * supplied
        )
        money = 0.0
        for actor in self.model.actors:
            money += actor.endowment
        share = 1.0
        if cost > money:
            share = money / cost
            self.model.troops_deployed = self.model.troops_deployed * share
            self.model.terms = self.model.terms * share
            supplied = supplied * share
        self.model.aid_coverage = (
            supplied / self.model.displaced if self.model.displaced > 0.0 else 0.0
        )
        spent = cost * share
        self.model.spent += spent
        for actor in self.model.actors:
            left = actor.endowment
            if money > 0.0:
                left = left - spent * (left / money)
            actor.endowment = left if left > 0.0 else 0.0

    def _unit_cost(self, effect: float) -> float:
        """Return the cost of one unit and week of an effect: the mean over measures' intensity."""
        cost = intensity = 0.0
        for measure in self.model.measures:
            if measure.effect == effect:
                cost += measure.cost * measure.intensity
                intensity += measure.intensity
        return cost / intensity if intensity > 0.0 else 0.0

    def share_out(self) -> None:
        """Add up the claims on peacekeepers; their mandate says how far they may go."""
        self.model.robustness = self.model.rules.mandate_robustness(
            self.model.policy_protection, self.model.mandate_scale
        )
        total = 0.0
        for community in self.model.communities:
            total += community.need
        self.model.need_total = total
