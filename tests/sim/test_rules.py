"""The form of the rules, and the tables of parameters and fields that they live by."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
from small_worlds import ROOT, VIOLENT, everything, scenario, started

from sim import fields
from sim.agents.government import INSTITUTIONS
from sim.effects import EFFECTS, FIRST_LOCAL
from sim.ensemble import FIELDS, STATE
from sim.forms import FORMS
from sim.mechanisms import MECHANISMS
from sim.parameters import NAMES, PARAMETERS
from sim.rules import RULES

# --- form -----------------------------------------------------------------------------------------

SYNTAX = (
    ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.If, ast.IfExp, ast.Expr,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UnaryOp, ast.USub, ast.Compare, ast.Lt,
    ast.LtE, ast.Gt, ast.GtE, ast.BoolOp, ast.And, ast.Or, ast.Name, ast.Load, ast.Store,
    ast.Constant, ast.Call,
)  # fmt: skip
SOURCES = {
    "math": {"sqrt", "log", "log1p", "expm1", "tanh"},
    "sim.exponential": {"exp"},
    "__future__": {"annotations"},
}
MATHS = SOURCES["math"] | SOURCES["sim.exponential"]
CALLS = MATHS | {"float", "int"}  # float(int(x)) drops the fraction, in both alike


def objections(source: str) -> list[str]:
    """Return what in the rules of a file would differ between Python and compiled code."""
    tree, found = ast.parse(source), []
    for top in tree.body:
        if isinstance(top, ast.ImportFrom):
            if not {alias.name for alias in top.names} <= SOURCES.get(top.module or "", set()):
                found.append(f"line {top.lineno}: {ast.unparse(top)}")
        elif isinstance(top, ast.FunctionDef):
            found += list(_objections(top))
        elif not (isinstance(top, ast.Expr) and isinstance(top.value, ast.Constant)):
            found.append(f"line {top.lineno}: {type(top).__name__} outside a rule")
    return found


def _objections(rule: ast.FunctionDef) -> Iterator[str]:
    own = {argument.arg for argument in rule.args.args}
    own |= {node.id for node in ast.walk(rule) if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)}  # fmt: skip
    if rule.args.defaults or rule.args.kwonlyargs or rule.args.vararg or rule.args.kwarg:
        yield f"{rule.name}: parameters with defaults or stars"
    for node in ast.walk(rule):
        where = f"{rule.name}, line {getattr(node, 'lineno', rule.lineno)}"
        if not isinstance(node, SYNTAX):
            yield f"{where}: {type(node).__name__}"
        if isinstance(node, ast.Call) and (
            not isinstance(node.func, ast.Name) or node.func.id not in CALLS or node.keywords
        ):
            yield f"{where}: call of {ast.unparse(node.func)}"
        if isinstance(node, ast.Name) and node.id not in own | CALLS:
            yield f"{where}: {node.id} is not an argument"
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | complex):
            yield f"{where}: {node.value!r}"


def rule_files() -> dict[str, str]:
    """Return the source of every file of rules."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "sim" / "rules").glob("*.py"))
        if path.name != "__init__.py"
    }


def test_rules_use_nothing_that_differs_between_python_and_compiled_code() -> None:
    assert {name: objections(source) for name, source in rule_files().items()} == {
        name: [] for name in rule_files()
    }


@pytest.mark.parametrize("body", [
    "x ** 3", "max(x, 0.0)", "min(x, 0.0)", "abs(x)", "round(x)", "pow(x, 2.0)", "x // 2.0",
    "x % 2.0", "hypot(x, 1.0)", "sin(x)", "[x][0]", "x.real", "x == x", "other",
    "(lambda: x)()", "not x", "math.exp(x)", "str(x)",
])  # fmt: skip
def test_the_allow_list_of_rules_refuses(body: str) -> None:
    assert objections(f"def rule(x: float) -> float:\n    return {body}\n")


def test_every_rule_is_a_function_with_types_and_a_docstring_that_names_its_parameters() -> None:
    missing = {}
    for name, rule in RULES.items():
        text = inspect.getdoc(rule) or ""
        section = text.partition("Parameters\n----------\n")[2]
        listed = set(re.findall(r"\w+", " ".join(re.findall(r"^(\S.*) : ", section, re.M))))
        absent = [key for key in inspect.signature(rule).parameters if key not in listed]
        if not text.startswith("Return") or absent:
            missing[name] = absent
        hints = inspect.signature(rule)
        assert hints.return_annotation in ("float", "int"), name
        assert all(entry.annotation == "float" for entry in hints.parameters.values()), name
    assert missing == {}


def test_every_rule_is_called_by_both_engines() -> None:
    for folder in (("ensemble",), ("agents", "model.py")):
        text = "".join(
            path.read_text(encoding="utf-8")
            for entry in folder
            for path in [
                *(ROOT / "sim" / entry).glob("*.py"), *((ROOT / "sim").glob(entry)),
            ]
            if path.is_file()
        )  # fmt: skip
        unused = [name for name in RULES if not re.search(rf"\b{name}\b", text)]
        assert unused == [], f"not in {folder}"


# --- tables ---------------------------------------------------------------------------------------


def _attributes(owner: str) -> set[str]:
    """Return the names read as ``owner.name`` anywhere in the model."""
    found = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == owner
            ):
                found.add(node.attr)
    return found


def test_every_parameter_is_read_by_both_engines() -> None:
    compiled = set()
    for path in [*(ROOT / "sim" / "ensemble").glob("*.py"), ROOT / "sim" / "initial.py"]:
        compiled |= set(re.findall(r"\bP\.(\w+)", path.read_text(encoding="utf-8")))
    agents = set()
    for path in [*(ROOT / "sim" / "agents").glob("*.py"), *((ROOT / "sim").glob("[im]*.py"))]:
        agents |= set(re.findall(r"\b(?:p|P|parameters)\.(\w+)", path.read_text(encoding="utf-8")))
    assert set(NAMES) - compiled == set()
    assert set(NAMES) - agents == set()


def test_no_parameter_is_read_that_is_not_in_the_table() -> None:
    assert _attributes("P") - set(NAMES) == set()


def test_parameters_have_a_default_in_their_range_a_unit_and_a_source() -> None:
    for entry in PARAMETERS:
        assert entry.low <= entry.default <= entry.high, entry.name
        assert entry.low < entry.high, entry.name
        assert entry.unit and entry.source and entry.meaning.endswith("."), entry.name
    assert len(set(NAMES)) == len(NAMES)


INDICES = {
    "W": (fields.WORLD, "world"), "N": (fields.GROUP, "groups"), "G": (fields.GOVERNMENT, ""),
    "I": (fields.ACTOR, ""), "A": (fields.ARMED_GROUP, ""), "C": (fields.COMMUNITY, ""),
    "Q": (fields.PEOPLE, ""), "M": (fields.PRESENCE, ""), "R": (fields.PROGRAMME, ""),
}  # fmt: skip


BY_RANGE = {f"W.{entry.field}" for entry in EFFECTS} | {f"G.{name}" for name in INSTITUTIONS}
BY_RANGE |= {"G.focal_point"}
BY_RANGE |= {f"C.{entry.field}" for entry in EFFECTS[FIRST_LOCAL:]}
"""Fields that are written by their position, in one loop over several."""


def _written(folder: str) -> set[str]:
    """Return fields assigned in a folder or file of the model, as ``letter.field``."""
    root = ROOT / "sim" / folder
    found = BY_RANGE if folder == "ensemble" else set()
    for path in root.rglob("*.py") if root.is_dir() else [root]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AugAssign):
                targets = [node.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Subscript):
                        found = found | set(re.findall(r"\b([A-Z]\.\w+)", ast.unparse(part.slice)))
    return found


def test_every_field_is_written_by_a_process_or_fixed_at_the_start() -> None:
    written, fixed = _written("ensemble"), _written("initial.py")
    for letter, (table, _) in INDICES.items():
        for field in table:
            assert f"{letter}.{field.name}" in written | fixed, f"{letter}.{field.name}"
    # Switches and forms are written by name, in one loop over them.
    switches = {f"S.{mechanism.name}" for mechanism in MECHANISMS}
    switches |= {f"S.form_{name}" for name in FORMS}
    assert {f"S.{field.name}" for field in fields.SETTINGS} - switches == {
        name for name in fixed if name.startswith("S.")
    }


def test_a_field_that_no_process_writes_does_not_change_in_a_war() -> None:
    """The structural fields are those that only the start writes; the others move in a war."""

    written = _written("ensemble")
    # Rebels have to win in one run, which help to hold every place would not let them.
    soon_spent = VIOLENT | {"exhaustion_level": 0.1, "presence_effect": 0.0}
    batch = started(scenario(everything(role="protector", parameters=soon_spent)), replicates=6)
    letters = dict(zip(STATE, "WGNIACQMR", strict=True))
    moved, before = set(), {key: value.copy() for key, value in batch.state.items()}
    for _ in range(110):
        batch.advance(1)
        for table, letter in letters.items():
            for position, field in enumerate(FIELDS[STATE.index(table)]):
                if (batch.state[table][:, position] != before[table][:, position]).any():
                    moved.add(f"{letter}.{field.name}")
    every = {f"{letters[name]}.{f.name}" for name, t in zip(STATE, FIELDS, strict=True) for f in t}
    assert moved <= written
    within_the_week = {"Q.arrivals"}  # on the road from one process to the next
    assert every & written - moved == within_the_week
