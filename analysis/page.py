"""A self-contained HTML page: no request leaves it, readable by eye, by keyboard and by screen reader.

Text is escaped by every function that takes it; what is already HTML has the type `Html`.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType

import pandas as pd
from matplotlib.figure import Figure

from analysis.plots.figure import house_look

Html = NewType("Html", str)

INK, PAPER, QUIET, LINK, PANEL, EDGE = (
    "#1A1A1A", "#FFFFFF", "#4A4A4A", "#0B4F8A", "#F2F5F8", "#8A94A0",
)  # fmt: skip
TEXT_ON = ((INK, PAPER), (QUIET, PAPER), (LINK, PAPER), (INK, PANEL), (QUIET, PANEL), (PAPER, LINK))
"""Pairs of text and ground that the page uses; a test computes their contrast."""
_DPI = 110

_STYLE = f"""
:root {{ color-scheme: light; }}
body {{ margin: 0; background: {PAPER}; color: {INK}; font: 1.0625rem/1.55 system-ui, "DejaVu Sans",
  sans-serif; }}
main, header, footer, nav {{ max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 1.5rem 0 0.5rem; }}
h2 {{ font-size: 1.4rem; margin: 2.5rem 0 0.5rem; border-bottom: 2px solid {EDGE}; }}
h3 {{ font-size: 1.15rem; margin: 1.75rem 0 0.25rem; }}
a {{ color: {LINK}; }}
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible {{ outline: 3px solid {LINK};
  outline-offset: 2px; }}
.skip {{ position: absolute; left: -60rem; }}
.skip:focus {{ left: 1rem; top: 1rem; background: {LINK}; color: {PAPER}; padding: 0.5rem 1rem; }}
.verdict {{ background: {PANEL}; border-left: 0.4rem solid {LINK}; padding: 0.6rem 1rem;
  margin: 1rem 0; }}
.verdict p {{ margin: 0.35rem 0; }}
.answer {{ font-weight: 700; }}
.note, figcaption {{ color: {QUIET}; font-size: 0.95rem; }}
figure {{ margin: 0.75rem 0 2rem; }}
figcaption p {{ margin: 0.4rem 0; }}
img {{ max-width: 100%; height: auto; border: 1px solid {PANEL}; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 0.85rem; }}
caption {{ text-align: left; color: {QUIET}; padding: 0.25rem 0; }}
th, td {{ border: 1px solid {EDGE}; padding: 0.25rem 0.5rem; text-align: right;
  vertical-align: top; }}
th {{ background: {PANEL}; }}
th[scope=row], td.words {{ text-align: left; }}
th[scope=row] {{ min-width: 5rem; }}
pre, code {{ font: 0.95rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }}
pre {{ background: {PANEL}; padding: 0.75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }}
dt {{ font-weight: 700; }}
dd {{ margin: 0 0 0.5rem 1.25rem; overflow-wrap: anywhere; }}
@page {{ size: A4; margin: 16mm 15mm 18mm; @bottom-right {{ content: counter(page) " / " counter(pages);
  font-size: 9pt; }} }}
@media print {{ html {{ font-size: 9.5pt; }} nav, .skip {{ display: none; }}
  main, header, footer {{ max-width: none; padding: 0; }}
  figure, .verdict, tr {{ break-inside: avoid; }} h2, h3, dt {{ break-after: avoid; }}
  img {{ max-height: 150mm; }} img.tall {{ max-height: 205mm; }} .scroll {{ overflow: visible; }}
  table {{ font-size: 6.5pt; }} th, td {{ padding: 1pt 2pt; }} details {{ display: none; }} }}
@media screen {{ .printed {{ display: none; }} }}
"""


def page(title: str, lead: Html, sections: Sequence[tuple[str, Html]], *, foot: str) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : of the page and its first heading.
    lead : stands under the title.
    sections : heading and content of each part; they are numbered and listed at the top.
    foot : last line of the page.
    """
    names = [f"part-{number}" for number in range(1, len(sections) + 1)]
    listed = "".join(
        f'<li><a href="#{name}">{escape(heading)}</a></li>'
        for name, (heading, _) in zip(names, sections, strict=True)
    )
    parts = "".join(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{number}. {escape(heading)}</h2>{content}'
        "</section>"
        for number, (name, (heading, content)) in enumerate(zip(names, sections, strict=True), 1)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # The browser itself refuses any request that a part of the page might make.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        '<a class="skip" href="#main">To the content</a>'
        f"<header><h1>{escape(title)}</h1>{lead}</header>"
        f'<nav aria-label="Contents"><ol>{listed}</ol></nav>'
        f'<main id="main">{parts}</main>'
        f'<footer><p class="note">{escape(foot)}</p></footer></body></html>\n'
    )


def paragraph(text: str, *, style: str = "") -> Html:
    """Return a paragraph."""
    return Html(f"<p{_class(style)}>{escape(text)}</p>")


def paragraphs(texts: Iterable[str]) -> Html:
    """Return a paragraph for each text."""
    return joined(paragraph(text) for text in texts)


def heading(text: str) -> Html:
    """Return the heading of a subsection."""
    return Html(f"<h3>{escape(text)}</h3>")


def bullets(texts: Iterable[str]) -> Html:
    """Return a list."""
    return Html("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>")


def command(text: str) -> Html:
    """Return a command to be typed."""
    return Html(f"<pre><code>{escape(text)}</code></pre>")


def box(contents: Iterable[Html]) -> Html:
    """Return contents in the box of a verdict."""
    return Html(f'<div class="verdict">{joined(contents)}</div>')


def terms(pairs: Iterable[tuple[str, str]]) -> Html:
    """Return names with what belongs to them."""
    return Html(
        "<dl>" + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in pairs) + "</dl>"
    )


def joined(parts: Iterable[Html]) -> Html:
    """Return parts one after the other."""
    return Html("".join(parts))


def table(rows: pd.DataFrame, *, caption: str, words: Sequence[str] = ()) -> Html:
    """Return a table of texts; its first column heads the rows.

    Parameters
    ----------
    rows : every value is shown as ``str`` gives it.
    caption : what it holds.
    words : columns that hold words and are set flush left.
    """
    names = [str(name) for name in rows.columns]
    head = "".join(f'<th scope="col">{_breakable(name)}</th>' for name in names)
    body = "".join(_row(values, names, words) for values in rows.astype(str).to_numpy())
    # A table wider than a screen scrolls by itself, which needs the keyboard to reach it.
    return Html(
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, content: Html, *, printed: str) -> Html:
    """Return content behind a line that opens it.

    Parameters
    ----------
    printed : stands on paper in its place, where nothing can be opened.
    """
    return Html(
        f"<details><summary>{escape(summary)}</summary>{content}</details>"
        f'<p class="printed">{escape(printed)}</p>'
    )


def picture(figure: Figure, *, alt: str, caption: Html) -> Html:
    """Return a figure as a picture within the page.

    Parameters
    ----------
    alt : what a reader who cannot see it needs to know.
    caption : stands below it.
    """
    content = base64.b64encode(_small_png(figure)).decode("ascii")
    width, height = figure.get_size_inches()
    tall = ' class="tall"' if height > 0.9 * width else ""
    return Html(
        f'<figure><img{tall} alt="{escape(alt, quote=True)}" src="data:image/png;base64,{content}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def marked(text: str) -> Html:
    """Return a paragraph of a guide: `code`, **strong** and *emphasis* of Markdown, nothing else."""
    said = escape(" ".join(text.split()))
    said = re.sub(r"`([^`]+)`", r"<code>\1</code>", said)
    said = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", said)
    return Html("<p>" + re.sub(r"\*([^*]+)\*", r"<em>\1</em>", said) + "</p>")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2: 4.5 for text, 7 for its best grade)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _small_png(figure: Figure) -> bytes:
    """Return a figure as a PNG of 256 colours, which takes a third of the room and looks the same."""
    from PIL import Image

    with house_look(), io.BytesIO() as drawn, io.BytesIO() as small:
        figure.savefig(drawn, format="png", dpi=_DPI)
        with Image.open(drawn) as image:
            few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(small, format="png", optimize=True)
        return small.getvalue()


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _row(values: Sequence[str], names: Sequence[str], words: Sequence[str]) -> str:
    cells = [f'<th scope="row">{escape(values[0])}</th>']
    for name, value in zip(names[1:], values[1:], strict=True):
        cells.append(f"<td{_class('words' if name in words else '')}>{escape(value)}</td>")
    return "<tr>" + "".join(cells) + "</tr>"


def _breakable(name: str) -> str:
    """Return a name that may be broken behind a dot or an underscore, and nowhere within a word."""
    return re.sub(r"([._])(?=\w)", r"\1<wbr>", escape(name))


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""
