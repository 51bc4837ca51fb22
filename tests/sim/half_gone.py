"""At which value of a failure condition half of what a measure moves is gone.

    python tests/sim/half_gone.py           compare with what is kept, and print what differs
    python tests/sim/half_gone.py --write   keep what the model gives now

For ways to fail that leave a tenth at most because of one figure: where a measure is paid for in vain
stands at the end of that figure's scale, and half of its effect is gone long before. The figure is
halved in (`STEPS` times) between the failure and the other end of its scale, in the worlds of
`measure_worlds`; half is of what the measure moves there without the condition. Written to
`sim/interventions/half_gone.csv`, which the page of the catalogue shows.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measure_worlds import (
    MEASURES,
    RUNS,
    SEED,
    first_delivery,
    mean_of,
    pair,
    tried,
    ways_to_fail,
    with_measure,
)
from small_worlds import started

import sim
from sim.interventions import CATALOGUE
from sim.interventions.base import Failure, Move
from sim.interventions.changes import with_changes

FILE = Path(sim.__file__ or "").parent / "interventions" / "half_gone.csv"
STEPS = 7
OTHER_END = {"attributes.commitment": 1.0, "attributes.capacity": 1.0, "actors.actors.*.tie": 0.0}
"""Where a figure does not stand in the way: leaders and states at their strongest, actors without ties.

Not neighbours: those who feed no war leave as little to a watch over borders as those who feed it all.
"""


class Half(NamedTuple):
    """A figure that empties a measure, and where half of what it moves first is gone."""

    measure: str
    state: str
    name: str
    fails_at: float
    half_at: float


def conditions() -> list[tuple[str, Move, str, float]]:
    """Return measure, first move, name and value of each figure that alone empties a measure."""
    found = []
    for name in CATALOGUE:
        for way in ways_to_fail(MEASURES[name]):
            (path, value), *more = way.changes.items() or [("", None)]
            if more or way.failure is not Failure.EMPTIES or path not in OTHER_END:
                continue
            assert isinstance(value, float)
            move = next(one for one in MEASURES[name].moves if one.state in way.of)
            found.append((name, move, path, value))
    return found


def gain(name: str, move: Move, path: str, value: float) -> float:
    """Return the mean paired difference of a move of a measure where a figure is changed."""
    raw = with_measure(name, first_delivery(name) + move.within)
    batch = started(
        *pair(with_changes(raw, {path: value}, measure=name), name), replicates=RUNS, seed=SEED
    )
    batch.advance(first_delivery(name))
    total = np.zeros(2 * RUNS)
    for _ in range(move.within):
        batch.advance(1)
        total += mean_of(batch, move.state) / move.within
    return float(move.direction * (total[:RUNS] - total[RUNS:]).mean())


def half_of(name: str, move: Move, path: str, value: float) -> Half:
    """Return where half is gone: the middle of the last interval that holds it."""
    at = MEASURES[name].moves.index(move)
    half = tried(name).gains[at][0] / 2.0
    failing, free = value, OTHER_END[path]
    for _ in range(STEPS):
        middle = (failing + free) / 2.0
        if gain(name, move, path, middle) < half:
            failing = middle
        else:
            free = middle
    return Half(name, move.state, path, value, round((failing + free) / 2.0, 2))


def kept() -> list[Half]:
    """Return what is kept."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Half(row[0], row[1], row[2], float(row[3]), float(row[4]))
            for row in list(csv.reader(file))[1:]
        ]


def write(found: list[Half]) -> None:
    """Keep what was found."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([Half._fields, *found])


if __name__ == "__main__":
    now = [half_of(*one) for one in conditions()]
    if "--write" in sys.argv[1:]:
        write(now)
    else:
        differ = sorted(set(now) ^ set(kept()))
        print("\n".join(map(str, differ)) or "every figure is the one that is kept")
