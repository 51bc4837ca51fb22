"""Mechanism 13, correlated error: actors who stand together share a diagnosis, right or wrong."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import I, S, W
from sim.parameters import P
from sim.randomness import DIAGNOSIS, SIGNAL, normal_quantile, uniforms
from sim.rules.international_actor import report_error


def diagnose(run: Run) -> None:
    """Every actor's report of the week has an error, partly its own and partly shared."""
    actors, row, week = run.actors, run.parameters, int(run.world[W.week])
    shared = row[P.shared_diagnosis] if run.settings[S.correlated_error] > 0.5 else 0.0
    common = normal_quantile(uniforms(run.seed, run.replicate, week, DIAGNOSIS, 0, 0)[0])
    for actor in range(actors.shape[1]):
        own = normal_quantile(uniforms(run.seed, run.replicate, week, SIGNAL, actor, 0)[0])
        actors[I.error, actor] = report_error(
            own, common, actors[I.likeness, actor], shared, run.world[W.report_noise]
        )
