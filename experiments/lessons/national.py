"""The fourth lesson: total Sobol' indices of the national and the international block, set by set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.intervals import Interval
from analysis.sobol_indices import SobolIndices, sobol_indices
from experiments.blocks import INTERNATIONAL, NATIONAL, blocks_of
from experiments.lessons.judging import Judged, mean_intervals, side_of
from experiments.lessons.registration import Registration

if TYPE_CHECKING:
    from experiments.results import Results

_RESAMPLES = 200
BLOCKS = (NATIONAL, INTERNATIONAL)


def judge_national(
    found: Results, registration: Registration
) -> tuple[Judged, dict[str, Interval]]:
    """Return the fourth lesson as judged, and the indices of both blocks over all sets.

    The effect of a set is the international total index less the national one: below zero the lesson
    holds. Indices of all sets together are those of the mean over the sets at every world.

    Parameters
    ----------
    found : results of a design of method saltelli_blocks, all of its runs stored.
    registration : its sizes say how many parameter sets the replicates are spread over.
    """
    sets = int(found.config["posterior"]["sets"])
    sample = found.sample.sort_values(["block", "row"])
    factors = [str(name) for name in sample.columns if name not in ("block", "row", "point")]
    names = tuple(dict.fromkeys(blocks_of(factors)))
    runs = found.runs[found.runs["arm"] == "treatment"]
    runs = runs.assign(set=runs["replicate"] % sets, log_deaths=np.log1p(runs["direct_deaths"]))
    means = runs.pivot_table(index="point", columns="set", values="log_deaths", aggfunc="mean")
    table = means.loc[sample["point"]]
    rows = []
    for number in table.columns:
        indices = sobol_indices(
            table[number].to_numpy(np.float64), names, resamples=_RESAMPLES,
            level=float(registration.raw["decision"]["level"]),
        )  # fmt: skip
        rows.append({"set": int(number), **_row(indices)})
    by_set = pd.DataFrame(rows)
    whole = sobol_indices(table.mean(axis=1).to_numpy(np.float64), names)
    judged = Judged(
        sets=by_set, effect=mean_intervals(by_set[["effect"]].to_numpy())[0],
        mass_killing=Interval(np.nan, np.nan, np.nan),
        pairs=len(table) * (len(runs) // max(runs["point"].nunique() * sets, 1)), changed=1.0,
        by_country={},
    )  # fmt: skip
    return judged, {name: _total(whole, name) for name in BLOCKS}


def _row(indices: SobolIndices) -> dict[str, object]:
    difference = indices.difference(INTERNATIONAL, NATIONAL)
    known = np.isfinite(difference.estimate)
    return {
        # A set in which nothing varies explains nothing by either block.
        "effect": difference.estimate if known else 0.0,
        "effect_low": difference.low if known else 0.0,
        "effect_high": difference.high if known else 0.0,
        "mass_killing": np.nan,
        "side": side_of(difference),
        **{name: _total(indices, name).estimate for name in BLOCKS},
    }


def _total(indices: SobolIndices, name: str) -> Interval:
    row = indices.table.set_index("factor").loc[name]
    return Interval(float(row["total"]), float(row["total_low"]), float(row["total_high"]))
