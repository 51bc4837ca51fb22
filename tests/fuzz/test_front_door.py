"""Whatever is typed either runs or is answered in one line; the campaign in `front_door.py`, small."""

from __future__ import annotations

import time
from pathlib import Path

import front_door
import pytest
from front_door import RAN, REFUSED, STOPPED, Slice, Typist, try_command, try_configuration
from quick_compose import quick_composition

from experiments.config import compose
from sim.errors import ForestallError

CONFIGURATIONS, COMMANDS = 40, 8
SET_AND_CHOSEN = (
    ("country=rwanda_1994", "country.government.restraint=0.2", "weeks=9"),
    ("weeks=9", "country=rwanda_1994", "experiment=timing_unity", "weeks=10"),
    ("intervention=[mediation]", "interventions.mediation.intensity=0.4"),
    ("~action", "weeks=3"),
    ("parameters.cost_kill=3", "parameters.nothing=1"),
    ("actors=rwanda_1994", "no_such.key=1"),
    ("country=nowhere", "weeks=3"),
    ("country={a:1}",),
    ("+weeks=3",),
    ("country@here=burundi_2015",),
)
"""Entries set in what files say, in each order, and what is wrong with one or the other."""


def test_what_is_typed_runs_or_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typist = Typist()
    front_door.warm_up()
    with quick_composition():
        tried = [try_configuration(typist.configuration()) for _ in range(CONFIGURATIONS)]
    assert [case for case in tried if case.failed] == []
    # A campaign that refuses all, or runs all, has tried nothing.
    assert sum(case.became == RAN for case in tried) >= CONFIGURATIONS // 8
    assert sum(case.became == REFUSED for case in tried) >= CONFIGURATIONS // 8
    assert list(tmp_path.iterdir()) == []


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    "words",
    [*SET_AND_CHOSEN, *(Typist(front_door.SEED + 2 + one).configuration() for one in range(8))],
)
def test_files_that_are_kept_give_what_files_that_are_read_give(words: tuple[str, ...]) -> None:
    read = _composed(words)
    with quick_composition():
        # Twice: what was set in a copy is not in what is kept.
        assert [_composed(words), _composed(words)] == [read, read]


def _composed(words: tuple[str, ...]) -> object:
    try:
        return compose(words)
    except ForestallError as mistake:
        return str(mistake)


def test_a_slice_that_was_done_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []

    def attempt(kind: str, seed: int, count: int) -> Slice:
        seeds.append(seed)
        return Slice(kind, seed, count, {RAN: count}, [], 0.0)

    monkeypatch.setitem(front_door.SLICES, "commands", (10, attempt))
    first = list(front_door.slices("commands", 25, 7, tmp_path))
    assert [(one.seed, one.cases) for one in first] == [(7, 10), (8, 10), (9, 5)]
    assert list(front_door.slices("commands", 25, 7, tmp_path)) == first
    assert seeds == [7, 8, 9]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("seed", range(front_door.SEED + 1, front_door.SEED + 1 + COMMANDS))
def test_whole_command_lines_end_in_order(seed: int, tmp_path: Path) -> None:
    assert not try_command(Typist(seed).command(), tmp_path).failed


LONG = (
    "sweep", "discover", "cases", "validate", "calibrate", "lessons", "epstein", "bench", "plan",
    "lesson-page made.html", "demo replicates=100000", "lesson timely replicates=100000",
    "explain replicates=20000", "app --no-browser --port=0",
)  # fmt: skip
"""What computes for long, or for as long as it is let."""


def test_a_long_command_says_what_it_does_and_ends_when_interrupted(tmp_path: Path) -> None:
    case = try_command(("sensitivity",), tmp_path, small=(), seconds=6)
    assert case.became == STOPPED


@pytest.mark.long
@pytest.mark.parametrize("words", LONG)
def test_every_long_command_can_be_interrupted(words: str, tmp_path: Path) -> None:
    case = try_command(tuple(words.split()), tmp_path, small=(), seconds=10)
    assert case.became in (STOPPED, RAN), case.became


FAULTS = {
    "while True: pass": "hangs: says nothing for 1 s of processor time",
    "import signal; signal.signal(2, signal.SIG_IGN); print(1, flush=True)\nwhile True: pass":
        "hangs: 1 s after it was interrupted",
    "import signal; signal.signal(2, signal.SIG_DFL); print(1, flush=True)\nwhile True: pass":
        "exit code -2: ",
    "open('here', 'w')": "writes beside the results, into work: ['here']",
    "import os; open(os.path.expanduser('~/x'), 'w')":
        "writes beside the results, into home: ['x']",
    "raise KeyError('week')": "traceback: KeyError: 'week'",
    "raise SystemExit(2)": "says nothing",
    "raise SystemExit(1)": "exit code 1: ",
}  # fmt: skip
"""Programs that do what no command may, and what is said of each."""


@pytest.mark.parametrize("program", FAULTS)
def test_a_command_that_hangs_or_strays_is_noticed(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_door, "PROGRAM", ("-c", program))
    monkeypatch.setattr(front_door, "SECONDS_TO_STOP", 1)
    assert try_command(("run",), tmp_path, seconds=1).became == FAULTS[program]


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
