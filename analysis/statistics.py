"""Paired statistics of treatment against baseline.

Both runs of a pair share every draw, so a replicate is one observation: its difference. Deaths are
mostly zeros with a heavy tail, so a mean never stands alone; `paired_effects` puts beside it the
difference of log(1 + deaths), the probabilities of harm and of help, the risk of mass killing, and
the same among the replicates whose baseline escalates and among those whose baseline does not. What
happens with few runs, or with none, is said in `analysis.intervals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc

from analysis.intervals import (
    LEVEL,
    RESAMPLES,
    SEED,
    Interval,
    bootstrap_mean,
    bootstrap_means,
    risk_difference,
    wilson,
)
from sim.errors import ForestallError

Floats = NDArray[np.float64]
Outcomes = tuple[Floats, Floats, Floats, Floats]
"""Of some pairs: mass killing with and without action, direct deaths with and without."""


class Pairing(NamedTuple):
    """What running both worlds on the same draws buys.

    `correlation` is Pearson's between the two runs of a pair; `runs_replaced` is the number of
    independent pairs of runs that give the mean difference the precision of one pair.
    """

    correlation: float
    runs_replaced: float


@dataclass(frozen=True, kw_only=True)
class PairedEffects:
    """Effects of one treatment against its baseline, over the replicates they share.

    Probabilities lie in 0..1; deaths are people per run, over the run's horizon. `risk_difference`
    and `log_deaths_difference` are treatment less baseline (negative is better); `deaths_averted`
    is baseline less treatment (positive is better). `..._if_escalates` holds among the
    `n_escalating` replicates whose baseline is a mass killing, `..._if_not_escalates` among the
    others. `probability_harm` is that of more deaths than in the baseline, `net_harm` the same less
    that of fewer: pairs that come apart by chance alone do so in both directions. `harm_p_deaths`
    and `harm_p_mass_killing` are p-values of `harm_test`, for deaths and for mass killing.
    """

    n: int
    n_escalating: int
    p_mass_killing: Interval
    baseline_p_mass_killing: Interval
    risk_difference: Interval
    deaths_averted: Interval
    log_deaths_difference: Interval
    probability_harm: Interval
    probability_help: Interval
    net_harm: Interval
    deaths_averted_if_escalates: Interval
    p_mass_killing_if_escalates: Interval
    deaths_averted_if_not_escalates: Interval
    p_mass_killing_if_not_escalates: Interval
    harm_p_deaths: float
    harm_p_mass_killing: float
    pairing: Pairing


def pairing(treatment: ArrayLike, baseline: ArrayLike) -> Pairing:
    """Return the correlation within pairs and the independent runs that one pair replaces.

    ``runs_replaced = (var t + var b) / var(t - b)``: 1 without correlation, infinite when the
    difference is the same in every pair, NaN for fewer than two pairs or when nothing varies. The
    correlation is NaN when either run does not vary.
    """
    treated = np.asarray(treatment, dtype=np.float64)
    untreated = np.asarray(baseline, dtype=np.float64)
    if treated.size < 2:
        return Pairing(np.nan, np.nan)
    var_t, var_b = float(treated.var()), float(untreated.var())
    var_change = float((treated - untreated).var())
    total = var_t + var_b
    replaced = np.nan if total == 0 else np.inf if var_change == 0 else total / var_change
    if var_t == 0 or var_b == 0:
        return Pairing(np.nan, float(replaced))
    return Pairing(float(np.corrcoef(treated, untreated)[0, 1]), float(replaced))


def harm_test(worse: ArrayLike, better: ArrayLike) -> float:
    """Return the p-value of no more harm than help, against more harm than help.

    Among the pairs that differ, harm and help are equally likely when nothing but chance parts them:
    a one-sided sign test, for two outcomes McNemar's (1947), exact, with half the probability of what
    was seen (mid-p; Lancaster 1961), which keeps its level without being idle at few pairs.

    Parameters
    ----------
    worse, better : shape (n,), whether a pair is worse, or better, under treatment.

    Returns
    -------
    float
        1 when no pair differs, NaN without pairs.
    """
    harmed, helped = np.asarray(worse, dtype=bool), np.asarray(better, dtype=bool)
    if not harmed.size:
        return float("nan")
    count, differ = int(harmed.sum()), int(harmed.sum() + helped.sum())
    if differ == 0:
        return 1.0
    more, as_many = (float(bdtrc(least, differ, 0.5)) for least in (count, count - 1))
    return (more + as_many) / 2


def holm(p_values: ArrayLike) -> Floats:
    """Return p-values adjusted for being several (Holm 1979), in the same order; NaN stays NaN."""
    p = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    stepped = p[order] * np.arange(order.size, 0, -1)
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def paired_effects(
    pairs: pd.DataFrame,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> PairedEffects:
    """Return every effect of one treatment, from one row a replicate.

    Parameters
    ----------
    pairs : with columns ``mass_killing`` (0 or 1), ``direct_deaths`` (people) and both again with
        the prefix ``baseline_``. Other columns are ignored.

    Raises
    ------
    ForestallError
        A column is missing or holds a value that is not finite.
    """
    return effects_of(outcome_columns(pairs), level=level, resamples=resamples, seed=seed)


def effects_of(
    outcomes: Outcomes, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> PairedEffects:
    """Return what `paired_effects` does, from columns that `outcome_columns` has checked."""
    killing, base_killing, deaths, base_deaths = outcomes
    n = deaths.size
    escalates = base_killing > 0
    averted = base_deaths - deaths
    log_change = np.log1p(deaths) - np.log1p(base_deaths)
    again: dict[str, Any] = {"level": level, "resamples": resamples, "seed": seed}
    mean_averted, mean_log = bootstrap_means(np.column_stack([averted, log_change]), **again)
    return PairedEffects(
        n=n,
        n_escalating=int(escalates.sum()),
        p_mass_killing=_share(killing > 0, level),
        baseline_p_mass_killing=_share(escalates, level),
        risk_difference=risk_difference(killing, base_killing, level=level),
        deaths_averted=mean_averted,
        log_deaths_difference=mean_log,
        probability_harm=_share(averted < 0, level),
        probability_help=_share(averted > 0, level),
        net_harm=risk_difference(averted < 0, averted > 0, level=level),
        deaths_averted_if_escalates=bootstrap_mean(averted[escalates], **again),
        p_mass_killing_if_escalates=_share(killing[escalates] > 0, level),
        deaths_averted_if_not_escalates=bootstrap_mean(averted[~escalates], **again),
        p_mass_killing_if_not_escalates=_share(killing[~escalates] > 0, level),
        harm_p_deaths=harm_test(averted < 0, averted > 0),
        harm_p_mass_killing=harm_test((killing > 0) & ~escalates, escalates & (killing == 0)),
        pairing=pairing(deaths, base_deaths),
    )


def _share(happened: NDArray[np.bool_], level: float) -> Interval:
    return wilson(int(happened.sum()), happened.size, level=level)


_OUTCOMES = ("mass_killing", "baseline_mass_killing", "direct_deaths", "baseline_direct_deaths")


def outcome_columns(pairs: pd.DataFrame) -> Outcomes:
    """Return what effects are made of, checked: a column each, or a `ForestallError` that names it."""
    columns = []
    for name in _OUTCOMES:
        if name not in pairs.columns:
            raise ForestallError(f"statistics: the paired table has no column {name!r}")
        values = pairs[name].to_numpy(dtype=np.float64)
        if not np.isfinite(values).all():
            raise ForestallError(f"statistics: column {name!r} holds a value that is not finite")
        columns.append(values)
    return columns[0], columns[1], columns[2], columns[3]
