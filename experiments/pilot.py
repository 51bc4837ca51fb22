"""A timed pilot: a few batches of the real design, from which a whole campaign is estimated.

The pilot runs through the executor, worker and store of the campaign itself, into a folder that is
thrown away. Points that differ in their scenario files (country, course, measures) differ in cost,
and so do runs with and without action: each such stratum has a pilot of its own, over points spread
through the design.
"""

from __future__ import annotations

import math
import resource
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.asked import Asked
from experiments.campaign import CHUNK_SECONDS, CHUNK_SHARE, Campaign, Plan
from experiments.chunks import RUNS, SERIES, WEEKLY
from experiments.command import InterruptedRunError
from experiments.executor_settings import LOCAL
from experiments.executors import LocalExecutor
from experiments.leftovers import PILOT
from experiments.overrides import GROUPS
from experiments.provenance import cores
from experiments.store import Store
from experiments.tasks import Task
from sim.errors import ForestallError

Stratum = tuple[tuple[str, str], ...]
SECONDS = 12.0
"""How long all pilots together compute, unless asked otherwise."""
WITHIN = 2.0
"""A campaign is to take between the estimate divided by this and multiplied by it."""
# Enough for every thread to have several batches, or the first and last would weigh too much.
_BATCHES = 4
_FEWEST = 4  # runs of a pilot
_ROUGH = 0.1  # of the time: a rough pilot that took so long has told what a run takes
_FASTER = 8  # times as many runs as in the rough pilot before
_KIBIBYTE = 1024


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """What the pilot of one stratum came to.

    Attributes
    ----------
    stratum : arm, and scenario files, each with its name.
    runs, seconds : of the pilot, on all workers of this machine.
    wanted : runs of the campaign that are of this stratum and not stored yet.
    replicates : of each point in the pilot.
    cells : points of the campaign, in one arm, of which runs are missing.
    linear : bytes stored for each run, whatever the replicates.
    weekly : bytes of weekly histograms that one more point adds at `replicates`.
    growth : exponent with which these grow with the replicates, in [0, 1].
    chunk : bytes of a chunk that holds next to nothing.
    """

    stratum: Stratum
    runs: int
    seconds: float
    wanted: int
    replicates: int
    cells: int
    linear: float
    weekly: float
    growth: float
    chunk: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How long a campaign will take, and what it needs.

    Attributes
    ----------
    runs, stored : of the whole campaign, and of these the ones stored already.
    workers : threads of the pilot, and of the campaign.
    seconds : until the last run is stored, without summary and figures.
    seconds_between : least and most that are likely.
    disk : bytes that are added to the folder.
    memory : bytes of this process at its peak: the least that the campaign takes, more where it has
        many points, and however many runs each of them has.
    pilots : by stratum.
    """

    runs: int
    stored: int
    workers: int
    seconds: float
    seconds_between: tuple[float, float]
    disk: float
    memory: float
    pilots: tuple[Pilot, ...]


def estimate(
    asked: Asked, todo: Plan, *, seconds: float = SECONDS, say: Callable[[str], None] = print
) -> Estimate:
    """Return what the missing runs of a campaign will take, from pilots on this machine.

    Parameters
    ----------
    asked : the campaign.
    todo : what of it is not stored yet.
    seconds : of computing, for all pilots together.
    say : called with a line before a wait.
    """
    executor: Mapping[str, Any] = asked.config["executor"]
    here = executor.get("kind", LOCAL) == LOCAL
    threads = (executor["workers"] if here else 0) or cores()
    workers = executor["workers"] or threads
    strata = _strata(asked, todo.missing)
    if strata:
        say(f"pilot: some {seconds:.0f} s, {len(strata)} kinds of run")
    pilots = tuple(
        _pilot(asked, stratum, tasks, threads=threads, seconds=seconds / len(strata))
        for stratum, tasks in strata.items()
    )
    took = sum(pilot.wanted * pilot.seconds / pilot.runs for pilot in pilots) * threads / workers
    replicates = asked.config["replicates"]
    return Estimate(
        runs=todo.runs, stored=todo.runs - todo.runs_missing, workers=workers, seconds=took,
        seconds_between=(took / WITHIN, took * WITHIN),
        disk=_settings_size(asked) + _stored_bytes(pilots, replicates, took),
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIBIBYTE, pilots=pilots,
    )  # fmt: skip


def _stored_bytes(pilots: Sequence[Pilot], replicates: int, seconds: float) -> float:
    total = _chunks(seconds) * max((pilot.chunk for pilot in pilots), default=0.0)
    for pilot in pilots:
        weekly = pilot.weekly * math.pow(replicates / pilot.replicates, pilot.growth)
        total += pilot.wanted * pilot.linear + pilot.cells * weekly
    return total


def _chunks(seconds: float) -> float:
    """Return how many chunks a campaign of some seconds commits; see `experiments.campaign`."""
    usual = CHUNK_SECONDS / CHUNK_SHARE  # until here a chunk comes every few seconds
    if seconds <= usual:
        return 1.0 + seconds / CHUNK_SECONDS
    return 1.0 + (1.0 + math.log(seconds / usual)) / CHUNK_SHARE


def _strata(asked: Asked, missing: Sequence[Task]) -> dict[Stratum, list[Task]]:
    """Return the missing tasks by arm and by the scenario files of their points."""
    groups = [name for name in asked.design.factors if name in GROUPS]
    levers = {point.id: point.levers for point in (*asked.design.baselines, *asked.design.points)}
    strata: dict[Stratum, list[Task]] = defaultdict(list)
    for task in missing:
        files = [(name, str(levers[task.point][name])) for name in groups]
        strata[("arm", task.arm), *files].append(task)
    return dict(strata)


def _pilot(
    asked: Asked, stratum: Stratum, tasks: Sequence[Task], *, threads: int, seconds: float
) -> Pilot:
    """Run rough pilots to know how many runs fit, and then the one that counts."""
    replicates, wanted = asked.config["replicates"], sum(map(len, tasks))
    # The first compiles and warms; what it stores is the size of an empty chunk.
    _, empty = _timed(asked, _spread(tasks, 1, 1), batch=1, threads=1)
    one = _seconds_a_run(asked, tasks, threads=threads, seconds=seconds * _ROUGH)
    # The smaller pilot, which tells how histograms grow, takes its part.
    runs = max(_FEWEST, min(wanted, int(seconds / 1.5 / max(one, 1e-9))))
    chosen = _chosen(tasks, runs, replicates, fewest=2)
    points, each, total = len(chosen), max(map(len, chosen)), sum(map(len, chosen))
    # A smaller pilot tells how histograms grow: with the points, since points that share noise
    # compress well together, or with the replicates where the pilot has few of them.
    whole = points > 1 and 2 * each > replicates
    fewer = points // 2 if whole else points
    smaller = chosen[:fewer] if whole else _spread(tasks, points, max(1, each // 2))
    batch = _batch(asked, total, threads)
    _, before = _timed(asked, smaller, batch=batch, threads=threads)
    took, after = _timed(asked, chosen, batch=batch, threads=threads)
    before, after = ({kind: size[kind] - empty[kind] for kind in empty} for size in (before, after))
    weekly = after[WEEKLY] / points
    if whole:
        weekly = max(0, after[WEEKLY] - before[WEEKLY]) / (points - fewer)
    return Pilot(
        stratum=stratum, runs=total, seconds=took, wanted=wanted, replicates=each,
        cells=len({task.point for task in tasks}), weekly=weekly,
        linear=(after[RUNS] + after[SERIES]) / total,
        growth=1.0 if whole else _growth(before[WEEKLY], after[WEEKLY], each / max(1, each // 2)),
        chunk=sum(empty.values()),
    )  # fmt: skip


def _seconds_a_run(asked: Asked, tasks: Sequence[Task], *, threads: int, seconds: float) -> float:
    """Return what a run takes, from pilots that grow until what is the same for any number is small."""
    replicates, wanted = asked.config["replicates"], sum(map(len, tasks))
    runs = threads
    while True:
        chosen = _chosen(tasks, runs, replicates, fewest=threads)
        total = sum(map(len, chosen))
        took, _ = _timed(asked, chosen, batch=_batch(asked, total, threads), threads=threads)
        if took >= seconds or runs >= wanted:
            return took / total
        runs = min(wanted, runs * _FASTER)


def _chosen(tasks: Sequence[Task], runs: int, replicates: int, *, fewest: int) -> list[Task]:
    """Return tasks of about so many runs: of few points all replicates rather than of many few."""
    points = min(len(tasks), max(fewest, runs // replicates))
    return _spread(tasks, points, max(1, min(replicates, runs // points)))


def _batch(asked: Asked, runs: int, threads: int) -> int:
    """Return the size of batches in which every thread has several, and none is too large."""
    most: int = asked.config["executor"]["batch"]
    return max(1, min(most, runs // (_BATCHES * threads)))


def _spread(tasks: Sequence[Task], points: int, replicates: int) -> list[Task]:
    """Return tasks of some points, spread evenly over those given, each of so many replicates."""
    count = min(points, len(tasks))
    places = {(2 * place + 1) * len(tasks) // (2 * count) for place in range(count)}
    return [
        replace(tasks[place], last=min(tasks[place].last, tasks[place].first + replicates))
        for place in sorted(places)
    ]


def _timed(
    asked: Asked, tasks: Sequence[Task], *, batch: int, threads: int
) -> tuple[float, dict[str, int]]:
    """Run tasks into a folder that is thrown away; return seconds, and bytes by kind of chunk."""
    wanted = sum(map(len, tasks))
    todo = Plan(asked.design, asked.keys, asked.config["replicates"], tuple(tasks), wanted)
    scratch = Path(tempfile.mkdtemp(prefix=PILOT, dir=asked.folder))
    try:
        with Store(scratch / "results", notice=lambda _: None) as store:
            campaign = Campaign(
                todo, engine=asked.engine, executor=LocalExecutor(threads), store=store,
                batch=batch, full=asked.full,
            )  # fmt: skip
            begun = time.perf_counter()
            failed = campaign.run()
            took = time.perf_counter() - begun
        if failed:
            raise ForestallError(f"the pilot failed: {failed[0].error}")
        return took, {kind: _size(store.folder / kind) for kind in (RUNS, WEEKLY, SERIES)}
    except InterruptedRunError:
        raise InterruptedRunError("interrupted: the pilot was not finished") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("**/*") if file.is_file())


def _settings_size(asked: Asked) -> int:
    scratch = Path(tempfile.mkdtemp(prefix=PILOT, dir=asked.folder))
    try:
        asked.write((), scratch)
        return _size(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _growth(before: int, after: int, factor: float) -> float:
    """Return the exponent with which bytes grow, 1 where the pilot cannot tell."""
    if factor <= 1.0 or not 0 < before < after:
        return 1.0
    return min(1.0, math.log(after / before) / math.log(factor))
