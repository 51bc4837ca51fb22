"""Compose a configuration as Hydra does, the files of each choice once instead of every time.

Nine tenths of what a generated configuration costs is Hydra, which reads and merges some twenty files
for each. What comes of the files depends on the chosen ones alone; here it is kept, and entries are set
in a copy of it by Hydra's own function. `test_front_door.py` holds that both ways give the same
configuration and the same line of refusal.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import ConfigCompositionException, HydraException
from omegaconf.errors import OmegaConfBaseException

from experiments import config
from experiments.scenario_folder import scenarios_folder

KEPT = 300
"""Combinations of chosen files that are kept."""


class QuickHydra:
    """Stands in for `experiments.config._hydra`, and keeps what that made of the files."""

    def __init__(self) -> None:
        self._whole = config._hydra
        self._groups = {path.name for path in scenarios_folder().iterdir() if path.is_dir()}
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def __call__(self, overrides: list[str], own: Path | None) -> tuple[Any, dict[str, str]]:
        """Return the composed configuration, and the file that was chosen of each group."""
        try:
            parsed = OverridesParser.create().parse_overrides(overrides=overrides)
        except HydraException:
            return self._whole(overrides, own)
        entries = [one for one in parsed if self._is_entry(one)]
        files = tuple(
            text for text, one in zip(overrides, parsed, strict=True) if one not in entries
        )
        if own is not None or any("=" not in text or text.startswith("~") for text in files):
            return self._whole(overrides, own)
        if files not in self._kept:
            self._kept[files] = pickle.dumps(self._whole(list(files), own))
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(files)
        # Unpickled it is a copy, in a third of the time of `copy.deepcopy`.
        made, choices = pickle.loads(self._kept[files])
        try:
            ConfigLoaderImpl._apply_overrides_to_config(entries, made)
        except OmegaConfBaseException as error:  # as `load_configuration` does
            raise ConfigCompositionException() from error
        return made, choices

    def _is_entry(self, override: Override) -> bool:
        """Return whether an override sets an entry and chooses no file."""
        key = override.key_or_group
        return not (
            override.package is not None
            or "/" in key
            or key == "hydra"
            or key.startswith("hydra.")
            or key in self._groups
        )


@cache
def _quick_hydra() -> QuickHydra:
    return QuickHydra()


@contextmanager
def quick_composition() -> Iterator[None]:
    """Compose every configuration like this for a while."""
    before = config._hydra
    config._hydra = _quick_hydra()
    try:
        yield
    finally:
        config._hydra = before
