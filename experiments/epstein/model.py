"""Model II as a Mesa model: one step is one period, all act once, in a new order every period."""

from __future__ import annotations

import mesa
import numpy as np
from mesa.discrete_space import Cell, OrthogonalMooreGrid, OrthogonalVonNeumannGrid

from experiments.epstein.agents import Citizen, Cop, State
from experiments.epstein.draws import ACT, BIRTH, PATROL, START, draws_of, filling_order
from experiments.epstein.settings import Settings
from sim.randomness import checked_key

Draws = dict[int, list[float]]


class EpsteinModel(mesa.Model):  # type: ignore[misc]
    """Two groups on a torus, and cops who come between them (Epstein 2002, Model II).

    Parameters
    ----------
    settings : Settings
    seed, replicate : int
        Key of its draws.

    Attributes
    ----------
    period : int
        Periods that have passed.
    sight : dict of Cell to tuple of Cell
        Sites in sight of each site, in the order of sites.
    acts, births, patrols : dict of int to list of float
        This period's draws, by citizen or cop.
    """

    def __init__(self, settings: Settings, *, seed: int = 1, replicate: int = 0) -> None:
        super().__init__(rng=seed)
        key, replicates = checked_key(seed, replicate)
        self._key = (key, replicates[0])
        self.settings, self.period, self.born = settings, 0, 0
        kind = OrthogonalVonNeumannGrid if settings.variant.neighbours == 4 else OrthogonalMooreGrid
        self.grid = kind(
            (settings.width, settings.height), torus=True, capacity=1, random=self.random
        )
        self.sites: list[Cell] = sorted(self.grid.all_cells, key=lambda cell: cell.coordinate)
        self.sight = {
            cell: tuple(sorted(cell.neighborhood, key=lambda near: near.coordinate))
            for cell in self.sites
        }
        self.acts: Draws = {}
        self.births: Draws = {}
        self.patrols: Draws = {}
        order = filling_order(*self._key, 0, settings.sites)[: settings.citizens].tolist()
        drawn = draws_of(*self._key, 0, START, np.arange(settings.citizens)).tolist()
        for number, (site, (hardship, risk, life, _)) in enumerate(zip(order, drawn, strict=True)):
            group = 0 if 2 * number < settings.citizens else 1
            Citizen(self, self.sites[site], group, hardship, risk, life * settings.longest_life)

    @property
    def citizens(self) -> list[Citizen]:
        """Return all citizens, those in jail among them."""
        return list(self.agents_by_type.get(Citizen, ()))

    @property
    def cops(self) -> list[Cop]:
        """Return all cops."""
        return list(self.agents_by_type.get(Cop, ()))

    def sizes(self) -> tuple[int, int]:
        """Return how many citizens either group has."""
        first = sum(citizen.group == 0 for citizen in self.citizens)
        return first, len(self.citizens) - first

    def free_sites(self) -> list[Cell]:
        """Return the free sites, in order."""
        return [cell for cell in self.sites if cell.is_empty]

    def step(self) -> None:
        """Run one period."""
        if self.period == self.settings.cops_arrive:
            self._deploy()
        citizens, cops = self.citizens, self.cops
        who = np.array([citizen.identity for citizen in citizens], dtype=np.int64)
        numbers = np.arange(len(cops))
        self.acts, self.births = self._draws(ACT, who), self._draws(BIRTH, who)
        self.patrols = self._draws(PATROL, numbers)
        turns = [(self.acts[one.identity][0], one) for one in citizens]
        turns += [(self.patrols[cop.number][0], cop) for cop in cops]
        for _, agent in sorted(turns, key=lambda turn: turn[0]):
            if isinstance(agent, Cop) or agent.state is not State.DEAD:
                agent.act()
        self.period += 1

    def _draws(self, process: int, who: np.ndarray) -> Draws:
        drawn = draws_of(*self._key, self.period, process, who)
        return dict(zip(who.tolist(), drawn.tolist(), strict=True))

    def _deploy(self) -> None:
        """Put the cops onto random free sites."""
        order = filling_order(*self._key, self.period + 1, self.settings.sites).tolist()
        free = [self.sites[site] for site in order if self.sites[site].is_empty]
        for number, cell in zip(range(self.settings.cops), free, strict=False):
            Cop(self, cell, number)

    def run_until_extinction(self, *, periods: int) -> int:
        """Run until a group is extinct, or for some periods; return the period reached."""
        while self.period < periods and min(self.sizes()) > 0:
            self.step()
        return self.period
