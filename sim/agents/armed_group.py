"""Armed groups: state forces, militias and rebels whose leaders fear, learn and give orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import ForestallAgent
from sim.fields import ARMED_GROUP
from sim.initial import Columns
from sim.kinds import (
    ASPIRATION,
    BEST_RESPONSE,
    CONFIRMATION,
    EXPEL,
    FORWARD_LOOKING,
    KILL,
    MILITIA,
    PERPETRATOR,
    REBEL,
    REINFORCEMENT,
    STATE,
)

if TYPE_CHECKING:
    from sim.model import PreventionModel


class ArmedGroup(ForestallAgent):
    """An armed group and its leaders.

    Attributes are the fields of `sim.fields.ARMED_GROUP`; its presence in a place is an attribute of
    the `Community`.

    Attributes
    ----------
    index : int
        Position among the armed groups.
    name : str
    """

    __slots__ = (
        "index",
        "name",
        *(field.name for field in ARMED_GROUP),
    )
    kind: float
    side: int
    target: int
    strength_usual: float
    strength: float
    strength_peak: float
    weariness: float
    breaches: float
    discipline_usual: float
    discipline: float
    command: float
    finance: float
    order: float
    threat: float
    resolve: float
    enforced: float
    unenforced: float
    belief: float
    sanction: float
    terms: float
    forum: float
    attacks: float
    stopped: float

    def __init__(self, model: PreventionModel, index: int, columns: Columns) -> None:
        super().__init__(model)
        self.index = index
        self.name = model.case.armed_groups[index].name
        self._hold(ARMED_GROUP, columns.armed[:, index])

    def sense_danger(self) -> None:
        """Share the government's threat, or, as rebels, feel one's own; use outside support."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        own, feeding = model.backing, 0.0
        if self.kind == REBEL:
            own = model.arming
            feeding = rules.lessened(
                rules.fed_from_abroad(model.settings.feeding, model.government_changes),
                model.border_watch,
                p.borders_effect,
            )
        self.finance = rules.finance_next(
            self.finance,
            rules.lessened(
                rules.support_inflow(own, feeding, model.diverted),
                model.embargo,
                p.embargo_effect,
            ),
            p.finance_fade,
            p.finance_gain,
        )
        if self.kind == REBEL:
            self.finance = rules.shaken(self.finance, model.shock_arms)
        if not self.leads_itself:
            self.threat = model.government.threat
            return
        own = self.model.groups[self.side]
        self.threat = self.model.rules.rebel_threat_next(
            self.threat, own.losses, own.unrest, p.threat_fade, p.threat_losses, p.threat_unrest
        )
        if self.kind == MILITIA:
            self.threat = rules.shaken(self.threat, model.shock_threat)

    def learn_enforcement(self) -> None:
        """Update the belief in enforcement by last week's attacks, a watched peace, and empty words."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        certain = p.enforcement_certainty
        expected = rules.worn(p.enforcement_prior, model.week / 52.0, p.erosion)
        weight, forgetting = p.enforcement_weight, p.enforcement_forgetting
        stopped, form = self.stopped, model.settings.form_belief_updating
        unstopped = (self.attacks - self.stopped) + rules.contradictions(
            model.backing, model.policy_pressure, model.announced, model.policy_protection
        )
        stopped = stopped + rules.kept_in_sight(model.agreement, model.monitoring, self.belief)
        if form == REINFORCEMENT:
            self.belief = rules.reinforced_belief(
                self.belief, expected, stopped, unstopped, p.reinforcement_rate, forgetting
            )
            return
        if form == CONFIRMATION:
            stopped = rules.confirmed(stopped, self.belief, p.confirmation_bias)
            unstopped = rules.confirmed(unstopped, 1.0 - self.belief, p.confirmation_bias)
        self.enforced = rules.observations_next(
            self.enforced, certain * expected, stopped, weight, forgetting
        )
        self.unenforced = rules.observations_next(
            self.unenforced, certain * (1.0 - expected), unstopped, weight, forgetting
        )
        self.belief = rules.expected_enforcement(self.enforced, self.unenforced)

    def tire(self) -> None:
        """Grow weary of what combat cost this week, as far as no means make up for it."""
        model, p, means = self.model, self.model.parameters, self.finance
        lost = pool = 0.0
        for place in model.communities:
            losses = place.state_losses if self.kind == STATE else place.rebel_losses
            lost += place.armed[self.index] * losses
            pool += p.mobilisation_ceiling * place.residents[self.side]
        if self.kind == STATE:
            means = model.rules.means_to_fight(model.government.capacity, means)
            pool = self.strength_usual
        self.weariness = model.rules.weariness_next(
            self.weariness,
            model.rules.share_lost(lost, pool),
            means,
            p.weariness_fade,
            p.weariness_gain,
            p.weariness_means,
        )

    def breach_chance(self, parties: float) -> float:
        """Return the chance that its leaders break the agreement in force at this decision."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        rate = rules.relapse_rate_with(
            p.relapse_rate,
            model.monitoring,
            self.belief,
            model.participation,
            p.monitoring_effect,
            p.participation_effect,
        )
        rate = rules.relapse_chance(
            self.belief * model.protected, model.settings.helping, rate, p.guarantee_effect
        )
        return float(rules.breach_chance(rate, parties, self.resolve, p.choice_precision))

    def choose_order(self) -> None:
        """Choose among none, expel and kill."""
        p = self.model.parameters
        stands_by = self.kind == STATE and self.model.government.role != PERPETRATOR
        if stands_by:
            self.order = self.resolve = 0.0
            return
        expel, kill = self._order_values()
        resolve = kill if kill > expel else expel
        self.resolve = resolve if resolve > 0.0 else 0.0
        rules, form = self.model.rules, self.model.settings.form_elite_choice
        seen = (self.model.draws.order[self.index], self.threat, expel, kill, p.threat_attention)
        if form == BEST_RESPONSE:
            order = rules.order_by_best_response(*seen)
        elif form == ASPIRATION:
            order = rules.order_by_aspiration(*seen)
        else:
            cohesion = 1.0 if self.leads_itself else self.model.government.cohesion
            order = rules.order_choice(
                *seen, rules.choice_precision_of(p.choice_precision, cohesion)
            )
        self.order = float(order)

    @property
    def leads_itself(self) -> bool:
        """Whether it has leaders of its own: rebels, and militias without a state behind them."""
        led = self.kind == STATE or self.model.government.role == PERPETRATOR
        return self.kind == REBEL or not led

    def take_over(self, old: int) -> None:
        """Be the forces of the state, having won against the group that governed."""
        self.kind = STATE
        self.strength_usual = self.strength_peak = self.strength
        self.order = self.resolve = 0.0
        if old != self.side:
            self.target = old

    def go_underground(self, new: int) -> None:
        """Be rebels among one's own people, with what is left after a defeat."""
        model, index, side = self.model, self.index, self.side
        strength = 0.0
        for place in model.communities:
            most = model.parameters.mobilisation_ceiling * place.residents[side]
            left = model.rules.remnant(place.armed[index], most, model.parameters.remnant_share)
            place.armed[index] = place.standing[index] = left
            place.mobilised[index] = model.rules.standing_share(left, most)
            strength += left
        self.kind = REBEL
        self.strength = self.strength_usual = self.strength_peak = strength
        self.order = self.resolve = 0.0
        self.threat = 1.0  # it has lost everything that it feared for
        if new != side:
            self.target = new

    @property
    def restraint(self) -> float:
        """Restraint of the leaders: their group's, and the government's if it leads them."""
        if self.leads_itself:
            return self.discipline
        return float(
            self.model.rules.leaders_restraint(self.discipline, self.model.government.commitment)
        )

    def _order_values(self) -> tuple[float, float]:
        """Return the values of ordering expulsion and killing, inertia included."""
        model, p = self.model, self.model.parameters
        target = model.groups[self.target]
        reachable = 0.0
        if target.people > 0.0:
            reachable = target.at_home / target.people
        reachable = reachable * (1.0 - self.belief * model.protected)
        restraint = self.restraint
        account, legitimacy, bound = model.government.capacity, 0.0, 0.0
        if not self.leads_itself:
            legitimacy, bound = model.government.legitimacy, model.government.treaties
            account = model.rules.home_accountability(
                model.government.accountability,
                model.government.institutions,
                p.institutions_effect,
            )
        pressure, held_by_others = model.pressure, 1.0 - model.control
        if self.kind == REBEL:
            pressure, held_by_others = model.pressure_on_rebels, model.control
        if model.settings.form_foresight == FORWARD_LOOKING and model.settings.mandated > 0.5:
            pressure = model.rules.foreseen(pressure, model.settings.mean_pressure)
        loot = model.rules.spoils(held_by_others, p.gain_loot, p.gain_territory)
        sanction = self.sanction = model.rules.sanction_with(
            model.rules.expected_sanction(account, self.belief, pressure),
            bound,
            account,
            model.prosecution,
            model.embargo,
            p.treaties_effect,
            p.prosecution_effect,
            p.embargo_cost,
        )
        terms = 1.0 if model.agreement > 0.5 else self.terms
        shared = (
            p.cost_restraint,
            p.cost_sanction,
            p.cost_legitimacy,
            p.value_terms,
            p.cost_weariness,
        )
        value = model.rules.order_value
        seen = (self.threat, reachable, restraint, sanction, terms, legitimacy)
        now = (model.urgency, self.weariness)
        gain = p.gain_expel * model.rules.removed_by_expulsion(model.outlet, p.expelled_inside)
        expel = value(*seen, *now, gain, loot, p.cost_expel, *shared)
        kill = value(*seen, *now, p.gain_kill, loot, p.cost_kill, *shared)
        if self.order == EXPEL:
            expel = expel + p.order_inertia
            kill = kill + p.order_inertia * p.continuum
        if self.order == KILL:
            kill = kill + p.order_inertia
        return expel, kill

    def station(self) -> None:
        """As state forces, stand where people live, more densely where the target is aggrieved."""
        if self.kind != STATE:
            return
        rules, focus = self.model.rules, self.model.parameters.garrison_focus
        index, target = self.index, self.target
        total = 0.0
        for place in self.model.communities:
            weight = 0.0
            if place.abroad < 0.5:
                here = 0.0
                for residents in place.residents:
                    here += residents
                excess = rules.grievance_excess(
                    place.grievance[target],
                    place.grievance_usual[target],
                    place.exclusion[target],
                    self.model.parameters.grievance_resonance,
                )
                weight = rules.garrison_weight(here, excess, focus)
            place.mobilised[index] = weight
            total += weight
        for place in self.model.communities:
            share = place.mobilised[index] / total if total > 0.0 else 0.0
            place.mobilised[index] = share
            place.armed[index] = self.strength * share
