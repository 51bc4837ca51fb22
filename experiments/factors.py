"""Factors of a design: entries that take several values, listed ones or any of an interval.

What stands under ``design.factors`` for the dotted name of an entry is one of::

    [0, 13, 26]                                 a list
    documented                                  the documented range of the entry
    interval(0, 1)                              Hydra's syntax, also choice(..), range(..), tag(log, ..)
    {low: 0.01, high: 0.2, scale: log}          the same as data; scale and whole may be left out

An interval may leave the documented range, which is what the entry is believed to be, but not what
the model allows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.overrides import DOCUMENTED, GROUPS, factor_of_text
from experiments.ranges import (
    MISSING,
    SCALES,
    Range,
    Scale,
    documented_names,
    documented_range,
    entry_at,
)
from sim.errors import ForestallError, bad_value, unknown_name

# What makes a world; a horizon of its own would give every point another number of weekly rows.
SECTIONS = (
    "country", "actors", "interventions", "action", "parameters", "mechanisms", "forms",
    "attributes",
)  # fmt: skip
_ONE_FOR_ALL = (*SECTIONS, "weeks", "seed", "replicates", "engine", "executor", "output", "name")
_INTERVAL_KEYS = ("low", "high", "scale", "whole")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A factor that takes listed values: numbers or words."""

    name: str
    unit: str
    source: str
    values: tuple[Any, ...]

    def at(self, unit: NDArray[np.float64]) -> list[Any]:
        """Return the values at places in [0, 1], of which each has an equal part."""
        last = len(self.values) - 1
        return [self.values[min(int(place * (last + 1)), last)] for place in unit.tolist()]

    def as_row(self) -> dict[str, Any]:
        """Return what a reader of the results must know, as plain data."""
        return {
            "name": self.name, "unit": self.unit, "source": self.source,
            "values": list(self.values),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A factor that takes any value between two, evenly or by its logarithm; see `Range`."""

    name: str
    unit: str
    source: str
    low: float
    high: float
    scale: Scale = "linear"
    whole: bool = False

    def at(self, unit: NDArray[np.float64]) -> list[Any]:
        """Return the values at places in [0, 1]; of whole numbers each has an equal part."""
        if self.whole:
            numbers = np.floor(self.low + unit * (self.high - self.low + 1.0))
            return [int(number) for number in np.minimum(numbers, self.high).tolist()]
        if self.scale == "log":
            values = self.low * (self.high / self.low) ** unit
        else:
            values = self.low + unit * (self.high - self.low)
        found: list[Any] = np.clip(values, self.low, self.high).tolist()
        return found

    def as_row(self) -> dict[str, Any]:
        """Return what a reader of the results must know, as plain data."""
        return {
            "name": self.name, "unit": self.unit, "source": self.source, "low": self.low,
            "high": self.high, "scale": self.scale, "whole": self.whole,
        }  # fmt: skip


Factor = Listed | Interval


def read_factors(config: Mapping[str, Any]) -> dict[str, Factor]:
    """Return the factors of a configuration by name, in its order.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it.

    Raises
    ------
    ForestallError
        One line that names the factor: no such entry, no value, an interval beyond what the entry
        may be.
    """
    given = config["design"].get("factors") or {}
    if not isinstance(given, Mapping):
        raise bad_value("design.factors", given, "a mapping of names to lists of values")
    return {str(name): _factor(str(name), asked, config) for name, asked in given.items()}


def _factor(name: str, asked: Any, config: Mapping[str, Any]) -> Factor:
    key = f"design.factors.{name}"
    if isinstance(asked, str):
        asked = factor_of_text(name, asked)
    if name in GROUPS:
        return Listed(name=name, unit="scenario file", source="", values=_values(key, asked))
    documented = documented_entry(name, config)
    if asked == DOCUMENTED:
        if documented is None:
            raise ForestallError(f"{key}: has no documented range, give one: interval(low,high)")
        return _interval(key, {}, documented)
    if isinstance(asked, Mapping):
        return _interval(key, asked, documented)
    unit, source = (documented.unit, documented.source) if documented else ("", "")
    return Listed(name=name, unit=unit, source=source, values=_values(key, asked))


def documented_entry(
    name: str, config: Mapping[str, Any], *, where: str = "design.factors"
) -> Range | None:
    """Return the documented range of an entry, if it has one.

    Raises
    ------
    ForestallError
        There is no such entry, or it is none that a design may vary; `where` says where it was named.
    """
    section, _, rest = name.partition(".")
    if section in _ONE_FOR_ALL and (not rest or section not in SECTIONS):
        raise ForestallError(
            f"{where}: {name!r} has one value for all points, it cannot be a factor"
        )
    documented = documented_range(name, config)
    listed = section != "parameters" and entry_at(config, name) is not MISSING
    chosen = section != "interventions" or rest.partition(".")[0] in config["interventions"]
    if section not in SECTIONS or not chosen or not (documented or listed):
        names = dict.fromkeys([*GROUPS, *documented_names(config), *_leaves(config)])
        raise unknown_name(where, name, names)
    return documented


def _leaves(node: Any, path: str = "") -> Iterator[str]:
    if not isinstance(node, Mapping):
        yield path
        return
    for name, entry in node.items():
        if path or name in SECTIONS:
            yield from _leaves(entry, f"{path}.{name}" if path else str(name))


def _interval(key: str, asked: Mapping[str, Any], documented: Range | None) -> Interval:
    for entry in asked:
        if entry not in _INTERVAL_KEYS:
            raise unknown_name(key, entry, _INTERVAL_KEYS)
    unit = documented.unit if documented else ""
    low = _number(f"{key}.low", asked.get("low", documented and documented.low), unit)
    high = _number(f"{key}.high", asked.get("high", documented and documented.high), unit)
    if low >= high:
        raise ForestallError(f"{key}: the low end {low:g} is not below the high end {high:g}")
    scale = asked.get("scale", documented.scale if documented and not asked else "linear")
    if scale not in SCALES:
        raise unknown_name(f"{key}.scale", scale, SCALES)
    if scale == "log" and low <= 0.0:
        raise bad_value(f"{key}.low", low, "more than 0 on a scale of logarithms", unit=unit)
    if documented is None:
        source = "the design's own range"
    elif (low, high) == (documented.low, documented.high):
        source = documented.source
    else:
        _within(key, low, high, documented)
        source = f"the design's own range, documented {documented.low:g} to {documented.high:g}"
    whole = bool(asked.get("whole", documented.whole if documented else False))
    return Interval(
        name=key.removeprefix("design.factors."), unit=unit, source=source, low=low, high=high,
        scale=scale, whole=whole,
    )  # fmt: skip


def _within(key: str, low: float, high: float, allowed: Range) -> None:
    for end in (low, high):
        if not allowed.least <= end <= allowed.most:
            limits = f"an interval within {allowed.least:g} to {allowed.most:g}"
            raise bad_value(key, f"interval({low:g},{high:g})", limits, unit=allowed.unit)


def _number(key: str, value: Any, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise bad_value(key, value, "a finite number", unit=unit)
    return float(value)


def _values(key: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list) or not values:
        raise bad_value(key, values, "a list of values, an interval or 'documented'")
    seen = set()
    for value in values:
        if isinstance(value, list) and len(values) == 1:
            name, each = key.removeprefix("design.factors."), ",".join(map(str, value))
            raise ForestallError(f"{key}: one list is no factor, several values are {name}={each}")
        if isinstance(value, Mapping | list) or value is None:
            raise bad_value(key, value, "a number or a word")
        if isinstance(value, float) and not math.isfinite(value):
            raise bad_value(key, value, "a finite number (a start may be 'never')")
        same = (isinstance(value, bool), value)
        if same in seen:
            raise ForestallError(f"{key}: {value!r} is listed twice")
        seen.add(same)
    return tuple(values)
