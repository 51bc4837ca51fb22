"""What ``forestall compare`` says: effects, harm, resources, pairing, and where to be careful."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from analysis.comparison import FEW_MEANS, FEW_PAIRS, LARGE_PAIR
from analysis.surface import interval_text, intervals, point_label

if TYPE_CHECKING:
    from analysis.intervals import Interval
    from experiments.compare import Comparison

# Heading of a table, and its columns: effect, heading, scale (100 is percent).
_BLOCKS = (
    (
        "Deaths averted, people per run",
        (
            ("deaths_averted", "all", 1),
            ("deaths_averted_if_escalates", "baseline escalates", 1),
            ("deaths_averted_if_not_escalates", "baseline does not", 1),
        ),
    ),
    (
        "Mass killing, % of runs",
        (
            ("baseline_p_mass_killing", "baseline", 100),
            ("p_mass_killing", "treatment", 100),
            ("risk_difference", "change, points", 100),
            ("p_mass_killing_if_escalates", "if baseline escalates", 100),
            ("p_mass_killing_if_not_escalates", "if it does not", 100),
        ),
    ),
    (
        "Harm: pairs with more deaths than the baseline, % of pairs",
        (
            ("probability_harm", "harm", 100),
            ("probability_help", "help", 100),
            ("net_harm", "harm less help", 100),
        ),
    ),
)
_SHOWN_OUTCOMES = 4
MOST_SHOWN = 40
"""Points that a terminal shows; all are in the tables."""
_COSTS = {
    "dominant": "averts deaths and costs less than the reference",
    "dominated": "costs lives and costs more than the reference",
    "undefined": "the interval of deaths averted does not lie above zero, so a cost per death averted "
    "has no meaning",
}


def text(found: Comparison, *, level: float) -> str:
    """Return a comparison as a terminal shows it."""
    every = found.effects[found.effects["n"] > 0]
    if every.empty:
        return f"{found.folder}: no pair of runs is stored yet"
    rows = telling_rows(every)
    # Of the points that are shown alone: each label is looked for among all points.
    labels = {point: point_label(found.points, point) for point in rows["point"]}
    index = [labels[point] for point in rows["point"]]
    blocks = [
        f"{found.folder}: against {found.reference}, at equal {found.equal.replace('_', '-')}, "
        f"{int(every['n'].min()):,} pairs a point, {level:.0%} intervals"
    ]
    if len(rows) < len(every):
        blocks.append(
            f"shown are {len(rows)} of {len(every):,} points: those that avert most deaths in the "
            "mean, and those that avert fewest or cost lives; all of them are in the tables (CSV)"
        )
    blocks += [_block(rows, index, heading, columns) for heading, columns in _BLOCKS]
    blocks[-1] = f"{blocks[-1]}\n{_harm_note()}"
    blocks.append(_resources(rows, index))
    blocks.append(_pairing(rows, index))
    if len(rows) <= _SHOWN_OUTCOMES:
        blocks += [_outcomes(found.differences, point, labels[point]) for point in rows["point"]]
    return "\n\n".join([*blocks, *_unfinished(found, len(every)), *_cautions(every)])


def telling_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a terminal shows: all, or those with most and with fewest deaths averted.

    Those that avert most come first, and points of equal means in the order of the design.
    """
    if len(effects) <= MOST_SHOWN:
        return effects
    ordered = effects.sort_values("deaths_averted", ascending=False, kind="stable")
    return pd.concat([ordered.head(MOST_SHOWN // 2), ordered.tail(MOST_SHOWN // 2)])


def _unfinished(found: Comparison, compared: int) -> list[str]:
    """Return a line where the sweep was not finished: what is compared is then a part of it."""
    if found.runs_stored >= found.runs_wanted:
        return []
    return [
        f"note: {found.runs_stored:,} of {found.runs_wanted:,} runs are stored, {compared:,} of "
        f"{len(found.effects):,} points are compared; the same sweep run again computes the rest"
    ]


def _block(
    rows: pd.DataFrame, index: list[str], heading: str, columns: tuple[tuple[str, str, int], ...]
) -> str:
    cells = {
        name: [interval_text(value, scale) for value in intervals(rows, effect)]
        for effect, name, scale in columns
    }
    if "harm" in cells:
        cells["p (deaths)"] = [f"{p:.3f}" for p in rows["harm_p_deaths_adjusted"]]
        cells["p (mass killing)"] = [f"{p:.3f}" for p in rows["harm_p_mass_killing_adjusted"]]
    return f"{heading}\n{pd.DataFrame(cells, index=index).to_string()}"


def _harm_note() -> str:
    return (
        "p: of no more harm than help, over the pairs that differ, adjusted for the number of points; "
        "chance alone parts pairs both ways, so harm counts only where it exceeds help"
    )


def _resources(rows: pd.DataFrame, index: list[str]) -> str:
    cells = {"peacekeeper-weeks per run": [_number(value) for value in rows["peacekeeper_weeks"]]}
    if "extra_spent" in rows.columns:
        cells["spent beyond reference, million USD"] = [
            interval_text(value, 1) for value in intervals(rows, "extra_spent")
        ]
        cells["USD per death averted"] = [
            _cost(*row)
            for row in zip(
                intervals(rows, "cost_per_death_averted"), intervals(rows, "deaths_averted"),
                intervals(rows, "extra_spent"), strict=True,
            )
        ]  # fmt: skip
    words = " ".join(cells.get("USD per death averted", ()))
    notes = "".join(f"\n{word}: {said}" for word, said in _COSTS.items() if word in words)
    return f"Resources, realised\n{pd.DataFrame(cells, index=index).to_string()}{notes}"


def _cost(cost: Interval, averted: Interval, spent: Interval) -> str:
    """Return the ratio of costs to deaths averted, or the word for where it has no meaning."""
    if math.isnan(cost.estimate):
        return "dominated" if averted.high < 0 and spent.low > 0 else "undefined"
    middle, low, high = (
        "dominant" if math.isfinite(end) and end < 0 else _number(end)
        for end in (cost.estimate, cost.low, cost.high)
    )
    return middle if math.isnan(cost.low) or high == "dominant" else f"{middle} [{low}, {high}]"


def _pairing(rows: pd.DataFrame, index: list[str]) -> str:
    cells = {
        "pairs": [f"{int(n):,}" for n in rows["n"]],
        "that differ": [f"{int(n):,}" for n in rows["pairs_differing"]],
        "correlation of deaths": [_number(value, 2) for value in rows["correlation"]],
        "independent pairs as precise": [_number(value) for value in rows["independent_pairs"]],
    }
    return f"Pairing\n{pd.DataFrame(cells, index=index).to_string()}"


def _outcomes(differences: pd.DataFrame, point: str, label: str) -> str:
    rows = differences[differences["point"] == point]
    cells = {
        "unit": rows["unit"],
        "reference": [_number(value, 2) for value in rows["baseline_mean"]],
        "treatment": [_number(value, 2) for value in rows["treatment_mean"]],
        "difference": [
            _interval(*ends)
            for ends in zip(
                *(rows[f"difference{end}"] for end in ("", "_low", "_high")), strict=True
            )
        ],
        "correlation": [_number(value, 2) for value in rows["correlation"]],
        "as precise": [_number(value) for value in rows["independent_pairs"]],
    }
    table = pd.DataFrame(cells).set_index(pd.Index(rows["outcome"].tolist()))
    return f"Every outcome: {label}\n{table.to_string()}"


def _cautions(rows: pd.DataFrame) -> list[str]:
    few = int((rows["pairs_differing"] < FEW_PAIRS).sum())
    large = int((rows["largest_pair"] > LARGE_PAIR).sum())
    found = {
        f"fewer than {FEW_PAIRS} pairs differ: {FEW_MEANS}": few,
        f"one pair has more than {LARGE_PAIR:.0%} of all deaths that differ: the mean hangs on it, "
        "trust the probability of mass killing there or run more replicates": large,
    }
    return [
        f"note: at {points} point{'s' if points > 1 else ''} {said}"
        for said, points in found.items()
        if points
    ]


def _interval(estimate: float, low: float, high: float) -> str:
    if math.isnan(low):
        return _number(estimate, 2)
    return f"{_number(estimate, 2)} [{_number(low, 2)}, {_number(high, 2)}]"


def _number(value: float, digits: int = 0) -> str:
    if math.isnan(value):
        return "-"
    # Adding zero takes the sign of what is rounded to nothing away.
    return "any number" if math.isinf(value) else f"{round(value, digits) + 0.0:,.{digits}f}"
