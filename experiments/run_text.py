"""What ``forestall run`` says: each outcome without and with action, and what action changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.comparison import BASELINE, FEW_MEANS, FEW_PAIRS, known_pairs
from analysis.intervals import Interval, bootstrap_mean, wilson
from analysis.surface import interval_text, intervals
from sim.outcomes import OUTCOMES, Outcome

if TYPE_CHECKING:
    from experiments.compare import Comparison

_PERCENT, _ONE = 100, 1
_SMALL = 10.0


def text(found: Comparison) -> str:
    """Return the outcomes of the one point of a comparison as a terminal shows them."""
    row = found.effects.iloc[0]
    if not row["n"]:
        return f"{found.folder}: no pair of runs is stored yet"
    table = pd.DataFrame(
        {
            "no action": [_arm(found, outcome, BASELINE) for outcome in _shown()],
            "action": [_arm(found, outcome, "") for outcome in _shown()],
            "difference": [_difference(found, outcome) for outcome in _shown()],
        },
        index=[_label(outcome) for outcome in _shown()],
    )
    heading = f"{int(row['n']):,} pairs of runs, means with 95 % intervals"
    return "\n".join([heading, str(table.to_string()), "", *_sentences(found)])


def _shown() -> list[Outcome]:
    return [outcome for outcome in OUTCOMES if outcome.kind != "code"]


def _label(outcome: Outcome) -> str:
    name = outcome.name.replace("_", " ")
    if outcome.kind == "flag":
        return f"{name}, % of runs"
    said = outcome.kind == "week" or outcome.unit in name
    return name if said else f"{name}, {outcome.unit}"


def _arm(found: Comparison, outcome: Outcome, arm: str) -> str:
    runs = known_pairs(found.paired, outcome.name, found.weeks)
    values = runs[f"{arm}{outcome.name}"].to_numpy(np.float64)
    if not values.size:
        return "too short a run to tell"
    if outcome.kind == "flag":
        return interval_text(wilson(float(values.sum()), values.size), _PERCENT)
    if outcome.kind == "week":
        came = values[values >= 0]
        share = f"in {100 * came.size / values.size:.0f} % of runs"
        return f"{share}, median week {np.median(came):.0f}" if came.size else "never"
    return _mean(bootstrap_mean(values))


def _mean(value: Interval) -> str:
    """Return a mean with its interval, small ones to one digit."""
    if max(abs(end) for end in value if not np.isnan(end)) >= _SMALL:
        return interval_text(value, _ONE)
    return "{:.1f} [{:.1f}, {:.1f}]".format(*(end + 0.0 for end in np.round(value, 1)))


def _difference(found: Comparison, outcome: Outcome) -> str:
    if outcome.kind == "week":  # what never came has no week to subtract
        return ""
    rows = found.differences[found.differences["outcome"] == outcome.name]
    if not rows["n"].iloc[0]:
        return ""
    value = Interval(*(float(rows[f"difference{end}"].iloc[0]) for end in ("", "_low", "_high")))
    return interval_text(value, _PERCENT) if outcome.kind == "flag" else _mean(value)


def _sentences(found: Comparison) -> list[str]:
    row, effects = found.effects.iloc[0], found.effects
    said = {
        name: interval_text(intervals(effects, name)[0], scale)
        for name, scale in (
            ("deaths_averted_if_escalates", _ONE),
            ("probability_harm", _PERCENT),
            ("probability_help", _PERCENT),
        )
    }
    lines = [
        f"In {int(row['n_escalating']):,} of {int(row['n']):,} pairs the world without action becomes "
        f"a mass killing; there action averts {said['deaths_averted_if_escalates']} deaths a run.",
        f"With action more people are killed in {said['probability_harm']} % of pairs, fewer in "
        f"{said['probability_help']} %.",
    ]
    if row["pairs_differing"] < FEW_PAIRS:
        lines.append(f"Only {int(row['pairs_differing'])} pairs differ in deaths: {FEW_MEANS}.")
    return lines
