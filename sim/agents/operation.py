"""The operation: what outside action delivers, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.fields import DOSES
from sim.kinds import (
    AID,
    INCLUSION,
    MEDIATION,
    OBSERVERS,
    ON_ACTION,
    ON_MANDATE,
    PLACEBO,
    POLICE,
    TROOPS,
    Effect,
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
        """Add up the doses of all measures, in catalogue order, by what they act on."""
        model = self.model
        doses = [0.0] * len(Effect)
        model.own_mediation = 0.0
        for measure in model.measures:
            doses[int(measure.effect)] += self._dose(measure, measure.trigger)
            if measure.effect == MEDIATION:
                # Who mediates on its own waits for no mandate.
                model.own_mediation += self._dose(measure, ON_ACTION)
        for effect, name in enumerate(DOSES):
            setattr(model, name, doses[effect])
        attention = self._endowed_attention()
        home = model.rules.domestic_share(self._cost_of_programmes(), model.government.budget)
        programmes = home + (1.0 - home) * attention
        model.home_share = home / programmes if programmes > 0.0 else 0.0
        for effect, name in enumerate(DOSES):
            dose = doses[effect]
            # Troops come as contributors attend, placebos as they are; what the budget pays for
            # needs nobody.
            if effect not in (TROOPS, PLACEBO):
                dose = dose * (attention if effect < INCLUSION else programmes)
                if effect not in (AID, POLICE, OBSERVERS) and dose > 1.0:
                    dose = 1.0
            setattr(model, name, dose)

    def _dose(self, measure: Any, trigger: float) -> float:
        """Return the dose of a measure now, counted from a trigger."""
        model = self.model
        return float(
            model.rules.dose_at(
                self._elapsed(measure, trigger),
                0.0 if model.settings.arrival_delay >= 0.0 else measure.ramp,
                measure.duration,
                measure.intensity,
            )
        )

    def _elapsed(self, measure: Any, trigger: float) -> float:
        """Return the weeks since a measure began; negative before. Clamped, it starts on arrival."""
        model = self.model
        settings = model.settings
        begins = settings.open_week + measure.start
        if settings.arrival_delay >= 0.0:
            begins = settings.open_week + settings.arrival_delay
        if trigger == ON_MANDATE:
            if model.mandate_since < 0.0:
                return -1.0
            if settings.arrival_delay < 0.0:
                begins = model.mandate_since + measure.start
        return float(model.week - begins)

    def _endowed_attention(self) -> float:
        """Return the actors' mean attention to the common policy, by the money each has left."""
        money = attention = 0.0
        for actor in self.model.actors:
            money += actor.endowment
            attention += actor.endowment * actor.attention * (1.0 - actor.outside)
        return attention / money if money > 0.0 else 0.0

    def deploy(self) -> None:
        """Contributors offer, peacekeepers are generated and transported, the money is spent."""
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
        self._pay()
        self._pay_alone()

    def _offered(self) -> float:
        """Return the share of the requested peacekeepers that contributors offer."""
        offered = 0.0
        for actor in self.model.actors:
            offered += actor.contribution * actor.attention * (1.0 - actor.outside)
        return offered if offered < 1.0 else 1.0

    def _pay(self) -> None:
        """Spend the endowments; where they do not suffice, everything shrinks to what they pay."""
        model = self.model
        supplied = model.aid_supply if model.aid_supply < model.displaced else model.displaced
        model.placebo_spent += self._unit_cost(PLACEBO) * model.placebo
        cost = self._cost(supplied) - self._paid_at_home()
        money = 0.0
        for actor in model.actors:
            money += actor.endowment
        share = 1.0
        if cost > money:
            share = money / cost
            model.troops_deployed = model.troops_deployed * share
            model.terms = model.terms * share
            supplied = supplied * share
            foreign = 1.0 - model.home_share
            for effect in range(int(POLICE), int(PLACEBO)):
                kept = share if effect < INCLUSION else model.home_share + foreign * share
                setattr(model, DOSES[effect], getattr(model, DOSES[effect]) * kept)
        model.aid_coverage = supplied / model.displaced if model.displaced > 0.0 else 0.0
        spent = cost * share
        model.spent += spent
        for actor in model.actors:
            left = actor.endowment
            if money > 0.0:
                left = left - spent * (left / money)
            actor.endowment = left if left > 0.0 else 0.0

    def _cost(self, supplied: float) -> float:
        """Return the cost of a week of all that is deployed, supplied and programmed."""
        model = self.model
        cost = self._unit_cost(TROOPS) * model.troops_deployed + self._unit_cost(AID) * supplied
        for effect in range(int(PLACEBO)):
            if effect not in (TROOPS, AID):
                cost += self._unit_cost(effect) * getattr(model, DOSES[effect])
        return cost

    def _paid_at_home(self) -> float:
        """Pay the budget's share of domestic programmes, and return it."""
        government = self.model.government
        paid = self.model.home_share * self._cost_of_programmes()
        if paid > government.budget:
            paid = government.budget
        government.budget -= paid
        return float(paid)

    def _cost_of_programmes(self) -> float:
        """Return the cost of a week of the domestic programmes (million USD)."""
        cost = 0.0
        for effect in range(int(INCLUSION), int(PLACEBO)):
            cost += self._unit_cost(effect) * getattr(self.model, DOSES[effect])
        return cost

    def _pay_alone(self) -> None:
        """Let every actor pay for its own policy and forum, as far as its money goes."""
        model = self.model
        mediation = self._unit_cost(MEDIATION) * model.own_mediation
        for actor in model.actors:
            cost = model.parameters.outside_cost * actor.outside
            cost = cost + mediation * actor.attention * actor.forum
            if cost > actor.endowment:
                cost = actor.endowment
            model.spent += cost
            actor.endowment -= cost

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
        model = self.model
        model.robustness = model.rules.mandate_robustness(
            model.policy_protection, model.mandate_scale
        )
        total = 0.0
        for community in model.communities:
            total += community.need
        model.need_total = total
