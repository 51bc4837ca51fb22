"""Verdicts in plain words, with their uncertainty and what would change them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import bdtrc

from analysis.intervals import Interval
from analysis.plots.figure import MINUS, number
from analysis.surface import DISPERSION, START, lever_value
from analysis.verdicts import (
    DEATHS,
    HOLDS,
    MASS_KILLING,
    PARTLY,
    REVERSES,
    UNDECIDED,
    Verdict,
    pairs_needed,
)

ALPHA = 0.05
"""Share of comparisons that look clear by chance alone, without any effect, at 95 % intervals."""


def claim(verdict: Verdict) -> str:
    """Return the claim that a verdict is about."""
    if verdict.lever == START:
        return "Acting earlier prevents mass killing"
    if verdict.lever == DISPERSION:
        return "Actors who agree prevent more mass killing than divided ones"
    return f"{ends(verdict, capital=True)} prevents mass killing"


def ends(verdict: Verdict, *, capital: bool = False) -> str:
    """Return what was compared with what."""
    if verdict.lever == START:
        said = f"a start {_weeks(verdict.last)} rather than {_weeks(verdict.first)}"
    elif verdict.lever == DISPERSION:
        low, high = (f"{value:g}" for value in (verdict.first, verdict.last))
        said = f"actors at dispersion {high} rather than {low} (0 united, 1 divided)"
    else:
        name = " ".join(verdict.lever.split(".")[1:]).replace("_", " ")
        high, low = (lever_value(verdict.lever, end) for end in (verdict.last, verdict.first))
        said = f"{name} {high} rather than {low}"
    return said[0].upper() + said[1:] if capital else said


def answer(verdict: Verdict) -> str:
    """Return the verdict on mass killing in one sentence, and that on deaths if it differs."""
    said = f"{_counted(verdict, MASS_KILLING)}."
    if verdict.label(DEATHS) != verdict.label():
        words = _counted(verdict, DEATHS)
        said += f" For direct deaths: {words[0].lower()}{words[1:]}."
    return said


def _counted(verdict: Verdict, outcome: str) -> str:
    label, count = verdict.label(outcome), len(verdict.compared)
    pro, contra = verdict.pro(outcome), verdict.contra(outcome)
    all_of = "the one comparison" if count == 1 else f"all {count} comparisons"
    if label == HOLDS:
        return f"Supported in {all_of}"
    if label == UNDECIDED:
        return f"Undecided in {all_of}"
    if label == REVERSES:
        return f"Depends: supported in {pro}, contradicted in {contra} of {count} comparisons"
    words, clear = ("Supported", pro) if label == PARTLY else ("Contradicted", contra)
    if clear == count:
        return f"{words} in {all_of}"
    few = "; so few may be chance" if may_be_chance(clear, count) else ""
    return f"{words} in {clear} of {count} comparisons, undecided in the others{few}"


def may_be_chance(clear: int, count: int) -> bool:
    """Return whether so many clear comparisons are no surprise where there is no effect at all.

    That is, if as many or more of `count` independent comparisons look clear with a chance above 5 %.
    """
    return float(bdtrc(clear - 1, count, ALPHA)) > ALPHA if clear else True


def evidence(verdict: Verdict) -> list[str]:
    """Return the sentences behind a verdict: what was compared, how often, how large, how sure."""
    count = len(verdict.compared)
    pairs = sorted({one.pairs for one in verdict.compared})
    each = (
        f"{number(pairs[0])}" if len(pairs) == 1 else f"{number(pairs[0])} to {number(pairs[-1])}"
    )
    said = [
        f"Compared: {ends(verdict)}, {'at' if count > 1 else 'in'} {count} "
        f"{'settings of the other levers' if count > 1 else 'setting'}, {each} pairs of runs "
        f"{'each' if count > 1 else ''}".rstrip()
        + " on the same random numbers.",
        _sizes(
            verdict, MASS_KILLING, "the share of runs that become a mass killing", 100, " points"
        ),
        _sizes(verdict, DEATHS, "mean direct deaths", 1, " people per run"),
    ]
    if verdict.label() == UNDECIDED:
        reach = number(100 * verdict.excluded(), 1)
        said.append(
            f"A change of more than {reach} points, either way, is outside every 95 % interval."
        )
    return said


def what_would_change_it(verdict: Verdict) -> str:
    """Return what would change the verdict, or settle it, in a sentence or two."""
    if verdict.label() == REVERSES:
        pro, contra = (
            [one.where for one in verdict.compared if _clear(one.mass_killing) == side]
            for side in (-verdict.better, verdict.better)
        )
        turns = "It turns with the other levers: it holds"
        return f"{turns} at {_list(pro)}; the contrary at {_list(contra)}."
    undecided = [one for one in verdict.compared if not one.mass_killing.excludes_zero]
    if not undecided:
        closest = min(verdict.compared, key=lambda one: _margin(one.mass_killing))
        return (
            f"The comparison closest to no difference is that at {closest.where}: "
            f"{_interval(closest.mass_killing, 100)} points. Other parameters, countries or actors may "
            "turn it."
        )
    clear = [one.where for one in verdict.compared if one.mass_killing.excludes_zero]
    only = f" Clear only at {_list(clear)}." if clear else ""
    needed = [value for one in undecided if math.isfinite(value := pairs_needed(one))]
    count = f"{len(undecided)} of {len(verdict.compared)} comparisons"
    if not needed:
        said = f"Undecided in {count}, where no change was seen: more runs could show a small one."
        return said + only
    low, high = _rounded(min(needed)), _rounded(max(needed))
    many = low if low == high else f"{low} to {high}"
    return (
        f"Undecided in {count}. If the changes seen there are real, about {many} pairs a point would "
        f"show them (replicates=N); if they are chance, more pairs would shrink them.{only}"
    )


def overall(effects: pd.DataFrame) -> list[str]:
    """Return what action does against no action, over all points, in sentences.

    Parameters
    ----------
    effects : from `analysis.comparison.effects_table`; rows without runs are left aside.
    """
    rows = effects[effects["n"] > 0]
    if rows.empty:
        return ["No run is stored yet: there is nothing to say."]
    count = len(rows)
    fewer = int((rows["deaths_averted_low"] > 0).sum())
    more = int((rows["deaths_averted_high"] < 0).sum())
    harm = int((rows["harm_p_deaths_adjusted"] < 0.05).sum())
    best = rows.loc[rows["risk_difference"].idxmin()]
    worst = rows.loc[rows["risk_difference"].idxmax()]
    base = rows.drop_duplicates("baseline")["baseline_p_mass_killing"]
    without = _range(base, 100, 1)
    said = [
        f"Without outside action {without} % of runs become a mass killing. With it, "
        f"{_interval_of(best, 'p_mass_killing', 100)} % at the best of {count} "
        f"{'point' if count == 1 else 'points'} and {_interval_of(worst, 'p_mass_killing', 100)} % at "
        "the worst.",
        f"Action clearly averts direct deaths at {fewer} of {count} points and clearly causes more at "
        f"{more}; at {count - fewer - more} the interval includes no effect.",
    ]
    said.append(
        f"At {harm} of {count} points clearly more pairs of runs end with more deaths under action "
        "than with fewer (p < 0.05, adjusted for the number of points)."
        if harm
        else "At no point do clearly more pairs of runs end with more deaths under action than with "
        "fewer (p < 0.05, adjusted for the number of points)."
    )
    return said


def _sizes(verdict: Verdict, outcome: str, words: str, scale: float, unit: str) -> str:
    pro, contra = verdict.pro(outcome), verdict.contra(outcome)
    least, most = verdict.span(outcome)
    count = len(verdict.compared)
    change = (
        f"{_interval(least, scale)}{unit}"
        if count == 1
        else f"between {_interval(least, scale)} and {_interval(most, scale)}{unit}"
    )
    clear = (
        f"clearly for the claim in {pro}, clearly against it in {contra}, undecided in "
        f"{count - pro - contra} of {count}"
    )
    return f"Change in {words}: {change} (95 % intervals); {clear}."


def _clear(change: Interval) -> int:
    return int(np.sign(change.estimate)) if change.excludes_zero else 0


def _margin(change: Interval) -> float:
    return min(abs(change.low), abs(change.high))


def _interval(value: Interval, scale: float) -> str:
    digits = 1 if scale == 100 else 0
    if np.isnan(value.estimate):
        return "unknown"
    middle = _signed(value.estimate * scale, digits)
    if np.isnan(value.low):
        return middle
    return f"{middle} [{_signed(value.low * scale, digits)}, {_signed(value.high * scale, digits)}]"


def _interval_of(row: pd.Series, name: str, scale: float) -> str:
    middle, low, high = (float(row[f"{name}{end}"]) * scale for end in ("", "_low", "_high"))
    return f"{number(middle, 1)} [{number(low, 1)}, {number(high, 1)}]"


def _range(values: pd.Series, scale: float, digits: int) -> str:
    low, high = (number(scale * float(end), digits) for end in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _signed(value: float, digits: int) -> str:
    text = number(value, digits)
    return text if text.startswith(MINUS) or not any(c in "123456789" for c in text) else f"+{text}"


def _weeks(value: object) -> str:
    weeks = float(value)  # type: ignore[arg-type]
    if weeks == 0:
        return "in the week of the shock"
    return f"{abs(weeks):g} weeks {'after' if weeks > 0 else 'before'} the shock"


def _rounded(value: float) -> str:
    if value <= 0:
        return "0"
    digits = max(0, int(np.floor(np.log10(value))) - 1)
    return number(math.ceil(value / 10**digits) * 10**digits)


def _list(words: list[str]) -> str:
    shown = "; ".join(words[:3])
    return shown + (f"; and {len(words) - 3} more" if len(words) > 3 else "")
