"""The digest of results: equal when every stored run and every weekly histogram is equal.

SHA-256 over the rows of all runs in the order (point, replicate, arm), then over the weekly
histograms in the order (point, arm, week, series, bin), as little-endian bytes. It does not depend
on chunks, batches, workers, the order in which they finished, the machine's name or the time.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments import results
from experiments.chunks import joined
from experiments.command import DONE, OneLineParser, run_command
from experiments.tasks import BASELINE, TREATMENT
from sim.errors import ForestallError

_ARMS = (BASELINE, TREATMENT)


def digest(path: Path | str) -> str:
    """Return the digest of a finished sweep, 64 hexadecimal digits.

    Parameters
    ----------
    path : folder of the results.

    Raises
    ------
    ForestallError
        The folder holds no results, is damaged, or the sweep is not finished.
    """
    found = results.open(path)
    if found.runs_stored < found.runs_wanted:
        raise ForestallError(
            f"{path}: holds {found.runs_stored:,} of {found.runs_wanted:,} runs, finish the sweep "
            "before comparing it"
        )
    hashed = hashlib.sha256()
    arms = sorted(found.arms)
    known = set(arms)
    for point in dict.fromkeys(point for point, _ in arms):
        present = [arm for arm in _ARMS if (point, arm) in known]
        hashed.update(_run_bytes(found, point, present))
    for point, arm in arms:
        hashed.update(_labelled(point, arm))
        for column in found.histogram(point, arm):
            hashed.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
    return hashed.hexdigest()


def _run_bytes(found: results.Results, point: str, arms: Sequence[str]) -> bytes:
    """Return the runs of a point, one row a replicate and arm, headed by the names."""
    blocks = []
    for arm in arms:
        rows = joined(found.runs_in_order(point, arm))
        names = ("replicate", *found.outcomes)
        blocks.append(np.stack([_floats(rows, name) for name in names], axis=1))
    by_replicate = np.stack(blocks, axis=1)
    return _labelled(point, *arms, *found.outcomes) + by_replicate.tobytes()


def _floats(rows: pa.Table, name: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = rows.column(name).to_numpy().astype("<f8")
    return values


def _labelled(*names: str) -> bytes:
    return ("\0".join(names) + "\n").encode()


def main(argv: Sequence[str]) -> int:
    """Print the digest of one or more results folders; exit code as in `experiments.command`."""
    parser = OneLineParser(
        prog="forestall digest",
        description="Print the digest of results: equal when every stored run and histogram is equal.",
    )
    parser.add_argument("results", nargs="+", metavar="RESULTS", help="folder that a sweep wrote")
    parser.add_argument("--json", action="store_true", help="one JSON object, folder: digest")
    asked = parser.parse_args(argv)
    digests = {folder: digest(folder) for folder in asked.results}
    if asked.json:
        print(json.dumps(digests))
    else:
        for folder, value in digests.items():
            print(f"{value}  {folder}")
    return DONE


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall digest"))
