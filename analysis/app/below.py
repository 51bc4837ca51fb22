"""Below the maps: what all courses of chance say, why these two differ, and what can be taken along."""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import escape

import numpy as np
import solara

from analysis.app.course import Courses, Floats, totals
from analysis.app.screen import Screen
from analysis.app.spread import REPLICATES, SpreadJob, peek_job, spread_job
from analysis.app.spread_svg import spread_picture
from analysis.app.weeks_svg import FIRST, SECOND
from analysis.app.why import reasons, telling
from analysis.intervals import Interval, wilson
from sim.outcomes import O

_POLL = 0.25  # seconds between two looks at a job
_SETTLE = 0.6  # seconds that everything rests before a job is begun


def use_spread(screen: Screen) -> tuple[int, SpreadJob | None]:
    """Return how far the runs of the screen are, and their job once it is begun, in the background."""
    shown = screen.shown.value
    seen = solara.use_reactive((0, False, False))

    def follow() -> Callable[[], None]:
        stopped = threading.Event()

        def work() -> None:
            # Nothing is begun for a slider that is still being moved.
            wait = 0.0 if peek_job(shown) else _SETTLE
            while not stopped.wait(wait):
                job = spread_job(shown)
                seen.set((job.done, job.compiling, job.finished))
                if job.finished:
                    return
                wait = _POLL

        threading.Thread(target=work, daemon=True).start()
        return stopped.set

    solara.use_effect(follow, [shown.but(replicate=0).key])
    seen.get()  # whenever it changes, the job is looked at again
    job = peek_job(shown)
    return 0 if job is None else job.done, job


@solara.component
def Spread(screen: Screen) -> None:
    """Draw how deaths are distributed over two hundred courses of chance."""
    done, job = use_spread(screen)
    courses = screen.courses.value
    solara.HTML(tag="h2", unsafe_innerHTML=f"All {REPLICATES} courses of chance")
    if job is None or job.worlds is None:
        Progress(done, job)
        return
    names = ("first world", "second world")
    if courses is not None:
        names = (courses.pair.first_name, courses.pair.second_name)
    first, second = (world[:, O.direct_deaths] for world in job.worlds[:2])
    here = None if courses is None else totals(courses)
    solara.HTML(
        unsafe_innerHTML=spread_picture(first, second, names=names, here=here), classes=["spread"]
    )
    solara.HTML(
        unsafe_innerHTML=spread_table(job.worlds[0], job.worlds[1], names), classes=["counters"]
    )


@solara.component
def Progress(done: int, job: SpreadJob | None) -> None:
    """Say how far the runs are, or why there are none."""
    if job is not None and job.error:
        solara.Error(job.error)
        return
    said = f"{done} of {REPLICATES} courses have been run in both worlds."
    if job is not None and job.compiling:
        said = "The fast engine is being made ready, once after an installation: about a minute."
    solara.HTML(tag="p", unsafe_innerHTML=said, attributes={"role": "status"})
    solara.ProgressLinear(100 * done / REPLICATES)


def spread_table(first: Floats, second: Floats, names: tuple[str, str]) -> str:
    """Return what all runs say of both worlds, with 95 % intervals, as a table."""
    runs = len(first)
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
    less = first[:, O.direct_deaths] < second[:, O.direct_deaths]
    more = first[:, O.direct_deaths] > second[:, O.direct_deaths]
    return (
        f'<table><thead><tr><th></th><th scope="col" style="color:{FIRST}">{escape(names[0])}</th>'
        f'<th scope="col" style="color:{SECOND}">{escape(names[1])}</th></tr></thead>'
        f"<tbody>{body}</tbody></table><p>On the same random numbers, fewer people are killed in "
        f"<b>{escape(names[0])}</b> in {100 * less.mean():.0f} % of the {runs} pairs, more in "
        f"{100 * more.mean():.0f} %, as many in {100 * (~less & ~more).mean():.0f} %. Mass killing: "
        "1,000 of one group within a year. Square brackets: 95 % intervals over courses of chance "
        "alone; what is unknown about the world is not in them.</p>"
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
    asked = solara.use_reactive("")
    told = solara.use_reactive((("", [""]),))

    def follow() -> Callable[[], None] | None:
        if asked.value != shown.key:
            return None
        stopped = threading.Event()

        def work() -> None:
            try:
                found = reasons(shown).result()
            except Exception as fault:
                found = [f"{type(fault).__name__}: {fault}"]
            if not stopped.is_set():
                told.set(((shown.key, found),))

        threading.Thread(target=work, daemon=True).start()
        return stopped.set

    solara.use_effect(follow, [asked.value, shown.key])
    solara.HTML(tag="h2", unsafe_innerHTML="Why did they differ?")
    key, sentences = told.value[0]
    if key == shown.key:
        Chain(screen.courses.value, sentences)
    elif asked.value == shown.key:
        solara.HTML(
            tag="p", attributes={"role": "status"},
            unsafe_innerHTML="Both runs are being compared after every process of every week.",
        )  # fmt: skip
        solara.ProgressLinear(True)
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
def Chain(courses: Courses | None, sentences: list[str]) -> None:
    """Draw the sentences that tell most, and all of them behind a line that opens."""
    names = ("the first world", "the second world")
    if courses is not None:
        names = (courses.pair.first_name, courses.pair.second_name)
    short = "".join(f"<li>{escape(line)}</li>" for line in telling(sentences))
    long = "".join(f"<li>{escape(line)}</li>" for line in sentences)
    solara.HTML(
        unsafe_innerHTML=f"<p>&ldquo;With action&rdquo; is <b>{escape(names[0])}</b>, the baseline is "
        f"<b>{escape(names[1])}</b>; weeks are weeks of the run, from 0.</p><ol>{short}</ol>"
        f"<details><summary>All {len(sentences)} steps, in the order in which states came to differ"
        f"</summary><ol>{long}</ol></details><p>What came before the deaths is not thereby a cause "
        "of them; <code>forestall explain</code> switches mechanisms off one by one to say what each "
        "contributes.</p>",
        classes=["chain"],
    )


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
