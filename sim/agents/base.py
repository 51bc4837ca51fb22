"""What all agents of the model share: their fields as plain attributes, and a place to add to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.fields import Field

if TYPE_CHECKING:
    from sim.model import PreventionModel


class ForestallAgent(mesa.Agent):  # type: ignore[misc]
    """An agent whose state is a set of plain attributes, one a field of `sim.fields`."""

    model: PreventionModel

    def step(self) -> None:
        """Do nothing: a subclass may act here, once a week, before the week is recorded."""

    def _hold(self, fields: tuple[Field, ...], column: np.ndarray) -> None:
        """Hold one column of fields as attributes of their names; positions as whole numbers."""
        for field, value in zip(fields, column.tolist(), strict=True):
            setattr(self, field.name, int(value) if field.unit == "index" else value)
