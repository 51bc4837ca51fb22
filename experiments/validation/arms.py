"""The arms that paired experiments compare, and the effects between two of them."""

from __future__ import annotations

import numpy as np

from experiments.validation.estimates import NOTHING, Estimate, normal, ratio_of_sums
from experiments.validation.evidence import FREE, NEVER, Arm
from experiments.validation.records import Records

ARRIVAL = 13
"""Weeks from the crisis to a clamped arrival: what bargaining does is not the question here."""
LONG = 10
"""Years of the arms that need an end of the war and what follows."""
STRONG = (0.3, 0.9)
"""A mean position that engages the parties and protects people without waiting for consent."""


def idle(years: int = 3) -> Arm:
    """Return the arm without any outside action."""
    return Arm(start=NEVER, years=years)


def peacekeepers(requested: float, *, years: int = 3) -> Arm:
    """Return an arm in which a united body sends peacekeepers with a mandate to protect."""
    return Arm(
        measures={"peacekeeping": {**FREE, "intensity": requested}},
        arrival=ARRIVAL, mean=STRONG, dispersion=0.0, years=years,
    )  # fmt: skip


def police(requested: float) -> Arm:
    """Return an arm with international police alone."""
    return Arm(
        measures={"protective_environment": {**FREE, "intensity": requested}},
        arrival=ARRIVAL, mean=STRONG, dispersion=0.0,
    )  # fmt: skip


def after(runs: Records, week: int = 26 + ARRIVAL) -> np.ndarray:
    """Return direct deaths of each run from a week on."""
    return np.asarray(runs.deaths[:, week:].sum(axis=1))


def deaths_ratio(treated: Records, untreated: Records) -> Estimate:
    """Return deaths after arrival in one arm over those in another, of pairs."""
    return ratio_of_sums(after(treated), after(untreated))


def mean_difference(treated: np.ndarray, untreated: np.ndarray) -> Estimate:
    """Return the mean paired difference with its error."""
    change = np.asarray(treated, dtype=np.float64) - np.asarray(untreated, dtype=np.float64)
    if change.size < 2:
        return NOTHING
    error = float(change.std(ddof=1) / np.sqrt(change.size))
    return normal(float(change.mean()), error, int(change.size))


def log_deaths_difference(treated: Records, untreated: Records) -> Estimate:
    """Return the mean paired difference of log(1 + deaths) after arrival; below 0 is fewer."""
    return mean_difference(np.log1p(after(treated)), np.log1p(after(untreated)))
