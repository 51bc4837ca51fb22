"""``forestall lessons``: the verdict on the four lessons, by a rule registered before the runs."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, OneLineParser, run_command
from experiments.provenance import cores
from experiments.terminal import duration, notice
from sim.errors import ForestallError, bad_value

FOLDER = Path("results") / "lessons"
_OVERHEAD = 1.3
"""Time of a sweep over that of its runs: parameter sets are read and results stored beside them."""
_HELP = """\
Judge the four lessons, each as a hypothesis that can fail: acting early (H1) and hard (H1b), priority
(H2), unity (H3), early when united (H1xH3), national attributes (H4). Claims, designs, decision rule
and sample sizes were registered before any run (experiments/lessons/registered.yaml). Every lesson is
run on the ensemble that the facts leave and on the prior, at equal endowment and at equal
resource-weeks, with arrival clamped, with mechanisms off one by one, under rival forms, and in placebo
and adversarial worlds that have to come out the other way.

  forestall lessons --quick      less than two minutes; decides nothing
  forestall lessons              some hours; the same command takes up where it stopped
  forestall lessons H1 H3        some of them
  forestall lessons --plan       how many runs, and how long they would take here
  forestall lessons --page FILE  also writes the page of the verdict, its figures and picture beside it
"""


def main(argv: Sequence[str]) -> int:
    """Judge lessons from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    from experiments.lessons.registration import chosen, quick, registered
    from experiments.lessons.running import pieces, run_piece, seconds_of

    registration = quick(registered()) if asked.quick else registered()
    if asked.workers is not None and asked.workers < 1:
        raise bad_value("--workers", asked.workers, "1 or more", unit="threads")
    lessons = chosen(registration, asked.lessons)
    ensembles = _ensembles(asked.ensemble, registration.ensembles)
    studies = tuple(dict.fromkeys(lesson.study for lesson in lessons))
    wanted = list(pieces(registration, studies, ensembles))
    runs = sum(piece.runs for piece in wanted)
    if asked.plan:
        print(_plan(len(wanted), runs, seconds_of(registration), asked.workers or cores()))
        return DONE
    output = (asked.output or _folder(quick=asked.quick)).expanduser()
    notice(f"registered as {registration.digest[:16]}; {len(wanted)} sweeps, {runs:,} runs")
    begun = time.monotonic()
    for number, piece in enumerate(wanted, start=1):
        notice(
            f"{number} of {len(wanted)}: {piece.place} ({duration(time.monotonic() - begun)} so far)"
        )
        run_piece(
            piece, output, workers=asked.workers, command=["forestall", "lessons", *argv],
        )  # fmt: skip
    from experiments.lessons.report import as_mapping, report, write
    from experiments.lessons.text import text

    found = report(registration, lessons, wanted, output)
    written = write(found, output, figures=not asked.no_figures)
    said = as_mapping(found)
    if asked.page is not None:
        from experiments.lessons.page import write_page

        written += write_page({"command": _command(asked), **said}, asked.page.expanduser())
    if asked.json:
        print(json.dumps(said, allow_nan=False))
        return DONE
    print(text(said))
    for path in written:
        print(path)
    return DONE


def _command(asked: argparse.Namespace) -> str:
    """Return the command that makes the page again, without the places of this machine."""
    flags = [
        *(["--quick"] if asked.quick else []),
        *([f"--ensemble {asked.ensemble}"] if asked.ensemble else []),
    ]
    return " ".join(["forestall lessons", *asked.lessons, *flags, "--page FILE"])


def _plan(sweeps: int, runs: int, each: float, workers: int) -> str:
    took = duration(runs * each * _OVERHEAD / workers)
    return (
        f"{sweeps} sweeps, {runs:,} runs of {1e3 * each:.2f} ms: {took} on {workers} idle "
        f"core{'s' if workers > 1 else ''}, storing included"
    )


def _folder(*, quick: bool) -> Path:
    return FOLDER.with_name("lessons-quick") if quick else FOLDER


def _ensembles(asked: str | None, registered: Sequence[str]) -> tuple[str, ...]:
    if asked is None:
        return tuple(registered)
    if asked not in registered:
        raise ForestallError(f"--ensemble {asked}: registered are {', '.join(registered)}")
    return (asked,)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall lessons", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("lessons", nargs="*", metavar="ID", help="lessons; all unless named")
    parser.add_argument("--quick", action="store_true", help="so few runs that nothing is decided")
    parser.add_argument("--plan", action="store_true", help="say how many runs it is and end")
    parser.add_argument("--ensemble", metavar="NAME", help="one of the registered ensembles alone")
    parser.add_argument("--workers", type=int, metavar="N", help="threads; all cores unless given")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder of the results")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page (Markdown)")
    parser.add_argument("--no-figures", action="store_true", help="write the tables only")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall lessons"))
