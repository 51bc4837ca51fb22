"""Restraint: most crises do not escalate, and most countries at risk stay without mass killing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.modes import silverman_test
from experiments.validation.base_rates import countries
from experiments.validation.estimates import Estimate, normal, weighted_share
from experiments.validation.facts import ANY, Fact, Statistic

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_LEVEL = 0.05


def escalating(evidence: Evidence) -> Estimate:
    """Return the share of crises that become a mass killing, without action."""
    runs = evidence.tense
    return weighted_share(runs.outcome("mass_killing") > 0, np.ones(len(runs)))


def spared_at_most_risk(evidence: Evidence) -> Estimate:
    """Return the share of runs without mass killing in the riskiest tenth of countries.

    One half of each country's runs says how risky it is, the other half is counted.
    """
    runs = evidence.present
    killing = (runs.outcome("mass_killing") > 0).reshape(len(countries(runs)), -1)
    half = killing.shape[1] // 2
    order = np.argsort(-killing[:, :half].mean(axis=1), kind="stable")
    riskiest = killing[order[: max(1, len(order) // 10)], half:]
    mean = 1.0 - riskiest.mean(axis=1)
    error = float(mean.std(ddof=1) / np.sqrt(mean.size)) if mean.size > 1 else 0.1
    found = normal(float(mean.mean()), error, int(riskiest.size))
    return found


def two_modes(evidence: Evidence) -> Estimate:
    """Return the share of starts whose runs with deaths have two modes of log deaths (Silverman)."""
    runs = evidence.starts
    deaths = runs.outcome("direct_deaths").reshape(len(countries(runs)), -1)
    draw = np.random.default_rng(1)
    shown = []
    for row in deaths:
        some = row[row > 0]
        # Whole numbers are spread out, so that one and two deaths are no modes of their own.
        p = silverman_test(np.log(some + draw.random(some.size)))
        shown.append(float(p < _LEVEL))
    return weighted_share(shown, np.ones(len(shown)))


FACTS = (
    Fact(
        id=4, family="restraint",
        fact="35 of 126 state failures 1955-97 led to geno- or politicide (28 %)",
        source="Harff 2003, American Political Science Review 97(1)",
        statistics=(
            Statistic(
                use="V", needs=("tense",), low=0.15, high=0.40,
                statistic="share of simulated crises that escalate", measure=escalating,
            ),
        ),
    ),
    Fact(
        id=5, family="restraint",
        fact="non-cases with the same risk are the usual result",
        source="Straus 2012, Perspectives on Politics 10(2); Straus 2015",
        statistics=(
            Statistic(
                part="spared", use="V", needs=("present",), low=0.6, high=ANY,
                statistic="share of runs without mass killing in the riskiest tenth of countries",
                measure=spared_at_most_risk,
            ),
            Statistic(
                part="modes", use="V", needs=("starts",), low=0.5, high=ANY,
                statistic="share of starts whose runs with deaths have two modes in log deaths "
                "(Silverman's test at 5 %)",
                measure=two_modes,
            ),
        ),
    ),
)  # fmt: skip
