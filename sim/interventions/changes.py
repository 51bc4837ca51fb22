"""Changes of a scenario as data: under which a measure fails, or has something to act on."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import ScenarioError, bad_value

MOST_WEEKS = 2080
"""Most weeks for which a change may add an entry each: the longest horizon."""


def with_changes(
    raw: Mapping[str, Any], changes: Mapping[str, object], *, measure: str = ""
) -> dict[str, Any]:
    """Return a scenario with some entries changed; `raw` stays as it is.

    Parameters
    ----------
    raw : mapping
        A scenario as `sim.scenario.Scenario.from_mapping` reads it.
    changes : mapping
        New values by dotted name. In a name, ``*`` is every entry, ``kind=rebel`` every entry of that
        kind, ``one=rebel`` the first of them, ``+`` at the end adds to a list, ``+104`` one for each
        week from 0 to 103 (its ``week``), and ``@`` at the start is the entry of `measure`.
    measure : str
        Name of the measure whose changes they are.

    Raises
    ------
    ScenarioError
        If a name leads nowhere.

    Examples
    --------
    >>> with_changes({"actors": {"a": {"tie": 0}, "b": {"tie": 1}}}, {"actors.*.tie": 0.5})
    {'actors': {'a': {'tie': 0.5}, 'b': {'tie': 0.5}}}
    """
    changed = copy.deepcopy(dict(raw))
    for name, value in changes.items():
        path = name.replace("@", f"interventions.{measure}", 1) if name[:1] == "@" else name
        *way, last = path.split(".")
        for node in _found(changed, way, path):
            _put(node, last, copy.deepcopy(value), path)
    return changed


def _found(node: Any, way: list[str], path: str) -> Iterator[Any]:
    if not way:
        yield node
        return
    step, *rest = way
    if not isinstance(node, dict):
        raise ScenarioError(f"{path}: leads nowhere at {step!r}")
    if step == "*":
        chosen = list(node)
    elif step.startswith(("kind=", "one=")):
        which, _, kind = step.partition("=")
        chosen = [key for key, entry in node.items() if entry.get("kind") == kind]
        chosen = chosen[:1] if which == "one" else chosen
    else:
        if node.get(step) is None:
            node[step] = [] if rest == [] and step == "shocks" else {}
        chosen = [step]
    for key in chosen:
        yield from _found(node[key], rest, path)


def _put(node: Any, last: str, value: object, path: str) -> None:
    if last == "+" and isinstance(node, list):
        node.append(value)
    elif (weeks := _named_weeks(last)) and isinstance(node, list):
        check_weeks(path, last)
        if not isinstance(value, dict):
            raise ScenarioError(f"{path}: what comes in every week is a mapping, not {value!r}")
        node.extend({"week": week, **copy.deepcopy(value)} for week in range(int(weeks)))
    elif last == "*" and isinstance(node, dict):
        node.update(dict.fromkeys(node, value))
    elif isinstance(node, dict) and last[:1] != "+":
        node[last] = value
    else:
        raise ScenarioError(f"{path}: leads nowhere at {last!r}")


def _named_weeks(step: str) -> str:
    """Return the number in ``+104``, empty for any other name."""
    return step[1:] if step[:1] == "+" and step[1:].isdecimal() else ""


def check_weeks(path: str, step: str) -> None:
    """Raise unless the last step of a name is ``+``, or ``+`` and a number of weeks of a run."""
    expected = f"+, or + and a whole number between 1 and {MOST_WEEKS}"
    weeks = _named_weeks(step)
    # Compared by length first: a number of thousands of digits is none that Python would read.
    if step != "+" and (not weeks or len(weeks) > 9 or not 1 <= int(weeks) <= MOST_WEEKS):
        raise bad_value(path, step, expected, unit="weeks")
