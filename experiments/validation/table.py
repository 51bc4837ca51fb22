"""Checked facts as rows, text, CSV, JSON and figures."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.validation.check import Checked
from experiments.validation.estimates import Estimate
from experiments.validation.facts import STATUSES, Statistic

COLUMNS = (
    "id", "part", "family", "use", "statistic", "band", "band_low", "band_high", "value", "low",
    "high", "n", "status", "source",
)  # fmt: skip


def rows_of(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """Return one row a statistic, numbers as they are."""
    return [
        _row(one, statistic, one.found[statistic.part], one.parts[statistic.part])
        for one in checked
        for statistic in one.fact.statistics
    ]


def _row(one: Checked, statistic: Statistic, found: Estimate, status: str) -> dict[str, Any]:
    return {
        "id": one.fact.id, "part": statistic.part, "family": one.fact.family,
        "use": statistic.use, "statistic": statistic.statistic, "band": statistic.band,
        "band_low": statistic.low, "band_high": statistic.high, "value": found.value,
        "low": found.low, "high": found.high, "n": found.n, "status": status,
        "source": one.fact.source, "fact": one.fact.fact, "log": statistic.log,
        "needs": list(statistic.needs),
        "label": f"{one.fact.family} {label(one.fact.id, statistic.part)}",
    }  # fmt: skip


def label(number: int, part: str) -> str:
    """Return the short name of a statistic, ``3 past killing``."""
    return f"{number} {part.replace('_', ' ')}".strip()


def as_json(checked: Sequence[Checked], about: Mapping[str, Any]) -> str:
    """Return the facts as JSON: one entry a fact, its statistics within; no number is NaN."""
    rows = rows_of(checked)
    entries = []
    for one in checked:
        parts = [
            {name: _plain(value) for name, value in row.items() if name not in ("fact", "source")}
            for row in rows
            if row["id"] == one.fact.id
        ]
        entries.append(
            {
                "id": one.fact.id, "family": one.fact.family, "fact": one.fact.fact,
                "source": one.fact.source, "status": one.status,
                "statistic": "; ".join(part["statistic"] for part in parts),
                "band": "; ".join(part["band"] for part in parts), "statistics": parts,
            }
        )  # fmt: skip
    return json.dumps({**about, "facts": entries}, allow_nan=False)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_csv(checked: Sequence[Checked]) -> str:
    """Return the table as CSV, one row a statistic."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows_of(checked))
    return text.getvalue()


def as_text(checked: Sequence[Checked]) -> str:
    """Return the table for a terminal, by family."""
    lines, family = [], ""
    for row in rows_of(checked):
        if row["family"] != family:
            family = row["family"]
            lines.append(f"\n{family}")
        name = label(row["id"], row["part"])
        lines.append(
            f"  {name:<22} {row['use']}  {told(row):<28} band {row['band']:<16} {row['status']}"
        )
    return "\n".join([*lines, "", score(checked)]).lstrip()


def told(row: Mapping[str, Any]) -> str:
    """Return an estimate with its interval."""
    if not math.isfinite(row["value"]):
        return "not measured here"
    return f"{row['value']:.3g} [{row['low']:.3g}, {row['high']:.3g}]"


def score(checked: Sequence[Checked]) -> str:
    """Return how many facts have which status; families share data, so this is no sample."""
    counts = {status: sum(one.status == status for one in checked) for status in STATUSES}
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    families = len({one.fact.family for one in checked})
    return f"{len(checked)} facts in {families} families: {said}"


def draw_overview(checked: Sequence[Checked], file: Path) -> Path:
    """Write the figure of all facts and return its path."""
    import pandas as pd

    from analysis.plots.facts_overview import facts_overview
    from analysis.plots.figure import save_as

    return save_as(facts_overview(pd.DataFrame(rows_of(checked))), file)


def draw(checked: Sequence[Checked], folder: Path) -> list[Path]:
    """Write a figure of all facts and one a family, and return the files."""
    import pandas as pd

    from analysis.plots.facts_overview import facts_family
    from analysis.plots.figure import save_as

    table = pd.DataFrame(rows_of(checked))
    files = [draw_overview(checked, folder / "facts.png")]
    for family, rows in table.groupby("family", sort=False):
        name = f"facts_{str(family).replace(' ', '_')}.png"
        files.append(save_as(facts_family(rows, title=str(family).capitalize()), folder / name))
    return files
