"""Two codings of one case compared: ``python -m experiments.second_coder FIRST.yaml SECOND.yaml``.

`scenarios/CODING.md` asks for it before a case is trusted: how many figures of two people overlap in
their ranges, and how far their best values lie apart on the scales from 0 to 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.bounded import content_of, yaml_of
from experiments.command import DONE, OneLineParser, run_command
from sim.errors import ForestallError
from sim.figures import FIGURE_KEYS, figure_range, read_figure

AIM_OVERLAP, AIM_DISTANCE = 0.9, 0.15
"""What `scenarios/CODING.md` aims at."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One figure as two people coded it: best, lowest and highest of each."""

    key: str
    first: tuple[float, float, float]
    second: tuple[float, float, float]

    @property
    def overlaps(self) -> bool:
        """Whether the two ranges share a value."""
        (_, low, high), (_, other_low, other_high) = self.first, self.second
        return low <= other_high and other_low <= high

    @property
    def distance(self) -> float | None:
        """How far the best values lie apart on a scale from 0 to 1; None for other figures."""
        numbers = (*self.first, *self.second)
        if min(numbers) < -1.0 or max(numbers) > 1.0:
            return None
        return abs(self.first[0] - self.second[0])


def figures_of(node: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Yield every figure and every bare number below a node of a scenario file."""
    if isinstance(node, Mapping) and "grade" in node and set(node) <= set(FIGURE_KEYS):
        yield key, node
    elif isinstance(node, Mapping):
        for name, item in node.items():
            yield from figures_of(item, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from figures_of(item, f"{key}[{i}]")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield key, node


def compare_codings(first: Any, second: Any) -> tuple[list[Pair], list[str]]:
    """Return the figures that both coded, and the names of those that only one did.

    Only figures in doubt are compared: counts that both transcribed alike (grades A and B) and bare
    numbers are left out.
    """
    codings = [
        {
            key: (read_figure(figure, key), *figure_range(figure, key))
            for key, figure in figures_of(coding, "")
            if _in_doubt(figure)
        }
        for coding in (first, second)
    ]
    both = [key for key in codings[0] if key in codings[1]]
    alone = sorted(set(codings[0]) ^ set(codings[1]))
    return [Pair(key=key, first=codings[0][key], second=codings[1][key]) for key in both], alone


def report(pairs: Sequence[Pair], alone: Sequence[str]) -> str:
    """Return in lines of text how far two codings agree, the worst figures first."""
    if not pairs:
        raise ForestallError("second coder: the two files share no figure of grade C or D")
    overlapping = sum(pair.overlaps for pair in pairs) / len(pairs)
    distances = [pair.distance for pair in pairs if pair.distance is not None]
    mean = sum(distances) / len(distances) if distances else 0.0
    lines = [
        f"{len(pairs)} figures coded by both, {len(alone)} by one alone",
        f"ranges overlap in {100 * overlapping:.0f} % (aim: {100 * AIM_OVERLAP:.0f} %)",
        f"mean distance on scales from 0 to 1: {mean:.2f} (aim: {AIM_DISTANCE:g} or less)",
    ]
    apart = sorted(
        (pair for pair in pairs if not pair.overlaps),
        key=lambda pair: -(pair.distance or float("inf")),
    )
    lines += [
        f"  apart: {pair.key}: {_words(pair.first)} against {_words(pair.second)}" for pair in apart
    ]
    return "\n".join([*lines, *(f"  by one alone: {key}" for key in alone)])


def main(argv: Sequence[str]) -> int:
    """Compare two files from command-line arguments; exit code as in `experiments.command`."""
    parser = OneLineParser(prog="python -m experiments.second_coder", description=__doc__,
                           formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("first", type=Path, metavar="FIRST.yaml")
    parser.add_argument("second", type=Path, metavar="SECOND.yaml")
    asked = parser.parse_args(list(argv))
    print(report(*compare_codings(_read(asked.first), _read(asked.second))))
    return DONE


def _in_doubt(figure: Any) -> bool:
    if not isinstance(figure, Mapping) or figure["grade"] not in ("C", "D"):
        return False
    # A source of a whole column has no number, and a course's words are none.
    return bool({"value", "low"} & set(figure)) and not isinstance(figure.get("value"), str)


def _words(figure: tuple[float, float, float]) -> str:
    best, low, high = figure
    return f"{best:g} ({low:g} to {high:g})"


def _read(file: Path) -> Any:
    try:
        return yaml_of(content_of(file))
    except (OSError, ValueError) as error:
        raise ForestallError(f"{file}: {' '.join(str(error).split())}") from None


if __name__ == "__main__":
    sys.exit(run_command(main, name="python -m experiments.second_coder"))
