"""``forestall cases``: what the model says of each historical case, beside what was recorded.

Every case runs with its actual course, and again without any outside action on the same random
numbers. Each run draws the figures that the coding leaves in doubt from their own ranges, so that a
distribution holds the doubt of the coding too. No parameter, country, actor or course was chosen by
what comes out; a case that the model misses stands in the table as missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.config import compose
from experiments.courses import ACTUAL
from experiments.designs import scenario_of
from experiments.engines import compile_notice
from experiments.overrides import read_overrides
from experiments.points import with_levers
from experiments.records import FIGURES, Record, Recorded, read_record, recorded_cases
from experiments.store import writing
from experiments.terminal import notice
from sim.errors import ForestallError, unknown_name

if TYPE_CHECKING:
    from analysis.intervals import Interval

Floats = NDArray[np.float64]
REPLICATES = 1000
BATCH = 250
QUANTILES = (0.05, 0.5, 0.95)
SETTINGS = ("replicates", "seed", "parameters", "mechanisms", "forms")
"""What may be set: how much is run, and the model; never a case."""
IN_DOUBT = ("government", "society", "neighbours", "armed_groups", "shocks")
"""Sections of a country whose ranges are drawn from; people stay at their best figures."""
_HELP = """\
Run every historical case that has an actual course, and compare what comes out with what was recorded.
Two worlds a run, on the same random numbers: the actual course, and no outside action at all. Figures
that the coding leaves in doubt are drawn from their ranges, one draw a run. Nothing was fitted.

  forestall cases                             all cases, 1,000 runs each (some minutes)
  forestall cases rwanda_1994 replicates=100  one, quickly
  forestall cases forms.elite_choice=best_response   under another theory
  forestall cases --page scenarios/CASES.md   writes the page and its picture, cases.png beside it
  forestall cases --csv FILE          writes the table; --json prints everything

overrides are Hydra's, key=value, one value each, of the model and of how much is run: a case is never
changed.
"""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A simulated number: its 5 %, 50 % and 95 % quantile, and the share of runs below the record."""

    low: float
    median: float
    high: float
    below_record: float

    def place(self, recorded: Recorded) -> str:
        """Return where a record lies to the middle 90 %: "within", "edge", "above" or "below".

        At the edge its best figure lies outside, and the range of its sources reaches in.
        """
        if self.low <= recorded.best <= self.high:
            return "within"
        if recorded.low > self.high:
            return "above"
        return "below" if recorded.high < self.low else "edge"


@dataclass(frozen=True, kw_only=True)
class Presence:
    """What came of the peacekeepers that a course asks for, under its actual course.

    Attributes
    ----------
    asked : peacekeepers that the course asks for.
    mandated : share of runs with a mandate by the shock.
    at_shock, most : peacekeepers in the country in the week of the shock, and at most (`QUANTILES`).
    """

    asked: float
    mandated: float
    at_shock: tuple[float, ...]
    most: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case: its record, and what the model says of it.

    Attributes
    ----------
    name : of its files.
    record : what happened.
    weeks : horizon of the runs.
    drawn : how many figures were drawn from their ranges.
    simulated : under the actual course, by the names of `experiments.records.FIGURES`.
    presence : of peacekeepers; None where the course asks for none.
    idle_deaths : direct deaths without outside action.
    risk, idle_risk : probability of mass killing under the actual course, and without any action.
    """

    name: str
    record: Record
    weeks: int
    drawn: int
    simulated: Mapping[str, Spread]
    presence: Presence | None
    idle_deaths: Spread
    risk: Interval
    idle_risk: Interval


def main(argv: Sequence[str]) -> int:
    """Compare cases from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    names = [word for word in asked.words if "=" not in word] or list(recorded_cases())
    overrides = [word for word in asked.words if "=" in word]
    _refuse_own(overrides)
    for name in names:
        if name not in recorded_cases():
            raise unknown_name("cases", name, recorded_cases())
    from experiments.cases_text import as_rows, csv_of, page, table

    if waiting := compile_notice("compiled"):
        notice(waiting)
    cases = []
    for name in names:
        notice(f"{name} ...")
        cases.append(compare_case(name, overrides))
    if asked.json:
        print(json.dumps(as_rows(cases), allow_nan=False))
    else:
        print(table(cases))
    command = " ".join(["forestall cases", *asked.words])
    config = compose(_settings(names[0], overrides))
    if asked.csv is not None:
        _write(asked.csv, csv_of(cases))
    if asked.page is not None:
        from analysis.plots.cases_record import cases_record
        from analysis.plots.figure import save_as

        _write(asked.page, page(cases, config, command=command))
        save_as(cases_record(as_rows(cases)), asked.page.with_name("cases.png"))
    return DONE


def _write(file: Path, text: str) -> None:
    with writing(file.parent, "nothing was written", key=str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(file, text.encode())


def compare_case(name: str, overrides: Sequence[str] = ()) -> Case:
    """Return what the model says of one case, beside its record.

    Parameters
    ----------
    name : of a case that has a record.
    overrides : ``replicates=100 seed=7``, parameters, mechanisms, forms.
    """
    from analysis.intervals import wilson

    config = compose(_settings(name, overrides))
    record, runs = read_record(name), int(config["replicates"])
    levers = _draws(config, runs, seed=int(config["seed"]))
    actual, idle = _both(config, levers)
    return Case(
        name=name,
        record=record,
        weeks=int(config["weeks"]),
        drawn=len(levers[0]),
        simulated={figure: _spread(actual[figure], record, figure) for figure in FIGURES},
        presence=_presence(config, actual),
        idle_deaths=_spread(idle["direct_deaths"], record, "direct_deaths"),
        risk=wilson(float(actual["mass_killing"].sum()), runs),
        idle_risk=wilson(float(idle["mass_killing"].sum()), runs),
    )


def _settings(name: str, overrides: Sequence[str]) -> list[str]:
    return [f"country={name}", f"course={ACTUAL}", f"replicates={REPLICATES}", *overrides]


def _draws(config: Mapping[str, Any], runs: int, *, seed: int) -> list[dict[str, float]]:
    """Return for every run the figures in doubt, drawn from the ranges that the coding gives."""
    from experiments.ranges import documented_names, documented_range, entry_at
    from experiments.sampling import sample

    sections = ("actors.actors.", *(f"country.{section}." for section in IN_DOUBT))
    ranges = {}
    for name in documented_names(config):
        raw = entry_at(config, name)
        if name.startswith(sections) and isinstance(raw, Mapping) and "low" in raw:
            found = documented_range(name, config)
            if found is not None:
                ranges[name] = found
    if not ranges:
        return [{} for _ in range(runs)]
    unit = sample("latin_hypercube", len(ranges), points=runs, seed=seed)
    low = np.array([found.low for found in ranges.values()])
    high = np.array([found.high for found in ranges.values()])
    return [dict(zip(ranges, row, strict=True)) for row in (low + unit * (high - low)).tolist()]


def _both(
    config: Mapping[str, Any], levers: Sequence[Mapping[str, float]]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return what the runs came to under the actual course and without action, by figure."""
    from sim.ensemble import Ensemble

    parts: tuple[list[dict[str, Floats]], list[dict[str, Floats]]] = ([], [])
    for first in range(0, len(levers), BATCH):
        worlds = [scenario_of(with_levers(config, row)) for row in levers[first : first + BATCH]]
        ensemble = Ensemble([*worlds, *(world.baseline() for world in worlds)])
        count = len(worlds)
        replicate = np.tile(np.arange(first, first + count), 2)
        found = ensemble.run(np.arange(2 * count), replicate, int(config["seed"]))
        for arm, rows in zip(parts, (slice(count), slice(count, None)), strict=True):
            arm.append(_figures(found.outcomes[rows], found.series[rows], worlds[0].shock_week))
    actual, idle = (
        {name: np.concatenate([part[name] for part in arm]) for name in arm[0]} for arm in parts
    )
    return actual, idle


def _figures(outcomes: Floats, series: Floats, shock: int) -> dict[str, Floats]:
    """Return the figures of runs in the terms of a record: flight at its largest, not at the end.

    Beside them what was there by the week of the shock, and at most, of mandates and peacekeepers.
    """
    from sim.outcomes import O, Z

    return {
        "direct_deaths": outcomes[:, O.direct_deaths],
        "displaced": series[:, :, Z.displaced].max(axis=1),
        "refugees": series[:, :, Z.refugees].max(axis=1),
        "mass_killing": outcomes[:, O.mass_killing],
        "duration_weeks": outcomes[:, O.duration_weeks],
        "mandated": (series[:, : shock + 1, Z.mandate_scale] > 0.0).any(axis=1).astype(np.float64),
        "troops_at_shock": series[:, shock, Z.peacekeepers],
        "most_troops": series[:, :, Z.peacekeepers].max(axis=1),
    }


def _presence(config: Mapping[str, Any], actual: Mapping[str, Floats]) -> Presence | None:
    """Return what came of the peacekeepers that a course asks for."""
    course = config["interventions"].get("peacekeeping") or {}
    if not course.get("intensity"):
        return None
    return Presence(
        asked=float(course["intensity"]),
        mandated=float(actual["mandated"].mean()),
        at_shock=tuple(np.quantile(actual["troops_at_shock"], QUANTILES).tolist()),
        most=tuple(np.quantile(actual["most_troops"], QUANTILES).tolist()),
    )


def _spread(numbers: Floats, record: Record, figure: str) -> Spread:
    low, median, high = np.quantile(numbers, QUANTILES).tolist()
    recorded = record.figures.get(figure)
    below = float("nan") if recorded is None else float((numbers < recorded.best).mean())
    return Spread(low=low, median=median, high=high, below_record=below)


def _refuse_own(overrides: Sequence[str]) -> None:
    for item in read_overrides(overrides):
        if item.key.partition(".")[0] not in SETTINGS:
            raise ForestallError(
                f"{item.key}: cases runs every case as coded, it takes {', '.join(SETTINGS)}"
            )
        if item.factor is not None:
            raise ForestallError(f"{item.key}: cases takes one value, forestall sweep several")


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall cases", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("words", nargs="*", metavar="CASE|key=value", help="see above")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the table as CSV")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page (Markdown)")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall cases"))
