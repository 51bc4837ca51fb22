"""The chain by which two runs came apart, told in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor, isfinite, log10
from typing import Any, NamedTuple

import pandas as pd

from analysis.names import written
from analysis.plots.figure import number
from experiments.side_by_side import OUTSET, Comparison
from sim import kinds
from sim.outcomes import O

DEATHS = ("people", "killed")
"""Table and field of direct deaths by place and group; of `HARDSHIP`, of indirect ones."""
HARDSHIP = ("people", "died")
Row = Mapping[str, Any]
_OF_PLACES = ("communities", "people", "presence")
_BARE = ("share", "weight", "index", "utility", "alarm", "week")
"""Units that say nothing behind a number."""


class Worlds(NamedTuple):
    """What the two worlds are called, each by itself and as where something happened.

    Attributes
    ----------
    since : the week of the run from which weeks are counted.
    """

    first: str
    second: str
    in_first: str
    in_second: str
    since: int = 0


ACTION = Worlds("the world with action", "the baseline", "with action", "without")


def chain(comparison: Comparison, *, worlds: Worlds = ACTION) -> list[str]:
    """Return the way to the first difference in deaths, a sentence a week and mechanism.

    Parameters
    ----------
    worlds : what the two that are compared are called.
    """
    rows = comparison.differences
    if rows.empty:
        return [
            f"The two runs do not differ: all {comparison.states:,} numbers of the state are equal "
            "after every process of every week."
        ]
    deaths = first_difference(rows, *DEATHS)
    said = [_milestone(steps, worlds) for steps in _steps(before(rows, deaths))]
    said += (
        [_death(deaths, worlds)] if deaths is not None else [_no_death(rows, comparison, worlds)]
    )
    said[0] = said[0].replace(": ", ", the first state that differs: ", 1)
    if (hardship := first_difference(rows, *HARDSHIP)) is not None:
        said.append(f"Indirect deaths first differ in {_lower(_when(hardship, worlds))}.")
    return [*said, _end(comparison, worlds)]


def first_difference(rows: pd.DataFrame, table: str, field: str) -> pd.Series | None:
    """Return the row in which a state variable comes to differ; None if it never does."""
    found = rows[(rows["table"] == table) & (rows["field"] == field)]
    return None if found.empty else found.iloc[0]


def before(rows: pd.DataFrame, deaths: pd.Series | None) -> pd.DataFrame:
    """Return the differences that came before those in deaths; all if deaths never differ."""
    if deaths is None:
        return rows
    upto = rows.loc[: deaths.name]
    same_step = (upto["week"] == deaths["week"]) & (upto["process"] == deaths["process"])
    return upto[~same_step]


def _steps(rows: pd.DataFrame) -> Iterator[list[Row]]:
    """Yield the differences of each week and mechanism in their order."""
    steps: list[Row] = []
    for row in rows.to_dict("records"):
        if steps and (row["week"], row["mechanism"]) != (steps[0]["week"], steps[0]["mechanism"]):
            yield steps
            steps = []
        steps.append(row)
    if steps:
        yield steps


def _milestone(steps: Sequence[Row], worlds: Worlds) -> str:
    first = next((row for row in steps if _told(row, worlds)), steps[0])
    others = ", ".join(_counted(row) for row in steps if row is not first)
    clause = _told(first, worlds) or _plain(first, worlds)
    return f"{_when(first, worlds)}: {clause}." + (f" Also: {others}." if others else "")


def _told(row: Row, worlds: Worlds) -> str:
    """Return the clause of a difference that has words of its own, else nothing."""
    other = worlds.second
    here, there = _values(row, worlds)
    match row["table"], row["field"]:
        case "world", "mandate_scale" if row["without"] == 0.0:
            return f"the first mandate (scale {here}) where {other} has none"
        case "armed", "order":
            return (
                f"the leaders of {written(row['agent'])} order {here} where those of {other} "
                f"order {there}"
            )
    return ""


def _plain(row: Row, worlds: Worlds) -> str:
    """Return the clause of any difference: the state, whose it is, its two values, its meaning."""
    here, there = _values(row, worlds)
    bare = row["unit"] in (*_BARE, row["field"]) or hasattr(kinds, row["unit"])
    unit = "" if bare else f" {row['unit']}"
    many = f"; the largest of {row['agents']} differences" if row["agents"] > 1 else ""
    return (
        f"{words(row['field'])}{_whose(row)} is {here}{unit} where {worlds.second} has {there} "
        f"({_lower(row['meaning'].rstrip('.'))}{many})"
    )


def _death(row: Row, worlds: Worlds) -> str:
    return (
        f"{_when(row, worlds)}: the first difference in deaths. In {written(row['agent'])} "
        f"{row['with_action']:,.0f} of {written(row['of'])} have been killed "
        f"{worlds.in_first} and {row['without']:,.0f} {worlds.in_second}."
    )


def _no_death(rows: pd.DataFrame, comparison: Comparison, worlds: Worlds) -> str:
    last = rows.iloc[-1]
    return (
        "The difference never reaches direct deaths: they are equal in every place and week. The "
        f"chain ends in {_lower(_when(last, worlds))}, with the last state that came to differ "
        f"({last['field']})."
    )


def _end(comparison: Comparison, worlds: Worlds) -> str:
    here, there = comparison.outcomes[:, O.direct_deaths]
    with_action, without = comparison.outcomes[:, O.mass_killing] > 0
    said = {
        (False, False): "neither world becomes a mass killing",
        (False, True): f"{worlds.second} becomes a mass killing, {worlds.first} does not",
        (True, False): f"{worlds.first} becomes a mass killing, {worlds.second} does not",
        (True, True): "both become a mass killing",
    }[bool(with_action), bool(without)]
    return (
        f"At the horizon {here:,.0f} people have been killed {worlds.in_first} and {there:,.0f} "
        f"{worlds.in_second}; {said}. {comparison.differing_at_end:,} of "
        f"{comparison.states:,} numbers of the state differ."
    )


def when(row: Row, *, since: int = 0) -> str:
    """Return the week and the mechanism in which a state came to differ, in lower case."""
    if row["process"] == OUTSET.name:
        return "before the first week"
    return f"week {number(row['week'] - since)}, {words(row['mechanism'])}"


def _when(row: Row, worlds: Worlds) -> str:
    said = when(row, since=worlds.since)
    return said[:1].upper() + said[1:]


def _whose(row: Row) -> str:
    if row["table"] not in _OF_PLACES:
        return f" of {written(row['agent'])}" if row["agent"] else ""
    of = f" of {written(row['of'])}" if row["of"] else ""
    return f"{of} in {written(row['agent'])}"


def _counted(row: Row) -> str:
    return words(row["field"]) + (f" ({row['agents']})" if row["agents"] > 1 else "")


def _values(row: Row, worlds: Worlds) -> tuple[str, str]:
    """Return the two values as text, with as many digits as tell them apart; categories by name."""
    here, there, unit = float(row["with_action"]), float(row["without"]), row["unit"]
    if category := getattr(kinds, unit, None):
        return str(category(int(here)).name.lower()), str(category(int(there)).name.lower())
    if unit == "week":
        return _week(here, worlds), _week(there, worlds)
    if not (isfinite(here) and isfinite(there)):
        return f"{here:g}", f"{there:g}"
    whole = here.is_integer() and there.is_integer()
    largest = max(abs(here), abs(there))
    decimals = 0 if whole else max(0, 2 - floor(log10(largest)))
    while f"{here:.{decimals}f}" == f"{there:.{decimals}f}":
        decimals += 1
    return _number(here, decimals), _number(there, decimals)


def _week(value: float, worlds: Worlds) -> str:
    return f"week {number(value - worlds.since)}" if value >= 0 else "none"


def _number(value: float, decimals: int) -> str:
    return "0" if value == 0.0 else f"{value:,.{decimals}f}"


def words(name: str) -> str:
    """Return a name as it is read."""
    return name.replace("_", " ")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
