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
    views = (_views(run, week, 0), _views(run, week, 1), _views(run, week, 2))
    for actor in range(actors.shape[1]):
        own = normal_quantile(uniforms(run.seed, run.replicate, week, SIGNAL, actor, 0)[0])
        pressure, protection = (
            actors[I.position_pressure, actor],
            actors[I.position_protection, actor],
        )
        column, line = half_of(pressure), half_of(protection)
        common = shared_view(
            2.0 * pressure - column, 2.0 * protection - line,
            views[line][column], views[line][column + 1],
            views[line + 1][column], views[line + 1][column + 1],
        )  # fmt: skip
        actors[I.error, actor] = report_error(own, common, shared, run.world[W.report_noise])


def _views(run: Run, week: int, line: int) -> tuple[float, float, float]:
    """Return one line of the week's views of those who stand at the corners of the policy space."""
    first, second, third, _ = uniforms(run.seed, run.replicate, week, DIAGNOSIS, line, 0)
    return normal_quantile(first), normal_quantile(second), normal_quantile(third)
