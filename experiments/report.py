"""``forestall report``: stored results as one page that needs no network, and as a PDF made from it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.command import DONE, OneLineParser, run_command
from sim.errors import ForestallError

if TYPE_CHECKING:
    from experiments.material import Material

NAME = "report"
_HELP = """\
Write what stored results say as one HTML file, which opens anywhere without a network, and a PDF made
from it: the question, verdicts in plain words with their uncertainty, what would change them, figures,
the scenario, what was run, and the command that makes it again.

  forestall report results/timing_unity-0123abcd
  forestall report RESULTS --out briefing.html --no-pdf

Without --out it is RESULTS/report.html and RESULTS/report.pdf. The PDF needs the extra [report]
(pip install 'forestall[report]'). A run that forestall trace recorded is part of it.
"""


def main(argv: Sequence[str]) -> int:
    """Write a report from command-line arguments; exit code as in `experiments.command`."""
    asked = _parser().parse_args(list(argv))
    from experiments.material import Material
    from experiments.terminal import notice

    given = Material(asked.results)
    file = (asked.out or given.path / f"{NAME}.html").expanduser()
    if file.suffix.lower() not in (".html", ".htm"):
        raise ForestallError(f"--out: {file.name} does not end with .html; the PDF lies beside it")
    page = report(given)
    print(write_page(page, file))
    if not asked.no_pdf:
        try:
            print(write_pdf(page, file.with_suffix(".pdf")))
        except ForestallError as reason:
            notice(str(reason))
    return DONE


def report(given: Material | Path | str) -> str:
    """Return the report of stored results as one HTML page.

    Parameters
    ----------
    given : the results, or their folder.

    Raises
    ------
    ForestallError
        There are no such results, or they are damaged.
    """
    from analysis.page import page
    from experiments import report_parts
    from experiments.material import Material

    material = given if isinstance(given, Material) else Material(given)
    found = report_parts.judged(material)
    return page(
        report_parts.title(material),
        report_parts.lead(material, found),
        [
            ("The question", report_parts.question(material)),
            ("What the runs say", report_parts.answers(material, found)),
            ("What would change the answers", report_parts.changes(material, found)),
            ("Figures", report_parts.figures(material)),
            ("The scenario", report_parts.scenario(material)),
            ("Every point", report_parts.points(material)),
            ("What was run, and how to run it again", report_parts.provenance(material)),
            ("What it is not", report_parts.limits()),
        ],
        foot=report_parts.foot(material),
    )


def write_page(page: str, file: Path) -> Path:
    """Write a page and return its path."""
    from experiments.chunks import write_aside
    from experiments.store import writing

    with writing(file.parent, "--out FILE.html names another place", key="report"):
        file.parent.mkdir(parents=True, exist_ok=True)
        return write_aside(file, page.encode())


def write_pdf(page: str, file: Path) -> Path:
    """Write a page as a PDF and return its path.

    Raises
    ------
    ForestallError
        The extra, or the system's library that it needs, is not installed; or the place cannot be
        written.
    """
    import warnings

    try:
        with warnings.catch_warnings():
            # It warns of what its future versions will need; the reader of a report cannot act on it.
            warnings.simplefilter("ignore", DeprecationWarning)
            from weasyprint import HTML
            from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except ImportError:
        raise ForestallError(
            "no PDF: it needs the extra [report], pip install 'forestall[report]'"
        ) from None
    except OSError as error:
        library = " ".join(str(error).split())[:90]
        raise ForestallError(
            f"no PDF: it needs the system's Pango, such as the package libpangoft2-1.0-0 ({library})"
        ) from None
    from experiments.chunks import write_aside
    from experiments.store import writing

    # What does not lie within the page is not fetched: neither the network nor a file.
    within = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    try:
        content = HTML(string=page, url_fetcher=within).write_pdf(pdf_tags=True)
    except FatalURLFetchingError as error:
        raise ForestallError(f"report: reaches out of the page ({error})") from None
    with writing(file.parent, "--out FILE.html names another place", key="report"):
        return write_aside(file, content)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="forestall report", description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("results", type=Path, metavar="RESULTS", help="folder that a sweep wrote")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the HTML file")
    parser.add_argument("--no-pdf", action="store_true", help="write the HTML only")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall report"))
