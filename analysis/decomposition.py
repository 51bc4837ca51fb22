"""What action averts, divided by mechanism: switched off one at a time on shared noise.

The part of a mechanism is what is averted as the world is, less what is averted with that mechanism
alone off in both worlds. Parts need not add up to the total: a link that the whole effect needs has
a part as large as the total, and so has the next link of the same chain. What the sum of the parts
leaves or exceeds is the remainder, the interaction of mechanisms; it is shown and never shared out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intervals import LEVEL, RESAMPLES, SEED, bootstrap_means
from sim.errors import ForestallError

TOTAL = "total"
REMAINDER = "interactions"
AS_IT_IS = ""
"""Value of the column `off` where no mechanism was switched off."""


@dataclass(frozen=True)
class Measure:
    """What is averted: `name` in tables; `title` and `unit` for people, `scale` into that unit."""

    name: str
    title: str
    unit: str
    scale: float = 1.0
    digits: int = 1


MEASURES = (
    Measure("deaths", "direct deaths averted", "people per run", digits=0),
    Measure("log_deaths", "fall in log(1 + direct deaths)", "log units", digits=2),
    Measure("mass_killing", "fall in the probability of mass killing", "percentage points", 100.0),
)


def parts_by_replicate(
    paired: pd.DataFrame, mechanisms: Sequence[str], *, measure: str
) -> pd.DataFrame:
    """Return the parts of what is averted, run by run, in the measure's own scale.

    Parameters
    ----------
    paired : one row for each replicate and mechanism switched off: ``off`` (`AS_IT_IS` for none),
        ``replicate``, ``direct_deaths``, ``mass_killing`` and both again with ``baseline_``.
    mechanisms : all mechanisms; one that was not switched off, because the world has it off
        already, has the part zero.
    measure : name of one of `MEASURES`.

    Returns
    -------
    DataFrame
        Indexed by replicate: `TOTAL`, the mechanisms, `REMAINDER`; total = mechanisms + remainder.

    Raises
    ------
    ForestallError
        The replicates of a mechanism are not those of the total.
    """
    values = paired.assign(averted=_averted(paired, measure))
    wide = values.pivot(index="replicate", columns="off", values="averted")
    if wide.isna().to_numpy().any():
        raise ForestallError("decomposition: replicates differ between mechanisms")
    total = wide[AS_IT_IS]
    parts = {name: total - wide[name] if name in wide else 0.0 * total for name in mechanisms}
    table = pd.DataFrame({TOTAL: total, **parts})
    table[REMAINDER] = total - table[list(mechanisms)].sum(axis=1)
    return table


def decomposition(
    paired: pd.DataFrame,
    mechanisms: Sequence[str],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return the mean parts of everything in `MEASURES` with paired bootstrap intervals.

    Parameters
    ----------
    paired, mechanisms : as in `parts_by_replicate`.
    level, resamples, seed : as in `analysis.intervals.bootstrap_mean`; a replicate is resampled
        with all its parts.

    Returns
    -------
    DataFrame
        One row a measure and part: ``measure``, ``part`` (`TOTAL`, mechanisms, `REMAINDER`),
        ``pairs_differing``: replicates in which the part is not zero, ``estimate``, ``low``,
        ``high``; probabilities in 0..1. The estimates of the mechanisms and
        the remainder add up to the total's, but for the rounding of floats.
    """
    rows = []
    for measure in MEASURES:
        parts = parts_by_replicate(paired, mechanisms, measure=measure.name)
        found = bootstrap_means(parts.to_numpy(), level=level, resamples=resamples, seed=seed)
        differing = (parts != 0).sum().tolist()
        rows += [
            {
                "measure": measure.name, "part": part, "pairs_differing": count,
                **interval._asdict(),
            }
            for part, count, interval in zip(parts.columns, differing, found, strict=True)
        ]  # fmt: skip
    return pd.DataFrame(rows)


def _averted(paired: pd.DataFrame, measure: str) -> np.ndarray:
    column = "mass_killing" if measure == "mass_killing" else "direct_deaths"
    with_action = paired[column].to_numpy(dtype=np.float64)
    without = paired[f"baseline_{column}"].to_numpy(dtype=np.float64)
    if measure == "log_deaths":
        with_action, without = np.log1p(with_action), np.log1p(without)
    averted: np.ndarray = without - with_action
    return averted
