"""Imports run one way, one page is the schedule, and no outcome knows a lesson."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import ROOT, scenario, three_at_war

import sim.agents
from sim.ensemble.build import week_source
from sim.ensemble.run import TILE, Run
from sim.fields import SETTINGS, S
from sim.model import PreventionModel
from sim.schedule import WEEK

SIM = ROOT / "sim"
OUTSIDE = {"mesa", "numpy", "scipy", "numba"}


def files() -> dict[str, ast.Module]:
    """Return every file of the model, parsed, by its path in `sim`."""
    return {
        path.relative_to(SIM).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SIM.rglob("*.py"))
    }


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


# --- no outcome knows a lesson --------------------------------------------------------------------

VIOLENCE = ("killing", "flight", "indirect_deaths", "mobilisation")
WORLD_READ = {
    "week", "shock_grievance", "shock_fear", "slump", "rescue", "displaced", "shift",
}  # fmt: skip
WORLD_WRITTEN = {"fled_week", "died_week"}
"""Fields of the world that violence and flight may touch."""

MODEL_READ = {
    "rules", "parameters", "draws", "armed_groups", "garrisons", "recruiting", "communities",
    "government", "groups", "group_numbers", "recorded",
} | WORLD_READ | WORLD_WRITTEN  # fmt: skip


def forbidden_columns(source: str) -> set[str]:
    """Return what the loops in a source read of positions, dates, measures and settings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        text = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if text in ("run.settings", "run.actors", "run.measures", "run.shocks", "run.replicate"):
            found.add(text)
        if re.fullmatch(r"[SIX]\.\w+", text):
            found.add(text)
        if text.startswith("W.") and text[2:] not in WORLD_READ | WORLD_WRITTEN:
            found.add(text)
    # A draw is addressed by the replicate: that is the one use of it.
    draws = re.findall(r"(?:uniforms|side_by_side)\(\s*run\.seed, run\.replicate", source)
    if source.count("run.replicate") == len(draws):
        found.discard("run.replicate")
    return found


@pytest.mark.parametrize("mechanism", VIOLENCE)
def test_no_loop_of_violence_reads_positions_dates_or_settings(mechanism: str) -> None:
    source = (SIM / "ensemble" / f"{mechanism}.py").read_text(encoding="utf-8")
    assert forbidden_columns(source) == set()


@pytest.mark.parametrize("line", [
    "x = run.settings[S.open_week]", "settings = run.settings", "x = run.actors[0, 0]",
    "x = run.world[W.mandate_since]", "x = run.measures[0, X.start]", "x = row[I.salience]",
    "world[W.policy_pressure]", "x = run.replicate % 2",
])  # fmt: skip
def test_a_loop_that_reads_a_position_or_a_date_is_found(line: str) -> None:
    assert forbidden_columns(line)


def _reachable(owner: type, names: set[str]) -> Iterator[ast.FunctionDef]:
    """Yield the methods of an agent that some methods call on themselves, and these."""
    todo, seen = set(names), set[str]()
    while todo:
        name = todo.pop()
        seen.add(name)
        method = vars(owner).get(name)
        if not inspect.isfunction(method):
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield node
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self":
                todo |= {node.attr} - seen


def forbidden_attributes(method: ast.FunctionDef) -> set[str]:
    """Return what a method reads of the model beyond what violence may know."""
    found = set()
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self.model", "model"):
            found.add(node.attr)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "vars"):
            found.add(ast.unparse(node))
    return found - MODEL_READ


def test_no_agent_reads_positions_dates_or_settings_in_violence() -> None:
    methods = []
    for process in WEEK:
        if process.mechanism in VIOLENCE:
            owner = getattr(sim.agents, process.agent)
            for method in _reachable(owner, {process.name}):
                methods.append(method.name)
                assert forbidden_attributes(method) == set(), method.name
    assert {"suffer_attacks", "remember", "flee", "take_in", "mobilise", "station"} <= set(methods)


def test_a_method_that_reads_a_date_is_found() -> None:
    for body in ("self.model.settings.open_week", "self.model.case.start", "self.model.actors[0]"):
        method = ast.parse(f"def flee(self):\n    return {body}").body[0]
        assert isinstance(method, ast.FunctionDef)
        assert forbidden_attributes(method)


FATES = {"residents", "displaced", "away", "killed", "died", "arrivals", "killed_week"}
"""Fields of people in a place: who writes one of these kills, moves or starves people."""


def decides_fates(tree: ast.AST) -> bool:
    """Return whether a loop of the ensemble writes what becomes of people, or may do so."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Store):
            continue
        index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        named = ast.unparse(index)
        if named in {f"Q.{name}" for name in FATES} | {"C.deprivation"}:
            return True
        # A field that is not named may be any.
        if ast.unparse(node.value).endswith("people") and not re.fullmatch(r"Q\.\w+", named):
            return True
    return False


def fatal_methods(tree: ast.AST, sums: tuple[str, ...] = ("model", "self.model")) -> set[str]:
    """Return the functions of the agents engine that write what becomes of people in a place.

    Those named in `sums` have fields of the same names that add up over places.
    """
    found = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            target = node
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                target = node.value
            elif not (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
                    name = node.args[1]
                    if isinstance(name, ast.Constant) and name.value in FATES:
                        found.add(function.name)
                continue
            if isinstance(target, ast.Attribute) and target.attr in FATES | {"deprivation"}:
                if target is node and ast.unparse(target.value) in sums:
                    continue
                found.add(function.name)
    return found


def test_every_loop_that_kills_moves_or_starves_people_is_among_those_of_violence() -> None:
    deciding = {
        file.removeprefix("ensemble/").removesuffix(".py")
        for file, tree in files().items()
        if file.startswith("ensemble/") and decides_fates(tree)
    }
    assert deciding == {"killing", "flight", "indirect_deaths"}
    assert deciding < set(VIOLENCE)


def test_every_method_that_kills_moves_or_starves_people_is_reached_from_violence_alone() -> None:
    reached: dict[str, set[str]] = {"violence": set(), "elsewhere": set()}
    for process in WEEK:
        owner = getattr(sim.agents, process.agent, PreventionModel)
        kind = "violence" if process.mechanism in VIOLENCE else "elsewhere"
        for method in _reachable(owner, {process.name}):
            calls = [node.func for node in ast.walk(method) if isinstance(node, ast.Call)]
            reached[kind] |= {call.attr for call in calls if isinstance(call, ast.Attribute)}
            reached[kind].add(method.name)
    found = set()
    for file, tree in files().items():
        if file.startswith("agents/"):
            found |= fatal_methods(tree)
        elif file == "model.py":
            found |= fatal_methods(tree, sums=("self", "group"))
    assert {"suffer_attacks", "take_in", "lose_to_hardship"} <= found
    assert found <= reached["violence"], found - reached["violence"]
    assert not found & reached["elsewhere"]


@pytest.mark.parametrize("line", [
    "people[Q.killed, 0, place] += 1.0", "run.people[Q.residents, group, place] = 0.0",
    "people[Q.killed_week + 0, 0, 0] = 2.0", "communities[C.deprivation, place] = 1.0",
])  # fmt: skip
def test_a_new_loop_that_kills_or_moves_people_is_found(line: str) -> None:
    assert decides_fates(ast.parse(f"def loop(run):\n    {line}"))
    assert not decides_fates(ast.parse("def loop(run):\n    people[Q.trust, 0, 0] = 1.0"))


@pytest.mark.parametrize("line", [
    "self.killed[group] += deaths", "place.residents[0] -= 1.0", "place.arrivals = [0.0]",
    "setattr(place, 'displaced', [0.0])", "self.deprivation = 1.0",
])  # fmt: skip
def test_a_new_method_that_kills_or_moves_people_is_found(line: str) -> None:
    assert fatal_methods(ast.parse(f"def act(self):\n    {line}")) == {"act"}
    assert not fatal_methods(ast.parse("def act(self):\n    self.model.displaced = 1.0"))


def test_no_rule_takes_a_start_date_a_unity_or_a_dispersion() -> None:
    words = {"start", "open_week", "unity", "dispersion", "arrival", "week", "lesson", "united"}
    for path in sorted((SIM / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                named = {argument.arg for argument in node.args.args}
                assert not named & words, f"{path.name}: {node.name}"


def test_unity_is_computed_for_reports_alone() -> None:
    for file, tree in files().items():
        calls = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not any(call.endswith(".unity") for call in calls), file


def test_the_tests_of_the_model_see_the_model_beside_them() -> None:
    assert Path(sim.agents.__file__).parent.parent == SIM


def test_dates_and_positions_are_read_only_where_meetings_and_deliveries_are_made() -> None:
    """Anywhere else, protection for example, a date could reach deaths through a relay."""
    allowed = {
        "open_week": {"convene", "bargain_once", "_elapsed"},
        "arrival_delay": {"convene", "bargain", "bargain_once", "_elapsed", "_planned",
                          "planned", "deploy"},
        "position_pressure": {"_meet", "_compromise", "_accepted", "accepted_scale", "go_alone",
                              "_gap", "open_forum", "add_up_leverage", "attend", "_terms_of",
                              "diagnose", "_view"},
        "position_protection": {"_meet", "_compromise", "_accepted", "accepted_scale", "go_alone",
                                "_gap", "open_forum", "diagnose", "_view"},
    }  # fmt: skip
    found: dict[str, set[str]] = {name: set() for name in allowed}
    for folder in ("ensemble", "agents", "model.py"):
        root = SIM / folder
        for path in sorted(root.glob("*.py")) if root.is_dir() else [root]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    for part in ast.walk(node):
                        if isinstance(part, ast.Attribute) and part.attr in found:
                            found[part.attr].add(node.name)
    for name, readers in found.items():
        assert readers, name
        assert readers <= allowed[name], name
