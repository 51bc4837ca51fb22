"""The talks: agreements between the parties, and their relapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.armed_group import ArmedGroup
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
        """Let the leaders of every armed group attend the forum that suits them best.

        Where a mediator leans decides who comes; what is on the table there are the same terms for
        all, so that with one forum nothing differs from there being no choice.
        """
        model, p, forums = self.model, self.model.parameters, self.model.settings.forums > 0.5
        for armed_group in model.armed_groups:
            if not forums:
                armed_group.terms, armed_group.forum = model.terms, 0.0
                continue
            party = 1.0 if armed_group.kind == REBEL else 0.0
            lean = model.settings.mean_pressure
            if model.mandate_scale > 0.0:
                lean = model.policy_pressure / model.mandate_scale
            value_in = model.rules.forum_value
            best, chosen, offered = (
                value_in(model.terms, lean, party, p.forum_bias),
                0.0,
                model.terms,
            )
            for actor in model.actors:
                if actor.forum > 0.5:
                    terms = self._terms_of(actor)
                    value = value_in(terms, actor.position_pressure, party, p.forum_bias)
                    if value > best:
                        best, chosen, offered = value, actor.index + 1.0, terms
            armed_group.terms, armed_group.forum = offered, chosen

    def _terms_of(self, actor: InternationalActor) -> float:
        """Return the terms in the forum of one actor; its own leverage stands behind them."""
        model = self.model
        return float(
            model.rules.offered_terms(
                model.own_mediation * actor.attention,
                actor.weight * actor.position_pressure,
                model.incentives,
                model.parameters.terms_unbacked,
            )
        )

    def negotiate(self) -> None:
        """Settle if the leaders of state forces and rebels accept; a party may break an agreement.

        They can only settle where they meet: those who attend different forums do not.
        """
        model = self.model
        rules, p = model.rules, model.parameters
        draw = model.draws.settlement
        distrust = rules.distrust_between(
            p.settlement_friction,
            model.good_offices,
            model.prosecution,
            p.offices_trust,
            p.prosecution_threat,
        )
        chance, state, rebels = 1.0, False, False
        parties = []
        forum, together = -1.0, True
        for armed_group in model.armed_groups:
            if armed_group.kind == MILITIA or armed_group.strength <= 0.0:
                continue
            state = state or armed_group.kind == STATE
            rebels = rebels or armed_group.kind != STATE
            if forum >= 0.0 and armed_group.forum != forum:
                together = False
            forum = armed_group.forum
            parties.append(armed_group)
            chance = chance * rules.settlement_chance(
                armed_group.terms, armed_group.resolve, armed_group.threat,
                armed_group.weariness, p.value_terms, p.settlement_hurt, distrust, p.choice_precision,
            )  # fmt: skip
        if model.agreement > 0.5:
            self._comply(parties, draw)
        elif state and rebels and together and draw < chance:
            model.agreement = 1.0

    def _comply(self, parties: list[ArmedGroup], draw: float) -> None:
        """Let every party in turn keep the agreement or break it; the first to break ends it."""
        kept, broken = 1.0, 0.0
        for party in parties:
            breach = party.breach_chance(float(len(parties)))
            broken += kept * breach
            kept = kept * (1.0 - breach)
            if draw < broken:
                party.breaches += 1.0
                self.model.agreement = 0.0
                return
