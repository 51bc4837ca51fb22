"""Measures of a user's own as one Python file, given explicitly on the command line.

A scenario file is data and can name no code. Who wants to declare measures in Python says so with
``--measures FILE.py``: the file is run, its ``DECLARATIONS`` become entries of the configuration, and
the SHA-256 of its text goes with them into the key of every design point.
"""

from __future__ import annotations

import hashlib
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import ForestallError
from sim.interventions import CATALOGUE, Declaration
from sim.interventions.own import declared_as, read_own


def read_measures_file(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries that a Python file of measures declares, by name.

    Parameters
    ----------
    path : a file with ``DECLARATIONS``, a tuple of `sim.interventions.Declaration`.

    Raises
    ------
    ForestallError
        The file is not there, fails, declares nothing, or names what the catalogue has.
    """
    option = f"--measures {path}"
    try:
        text = path.expanduser().read_bytes()
        space = runpy.run_path(str(path.expanduser()), run_name="measures")
    except OSError as error:
        raise ForestallError(f"{option}: {error.strerror or error}") from None
    except Exception as error:
        raise ForestallError(f"{option}: {type(error).__name__}: {error}") from error
    declared = space.get("DECLARATIONS")
    if not isinstance(declared, tuple | list) or not declared:
        raise ForestallError(f"{option}: has no DECLARATIONS, a tuple of Declaration")
    entries = {}
    for one in declared:
        if not isinstance(one, Declaration):
            raise ForestallError(f"{option}: {one!r} is not a Declaration")
        if one.name in CATALOGUE:
            raise ForestallError(f"{option}: {one.name!r} is a measure of the catalogue")
        entries[one.name] = declared_as(one) | {"code": hashlib.sha256(text).hexdigest()}
        read_own(one.name, entries[one.name])
    return entries


def add_measures(config: dict[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Add entries of a file to a configuration that has been composed, keeping what it sets."""
    interventions = config["interventions"]
    for name, entry in entries.items():
        interventions[name] = {**entry, **(interventions.get(name) or {})}
