"""Self-excitation in weekly counts: a discrete-time Hawkes process fitted by likelihood.

The count of a week is Poisson with mean ``base + branching * sum_k fade (1 - fade)^(k - 1) y_(t - k)``:
each event triggers `branching` others, spread over the weeks that follow with a mean lag of
``1 / fade`` weeks (Lewis, Mohler, Brantingham & Bertozzi 2012; discrete form: Mohler, Carter & Raje
2018). What was before the first week is not known and counts as nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]
_MEMORIES = np.array([1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.5, 8.0, 10.0, 13.0, 18.0, 26.0])
"""Mean lags (weeks) that are tried; at each the likelihood has a single top."""
_ITERATIONS = 400


class Hawkes(NamedTuple):
    """A fitted process.

    Attributes
    ----------
    base : events a week that nothing triggers.
    branching : events that an event triggers, all generations apart.
    memory : mean weeks until a triggered event.
    likelihood : logarithm of the likelihood, constants left out.
    """

    base: float
    branching: float
    memory: float
    likelihood: float


def fit_hawkes(counts: ArrayLike) -> Hawkes:
    """Return the most likely process behind weekly counts, shape (weeks,)."""
    events = np.asarray(counts, dtype=np.float64)
    triggered = np.stack([_triggered(events, 1.0 / memory) for memory in _MEMORIES.tolist()])
    mass = np.maximum(triggered.sum(axis=1), 1e-12)
    base = np.full(_MEMORIES.size, max(float(events.mean()), 1e-3) * 0.5)
    branching = np.full(_MEMORIES.size, 0.5)
    # Expectation and maximisation: which events were triggered, and what that says of the rates.
    for _ in range(_ITERATIONS):
        own = branching[:, None] * triggered
        share = events / (base[:, None] + own)
        base = np.maximum(base * share.mean(axis=1), 1e-9)
        branching = np.clip((share * own).sum(axis=1) / mass, 0.0, 0.999)
    rate = base[:, None] + branching[:, None] * triggered
    likelihood = (events * np.log(rate)).sum(axis=1) - rate.sum(axis=1)
    best = int(likelihood.argmax())
    return Hawkes(
        float(base[best]), float(branching[best]), float(_MEMORIES[best]), float(likelihood[best])
    )


def simulate_hawkes(
    weeks: int, *, base: float, branching: float, memory: float, seed: int
) -> Floats:
    """Return weekly counts of a known process, shape (weeks,)."""
    draw = np.random.default_rng(seed)
    counts, excited, fade = np.zeros(weeks), 0.0, 1.0 / memory
    for week in range(weeks):
        counts[week] = draw.poisson(base + branching * excited)
        excited = (1.0 - fade) * excited + fade * counts[week]
    return counts


def _triggered(events: Floats, fade: float) -> Floats:
    """Return the fading sum of earlier events, of weight one for each event in all."""
    level = lfilter([fade], [1.0, -(1.0 - fade)], events)
    return np.concatenate([[0.0], level[:-1]])
