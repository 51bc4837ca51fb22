"""A run as compiled code hands it on."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numba import config, float64, njit, types
from numba.core.errors import TypingError

from sim.ensemble.laid_down import RunType, laid_down
from sim.ensemble.run import Run

FIELDS = tuple(types.int64 if name == "last" else float64[::1] for name in Run._fields)

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")


def columns() -> list[np.ndarray]:
    return [np.full(3, float(number)) for number in range(len(Run._fields))]


def test_every_field_of_a_run_comes_back_as_it_was_laid_down() -> None:
    @njit
    def of(columns, last):  # type: ignore[no-untyped-def]
        run = laid_down(
            columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6],
            columns[7], columns[8], columns[9], columns[10], columns[11], columns[12], columns[13],
            columns[14], columns[15], columns[16], columns[17], columns[18], columns[19],
            columns[20], columns[21], columns[22], columns[23], columns[24], columns[25],
            columns[26], columns[27], last,
        )  # fmt: skip
        run.people[1] = -1.0
        return run.seed[0], run.world[0], run.people[1], run.people[2], run.first[0], run.last

    given = columns()
    people = float(Run._fields.index("people"))
    world = float(Run._fields.index("world"))
    assert of(tuple(given), 7) == (0.0, world, -1.0, people, len(Run._fields) - 2.0, 7)
    assert given[int(people)][1] == -1.0


def test_runs_of_other_fields_are_other_types() -> None:
    assert RunType(FIELDS) == RunType(FIELDS)
    assert RunType(FIELDS) != RunType((*FIELDS[:-1], float64))
    assert RunType(FIELDS).name != RunType((*FIELDS[:-1], float64)).name


def test_a_field_that_a_run_has_not_is_refused() -> None:
    def wrong(run):  # type: ignore[no-untyped-def]
        return run.wrold

    with pytest.raises(TypingError, match="wrold"):
        njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(wrong).compile((RunType(FIELDS),))


def test_a_loop_need_not_read_a_run_anew_after_it_has_written_to_a_column() -> None:
    def loop(run):  # type: ignore[no-untyped-def]
        for place in range(run.last):
            if run.world[place] > 0.0:
                run.people[place] = run.groups[place]

    compiled = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(loop)
    compiled.compile((RunType(FIELDS),))
    (text,) = compiled.inspect_llvm().values()
    (argument,) = re.findall(r"^define [^\n]*?,([^,\n]*%arg\.run)", text, re.MULTILINE)
    assert "noalias" in argument
    assert "align 8" in argument
    # One word for each number, and seven for each column of one axis.
    assert f"dereferenceable({8 * (7 * (len(FIELDS) - 1) + 1)})" in argument
