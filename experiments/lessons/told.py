"""The registered verdict on a lesson in plain words, for a class that has just run its own worlds.

Every word that rests on a number comes from ``verdict.json``, of which the page of the verdict is made.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from experiments.lessons.judging import HOLDS, MIXED, ON_AVERAGE, REVERSES, UNDECIDED
from experiments.lessons.page import FIGURES
from experiments.lessons.running import ENDS

IN_CLASS: Mapping[str, tuple[str, ...]] = {
    "H1": ("H1", "H1b"), "H2": ("H2",), "H3": ("H3",), "H4": ("H4",)
}  # fmt: skip
"""Which registered claims belong to a lesson of a class."""
_MEANS = {
    HOLDS: "it holds in most sets of parameters, and is reversed in few or none",
    HOLDS + ON_AVERAGE: "few sets of parameters reverse it, and over all of them it comes out",
    MIXED: "it holds under some sets of parameters and is reversed under others: the answer depends "
    "on what nobody knows",
    REVERSES
    + ON_AVERAGE: "it holds under few sets of parameters, and over all of them the contrary "
    "comes out",
    REVERSES: "the contrary comes out in most sets of parameters",
    UNDECIDED: "the runs do not decide it",
}
_SHARES = (HOLDS, UNDECIDED, REVERSES)
_BLOCKS = {"national": "the six national attributes", "international": "outside action"}


class Told(NamedTuple):
    """What was registered about one claim, and what came of it."""

    head: str
    said: str


@cache
def stored() -> Mapping[str, Any]:
    """Return the figures of the verdict that stands."""
    found: Mapping[str, Any] = json.loads((files(__package__) / FIGURES).read_text("utf-8"))
    return found


def introduction(found: Mapping[str, Any]) -> str:
    """Return what the verdict is about, and why it may say something else than the runs of a class."""
    return (
        "The runs above are of few worlds with one set of parameters. The claims below, close to that "
        "of this lesson, were registered before any run, with the rule that judges them, and then put "
        f"to many sets of parameters, {found['runs']:,} runs in all. The worlds are "
        f"{found['region'].partition(';')[0]}."
    )


def told(lesson: str, found: Mapping[str, Any]) -> list[Told]:
    """Return what was registered about a lesson, one entry a claim; nothing if it was not.

    Parameters
    ----------
    lesson : its number, as its file says it, such as ``"H1"``.
    found : the figures, as `stored` returns them.
    """
    rows = {row["id"]: row for row in found["lessons"]}
    return [_told(rows[name]) for name in IN_CLASS.get(lesson, ()) if name in rows]


def _told(row: Mapping[str, Any]) -> Told:
    after, before = row["posterior"], row["prior"]
    verdict = str((after or before)["verdict"])
    said = [f"Registered: {row['claim']}.", f"{_capital(verdict)}: {_MEANS[verdict]}."]
    if after is not None:
        said.append(f"Under {after['sets']} sets that the facts leave it {_shares(after)}.")
        said.append(_blocks(after["indices"]) if after["indices"] else _size(after))
    if before is not None:
        said.append(
            f"Under {before['sets']} sets drawn before any fact was looked at the verdict is "
            f"{before['verdict']}: it {_shares(before)}."
        )
    # A number and its % stay on one line.
    words = " ".join(said).replace(" %", "\N{NO-BREAK SPACE}%")
    return Told(f"{_capital(row['title'])}: {verdict}", words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shares(one: Mapping[str, Any]) -> str:
    holds, undecided, reverses = (100 * one["shares"][side]["share"] for side in _SHARES)
    return (
        f"holds in {holds:.0f} %, is reversed in {reverses:.0f} % and cannot be decided in "
        f"{undecided:.0f} %"
    )


def _size(one: Mapping[str, Any]) -> str:
    """Return the effect as a change of deaths; it is one of log(1 + direct deaths)."""
    middle, low, high = (100 * math.expm1(value) for value in (one["effect"], *one["interval"]))
    return (
        f"On average a typical run ends with {_more(middle)} direct deaths on the side that the claim "
        f"favours ({_more(low)} to {_more(high)}, 95 % interval; of 1 + direct deaths)."
    )


def _more(percent: float) -> str:
    digits = 0 if abs(percent) >= 1 else 1
    said = f"{abs(percent):.{digits}f}"
    if float(said) == 0:
        return "as many"
    return f"{said} % {'more' if percent > 0 else 'fewer'}"


def _blocks(indices: Sequence[Mapping[str, Any]]) -> str:
    """Return how much of the variation two blocks of factors explain."""
    said = []
    for row in indices:
        if row["condition"] == ENDS[0]:
            # Adding nought turns a negative nought into nought.
            total, low, high = (
                round(row[key], 2) + 0.0 for key in ("total", "total_low", "total_high")
            )
            said.append(
                f"{_BLOCKS.get(row['block'], row['block'])} {total:.2f} ({low:.2f} to {high:.2f})"
            )
    return (
        "Share of the variation of log(1 + direct deaths) that depends on them, alone or together with "
        f"others (total Sobol' index, 95 % interval): {', '.join(said)}."
    )
