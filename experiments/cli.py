"""The command ``forestall``; each subcommand is a module, imported when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from experiments.command import DONE, MISTAKE, run_command
from sim.errors import unknown_name

# Name of the subcommand: its module, and what it does in a few words.
COMMANDS = {
    "demo": ("experiments.demo", "the main idea in a minute: one country, two answers"),
    "run": ("experiments.run", "run one scenario beside the same world without outside action"),
    "plan": ("experiments.plan", "estimate a sweep from a pilot: time, disk, memory"),
    "sweep": ("experiments.sweep", "run a design and draw its response surface"),
    "country": ("experiments.country_files", "import or generate a country"),
    "compare": ("experiments.compare", "what treatment changed, pair by pair, with intervals"),
    "plot": ("experiments.plot", "draw any figure of stored results, or a film"),
    "report": ("experiments.report", "what stored results say, as one HTML page and a PDF"),
    "trace": ("experiments.trace", "record one stored run week by week, for maps and timelines"),
    "sensitivity": (
        "experiments.sensitivity",
        "which factors, or blocks of them, explain the outcome",
    ),
    "discover": ("experiments.discover", "in which worlds action harms, or averts most"),
    "explain": (
        "experiments.explain",
        "why one run and its baseline came apart, as a chain of causes",
    ),
    "calibrate": (
        "experiments.calibration.command",
        "parameter sets that the outside facts leave, frozen",
    ),
    "cases": ("experiments.cases", "historical cases: simulated and recorded, side by side"),
    "validate": (
        "experiments.validate",
        "every outside fact: what the model gives, and whether it lies in the band",
    ),
    "burundi": (
        "experiments.burundi.command",
        "flight from Burundi 2015-16 against registered refugees, and beside FLEE",
    ),
    "epstein": (
        "experiments.epstein.command",
        "Epstein's Model II beside the model: what of it is reproduced",
    ),
    "lesson": ("experiments.lesson", "one claim and its opposite case, with a question to a class"),
    "lesson-page": (
        "experiments.lesson_page",
        "the lessons as one file that opens without Python and network",
    ),
    "app": ("experiments.app", "the page to teach with, in a browser on this machine"),
    "lessons": (
        "experiments.lessons.command",
        "the verdict on the four lessons, by a rule registered before the runs",
    ),
    "export": ("experiments.export", "write stored results as CSV for R and spreadsheets"),
    "catalogue": (
        "experiments.catalogue",
        "every measure: what it acts on, costs, and how it fails",
    ),
    "digest": ("experiments.digest", "print the SHA-256 of stored results"),
    "bench": ("experiments.bench", "measure both engines on this machine"),
}
_EXIT_CODES = (
    "exit codes: 0 done, 2 a mistake in what was asked (one line says which), 3 finished but for "
    "runs that failed, 130 interrupted and resumable, 1 a fault of the program"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``forestall`` with the given arguments and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    while arguments[:1] == ["--debug"]:
        # Also before the subcommand: `run_command` looks for it anywhere.
        arguments = [*arguments[1:], "--debug"]
    name = arguments[0] if arguments else "--help"
    if name in ("-h", "--help", "help"):
        print(usage())
        return DONE
    if name in ("-V", "--version"):
        return _version()
    if name not in COMMANDS:
        error = unknown_name("", name, COMMANDS)
        print(f"forestall: {str(error).replace('name', 'command', 1)}", file=sys.stderr)
        return MISTAKE

    def command(rest: Sequence[str]) -> int:
        return int(import_module(COMMANDS[name][0]).main(rest))

    return run_command(command, arguments[1:], name=f"forestall {name}")


def usage() -> str:
    """Return the help of the command itself."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {meaning}" for name, (_, meaning) in COMMANDS.items()]
    return "\n".join(
        [
            "usage: forestall COMMAND [options] [key=value ...]",
            "",
            "A laboratory for the prevention of mass atrocities.",
            "",
            *lines,
            "",
            "forestall COMMAND --help explains a command; --debug shows tracebacks.",
            _EXIT_CODES,
        ]
    )


def _version() -> int:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"forestall {version('forestall')}")
    except PackageNotFoundError:
        print("forestall (not installed)")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
