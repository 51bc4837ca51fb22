"""What measures deliver: the ways that doses take, the attention and the money that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.effects import EFFECTS, FIRST_LOCAL
from sim.kinds import (
    AID,
    BY_ENTRY,
    EVERYWHERE,
    MEDIATION,
    ON_ACTION,
    ON_AGREEMENT,
    ON_AIR,
    ON_DEATHS,
    ON_MANDATE,
    ON_WARNING,
    PLACEBO,
    POLICE,
    TROOPS,
)

if TYPE_CHECKING:
    from sim.agents.community import Community
    from sim.model import PreventionModel

FIELD = tuple(entry.field for entry in EFFECTS)
SHARES = tuple(entry.field for entry in EFFECTS if entry.unit == "share")


class Programme:
    """One effect of a measure: its row in the table of measures, and how it fares.

    Parameters
    ----------
    model : PreventionModel
    row : record
        Its row (`sim.interventions.MEASURE_COLUMNS`).
    state : record
        Fields of `sim.fields.PROGRAMME`.
    is_head : bool
        Whether it stands for the measure as a whole.
    """

    __slots__ = ("is_head", "lead", "model", "partners", "row", "state")

    def __init__(self, model: PreventionModel, row: Any, state: Any, *, is_head: bool) -> None:
        self.model, self.row, self.state, self.is_head = model, row, state, is_head
        self.lead, self.partners = int(row.lead), int(row.partners)

    @property
    def effect(self) -> int:
        """Position of its effect."""
        return int(self.row.effect)

    # --- how much is planned ----------------------------------------------------------------------

    def _elapsed(self, trigger: float) -> float:
        """Return the weeks since the first delivery; negative before. Clamped, from arrival."""
        model, state = self.model, self.state
        open_week = model.settings.open_week
        begun = open_week
        if trigger == ON_MANDATE:
            begun = model.mandate_since
        elif trigger == ON_AGREEMENT:
            if model.agreement < 0.5:
                state.begun = -1.0
            elif state.begun < 0.0 and model.week >= open_week:
                state.begun = model.week
            begun = state.begun
        elif trigger != ON_ACTION:
            waiting = state.begun < 0.0 and model.week >= open_week
            if waiting and self._level(trigger) >= self.row.threshold:
                state.begun = model.week
            begun = state.begun
        if begun < 0.0 and trigger != ON_ACTION:
            return -1.0
        if model.settings.arrival_delay >= 0.0:
            arrives = open_week + model.settings.arrival_delay
            return float(model.week - (arrives if arrives > begun else begun))
        return float(model.week - (begun + self.row.start))

    def _level(self, trigger: float) -> float:
        """Return what the level of a trigger is held against."""
        model = self.model
        if trigger == ON_DEATHS:
            return model.killed
        if trigger != ON_WARNING:  # the state manifestly fails
            return model.deaths_recent
        believed = 0.0
        for actor in model.actors:
            believed += actor.weight * model.rules.probability_of(actor.belief)
        return believed

    def planned(self, elapsed: float) -> float:
        """Return the dose of the measure some weeks after its first delivery."""
        row, clamped = self.row, self.model.settings.arrival_delay >= 0.0
        return float(
            self.model.rules.dose_at(
                elapsed, 0.0 if clamped else row.ramp, row.duration, row.decay, row.intensity
            )
        )

    # --- attention and money ----------------------------------------------------------------------

    def mediate_alone(self) -> None:
        """Add what single actors may mediate: who does so on its own waits for no mandate."""
        model, row = self.model, self.row
        if row.effect == MEDIATION:
            elapsed = self._elapsed(ON_ACTION)
            own = self.planned(elapsed)
            model.own_mediation += own * row.size
            if elapsed < row.duration:
                model.own_cost += own * row.cost

    def carry(self, decentral: float) -> float:
        """Return the dose of the measure that attention and money carry this week, and pay for it."""
        model, row = self.model, self.row
        elapsed = self._elapsed(row.trigger)
        planned = self.planned(elapsed)
        if planned <= 0.0 or not self._begins():
            return 0.0
        self.state.reach = self._reached(planned * row.size, decentral)
        if self.state.reach <= 0.0:
            return 0.0
        if row.effect == TROOPS:  # they come as contributors attend, and are paid where they are
            return planned
        if row.effect == PLACEBO:
            if elapsed < row.duration:
                model.placebo_spent += row.cost * planned
            return planned
        if elapsed >= row.duration:  # what was built goes on for a while without money
            return planned * float(self.state.share)
        cost = row.cost * planned * self.state.reach
        if row.channel == BY_ENTRY:  # who is not let in stays at home, unpaid
            cost = cost * model.operation.let_in
        if row.effect == AID:
            cost = row.cost * (model.operation.further_supplied(planned * row.size) / row.size)
        self.state.share = self._pay(cost)
        return planned * float(self.state.share)

    def _begins(self) -> bool:
        """Return whether the way that it needs is open, or any that one of its parts takes."""
        takes_up = self.model.operation.takes_up
        if self.row.needs >= 0.0:
            return takes_up(self.row.needs)
        parts = (one.row for one in self.model.measures if one.row.head == self.row.head)
        return any(takes_up(part.channel) for part in parts)

    def _pay(self, cost: float) -> float:
        """Pay for a week, and return the share of it that attention and money carry."""
        government, lead, home = self.model.government, self.lead, 0.0
        if lead % 2 == 1:  # the government, with what it has; others help as far as they attend
            home = self.model.rules.domestic_share(cost, government.budget)
            left = government.budget - home * cost
            government.budget = left if left > 0.0 else 0.0  # it may round below nothing
            self.state.spent += home * cost
            lead = self.partners
        elif self._purse(lead) <= 0.0:
            lead = self.partners
        attention = self._attention(lead)
        foreign = (1.0 - home) * attention
        due = foreign * cost
        if due <= 0.0:
            return home + foreign
        paid = self._take(lead, due)
        if paid < due:
            paid += self._take(self.partners, due - paid)
        self.state.spent += paid
        return home + foreign * (paid / due)

    def pay_for_troops(self, troops: float) -> float:
        """Pay for a week of peacekeepers, and return how many of them the money keeps."""
        due = self.row.cost / self.row.size * troops
        paid = self._take(self.lead, due)
        if paid < due:
            paid += self._take(self.partners, due - paid)
        self.state.spent += paid
        return troops if paid >= due else troops * (paid / due)

    def _attention(self, mask: int) -> float:
        """Return the attention of some kinds of actors to the common policy, by their money."""
        money = attention = 0.0
        for actor in self.model.actors:
            if mask & int(actor.kind):
                money += actor.endowment
                attention += actor.endowment * actor.attention * (1.0 - actor.outside)
        return attention / money if money > 0.0 else 0.0

    def _purse(self, mask: int) -> float:
        """Return the money that some kinds of actors have left (million USD)."""
        money = 0.0
        for actor in self.model.actors:
            if mask & int(actor.kind):
                money += actor.endowment
        return money

    def _take(self, mask: int, due: float) -> float:
        """Take money from some kinds of actors in proportion to what they have."""
        money = self._purse(mask)
        if money <= 0.0:
            return 0.0
        paid = due if due < money else money
        for actor in self.model.actors:
            if mask & int(actor.kind):
                left = actor.endowment
                left = left - paid * (left / money)
                actor.endowment = left if left > 0.0 else 0.0
        self.model.spent += paid
        return paid

    # --- places -----------------------------------------------------------------------------------

    def uneven(self, decentral: float) -> bool:
        """Return whether places get different doses: counts always do."""
        count = self.row.effect == POLICE
        return bool(count or self._moved(decentral) > 0.0 or self.row.coverage != EVERYWHERE)

    def _moved(self, decentral: float) -> float:
        """Return the part of it that is decentralised: none of what is on the air."""
        return decentral if self.row.effect < ON_AIR else 0.0

    def claims(self) -> float:
        """Add up the claims of all places."""
        total = 0.0
        for place in self.model.communities:
            total += place.claim(self.row.coverage)
        return total

    def part(self, place: Community, claims: float, decentral: float) -> float:
        """Return the share of it that goes to a place."""
        model = self.model
        if claims <= 0.0:
            return 0.0
        part = place.claim(self.row.coverage) / claims
        if decentral > 0.0 and model.excluded_total > 0.0:
            excluded = place.excluded / model.excluded_total
            part = model.rules.decentral_share(part, excluded, decentral)
        return part

    def _reached(self, dose: float, decentral: float) -> float:
        """Return the share of a mean dose that people get, where no place can take more than all."""
        model, effect = self.model, self.row.effect
        decentral = self._moved(decentral)
        if effect == TROOPS:
            return 1.0 if model.need_total > 0.0 else 0.0
        if self.row.coverage == EVERYWHERE and decentral <= 0.0:
            return 1.0
        if effect in (AID, POLICE):
            return 1.0 if self.claims() > 0.0 else 0.0
        if effect < FIRST_LOCAL:
            return 1.0
        claims, got = self.claims(), 0.0
        if model.here_total <= 0.0:
            return 0.0
        for place in model.communities:
            if place.abroad < 0.5:
                part = self.part(place, claims, decentral)
                local = model.rules.local_dose(dose, part, place.here, model.here_total)
                got += local * place.here / model.here_total
        return got / dose if got < dose else 1.0

    def give(self, place: Community) -> None:
        """Give a place what it gets of this effect."""
        model, field = self.model, FIELD[self.effect]
        part = self.part(place, self.state.claims, self._moved(model.decentral_week))
        if self.row.effect == POLICE:
            place.police += self.state.dose * part
            return
        value = getattr(place, field) + model.rules.local_dose(
            self.state.dose, part, place.here, model.here_total
        )
        setattr(place, field, value if value < 1.0 else 1.0)
