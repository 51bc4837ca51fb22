"""What a configuration asks for, read and checked before anything is run or written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.campaign import Plan, check_points, plan
from experiments.designs import Design, design_of
from experiments.engines import Engine, engine_named
from experiments.folder import FULL, write_settings
from experiments.identity import WORLD
from experiments.provenance import describe, source_hash
from experiments.resource_weeks import ENDOWMENT, equalised
from experiments.store import Store
from experiments.tasks import Keys


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A configuration that was found good: what it asks for, by what, and where it is stored."""

    config: Mapping[str, Any]
    design: Design
    engine: Engine
    keys: Keys
    folder: Path

    @property
    def full(self) -> bool:
        """Whether the weekly series of every run are stored."""
        return bool(self.config["store"]["weekly"] == FULL)

    def plan(self, store: Store) -> Plan:
        """Return what the design wants that a store does not hold."""
        return plan(self.design, self.keys, self.config["replicates"], store.stored, full=self.full)

    def write(self, command: Sequence[str], folder: Path | None = None) -> None:
        """Write settings, provenance and design into the folder of the results, or another."""
        write_settings(
            folder or self.folder, self.config,
            describe(seed=self.keys.seed, engine=self.engine.name, command=command),
            self.design, keys=self.keys, columns=self.engine.columns,
        )  # fmt: skip


def read_campaign(config: dict[str, Any], engine: Engine | None = None) -> Asked:
    """Return what a configuration asks for, before anything is written or run.

    Parameters
    ----------
    config : as `experiments.config.compose` returns it.
    engine : to run with in place of ``config["engine"]``.

    Raises
    ------
    ForestallError
        The configuration is wrong, or the model cannot take a point.
    """
    engine = engine or engine_named(config["engine"])
    design = equalised(design_of(config), config)
    check_points(design, engine)
    return Asked(
        config=config, design=design, engine=engine,
        keys=Keys(seed=config["seed"], engine=engine.name, source=source_hash()),
        folder=Path(config["output"] or default_folder(config)).expanduser(),
    )  # fmt: skip


def default_folder(config: dict[str, Any]) -> Path:
    """Return ``results/<name>-<key>``; asked for with more points, a design finds it again."""
    world = {key: config[key] for key in (*WORLD, "seed", "engine")}
    key = hashlib.sha256(json.dumps(world, sort_keys=True, default=str).encode()).hexdigest()[:8]
    # At equal resource-weeks the same points are other worlds: a folder of their own.
    equal = config["design"].get("equal", ENDOWMENT)
    kind = "" if equal == ENDOWMENT else f"-{equal}"
    return Path("results") / f"{config['name'] or 'sweep'}{kind}-{key}"
