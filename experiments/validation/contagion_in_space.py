"""Contagion in space: violence beside violence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from analysis.moran import Moran, moran
from experiments.validation.arms import peacekeepers
from experiments.validation.calibration_facts import SOME_DEATHS, spread_ratio
from experiments.validation.estimates import NOTHING, Estimate, weighted_share
from experiments.validation.facts import ANY, Fact, Statistic, may_calibrate

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence


def beside_peacekeepers(evidence: Evidence) -> Estimate:
    """Return the hazard ratio of a community with a violent neighbour where peacekeepers are."""
    return spread_ratio(evidence.arm(peacekeepers(8000.0)))


def clustered(evidence: Evidence) -> Estimate:
    """Return the share of violent runs whose deaths by place have a Moran's I above 0."""
    return _share(evidence, lambda found: found.value > 0.0)


def clustered_beyond_chance(evidence: Evidence) -> Estimate:
    """Return the share of violent runs in which 5 % of permutations at most are as clustered."""
    return _share(evidence, lambda found: found.p <= 0.05)


def _share(evidence: Evidence, holds: Callable[[Moran], bool]) -> Estimate:
    runs = evidence.maps
    total = runs.place_deaths.sum(axis=0)
    violent = np.flatnonzero(total.sum(axis=1) >= SOME_DEATHS)
    found = [moran(np.log1p(total[run]), runs.near[run]) for run in violent]
    kept = [index for index, one in enumerate(found) if np.isfinite(one.value)]
    if len(kept) < 5:
        return NOTHING
    return weighted_share([holds(found[index]) for index in kept], runs.weight[violent[kept]])


FACTS = (
    Fact(
        id=12, family="contagion in space",
        fact="risk more than 70 % higher next to a recent conflict without peacekeepers, not "
        "significantly with them",
        source="Beardsley 2011, Journal of Politics 73(4)",
        statistics=(
            may_calibrate("12.ratio"),
            Statistic(
                part="peacekeepers", use="V", needs=("arms",), log=True,
                statistic="the same in crises with peacekeepers (recorded: not above 1 for sure)",
                measure=beside_peacekeepers,
            ),
            Statistic(
                part="moran", use="V", needs=("maps",), low=0.8, high=ANY,
                statistic="share of violent runs with Moran's I of deaths by place above 0",
                measure=clustered,
            ),
            Statistic(
                part="moran_permutations", use="V", needs=("maps",),
                statistic="share of violent runs in which it is beyond 95 % of permutations",
                measure=clustered_beyond_chance,
            ),
        ),
    ),
)  # fmt: skip
