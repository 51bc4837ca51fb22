"""A stored run recorded week by week: it is the run that was stored, and what was stored of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.timeline import lanes
from analysis.trace import BASELINE, TREATMENT, Trace
from experiments import results, trace
from experiments.config import compose
from experiments.figures import plot
from experiments.plot import draw
from experiments.sweep import run_sweep
from experiments.tasks import TREATMENT as TREATED
from sim.errors import ForestallError

WEEKS, REPLICATES = 60, 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the real model: two starts, few runs."""
    place = tmp_path_factory.mktemp("sweep") / "r"
    config = compose(["action.start=0,13", f"replicates={REPLICATES}", f"weeks={WEEKS}"])
    return run_sweep(config | {"output": str(place)})


@pytest.fixture(scope="module")
def recorded(folder: Path) -> Trace:
    """The run that the command records unless it is told another."""
    assert trace.main([str(folder)]) == 0
    return trace.read(folder)


def test_the_recorded_run_has_the_outcomes_and_weeks_that_were_stored(
    folder: Path, recorded: Trace
) -> None:
    found = results.open(folder)
    runs = found.runs.set_index(["point", "arm", "replicate"])
    point, replicate = recorded.about["point"], recorded.about["replicate"]
    baseline = found.design.set_index("point").loc[point, "baseline"]
    for arm, place in ((TREATMENT, point), (BASELINE, baseline)):
        stored = runs.loc[(place, arm, replicate)]
        for name in found.outcomes:
            assert recorded.about["endings"][arm][name] == stored[name]
        assert recorded.course("killed", arm=arm)[-1] == stored["direct_deaths"]
        assert recorded.courses("communities", "displaced", arm=arm)[-1].sum() == pytest.approx(
            stored["displaced"]
        )


def test_a_run_at_equal_resource_weeks_is_recorded_with_the_doses_that_it_had(
    tmp_path: Path,
) -> None:
    asked = ["action.start=0,13", "replicates=1", "weeks=40", "design.equal=resource_weeks"]
    folder = run_sweep(compose(asked) | {"output": str(tmp_path / "r")})
    assert trace.main([str(folder)]) == 0
    assert trace.read(folder).about["point"] in results.open(folder).points


def test_it_is_chosen_by_the_baselines_at_the_earliest_start(folder: Path, recorded: Trace) -> None:
    found = results.open(folder)
    pairs = found.paired()
    pairs = pairs[pairs["point"] == recorded.about["point"]].set_index("replicate")
    assert found.design.set_index("point").loc[recorded.about["point"], "action.start"] == 0
    killing = pairs.index[pairs["baseline_mass_killing"] > 0]
    expected = killing[0] if len(killing) else pairs["baseline_direct_deaths"].idxmax()
    assert recorded.about["replicate"] == expected
    assert "pairs" in recorded.about["rule"]


def test_before_action_begins_both_recorded_runs_are_the_same(folder: Path) -> None:
    found = results.open(folder)
    late = found.design.loc[found.design["action.start"] == 13, "point"].iloc[0]
    pair = trace.record(found, late, replicate=2)
    opens = int(pair.about["open_week"])
    for table in ("actors", "armed_groups", "communities", "world"):
        frame = pair.tables[table]
        early = frame[frame["week"] < opens].drop(columns="arm")
        half = len(early) // 2
        with_action = early[(frame["arm"] == TREATMENT)[early.index]].reset_index(drop=True)
        without = early[(frame["arm"] == BASELINE)[early.index]].reset_index(drop=True)
        assert len(with_action) == half > 0
        pd.testing.assert_frame_equal(with_action, without)
    assert pair.about["rule"] == ""


@pytest.mark.long
def test_every_figure_of_a_trace_is_drawn_of_it(folder: Path, recorded: Trace) -> None:
    for name in ("two_worlds", "country_over_time", "actors_and_mandates", "who_did_what"):
        assert recorded.about["country"] in plot(name, folder).get_suptitle()
    assert draw("country_over_time", folder, form="gif").is_file()
    assert any(lane.label == "direct deaths" for lane in lanes(recorded))


def test_a_trace_that_is_read_is_the_one_that_was_written(folder: Path, recorded: Trace) -> None:
    again = trace.record(
        results.open(folder), recorded.about["point"], replicate=recorded.about["replicate"]
    )
    for name, table in again.tables.items():
        pd.testing.assert_frame_equal(table, recorded.tables[name], check_dtype=False)
    assert json.loads(json.dumps(again.about["endings"])) == recorded.about["endings"]


def test_a_run_that_comes_out_differently_today_is_refused(
    folder: Path, recorded: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = results.open(folder)
    paired = found.paired()
    paired["baseline_direct_deaths"] += 1
    monkeypatch.setattr(found, "paired", lambda: paired)
    with pytest.raises(ForestallError, match="the model has changed since"):
        trace.record(found, recorded.about["point"], replicate=0)


def test_what_cannot_be_recorded_or_read_is_one_line(
    folder: Path, recorded: Trace, tmp_path: Path
) -> None:
    with pytest.raises(ForestallError, match="--replicate: -1 is not allowed"):
        trace.main([str(folder), "--replicate", "-1"])
    with pytest.raises(ForestallError, match=r"did you mean 'action\.start'"):
        trace.main([str(folder), "action.stat=0"])
    with pytest.raises(ForestallError, match="no longer makes point 0123"):
        trace.record(results.open(folder), "0123", replicate=0)
    with pytest.raises(ForestallError, match="no run is recorded; forestall trace"):
        trace.read(tmp_path)
    broken = trace.write(recorded, tmp_path)
    (broken / "world.parquet").write_bytes(b"cut")
    with pytest.raises(ForestallError, match="damaged, record the run again"):
        trace.read(tmp_path)


def test_weeks_of_a_recorded_run_count_as_the_stored_quantiles_do(
    folder: Path, recorded: Trace
) -> None:
    found = results.open(folder)
    stored = found.weekly_quantiles(
        "deaths_to_date", recorded.about["point"], TREATED, q=(0.0, 1.0)
    )
    low, high = (stored[stored["quantile"] == q]["value"].to_numpy() for q in (0.0, 1.0))
    course = recorded.course("killed")
    # Quantiles are within a bin of the stored histograms.
    assert (course >= 0.9 * low - 1).all() and (course <= 1.1 * high + 1).all()
    assert np.diff(course).min() >= 0
