"""Where code can be changed in one small place, and the code with that change.

A change is one of those that people make by mistake: another operator, a boundary that is off by one
case, another number, a condition the wrong way round, a line that is missing. Only the bodies of
functions are changed, so that a mutant is a function's new code and nothing has to be imported anew.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
_BOUNDARY: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
_OPPOSITE: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_EXTREMES = {"min": "max", "max": "min"}

Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True)
class Mutant:
    """One change in the source of one function.

    Attributes
    ----------
    module : str
        Dotted name of the module.
    function : str
        Qualified name of the function at the top of its module or class.
    operator : str
        Kind of change.
    line, last : int
        Lines of the smallest statement around it; of a compound one those of its head alone.
    node : int
        Position of the changed node in a walk over the module's tree.
    before, after : str
        The changed place as it was, and as it is.
    """

    module: str
    function: str
    operator: str
    line: int
    last: int
    node: int
    before: str
    after: str

    @property
    def name(self) -> str:
        """What tells it from all others of the same source."""
        return f"{self.module}:{self.line}:{self.node}:{self.operator}"


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its source.

    Parameters
    ----------
    module : str
        Dotted name.
    source : str
        Its text.
    """
    tree = ast.parse(source)
    position = {id(node): number for number, node in enumerate(ast.walk(tree))}
    for name, function in _functions(tree):
        for statement, node in _places(function):
            for operator, change in _changes(node, function):
                changed = ast.fix_missing_locations(change(copy.deepcopy(node)))
                first, last = _lines(statement)
                yield Mutant(
                    module, name, operator, first, last, position[id(node)],
                    _shown(node), _shown(changed),
                )  # fmt: skip


def mutated_code(mutant: Mutant, source: str, path: str) -> CodeType:
    """Return the code of the mutant's function.

    Parameters
    ----------
    mutant : Mutant
    source : str
        Text of its module.
    path : str
        File name to compile it under.
    """
    tree = ast.parse(source)
    node = list(ast.walk(tree))[mutant.node]
    function = dict(_functions(tree))[mutant.function]
    change = dict(_changes(node, function))[mutant.operator]
    bound = any(isinstance(one, ast.Name) and one.id == "super" for one in ast.walk(function))
    new = ast.copy_location(change(copy.deepcopy(node)), node)
    _Replace(node, new).visit(tree)
    if bound:
        # What `super()` reads stays a free variable: code with another number of them fits no function.
        kept = dict(_functions(tree))[mutant.function].body
        kept += ast.parse("if False: __class__").body
    code: CodeType = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
    for part in mutant.function.split("."):
        code = next(
            one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part
        )
    return code


class _Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions of a module and of its classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def _places(function: ast.FunctionDef) -> Iterator[tuple[ast.stmt, ast.AST]]:
    """Yield every node of a function's body with the smallest statement around it."""
    waiting: list[tuple[ast.stmt, ast.AST]] = [(one, one) for one in reversed(function.body)]
    while waiting:
        statement, node = waiting.pop()
        if _is_text(node) or (isinstance(node, ast.AnnAssign) and node.value is None):
            continue
        yield statement, node
        skipped = {id(node.annotation)} if isinstance(node, ast.AnnAssign) else set()
        for child in reversed(list(ast.iter_child_nodes(node))):
            if id(child) not in skipped:
                waiting.append((child if isinstance(child, ast.stmt) else statement, child))


def _changes(node: ast.AST, function: ast.FunctionDef) -> Iterator[tuple[str, Change]]:
    """Yield the kinds of change that a node allows, each with how to make it."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _SWAPPED:
        yield "arithmetic", _with_operator
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        if type(node.ops[0]) in _BOUNDARY:
            yield "boundary", lambda one: _compared(one, _BOUNDARY)
        if type(node.ops[0]) in _OPPOSITE:
            yield "comparison", lambda one: _compared(one, _OPPOSITE)
    elif isinstance(node, ast.BoolOp):
        yield "and, or", _other_junction
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield "sign or not", lambda one: one.operand  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "number", lambda one: ast.Constant(one.value + 1)  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "truth", lambda one: ast.Constant(not one.value)  # type: ignore[attr-defined]
    elif isinstance(node, ast.Call) and _extreme(node):
        yield "min, max", _other_extreme
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare):
        yield "condition", _other_way
    if isinstance(node, ast.stmt) and _can_go(node, function):
        yield "removed", lambda one: ast.Pass()


def _can_go(node: ast.stmt, function: ast.FunctionDef) -> bool:
    """Return whether a function without a statement still runs: a guard, a call, an assignment."""
    if isinstance(node, ast.If):  # a guard or a clip
        return not node.orelse and len(node.body) == 1
    if isinstance(node, ast.Continue | ast.AugAssign):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    if not isinstance(node, ast.Assign):
        return False
    # A name that is not set before would be an error in any test, and show nothing.
    before = {
        one.id
        for one in ast.walk(function)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.lineno < node.lineno
    } | {one.arg for one in function.args.args}
    return all(
        not isinstance(one, ast.Name) or one.id in before
        for target in node.targets
        for one in (target.elts if isinstance(target, ast.Tuple) else [target])
    )


def _with_operator(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.BinOp | ast.AugAssign)
    node.op = _SWAPPED[type(node.op)]()  # type: ignore[assignment]
    return node


def _compared(node: ast.AST, by: dict[type[ast.AST], type[ast.AST]]) -> ast.AST:
    assert isinstance(node, ast.Compare)
    node.ops = [by[type(node.ops[0])]()]  # type: ignore[list-item]
    return node


def _other_junction(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.BoolOp)
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return node


def _extreme(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in _EXTREMES


def _other_extreme(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    node.func.id = _EXTREMES[node.func.id]
    return node


def _other_way(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.If | ast.While | ast.IfExp)
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """Return the lines of a statement, of a compound one those of its head."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, body[0].lineno - 1) if body else last


def _shown(node: ast.AST) -> str:
    """Return the source of a node on one line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else text[:87] + "..."
