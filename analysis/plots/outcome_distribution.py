"""How direct deaths are distributed over runs: zeros, body and tail, each on its own."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.plots.figure import (
    BASELINE,
    TREATMENTS,
    VERMILION,
    in_house_look,
    in_percent,
    number,
    say_instead,
    title_above,
    use_log1p,
)
from analysis.surface import contrasting_points, point_label
from sim.errors import ForestallError

LABEL = 24  # characters of a line in the key
GOLDEN = 0.6180339887498949
DASHES = ((0, (3, 1)), (0, (1, 1)), (0, (6, 2)))
Dash = str | tuple[int, tuple[int, int]]


class _Group(NamedTuple):
    label: str
    colour: str
    dash: Dash
    deaths: NDArray[np.float64]


@in_house_look
def outcome_distribution(
    points: pd.DataFrame,
    paired: pd.DataFrame,
    *,
    show: Sequence[str] | None = None,
    threshold: float = 1000,
    title: str = "How many people are killed, over all runs",
) -> Figure:
    """Return the distribution of direct deaths under no action and under some treatments.

    Above: the share of runs with more than so many deaths (complementary ECDF, log(1 + deaths)).
    Below, a raincloud: every run with a death as a dot, the median and the middle half of those runs
    as a bar, their density as a cloud whose area is the share of runs with a death, and the largest
    number. At the left the share of runs without any death.

    Parameters
    ----------
    points, paired : as for `analysis.surface.surface_table`.
    show : ids of the treatments, at most six; the corners of the design when None.
    threshold : deaths at which a line is drawn (mass killing: 1,000 within 12 months).

    Raises
    ------
    ForestallError
        A point is unknown, or more are asked for than can be told apart.
    """
    groups = _groups(points, paired, contrasting_points(points) if show is None else list(show))
    if not groups:
        return say_instead("No runs yet: there is no distribution to show.")
    figure = Figure(figsize=(12.5, 5.2 + 0.95 * len(groups)), layout="constrained")
    grid = figure.add_gridspec(
        2, 2, width_ratios=(1, 4.2), height_ratios=(4, 0.9 * len(groups) + 0.4)
    )
    exceed, strip = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
    zeros = figure.add_subplot(grid[1, 0], sharey=strip)
    clouds = [cloud(group.deaths) for group in groups]
    highest = max((float(height.max(initial=0)) for _, height in clouds), default=0)
    for line, group in enumerate(groups):
        _draw_exceedance(exceed, group, width=2.2 + 1.1 * (len(groups) - 1 - line))
        _draw_cloud(strip, group, clouds[line], line, highest)
        _draw_runs(strip, group, line)
        _draw_zeros(zeros, group, line)
    largest = max(group.deaths.max(initial=0) for group in groups)
    for axes in (exceed, strip):
        use_log1p(axes, "x", max(largest, 15 * threshold))
        axes.axvline(threshold, color=VERMILION, linestyle=(0, (4, 1.5)), zorder=1)
    _finish(exceed, strip, zeros, groups, threshold)
    handles, labels = exceed.get_legend_handles_labels()
    corner = figure.add_subplot(grid[0, 0])
    corner.axis("off")
    corner.legend(
        handles, [textwrap.fill(label, LABEL) for label in labels], loc="center right",
        bbox_to_anchor=(0.95, 0.5), handlelength=1.6,
        title="start in weeks from the shock", title_fontsize=12, alignment="left",
    )  # fmt: skip
    title_above(figure, title)
    return figure


def exceedance(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the share of `values` above x changes (from 0 on), and that share there."""
    place = np.unique(np.concatenate([[0.0], values]))
    above = values.size - np.searchsorted(np.sort(values), place, side="right")
    return place, above / max(values.size, 1)


def _groups(points: pd.DataFrame, paired: pd.DataFrame, show: Sequence[str]) -> list[_Group]:
    if len(show) > len(TREATMENTS):
        raise ForestallError(f"figure: at most {len(TREATMENTS)} points can be told apart")
    baselines: list[_Group] = []
    treatments: list[_Group] = []
    for point in show:
        label = point_label(points, point)
        runs = paired[paired["point"] == point]
        if "replicate" in runs.columns:
            runs = runs.sort_values("replicate")
        if runs.empty:
            continue
        without = runs["baseline_direct_deaths"].to_numpy(dtype=np.float64)
        if not any(np.array_equal(known.deaths, without) for known in baselines):
            # Points of one world share their baseline; only other worlds need a second one.
            name = f"no action ({label})" if baselines else "no action"
            baselines.append(_Group(name, BASELINE, DASHES[len(baselines) % len(DASHES)], without))
        deaths = runs["direct_deaths"].to_numpy(dtype=np.float64)
        treatments.append(_Group(label, TREATMENTS[len(treatments)], "-", deaths))
    return baselines + treatments


def cloud(deaths: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the density of the runs with a death is drawn, people, and its height there.

    A Gaussian kernel on the scale of log(1 + deaths) (Scott's bandwidth), from the least to the most
    deaths that occur and never beyond, times the share of all runs that have a death. Empty when
    fewer than three numbers of deaths occur: there is no shape to show.
    """
    killed = np.log1p(deaths[deaths > 0])
    if np.unique(killed).size < 3:
        return np.empty(0), np.empty(0)
    from scipy.stats import gaussian_kde

    place = np.linspace(killed.min(), killed.max(), 200)
    height = gaussian_kde(killed)(place) * killed.size / deaths.size
    return np.expm1(place), height


def _draw_exceedance(axes: Axes, group: _Group, *, width: float) -> None:
    place, share = exceedance(group.deaths)
    # Earlier curves are wider, so that one that another covers can still be seen under it.
    axes.plot(
        place, share, drawstyle="steps-post", color=group.colour, label=group.label,
        linestyle=group.dash, linewidth=width if group.dash == "-" else 2.2,
        zorder=2 if group.dash == "-" else 3,
    )  # fmt: skip


def _draw_cloud(
    axes: Axes,
    group: _Group,
    shape: tuple[NDArray[np.float64], NDArray[np.float64]],
    line: int,
    highest: float,
) -> None:
    place, height = shape
    if place.size:
        top = line - 0.12 - 0.34 * height / highest
        axes.fill_between(
            place, line - 0.12, top, color=group.colour, alpha=0.4, linewidth=0, gid="cloud"
        )


def _draw_runs(axes: Axes, group: _Group, line: int) -> None:
    killed = np.sort(group.deaths[group.deaths > 0])
    if not killed.size:
        return
    # A golden-ratio sequence spreads dots evenly and the same way every time.
    spread = (np.arange(killed.size) * GOLDEN) % 1 - 0.5
    height = line + 0.25 + 0.3 * spread
    axes.scatter(
        killed, height, s=15, color=group.colour, alpha=0.6, linewidth=0, zorder=2, gid="runs"
    )
    low, middle, high = np.quantile(killed, (0.25, 0.5, 0.75))
    above, colour = line - 0.01, group.colour
    axes.plot([low, high], [above, above], color=colour, linewidth=5, solid_capstyle="butt")
    axes.plot([middle], [above], "o", color="white", markeredgecolor=colour, markersize=9)
    axes.annotate(
        f"most:\n{number(killed[-1])}", (1.01, line), xycoords=("axes fraction", "data"),
        ha="left", va="center", fontsize=11, color=colour,
    )  # fmt: skip


def _draw_zeros(axes: Axes, group: _Group, line: int) -> None:
    share = float((group.deaths == 0).mean())
    axes.barh(line, share, height=0.6, color=group.colour)
    axes.annotate(
        f"{number(100 * share)} %", (share, line), (4, 0), textcoords="offset points", va="center"
    )


def _finish(exceed: Axes, strip: Axes, zeros: Axes, groups: list[_Group], threshold: float) -> None:
    in_percent(exceed.yaxis)
    top = max(float((group.deaths > 0).mean()) for group in groups)
    if top == 0:
        exceed.text(
            0.5, 0.5, "no run has a death", transform=exceed.transAxes, ha="center", fontsize=14
        )
    exceed.set_ylim(0, max(1.12 * top, 0.05))
    exceed.set_ylabel("share of runs with more deaths")
    exceed.grid(color="#E0E0E0")
    exceed.annotate(
        f"mass killing: {number(threshold)}\nof one group in 12 months",
        (threshold, 1), (7, -2), ha="left", va="top",
        xycoords=("data", "axes fraction"), textcoords="offset points", color=VERMILION,
        fontweight="bold",
    )  # fmt: skip
    strip.set_xlabel("direct deaths in a run (people, log(1 + deaths) axis)")
    strip.grid(axis="x", color="#E0E0E0")
    strip.tick_params(axis="y", left=False, labelleft=False)
    strip.set_title(
        "runs with a death: density, middle half with the median, every run",
        loc="left",
        fontsize=12,
    )
    zeros.set_yticks([])
    zeros.set_ylim(len(groups) - 0.4, -0.6)
    zeros.set_xlim(0, 1.35)
    zeros.set_xticks([0, 0.5, 1], ["0", "50", "100"])
    zeros.set_xlabel("% of runs")
    zeros.set_title("no death at all", loc="left", fontsize=12)
