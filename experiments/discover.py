"""``forestall discover``: in which worlds outside action does harm, or averts most deaths (PRIM)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

from experiments.command import DONE, run_command
from experiments.design_study import (
    answer,
    check_quantities,
    own_outcomes,
    pairs_of,
    parser,
    quantity_of,
    require,
    results_of,
    study_of,
    write_figure,
    write_tables,
)
from experiments.engines import Engine
from sim.errors import ForestallError, bad_value

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from analysis.prim_boxes import Box
    from analysis.quantities import Column
    from experiments.results import Results

FOLDER = "discovery"
EXPERIMENT = "discovery"
HARM = "harm"
UPPER = 0.75
"""Without a threshold the upper quarter of the points are cases."""
_HELP = """\
Find boxes of factors within which points of a design are cases more often than elsewhere: where outside
action does harm, or where it averts most. Without a folder the design is run first: by default
experiment=discovery, a Latin hypercube over documented ranges. Writes tables (CSV) and a figure.

  forestall discover                                    where action does harm
  forestall discover --on deaths_averted                where it averts most: the upper quarter
  forestall discover --on deaths_averted --threshold 500 --boxes 3
  forestall discover RESULTS                            of a design that is stored, any kind
  forestall discover RESULTS --on displaced_averted     any stored outcome, or NAME_averted
  forestall discover RESULTS --on arrival_week --below 30

A case of harm is a point at which log(1 + direct deaths) is higher with action than without it, in the
mean over its pairs; of the other quantities, a point at or above --threshold, or below --below. Any
stored outcome is one by its name; NAME_averted is how much less of it there is than in the same world
without action. log_deaths is one too, and of end_kind a kind, as end_kind_victory. --outcomes FILE.py
adds your own: OUTCOMES = {"deaths_a_place": ("people a place", function)}, where function takes a table
of runs, one column an outcome, and returns one number a run.
"""


@dataclass(frozen=True, eq=False, kw_only=True)
class Discovery:
    """What was found in one design.

    Attributes
    ----------
    found : the results.
    on : what cases are told by: "harm", or the name of a quantity.
    name : of its tables and its figure.
    case : what a case is, in words.
    factors : one row a point, the factors that vary.
    cases : which of these points are cases.
    noise_share : of the variance between points, what is noise of the replicates.
    unknown : share of the runs in which the quantity has no meaning, and no number.
    boxes : what was found.
    """

    found: Results
    on: str
    name: str
    case: str
    factors: pd.DataFrame
    cases: NDArray[np.bool_]
    noise_share: float
    unknown: float
    boxes: tuple[Box, ...]


def main(argv: Sequence[str], *, engine: Engine | None = None) -> int:
    """Look for boxes from command-line arguments; exit code as in `experiments.command`."""
    options = parser("forestall discover", _HELP)
    options.add_argument(
        "--on", default=HARM, metavar="NAME", help="what makes a point a case: harm (unless given), "
        "any stored outcome or NAME_averted",
    )  # fmt: skip
    options.add_argument(
        "--threshold",
        type=float,
        help="from which on a point is a case; the upper quarter unless given",
    )
    options.add_argument("--below", type=float, help="instead: below which a point is a case")
    options.add_argument("--boxes", type=int, default=1, help="most boxes, 1 to 4")
    options.add_argument(
        "--coverage", type=float, help="share of the cases that a box must hold, 0 to 1; the best "
        "balance unless given",
    )  # fmt: skip
    options.add_argument(
        "--shuffles", type=int, default=19,
        help="how often cases are shuffled to see what chance finds, 0 for never (19)",
    )  # fmt: skip
    asked = options.parse_intermixed_args(list(argv))
    _check(asked)
    study, own = study_of(asked), own_outcomes(asked)
    if asked.on != HARM:
        check_quantities([asked.on], study=study, key="--on", own=own, engine=engine)
    require("ema_workbench")
    found = results_of(
        study, default=[f"experiment={EXPERIMENT}"], engine=engine,
        command=["forestall", "discover", *argv],
    )  # fmt: skip
    discovery = discover(
        found, on=asked.on, threshold=asked.threshold, below=asked.below, boxes=asked.boxes,
        coverage=asked.coverage, shuffles=asked.shuffles, own=own, key="--on",
    )  # fmt: skip
    answer(
        asked, mapping=partial(as_mapping, discovery), text=partial(text, discovery),
        write=partial(write, discovery),
    )  # fmt: skip
    return DONE


def _check(asked: argparse.Namespace) -> None:
    """Refuse what no search can use: a design of hours may be run before the first one begins."""
    for option in ("threshold", "below"):
        value = getattr(asked, option)
        if value is not None and asked.on == HARM:
            raise ForestallError(f"--{option}: harm has none, it begins at no effect")
        if value is not None and not isfinite(value):
            raise bad_value(f"--{option}", value, "a number")
    if None not in (asked.threshold, asked.below):
        raise ForestallError("--below: cases lie below it, or from --threshold on, not both")
    if not 1 <= asked.boxes <= 4:
        raise bad_value("--boxes", asked.boxes, "1 to 4")
    if asked.coverage is not None and not 0 < asked.coverage <= 1:
        raise bad_value(
            "--coverage", asked.coverage, "a share of the cases, more than 0 and at most 1"
        )
    if not 0 <= asked.shuffles <= 999:
        raise bad_value("--shuffles", asked.shuffles, "0 to 999")


def discover(
    found: Results,
    *,
    on: str = HARM,
    threshold: float | None = None,
    below: float | None = None,
    boxes: int = 1,
    coverage: float | None = None,
    shuffles: int = 19,
    own: Sequence[Column] = (),
    key: str = "on",
) -> Discovery:
    """Return the boxes of stored results.

    Parameters
    ----------
    found : results of any design with factors, all of its runs stored.
    on : "harm", or a name as for `analysis.quantities.quantity_named`.
    threshold : from which on a point is a case, in the quantity's unit; the upper quarter when None.
    below : instead, below which it is one.
    boxes, coverage, shuffles : as for `analysis.prim_boxes.prim_boxes`.
    own : outcomes of the user's own.
    key : what an error about a name begins with.

    Raises
    ------
    ForestallError
        Runs are missing, no factor varies, too few points are cases, or there is no such outcome.
    """
    import numpy as np

    from analysis.design_values import point_values
    from analysis.prim_boxes import case_flags, prim_boxes, without_constants

    name = "log_deaths_averted" if on == HARM else on
    quantity = quantity_of(found, name, own=own, key=key)
    values = point_values(pairs_of(found, [quantity]), quantity)
    points = found.points
    # By id: neither the design nor the runs are trusted to be in an order.
    ordered = values.values.loc[points] if set(points) <= set(values.values.index) else None
    if ordered is None:
        raise ForestallError(f"{found.path}: points have no runs yet, finish the sweep first")
    design = found.design.set_index("point").loc[points]
    factors = without_constants(design, [str(row["name"]) for row in found.factors])
    if on == HARM:
        cases, case = case_flags(ordered, threshold=0.0, above=False), "at which action does harm"
    elif below is not None:
        cases = case_flags(ordered, threshold=below, above=False)
        case = f"with {quantity.title} of less than {below:.3g} {quantity.unit}"
    else:
        least = _upper(ordered.to_numpy(np.float64)) if threshold is None else threshold
        cases = case_flags(ordered, threshold=least, above=True)
        case = f"with {quantity.title} of {least:.3g} {quantity.unit} or more"
    return Discovery(
        found=found, on=on, name=on if below is None else f"{on}_below", case=case,
        factors=factors, cases=cases, noise_share=values.noise.share, unknown=values.unknown,
        boxes=tuple(
            prim_boxes(factors, cases, boxes=boxes, coverage=coverage, shuffles=shuffles)
        ),
    )  # fmt: skip


def _upper(values: NDArray[np.float64]) -> float:
    """Return the upper quartile; of values most of which are the least one, the next that is above."""
    import numpy as np

    quartile = float(np.quantile(values, UPPER))
    above = values[values > values.min()]
    return float(above.min()) if quartile == values.min() and above.size else quartile


def write(discovery: Discovery, folder: Path | None = None, *, figures: bool = True) -> list[Path]:
    """Write tables and figure into a folder, that of the results when None; return what was written.

    Their names begin or end with what cases are told by: boxes on another outcome stand beside them.

    Raises
    ------
    UnwritableError
        The folder cannot be written.
    """
    folder = folder or discovery.found.path
    points = discovery.factors.assign(case=discovery.cases).reset_index()
    tables = {"boxes": _summary(discovery), "limits": _limits(discovery), "points": points}
    named = {f"{discovery.name}_{name}": table for name, table in tables.items()}
    paths = write_tables(folder, FOLDER, named)
    if figures:
        paths += write_figure(folder, f"prim_boxes_{discovery.name}", draw(discovery))
    return paths


def draw(discovery: Discovery) -> Figure:
    """Return the figure of a discovery."""
    from analysis.plots.prim_map import prim_map

    return prim_map(
        discovery.boxes, discovery.factors, discovery.cases, case=discovery.case,
        units={str(row["name"]): str(row["unit"]) for row in discovery.found.factors},
        title=f"{discovery.found.config['country']['name']}: points {discovery.case}",
    )  # fmt: skip


def as_mapping(discovery: Discovery) -> dict[str, Any]:
    """Return a discovery as plain data; what is not known is null."""
    from experiments.compare import records

    return {
        "results": str(discovery.found.path),
        "case": discovery.case,
        "points": int(discovery.cases.size),
        "cases": int(discovery.cases.sum()),
        "boxes": records(_summary(discovery)),
        "limits": records(_limits(discovery)),
    }


def text(discovery: Discovery) -> str:
    """Return a discovery as a terminal shows it."""
    cases = discovery.cases
    lines = [
        f"{int(cases.sum()):,} of {cases.size:,} points are cases ({100 * cases.mean():.1f} %): points "
        f"{discovery.case}"
    ]
    for place, box in enumerate(discovery.boxes, start=1):
        lines += [
            f"\nbox {place}: {box.cases:,} of its {box.points:,} points are cases: density "
            f"{100 * box.density:.1f} %, coverage {100 * box.coverage:.1f} % of all cases, mass "
            f"{100 * box.mass:.1f} % of all points",
            *(f"  {_said(row)}" for row in box.limits.to_dict("records")),
            f"  lift {box.lift:.3f}{_beside_chance(box)}",
        ]
    if discovery.unknown:
        lines.append(
            f"\n{100 * discovery.unknown:.1f} % of the runs have none and are left out of the means"
        )
    if discovery.noise_share > 0:
        lines.append(
            f"\n{100 * discovery.noise_share:.0f} % of the variance between points is noise of the "
            "replicates: that many points may be cases, or none, by luck"
            if discovery.noise_share > 0.1
            else f"\nnoise of the replicates: {100 * discovery.noise_share:.1f} % of the variance "
            "between points"
        )
    return "\n".join(lines)


def _beside_chance(box: Box) -> str:
    if box.chance != box.chance:
        return ""
    better = "better than" if box.lift > box.chance else "no better than"
    return f", {better} the best of what shuffled cases give ({box.chance:.3f})"


def _said(row: dict[str, Any]) -> str:
    p_values = [p for p in (row["qp_low"], row["qp_high"]) if p == p]
    qp = ", ".join(f"{p:.2g}" for p in p_values)
    if row["values"]:
        return f"{row['factor']} is {row['values']} (quasi-p {qp})"
    parts = []
    if row["low"] > row["least"]:
        parts.append(f"{row['low']:.4g} or more")
    if row["high"] < row["most"]:
        parts.append(f"{row['high']:.4g} or less")
    return f"{row['factor']} is {' and '.join(parts)} (quasi-p {qp})"


def _summary(discovery: Discovery) -> pd.DataFrame:
    import pandas as pd

    names = ("coverage", "density", "mass", "lift", "chance", "points", "cases")
    rows = [
        {"box": place, **{name: getattr(box, name) for name in names}}
        for place, box in enumerate(discovery.boxes, start=1)
    ]
    return pd.DataFrame(rows, columns=["box", *names])


def _limits(discovery: Discovery) -> pd.DataFrame:
    import pandas as pd

    tables = [box.limits.assign(box=place) for place, box in enumerate(discovery.boxes, start=1)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["box"])


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall discover"))
