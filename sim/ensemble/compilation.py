"""Compile the processes of the week on several cores, before the week that calls them.

Numba compiles one function after the other. The processes are functions of their own
(`sim.ensemble.build`), so that other interpreters can compile some of them and leave them in the
cache; whatever they do not leave there, this one compiles itself.
"""

from __future__ import annotations

import functools
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import numba
from numba.core import types

from sim.ensemble.laid_down import RunType

MOST_INTERPRETERS = 4
"""Interpreters that compile at once, this one included: each takes half a gigabyte."""

_CHILD = (
    "import pickle, sys; given = pickle.load(sys.stdin.buffer); sys.path[:] = given['path']; "
    "from sim.ensemble.compilation import compile_some; compile_some(**given['task'])"
)


def on_all_cores(advance: Callable[..., None], processes: dict[str, Any]) -> Callable[..., None]:
    """Return `advance` so that its first call has its processes compiled on several cores.

    Parameters
    ----------
    advance : dispatcher
        See `sim.ensemble.batch`; built of the model's own rules, and cached.
    processes : dict
        The dispatchers of the week by name.
    """
    lock = threading.Lock()
    ready: list[bool] = []

    @functools.wraps(advance)
    def first(*arguments: Any) -> None:
        with lock:
            if not ready:
                compile_processes(processes, arguments)
                ready.append(True)
        advance(*arguments)

    return first


def compile_processes(processes: dict[str, Any], arguments: tuple[Any, ...]) -> None:
    """Compile the processes, together with other interpreters where there are cores for them.

    Parameters
    ----------
    processes : dict
        Dispatchers by name.
    arguments : tuple
        Of `sim.ensemble.batch.advance`: their types are those that the processes are compiled for.
    """
    names, fields = by_size(processes), run_fields(arguments)
    task = {"names": names, "fields": fields}
    with (
        tempfile.TemporaryDirectory(prefix="forestall-") as folder,
        _helped_by(min(_cores(), MOST_INTERPRETERS) - 1, task | {"claims": folder}),
    ):
        claim_and_compile(processes, names, fields, folder)


def run_fields(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the numba types of the fields of a run, in their order, of a batch's arguments."""
    seed, _, replicate, graph, inputs, state, series, _, work, _ = arguments
    each = [numba.typeof(column) for column in (*inputs, *state, series)]
    return (
        numba.typeof(seed), numba.typeof(replicate).dtype, *map(numba.typeof, graph),
        *(column.copy(ndim=column.ndim - 1) for column in each),
        *map(numba.typeof, work), types.uint64, types.uint64,
    )  # fmt: skip


def claim_and_compile(
    processes: dict[str, Any], names: list[str], fields: tuple[Any, ...], claims: str
) -> None:
    """Compile those of some processes that no other interpreter has claimed yet.

    Parameters
    ----------
    processes : dict
        Dispatchers by name.
    names : list of str
        Which, in this order.
    fields : tuple of numba types
        Of the run that they are compiled for.
    claims : str
        A folder in which whoever takes a process leaves a file of its name.
    """
    for name in names:
        try:
            (Path(claims) / name).touch(exist_ok=False)
        except OSError:
            continue
        processes[name].compile((RunType(fields),))


def compile_some(names: list[str], fields: tuple[Any, ...], claims: str) -> None:
    """Do as `claim_and_compile` in an interpreter that was started for it."""
    from sim.ensemble.build import build, processes_of

    claim_and_compile(processes_of(build()), names, fields, claims)


def by_size(processes: dict[str, Any]) -> list[str]:
    """Return the names of processes, those with the most code first: they are begun first."""
    return sorted(processes, key=lambda name: (-_size(processes[name].py_func, set()), name))


def _size(function: Callable[..., Any], seen: set[CodeType]) -> int:
    """Return the bytes of code of a function and of all compiled functions that it names."""
    code = function.__code__
    if code in seen:
        return 0
    seen.add(code)
    named: list[Any] = [function.__globals__.get(name) for name in code.co_names]
    called = [one.py_func for one in named if hasattr(one, "py_func")]
    return len(code.co_code) + sum(_size(one, seen) for one in called)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _helped_by(others: int, task: dict[str, Any]) -> Iterator[None]:
    """Let other interpreters compile too, until they are done; none outlives the block."""
    given = pickle.dumps({"path": sys.path, "task": task})
    started: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(others):
            child = subprocess.Popen(
                [sys.executable, "-c", _CHILD], stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            started.append(child)
            assert child.stdin is not None
            with child.stdin:
                child.stdin.write(given)
    except (
        OSError
    ):  # no room for another, or it ended at once: this interpreter compiles what is left
        pass
    try:
        yield
        for child in started:
            child.wait()
    finally:
        for child in started:
            child.kill()
            child.wait()
