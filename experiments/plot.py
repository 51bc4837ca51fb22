"""``forestall plot``: any figure of stored results, as a picture or as a film."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, OneLineParser, run_command
from sim.errors import ForestallError

_HELP = """\
Draw a figure of stored results. forestall plot --list says which there are and what each needs.

  forestall plot timing_lines results/timing_unity-0123abcd
  forestall plot outcome_distribution RESULTS action.start=0,26 --format pdf
  forestall plot country_over_time RESULTS --format gif        a film of a recorded run
  forestall plot who_did_what RESULTS --out picture.svg

Without --out it is written to RESULTS/figures/NAME.png. How to read each figure, and how not:
analysis/READING.md.
"""


def main(argv: Sequence[str]) -> int:
    """Draw a figure from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_intermixed_args(list(argv))
    from experiments.figures import DRAWINGS, drawing_named

    if asked.list:
        width = max(map(len, DRAWINGS))
        for name, drawing in DRAWINGS.items():
            print(f"{name:<{width}}  {drawing.shows}\n{'':<{width}}  needs {drawing.needs}")
        return DONE
    if not asked.name:
        raise ForestallError("NAME: name a figure; forestall plot --list says which there are")
    drawing_named(asked.name)
    if not asked.results or "=" in asked.results[0]:
        raise ForestallError("RESULTS: name the folder that a sweep wrote")
    print(draw(asked.name, asked.results[0], asked.results[1:], out=asked.out, form=asked.format))
    return DONE


def draw(
    name: str,
    results: str | Path,
    levers: Sequence[str] = (),
    *,
    out: Path | None = None,
    form: str | None = None,
) -> Path:
    """Draw a figure into a file and return its path.

    Parameters
    ----------
    name : of the figure, see `experiments.figures.DRAWINGS`.
    results : the folder.
    levers : texts like ``action.start=0,26``: values that points must have.
    out : the file; ``RESULTS/figures/NAME.FORMAT`` when None.
    form : png, pdf or svg, for ``country_over_time`` also gif or mp4; when None what `out` ends with,
        or else png.

    Raises
    ------
    ForestallError
        No such figure or format, or the results lack what the figure needs.
    """
    from analysis.plots.country_over_time import FILMS, film_country
    from analysis.plots.figure import FORMATS, save_as
    from experiments.compare import read_levers
    from experiments.figures import drawing_named
    from experiments.folder import FIGURES
    from experiments.material import Material
    from sim.errors import bad_value

    drawing = drawing_named(name)
    kind = form or (out.suffix.removeprefix(".").lower() if out else "png")
    film = name == "country_over_time"
    possible = (*FORMATS, *FILMS) if film else FORMATS
    if kind not in possible:
        raise bad_value("format", kind, f"one of {', '.join(possible)}")
    if out and form and out.suffix.lower() != f".{form}":
        raise ForestallError(f"--out: {out.name} does not end with .{form}, the format asked for")
    given = Material(results, read_levers(levers))
    file = (out or given.path / FIGURES / f"{name}.{kind}").expanduser()
    if kind in FILMS:
        return film_country(
            given.trace, file, title=f"{given.trace.about['country']}: week by week"
        )
    return save_as(drawing.draw(given), file)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall plot", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the figure")
    parser.add_argument(
        "results", nargs="*", metavar="RESULTS [lever=value ...]",
        help="folder that a sweep wrote, and values that points must have",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="say which figures there are")
    parser.add_argument(
        "--format", metavar="FORMAT", help="png (the default), pdf, svg; gif or mp4 for films"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall plot"))
