"""Base rates: how often mass killing begins, and how unequal the risk is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.facts import Fact, Statistic, may_calibrate
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_PAST_ALONE = 0.66


def countries(runs: Records) -> pd.DataFrame:
    """Return the covariates of each country once; the runs of a country follow each other."""
    return runs.covariates.iloc[:: runs.replicates].reset_index(drop=True)


def frequencies(runs: Records) -> np.ndarray:
    """Return the share of runs with a mass killing, by country."""
    happened = runs.outcome("mass_killing") > 0
    return np.asarray(happened.reshape(-1, runs.replicates).mean(axis=1))


def risk_correlation(evidence: Evidence) -> Estimate:
    """Return the rank correlation of simulated frequency with the forecast risk."""
    runs = evidence.present
    table = countries(runs)
    pairs = np.column_stack([frequencies(runs), table["risk"]])
    return resampled(_rank_correlation, pairs)


def gain_over_inputs(evidence: Evidence) -> Estimate:
    """Return the same, less that of the best single covariate that a country is sampled with."""
    runs = evidence.present
    table = countries(runs)
    names = [name for name in table.columns if name != "risk"]
    rows = np.column_stack([frequencies(runs), table["risk"], table[names]])

    def gain(rows: np.ndarray) -> float:
        alone = [abs(_rank_correlation(rows[:, [index, 1]])) for index in range(2, rows.shape[1])]
        return _rank_correlation(rows[:, :2]) - float(np.nanmax(alone))

    return resampled(gain, rows)


def roc_gain(evidence: Evidence) -> Estimate:
    """Return the area under the ROC curve for recorded onsets, less that of past killing alone."""
    runs = evidence.recorded
    if runs is None:
        return NOTHING
    table = countries(runs)
    rows = np.column_stack([table["onset"], frequencies(runs), table["past_killing"]])

    def gain(rows: np.ndarray) -> float:
        return area(rows[:, 1], rows[:, 0]) - area(rows[:, 2], rows[:, 0])

    return resampled(gain, rows)


def area(score: np.ndarray, happened: np.ndarray) -> float:
    """Return the area under the ROC curve: the chance that a case scores above a control."""
    cases = happened > 0.5
    if cases.all() or not cases.any():
        return float("nan")
    rank = stats.rankdata(score)
    n = int(cases.sum())
    return float((rank[cases].sum() - n * (n + 1) / 2) / (n * (~cases).sum()))


def _rank_correlation(pairs: np.ndarray) -> float:
    if np.ptp(pairs[:, 0]) == 0.0 or np.ptp(pairs[:, 1]) == 0.0:
        return 0.0
    return float(stats.spearmanr(pairs[:, 0], pairs[:, 1]).statistic)


FACTS = (
    Fact(
        id=1, family="base rates",
        fact="onset of mass killing in 144 of 10,630 country-years 1945-2024 (1.35 %); 0.68 % since "
        "2000",
        source="Early Warning Project, base data 2025",
        statistics=(may_calibrate("1"),),
    ),
    Fact(
        id=2, family="base rates",
        fact="risk is very unequal: mean two-year risk 1.55 %, median 0.77 %, maximum 10.4 %",
        source="Early Warning Project, forecasts 2025",
        statistics=(
            Statistic(
                part="rank", use="V", needs=("present",), low=_PAST_ALONE, high=1.0,
                statistic="rank correlation of simulated onset frequency with the forecast risk "
                "(past killing alone: 0.66)",
                measure=risk_correlation,
            ),
            Statistic(
                part="gain", use="V", needs=("present",), low=0.0, high=1.0,
                statistic="that correlation less the largest of a single input covariate",
                measure=gain_over_inputs,
            ),
            Statistic(
                part="roc", use="V", needs=("recorded", "data"), low=0.0, high=1.0,
                statistic="area under the ROC curve for recorded onsets, less that of past killing "
                "alone (needs --data)",
                measure=roc_gain,
            ),
        ),
    ),
)  # fmt: skip
