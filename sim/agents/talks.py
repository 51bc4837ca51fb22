"""The talks: agreements between the parties, and their relapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.international_actor import InternationalActor
from sim.kinds import MILITIA, REBEL, STATE

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Talks:
    """Where the leaders of the armed groups meet.

    What it decides are fields of the model (`sim.fields.WORLD`).
    """

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def attend(self) -> None:
        """Let the leaders of every armed group attend the forum that offers them most."""
        model, p, forums = self.model, self.model.parameters, self.model.settings.forums > 0.5
        for armed_group in model.armed_groups:
            if not forums:
                armed_group.terms, armed_group.forum = model.terms, 0.0
                continue
            party = 1.0 if armed_group.kind == REBEL else 0.0
            lean = model.settings.mean_pressure
            if model.mandate_scale > 0.0:
                lean = model.policy_pressure / model.mandate_scale
            best, chosen = model.rules.forum_value(model.terms, lean, party, p.forum_bias), 0.0
            for actor in model.actors:
                if actor.forum > 0.5:
                    value = self._value_to(actor, party)
                    if value > best:
                        best, chosen = value, actor.index + 1.0
            armed_group.terms, armed_group.forum = best, chosen

    def _value_to(self, actor: InternationalActor, party: float) -> float:
        """Return what the forum of one actor offers to a party; its own leverage stands behind it."""
        model, p = self.model, self.model.parameters
        terms = model.rules.offered_terms(
            model.settings.mediation_dose * actor.attention,
            actor.weight * actor.position_pressure,
            model.incentives,
            p.terms_unbacked,
        )
        return float(model.rules.forum_value(terms, actor.position_pressure, party, p.forum_bias))

    def negotiate(self) -> None:
        """Settle if the leaders of state forces and rebels accept; an agreement may break.

        They can only settle where they meet: those who attend different forums do not.
        """
        model = self.model
        rules, p = model.rules, model.parameters
        draw = model.draws.settlement
        chance, belief, state, rebels = 1.0, 0.0, False, False
        forum, together = -1.0, True
        for armed_group in model.armed_groups:
            if armed_group.kind == MILITIA or armed_group.strength <= 0.0:
                continue
            state = state or armed_group.kind == STATE
            rebels = rebels or armed_group.kind != STATE
            if forum >= 0.0 and armed_group.forum != forum:
                together = False
            forum = armed_group.forum
            if armed_group.belief > belief:
                belief = armed_group.belief
            chance = chance * rules.settlement_chance(
                armed_group.terms, armed_group.resolve, armed_group.threat, p.value_terms,
                p.settlement_hurt, p.settlement_friction, p.choice_precision,
            )  # fmt: skip
        if model.agreement > 0.5:
            guarantee, helping = belief * model.protected, model.settings.helping
            if draw < rules.relapse_chance(guarantee, helping, p.relapse_rate, p.guarantee_effect):
                model.agreement = 0.0
        elif state and rebels and together and draw < chance:
            model.agreement = 1.0
