"""What Forestall says when it is asked for something it cannot do: one clear line each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ForestallError(Exception):
    """A mistake in what was asked; the message is one line and the command ends with exit code 2."""


class ScenarioError(ForestallError):
    """A scenario, country or parameter that the model cannot take."""


def bad_value(key: str, value: object, expected: str, *, unit: str = "") -> ScenarioError:
    """Return the error for a value outside what `key` allows.

    Parameters
    ----------
    key : str
        Dotted name of the entry, as the user wrote it.
    value : object
        What was given.
    expected : str
        What is allowed, for example ``"between 0 and 1"``.
    unit : str, optional
        Unit of the entry.
    """
    measured = f" ({unit})" if unit else ""
    return ScenarioError(f"{key}: {_shown(value)} is not allowed, expected {expected}{measured}")


def _shown(value: object) -> str:
    """Return a value as an error shows it: whole, but for a number too long to be written out."""
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"


def unknown_name(key: str, name: object, valid: Iterable[str]) -> ScenarioError:
    """Return the error for a name that does not exist, with the nearest one that does.

    Parameters
    ----------
    key : str
        Where the name was used (empty for the top level).
    name : object
        What was given.
    valid : iterable of str
        Names that exist there.
    """
    names = sorted(valid)
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    where = f"{key}: " if key else ""
    hint = f"did you mean {near[0]!r}?" if near else "valid names: " + ", ".join(names[:12])
    return ScenarioError(f"{where}unknown name {str(name)!r}, {hint}")
