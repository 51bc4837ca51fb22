from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from experiments import results
from experiments.digest import digest
from experiments.run import NAME, REPLICATES, main, one_world
from experiments.sweep import run_sweep
from sim.errors import ForestallError

SMALL = ("weeks=60", "replicates=20", "executor.workers=2")


def test_a_run_prints_each_outcome_without_and_with_action_and_draws_the_weeks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*SMALL, "output=here"]) == 0
    said = capsys.readouterr().out
    assert "1 point and 1 baseline x 20 replicates = 40 runs of 60 weeks" in said
    interval = r"[\d.,]+ \[[\d.,]+, [\d.,]+\]"
    assert re.search(rf"mass killing, % of runs +{interval} +{interval} +-?[\d.]+ \[", said)
    assert re.search(rf"direct deaths, people +{interval} +{interval}", said)
    assert re.search(r"mandate week +never +in \d+ % of runs, median week \d+", said)
    paths = [Path(line) for line in said.splitlines() if line.startswith("here")]
    assert {path.suffix for path in paths} == {"", ".png", ".svg"}
    assert all(path.exists() for path in paths)


def test_what_a_run_prints_is_what_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    main([*SMALL, "output=here", "--json"])
    (effects,) = json.loads(capsys.readouterr().out)["effects"]
    paired = results.open("here").paired()
    assert effects["n"] == len(paired) == 20
    averted = (paired["baseline_direct_deaths"] - paired["direct_deaths"]).mean()
    assert effects["deaths_averted"] == pytest.approx(averted)


def test_a_run_is_a_sweep_of_one_point(capsys: pytest.CaptureFixture[str]) -> None:
    main([*SMALL, "output=here", "--no-figures"])
    alone = run_sweep(one_world([*SMALL, "output=there"]))
    assert digest("here") == digest(alone)


def test_a_run_has_some_hundred_replicates_unless_told_otherwise() -> None:
    assert one_world([])["replicates"] == REPLICATES
    assert one_world(["replicates=7"])["replicates"] == 7
    assert one_world([])["name"] == NAME


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("action.start=0,13", "action.start: run takes one value, forestall sweep several"),
        ("actors.dispersion=interval(0,1)", "actors.dispersion: run takes one value"),
        ("experiment=timing_unity", "experiment: run takes one world"),
        ("design.points=3", "design.points: run takes one world"),
        ("action.strt=3", "did you mean 'start'"),
    ],
)
def test_what_is_more_than_one_world_is_refused(override: str, words: str) -> None:
    with pytest.raises(ForestallError, match=words):
        main([override])
    assert not list(Path().iterdir())
