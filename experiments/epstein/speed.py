"""How much faster compiled Model II is than in Mesa: ``python -m experiments.epstein.speed``.

Both are timed in processor time for each agent and period, on the same world, after compilation. The
Mesa model's draws are filled by compiled code too, so that the ratio is not one of random numbers.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from experiments.epstein.compiled import run_until_extinction, world_of
from experiments.epstein.model import EpsteinModel
from experiments.epstein.settings import Settings

PERIODS = 60


def measure(*, periods: int = PERIODS) -> tuple[float, float]:
    """Return the seconds that the Mesa model and the compiled one take for an agent and period."""
    settings = Settings(cop_density=0.04)
    warm = world_of(settings, seed=1, replicate=0)
    run_until_extinction(warm, settings, seed=1, replicate=0, periods=1)
    model = EpsteinModel(settings, seed=1, replicate=0)
    steps = 0

    def by_mesa() -> None:
        nonlocal steps
        for _ in range(periods):
            steps += len(model.citizens) + settings.cops
            model.step()

    world = world_of(settings, seed=1, replicate=0)
    mesa = _seconds(by_mesa)
    compiled = _seconds(
        lambda: run_until_extinction(world, settings, seed=1, replicate=0, periods=periods)
    )
    return mesa / steps, compiled / steps


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    mesa, compiled = measure()
    print(f"Mesa {mesa * 1e6:.2f}, compiled {compiled * 1e6:.3f} microseconds an agent and period")
    print(f"ratio {mesa / compiled:.0f}")
    sys.exit(0)
