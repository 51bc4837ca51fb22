"""The world that `forestall bench` times in full does what it says, and both engines agree on it."""

from __future__ import annotations

import numpy as np
from same_state import assert_same_record, assert_same_state
from small_worlds import started

from experiments import bench, bench_runs
from sim.fields import R
from sim.interventions import X, measure_table
from sim.model import PreventionModel


def test_twenty_measures_of_eight_actors_are_at_work_and_both_engines_are_equal() -> None:
    scenario = bench_runs.synthetic(8, 60, measures=bench.FULL[1])
    batch, model = started(scenario), PreventionModel(scenario, seed=1)
    at_work: set[int] = set()
    for _ in range(scenario.weeks):
        batch.advance(1)
        model.step()
        at_work |= set(np.flatnonzero(batch.state["programmes"][0, R.dose] > 0.0).tolist())
    assert_same_state(model, batch)
    assert_same_record(model, batch)
    heads = set(measure_table(scenario.measures)[:, X.head].astype(int).tolist())
    assert len(scenario.measures) == len(heads) == 20
    assert heads <= at_work
    assert batch.state["actors"].shape[2] == 8
    assert all(scenario.switches.values())


def test_without_a_number_the_default_measures_alone_are_timed() -> None:
    assert len(bench_runs.synthetic(8, 60).measures) == 3
