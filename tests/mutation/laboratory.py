"""Tests as pytest collects them, held ready in this process and run in children of it."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from in_child import in_child
from mutation_operators import Mutant, mutated_code

ROOT = Path(__file__).parent.parent.parent
TOOL = sys.monitoring.COVERAGE_ID

Touched = dict[str, list[int]]


class Laboratory:
    """A pytest plugin that hands its collected tests over instead of running them.

    Parameters
    ----------
    work : function
        Called with this laboratory once all tests are collected.
    """

    def __init__(self, work: Callable[[Laboratory], None]) -> None:
        self._work = work
        self.tests: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        from hypothesis import HealthCheck, Phase, settings

        # A found counterexample kills a mutant; to make it small would take longer than to find it.
        settings.register_profile(
            "mutation", deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.tests = {item.nodeid: item for item in session.items}
        self._work(self)
        return True

    def first_failure(self, names: Sequence[str]) -> str:
        """Return the first test of some that fails; empty if all pass."""
        for number, name in enumerate(names):
            item = self.tests[name]
            then = self.tests[names[number + 1]] if number + 1 < len(names) else None
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=then)):
                return name
        return ""

    def touched_by(self, name: str, modules: Sequence[str], seconds: int) -> Record | None:
        """Return what a test takes and which lines of some modules it runs.

        Returns
        -------
        tuple or None
            Processor time and lines by module; None if the test fails or takes too long.
        """

        def work() -> Touched | None:
            lines: dict[str, set[int]] = {module: set() for module in modules}
            with_lines(modules, lines)
            return (
                None
                if self.first_failure([name])
                else {module: sorted(found) for module, found in lines.items() if found}
            )

        answer = in_child(work, seconds)
        return None if answer.said is None else (answer.seconds, answer.said)


Record = tuple[float, Touched]


def hold(tests: Sequence[str], work: Callable[[Laboratory], None]) -> int:
    """Collect tests, hand them to some work, and return pytest's exit code."""
    return pytest.main(
        [
            "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:terminal",
            "-o", "addopts=-W error -m 'not long'",
            "-W", "ignore::RuntimeWarning",  # of whole numbers that overflow on purpose
            "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), *tests,
        ],
        plugins=[Laboratory(work)],
    )  # fmt: skip


def swap(mutant: Mutant) -> None:
    """Give the mutant's function its changed code, for everybody who holds it, in this process."""
    import numba

    from sim.ensemble import build

    if build._BUILT or not numba.config.DISABLE_JIT:
        raise RuntimeError("functions are compiled or bound already, to the code as it was")
    module = importlib.import_module(mutant.module)
    function = _held(module, mutant.function)
    code = mutated_code(mutant, source_of(mutant.module), str(module.__file__))
    function.__code__ = code


def source_of(module: str) -> str:
    """Return the text of a module."""
    return Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8")


def _held(module: ModuleType, name: str) -> FunctionType:
    """Return a function of a module or of a class, out of what wraps it."""
    holder: Any = module
    for part in name.split("."):
        holder = inspect.getattr_static(holder, part)
    holder = getattr(holder, "fget", holder)
    function = inspect.unwrap(getattr(holder, "__func__", holder))
    if not isinstance(function, FunctionType):
        raise TypeError(f"{module.__name__}.{name} is no function in Python")
    return function


def with_lines(modules: Sequence[str], lines: dict[str, set[int]]) -> None:
    """Note from now on in this process which lines of some modules are run."""
    where = {str(importlib.import_module(name).__file__): name for name in modules}
    sys.monitoring.use_tool_id(TOOL, "mutation")

    def note(code: CodeType, line: int) -> Any:
        lines[where[code.co_filename]].add(line)
        return sys.monitoring.DISABLE

    sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, note)
    for path, name in where.items():
        for code in _codes(importlib.import_module(name), path):
            sys.monitoring.set_local_events(TOOL, code, sys.monitoring.events.LINE)


def _codes(module: ModuleType, path: str) -> Iterator[CodeType]:
    """Yield the code of every function of a module, with that of functions within."""
    waiting: list[Any] = list(vars(module).values())
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        one = getattr(one, "fget", getattr(one, "__func__", one))
        one = getattr(inspect.unwrap(one), "__code__", one) if callable(one) else one
        if inspect.isclass(one) and one.__module__ == module.__name__ and id(one) not in seen:
            seen.add(id(one))
            waiting += vars(one).values()
        elif isinstance(one, CodeType) and one.co_filename == path and id(one) not in seen:
            seen.add(id(one))
            waiting += one.co_consts
            yield one
