"""``forestall epstein``: Epstein's Model II, and which of its published results it gives."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from experiments.chunks import write_aside
from experiments.command import DONE, OneLineParser, run_command
from experiments.epstein.settings import VARIANTS, Variant, variant_named
from experiments.epstein.trials import (
    DENSITIES,
    HAVEN_DENSITIES,
    PERIODS,
    QUICK,
    REPLICATES,
    Bar,
    Havens,
    Trial,
    bars_of,
    run_havens,
    run_trial,
    snapshots,
)
from experiments.store import writing
from experiments.terminal import notice
from sim.errors import bad_value

DEFAULT = Variant().name
SEEN = (0, 50, 100, 150)
_HELP = f"""\
Run Epstein's (2002) Model II, two groups and peacekeepers on a torus, under readings of what its paper
leaves open, and hold it against the results that were published.

  forestall epstein                       the reading {DEFAULT}, half a minute
  forestall epstein --variant all         all eight, some minutes
  forestall epstein --quick               fewer runs; most results stay undecided
  forestall epstein --figures DIR         a picture of the grid, and times to extinction
  forestall epstein --page FILE.md        the page, its figures beside it; --csv FILE, --json

readings: {", ".join(VARIANTS)}
(sites in sight; C/A rounded down or not; active only with a target in sight or without)
"""


@dataclass(frozen=True)
class Answer:
    """What one variant came to."""

    trial: Trial
    bars: list[Bar]
    havens: list[Havens]


def main(argv: Sequence[str]) -> int:
    """Run the trials from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    for key in ("replicates", "periods"):
        if getattr(asked, key) is not None and getattr(asked, key) < 2:
            raise bad_value(f"--{key}", getattr(asked, key), "2 or more")
    names = list(VARIANTS) if asked.variant == "all" else [asked.variant]
    variants = [variant_named(name) for name in names]
    given = {
        "densities": DENSITIES, "replicates": REPLICATES, "periods": PERIODS,
        **(QUICK if asked.quick else {}),
    }  # fmt: skip
    for key in ("replicates", "periods"):
        if getattr(asked, key) is not None:
            given[key] = getattr(asked, key)
    notice("compiling, some ten seconds ...")
    answers = []
    for variant in variants:
        notice(f"{variant.name} ...")
        answers.append(answer_of(variant, given, seed=asked.seed))
    if asked.json:
        print(json.dumps(as_json(answers, quick=asked.quick), allow_nan=False))
    else:
        print(text_of(answers, quick=asked.quick))
    if asked.csv is not None:
        _write(asked.csv, csv_of(answers))
    if asked.page is not None:
        from experiments.epstein.page import page_of

        _write(asked.page, page_of(answers, command=f"forestall epstein --variant {asked.variant}"))
        _draw(answers, asked.page.parent, seed=asked.seed)
    if asked.figures is not None:
        _draw(answers, asked.figures, seed=asked.seed)
    return DONE


def answer_of(variant: Variant, given: dict[str, Any], *, seed: int) -> Answer:
    """Return what one variant comes to."""
    trial = run_trial(variant, seed=seed, **given)
    havens = [
        run_havens(variant, density=density, replicates=given["replicates"], seed=seed)
        for density in HAVEN_DENSITIES
    ]
    return Answer(trial, bars_of(trial), havens)


def as_json(answers: Sequence[Answer], *, quick: bool) -> dict[str, Any]:
    """Return everything as plain data; None where a number is undefined."""
    return {
        "model": "Epstein 2002, Model II",
        "quick": quick,
        "variants": [
            {
                "variant": answer.trial.variant.name,
                "words": answer.trial.variant.words,
                "periods": answer.trial.periods,
                "rows": rows_of(answer),
                "bars": [_plain(asdict(bar)) for bar in answer.bars],
                "havens": [_plain(asdict(havens)) for havens in answer.havens],
            }
            for answer in answers
        ],
    }


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """Return one row a density: mean, spread, least and most periods, runs that lived on."""
    trial = answer.trial
    return [
        {
            "variant": trial.variant.name,
            "cop_density": density,
            "replicates": int(trial.times.shape[1]),
            "mean": float(trial.mean[row]),
            "spread": float(trial.spread[row]),
            "least": int(trial.times[row].min()),
            "most": int(trial.times[row].max()),
            "lived_on": int(trial.lived_on[row].sum()),
        }
        for row, density in enumerate(trial.densities)
    ]


def csv_of(answers: Sequence[Answer]) -> str:
    """Return the rows of all variants as CSV."""
    rows = [row for answer in answers for row in rows_of(answer)]
    out = io.StringIO()
    table = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def verdict(reproduced: bool | None) -> str:
    """Return a verdict in a word."""
    if reproduced is None:
        return "undecided"
    return "reproduced" if reproduced else "missed"


def text_of(answers: Sequence[Answer], *, quick: bool) -> str:
    """Return the answer as text."""
    lines = ["Epstein's Model II, periods until a group is extinct (legitimacy 0.8)"]
    if quick:
        lines.append("--quick: few runs, most results are undecided")
    for answer in answers:
        lines += ["", f"{answer.trial.variant.name}: {answer.trial.variant.words}"]
        lines.append("  cops/site   mean  spread  least   most  lived on")
        lines += [
            f"  {row['cop_density']:9.2f} {row['mean']:6.0f} {row['spread']:7.0f} {row['least']:6d} "
            f"{row['most']:6d}  {row['lived_on']} of {row['replicates']}"
            for row in rows_of(answer)
        ]
        lines += [
            f"  {verdict(bar.reproduced):10s} {bar.statistic}: {bar.value:.2f} ({bar.band})"
            for bar in answer.bars
        ]
        lines += [f"  {havens_in_words(havens)}" for havens in answer.havens]
    return "\n".join(lines)


def havens_in_words(havens: Havens) -> str:
    """Return what became of both groups in a sentence."""
    words = f"cops at {havens.density:g} from period 50: both groups alive in period 500 in "
    words += f"{havens.lived_on:.0%} of runs"
    if havens.lived_on > 0.0:
        words += f" (the smaller with {havens.smaller:.0%} of the people, {havens.ratio:.1f} times "
        words += "as often with a cop in sight)"
    return words + f"; safe havens in {havens.havens:.0%}"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in row.items()
    }


def _draw(answers: Sequence[Answer], folder: Path, *, seed: int) -> None:
    from analysis.plots.epstein_grid import epstein_grid
    from analysis.plots.extinction_times import extinction_times
    from analysis.plots.figure import save_as

    save_as(extinction_times([row for one in answers for row in _points(one)]),
            folder / "extinction_times.png")  # fmt: skip
    variant = answers[0].trial.variant
    seen = snapshots(variant, periods=SEEN, seed=seed)
    save_as(epstein_grid(seen, title=f"Model II, {variant.words}"), folder / "grid.png")


def _points(answer: Answer) -> list[dict[str, Any]]:
    trial = answer.trial
    return [
        {"variant": trial.variant.name, "cop_density": density, "time": int(time),
         "lived_on": bool(on)}
        for row, density in enumerate(trial.densities)
        for time, on in zip(trial.times[row], trial.lived_on[row], strict=True)
    ]  # fmt: skip


def _write(file: Path, text: str) -> None:
    with writing(file.parent, "nothing was written", key=str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(file, text.encode())


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall epstein", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--variant", default=DEFAULT, help=f"a reading, or all (default {DEFAULT})")
    parser.add_argument("--quick", action="store_true", help="10 runs at 4 densities")
    parser.add_argument("--replicates", type=int, help=f"runs at each density ({REPLICATES})")
    parser.add_argument("--periods", type=int, help=f"at most, for each run ({PERIODS})")
    parser.add_argument("--seed", type=int, default=1, help="of all draws (1)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the table as CSV")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page (Markdown)")
    parser.add_argument("--figures", type=Path, metavar="DIR", help="draw both figures there")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall epstein"))
