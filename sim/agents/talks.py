"""The talks: agreements between the parties, and their relapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kinds import MILITIA, STATE

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Talks:
    """Where the leaders of the armed groups meet.

    What it decides are fields of the model (`sim.fields.WORLD`).
    """

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def negotiate(self) -> None:
        """Settle if the leaders of state forces and rebels accept; an agreement may break."""
        rules, p = self.model.rules, self.model.parameters
        if self.model.agreement < 0.5 and self.model.terms <= 0.0:
            return
        draw = self.model.draws.settlement
        chance, belief, state, rebels = 1.0, 0.0, False, False
        for armed_group in self.model.armed_groups:
            if armed_group.kind == MILITIA or armed_group.strength <= 0.0:
                continue
            state = state or armed_group.kind == STATE
            rebels = rebels or armed_group.kind != STATE
            if armed_group.belief > belief:
                belief = armed_group.belief
            chance = chance * rules.settlement_chance(
                self.model.terms, armed_group.resolve, armed_group.threat, p.value_terms,
                p.settlement_hurt, p.settlement_friction, p.choice_precision,
            )  # fmt: skip
        if self.model.agreement > 0.5:
            guarantee = belief * self.model.protected
            if draw < rules.relapse_chance(guarantee, p.relapse_rate, p.guarantee_effect):
                self.model.agreement = 0.0
        elif state and rebels and draw < chance:
            self.model.agreement = 1.0
