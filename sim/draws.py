"""One week's draws for the agents engine, in tables that the compiled generator fills."""

from __future__ import annotations

import numpy as np

from sim.ensemble.build import build


class WeekDraws:
    """Tables of uniform numbers in [0, 1), the same as the ensemble draws by their addresses.

    Attributes
    ----------
    signal : list of float, one an actor
    order : list of float, one an armed group
    recognition, settlement : float
    attack : list, [community][armed group][4]
    flight : list, [community][group][4]
    """

    def __init__(
        self, seed: int, replicate: int, actors: int, armed: int, communities: int, groups: int
    ) -> None:
        self._key = (np.uint64(seed), np.uint64(replicate))
        self._fill = build()["fill_week"]
        self._tables = (
            np.zeros(actors),
            np.zeros(armed),
            np.zeros(2),
            np.zeros((communities, armed, 4)),
            np.zeros((communities, groups, 4)),
        )

    def fill(self, week: int) -> None:
        """Draw all numbers of a week."""
        self._fill(*self._key, week, *self._tables)
        self.signal, self.order, body, self.attack, self.flight = (
            table.tolist() for table in self._tables
        )
        self.recognition, self.settlement = body
