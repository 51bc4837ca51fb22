"""The way back from the first death that differs to the first state that differed.

What a process sets follows from the states that its loop reads. A state that came to differ therefore
does so through one or more of those read that differed before, and going back in this way leads to what
the two worlds were set apart by. It is a walk over state variables, not over single places, and by the
process through which each first came to differ: what lies on it may have led to that death.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import pandas as pd

from experiments.chain_text import when, words
from sim.effects import EFFECTS
from sim.ensemble import FIELDS, STATE
from sim.schedule import WEEK

State = tuple[str, str]
"""Table and field of a state variable."""


@cache
def read_by(mechanism: str, process: str) -> frozenset[State]:
    """Return the states that the loop of a process reads, all of a table where it names none.

    Raises
    ------
    AttributeError
        The mechanism has no such loop.
    """
    module = import_module(f"sim.ensemble.{mechanism}")
    found: set[State] = set()
    todo, seen = [process, f"show_{process}"], set[str]()
    assert inspect.isfunction(getattr(module, process))
    while todo:
        name = todo.pop()
        loop = getattr(module, name, None)
        if name in seen or not inspect.isfunction(loop):
            continue
        seen.add(name)
        tree = ast.parse(inspect.getsource(loop))
        found |= set(_read_in(tree))
        if loop.__module__ == module.__name__:
            todo += [node.func.id for node in ast.walk(tree)
                     if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]  # fmt: skip
    return frozenset(found)


def _read_in(tree: ast.AST) -> Iterator[State]:
    """Yield the states that a function reads: what it only sets is not read."""
    fields = {table: [one.name for one in row] for table, row in zip(STATE, FIELDS, strict=True)}
    changed = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript):
            continue
        if isinstance(node.ctx, ast.Store) and id(node) not in changed:
            continue
        table = ast.unparse(node.value).rpartition(".")[2]
        if table not in fields:
            continue
        index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        if isinstance(index, ast.Attribute):
            yield table, index.attr
            continue
        # A column that is counted from one that is named is that one or one after it, a dose a dose.
        first = next((node.attr for node in ast.walk(index) if isinstance(node, ast.Attribute)), "")
        after = fields[table].index(first) if first in fields[table] else 0
        doses = {entry.field for entry in EFFECTS}
        for name in fields[table][after:]:
            if first not in doses or name in doses:
                yield table, name


def walk_back(differences: pd.DataFrame, death: pd.Series | None) -> pd.DataFrame:
    """Return the differences that may have led to one, in their order, each with what it came from.

    Parameters
    ----------
    differences : of `experiments.side_by_side.Comparison`.
    death : the row to go back from; None where no death differs.

    Returns
    -------
    The rows on the way and the death itself last, with ``came_from``: the positions in `differences` of
    the rows that its process reads and that differed before. It is empty for a state from which the
    two worlds were set apart.
    """
    steps = {process.name: number for number, process in enumerate(WEEK)}
    rows: list[dict[str, Any]] = differences.to_dict("records")
    when = [(row["week"], steps.get(row["process"], -1)) for row in rows]
    found: dict[int, list[int]] = {}
    todo = [] if death is None else [int(death.name)]
    while todo:
        at = todo.pop()
        if at in found:
            continue
        row = rows[at]
        reads = read_by(row["mechanism"], row["process"]) if row["process"] in steps else ()
        found[at] = [
            earlier
            for earlier in range(at)
            if when[earlier] < when[at]
            and (rows[earlier]["table"], rows[earlier]["field"]) in reads
        ]
        todo += found[at]
    way = differences.iloc[sorted(found)].copy()
    way["came_from"] = [found[at] for at in sorted(found)]
    return way


def way_said(differences: pd.DataFrame, death: pd.Series | None) -> str:
    """Return one way back from a death in words: at each step through what came to differ last."""
    if death is None:
        return "No death differs, so there is none to go back from."
    way = walk_back(differences, death)
    at, steps = int(death.name), []
    while True:
        row = way.loc[at]
        steps.append(f"{words(row['field'])} ({when(row)})")
        if not row["came_from"]:
            break
        at = max(row["came_from"])
    return (
        "From the first death that differs back to what set the two worlds apart, at each step through "
        f"what the process reads and what of that came to differ last: {'; '.join(steps)}. Of the "
        f"{int(death.name):,} states that had come to differ by then {len(way) - 1:,} lie on such a "
        "way."
    )
