"""The homecoming: who had left returns, from wherever the displaced are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Homecoming:
    """Return of the displaced, over all places at once."""

    __slots__ = ("model",)

    def __init__(self, model: PreventionModel) -> None:
        self.model = model

    def come_home(self) -> None:
        """Let some of those who left return where nobody fears, from wherever they are."""
        model = self.model
        if model.displaced <= 0.0:
            return
        for group in model.group_numbers:
            waiting = left = 0.0
            for place in model.communities:
                waiting += place.displaced[group]
                left += place.away[group]
            if waiting <= 0.0 or left <= 0.0:
                continue
            alive = waiting / left if waiting < left else 1.0
            total = 0.0
            for place in model.communities:
                if place.away[group] > 0.0:
                    total += place.settle_again(group, alive, waiting - total)
            self._leave_camps(group, waiting, total)

    def _leave_camps(self, group: int, waiting: float, returning: float) -> None:
        """Take those who return from all places with displaced people, in proportion."""
        model = self.model
        if returning <= 0.0:
            return
        passed = sent = 0.0
        for place in model.communities:
            here = place.displaced[group]
            if here <= 0.0:
                continue
            passed += here
            leaving = float(int(returning * (passed / waiting) + 0.5)) - sent
            if leaving > here:
                leaving = here
            place.displaced[group] = here - leaving
            sent += leaving
