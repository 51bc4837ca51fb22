"""Simulations of a calibration: computed in pieces, each stored as it is finished and never twice.

A piece is known by the parameters, the seed and the simulator's key. Pieces have seeds of their own, so
that an error of one seed is not an error of the whole calibration.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.calibration.facts import Measured, Simulator

PIECE = 16
"""Parameter sets of one piece, unless asked otherwise."""
_SEED_STEP = 7919


class Evaluations:
    """Asks a simulator for statistics, and the folder first.

    Parameters
    ----------
    simulator : of the statistics.
    folder : where pieces are kept; nowhere when None.
    show : called with what was done so far and what is asked for, in parameter sets.

    Attributes
    ----------
    simulated : parameter sets that were simulated, and not found in the folder.
    """

    def __init__(
        self,
        simulator: Simulator,
        folder: Path | None = None,
        *,
        show: Callable[[int, int], None] = lambda done, wanted: None,
    ) -> None:
        self.simulator = simulator
        self.simulated = 0
        self._folder = folder
        self._show = show

    def __call__(
        self, parameters: Sequence[Mapping[str, float]], *, seed: int, piece: int = PIECE
    ) -> Measured:
        """Return the statistics of parameter sets, in their order; so many of a piece share a seed."""
        facts = len(self.simulator.facts)
        parts = [Measured(np.empty((0, facts)), np.empty((0, facts)))]
        for first in range(0, len(parameters), piece):
            rows = parameters[first : first + piece]
            parts.append(self._piece(rows, seed + _SEED_STEP * (first // piece)))
            self._show(min(first + piece, len(parameters)), len(parameters))
        return Measured(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _piece(self, parameters: Sequence[Mapping[str, float]], seed: int) -> Measured:
        if self._folder is None:
            return self._simulate(parameters, seed)
        facts = [fact.id for fact in self.simulator.facts]
        known = json.dumps([self.simulator.key, facts, seed, [dict(row) for row in parameters]])
        file = self._folder / f"{hashlib.sha256(known.encode()).hexdigest()[:32]}.npz"
        if file.is_file():
            with np.load(file) as stored:
                return Measured(stored["values"], stored["errors"])
        measured = self._simulate(parameters, seed)
        self._store(file, measured)
        return measured

    def _simulate(self, parameters: Sequence[Mapping[str, float]], seed: int) -> Measured:
        self.simulated += len(parameters)
        return self.simulator(parameters, seed=seed)

    def _store(self, file: Path, measured: Measured) -> None:
        from experiments.chunks import write_aside
        from experiments.store import writing

        written = io.BytesIO()
        np.savez(written, values=measured.values, errors=measured.errors)
        with writing(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_aside(file, written.getvalue())
