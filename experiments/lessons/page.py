"""The page of the verdict: made of the figures that are kept beside it, and of nothing else.

What is written by hand (``frame.md``) holds whatever comes out; every number and every word that rests
on one is put in from ``verdict.json``, so that the page cannot say something else than the run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lessons.judging import HOLDS, MIXED, REVERSES, UNDECIDED
from experiments.lessons.registration import FORM, MAIN, TOOLS, VARIETY
from experiments.lessons.report import FIRST
from experiments.lessons.running import ENDS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES, PICTURE = "verdict.json", "verdict.png"
"""Files beside the page."""
FRAME = "frame.md"
ENSEMBLES = ("posterior", "prior")
_SAYS = {
    "calibrated": "the sets that the facts marked C leave",
    "prior": "sets over the documented ranges, before any fact",
}
_DIGITS = 6
_RIVALS = (FORM, VARIETY, TOOLS)
_CHANGES = (*_RIVALS, MAIN)
_EQUAL = (
    (FIRST, "equal endowment"), ("resource_weeks", "equal resource-weeks"),
    ("clamped", "arrival clamped"),
)  # fmt: skip
Row = Mapping[str, Any]


def write_page(found: Row, file: Path) -> list[Path]:
    """Write the page, its figures and its picture; return what was written.

    Parameters
    ----------
    found : of `experiments.lessons.report.as_mapping`, and the ``command``.
    file : the page; the two others come beside it.
    """
    from analysis.plots.figure import save_as
    from experiments.chunks import write_aside
    from experiments.store import writing

    kept = rounded(found)
    with writing(file.parent, "nothing was written", key=str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        written = [
            write_aside(file.with_name(FIGURES), as_text(kept).encode()),
            write_aside(file, page(kept).encode()),
        ]
    return [*written, save_as(picture(kept), file.with_name(PICTURE))]


def as_text(kept: Row) -> str:
    """Return the figures as they are kept beside the page."""
    return json.dumps(kept, indent=1, allow_nan=False) + "\n"


def rounded(node: Any) -> Any:
    """Return plain data with its numbers to six digits, more than any of them is known to."""
    if isinstance(node, Mapping):
        return {key: rounded(value) for key, value in node.items()}
    if isinstance(node, list):
        return [rounded(value) for value in node]
    return float(f"{node:.{_DIGITS}g}") if isinstance(node, float) else node


def picture(found: Row) -> Figure:
    """Return the figure of the page: shares of sets, a bar a lesson and ensemble."""
    import pandas as pd

    from analysis.plots.lesson_shares import lesson_shares

    rows = [
        {
            "lesson": lesson["id"], "title": lesson["title"], "ensemble": one["name"],
            "verdict": one["verdict"], "effect": one["effect"], "effect_low": one["interval"][0],
            "effect_high": one["interval"][1],
            **{side: one["shares"][side]["share"] for side in (HOLDS, UNDECIDED, REVERSES)},
        }
        for lesson in found["lessons"]
        for one in _ensembles(lesson)
    ]  # fmt: skip
    note = "So few runs that nothing here decides anything. " if found["quick"] else ""
    return lesson_shares(pd.DataFrame(rows), note=note)


def page(found: Row) -> str:
    """Return the page as Markdown from its figures."""
    lessons = found["lessons"]
    names = list(dict.fromkeys(one["name"] for lesson in lessons for one in _ensembles(lesson)))
    frame = (files(__package__) / FRAME).read_text(encoding="utf-8")
    return frame.format(
        command=found["command"], runs=f"{found['runs']:,}", figures=FIGURES, picture=PICTURE,
        warning=_warning(found),
        registration=found["registration"][:16], digest=found["digest"][:16],
        model="`, `".join(one[:16] for one in found["models"]), sets=_sets(found, names),
        judged=_judged(lessons), verdicts=_each(names, lessons, _verdicts),
        differing=_differing(lessons), equal=_equal(lessons),
        carried=_each(names, lessons, _carried), rivals=_each(names, lessons, _rivals),
        same=_same(lessons), reversals=_reversals(lessons), controls_said=_controls_said(lessons),
        controls=_controls(lessons), region=found["region"],
    )  # fmt: skip


def _warning(found: Row) -> str:
    said = []
    if found["quick"]:
        said.append("**A quick look with so few runs that it decides nothing.**\n\n")
    if len(found["models"]) > 1:
        said.append(
            f"**Made by {len(found['models'])} versions of the model**: what differs between parts of "
            "this page may be what changed.\n\n"
        )
    return "".join(said)


def _ensembles(lesson: Row) -> list[Row]:
    return [lesson[name] for name in ENSEMBLES if lesson[name] is not None]


def _each(
    names: Sequence[str],
    lessons: Sequence[Row],
    part: Callable[[Sequence[tuple[Row, Row]]], str],
) -> str:
    """Return a part of the page for every ensemble under a heading of its own."""
    said = []
    for name in names:
        rows = [
            (lesson, one) for lesson in lessons for one in _ensembles(lesson) if one["name"] == name
        ]
        said.append(f"### `posterior={name}`\n\n{part(rows)}")
    return "\n\n".join(said)


def _sets(found: Row, names: Sequence[str]) -> str:
    lines = []
    for one in found["ensembles"]:
        known = f"`{one['sha256'][:16]}`" if one["name"] in names else "**not run yet**"
        lines.append(f"- `posterior={one['name']}`, {_SAYS[one['name']]}: {known}")
    return "\n".join(lines)


def _judged(lessons: Sequence[Row]) -> str:
    pairs = sorted({
        (one["sets"], one["pairs"])
        for lesson in lessons for one in _ensembles(lesson) if not one["indices"]
    })  # fmt: skip
    said = " ".join(
        f"Each of {sets} sets is judged by its own {count} pairs." for sets, count in pairs
    )
    return f"{said} By chance alone some 2.5 % hold and as many reverse.".lstrip()


def _verdicts(rows: Sequence[tuple[Row, Row]]) -> str:
    table = _markdown(
        ("", "claim", "verdict", "effect", "holds", "cannot be decided", "reverses"),
        [
            (
                lesson["id"], f"{lesson['title']}: {lesson['claim']}", f"**{one['verdict']}**",
                _interval(one["effect"], one["interval"]),
                *(_percent(one["shares"][side]["share"]) for side in (HOLDS, UNDECIDED, REVERSES)),
            )
            for lesson, one in rows
        ],
    )  # fmt: skip
    counts: dict[str, list[str]] = {}
    for lesson, one in rows:
        counts.setdefault(one["verdict"], []).append(lesson["id"])
    said = "; ".join(f"{verdict} {', '.join(ids)}" for verdict, ids in counts.items())
    lines = [f"By verdict: {said}."]
    lines += [_blocks(lesson, one) for lesson, one in rows if one["indices"]]
    lines += ["", *(turn for lesson, one in rows if (turn := _turns(lesson, one)))]
    return "\n".join([table, "", *lines]).rstrip()


def _turns(lesson: Row, one: Row) -> str:
    """Return under which changes of the worlds a verdict is clear, and which way; empty if nowhere."""
    changed = [
        (row["name"], row["verdict"])
        for row in one["conditions"]
        if row["is"] in _CHANGES and row["name"] not in (FIRST, ENDS[0])
    ]
    changed += [(row["off"], row["verdict"]) for row in one["mediators"]]
    said = []
    for side in (HOLDS, REVERSES):
        under = [f"`{name}`" for name, verdict in changed if verdict.startswith(side)]
        if under:
            said.append(f"{side} under {', '.join(under)}")
    return f"- {lesson['id']} {'; '.join(said)}." if said else ""


def _blocks(lesson: Row, one: Row) -> str:
    """Return what both blocks of the fourth lesson explain."""
    said = []
    for row in one["indices"]:
        if row["condition"] == ENDS[0]:
            total = _interval(row["total"], (row["total_low"], row["total_high"]), "")
            said.append(f"the {row['block']} block explains {total}")
    return (
        f"For {lesson['id']}, over the registered ranges, {' and '.join(said)} (total Sobol' index of "
        "the mean over the sets)."
    )


def _differing(lessons: Sequence[Row]) -> str:
    both = [_ensembles(lesson) for lesson in lessons]
    if any(len(found) < 2 for found in both):
        return "One ensemble alone was run: whether the facts changed a verdict is not known."
    other = [
        f"{lesson['id']} ({before['name']} {before['verdict']}, {after['name']} {after['verdict']})"
        for lesson, (after, before) in zip(lessons, both, strict=True)
        if after["verdict"] != before["verdict"]
    ]
    if not other:
        return "The facts change no verdict: each is the same on both ensembles."
    return f"What the facts change: {'; '.join(other)}."


def _equal(lessons: Sequence[Row]) -> str:
    rows = []
    for lesson in lessons:
        for one in _ensembles(lesson):
            cells = {row["name"]: row for row in one["conditions"] if row["is"] == MAIN}
            if FIRST in cells:
                killings = [100 * end for end in one["mass_killing_interval"]]
                rows.append((
                    lesson["id"], f"`{one['name']}`",
                    *(_verdict_cell(cells.get(name), bold=False) for name, _ in _EQUAL),
                    _interval(100 * one["mass_killing"], killings, digits=1),
                ))  # fmt: skip
    heads = ("", "posterior", *(head for _, head in _EQUAL), "mass killings, percentage points")
    return _markdown(heads, rows)


def _carried(rows: Sequence[tuple[Row, Row]]) -> str:
    def cell(row: Row | None) -> str:
        if row is None or None in row["carried_interval"]:
            return ""
        low, high = row["carried_interval"]
        said = _interval(row["carried"], (low, high))
        return said if low <= 0.0 <= high else f"**{said}**"

    return _by_lesson(rows, "off", lambda one: one["mediators"], cell)


def _rivals(rows: Sequence[tuple[Row, Row]]) -> str:
    def chosen(one: Row) -> list[Row]:
        return [row for row in one["conditions"] if row["is"] in _RIVALS]

    return _by_lesson(rows, "name", chosen, _verdict_cell)


def _by_lesson(
    rows: Sequence[tuple[Row, Row]],
    key: str,
    chosen: Callable[[Row], Sequence[Row]],
    cell: Callable[[Row | None], str],
) -> str:
    """Return a table with a row a condition and a column a lesson that has any."""
    columns = {
        lesson["id"]: {row[key]: row for row in chosen(one)}
        for lesson, one in rows
        if chosen(one)
    }  # fmt: skip
    says = {name: row["says"] for column in columns.values() for name, row in column.items()}
    return _markdown(
        ("", *columns),
        [
            (f"{said} (`{name}`)", *(cell(column.get(name)) for column in columns.values()))
            for name, said in says.items()
        ],
    )


def _same(lessons: Sequence[Row]) -> str:
    """Return which rival forms gave equal figures in every lesson: nothing was decided between them."""
    figures: dict[str, list[Any]] = {}
    for lesson in lessons:
        for one in _ensembles(lesson):
            for row in one["conditions"]:
                if row["is"] == FORM:
                    key = (lesson["id"], one["name"], row["effect"], *row["interval"])
                    figures.setdefault(row["name"], []).append(key)
    alike: dict[str, list[str]] = {}
    for name, found in figures.items():
        alike.setdefault(json.dumps(found), []).append(f"`{name}`")
    return "\n".join(
        f"{' and '.join(names)} gave the same figures throughout: between them nothing was decided."
        for names in alike.values()
        if len(names) > 1
    )


def _reversals(lessons: Sequence[Row]) -> str:
    rows = [
        (
            lesson["id"], f"`{one['name']}`", f"`{box['factor']}`",
            f"{box['low']:.3g} to {box['high']:.3g}", f"{box['least']:.3g} to {box['most']:.3g}",
            _percent(box["coverage"]), _percent(box["density"]), f"{box['lift']:.2f}",
            f"{box['chance']:.2f}",
        )
        for lesson in lessons for one in _ensembles(lesson) for box in one["reversals"]
    ]  # fmt: skip
    heads = (
        "", "posterior", "parameter", "in the box", "of all sets", "reversing sets that it holds",
        "of its sets reverse", "lift", "by chance",
    )  # fmt: skip
    return _markdown(heads, rows)


def _controls_said(lessons: Sequence[Row]) -> str:
    rows = [row for lesson in lessons for row in lesson["controls"]]
    failed = [row for row in rows if not row["passed"]]
    if not failed:
        return f"All {len(rows)} came out as they should."
    said = ", ".join(f"{row['lesson']} under `{row['condition']}`" for row in failed)
    return (
        f"**{len(failed)} of {len(rows)} failed** ({said}): where a control fails, nothing else on "
        "this page is worth much."
    )


def _controls(lessons: Sequence[Row]) -> str:
    rows = [
        (
            row["lesson"], f"`{row['ensemble']}`", f"`{row['condition']}`", row["expected"],
            row["verdict"], _interval(row["effect"], (row["effect_low"], row["effect_high"])),
            "as it should be" if row["passed"] else "**failed**",
        )
        for lesson in lessons for row in lesson["controls"]
    ]  # fmt: skip
    return _markdown(("", "posterior", "world", "expected", "verdict", "effect", ""), rows)


def _verdict_cell(row: Row | None, *, bold: bool = True) -> str:
    if row is None:
        return ""
    said = f"{row['verdict']}, {_interval(row['effect'], row['interval'])}"
    return f"**{said}**" if bold and row["verdict"] not in (MIXED, UNDECIDED) else said


def _interval(
    estimate: float | None, ends: Iterable[float | None], sign: str = "+", *, digits: int = 2
) -> str:
    low, high = ends
    if estimate is None or low is None or high is None:
        return "not known"
    return f"{estimate:{sign}.{digits}f} [{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "None."
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
