"""Whatever is typed either runs or is answered in one line; the campaign in `front_door.py`, small."""

from __future__ import annotations

import time
from pathlib import Path

import front_door
import pytest
from front_door import RAN, REFUSED, Typist, try_command, try_configuration

CONFIGURATIONS, COMMANDS = 80, 6


@pytest.mark.long
def test_what_is_typed_runs_or_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typist = Typist()
    front_door.warm_up()
    tried = [try_configuration(typist.configuration()) for _ in range(CONFIGURATIONS)]
    assert [case for case in tried if case.failed] == []
    # A campaign that refuses all, or runs all, has tried nothing.
    assert sum(case.became == RAN for case in tried) >= CONFIGURATIONS // 8
    assert sum(case.became == REFUSED for case in tried) >= CONFIGURATIONS // 8
    assert list(tmp_path.iterdir()) == []


def test_whole_command_lines_end_in_order(tmp_path: Path) -> None:
    typist = Typist(front_door.SEED + 1)
    tried = [try_command(typist.command(), tmp_path / str(one)) for one in range(COMMANDS)]
    assert [case for case in tried if case.failed] == []


@pytest.mark.parametrize(("kind", "words"), front_door.corpus())
def test_what_once_failed_no_longer_does(kind: str, words: tuple[str, ...], tmp_path: Path) -> None:
    case = try_configuration(words) if kind == "configuration" else try_command(words, tmp_path)
    assert not case.failed, case.became


def test_a_fault_or_a_hang_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import experiments.designs

    def broken(_: object) -> None:
        raise KeyError("spread")

    monkeypatch.setattr(experiments.designs, "scenario_of", broken)
    assert try_configuration(["seed=3"]).became == "KeyError: 'spread'"
    monkeypatch.setattr(front_door, "SECONDS", 1)
    monkeypatch.setattr(experiments.designs, "scenario_of", lambda _: [None for _ in iter(int, 1)])
    assert try_configuration(["seed=3"]).became.startswith("HangsError")
    monkeypatch.setattr(experiments.designs, "scenario_of", lambda _: time.sleep(60.0))
    assert try_configuration(["seed=3"]).became.startswith("HangsError")
