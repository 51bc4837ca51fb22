"""What every figure shares: its look, colours that all eyes tell apart, axes, and saving."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    MaxNLocator,
    NullLocator,
    PercentFormatter,
)
from numpy.typing import ArrayLike, NDArray

from analysis.unwritable import UnwritableError
from sim.errors import bad_value

# Okabe and Ito (2008): told apart under all common forms of colour blindness, and in grey.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
BASELINE = "#4D4D4D"
TREATMENTS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
FORMATS = ("png", "pdf", "svg")
MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"

_LOOK: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.labelsize": 13,
    "figure.titlesize": 16,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "lines.linewidth": 2.2,
    "hatch.linewidth": 0.8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # Without a fixed salt every SVG would differ in the names of its clip paths.
    "svg.hashsalt": "forestall",
    # Names come from files of others: a dollar sign in them is no formula.
    "text.parse_math": False,
}


@contextmanager
def house_look() -> Iterator[None]:
    """Draw inside this block with the look of the house, whatever the user's own settings."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_LOOK)
        yield


def in_house_look[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Return `draw` with `house_look` around it."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with house_look():
            return draw(*args, **kwargs)

    return drawn


def save(figure: Figure, path: Path | str) -> tuple[Path, Path]:
    """Write a figure as ``path.svg`` and ``path.png`` and return both paths.

    Equal figures give equal bytes under one version of matplotlib: no date, fixed names.

    Parameters
    ----------
    path : without suffix; a dot in its name is kept. Missing folders are made.

    Raises
    ------
    UnwritableError
        The place cannot be written.
    """
    target = Path(path)
    vector, bitmap = (
        save_as(figure, target.with_name(target.name + end)) for end in (".svg", ".png")
    )
    return vector, bitmap


def save_as(figure: Figure, file: Path | str) -> Path:
    """Write a figure as one file, in the format that its name ends with, and return its path.

    Parameters
    ----------
    file : ends with one of `FORMATS`. Missing folders are made. Equal figures give equal bytes under
        one version of matplotlib.

    Raises
    ------
    ForestallError
        Another format, or (`UnwritableError`) the place cannot be written.
    """
    target = Path(file)
    kind = target.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise bad_value("format", kind or target.name, f"one of {', '.join(FORMATS)}")
    nothing = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
    metadata = nothing.get(kind, {"CreationDate": None})
    with house_look():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(target, format=kind, dpi=150, metadata=metadata)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnwritableError(
                f"figure: cannot write {target}: {reason}; --out names another place",
                place=target.parent, reason=reason,
            ) from error  # fmt: skip
    return target


def say_instead(message: str, *, size: tuple[float, float] = (9, 4)) -> Figure:
    """Return a figure that says in words why there is nothing to draw."""
    figure = Figure(figsize=size, layout="constrained")
    figure.text(0.5, 0.5, message, ha="center", va="center", fontsize=15, color=BASELINE, wrap=True)
    return figure


def number(value: float, digits: int = 0) -> str:
    """Return a number as text, with thousands separated and a true minus sign."""
    text = f"{value:,.{digits}f}"
    zero = not any(character in "123456789" for character in text)
    return text.lstrip("-") if zero else text.replace("-", MINUS)


def short_number(value: float) -> str:
    """Return a number of people to two digits: 38, 380, 1.2k, 38k, 1.2M."""
    rounded = _two_digits(value)
    divisor, unit = _unit(rounded)
    return _scaled(rounded, divisor) + unit


def short_range(low: float, high: float, joint: str = DASH) -> str:
    """Return two numbers of people, each in its own unit: 38-380, 360-1.6k, 1.2k-3.4k.

    Of one unit for both, 0.4-1.6k, one reads 0.4 people, and 1-3.4k may be either.
    """
    return short_number(low) + joint + short_number(high)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _unit(value: float) -> tuple[float, str]:
    return (1e6, "M") if abs(value) >= 1e6 else (1e3, "k") if abs(value) >= 1e3 else (1.0, "")


def _scaled(value: float, divisor: float) -> str:
    small = divisor > 1 and abs(value) < 10 * divisor
    return number(value / divisor, 1 if small else 0).removesuffix(".0")


def fit_width(text: Text, inches: float) -> None:
    """Break the lines of a text, at spaces, so that it is at most so many inches wide."""
    figure = text.get_figure(root=True)
    assert figure is not None
    words = text.get_text()
    for characters in range(max(map(len, words.split("\n"))), 9, -1):
        if text.get_window_extent().width <= inches * figure.dpi:
            return
        lines = [textwrap.fill(line, characters) for line in words.split("\n")]
        text.set_text("\n".join(lines))


def title_above(figure: Figure, title: str) -> None:
    """Put a title on a figure, in as many lines as its width asks for."""
    fit_width(figure.suptitle(title, fontweight="bold"), 0.97 * figure.get_figwidth())


def key_below(figure: Figure, handles: Sequence[Artist], *, note: str = "", columns: int) -> None:
    """Put a key under a figure, in as many columns as fit into its width, and a note above it.

    Parameters
    ----------
    handles : artists with a label.
    note : what the reader must know; lines are broken where the figure ends.
    columns : most columns of the key.
    """
    room = 0.97 * figure.get_figwidth()
    for count in range(min(columns, len(handles)), 0, -1):
        legend = figure.legend(
            handles=handles, loc="outside lower center", ncols=count, title=note or None,
            title_fontsize=12, columnspacing=1.4, handletextpad=0.5,
        )  # fmt: skip
        legend.get_title().set_multialignment("center")
        fit_width(legend.get_title(), room)
        if count == 1:
            for label in legend.get_texts():
                fit_width(label, room - 0.7)
        if legend.get_window_extent().width <= figure.get_figwidth() * figure.dpi:
            return
        if count > 1:
            legend.remove()


def use_log1p(axes: Axes, which: str, largest: float) -> None:
    """Put log(1 + value) on one axis (``"x"`` or ``"y"``), which keeps zero a place of its own.

    Parameters
    ----------
    largest : greatest value that has to fit, in the unit of the axis.
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    top = max(float(largest), 10.0)
    decades = [0.0] + [10.0**power for power in range(int(np.ceil(np.log10(top))) + 1)]
    scale: dict[str, Any] = {"functions": (_log1p, np.expm1)}
    (axes.set_xscale if which == "x" else axes.set_yscale)("function", **scale)
    axis.set_major_locator(FixedLocator(decades))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_locator(NullLocator())
    (axes.set_xlim if which == "x" else axes.set_ylim)(0, top * 1.6)


def count_people(axis: Axis) -> None:
    """Put whole numbers of people on an axis or a colour bar: 0, 500, 25,000, 1.5M."""
    axis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _people_tick(value)))


class _WholePercents(MaxNLocator):
    """Places of whole percents on an axis of shares, so that no label is rounded."""

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        return [place / 100 for place in super().tick_values(100 * vmin, 100 * vmax)]


def in_percent(axis: Axis) -> None:
    """Put whole percents on an axis of shares that spans 2 % or more: 0 %, 20 %, 98 %."""
    axis.set_major_locator(_WholePercents(nbins=8, steps=[1, 2, 5, 10], integer=True))
    axis.set_major_formatter(PercentFormatter(1, symbol=" %", decimals=0))


def _people_tick(value: float) -> str:
    return number(value) if abs(value) < 1e6 else number(value / 1e6, 1).removesuffix(".0") + "M"


def _log1p(values: ArrayLike) -> NDArray[np.float64]:
    # Matplotlib probes the scale below zero, where the logarithm has no value.
    result: NDArray[np.float64] = np.log1p(np.maximum(np.asarray(values, dtype=float), -0.99))
    return result
