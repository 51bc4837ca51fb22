"""What is generated from the catalogue: its page in the documentation, and one scenario file a measure.

``python -m experiments.catalogue_page`` writes all of it anew; a test holds the files to it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import sim
from experiments.catalogue import channels, effects, everything, failures_of, portfolios
from experiments.scenario_folder import scenarios_folder
from sim.interventions import CATALOGUE, Declaration
from sim.interventions.measure import settings_of

PAGE = Path(sim.__file__ or "").parent / "interventions" / "CATALOGUE.md"
HALF_GONE = PAGE.with_name("half_gone.csv")
"""Written by ``python tests/sim/half_gone.py --write``."""
LETTERS = {
    "A": "States",
    "B": "International community",
    "C": "Grassroots",
    "D": "What cuts across",
    "P": "Control",
}
_HEAD = """\
# The catalogue of measures

Every measure of the UN Secretary-General's eleventh report on the Responsibility to Protect,
"Lessons Learned for Prevention" (2019), as `forestall catalogue` prints it. Level, pillar, lead,
sign and lag were assigned by judgement where the report is silent. Each adds doses to inputs of
rules (its effects); whether they arrive is decided by the channel that they take and by the
attention and money of those who lead. `tests/sim/test_measures*.py` try every row on 200 pairs
of worlds, in which three groups are at war and no side wins at once: the measure moves the states
in **moves**, and each of its failures, a change of the scenario, *removes* that (nothing is left
that could be told from none) or *reverses* it, or does so to those of the states that it names, and
whatever a measure moves some failure removes or reverses. Nothing follows from what is never begun, and
where a failure is no more than that it says so; beside it, or first, stands for every measure one in
which it is begun and paid for, most often in full, and *leaves a tenth at most*, nothing, or the
opposite. A further failure may be partial by nature: it *halves* that *or more*. Where it *harms*, what
is named there moves so. **Shown in** says where that world had to be changed for the measure to have
something to act on, and beside which other measures it was tried; `.+104` at the end of a name adds an
entry in each of 104 weeks. What a measure
built decays once it has ended. Of ten moves that is not asked, each for a reason that is tried
(`tests/sim/test_measures_that_end.py`): nothing certain is left of them in a war that has meanwhile
taken another course, the dead are counted, money is spent. Trust follows who was schooled and grows on
for years (A11, A17) before it decays.

Of a figure that alone leaves a tenth at most, which stands at the end of its scale, **half gone at**
says where on the way there half of what the measure moves in that world is gone
(`tests/sim/half_gone.py`; to about 0.01). Its leaders are committed by 0.5, its state able by 0.6.

Sizes are judged, not calibrated, and some are small. Over five years in Burundi without a shock, at
declared intensity, A11 adds 0.0004 to a trust of 0.45, because that state delivers 1 % of it (in a
capable, committed and accountable one without rebels 0.005, by the eighth that attention and money
carry), and C6 finds hardly anybody who has joined. With the shock of 2015, C6 takes a tenth off those
who have joined beyond standing strength after three years.
The trust that C2 builds is a mean over everybody: no more than what the 1 in 20 who take part lacked,
and what little spreads from them.

What cuts across measures (D) is a lesson or a condition rather than something to switch on: each is a
ready experiment in `scenarios/experiment`, whose section `catalogue` is what stands here. A condition
of one's own is a file with such a section there, under the next id.

This page is generated: `python -m experiments.catalogue_page`.
"""


def page() -> str:
    """Return the page of the catalogue."""
    rows = everything()
    parts = [_HEAD, _index(rows)]
    for letter, title in LETTERS.items():
        parts.append(f"## {letter}. {title}\n")
        section = _experiment if letter == "D" else _section
        parts += [section(row) for row in rows if row["id"].startswith(letter)]
    parts.append("## Portfolios\n\nNamed sets that cost the same, to compare at equal money.\n")
    parts.append(_table(portfolios()))
    parts.append("## Effects\n\nWhat measures are made of, also one of your own.\n")
    parts.append(_table(effects()))
    parts.append("## Channels\n\nThe ways that doses take, and how much each lets through.\n")
    parts.append(_table(channels()))
    return "\n".join(parts)


def _index(rows: list[dict[str, Any]]) -> str:
    """Return a line for each measure in the words of the report, with a link to its section."""
    lines = [
        f"- [{row['id']}](#{row['id'].lower()}-{row['name']}) {row['stands_for']}" for row in rows
    ]
    return "## The instruments in the words of the report\n\n" + "\n".join(lines) + "\n"


def _experiment(row: dict[str, Any]) -> str:
    """Return the section of what cuts across: which experiment varies what."""
    varied = "; ".join(
        f"`{factor}` {', '.join(str(value).lower() for value in values)}"
        for factor, values in row["factors"].items()
    )
    lines = [
        *_opening(row),
        f"- acts on: {row['acts_on']}",
        f"- varies: {varied}",
        _lead(row),
        f"- fails when: {row['fails_when']}",
        f"- source: {row['source']}",
        f"- try: `{row['example']}`",
        "",
    ]
    return "\n".join(lines)


def _opening(row: dict[str, Any]) -> list[str]:
    return [
        f"### {row['id']} `{row['name']}`",
        "",
        f"{row['stands_for'][:1].upper()}{row['stands_for'][1:]}. "
        f"({row['level']}, {row['phase']}, pillar {row['pillar']})",
        "",
    ]


def _lead(row: dict[str, Any]) -> str:
    return f"- lead: {row['lead']}{' with ' + row['partners'] if row['partners'] else ''}"


def _section(row: dict[str, Any]) -> str:
    moves = "; ".join(
        f"`{move['state']}` {'rises' if move['direction'] > 0 else 'falls'} within "
        f"{move['within']} weeks of delivery"
        for move in row["moves"]
    )
    made_of = ", ".join(
        f"`{part['effect']}` {part['size']:g}"
        + (f" by {part['channel']}" if part["channel"] != "direct" else "")
        for part in row["effects"]
    )
    shown = [*_changes(row["shown_in"]), *(f"beside `{name}`" for name in row["beside"])]
    lines = [
        *_opening(row),
        f"- acts on: {row['acts_on']}",
        f"- made of: {made_of}",
        f"- moves: {moves or 'nothing'}",
        _lead(row),
        f"- start: {row['lag']:g} weeks after {row['trigger']}, {row['ramp']:g} to full intensity; "
        f"coverage: {row['coverage']}",
        f"- cost: {row['weekly_cost']:g} million USD a week at {row['intensity']:g} ({row['unit']})",
        *_failures(row),
        *_half_gone(row["name"]),
        *([f"- shown in: {', '.join(shown)}"] if shown else []),
        f"- source: {row['source']}",
        f"- try: `{row['example']}`",
        "",
    ]
    return "\n".join(lines)


def _changes(changes: dict[str, Any]) -> list[str]:
    return [f"`{key}: {value}`" for key, value in changes.items()]


def _failures(row: dict[str, Any]) -> list[str]:
    """Return a line for every way in which a measure fails, with what that leaves."""
    if not row["fails"]:
        return [f"- fails when: {row['fails_when']}"]
    changes = [row["fails"], *(way["changes"] for way in row["also_fails"])]
    ways = zip(failures_of(CATALOGUE[row["name"]]), changes, strict=True)
    return [f"- fails when: {way} ({', '.join(_changes(changed))})" for way, changed in ways]


def _half_gone(name: str) -> list[str]:
    """Return a line for every figure that alone empties a measure: where half of it is gone."""
    with HALF_GONE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] == name]
    return [
        f"- half gone at: `{row['name']}: {float(row['half_at']):g}` (of `{row['state']}`)"
        for row in rows
    ]


def _table(rows: list[dict[str, Any]]) -> str:
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(row[head]) for head in heads) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def scenario_file(declared: Declaration) -> str:
    """Return the scenario file of a measure: everything that can be set, as declared."""
    units = {
        "start": f"weeks from {declared.trigger.name.lower()}",
        "lag": "weeks from start to the first delivery",
        "ramp": "weeks to full intensity",
        "duration": "weeks, or sustained",
        "decay": "weeks over which it fades once it has ended",
        "intensity": declared.unit,
        "coverage": "all, capital, most_at_risk, marginalised, or a list of places",
        "cost": "million USD for one unit and week",
        "trigger": "action, mandate, warning, deaths, failing, agreement",
    }
    lines = [f"# @package interventions.{declared.name}"]
    lines.append(f"# {declared.id}: {declared.stands_for}.")
    lines.append("# Written from its declaration; settings of your own go on the command line.")
    lines.append(f"# source: {declared.source} (sim/interventions/CATALOGUE.md, {declared.id})")
    for key, value in settings_of(declared).items():
        if key in units and (key != "coverage" or declared.local):
            shown = f"{value:.10g}" if isinstance(value, float) else value
            lines.append(f"{key}: {shown}".ljust(26) + f"# {units[key]}")
    return "\n".join(lines) + "\n"


def files() -> dict[Path, str]:
    """Return every generated file and what it has to hold."""
    folder = scenarios_folder() / "intervention"
    written = {folder / f"{name}.yaml": scenario_file(one) for name, one in CATALOGUE.items()}
    return {PAGE: page(), **written}


def main() -> int:
    """Write all generated files; scenario files first, since portfolios on the page need them."""
    folder = scenarios_folder() / "intervention"
    for name, declared in CATALOGUE.items():
        (folder / f"{name}.yaml").write_text(scenario_file(declared), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
