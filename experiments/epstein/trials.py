"""What Model II is held against: times to extinction by density of cops, and safe havens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.epstein.settings import Settings, Variant

DENSITIES = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1)
REPLICATES = 30
PERIODS = 20_000
HAVEN_DENSITIES = (0.04, 0.1)
HAVEN_ARRIVAL, HAVEN_PERIOD, HAVEN_RATIO = 50, 500, 1.5
QUICK: dict[str, Any] = {"densities": (0.0, 0.02, 0.08, 0.1), "replicates": 10, "periods": 2_000}


@dataclass(frozen=True)
class Trial:
    """Periods until a group was extinct, under one reading of the paper.

    Attributes
    ----------
    variant : Variant
    densities : tuple of float
        Cops for each site.
    times : ndarray of int, shape (densities, replicates)
        Period of extinction; `periods` where both groups lived on.
    lived_on : ndarray of bool, shape (densities, replicates)
    periods : int
    """

    variant: Variant
    densities: tuple[float, ...]
    times: NDArray[np.int64]
    lived_on: NDArray[np.bool_]
    periods: int

    @property
    def mean(self) -> NDArray[np.float64]:
        """Return the mean time by density; too short where runs lived on."""
        return np.asarray(self.times.mean(axis=1))

    @property
    def spread(self) -> NDArray[np.float64]:
        """Return the standard deviation of the time by density."""
        return np.asarray(self.times.std(axis=1, ddof=1))


@dataclass(frozen=True)
class Bar:
    """One published result as a number: reproduced or not under one variant, None if undecided."""

    id: str
    statistic: str
    value: float
    band: str
    reproduced: bool | None


@dataclass(frozen=True)
class Havens:
    """What became of both groups when cops arrived in period 50.

    Attributes
    ----------
    density : float
        Cops for each site.
    lived_on : float
        Share of runs in which both groups are alive in period 500.
    smaller : float
        Mean share of the smaller group there; NaN if there is no such run.
    ratio : float
        How much more often its members have a cop in sight than those of the larger group, mean.
    havens : float
        Share of all runs in which it is at least `HAVEN_RATIO`.
    """

    density: float
    lived_on: float
    smaller: float
    ratio: float
    havens: float


def run_trial(
    variant: Variant,
    *,
    densities: Sequence[float] = DENSITIES,
    replicates: int = REPLICATES,
    periods: int = PERIODS,
    seed: int = 1,
) -> Trial:
    """Run one variant at several densities of cops, legitimacy 0.8."""
    from experiments.epstein.compiled import run_until_extinction, sizes, world_of

    times = np.zeros((len(densities), replicates), dtype=np.int64)
    lived_on = np.zeros(times.shape, dtype=bool)
    for row, density in enumerate(densities):
        settings = Settings(variant=variant, cop_density=density)
        for replicate in range(replicates):
            world = world_of(settings, seed=seed, replicate=replicate)
            times[row, replicate] = run_until_extinction(
                world, settings, seed=seed, replicate=replicate, periods=periods
            )
            lived_on[row, replicate] = min(sizes(world)) > 0
    return Trial(variant, tuple(densities), times, lived_on, periods)


def bars_of(trial: Trial) -> list[Bar]:
    """Return the published results that a trial decides.

    They are: extinction in 30 of 30 runs without cops; a rank correlation of the mean time with the
    density of cops above 0.7; a spread at densities of 0.08 and more above five times that at 0.02
    and less. A statistic that the densities or runs of a trial cannot carry is left undecided.
    """
    from scipy.stats import spearmanr

    density, bars = np.asarray(trial.densities), []
    without = trial.lived_on[density == 0.0]
    share = float("nan") if without.size == 0 else float(1.0 - without.mean())
    enough = None if without.size < REPLICATES else share == 1.0
    bars.append(Bar("extinction", "share extinct without cops", share, "= 1 (30 of 30)", enough))
    correlation = float(spearmanr(density, trial.mean)[0]) if density.size > 2 else float("nan")
    decided = None if density.size < 5 else correlation > 0.7
    words = "rank correlation of the mean time with the density of cops"
    bars.append(Bar("mean_time", words, correlation, "> 0.7", decided))
    high, low = trial.times[density >= 0.08], trial.times[density <= 0.02]
    ratio = float("nan")
    if high.size > 1 and low.size > 1:
        ratio = float(high.std(ddof=1) / low.std(ddof=1))
    decided = None if min(high.size, low.size) < REPLICATES else ratio > 5.0
    words = "spread of the time at densities >= 0.08 over that at <= 0.02"
    bars.append(Bar("spread", words, ratio, "> 5", decided))
    return bars


def run_havens(
    variant: Variant, *, density: float, replicates: int = REPLICATES, seed: int = 1
) -> Havens:
    """Let cops arrive in period 50 and look whether the smaller group lives where they are.

    The paper shows a picture and gives no measure. Here a run has a safe haven if in period 500 both
    groups are alive, and those of the smaller have a cop in sight 1.5 times as often as those of the
    larger.
    """
    from experiments.epstein.compiled import run_until_extinction, sizes, world_of

    settings = Settings(variant=variant, cop_density=density, cops_arrive=HAVEN_ARRIVAL)
    shares, ratios = [], []
    for replicate in range(replicates):
        world = world_of(settings, seed=seed, replicate=replicate)
        run_until_extinction(world, settings, seed=seed, replicate=replicate, periods=HAVEN_PERIOD)
        first, second = sizes(world)
        if min(first, second) > 0:
            shares.append(min(first, second) / (first + second))
            ratios.append(_guarded_ratio(world, smaller=0 if first < second else 1))
    found = np.asarray(ratios)
    return Havens(
        density=density,
        lived_on=len(shares) / replicates,
        smaller=float(np.mean(shares)) if shares else float("nan"),
        ratio=float(np.nanmean(found)) if np.isfinite(found).any() else float("nan"),
        havens=float((found >= HAVEN_RATIO).sum()) / replicates,
    )


def _guarded_ratio(world: Any, *, smaller: int) -> float:
    """Return how much more often the smaller group has a cop in sight than the larger one."""
    count = int(world.size[0])
    outside = world.site[:count] >= 0
    near = world.sight[world.site[:count][outside]]
    guarded = ((near >= 0) & (world.occupant[near] < -1)).any(axis=1)
    own = world.group[:count][outside] == smaller
    if not own.any() or not guarded[~own].any():
        return float("nan")
    return float(guarded[own].mean() / guarded[~own].mean())


def snapshots(
    variant: Variant, *, periods: Sequence[int], density: float = 0.04, seed: int = 1,
    replicate: int = 0,
) -> list[tuple[int, NDArray[np.int64]]]:  # fmt: skip
    """Return what stands on the grid after some periods, cops arriving in period 50.

    Codes: free 0, quiet 1 and 2 by group, active 3 and 4, cop 5; shape (width, height).
    """
    from experiments.epstein.compiled import run_until_extinction, world_of

    settings = Settings(variant=variant, cop_density=density, cops_arrive=HAVEN_ARRIVAL)
    world, seen = world_of(settings, seed=seed, replicate=replicate), []
    for period in periods:
        reached = run_until_extinction(
            world, settings, seed=seed, replicate=replicate, periods=period
        )
        who = world.occupant
        code = np.where(who < -1, 5, 0)
        stands = who >= 0
        code[stands] = 1 + world.group[who[stands]] + 2 * world.active[who[stands]]
        seen.append((reached, code.reshape(settings.width, settings.height).copy()))
    return seen
