"""One file draws, at addresses of its own; which loops call it, and at which address."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_worlds import ROOT

from sim.randomness import Draw


def _sources() -> dict[str, ast.Module]:
    root = ROOT / "sim"
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    }


def _names(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            names |= {part for part in module.split(".") if part}
            names |= {part for alias in node.names for part in alias.name.split(".")}
    return names


def drawing_files(sources: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return, for every file, the ways of drawing that it names and may not name."""
    ways = {
        "random", "rng", "uniforms", "Philox", "default_rng", "RandomState", "secrets", "urandom",
        "uuid4", "shuffle", "shuffle_do", "fill_week", "SeedSequence", "PCG64", "getrandbits",
    }  # fmt: skip
    found = {}
    for file, tree in sources.items():
        allowed: set[str] = set()
        if file == "randomness.py":
            allowed = {"uniforms", "fill_week"}
        elif file.startswith("ensemble/"):
            allowed = {"uniforms"}
            if file == "ensemble/build.py":  # a uuid names machine code, no run reads it
                allowed |= {"fill_week", "uuid4"}
        elif file == "country_generator.py":
            allowed = {"random", "Philox"}
        named = (_names(tree) & ways) - allowed
        if named:
            found[file] = named
    return found


def test_no_other_file_of_the_model_draws() -> None:
    assert drawing_files(_sources()) == {}


def test_a_file_that_draws_by_itself_is_found() -> None:
    for line in (
        "import random", "from numpy.random import default_rng", "x = np.random.rand()",
        "from secrets import token_bytes", "self.random.random()", "agents.shuffle_do('step')",
        "model.rng.random()",
    ):  # fmt: skip
        assert drawing_files({"agents/community.py": ast.parse(line)}), line


def test_the_country_generator_draws_from_its_own_seeded_generator_alone() -> None:
    tree = _sources()["country_generator.py"]
    made = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "np.random" in ast.unparse(node.func)
    ]
    assert sorted(made) == sorted(
        ["np.random.Generator(np.random.Philox(seed))", "np.random.Philox(seed)"]
    )


def _function_of(node: ast.AST, tree: ast.Module) -> str:
    """Return the name of the function that a node is part of."""
    return next(
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and node in ast.walk(function)
    )


def test_every_process_draws_at_an_address_of_its_own() -> None:
    """No file of the ensemble takes the same number of the same address twice."""
    kinds: dict[str, set[str]] = {}
    for file, tree in _sources().items():
        if not file.startswith("ensemble/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "uniforms",
                "side_by_side",
            ):
                kinds.setdefault(ast.unparse(node.args[3]), set()).add(Path(file).stem)
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "run.flight":
                assert isinstance(node.slice, ast.Tuple)
                kinds.setdefault(f"FLIGHT {ast.unparse(node.slice.elts[0])}", set()).add(
                    f"{Path(file).stem}.{_function_of(node, tree)}"
                )
    assert kinds == {
        "SIGNAL": {"correlated_error"}, "DIAGNOSIS": {"correlated_error"},
        "RECOGNITION": {"mandate_bargaining"},
        "ORDER": {"elite_choice"}, "SETTLEMENT": {"settlement"}, "ATTACK": {"killing"},
        "SHOCK": {"shocks"},
        "FLIGHT 0": {"flight._set_out"}, "FLIGHT 1": {"flight._set_out"},
        "FLIGHT 2": {"indirect_deaths.lose_to_hardship"}, "FLIGHT 3": {"flight._settle_again"},
    }  # fmt: skip


WAYS_TO_DRAW = ("uniforms", "side_by_side", "fill_flight")
"""Functions that draw at an address; `fill_week`, for the agents, is checked against them."""
CLOCK = {"week", "int(run.world[W.week])", "int(world[W.week])"}
AGENTS = {  # what may stand for the agent and the other agent of an address: who they are
    "actor, 0", "line, 0", "0, 0", "index, 0", "row, 0", "int(spare[WHERE, number]), index",
}  # fmt: skip


def drawn_at(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Yield each way to draw that a file calls, with its arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WAYS_TO_DRAW:
            yield ast.unparse(node.func), list(map(ast.unparse, node.args))


def at_its_address(way: str, arguments: list[str]) -> bool:
    """Return whether a draw is addressed by the run, the week, the process and the agents alone."""
    seed, replicate, week, *rest = arguments
    named = rest == ["run.flight"] if way == "fill_flight" else (
        rest[0] in Draw.__members__ and ", ".join(rest[1:]) in AGENTS
    )  # fmt: skip
    return (seed, replicate) == ("run.seed", "run.replicate") and week in CLOCK and named


def test_every_loop_draws_at_the_current_week_and_at_no_other() -> None:
    """A draw addressed by anything that a lever moves would break the pairing of two runs."""
    calls: list[str] = []
    for path in sorted((ROOT / "sim" / "ensemble").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for way, arguments in drawn_at(tree):
            calls.append(way)
            assert at_its_address(way, arguments), (path.name, way, arguments)
            weeks = [
                ast.unparse(value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign)
                for target, value in _targets(node)
                if ast.unparse(target) == "week"
            ]
            assert set(weeks) <= CLOCK - {"week"}, path.name
    assert set(calls) == set(WAYS_TO_DRAW)
    assert calls.count("uniforms") >= 6


def _targets(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what an assignment sets to what, one of several at once by itself."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=True)
        else:
            yield target, node.value


@pytest.mark.parametrize("line", [
    "side_by_side(run.seed, run.replicate, week + 1, ATTACK, int(spare[WHERE, number]), index)",
    "side_by_side(run.seed, run.replicate, week, ATTACK, int(order), index)",
    "uniforms(run.seed, run.replicate, int(run.settings[S.open_week]), ORDER, index, 0)",
    "uniforms(run.seed, run.replicate + 1, week, ORDER, index, 0)",
    "fill_flight(run.seed, run.replicate, int(run.world[W.mandate_since]), run.flight)",
])  # fmt: skip
def test_a_draw_at_another_address_is_found(line: str) -> None:
    ((way, arguments),) = drawn_at(ast.parse(line))
    assert not at_its_address(way, arguments)
