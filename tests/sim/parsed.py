"""The files of the model as syntax trees, for tests of what is written in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from small_worlds import ROOT

SIM = ROOT / "sim"


@cache
def files() -> dict[str, ast.Module]:
    """Return every file of the model, parsed, by its path in `sim`."""
    return {
        path.relative_to(SIM).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SIM.rglob("*.py"))
    }


def functions(*folders: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield every function of some folders or files of the model, and the file that it is in."""
    for file, tree in files().items():
        if file.startswith(folders):
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    yield file, node
