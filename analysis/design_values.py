"""What sensitivity analysis and discovery look at: one value a design point, and how noisy it is.

A point's value is a mean over replicates. All points share their draws, replicate by replicate, so that
what the draws add to every point alike cancels between points; only what is left of the noise, the
interaction of points and replicates, blurs an analysis. `Noise` says how large it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.quantities import Quantity
from sim.errors import ForestallError

Floats = NDArray[np.float64]
MOST_QUANTITIES = 4
"""So many fit on one figure."""
MUCH_NOISE = 0.1
"""Share of the variance between points from which on noise is worth a warning."""


class Noise(NamedTuple):
    """How noisy the values of points are, as shares of their variance between points.

    Attributes
    ----------
    share : of the variance between points that is left-over noise of the replicates, in [0, 1]; NaN
        for one replicate or where some have no value, of which nothing is known.
    removed : of the noise of a mean over replicates, what the shared draws take away, in [0, 1].
    """

    share: float
    removed: float


@dataclass(frozen=True, eq=False)
class PointValues:
    """A quantity over a design.

    Attributes
    ----------
    quantity : what it is.
    values : by point id.
    noise : in these.
    replicates : runs of every point.
    unknown : share of the runs in which the quantity has no meaning, and no number.
    """

    quantity: Quantity
    values: pd.Series
    noise: Noise
    replicates: int
    unknown: float = 0.0

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


def point_values(paired: pd.DataFrame, quantity: Quantity) -> PointValues:
    """Return the mean of a quantity over the replicates of every point, and its noise.

    Runs in which the quantity has no meaning are left out of the mean; the noise is then not known.

    Parameters
    ----------
    paired : one row a point and replicate, as `experiments.results.Results.paired` returns it.

    Raises
    ------
    ForestallError
        A point has fewer replicates than another, or none in which the quantity has a meaning.
    """
    rows = paired[["point", "replicate"]].assign(value=quantity.of(paired))
    wide = rows.pivot(index="point", columns="replicate", values="value")
    if len(rows) < wide.size:
        raise ForestallError(
            "results: points differ in their replicates, finish the sweep first (the same command "
            "resumes)"
        )
    table = wide.to_numpy(np.float64)
    means = wide.mean(axis=1)
    if means.isna().any():
        raise ForestallError(
            f"{quantity.name}: {means.isna().sum():,} of {len(means):,} points have no run in which it "
            "has a meaning: more replicates, or another outcome"
        )
    unknown = float(np.isnan(table).mean()) if table.size else 0.0
    return PointValues(quantity, means, noise_of(table), table.shape[1], unknown)


def noise_of(table: Floats) -> Noise:
    """Return the noise in the row means of a table of shape (points, replicates).

    A two-way layout without repetition: the residual, after the means of points and of replicates are
    taken out, is the noise that shared draws leave. With a gap in the table nothing is known of it.
    """
    points, replicates = table.shape
    if points < 2 or replicates < 2 or np.isnan(table).any():
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
