"""The small sweep that tests of the runner share, where it runs, and in what environment."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SWEEP = ("action.start=0,4", "actors.dispersion=0,1", "replicates=12", "weeks=10")


def subprocess_environment(**more: str) -> dict[str, str]:
    """Return an environment in which the packages of this working copy are found."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def without_the_right_to_override_permissions() -> None:
    """Let even root be refused what a folder's permissions refuse."""
    capability_bounding_set_drop, override = 24, 1
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(capability_bounding_set_drop, override, 0, 0, 0) == 0


@contextmanager
def read_only(places: list[Path]) -> Iterator[None]:
    """Let folders be read only for a while."""
    for place in places:
        place.chmod(0o555)
    try:
        yield
    finally:
        for place in places:
            place.chmod(0o755)


def run_refused(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module or file that permissions hold for, whoever runs it."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True, text=True, check=False, timeout=300,
        preexec_fn=without_the_right_to_override_permissions, env=subprocess_environment(),
    )  # fmt: skip
