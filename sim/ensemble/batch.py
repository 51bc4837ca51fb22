"""The loop over replicates: every run of a batch to a given week, one after the other."""

from __future__ import annotations

import numpy as np

from sim.ensemble.run import Run
from sim.fields import W
from sim.outcomes import summarise
from sim.randomness import fill_flight


def advance(
    seed: np.uint64,
    scenario: np.ndarray,
    replicate: np.ndarray,
    graph: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    inputs: tuple[
        np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray
    ],
    state: tuple[
        np.ndarray,
        np.ndarray,
        np.ndarray,
        np.ndarray,
        np.ndarray,
        np.ndarray,
        np.ndarray,
        np.ndarray,
        np.ndarray,
    ],
    series: np.ndarray,
    out: np.ndarray,
    work: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    weeks: int,
) -> None:
    """Run every replicate of a batch for some weeks; at the horizon write its outcomes.

    Parameters
    ----------
    seed : uint64
    scenario, replicate : ndarray, shape (runs,)
        Which scenario each run is of, and its replicate (uint64).
    graph : tuple
        start, end, place, contact.
    inputs : tuple
        nearness, parameters, settings, measures, listed, shocks, recorded; first axis is the
        scenario.
    state : tuple
        world, government, groups, actors, armed, communities, people, presence, programmes; first
        axis is the run.
    series : ndarray, shape (runs, horizon, columns)
    out : ndarray, shape (runs, outcomes)
    work : tuple
        flight, spare, near, sums: to work with; what is in them means nothing.
    weeks : int
    """
    for index in range(scenario.shape[0]):
        which = scenario[index]
        run = Run(
            seed, replicate[index], graph[0], graph[1], graph[2], graph[3],
            inputs[0][which], inputs[1][which], inputs[2][which], inputs[3][which],
            inputs[4][which], inputs[5][which], inputs[6][which],
            state[0][index], state[1][index], state[2][index], state[3][index],
            state[4][index], state[5][index], state[6][index], state[7][index],
            state[8][index],
            series[index], work[0], work[1], work[2], work[3],
            np.uint64(0), np.uint64(work[0].shape[1]),
        )  # fmt: skip
        for _ in range(weeks):
            fill_flight(run.seed, run.replicate, int(run.world[W.week]), run.flight)
            week(run)  # type: ignore[name-defined]  # noqa: F821  (written from sim.schedule)
        if int(run.world[W.week]) == series.shape[1]:
            summarise(run.series, out[index])
