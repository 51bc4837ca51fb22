"""The war: what combat costs state forces, who controls the country, who wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kinds import REBEL

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
        self._see_who_wins()

    def _see_who_wins(self) -> None:
        """Rebels win for good where control is lost; the state while they are beaten."""
        model = self.model
        if model.victory == 2.0:
            return
        rebels = usual = peak = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind == REBEL:
                if armed_group.strength > armed_group.strength_peak:
                    armed_group.strength_peak = armed_group.strength
                rebels += armed_group.strength
                usual += armed_group.strength_usual
                peak += armed_group.strength_peak
        if rebels > 0.0 and model.control < model.parameters.victory_rebels:
            model.victory = 2.0
            for armed_group in model.armed_groups:
                if armed_group.kind != REBEL:
                    armed_group.dissolve()
            return
        beaten = rebels <= 1.1 * usual
        if beaten and usual > 0.0 and peak >= model.parameters.victory_state * usual:
            model.victory = 1.0
            for armed_group in model.armed_groups:
                armed_group.strength_peak = armed_group.strength
        elif not beaten:
            model.victory = 0.0
