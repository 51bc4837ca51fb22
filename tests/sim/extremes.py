"""Every number that the model takes at both ends, with every other at both of its ends.

    python tests/sim/extremes.py --weeks 260 --million

A covering array of strength 2: whatever two numbers are picked, each of the four pairs of their ends is
in some run. Twelve runs do for 462 numbers (Katona 1973, Kleitman & Spencer 1973): in the first all are
at their lower end, and each number is at its upper end in half of the others, in no two the same half.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from small_worlds import everything, scenario, started, two_groups
from test_conservation import assert_sound

from sim.parameters import PARAMETERS
from sim.scenario import Scenario
from sim.starting import STARTING, StartingFigure

LARGEST = {"persons": 1e9, "people": 1e9}
"""What stands in for an end that no country on earth has."""


def pairwise(factors: int, *, shuffle: int = 0) -> NDArray[np.bool_]:
    """Return a covering array of strength 2, shape (runs, factors): True is the upper end.

    `shuffle` 1, 2, ... give other arrays of the same size.
    """
    runs = next(n for n in range(4, 64) if math.comb(n - 1, (n + 1) // 2) >= factors)
    subsets = np.zeros((runs, factors), dtype=bool)
    chosen = islice(combinations(range(1, runs), (runs + 1) // 2), factors)
    for factor, rows in enumerate(chosen):
        subsets[list(rows), factor] = True
    return subsets[:, np.random.default_rng(shuffle).permutation(factors)] if shuffle else subsets


def numbers(world: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Return every number of a world: its dotted name there, and both of its ends.

    Parameters that the model takes, and the starting figures of everything that the world has. Votes,
    of which some must be left, and money, people and armed persons, of which the world has some, go
    from nothing to what a very large country has.
    """
    found = [(f"parameters.{one.name}", one.low, one.high) for one in PARAMETERS]
    for figure in STARTING:
        for way in _places(world, figure.section.split(".")):
            row = _entry(world, way)
            if figure.name == "exclusion":  # of every group
                found += [(f"{way}.exclusion.{group}", 0.0, 1.0) for group in row["exclusion"]]
            elif figure.name == "rate" and "rate" not in row:
                continue  # a shock has a date or a rate
            elif figure.name != "population" or "neighbour" not in row:  # camps abroad have none
                found.append((f"{way}.{figure.name}", *_ends(figure)))
    return found


def at_ends(world: Mapping[str, Any], chosen: Mapping[str, float]) -> Scenario:
    """Return a world some of whose numbers are others."""
    changed = copy.deepcopy(dict(world))
    for name, value in chosen.items():
        way, _, last = name.rpartition(".")
        if last == "population":
            value = float(round(value))
        _entry(changed, way)[last] = value
    return scenario(changed)


def extreme_worlds(weeks: int, *, shuffle: int = 0) -> Iterator[Scenario]:
    """Yield the war of three groups under every measure, at every pair of ends of its numbers."""
    world = everything(weeks=weeks)
    listed = numbers(world)
    for ends in pairwise(len(listed), shuffle=shuffle):
        yield at_ends(
            world,
            {name: high if up else low for (name, low, high), up in zip(listed, ends, strict=True)},
        )


def _ends(figure: StartingFigure) -> tuple[float, float]:
    if figure.name == "weight":  # a body whose members have no vote at all is refused
        return 1.0, figure.high
    return figure.low, min(figure.high, LARGEST.get(figure.unit, figure.high))


def _places(world: Mapping[str, Any], section: list[str], way: str = "") -> Iterator[str]:
    """Yield the entries of a world that a section of the table names; ``*`` is any."""
    if not section:
        yield way
        return
    first, *rest = section
    here = _entry(world, way) if way else world
    keys = range(len(here)) if isinstance(here, list) else list(here)
    for key in keys if first == "*" else [key for key in keys if key == first]:
        yield from _places(world, rest, f"{way}.{key}" if way else str(key))


def _entry(world: Any, way: str) -> Any:
    for key in way.split("."):
        world = world[int(key)] if isinstance(world, list) else world[key]
    return world


def check(case: Scenario, *, seed: int = 1, replicates: int = 1, every: int = 1) -> None:
    """Run a world and raise unless it is sound all the way."""
    batch = started(case, replicates=replicates, seed=seed)
    assert_sound(batch, case)
    for week in range(0, case.weeks, every):
        batch.advance(min(every, case.weeks - week))
        assert_sound(batch, case)
    assert np.isfinite(batch.series).all()
    assert not np.isnan(batch.outcomes).any()


def million(communities: int, weeks: int) -> dict[str, float]:
    """Run a country of very many places; return what it took."""
    began, marks = time.process_time(), {}
    country = two_groups(communities=communities, neighbours=1)
    case = scenario({"country": country, "weeks": weeks})
    marks["seconds to make"] = time.process_time() - began
    began = time.process_time()
    batch = started(case)
    marks["seconds to start"] = time.process_time() - began
    batch.advance(1)
    began = time.process_time()
    batch.advance(weeks - 1)
    marks["nanoseconds a community-week"] = (
        (time.process_time() - began) * 1e9 / (communities * (weeks - 1))
    )
    assert_sound(batch, case)
    marks["gigabytes at most"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"communities": communities, "weeks": weeks} | marks


def main() -> int:
    """Run the whole campaign; exit code 1 if a world is unsound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--weeks", type=int, default=110)
    parser.add_argument("--arrays", type=int, default=4, help="of 12 runs each")
    parser.add_argument("--million", action="store_true", help="a country of 10^6 places as well")
    asked = parser.parse_args()
    failed = runs = 0
    for shuffle in range(asked.arrays):
        for number, case in enumerate(extreme_worlds(asked.weeks, shuffle=shuffle)):
            runs += 1
            try:
                check(case, seed=shuffle)
            except Exception as fault:
                failed += 1
                print(f"array {shuffle}, run {number}: {type(fault).__name__}: {fault}", flush=True)
    took = time.process_time()
    print(f"{runs} runs of {asked.weeks} weeks, {failed} unsound, {took:.0f} s", flush=True)
    if asked.million:
        print(json.dumps(million(1_000_000, 4)), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
