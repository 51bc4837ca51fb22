"""The scenario files as they stand, and the figures in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from experiments.scenario_folder import scenarios_folder
from sim.country import Country
from sim.country_reader import COUNTRY_KEYS
from sim.figures import FIGURE_KEYS


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


def figures(node: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Yield every figure and every bare number below a node."""
    if isinstance(node, Mapping) and "grade" in node and set(node) <= set(FIGURE_KEYS):
        yield key, node
    elif isinstance(node, Mapping):
        for name, item in node.items():
            yield from figures(item, f"{key}.{name}")
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from figures(item, f"{key}[{i}]")
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        yield key, node
