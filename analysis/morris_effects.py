"""Morris screening: which factors matter at all, from few runs (Morris 1991; Campolongo et al. 2007).

An elementary effect is the change of a quantity when one factor moves by a step of its range.
``mu_star`` is the mean size of a factor's effects, ``mu`` their mean with sign, ``sigma`` their
standard deviation: large where the effect depends on the other factors, or is not linear.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intervals import LEVEL, SEED
from sim.errors import ForestallError

Floats = NDArray[np.float64]
RESAMPLES = 1000
FEW_PATHS = 10


def morris_effects(
    unit: Floats,
    values: Floats,
    factors: Sequence[str],
    *,
    levels: int,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return the elementary effects of every factor over a Morris sample.

    Parameters
    ----------
    unit : shape (paths * (factors + 1), factors), the sample in the unit cube.
    values : shape (rows,), in the order of the rows.
    factors : names of the columns of `unit`.
    levels : of the grid that the paths walk on.
    level, resamples, seed : of the bootstrap over paths.

    Returns
    -------
    DataFrame
        One row a factor, largest ``mu_star`` first: ``factor``, ``mu``, ``mu_star`` with ``_low`` and
        ``_high``, ``sigma`` (NaN of one path); in units of the quantity over the whole range of the
        factor.

    Raises
    ------
    ForestallError
        The rows are no such sample, or a value is not finite.
    """
    if values.size % (len(factors) + 1) or unit.shape != (values.size, len(factors)):
        raise ForestallError(
            f"sensitivity: {values.size:,} rows are no Morris sample of {len(factors)} factors"
        )
    if not np.isfinite(values).all():
        raise ForestallError("sensitivity: a value is not finite")
    from SALib.analyze import morris

    problem = {"num_vars": len(factors), "names": list(factors), "bounds": [[0, 1]] * len(factors)}
    with warnings.catch_warnings():
        # The effects of one path have no spread: their sigma is NaN, as it is documented.
        warnings.filterwarnings("ignore", "Degrees of freedom", RuntimeWarning)
        warnings.filterwarnings("ignore", "invalid value encountered", RuntimeWarning)
        found = morris.analyze(
            problem, unit, values, num_resamples=resamples, conf_level=level, num_levels=levels,
            seed=seed,
        )  # fmt: skip
    mu_star, half = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    table = pd.DataFrame(
        {
            "factor": list(factors),
            "mu": np.asarray(found["mu"]),
            "mu_star": mu_star,
            "mu_star_low": np.maximum(mu_star - half, 0.0),
            "mu_star_high": mu_star + half,
            "sigma": np.asarray(found["sigma"]),
        }
    )
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def cautions(table: pd.DataFrame, *, paths: int) -> list[str]:
    """Return, a line each, why this screening is not yet to be trusted; empty when it is fit."""
    if (table["mu_star"] == 0).all():
        return ["it does not vary over the sample: no factor has an effect"]
    said = []
    if paths < FEW_PATHS:
        said.append(f"too few samples: {paths} paths, {FEW_PATHS} or more are usual")
    first = table.iloc[0]
    half = first["mu_star_high"] - first["mu_star"]
    if half > 0.5 * first["mu_star"]:
        said.append(
            f"too few samples: even the largest effect, of {first['factor']}, is known to "
            f"\N{PLUS-MINUS SIGN}{100 * half / first['mu_star']:.0f} % only"
        )
    return said
