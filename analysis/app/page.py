"""The page itself: what stands where, for the open page and for a lesson."""

from __future__ import annotations

from pathlib import Path

import solara

from analysis.app.below import Spread, Take, Why
from analysis.app.controls import Controls
from analysis.app.screen import Screen, use_screen
from analysis.app.shown import LESSONS, Shown, read_query
from analysis.app.walk import Walk
from analysis.app.worlds import Busy, Counters, MapKey, Maps, Player
from sim.errors import ForestallError

_CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_HEAD = (
    '<a class="name" href="/">Forestall</a><span class="claim">A model, not a forecast: one set of '
    "judged parameters, not calibrated, no evidence about any country.</span>"
)
_NOTE = (
    "<details><summary>Before a class in which someone is affected by such events</summary><p>These "
    "maps show killing and flight as numbers. Say beforehand what will be shown, and that anyone may "
    "leave without a word. Prefer a made-up country (the archetypes) to one that somebody comes from. "
    "Do not ask a person to speak for a country. Do not make a contest of it: nobody wins here. "
    "Leave ten minutes for what it stirred up, and name a person who can be talked to afterwards."
    "</p></details>"
)


@solara.component
def Layout(children: list[solara.Element] = []) -> None:  # noqa: B006 - Solara's own signature
    """Put nothing around the page; it brings its own head."""
    solara.Style(_CSS)
    solara.Div(children=children, classes=["forestall"])


@solara.component
def Page() -> None:
    """Read what the link asks for, once, and draw it."""
    query = solara.use_router().search
    asked, wrong = solara.use_memo(lambda: _asked(query), [])
    screen = use_screen(asked, wrong)
    solara.Title("Forestall")
    Head(screen)
    if screen.error.value:
        solara.Error(screen.error.value)
    if screen.shown.value.lesson:
        Walk(screen)
    else:
        OpenPage(screen)
    solara.HTML(tag="footer", unsafe_innerHTML=_NOTE)


def _asked(query: str | None) -> tuple[Shown, str]:
    try:
        return read_query(query), ""
    except ForestallError as mistake:
        return Shown(), f"{mistake}. The first screen is shown instead."


@solara.component
def Head(screen: Screen) -> None:
    """Draw the name, what it is not, and the way to the lessons."""
    lesson = screen.shown.value.lesson
    links = " ".join(
        f'<a href="/?lesson={name}"{" aria-current=page" if name == lesson else ""}>'
        f"{number} {name}</a>"
        for number, name in enumerate(LESSONS, start=1)
    )
    solara.HTML(
        tag="header", unsafe_innerHTML=f'{_HEAD}<nav aria-label="Lessons">Lessons: {links}</nav>'
    )


@solara.component
def OpenPage(screen: Screen) -> None:
    """Draw controls at the left, maps in the middle, counters at the right, and the rest below."""
    with solara.Div(classes=["open"]):
        with solara.Div(classes=["left"], attributes={"role": "form", "aria-label": "Settings"}):
            Controls(screen)
        with solara.Div(classes=["middle"]):
            Player(screen)
            Busy(screen)
            Maps(screen)
            MapKey(screen)
            Take(screen)
        with solara.Div(classes=["right"]):
            Counters(screen)
    with solara.Div(classes=["under"]):
        with solara.Div(classes=["half"]):
            Spread(screen)
        with solara.Div(classes=["half"]):
            Why(screen)
