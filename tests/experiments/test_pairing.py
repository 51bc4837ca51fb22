"""Pairs of the real model as a sweep stores them: equal before and without outside action."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import results
from experiments.config import compose
from experiments.digest import digest
from experiments.sweep import run_sweep
from sim.parameters import PARAMETERS

REPLICATES = 6
WEEKS = 80
SHOCK = 26


@pytest.fixture(scope="module")
def default() -> dict[str, Any]:
    return compose([f"replicates={REPLICATES}", f"weeks={WEEKS}", "executor.workers=1"])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the levers, a few parameters, the measures and the seed of a scenario."""
    some = draw(st.lists(st.sampled_from(PARAMETERS), max_size=4, unique_by=lambda p: p.name))
    return {
        "start": draw(st.integers(-SHOCK, WEEKS - SHOCK)),
        "arrival": draw(st.sampled_from(["bargained", 0, 8, 26])),
        "dispersion": draw(st.floats(0, 1)),
        "parameters": {p.name: draw(st.floats(p.low, p.high)) for p in some},
        "without": draw(
            st.sets(st.sampled_from(["mediation", "peacekeeping", "humanitarian_aid"]))
        ),
        "seed": draw(st.integers(0, 2**63 - 1)),
    }


class Stored(NamedTuple):
    """What a sweep stored: pairs, the points in order, and each point's and arm's histogram."""

    paired: pd.DataFrame
    points: list[str]
    baseline: dict[str, str]
    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    weekly: dict[tuple[str, str], tuple[np.ndarray, ...]]


def stored(default: dict[str, Any], world: dict[str, Any], starts: list[Any]) -> Stored:
    """Run a world with several starts of action and return what its folder holds."""
    measures = default["interventions"].items()
    config = default | {
        "seed": world["seed"],
        "parameters": world["parameters"],
        "actors": default["actors"] | {"dispersion": world["dispersion"]},
        "action": {"start": 0, "arrival": world["arrival"]},
        "interventions": {name: one for name, one in measures if name not in world["without"]},
        "design": {"factors": {"action.start": starts}},
    }
    with tempfile.TemporaryDirectory() as folder:
        run_sweep(config | {"output": folder})
        found = results.open(folder)
        baseline = dict(zip(found.design["point"], found.design["baseline"], strict=True))
        weekly = {arm: found.histogram(*arm) for arm in found.arms}
        points, outcomes, series = found.points, found.outcomes, found.series
        return Stored(found.paired(), points, baseline, outcomes, series, weekly)


slow = settings(
    max_examples=20, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@slow
@given(world=worlds())
def test_nothing_differs_before_action_starts_and_nothing_at_all_without_it(
    default: dict[str, Any], world: dict[str, Any]
) -> None:
    found = stored(default, world, [world["start"], "never"])
    (acting, never) = found.points
    paired = found.paired.set_index("point")
    for name in found.outcomes:
        still = paired.loc[[never]]
        assert (still[name] == still[f"baseline_{name}"]).all(), name
    assert_equal_weeks(found, never, until=WEEKS)
    assert_equal_weeks(found, acting, until=SHOCK + world["start"])


@slow
@given(world=worlds())
def test_measures_without_a_dose_change_nothing(
    default: dict[str, Any], world: dict[str, Any]
) -> None:
    everything = {"mediation", "peacekeeping", "humanitarian_aid"}
    found = stored(default, world | {"without": everything}, [world["start"]])
    (point,) = found.points
    assert_equal_weeks(found, point, until=WEEKS)


def test_the_digest_of_the_model_does_not_depend_on_batches_or_workers(
    default: dict[str, Any], tmp_path: Path
) -> None:
    digests = set()
    for batch, workers in ((1, 1), (7, 2), (64, 1), (64, 2)):
        executor = {"batch": batch, "workers": workers}
        design = {"factors": {"action.start": [0, 13], "actors.dispersion": [0, 1]}}
        folder = tmp_path / f"{batch}-{workers}"
        run_sweep(default | {"executor": executor, "design": design, "output": str(folder)})
        digests.add(digest(folder))
    assert len(digests) == 1


def test_both_engines_store_the_same_results(default: dict[str, Any], tmp_path: Path) -> None:
    digests = set()
    for engine in ("compiled", "agents"):
        folder = tmp_path / engine
        small = {"engine": engine, "replicates": 1, "output": str(folder)}
        run_sweep(default | small | {"design": {"factors": {"action.start": [-4, 13]}}})
        digests.add(digest(folder))
    assert len(digests) == 1


def assert_equal_weeks(
    found: Stored, point: str, *, until: int, besides: tuple[str, ...] = ()
) -> None:
    """Assert that a point's histograms equal its baseline's in every week before `until`."""
    left = found.weekly[point, "treatment"]
    right = found.weekly[found.baseline[point], "baseline"]
    ignored = [found.series.index(name) for name in besides]
    first, second = (
        np.stack(weekly)[:, (weekly[0] < until) & ~np.isin(weekly[1], ignored)]
        for weekly in (left, right)
    )
    assert np.array_equal(first, second)
