"""The war: what combat costs state forces, who controls the country, who wins and governs next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kinds import MILITIA, REBEL, STATE

if TYPE_CHECKING:
    from sim.model import PreventionModel


class War:
    """The contest between state forces and rebels, as a whole."""

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def count_losses(self) -> None:
        """Take the losses from state forces, fill some of them, and see whether a side has won."""
        model = self.model
        controlled = people = 0.0
        for place in model.communities:
            if place.abroad < 0.5:
                people += place.population
                controlled += place.population * place.control
        model.control = controlled / people if people > 0.0 else 0.0
        for garrison in model.garrisons:
            lost = 0.0
            for place in model.communities:
                lost += place.armed[garrison.index] * place.state_losses
            garrison.strength = model.rules.strength_next(
                garrison.strength,
                garrison.strength_usual,
                lost,
                model.government.capacity,
                model.control,
                garrison.finance,
                model.parameters.forces_refill,
            )
        self._tire()
        self._see_who_wins()

    def _tire(self) -> None:
        """Let losses wear the sides down; militias of the state are as weary as its forces."""
        model = self.model
        state = most = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind == MILITIA:
                continue
            armed_group.tire()
            most = max(most, armed_group.weariness)
            if armed_group.kind == STATE:
                state = max(state, armed_group.weariness)
        for armed_group in model.armed_groups:
            if armed_group.kind == MILITIA:
                armed_group.weariness = state
        model.exhausted = 1.0 if most >= model.parameters.exhaustion_level else 0.0

    def _see_who_wins(self) -> None:
        """Rebels win where control is lost, and govern; the state while they are beaten."""
        model = self.model
        rebels = usual = peak = 0.0
        for armed_group in model.recruiting:
            if armed_group.kind == REBEL:
                if armed_group.strength > armed_group.strength_peak:
                    armed_group.strength_peak = armed_group.strength
                rebels += armed_group.strength
                usual += armed_group.strength_usual
                peak += armed_group.strength_peak
        if rebels > 0.0 and model.control < model.parameters.victory_rebels:
            model.victory = 2.0
            self._change_government()
            return
        beaten = rebels <= 1.1 * usual
        if beaten and usual > 0.0 and peak >= model.parameters.victory_state * usual:
            model.victory = 1.0
            for armed_group in model.armed_groups:
                armed_group.strength_peak = armed_group.strength
        elif not beaten:
            model.victory = 0.0

    def _change_government(self) -> None:
        """Let the strongest rebels' side take office; who lost it goes underground."""
        model = self.model
        rebels = [group for group in model.recruiting if group.kind == REBEL]
        new = max(rebels, key=lambda group: group.strength).side
        old = model.government.group
        for armed_group in model.armed_groups:
            if armed_group.kind == REBEL:
                if armed_group.side == new:
                    armed_group.take_over(old)
            elif armed_group.kind == STATE or armed_group.side != new:
                armed_group.go_underground(new)
        model.sort_forces()
        model.government.take_office(new)
        model.government_changes += 1.0
        for place in model.communities:
            place.trade_places(new, old)
            place.shelter = 0.0
            if place.abroad < 0.5:
                place.control = 1.0 - place.control
        for actor in model.actors:
            # Patrons stand by a party, not by an office.
            actor.tie = -actor.tie
