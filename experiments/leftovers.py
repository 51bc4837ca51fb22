"""What killed commands leave in a folder of results, and its removal by the next sweep there.

Chunks, settings, pilots and jobs are written by whoever holds the folder's lock: a sweep that has just
got it knows that the owner of every such leftover is dead. Other files, such as a summary, are written
without the lock, and their leftovers carry the number of the process: those of a living one stay.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

PILOT = ".pilot-"
"""How the names of the folders begin that pilots are run in."""
JOBS = "jobs"
"""Folder of what travels to jobs of SLURM and back."""
_PART = re.compile(r".+\.(\d{1,9})\.part")
_OF_JOBS = ("*.pkl", "*.pkl.save_tmp", "*_log.out", "*_log.err", "*.sh")


def remove_leftovers(folder: Path) -> None:
    """Remove what dead processes left in a folder whose lock this process holds.

    Raises
    ------
    OSError
        A file cannot be removed.
    """
    for chunk in folder.glob("*/chunk-*.part"):
        chunk.unlink()
    for pattern in ("*.part", "*/*.part"):
        for file in folder.glob(pattern):
            found = _PART.fullmatch(file.name)
            if found and not _lives(int(found.group(1))):
                file.unlink(missing_ok=True)
    for pilot in folder.glob(f"{PILOT}*"):
        shutil.rmtree(pilot, ignore_errors=True)
    _remove_jobs(folder / JOBS)


def _remove_jobs(jobs: Path) -> None:
    # A folder of results may come from others: no link may lead the removal elsewhere.
    if jobs.is_symlink() or not jobs.is_dir():
        return
    for pattern in _OF_JOBS:
        for file in jobs.glob(pattern):
            file.unlink(missing_ok=True)
    if not any(jobs.iterdir()):
        jobs.rmdir()


def _lives(process: int) -> bool:
    """Return whether there is a process with this number."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # of another user
    return True
