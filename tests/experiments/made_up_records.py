"""Made-up records of runs, whose statistics are known, and evidence that hands them out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from experiments.population.covariates import NAMES
from experiments.population.summary import shipped
from experiments.validation.evidence import QUICK, Arm
from experiments.validation.records import Records
from sim.outcomes import OUTCOMES, O

RING = 10


def records(
    runs: int = 200, *, weeks: int = 260, period: int = 4, replicates: int = 1, seed: int = 0,
    covariates: pd.DataFrame | None = None, outcomes: dict[str, Any] | None = None, **columns: Any,
) -> Records:  # fmt: skip
    """Return quiet runs on a ring of places, with some columns replaced."""
    periods = weeks // period
    near = (
        np.eye(RING, k=1) + np.eye(RING, k=-1) + np.eye(RING, k=RING - 1) + np.eye(RING, k=1 - RING)
    )
    table = covariates
    if table is None:
        drawn = shipped("country_years").sample(runs // replicates, seed=seed)[list(NAMES)]
        table = drawn.loc[drawn.index.repeat(replicates)].reset_index(drop=True)
    result = np.zeros((runs, len(OUTCOMES)))
    for name in ("onset_week", "end_week", "recurrence_week", "mandate_week", "arrival_week"):
        result[:, getattr(O, name)] = -1.0
    for name, values in (outcomes or {}).items():
        result[:, getattr(O, name)] = values
    plain: dict[str, Any] = {
        "weight": np.ones(runs),
        "deaths": np.zeros((runs, weeks)),
        "place_deaths": np.zeros((periods, runs, RING)),
        "near": np.broadcast_to(near > 0, (runs, RING, RING)),
        "forums": np.zeros((periods, runs)),
        "trust": np.full((periods, runs), 0.5),
        "agreement": np.zeros((runs, weeks)),
        "peacekeepers": np.zeros((runs, weeks)),
        "displaced": np.zeros((runs, weeks)),
    }
    return Records(
        covariates=table, outcomes=result, period=period, replicates=replicates, **plain | columns
    )


def happened(runs: int, share: float, *, seed: int = 0) -> np.ndarray:
    """Return whether something happened, in exactly a share of runs."""
    row = np.zeros(runs)
    row[: round(share * runs)] = 1.0
    return np.random.default_rng(seed).permutation(row)


class Given(SimpleNamespace):
    """Evidence of given records; `arms` is called with an arm and returns its records."""

    def __init__(self, **designs: Any) -> None:
        super().__init__(**{"size": QUICK, "data": None, "recorded": None, **designs})

    def arm(self, arm: Arm) -> Records:
        """Return the records of an arm."""
        found: Records = self.arms(arm)
        return found
