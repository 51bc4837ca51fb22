"""Why the two runs on the screen came apart: what ``forestall explain`` says of them, for a page."""

from __future__ import annotations

from functools import partial

from analysis.app.job import GoesOn, Job, Jobs
from analysis.app.pair import pair_of
from analysis.app.shown import Shown
from experiments.chain_text import Worlds, chain
from experiments.side_by_side import compare_while

_TELLING = (
    "the first state that differs", "the first mandate", " order ", "the first difference in deaths",
    "Indirect deaths first differ", "At the horizon", "do not differ", "never reaches direct deaths",
)  # fmt: skip

type Sentences = list[str]
"""The chain from the first difference to the horizon."""
_JOBS: Jobs[Sentences] = Jobs(64)


def why_job(shown: Shown) -> Job[Sentences]:
    """Return the job of a screen, begun if nobody has; it is so far as weeks have been compared."""
    return _JOBS.ask(shown.key, partial(_compare, shown))


def peek_why(shown: Shown) -> Job[Sentences] | None:
    """Return the job of a screen if somebody has begun it and it was not dropped."""
    return _JOBS.peek(shown.key)


def _compare(shown: Shown, goes_on: GoesOn) -> Sentences | None:
    pair = pair_of(shown)
    found = compare_while(
        goes_on, pair.first, pair.second, seed=shown.seed, replicate=shown.replicate
    )
    if found is None:
        return None
    first, second = (
        f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
        for name in (pair.first_name, pair.second_name)
    )
    return chain(found, worlds=Worlds(first, second, f"in {first}", f"in {second}"))


def telling(sentences: Sentences) -> Sentences:
    """Return the sentences that a class reads first: where it begins, decisions, deaths, the end."""
    return [line for line in sentences if any(words in line for words in _TELLING)]
