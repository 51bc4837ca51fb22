"""Changes of a scenario as data: under which a measure fails, or has something to act on."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import ScenarioError


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
    elif last[:1] == "+" and last[1:].isdecimal() and isinstance(node, list):
        if not isinstance(value, dict):
            raise ScenarioError(f"{path}: what comes in every week is a mapping, not {value!r}")
        node.extend({"week": week, **copy.deepcopy(value)} for week in range(int(last[1:])))
    elif last == "*" and isinstance(node, dict):
        node.update(dict.fromkeys(node, value))
    elif isinstance(node, dict) and last[:1] != "+":
        node[last] = value
    else:
        raise ScenarioError(f"{path}: leads nowhere at {last!r}")
