"""The table of historical cases: on a terminal, as CSV, as plain data, and as a page."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.provenance import package_version, source_hash

if TYPE_CHECKING:
    from analysis.intervals import Interval
    from experiments.cases import Case, Presence, Spread

_WORDS = {
    "within": "within",
    "edge": "at the edge",
    "above": "record above",
    "below": "record below",
}
_PAGE = """\
# Historical cases: simulated and recorded

Made by `{command} --page scenarios/CASES.md`; Forestall {version}, source of the model `{source}`,
seed {seed}, {runs:,} runs a case, engine `{engine}`.

Each case is coded from what was known before its outcome ([`CODING.md`](CODING.md)) and runs with
what was really done (`course=actual`), and again without any outside action, on the same random
numbers. Each run draws the figures that the coding leaves in doubt (government, society, neighbours,
armed groups, shocks, actors) from their ranges; people and the course stay at their best figures.
**Nothing was fitted: no parameter, figure or course was changed because of what stands here.** The
model's parameters are judged and not yet calibrated. A case is no forecast, and cases chosen by hand
are no sample. Five courses were extended after a first run ([`CODING.md`](CODING.md), last section).

A course says what outside actors asked for and when, and how united they were. Whether a mandate
passes, and when how many peacekeepers are there, is the model's own outcome, in a run that begins with
nobody there: a force that stood in a country before the first week, as UNOCI in Cote d'Ivoire, is not
there in the model. [What came of it](#peacekeepers) stands below, beside what was asked for.

"Within" means that the best recorded figure lies in the middle 90 % of the runs, "at the edge" that
only the range of its sources reaches into it. Such a middle can be wide: lying in it is weak evidence
for the model, lying outside is a miss.

![Simulated and recorded direct deaths and displaced of every case](cases.png)

Over all: {score}

## Direct deaths of civilians

{deaths}

"Lower" is the share of runs with fewer deaths than the best recorded figure.

## Mass killing

1,000 civilians of one group killed within 52 weeks; probability with a 95 % interval over runs. A
question mark stands where sources allow for either.

{risk}

## Flight

Displaced at home and abroad at the same time, at most.

{flight}

## Duration

Weeks from the first to the last killings of the first episode; 0 where there was no episode.

{duration}

## Peacekeepers

What a course asks for, and what of it the model has under the actual course.

{presence}

## Sources of the recorded figures

{sources}

The codings' own sources stand in the files of each case: `country/`, `actors/`, `course/actual/`.
"""
_MISSES = (
    ("direct_deaths", "direct deaths"),
    ("displaced", "displaced"),
    ("duration_weeks", "duration"),
)


def table(cases: Sequence[Case]) -> str:
    """Return the table for a terminal: one row a case."""
    heads = (
        "case", "deaths recorded", "deaths simulated 5-50-95 %", "", "displaced recorded",
        "displaced simulated 5-50-95 %", "", "P(mass killing)", "recorded", "P without action",
    )  # fmt: skip
    rows = [heads, *(_row(case) for case in cases)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, "", _score(cases)])


def _row(case: Case) -> tuple[str, ...]:
    return (
        case.record.case,
        _recorded(case, "direct_deaths"),
        _simulated(case.simulated["direct_deaths"]),
        _verdict(case, "direct_deaths"),
        _recorded(case, "displaced"),
        _simulated(case.simulated["displaced"]),
        _verdict(case, "displaced"),
        _percent(case.risk),
        _happened(case),
        _percent(case.idle_risk),
    )


def as_rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return the cases as plain data, one mapping a case; what was not recorded is None."""
    return [
        {
            "case": case.name,
            "name": case.record.case,
            "weeks": case.weeks,
            "figures_drawn": case.drawn,
            **{
                f"{figure}_{name}": value
                for figure in case.simulated
                for name, value in _numbers(case, figure).items()
            },
            **_presence(case.presence),
            **{f"idle_deaths_{name}": getattr(case.idle_deaths, name)
               for name in ("low", "median", "high")},
            **_interval("p_mass_killing", case.risk),
            **_interval("p_mass_killing_idle", case.idle_risk),
            "recorded_end": case.record.end,
        }
        for case in cases
    ]  # fmt: skip


def csv_of(cases: Sequence[Case]) -> str:
    """Return the same as CSV."""
    rows = as_rows(cases)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def page(cases: Sequence[Case], config: Mapping[str, Any], *, command: str) -> str:
    """Return the page, in Markdown.

    Parameters
    ----------
    cases : what stands in it.
    config : how they were run.
    command : that made them, without the page's own option.
    """
    return _PAGE.format(
        command=command,
        version=package_version(),
        source=source_hash()[:16],
        seed=config["seed"],
        runs=config["replicates"],
        engine="compiled",
        score=_score(cases),
        deaths=_figures(cases, "direct_deaths"),
        risk=_risks(cases),
        flight=_figures(cases, "displaced"),
        duration=_figures(cases, "duration_weeks"),
        presence=presence_table(cases),
        sources=_sources(cases),
    )


def _score(cases: Sequence[Case]) -> str:
    parts = []
    for figure, words in _MISSES:
        known = [case for case in cases if figure in case.record.figures]
        within = [case for case in known if _place(case, figure) == "within"]
        missed = "; ".join(case.record.case for case in known if case not in within)
        parts.append(
            f"{words}: {len(within)} of {len(known)} within"
            + (f" (not: {missed})" if missed else "")
        )
    if (right := _discrimination(cases)) is not None:
        parts.append(f"mass killing is likelier where it happened in {100 * right:.0f} % of pairs")
    return "; ".join(parts) + "."


def _discrimination(cases: Sequence[Case]) -> float | None:
    """Return the share of pairs of a case with mass killing and one without that are told apart."""
    known = [case for case in cases if "mass_killing" in case.record.figures]
    happened = [case.record.figures["mass_killing"].best >= 0.5 for case in known]
    killed = [case.risk.estimate for case, was in zip(known, happened, strict=True) if was]
    spared = [case.risk.estimate for case, was in zip(known, happened, strict=True) if not was]
    if not killed or not spared:
        return None
    right = sum((one > other) + 0.5 * (one == other) for one in killed for other in spared)
    return right / (len(killed) * len(spared))


def _figures(cases: Sequence[Case], figure: str) -> str:
    heads = ["case", "recorded", "grade", "simulated 5 %", "50 %", "95 %", "lower", ""]
    idle = figure == "direct_deaths"
    rows = []
    for case in cases:
        if figure not in case.record.figures:
            continue
        spread = case.simulated[figure]
        row = [
            case.record.case, _recorded(case, figure), case.record.figures[figure].grade,
            *(_short(value) for value in (spread.low, spread.median, spread.high)),
            f"{100 * spread.below_record:.0f} %", _verdict(case, figure),
        ]  # fmt: skip
        rows.append([*row, _simulated(case.idle_deaths)] if idle else row)
    return _markdown([*heads, "without action 5-50-95 %"] if idle else heads, rows)


def _risks(cases: Sequence[Case]) -> str:
    heads = ["case", "recorded", "actual course", "without outside action"]
    rows = [
        [case.record.case, _happened(case), _percent(case.risk), _percent(case.idle_risk)]
        for case in cases
    ]
    return _markdown(heads, rows)


def presence_table(cases: Sequence[Case]) -> str:
    """Return what came of the peacekeepers that courses ask for, in Markdown."""
    heads = [
        "case", "asked for", "runs with a mandate by the shock", "in the week of the shock, 5-50-95 %",
        "at most, 5-50-95 %",
    ]  # fmt: skip
    rows = []
    for case in cases:
        if (there := case.presence) is not None:
            rows.append([
                case.record.case, _short(there.asked), f"{100 * there.mandated:.0f} %",
                *(" - ".join(map(_short, found)) for found in (there.at_shock, there.most)),
            ])  # fmt: skip
    return _markdown(heads, rows)


def _sources(cases: Sequence[Case]) -> str:
    lines = []
    for case in cases:
        for figure, found in case.record.figures.items():
            name = figure.replace("_", " ")
            lines.append(f"- {case.record.case}, {name} ({found.grade}): {found.source}")
    return "\n".join(lines)


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (heads, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def _numbers(case: Case, figure: str) -> dict[str, Any]:
    spread, recorded = case.simulated[figure], case.record.figures.get(figure)
    numbers: dict[str, Any] = {
        name: getattr(spread, name) for name in ("low", "median", "high", "below_record")
    }
    if math.isnan(spread.below_record):
        numbers["below_record"] = None
    for name in ("low", "best", "high", "grade"):
        numbers[f"recorded_{name}"] = None if recorded is None else getattr(recorded, name)
    return numbers


def _presence(there: Presence | None) -> dict[str, float | None]:
    numbers: dict[str, float | None] = {
        "peacekeepers_asked": None if there is None else there.asked,
        "mandated_by_shock": None if there is None else there.mandated,
    }
    for when in ("at_shock", "most"):
        found = (None, None, None) if there is None else getattr(there, when)
        for name, value in zip(("low", "median", "high"), found, strict=True):
            numbers[f"peacekeepers_{when}_{name}"] = value
    return numbers


def _interval(name: str, interval: Interval) -> dict[str, float]:
    return {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _place(case: Case, figure: str) -> str:
    return case.simulated[figure].place(case.record.figures[figure])


def _verdict(case: Case, figure: str) -> str:
    return _WORDS[_place(case, figure)] if figure in case.record.figures else ""


def _recorded(case: Case, figure: str) -> str:
    found = case.record.figures.get(figure)
    if found is None:
        return "not recorded"
    if found.low == found.high:
        return _short(found.best)
    return f"{_short(found.best)} ({_short(found.low)} to {_short(found.high)})"


def _happened(case: Case) -> str:
    found = case.record.figures.get("mass_killing")
    if found is None:
        return "not recorded"
    doubt = "?" if found.low != found.high else ""
    return ("yes" if found.best >= 0.5 else "no") + doubt


def _simulated(spread: Spread) -> str:
    return " - ".join(_short(value) for value in (spread.low, spread.median, spread.high))


def _percent(interval: Interval) -> str:
    low, high = (100 * end for end in (interval.low, interval.high))
    return f"{100 * interval.estimate:.0f} % ({low:.0f} to {high:.0f})"


def _short(value: float) -> str:
    """Return a count with at most three figures that mean something."""
    if abs(value) < 1000:
        return f"{value:.0f}"
    digits = 3 - len(f"{abs(value):.0f}")
    return f"{round(value, digits):,.0f}"
