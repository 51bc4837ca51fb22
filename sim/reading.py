"""Reading what a scenario file holds: mappings with known names, choices, whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import ScenarioError, bad_value, unknown_name


def known_mapping(key: str, raw: object, names: Iterable[str] | None = None) -> Mapping[str, Any]:
    """Return a mapping whose names are all known.

    Parameters
    ----------
    key : str
        Dotted name of the entry, for the error; empty for the top level.
    raw : object
        What the file holds; None counts as empty.
    names : iterable of str, optional
        The names that may stand in it; any text when left out.

    Raises
    ------
    ScenarioError
        If it is no mapping, or holds a name that is not known.
    """
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise bad_value(key or "scenario", raw, "a mapping of names to values")
    valid = None if names is None else tuple(names)
    for name in raw:
        if not isinstance(name, str):
            raise bad_value(key or "scenario", name, "a name as text")
        if valid is not None and name not in valid:
            raise unknown_name(key, name, valid)
    return raw


def needed(key: str, raw: Mapping[str, Any], name: str) -> Any:
    """Return an entry that must be there; ScenarioError without it."""
    if name not in raw:
        raise ScenarioError(f"{key}.{name}: missing" if key else f"{name}: missing")
    return raw[name]


def choice[T](key: str, raw: object, options: Mapping[str, T]) -> T:
    """Return the option of a name; ScenarioError with the near match for any other."""
    if not isinstance(raw, str) or raw not in options:
        raise unknown_name(key, raw, options)
    return options[raw]


def whole_number(key: str, raw: object, low: int, high: int, unit: str) -> int:
    """Return a whole number within limits (2 and 2.0 alike); ScenarioError for anything else."""
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if number and low <= raw <= high and float(raw).is_integer():  # type: ignore[operator, arg-type]
        return int(raw)  # type: ignore[call-overload, no-any-return]
    raise bad_value(key, raw, f"a whole number between {low} and {high}", unit=unit)
