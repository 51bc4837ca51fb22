"""The page of the mutants that no test notices, each with the reason that somebody found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutants import Result
    from mutation_operators import Mutant

PAGE = Path(__file__).with_name("SURVIVORS.md")
OPEN = "not looked at yet"
SECTION = "\n## "
HEAD = """\
# Mutants that no test notices

Written by `python tests/mutation/mutants.py --write`, but for the last column and what a section says
beside its figures. *unreached* means that no test of the campaign runs the line.
"""
_TABLE = "| place | function | change | found | reason |\n|---|---|---|---|---|\n"
_ROW = re.compile(
    r"^\| `(?P<module>[^`:]+):[^`]*:(?P<operator>[^`:]+)` \| `(?P<function>[^`]+)` \| (?P<change>.+) "
    r"\| [^|]+ \| (?P<reason>[^|]+) \|$"
)
Key = tuple[str, str, str, str]
"""Module, function, operator and change of a mutant: lines move whenever a file is edited above."""


def write_survivors(results: Sequence[Result], command: str, said: str, page: Path = PAGE) -> None:
    """Write which mutants of a campaign were not noticed, in a section of its own.

    Other sections stay as they are, and so do reasons that the page gives already.

    Parameters
    ----------
    results : sequence of Result
        Of a whole campaign.
    command : str
        Its options, which name the section.
    said : str
        Its figures.
    page : path
        The file to write.
    """
    reasons = reasons_of(page)
    left = sorted(
        (one for one in results if not one.noticed),
        key=lambda one: (one.mutant.module, one.mutant.line, one.mutant.node),
    )
    rows = []
    for one in left:
        mutant = one.mutant
        reason = reasons.get(key_of(mutant), OPEN)
        rows.append(
            f"| `{mutant.name}` | `{mutant.function}` | {_change(mutant)} | {one.became} | {reason} |"
        )
    text = page.read_text(encoding="utf-8") if page.exists() else HEAD
    head, *sections = text.split(SECTION)
    by_command = {section.partition("\n")[0]: section for section in sections}
    before = by_command.get(command, "").partition("\n\n")[2].partition(_TABLE)[0].split("\n\n")[1:]
    by_command[command] = "\n\n".join([command, said, *(one for one in before if one.strip())])
    by_command[command] += "\n\n" + _TABLE + "\n".join(rows) + "\n"
    whole = [section.rstrip("\n") + "\n" for section in by_command.values()]
    page.write_text(SECTION.join([head.rstrip("\n") + "\n", *whole]), encoding="utf-8")


def reasons_of(page: Path) -> dict[Key, str]:
    """Return the reason that a page gives for each mutant in it, by the mutant's key."""
    if not page.exists():
        return {}
    found = map(_ROW.match, page.read_text(encoding="utf-8").splitlines())
    return {
        (row["module"], row["function"], row["operator"], row["change"]): row["reason"]
        for row in found
        if row
    }


def key_of(mutant: Mutant) -> Key:
    """Return what a mutant is known by, wherever in its function it stands."""
    return mutant.module, mutant.function, mutant.operator, _change(mutant)


def _change(mutant: Mutant) -> str:
    return f"{_code(mutant.before)} becomes {_code(mutant.after)}"


def _code(text: str) -> str:
    """Return code as a cell of a table holds it."""
    return f"`{text.replace('|', '/')}`"
