"""One week's draws for the agents engine, in tables that the compiled generator fills."""

from __future__ import annotations

import numpy as np

from sim.ensemble.build import build
from sim.randomness import checked_key


class WeekDraws:
    """Tables of uniform numbers in [0, 1), the same as the ensemble draws by their addresses.

    Attributes
    ----------
    signal : list of float, one an actor
    order : list of float, one an armed group
    recognition, settlement : float
    diagnosis : list of three lists of four floats
    shock : list of float, one a shock
    flight : list of four floats, one a community
    attacks : ndarray, shape (communities, armed groups, 4)
    """

    def __init__(
        self, seed: int, replicate: int, actors: int, armed: int, communities: int, shocks: int
    ) -> None:
        key, replicates = checked_key(seed, replicate)
        self._key = (key, replicates[0])
        self._fill = build()["fill_week"]
        self._tables = (
            np.zeros(actors),
            np.zeros(armed),
            np.zeros(2),
            np.zeros((3, 4)),
            np.zeros(shocks),
            np.zeros((communities, armed, 4)),
            np.zeros((4, communities)),
        )

    def fill(self, week: int) -> None:
        """Draw all numbers of a week."""
        self._fill(*self._key, week, *self._tables)
        signal, order, body, diagnosis, shock, self.attacks, flight = self._tables
        self.signal: list[float] = signal.tolist()
        self.order: list[float] = order.tolist()
        self.recognition, self.settlement = body.tolist()
        self.diagnosis: list[list[float]] = diagnosis.tolist()
        self.shock: list[float] = shock.tolist()
        self.flight: list[list[float]] = flight.T.tolist()

    def attack(self, community: int, armed: int) -> list[float]:
        """Return the four draws of an armed group in a community."""
        draws: list[float] = self.attacks[community, armed].tolist()
        return draws
