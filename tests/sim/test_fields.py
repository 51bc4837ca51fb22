"""A field starts where it says, is moved by what it says, and cannot leave what it says."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from small_worlds import ROOT, burundi, everything, peaceful, scenario, three_at_war

from sim import fields
from sim.country_reader import MOST_GROUPS
from sim.effects import EFFECTS
from sim.ensemble import FIELDS, STATE
from sim.fields import SETTINGS, TABLES, Field
from sim.forms import FORMS
from sim.initial import columns_of
from sim.mechanisms import DELIVERY, MECHANISMS
from sim.origins import MOVED, STARTS
from sim.scenario import LONGEST
from sim.starting import STARTING

WORLDS: list[Callable[[], dict[str, Any]]] = [burundi, three_at_war, everything, peaceful]
LETTERS = dict(zip("WGNIACQMR", TABLES, strict=True))
"""Tables by the letter of their positions."""
IN_LOOPS = {("government", name) for name in MOVED["government"]["domestic_reform"].split()} | {
    (table, entry.field) for table in ("world", "communities") for entry in EFFECTS
}
"""Fields that a loop over several of them moves, so that none is named where it is written."""


def all_fields() -> list[tuple[str, Field]]:
    return [(table, one) for table, several in TABLES.items() for one in several]


def writers() -> dict[tuple[str, str], set[str]]:
    """Return the files of the ensemble in which each field is assigned to."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted((ROOT / "sim" / "ensemble").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Store):
                continue
            index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
            for part in ast.walk(index):
                if isinstance(part, ast.Attribute) and ast.unparse(part.value) in LETTERS:
                    key = LETTERS[ast.unparse(part.value)], part.attr
                    found.setdefault(key, set()).add(path.stem)
    return found


def test_a_field_is_moved_by_the_files_that_write_it_and_by_no_other() -> None:
    found = writers()
    for table, one in all_fields():
        if (table, one.name) in IN_LOOPS:
            assert one.moved_by, f"{table}.{one.name}"
            assert found.get((table, one.name), set()) <= set(one.moved_by), f"{table}.{one.name}"
        else:
            assert found.get((table, one.name), set()) == set(one.moved_by), f"{table}.{one.name}"


def test_what_moves_a_field_is_a_mechanism_with_a_source_the_delivery_or_the_record() -> None:
    sourced = {mechanism.file for mechanism in MECHANISMS if len(mechanism.source) > 10}
    assert sourced == {mechanism.file for mechanism in MECHANISMS}
    for table, one in all_fields():
        assert set(one.moved_by) <= sourced | {DELIVERY, "record"}, f"{table}.{one.name}"
    assert not any(one.moved_by for one in SETTINGS)


@pytest.mark.parametrize("world", WORLDS)
def test_a_run_starts_where_its_fields_say(world: Callable[[], dict[str, Any]]) -> None:
    columns = columns_of([scenario(world())])
    for table, several in (*TABLES.items(), ("settings", SETTINGS)):
        values = getattr(columns, table)[0]
        for position, one in enumerate(several):
            assert np.isfinite(values[position]).all() or one.high == fields.INFINITY
            assert (values[position] >= one.low).all(), f"{table}.{one.name}"
            assert (values[position] <= one.high).all(), f"{table}.{one.name}"
            if isinstance(one.start, float):
                assert (values[position] == one.start).all(), f"{table}.{one.name}"


def test_a_start_that_names_a_figure_is_one_that_sets_a_field_of_this_name() -> None:
    figures = {figure.key: figure for figure in STARTING}
    named = set()
    for table, one in (*all_fields(), *(("settings", one) for one in SETTINGS)):
        if isinstance(one.start, str) and one.start.startswith(("country.", "actors.")):
            assert one.start in figures, f"{table}.{one.name}: {one.start}"
            named.add(one.start)
    # What shocks bring is added up anew in every week.
    assert {key for key in figures if not key.startswith("country.shocks.")} == named
    for key in named:
        kept = {part.partition(".")[2] for part in figures[key].sets.split(", ")}
        started = {one.name for _, one in all_fields() if one.start == key}
        started |= {one.name for one in SETTINGS if one.start == key}
        assert kept <= started, key


def test_every_name_of_the_origins_is_a_field() -> None:
    for origins in (MOVED, STARTS):
        for table, entries in origins.items():
            names = [name for several in entries.values() for name in several.split()]
            assert len(names) == len(set(names)), table
            known = {one.name for one in ({**TABLES, "settings": SETTINGS})[table]}
            assert set(names) <= known, (table, set(names) - known)


def test_bounds_are_those_of_the_scenario() -> None:
    assert fields.LAST_GROUP == MOST_GROUPS - 1
    assert fields.LAST_WEEK == LONGEST
    highest = {one.name: one.high for one in SETTINGS}
    assert all(highest[f"form_{name}"] == len(forms) - 1 for name, forms in FORMS.items())


def test_the_tables_are_those_that_runs_are_held_to() -> None:
    """`test_conservation.py` holds every run to the ranges of these."""
    assert dict(zip(STATE, FIELDS, strict=True)) == dict(TABLES)
