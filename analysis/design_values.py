"""What sensitivity analysis and discovery look at: one value a design point, and how noisy it is.

A point's value is a mean over replicates. All points share their draws, replicate by replicate, so that
what the draws add to every point alike cancels between points; only what is left of the noise, the
interaction of points and replicates, blurs an analysis. `Noise` says how large it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import ForestallError, unknown_name

Floats = NDArray[np.float64]
MOST_QUANTITIES = 4
"""So many fit on one figure."""
MUCH_NOISE = 0.1
"""Share of the variance between points from which on noise is worth a warning."""


@dataclass(frozen=True)
class Quantity:
    """A value of a run or a pair: `name` in tables, `title` and `unit` for people.

    Attributes
    ----------
    of : makes it from a table of pairs, one row a replicate.
    """

    name: str
    title: str
    unit: str
    of: Callable[[pd.DataFrame], Floats]


def _deaths(pairs: pd.DataFrame, arm: str = "") -> Floats:
    found: Floats = pairs[f"{arm}direct_deaths"].to_numpy(np.float64)
    return found


def _log_deaths(pairs: pd.DataFrame, arm: str = "") -> Floats:
    found: Floats = np.log1p(_deaths(pairs, arm))
    return found


def _killing(pairs: pd.DataFrame, arm: str = "") -> Floats:
    found: Floats = (pairs[f"{arm}mass_killing"].to_numpy(np.float64) > 0).astype(np.float64)
    return found


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("log_deaths", "log(1 + direct deaths)", "log units", _log_deaths),
    Quantity("mass_killing", "probability of mass killing", "share of runs", _killing),
    Quantity(
        "log_deaths_averted",
        "fall in log(1 + direct deaths) against the baseline",
        "log units",
        lambda pairs: _log_deaths(pairs, "baseline_") - _log_deaths(pairs),
    ),
    Quantity(
        "mass_killing_averted",
        "fall in the probability of mass killing against the baseline",
        "share of runs",
        lambda pairs: _killing(pairs, "baseline_") - _killing(pairs),
    ),
    Quantity(
        "deaths_averted",
        "direct deaths averted",
        "people per run",
        lambda pairs: _deaths(pairs, "baseline_") - _deaths(pairs),
    ),
)
_BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}


class Noise(NamedTuple):
    """How noisy the values of points are, as shares of their variance between points.

    Attributes
    ----------
    share : of the variance between points that is left-over noise of the replicates, in [0, 1]; NaN
        for one replicate, of which nothing is known.
    removed : of the noise of a mean over replicates, what the shared draws take away, in [0, 1].
    """

    share: float
    removed: float


@dataclass(frozen=True, eq=False)
class PointValues:
    """A quantity over a design: `values` by point id, `noise`, and the number of `replicates`."""

    quantity: Quantity
    values: pd.Series
    noise: Noise
    replicates: int

    def of_rows(self, points: Sequence[str]) -> Floats:
        """Return the values of rows of a sample by the ids of their points, whatever their order.

        Raises
        ------
        ForestallError
            A point has no runs.
        """
        missing = set(points) - set(self.values.index)
        if missing:
            raise ForestallError(
                f"results: {len(missing):,} of {len(set(points)):,} points of the design have no "
                "runs, finish the sweep first (the same command resumes)"
            )
        found: Floats = self.values.loc[list(points)].to_numpy(np.float64)
        return found


def quantity_named(name: str) -> Quantity:
    """Return the quantity of a name.

    Raises
    ------
    ForestallError
        There is none; the message names the nearest.
    """
    if name not in _BY_NAME:
        raise unknown_name("quantity", name, _BY_NAME)
    return _BY_NAME[name]


def point_values(paired: pd.DataFrame, quantity: Quantity) -> PointValues:
    """Return the mean of a quantity over the replicates of every point, and its noise.

    Parameters
    ----------
    paired : one row a point and replicate, as `experiments.results.Results.paired` returns it.

    Raises
    ------
    ForestallError
        A point has fewer replicates than another.
    """
    rows = paired[["point", "replicate"]].assign(value=quantity.of(paired))
    wide = rows.pivot(index="point", columns="replicate", values="value")
    if wide.isna().to_numpy().any():
        raise ForestallError(
            "results: points differ in their replicates, finish the sweep first (the same command "
            "resumes)"
        )
    table = wide.to_numpy(np.float64)
    return PointValues(quantity, wide.mean(axis=1), noise_of(table), table.shape[1])


def noise_of(table: Floats) -> Noise:
    """Return the noise in the row means of a table of shape (points, replicates).

    A two-way layout without repetition: the residual, after the means of points and of replicates are
    taken out, is the noise that shared draws leave.
    """
    points, replicates = table.shape
    if points < 2 or replicates < 2:
        return Noise(np.nan, np.nan)
    means = table.mean(axis=1)
    residual = table - means[:, None] - table.mean(axis=0) + table.mean()
    left = float((residual**2).sum()) / ((points - 1) * (replicates - 1)) / replicates
    alone = float(table.var(axis=1, ddof=1).mean()) / replicates
    between = float(means.var(ddof=1))
    # An estimate: where points hardly differ it would come out above the whole.
    share = min(left / between, 1.0) if between > 0 else np.nan
    removed = 1 - left / alone if alone > 0 else np.nan
    return Noise(share, max(removed, 0.0) if removed == removed else np.nan)
