"""What cuts across measures (D1 to D9), as the catalogue shows it: each is a ready experiment.

An experiment of `scenarios/experiment` that stands for a condition of the report says so in a section
``catalogue`` of its own file, which is for the reader: no world holds it. Another such experiment is a
file with that section, under the next id.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from experiments.scenario_folder import scenarios_folder
from sim.errors import bad_value
from sim.interventions.base import Level, Phase, Pillar
from sim.interventions.measure import names_of, read_leaders
from sim.reading import choice, known_mapping, needed

SECTION = "catalogue"
NEEDED = (
    "id", "stands_for", "level", "phase", "pillar", "acts_on", "lead", "fails_when", "source",
)  # fmt: skip
"""What the section of an experiment says; `partners` may be left out."""
_KINDS: Mapping[str, type[StrEnum]] = {"level": Level, "phase": Phase, "pillar": Pillar}


def cross_cutting() -> list[dict[str, Any]]:
    """Return a row of the catalogue for every experiment that has the section, in order of ids."""
    files = sorted((scenarios_folder() / "experiment").glob("*.yaml"))
    rows = [row for row in map(_row_of, files) if row is not None]
    return sorted(rows, key=lambda row: (row["id"][0], int(row["id"][1:])))


def _row_of(file: Path) -> dict[str, Any] | None:
    """Return the row of an experiment, None where it stands for nothing of the catalogue."""
    experiment = yaml.safe_load(file.read_text(encoding="utf-8"))
    if SECTION not in experiment:
        return None
    key = f"{file.name}: {SECTION}"
    section = known_mapping(key, experiment[SECTION], (*NEEDED, "partners"))
    said = {name: needed(key, section, name) for name in NEEDED}
    for name, text in said.items():
        if name not in (*_KINDS, "lead") and not (isinstance(text, str) and text.strip()):
            raise bad_value(f"{key}.{name}", text, "text")
    words = {name: _words(f"{key}.{name}", said[name], kind) for name, kind in _KINDS.items()}
    leaders = {
        name: ", ".join(names_of(read_leaders(f"{key}.{name}", section.get(name, []))))
        for name in ("lead", "partners")
    }
    factors = dict(experiment["design"]["factors"])
    return {
        **said,
        "name": file.stem,
        **words,
        **leaders,
        "varies": ", ".join(factors),
        "factors": factors,
        "example": f"forestall sweep experiment={file.stem}",
    }


def _words(key: str, raw: Any, kind: type[StrEnum]) -> str:
    """Return one name or several of a kind, as text."""
    options: Mapping[str, str] = {str(one): str(one) for one in kind}
    return ", ".join(
        choice(key, name, options) for name in (raw if isinstance(raw, list) else [raw])
    )
