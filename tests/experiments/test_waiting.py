"""A command that has nothing to say yet says what it is at."""

from __future__ import annotations

import re
import threading
import time
from typing import Any

import pytest
from fake_engine import FakeEngine
from small_sweep import SWEEP

from experiments import plan, sweep, terminal
from experiments.config import compose
from experiments.store import Store


def test_lines_come_after_a_while_one_by_one_and_then_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal, "_SILENCE", 0.01)
    monkeypatch.setattr(terminal, "_LINE_SECONDS", 0.01)
    said: list[str] = []
    three = threading.Event()

    def say(line: str) -> None:
        said.append(line)
        waiting.at("counting")
        if len(said) == 3:
            three.set()

    with terminal.Waiting(say) as waiting:
        assert three.wait(20)
    many = len(said)
    time.sleep(0.05)
    assert len(said) == many
    assert re.fullmatch(r"making the points of the design, \d+ s so far", said[0])
    assert re.fullmatch(r"counting, \d+ s so far", said[1])


def test_what_takes_no_time_is_not_spoken_of() -> None:
    said: list[str] = []
    with terminal.Waiting(said.append) as waiting:
        waiting.at("counting")
    assert said == []


@pytest.mark.parametrize("command", ["sweep", "plan"])
def test_a_design_that_takes_long_to_make_is_no_silence(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = {"sweep": sweep, "plan": plan}[command]
    read, making, looking = module.read_campaign, threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        assert making.wait(20)
        return read(*arguments)

    class SlowStore(Store):
        def __enter__(self) -> Store:
            assert looking.wait(20)
            return super().__enter__()

    def notice(line: str) -> None:
        print(f"note: {line}")
        (making if "making" in line else looking).set()

    monkeypatch.setattr(terminal, "_SILENCE", 0.01)
    monkeypatch.setattr(terminal, "_LINE_SECONDS", 0.01)
    monkeypatch.setattr(module, "Waiting", lambda: terminal.Waiting(notice))
    monkeypatch.setattr(module, "read_campaign", slow)
    monkeypatch.setattr(module, "Store", SlowStore)
    if command == "sweep":
        sweep.run_sweep(compose([*SWEEP, "output=r"]), engine=FakeEngine())
    else:
        plan.main([*SWEEP, "output=r", "--seconds", "0.1"], engine=FakeEngine())
    lines = capsys.readouterr().out.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("sweep: 4 points"))
    before = "\n".join(lines[:first])
    assert re.search(r"note: making the points of the design, \d+ s so far", before)
    assert re.search(r"note: looking at what is stored, \d+ s so far", before)
    assert not any("so far" in line for line in lines[first:])
