"""``forestall compare``: what treatment changed, point by point, on the noise that pairs share."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.command import DONE, OneLineParser, run_command
from experiments.design_study import OUT_HELP, write_figure, write_tables, written_beside
from sim.errors import ForestallError, bad_value, unknown_name

if TYPE_CHECKING:
    import pandas as pd

    from experiments.results import Results

FOLDER = "compare"
FIGURE = "paired_differences"
_HELP = """\
Compare every design point of stored results with its baseline, the same world without outside action
on the same random numbers: differences of every outcome with intervals, mass killing, harm, what the
effects are where the baseline escalates and where it does not, the cost of a death averted, and how
many independent runs the pairing was worth. Writes tables (CSV) and a figure beside the results.

  forestall compare results/timing_unity-0123abcd
  forestall compare RESULTS action.start=0,26                only some points
  forestall compare RESULTS --against actors.dispersion=0    with each other: divided with united
  forestall compare EQUAL_ENDOWMENT EQUAL_RESOURCE_WEEKS     two ways of holding resources equal

A second folder comes from the same sweep with design.equal=resource_weeks, which scales intensities so
that an early start brings no more presence than a late one.
"""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One folder of results compared: what was run, both tables, and the tables they are made from.

    Attributes
    ----------
    folder : of the results.
    equal : what every point had the same amount of (`experiments.resource_weeks`).
    reference : what points are compared with, in words.
    runs_stored, runs_wanted : of the whole sweep; fewer are stored where it was not finished.
    weeks : horizon of the runs.
    points, paired : as for `analysis.comparison`.
    effects, differences : what it returns.
    """

    folder: Path
    equal: str
    reference: str
    runs_stored: int
    runs_wanted: int
    weeks: int
    points: pd.DataFrame
    paired: pd.DataFrame
    effects: pd.DataFrame
    differences: pd.DataFrame


def main(argv: Sequence[str]) -> int:
    """Compare stored results from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    folders = [Path(text).expanduser() for text in asked.results if "=" not in text]
    if not folders:
        raise ForestallError("RESULTS: name the folder that a sweep wrote")
    if not 0.5 <= asked.level < 1:
        raise bad_value("--level", asked.level, "a confidence between 0.5 and 1, such as 0.95")
    where = read_levers(text for text in asked.results if "=" in text)
    changes = {name: one for name, (one, *_) in read_levers(asked.against).items()}
    if asked.out and len(folders) > 1:
        raise ForestallError(
            f"--out: one folder of results at a time, {folders[1]} would lie on top"
        )
    found = [compare(folder, where, changes, level=asked.level) for folder in folders]
    if asked.json:
        print(json.dumps([as_mapping(one) for one in found], allow_nan=False), flush=True)
    else:
        from experiments.compare_text import text

        said = "\n\n".join(text(one, level=asked.level) for one in found)
        print(said, end="\n\n", flush=True)
    for one in found:
        written = written_beside(partial(write, one, figures=not asked.no_figures), asked.out)
        for path in () if asked.json else written:
            print(path)
    return DONE


def compare(
    folder: Path,
    where: Mapping[str, Sequence[Any]] | None = None,
    changes: Mapping[str, Any] | None = None,
    *,
    level: float = 0.95,
) -> Comparison:
    """Return the comparison of the results in a folder.

    Parameters
    ----------
    folder : of the results, finished or not.
    where : levers and the values that points must have; all points when empty.
    changes : levers and the values of the points to compare with; the baselines when empty.
    level : confidence, in (0, 1).

    Raises
    ------
    ForestallError
        No such results, a lever that the design does not have, or no point left to compare.
    """
    from analysis.comparison import against, effects_table, outcome_differences
    from experiments import results

    found = results.open(folder)
    points, paired = found.design, found.paired()
    for name in changes or {}:
        if name not in _levers(points):
            raise unknown_name("lever", name, _levers(points))
    if changes:
        points, paired = against(points, paired, changes)
    points, paired = points_with(points, paired, where or {})
    effects = effects_table(points, paired, level=level)
    equal = str(found.config.get("design", {}).get("equal", "endowment"))
    effects.insert(1, "equal", equal)
    effects["peacekeeper_weeks"] = [_presence(found, point) for point in effects["point"]]
    weeks = int(found.config["weeks"])
    differences = outcome_differences(points, paired, found.outcomes, weeks=weeks, level=level)
    said = ", ".join(f"{name}={_in_words(name, value)}" for name, value in (changes or {}).items())
    return Comparison(
        folder=folder, equal=equal, reference=said or "no action", runs_stored=found.runs_stored,
        runs_wanted=found.runs_wanted, weeks=weeks, points=points, paired=paired, effects=effects,
        differences=differences,
    )  # fmt: skip


def write(found: Comparison, folder: Path | None = None, *, figures: bool = True) -> list[Path]:
    """Write tables and figure into a folder, that of the results when None; return what was written.

    Raises
    ------
    UnwritableError
        The folder cannot be written.
    """
    from analysis.plots.paired_differences import paired_differences
    from experiments import results

    folder = folder or found.folder
    tables = {"effects": found.effects, "differences": found.differences}
    paths = write_tables(folder, FOLDER, tables)
    if not figures:
        return paths
    name = results.open(found.folder).config["country"]["name"]
    figure = paired_differences(
        found.points, found.paired, effects=found.effects, reference=found.reference,
        title=f"{name}: what action changes, pair by pair",
    )  # fmt: skip
    return [*paths, *write_figure(folder, FIGURE, figure)]


def as_mapping(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data; what is not known or not finite is null."""
    return {
        "results": str(found.folder),
        "equal": found.equal,
        "reference": found.reference,
        "runs_stored": found.runs_stored,
        "runs_wanted": found.runs_wanted,
        "effects": records(found.effects),
        "differences": records(found.differences),
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data; what is not known or not finite is None."""
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]


def read_levers(texts: Any) -> dict[str, list[Any]]:
    """Return levers and values from texts like ``action.start=0,26``; never and bargained are numbers.

    Raises
    ------
    ForestallError
        A text is not of that form.
    """
    found: dict[str, list[Any]] = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not (name and equals and values):
            raise ForestallError(f"{text!r}: expected lever=value, such as action.start=0")
        found[name] = [_value(value) for value in values.split(",")]
    return found


def _value(text: str) -> Any:
    words = {"never": math.inf, "bargained": math.nan}
    if text in words:
        return words[text]
    try:
        return float(text)
    except ValueError:
        return text


def _in_words(name: str, value: Any) -> str:
    from analysis.surface import lever_value

    if isinstance(value, float) and not math.isfinite(value):
        return "bargained" if math.isnan(value) else "never"
    return lever_value(name, value)


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool | int) or value is None:
        return value
    number = float(value)
    return number if math.isfinite(number) else None


def _levers(points: pd.DataFrame) -> list[str]:
    from analysis.surface import lever_columns

    return lever_columns(points)


def points_with(
    points: pd.DataFrame, paired: pd.DataFrame, where: Mapping[str, Sequence[Any]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the points whose levers have one of the values asked for, their baselines and pairs.

    Raises
    ------
    ForestallError
        The design has no such lever, or no such point with a run.
    """
    from analysis.surface import rows_with

    for name in where:
        if name not in _levers(points):
            raise unknown_name("lever", name, _levers(points))
    chosen = points
    for name, values in where.items():
        kept = {point for value in values for point in rows_with(chosen, [name], (value,))["point"]}
        chosen = chosen[chosen["point"].isin(kept)]
    treated = set(chosen["point"]) & set(paired["point"])
    if where and not treated:
        said = " ".join(f"{name}={values}" for name, values in where.items())
        raise ForestallError(f"{said}: no point of the design has these values")
    baselines = set(chosen["baseline"])
    points = points[points["point"].isin(set(chosen["point"]) | baselines)] if where else points
    return points, paired[paired["point"].isin(treated)] if where else paired


def _presence(found: Results, point: str) -> float:
    """Return the mean over runs of peacekeepers x weeks, to within a bin of the weekly histograms."""
    from experiments.histograms import bin_edges
    from experiments.tasks import TREATMENT

    if "peacekeepers" not in found.series or point not in found.points:
        return math.nan
    _, series, bins, counts = found.histogram(point, TREATMENT)
    here = series == found.series.index("peacekeepers")
    runs = counts[here].sum() / max(int(found.config["weeks"]), 1)
    low, _ = bin_edges(bins[here])
    return float((low * counts[here]).sum() / runs) if runs else math.nan


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall compare", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "results", nargs="+", metavar="RESULTS | lever=value",
        help="folders that sweeps wrote, and values that points must have",
    )  # fmt: skip
    parser.add_argument(
        "--against", action="append", default=[], metavar="lever=value",
        help="compare with the points of this value instead of with the baselines; may be repeated",
    )  # fmt: skip
    parser.add_argument("--level", type=float, default=0.95, help="confidence of the intervals")
    parser.add_argument("--out", type=Path, metavar="DIR", help=OUT_HELP)
    parser.add_argument("--json", action="store_true", help="print both tables as JSON")
    parser.add_argument("--no-figures", action="store_true", help="write the tables only")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall compare"))
