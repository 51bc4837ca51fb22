"""The page of the validation: what is reproduced and what is missed, limits, and how to challenge it.

What is written by hand here holds whatever comes out; every number is put in by the command that the
page names, so that the page cannot say something else than the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from experiments.population.mapping import MAPPING, RATES, UNEXPLAINED
from experiments.provenance import source_hash
from experiments.validation.check import Checked
from experiments.validation.facts import MISSED, REPORTED, REPRODUCED, STATUSES, UNDECIDABLE
from experiments.validation.table import label, rows_of, score, told

TAKEN: Mapping[str, str] = {
    "1, 3": "Countries are drawn equally often from the four kinds by past killing and discrimination "
    "and weighted back. An onset is the week in which 1,000 civilians of one group have been killed "
    "within 52 weeks; the first one of five years counts, over all country-years.",
    "2": "Onset frequency over two years. The forecast is itself made from such covariates, so that "
    "a single one of them reaches much: the second statistic asks for more than the best of them.",
    "4": "A crisis is a country with three or more of five risk factors (past killing, discrimination, "
    "recent coup attempt, battle deaths, unequal rights) under a contested election, five years "
    "without outside action. State failures of the record were chosen otherwise.",
    "5": "The riskiest tenth is found by one half of each country's runs and counted in the other. "
    "Modes: Silverman's test of log deaths among runs with deaths, one start at a time.",
    "6": "First episodes of runs with a mass killing, from 25 deaths in four weeks to half a year "
    "without one; those under way at the end are censored. The record's end dates are generous.",
    "7": "Fastest are the twentieth of runs that came to a thousand deaths in the fewest weeks.",
    "9": "Whole numbers above 0; the cut with the smallest distance of forty; goodness of fit by "
    "resampling; a log-normal above the same cut.",
    "11": "Events are communities with a death in a week, in runs of a year or more with 30 events.",
    "12": "At risk is a community without a death in 24 weeks, exposed one whose neighbour had one in "
    "that time; compared are communities of the same country in the same four weeks, so that what "
    "moves a whole country does not count as contagion. Moran's I of log deaths, on maps of 30 places.",
    "13, 15, 16": "The same crises on the same draws, a united body with a mandate to protect, arrival "
    "fixed at 13 weeks, money no object: what is measured is presence, not politics. The ratio at "
    "8,000 is read off between sizes asked for where 8,000 are there.",
    "18, 21, 28, 31": "Arms of the same crises; the record gives no band, or a sign.",
    "25": "Quiet countries; a fifth or all of the people in dialogue. The model has a parameter for "
    "the gain of the rest, with its range from this study: the fact tests the wiring, not the theory.",
    "26": "A year of dispute resolution in all places, its gains fading as programmes' do.",
    "30": "Displaced at home and abroad at one time, at most, over direct deaths.",
}
"""What each statistic takes, where the record leaves a choice: fixed before its result was seen."""
FRAME = "frame.md"
"""What is written by hand, with places for what is put in."""


def page(checked: Sequence[Checked], about: Mapping[str, Any], *, picture: str) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    checked : every fact.
    about : ``command``, ``size``, ``seed``, ``parameter_sets``, ``overrides``, ``cpu_seconds``.
    picture : file of the overview, beside the page.
    """
    rows = rows_of(checked)
    by_status = {
        status: _table([row for row in rows if row["status"] == status]) for status in STATUSES
    }
    frame = (files(__package__) / FRAME).read_text(encoding="utf-8")
    return frame.format(
        command=about["command"],
        model=_model(about),
        score=score(checked),
        picture=picture,
        missed=by_status[MISSED],
        undecidable=by_status[UNDECIDABLE],
        reproduced=by_status[REPRODUCED],
        reported=by_status[REPORTED],
        facts=_facts(checked),
        unexplained=f"{UNEXPLAINED:g}",
        mapping=_markdown(
            ("covariate", "moves", "why"),
            [(one.covariate.replace("_", " "), one.moves, one.source) for one in MAPPING],
        ),
        rates=_markdown(
            ("shock", "rate", "brings"),
            [
                (
                    one.kind.replace("_", " "), one.source,
                    f"{one.threat:g}, {one.grievance:g}, {one.fear:g}, {one.division:g}",
                )
                for one in RATES
            ],
        ),
        taken="\n".join(f"- **{number}**: {text}" for number, text in TAKEN.items()),
        untested=_untested(rows),
    )  # fmt: skip


def _model(about: Mapping[str, Any]) -> str:
    sets = about["parameter_sets"]
    what = "The default parameters" if sets == 1 else f"An ensemble of {sets} parameter sets"
    set_by = f" ({', '.join(about['overrides'])})" if about["overrides"] else ""
    return (
        f"{what}{set_by}, model {source_hash()[:12]}, seed {about['seed']}, size {about['size']}, "
        f"{about['cpu_seconds']:.0f} seconds of one core."
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "None."
    cells = [
        (
            label(row["id"], row["part"]), row["family"], row["statistic"], told(row), row["band"],
            row["use"],
        )
        for row in rows
    ]  # fmt: skip
    return _markdown(("fact", "family", "statistic", "simulated", "band", "use"), cells)


def _facts(checked: Sequence[Checked]) -> str:
    cells = [
        (one.fact.family, str(one.fact.id), one.fact.fact, one.fact.source, one.status)
        for one in checked
    ]
    return _markdown(("family", "fact", "the record", "source", "status"), cells)


def _untested(rows: Sequence[Mapping[str, Any]]) -> str:
    absent = [label(row["id"], row["part"]) for row in rows if row["value"] != row["value"]]
    if not absent:
        return "Every statistic was measured."
    return f"Not measured in this run, for want of data or of runs: {', '.join(absent)}."


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
