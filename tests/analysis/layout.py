"""Where the words of a figure stand: none may leave it, and none may cover another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase


def words(figure: Figure) -> Iterator[Text]:
    """Yield all texts but tick labels, of which some lie beyond the limits and are not drawn."""
    yield from figure.texts
    for legend in figure.legends:
        yield from (legend.get_title(), *legend.get_texts())
    for axes in filter(Axes.get_visible, figure.axes):
        yield from (*titles(axes), axes.xaxis.label, axes.yaxis.label, *axes.texts)
        if (legend := axes.get_legend()) is not None:
            yield from (legend.get_title(), *legend.get_texts())


def titles(axes: Axes) -> list[Text]:
    """Return the titles above axes: centred, left and right."""
    return [
        text for text in axes.get_children() if isinstance(text, Text) and text not in axes.texts
    ]


def printed(text: Text) -> BboxBase:
    """Return the box of a text; an empty last line, which only keeps a distance, is no part of it."""
    box = text.get_window_extent()
    empty = 1.2 * text.get_fontsize() * text.figure.dpi / 72 if text.get_text()[-1] == "\n" else 0.0
    return Bbox.from_extents(box.x0, box.y0 + empty, box.x1, box.y1)


def assert_readable(figure: Figure) -> None:
    """Fail if a text leaves the figure, or a title or key covers another."""
    figure.draw_without_rendering()
    page = figure.bbox.padded(1)
    blocks: list[tuple[str, BboxBase]] = []
    for text in words(figure):
        said = text.get_text().strip()
        if said and text.get_visible():
            box = text.get_window_extent()
            assert page.x0 <= box.x0 and box.x1 <= page.x1, f"{said!r} leaves the figure"
            assert page.y0 <= box.y0 and box.y1 <= page.y1, f"{said!r} leaves the figure"
    for text in (*figure.texts, *(title for axes in figure.axes for title in titles(axes))):
        if text.get_text().strip():
            blocks.append((text.get_text(), printed(text)))
    for axes in figure.axes:
        for label in (axes.xaxis.label, axes.yaxis.label):
            if label.get_text().strip() and label.get_visible():
                blocks.append((label.get_text(), label.get_window_extent()))
    blocks += [("the key", legend.get_window_extent()) for legend in figure.legends]
    for (one, here), (other, there) in combinations(blocks, 2):
        assert not here.padded(-1).overlaps(there.padded(-1)), f"{one!r} covers {other!r}"


def tick_words(axis: Axis) -> Iterator[Text]:
    """Yield the labels of an axis that are drawn: those of ticks within its limits."""
    low, high = sorted(axis.get_view_interval())
    room = 1e-9 * (high - low)
    for tick in axis.get_major_ticks():
        if low - room <= tick.get_loc() <= high + room:
            yield from (text for text in (tick.label1, tick.label2) if text.get_visible())


def assert_apart(figure: Figure) -> None:
    """Fail if two texts of any kind cover each other, or one leaves the figure, labels of ticks too.

    The marks of peacekeepers, which are glyphs on a map, are no words.
    """
    assert_readable(figure)
    page = figure.bbox.padded(1)
    blocks: list[tuple[str, BboxBase]] = []
    every = [text for text in words(figure) if text.get_gid() != "peacekeepers"]
    for axes in figure.axes:
        if axes.get_visible() and axes.axison:
            for shown in (axes, *axes.child_axes):
                every += [*tick_words(shown.xaxis), *tick_words(shown.yaxis)]
    for text in every:
        said = text.get_text().strip()
        if said and text.get_visible():
            box = text.get_window_extent()
            inside = page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0
            assert inside and box.y1 <= page.y1, f"{said!r} leaves the figure"
            blocks.append((said, printed(text)))
    for (one, here), (other, there) in combinations(blocks, 2):
        # A pixel or two of white around each letter is part of its box.
        assert not here.padded(-1.5).overlaps(there.padded(-1.5)), f"{one!r} covers {other!r}"
