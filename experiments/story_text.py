"""Why two runs came apart, as a class can follow it: who did what, when, and what followed."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import pandas as pd

from analysis.names import written
from analysis.plots.figure import number
from experiments.chain_text import DEATHS, HARDSHIP, Row, Worlds, chain, first_difference, words
from experiments.side_by_side import OUTSET, WITH, WITHOUT, Comparison
from sim.kinds import Order
from sim.outcomes import O

_ORDERS = {
    Order.NONE: "give no order to attack", Order.EXPEL: "order people to be driven out",
    Order.KILL: "order killing",
}  # fmt: skip
_USUAL = "_usual"


def story(comparison: Comparison, *, worlds: Worlds) -> list[str]:
    """Return the turns at which two runs came apart, a sentence each, in the order of their weeks.

    What each mechanism contributed is not in it: the order of events does not say.

    Parameters
    ----------
    worlds : what the two that are compared are called, and from which week of the run weeks count.
    """
    if comparison.differences.empty:
        return chain(comparison, worlds=worlds)
    turns = sorted(_turns(comparison, worlds), key=lambda turn: turn[0])
    return [
        _beginning(comparison.differences, worlds),
        *(said for _, said in turns),
        _end(comparison, worlds),
    ]


def _turns(comparison: Comparison, worlds: Worlds) -> Iterator[tuple[float, str]]:
    """Yield the turns with their weeks of the run."""
    rows, weekly = comparison.differences, comparison.weekly
    yield from _first_weeks(
        weekly, "mandate_scale", 1e-9, worlds, "the outside actors agree on their first mandate"
    )
    yield from _first_weeks(
        weekly, "peacekeepers", 1.0, worlds, "the first peacekeepers are in the country"
    )
    if (order := first_difference(rows, "armed", "order")) is not None:
        here, there = (_ORDERS[Order(int(order[column]))] for column in ("with_action", "without"))
        yield (
            float(order["week"]),
            (
                f"{_in_week(order['week'], worlds)} the leaders of {written(order['agent'])} first "
                f"decide otherwise: {worlds.in_first} they {here}, {worlds.in_second} they {there}."
            ),
        )
    for which, said in ((DEATHS, "killed"), (HARDSHIP, "dead of deprivation")):
        if (dead := first_difference(rows, *which)) is not None:
            yield float(dead["week"]), _dead(dead, said, worlds)
    if first_difference(rows, *DEATHS) is None:
        yield inf, "As many people are killed in both, in every place and week."


def _first_weeks(
    weekly: pd.DataFrame, name: str, least: float, worlds: Worlds, said: str
) -> Iterator[tuple[float, str]]:
    """Yield when something first comes in either world, if the two differ in it."""
    here, there = (
        min(weekly.loc[weekly[name + arm] >= least, "week"], default=inf) for arm in (WITH, WITHOUT)
    )
    if here == there:
        return
    soon, late = sorted((here, there))
    first, second = (
        (worlds.in_first, worlds.in_second) if here < there else (worlds.in_second, worlds.in_first)
    )
    after = "never" if late == inf else f"not before {_week(late, worlds)}"
    yield soon, f"{_in_week(soon, worlds)} {said} {first}; {second} {after}."


def _beginning(rows: pd.DataFrame, worlds: Worlds) -> str:
    first = rows.iloc[0]
    if first["process"] == OUTSET.name:
        fields = rows.loc[rows["process"] == OUTSET.name, "field"]
        names = dict.fromkeys(words(name.removesuffix(_USUAL)) for name in fields)
        return f"The two worlds are set apart from the outset, in: {', '.join(names)}."
    when = _in_week(first["week"], worlds)
    if (first["table"], first["field"]) == ("world", "acting"):
        act, wait = (
            (worlds.in_first, worlds.in_second)
            if first["with_action"] > first["without"]
            else (worlds.in_second, worlds.in_first)
        )
        return f"{when} outside actors begin to act {act}; {wait} they do not. Until then all is equal."
    meaning = str(first["meaning"]).rstrip(".")
    return (
        f"{when} the two first differ, in {words(first['mechanism'])}: in "
        f"{meaning[:1].lower()}{meaning[1:]}. Until then all is equal."
    )


def _dead(row: Row, said: str, worlds: Worlds) -> str:
    here, there = (float(row[column]) for column in ("with_action", "without"))
    return (
        f"{_in_week(row['week'], worlds)} the number of people {said} first differs: in "
        f"{written(row['agent'])}, of the group {written(row['of'])}, {number(here)} {worlds.in_first} "
        f"and {number(there)} {worlds.in_second}."
    )


def _end(comparison: Comparison, worlds: Worlds) -> str:
    here, there = comparison.outcomes[:, O.direct_deaths]
    fled, left = comparison.outcomes[:, O.displaced]
    one, other = comparison.outcomes[:, O.mass_killing] > 0
    killing = {
        (False, False): "Neither becomes a mass killing.",
        (False, True): f"It becomes a mass killing {worlds.in_second} alone.",
        (True, False): f"It becomes a mass killing {worlds.in_first} alone.",
        (True, True): "Both become a mass killing.",
    }[bool(one), bool(other)]
    last = float(comparison.weekly["week"].iloc[-1])
    return (
        f"At the horizon {number(here)} people have been killed {worlds.in_first} and {number(there)} "
        f"{worlds.in_second}; in that week, {number(last - worlds.since)}, {number(fled)} and "
        f"{number(left)} are displaced. {killing}"
    )


def _in_week(week: float, worlds: Worlds) -> str:
    return "In the week of the shock" if week == worlds.since else f"In {_week(week, worlds)}"


def _week(week: float, worlds: Worlds) -> str:
    return f"week {number(week - worlds.since)}"
