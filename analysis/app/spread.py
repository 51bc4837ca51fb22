"""Two hundred courses of chance of a screen's worlds, on the compiled engine, in the background."""

from __future__ import annotations

from functools import partial

import numpy as np

from analysis.app.job import GoesOn, Job, Jobs
from analysis.app.pair import pair_of
from analysis.app.recorder import Floats
from analysis.app.shown import Shown
from sim.ensemble import Ensemble
from sim.scenario import Scenario

REPLICATES = 200
_BATCH = 20

type Worlds = tuple[Floats, ...]
"""Outcomes of the first and the second world, shape (replicates, outcomes) each; of a lesson also of
both left alone."""
_JOBS: Jobs[Worlds] = Jobs(64)


def spread_job(shown: Shown) -> Job[Worlds]:
    """Return the job of a screen, begun if nobody has."""
    return _JOBS.ask(shown.but(replicate=0).key, partial(_run, shown))


def peek_job(shown: Shown) -> Job[Worlds] | None:
    """Return the job of a screen if somebody has begun it and it was not dropped."""
    return _JOBS.peek(shown.but(replicate=0).key)


def _run(shown: Shown, goes_on: GoesOn) -> Worlds | None:
    ensembles = [Ensemble([world]) for world in _worlds(shown)]
    found: list[list[Floats]] = [[] for _ in ensembles]
    for first in range(0, REPLICATES, _BATCH):
        if not goes_on(first):
            return None
        for ensemble, runs in zip(ensembles, found, strict=True):
            which = np.arange(first, first + _BATCH)
            runs.append(ensemble.run(np.zeros_like(which), which, shown.seed).outcomes)
    return tuple(np.concatenate(runs) for runs in found)


def _worlds(shown: Shown) -> list[Scenario]:
    pair = pair_of(shown)
    both = [pair.first, pair.second]
    return [*both, pair.first.baseline(), pair.second.baseline()] if shown.lesson else both
