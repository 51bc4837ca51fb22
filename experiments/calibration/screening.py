"""Screening: which parameters move the statistics of the facts at all (Morris 1991).

Elementary effects on the whole documented ranges, by SALib. What a parameter does to a fact is
measured in half widths of the fact's band, and a parameter counts by the fact that it moves most: those
that move none cannot be learnt about, whatever the budget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.calibration.facts import Fact, Measured
from experiments.calibration.space import Space
from experiments.sampling import MORRIS_LEVELS, sample

_STEP = MORRIS_LEVELS / (2.0 * (MORRIS_LEVELS - 1.0))
_MEAN_OF_DIFFERENCE = 2.0 / np.sqrt(np.pi)
"""Mean size of the difference of two numbers with a normal error of one each."""


def screening_sample(space: Space, paths: int, *, seed: int) -> np.ndarray:
    """Return the rows of Morris paths over all parameters of a space, in the unit cube."""
    return sample("morris", len(space.names), points=paths, seed=seed)


def screened(
    space: Space, unit: np.ndarray, facts: Sequence[Fact], measured: Measured
) -> pd.DataFrame:
    """Return one row a parameter, the one that moves facts most first.

    Parameters
    ----------
    space : the parameters that were screened.
    unit : rows of `screening_sample`.
    facts, measured : statistics of those rows. One that is not a number is taken to lie where those
        of the other rows lie on average.

    Returns
    -------
    DataFrame
        ``parameter``, ``moves`` (mean absolute elementary effect over the documented range, in half
        widths of the band that it moves most), ``chance`` (what the Monte Carlo errors of independent
        runs alone would show there), ``fact`` (that band's), and one column a fact.
    """
    from analysis.morris_effects import morris_effects

    names = list(space.names)
    table = pd.DataFrame({"parameter": names})
    chance: dict[str, float] = {}
    for place, fact in enumerate(facts):
        y = fact.on_scale(measured.values[:, place])
        error = fact.error_on_scale(measured.values[:, place], measured.errors[:, place])
        known = np.isfinite(y) & np.isfinite(error)
        chance[fact.id] = 0.0
        if known.any():
            typical = float(np.sqrt((error[known] ** 2).mean())) / fact.half_width
            chance[fact.id] = _MEAN_OF_DIFFERENCE * typical / _STEP
            y = np.where(known, y, y[known].mean()) / fact.half_width
            effects = morris_effects(unit, y, names, levels=MORRIS_LEVELS).set_index("factor")
            table[fact.id] = effects["mu_star"].reindex(names).fillna(0.0).to_numpy()
        else:
            table[fact.id] = 0.0
    moves = table[[fact.id for fact in facts]]
    table.insert(1, "moves", moves.max(axis=1))
    table.insert(2, "fact", moves.idxmax(axis=1))
    table.insert(2, "chance", table["fact"].map(chance))
    return table.sort_values(["moves", "parameter"], ascending=[False, True], ignore_index=True)
