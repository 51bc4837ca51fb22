"""The council: how the international actors meet, bargain and adopt a mandate."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from sim.agents.international_actor import InternationalActor
from sim.kinds import COMPROMISE

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Council:
    """The body in which the international actors decide together.

    What it decides are fields of the model (`sim.fields.WORLD`).
    """

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def convene(self) -> None:
        """Set whether outside actors may act: from the opening on, if something waits for a mandate.

        Where arrival is clamped all are taken to be convinced once it has come, so that what comes
        differs by positions and not by its date.
        """
        model, settings = self.model, self.model.settings
        opens = settings.open_week
        if settings.arrival_delay >= 0.0:
            opens = opens + settings.arrival_delay
        model.acting = 1.0 if model.week >= opens and settings.mandated > 0.5 else 0.0
        if settings.arrival_delay >= 0.0 and model.acting > 0.5:
            for actor in model.actors:
                actor.stake = 1.0

    def bargain(self) -> None:
        """At a regular meeting a position is proposed, and what passes becomes the mandate."""
        model, p = self.model, self.model.parameters
        if model.acting < 0.5 or model.settings.arrival_delay >= 0.0:
            return
        if model.mandate_week >= 0.0 and model.week - model.mandate_week >= p.mandate_term:
            self._lapse()
        early = model.early_action * model.credit
        self._meet(model.rules.lessened(p.mandate_minimum, early, p.early_effect))
        if model.mandate_week < 0.0:
            model.mandate_since = -1.0

    def bargain_once(self) -> None:
        """Where arrival is clamped, decide in the week of arrival, on any scale, for good."""
        settings = self.model.settings
        if settings.arrival_delay < 0.0 or settings.mandated < 0.5:
            return
        if self.model.week != settings.open_week + settings.arrival_delay:
            return
        self._meet(0.0)

    def _meet(self, smallest: float) -> None:
        """Adopt what one meeting agrees on, if it is of some size."""
        model, settings = self.model, self.model.settings
        friction = self.friction
        if settings.mandate_bargaining < 0.5:
            scale = model.rules.proposed_scale(self._mean_stake(), friction)
            pressure, protection = settings.mean_pressure, settings.mean_protection
        elif settings.form_bargaining == COMPROMISE:
            pressure, protection = self._compromise()
            best = model.rules.proposed_scale(self._mean_stake(), friction)
            scale = self._passing_scale(None, pressure, protection, best)
        else:
            proposer = self._recognised()
            if proposer is None:
                return
            pressure, protection = proposer.position_pressure, proposer.position_protection
            best = model.rules.proposed_scale(proposer.stake, friction)
            scale = self._passing_scale(proposer, pressure, protection, best)
        if scale > 0.0 and scale >= smallest:
            self._adopt(pressure, protection, scale)

    @property
    def friction(self) -> float:
        """Cost of departing from the status quo; partners who act jointly lower it."""
        p = self.model.parameters
        return float(
            self.model.rules.lessened(p.mandate_friction, self.model.joint_action, p.joint_effect)
        )

    def _mean_stake(self) -> float:
        """Return the actors' mean stake, weighted by votes."""
        mean = 0.0
        for actor in self.model.actors:
            mean += actor.weight * actor.stake
        return mean

    def _compromise(self) -> tuple[float, float]:
        """Return the mean of all positions by votes and stakes; the origin if nobody cares."""
        total = pressure = protection = 0.0
        for actor in self.model.actors:
            weight = actor.weight * actor.stake
            total += weight
            pressure += weight * actor.position_pressure
            protection += weight * actor.position_protection
        if total <= 0.0:
            return 0.0, 0.0
        return pressure / total, protection / total

    def _recognised(self) -> InternationalActor | None:
        """Return who proposes, by chance in proportion to votes times attention."""
        model = self.model
        total = 0.0
        for actor in model.actors:
            total += actor.weight * actor.attention
        if total <= 0.0:
            return None
        point = model.draws.recognition * total
        chosen = None
        for actor in model.actors:
            share = actor.weight * actor.attention
            if share > 0.0 and point >= 0.0:
                chosen = actor
            point -= share
        return chosen

    def _passing_scale(
        self,
        proposer: InternationalActor | None,
        pressure: float,
        protection: float,
        best: float,
    ) -> float:
        """Return the largest scale of a position, up to the best, that vetoes and rule let through."""
        model, settings = self.model, self.model.settings
        cap = best
        accepted = [actor.accepted_scale(pressure, protection) for actor in model.actors]
        for actor, most in zip(model.actors, accepted, strict=True):
            blocks = settings.consensus > 0.5 and actor.weight > 0.0
            if actor is not proposer and (blocks or actor.veto > 0.5) and most < cap:
                cap = most
        if cap <= 0.0:
            return 0.0
        if settings.consensus > 0.5:
            return cap
        if self._votes_for(proposer, accepted, cap) >= settings.quota:
            return cap
        passing = 0.0
        for most in accepted:
            if passing < most < cap and self._votes_for(proposer, accepted, most) >= settings.quota:
                passing = most
        return passing

    def _votes_for(
        self, proposer: InternationalActor | None, accepted: list[float], scale: float
    ) -> float:
        """Return the votes for a scale; a rounding error never decides (1e-12 of the votes)."""
        votes = 1e-12
        for actor, most in zip(self.model.actors, accepted, strict=True):
            if actor is proposer or most >= scale:
                votes += actor.weight
        return votes

    def _adopt(self, ideal_pressure: float, ideal_protection: float, scale: float) -> None:
        """Adopt a position on a scale, unless a larger mandate stands."""
        model = self.model
        pressure = scale * ideal_pressure
        protection = scale * ideal_protection
        size = sqrt(pressure * pressure + protection * protection)
        if size <= 0.0:
            return
        standing = sqrt(
            model.policy_pressure * model.policy_pressure
            + model.policy_protection * model.policy_protection
        )
        if model.mandate_week >= 0.0 and size <= standing:
            return
        model.policy_pressure, model.policy_protection = pressure, protection
        model.mandate_scale = scale
        model.mandate_week = model.week
        if model.mandate_since < 0.0:
            model.mandate_since = model.week

    def _lapse(self) -> None:
        model = self.model
        model.policy_pressure = model.policy_protection = model.mandate_scale = 0.0
        model.mandate_week = -1.0

    def add_up_leverage(self) -> None:
        """Add up what actors do on their own, by their money, and the pressure that results."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        money = pressure = incentives = backing = arming = 0.0
        forums = 1.0 if model.mediation > 0.0 else 0.0
        for actor in model.actors:
            effort = actor.endowment * actor.outside
            money += actor.endowment
            pressure += effort * rules.pressing_part(actor.position_pressure, actor.tie)
            incentives += effort * rules.engaging_part(actor.position_pressure, actor.tie)
            if actor.tie > 0.0:
                backing += effort * actor.tie
            else:
                arming -= effort * actor.tie
            forums += actor.forum
        model.outside_pressure = pressure / money if money > 0.0 else 0.0
        model.incentives = incentives / money if money > 0.0 else 0.0
        model.backing = backing / money if money > 0.0 else 0.0
        model.arming = arming / money if money > 0.0 else 0.0
        model.forums = forums
        applied = (model.policy_pressure, model.outside_pressure)
        model.pressure = rules.combined_pressure(*applied, model.backing, forums, p.forum_stalling)
        model.pressure_on_rebels = rules.combined_pressure(
            *applied, model.arming, forums, p.forum_stalling
        )
