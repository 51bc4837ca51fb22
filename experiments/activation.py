"""Sequential activation against the staged week: what the order of updating does to the outcomes.

The model updates in stages: a process reads what those before it have left, in all places alike.
`SequentialModel` lets one place after the other live through its whole week instead, from looking
around to remembering. ``python -m experiments.activation [PAIRS [PAIRS]]`` prints the paired
differences in the two primary outcomes with their 95 % intervals, without action and with that of the
default scenario. Section 7 of `sim/ODD.md` quotes them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import stats

from analysis.intervals import risk_difference
from experiments.config import compose
from experiments.designs import scenario_of
from sim.model import PreventionModel
from sim.outcomes import O
from sim.scenario import Scenario

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


def outcomes_of(case: Scenario, runs: int, seed: int = 1) -> np.ndarray:
    """Return the primary outcomes, shape (2, runs, 2): staged and sequential, on shared noise.

    The columns are mass killing (0 or 1) and log(1 + direct deaths).
    """
    values = np.zeros((2, runs, 2))
    for replicate in range(runs):
        for row, kind in enumerate((PreventionModel, SequentialModel)):
            out = kind(case, seed=seed, replicate=replicate).run()
            values[row, replicate] = out[O.mass_killing], np.log1p(out[O.direct_deaths])
    return values


def most_discordant(different: int, runs: int) -> float:
    """Return the exact upper bound on the share of pairs that differ (Clopper & Pearson 1934, 95 %)."""
    return float(stats.binomtest(different, runs).proportion_ci(0.95, method="exact").high)


def report(title: str, values: np.ndarray) -> str:
    """Return in lines of text how the outcomes under the two orders differ, with 95 % intervals."""
    staged, sequential = values
    runs = staged.shape[0]
    killing = risk_difference(sequential[:, 0], staged[:, 0])
    different = int((sequential[:, 0] != staged[:, 0]).sum())
    deaths = sequential[:, 1] - staged[:, 1]
    half = 1.96 * deaths.std(ddof=1) / np.sqrt(runs)
    return "\n".join([
        f"{title}, {runs} pairs, sequential less staged",
        f"  mass killing: staged {100 * staged[:, 0].mean():.1f} %, difference "
        f"{100 * killing.estimate:+.2f} points [{100 * killing.low:+.2f}, {100 * killing.high:+.2f}]",
        f"  pairs in which it differs: {different}, at most "
        f"{100 * most_discordant(different, runs):.2f} %",
        f"  log(1 + direct deaths): staged {staged[:, 1].mean():.3f}, difference "
        f"{deaths.mean():+.4f} [{deaths.mean() - half:+.4f}, {deaths.mean() + half:+.4f}]",
    ])  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Print the differences over some pairs without action, and some with it (600 unless given)."""
    pairs = [int(one) for one in argv] or [600]
    case = scenario_of(compose([]))
    print(report("Without action", outcomes_of(case.baseline(), pairs[0])), flush=True)
    print(report("With action", outcomes_of(case, pairs[-1])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
