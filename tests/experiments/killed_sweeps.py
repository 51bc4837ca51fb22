"""A program that kills sweeps with SIGKILL at random moments, and resumes them, until told enough.

Each attempt is a fork, so that a hundred of them cost seconds. Writes take longer than they would, so
that many moments lie within one. Prints one line of JSON: what every kill left behind, and the digest
of every sweep that came to its end.

usage: killed_sweeps.py FOLDER KILLS
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from fake_engine import FakeEngine

from experiments import campaign, results
from experiments import sweep as command
from experiments.config import compose
from experiments.digest import digest
from sim.errors import ForestallError

BATCH, WORKERS = 10, 2
OVERRIDES = (
    "action.start=0,4,9", "actors.dispersion=0,1", "replicates=60", "weeks=6",
    f"executor.batch={BATCH}", f"executor.workers={WORKERS}",
)  # fmt: skip
_WRITE_SECONDS = 0.003


class Noting(FakeEngine):
    """Writes down each run before it computes it; a line is there whole or not at all."""

    def __init__(self, journal: Path) -> None:
        super().__init__(delay=0.0005)
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, runs: list[Any]) -> None:
        names = [f"{one.start} {one.dispersion} {replicate}\n" for one, replicate in runs]
        os.write(self._journal, "".join(names).encode())


def start(act: Callable[[], object]) -> tuple[int, int]:
    """Let a fork act; return its process id and the end of a pipe on which it says what came of it."""
    hear, say = os.pipe()
    if process := os.fork():
        os.close(say)
        return process, hear
    os.close(hear)
    said = json.dumps(act()).encode()
    os.write(say, said)
    os._exit(0)


def answer(act: Callable[[], object]) -> Any:
    """Return what a fork says; this process itself stays without threads, as a fork needs it."""
    process, hear = start(act)
    with os.fdopen(hear, "rb") as pipe:
        said = pipe.read()
    assert os.waitpid(process, 0)[1] == 0
    return json.loads(said)


def sweep(config: dict[str, Any], folder: Path, journal: Path) -> None:
    """Run the sweep without a word; every batch is a chunk, and every write takes its time."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    campaign._CHUNK_CELLS = 1
    fsync = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(_WRITE_SECONDS)
        fsync(descriptor)

    os.fsync = slow  # type: ignore[assignment]
    # Asks git, which would be what most kills meet.
    command.describe = lambda **_: {}
    command.run_sweep(config | {"output": str(folder)}, engine=Noting(journal))


def stored(folder: Path) -> list[str]:
    """Return the runs that a folder holds, named as in the journal."""
    try:
        found = results.open(folder)
    except ForestallError:
        # Killed before its settings were written, and so before any run.
        assert not list(folder.glob("*/chunk-*.parquet"))
        return []
    levers = found.design.set_index("point")[["action.start", "actors.dispersion"]]
    names = {
        point: " ".join(map(str, row))
        for point, row in zip(levers.index, levers.to_numpy(), strict=True)
    }
    return [
        f"{names[point]} {replicate}"
        for point, replicate in found.runs[["point", "replicate"]].itertuples(index=False)
    ]


def torn(folder: Path) -> bool:
    """Return whether a kill left a chunk behind that was being written."""
    weekly, runs = (
        len(list(folder.glob(f"{part}/chunk-*.parquet"))) for part in ("weekly", "runs")
    )
    return weekly != runs or bool(list(folder.glob("*/*.part")))


def kill(
    run: Callable[[], None], folder: Path, journal: Path, after: float, before: set[str]
) -> tuple[dict[str, Any], set[str], bool]:
    """Return what one kill left behind, what is stored now, and whether the sweep was faster."""
    journal.write_bytes(b"")
    process, hear = start(run)
    time.sleep(after)
    os.kill(process, signal.SIGKILL)
    os.close(hear)
    finished = os.waitpid(process, 0)[1] == 0
    half_written = torn(folder)
    stored_now = set(answer(lambda: stored(folder)))
    computed = journal.read_text().split("\n")[:-1]
    left = {
        "computed": len(computed),
        "again": len(before.intersection(computed)) + len(computed) - len(set(computed)),
        "lost": len(before - stored_now),
        "in_flight": len(set(computed) - stored_now),
        "half_written": bool(computed) and half_written,
    }
    return left, stored_now, finished


def main(root: Path, kills: int) -> None:
    """Kill as often as asked, sweep after sweep, and print what came of it."""
    moments = random.Random(6)
    config = compose(OVERRIDES)
    begun = time.monotonic()
    os.waitpid(start(lambda: sweep(config, root / "whole", root / "journal"))[0], 0)
    longest = 0.4 * (time.monotonic() - begun)
    said: dict[str, Any] = {
        "whole": answer(lambda: digest(root / "whole")),
        "kills": [],
        "ends": [],
    }
    while len(said["kills"]) < kills:
        name = str(len(said["ends"]))
        run = partial(sweep, config, root / name, root / f"journal{name}")
        before: set[str] = set()
        finished = False
        while not finished and len(said["kills"]) < kills:
            after = moments.uniform(0, longest)
            left, before, finished = kill(run, root / name, root / f"journal{name}", after, before)
            # However busy the machine: some kills come before the first run, most come later.
            longest *= 0.95 if left["computed"] else 1.2
            if not finished:
                said["kills"].append(left)
        os.waitpid(start(run)[0], 0)
        said["ends"].append(answer(partial(digest, root / name)))
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
