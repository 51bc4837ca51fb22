"""Running the registered designs: one sweep a study, condition and ensemble, in a folder of its own.

A sweep that is stored is not run again, and one that was interrupted goes on: `experiments.sweep`.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.lessons.registration import NATIONAL, Condition, Registration

ENDS = ("national", "adversarial")
"""Designs of the fourth lesson."""
_MEASURED = 128


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One sweep: what it is of, its overrides, how many runs it is, and where its results lie."""

    ensemble: str
    study: str
    condition: str
    overrides: tuple[str, ...]
    runs: int
    design: dict[str, Any] | None = None

    @property
    def place(self) -> Path:
        """Folder below the output."""
        return Path(self.ensemble) / self.study / self.condition


def pieces(
    registration: Registration, studies: Sequence[str], ensembles: Sequence[str]
) -> Iterator[Piece]:
    """Yield the sweeps of some studies, the main conditions of the first ensemble first."""
    for ensemble in ensembles:
        for study in studies:
            if study == NATIONAL:
                yield from _national(registration, ensemble)
                continue
            for condition in registration.conditions_of(study):
                yield _contrasted(registration, ensemble, study, condition)


def run_piece(
    piece: Piece,
    output: Path,
    *,
    workers: int | None = None,
    command: Sequence[str] = (),
) -> Path:
    """Run a sweep, as far as it is not stored, and return its folder.

    Parameters
    ----------
    piece : the sweep.
    output : folder of all of them.
    workers : threads; all cores when None.
    command : for the provenance.
    """
    from experiments.sweep import run_sweep

    config = config_of(piece, output, workers=workers)
    with redirect_stdout(sys.stderr):
        return run_sweep(config, command=command)


def config_of(piece: Piece, output: Path, *, workers: int | None = None) -> dict[str, Any]:
    """Return the configuration of a sweep."""
    from experiments.config import compose

    overrides = [*piece.overrides, "executor.batch=2048"]
    if workers is not None:
        overrides.append(f"executor.workers={workers}")
    config = compose(overrides)
    config["output"] = str(output / piece.place)
    if piece.design is not None:
        config["design"] = {**config["design"], **piece.design}
    return config


def seconds_of(registration: Registration) -> float:
    """Return the time of one run on one core, measured on a few runs of the region."""
    import numpy as np

    from experiments.designs import scenario_of
    from sim.ensemble import Ensemble

    piece = next(
        pieces(registration, tuple(registration.raw["studies"])[:1], registration.ensembles)
    )
    config = config_of(piece, Path("."))
    ensemble = Ensemble([scenario_of(config, replicate=0)])
    ensemble.run(np.empty(0, dtype=int), np.empty(0, dtype=int), registration.sizes.seed)
    begun = time.process_time()
    ensemble.run(np.zeros(_MEASURED, dtype=int), np.arange(_MEASURED), registration.sizes.seed)
    return (time.process_time() - begun) / _MEASURED


def _contrasted(
    registration: Registration, ensemble: str, study: str, condition: Condition
) -> Piece:
    declared, sizes = registration.raw["studies"][study], registration.sizes
    pairs = sizes.part if condition.is_part else sizes.pairs
    factors = [
        f"{name}={','.join(map(str, values))}" for name, values in declared["factors"].items()
    ]
    return Piece(
        ensemble=ensemble, study=study, condition=condition.name,
        overrides=(
            f"country={','.join(registration.countries)}",
            *_one_each(declared["base"], condition.set), *_shared(registration, ensemble),
            f"replicates={sizes.sets * pairs}", *factors,
        ),
        runs=sizes.sets * pairs * len(registration.countries) * _arms(declared["factors"]),
    )  # fmt: skip


def _arms(factors: Mapping[str, Sequence[Any]]) -> int:
    """Return how many worlds a grid has in one country, those without action included."""
    points = math.prod(map(len, factors.values()))
    left_alone = math.prod(
        len(values)
        for name, values in factors.items()
        if not name.startswith(("action.", "interventions."))
    )
    return points + left_alone


def _national(registration: Registration, ensemble: str) -> Iterator[Piece]:
    declared, sizes = registration.raw[NATIONAL], registration.sizes
    wider = {**declared[NATIONAL], **declared["international"]}
    narrow = {**declared["adversarial"][NATIONAL], **declared["international"]}
    for name, factors, changes in zip(
        ENDS, (wider, narrow), ((), declared["adversarial"]["set"]), strict=True
    ):
        yield Piece(
            ensemble=ensemble, study=NATIONAL, condition=name,
            overrides=(
                f"country={declared['country']}", *declared["base"], *changes,
                *_shared(registration, ensemble), f"replicates={sizes.sets * declared['each']}",
            ),
            # Rows of a sample of two blocks, each in both arms.
            runs=sizes.sets * declared["each"] * declared["points"] * (2 + 2) * 2,
            design={
                "factors": factors, "method": "saltelli_blocks", "points": declared["points"],
                "seed": sizes.seed,
            },
        )  # fmt: skip


def _shared(registration: Registration, ensemble: str) -> tuple[str, ...]:
    return (
        *registration.raw["region"]["common"], f"posterior={ensemble}",
        f"posterior.first={registration.sizes.sets}", f"seed={registration.sizes.seed}",
    )  # fmt: skip


def _one_each(base: Sequence[str], changes: Sequence[str]) -> tuple[str, ...]:
    """Return overrides in which a change replaces what the base says of the same entry."""
    keys = {text.partition("=")[0] for text in changes}
    return (*(text for text in base if text.partition("=")[0] not in keys), *changes)
