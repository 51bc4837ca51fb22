"""The parts of a report: every number in them comes from the tables that figures are drawn of."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import analysis
from analysis.names import written
from analysis.page import (
    Html,
    box,
    bullets,
    command,
    folded,
    heading,
    joined,
    marked,
    paragraph,
    paragraphs,
    picture,
    table,
    terms,
)
from analysis.plots.dose_response import dose_levers
from analysis.plots.figure import MINUS, number
from analysis.surface import (
    ARRIVAL,
    DISPERSION,
    START,
    contrasting_points,
    other_levers,
    readable_surface,
)
from analysis.verdict_text import ALPHA, answer, claim, evidence, overall, what_would_change_it
from analysis.verdicts import Verdict, verdicts
from experiments.alt_text import alt_text
from experiments.design_table import TABLE
from experiments.designs import scenario_of
from experiments.figures import DRAWINGS
from experiments.material import DECOMPOSITION, Material
from experiments.results import GRID
from experiments.sensitivity import METHODS
from experiments.trace import ABOUT, FOLDER
from sim.errors import ForestallError

MOST_ROWS, FEW_ROWS = 120, 12
"""Points that the table of a report holds, all being in `summary.csv`; up to so few none is folded."""
_DESIGNS = {GRID: "a grid of listed values", TABLE: "the points of a table"}
_GRADES = {
    "A": "counted or recorded", "B": "from a good source", "C": "derived or contested",
    "D": "judgement",
}  # fmt: skip
_OF_RUNS = (
    "timing_lines", "response_surface", "sample_trends", "outcome_distribution",
    "paired_differences", "dose_response", "time_to_onset", "weekly_course", "cost_effectiveness",
)  # fmt: skip
_OF_TRACE = ("two_worlds", "country_over_time", "actors_and_mandates", "who_did_what")


@dataclass(frozen=True)
class Judged:
    """Verdicts on levers, and the levers that no two points differ in alone."""

    verdicts: list[Verdict]
    left_out: list[str]


def judged(given: Material) -> Judged:
    """Return the verdicts that stored results allow."""
    return Judged(*verdicts(given.design, given.paired))


def title(given: Material) -> str:
    """Return the title of a report."""
    name = given.found.config.get("name") or "sweep"
    return f"{given.country}: {str(name).replace('_', ' ')}"


def lead(given: Material, found: Judged) -> Html:
    """Return the answers in a few lines, for a reader who reads no more."""
    runs = number(given.found.runs_stored)
    said = (
        f"What {runs} runs of the model Forestall say. They hold for its assumptions and for what was "
        "varied here; they are no forecast for any country."
    )
    listed = [f"{claim(one)}: {_small(answer(one))}" for one in found.verdicts]
    return joined([paragraph(said), bullets(listed or overall(given.effects)[:1])])


def question(given: Material) -> Html:
    """Return what was asked: which levers were varied over which values."""
    said = [
        "What does outside action change, compared with the same world without it, and how does that "
        "depend on the levers that were varied?"
    ]
    rows = [
        _lever(given, name) for name in (START, DISPERSION, ARRIVAL, *other_levers(given.design))
    ]
    varied = [row for row in rows if row is not None]
    if not varied:
        said.append("One point was run; nothing was varied.")
    parts = [paragraphs(said), terms(varied)]
    remark = (
        "Every run with action is paired with the same world without it on the same random numbers. "
        "Mass killing means 1,000 civilians of one group or more killed within 52 weeks."
    )
    return joined([*parts, paragraph(remark)])


def answers(given: Material, found: Judged) -> Html:
    """Return the verdicts with their evidence."""
    parts = [heading("Action against no action"), paragraphs(overall(given.effects))]
    for one in found.verdicts:
        parts += [
            heading(claim(one)),
            box([paragraph(answer(one), style="answer"), paragraphs(evidence(one))]),
        ]
    if found.left_out:
        names = ", ".join(found.left_out)
        said = (
            f"No two points differ in these levers alone, so that they have no verdict: {names}. "
            "forestall sensitivity says what they explain."
        )
        parts.append(paragraph(said))
    return joined(parts)


def changes(given: Material, found: Judged) -> Html:
    """Return what would change the answers: by verdict, and what was not varied at all."""
    listed = [f"{claim(one)}: {_small(what_would_change_it(one))}" for one in found.verdicts]
    count = sum(len(one.compared) for one in found.verdicts)
    if count > 1:
        listed.append(
            f"{count} comparisons were made at 95 % confidence: about {number(ALPHA * count, 1)} of "
            "them would look clear by chance alone, were there no effect anywhere."
        )
    varied = other_levers(given.design)
    for section, words in (
        ("parameters", "parameters of the model"), ("mechanisms", "mechanisms"),
        ("forms", "rival forms of mechanisms"), ("attributes", "national attributes"),
        ("country", "the country"),
    ):  # fmt: skip
        if not any(name.split(".")[0] == section for name in varied):
            listed.append(_not_varied(section, words))
    graded = _grades(given.found.config)
    if graded:
        listed.append(
            "The country's figures rest on sources of unequal quality: "
            + ", ".join(
                f"{number(graded[grade])} are {_GRADES.get(grade, 'grade ' + grade)}"
                for grade in sorted(graded)
            )
            + "."
        )
    return bullets(listed)


def figures(given: Material) -> Html:
    """Return every figure that the results allow, each with how it is read and misread."""
    if not len(given.paired):
        return paragraph("No pair of runs is stored yet: there is nothing to draw.")
    parts = []
    for name in drawable(given):
        try:
            drawn = DRAWINGS[name].draw(given)
        except ForestallError as reason:
            parts.append(paragraph(f"{name} was not drawn: {reason}", style="note"))
            continue
        parts += [
            heading(_small(DRAWINGS[name].shows, capital=True)),
            picture(
                drawn, alt=alt_text(name, given), caption=joined(map(marked, reading_of(name)))
            ),
        ]
    return joined(parts)


def reading_of(name: str) -> tuple[str, ...]:
    """Return the paragraphs on a figure in the guide ``analysis/READING.md``."""
    guide = Path(analysis.__file__).with_name("READING.md").read_text(encoding="utf-8")
    section = guide.partition(f"### `{name}`\n")[2].partition("\n#")[0]
    return tuple(text.strip() for text in section.split("\n\n") if text.strip())


def scenario(given: Material) -> Html:
    """Return the world that was run, of several the first."""
    case = scenario_of(given.found.config, replicate=0)
    country = case.country
    home = country.neighbour < 0
    people = number(float(country.people[:, home].sum()))
    shocks = [f"{_words(one.kind)} in week {one.week} of the run" for one in case.shocks]
    measures = [
        f"{_words(one.declaration.name)} ({one.intensity:,g}, in {one.declaration.unit})"
        for one in case.measures
    ]
    return terms(
        [
            ("Country", f"{country.name}: {int(home.sum())} communities, {people} people"),
            ("Identity groups", _named(country.groups)),
            ("Armed groups", _named(group.name for group in case.armed_groups)),
            ("International actors", _named(case.actors.names)),
            ("Shocks", "; ".join(shocks) or "none"),
            ("Measures, and the intensity asked for", "; ".join(measures) or "none"),
            ("Horizon", f"{case.weeks} weeks"),
        ]
    )


def points(given: Material) -> Html:
    """Return the effects at every point, as a table."""
    rows = given.surface[given.surface["n"] > 0]
    if rows.empty:
        return paragraph("No run is stored yet.")
    every = table(_on_page(readable_surface(rows.head(MOST_ROWS))), caption=_CAPTION)
    if len(rows) <= FEW_ROWS:
        return joined([every, paragraph(_PAIRS_SAID, style="note")])
    told = telling(given)
    listed = _on_page(readable_surface(rows)).set_axis(rows["point"].astype(str))
    some = listed.loc[list(told)].drop(columns=["runs", "averted if baseline escalates"])
    some.insert(0, "which", list(told.values()))
    count = f"All {len(rows):,} points"
    more = f", the first {MOST_ROWS} of them here" if len(rows) > MOST_ROWS else ""
    return joined(
        [
            table(some, caption=_CAPTION),
            paragraph(_PAIRS_SAID, style="note"),
            folded(
                f"{count} (summary.csv of the results holds them, too{more})", every,
                printed=f"{count} are in the file summary.csv of the results, and in the HTML.",
            ),
        ]
    )  # fmt: skip


_CAPTION = (
    "Estimates with 95 % intervals; probabilities in % of runs, deaths in people per run; weeks from "
    "the shock."
)
_PAIRS_SAID = (
    "More deaths and fewer deaths: the pairs of runs, on the same random numbers, in which more "
    "(fewer) people are killed with action than without it; in the others it is as many. They part by "
    "chance in both directions: some with more deaths are by themselves no sign of harm. Part 2 "
    "therefore asks whether clearly more pairs end with more deaths than end with fewer."
)


def telling(given: Material) -> dict[str, str]:
    """Return the points that a reader looks for first, by id, each with what sets it apart.

    The best and the worst of each effect, and the corners of the design.
    """
    rows = given.surface[given.surface["n"] > 0].set_index("point")
    found: dict[str, list[str]] = {}
    for name, least, most in (
        ("risk_difference", "largest fall in mass killing", "smallest fall in mass killing"),
        ("deaths_averted", "fewest deaths averted", "most deaths averted"),
        ("probability_harm", "", "most pairs with more deaths"),
    ):
        values = rows[name].dropna()
        for words, point in ((least, values.idxmin()), (most, values.idxmax())):
            if words:
                found.setdefault(str(point), []).append(words)
    for point in contrasting_points(given.design):
        if point in rows.index:
            found.setdefault(point, []).append("corner of the design")
    order = [point for point in rows.index if point in found]
    return {point: "; ".join(found[point]) for point in order}


def _on_page(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table of texts with true minus signs, and with intervals that are not broken."""
    signed = rows.replace(r"-(?=\d)", MINUS, regex=True)
    return signed.replace({r", (?=[^\]]*\])": ",\N{NO-BREAK SPACE}"}, regex=True)


def provenance(given: Material) -> Html:
    """Return what was run, by which version, where, and the command that runs it again."""
    found, about = given.found, given.found.provenance
    git = about.get("git") or {}
    commit = str(git.get("commit", "not known")) + (" with changes" if git.get("dirty") else "")
    machine = about.get("machine") or {}
    stored = f"{number(found.runs_stored)} of {number(found.runs_wanted)} runs asked for"
    packages = ", ".join(f"{name} {version}" for name, version in about.get("packages", {}).items())
    said = [
        ("Runs", f"{stored}: {len(found.points)} points with their baselines, {found.replicates} "
         "replicates each"),
        ("Design", _DESIGNS.get(found.method, f"a {found.method} sample")),
        ("Seed and engine", f"{about.get('seed')}, {about.get('engine')}"),
        ("Forestall", f"{about.get('forestall')}, commit {commit}"),
        ("Source of the model (SHA-256)", str(about.get("source_hash"))),
        ("Digest of the runs (SHA-256)", _digest(given)),
        ("Packages", f"Python {about.get('python')}, {packages}"),
        ("Machine", f"{machine.get('processor')}, {machine.get('cores')} cores, "
         f"{machine.get('system')}"),
        ("Time", str(about.get("time"))),
    ]  # fmt: skip
    again = shlex.join(map(str, about.get("command") or ["forestall", "sweep"]))
    return joined(
        [
            terms(said),
            paragraph("The command that makes these results again:"),
            command(again),
            paragraph("and this report of them:"),
            command("forestall report RESULTS"),
        ]
    )


def limits() -> Html:
    """Return how the report may not be read."""
    return bullets(
        [
            "No forecast: probabilities are shares of simulated runs, not chances of events.",
            "No verdict on a country, a group or a person: historical cases use what was known before.",
            "Not calibrated to outcomes: unless it is said otherwise parameters are set by source or "
            "judgement, and intervals hold only the chance between runs.",
            "A difference that is undecided is not shown to be zero.",
            "What is drawn of one run is an illustration.",
        ]
    )


def foot(given: Material) -> str:
    """Return the last line of a report."""
    about = given.found.provenance
    return f"Forestall {about.get('forestall')}. Results of {about.get('time')}."


def drawable(given: Material) -> Iterator[str]:
    """Yield the names of the figures that stored results have something for."""
    grid = given.found.method == GRID
    doses = dose_levers(given.surface)
    for name in _OF_RUNS:
        if name in ("timing_lines", "response_surface") and not grid:
            continue
        if name == "sample_trends" and grid:
            continue
        # Over the start or the dispersion it would show the lines above once more.
        if name == "dose_response" and (not doses or doses[0] in (START, DISPERSION)):
            continue
        yield name
    if given.found.method in METHODS.values():
        yield "sensitivity"
    if not grid and len(given.found.factors) > 1:
        yield "prim_boxes"
    if (given.path / FOLDER / ABOUT).is_file():
        yield from _OF_TRACE
    if (given.path / DECOMPOSITION).is_file():
        yield "mechanism_parts"


def _lever(given: Material, name: str) -> tuple[str, str] | None:
    acting = given.design[given.design["point"] != given.design["baseline"]]
    if name not in acting.columns or acting[name].nunique(dropna=False) < 2:
        return None
    meaning = {
        START: "first week in which outsiders may act, from the shock",
        DISPERSION: "spread of actors' positions, 0 united, 1 divided",
        ARRIVAL: "weeks from start to arrival, or bargained",
    }.get(name, "")
    values = list(dict.fromkeys(acting[name].fillna("bargained")))
    shown = ", ".join(_value(value) for value in values[:12])
    if len(values) > 12:
        numbers = sorted(value for value in values if isinstance(value, int | float))
        shown = f"{len(values)} values from {_value(numbers[0])} to {_value(numbers[-1])}"
    return (f"{name}{': ' + meaning if meaning else ''}", shown)


def _value(value: object) -> str:
    if isinstance(value, float):
        return "never" if value == float("inf") else f"{value:,g}".replace("-", "\N{MINUS SIGN}")
    return str(value)


def _not_varied(section: str, words: str) -> str:
    said = {
        "parameters": "One set of parameters was run; intervals hold none of the doubt about them "
        "(forestall sweep parameters.NAME=documented samples it).",
        "country": "One country was run; another may answer otherwise.",
    }
    return said.get(section, f"No {words} were varied ({section}.NAME=...).")


def _grades(node: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    if isinstance(node, Mapping):
        if "grade" in node and any(key in node for key in ("value", "low", "high")):
            found[str(node["grade"])] += 1
        for value in node.values():
            found += _grades(value)
    return found


def _digest(given: Material) -> str:
    from experiments.digest import digest

    if given.found.runs_stored < given.found.runs_wanted:
        return "none: the sweep is not finished"
    return digest(given.path)


def _named(names: Any) -> str:
    return ", ".join(written(str(name)) for name in names) or "none"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _small(text: str, *, capital: bool = False) -> str:
    return (text[0].upper() if capital else text[0].lower()) + text[1:]
