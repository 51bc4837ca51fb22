"""What tests of the runner share: a small configuration, and the fake engine on the path."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from small_sweep import SWEEP, subprocess_environment  # noqa: E402


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test works in a folder of its own: the default output is relative."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def config() -> Callable[..., dict[str, Any]]:
    """Return a function that composes a small sweep with more overrides."""
    from experiments.config import compose

    return lambda *overrides: compose([*SWEEP, *overrides])


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a Python module or file as a command of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True, text=True, timeout=120,
            env=subprocess_environment(**environment),
        )  # fmt: skip

    return run
