"""The page of the mutants that no test notices, each with the reason that somebody found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutants import Result

PAGE = Path(__file__).with_name("SURVIVORS.md")
OPEN = "not looked at yet"
_ROW = re.compile(r"^\| `(?P<name>[^`]+)` \|.*\| (?P<reason>[^|]+) \|$")


def write_survivors(results: Sequence[Result], said: str, page: Path = PAGE) -> None:
    """Write which mutants were not noticed; reasons that the page gives already are kept.

    Parameters
    ----------
    results : sequence of Result
        Of a whole campaign.
    said : str
        Its command and its figures.
    page : path
        The file to write.
    """
    reasons = reasons_of(page)
    left = sorted(
        (one for one in results if not one.noticed),
        key=lambda one: (one.mutant.module, one.mutant.line, one.mutant.node),
    )
    lines = [
        "# Mutants that no test notices", "",
        "Written by `python tests/mutation/mutants.py --write`, but for the last column.",
        "*unreached* means that no test of the campaign runs the line.", "", said, "",
        "| place | function | change | found | reason |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for one in left:
        mutant = one.mutant
        change = f"{_code(mutant.before)} becomes {_code(mutant.after)}"
        reason = reasons.get(mutant.name, OPEN)
        lines.append(
            f"| `{mutant.name}` | `{mutant.function}` | {change} | {one.became} | {reason} |"
        )
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def reasons_of(page: Path) -> dict[str, str]:
    """Return the reason that a page gives for each mutant in it, by the mutant's name."""
    if not page.exists():
        return {}
    found = map(_ROW.match, page.read_text(encoding="utf-8").splitlines())
    return {row["name"]: row["reason"] for row in found if row}


def _code(text: str) -> str:
    """Return code as a cell of a table holds it."""
    return f"`{text.replace('|', '/')}`"
