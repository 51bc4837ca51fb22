"""Every notebook runs from its first cell to its last, draws, and says a verdict."""

from __future__ import annotations

import warnings
from pathlib import Path

import nbformat
import pytest

import analysis

NOTEBOOKS = sorted((Path(analysis.__file__).parent / "notebooks").glob("*.ipynb"))
FEW = "REPLICATES = 6"


def test_there_is_a_notebook_for_each_lesson() -> None:
    from experiments.lesson import lesson_files

    named = {path.stem.partition("_")[2] for path in NOTEBOOKS}
    assert named == set(lesson_files())


@pytest.mark.parametrize(
    "path",
    [NOTEBOOKS[0], *(pytest.param(path, marks=pytest.mark.long) for path in NOTEBOOKS[1:])],
    ids=lambda path: path.stem,
)
def test_a_notebook_runs_to_its_end(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    (cell,) = [one for one in book.cells if "parameters" in one.metadata.get("tags", [])]
    assert cell.source.startswith("REPLICATES = ")
    cell.source = FEW
    with warnings.catch_warnings():
        # Those of the client of a notebook about itself are not the project's.
        warnings.simplefilter("ignore")
        from nbclient import NotebookClient

        NotebookClient(book, timeout=300, kernel_name="python3").execute()
    shown = [out for one in book.cells for out in one.get("outputs", [])]
    assert sum("image/png" in out.get("data", {}) for out in shown) >= 3
    printed = "".join(out.get("text", "") for out in shown)
    assert "in these 6 pairs the claim" in printed


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_what_it_printed(path: Path) -> None:
    # Numbers of an older model would stand there as if they were those of this one.
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs") and not cell.get("execution_count")
