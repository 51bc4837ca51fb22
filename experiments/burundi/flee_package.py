"""FLEE, the published package, on the same files: the program of `flee_run` in its own process."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.burundi import flee_run
from experiments.burundi.record import TABLES, Recorded, find_file, lines_of
from sim.errors import ForestallError

PEOPLE_AN_AGENT = 10


def is_installed() -> bool:
    """Return whether FLEE can be run here."""
    return importlib.util.find_spec("flee") is not None


def run_flee(
    record: Recorded, *, mode: str = "given", seed: int = 1,
    people_an_agent: int = PEOPLE_AN_AGENT,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Return FLEE's refugees by camp and day, float64 (days + 1,) each.

    Parameters
    ----------
    record : what was recorded.
    mode : "given" (as many set out each day as were registered: FLEE's use), "open" (the same without
        closures of places: FLEE 3.1 reads the file's closure of Bujumbura towards Lusenda as one of
        all roads from Bujumbura) or "driven" (500 a day from each place in conflict: FLEE's number).
    seed : of its draws.
    people_an_agent : people that one agent stands for.

    Raises
    ------
    ForestallError
        If FLEE is not installed, or stops; with its last line.
    """
    if not is_installed():
        raise ForestallError("FLEE is not installed: pip install 'forestall[flee]'")
    with tempfile.TemporaryDirectory(prefix="forestall-flee-") as name:
        folder = Path(name)
        counts = [
            line.split(",")[1].strip()
            for line in lines_of(record.folder, "data_layout.csv")
            if "," in line
        ]
        for file in (*TABLES, *counts):
            shutil.copyfile(find_file(record.folder, file), folder / file)
        asked = [str(folder), record.start.isoformat(), str(record.days), str(people_an_agent)]
        done = subprocess.run(
            [sys.executable, str(Path(flee_run.__file__)), *asked, str(seed), mode],
            capture_output=True, text=True, cwd=folder, check=False,
        )  # fmt: skip
    said = done.stdout.strip().splitlines()
    # FLEE ends some mistakes with code 0 and a line on the output.
    if done.returncode != 0 or not said or not said[-1].startswith("{"):
        told = [*said, *done.stderr.strip().splitlines()] if done.returncode else said
        raise ForestallError(f"FLEE stopped: {(told or ['no message'])[-1]}")
    found = json.loads(said[-1])
    return {camp: np.asarray(series, dtype=np.float64) for camp, series in found.items()}
