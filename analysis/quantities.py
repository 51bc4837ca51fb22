"""What sensitivity and discovery can be asked about: one number a run, or a pair of runs, by its name.

Every stored outcome is one under its own name, its fall against the baseline under ``NAME_averted``,
and so are columns of a user's own (`experiments.own_outcomes`). A run in which an outcome has no
meaning has no number (NaN) here: the week of the peak where nobody died, a recurrence within years
that the horizon does not hold (as in `analysis.comparison`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.comparison import BASELINE, ONLY_IF_BOTH, WITHIN
from sim.errors import ForestallError, shortened, unknown_name
from sim.outcomes import ENDINGS, OUTCOMES, Outcome

Floats = NDArray[np.float64]
AVERTED = "_averted"
_ENDING = "end_kind"
_END_WEEK = "end_week"
_TITLES = {
    "mass_killing": "probability of mass killing",
    "recurred_5_years": "probability of a recurrence within 5 years",
    "recurred_10_years": "probability of a recurrence within 10 years",
}
_KNOWN = {outcome.name: outcome for outcome in OUTCOMES}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One number a run.

    Attributes
    ----------
    name : in tables, and on the command line.
    title, unit : for people; the unit is that of a mean over runs.
    of : makes it from a table of runs, one column an outcome, beside ``point`` and ``replicate``.
    reads : outcomes that it is made of; every one that is stored when None.
    averted : title of its fall against the baseline, where it has one of its own.
    """

    name: str
    title: str
    unit: str
    of: Callable[[pd.DataFrame], ArrayLike]
    reads: tuple[str, ...] | None = None
    averted: str = ""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number of a run with action, or of a pair of runs: `column`, or its fall.

    Attributes
    ----------
    name, title, unit, reads : as of a `Column`.
    column : what it is of.
    fall : whether it is what the baseline has more of than the run with action.
    """

    name: str
    title: str
    unit: str
    column: Column
    fall: bool = False

    @property
    def reads(self) -> tuple[str, ...] | None:
        """Outcomes that it is made of; every one that is stored when None."""
        return self.column.reads

    def of(self, pairs: pd.DataFrame) -> Floats:
        """Return its values from a table of pairs, as `experiments.results.Results.paired` makes it.

        Raises
        ------
        ForestallError
            A column of a user's own is no number a run.
        """
        treated = _values(self.column, _arm(pairs, ""))
        return _values(self.column, _arm(pairs, BASELINE)) - treated if self.fall else treated


def quantity_named(
    name: str,
    *,
    weeks: int,
    outcomes: Sequence[str] = tuple(_KNOWN),
    own: Sequence[Column] = (),
    key: str = "quantity",
) -> Quantity:
    """Return the quantity of a name.

    Parameters
    ----------
    name : of a stored outcome, of one of `own`, of ``log_deaths``, ``end_kind_...``, or one of these
        with ``_averted``; ``deaths_averted`` are the direct ones.
    weeks : horizon of the runs. A week that never came counts as the horizon (a restricted mean;
        Royston & Parmar 2013).
    outcomes : names of what is stored.
    own : columns of a user's own.
    key : what an error names.

    Raises
    ------
    ForestallError
        There is none, the message names the nearest; or it has no mean, being a code.
    """
    known = _quantities([*_columns(outcomes, weeks), *own])
    if name in known:
        return known[name]
    if name.removesuffix(AVERTED) == _ENDING and _ENDING in outcomes:
        kinds = ", ".join(f"{_ENDING}_{kind}" for kind in ENDINGS)
        raise ForestallError(f"{key}: {name} is a code, which has no mean; take one of {kinds}")
    raise unknown_name(key, name, known)


def _columns(outcomes: Sequence[str], weeks: int) -> list[Column]:
    """Return what can be made of stored outcomes; of a code a column a value."""
    columns = [
        _column(_KNOWN.get(name, Outcome(name, "", "count", "")), weeks, outcomes)
        for name in outcomes
        if name != _ENDING
    ]
    if _ENDING in outcomes:
        columns += [_ending(code, kind) for code, kind in enumerate(ENDINGS)]
    if "direct_deaths" in outcomes:
        log_deaths = Column(
            name="log_deaths", title="log(1 + direct deaths)", unit="log units",
            of=lambda runs: np.log1p(runs["direct_deaths"]), reads=("direct_deaths",),
        )  # fmt: skip
        columns.append(log_deaths)
    return columns


def _column(outcome: Outcome, weeks: int, outcomes: Sequence[str]) -> Column:
    name, words = outcome.name, outcome.name.replace("_", " ")
    title, unit = words, f"{outcome.unit} per run" if outcome.unit else "per run"
    reads: tuple[str, ...] = (name,)
    if outcome.kind == "flag":
        title, unit = _TITLES.get(name, f"share of runs with {words}"), "share of runs"
        if name in WITHIN and _END_WEEK in outcomes:
            reads = (name, _END_WEEK)
    elif outcome.kind == "week":
        unit = "weeks from the first of a run"
        if name not in ONLY_IF_BOTH:
            title = f"{words} (where never, {weeks})"
    averted = "direct deaths averted" if name == "direct_deaths" else ""

    def of(runs: pd.DataFrame) -> Floats:
        values: Floats = runs[name].to_numpy(np.float64)
        if outcome.kind == "flag":
            values = (values > 0).astype(np.float64)
        elif outcome.kind == "week":
            values = np.where(values < 0, np.nan if name in ONLY_IF_BOTH else weeks, values)
        if _END_WEEK in reads and name != _END_WEEK:
            ended = runs[_END_WEEK].to_numpy(np.float64)
            values = np.where((ended >= 0) & (ended <= weeks - WITHIN[name]), values, np.nan)
        return values

    return Column(name=name, title=title, unit=unit, of=of, reads=reads, averted=averted)


def _ending(code: int, kind: str) -> Column:
    said = {"none": "that there is no episode", "ongoing": "that the first episode does not end"}
    return Column(
        name=f"{_ENDING}_{kind}", unit="share of runs", reads=(_ENDING,),
        title=f"probability {said.get(kind, f'that the first episode ends: {kind}')}",
        of=lambda runs: runs[_ENDING].to_numpy(np.float64) == code,
    )  # fmt: skip


def _quantities(columns: Sequence[Column]) -> dict[str, Quantity]:
    found = {}
    for one in columns:
        title = one.averted or f"fall in {one.title} against the baseline"
        # A difference of two weeks is one of weeks, wherever they are counted from.
        unit = "weeks" if one.unit.startswith("weeks from") else one.unit
        name = f"{one.name}{AVERTED}"
        found[one.name] = Quantity(name=one.name, title=one.title, unit=one.unit, column=one)
        found[name] = Quantity(name=name, title=title, unit=unit, column=one, fall=True)
        if one.name == "direct_deaths":
            found["deaths_averted"] = Quantity(
                name="deaths_averted", title=title, unit=unit, column=one, fall=True
            )
    return found


def _arm(pairs: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return the runs of one arm of pairs: ``point``, ``replicate`` and its outcomes by their names."""
    names = [str(name) for name in pairs.columns]
    outcomes = [name for name in names if BASELINE + name in names]
    runs = pairs[["point", "replicate", *(prefix + name for name in outcomes)]]
    return runs.set_axis(["point", "replicate", *outcomes], axis="columns")


def _values(column: Column, runs: pd.DataFrame) -> Floats:
    """Return a column of runs; what a user's own function returns is checked."""
    where = f"outcome {column.name}"
    try:
        values = np.asarray(column.of(runs), dtype=np.float64)
    except Exception as error:
        said = shortened(" ".join(str(error).split()))
        raise ForestallError(f"{where}: {type(error).__name__}: {said}") from error
    if values.shape != (len(runs),):
        raise ForestallError(
            f"{where}: has the shape {values.shape}, expected one number a run, {(len(runs),)}"
        )
    if np.isinf(values).any():
        raise ForestallError(
            f"{where}: is infinite for {np.isinf(values).sum():,} of {values.size:,} runs; NaN is "
            "for a run that has none"
        )
    return values
