"""Posteriors as a group of scenario files: replicates run with the sets of a frozen ensemble."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import results
from experiments.config import compose
from experiments.designs import design_of, scenario_of
from experiments.posterior import number_of_sets, remark, with_set
from experiments.provenance import source_hash
from experiments.sweep import run_sweep
from sim.errors import ForestallError
from sim.parameters import P

SETS = "cost_kill,threat_fade\n0.4,0.01\n1.2,0.02\n3.9,0.1\n"


@pytest.fixture
def mine(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a posterior of three sets into a folder of scenarios."""

    def write(text: str = SETS, **more: Any) -> Path:
        folder = tmp_path / "mine" / "posterior"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "three.csv").write_text(text)
        about = {
            "name": "three", "file": "three.csv", "model_source": source_hash(),
            "sha256": hashlib.sha256(text.encode()).hexdigest(), "set": "null", **more,
        }  # fmt: skip
        lines = [f"{key}: {value}" for key, value in about.items()]
        (folder / "three.yaml").write_text("\n".join(lines) + "\n")
        return folder.parent

    return write


def swept(mine: Path, output: str, *overrides: str) -> results.Results:
    config = compose(
        ["posterior=three", "replicates=7", "weeks=60", f"output={output}", *overrides],
        scenarios=mine,
    )
    return results.open(run_sweep(config))


def test_a_replicate_runs_with_the_set_of_its_number(mine: Callable[..., Path]) -> None:
    folder = mine()
    spread = swept(folder, "spread", "action.start=0,13").paired()
    for number in range(3):
        alone = swept(folder, f"set{number}", f"posterior.set={number}", "action.start=0,13")
        assert alone.config["parameters"]["cost_kill"] == [0.4, 1.2, 3.9][number]
        theirs = alone.paired()
        mask = spread["replicate"] % 3 == number
        columns = [name for name in spread.columns if name not in ("point", "replicate")]
        here = spread[mask].sort_values(["replicate", "direct_deaths"])[columns].to_numpy()
        there = theirs[theirs["replicate"].isin(spread[mask]["replicate"])]
        there = there.sort_values(["replicate", "direct_deaths"])[columns].to_numpy()
        assert np.array_equal(here, there)
    assert spread["baseline_direct_deaths"].nunique() > 3


def test_batches_and_workers_do_not_change_which_set_a_run_has(mine: Callable[..., Path]) -> None:
    from experiments.digest import digest

    folder = mine()
    digests = {
        digest(swept(folder, f"batch{size}", f"executor.batch={size}").path) for size in (1, 2, 256)
    }
    assert len(digests) == 1


def test_a_parameter_that_is_set_by_itself_keeps_its_value(mine: Callable[..., Path]) -> None:
    config = compose(["posterior=three", "parameters.cost_kill=2"], scenarios=mine())
    for number in range(3):
        scenario = scenario_of(config, replicate=number)
        assert scenario.parameters[P.cost_kill] == 2.0
        assert scenario.parameters[P.threat_fade] == [0.01, 0.02, 0.1][number]


def test_points_share_their_ids_with_no_posterior_only_where_the_world_is_the_same(
    mine: Callable[..., Path],
) -> None:
    folder = mine()

    def ids(*overrides: str) -> set[str]:
        config = compose(overrides, scenarios=folder)
        return {point.id for point in design_of(config).points}

    assert ids("posterior=three", "posterior.set=1") == ids(
        "parameters.cost_kill=1.2", "parameters.threat_fade=0.02"
    )
    assert ids("posterior=three") != ids()
    assert ids("posterior=null") == ids()


def test_a_design_can_run_several(mine: Callable[..., Path]) -> None:
    folder, two = mine(), "cost_kill\n0.5\n0.6\n"
    (folder / "posterior" / "two.csv").write_text(two)
    (folder / "posterior" / "two.yaml").write_text(
        f"{{name: two, file: two.csv, sha256: '{hashlib.sha256(two.encode()).hexdigest()}', "
        "model_source: '', set: null}\n"
    )
    points = design_of(compose(["posterior=three,two"], scenarios=folder)).points
    assert [point.levers["posterior"] for point in points] == ["three", "two"]
    assert [number_of_sets(point.config) for point in points] == [3, 2]


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        (SETS, {"sha256": "0" * 64}, "not the file that was frozen"),
        (SETS, {"file": "../three.csv"}, "beside the YAML file"),
        (SETS, {"file": "four.csv"}, "four.csv is missing"),
        (SETS.replace("cost_kill", "cost_kil"), {}, "cost_kill"),
        (SETS.replace("3.9", "9"), {}, "set 2: parameters.cost_kill: 9"),
        (SETS.replace("3.9", "x"), {}, "set 2: could not convert"),
        ("cost_kill\n", {}, "holds no parameter set"),
    ],
)
def test_a_posterior_that_cannot_be_is_refused(
    mine: Callable[..., Path], text: str, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(ForestallError, match=said):
        compose(["posterior=three"], scenarios=mine(text, **more))


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["posterior=thre"], "three"),
        (["posterior=three", "posterior.set=3"], "from 0 to 2"),
        (["parameters.cost_kill=[1,2]"], "one number"),
    ],
)
def test_mistakes_in_choosing_one_are_named(
    mine: Callable[..., Path], overrides: list[str], said: str
) -> None:
    with pytest.raises(ForestallError, match=said):
        compose(overrides, scenarios=mine())


def test_what_runs_one_world_asks_for_one_set(mine: Callable[..., Path]) -> None:
    config = compose(["posterior=three"], scenarios=mine())
    assert number_of_sets(config) == 3
    with pytest.raises(ForestallError, match=r"posterior\.set=0 to 2"):
        scenario_of(config)
    assert with_set(config, 5)["parameters"]["cost_kill"] == 3.9


def test_another_model_and_too_few_replicates_are_said(mine: Callable[..., Path]) -> None:
    assert remark(compose([])) == ""
    assert remark(compose(["posterior=three"], scenarios=mine())) == ""
    config = compose(["posterior=three", "replicates=2"], scenarios=mine(model_source="0" * 64))
    assert "another version of the model" in remark(config)
    assert "2 replicates use so many of its 3 sets" in remark(config)
