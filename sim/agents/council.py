"""The council: how the international actors meet, bargain and adopt a mandate."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from sim.agents.international_actor import InternationalActor

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Council:
    """The body in which the international actors decide together.

    What it decides are fields of the model (`sim.fields.WORLD`).
    """

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def bargain(self) -> None:
        """At a regular meeting a proposer is recognised and what passes becomes the mandate."""
        settings, p = self.model.settings, self.model.parameters
        if self.model.week < settings.open_week or settings.mandated < 0.5:
            return
        if settings.arrival_delay >= 0.0:
            return
        if (
            self.model.mandate_week >= 0.0
            and self.model.week - self.model.mandate_week >= p.mandate_term
        ):
            self._lapse()
        self._meet(p.mandate_minimum)
        if self.model.mandate_week < 0.0:
            self.model.mandate_since = -1.0

    def bargain_once(self) -> None:
        """Where arrival is clamped, decide in the week of arrival, on any scale, for good.

        All are taken to be convinced, so that what comes differs by positions and not by its date.
        """
        settings = self.model.settings
        if settings.arrival_delay < 0.0 or settings.mandated < 0.5:
            return
        if self.model.week != settings.open_week + settings.arrival_delay:
            return
        self._meet(0.0)

    def _meet(self, smallest: float) -> None:
        """Adopt what one meeting agrees on, if it is of some size."""
        settings = self.model.settings
        if settings.mandate_bargaining < 0.5:
            stake = 0.0
            for actor in self.model.actors:
                stake += actor.weight * actor.stake
            scale = self.model.rules.proposed_scale(stake, self.model.parameters.mandate_friction)
            if scale > 0.0 and scale >= smallest:
                self._adopt(settings.mean_pressure, settings.mean_protection, scale)
            return
        proposer = self._recognised()
        if proposer is None:
            return
        scale = self._passing_scale(proposer)
        if scale > 0.0 and scale >= smallest:
            self._adopt(proposer.position_pressure, proposer.position_protection, scale)

    def _recognised(self) -> InternationalActor | None:
        """Return who proposes, by chance in proportion to votes times attention."""
        total = 0.0
        for actor in self.model.actors:
            total += actor.weight * actor.attention
        if total <= 0.0:
            return None
        point = self.model.draws.recognition * total
        chosen = None
        for actor in self.model.actors:
            share = actor.weight * actor.attention
            if share > 0.0 and point >= 0.0:
                chosen = actor
            point -= share
        return chosen

    def _passing_scale(self, proposer: InternationalActor) -> float:
        """Return the largest scale, up to the proposer's best, that vetoes and quota let through."""
        cap = proposer.preferred_scale()
        accepted = [actor.accepted_scale(proposer) for actor in self.model.actors]
        for actor, most in zip(self.model.actors, accepted, strict=True):
            if actor.veto > 0.5 and most < cap:
                cap = most
        if cap <= 0.0:
            return 0.0
        if self._votes_for(proposer, accepted, cap) >= self.model.settings.quota:
            return cap
        passing = 0.0
        for most in accepted:
            if (
                passing < most < cap
                and self._votes_for(proposer, accepted, most) >= self.model.settings.quota
            ):
                passing = most
        return passing

    def _votes_for(
        self, proposer: InternationalActor, accepted: list[float], scale: float
    ) -> float:
        """Return the votes for a scale; a rounding error never decides (1e-12 of the votes)."""
        votes = 1e-12
        for actor, most in zip(self.model.actors, accepted, strict=True):
            if actor is proposer or most >= scale:
                votes += actor.weight
        return votes

    def _adopt(self, ideal_pressure: float, ideal_protection: float, scale: float) -> None:
        """Adopt a position on a scale, unless a larger mandate stands."""
        pressure = scale * ideal_pressure
        protection = scale * ideal_protection
        size = sqrt(pressure * pressure + protection * protection)
        if size <= 0.0:
            return
        standing = sqrt(
            self.model.policy_pressure * self.model.policy_pressure
            + self.model.policy_protection * self.model.policy_protection
        )
        if self.model.mandate_week >= 0.0 and size <= standing:
            return
        self.model.policy_pressure, self.model.policy_protection = pressure, protection
        self.model.mandate_scale = scale
        self.model.mandate_week = self.model.week
        if self.model.mandate_since < 0.0:
            self.model.mandate_since = self.model.week

    def _lapse(self) -> None:
        self.model.policy_pressure = self.model.policy_protection = self.model.mandate_scale = 0.0
        self.model.mandate_week = -1.0
