"""What ``forestall sensitivity`` says: the indices as tables, their noise, and their limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from experiments.sensitivity import Sensitivity

MOST_LINES = 20
_HEADS = {
    "sobol": "Sobol' indices: share of the variance explained alone, and taken part in",
    "blocks": "Sobol' indices of blocks: share of the variance explained alone, and taken part in",
    "morris": "Morris screening: effect of a factor over its range, in the unit of the outcome",
}


def text(analysis: Sensitivity) -> str:
    """Return an analysis as a terminal shows it."""
    blocks = [f"{_HEADS[analysis.method]} [95 % interval]"]
    quantities = {quantity.name: quantity for quantity in analysis.quantities}
    for (where, name), rows in analysis.table.groupby(["where", "quantity"], sort=False):
        quantity = quantities[str(name)]
        noise = analysis.noise[
            (analysis.noise["where"] == where) & (analysis.noise["quantity"] == name)
        ].iloc[0]
        place = f"; {where}" if where else ""
        lines = [f"{quantity.title} ({quantity.unit}){place}", _table(rows, analysis.method)]
        if analysis.method != "morris" and rows["first"].notna().any():
            lines.append(f"first-order indices add up to {rows['first'].sum():.2f}")
        lines.append(_noise(noise))
        lines += _contrast(analysis, str(where), str(name))
        blocks.append("\n".join(lines))
    notes = "\n".join(f"note: {line}" for line in analysis.cautions)
    return "\n\n".join([*blocks, notes] if notes else blocks)


def _table(rows: pd.DataFrame, method: str) -> str:
    size = "mu_star" if method == "morris" else "total"
    ordered = rows.sort_values(size, ascending=False, kind="stable")
    shown = ordered.head(MOST_LINES)
    cells = {"factor": shown["factor"].tolist()}
    if method == "morris":
        cells["mean size"] = _intervals(shown, "mu_star")
        cells["mean"] = [f"{value:+.3f}" for value in shown["mu"]]
        cells["standard deviation"] = [f"{value:.3f}" for value in shown["sigma"]]
    else:
        cells["alone"] = _intervals(shown, "first")
        cells["in total"] = _intervals(shown, "total")
    left_out = len(ordered) - len(shown)
    more = f"\n({left_out} more factors are in the table)" if left_out else ""
    return str(pd.DataFrame(cells).to_string(index=False)) + more


def _intervals(rows: pd.DataFrame, name: str) -> list[str]:
    ends = zip(rows[name], rows[f"{name}_low"], rows[f"{name}_high"], strict=True)
    return [
        "-" if math.isnan(value) else f"{value:.3f} [{low:.3f}, {high:.3f}]"
        for value, low, high in ends
    ]


def _noise(row: pd.Series) -> str:
    if math.isnan(row["noise_share"]):
        return f"noise of {int(row['replicates'])} replicates: not known"
    return (
        f"noise of {int(row['replicates'])} replicates: {100 * row['noise_share']:.1f} % of the "
        f"variance between points; shared draws took {100 * row['noise_removed']:.0f} % of it away"
    )


def _contrast(analysis: Sensitivity, where: str, name: str) -> list[str]:
    if not len(analysis.contrast):
        return []
    rows = analysis.contrast
    row = rows[(rows["where"] == where) & (rows["quantity"] == name)].iloc[0]
    if math.isnan(row["estimate"]):
        return []
    verdict = "cannot be told apart"
    if not row["enough_samples"]:
        # An interval of a few rows misses the truth far more often than it says.
        verdict = "too few samples to tell"
    elif row["low"] > 0:
        verdict = "the national block takes part in more"
    elif row["high"] < 0:
        verdict = "the international block takes part in more"
    return [
        f"national less international, in total: {row['estimate']:+.3f} "
        f"[{row['low']:+.3f}, {row['high']:+.3f}]: {verdict}"
    ]
