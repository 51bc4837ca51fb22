"""What figures and the report are made of: stored results, and tables computed when first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.comparison import effects_table
from analysis.surface import surface_table
from analysis.trace import Trace
from experiments import results, trace
from experiments.compare import points_with
from experiments.results import Results
from experiments.tasks import BASELINE, TREATMENT
from sim.errors import ForestallError

DECOMPOSITION = "decomposition.csv"


class Material:
    """A folder of results, read as far as a figure needs it.

    Parameters
    ----------
    path : the folder that a sweep, or ``forestall explain output=``, wrote.
    where : levers and the values that points must have; all points when empty.
    outcomes : of the paired runs that are needed, of those that are stored; all when None.
    """

    def __init__(
        self,
        path: Path | str,
        where: Mapping[str, Sequence[Any]] | None = None,
        *,
        outcomes: Sequence[str] | None = None,
    ) -> None:
        self.path = Path(path).expanduser()
        self._where = dict(where or {})
        self._outcomes = outcomes

    @cached_property
    def found(self) -> Results:
        """The stored results."""
        return results.open(self.path)

    @cached_property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Design and paired runs of the points that were asked for."""
        wanted = self._outcomes
        if wanted is not None:
            wanted = [name for name in wanted if name in self.found.outcomes]
        return points_with(self.found.design, self.found.paired(wanted), self._where)

    @property
    def design(self) -> pd.DataFrame:
        """One row a point that was asked for, and their baselines."""
        return self.tables[0]

    @property
    def paired(self) -> pd.DataFrame:
        """One row a pair of runs of these points."""
        return self.tables[1]

    @cached_property
    def surface(self) -> pd.DataFrame:
        """See `analysis.surface.surface_table`."""
        return surface_table(self.design, self.paired)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """See `analysis.comparison.effects_table`."""
        return effects_table(self.design, self.paired)

    @cached_property
    def trace(self) -> Trace:
        """The run that is recorded beside the results."""
        return trace.read(self.path)

    @cached_property
    def parts(self) -> pd.DataFrame:
        """What ``forestall explain`` divided by mechanism, see `analysis.decomposition`."""
        file = self.path / DECOMPOSITION
        if not file.is_file():
            raise ForestallError(
                f"{self.path}: no parts by mechanism; forestall explain output=DIR writes them to DIR"
            )
        try:
            return pd.read_csv(file)
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:80]
            raise ForestallError(f"{file}: damaged, explain it again ({reason})") from None

    @property
    def country(self) -> str:
        """Name of the country; of several, the first."""
        return str(self.found.config["country"]["name"])

    @property
    def weeks(self) -> int:
        """Horizon of the runs, weeks."""
        return int(self.found.config["weeks"])

    @property
    def shock_week(self) -> int:
        """Week of the first dated shock, 0 without one."""
        shocks = self.found.config["country"].get("shocks") or []
        weeks = [int(shock["week"]) for shock in shocks if "week" in shock]
        return min((week for week in weeks if week >= 0), default=0)

    def weekly(self, points: Sequence[str], series: Sequence[str]) -> pd.DataFrame:
        """Return weekly quantiles of some points and their baselines, in one long table."""
        blocks = [
            self.found.weekly_quantiles(name, point, arm)
            for point in points
            for arm in (TREATMENT, BASELINE)
            for name in series
            if name in self.found.series
        ]
        if not blocks:
            return pd.DataFrame(columns=["point", "series", "week", "quantile", "value"])
        return pd.concat(blocks).drop_duplicates(["point", "series", "week", "quantile"])
