"""The same sweep in every surrounding: one digest.

    python tests/experiments/determinism.py [--python /path/to/another/python] [--generic]

Each line of the table is a sweep of the model in a process of its own, and its digest. `--generic`
adds one whose machine code is made for no processor in particular: its digest may differ, and by how
much its outcomes do is said instead.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from small_sweep import ROOT, subprocess_environment

SWEEP = (
    "country=burundi_2015", "action.start=0,8", "actors.dispersion=0.2,0.9", "replicates=16",
    "weeks=60", "seed=11",
)  # fmt: skip


@dataclass(frozen=True)
class Surrounding:
    """Where and how a sweep is run."""

    name: str
    overrides: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."
    python: str = sys.executable


SURROUNDINGS = (
    Surrounding("as it comes"),
    Surrounding("1 worker, batches of 1", ("executor.workers=1", "executor.batch=1")),
    Surrounding("2 workers, batches of 7", ("executor.workers=2", "executor.batch=7")),
    Surrounding("1 thread of numba", (), {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}),
    Surrounding("2 processes of dask", ("executor=dask", "executor.workers=2", "executor.batch=9")),
    Surrounding("points in reversed order", ("action.start=8,0", "actors.dispersion=0.9,0.2")),
    Surrounding("every run's series stored", ("store.weekly=full",)),
    Surrounding("PYTHONHASHSEED=0", (), {"PYTHONHASHSEED": "0"}),
    Surrounding("PYTHONHASHSEED=4242", (), {"PYTHONHASHSEED": "4242"}),
    Surrounding("LC_ALL=C", (), {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}),
    Surrounding("LC_ALL=de_DE.UTF-8", (), {"LC_ALL": "de_DE.UTF-8"}),
    Surrounding("TZ=Asia/Kathmandu", (), {"TZ": "Asia/Kathmandu"}),
    Surrounding("TZ=America/St_Johns", (), {"TZ": "America/St_Johns"}),
    Surrounding("a folder with blanks and umlauts", (), {}, "a folder mit Umlaut ü"),
    Surrounding("optimised Python", (), {"PYTHONOPTIMIZE": "2"}),
)
GENERIC = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}


def digest_in(surrounding: Surrounding, place: Path) -> str:
    """Run the sweep in a surrounding and return its digest; the results stay in `place`."""
    folder = place / surrounding.folder
    folder.mkdir(parents=True, exist_ok=True)
    environment = subprocess_environment(**surrounding.environment)
    given = {text.partition("=")[0] for text in surrounding.overrides}
    sweep = [text for text in SWEEP if text.partition("=")[0] not in given]
    base = [surrounding.python, "-W", "ignore", "-m", "experiments"]
    for words in (
        ["sweep", *sweep, *surrounding.overrides, "output=results"], ["digest", "results", "--json"],
    ):  # fmt: skip
        ended = subprocess.run(
            [*base, *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"{surrounding.name}: {ended.stderr.strip()[-400:]}")
    return str(json.loads(ended.stdout)["results"])


def largest_difference(first: Path, second: Path) -> tuple[int, int, float]:
    """Return how many numbers of the runs there are, how many differ, and the largest, relative."""
    import numpy as np

    from experiments import results

    one, two = (
        found.runs[list(found.outcomes)].to_numpy() for found in map(results.open, (first, second))
    )
    differ = ~((one == two) | (np.isnan(one) & np.isnan(two)))
    scale = np.maximum(np.abs(one), np.abs(two))[differ]
    apart = np.abs(one - two)[differ] / scale if differ.any() else np.zeros(1)
    return one.size, int(differ.sum()), float(apart.max())


def main() -> int:
    """Print the table; exit code 1 if a digest differs that may not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--python", action="append", default=[], help="another Python, with numba")
    parser.add_argument("--generic", action="store_true")
    parser.add_argument("--only", type=int, help="so many of the first surroundings")
    asked = parser.parse_args()
    others = tuple(Surrounding(f"Python of {one}", python=one) for one in asked.python)
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        for number, one in enumerate((*SURROUNDINGS[: asked.only], *others)):
            found[one.name] = digest_in(one, Path(place) / str(number))
            print(f"{found[one.name][:16]}  {one.name}", flush=True)
        if asked.generic:
            generic = Surrounding("code for any processor", (), GENERIC)
            digest = digest_in(generic, Path(place) / "generic")
            numbers, differ, apart = largest_difference(
                Path(place) / "0/results", Path(place) / "generic/results"
            )
            print(
                f"{digest[:16]}  {generic.name}: {differ} of {numbers} outcomes, at most {apart:.1e}"
            )
    return 0 if len(set(found.values())) == 1 else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    sys.exit(main())
