"""What each mechanism contributes to what the two worlds differ in: switched off one at a time."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import NamedTuple

import pandas as pd

from analysis.app.job import GoesOn, Job, Jobs
from analysis.app.pair import pair_of
from analysis.app.shown import Shown
from analysis.app.spread import REPLICATES
from analysis.app.weeks_svg import FIRST, SECOND_LINE
from analysis.decomposition import REMAINDER, TOTAL, decomposition, parts_by_replicate
from analysis.plots.figure import number
from experiments.chain_text import words
from experiments.switching_off import NAMES, SwitchedWorlds
from sim.mechanisms import MECHANISMS

MOST = 8
"""Mechanisms that stand in the table; the others are behind a line that opens."""
_BATCH = 10
_DEATHS = "deaths"
_MEANING = {one.name: one.meaning for one in MECHANISMS}
_BAR = 110  # pixels


class Parts(NamedTuple):
    """Direct deaths that the first world has fewer than the second, by mechanism.

    Attributes
    ----------
    table : of `analysis.decomposition.decomposition`, deaths alone, indexed by part.
    runs : the parts of every course of chance, indexed by replicate.
    """

    table: pd.DataFrame
    runs: pd.DataFrame


_JOBS: Jobs[Parts] = Jobs(32)


def parts_job(shown: Shown) -> Job[Parts]:
    """Return the job of a screen, begun if nobody has."""
    return _JOBS.ask(shown.but(replicate=0).key, partial(_run, shown))


def peek_parts(shown: Shown) -> Job[Parts] | None:
    """Return the job of a screen if somebody has begun it and it was not dropped."""
    return _JOBS.peek(shown.but(replicate=0).key)


def _run(shown: Shown, goes_on: GoesOn) -> Parts | None:
    pair = pair_of(shown)
    worlds = SwitchedWorlds(pair.first, against=pair.second)
    found = []
    for first in range(0, REPLICATES, _BATCH):
        if not goes_on(first):
            return None
        found.append(worlds.run(range(first, first + _BATCH), seed=shown.seed))
    paired = pd.concat(found)
    table = decomposition(paired, NAMES)
    return Parts(
        table[table["measure"] == _DEATHS].set_index("part"),
        parts_by_replicate(paired, NAMES, measure=_DEATHS),
    )


def parts_table(parts: Parts, *, names: tuple[str, str], replicate: int) -> str:
    """Return the parts as a table: the total, the largest mechanisms, and interactions.

    Parameters
    ----------
    names : of the first and the second world.
    replicate : the course of chance on the screen, which has a column of its own.
    """
    acting = [name for name in NAMES if parts.table.loc[name, "pairs_differing"] > 0]
    acting.sort(key=lambda name: -abs(float(parts.table.loc[name, "estimate"])))
    here = parts.runs.loc[replicate]
    most = max(float(parts.table.loc[[TOTAL, REMAINDER, *acting], "estimate"].abs().max()), 1.0)

    def rows(shown: list[str]) -> str:
        return "".join(_row(name, parts.table.loc[name], float(here[name]), most) for name in shown)

    head = (
        '<thead><tr><th scope="col">switched off alone</th><th></th><th scope="col">fewer deaths, mean '
        '[95 %]</th><th scope="col">in this course</th></tr></thead>'
    )
    first, second = map(escape, names)
    rest, still = acting[MOST:], [words(name) for name in NAMES if name not in acting]
    more = f"<table>{head}<tbody>{rows(rest)}</tbody></table>" if rest else ""
    none = f"<p>Without a part in any course, or off: {', '.join(still)}.</p>" if still else ""
    return (
        f"<p>How many fewer people are killed in <b>{first}</b> than in <b>{second}</b>, in "
        f"{len(parts.runs)} courses of chance, and how many of them are lost if one mechanism alone is "
        "switched off in both worlds.</p>"
        f"<table>{head}<tbody>{rows([TOTAL, *acting[:MOST], REMAINDER])}</tbody></table>"
        f"<details><summary>The other {len(NAMES) - len(acting[:MOST])} mechanisms</summary>"
        f"{more}{none}</details>"
        "<p>A negative part is a mechanism that costs some of the effect. A link without "
        "which nothing happens has a part as large as the total; so has the next of the same chain. "
        "Parts therefore do not add up, and interactions are what is left over. They belong to this "
        "model and these settings.</p>"
    )


def _row(name: str, part: pd.Series, here: float, most: float) -> str:
    middle, low, high = (number(float(part[key])) for key in ("estimate", "low", "high"))
    meaning = _MEANING.get(name, "")
    said = f" <small>{escape(meaning)}</small>" if meaning else ""
    return (
        f'<tr data-part="{name}"><th scope="row"><b>{escape(words(name))}</b>{said}</th>'
        f"<td>{_bar(float(part['estimate']) / most)}</td><td>{middle} [{low}, {high}]</td>"
        f"<td>{number(here)}</td></tr>"
    )


def _bar(share: float) -> str:
    """Return a bar from the middle: to the right what is averted, to the left what is cost."""
    half = _BAR / 2
    wide = half * min(abs(share), 1.0)
    left = half if share >= 0 else half - wide
    colour = FIRST if share >= 0 else SECOND_LINE
    return (
        f'<svg width="{_BAR}" height="12" aria-hidden="true"><rect x="{left:.1f}" y="1" '
        f'width="{wide:.1f}" height="10" fill="{colour}"/>'
        f'<path d="M{half} 0V12" stroke="#333"/></svg>'
    )
