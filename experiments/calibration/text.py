"""A calibration in words for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text(found: Mapping[str, Any], *, quick: bool) -> str:
    """Return what a calibration came to (`experiments.calibration.command.run`), in lines of text."""
    budget = found["budget"]
    lines = []
    if quick:
        lines.append("QUICK: tries the machinery on a small budget; this is no calibration.")
    lines += [
        f"{budget['parameter_sets']:,} parameter sets in {budget['waves']} waves after "
        f"{budget['screening']['parameter_sets']:,} of screening, {budget['model_runs']:,} model runs",
        f"not ruled out: {100 * found['left']:.1f} % of the prior; "
        f"{found['effective_proposals']:,.0f} proposals count",
        "",
        "free parameter            prior                 ensemble, 90 %        contraction",
    ]
    for row in found["free"]:
        prior = f"{row['prior_low']:g} .. {row['prior_high']:g}"
        ends = f"{row['low']:.3g} .. {row['high']:.3g}"
        name = str(row["parameter"])
        lines.append(f"  {name:<22}  {prior:<20}  {ends:<20}  {100 * row['contraction']:>6.0f} %")
    lines += ["", "fact               band              ensemble, 90 %       sets within"]
    for row in found["facts_of_the_ensemble"]:
        band = f"{row['band_low']:g} .. {row['band_high']:g}"
        ends = f"{row['low']:.3g} .. {row['high']:.3g}"
        lines.append(f"  {row['fact']:<15}  {band:<16}  {ends:<18}  {100 * row['within']:>6.0f} %")
    if "recovery" in found:
        whole = next(row for row in found["recovery"] if row["parameter"] == "all")
        lines += [
            "",
            f"recovery: 90 % intervals cover {100 * whole['covered']:.1f} % of {whole['truths']} "
            "known truths (bar: 80 to 98 %)",
        ]
    lines += ["", f"digest       {found['digest']}", f"prior digest {found['prior_digest']}", ""]
    return "\n".join([*lines, *found["written"]])
