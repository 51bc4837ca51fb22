"""The small sweep that tests of the runner share, where it runs, and in what environment."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SWEEP = ("action.start=0,4", "actors.dispersion=0,1", "replicates=12", "weeks=10")


def subprocess_environment(**more: str) -> dict[str, str]:
    """Return an environment in which the packages of this working copy are found."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}
