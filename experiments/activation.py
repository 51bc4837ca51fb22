"""Sequential activation against the staged week: what the order of updating does to the outcomes.

The model updates in stages: a process reads what those before it have left, in all places alike.
`SequentialModel` lets one place after the other live through its whole week instead, from looking
around to remembering. ``python -m experiments.activation`` prints the paired difference in the two
primary outcomes with its 95 % interval.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from experiments.config import compose
from experiments.designs import scenario_of
from sim.model import PreventionModel
from sim.outcomes import O

TOGETHER = (
    "meet_in_battle", "look_around", "mobilise", "suffer_attacks", "flee", "remember", "listen",
)  # fmt: skip
"""What a place does in one go, in this order, when it is its turn."""


class SequentialModel(PreventionModel):
    """The model with sequential activation of places within the week's violence."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        plan: list[Any] = []
        planned = {process.name for process, _ in self._plan}
        steps = [name for name in TOGETHER if name in planned]
        for process, perform in self._plan:
            if process.name == steps[0]:
                plan.append((process, self._in_turn(steps)))
            elif process.name not in TOGETHER:
                plan.append((process, perform))
        self._plan = plan

    def _in_turn(self, names: Sequence[str]) -> Callable[[], object]:
        def perform() -> None:
            for place in self.communities:
                for name in names:
                    getattr(place, name)()

        return perform


def differences(runs: int, seed: int = 1) -> dict[str, tuple[float, float, float]]:
    """Return the mean of the primary outcomes under staged updating, the difference, and its half.

    Parameters
    ----------
    runs : int
        Paired runs of the default scenario without action, on shared noise.
    seed : int
    """
    case = scenario_of(compose([])).baseline()
    values = np.zeros((2, runs, 2))
    for replicate in range(runs):
        for row, kind in enumerate((PreventionModel, SequentialModel)):
            out = kind(case, seed=seed, replicate=replicate).run()
            values[row, replicate] = out[O.mass_killing], np.log1p(out[O.direct_deaths])
    found = {}
    for column, name in enumerate(("mass_killing", "log_deaths")):
        difference = values[1, :, column] - values[0, :, column]
        half = 1.96 * difference.std(ddof=1) / np.sqrt(runs)
        found[name] = (float(values[0, :, column].mean()), float(difference.mean()), float(half))
    return found


def main(argv: Sequence[str]) -> int:
    """Print the differences over a number of pairs (400 unless given)."""
    runs = int(argv[0]) if argv else 400
    for name, (staged, difference, half) in differences(runs).items():
        print(
            f"{name}: staged {staged:.4f}, sequential less staged {difference:+.4f} +- {half:.4f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
