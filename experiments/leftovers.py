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
    # A folder of results may come from others: no link may lead the removal elsewhere.
    inner = [one for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]
    for one in inner:
        if one.name.startswith(PILOT):
            shutil.rmtree(one, ignore_errors=True)
        elif one.name == JOBS:
            _remove_jobs(one)
    for file in (part for one in (folder, *inner) for part in one.glob("*.part")):
        found = _PART.fullmatch(file.name)
        of_chunk = file.parent != folder and file.name.startswith("chunk-")
        if of_chunk or (found and not _lives(int(found.group(1)))):
            file.unlink(missing_ok=True)


def _remove_jobs(jobs: Path) -> None:
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
