"""What ``forestall explain`` says: the chain in sentences, the weeks and the parts as tables."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison import FEW_MEANS, FEW_PAIRS
from analysis.decomposition import MEASURES, REMAINDER, TOTAL
from experiments.chain_text import DEATHS, chain, first_difference, words
from experiments.explanation import Explanation
from experiments.side_by_side import WITH, WITHOUT
from experiments.walk_back import way_said
from sim.mechanisms import MECHANISMS
from sim.scenario import Scenario

WIDTH = 100
EVERY_WEEK, SOME_WEEKS = 26, 13
"""So many weeks of the weekly table are shown in full, and then every so many-th."""


_PARTS_HEAD = ("direct deaths averted", "fall in log(1+deaths)", "fall in mass killing", "pair")
_PARTS_UNITS = ("people per run", "log units", "percentage points", "people")
CAUTION = (
    "The sentences are in the order in which states came to differ, and the way back is through what "
    "each process reads. What came before the deaths is not thereby a cause of them: what each "
    "mechanism contributes is measured below, by switching it off. One pair is an illustration and no "
    "evidence."
)
READING = (
    "The part of a mechanism is what is averted, less what is averted with it alone switched off in "
    "both worlds; a negative part is a mechanism that costs some of the effect. A link without which "
    "nothing happens has a part as large as the total, so parts may add up to several times the "
    "total, and interactions take it back. The parts belong to this model, to these settings, and to "
    "the replacements that stand in for a mechanism:"
)


def text(found: Explanation) -> str:
    """Return the explanation as a terminal shows it."""
    on = on_in(found.scenario)
    return "\n".join(
        [
            *(wrapped(line) for line in headline(found)),
            "\nHow the two runs came apart\n",
            *(wrapped(line, further="  ") for line in chain(found.comparison)),
            "",
            wrapped(way_said(found.comparison.differences, _first_death(found)), further="  "),
            "",
            wrapped(CAUTION),
            "\nWeek by week (at the end of the week; with action, and without)\n",
            weeks_table(found.comparison.weekly, shock_week=found.scenario.shock_week),
            f"\nWhat action averts, by mechanism, {pairs_said(found.replicates)}, and in this pair\n",
            parts_table(found.parts, found.pair_parts, on=on),
            *few_said(found.parts, found.replicates),
            "",
            wrapped(READING),
            *neutral_meanings(on),
        ]
    )


def _first_death(found: Explanation) -> pd.Series | None:
    return first_difference(found.comparison.differences, *DEATHS)


_NO_DECIMALS = 100.0
"""Size from which a number is written whole."""


def headline(found: Explanation) -> list[str]:
    """Return what is explained, and how it was selected."""
    scenario = found.scenario
    start = scenario.open_week
    begins = (
        "outside actors never act"
        if math.isinf(start)
        else (f"outside actors may act from week {start:.0f} on")
    )
    how = (
        f"It was selected, not drawn: {found.selected}."
        if found.selected
        else ("It was asked for by its number.")
    )
    return [
        f"{scenario.country.name}: replicate {found.replicate} of seed {found.seed}, with action and "
        f"without it on the same random numbers. {how}",
        f"Weeks are weeks of the run, from 0; the shock falls in week {scenario.shock_week}, "
        f"{begins}.",
    ]


def pairs_said(count: int) -> str:
    """Return over how many pairs the intervals are."""
    return f"over {count:,} pairs [95 % intervals]" if count > 1 else "in one pair (no interval)"


def few_said(parts: pd.DataFrame, count: int) -> list[str]:
    """Return a caution, if an interval is one over pairs few of which differ."""
    few = parts[(parts["pairs_differing"] > 0) & (parts["pairs_differing"] < FEW_PAIRS)]
    if few.empty or count < 2:
        return []
    said = f"In {few['part'].nunique()} of these lines fewer than {FEW_PAIRS} pairs differ"
    return ["", wrapped(f"{said}: {FEW_MEANS}.")]


def on_in(scenario: Scenario) -> list[str]:
    """Return the mechanisms that a world has on."""
    return [name for name, on in scenario.switches.items() if on]


def weeks_table(weekly: pd.DataFrame, *, shock_week: int) -> str:
    """Return the weekly table from the first difference on: all weeks at first, then some."""
    differing = np.flatnonzero(weekly["new_states"])
    if not differing.size:
        return "No week brings a difference."
    first, last = int(differing[0]), len(weekly) - 1
    shown = [
        week
        for week in range(first, last + 1)
        if week < first + EVERY_WEEK or (week - first) % SOME_WEEKS == 0 or week == last
    ]
    head = (
        "week  from    deaths       displaced       peace-  man-    threat      differences come in\n"
        "     shock   averted     with   without  keepers  date  with without  through"
    )
    return "\n".join([head, *(_week_line(weekly.iloc[week], shock_week) for week in shown)])


def parts_table(parts: pd.DataFrame, pair: pd.Series, *, on: Sequence[str]) -> str:
    """Return the decomposition as a table, the chosen pair's deaths in its last column.

    Parameters
    ----------
    parts : from `analysis.decomposition.decomposition`.
    pair : deaths averted in the chosen pair by part.
    on : mechanisms that the world has on.
    """
    wide = {measure: rows.set_index("part") for measure, rows in parts.groupby("measure")}
    lines = [
        _part_line("", *_PARTS_HEAD),
        _part_line("", *_PARTS_UNITS),
    ]
    for part in pair.index:
        if part not in (*on, TOTAL, REMAINDER):
            lines.append(_part_line(words(part), "off in this world"))
            continue
        found = [_interval(wide[one.name].loc[part], one.scale, one.digits) for one in MEASURES]
        lines.append(_part_line(words(part), *found, f"{pair[part]:,.0f}"))
    return "\n".join(lines)


def _part_line(name: str, *entries: str) -> str:
    columns = zip(entries, (27, 22, 21, 10), strict=False)
    return f"{name:<20}" + "".join(f"{entry:>{width}}" for entry, width in columns)


def neutral_meanings(on: Sequence[str]) -> list[str]:
    """Return what switching off means, a line a mechanism."""
    return [
        wrapped(f"{words(one.name)}: {one.neutral}", first="  ", further="    ")
        for one in MECHANISMS
        if one.name in on
    ]


def _week_line(row: pd.Series, shock_week: int) -> str:
    averted = row[f"deaths_to_date{WITHOUT}"] - row[f"deaths_to_date{WITH}"]
    line = (
        f"{row['week']:>4}{row['week'] - shock_week:>+6}{averted:>10,.0f}"
        f"{row[f'displaced{WITH}']:>10,.0f}{row[f'displaced{WITHOUT}']:>10,.0f}"
        f"{row[f'peacekeepers{WITH}']:>9,.0f}{row[f'mandate_scale{WITH}']:>6.2f}"
        f"{row[f'threat{WITH}']:>6.2f}{row[f'threat{WITHOUT}']:>8.2f}  "
    )
    names = [words(entry.rpartition(" ")[0]) for entry in row["introduced"].split(", ")]
    return (line + _fitting(names, WIDTH - len(line))).rstrip()


def _fitting(names: Sequence[str], room: int) -> str:
    """Return as many names as fit, and how many there are more."""
    for kept in range(len(names), -1, -1):
        more = [f"+{len(names) - kept}"] if kept < len(names) else []
        shown = ", ".join([*names[:kept], *more])
        if len(shown) <= room:
            return shown
    return ""


def _interval(row: pd.Series, scale: float, digits: int) -> str:
    values = (row["estimate"] * scale, row["low"] * scale, row["high"] * scale)
    middle, low, high = (_number(value, digits) for value in values)
    return middle if np.isnan(row["low"]) else f"{middle} [{low}, {high}]"


def _number(value: float, digits: int) -> str:
    # The ends of an interval of a dozen pairs can be so far out that their decimals say nothing.
    text = f"{value:,.{digits if abs(value) < _NO_DECIMALS else 0}f}"
    return text if any(digit in "123456789" for digit in text) else text.lstrip("-")


def wrapped(text: str, *, first: str = "", further: str = "") -> str:
    """Return a text in lines of at most `WIDTH` characters, each with its indent."""
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=further)
