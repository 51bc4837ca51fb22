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

from sim.errors import ForestallError, unknown_name
from sim.interventions import CATALOGUE, Declaration
from sim.interventions.measure import SETTINGS, settings_of
from sim.interventions.own import DECLARED, declared_as, is_own, own_declaration, read_own
from sim.reading import known_mapping


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
    text, space = run_file(path, option, as_module="measures")
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


def run_file(path: Path, option: str, *, as_module: str) -> tuple[bytes, dict[str, Any]]:
    """Return the text of a Python file that the command line names, and what it defines when run.

    Parameters
    ----------
    path : the file.
    option : as the user gave it, for errors.
    as_module : its ``__name__`` while it runs.

    Raises
    ------
    ForestallError
        The file is not there, or fails.
    """
    try:
        text = path.expanduser().read_bytes()
        return text, runpy.run_path(str(path.expanduser()), run_name=as_module)
    except OSError as error:
        raise ForestallError(f"{option}: {error.strerror or error}") from None
    except Exception as error:
        raise ForestallError(f"{option}: {type(error).__name__}: {error}") from error


def of_own_measure(key: str) -> bool:
    """Return whether a dotted key is a setting of a measure that is not of the catalogue.

    Such a measure may leave out what it does not change, so that Hydra finds nothing to override.
    """
    section, _, rest = key.partition(".")
    name, _, setting = rest.partition(".")
    return section == "interventions" and name not in CATALOGUE and setting in SETTINGS


def set_own(interventions: dict[str, Any], key: str, value: Any) -> None:
    """Set one setting of a measure of the user's own, by its dotted key.

    Raises
    ------
    ForestallError
        The scenario has no measure of that name.
    """
    _, name, setting = key.split(".", 2)
    if not isinstance(interventions.get(name), dict):
        raise unknown_name(key, name, interventions)
    interventions[name][setting] = value


def fill_own(interventions: Mapping[str, Any]) -> None:
    """Give every measure of the user's own the usual value of each setting that it leaves out.

    A design can then vary what stands nowhere in its file, its start above all. The level of a
    trigger is left to the trigger.

    Raises
    ------
    ForestallError
        A declaration that is not one.
    """
    for name, entry in interventions.items():
        if is_own(entry):
            known_mapping(f"interventions.{name}", entry, (*DECLARED, *SETTINGS))
            usual = settings_of(own_declaration(name, entry))
            entry.update({key: usual[key] for key in usual if key not in {*entry, "threshold"}})
