"""The entries of ``executor``: which kinds there are, and what each of them takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import ForestallError, bad_value, unknown_name

LOCAL, DASK, SLURM = "local", "dask", "slurm"
_COMMON = ("kind", "workers", "batch")
_ENTRIES = {
    LOCAL: _COMMON,
    DASK: (*_COMMON, "address"),
    SLURM: (*_COMMON, "cluster", "partition", "account", "minutes", "memory"),
}
CLUSTERS = ("slurm", "local")
_MOST_WORKERS = 1024
_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^\s/]+")
_NAME = re.compile(r"[\w.,-]{1,80}", re.ASCII)


def check_executor(settings: Mapping[str, Any], *, given: Iterable[str]) -> None:
    """Raise unless the entries of ``executor`` are those of its kind, and within their ranges.

    Parameters
    ----------
    settings : the entries.
    given : keys of the overrides that the user wrote. Where runs are computed is the user's choice,
        because whoever answers at an address can run code here.

    Raises
    ------
    ForestallError
        One line that names the entry.
    """
    kind = settings.get("kind", LOCAL)
    if kind not in _ENTRIES:
        raise unknown_name("executor.kind", kind, _ENTRIES)
    for name in settings:
        if name not in _ENTRIES[kind]:
            raise unknown_name("executor", name, _ENTRIES[kind])
    _refuse_chosen_by_file(kind, settings, set(given))
    check_whole("executor.workers", settings.get("workers"), low=0, high=_MOST_WORKERS)
    check_whole("executor.batch", settings.get("batch"), low=1, unit="runs")
    if kind == DASK:
        _check_address(settings.get("address"))
    if kind == SLURM:
        _check_slurm(settings)


def _refuse_chosen_by_file(kind: str, settings: Mapping[str, Any], given: set[str]) -> None:
    if kind != LOCAL and not given & {"executor", "executor.kind"}:
        raise ForestallError(
            f"executor: a scenario file may not choose where runs are computed, "
            f"give executor={kind} yourself"
        )
    if settings.get("address") is not None and "executor.address" not in given:
        raise ForestallError(
            "executor.address: a scenario file may not choose a scheduler, "
            "give executor.address=tcp://HOST:PORT yourself"
        )


def _check_address(address: Any) -> None:
    if address is not None and not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
        raise bad_value(
            "executor.address", address, "tcp://HOST:PORT of a Dask scheduler, or null for one here"
        )


def _check_slurm(settings: Mapping[str, Any]) -> None:
    if settings.get("cluster") not in CLUSTERS:
        raise unknown_name("executor.cluster", settings.get("cluster"), CLUSTERS)
    for name in ("partition", "account"):
        value = settings.get(name)
        if value is not None and not (isinstance(value, str) and _NAME.fullmatch(value)):
            raise bad_value(f"executor.{name}", value, "a name that SLURM knows, or null")
    check_whole(
        "executor.minutes", settings.get("minutes"), low=1, high=43_200, unit="minutes a job"
    )
    check_whole("executor.memory", settings.get("memory"), low=1, high=4096, unit="GiB a job")


def check_whole(key: str, value: Any, *, low: int, high: int | None = None, unit: str = "") -> None:
    """Raise unless an entry is a whole number within limits, both included."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise bad_value(key, value, f"a whole number, {low} or more", unit=unit)
    if high is not None and value > high:
        raise bad_value(key, value, f"a whole number between {low} and {high}", unit=unit)
