"""Screening: which parameters move the statistics of the facts at all (Morris 1991).

Elementary effects on the whole documented ranges, by SALib. What a parameter does to a fact is
measured in half widths of the fact's band, and a parameter counts by the fact that it moves most: those
that move none cannot be learnt about, whatever the budget.

In two rounds, because a few paths choose others of the many parameters of middling effect each time:
some paths along which every parameter moves, then more along which those move that lead in any fact,
the others lying anywhere in their ranges. A parameter moves a fact if its effects are larger than
chance makes them, or of one sign beyond chance: errors of one seed are shared along a path, so that
effects may be known far better than runs of their own would tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from experiments.calibration.facts import Fact, Floats, Measured
from experiments.calibration.space import Space
from experiments.sampling import MORRIS_LEVELS, sample

BEYOND_CHANCE = 2.0
"""Times the effect that Monte Carlo errors alone would show, from which on a parameter moves a fact."""
_SURE = float(2.0 * norm.sf(3.0))
"""Chance of a mean effect so far from zero: that of three standard errors of a normal mean."""
_SLIGHT = 0.1
"""Half widths of a band below which an effect is none, however sure."""
_ABOUT = ("parameter", "moves", "fact", "paths", "rank")
"""Columns of a screening before those of the facts."""
_STEP = MORRIS_LEVELS / (2.0 * (MORRIS_LEVELS - 1.0))
_MEAN_OF_DIFFERENCE = 2.0 / np.sqrt(np.pi)
"""Mean size of the difference of two numbers with a normal error of one each."""


@dataclass(frozen=True, eq=False)
class Round:
    """Morris paths, and what was measured along them.

    Attributes
    ----------
    moving : names of the parameters that move along the paths.
    unit : rows, columns in the order of `moving`, in the unit cube.
    measured : statistics of the rows.
    """

    moving: tuple[str, ...]
    unit: Floats
    measured: Measured


def screening_sample(
    space: Space, paths: int, *, seed: int, moving: Sequence[str] | None = None
) -> Floats:
    """Return the rows of Morris paths over a space, in the unit cube; a path is a row and its steps.

    Parameters
    ----------
    paths : number of paths.
    seed : of the sample.
    moving : names of the parameters that move; all when None. The others keep along a path one of the
        levels of Morris's grid, drawn for each path.
    """
    names = space.names
    if moving is None:
        return sample("morris", len(names), points=paths, seed=seed)
    columns = [names.index(name) for name in moving]
    # A stream apart from that of the paths, so that nothing lies where a path begins.
    rng = np.random.default_rng([seed, len(columns)])
    levels = rng.integers(MORRIS_LEVELS, size=(paths, len(names)))
    unit = np.repeat(levels / (MORRIS_LEVELS - 1.0), len(columns) + 1, axis=0)
    unit[:, columns] = sample("morris", len(columns), points=paths, seed=seed)
    return unit


def screened(rounds: Sequence[Round], facts: Sequence[Fact]) -> pd.DataFrame:
    """Return one row a parameter, the one that moves facts most first.

    Parameters
    ----------
    rounds : the first over all parameters. A statistic that is not a number is taken to lie where
        those of the other rows lie on average.
    facts : whose statistics were measured.

    Returns
    -------
    DataFrame
        ``parameter``, ``moves`` (mean absolute elementary effect over the documented range, in half
        widths of the band that it moves most; 0 where it moves none beyond chance), ``fact`` (that
        band's, or the one that it leads most in), ``paths``, ``rank`` (its best place in any fact, 1
        the first), and one column a fact with the mean absolute effect.
    """
    names = list(rounds[0].moving)
    paths = pd.Series(0, index=names)
    for one in rounds:
        paths[list(one.moving)] += len(one.unit) // (len(one.moving) + 1)
    sizes, sure = pd.DataFrame(index=names), pd.DataFrame(index=names)
    for place, fact in enumerate(facts):
        sizes[fact.id], sure[fact.id] = _of_fact(rounds, place, fact, paths)
    ranks = sizes.rank(ascending=False, method="min").where(sizes > 0.0, len(names))
    moves = sizes.where(sure, 0.0)
    found = moves.max(axis=1)
    table = pd.DataFrame({
        "moves": found, "fact": moves.idxmax(axis=1).where(found > 0.0, ranks.idxmin(axis=1)),
        "paths": paths, "rank": ranks.min(axis=1).astype(int),
    })  # fmt: skip
    table = table.join(sizes).rename_axis("parameter").reset_index()
    return table.sort_values(
        ["moves", "rank", "parameter"], ascending=[False, True, True], ignore_index=True
    )


def shortlist(screening: pd.DataFrame, size: int) -> tuple[str, ...]:
    """Return the parameters that lead in any fact, in the order of their names."""
    effect = screening.drop(columns=list(_ABOUT)).max(axis=1)
    leading = screening.assign(effect=effect).sort_values(
        ["rank", "effect", "parameter"], ascending=[True, False, True]
    )
    return tuple(sorted(leading["parameter"].head(size)))


def _of_fact(
    rounds: Sequence[Round], place: int, fact: Fact, paths: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Return mean absolute effects on a fact over all rounds, and whether they are beyond chance."""
    from analysis.morris_effects import morris_effects

    scaled = [_scaled(one.measured, place, fact) for one in rounds]
    y, error = (np.concatenate(column) for column in zip(*scaled, strict=True))
    known = np.isfinite(y)
    size, total, squares = (pd.Series(0.0, index=paths.index) for _ in range(3))
    if not known.any():
        return size, size > 0.0
    for one, (values, _) in zip(rounds, scaled, strict=True):
        filled = np.where(np.isfinite(values), values, y[known].mean())
        # Intervals are those of both rounds together, below: the bootstrap of one is not used.
        effects = morris_effects(
            one.unit, filled, list(one.moving), levels=MORRIS_LEVELS, resamples=2
        ).set_index("factor")
        count = len(values) // (len(one.moving) + 1)
        size = size.add(count * effects["mu_star"], fill_value=0.0)
        total = total.add(count * effects["mu"], fill_value=0.0)
        spread = (count - 1) * effects["sigma"] ** 2 + count * effects["mu"] ** 2
        squares = squares.add(spread, fill_value=0.0)
    size, mean = size[paths.index] / paths, total[paths.index] / paths
    spread = (squares[paths.index] - paths * mean**2).clip(lower=0.0) / (paths - 1)
    chance = _MEAN_OF_DIFFERENCE * float(np.sqrt((error[known] ** 2).mean())) / _STEP
    far = pd.Series(student.isf(_SURE / 2.0, paths - 1), index=paths.index)
    one_sign = mean.abs() > far * np.sqrt(spread / paths)
    return size, (size > BEYOND_CHANCE * chance) | (one_sign & (size > _SLIGHT))


def _scaled(measured: Measured, place: int, fact: Fact) -> tuple[Floats, Floats]:
    """Return a statistic and its error in half widths of the band; both unknown where one is."""
    y = fact.on_scale(measured.values[:, place]) / fact.half_width
    error = fact.error_on_scale(measured.values[:, place], measured.errors[:, place])
    error = error / fact.half_width
    known = np.isfinite(y) & np.isfinite(error)
    return np.where(known, y, np.nan), np.where(known, error, np.nan)
