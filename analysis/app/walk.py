"""The guided mode: a lesson in five screens, in which a class predicts before anything is shown."""

from __future__ import annotations

from html import escape

import solara
from solara.alias import rv

from analysis.app.below import Look, RunsProgress, Take, Why, pairs_said, use_spread
from analysis.app.controls import Inputs, lever_params
from analysis.app.course import totals
from analysis.app.pair import lesson_of, pair_of
from analysis.app.screen import Screen
from analysis.app.shown import CASE, LESSONS, NEITHER, OPPOSITE, SCREENS
from analysis.app.spread import Worlds
from analysis.app.spread_svg import spread_picture
from analysis.app.weeks_svg import FIRST, SECOND
from analysis.app.worlds import Busy, Counters, MapKey, Maps, Player
from experiments.lesson import OUTWEIGHS_ACTION, Lesson, Taught
from experiments.lesson_text import (
    HOLDS,
    LIMITS,
    REVERSED,
    differences,
    effects,
    heads_of,
    result_rows,
    verdict,
    verdict_text,
)
from experiments.lessons.told import introduction, stored, told
from sim.outcomes import O

TITLES = ("The claim", "Your prediction", "One course of chance", "All two hundred", "Discussion")
CLAIM, PREDICTION, ONE, ALL, DISCUSSION = range(SCREENS)
CARE = (
    "What follows shows killing and flight as numbers and maps, in a model. Somebody in the room may "
    "have lived through such events: say so before you go on, and let anyone leave without a reason."
)


def answers(lesson: Lesson) -> dict[str, str]:
    """Return what a class can predict, by name of `shown.GUESSES`."""
    if lesson.expects == OUTWEIGHS_ACTION:
        return {
            CASE: "National attributes change more than outside action does",
            OPPOSITE: "Outside action changes more than national attributes do",
            NEITHER: "The two cannot be told apart",
        }
    return {
        CASE: f"Fewer people are killed in the first world: {lesson.case.name}",
        OPPOSITE: f"Fewer people are killed in the second world: {lesson.opposite.name}",
        NEITHER: "No clear difference",
    }


def came_out(lesson: Lesson, taught: Taught) -> str:
    """Return which of the answers the runs gave."""
    return {HOLDS: CASE, REVERSED: OPPOSITE}.get(verdict(lesson, taught), NEITHER)


@solara.component
def Walk(screen: Screen) -> None:
    """Draw one screen of a lesson, and the way to the next."""
    shown = screen.shown.value
    lesson = solara.use_memo(lambda: lesson_of(shown), [shown.lesson])
    # Begun at the first screen, the runs are there when the class has made up its mind.
    look = use_spread(screen)
    at = shown.screen
    number = LESSONS.index(shown.lesson) + 1
    solara.HTML(tag="h1", unsafe_innerHTML=f"Lesson {number} &middot; {escape(lesson.title)}")
    with solara.Div(classes=["way"]):
        solara.HTML(tag="ol", unsafe_innerHTML=_steps(at), classes=["steps"])
        Onward(screen)
    with solara.Div(classes=["walk", f"at-{at}"]):
        if at == CLAIM:
            _text(_claim(lesson))
        elif at == PREDICTION:
            Prediction(screen, lesson)
        elif at == ONE:
            OneCourse(screen)
        elif at == ALL:
            AllCourses(screen, lesson, look)
        else:
            _text(_discussion(lesson))
            Take(screen)


def _text(html: str) -> None:
    solara.HTML(unsafe_innerHTML=html, classes=["text"])


def _steps(at: int) -> str:
    return "".join(
        f"<li{' aria-current=step' if number == at else ''}>{title}</li>"
        for number, title in enumerate(TITLES)
    )


@solara.component
def Onward(screen: Screen) -> None:
    """Draw the buttons between the screens; without a prediction there is no way to the result."""
    shown = screen.shown.value
    at = shown.screen

    def go(to: int) -> None:
        screen.playing.set(False)
        if to == ONE and at == PREDICTION:
            screen.week.set(pair_of(shown).first.shock_week)
        screen.change(screen=to)

    with solara.Div(classes=["onward"]):
        solara.Button("Previous", on_click=lambda: go(at - 1), disabled=at == 0, outlined=True)
        if at + 1 < SCREENS:
            solara.Button(
                "Next", on_click=lambda: go(at + 1), color="primary",
                disabled=at == PREDICTION and not shown.guess,
            )  # fmt: skip
        else:
            place = LESSONS.index(shown.lesson)
            after = LESSONS[place + 1] if place + 1 < len(LESSONS) else ""
            where = f"/?lesson={after}" if after else "/"
            words = "The next lesson" if after else "The open page"
            solara.HTML(tag="p", unsafe_innerHTML=f'<a class="after" href="{where}">{words}</a>')


def _claim(lesson: Lesson) -> str:
    return (
        f'<p class="large">{escape(lesson.claim)}</p>'
        "<p>A claim that a report draws from experience. Here it is put to a model, in which it can "
        "hold, be reversed, or stay undecided.</p>"
        f"<table><tbody><tr><th scope=row>First world</th><td>{escape(lesson.case.name)}</td></tr>"
        f"<tr><th scope=row>Second world</th><td>{escape(lesson.opposite.name)}</td></tr>"
        f"<tr><th scope=row>Equal in both</th><td>{escape(lesson.held_equal)}</td></tr></tbody>"
        f'</table><p class="care">{CARE}</p>'
    )


@solara.component
def Prediction(screen: Screen, lesson: Lesson) -> None:
    """Ask the class what it expects, before anything of the result can be seen."""
    shown = screen.shown.value
    _text(
        '<p class="large">What do you expect?</p><p>Let the class decide, and say why, before anyone '
        "looks. What counts is the reason.</p>"
    )
    choices = [rv.Radio(label=text, value=name) for name, text in answers(lesson).items()]
    rv.RadioGroup(
        v_model=shown.guess or None, children=choices, label="Prediction",
        on_v_model=lambda name: screen.change(guess=name or ""),
    )  # fmt: skip


@solara.component
def OneCourse(screen: Screen) -> None:
    """Draw one course of chance in both worlds, to be played week by week."""
    _text(
        "<p>One course of chance, not chosen but the first; both worlds share every random number. "
        "It illustrates and proves nothing. Play it, stop where something changes, look at others.</p>"
    )
    shown = screen.shown.value
    with solara.Div(classes=["open", "wide"]):
        with solara.Div(classes=["middle"]):
            Player(screen)
            Busy(screen)
            Maps(screen)
            MapKey(screen)
        with solara.Div(classes=["right"]):
            Inputs(
                {"replicate": lever_params(shown)["replicate"]},
                lambda name, value: screen.change(**{name: value}),
            )
            Counters(screen)


@solara.component
def AllCourses(screen: Screen, lesson: Lesson, look: Look[Worlds]) -> None:
    """Draw what all courses of chance say, the verdict, and how the prediction fared."""
    if look.found is None:
        RunsProgress(look)
        return
    taught = Taught(*look.found)
    first, second = (runs[:, O.direct_deaths] for runs in (taught.case, taught.opposite))
    courses = screen.courses.value
    with solara.Div(classes=["under", "plain"]):
        with solara.Div(classes=["half"]):
            solara.HTML(
                classes=["spread"],
                unsafe_innerHTML=spread_picture(
                    first, second, names=(_capital(lesson.case.name), _capital(lesson.opposite.name)),
                    here=totals(courses),
                ),
            )  # fmt: skip
            solara.HTML(
                unsafe_innerHTML=_table(
                    lesson, taught, pair_of(screen.shown.value).first.shock_week
                ),
                classes=["counters"],
            )
        with solara.Div(classes=["half"]):
            _text(_fared(lesson, taught, screen.shown.value.guess))
            Why(screen)


def _fared(lesson: Lesson, taught: Taught, guess: str) -> str:
    said, found = answers(lesson), came_out(lesson, taught)
    runs = len(taught.case)
    name, judged = _capital(lesson.case.name), _capital(verdict_text(lesson, taught))
    return (
        f"<p>You expected: {escape(said.get(guess, 'nothing'))}.</p>"
        f'<p class="large verdict">In these {runs} pairs the claim {verdict(lesson, taught)}.</p>'
        f"<p><b>{'As expected' if found == guess else 'Not as expected'}: {escape(said[found])}.</b> "
        f"{pairs_said(taught.case, taught.opposite, name)}</p>"
        f"<details><summary>How it is judged</summary><p>{escape(judged)} "
        f"{escape(differences(effects(taught)))} The case is the first world; in round brackets 95 % "
        f"intervals.</p></details><p>{escape(LIMITS)}</p>"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(lesson: Lesson, taught: Taught, shock_week: int) -> str:
    head, *rows = result_rows(taught, heads=heads_of(lesson), shock_week=shock_week)
    colours = ("#222", FIRST, SECOND, FIRST, SECOND)
    top = "".join(
        f'<th scope="col" style="color:{colour}">{escape(text)}</th>'
        for colour, text in zip(colours, head, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _discussion(lesson: Lesson) -> str:
    look_at = "".join(f"<li>{escape(line)}</li>" for line in lesson.look_at)
    note = f"<h2>Mind</h2><p>{escape(lesson.note)}</p>" if lesson.note else ""
    return (
        f'<p class="large">{escape(lesson.question)}</p><h2>Look at</h2><ul>{look_at}</ul>{note}'
        f"{_registered(lesson)}<p>Not a forecast, and not a verdict on a country.</p>"
        f"{_yourself(lesson)}"
    )


def _registered(lesson: Lesson) -> str:
    """Return what came of the claims of a lesson where they were registered and judged."""
    found = stored()
    entries = "".join(
        f'<p class="registered"><b>{escape(one.head)}.</b> {escape(one.said)}</p>'
        for one in told(lesson.lesson, found)
    )
    return f"<h2>The registered verdict</h2><p>{escape(introduction(found))}</p>{entries}"


def _yourself(lesson: Lesson) -> str:
    """Return the commands for who wants to go on, behind a line that opens."""
    if not lesson.yourself:
        return ""
    commands = "".join(f"<li>{escape(line)}</li>" for line in lesson.yourself)
    return f"<details><summary>To run it yourself</summary><ul>{commands}</ul></details>"
