"""The left side: what is chosen and set, in Mesa's convention of `model_params`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

import solara
from solara.alias import rv

from analysis.app.offered import offered, said
from analysis.app.pair import coded_attributes, coded_priority
from analysis.app.screen import Screen
from analysis.app.shown import (
    AGAINST,
    LATER,
    NAMES,
    RANGES,
    STEP,
    Shown,
    read_whole,
)
from sim.attributes import ATTRIBUTES
from sim.errors import ForestallError

type Params = Mapping[str, Mapping[str, Any]]

_COURSE_NAMES = {"none": "a study of my own", "actual": "measures that were really taken"}
_NO_PORTFOLIO = "mediation, peacekeepers, aid"
_SET = "as it was"  # of an actual course


def country_names() -> dict[str, str]:
    """Return what each country that can be chosen is called, by name; one's own are told apart."""
    own = offered().own_countries
    return {
        name: f"{title} (own file)" if name in own else title
        for name, title in offered().country_names.items()
    }


def world_params(shown: Shown) -> Params:
    """Return the choices of a world, as Mesa's `model_params`: type, label, value and range by name."""
    courses = _COURSE_NAMES if shown.country in offered().coded else {"none": _COURSE_NAMES["none"]}
    none = _SET if shown.course == "actual" else _NO_PORTFOLIO
    params: dict[str, Mapping[str, Any]] = {
        "country": _select("Country", shown.country, country_names()),
        "course": _select("Course of action", shown.course, courses),
        "portfolio": _select(
            "Measures", shown.portfolio,
            {"": none, **{name: said(name) for name in offered().portfolios}},
            disabled=shown.course == "actual",
        ),
        "against": _select("Compared with", shown.against, AGAINST),
    }  # fmt: skip
    return params


def lever_params(shown: Shown) -> Params:
    """Return the levers of outside actors, the horizon and the draws."""
    own = shown.course == "none"
    coded = _coded_priority(shown.country)
    priority = _on_step(coded) if shown.priority is None else shown.priority
    params: dict[str, Mapping[str, Any]] = {
        "start": _whole(
            "start", shown.start, f"Start: {f'week {shown.start} after the shock' if own else _SET}",
            disabled=not own,
        ),
        "later": _whole("later", shown.later, f"Later start: week {shown.later}"),
        "dispersion": _share(
            shown.dispersion,
            f"Dispersion of actors: {f'{shown.dispersion:.2f}' if own else _SET}", disabled=not own,
            ends=("all agree", "as far apart as can be"),
        ),
        "priority": {
            **_share(
                priority,
                f"Priority of prevention: {coded if shown.priority is None else shown.priority:.2f}",
                ends=("comes last", "comes first"),
                hint="mean salience of prevention among the actors, by their votes",
            ),
            "as_coded": shown.priority is None,
        },
        "weeks": _whole("weeks", shown.weeks, f"Duration: {shown.weeks} weeks"),
        "seed": {**_whole("seed", shown.seed, "Seed"), "type": "WholeNumber"},
        "replicate": _whole(
            "replicate", shown.replicate, f"Course of chance: number {shown.replicate} (0 to 199)"
        ),
    }  # fmt: skip
    if shown.against != LATER:
        del params["later"]
    return params


@lru_cache(maxsize=64)
def _coded_priority(country: str) -> float:
    return coded_priority(country)


@lru_cache(maxsize=64)
def _coded(country: str) -> dict[str, float]:
    return coded_attributes(country)


def attribute_params(shown: Shown) -> Params:
    """Return the six national attributes; one that nobody moved stands where the country has it."""
    coded = _coded(shown.country)
    return {
        one.name: _share(
            shown.attributes.get(one.name, _on_step(coded[one.name])),
            f"{said(one.name)}: " + _coded_or(shown.attributes.get(one.name), coded[one.name]),
            hint=one.meaning,
            ends=(one.weak, one.strong),
        )
        for one in ATTRIBUTES
    }


def _on_step(value: float) -> float:
    """Return the nearest place that a slider can stand at; it would otherwise move there itself."""
    return round(round(value / STEP) * STEP, 2)


def _coded_or(value: float | None, coded: float) -> str:
    return f"{coded:.2f} as coded" if value is None else f"{value:.2f}"


def _select(
    label: str, value: str, names: Mapping[str, str], *, disabled: bool = False
) -> Mapping[str, Any]:
    return {"type": "Select", "label": label, "value": value, "values": names, "disabled": disabled}


def _whole(name: str, value: int, label: str, *, disabled: bool = False) -> Mapping[str, Any]:
    low, high, unit = RANGES[name]
    return {
        "type": "SliderInt", "label": label, "value": value, "min": low, "max": high, "step": 1,
        "disabled": disabled, "hint": unit,
    }  # fmt: skip


def _share(
    value: float, label: str, *, ends: tuple[str, str], disabled: bool = False, hint: str = ""
) -> Mapping[str, Any]:
    return {
        "type": "SliderFloat", "label": label, "value": value, "min": 0.0, "max": 1.0, "step": STEP,
        "disabled": disabled, "hint": hint, "ends": ends,
    }  # fmt: skip


@solara.component
def Inputs(params: Params, on_change: Callable[[str, Any], None]) -> None:
    """Draw one input a parameter; unlike Mesa's own `UserInputs` they follow values set elsewhere."""
    for name, entry in params.items():
        Input(name, entry, on_change)


@solara.component
def Input(name: str, entry: Mapping[str, Any], on_change: Callable[[str, Any], None]) -> None:
    """Draw one input."""

    def changed(value: Any) -> None:
        # A slider reports where it was put, too, at times a rounding error away.
        near = isinstance(value, float) and abs(value - entry["value"]) < 1e-9
        if value != entry["value"] and not near:
            on_change(name, value)

    shared = {"disabled": entry.get("disabled", False)}
    with solara.Div(
        classes=["lever"], attributes={"title": entry.get("hint", ""), "data-name": name}
    ):
        if entry["type"] == "Select":
            names = entry["values"]
            by_label = {label: key for key, label in names.items()}
            solara.Select(
                entry["label"], value=names.get(entry["value"], ""), values=list(by_label),
                on_value=lambda label: changed(by_label.get(label)), dense=True, **shared,
            )  # fmt: skip
        elif entry["type"] == "WholeNumber":
            WholeNumber(name, entry, changed)
        else:
            kind = solara.SliderInt if entry["type"] == "SliderInt" else solara.SliderFloat
            kind(
                entry["label"], value=entry["value"], on_value=changed, min=entry["min"],
                max=entry["max"], step=entry["step"], thumb_label=False, **shared,
            )  # fmt: skip
        if "ends" in entry:
            low, high = (escape(words) for words in entry["ends"])
            ends = f"<span>0: {low}</span><span>1: {high}</span>"
            solara.HTML(tag="p", unsafe_innerHTML=ends, classes=["ends"])
        if "as_coded" in entry:
            solara.Checkbox(
                label="as coded", value=entry["as_coded"],
                on_value=lambda on: on_change(name, None if on else entry["value"]),
            )  # fmt: skip


@solara.component
def WholeNumber(name: str, entry: Mapping[str, Any], on_value: Callable[[int], None]) -> None:
    """Draw a field for a number of `RANGES`.

    What is no such number stays in the field, with a line below that says what may stand there; the
    page goes on with the number before.
    """
    value: int = entry["value"]
    typed: solara.Reactive[str] = solara.use_reactive(str(value))  # set anew when the value is

    def take(*event: object) -> None:
        if not _wrong(name, typed.value):
            on_value(read_whole(name, typed.value))

    wrong = _wrong(name, typed.value)
    # Told of every key, so that a page which is drawn anew while somebody types draws what was typed.
    field = rv.TextField(
        label=entry["label"], v_model=typed.value, on_v_model=typed.set,
        disabled=entry.get("disabled", False), error=bool(wrong),
        messages=[f"{wrong}; {name} {value} is shown"] if wrong else [],
    )  # fmt: skip
    rv.use_event(field, "blur", take)
    rv.use_event(field, "keyup.enter", take)


def _wrong(name: str, text: str) -> str:
    """Return the line that says why a text is no number of `RANGES`; nothing if it is one."""
    try:
        read_whole(name, text)
    except ForestallError as mistake:
        return str(mistake)
    return ""


@solara.component
def Controls(screen: Screen) -> None:
    """Draw the left side of the open page."""
    shown = screen.shown.value

    def change(name: str, value: Any) -> None:
        if name == "country":
            screen.change(country=value, attributes={})
        elif name == "priority":
            screen.change(priority=None if value is None else round(value, 2))
        elif name == "dispersion":
            screen.change(dispersion=round(value, 2))
        else:
            screen.change(**{name: value})

    def move(name: str, value: float) -> None:
        screen.change(attributes={**shown.attributes, name: round(value, 2)})

    Inputs(world_params(shown), change)
    Inputs(lever_params(shown), change)
    with solara.Details("National attributes"):
        Inputs(attribute_params(shown), move)
        solara.Button(
            "As coded", on_click=lambda: screen.change(attributes={}), outlined=True, small=True,
            disabled=not any(name in shown.attributes for name in NAMES),
        )  # fmt: skip
