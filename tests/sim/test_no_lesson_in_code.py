"""No outcome knows a lesson, as far as one can read it off the code of both engines.

What kills, moves or starves people reads no position, no date and no setting. What replays find by
running is in `test_replay.py`; who may read what the actors' unity shows in is in `test_readers.py`.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator

import pytest
from parsed import SIM, files

import sim.agents
from sim.model import PreventionModel
from sim.schedule import WEEK

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
