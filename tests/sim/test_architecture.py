"""Imports run one way, and one page is the schedule."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from parsed import SIM, files
from small_worlds import scenario, three_at_war

import sim.agents
from sim.ensemble.build import week_source
from sim.ensemble.run import TILE, Run
from sim.fields import SETTINGS, S
from sim.model import PreventionModel
from sim.schedule import WEEK

OUTSIDE = {"mesa", "numpy", "scipy", "numba"}


def imported(tree: ast.Module, *, typing_too: bool = False) -> set[str]:
    """Return the modules that a file imports, those for type checking alone left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for inner in ast.walk(node):
                inner.guarded = True  # type: ignore[attr-defined]
    found = set()
    for node in ast.walk(tree):
        if getattr(node, "guarded", False) and not typing_too:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            found.add(str(node.module))
            if node.module == "sim":
                found |= {f"sim.{alias.name}" for alias in node.names}
    return found


# --- imports --------------------------------------------------------------------------------------


def test_the_model_imports_the_standard_library_and_four_packages_alone() -> None:
    for file, tree in files().items():
        for module in imported(tree, typing_too=True):
            top = module.partition(".")[0]
            assert top in sys.stdlib_module_names | OUTSIDE | {"sim", "__future__"}, (file, module)


@pytest.mark.parametrize(("package", "allowed"), [
    ("mesa", r"agents/base\.py|model\.py|engines\.py"),
    ("numba", r"randomness\.py|ensemble/(build|laid_down)\.py"),
    ("scipy", r"country\w*\.py"),
])  # fmt: skip
def test_a_package_is_imported_only_where_it_is_needed(package: str, allowed: str) -> None:
    users = {
        file
        for file, tree in files().items()
        if any(module.partition(".")[0] == package for module in imported(tree))
    }
    assert users
    assert {file for file in users if not re.fullmatch(allowed, file)} == set()


FOUNDATIONS = {
    r"errors\.py|kinds\.py|schedule\.py|outcomes\.py": set[str](),
    r"(mechanisms|forms)\.py": {"sim.errors", "sim.reading"},
    r"effects\.py": {"sim.kinds"},
    r"origins\.py": {"sim.effects", "sim.forms", "sim.mechanisms"},
    r"fields\.py": {
        "sim.effects", "sim.forms", "sim.kinds", "sim.mechanisms", "sim.origins", "sim.parameters",
    },
    r"exponential\.py": set[str](),
    r"randomness\.py": {"sim.errors", "sim.exponential"},
    r"rules/(?!__init__)\w+\.py": {"sim.exponential"},
    r"rules/__init__\.py": {"sim.errors", "sim.rules"},
    r"figures\.py|reading\.py": {"sim.errors"},
    r"parameters\.py": {"sim.errors", "sim.reading"},
    r"interventions/(?!checked)\w+\.py": {
        "sim.effects", "sim.errors", "sim.figures", "sim.kinds", "sim.reading",
        "sim.interventions",
    },
    # It holds names to the tables of all that a scenario can say; none of these knows a measure.
    r"interventions/checked\.py": {
        "sim.actors", "sim.attributes", "sim.country_reader", "sim.errors", "sim.fields", "sim.forms",
        "sim.interventions", "sim.kinds", "sim.mechanisms", "sim.parameters", "sim.reading",
        "sim.starting",
    },
    r"ensemble/(?!build|ensemble|__init__)\w+\.py": {
        "sim.fields", "sim.kinds", "sim.parameters", "sim.randomness", "sim.rules", "sim.outcomes",
        "sim.effects", "sim.ensemble", "sim.interventions",
    },
    r"agents/\w+\.py": {
        "sim.agents", "sim.effects", "sim.fields", "sim.initial", "sim.kinds", "sim.randomness",
    },
}  # fmt: skip
"""What each part of the model may import from the rest of it."""


@pytest.mark.parametrize("part", FOUNDATIONS)
def test_the_parts_of_the_model_import_one_way(part: str) -> None:
    matched = 0
    for file, tree in files().items():
        if not re.fullmatch(part, file):
            continue
        matched += 1
        for module in imported(tree):
            if module.startswith("sim.") or module == "sim":
                prefix = ".".join(module.split(".")[:2])
                assert prefix in FOUNDATIONS[part], f"{file} imports {module}"
    assert matched


def test_only_the_cache_of_machine_code_touches_files() -> None:
    ways = {
        "open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "unlink", "Path",
        "rmtree", "mkdtemp", "loadtxt", "savetxt", "fromfile", "tofile", "environ", "getenv",
    }  # fmt: skip
    for file, tree in files().items():
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if file != "ensemble/build.py":
            assert not names & ways, file


def test_running_the_model_loads_no_configuration_and_no_plots(
    python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = python(
        "import sys, sim.engines, sim.scenario, sim.country_generator, sim.country_import\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "sim" in loaded
    assert not loaded & {"hydra", "omegaconf", "matplotlib", "experiments", "analysis", "rich"}


# --- the schedule ---------------------------------------------------------------------------------


def due(week: int) -> list[str]:
    """Return the processes of a week, as the schedule has them."""
    return [process.name for process in WEEK if week % process.every == 0]


def test_the_compiled_week_calls_the_processes_in_the_order_of_the_schedule() -> None:
    called: list[str] = []
    shown: list[str] = []

    def noted(name: str) -> Callable[[Any], None]:
        def loop(run: Any) -> None:
            (shown if name.startswith("show_") else called).append(name)
            if f"show_{name}" in space:
                assert shown[-1] == f"show_{name}"

        return loop

    loops = [process.name for process in WEEK]
    loops += [f"show_{process.name}" for process in WEEK if process.looks]
    space: dict[str, Any] = {name: noted(name) for name in loops}
    space |= {"np": np, "Run": Run}
    exec(week_source(), space)

    def country(world: Any, settings: Any) -> Run:
        fields = dict.fromkeys(Run._fields) | {"world": world, "settings": settings}
        return Run(**{**fields, "communities": np.zeros((1, TILE))})  # type: ignore[arg-type]

    for week in range(9):
        called.clear()
        settings = np.ones(len(SETTINGS))
        space["week"](country(np.array([float(week)]), settings))
        assert called == due(week)
        called.clear()
        settings[S.flight] = settings[S.shocks] = 0.0
        space["week"](country(np.array([float(week)]), settings))
        assert called == [name for name in due(week) if name not in ("flee", "come_home", "strike")]
    assert due(0) != due(1)


def test_the_agents_engine_calls_the_processes_in_the_order_of_the_schedule() -> None:
    called: list[str] = []

    class Watched(PreventionModel):
        def _performer(self, process: Any) -> Callable[[], object]:
            perform = super()._performer(process)

            def watched() -> None:
                called.append(process.name)
                perform()

            return watched

    model = Watched(scenario(three_at_war(weeks=9)))
    for week in range(9):
        called.clear()
        model.step()
        assert called == due(week)


def test_every_process_has_a_method_of_its_agent_and_a_loop_in_its_mechanism() -> None:
    for process in WEEK:
        owner = getattr(sim.agents, process.agent, PreventionModel)
        method = vars(owner).get(process.name)
        assert callable(method), f"{process.agent}.{process.name}"
        assert list(inspect.signature(method).parameters) == ["self"]
        module = __import__(f"sim.ensemble.{process.mechanism}", fromlist=["loop"])
        loop = vars(module).get(process.name)
        assert callable(loop) and loop.__module__ == module.__name__, process.name
        assert list(inspect.signature(loop).parameters) == ["run"]


def test_every_file_of_the_ensemble_is_a_mechanism_of_the_schedule_or_the_frame() -> None:
    stems = {path.stem for path in (SIM / "ensemble").glob("*.py")}
    frame = {"__init__", "batch", "build", "ensemble", "laid_down", "roads", "run"}
    assert stems - frame == {process.mechanism for process in WEEK}


def test_every_loop_of_a_mechanism_is_in_the_schedule() -> None:
    """A public function of a mechanism that the week does not call would be dead."""
    for mechanism in {process.mechanism for process in WEEK}:
        module = __import__(f"sim.ensemble.{mechanism}", fromlist=["loop"])
        public = {
            name
            for name, value in vars(module).items()
            if inspect.isfunction(value)
            and value.__module__ == module.__name__
            and not name.startswith("_")
        }
        own = [process for process in WEEK if process.mechanism == mechanism]
        scheduled = {process.name for process in own}
        scheduled |= {f"show_{process.name}" for process in own if process.looks}
        assert public == scheduled, mechanism


def touched(source: str) -> tuple[set[str], set[str]]:
    """Return the fields that a loop writes of a place itself, and reads at the far end of a road."""
    written, seen = set(), set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
            continue
        text = ast.unparse(node)
        field = re.search(r"\b[CQM]\.\w+", text)
        if field is None:
            continue
        far = ast.unparse(node.slice.elts[-1]) == "there" or "run.place[" in text
        if isinstance(node.ctx, ast.Store) and not far:
            written.add(field.group())
        elif far:
            seen.add(field.group())
    return written, seen


def test_between_two_looks_no_place_reads_of_another_what_a_process_there_writes() -> None:
    """The ensemble lets one tile of places go through all of them before the next one does."""
    functions = {
        name: ast.unparse(node)
        for file, tree in files().items()
        if file.startswith("ensemble/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for name in [f"{file.removeprefix('ensemble/').removesuffix('.py')}.{node.name}"]
    }

    def whole(mechanism: str, name: str, known: frozenset[str] = frozenset()) -> str:
        own = functions[f"{mechanism}.{name}"]
        calls = set(re.findall(r"\b(_\w+)\(", own)) - known
        parts = [whole(mechanism, call, known | calls) for call in calls if call != name]
        return "\n".join([own, *parts])

    written, seen, looks = set[str](), set[str](), 0
    for process in WEEK:
        if process.agent != "Community" or process.looks:
            written, seen = set(), set()
        if process.agent == "Community":
            source = whole(process.mechanism, process.name)
            assert process.looks == ("add_up_near(" in source), process.name
            more = touched(source)
            written, seen = written | more[0], seen | more[1]
            looks += len(more[1])
            assert not written & seen, process.name
    assert looks  # people who flee look at where they could go


def test_stages_follow_each_other_and_names_are_used_once() -> None:
    stages = [process.stage for process in WEEK]
    order = ["sense", "decide", "act", "resolve", "record"]
    assert stages == sorted(stages, key=order.index)
    names = [process.name for process in WEEK]
    assert len(set(names)) == len(names)
    assert {process.every for process in WEEK} == {1, 4}


def test_the_tests_of_the_model_see_the_model_beside_them() -> None:
    assert Path(sim.agents.__file__).parent.parent == SIM
