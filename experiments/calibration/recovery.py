"""Recovery: whether the calibration finds parameters that are known as often as its intervals say.

A truth is drawn from the prior, uncertain parameters included, and simulated by the real simulator
with seeds that the emulator never saw. Its statistics, each with an even error of half the width of
the fact's band, are the synthetic facts. The same emulator and the same draws as in the calibration
give intervals, and the truth should lie in nine of ten (Cook, Gelman & Rubin 2006; Talts et al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd

from experiments.calibration.emulator import Emulator
from experiments.calibration.evaluations import Evaluations
from experiments.calibration.facts import Fact, Floats
from experiments.calibration.matching import Bands, Proposals, draw
from experiments.calibration.pipeline import Calibration

LEVEL = 0.9
TRUTHS = 120
"""Synthetic calibrations; the bar asks for a hundred or more."""
DRAWS = 160
FEWEST, MOST = 0.80, 0.98
"""Share of the truths that intervals of `LEVEL` should cover."""


def recover(
    calibration: Calibration,
    evaluations: Evaluations,
    *,
    truths: int = TRUTHS,
    seed: int,
    workers: int = 1,
) -> pd.DataFrame:
    """Return one row a synthetic calibration and free parameter.

    Parameters
    ----------
    calibration : whose emulator is tried.
    evaluations : of the real simulator.
    truths : number of synthetic calibrations.
    seed : of the truths; another than that of the calibration.
    workers : processes that draw, each a synthetic calibration at a time; one draws here.

    Returns
    -------
    DataFrame
        ``truth`` (number), ``parameter``, ``value`` of the truth, ``low`` and ``high`` of its interval,
        all in the unit cube of the prior, and ``covered``.
    """
    space, facts = calibration.space, calibration.facts
    rng = np.random.default_rng(seed)
    unit = rng.random((truths, len(space.names)))
    measured = evaluations(space.values(unit), seed=seed)
    asked = [
        (synthetic_bands(facts, values, errors, rng.uniform(-1, 1, len(facts))), seed + number)
        for number, (values, errors) in enumerate(zip(*measured, strict=True), start=1)
    ]
    known = (calibration.emulator, calibration.proposals)
    rows: list[dict[str, object]] = []
    for number, ends in enumerate(_intervals(asked, known, workers)):
        for place, one in enumerate(space.free):
            value, low, high = unit[number, place], ends[0, place], ends[1, place]
            rows.append({
                "truth": number, "parameter": one.name, "value": value, "low": low, "high": high,
                "covered": bool(low <= value <= high),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _intervals(
    asked: Sequence[tuple[Bands, int]], known: tuple[Emulator, Proposals], workers: int
) -> list[Floats]:
    """Return the ends of the interval of every free parameter for each set of bands and its seed."""
    if workers == 1:
        _know(known)
        return list(map(_ends, asked))
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_know, initargs=(known,)
    ) as pool:
        return list(pool.map(_ends, asked))


_known: list[tuple[Emulator, Proposals]] = []
"""Of this process: an emulator is too large to travel with every task."""


def _know(known: tuple[Emulator, Proposals]) -> None:
    _known[:] = [known]


def _ends(asked: tuple[Bands, int]) -> Floats:
    emulator, proposals = _known[0]
    bands, seed = asked
    drawn = draw(emulator, proposals, bands, DRAWS, seed=seed)
    found: Floats = np.quantile(drawn.unit, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0)
    return found


def synthetic_bands(
    facts: tuple[Fact, ...], values: Floats, errors: Floats, shifts: Floats
) -> Bands:
    """Return bands around the statistics of a truth, as wide as those of the facts.

    Parameters
    ----------
    facts : whose widths and scales they have.
    values, errors : statistics of the truth and their Monte Carlo errors; one that is not a number is
        no fact.
    shifts : where in its band each statistic lies, in -1..1.
    """
    y = np.array([fact.on_scale(value) for fact, value in zip(facts, values, strict=True)])
    error = np.array([
        fact.error_on_scale(value, size)
        for fact, value, size in zip(facts, values, errors, strict=True)
    ])  # fmt: skip
    half = np.array([fact.half_width for fact in facts])
    known = np.isfinite(y) & np.isfinite(error)
    return Bands(
        np.where(known, y + half * shifts, 0.0),
        np.where(known, half, np.inf),
        np.where(known, error, 0.0),
    )


def coverage(recovered: pd.DataFrame) -> pd.DataFrame:
    """Return one row a parameter and one for all: ``parameter``, ``truths``, ``covered``, ``width``.

    ``width`` is the mean width of the interval, as a share of the prior's range: `LEVEL` where nothing
    is learnt.
    """
    table = recovered.assign(width=recovered["high"] - recovered["low"])
    by_parameter = table.groupby("parameter", sort=False).agg(
        truths=("truth", "nunique"), covered=("covered", "mean"), width=("width", "mean")
    )
    whole = pd.DataFrame({
        "truths": [table["truth"].nunique()], "covered": [table["covered"].mean()],
        "width": [table["width"].mean()],
    }, index=["all"])  # fmt: skip
    both = pd.concat([by_parameter, whole])
    return both.rename_axis("parameter").reset_index()
