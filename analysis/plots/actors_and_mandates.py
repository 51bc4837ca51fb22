"""Where international actors stand, what they mandate, and how far prevention has their attention."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from analysis.names import written
from analysis.plots.country_map import label_places
from analysis.plots.figure import (
    BASELINE,
    BLUE,
    DASH,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILION,
    in_house_look,
    key_below,
    number,
    say_instead,
    title_above,
)
from analysis.trace import Trace, describe

Floats = NDArray[np.float64]


class Mandate(NamedTuple):
    """A mandate: first and last week in force, its position, 0 to 1 each, and its scale.

    What is in force is the position times the scale: a small mandate presses and protects little.
    """

    first: int
    last: int
    pressure: float
    protection: float
    scale: float


@in_house_look
def actors_and_mandates(
    trace: Trace, *, title: str = "Where actors stand, and what they agree on"
) -> Figure:
    """Return the policy space with actors and mandates, and mandates and attention over the weeks.

    Parameters
    ----------
    trace : the recorded pair; the run with action is drawn.
    """
    names = trace.names("actors")
    if not names:
        return say_instead("There is no international actor in this world.")
    figure = Figure(figsize=(16, 4.6 + max(4.0, 0.42 * len(names))), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=(1, 1.25), height_ratios=(1, 1.15))
    space = figure.add_subplot(grid[:, 0])
    course = figure.add_subplot(grid[0, 1])
    heat = figure.add_subplot(grid[1, 1], sharex=course)
    found = mandates(trace)
    _draw_space(space, trace, found)
    _draw_course(course, trace, found)
    _draw_attention(figure, heat, trace, names)
    _mark(course, heat, trace)
    note = (
        f"{describe(trace)} Circles grow with the share of the votes, a ring has a veto; diamonds grow "
        "with the scale. Mandates are numbered in the order of their adoption. What is in force is the "
        "position times the scale."
    )
    key_below(figure, _key(found), note=note, columns=6)
    title_above(figure, title)
    _name_positions(figure, space, trace, found)
    return figure


def mandates(trace: Trace) -> list[Mandate]:
    """Return the mandates of the run with action in the order of their adoption."""
    adopted = trace.course("mandate_week")
    columns = [
        trace.course(name) for name in ("policy_pressure", "policy_protection", "mandate_scale")
    ]
    found = []
    for week in np.unique(adopted[adopted >= 0]):
        held = np.flatnonzero(adopted == week)
        pressure, protection, scale = (float(column[held[0]]) for column in columns)
        # Nothing is adopted at a scale of 0.
        position = (pressure / scale, protection / scale)
        found.append(Mandate(int(held[0]), int(held[-1]), *position, scale))
    return found


def _draw_space(axes: Axes, trace: Trace, found: list[Mandate]) -> None:
    across, up, weight, veto = (
        trace.courses("actors", field)[0]
        for field in ("position_pressure", "position_protection", "weight", "veto")
    )
    for place in np.argsort(-weight, kind="stable"):
        axes.plot(
            [across[place]], [up[place]], "o", markersize=_size(weight[place]), color=BLUE, alpha=0.4,
            markeredgecolor=BASELINE if veto[place] > 0.5 else "none", markeredgewidth=2.4,
            gid=f"actor-{place}",
        )  # fmt: skip
    for order, mandate in enumerate(found, start=1):
        axes.plot(
            [mandate.pressure], [mandate.protection], "D", color=VERMILION, zorder=4, alpha=0.8,
            markersize=5 + 12 * mandate.scale, gid=f"mandate-{order}",
        )  # fmt: skip
    axes.set_xlim(-0.12, 1.12)
    axes.set_ylim(-0.12, 1.12)
    axes.set_xticks([0, 0.5, 1], ["0 engage", "0.5", "1 press"])
    axes.set_yticks([0, 0.5, 1], ["0\nsovereignty", "0.5", "1\nprotection"])
    axes.set_xlabel("towards the parties")
    axes.set_ylabel("towards civilians")
    axes.set_aspect("equal")
    axes.grid(color="#E0E0E0")
    axes.set_title("positions (circles) and mandates (diamonds)")


def _size(weight: float) -> float:
    return 12 + 46 * float(np.sqrt(weight))


def _name_positions(figure: Figure, axes: Axes, trace: Trace, found: list[Mandate]) -> None:
    """Write names beside positions while there is room; those who stand together share a label."""
    figure.draw_without_rendering()
    # The layout is final now; a later one would move the positions under their labels.
    figure.set_layout_engine("none")
    names = [written(name) for name in trace.names("actors")]
    across, up, weight = (
        trace.courses("actors", field)[0]
        for field in ("position_pressure", "position_protection", "weight")
    )
    spots: dict[tuple[float, float], tuple[list[int], list[int]]] = {}
    for actor, spot in enumerate(zip(across.round(2), up.round(2), strict=True)):
        spots.setdefault(spot, ([], []))[0].append(actor)
    for order, mandate in enumerate(found, start=1):
        spot = (round(mandate.pressure, 2), round(mandate.protection, 2))
        spots.setdefault(spot, ([], []))[1].append(order)
    radius = [
        max([8.0, *(_size(float(weight[one])) / 2 for one in held)]) for held, _ in spots.values()
    ]
    labels = [_label(names, *held) for held in spots.values()]
    label_places(
        axes,
        labels,
        np.array(list(spots)),
        order=range(len(labels)),
        radius=np.array(radius),
        most=99,
    )


def _label(names: list[str], actors: list[int], orders: list[int]) -> str:
    words = []
    if actors:
        everybody = "all " if len(actors) == len(names) else ""
        one = len(actors) == 1
        words.append(names[actors[0]] if one else f"{everybody}{len(actors)} actors")
    if orders:
        row = len(orders) > 2 and orders[-1] - orders[0] == len(orders) - 1
        said = f"{orders[0]}{DASH}{orders[-1]}" if row else ", ".join(map(str, orders))
        words.append(f"mandate{'s' if len(orders) > 1 else ''} {said}")
    return "\n".join(words)


def _draw_course(axes: Axes, trace: Trace, found: list[Mandate]) -> None:
    weeks = np.arange(trace.weeks) - trace.shock_week
    scale = trace.course("mandate_scale")
    axes.fill_between(
        weeks, 0, scale, step="mid", color=VERMILION, alpha=0.25, linewidth=0, gid="scale"
    )
    held = trace.course("mandate_week") >= 0
    for field, colour in (("policy_pressure", ORANGE), ("policy_protection", PURPLE)):
        values = np.where(held, trace.course(field), np.nan)
        axes.plot(
            weeks, values, drawstyle="steps-mid", color=colour, gid=field,
            linestyle="-" if colour == ORANGE else (0, (4, 1)),
        )  # fmt: skip
    for order, mandate in enumerate(found, start=1):
        axes.annotate(
            str(order), (mandate.first - trace.shock_week, mandate.scale), (2, 2),
            textcoords="offset points", color=VERMILION, fontweight="bold",
        )  # fmt: skip
    if not found:
        axes.text(
            0.5, 0.5, "no mandate is adopted", transform=axes.transAxes, ha="center", fontsize=14
        )
    axes.set_ylim(0, 1.1)
    axes.set_ylabel("mandate in force\n(share, 0 to 1)")
    axes.grid(color="#E0E0E0")
    axes.tick_params(labelbottom=False)


def _draw_attention(figure: Figure, axes: Axes, trace: Trace, names: list[str]) -> None:
    attention = trace.courses("actors", "attention")
    first = -trace.shock_week
    image = axes.imshow(
        attention.T, aspect="auto", cmap="cividis", vmin=0, vmax=1, interpolation="nearest",
        extent=(first - 0.5, first + trace.weeks - 0.5, len(names) - 0.5, -0.5),
    )  # fmt: skip
    axes.set_yticks(range(len(names)), [written(name) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("weeks from the shock")
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    bar = figure.colorbar(image, ax=axes, pad=0.01)
    bar.set_label("attention to prevention\n(share)")


def _mark(course: Axes, heat: Axes, trace: Trace) -> None:
    for axes, colour in ((course, VERMILION), (heat, "white")):
        axes.axvline(0, color=colour, linestyle=(0, (4, 1.5)), linewidth=2)
        if trace.about["open_week"] is not None:
            since = float(trace.about["open_week"]) - trace.shock_week
            axes.axvline(
                since, color=GREEN if axes is course else "white", linestyle=":", linewidth=2.6
            )


def _key(found: list[Mandate]) -> list[Artist]:
    keys: list[Artist] = [
        Line2D(
            [], [], color=BLUE, alpha=0.45, marker="o", markersize=13, linestyle="", label="actor"
        ),
        Line2D([], [], color=ORANGE, label="pressure in force"),
        Line2D([], [], color=PURPLE, linestyle=(0, (4, 1)), label="protection in force"),
        Patch(color=VERMILION, alpha=0.25, label="scale of the mandate"),
        Line2D([], [], color=VERMILION, linestyle=(0, (4, 1.5)), label="shock"),
        Line2D([], [], color=GREEN, linestyle=":", linewidth=2.6, label="action may start"),
    ]
    if found:
        diamond = Line2D([], [], color=VERMILION, marker="D", linestyle="", label="mandate")
        keys.insert(1, diamond)
    return keys
