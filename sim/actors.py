"""The international actors of a scenario: where they stand, what they weigh, what they can give.

Shape of the mapping that `Actors.from_mapping` reads (a <figure> is described in `sim.figures`)::

    mean: [0.5, 0.5]        # mean ideal point: engage 0 .. press 1; sovereignty 0 .. protection 1
    salience: <figure>      # mean salience by votes, to which all are moved alike; left out, their own
    dispersion: 0.5         # 0 united .. 1 as divided as the policy space allows
    rule: {kind: vote, quota: <figure>}  # share of the votes that a mandate needs, or consensus
    actors:
      name: {kind: un, weight: <figure>, veto: true, salience: <figure>, endowment: <figure>,
             contribution: <figure>, tie: <figure>, deviation: [0.5, -0.5]}

Dispersion is a mean-preserving spread: actor j stands at ``mean + dispersion * e_j`` with the same
directions ``e_j`` at every dispersion, their weighted sum zero, scaled so that 1 just fits the space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.errors import ScenarioError, bad_value
from sim.figures import read_figure
from sim.reading import choice, known_mapping
from sim.starting import ACTOR, RULE, names_of, starting_figure

KINDS = ("un", "regional", "subregional", "neighbour", "donor", "ngo", "patron")
RULE_KINDS = {"vote": False, "consensus": True}
ENTRIES = ("mean", "dispersion", "salience", "rule", "actors", "note")
ACTOR_ENTRIES = ("kind", "veto", "deviation", "note", *names_of(ACTOR))


@dataclass(frozen=True, eq=False)
class Actors:
    """J international actors as columns.

    Attributes
    ----------
    names, kinds : tuple of str
    weight : float64 (J,)
        Shares of the votes, summing to 1.
    veto : float64 (J,)
        1 for an actor whose no blocks a mandate.
    salience : float64 (J,)
        Salience of prevention in ordinary times, in [0, 1].
    endowment : float64 (J,)
        Million USD for prevention.
    contribution : float64 (J,)
        Share of the requested peacekeepers that each can offer, in [0, 1].
    tie : float64 (J,)
        Tie to the government (1) or to its opponents (-1), 0 for none.
    direction : float64 (2, J)
        Directions e_j in the policy space, weighted sum zero, dispersion 1 just fits.
    mean : tuple of two floats
        Declared mean ideal point.
    dispersion : float
        In [0, 1].
    quota : float
        Share of the votes that a mandate needs, in (0, 1].
    consensus : bool
        Whether every actor with a vote must agree instead.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    weight: np.ndarray
    veto: np.ndarray
    salience: np.ndarray
    endowment: np.ndarray
    contribution: np.ndarray
    tie: np.ndarray
    direction: np.ndarray
    mean: tuple[float, float]
    dispersion: float
    quota: float
    consensus: bool

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any] | None) -> Actors:
        """Read the actors of a scenario; an empty mapping means that there are none.

        Raises
        ------
        ScenarioError
            One line that names the entry, its value and what is allowed.
        """
        raw = known_mapping("actors", raw, ENTRIES)
        rows = known_mapping("actors.actors", raw.get("actors"))
        for name, row in rows.items():
            _check_actor(f"actors.actors.{name}", row)
        mean = _point("actors.mean", raw.get("mean", [0.5, 0.5]), 0.0, 1.0)
        column = {name: _column(rows, name) for name in names_of(ACTOR)}
        weight = column["weight"]
        if rows and weight.sum() <= 0.0:
            raise ScenarioError("actors.actors: no actor has a vote, give one a weight above 0")
        weight = weight / weight.sum() if rows else weight
        toward = [
            _point(f"actors.actors.{name}.deviation", row.get("deviation", [0, 0]), -1e3, 1e3)
            for name, row in rows.items()
        ]
        rule = known_mapping("actors.rule", raw.get("rule"), ("kind", "quota"))
        return cls(
            names=tuple(str(name) for name in rows),
            kinds=tuple(row.get("kind", "un") for row in rows.values()),
            weight=weight,
            veto=np.array([1.0 if row.get("veto", False) else 0.0 for row in rows.values()]),
            salience=_salience(raw.get("salience"), column["salience"], weight),
            endowment=column["endowment"],
            contribution=column["contribution"],
            tie=column["tie"],
            direction=_directions(np.array(toward).reshape(-1, 2).T, weight, mean),
            mean=mean,
            dispersion=_dispersion(raw.get("dispersion", 0.5)),
            quota=starting_figure(RULE, "quota").read(rule, RULE),
            consensus=choice("actors.rule.kind", rule.get("kind", "vote"), RULE_KINDS),
        )

    def with_dispersion(self, dispersion: float) -> Actors:
        """Return the same actors, further from or closer to their mean (0 united .. 1)."""
        return replace(self, dispersion=_dispersion(dispersion))

    def positions(self) -> np.ndarray:
        """Return the ideal points, shape (2, J), each in [0, 1]."""
        spread = np.array(self.mean)[:, None] + self.dispersion * self.direction
        return np.clip(spread, 0.0, 1.0)

    def unity(self) -> float:
        """Return measured unity: one minus the weighted spread of the ideal points, in [0, 1].

        The spread is the weighted root-mean-square distance from the weighted mean, relative to the
        largest that the unit square allows (half of its diagonal). It is reported, never used.
        """
        if not self.names:
            return 1.0
        positions = self.positions()
        centre = positions @ self.weight
        squared = ((positions - centre[:, None]) ** 2).sum(axis=0) @ self.weight
        return float(1.0 - np.sqrt(squared / 0.5))


def _salience(raw: object, own: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the actors' salience, moved together so that its mean by votes is the one asked for."""
    if raw is None or not own.size:
        return own
    mean = starting_figure(ACTOR, "salience").number(raw, "actors.salience")
    return np.asarray(np.clip(own + (mean - own @ weight), 0.0, 1.0))


def _check_actor(key: str, row: object) -> None:
    entry = known_mapping(key, row, ACTOR_ENTRIES)
    choice(f"{key}.kind", entry.get("kind", "un"), {kind: kind for kind in KINDS})
    if not isinstance(entry.get("veto", False), bool):
        raise bad_value(f"{key}.veto", entry["veto"], "true or false")


def _column(rows: Mapping[str, Mapping[str, Any]], name: str) -> np.ndarray:
    figure = starting_figure(ACTOR, name)
    values = [figure.read(row, f"actors.actors.{actor}") for actor, row in rows.items()]
    return np.array(values, dtype=np.float64)


def _point(key: str, raw: object, low: float, high: float) -> tuple[float, float]:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise bad_value(key, raw, "two numbers [engage or press, sovereignty or protection]")
    first, second = (read_figure(value, key, low=low, high=high) for value in raw)
    return first, second


def _dispersion(raw: object) -> float:
    return read_figure(raw, "actors.dispersion", low=0.0, high=1.0, unit="0 united .. 1 divided")


def _directions(toward: np.ndarray, weight: np.ndarray, mean: tuple[float, float]) -> np.ndarray:
    """Recentre directions on a weighted sum of zero and scale them so that 1 just fits."""
    if toward.size == 0:
        return toward.reshape(2, 0)
    centred = toward - (toward @ weight)[:, None]
    middle = np.broadcast_to(np.array(mean)[:, None], centred.shape)
    moves = np.abs(centred) > 1e-12  # the rest is what rounding leaves of no direction
    step, start = centred[moves], middle[moves]
    scale = np.where(step > 0, (1.0 - start) / step, -start / step).min() if step.size else 0.0
    return np.asarray(centred * scale)
