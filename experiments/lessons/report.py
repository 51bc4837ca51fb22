"""All lessons judged on stored runs: tables, controls, where they reverse, and the digest of it all."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.intervals import Interval
from experiments.lessons.judging import (
    HOLDS,
    REVERSES,
    UNDECIDED,
    Judged,
    carried,
    judge,
    share_intervals,
)
from experiments.lessons.registration import (
    ADVERSARIAL,
    MAIN,
    MEDIATOR,
    NATIONAL,
    PLACEBO,
    Lesson,
    Registration,
)
from experiments.lessons.running import ENDS, Piece

if TYPE_CHECKING:
    from experiments.results import Results

SIDES = (HOLDS, UNDECIDED, REVERSES)
FIRST = "endowment"
"""The condition that a verdict is about; of the fourth lesson it is its one design."""
LEAST_REVERSED = 10
_SHUFFLES = 20


@dataclass(frozen=True, eq=False)
class Report:
    """What the lessons came to.

    Attributes
    ----------
    registration : what was registered.
    lessons : that were judged.
    table : one row a lesson, ensemble and condition (`_row`).
    sets : one row a lesson, ensemble, condition and parameter set.
    reversals : one row a lesson, ensemble and limit of a box of sets that reverse.
    indices : one row an ensemble, condition and block of the fourth lesson.
    digest : of the registration and of all stored runs.
    runs : stored in all.
    models : hashes of the model's source that made them, one unless it changed on the way.
    hashes : SHA-256 of the parameter sets, by ensemble.
    """

    registration: Registration
    lessons: tuple[Lesson, ...]
    table: pd.DataFrame
    sets: pd.DataFrame
    reversals: pd.DataFrame
    indices: pd.DataFrame
    digest: str
    runs: int
    models: tuple[str, ...]
    hashes: Mapping[str, str]

    def row(self, lesson: str, ensemble: str, condition: str | None = None) -> Mapping[str, Any]:
        """Return the row of one lesson, by default in the condition that its verdict is about."""
        found = self.table[(self.table["lesson"] == lesson) & (self.table["ensemble"] == ensemble)]
        found = (
            found[found["first"]] if condition is None else found[found["condition"] == condition]
        )
        return dict(found.iloc[0])


def report(
    registration: Registration, lessons: Sequence[Lesson], pieces: Sequence[Piece], output: Path
) -> Report:
    """Return the report on sweeps that are stored.

    Parameters
    ----------
    registration, lessons : what is judged.
    pieces : the sweeps; all of them stored.
    output : the folder below which they lie.
    """
    from experiments import results
    from experiments.digest import digest

    rows, sets, digests = [], [], []
    boxes: list[dict[str, Any]] = []
    indices: list[dict[str, Any]] = []
    main: dict[tuple[str, str], Judged] = {}
    models: set[str] = set()
    hashes: dict[str, str] = {}
    for piece in pieces:
        found = results.open(output / piece.place)
        models.add(found.provenance["source_hash"])
        hashes[piece.ensemble] = found.config["posterior"]["sha256"]
        digests.append(f"{piece.place} {digest(found.path)}")
        for lesson in lessons:
            if lesson.study != piece.study:
                continue
            judged = _judged(found, lesson, piece, registration, indices)
            first = piece.condition in (FIRST, ENDS[0])
            if first:
                main[lesson.id, piece.ensemble] = judged
                boxes += _reversals(found, judged, lesson, piece)
            rows.append(_row(judged, lesson, piece, registration, main[lesson.id, piece.ensemble]))
            labels = {
                "lesson": lesson.id, "ensemble": piece.ensemble, "condition": piece.condition
            }  # fmt: skip
            sets.append(judged.sets.assign(**labels))
    hashed = "\n".join([registration.digest, str(registration.quick), *sorted(digests)])
    return Report(
        registration=registration, lessons=tuple(lessons), table=pd.DataFrame(rows),
        sets=pd.concat(sets, ignore_index=True), reversals=pd.DataFrame(boxes, columns=_BOX),
        indices=pd.DataFrame(indices), digest=hashlib.sha256(hashed.encode()).hexdigest(),
        runs=sum(piece.runs for piece in pieces), models=tuple(sorted(models)), hashes=hashes,
    )  # fmt: skip


def controls(found: Report) -> list[dict[str, Any]]:
    """Return what placebo and adversarial worlds came to: each has to come out as registered."""
    rows = []
    for row in found.table.to_dict("records"):
        if row["kind"] == PLACEBO:
            passed, expected = row["changed"] == 0.0, "nothing, to the bit"
        elif row["kind"] == ADVERSARIAL and row["expected"]:
            passed, expected = str(row["verdict"]).startswith(row["expected"]), row["expected"]
        else:
            continue
        rows.append({
            "lesson": row["lesson"], "ensemble": row["ensemble"], "condition": row["condition"],
            "expected": expected, "verdict": row["verdict"], "effect": row["effect"],
            "effect_low": row["effect_low"], "effect_high": row["effect_high"],
            "passed": bool(passed),
        })  # fmt: skip
    return rows


def as_mapping(found: Report) -> dict[str, Any]:
    """Return a report as plain data; what is not known is null."""
    registration = found.registration
    checked = controls(found)
    said = []
    for lesson in found.lessons:
        ensembles = {
            name: _of_ensemble(found, lesson, name)
            for name in registration.ensembles
            if ((found.table["lesson"] == lesson.id) & (found.table["ensemble"] == name)).any()
        }
        about = next(iter(ensembles.values()))
        said.append({
            "id": lesson.id, "title": lesson.title, "claim": lesson.claim,
            **{key: about[key] for key in
               ("verdict", "effect", "interval", "shares", "reversals", "mediators")},
            "posterior": ensembles.get(registration.ensembles[0]),
            "prior": ensembles.get(registration.ensembles[-1]),
            "controls": [row for row in checked if row["lesson"] == lesson.id],
        })  # fmt: skip
    whole = {
        "quick": registration.quick, "registration": registration.digest, "digest": found.digest,
        "runs": found.runs, "models": found.models,
        "ensembles": [
            {"name": name, "sha256": found.hashes.get(name)}
            for name in registration.ensembles
        ],
        "region": registration.raw["region"]["says"], "lessons": said,
    }  # fmt: skip
    plain: dict[str, Any] = _plain(whole)
    return plain


def write(found: Report, output: Path, *, figures: bool = True) -> list[Path]:
    """Write tables and figures of a report; return what was written."""
    from analysis.plots.lesson_conditions import lesson_conditions
    from analysis.plots.lesson_shares import lesson_shares
    from experiments.design_study import write_figure, write_tables

    tables = {
        "conditions": found.table, "sets": found.sets, "reversals": found.reversals,
        "controls": pd.DataFrame(controls(found)), "indices": found.indices,
    }  # fmt: skip
    paths = write_tables(output, "tables", tables)
    if not figures:
        return paths
    note = (
        "A quick look with so few runs that it decides nothing. "
        if found.registration.quick
        else ""
    )
    main = found.table[found.table["first"]]
    paths += write_figure(output, "lessons", lesson_shares(main, note=note))
    ensemble = found.registration.ensembles[0]
    rows = found.table[(found.table["ensemble"] == ensemble) & (found.table["lesson"] != "H4")]
    if len(rows):
        figure = lesson_conditions(rows, ensemble=ensemble, note=note)
        paths += write_figure(output, "lessons_by_condition", figure)
    return paths


def _judged(
    found: Results,
    lesson: Lesson,
    piece: Piece,
    registration: Registration,
    indices: list[dict[str, Any]],
) -> Judged:
    if lesson.study != NATIONAL:
        return judge(found, lesson, registration)
    from experiments.lessons.national import judge_national

    judged, blocks = judge_national(found, registration)
    indices += [
        {"ensemble": piece.ensemble, "condition": piece.condition, "block": name,
         "total": one.estimate, "total_low": one.low, "total_high": one.high}
        for name, one in blocks.items()
    ]  # fmt: skip
    return judged


def _row(
    judged: Judged, lesson: Lesson, piece: Piece, registration: Registration, main: Judged
) -> dict[str, Any]:
    """Return one lesson in one condition and ensemble as a row."""
    if lesson.study == NATIONAL:
        declared = registration.raw[NATIONAL]
        adverse = piece.condition == ENDS[1]
        kind, says = (ADVERSARIAL, declared["adversarial"]["says"]) if adverse else (MAIN, "")
        expected = declared["adversarial"]["expects"] if adverse else ""
    else:
        condition = registration.conditions[piece.condition]
        kind, says = condition.kind, condition.says
        expected = condition.expects.get(lesson.id, "")
    shares = share_intervals(judged)
    change = carried(main, judged) if kind == MEDIATOR else Interval(math.nan, math.nan, math.nan)
    quantiles = judged.sets["effect"].quantile([0.05, 0.95])
    row: dict[str, Any] = {
        "lesson": lesson.id, "title": lesson.title, "ensemble": piece.ensemble,
        "study": piece.study, "condition": piece.condition, "kind": kind, "says": says,
        "first": piece.condition in (FIRST, ENDS[0]),
        "verdict": judged.verdict(registration.raw["decision"]), "expected": expected,
        "effect": judged.effect.estimate, "effect_low": judged.effect.low,
        "effect_high": judged.effect.high,
        "sets_low": quantiles.iloc[0], "sets_high": quantiles.iloc[1],
        "mass_killing": judged.mass_killing.estimate, "mass_killing_low": judged.mass_killing.low,
        "mass_killing_high": judged.mass_killing.high,
        "sets": len(judged.sets), "pairs": judged.pairs, "changed": judged.changed,
        "carried": change.estimate, "carried_low": change.low, "carried_high": change.high,
        "countries": "; ".join(f"{name} {mean:.3g}" for name, mean in judged.by_country.items()),
    }  # fmt: skip
    for side, one in shares.items():
        row |= {side: one.estimate, f"{side}_low": one.low, f"{side}_high": one.high}
    return row


_BOX = (
    "lesson", "ensemble", "factor", "low", "high", "least", "most", "coverage", "density", "mass",
    "lift", "chance",
)  # fmt: skip


def _reversals(
    found: Results, judged: Judged, lesson: Lesson, piece: Piece
) -> list[dict[str, Any]]:
    """Return the limits of the box of parameter sets in which a lesson reverses, none for a few."""
    from analysis.prim_boxes import prim_boxes

    cases = (judged.sets["side"] == REVERSES).to_numpy()
    if min(cases.sum(), (~cases).sum()) < LEAST_REVERSED:
        return []
    values = {
        name: [column[number] for number in judged.sets["set"]]
        for name, column in found.config["parameters"].items()
        if isinstance(column, list)
    }
    box = prim_boxes(pd.DataFrame(values), cases, shuffles=_SHUFFLES)[0]
    return [
        {"lesson": lesson.id, "ensemble": piece.ensemble, "factor": limit["factor"],
         "low": limit["low"], "high": limit["high"], "least": limit["least"],
         "most": limit["most"], "coverage": box.coverage, "density": box.density,
         "mass": box.mass, "lift": box.lift, "chance": box.chance}
        for limit in box.limits.to_dict("records")
    ]  # fmt: skip


def _of_ensemble(found: Report, lesson: Lesson, ensemble: str) -> dict[str, Any]:
    row = found.row(lesson.id, ensemble)
    here = found.table[(found.table["lesson"] == lesson.id) & (found.table["ensemble"] == ensemble)]
    boxes = found.reversals[
        (found.reversals["lesson"] == lesson.id) & (found.reversals["ensemble"] == ensemble)
    ]
    blocks = found.indices
    if len(blocks) and lesson.study == NATIONAL:
        blocks = blocks[blocks["ensemble"] == ensemble]
    return {
        "name": ensemble, "verdict": row["verdict"], "effect": row["effect"],
        "interval": [row["effect_low"], row["effect_high"]],
        "sets_between": [row["sets_low"], row["sets_high"]],
        "mass_killing": row["mass_killing"],
        "mass_killing_interval": [row["mass_killing_low"], row["mass_killing_high"]],
        "sets": row["sets"], "pairs": row["pairs"],
        "shares": {
            side: {"share": row[side], "interval": [row[f"{side}_low"], row[f"{side}_high"]]}
            for side in SIDES
        },
        "by_country": row["countries"],
        "reversals": boxes.drop(columns=["lesson", "ensemble"]).to_dict("records"),
        "mediators": [
            {"off": one["condition"], "says": one["says"], "effect": one["effect"],
             "interval": [one["effect_low"], one["effect_high"]], "verdict": one["verdict"],
             "carried": one["carried"],
             "carried_interval": [one["carried_low"], one["carried_high"]]}
            for one in here[here["kind"] == MEDIATOR].to_dict("records")
        ],
        "conditions": [
            {"name": one["condition"], "is": one["kind"], "says": one["says"],
             "effect": one["effect"], "interval": [one["effect_low"], one["effect_high"]],
             "verdict": one["verdict"], **{side: one[side] for side in SIDES}}
            for one in here[here["kind"] != MEDIATOR].to_dict("records")
        ],
        "indices": blocks.to_dict("records") if lesson.study == NATIONAL else [],
    }  # fmt: skip


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(value) for value in node]
    if isinstance(node, str | bool | int) or node is None:
        return node
    value = node.item() if hasattr(node, "item") else node
    if isinstance(value, bool | int):
        return value
    return float(value) if math.isfinite(float(value)) else None
