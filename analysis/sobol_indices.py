"""Sobol' indices: what share of a quantity's variance each factor, or block of factors, explains.

The first-order index is the share that a factor explains alone, the total index that in which it
takes part at all, interactions included (Sobol' 1993; Saltelli et al. 2010; Jansen 1999). SALib
computes them; this module checks what a sample allows to be said. For blocks of factors the indices
are those of the block as one factor of several dimensions.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import LEVEL, SEED, Interval
from sim.errors import ForestallError

Floats = NDArray[np.float64]
RESAMPLES = 500
WIDE = 0.1
"""Half-width of an interval from which on an index is called poorly known."""
_TOLERANCE = 0.05


@dataclass(frozen=True, eq=False)
class SobolIndices:
    """Indices of a quantity over one sample.

    Attributes
    ----------
    table : one row a factor: ``factor``, ``first`` and ``total``, each with ``_low`` and ``_high``; NaN
        throughout when the quantity does not vary.
    first, total : bootstrap draws, shape (resamples, factors), resampled together.
    size : base samples.
    """

    table: pd.DataFrame
    first: Floats
    total: Floats
    size: int

    def difference(self, one: str, other: str, *, level: float = LEVEL) -> Interval:
        """Return the total index of one factor less that of another, with its bootstrap interval."""
        names = self.table["factor"].tolist()
        here, there = names.index(one), names.index(other)
        totals = self.table["total"].to_numpy(np.float64)
        draws = self.total[:, here] - self.total[:, there]
        if np.isnan(totals[here]):
            return Interval(np.nan, np.nan, np.nan)
        low, high = np.quantile(draws, [0.5 - level / 2, 0.5 + level / 2])
        return Interval(float(totals[here] - totals[there]), float(low), float(high))


def sobol_indices(
    values: Floats,
    factors: Sequence[str],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> SobolIndices:
    """Return the Sobol' indices of values over a Saltelli sample.

    Parameters
    ----------
    values : shape (size * (factors + 2),), in the order of the sample's rows: for each base sample A,
        then A with each factor from B in turn, then B.
    factors : names of the factors or blocks, in the order of the sample.
    level : confidence, in (0, 1). Intervals are normal, with the standard error of a bootstrap over
        base samples (Archer et al. 1997).
    resamples, seed : of the bootstrap.

    Raises
    ------
    ForestallError
        The number of values does not fit the factors, or a value is not finite.
    """
    size, rest = divmod(values.size, len(factors) + 2)
    if rest or size < 2:
        raise ForestallError(
            f"sensitivity: {values.size:,} rows are no Saltelli sample of {len(factors)} factors"
        )
    if not np.isfinite(values).all():
        raise ForestallError("sensitivity: a value is not finite")
    rows = values.reshape(size, -1)
    # Indices are shares of the variance of A and B: where that is nought, none is known.
    if np.ptp(rows[:, [0, -1]]) <= np.finfo(np.float64).eps:
        unknown = np.full((resamples, len(factors)), np.nan)
        return SobolIndices(_table(factors, *[unknown[0]] * 4), unknown, unknown, size)
    from SALib.analyze import sobol

    problem = {"num_vars": len(factors), "names": list(factors), "bounds": [[0, 1]] * len(factors)}
    with warnings.catch_warnings():
        # Said of a single resample too, which few base samples may leave without variance.
        warnings.filterwarnings("ignore", "Constant values encountered")
        found = sobol.analyze(
            problem, values, calc_second_order=False, num_resamples=resamples, conf_level=level,
            keep_resamples=True, seed=seed,
        )  # fmt: skip
    table = _table(factors, *(found[name] for name in ("S1", "S1_conf", "ST", "ST_conf")))
    return SobolIndices(table, found["S1_conf_all"], found["ST_conf_all"], size)


def cautions(indices: SobolIndices) -> list[str]:
    """Return, a line each, why these indices are not yet to be trusted; empty when they are fit."""
    table = indices.table
    if table["first"].isna().all():
        return ["it does not vary over the sample: there is nothing to explain"]
    said = []
    half = table.set_index("factor")[["first_high", "total_high"]].to_numpy() - (
        table[["first", "total"]].to_numpy()
    )
    if half.max() > WIDE:
        name = table["factor"].iloc[int(half.max(axis=1).argmax())]
        wanted = indices.size * max(2, 2 ** int(np.ceil(2 * np.log2(half.max() / WIDE))))
        said.append(
            f"too few samples: {name} is known to \N{PLUS-MINUS SIGN}{half.max():.2f} only; "
            f"about {wanted:,} base samples would bring it to {WIDE:g} (now {indices.size:,})"
        )
    negative = table[table["first_high"] < 0]["factor"].tolist()
    if negative:
        said.append(f"too few samples: the first-order index of {', '.join(negative)} is negative")
    total = float(table["first"].sum())
    spread = float(indices.first.sum(axis=1).std())
    if total - 2 * spread > 1 + _TOLERANCE:
        said.append(f"too few samples: first-order indices add up to {total:.2f}, more than 1")
    over = table[table["first"] - table["total"] > half[:, 0] + half[:, 1]]["factor"].tolist()
    if over:
        said.append(f"too few samples: {', '.join(over)} explains more alone than in total")
    return said


def _table(
    factors: Sequence[str], first: Floats, first_half: Floats, total: Floats, total_half: Floats
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "factor": list(factors),
            "first": first,
            "first_low": first - first_half,
            "first_high": first + first_half,
            "total": total,
            "total_low": total - total_half,
            "total_high": total + total_half,
        }
    )
