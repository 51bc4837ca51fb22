"""The agents of Model II: citizens of two groups who may kill each other, and cops between them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mesa.discrete_space import Cell, CellAgent

from experiments.epstein.rules import arrest_probability, chosen, goes_active, grievance

if TYPE_CHECKING:
    from experiments.epstein.model import EpsteinModel


class State(Enum):
    """What a citizen is doing."""

    QUIET = 0
    ACTIVE = 1
    JAILED = 2
    DEAD = 3


class Walker(CellAgent):  # type: ignore[misc]
    """Whoever moves to a random free site in sight."""

    model: EpsteinModel
    cell: Cell

    def in_sight(self) -> list[CellAgent]:
        """Return all who stand in sight, in the order of the sites."""
        return [agent for cell in self.model.sight[self.cell] for agent in cell.agents]

    def move(self, draw: float) -> None:
        """Go to a random free site in sight, if there is one."""
        free = [cell for cell in self.model.sight[self.cell] if cell.is_empty]
        if free:
            self.cell = free[chosen(draw, len(free))]


class Citizen(Walker):
    """A member of one of two groups: goes active where G - R P > T, and then kills.

    Attributes
    ----------
    identity : int
        Number by which it draws.
    group : int
        0 or 1.
    hardship, risk_aversion : float
        H and R, in [0, 1].
    age, death_age : float
        Periods.
    state : State
    sentence : int
        Periods still to be spent in jail.
    """

    def __init__(
        self, model: EpsteinModel, cell: Cell, group: int, hardship: float, risk_aversion: float,
        death_age: float,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.cell = cell
        self.identity = model.born
        model.born += 1
        self.group, self.hardship, self.risk_aversion = group, hardship, risk_aversion
        self.age, self.death_age = 0.0, death_age
        self.state, self.sentence = State.QUIET, 0

    def act(self) -> None:
        """Live one period: move, decide, kill, clone; or sit in jail. Then grow older."""
        _, where, whom, clones = self.model.acts[self.identity]
        if self.state is State.JAILED:
            self.serve()
        else:
            self.move(where)
            targets = self.decide()
            if self.state is State.ACTIVE and targets:
                targets[chosen(whom, len(targets))].die()
            if clones < self.model.settings.cloning:
                self.clone()
        self.age += 1.0
        if self.age >= self.death_age:
            self.die()

    def decide(self) -> list[Citizen]:
        """Go active or stay quiet, and return those of the other group who are in sight."""
        settings, cops, actives, targets = self.model.settings, 0.0, 1.0, []
        for other in self.in_sight():
            if isinstance(other, Cop):
                cops += 1.0
                continue
            if other.state is State.ACTIVE:
                actives += 1.0
            if other.group != self.group:
                targets.append(other)
        arrest = arrest_probability(
            cops, actives, float(settings.variant.floored), settings.constant
        )
        idle = float(settings.variant.needs_target and not targets)
        active = goes_active(
            grievance(self.hardship, settings.legitimacy), self.risk_aversion, arrest,
            settings.threshold, idle,
        )  # fmt: skip
        self.state = State.ACTIVE if active else State.QUIET
        return targets

    def clone(self) -> None:
        """Put a clone of the same group and grievance onto a free site in sight."""
        free = [cell for cell in self.model.sight[self.cell] if cell.is_empty]
        if not free:
            return
        where, risk_aversion, life, _ = self.model.births[self.identity]
        Citizen(
            self.model, free[chosen(where, len(free))], self.group, self.hardship, risk_aversion,
            life * self.model.settings.longest_life,
        )  # fmt: skip

    def serve(self) -> None:
        """Sit in jail; at the end of the sentence return to a random free site."""
        self.sentence -= 1
        free = self.model.free_sites() if self.sentence <= 0 else []
        if free:
            self.cell = free[chosen(self.model.births[self.identity][3], len(free))]
            self.state = State.QUIET

    def die(self) -> None:
        """Leave the model."""
        self.state = State.DEAD
        self.remove()


class Cop(Walker):
    """A peacekeeper: arrests a random active in sight, of either group."""

    def __init__(self, model: EpsteinModel, cell: Cell, number: int) -> None:
        super().__init__(model)
        self.cell, self.number = cell, number

    def act(self) -> None:
        """Move, and arrest one active."""
        _, where, whom, term = self.model.patrols[self.number]
        self.move(where)
        actives = [
            other
            for other in self.in_sight()
            if isinstance(other, Citizen) and other.state is State.ACTIVE
        ]
        if actives:
            arrested = actives[chosen(whom, len(actives))]
            arrested.state = State.JAILED
            arrested.sentence = 1 + chosen(term, self.model.settings.longest_jail)
            arrested.cell = None
