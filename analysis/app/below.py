"""Below the maps: what all courses of chance say, why these two differ, and what can be taken along."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import numpy as np
import solara
from solara.server.kernel_context import PageStatus, get_current_context

from analysis.app.course import Courses, totals
from analysis.app.job import Job
from analysis.app.parts import parts_job, parts_table, peek_parts
from analysis.app.recorder import Floats
from analysis.app.screen import Screen
from analysis.app.spread import REPLICATES, Worlds, peek_job, spread_job
from analysis.app.spread_svg import spread_picture
from analysis.app.weeks_svg import FIRST, SECOND
from analysis.app.why import Why as Reasons
from analysis.app.why import peek_why, why_job
from analysis.intervals import Interval, wilson
from sim.outcomes import O

_POLL = 0.25  # seconds between two looks at a job
_SETTLE = 0.6  # seconds that everything rests before a job is begun


@dataclass(frozen=True, eq=False, kw_only=True)
class Look[T]:
    """What a job is at one moment.

    A part of the page that is given the job itself is not drawn again when the job goes on: it is the
    same job. Every look is another one.

    Attributes
    ----------
    done, compiling, error, found : as those of `analysis.app.job.Job`.
    """

    done: int = 0
    compiling: bool = False
    error: str = ""
    found: T | None = None


def use_job[T](
    key: str, ask: Callable[[], Job[T]], peek: Callable[[], Job[T] | None], *, wanted: bool = True
) -> Look[T]:
    """Return how far a job is; it is asked for as long as it is shown in a browser that is there.

    Parameters
    ----------
    key : of the job; another one is begun when it changes.
    ask, peek : of `analysis.app.job.Jobs`, for that key.
    wanted : whether it is to be begun at all.
    """
    seen = solara.use_reactive((0, False, False))
    connected = solara.use_memo(_connection, [])

    def follow() -> Callable[[], None] | None:
        if not wanted:
            return None
        stopped = threading.Event()

        def work() -> None:
            # Nothing is begun for a slider that is still being moved.
            wait = 0.0 if peek() else _SETTLE
            while not stopped.wait(wait):
                wait = _POLL
                # A tab that crashed takes no leave, and its window is kept for minutes. One that comes
                # back in time finds the job, a later one begins it anew.
                if not connected():
                    continue
                job = ask()
                # Asked once: it may finish while the page draws what is set here.
                finished = job.finished
                seen.set((job.done, job.compiling, finished))
                if finished:
                    return

        threading.Thread(target=work, daemon=True).start()
        return stopped.set

    solara.use_effect(follow, [key, wanted])
    seen.get()  # whenever it changes, the job is looked at again
    job = peek()
    if job is None:
        return Look()
    return Look(done=job.done, compiling=job.compiling, error=job.error, found=job.found)


def _connection() -> Callable[[], bool]:
    """Return how to ask whether a browser is connected to the window that is being drawn."""
    try:
        context = get_current_context()
    except RuntimeError:  # drawn without a server
        return lambda: True
    return lambda: PageStatus.CONNECTED in list(context.page_status.values())


def use_spread(screen: Screen) -> Look[Worlds]:
    """Return how far the runs of the screen are, which go on in the background."""
    shown = screen.shown.value
    return use_job(
        shown.but(replicate=0).key, partial(spread_job, shown), partial(peek_job, shown),
        wanted=not screen.busy.value,  # the two worlds come first: somebody looks at them
    )  # fmt: skip


@solara.component
def Spread(screen: Screen) -> None:
    """Draw how deaths are distributed over two hundred courses of chance."""
    look = use_spread(screen)
    courses = screen.courses.value
    solara.HTML(tag="h2", unsafe_innerHTML=f"All {REPLICATES} courses of chance")
    if look.found is None:
        RunsProgress(look)
        return
    names = _names(courses)
    first, second = (world[:, O.direct_deaths] for world in look.found[:2])
    solara.HTML(
        unsafe_innerHTML=spread_picture(first, second, names=names, here=totals(courses)),
        classes=["spread"],
    )
    solara.HTML(
        unsafe_innerHTML=spread_table(look.found[0], look.found[1], names), classes=["counters"]
    )


@solara.component
def RunsProgress(look: Look[Any]) -> None:
    """Say how many courses of chance have been run, or why there are none."""
    said = f"{look.done} of {REPLICATES} courses have been run in both worlds."
    if look.compiling:
        said = "The fast engine is being made ready, once after an installation: about a minute."
    Progress(look, said=said, share=look.done / REPLICATES)


@solara.component
def Progress(look: Look[Any], *, said: str, share: float) -> None:
    """Say how far a job is, or why there is nothing."""
    if look.error:
        solara.Error(look.error)
        return
    solara.HTML(tag="p", unsafe_innerHTML=said, attributes={"role": "status"})
    solara.ProgressLinear(100 * share)


def spread_table(first: Floats, second: Floats, names: tuple[str, str]) -> str:
    """Return what all runs say of both worlds, with 95 % intervals, as a table."""
    rows = [
        ("mass killing, % of runs", *(_share(w[:, O.mass_killing]) for w in (first, second))),
        ("direct deaths, median", *(_median(w[:, O.direct_deaths]) for w in (first, second))),
        ("direct deaths, mean", *(f"{w[:, O.direct_deaths].mean():,.0f}" for w in (first, second))),
        ("displaced at the end, median", *(_median(w[:, O.displaced]) for w in (first, second))),
    ]
    body = "".join(
        f'<tr><th scope="row">{label}</th><td>{here}</td><td>{there}</td></tr>'
        for label, here, there in rows
    )
    return (
        f'<table><thead><tr><th></th><th scope="col" style="color:{FIRST}">{escape(names[0])}</th>'
        f'<th scope="col" style="color:{SECOND}">{escape(names[1])}</th></tr></thead>'
        f"<tbody>{body}</tbody></table><p>{pairs_said(first, second, names[0])} Mass killing: "
        "1,000 of one group within a year. Square brackets: 95 % intervals over courses of chance "
        "alone; what is unknown about the world is not in them.</p>"
    )


def pairs_said(first: Floats, second: Floats, name: str) -> str:
    """Return in how many pairs fewer and more people are killed in the first world, as HTML."""
    less = first[:, O.direct_deaths] < second[:, O.direct_deaths]
    more = first[:, O.direct_deaths] > second[:, O.direct_deaths]
    return (
        f"On the same random numbers, fewer people are killed in <b>{escape(name)}</b> in "
        f"{100 * less.mean():.0f} % of the {len(first)} pairs, more in {100 * more.mean():.0f} %, as "
        f"many in {100 * (~less & ~more).mean():.0f} %."
    )


def _share(flags: Floats) -> str:
    risk: Interval = wilson(float(flags.sum()), len(flags))
    return f"{100 * risk.estimate:.0f} [{100 * risk.low:.0f}, {100 * risk.high:.0f}]"


def _median(values: Floats) -> str:
    return f"{np.median(values):,.0f}"


@solara.component
def Why(screen: Screen) -> None:
    """Tell why the two runs on the screen came apart, when somebody asks."""
    shown = screen.shown.value
    asked: solara.Reactive[str | None] = solara.use_reactive(None)  # the first screen's key is ""
    look = use_job(
        shown.key, partial(why_job, shown), partial(peek_why, shown),
        wanted=asked.value == shown.key,
    )  # fmt: skip
    solara.HTML(tag="h2", unsafe_innerHTML="Why did they differ?")
    if look.found is not None:
        Chain(look.found)
        ByMechanism(screen)
    elif asked.value == shown.key:
        weeks = screen.last_week
        said = f"{look.done} of {weeks} weeks of both runs have been compared, process by process."
        Progress(look, said=said, share=look.done / weeks)
    else:
        solara.HTML(
            tag="p",
            unsafe_innerHTML="Both runs share every random number: whatever differs follows from "
            "what was set, step by step.",
        )
        solara.Button(
            "Compare the two runs", on_click=lambda: asked.set(shown.key), outlined=True,
            classes=["ask-why"],
        )  # fmt: skip


@solara.component
def Chain(found: Reasons) -> None:
    """Draw the turns at which the runs came apart, and every step behind a line that opens."""
    short = "".join(f"<li>{escape(line)}</li>" for line in found.story)
    long = "".join(f"<li>{escape(line)}</li>" for line in found.steps)
    solara.HTML(
        unsafe_innerHTML=f"<p>Weeks are counted from the shock.</p><ol>{short}</ol>"
        f"<details><summary>All {len(found.steps)} steps, in the order in which states came to differ"
        f"</summary><ol>{long}</ol></details><p>What came before the deaths is not thereby a cause "
        "of them. To learn what each mechanism contributes it is switched off, in both worlds.</p>",
        classes=["chain"],
    )


@solara.component
def ByMechanism(screen: Screen) -> None:
    """Say what each mechanism contributes to the difference, when somebody asks."""
    shown = screen.shown.value
    key = shown.but(replicate=0).key
    asked: solara.Reactive[str | None] = solara.use_reactive(None)
    look = use_job(
        key, partial(parts_job, shown), partial(peek_parts, shown), wanted=asked.value == key
    )
    if look.found is not None:
        said = parts_table(
            look.found, names=_names(screen.courses.value), replicate=shown.replicate
        )
        solara.HTML(unsafe_innerHTML=said, classes=["counters", "parts"])
    elif asked.value == key:
        RunsProgress(look)
    else:
        solara.Button(
            "Switch mechanisms off one by one", on_click=lambda: asked.set(key), outlined=True,
            classes=["ask-why"],
        )  # fmt: skip


def _names(courses: Courses | None) -> tuple[str, str]:
    if courses is None:
        return "the first world", "the second world"
    return courses.pair.first_name, courses.pair.second_name


@solara.component
def Take(screen: Screen) -> None:
    """Offer the link to this screen, its data and its figures."""
    link = screen.link
    query = f"?{link}" if link else ""
    parts = " &middot; ".join(
        f'<a href="/take/{file}{escape(query)}" download>{words}</a>'
        for file, words in (
            ("weeks.csv", "weeks (CSV)"), ("places.csv", "places (CSV)"),
            ("two_worlds.svg", "figure (SVG)"), ("two_worlds.png", "figure (PNG)"),
        )
    )  # fmt: skip
    solara.HTML(
        unsafe_innerHTML=f'<p>Take along: <a class="restore" href="/{escape(query)}">a link that '
        f"restores this screen</a> &middot; {parts}</p>",
        classes=["take"],
    )
