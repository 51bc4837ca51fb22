"""The generated parts of the model's description, `sim/ODD.md`: tables that cannot go stale.

A part stands between ``<!-- made: NAME -->`` and ``<!-- end -->``. ``python -m experiments.odd``
writes all of them anew; a test holds the file to them.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sim import fields
from sim.attributes import ATTRIBUTES, LEVELS
from sim.fields import Field
from sim.forms import FORMS
from sim.interventions import CATALOGUE
from sim.mechanisms import MECHANISMS
from sim.parameters import PARAMETERS
from sim.schedule import WEEK
from sim.starting import STARTING, StartingFigure

FILE = Path(fields.__file__).parent / "ODD.md"
_PART = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
SETTINGS = "Settings of a run"
STATE = {
    "World": fields.WORLD,
    "Identity group": fields.GROUP,
    "Government": fields.GOVERNMENT,
    "International actor": fields.ACTOR,
    "Armed group": fields.ARMED_GROUP,
    "Community": fields.COMMUNITY,
    "Community, by identity group": fields.PEOPLE,
    "Community, by armed group": fields.PRESENCE,
    "Measure under way": fields.PROGRAMME,
    SETTINGS: fields.SETTINGS,
}


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in rows:
        cells = [str(cell).replace("|", "\\|") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def parameters() -> str:
    """Return the table of parameters."""
    heads = ("parameter", "default", "range", "unit", "meaning", "source")
    return _table(
        heads,
        (
            (
                f"`{p.name}`",
                f"{p.default:g}",
                f"{p.low:g} to {p.high:g}",
                p.unit,
                p.meaning,
                p.source,
            )
            for p in PARAMETERS
        ),
    )


def _range(field: Field) -> str:
    low = "any" if field.low == -fields.INFINITY else f"{field.low:g}"
    return f"{low} to {'any' if field.high == fields.INFINITY else f'{field.high:g}'}"


FIGURES = {figure.key: figure for figure in STARTING}


def _start(field: Field) -> str:
    if isinstance(field.start, float):
        return f"{field.start:g}"
    return f"`{field.start}`" if field.start in FIGURES else field.start


def _source(field: Field, kind: str) -> tuple[str, str]:
    """Return what a study samples of a field, and where its values come from."""
    figure = FIGURES.get(str(field.start))
    by = ", ".join(f"`{name}`" for name in field.moved_by)
    if kind == SETTINGS:
        sampled = "by the lever that sets it" if figure is None else _sampled(figure)
        return sampled, "the scenario" if figure is None else figure.source
    if figure is None:
        return "state, not sampled", by or "the scenario"
    return f"at the start: {_sampled(figure)}", "; ".join(filter(None, [figure.source, by]))


def state() -> str:
    """Return the tables of state variables, one a kind of agent."""
    parts = []
    heads = ("field", "unit", "range", "start", "sampled", "meaning", "source, and what moves it")
    for kind, table in STATE.items():
        rows = (
            (f"`{f.name}`", f.unit, _range(f), _start(f), sampled, f.meaning, source)
            for f in table
            for sampled, source in [_source(f, kind)]
        )
        parts.append(f"**{kind}**\n\n" + _table(heads, rows))
    return "\n".join(parts)


def mechanisms() -> str:
    """Return the table of mechanisms and their switches."""
    heads = ("no.", "switch", "what it does", "when off", "source")
    rows = ((m.number, f"`{m.name}`", m.meaning, m.neutral, m.source) for m in MECHANISMS)
    return _table(heads, rows)


def forms() -> str:
    """Return the table of rival forms."""
    rows = (
        (f"`{mechanism}`", f"`{form.name}`", form.meaning, form.source)
        for mechanism, several in FORMS.items()
        for form in several
    )
    return _table(("of", "form", "what it says", "theory"), rows)


def schedule() -> str:
    """Return the table of the week."""
    rows = (
        (p.stage, f"`{p.name}`", p.agent, p.mechanism, "every week" if p.every == 1 else
         f"every {p.every} weeks")
        for p in WEEK
    )  # fmt: skip
    return _table(("stage", "process", "who", "mechanism", "when"), rows)


def diagram() -> str:
    """Return the week as a diagram: stages in their order, processes within them."""
    lines = ["```mermaid", "flowchart LR"]
    stages = list(dict.fromkeys(process.stage for process in WEEK))
    for stage in stages:
        names = [process.name for process in WEEK if process.stage == stage]
        lines += [f"  subgraph {stage}", "    direction TB"]
        lines += [f"    {first} --> {second}" for first, second in itertools.pairwise(names)]
        lines.append("  end")
    lines += [f"  {one} --> {other}" for one, other in itertools.pairwise(stages)]
    lines += [f"  {stages[-1]} -- next week --> {stages[0]}", "```"]
    return "\n".join(lines) + "\n"


def attributes() -> str:
    """Return the table of national attributes."""
    levels = ", ".join(f"{name} {value:g}" for name, value in LEVELS.items())
    rows = ((f"`{a.name}`", a.meaning, a.sets, a.weak, a.strong) for a in ATTRIBUTES)
    heads = ("factor", "meaning", "sets", "weak", "strong")
    return f"Levels: {levels}; range 0 to 1.\n\n" + _table(heads, rows)


def _bounds(low: float, high: float) -> str:
    return f"{low:g} to {'any' if high == fields.INFINITY else f'{high:g}'}"


def _sampled(figure: StartingFigure) -> str:
    return "its own range" if figure.sampled is None else _bounds(*figure.sampled)


def starting() -> str:
    """Return the table of starting figures: default, allowed and sampled range."""
    heads = ("figure", "default", "range", "sampled", "unit", "meaning", "sets", "source")
    rows = (
        (
            f"`{f.key}`",
            "needed" if f.default is None else f"{f.default:g}",
            _bounds(f.low, f.high),
            _sampled(f),
            f.unit,
            f.meaning,
            f.sets,
            f.source,
        )
        for f in STARTING
    )
    return _table(heads, rows)


def measures() -> str:
    """Return the table of measures."""
    rows = (
        (d.id, f"`{d.name}`", d.acts_on, d.fails_when, f"{d.cost:g}", d.source)
        for d in CATALOGUE.values()
    )
    heads = ("id", "measure", "acts on", "fails when", "million USD per unit and week", "source")
    return _table(heads, rows)


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part
    for part in (
        parameters, state, mechanisms, forms, schedule, diagram, attributes, measures, starting,
    )
}  # fmt: skip


def written_anew(text: str) -> str:
    """Return the description with every generated part made anew."""
    return _PART.sub(lambda match: match[1] + PARTS[match[2]]() + match[3], text)


def main() -> int:
    """Write the generated parts of `sim/ODD.md`."""
    FILE.write_text(written_anew(FILE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
