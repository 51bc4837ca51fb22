"""What a run is recorded as: weekly series and outcomes, defined once for both engines."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np

MASS_KILLING = 1000.0
"""Civilians of one group killed within `YEAR` that make a mass killing (Early Warning Project)."""
YEAR = 52
EPISODE_DEATHS = 25.0
"""Direct deaths within `EPISODE_WEEKS` with which an episode of violence begins (UCDP's threshold)."""
EPISODE_WEEKS = 4
EPISODE_QUIET = 26
"""Weeks without a death after which an episode has ended."""

ENDINGS = ("none", "ongoing", "agreement", "exhaustion", "victory", "subsided")
"""Values of the outcome `end_kind`, by number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recorded number.

    Attributes
    ----------
    name : str
        Column in stored results.
    unit : str
        Unit; a week that never came is -1.
    kind : str
        "flag" (0 or 1), "count", "week", "money", "share" or "code".
    description : str
        What it is, in one sentence.
    """

    name: str
    unit: str
    kind: str
    description: str


SERIES: tuple[Outcome, ...] = (
    Outcome("direct_deaths", "people/week", "count", "Civilians killed in the week."),
    Outcome(
        "indirect_deaths", "people/week", "count", "Displaced who died of hardship in the week."
    ),
    Outcome("displaced", "people", "count", "Displaced people, at home and abroad."),
    Outcome("refugees", "people", "count", "Of these, people abroad."),
    Outcome("peacekeepers", "peacekeepers", "count", "Peacekeepers in the country."),
    Outcome("threat", "share", "share", "Threat that the government perceives."),
    Outcome("mandate_scale", "share", "share", "Scale of the mandate in force."),
    Outcome("agreement", "share", "share", "1 while a settlement is in force."),
    Outcome("victory", "code", "code", "Who has won: nobody 0, the state 1, rebels 2."),
    Outcome("exhausted", "0 or 1", "flag", "1 while a side that has fought is exhausted."),
    Outcome(
        "places_attacked", "communities", "count", "Communities where someone was ever killed."
    ),
    Outcome("spent", "million USD", "money", "Endowment spent since the start."),
    Outcome("deaths_to_date", "people", "count", "Civilians killed since the start."),
)

OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        "mass_killing",
        "0 or 1",
        "flag",
        "1,000 civilians of one group or more were killed within 52 weeks.",
    ),
    Outcome("direct_deaths", "people", "count", "Civilians killed."),
    Outcome("indirect_deaths", "people", "count", "Displaced who died of hardship."),
    Outcome(
        "largest_year_deaths",
        "people",
        "count",
        "Most civilians of one group killed within 52 weeks.",
    ),
    Outcome("displaced", "people", "count", "Displaced people at the end."),
    Outcome("refugees", "people", "count", "Of these, people abroad."),
    Outcome(
        "communities_attacked", "communities", "count", "Communities where someone was killed."
    ),
    Outcome("onset_week", "week", "week", "Week in which the mass killing reached its threshold."),
    Outcome("peak_week", "week", "week", "Week with the most direct deaths."),
    Outcome(
        "duration_weeks",
        "weeks",
        "count",
        "Weeks of the first episode: from 25 deaths in four weeks to its last death.",
    ),
    Outcome(
        "end_kind",
        "code",
        "code",
        "How that episode ended: 0 none, 1 ongoing, 2 agreement, 3 exhaustion, 4 victory, 5 subsided: "
        "nobody settled, won or was spent.",
    ),
    Outcome(
        "episodes", "episodes", "count", "Episodes of violence; more than one is a recurrence."
    ),
    Outcome(
        "end_week",
        "week",
        "week",
        "Week after the last death of the first episode, once it is over.",
    ),
    Outcome("recurrence_week", "week", "week", "Week in which a second episode began."),
    Outcome(
        "recurred_5_years", "0 or 1", "flag", "A second episode began within 5 years of that end."
    ),
    Outcome(
        "recurred_10_years", "0 or 1", "flag", "A second episode began within 10 years of that end."
    ),
    Outcome("mandate_week", "week", "week", "Week of the first mandate."),
    Outcome(
        "arrival_week",
        "week",
        "week",
        "First week with half of the run's largest number of peacekeepers.",
    ),
    Outcome("endowment_spent", "million USD", "money", "Endowment spent."),
)

_SERIES_NAMES = [outcome.name for outcome in SERIES]

#: Positions in a series; the weekly deaths of each group follow from ``Z.killed_first`` on.
Z: Any = namedtuple("Z", [*_SERIES_NAMES, "killed_first"])(*range(len(_SERIES_NAMES) + 1))

#: Positions of the outcomes of a run.
O: Any = namedtuple("O", [outcome.name for outcome in OUTCOMES])(  # noqa: E741
    *range(len(OUTCOMES))
)


def summarise(series: np.ndarray, out: np.ndarray) -> None:
    """Write the outcomes of a run from its weekly record.

    Parameters
    ----------
    series : ndarray, shape (weeks, len(SERIES) + groups)
        Weekly record.
    out : ndarray, shape (len(OUTCOMES),)
        Where the outcomes go.
    """
    last = series.shape[0] - 1
    out[:] = 0.0
    out[O.onset_week] = out[O.mandate_week] = out[O.arrival_week] = out[O.peak_week] = -1.0
    out[O.end_week] = out[O.recurrence_week] = -1.0
    peak = forces = 0.0
    for week in range(last + 1):
        deaths = series[week, Z.direct_deaths]
        out[O.direct_deaths] += deaths
        out[O.indirect_deaths] += series[week, Z.indirect_deaths]
        if deaths > peak:
            peak = deaths
            out[O.peak_week] = week
        if series[week, Z.peacekeepers] > forces:
            forces = series[week, Z.peacekeepers]
        if out[O.mandate_week] < 0.0 and series[week, Z.mandate_scale] > 0.0:
            out[O.mandate_week] = week
    if forces > 0.0:
        for week in range(last, -1, -1):
            if series[week, Z.peacekeepers] >= 0.5 * forces:
                out[O.arrival_week] = week
    out[O.displaced] = series[last, Z.displaced]
    out[O.refugees] = series[last, Z.refugees]
    out[O.communities_attacked] = series[last, Z.places_attacked]
    out[O.endowment_spent] = series[last, Z.spent]
    _largest_year(series, out)
    _episodes(series, out)


def _largest_year(series: np.ndarray, out: np.ndarray) -> None:
    """Slide a year over each group's deaths; the first crossing of the threshold is the onset."""
    for column in range(Z.killed_first, series.shape[1]):
        within = 0.0
        for week in range(series.shape[0]):
            within += series[week, column]
            if week >= YEAR:
                within -= series[week - YEAR, column]
            if within > out[O.largest_year_deaths]:
                out[O.largest_year_deaths] = within
            if within >= MASS_KILLING:
                out[O.mass_killing] = 1.0
                if out[O.onset_week] < 0.0 or week < out[O.onset_week]:
                    out[O.onset_week] = week


def _episodes(series: np.ndarray, out: np.ndarray) -> None:
    """Count episodes and time the first one."""
    begun = -1
    quiet = 0
    first_end = -1
    recent = 0.0
    for week in range(series.shape[0]):
        deaths = series[week, Z.direct_deaths]
        recent += deaths
        if week >= EPISODE_WEEKS:
            recent -= series[week - EPISODE_WEEKS, Z.direct_deaths]
        if begun < 0:
            if recent >= EPISODE_DEATHS:
                begun = week
                quiet = 0
                out[O.episodes] += 1.0
                if out[O.episodes] == 1.0:
                    out[O.duration_weeks] = 1.0
                elif out[O.episodes] == 2.0:
                    _recur(week, first_end, out)
            continue
        quiet = 0 if deaths > 0.0 else quiet + 1
        if out[O.episodes] == 1.0:
            out[O.duration_weeks] = week - quiet - begun + 1
        if quiet >= EPISODE_QUIET:
            if out[O.episodes] == 1.0:
                first_end = week - quiet
            begun = -1
    if out[O.episodes] > 0.0:
        out[O.end_kind] = 1.0
        if first_end >= 0:
            # An agreement of the week after the last death is what stopped the killing.
            settled = (
                series[first_end, Z.agreement] > 0.5 or series[first_end + 1, Z.agreement] > 0.5
            )
            won = series[first_end, Z.victory] > 0.5 or series[first_end + 1, Z.victory] > 0.5
            spent = series[first_end, Z.exhausted] > 0.5
            out[O.end_kind] = 2.0 if settled else 4.0 if won else 3.0 if spent else 5.0
            out[O.end_week] = first_end + 1


def _recur(week: int, first_end: int, out: np.ndarray) -> None:
    """Note when a second episode began; whether it had time to is known from `end_week`."""
    out[O.recurrence_week] = week
    if week - first_end <= 5 * YEAR:
        out[O.recurred_5_years] = 1.0
    if week - first_end <= 10 * YEAR:
        out[O.recurred_10_years] = 1.0
