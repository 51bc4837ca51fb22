"""Every scenario file names a source for every figure in it, beside the figure or once for all.

A figure is covered by a ``source`` in a mapping that holds it (a coded figure, an event, a measure of
one's own; the section ``catalogue`` of an experiment speaks of all of it) or by a line
``# source: ...`` in the comments at the top. What has no source says so there: made up, chosen,
judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiments.cross_cutting import SECTION
from experiments.scenario_folder import scenarios_folder

ROOT = scenarios_folder().parent
FILES = sorted(scenarios_folder().rglob("*.yaml"))
SAID = re.compile(r"^#[ ]*source:(?P<first>.*)(?P<more>(\n#(?![ ]*\w+:)[ ]*\S.*)*)", re.MULTILINE)
POINTER = re.compile(r"[\w./-]+\.(?:md|py|yaml)\b")
SETS = re.compile(r"^[\w.]+=\[?-?\d")
"""An override that sets a figure, as lessons hold them."""
EACH = "each figure names its own"
"""What the comments of a case say of its figures, before they name those that stand bare, and why."""
BESIDE = {
    "`dispersion`": r"dispersion",
    "`weeks`": r"weeks",
    "coordinates and roads": r"places\..+\.(latitude|longitude)|roads\[\d+\]\[2\]",
    "weeks are counted from `begins`": r"shocks\[\d+\]\.week",
}
"""Figures that may stand bare in such a file, by the words that say so; no other may."""


def bare(node: Any, key: str = "") -> Iterator[str]:
    """Yield the dotted names of figures that no mapping above them names a source for."""
    if isinstance(node, dict):
        if isinstance(node.get("source"), str) and node["source"].strip():
            return
        for name, entry in node.items():
            yield from bare(entry, f"{key}.{name}")
    elif isinstance(node, list):
        for position, entry in enumerate(node):
            yield from bare(entry, f"{key}[{position}]")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield key.lstrip(".")
    elif isinstance(node, str) and SETS.match(node):
        yield f"{key.lstrip('.')}: {node}"


def source_of(text: str) -> str:
    """Return what the comments above the first entry of a file name as source, empty if nothing."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line[:1] not in ("", "#")), len(lines))
    said = SAID.search("\n".join(lines[:first]))
    return (
        "" if said is None else " ".join((said["first"] + said["more"]).replace("\n#", " ").split())
    )


def unsourced(text: str) -> list[str]:
    """Return the figures of a scenario file that neither it nor they themselves name a source for."""
    content = yaml.safe_load(text) or {}
    said = source_of(text)
    if said.startswith(EACH):
        allowed = [pattern for words, pattern in BESIDE.items() if words in said]
        return [key for key in bare(content) if not any(re.fullmatch(one, key) for one in allowed)]
    if said or (content.get(SECTION) or {}).get("source"):
        return []
    return list(bare(content))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_figure_of_every_scenario_file_has_a_source(file: Path) -> None:
    assert unsourced(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_source_that_is_a_file_of_the_project_exists(file: Path) -> None:
    said = source_of(file.read_text(encoding="utf-8"))
    assert not said or len(said) > 15, f"{said!r} says too little"
    for pointer in POINTER.findall(said):
        assert (ROOT / pointer).is_file(), pointer


def test_figures_and_their_sources_are_found_where_they_stand() -> None:
    files = {str(file.relative_to(ROOT)) for file in FILES}
    assert len(files) > 120
    assert "scenarios/config.yaml" in files
    assert unsourced("# about it\na: {b: [1, {c: 2.5}], d: true, e: word}\n") == [
        "a.b[0]",
        "a.b[1].c",
    ]
    assert unsourced("case: {overrides: [actors.dispersion=0, actors=archetype]}\n") == [
        "case.overrides[0]: actors.dispersion=0"
    ]
    assert unsourced("a: {value: 3, source: somebody}\nb: {value: 3, source: ' '}\n") == ["b.value"]
    assert unsourced("# source: made up\na: 3\n") == []
    assert unsourced("# source:\na: 3\n") == ["a"]
    own = "# source: each figure names its own; `weeks` is chosen.\nweeks: 3\n"
    assert unsourced(own) == []
    assert unsourced(own + "actors: {dispersion: 0.8}\n") == ["actors.dispersion"]
    assert unsourced("# source: each figure names its own.\nweeks: 3\n") == ["weeks"]
    assert unsourced("a: 3\n# source: below the entry\nb: 4\n") == ["a", "b"]
    assert unsourced("catalogue: {source: the report}\ndesign: {points: 8}\n") == []
    assert (
        source_of("# source: one line\n# and another.\n#\n# apart\na: 1") == "one line and another."
    )
