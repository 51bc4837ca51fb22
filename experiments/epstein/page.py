"""The page of Model II: what is reproduced under which reading, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.epstein.trials import HAVEN_PERIOD, HAVEN_RATIO

if TYPE_CHECKING:
    from experiments.epstein.command import Answer

_HEAD = """\
# Epstein's Model II

Joshua M. Epstein, "Modeling civil violence: an agent-based computational approach", PNAS 99, suppl. 3
(2002), second model: two groups that may kill each other, and peacekeepers ("cops") between them. It
is an example beside Forestall's own model and shares nothing with it but addressed draws. `model.py`
and `agents.py` are a Mesa model; `compiled.py` is the same compiled, equal in every citizen and period.

The paper leaves open how many sites are in sight (4, or all 8 within a vision of 1.7), whether C/A is
rounded, and whether a citizen is active with nobody to kill in sight. Every result below names its
reading. Further choices are ours: all act once a period, in a new random order; citizens and cops move
before they act; sight is also where one moves to and where clones stand; a clone inherits group and
hardship, and draws risk aversion and death age anew; those in jail are off the grid, grow older, serve
1 to 15 periods and return to a random free site; all are of age 0 at the start.

![What stands on the grid after 0, 50, 100 and 150 periods](grid.png)

![Periods until a group is extinct by the density of cops](extinction_times.png)
"""


def page_of(answers: Sequence[Answer], *, command: str) -> str:
    """Return the page in Markdown."""
    from experiments.epstein.command import havens_in_words, rows_of, verdict

    runs = answers[0].trial.times.shape[1]
    lines = [
        f"<!-- Written by: {command} -->",
        _HEAD,
        "## Held against what was published",
        "",
        f"{runs} runs at each density of cops, legitimacy 0.8. At legitimacy 0.9 nobody can ever be "
        "active (grievance is at most 0.1, the threshold): the published peace is arithmetic.",
        "",
        "| reading | extinct without cops (30 of 30) | rank correlation of mean time and cops (> 0.7) "
        "| spread at >= 0.08 over <= 0.02 (> 5) |",
        "|---|---|---|---|",
    ]
    for answer in answers:
        cells = [f"{bar.value:.2f}, {verdict(bar.reproduced)}" for bar in answer.bars]
        words = answer.trial.variant.words
        lines.append(f"| `{answer.trial.variant.name}`: {words} | {' | '.join(cells)} |")
    lines += ["", *_verdict_lines(answers), "", "## Safe havens", ""]
    lines += [
        "The paper shows a picture in which cops who arrive in period 50 leave havens of the weaker "
        "group, and gives no measure. Here a run has one if both groups are alive in period "
        f"{HAVEN_PERIOD} and those of the smaller have a cop in sight {HAVEN_RATIO:g} times as often "
        "as those of the larger.",
        "",
    ]
    for answer in answers:
        lines += [f"- `{answer.trial.variant.name}`, {havens_in_words(h)}." for h in answer.havens]
    lines += ["", _havens_verdict(answers), "", "## Periods until a group is extinct", ""]
    lines += ["Fast extinctions occur at every density of cops where `least` is small.", ""]
    lines += ["| reading | cops a site | mean | spread | least | most | lived on |",
              "|---|---|---|---|---|---|---|"]  # fmt: skip
    for answer in answers:
        lines += [
            f"| `{row['variant']}` | {row['cop_density']:g} | {row['mean']:.0f} | {row['spread']:.0f} "
            f"| {row['least']} | {row['most']} | {row['lived_on']} of {row['replicates']} |"
            for row in rows_of(answer)
        ]
    return "\n".join(lines) + "\n"


def _verdict_lines(answers: Sequence[Answer]) -> list[str]:
    whole = [a.trial.variant.name for a in answers if all(bar.reproduced for bar in a.bars)]
    missed = [
        a.trial.variant.name for a in answers if any(bar.reproduced is False for bar in a.bars)
    ]
    return [
        "All three hold under: " + (", ".join(f"`{name}`" for name in whole) or "no reading") + ".",
        "At least one is missed under: "
        + (", ".join(f"`{name}`" for name in missed) or "no reading")
        + ".",
    ]


def _havens_verdict(answers: Sequence[Answer]) -> str:
    typical = [
        f"`{answer.trial.variant.name}` at {havens.density:g}"
        for answer in answers
        for havens in answer.havens
        if havens.havens >= 0.5
    ]
    if typical:
        return f"**Safe havens in at least half of the runs under {', '.join(typical)} only.**"
    return "**Safe havens are not reproduced: under no reading do half of the runs have one.**"
