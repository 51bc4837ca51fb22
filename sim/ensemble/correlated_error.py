"""Mechanism 13, correlated error: actors who stand together share a diagnosis, right or wrong."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import I, S, W
from sim.parameters import P
from sim.randomness import DIAGNOSIS, SIGNAL, normal_quantile, uniforms
from sim.rules.international_actor import half_of, report_error, shared_view


def diagnose(run: Run) -> None:
    """Every actor's report of the week has an error, partly its own and partly shared."""
    actors, row, week = run.actors, run.parameters, int(run.world[W.week])
    shared = row[P.shared_diagnosis] if run.settings[S.correlated_error] > 0.5 else 0.0
    seeds = (
        uniforms(run.seed, run.replicate, week, DIAGNOSIS, 0, 0),
        uniforms(run.seed, run.replicate, week, DIAGNOSIS, 1, 0),
        uniforms(run.seed, run.replicate, week, DIAGNOSIS, 2, 0),
    )
    for actor in range(actors.shape[1]):
        own = normal_quantile(uniforms(run.seed, run.replicate, week, SIGNAL, actor, 0)[0])
        pressure, protection = (
            actors[I.position_pressure, actor],
            actors[I.position_protection, actor],
        )
        column, line = half_of(pressure), half_of(protection)
        common = shared_view(
            2.0 * pressure - column, 2.0 * protection - line,
            normal_quantile(seeds[line][column]), normal_quantile(seeds[line][column + 1]),
            normal_quantile(seeds[line + 1][column]), normal_quantile(seeds[line + 1][column + 1]),
        )  # fmt: skip
        actors[I.error, actor] = report_error(own, common, shared, run.world[W.report_noise])
