"""Processes that several interpreters compile: those that the week calls, and each only once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import config
from small_worlds import scenario, two_groups

from sim.ensemble import Batch, Ensemble
from sim.ensemble import compilation as under_test
from sim.ensemble.build import build, processes_of
from sim.ensemble.compilation import by_size, claim_and_compile, compile_processes, run_fields
from sim.ensemble.laid_down import RunType

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")


def batch() -> Batch:
    case = scenario({"country": two_groups(communities=3), "weeks": 2})
    return Ensemble([case]).start(np.zeros(2, dtype=int), np.arange(2), 1)


def arguments(started: Batch) -> tuple[Any, ...]:
    return (*started._arguments, started.series, started.outcomes, started._work, 1)


class Noted:
    """Stands for a process, and notes what it is compiled for."""

    def __init__(self) -> None:
        self.signatures: list[Any] = []

    def compile(self, signature: Any) -> None:
        self.signatures.append(signature)

    @staticmethod
    def py_func() -> None:
        """Do nothing."""


def test_processes_are_compiled_for_the_run_that_the_week_hands_them() -> None:
    started = batch()
    fields = run_fields(arguments(started))
    started.advance(1)
    for process in processes_of(build()).values():
        assert process.signatures in (
            [],
            [(RunType(fields),)],
        )  # none: the week came from the cache
        process.compile((RunType(fields),))


def test_of_some_interpreters_one_compiles_a_process(tmp_path: Path) -> None:
    first, second = {"a": Noted(), "b": Noted()}, {"a": Noted(), "b": Noted()}
    fields = run_fields(arguments(batch()))
    claim_and_compile(first, ["a"], fields, str(tmp_path))
    claim_and_compile(second, ["a", "b"], fields, str(tmp_path))
    claim_and_compile(first, ["a", "b"], fields, str(tmp_path))
    done = [len(one[name].signatures) for one in (first, second) for name in "ab"]
    assert done == [1, 0, 0, 1]


def test_another_interpreter_leaves_what_it_compiled_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = tmp_path / "claims"
    claims.mkdir()
    monkeypatch.setenv("FORESTALL_CACHE", str(tmp_path / "cache"))
    task = {
        "names": ["show_look_around"], "fields": run_fields(arguments(batch())),
        "claims": str(claims),
    }  # fmt: skip
    with under_test._helped_by(1, task):
        pass
    assert [one.name for one in claims.iterdir()] == ["show_look_around"]
    assert list((tmp_path / "cache").rglob("*.show_look_around_*.nbc"))


@pytest.mark.parametrize("interpreter", ["false", "/no/such/python"])
def test_without_other_interpreters_this_one_compiles_all(
    interpreter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", interpreter)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    processes = {name: Noted() for name in "abc"}
    compile_processes(processes, arguments(batch()))
    assert [len(one.signatures) for one in processes.values()] == [1, 1, 1]


def test_what_takes_longest_is_begun_first() -> None:
    order = by_size(processes_of(build()))
    assert sorted(order) == sorted(processes_of(build()))
    assert order.index("apply_measures") < order.index("show_look_around")
