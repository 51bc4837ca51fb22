"""What a sweep writes at its end: ``summary.csv``, the figures, and the surface as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.plots.figure import save
from analysis.plots.outcome_distribution import outcome_distribution
from analysis.plots.response_surface import response_surface
from analysis.plots.sample_trends import sample_trends
from analysis.plots.timing_lines import timing_lines
from analysis.plots.weekly_course import SERIES, weekly_course
from analysis.surface import contrasting_points, surface_table
from experiments import results
from experiments.chunks import write_aside
from experiments.folder import FIGURES, SUMMARY
from experiments.results import GRID, Results
from experiments.sample_text import sample_text
from experiments.store import writing
from experiments.surface_text import surface_text
from experiments.tasks import BASELINE, TREATMENT
from sim.errors import ForestallError

MOST_LISTED = 30
"""Points of a sample that are listed one by one."""


@dataclass(frozen=True)
class Report:
    """The surface as text, and the paths of what was written."""

    table: str
    paths: tuple[Path, ...]


def write_report(folder: Path, *, notice: Callable[[str], None]) -> Report:
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
    found = results.open(folder)
    paired = found.paired()
    surface = surface_table(found.design, paired)
    with writing(folder):
        summary = write_aside(folder / SUMMARY, surface.to_csv(index=False).encode())
    paths = [folder, summary]
    for name, draw in figures(found, paired, surface).items():
        try:
            paths.extend(save(draw(), folder / FIGURES / name))
        except ForestallError as reason:
            notice(f"{name} was not drawn: {reason}")
    many = found.method != GRID and len(found.points) > MOST_LISTED
    said = sample_text(surface, found.factors, found.method) if many else surface_text(surface)
    return Report(said, tuple(paths))


def figures(
    found: Results, paired: pd.DataFrame, surface: pd.DataFrame
) -> dict[str, Callable[[], Any]]:
    """Return the figures of a sweep by name, each to be drawn when called."""
    where = f"{found.config['country']['name']}: "
    return _of_points(found, surface, where) | {
        "outcome_distribution": lambda: outcome_distribution(
            found.design, paired, title=where + "how many people are killed, over all runs"
        ),
        "weekly_course": lambda: weekly_course(
            found.design,
            weekly_table(found, contrasting_points(found.design)),
            shock_week=shock_week(found.config),
            paired=paired,
            title=where + "week by week, no action and action on the same shocks",
        ),
    }


def _of_points(found: Results, surface: pd.DataFrame, where: str) -> dict[str, Callable[[], Any]]:
    """Return the figures that show every point: a sample has no rows and columns."""
    if found.method != GRID:
        return {
            "sample_trends": lambda: sample_trends(
                surface, found.factors, title=where + "mass killing along each factor"
            )
        }
    return {
        "response_surface": lambda: response_surface(
            surface, title=where + "when prevention begins, and how united it is"
        ),
        "timing_lines": lambda: timing_lines(
            surface, title=where + "when prevention begins, and how united it is"
        ),
    }


def weekly_table(found: Results, points: list[str]) -> pd.DataFrame:
    """Return weekly quantiles of some points and their baselines, in one long table."""
    wanted = [(point, arm) for point in points for arm in (TREATMENT, BASELINE)]
    blocks = [
        found.weekly_quantiles(series, point, arm)
        for point, arm in wanted
        for series in SERIES
        if series in found.series
    ]
    if not blocks:
        return pd.DataFrame(columns=["point", "series", "week", "quantile", "value"])
    return pd.concat(blocks).drop_duplicates(["point", "series", "week", "quantile"])


def shock_week(config: dict[str, Any]) -> int:
    """Return the week of the first shock of a configuration, 0 without one."""
    shocks = config["country"].get("shocks") or []
    return min((int(shock["week"]) for shock in shocks), default=0)
