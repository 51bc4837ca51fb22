"""Why the two runs on the screen came apart: what ``forestall explain`` says of them, for a page."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from analysis.app.job import GoesOn, Job, Jobs
from analysis.app.pair import pair_of
from analysis.app.shown import Shown
from experiments.chain_text import Worlds, chain
from experiments.side_by_side import compare_while
from experiments.story_text import story


class Why(NamedTuple):
    """Why two runs came apart, weeks counted from the shock.

    Attributes
    ----------
    story : the turns, for a class.
    steps : every step from the first difference to the horizon, as states came to differ.
    """

    story: list[str]
    steps: list[str]


_JOBS: Jobs[Why] = Jobs(64)


def why_job(shown: Shown) -> Job[Why]:
    """Return the job of a screen, begun if nobody has; it is so far as weeks have been compared."""
    return _JOBS.ask(shown.key, partial(_compare, shown))


def peek_why(shown: Shown) -> Job[Why] | None:
    """Return the job of a screen if somebody has begun it and it was not dropped."""
    return _JOBS.peek(shown.key)


def _compare(shown: Shown, goes_on: GoesOn) -> Why | None:
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
    worlds = Worlds(first, second, f"in {first}", f"in {second}", pair.first.shock_week)
    return Why(story(found, worlds=worlds), chain(found, worlds=worlds))
