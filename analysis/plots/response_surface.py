"""How mass killing and deaths averted depend on when action starts and how united actors are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.intervals import Interval
from analysis.plots.figure import (
    DASH,
    VERMILION,
    count_people,
    in_house_look,
    key_below,
    number,
    say_instead,
    short_number,
    short_range,
    title_above,
)
from analysis.plots.surface_grid import (
    MOST_VALUES,
    Grid,
    grids,
    most_starts,
    shock_position,
    start_axis_label,
    start_label,
)
from analysis.plots.surface_image import draw_image, is_line, label_ticks, panel_size

CELL_WIDTH, CELL_HEIGHT = 0.84, 0.66
NOTE = "starts are in order, not to scale; people are rounded to two digits"
NOTE_OF_MANY = (
    "starts are in order, not to scale; numbers of the {starts:,} \N{MULTIPLICATION SIGN} "
    "{dispersions:,} cells: summary.csv"
)
NO_CONTOURS = "; no contours where neighbours differ by chance as much as by start and dispersion"
CHARACTER = 0.098  # width of one at size 11, inches
MOST_TICKS, MOST_CONTOURS = 5, 3
_INK: dict[str, Any] = {
    "color": "#111111", "linewidth": 2.5, "path_effects": [withStroke(linewidth=5, foreground="white")]
}  # fmt: skip
# Of many short edges a halo each would cut the line into beads.
_THIN_INKS: tuple[dict[str, Any], ...] = (
    {"color": "white", "linewidth": 3.0}, {"color": "#111111", "linewidth": 1.6}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One row of panels: what it shows, how it is coloured, written, and judged."""

    value: str
    judged_by: str
    title: str
    unit: str
    colours: Colormap
    norm: Normalize
    write: Callable[[Interval], str]
    reach: tuple[float, float]
    baseline: float | None


@in_house_look
def response_surface(
    surface: pd.DataFrame, *, title: str = "When prevention begins, and how united it is"
) -> Figure:
    """Return two rows of panels over start and dispersion, one column for each way of arrival.

    Above: probability of mass killing (percent of runs). Below: direct deaths averted (people per
    run, mean of paired differences). Each cell holds its estimate and 95 % interval; it is
    hatched where the interval of its paired difference to the baseline includes zero. Contours
    follow the edges of cells, since nothing was run between two of them. Above `MOST_VALUES` values
    on an axis the cells are an image of a fixed size: without words, with labels at some values, and
    without a contour that chance would draw.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`. At most one row for each start, dispersion
        and arrival. Without a row the figure says so in words.

    Raises
    ------
    ForestallError
        A column is missing, or a cell has more than one row (another lever varies).
    """
    panels = grids(surface)
    if not panels or not (surface["n"] > 0).any():
        return say_instead("No runs yet: the response surface is empty.")
    size = (len(panels[0].starts), len(panels[0].dispersions))
    many = size[0] > most_starts(len(panels)) or size[1] > MOST_VALUES
    rows = (_risk_row(surface), _deaths_row(surface))
    if many:
        each, height = panel_size(*size, len(panels))
    else:
        each = max(_cell_width(panels, rows) * size[0], 3.6)
        height = CELL_HEIGHT * max(size[1], 3)
    width = max(9.0, 2.6 + each * len(panels))
    figure = Figure(figsize=(width, 3.2 + 2 * height), layout="constrained")
    axes = figure.subplots(2, len(panels), squeeze=False, sharey=True)
    drawn, left_out = 0, 0
    for line, row in enumerate(rows):
        values = [panel.values(row.value) for panel in panels]
        levels = asked = _contour_levels(row, values)
        if many:
            levels = [level for level in asked if all(is_line(one, level) for one in values)]
        for column, panel in enumerate(panels):
            if many:
                _draw_many(axes[line, column], panel, row, (each, height))
            else:
                _draw_panel(axes[line, column], panel, row)
            _draw_shock(axes[line, column], panel, many)
            _draw_contours(
                axes[line, column], values[column], levels, _THIN_INKS if many else (_INK,)
            )
        _draw_colourbar(figure, axes[line], row, levels)
        drawn, left_out = drawn + len(levels), left_out + len(asked) - len(levels)
        axes[line, 0].set_ylabel("dispersion of positions")
        axes[line, 0].set_title(row.title, loc="left", fontweight="bold", pad=22)
    for column, panel in enumerate(panels):
        axes[0, column].set_title(f"{panel.title}\n", pad=22)
        axes[1, column].set_xlabel(start_axis_label(each))
    title_above(figure, title)
    keys = [_hatch_key(), *([_contour_key()] if drawn else [])]
    note = NOTE_OF_MANY.format(starts=size[0], dispersions=size[1]) if many else NOTE
    key_below(figure, keys, columns=1, note=note + NO_CONTOURS * (left_out > 0))
    return figure


def _risk_row(surface: pd.DataFrame) -> _Row:
    known = surface[surface["n"] > 0]
    baseline = float(known["baseline_p_mass_killing"].mean())
    top = max(float(known["p_mass_killing"].max()), baseline, 0.01)
    return _Row(
        value="p_mass_killing",
        judged_by="risk_difference",
        title="Probability of mass killing",
        unit="% of runs",
        colours=matplotlib.colormaps["cividis"],
        norm=Normalize(0, top),
        reach=(0, top),
        write=_percent,
        # Where another lever changes the baseline, one mark on the bar would be wrong.
        baseline=baseline if np.isclose(known["baseline_p_mass_killing"], baseline).all() else None,
    )


def _deaths_row(surface: pd.DataFrame) -> _Row:
    least, most = float(surface["deaths_averted"].min()), float(surface["deaths_averted"].max())
    reach = max(abs(least), abs(most), 5.0)
    return _Row(
        value="deaths_averted",
        judged_by="deaths_averted",
        title="Direct deaths averted",
        unit="people per run",
        colours=matplotlib.colormaps["PuOr"],
        # White at zero on both sides; the bar shows only what occurs.
        norm=Normalize(-reach, reach),
        reach=(min(least, 0.0), max(most, 0.0) if least < 0 or most > 0 else 5.0),
        write=_people,
        baseline=None,
    )


def _cell_width(panels: list[Grid], rows: tuple[_Row, ...]) -> float:
    """Return the width of a cell that holds the longest interval, inches."""
    written = [
        len(part)
        for panel in panels
        for row in rows
        for line in range(len(panel.dispersions))
        for column in range(len(panel.starts))
        for part in row.write(panel.interval(row.value, line, column)).split("\n")
    ]
    return max(CELL_WIDTH, CHARACTER * max(written) + 0.1)


def _draw_panel(axes: Axes, panel: Grid, row: _Row) -> None:
    values = panel.values(row.value)
    columns, lines = len(panel.starts), len(panel.dispersions)
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(lines + 1) - 0.5,
        np.ma.masked_invalid(values),
        cmap=row.colours,
        norm=row.norm,
        edgecolors="white",
        linewidth=1.5,
    )
    for (line, column), estimate in np.ndenumerate(values):
        if not np.isnan(estimate):
            clear = panel.interval(row.judged_by, line, column).excludes_zero
            _draw_cell(axes, (column, line), panel.interval(row.value, line, column), row, clear)
    axes.set_xticks(range(columns), [start_label(start) for start in panel.starts])
    axes.set_yticks(range(lines), panel.dispersion_labels)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _draw_many(axes: Axes, panel: Grid, row: _Row, size: tuple[float, float]) -> None:
    draw_image(
        axes, panel.values(row.value), panel.unclear(row.judged_by),
        colours=row.colours, norm=row.norm,
    )  # fmt: skip
    label_ticks(axes, panel, size)
    axes.spines[:].set_visible(False)


def _draw_shock(axes: Axes, panel: Grid, many: bool) -> None:
    shock = shock_position(panel.starts)
    if shock is None:
        return
    # In the corner of an image the label of the uppermost of many lines is close.
    side = "left" if many and shock < 0 else "center"
    axes.axvline(shock, color=VERMILION, linewidth=3, linestyle=(0, (4, 1.5)))
    axes.annotate(
        "shock", (shock, 1), (0, 2), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha=side, color=VERMILION, fontweight="bold",
    )  # fmt: skip


def _draw_cell(axes: Axes, at: tuple[int, int], value: Interval, row: _Row, clear: bool) -> None:
    red, green, blue, _ = row.colours(row.norm(value.estimate))
    ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
    if not clear:
        corner = (at[0] - 0.5, at[1] - 0.5)
        axes.add_patch(
            Rectangle(corner, 1, 1, fill=False, hatch="//", edgecolor=ink, linewidth=0, alpha=0.35)
        )
    head, _, interval = row.write(value).partition("\n")
    box = {"facecolor": (red, green, blue), "edgecolor": "none", "pad": 1.0}
    weight = "bold" if clear else "normal"
    text: dict[str, Any] = {"color": ink, "ha": "center", "bbox": box}
    axes.text(*at, head, va="bottom", fontsize=14, fontweight=weight, **text)
    axes.text(at[0], at[1] - 0.06, interval, va="top", fontsize=11, **text)


def _bar_ticks(row: _Row) -> list[float]:
    """Return the round values on the bar of a row."""
    low, high = row.reach
    ticks = MaxNLocator(MOST_TICKS).tick_values(low, high)
    return [float(tick) for tick in ticks if low <= tick <= high]


def _contour_levels(row: _Row, panels: list[NDArray[np.float64]]) -> list[float]:
    """Return the values on the bar that contours mark: zero, if it is passed, and a few others."""
    values = np.concatenate([panel.ravel() for panel in panels])
    known = values[np.isfinite(values)]
    if not known.size:
        return []
    passed = [tick for tick in _bar_ticks(row) if known.min() < tick <= known.max()]
    chosen = passed[:: -(-len(passed) // MOST_CONTOURS) or 1]
    return sorted({*chosen, *(tick for tick in passed if tick == 0)})


def _draw_contours(
    axes: Axes, values: NDArray[np.float64], levels: list[float], inks: tuple[dict[str, Any], ...]
) -> None:
    """Draw the edges of cells of which one lies below a level and its neighbour does not."""
    # Each edge once, however many levels pass it.
    edges: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    for level in levels:
        below = np.where(np.isnan(values), np.nan, values < level)
        for line, column in np.argwhere(np.abs(np.diff(below, axis=1)) == 1):
            x = column + 0.5
            edges.add(((x, line - 0.5), (x, line + 0.5)))
        for line, column in np.argwhere(np.abs(np.diff(below, axis=0)) == 1):
            y = line + 0.5
            edges.add(((column - 0.5, y), (column + 0.5, y)))
    for ink in inks if edges else ():
        axes.add_collection(LineCollection(sorted(edges), capstyle="projecting", zorder=1.5, **ink))


def _draw_colourbar(figure: Figure, axes: np.ndarray, row: _Row, levels: list[float]) -> None:
    mappable = ScalarMappable(row.norm, row.colours)
    bar = figure.colorbar(mappable, ax=list(axes), pad=0.01, aspect=14, fraction=0.05)
    if row.baseline is None:
        count_people(bar.ax.yaxis)
    else:
        bar.ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g}")
    bar.set_ticks(_bar_ticks(row))
    bar.set_label(row.unit)
    bar.outline.set_visible(False)
    bar.ax.set_ylim(*row.reach)
    for level in levels:
        bar.ax.axhline(level, **_INK)
    if row.baseline is not None:
        bar.ax.axhline(row.baseline, color=VERMILION, linewidth=5)
        said = f"no action\n{_percent_number(row.baseline)} %"
        bar.ax.set_title(said, fontsize=12, color=VERMILION, fontweight="bold", pad=12)


def _percent_number(share: float) -> str:
    """Write a probability as everywhere else: percent to one digit."""
    return number(share * 100, 1)


def _percent(value: Interval) -> str:
    known = not np.isnan(value.low)
    ends = DASH.join(_percent_number(end) for end in value[1:]) if known else ""
    return f"{_percent_number(value.estimate)}\n{ends}"


def _people(value: Interval) -> str:
    """Write people to two digits, which is more than the interval supports."""
    if np.isnan(value.low):
        return f"{short_number(value.estimate)}\n"
    joint = DASH if value.low >= 0 else "…"
    return f"{short_number(value.estimate)}\n{short_range(value.low, value.high, joint)}"


def _contour_key() -> Line2D:
    label = "contours of the estimates, at the values that are marked on the bar"
    return Line2D([], [], label=label, **_INK)


def _hatch_key() -> Patch:
    label = "the 95 % interval of the paired difference to no action includes zero, or is unknown"
    return Patch(facecolor="white", edgecolor="#555555", hatch="//", linewidth=0.5, label=label)
