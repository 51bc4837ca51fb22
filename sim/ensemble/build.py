"""Compile the week: processes and rules are plain Python, bound to each other and compiled here.

A process calls rules and draws by their bare names. Building makes a copy of every process whose
names are bound to compiled copies of the rules, replaced ones included, and writes the week in the
order of `sim.schedule`. Machine code is cached in a folder named by a hash of everything that went
into it (all of `sim`, the replaced rules, numba's version), so an old rule can never be served. A
replaced rule whose source cannot be read, or that reads anything but its arguments and `math`, is
compiled anew each time.
"""

from __future__ import annotations

import builtins
import dis
import functools
import hashlib
import importlib
import inspect
import math
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any

import numba
import numpy as np

import sim
from sim import exponential, randomness
from sim.ensemble.laid_down import laid_down
from sim.ensemble.roads import add_over_roads, add_up_near
from sim.ensemble.run import TILE, Run
from sim.exponential import exp, with_exp
from sim.fields import S, W
from sim.rules import RULES, Rule, rule_set
from sim.schedule import WEEK, Process

EXPONENTIAL = ("_power_times_series", "exp")
DRAWS = (
    "_product_by_halves", "_next_round", "uniforms", "side_by_side", "normal_quantile",
    "binomial_quantile", "rounded", "fill_flight", "fill_week",
)  # fmt: skip
INLINED = ("exp", "side_by_side", "add_over_roads", "add_up_near")
"""Functions that run on vectors, as a part of the loop that calls them."""

PROCESSES = {name for process in WEEK for name in (process.name, f"show_{process.name}")}
"""Functions of their own in machine code, with all that they call: the compiler takes far longer over
the week as one function than over its parts."""

KEPT_CACHES = 8
"""Cache folders that are kept; older ones are removed."""

ENTRIES = ("advance", "fill_week", "summarise", "exp")
"""Functions that are called from Python; the others need no way in, which halves compilation."""

# Nothing in a run allocates, so arrays need no reference counts (an atomic operation at each use).
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_BUILT: dict[str, dict[str, Any]] = {}


def build(rules: Mapping[str, Rule] | None = None) -> dict[str, Any]:
    """Return the compiled functions of the ensemble by name.

    Parameters
    ----------
    rules : mapping of str to function, optional
        Rules to use instead of the model's own.

    Returns
    -------
    dict
        ``advance`` (see `sim.ensemble.batch`), ``fill_week``, ``summarise`` and everything that they
        call. Compilation takes place at their first call: some seconds, or a fraction of one from
        the cache.
    """
    replaced = dict(rules or {})
    rule_set(replaced)
    key, cacheable = cache_key(replaced)
    if not cacheable:
        return _bind(replaced, None, uuid.uuid4().hex)
    if key not in _BUILT:
        folder = _cache_folder(key)
        with _caching_in(folder):
            _BUILT[key] = _bind(replaced, folder, key)
    return _BUILT[key]


def is_compiled() -> bool:
    """Return whether the model's own machine code lies in the cache already."""
    return any(_cache_folder(cache_key({})[0]).rglob("batch.advance_*.nbc"))


def _bind(replaced: Mapping[str, Rule], folder: Path | None, tag: str) -> dict[str, Any]:
    """Return compiled copies of all functions, bound to each other by name."""
    copies = functools.partial(_copies, cached=folder is not None, tag=tag)
    bound: dict[str, Any] = copies({name: getattr(exponential, name) for name in EXPONENTIAL}, {})
    bound |= copies({name: getattr(randomness, name) for name in DRAWS}, bound)
    for name, rule in {**RULES, **replaced}.items():
        bound |= copies({name: with_exp(rule, bound["exp"])}, {})
    bound |= _on_lanes(copies({"add_over_roads": add_over_roads}, {}))
    bound |= copies({"add_up_near": add_up_near}, bound)
    processes: dict[str, Any] = {}
    for mechanism in sorted({process.mechanism for process in WEEK}):
        processes |= copies(_own_functions(f"sim.ensemble.{mechanism}"), bound)
    bound |= _copies({"week": _week_function()}, processes, cached=False, tag=tag)
    bound |= copies(_own_functions("sim.outcomes"), {})
    bound |= copies(_own_functions("sim.ensemble.batch"), bound)
    return bound


def _own_functions(name: str) -> dict[str, Callable[..., Any]]:
    module = importlib.import_module(name)
    return {
        key: value
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == name
    }


def _copies(
    functions: Mapping[str, Any], bound: Mapping[str, Any], *, cached: bool, tag: str
) -> dict[str, Any]:
    """Compile copies of functions of one module that see each other and `bound` by name.

    The tag becomes part of their symbols: two builds from the cache would otherwise be linked to
    each other's functions of the same name, without a word.
    """
    space: dict[str, Any] = {}
    for function in functions.values():
        space |= function.__globals__
    space |= bound
    if "Run" in space:
        space["Run"] = laid_down
    made = {}
    for name, function in functions.items():
        copy = FunctionType(
            function.__code__, space, function.__name__, function.__defaults__,
            function.__closure__,
        )  # fmt: skip
        # numba's cache imports a function's module by name; a user's may not be there next time.
        own = str(function.__module__).startswith("sim.")
        copy.__module__ = function.__module__ if own else "sim.rules"
        copy.__qualname__ = f"{function.__qualname__}_{tag}"
        options = _OPTIONS if name in ENTRIES else _OPTIONS | _INNER
        whole = PROCESSES.union(ENTRIES)
        inside = function.__module__.startswith("sim.ensemble.") and name not in whole
        if inside or name in INLINED or name.startswith("_"):
            options = options | {"forceinline": True}
        if name == "week":  # lines of `advance`: compiled by itself, all would be compiled twice
            options = options | {"inline": "always"}
        made[name] = numba.njit(copy, cache=cached, **options)
    space |= made
    return made


def _on_lanes(functions: dict[str, Any]) -> dict[str, Any]:
    """Compile what adds over roads at once, its eight sums as one vector.

    That is an option of the whole compiler, and one that makes most other loops slower.
    """
    numbers, entries = numba.float64[::1], numba.uint64
    signature = (numba.uint32[::1], numbers, entries, entries, numba.float64[:, ::1], numbers)
    if numba.config.DISABLE_JIT:
        return functions
    before = numba.config.SLP_VECTORIZE
    numba.config.SLP_VECTORIZE = 1
    try:
        for function in functions.values():
            function.compile(signature)
            function.disable_compile()
    finally:
        numba.config.SLP_VECTORIZE = before
    return functions


def week_source() -> str:
    """Return the source of the week: the schedule as a function that calls its processes."""
    lines = [
        "def week(run):",
        '    """One week in the order of sim.schedule."""',
        f"    now = int(run.world[{W.week}])",
    ]
    tiled: list[str] = []
    for process in WEEK:
        if process.agent != "Community":
            lines += [*_in_tiles(tiled), *_call(process, process.name)]
            tiled = []
            continue
        if process.looks:
            # Every place has laid out what its neighbours look at before the first of them looks.
            lines += _in_tiles([*tiled, *_call(process, f"show_{process.name}")])
            tiled = []
        tiled += _call(process, process.name)
    lines += _in_tiles(tiled)
    return "\n".join(lines) + "\n"


def _call(process: Process, name: str) -> list[str]:
    """Return the lines that call a loop of a process when it is its turn."""
    conditions = []
    if process.every > 1:
        conditions.append(f"now % {process.every} == 0")
    if process.switched:
        conditions.append(f"run.settings[{getattr(S, process.mechanism)}] > 0.5")
    if not conditions:
        return [f"    {name}(run)"]
    return [f"    if {' and '.join(conditions)}:", f"        {name}(run)"]


def _in_tiles(calls: list[str]) -> list[str]:
    """Return the lines that let one tile of places after the other go through some processes."""
    if not calls:
        return []
    fields = [f"run.{name}" for name in Run._fields if name not in ("first", "last")]
    tile = f"Run({', '.join(fields)}, np.uint64(first), np.uint64(min(first + {TILE}, places)))"
    return [
        "    places = run.communities.shape[1]",
        f"    for first in range(0, places, {TILE}):",
        f"        tile = {tile}",
        *("    " + line.replace("(run)", "(tile)") for line in calls),
    ]


def _week_function() -> Callable[[Run], None]:
    space: dict[str, Any] = {"__name__": "sim.schedule", "Run": Run, "np": np}
    exec(compile(week_source(), "<week>", "exec"), space)
    function: Callable[[Run], None] = space["week"]
    return function


def cache_key(replaced: Mapping[str, Rule]) -> tuple[str, bool]:
    """Return the hash of all that machine code is made from, and whether it may be cached.

    Parameters
    ----------
    replaced : mapping of str to function
        Replaced rules.
    """
    digest = _source_digest().copy()
    cacheable = True
    for name, rule in sorted(replaced.items()):
        code = getattr(rule, "__code__", None)
        if code is not None:  # the source may be that of a file which has changed since
            digest.update(f"{code.co_code!r} {code.co_consts!r} {code.co_names!r}".encode())
        digest.update(name.encode())
        try:
            digest.update(inspect.getsource(rule).encode())
        except (OSError, TypeError):
            cacheable = False
        cacheable = cacheable and _self_contained(rule)
    return digest.hexdigest()[:20], cacheable


@functools.cache
def _source_digest() -> Any:
    """Return the hash of the model's source and of what compiles it; read once, as its modules are."""
    digest = hashlib.sha256()
    root = Path(sim.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    digest.update(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    return digest


def _self_contained(rule: Rule) -> bool:
    """Return whether a rule reads nothing but its arguments, builtins and `math`."""
    if not inspect.isfunction(rule) or rule.__closure__ or rule.__defaults__:
        return False
    names = {
        instruction.argval
        for instruction in dis.get_instructions(rule)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    allowed = [exp, math, *vars(math).values()]
    return all(
        any(rule.__globals__[name] is known for known in allowed)
        if name in rule.__globals__
        else hasattr(builtins, name)
        for name in names
    )


def _cache_folder(key: str) -> Path:
    """Return the cache folder of a build, made if need be; old builds are removed."""
    home = os.environ.get("FORESTALL_CACHE") or os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path("~/.cache").expanduser()
    for root in (base / "forestall", Path(tempfile.gettempdir()) / f"forestall-{os.getuid()}"):
        folder = root / key
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                continue
            os.utime(folder)
            others = sorted(root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
            for old in others[KEPT_CACHES:]:
                shutil.rmtree(old, ignore_errors=True)
            return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="forestall-"))


@contextmanager
def _caching_in(folder: Path) -> Iterator[None]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
