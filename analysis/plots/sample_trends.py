"""The points of a sample along each factor: how often mass killing comes, without and with action."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from analysis.plots.factor_panels import factor_label
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    in_house_look,
    key_below,
    say_instead,
    title_above,
)

MOST_PANELS = 12
_COLUMNS = 3
_BANDS = 10
_LEAST_IN_BAND = 5
_ARMS = (
    ("baseline_p_mass_killing", "no action", BASELINE, "s"),
    ("p_mass_killing", "action", BLUE, "o"),
)


@in_house_look
def sample_trends(
    surface: pd.DataFrame, factors: Sequence[Mapping[str, Any]], *, title: str
) -> Figure:
    """Return one panel a sampled factor: the share of runs that become mass killings, along it.

    Each dot is a row of the sample, the mean of its points where listed values are crossed with it. A
    line joins the means of ten bands of equally many rows; its bars are 95 % intervals over the rows of
    a band (1.96 standard errors). What a panel shows is averaged over all other factors.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    factors : of the design (`experiments.results.Results.factors`); those with an interval are drawn,
        the first twelve of them.
    title : above the figure.
    """
    sampled = [factor for factor in factors if "low" in factor]
    ran = _rows_of_sample(surface[surface["n"] > 0], [factor["name"] for factor in sampled])
    if not sampled or len(ran) < 2 * _LEAST_IN_BAND:
        return say_instead("Too few points of the sample have been run to show a trend.")
    shown = sampled[:MOST_PANELS]
    rows = -(-len(shown) // _COLUMNS)
    figure = Figure(figsize=(13, 1.8 + 3.6 * rows), layout="constrained")
    columns = min(_COLUMNS, len(shown))
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for axes, factor in zip(panels.flat, shown, strict=False):
        _draw(axes, ran, factor)
    for axes in list(panels.flat)[len(shown) :]:
        axes.set_visible(False)
    for row in panels:
        row[0].set_ylabel("mass killing\n(% of runs)")
    left = len(sampled) - len(shown)
    note = "Lines: means of equally many rows of the sample, averaged over all other factors."
    if left:
        note += f" {left} further {'factor is' if left == 1 else 'factors are'} not shown."
    key_below(figure, _key(), note=note, columns=4)
    title_above(figure, title)
    return figure


def _rows_of_sample(ran: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return one row a row of the sample: its points share draws, and often their baseline."""
    effects = [effect for effect, *_ in _ARMS]
    return ran.groupby(names, sort=False, as_index=False)[effects].mean() if names else ran


def _draw(axes: Axes, rows: pd.DataFrame, factor: Mapping[str, Any]) -> None:
    places = rows[factor["name"]].to_numpy(np.float64)
    order = np.argsort(places, kind="stable")
    bands = min(_BANDS, len(order) // _LEAST_IN_BAND)
    for effect, _, colour, marker in _ARMS:
        shares = 100 * rows[effect].to_numpy(np.float64)
        axes.plot(
            places, shares, ".", color=colour, alpha=max(0.04, min(0.4, 60 / len(order))),
            markersize=6, markeredgewidth=0, rasterized=True, zorder=1,
        )  # fmt: skip
        parts = [shares[part] for part in np.array_split(order, bands)]
        axes.errorbar(
            [np.mean(places[part]) for part in np.array_split(order, bands)],
            [part.mean() for part in parts],
            yerr=[1.96 * part.std(ddof=1) / np.sqrt(part.size) for part in parts],
            color=colour, marker=marker, markersize=5, linewidth=1.8, capsize=2, zorder=2,
        )  # fmt: skip
    if factor["scale"] == "log":
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(factor["low"], factor["high"])
    axes.set_ylim(0, max(5.0, axes.get_ylim()[1]))
    axes.grid(axis="y", color="#E0E0E0")
    axes.set_title(textwrap.fill(factor_label(factor["name"]), 34))
    axes.set_xlabel(textwrap.fill(factor["unit"], 38))


def _key() -> list[Line2D]:
    with matplotlib.rc_context():
        return [
            Line2D([], [], color=colour, marker=marker, markersize=6, label=label)
            for _, label, colour, marker in _ARMS
        ]
