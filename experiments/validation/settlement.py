"""Settlement: how long agreements last, with and without something behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.arms import ARRIVAL, LONG, STRONG, peacekeepers
from experiments.validation.duration import survival
from experiments.validation.estimates import NOTHING, Estimate, normal
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import Fact, Statistic
from experiments.validation.records import Records

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence


def mediated() -> Arm:
    """Return an arm with mediation alone."""
    return Arm(
        measures={"mediation": FREE}, arrival=ARRIVAL, mean=STRONG, dispersion=0.0, years=LONG
    )


def enforced() -> Arm:
    """Return the same with peacekeepers and monitors behind it for good."""
    presence = peacekeepers(8000.0, years=LONG)
    return Arm(
        measures={**presence.measures, "mediation": FREE, "agreement_monitoring": FREE},
        arrival=ARRIVAL, mean=STRONG, dispersion=0.0, years=LONG,
    )  # fmt: skip


def spells(runs: Records) -> np.ndarray:
    """Return years of every agreement, and whether it broke, (agreements, 2)."""
    found = []
    for row in runs.agreement > 0.5:
        edges = np.diff(np.concatenate([[0], row.astype(int), [0]]))
        for begun, over in zip(np.flatnonzero(edges > 0), np.flatnonzero(edges < 0), strict=True):
            found.append(((over - begun) / 52.0, float(over < row.size)))
    return np.array(found).reshape(-1, 2)


def relapse_rate(evidence: Evidence, arm: Arm) -> Estimate:
    """Return agreements that break in a year of agreement."""
    found = spells(evidence.arm(arm))
    if len(found) < 5:
        return NOTHING
    events, years = float(found[:, 1].sum()), float(found[:, 0].sum())
    return normal(events / years, float(np.sqrt(max(events, 1.0))) / years, len(found))


def without_enforcement(evidence: Evidence) -> Estimate:
    """Return the relapse hazard of mediated agreements with nothing behind them."""
    return relapse_rate(evidence, mediated())


def with_enforcement(evidence: Evidence) -> Estimate:
    """Return the relapse hazard of agreements that are enforced for good."""
    return relapse_rate(evidence, enforced())


def log_rank(evidence: Evidence) -> Estimate:
    """Return the p-value of the log-rank test that both last equally long."""
    first, second = (spells(evidence.arm(arm)) for arm in (mediated(), enforced()))
    if min(len(first), len(second)) < 5:
        return NOTHING
    survival()
    from lifelines.statistics import logrank_test

    p = float(logrank_test(first[:, 0], second[:, 0], first[:, 1], second[:, 1]).p_value)
    return Estimate(value=p, low=p, high=p, error=0.0, n=len(first) + len(second))


FACTS = (
    Fact(
        id=21, family="settlement",
        fact="mediation helps in the short run, settlements are less durable later",
        source="Beardsley 2008, American Journal of Political Science 52(4)",
        statistics=(
            Statistic(
                part="unenforced", use="V", needs=("arms",),
                statistic="mediated agreements that break in a year of agreement, nothing behind them",
                measure=without_enforcement,
            ),
            Statistic(
                part="enforced", use="V", needs=("arms",),
                statistic="the same with peacekeepers and monitors for good",
                measure=with_enforcement,
            ),
            Statistic(
                part="log_rank", use="V", needs=("arms",),
                statistic="p-value of the log-rank test that both last equally long",
                measure=log_rank,
            ),
        ),
    ),
)  # fmt: skip
