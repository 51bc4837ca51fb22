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
    KILL,
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
    strength: float
    discipline: float
    order: float
    threat: float
    resolve: float
    enforced: float
    unenforced: float
    belief: float
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
        """Share the government's threat, or, as rebels, feel one's own."""
        if self.kind != REBEL:
            self.threat = self.model.government.threat
            return
        own, p = self.model.groups[self.side], self.model.parameters
        self.threat = self.model.rules.rebel_threat_next(
            self.threat, own.losses, own.unrest, p.threat_fade, p.threat_losses, p.threat_unrest
        )

    def learn_enforcement(self) -> None:
        """Update the belief in enforcement by last week's attacks, and by words without deeds."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        certain, expected = p.enforcement_certainty, p.enforcement_prior
        weight, forgetting = p.enforcement_weight, p.enforcement_forgetting
        stopped, form = self.stopped, model.settings.form_belief_updating
        unstopped = (self.attacks - self.stopped) + rules.contradictions(
            model.backing, model.policy_pressure, model.announced, model.policy_protection
        )
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

    def choose_order(self) -> None:
        """Choose among none, expel and kill."""
        p = self.model.parameters
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
            order = rules.order_choice(*seen, p.choice_precision)
        self.order = float(order)

    def _order_values(self) -> tuple[float, float]:
        """Return the values of ordering expulsion and killing, inertia included."""
        model, p = self.model, self.model.parameters
        target = model.groups[self.target]
        reachable = 0.0
        if target.people > 0.0:
            reachable = target.at_home / target.people
        reachable = reachable * (1.0 - self.belief * model.protected)
        restraint = self.discipline
        account = model.government.capacity
        if self.kind != REBEL:
            restraint = 0.5 * (restraint + model.government.commitment)
            account = model.government.accountability
        sanction = model.rules.expected_sanction(account, self.belief, model.pressure)
        terms = 1.0 if model.agreement > 0.5 else self.terms
        shared = (p.cost_restraint, p.cost_sanction, p.value_terms)
        value = model.rules.order_value
        seen = (self.threat, reachable, restraint, sanction, terms)
        expel = value(*seen, p.gain_expel, p.cost_expel, *shared)
        kill = value(*seen, p.gain_kill, p.cost_kill, *shared)
        if self.order == EXPEL:
            expel = expel + p.order_inertia
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
                    place.grievance[target], place.grievance_usual[target]
                )
                weight = rules.garrison_weight(here, excess, focus)
            place.mobilised[index] = weight
            total += weight
        for place in self.model.communities:
            share = place.mobilised[index] / total if total > 0.0 else 0.0
            place.mobilised[index] = share
            place.armed[index] = self.strength * share
