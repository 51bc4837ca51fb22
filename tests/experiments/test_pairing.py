"""Pairs of the real model as a sweep stores them: equal before and without outside action."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import results
from experiments.config import compose
from experiments.digest import digest
from experiments.results import Results
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


def _stored(
    default: dict[str, Any], world: dict[str, Any], starts: list[Any], **more: Any
) -> Results:
    measures = default["interventions"]
    factors = {"action.start": starts}
    config = default | {
        "seed": world["seed"],
        "parameters": world["parameters"],
        "actors": default["actors"] | {"dispersion": world["dispersion"]},
        "action": {"start": 0, "arrival": world["arrival"]},
        "interventions": {n: m for n, m in measures.items() if n not in world["without"]},
        "design": {"factors": factors},
    }
    with tempfile.TemporaryDirectory() as folder:
        run_sweep(config | {"output": folder} | more)
        found = results.open(folder)
        # Read everything while the folder is there.
        for point, arm in found.arms:
            found.histogram(point, arm)
        found.runs  # noqa: B018
        found.digest = digest(folder)  # type: ignore[attr-defined]
        found.weeks = {arm: found.histogram(*arm) for arm in found.arms}  # type: ignore[attr-defined]
    return found


slow = settings(
    max_examples=20, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@slow
@given(world=worlds())
def test_nothing_differs_before_action_starts_and_nothing_at_all_without_it(
    default: dict[str, Any], world: dict[str, Any]
) -> None:
    found = _stored(default, world, [world["start"], "never"])
    (acting, never) = found.points
    paired = found.paired().set_index("point")
    for name in found.outcomes:
        still = paired.loc[[never]]
        assert (still[name] == still[f"baseline_{name}"]).all(), name
    _assert_equal_weeks(found, never, until=WEEKS)
    _assert_equal_weeks(found, acting, until=SHOCK + world["start"])


@slow
@given(world=worlds())
def test_measures_without_a_dose_change_nothing(
    default: dict[str, Any], world: dict[str, Any]
) -> None:
    everything = {"mediation", "peacekeeping", "humanitarian_aid"}
    found = _stored(default, world | {"without": everything}, [world["start"]])
    (point,) = found.points
    _assert_equal_weeks(found, point, until=WEEKS, besides=("mandate_scale", "spent"))


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


def _assert_equal_weeks(
    found: Any, point: str, *, until: int, besides: tuple[str, ...] = ()
) -> None:
    baseline = found.design.set_index("point").loc[point, "baseline"]
    left, right = found.weeks[point, "treatment"], found.weeks[baseline, "baseline"]
    ignored = [found.series.index(name) for name in besides]
    first, second = (
        np.stack(weeks)[:, (weeks[0] < until) & ~np.isin(weeks[1], ignored)]
        for weeks in (left, right)
    )
    assert np.array_equal(first, second)
