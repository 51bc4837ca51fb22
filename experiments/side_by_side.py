"""Two runs on the same draws, compared after every process: where they come apart, and when.

Both runs are ordinary runs of the agents engine. Each notes its whole state after every process of
the schedule; a difference is introduced by a process when the two runs held the same value just
before it and hold different ones just after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.ensemble import FIELDS, STATE
from sim.fields import Field
from sim.model import PreventionModel
from sim.outcomes import SERIES
from sim.scenario import Scenario
from sim.schedule import Process

OUTSET = Process("outset", "outset", "", "outset", 0)
"""Stands for a process where two worlds differ before the first week."""
WEEKLY = ("deaths_to_date", "displaced", "peacekeepers", "threat", "mandate_scale")
"""Series of the weekly table; the two runs' columns end in `WITH` and `WITHOUT`."""
WITH, WITHOUT = "_with", "_without"

# Where the model keeps the agents of a table whose name is not theirs.
_HOLDERS = {"armed": "armed_groups", "people": "communities", "presence": "communities"}


class Slot(NamedTuple):
    """One number of the state: a field of one agent, and of whom it is there (a group, "" else)."""

    table: str
    field: Field
    agent: str
    of: str


class Moment(NamedTuple):
    """The whole state just after a process, one number a `Slot`."""

    process: Process
    state: list[float]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What the comparison of two runs found.

    Attributes
    ----------
    differences : one row for each state variable that ever differs, in the order in which they first
        do: week, stage, mechanism, process, table, field, unit, meaning; how many agents' values
        differ then, and the largest of these differences: agent, of, with_action, without.
    weekly : one row a week: the two runs' `WEEKLY` series, the agents' states that came to differ
        (new_states) and through which mechanisms (introduced, "killing 4, flight 2").
    outcomes : shape (2, outcomes), the first run and the second.
    differing_at_end : agents' states that differ at the horizon.
    states : agents' states that were compared.
    """

    differences: pd.DataFrame
    weekly: pd.DataFrame
    outcomes: np.ndarray
    differing_at_end: int
    states: int


class WatchedModel(PreventionModel):
    """The model, noting its state after every process of a week; nothing else about it differs.

    Attributes
    ----------
    moments : list of Moment
        Of the week under way; whoever reads them clears them.
    """

    def __init__(self, case: Scenario, *, seed: int, replicate: int) -> None:
        super().__init__(case, seed=seed, replicate=replicate)
        self.moments: list[Moment] = []
        self._read_state = state_reader(self)

    def _performer(self, process: Process) -> Callable[[], object]:
        perform = super()._performer(process)

        def watched() -> None:
            perform()
            self.moments.append(Moment(process, self._read_state()))

        return watched


def state_reader(model: PreventionModel) -> Callable[[], list[float]]:
    """Return what reads every field of every agent, in the order of `slots_of`.

    It is called after every process, so whatever stays is found once: who the agents are, and which of
    their fields are lists.
    """
    pieces: list[tuple[Callable[[Any], Iterable[float]], Any]] = []
    for table, fields in zip(STATE, FIELDS, strict=True):
        for holder in _holders(model, table):

            def is_list(name: str, holder: Any = holder) -> bool:
                return isinstance(getattr(holder, name), list)

            for lists, names in groupby((field.name for field in fields), is_list):
                pieces.append((_reader(list(names), lists=lists), holder))

    def read() -> list[float]:
        state: list[float] = []
        for values_of, holder in pieces:
            state.extend(values_of(holder))
        return state

    return read


def _reader(names: list[str], *, lists: bool) -> Callable[[Any], Iterable[float]]:
    """Return what gives the values of these fields of an agent, one after the other."""
    get: Callable[[Any], Any] = attrgetter(*names)
    if len(names) == 1:  # of one name alone it gives the value, no tuple
        return get if lists else lambda holder: (get(holder),)
    return (lambda holder: chain.from_iterable(get(holder))) if lists else get


def slots_of(model: PreventionModel) -> Iterator[Slot]:
    """Yield what each number of `state_reader` is."""
    groups = model.case.country.groups
    inner: dict[str, Sequence[str]] = {
        "people": groups,
        "presence": [group.name for group in model.case.armed_groups],
    }
    for table, fields in zip(STATE, FIELDS, strict=True):
        for index, holder in enumerate(_holders(model, table)):
            name = groups[index] if table == "groups" else getattr(holder, "name", "")
            for field in fields:
                value = getattr(holder, field.name)
                if not isinstance(value, list):
                    yield Slot(table, field, str(name), "")
                    continue
                for of in inner.get(table, range(len(value))):
                    yield Slot(table, field, str(name), str(of))


def _holders(model: PreventionModel, table: str) -> list[Any]:
    if table == "world":
        return [model]
    held = getattr(model, _HOLDERS.get(table, table))
    return held if isinstance(held, list) else [held]


def compare(first: Scenario, second: Scenario, *, seed: int, replicate: int) -> Comparison:
    """Run two scenarios of one structure and horizon side by side and compare them.

    Parameters
    ----------
    first, second : the world with action and the one without, as the columns call them; any two
        scenarios that share their structure can be compared.
    seed, replicate : address of the draws that both share.
    """
    found = compare_while(lambda weeks: True, first, second, seed=seed, replicate=replicate)
    assert found is not None
    return found


def compare_while(
    goes_on: Callable[[int], bool],
    first: Scenario, second: Scenario, *, seed: int, replicate: int,
) -> Comparison | None:  # fmt: skip
    """Compare two scenarios as `compare` does, as long as somebody wants it.

    Parameters
    ----------
    goes_on : called before every week with the weeks that have been compared; the comparison ends once
        it says no.
    first, second, seed, replicate : as of `compare`.

    Returns
    -------
    What was found; None if it was not wanted to the end.
    """
    runs = [WatchedModel(case, seed=seed, replicate=replicate) for case in (first, second)]
    found = Differences(list(slots_of(runs[0])))
    found.note(-1, OUTSET, *(state_reader(run)() for run in runs))
    introduced = []
    for week in range(first.weeks):
        if not goes_on(week):
            return None
        for run in runs:
            run.moments.clear()
            run.step()
        introduced.append(found.week(week, *(run.moments for run in runs)))
    return Comparison(
        differences=found.table(),
        weekly=_weekly(runs, introduced),
        outcomes=np.stack([run.outcomes() for run in runs]),
        differing_at_end=int(found.differ.sum()),
        states=len(found.slots),
    )


class Differences:
    """The differences found so far: give it the states after every process, in order."""

    def __init__(self, slots: list[Slot]) -> None:
        self.slots = slots
        self.differ = np.zeros(len(slots), dtype=bool)
        names = [(slot.table, slot.field.name) for slot in slots]
        order = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self._variable = np.array([order[name] for name in names])
        self._seen: set[int] = set()
        self._rows: list[dict[str, Any]] = []

    def week(self, week: int, first: Iterable[Moment], second: Iterable[Moment]) -> Counter[str]:
        """Compare the moments of one week; return new differences by mechanism."""
        new: Counter[str] = Counter()
        for one, other in zip(first, second, strict=True):
            assert one.process is other.process
            if count := self.note(week, one.process, one.state, other.state):
                new[one.process.mechanism] += count
        return new

    def note(self, week: int, process: Process, one: list[float], other: list[float]) -> int:
        """Compare the states after a process; return how many numbers have come to differ."""
        if one == other:  # lists of floats compare ten times as fast as they become arrays
            self.differ[:] = False
            return 0
        here, there = np.array(one, dtype=np.float64), np.array(other, dtype=np.float64)
        differ = here != there
        new = differ & ~self.differ
        self.differ = differ
        for variable in np.unique(self._variable[new]):
            if variable not in self._seen:
                self._seen.add(variable)
                chosen = np.flatnonzero(differ & (self._variable == variable))
                self._rows.append(self._row(week, process, chosen, here, there))
        return int(new.sum())

    def _row(
        self, week: int, process: Process, chosen: np.ndarray, here: np.ndarray, there: np.ndarray
    ) -> dict[str, Any]:
        largest = chosen[np.argmax(np.abs(here[chosen] - there[chosen]))]
        slot = self.slots[largest]
        return {
            "week": week,
            "stage": process.stage,
            "mechanism": process.mechanism,
            "process": process.name,
            "table": slot.table,
            "field": slot.field.name,
            "unit": slot.field.unit,
            "meaning": slot.field.meaning,
            "agents": len(chosen),
            "agent": slot.agent,
            "of": slot.of,
            "with_action": float(here[largest]),
            "without": float(there[largest]),
        }

    def table(self) -> pd.DataFrame:
        """Return the first differences, see `Comparison`."""
        return pd.DataFrame(self._rows, columns=list(_COLUMNS))


_COLUMNS = (
    "week", "stage", "mechanism", "process", "table", "field", "unit", "meaning", "agents", "agent",
    "of", "with_action", "without",
)  # fmt: skip


def _weekly(runs: Sequence[PreventionModel], introduced: Sequence[Counter[str]]) -> pd.DataFrame:
    """Return the weekly table; a record is of the end of its week."""
    names = [series.name for series in SERIES]
    columns: dict[str, Any] = {"week": np.arange(len(introduced))}
    for name in WEEKLY:
        for run, end in zip(runs, (WITH, WITHOUT), strict=True):
            columns[name + end] = run.series[:, names.index(name)]
    columns["new_states"] = [new.total() for new in introduced]
    columns["introduced"] = [
        ", ".join(f"{name} {count}" for name, count in new.most_common()) for new in introduced
    ]
    return pd.DataFrame(columns)
