"""The middle and the right side: two maps, the weeks, the counters, and the buttons that play them."""

from __future__ import annotations

from html import escape

import solara

from analysis.app.course import Courses, averted
from analysis.app.map_svg import ARMED_COLOURS, ARMED_NAMES, MapMaker
from analysis.app.record import recorded_said
from analysis.app.recorder import KINDS, Course
from analysis.app.screen import Screen
from analysis.app.shown import LAYERS
from analysis.app.weeks_svg import FIRST, SECOND, weeks_picture
from analysis.plots.figure import BLUE, number, short_number

_LAYER_NAMES = {
    "armed": "armed presence", "peacekeepers": "peacekeepers", "flight": "people leaving",
}  # fmt: skip
_QUANTITIES = (
    ("deaths", "Direct deaths so far (people)"),
    ("displaced", "Displaced (people)"),
    ("peacekeepers", "Peacekeepers in the country"),
)
_ROWS = (
    # counter, field of a course
    ("direct deaths so far", "deaths"),
    ("indirect deaths so far", "hardship"),
    ("displaced people", "displaced"),
    ("peacekeepers", "peacekeepers"),
)


@solara.component
def Maps(screen: Screen) -> None:
    """Draw both worlds in the week that is shown."""
    courses = screen.courses.value
    maker = solara.use_memo(lambda: None if courses is None else MapMaker(courses), [courses])
    if courses is None or maker is None:
        solara.HTML(unsafe_innerHTML=_WAITING, classes=["waiting"])
        return
    week, hidden = min(screen.week.value, courses.passed), screen.shown.value.hidden
    pair = courses.pair
    both = (("first", pair.first_name, courses.first), ("second", pair.second_name, courses.second))
    with solara.Div(classes=["maps"]):
        for which, name, course in both:
            solara.HTML(
                tag="figure", unsafe_innerHTML=_map(maker, course, week, name, hidden),
                classes=["world", which],
                attributes={"data-week": str(week), "data-passed": str(courses.passed)},
            )  # fmt: skip


_WAITING = '<p role="status">The two worlds are being run.</p>'


def _map(maker: MapMaker, course: Course, week: int, name: str, hidden: tuple[str, ...]) -> str:
    said = (
        f"{name}, {_when(maker.courses, week)}: {number(course.deaths[week])} killed so far, "
        f"{number(course.displaced[week])} displaced"
    )
    counted = (
        f"<b>{number(course.deaths[week])}</b> killed so far &middot; "
        f"<b>{number(course.displaced[week])}</b> displaced"
    )
    picture = maker.draw(course, week, said=said, hidden=hidden)
    return f"<figcaption><h2>{escape(name)}</h2><p>{counted}</p></figcaption>{picture}"


def _when(courses: Courses, passed: int) -> str:
    """Return which week has just ended when so many weeks of the run have passed."""
    if passed == 0:
        return "before the first week"
    return f"week {number(courses.since_shock(passed))} from the shock"


@solara.component
def MapKey(screen: Screen) -> None:
    """Say what the marks on the maps are, and let layers be hidden."""
    courses = screen.courses.value
    if courses is None:
        return
    with solara.Div(classes=["key"]):
        solara.HTML(unsafe_innerHTML=_key(MapMaker(courses)))
        for name in LAYERS:
            Layer(screen, name)


@solara.component
def Layer(screen: Screen, name: str) -> None:
    """Draw the box that shows or hides one layer."""
    hidden = screen.shown.value.hidden

    def toggle(on: bool) -> None:
        others = {one for one in hidden if one != name}
        left_out = others if on else others | {name}
        screen.change(hidden=tuple(one for one in LAYERS if one in left_out))

    solara.Checkbox(label=_LAYER_NAMES[name], value=name not in hidden, on_value=toggle)


def _key(maker: MapMaker) -> str:
    armed = "".join(
        f'<span><i class="swatch" style="background:{ARMED_COLOURS[kind]}"></i>'
        f"{ARMED_NAMES[kind]}</span>"
        for kind in KINDS
    )
    return (
        f"<span><i class='dot'></i> area: direct deaths so far (largest "
        f"{short_number(maker.most['killed'])})</span>"
        f"<span>colour: displaced people there, log(1 + people), largest "
        f"{short_number(maker.most['displaced'])} {maker.scale()}</span>"
        f"<span><i class='box'></i> place abroad</span>"
        f'<span><i style="color:{BLUE}">&#9650;</i> peacekeepers</span>'
        f"<span><i class='ring' style='border-color:{BLUE}'></i> people leaving this week</span>"
        f"<span>bar below: armed persons</span>{armed}"
    )


@solara.component
def Player(screen: Screen) -> None:
    """Draw the buttons and the slider that move through the weeks."""
    week, last, playing = screen.week.value, screen.last_week, screen.playing.value
    courses = screen.courses.value
    there = week if courses is None else min(week, courses.passed)
    when = "week" if courses is None else _when(courses, there)
    so_far = "" if courses is None or courses.whole else " so far"

    def play() -> None:
        if not playing and week >= last:
            screen.go_to(0)
        screen.playing.set(not playing)

    def step(by: int) -> None:
        screen.playing.set(False)
        screen.go_to(week + by)

    def rewind() -> None:
        screen.playing.set(False)
        screen.go_to(0)

    with solara.Div(classes=["player"]):
        solara.Button("Rewind", icon_name="mdi-skip-previous", on_click=rewind, outlined=True)
        solara.Button(
            "Back", icon_name="mdi-chevron-left", on_click=lambda: step(-1), outlined=True,
            disabled=week <= 0,
        )  # fmt: skip
        solara.Button(
            "Pause" if playing else "Play", icon_name="mdi-pause" if playing else "mdi-play",
            on_click=play, color="primary", disabled=courses is None,
        )  # fmt: skip
        solara.Button(
            "Step", icon_name="mdi-chevron-right", on_click=lambda: step(1), outlined=True,
            disabled=week >= last,
        )  # fmt: skip
        with solara.Div(classes=["lever", "weeks"]):
            solara.SliderInt(
                f"{when[:1].upper()}{when[1:]} ({there} of {last} weeks{so_far})",
                value=min(week, last), on_value=screen.go_to, min=0, max=last, thumb_label=False,
            )  # fmt: skip


@solara.component
def Counters(screen: Screen) -> None:
    """Draw both worlds' numbers of the week and their difference, and below them all weeks."""
    courses = screen.courses.value
    if courses is None:
        return
    week = min(screen.week.value, courses.passed)
    solara.HTML(unsafe_innerHTML=_counters(courses, week), classes=["counters"])
    if screen.shown.value.course == "actual":
        solara.HTML(unsafe_innerHTML=recorded_said(screen.shown.value.country), classes=["note"])
    # A class has not seen the weeks that come.
    whole = not screen.shown.value.lesson
    for quantity, label in _QUANTITIES:
        picture = weeks_picture(courses, week, quantity, label=label, whole=whole)
        solara.HTML(unsafe_innerHTML=picture, classes=["weeks"])


def _counters(courses: Courses, week: int) -> str:
    pair = courses.pair
    head = (
        f'<tr><th scope="col">{_when(courses, week)}</th>'
        f'<th scope="col" style="color:{FIRST}">{escape(pair.first_name)}</th>'
        f'<th scope="col" style="color:{SECOND}">{escape(pair.second_name)}</th>'
        '<th scope="col">difference</th></tr>'
    )
    lines = []
    for label, field in _ROWS:
        here = float(getattr(courses.first, field)[week])
        there = float(getattr(courses.second, field)[week])
        lines.append(
            f'<tr data-row="{field}"><th scope="row">{label}</th><td>{number(here)}</td>'
            f"<td>{number(there)}</td><td><b>{_signed(here - there)}</b></td></tr>"
        )
    return (
        f"<table><thead>{head}</thead><tbody>{''.join(lines)}</tbody></table>{_said(courses, week)}"
    )


def _said(courses: Courses, week: int) -> str:
    deaths, displaced = averted(courses, week)
    return (
        f"<p><b>{escape(courses.pair.first_name)}</b>: {_fewer(deaths)} killed and "
        f"{_fewer(displaced)} displaced, beside <b>{escape(courses.pair.second_name)}</b>, in this "
        "one course of chance.</p>"
    )


def _fewer(people: float) -> str:
    if abs(people) < 0.5:
        return "as many people"
    return f"{number(abs(people))} {'fewer' if people > 0 else 'more'} people"


def _signed(value: float) -> str:
    return f"+{number(value)}" if value >= 0.5 else number(value)


@solara.component
def Busy(screen: Screen) -> None:
    """Say that what is drawn is not yet what was set."""
    busy = screen.busy.value
    solara.Div(
        classes=["busy", *(["on"] if busy else [])],
        attributes={"role": "status", "aria-label": "running" if busy else "ready"},
    )
