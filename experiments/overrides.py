"""Overrides as Hydra's grammar reads them, and which of them make an entry a factor of the design.

``action.start=13`` sets an entry. ``action.start=0,13,26`` and ``action.start=range(0,52,4)`` are
Hydra's sweep syntax: the entry becomes a factor of one design, which the ensemble runs as a whole.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob
from hydra.core.override_parser.types import Override as Parsed
from hydra.errors import HydraException

from experiments.scenario_folder import refuse_escape
from sim.errors import ForestallError, bad_value

MOST_VALUES = 100_000
"""Most values of one factor."""
_GROUPS = ("country", "actors", "course", "intervention", "experiment")
# These are open mappings, whose names are checked later: an override may add to them.
_OPEN = ("parameters.", "design.")
# What would run code when it is resolved: a resolver, or an interpolation made of another.
CALL = re.compile(r"\$\{[^{}]*(:|\$\{)")


@dataclass(frozen=True, kw_only=True)
class Override:
    """One override: `text` for Hydra, and the `values` of a swept entry (empty otherwise)."""

    text: str
    key: str
    values: tuple[Any, ...] = ()


def read_overrides(overrides: Sequence[str]) -> list[Override]:
    """Return the overrides, read by Hydra's grammar.

    Raises
    ------
    ForestallError
        A syntax error, or an override of Hydra itself.
    """
    return [read for text in overrides if (read := as_override(text)).text]


def as_override(text: str) -> Override:
    """Return one override; its text is empty when it asks for nothing (``experiment=null``)."""
    parsed = _parsed(text)
    key = str(parsed.key_or_group)
    if CALL.search(text):
        raise ForestallError(f"{key}: a scenario is data, it may not call {text!r}")
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        raise ForestallError(f"override {text!r}: settings of Hydra are no part of a scenario")
    if parsed.value() is None and key == "experiment":
        return Override(text="", key=key)
    if parsed.value() is None and key in _GROUPS and not parsed.is_delete():
        raise bad_value(key, None, f"the name of a file of {key}/")
    if parsed.is_sweep_override():
        return Override(text=text, key=key, values=_swept(text, parsed))
    if (key in _GROUPS or "/" in key) and not parsed.is_delete():
        chosen = parsed.value()
        for name in chosen if isinstance(chosen, list) else [chosen]:
            refuse_escape(key, str(name))
    prefix = "++" if key.startswith(_OPEN) and not text.startswith(("+", "~")) else ""
    return Override(text=prefix + text, key=key)


def settle_factors(config: dict[str, Any], overrides: Sequence[Override]) -> None:
    """Make swept entries factors, and give a factor the one value that an override asks for.

    Without the second an experiment's own list would silently win over ``action.start=13``.
    """
    design = config.get("design")
    if not isinstance(design, dict) or not isinstance(design.setdefault("factors", {}), dict):
        return
    factors = design["factors"]
    for override in overrides:
        if override.values:
            factors[override.key] = list(override.values)
        elif override.text.startswith("~"):
            factors.pop(override.key, None)
        elif override.key in factors:
            factors[override.key] = [entry_of(config, override.key)]


def entry_of(config: Any, key: str) -> Any:
    """Return the entry of a configuration under a dotted key that it holds."""
    for name in key.split("."):
        config = config[int(name)] if isinstance(config, list) else config[name]
    return config


def _parsed(text: str) -> Parsed:
    if text.startswith("-"):
        raise ForestallError(f"unknown option {text!r}; see --help")
    if "=" not in text and not text.startswith("~"):
        raise ForestallError(f"override {text!r}: expected key=value")
    if text.startswith("="):
        raise ForestallError(f"override {text!r}: expected key=value")
    try:
        return OverridesParser.create().parse_override(text)
    except HydraException as error:
        reason = next(
            (line for line in str(error).splitlines() if not line.startswith("Error parsing")), ""
        )
        reason = " ".join(reason.split()).partition(" expecting ")[0]
        raise ForestallError(f"override {text!r}: expected key=value, {reason}") from None


def _swept(text: str, parsed: Parsed) -> tuple[Any, ...]:
    listed = parsed.is_choice_sweep() or parsed.is_range_sweep()
    listed = listed and not isinstance(parsed.value(), Glob)
    if not listed or "/" in parsed.key_or_group:
        raise ForestallError(
            f"override {text!r}: a design takes lists (0,13,26) and ranges (range(0,52,4))"
        )
    try:
        values = tuple(itertools.islice(parsed.sweep_iterator(), MOST_VALUES + 1))
    except (ValueError, HydraException) as error:
        raise ForestallError(f"override {text!r}: {' '.join(str(error).split())}") from None
    if len(values) > MOST_VALUES:
        raise ForestallError(f"override {text!r}: more than {MOST_VALUES:,} values of one factor")
    if not values:
        raise ForestallError(f"override {text!r}: no value to sweep over")
    if parsed.key_or_group in _GROUPS:
        raise ForestallError(
            f"{parsed.key_or_group}: a design varies entries of one scenario, "
            f"sweep each choice of {parsed.key_or_group} on its own"
        )
    return values
