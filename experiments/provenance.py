"""Where results come from: code, seed, packages, machine and command; and the hash of the model."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from experiments.scenario_folder import scenarios_folder

_PACKAGES = (
    "mesa", "numpy", "scipy", "numba", "llvmlite", "pandas", "pyarrow", "matplotlib", "hydra-core",
)  # fmt: skip


def source_hash(extra: Iterable[Path] = ()) -> str:
    """Return the SHA-256 over the Python source of `sim`, and of `extra` files a run depends on.

    Results are stored under it: a changed rule never serves runs of the old one.
    """
    package = model_folder()
    files = [(str(path.relative_to(package).as_posix()), path) for path in package.rglob("*.py")]
    files += [(f"extra/{index}", path) for index, path in enumerate(extra)]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def model_folder() -> Path:
    """Return the folder of the package `sim`."""
    return scenarios_folder().parent / "sim"


def describe(*, seed: int, engine: str, command: Sequence[str]) -> dict[str, Any]:
    """Return what somebody needs to know to make the same results again, as plain data."""
    return {
        "forestall": package_version(),
        "git": _git(model_folder().parent),
        "source_hash": source_hash(),
        "seed": seed,
        "engine": engine,
        "packages": {name: installed for name in _PACKAGES if (installed := _version(name))},
        "python": sys.version.split()[0],
        "machine": machine(),
        "command": list(command),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def package_version() -> str:
    """Return the version of Forestall, "unknown" when it runs without being installed."""
    return _version("forestall") or "unknown"


def machine() -> dict[str, Any]:
    """Return the processor, the cores that this process may use, memory in bytes and system."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.platform(),
    }


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _git(folder: Path) -> dict[str, Any] | None:
    if not (folder / ".git").exists():
        # Not a working copy; git would otherwise answer for a repository that lies around it.
        return None
    try:
        commit = _ask_git(folder, "rev-parse", "HEAD")
        return {"commit": commit, "dirty": bool(_ask_git(folder, "status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None


def _ask_git(folder: Path, *question: str) -> str:
    answer = subprocess.run(
        ["git", "-C", str(folder), *question],
        capture_output=True, text=True, timeout=10, check=True,
    )  # fmt: skip
    return answer.stdout.strip()


def _version(name: str) -> str | None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    # Of the whole file, description included, only this line is wanted: ten of them parsed take longer
    # than all else that a sweep writes before it begins.
    line = re.search(r"^Version: *(\S+)", found.read_text("METADATA") or "", re.MULTILINE)
    return line[1] if line else found.version
