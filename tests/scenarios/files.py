"""The scenario files as they stand, and the figures in them."""

from __future__ import annotations

from typing import Any

import yaml

from experiments.scenario_folder import scenarios_folder
from sim.country import Country
from sim.country_reader import COUNTRY_KEYS


def names(group: str) -> list[str]:
    """Return the names of the files of a group."""
    return sorted(file.stem for file in (scenarios_folder() / group).glob("*.yaml"))


def load(group: str, name: str) -> dict[str, Any]:
    """Return one file as a mapping."""
    text = (scenarios_folder() / group / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text) or {})


def country_of(name: str) -> Country:
    """Return the country of a file."""
    raw = load("country", name)
    return Country.from_mapping({key: raw[key] for key in raw if key in COUNTRY_KEYS})


def historical() -> list[str]:
    """Return the countries that are real: those with a cut-off date."""
    return [name for name in names("country") if "known_until" in load("country", name)]
