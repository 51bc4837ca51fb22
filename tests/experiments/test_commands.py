"""The command as a process of its own: exit codes, one line on stderr, signals."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from small_sweep import HERE, SWEEP, subprocess_environment

from experiments.cli import COMMANDS
from experiments.digest import digest

FAKE = str(HERE / "fake_engine.py")
SMALL = (*SWEEP, "--no-figures")
Command = Callable[..., subprocess.CompletedProcess[str]]


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_help_answers_in_under_half_a_second(command: Command) -> None:
    took = []
    # The best of three: the machine may be busy with other tests.
    for _ in range(3):
        started = time.monotonic()
        done = command("-m", "experiments", "--help")
        took.append(time.monotonic() - started)
    assert min(took) < 0.5
    assert done.returncode == 0
    for name in ("demo", "sweep", "explain", "bench", "digest", "country"):
        assert name in done.stdout


def test_help_imports_nothing_heavy(command: Command) -> None:
    look = "import sys, experiments.cli; experiments.cli.main(['--help']); print(*sys.modules)"
    loaded = set(command("-c", look).stdout.split())
    assert not loaded & {"numpy", "hydra", "pandas", "matplotlib", "mesa", "numba", "pyarrow"}


def test_a_command_gives_back_the_memory_of_tables_that_it_has_read(command: Command) -> None:
    look = (
        "from experiments.cli import main; main(['digest', 'nowhere']); import pyarrow; "
        "print(pyarrow.default_memory_pool().backend_name)"
    )
    assert command("-c", look).stdout.split() == ["system"]


EVERY_HELP = """
from experiments.cli import COMMANDS, main
for name in COMMANDS:
    try:
        ended = main([name, "--help"])
    except SystemExit as asked:
        ended = asked.code
    print(name, ended)
"""


def test_every_command_explains_itself_where_python_strips_its_docstrings(command: Command) -> None:
    done = command("-OO", "-c", EVERY_HELP)
    assert done.stderr == ""
    ended = done.stdout.splitlines()
    assert [name for name in COMMANDS if f"{name} 0" not in ended] == []


@pytest.mark.parametrize("name", ["run", "plan", "sweep", "digest", "country", "demo", "explain"])
def test_every_command_explains_itself(command: Command, name: str) -> None:
    done = command("-m", "experiments", name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"usage: forestall {name}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("swep",), ("'swep'", "did you mean 'sweep'")),
        (("sweep", "action.strat=3"), ("forestall sweep: action.strat", "'start'")),
        (("sweep", "--outpt", "x"), ("--outpt",)),
        (("digest", "nowhere"), ("nowhere: no such folder",)),
        (("digest", "."), ("not a folder of results",)),
        (("digest",), ("RESULTS",)),
        (("country", "generate", "--output", "x.yaml"), ("--seed",)),
        (("country", "import", "t.csv", "r.csv", "--name", "x", "--output", "y"), ("t.csv: No",)),
        (("sweep", "--scenarios", "nowhere"), ("--scenarios nowhere: no such folder",)),
    ],
)
def test_a_mistake_ends_with_exit_code_2_and_one_line(
    command: Command, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_one_line(command("-m", "experiments", *arguments), *words)


def test_debug_shows_where_a_mistake_came_from(command: Command) -> None:
    done = command("-m", "experiments", "digest", "nowhere", "--debug")
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def test_a_module_runs_as_its_command(command: Command) -> None:
    assert_one_line(command("-m", "experiments.digest", "nowhere"), "forestall digest: nowhere")


def test_a_folder_that_cannot_be_written_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = command(FAKE, *SMALL, f"output={tmp_path}/file/r")
    assert_one_line(done, "output: cannot write to", "Not a directory; choose another")


def test_a_full_disk_is_one_line_and_a_resumed_sweep_is_whole(
    command: Command, tmp_path: Path
) -> None:
    def no_large_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    arguments = (FAKE, *SMALL, "weeks=300", "replicates=40")
    full = subprocess.run(
        [sys.executable, *arguments, f"output={tmp_path}/r"],
        capture_output=True, text=True, timeout=60, check=False, preexec_fn=no_large_files,
        env=subprocess_environment(),
    )  # fmt: skip
    full.stderr = full.stderr.splitlines()[-1]  # after the progress
    assert_one_line(full, "output: cannot write to", "File too large", "resumes")
    assert not list((tmp_path / "r").rglob("*.part"))
    assert command(*arguments, f"output={tmp_path}/r").returncode == 0
    assert command(*arguments, f"output={tmp_path}/whole").returncode == 0
    assert digest(tmp_path / "r") == digest(tmp_path / "whole")


@pytest.mark.one_in(3)
@pytest.mark.parametrize("after", [0.0, 0.8])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_keeps_its_runs_and_resumes_to_the_same_digest(
    command: Command, tmp_path: Path, number: signal.Signals, after: float
) -> None:
    arguments = (FAKE, *SMALL, "replicates=50", "executor.batch=5", "executor.workers=2")
    process = subprocess.Popen(
        [sys.executable, *arguments, f"output={tmp_path}/r"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=subprocess_environment(FAKE_DELAY="0.05"),
    )  # fmt: skip
    assert process.stdout is not None
    assert "300 runs" in process.stdout.readline()
    time.sleep(after)
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert len(said.strip().splitlines()) == 1
    assert "the same command resumes" in said
    kept = int(said.split("interrupted: ")[1].split()[0])
    assert (1 if after else 0) <= kept < 300
    resumed = command(*arguments, f"output={tmp_path}/r")
    assert not kept or f"({kept} stored already)" in resumed.stdout
    assert f"{300 - kept} runs in" in resumed.stdout
    assert re.search(r"[MG]B of memory at the peak; \d+ [kM]B in \d+ files", resumed.stdout)
    command(*arguments, f"output={tmp_path}/whole")
    assert digest(tmp_path / "r") == digest(tmp_path / "whole")


def test_ctrl_c_ends_a_command_whose_compiled_code_still_computes() -> None:
    # It leaves the interpreter's lock to others and hears of no signal for an hour.
    program = (
        "import hashlib, sys; from experiments.command import run_command\n"
        "def command(words):\n"
        "    print('computing', flush=True)\n"
        "    hashlib.pbkdf2_hmac('sha256', b'a', b'b', 2**31 - 1)\n"
        "sys.exit(run_command(command, [], name='forestall lesson'))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=hear_interrupts, env=subprocess_environment(),
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(2.0)  # until it computes
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said == "forestall lesson: interrupted; what was stored stays\n"


def hear_interrupts() -> None:
    """Hear of Ctrl-C also where a shell that sent the tests to the background ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_second_ctrl_c_does_not_wait_for_the_batch_under_way(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, FAKE, *SMALL, "replicates=200", f"output={tmp_path}/r"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=subprocess_environment(FAKE_DELAY="0.1"),
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    for _ in range(2):
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=5)
    assert process.returncode == 130
    assert said == "forestall sweep: interrupted; what was stored stays\n"


@pytest.mark.one_in(2)
@pytest.mark.parametrize("after", [0.3, 0.9])
def test_a_killed_sweep_resumes_to_the_same_digest(
    command: Command, tmp_path: Path, after: float
) -> None:
    program = (
        "import runpy, experiments.campaign as campaign; campaign.CHUNK_SECONDS = 0.1; "
        f"runpy.run_path({FAKE!r}, run_name='__main__')"
    )
    arguments = (*SMALL, "replicates=50", "executor.batch=5")
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments, f"output={tmp_path}/r"],
        stdout=subprocess.PIPE, text=True, env=subprocess_environment(FAKE_DELAY="0.02"),
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    process.kill()
    process.wait(timeout=10)
    process.stdout.close()
    assert command(FAKE, *arguments, f"output={tmp_path}/r").returncode == 0
    assert command(FAKE, *arguments, f"output={tmp_path}/whole").returncode == 0
    assert digest(tmp_path / "r") == digest(tmp_path / "whole")


def test_a_second_sweep_into_the_same_folder_is_refused(command: Command, tmp_path: Path) -> None:
    arguments = (FAKE, *SMALL, "executor.batch=2", f"output={tmp_path}/r")
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env=subprocess_environment(FAKE_DELAY="20"),  # outlives the start of the second
    ) as first:  # fmt: skip
        try:
            assert first.stdout is not None
            first.stdout.readline()
            assert_one_line(command(*arguments), "another sweep", str(first.pid))
        finally:
            first.kill()


def test_a_sweep_prints_the_surface_and_the_paths_of_what_it_wrote(
    command: Command, tmp_path: Path
) -> None:
    done = command(FAKE, *SWEEP, f"output={tmp_path}/r")
    assert done.returncode == 0, done.stderr
    assert "probability of mass killing" in done.stdout
    assert "no action" in done.stdout
    paths = [Path(line) for line in done.stdout.splitlines() if line.startswith(str(tmp_path))]
    assert len(paths) >= 10
    assert all(path.exists() for path in paths)
    summary = (tmp_path / "r" / "summary.csv").read_text().splitlines()
    assert len(summary) == 1 + 4


def test_the_demo_draws_one_picture_and_says_three_sentences(
    command: Command, tmp_path: Path
) -> None:
    demo = ("-m", "experiments", "demo")
    done = command(*demo, "replicates=40", f"output={tmp_path}/d")
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if not line.startswith("compiling")]
    first, second, third, *paths = said
    assert "of 40 runs" in first
    assert "illustration and no evidence" in first
    assert "people are killed without outside action" in second
    assert "Over all 40 runs" in third
    assert {Path(path).suffix for path in paths} == {".svg", ".png"}
    assert all(Path(path).stat().st_size > 10_000 for path in paths)
    assert_one_line(command(*demo, "action.start=3"), "action.start: set by the demo itself")


def test_a_generated_country_can_be_chosen_by_name(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine" / "country" / "plain.yaml"
    generate = ("-m", "experiments", "country", "generate", "--communities", "30", "--seed", "1")
    done = command(*generate, "--output", str(file))
    assert done.returncode == 0, done.stderr
    assert f"--scenarios {tmp_path}/mine country=plain" in done.stdout
    assert_one_line(command(*generate, "--output", str(file)), "exists already")
    sweep = (
        FAKE,
        *SMALL,
        "--scenarios",
        str(tmp_path / "mine"),
        "country=plain",
        "actors=burundi_2015",
    )
    assert command(*sweep, f"output={tmp_path}/r").returncode == 0


def test_a_country_is_imported_from_two_tables(command: Command, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "name,latitude,longitude,population\nA,1.0,30.0,1000\nB,1.1,30.1,500\n"
    )
    (tmp_path / "r.csv").write_text("from,to,km\nA,B,15\n")
    ask = ("-m", "experiments", "country", "import", "t.csv", "r.csv", "--name", "Two towns")
    done = command(*ask, "--output", "country/two.yaml")
    assert done.returncode == 0, done.stderr
    assert "2 places, 1 roads" in done.stdout
    assert "still needs groups, a government" in done.stdout
    assert_one_line(command(*ask, "--output", "t.csv/two.yaml"), "--output", "nothing was written")
    (tmp_path / "r.csv").write_text("from,to,km\nA,C,15\n")
    assert_one_line(command(*ask, "--output", "other.yaml"), "'C'", "roads line 2")
    (tmp_path / "r.csv").write_text("from,to,km\nA,B,15\n")
    (tmp_path / "t.csv").write_text("name,latitude,longitude,population\nA,1,30,1000\nB,1.1,30,\n")
    assert_one_line(command(*ask, "--output", "other.yaml"), "(B)", "--missing-population")
    ranged = ("--missing-population", "100", "300", "--capital", "B")
    assert command(*ask, *ranged, "--output", "ranged.yaml").returncode == 0
    written = (tmp_path / "ranged.yaml").read_text()
    assert "low: 100" in written
    assert "capital: B" in written


def test_an_interrupt_that_is_lost_on_its_way_ends_the_command_all_the_same() -> None:
    """Code that calls back from C cannot hand an exception on, and fails at the next step."""
    program = (
        "import os, signal, sys\n"
        "from experiments.command import run_command\n"
        "def command(words):\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        while True: pass\n"  # another thread may take the signal first
        "    except KeyboardInterrupt:\n"
        "        pass\n"
        "    raise RuntimeError('no compiled object yet')\n"
        "sys.exit(run_command(command, [], name='made up'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
        preexec_fn=hear_interrupts, env=subprocess_environment(),
    )  # fmt: skip
    assert_one_line(done, "interrupted", code=130)
