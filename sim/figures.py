"""Figures: numbers of a scenario with their source, a confidence grade and, where missing, a range.

A figure in a YAML file is one of three things::

    capacity: 0.4                                                        # a bare number
    capacity: {value: 0.4, source: "World Bank WGI 2014", grade: B}      # a number and its source
    capacity: {low: 0.2, high: 0.5, source: "no estimate", grade: D}     # missing: a range

Bare numbers are for synthetic countries and for overrides. A mapping may give a value and a range
together: the value is used and the range says how far it may be off. Of a range alone the middle
is used until an experiment samples it. `unit` and `note` are free text for the reader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.errors import ScenarioError, bad_value, unknown_name

GRADES: Mapping[str, str] = {
    "A": "official census, registry or count",
    "B": "published estimate or index with a stated method",
    "C": "derived from other figures, or reported second-hand",
    "D": "judgement: no figure was found",
}
"""Confidence grades of a figure, best first."""

FIGURE_KEYS = ("value", "low", "high", "source", "grade", "unit", "note")


def read_figure(
    raw: object, key: str, *, low: float = -math.inf, high: float = math.inf, unit: str = ""
) -> float:
    """Return the number that a figure stands for: its value, or the middle of its range.

    Parameters
    ----------
    raw : object
        A bare number or a mapping as described at the top of this module.
    key : str
        Dotted name of the entry, for the error.
    low, high : float
        Smallest and largest number allowed (both ends of a range are held to them).
    unit : str, optional
        Unit, for the error.

    Raises
    ------
    ScenarioError
        If the figure is not a finite number within the limits, has an unknown or missing key, a
        grade other than A, B, C or D, or a range that is upside down or leaves out its own value.
    """
    # Plain numbers are the whole of a country of 100,000 places: decide them at once.
    if type(raw) in (int, float) and low <= raw <= high and math.isfinite(raw):  # type: ignore[operator, arg-type]
        return float(raw)  # type: ignore[arg-type]
    lowest, highest = figure_range(raw, key)
    expected = _limits(low, high)
    for number in (lowest, highest):
        if not low <= number <= high:
            raise bad_value(key, number, expected, unit=unit)
    if not isinstance(raw, Mapping) or "value" not in raw:
        return lowest + (highest - lowest) / 2.0
    value = _number(raw["value"], f"{key}.value")
    if not low <= value <= high:
        raise bad_value(key, value, expected, unit=unit)
    return value


def figure_range(raw: object, key: str = "figure") -> tuple[float, float]:
    """Return the lowest and the highest number that a figure may take (equal if it is known).

    Raises
    ------
    ScenarioError
        As `read_figure`, limits apart.
    """
    if not isinstance(raw, Mapping):
        number = _number(raw, key)
        return number, number
    _check_keys(raw, key)
    value = _number(raw["value"], f"{key}.value") if "value" in raw else None
    if "low" not in raw:
        assert value is not None  # _check_keys wants one of the two
        return value, value
    lowest, highest = _number(raw["low"], f"{key}.low"), _number(raw["high"], f"{key}.high")
    if lowest > highest:
        raise ScenarioError(f"{key}: low {lowest:g} is above high {highest:g}")
    if value is not None and not lowest <= value <= highest:
        raise bad_value(key, value, f"between its own low {lowest:g} and high {highest:g}")
    return lowest, highest


def _check_keys(raw: Mapping[object, object], key: str) -> None:
    """Raise unless a figure has known keys, a number, a source and a grade."""
    for name in raw:
        if name not in FIGURE_KEYS:
            raise unknown_name(key, name, FIGURE_KEYS)
    if ("low" in raw) != ("high" in raw):
        raise ScenarioError(f"{key}: a range needs both 'low' and 'high'")
    if "value" not in raw and "low" not in raw:
        raise ScenarioError(f"{key}: a figure needs 'value', or 'low' and 'high'")
    source = raw.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ScenarioError(f"{key}: a figure needs its 'source' (who says so, and when)")
    grade = raw.get("grade")
    if not isinstance(grade, str) or grade not in GRADES:
        listed = "; ".join(f"{letter} {meaning}" for letter, meaning in GRADES.items())
        raise bad_value(f"{key}.grade", grade, f"one of {listed}")


def _number(raw: object, key: str) -> float:
    """Return a finite number; bool is refused because YAML turns yes and no into it."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise bad_value(key, raw, "a number")
    try:
        number = float(raw)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise bad_value(key, raw, "a finite number")
    return number


def _limits(low: float, high: float) -> str:
    """Return the limits in words."""
    if math.isinf(low) and math.isinf(high):
        return "a finite number"
    if math.isinf(high):
        return f"{low:g} or more"
    if math.isinf(low):
        return f"{high:g} or less"
    return f"between {low:g} and {high:g}"
