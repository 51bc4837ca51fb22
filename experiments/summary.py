"""What a sweep writes at its end: ``summary.csv``, the figures, and the surface as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.plots.figure import save
from experiments.chunks import write_aside
from experiments.export import csv_of
from experiments.figures import DRAWINGS
from experiments.folder import FIGURES, SUMMARY
from experiments.material import Material
from experiments.results import GRID
from experiments.sample_text import sample_text
from experiments.store import writing
from experiments.surface_text import MOST_LISTED, surface_text
from sim.errors import ForestallError

AT_THE_END = ("outcome_distribution", "weekly_course")
"""Figures that every sweep draws; ``forestall plot`` draws any."""
_OUTCOMES = ("mass_killing", "direct_deaths", "arrival_week")
"""All that the summary is made of: a large sweep may have more runs than memory has room for."""
OF_GRIDS, OF_SAMPLES = ("response_surface", "timing_lines"), ("sample_trends",)
"""Figures that show every point: a sample has no rows and columns."""


@dataclass(frozen=True)
class Summary:
    """The surface as text, and the paths of what was written."""

    table: str
    paths: tuple[Path, ...]


def write_summary(folder: Path, *, notice: Callable[[str], None]) -> Summary:
    """Write summary and figures of the results in `folder`.

    Parameters
    ----------
    folder : of the results.
    notice : called with one line about each figure that this design does not allow.

    Raises
    ------
    ForestallError
        The results cannot be read, or the folder cannot be written.
    """
    given = Material(folder, outcomes=_OUTCOMES)
    with writing(folder):
        summary = write_aside(folder / SUMMARY, csv_of(given.surface))
    paths = [folder, summary]
    grid = given.found.method == GRID
    for name in (*(OF_GRIDS if grid else OF_SAMPLES), *AT_THE_END):
        try:
            paths.extend(save(DRAWINGS[name].draw(given), folder / FIGURES / name))
        except ForestallError as reason:
            notice(f"{name} was not drawn: {reason}")
    # A grid that is large says itself which part of it is shown.
    if grid or len(given.found.points) <= MOST_LISTED:
        return Summary(surface_text(given.surface), tuple(paths))
    said = sample_text(given.surface, given.found.factors, given.found.method)
    return Summary(said, tuple(paths))
