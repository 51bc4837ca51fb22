"""Every packaged file is found, composes and runs; a hostile one of any group is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from files import load, names

from experiments.config import compose
from experiments.designs import design_of, scenario_of
from experiments.posterior import with_set
from experiments.scenario_folder import scenarios_folder
from sim.engines import run
from sim.errors import ForestallError

GROUPS = (
    "country", "actors", "course", "intervention", "portfolio", "posterior", "experiment", "executor",
)  # fmt: skip
READ = set(GROUPS)
APART = {"lesson", "record"}
HEADS = dict.fromkeys(("experiment", "course", "portfolio"), "# @package _global_\n")
CHOSEN = {
    "country": ["country=mine", "actors=archetype"],
    "actors": ["actors=mine"],
    "course": ["course=mine"],
    "intervention": ["intervention=[mine]"],
    "portfolio": ["portfolio=mine"],
    "posterior": ["posterior=mine"],
    "experiment": ["experiment=mine"],
    "executor": ["executor=mine"],
}


WEEKS = 10


def runs_for_ten_weeks(config: Mapping[str, Any]) -> None:
    """Run two replicates of a world and look at what was recorded."""
    found = run(
        [scenario_of(with_set(config, 0))],
        scenario=np.zeros(2, dtype=int),
        replicate=np.arange(2),
        seed=2,
    )
    assert found.series.shape[1] == WEEKS
    assert np.isfinite(found.series).all()
    assert np.isfinite(found.outcomes).all()


def test_every_folder_of_scenarios_is_covered_here_or_read_apart() -> None:
    found = {folder.name for folder in scenarios_folder().iterdir() if folder.is_dir()}
    assert found <= READ | APART
    assert found >= APART


@pytest.mark.long
@pytest.mark.parametrize("measure", names("intervention"))
def test_every_measure_runs_alone_with_both_engines_equal(measure: str) -> None:
    config = compose([f"intervention=[{measure}]", f"weeks={WEEKS}", "action.start=0"])
    config["country"]["shocks"][0]["week"] = 1
    scenario = scenario_of(config)
    assert len(scenario.measures) == 1
    both = [
        run([scenario], scenario=np.array([0]), replicate=np.array([0]), seed=2, engine=name)
        for name in ("agents", "compiled")
    ]
    assert both[0].series.tobytes() == both[1].series.tobytes()


@pytest.mark.one_in(5)
@pytest.mark.parametrize("name", names("actors"))
def test_every_set_of_actors_can_be_read_with_any_country(name: str) -> None:
    scenario = scenario_of(compose([f"actors={name}"]))
    assert scenario.actors.names
    assert 0.0 <= scenario.actors.unity() <= 1.0


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", names("experiment"))
def test_every_experiment_makes_worlds_that_the_model_takes(name: str) -> None:
    config = compose([f"experiment={name}"])
    assert load("experiment", name)
    scenario_of(config)


@pytest.mark.one_in(6)
@pytest.mark.parametrize(
    "overrides",
    [
        pytest.param(chosen, id=" ".join(chosen))
        for chosen in (
            *([f"country={name}"] for name in names("country")),
            *([f"actors={name}"] for name in names("actors")),
            *([f"portfolio={name}"] for name in names("portfolio")),
            *([f"posterior={name}"] for name in names("posterior")),
            *([f"executor={name}"] for name in names("executor")),
            *([f"country={name}", "course=actual"] for name in names("course/actual")),
            *(
                [*lesson["common"], *lesson[side]["overrides"]]
                for lesson in (load("lesson", name) for name in names("lesson"))
                for side in ("case", "opposite")
            ),
        )
    ],
)
def test_every_file_runs_for_ten_weeks(overrides: list[str]) -> None:
    runs_for_ten_weeks(compose([*overrides, f"weeks={WEEKS}"]))


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", names("experiment"))
def test_the_ends_of_every_experiment_run_for_ten_weeks(name: str) -> None:
    points = design_of(compose([f"experiment={name}", "design.points=8", f"weeks={WEEKS}"])).points
    for point in (points[0], points[-1]):
        runs_for_ten_weeks(point.config)


@pytest.mark.one_in(4)
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    "content",
    [
        "_target_: os.system\n",
        "name: ${oc.env:FORESTALL_SECRET}\n",
        "name: {a: ['${oc.env:FORESTALL_SECRET}']}\n",
        "name: !!python/object/apply:os.system ['true']\n",
        "defaults: [../../../../etc/hostname]\n",
        "defaults: [{/country: ../../secret}]\n",
        "defaults: [{/country@other: /etc/passwd}]\n",
        "defaults: ['${oc.env:FORESTALL_SECRET}']\n",
    ],
)
def test_a_hostile_file_of_any_group_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, content: str
) -> None:
    monkeypatch.setenv("FORESTALL_SECRET", "hunter2")
    (tmp_path / group).mkdir()
    (tmp_path / group / "mine.yaml").write_text(HEADS.get(group, "") + content)
    with pytest.raises(ForestallError) as refusal:
        compose(CHOSEN[group], scenarios=tmp_path)
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
