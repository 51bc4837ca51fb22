"""One recorded run with action beside its baseline, week by week: what maps and timelines draw.

A trace is an illustration: one pair of runs, chosen by a rule, and no evidence. It is recorded by
``forestall trace`` (`experiments.trace`) and consists of tables, so that nothing here needs the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.plots.country_map import Geography
from sim.errors import ForestallError

Floats = NDArray[np.float64]
BASELINE, TREATMENT = "baseline", "treatment"
TABLES: Mapping[str, tuple[str, ...]] = {
    "places": ("place", "latitude", "longitude", "abroad"),
    "roads": ("start", "end"),
    "world": ("arm", "week"),
    "actors": ("arm", "week", "actor"),
    "armed_groups": ("arm", "week", "armed_group"),
    "communities": ("arm", "week", "place", "killed", "displaced", "peacekeepers"),
}
"""Tables of a trace, and the columns that each has at least."""
_AGENTS = {"actors": "actor", "armed_groups": "armed_group", "communities": "place"}
_ABOUT = ("country", "point", "label", "replicate", "seed", "weeks", "shock_week", "open_week")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A recorded pair of runs.

    Attributes
    ----------
    about : country, point, label (the point in words), replicate, seed, weeks, shock_week, open_week
        (first week of outside action, None for never), rule (how the run was chosen), shocks (week and
        kind), doses (name and unit of what measures add up to), endings (the outcomes by arm).
    tables : by the names of `TABLES`. Weeks are those of the run, a row holds the end of its week.
        ``world`` has one row an arm and week and a column a field of the model and of the government;
        the others one row an agent besides. Numbers of people in a place are summed over groups.
    """

    about: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
        for name in _ABOUT:
            if name not in self.about:
                raise ForestallError(f"trace: damaged, it does not say its {name}")
        for name, columns in TABLES.items():
            if name not in self.tables:
                raise ForestallError(f"trace: damaged, it has no table {name!r}")
            for column in columns:
                if column not in self.tables[name].columns:
                    raise ForestallError(f"trace: the table {name!r} has no column {column!r}")

    @property
    def weeks(self) -> int:
        """Weeks of the run."""
        return int(self.about["weeks"])

    @property
    def shock_week(self) -> int:
        """Week of the run in which the first shock falls."""
        return int(self.about["shock_week"])

    @property
    def places(self) -> list[str]:
        """Names of the places, in their order."""
        return [str(name) for name in self.tables["places"]["place"]]

    @property
    def geography(self) -> Geography:
        """Where the places lie."""
        places, roads = self.tables["places"], self.tables["roads"]
        return Geography(
            latitude=places["latitude"].to_numpy(dtype=np.float64),
            longitude=places["longitude"].to_numpy(dtype=np.float64),
            names=self.places,
            abroad=places["abroad"].to_numpy(dtype=bool),
            road_from=roads["start"].to_numpy(dtype=np.int64),
            road_to=roads["end"].to_numpy(dtype=np.int64),
        )

    def names(self, table: str) -> list[str]:
        """Return the names of the agents of a table, in their order."""
        if table == "communities":
            return self.places
        return [str(name) for name in self.tables[table][_AGENTS[table]].unique()]

    def course(self, field: str, *, arm: str = TREATMENT) -> Floats:
        """Return a field of the world week by week, shape (weeks,)."""
        rows = self._rows("world", field, arm)
        values: Floats = rows.sort_values("week")[field].to_numpy(dtype=np.float64)
        return values

    def courses(self, table: str, field: str, *, arm: str = TREATMENT) -> Floats:
        """Return a field of the agents of a table week by week, shape (weeks, agents)."""
        rows = self._rows(table, field, arm)
        wide = rows.pivot_table(
            index="week", columns=_AGENTS[table], values=field, aggfunc="first", observed=True
        )
        order = range(len(self.places)) if table == "communities" else self.names(table)
        values: Floats = wide.reindex(columns=list(order)).to_numpy(dtype=np.float64)
        return values

    def _rows(self, table: str, field: str, arm: str) -> pd.DataFrame:
        rows = self.tables[table]
        if field not in rows.columns:
            raise ForestallError(
                f"trace: the table {table!r} has no column {field!r}; record it again"
            )
        return rows[rows["arm"] == arm]


def weekly(total: Floats) -> Floats:
    """Return what was added in each week of a running total; axis 0 is the week."""
    return np.diff(total, axis=0, prepend=np.zeros_like(total[:1]))


def describe(trace: Trace) -> str:
    """Return what stands below every figure of a trace: which run it is, and how it was chosen."""
    about = trace.about
    rule = f", {about['rule']}" if about.get("rule") else ""
    return (
        f"One pair of runs, an illustration and no evidence: {about['label']}, replicate "
        f"{about['replicate']}{rule}."
    )
