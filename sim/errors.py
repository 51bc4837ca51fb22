"""What Forestall says when it is asked for something it cannot do: one clear line each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST_SHOWN = 200
"""Characters of a value or name that an error shows."""
MOST_COMPARED = 5_000
"""Names that a misspelt one is compared with: a country may have a million."""


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
    """Return a value as an error shows it, cut short where it is too long for a line."""
    try:
        return shortened(repr(value))
    except ValueError:
        return "a number of thousands of digits"


def shortened(text: str) -> str:
    """Return a text, or its beginning where it is too long for a line."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


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
    given = str(name)
    near = _nearest(given, names) if len(given) <= LONGEST_SHOWN else None
    where = f"{key}: " if key else ""
    listed = shortened(", ".join(names[:12]))
    hint = f"did you mean {shortened(repr(near))}?" if near else f"valid names: {listed}"
    return ScenarioError(f"{where}unknown name {shortened(repr(given))}, {hint}")


def _nearest(given: str, names: list[str]) -> str | None:
    """Return the name most like the one given; among very many, of those that begin alike."""
    if len(names) > MOST_COMPARED:
        names = [name for name in names if name[:1].lower() == given[:1].lower()][:MOST_COMPARED]
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.5)
    return near[0] if near else None
