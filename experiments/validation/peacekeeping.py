"""Peacekeeping: what troops, police and observers do, as paired experiments in the same crises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.arms import (
    ARRIVAL,
    LONG,
    STRONG,
    deaths_ratio,
    idle,
    log_deaths_difference,
    peacekeepers,
    police,
)
from experiments.validation.estimates import NOTHING, Estimate, normal, ratio_of_sums
from experiments.validation.evidence import FREE, Arm
from experiments.validation.facts import ANY, Fact, Statistic
from experiments.validation.recurrence import recurrence_rates

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

_ASKED = (2000.0, 4000.0, 8000.0, 16000.0, 32000.0)
_EIGHT = 8000.0
_MAJOR = 1000.0


def troops_ratio(evidence: Evidence) -> Estimate:
    """Return deaths with 8,000 peacekeepers in the country over deaths with none.

    Not all who are asked for come: the ratio of the sizes asked for is read off where 8,000 are there,
    by straight lines between them.
    """
    none = evidence.arm(idle())
    there, logs, errors = [0.0], [0.0], [0.0]
    for asked in _ASKED:
        runs = evidence.arm(peacekeepers(asked))
        found = deaths_ratio(runs, none)
        if not np.isfinite(found.value):
            return NOTHING
        there.append(float(runs.peacekeepers[:, 26 + 2 * ARRIVAL :].mean()))
        logs.append(float(np.log(found.value)))
        errors.append(found.error)
    if max(there) < _EIGHT:
        return NOTHING
    value, error = (float(np.interp(_EIGHT, there, column)) for column in (logs, errors))
    return normal(float(np.exp(value)), error, len(none), log=True)


def police_ratio(evidence: Evidence) -> Estimate:
    """Return deaths with 200 police over deaths with none: below one is a negative slope."""
    return deaths_ratio(evidence.arm(police(200.0)), evidence.arm(idle()))


def police_in_a_mission_ratio(evidence: Evidence) -> Estimate:
    """Return deaths in a mission of 8,000 with 200 police over deaths in the same without police."""
    mission = peacekeepers(_EIGHT)
    with_police = replace(mission, measures={**mission.measures, **police(200.0).measures})
    return deaths_ratio(evidence.arm(with_police), evidence.arm(mission))


def observers_ratio(evidence: Evidence) -> Estimate:
    """Return deaths with 200 observers alone over deaths with none."""
    observers = Arm(
        measures={"agreement_monitoring": {**FREE, "intensity": 200.0}}, mean=STRONG, dispersion=0.0
    )
    return deaths_ratio(evidence.arm(observers), evidence.arm(idle()))


def largest() -> Arm:
    """Return the arm with the largest feasible deployment under a strong mandate."""
    return Arm(
        measures={
            "peacekeeping": {**FREE, "intensity": 20_000.0},
            "protective_environment": {**FREE, "intensity": 2000.0},
        },
        arrival=ARRIVAL, mean=STRONG, dispersion=0.0, years=LONG,
    )  # fmt: skip


def incidence_cut(evidence: Evidence) -> Estimate:
    """Return by what share the largest deployment lowers years of major violence."""
    with_it, without = (_major_years(evidence, arm) for arm in (largest(), idle(LONG)))
    ratio = ratio_of_sums(with_it, without)
    if not np.isfinite(ratio.value):
        return NOTHING
    return Estimate(
        value=1.0 - ratio.value, low=1.0 - ratio.high, high=1.0 - ratio.low,
        error=ratio.error * ratio.value, n=ratio.n,
    )  # fmt: skip


def _major_years(evidence: Evidence, arm: Arm) -> np.ndarray:
    """Return the years with 1,000 deaths or more of each run, after the first."""
    deaths = evidence.arm(arm).deaths
    by_year = deaths.reshape(len(deaths), -1, 52).sum(axis=2)
    return np.asarray((by_year[:, 1:] >= _MAJOR).sum(axis=1))


def violence_difference(evidence: Evidence) -> Estimate:
    """Return the difference of log deaths with and without peacekeepers."""
    return log_deaths_difference(
        evidence.arm(peacekeepers(_EIGHT, years=LONG)), evidence.arm(idle(LONG))
    )


def duration_ratio(evidence: Evidence) -> Estimate:
    """Return the mean weeks of first episodes with peacekeepers over those without."""
    arms = (peacekeepers(_EIGHT, years=LONG), idle(LONG))
    with_it, without = (evidence.arm(arm).outcome("duration_weeks") for arm in arms)
    return ratio_of_sums(with_it, without)


def peace_ratio(evidence: Evidence) -> Estimate:
    """Return recurrences in a year of peace with peacekeepers over those without."""
    arms = (peacekeepers(_EIGHT, years=LONG), idle(LONG))
    return recurrence_rates(*(evidence.arm(arm) for arm in arms))


FACTS = (
    Fact(
        id=13, family="peacekeeping",
        fact="civilians killed a month: 106 with no UN troops, under 2 with 8,000; police 96 to 14 "
        "with 200; observers do not help",
        source="Hultman, Kathman & Shannon 2013, American Journal of Political Science 57(4); disputed "
        "on the same data by Kocher",
        statistics=(
            Statistic(
                part="troops", use="S", needs=("arms",), low=0.02, high=0.6, log=True,
                statistic="deaths with 8,000 peacekeepers over deaths with none",
                measure=troops_ratio,
            ),
            Statistic(
                part="police", use="S", needs=("arms",), low=-ANY, high=1.0, log=True,
                statistic="deaths with 200 police over deaths with none", measure=police_ratio,
            ),
            Statistic(
                part="police in a mission", use="S", needs=("arms",), log=True,
                statistic="deaths with 8,000 peacekeepers and 200 police over deaths with these "
                "peacekeepers alone (the record holds the rest of a mission constant)",
                measure=police_in_a_mission_ratio,
            ),
            Statistic(
                part="observers", use="S", needs=("arms",), log=True,
                statistic="deaths with 200 observers over deaths with none (recorded: no help)",
                measure=observers_ratio,
            ),
        ),
    ),
    Fact(
        id=15, family="peacekeeping",
        fact="strong mandates could have cut major armed conflict by up to two thirds, 2001-13",
        source="Hegre, Hultman & Nygard 2019, Journal of Politics 81(1)",
        statistics=(
            Statistic(
                use="V", needs=("arms",), low=0.30, high=0.70,
                statistic="share of years with 1,000 deaths that the largest feasible deployment "
                "prevents",
                measure=incidence_cut,
            ),
        ),
    ),
    Fact(
        id=16, family="peacekeeping",
        fact="peacekeeping: less violence, shorter wars, longer peace",
        source="Walter, Howard & Fortna 2021, British Journal of Political Science 51(4)",
        statistics=(
            Statistic(
                part="violence", use="S", needs=("arms",), high=0.0,
                statistic="difference of log deaths with 8,000 peacekeepers",
                measure=violence_difference,
            ),
            Statistic(
                part="duration", use="S", needs=("arms",), high=1.0, log=True,
                statistic="mean duration of first episodes with them over without",
                measure=duration_ratio,
            ),
            Statistic(
                part="peace", use="S", needs=("arms",), high=1.0, log=True,
                statistic="recurrences in a year of peace with them over without",
                measure=peace_ratio,
            ),
        ),
    ),
)  # fmt: skip
