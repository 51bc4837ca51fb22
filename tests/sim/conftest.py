"""What tests of the model share: their own modules on the path, and worlds to run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

settings.register_profile(
    "sim", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sim")


@pytest.fixture
def burundi() -> dict[str, Any]:
    """Return the mapping of the Burundi scenario, fresh for each test."""
    from small_worlds import burundi

    return burundi()


@pytest.fixture
def synthetic() -> dict[str, Any]:
    """Return the mapping of a small country at war, fresh for each test."""
    from small_worlds import three_at_war

    return three_at_war()


@pytest.fixture
def python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a Python programme in a process of its own."""

    def run(source: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(HERE), str(ROOT)])
        return subprocess.run(
            [sys.executable, "-c", source, *arguments],
            capture_output=True, text=True, timeout=240,
            env={**os.environ, "PYTHONPATH": path, **environment},
        )  # fmt: skip

    return run
