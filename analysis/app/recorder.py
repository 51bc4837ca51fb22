"""One world on the Mesa engine, recorded week by week, which can be gone on with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.app.shown import RANGES
from sim.kinds import Kind
from sim.model import PreventionModel
from sim.outcomes import OUTCOMES, Z, summarise
from sim.scenario import Scenario

Floats = NDArray[np.float64]
KINDS = tuple(kind.name.lower() for kind in Kind)
"""Armed groups of a place are summed by kind: state, militia, rebel."""
FIELDS = ("killed", "displaced", "peacekeepers", "leaving", *KINDS)
"""What is kept of a place: people killed so far, displaced people there, peacekeepers, people who set
out in the week, armed persons by kind."""
_LONGEST = RANGES["weeks"][1]
_ASKING = 8  # weeks between two questions whether a course is wanted still


class StoppedError(Exception):
    """Nobody wants the course any more."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Course:
    """What happened in one world.

    Attributes
    ----------
    places : by the names of `FIELDS`, shape (weeks + 1, places); row w is the end of w weeks.
    deaths, displaced, peacekeepers, mandate : of the country, shape (weeks + 1,): direct deaths so far,
        displaced people, peacekeepers, scale of the mandate in force.
    hardship : indirect deaths so far, shape (weeks + 1,).
    outcomes : at the horizon; not a number in the beginning of a course, which has none.
    """

    places: dict[str, Floats]
    deaths: Floats
    hardship: Floats
    displaced: Floats
    peacekeepers: Floats
    mandate: Floats
    outcomes: Floats

    @property
    def weeks(self) -> int:
        """Weeks that have been run."""
        return len(self.deaths) - 1

    def beginning(self, weeks: int) -> Course:
        """Return the first so many weeks of the course."""
        rows = slice(weeks + 1)
        return Course(
            places={name: values[rows] for name, values in self.places.items()},
            deaths=self.deaths[rows], hardship=self.hardship[rows],
            displaced=self.displaced[rows], peacekeepers=self.peacekeepers[rows],
            mandate=self.mandate[rows], outcomes=np.full_like(self.outcomes, np.nan),
        )  # fmt: skip


class Recorder:
    """A world that has been run for some weeks, with what happened in them.

    What happens in a week does not depend on how many follow: a shorter course is the beginning of a
    longer one, and a longer one goes on from the shorter. So does one that was given up on the way.

    Parameters
    ----------
    case : Scenario
        The world; how long it lasts is asked of `course`.
    seed, replicate : int
        Address of its draws.
    """

    def __init__(self, case: Scenario, *, seed: int, replicate: int) -> None:
        # A record of violence is as long as its run; a world that has one is not gone on with.
        weeks = case.weeks if case.recorded.size else max(case.weeks, _LONGEST)
        self._lock = threading.Lock()
        self._model = PreventionModel(replace(case, weeks=weeks), seed=seed, replicate=replicate)
        self._kinds = [
            [index for index, group in enumerate(case.armed_groups) if group.kind == kind]
            for kind in Kind
        ]
        self._away = [sum(place.away) for place in self._model.communities]
        self._places = np.zeros((weeks + 1, len(FIELDS), len(self._away)))
        self._displaced = self._model.displaced  # before the first week
        self._write(0)

    def course(self, weeks: int, *, wanted: Callable[[], bool] = lambda: True) -> Course:
        """Return what happens in the first so many weeks, run as far as they have not been yet.

        Parameters
        ----------
        wanted : asked every few weeks; the run stops, to be gone on with, once it says no.

        Raises
        ------
        StoppedError
            It is no longer wanted.
        """
        with self._lock:
            self._run(weeks, wanted)
            return self._course(weeks)

    def run(self, weeks: int, *, wanted: Callable[[], bool] = lambda: True) -> None:
        """Run the first so many weeks as far as they have not been yet; otherwise as `course`."""
        with self._lock:
            self._run(weeks, wanted)

    def _run(self, weeks: int, wanted: Callable[[], bool]) -> None:
        model = self._model
        while model.week < weeks:
            if model.week % _ASKING == 0 and not wanted():
                raise StoppedError
            model.step()
            self._write(int(model.week))

    def _course(self, weeks: int) -> Course:
        series = self._model.series[:weeks]
        places = self._places[: weeks + 1].copy()
        outcomes = np.zeros(len(OUTCOMES))
        summarise(series, outcomes)

        def counted(column: int) -> Floats:
            return np.concatenate([[0.0], np.cumsum(series[:, column])])

        def column(at: int, before: float = 0.0) -> Floats:
            return np.concatenate([[before], series[:, at]])

        return Course(
            places={name: places[:, field] for field, name in enumerate(FIELDS)},
            deaths=counted(Z.direct_deaths), hardship=counted(Z.indirect_deaths),
            displaced=column(Z.displaced, self._displaced), peacekeepers=column(Z.peacekeepers),
            mandate=column(Z.mandate_scale), outcomes=outcomes,
        )  # fmt: skip

    def _write(self, row: int) -> None:
        """Keep what the places are at the end of so many weeks."""
        people = self._model.communities
        away = [sum(place.away) for place in people]
        armed = [place.armed for place in people]
        self._places[row] = [
            [sum(place.killed) for place in people],
            [sum(place.displaced) for place in people],
            [place.peacekeepers for place in people],
            [max(0.0, now - then) for now, then in zip(away, self._away, strict=True)],
            *([sum([here[group] for group in kind]) for here in armed] for kind in self._kinds),
        ]
        self._away = away


def record(
    case: Scenario, *, seed: int, replicate: int, wanted: Callable[[], bool] = lambda: True
) -> Course:
    """Run one world to its horizon, week by week, and return what happened where.

    Raises
    ------
    StoppedError
        It is no longer wanted.
    """
    return Recorder(case, seed=seed, replicate=replicate).course(case.weeks, wanted=wanted)
