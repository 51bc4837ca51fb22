"""Model II compiled: the same rules and draws as the Mesa model, on columns, equal to the bit."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from experiments.epstein import rules
from experiments.epstein.draws import ACT, BIRTH, PATROL, SITE, START, draw, draws_of, filling_order
from experiments.epstein.settings import Settings
from sim.randomness import checked_key

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

JAIL, GRAVE = -1, -2
"""Where a citizen is who stands on no site."""
EMPTY = -1
"""A site where nobody stands; a cop stands as -2 less its number, a citizen as its row."""


class World(NamedTuple):
    """One run on columns; rows of citizens beyond `size[0]` are unused.

    Attributes
    ----------
    size : int64 (3,)
        Citizens, citizens ever born, periods that have passed.
    identity, group, active, sentence, site : int64 (rows,)
    hardship, risk, age, death_age : float64 (rows,)
    occupant : int64 (sites,)
    beat : int64 (cops,)
        Site of each cop, `JAIL` before they arrive.
    sight : int64 (sites, neighbours)
        Sites in sight, ascending; -1 fills a row up.
    """

    size: Ints
    identity: Ints
    group: Ints
    active: Ints
    sentence: Ints
    site: Ints
    hardship: Floats
    risk: Floats
    age: Floats
    death_age: Floats
    occupant: Ints
    beat: Ints
    sight: Ints


class Figures(NamedTuple):
    """What the loops read of the settings."""

    legitimacy: float
    threshold: float
    constant: float
    cloning: float
    floored: float
    needs_target: float
    longest_life: int
    longest_jail: int
    cops_arrive: int


def world_of(settings: Settings, *, seed: int, replicate: int) -> World:
    """Return a world before its first period."""
    key, replicates = checked_key(seed, replicate)
    count, sites = settings.citizens, settings.sites
    # A period adds at most one clone a site; nobody sits longer than the longest term and a queue.
    rows = 3 * sites + settings.cops * (settings.longest_jail + 1)
    columns: dict[str, Any] = {
        **{name: np.zeros(rows, dtype=np.int64) for name in World._fields[1:6]},
        **{name: np.zeros(rows) for name in World._fields[6:10]},
    }
    order = filling_order(key, replicates[0], 0, sites)[:count]
    drawn = draws_of(key, replicates[0], 0, START, np.arange(count))
    columns["identity"][:count] = np.arange(count)
    columns["group"][:count] = 2 * np.arange(count) >= count
    columns["site"][:count] = order
    columns["hardship"][:count], columns["risk"][:count] = drawn[:, 0], drawn[:, 1]
    columns["death_age"][:count] = drawn[:, 2] * settings.longest_life
    occupant = np.full(sites, EMPTY, dtype=np.int64)
    occupant[order] = np.arange(count)
    return World(
        size=np.array([count, count, 0]), **columns, occupant=occupant,
        beat=np.full(settings.cops, JAIL, dtype=np.int64), sight=_sight(settings),
    )  # fmt: skip


def figures_of(settings: Settings) -> Figures:
    """Return the numbers that the loops read."""
    return Figures(
        settings.legitimacy, settings.threshold, settings.constant, settings.cloning,
        float(settings.variant.floored), float(settings.variant.needs_target),
        settings.longest_life, settings.longest_jail, settings.cops_arrive,
    )  # fmt: skip


def _sight(settings: Settings) -> Ints:
    width, height = settings.width, settings.height
    steps = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
    if settings.variant.neighbours == 4:
        steps = [(x, y) for x, y in steps if x == 0 or y == 0]
    table = np.full((settings.sites, len(steps)), -1, dtype=np.int64)
    for site in range(settings.sites):
        x, y = divmod(site, height)
        near = {(x + dx) % width * height + (y + dy) % height for dx, dy in steps}
        row = sorted(near - {site})
        table[site, : len(row)] = row
    return table


grievance = numba.njit(rules.grievance, nogil=True)
arrest_probability = numba.njit(rules.arrest_probability, nogil=True)
goes_active = numba.njit(rules.goes_active, nogil=True)
chosen = numba.njit(rules.chosen, nogil=True)


def _free_in_sight(world: World, site: int, share: float) -> int:
    """Return a random free site in sight, or -1."""
    free = 0
    for near in world.sight[site]:
        if near >= 0 and world.occupant[near] == EMPTY:
            free += 1
    if free == 0:
        return -1
    wanted = chosen(share, free)
    for near in world.sight[site]:
        if near >= 0 and world.occupant[near] == EMPTY:
            if wanted == 0:
                return int(near)
            wanted -= 1
    return -1


def _free_anywhere(world: World, share: float) -> int:
    """Return a random free site, or -1."""
    free = 0
    for who in world.occupant:
        if who == EMPTY:
            free += 1
    if free == 0:
        return -1
    wanted = chosen(share, free)
    for site in range(world.occupant.shape[0]):
        if world.occupant[site] == EMPTY:
            if wanted == 0:
                return site
            wanted -= 1
    return -1


def _bury(world: World, row: int) -> None:
    if world.site[row] >= 0:
        world.occupant[world.site[row]] = EMPTY
    world.site[row] = GRAVE
    world.active[row] = 0


def _decide(world: World, figures: Figures, row: int) -> int:
    """Go active or stay quiet; return how many of the other group are in sight."""
    cops, actives, targets = 0.0, 1.0, 0
    for near in world.sight[world.site[row]]:
        who = world.occupant[near] if near >= 0 else EMPTY
        if who < EMPTY:
            cops += 1.0
        elif who >= 0:
            if world.active[who] == 1:
                actives += 1.0
            if world.group[who] != world.group[row]:
                targets += 1
    arrest = arrest_probability(cops, actives, figures.floored, figures.constant)
    idle = 1.0 if figures.needs_target > 0.5 and targets == 0 else 0.0
    world.active[row] = int(
        goes_active(
            grievance(world.hardship[row], figures.legitimacy), world.risk[row], arrest,
            figures.threshold, idle,
        )
    )  # fmt: skip
    return targets


def _kill(world: World, row: int, wanted: int) -> None:
    for near in world.sight[world.site[row]]:
        who = world.occupant[near] if near >= 0 else EMPTY
        if who >= 0 and world.group[who] != world.group[row]:
            if wanted == 0:
                _bury(world, who)
                return
            wanted -= 1


def _clone(world: World, figures: Figures, seed: np.uint64, replicate: np.uint64, row: int) -> None:
    period = world.size[2]
    where, risk, life, _ = draw(seed, replicate, period, BIRTH, world.identity[row], 0)
    site = _free_in_sight(world, world.site[row], where)
    if site < 0:
        return
    child = world.size[0]
    world.size[0] += 1
    world.identity[child] = world.size[1]
    world.size[1] += 1
    world.group[child], world.hardship[child] = world.group[row], world.hardship[row]
    world.risk[child], world.death_age[child] = risk, life * figures.longest_life
    world.age[child], world.active[child], world.sentence[child] = 0.0, 0, 0
    world.site[child] = site
    world.occupant[site] = child


def _serve(world: World, seed: np.uint64, replicate: np.uint64, row: int) -> None:
    world.sentence[row] -= 1
    if world.sentence[row] <= 0:
        share = draw(seed, replicate, world.size[2], BIRTH, world.identity[row], 0)[3]
        site = _free_anywhere(world, share)
        if site >= 0:
            world.site[row] = site
            world.occupant[site] = row


def _live(
    world: World, figures: Figures, seed: np.uint64, replicate: np.uint64, row: int, acts: Floats
) -> None:
    if world.site[row] == JAIL:
        _serve(world, seed, replicate, row)
    else:
        site = _free_in_sight(world, world.site[row], acts[row, 1])
        if site >= 0:
            world.occupant[world.site[row]] = EMPTY
            world.site[row] = site
            world.occupant[site] = row
        targets = _decide(world, figures, row)
        if world.active[row] == 1 and targets > 0:
            _kill(world, row, chosen(acts[row, 2], targets))
        if acts[row, 3] < figures.cloning:
            _clone(world, figures, seed, replicate, row)
    world.age[row] += 1.0
    if world.age[row] >= world.death_age[row]:
        _bury(world, row)


def _patrol(
    world: World, figures: Figures, seed: np.uint64, replicate: np.uint64, cop: int
) -> None:
    _, where, whom, term = draw(seed, replicate, world.size[2], PATROL, cop, 0)
    site = _free_in_sight(world, world.beat[cop], where)
    if site >= 0:
        world.occupant[world.beat[cop]] = EMPTY
        world.beat[cop] = site
        world.occupant[site] = -2 - cop
    actives = 0
    for near in world.sight[world.beat[cop]]:
        if near >= 0 and world.occupant[near] >= 0:
            actives += world.active[world.occupant[near]]
    if actives == 0:
        return
    wanted = chosen(whom, actives)
    for near in world.sight[world.beat[cop]]:
        who = world.occupant[near] if near >= 0 else EMPTY
        if who >= 0 and world.active[who] == 1:
            if wanted == 0:
                world.sentence[who] = 1 + chosen(term, figures.longest_jail)
                world.active[who] = 0
                world.site[who] = JAIL
                world.occupant[near] = EMPTY
                return
            wanted -= 1


def _deploy(world: World, seed: np.uint64, replicate: np.uint64) -> None:
    """Put the cops onto random free sites."""
    sites = world.occupant.shape[0]
    keys = np.empty(sites)
    for site in range(sites):
        keys[site] = draw(seed, replicate, world.size[2] + 1, SITE, site, 0)[0]
    cop = 0
    for site in np.argsort(keys):  # type: ignore[assignment]
        if cop < world.beat.shape[0] and world.occupant[site] == EMPTY:
            world.beat[cop] = site
            world.occupant[site] = -2 - cop
            cop += 1


def _close_ranks(world: World) -> None:
    """Move the living up into the rows of the dead."""
    row = 0
    for old in range(world.size[0]):
        if world.site[old] == GRAVE:
            continue
        if row < old:
            world.identity[row], world.group[row] = world.identity[old], world.group[old]
            world.active[row], world.sentence[row] = world.active[old], world.sentence[old]
            world.hardship[row], world.risk[row] = world.hardship[old], world.risk[old]
            world.age[row], world.death_age[row] = world.age[old], world.death_age[old]
            world.site[row] = world.site[old]
            if world.site[row] >= 0:
                world.occupant[world.site[row]] = row
        row += 1
    world.size[0] = row


def _period(world: World, figures: Figures, seed: np.uint64, replicate: np.uint64) -> None:
    if world.size[2] == figures.cops_arrive:
        _deploy(world, seed, replicate)
    citizens, cops = world.size[0], 0
    for beat in world.beat:
        if beat >= 0:
            cops += 1
    turns, acts = np.empty(citizens + cops), np.empty((citizens, 4))
    for row in range(citizens):
        acts[row, :] = draw(seed, replicate, world.size[2], ACT, world.identity[row], 0)
        turns[row] = acts[row, 0]
    for cop in range(cops):
        turns[citizens + cop] = draw(seed, replicate, world.size[2], PATROL, cop, 0)[0]
    for who in np.argsort(turns):
        if who >= citizens:
            _patrol(world, figures, seed, replicate, who - citizens)
        elif world.site[who] != GRAVE:
            _live(world, figures, seed, replicate, who, acts)
    _close_ranks(world)
    world.size[2] += 1


def _run(
    world: World, figures: Figures, seed: np.uint64, replicate: np.uint64, periods: int
) -> None:
    """Run until a group is extinct or for some periods."""
    while world.size[2] < periods:
        second = 0
        for row in range(world.size[0]):
            second += world.group[row]
        if second == 0 or second == world.size[0]:
            return
        _period(world, figures, seed, replicate)


# Compiled in the order in which they call each other; not cached, because numba's cache does not
# notice that a rule in another file has changed.
for _name in (
    "_free_in_sight", "_free_anywhere", "_bury", "_decide", "_kill", "_clone", "_serve", "_live",
    "_patrol", "_deploy", "_close_ranks", "_period", "_run",
):  # fmt: skip
    _allocates = _name in ("_deploy", "_period", "_run")
    globals()[_name] = numba.njit(
        globals()[_name], nogil=True, error_model="numpy", **({} if _allocates else {"_nrt": False})
    )


def run_until_extinction(
    world: World, settings: Settings, *, seed: int, replicate: int, periods: int
) -> int:
    """Run a world until a group is extinct, or for some periods; return the period reached."""
    key, replicates = checked_key(seed, replicate)
    _run(world, figures_of(settings), key, replicates[0], periods)
    return int(world.size[2])


def sizes(world: World) -> tuple[int, int]:
    """Return how many citizens either group has, those in jail among them."""
    second = int(world.group[: world.size[0]].sum())
    return int(world.size[0]) - second, second
