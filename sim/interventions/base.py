"""The common base of all measures: what one declares, for the catalogue, the engines and the tests.

A measure is made of effects (`sim.effects`): each adds its share of the dose to the named input of a
rule. Whether a dose arrives is decided by rules, not by the measure: its channel names the way that
it takes, its lead and partners the actors whose attention and money carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sim.effects import EFFECTS
from sim.kinds import Channel, Coverage, Effect, Leader, Trigger

BODY = tuple(leader for leader in Leader if leader is not Leader.GOVERNMENT)
"""All outside actors together, as for what a mandate decides and all contribute to."""
NO_CHANGES: Mapping[str, object] = {}


class Level(StrEnum):
    """Level at which a measure is undertaken."""

    LOCAL = "local"
    NATIONAL = "national"
    REGIONAL = "regional"
    INTERNATIONAL = "international"


class Phase(StrEnum):
    """Whether a measure works on root causes or on a crisis."""

    STRUCTURAL = "structural"
    OPERATIONAL = "operational"


class Pillar(StrEnum):
    """Pillar of the responsibility to protect."""

    I = "I"  # noqa: E741
    II = "II"
    III = "III"


class Failure(StrEnum):
    """What a failure condition leaves of what a measure moves, as a test reads it.

    ``removes``: nothing that could be told from none, and less than a quarter for certain;
    ``reverses``: the opposite; ``leaves a tenth at most``: less than a tenth for certain, of what was
    paid for and hardly arrives; ``halves or more``: less than half, for a further way to fail that is
    partial by nature. Of whatever a measure moves some way of the first two kinds takes all.
    """

    REMOVES = "removes"
    REVERSES = "reverses"
    EMPTIES = "leaves a tenth at most"
    HALVES = "halves or more"


class Part(NamedTuple):
    """One effect of a measure.

    Attributes
    ----------
    effect : Effect
    size : float
        Dose of the effect for one unit of the measure.
    channel : Channel
        The way that it takes.
    """

    effect: Effect
    size: float = 1.0
    channel: Channel = Channel.DIRECT


class Move(NamedTuple):
    """A state that a measure moves, as a test can check it.

    Attributes
    ----------
    state : str
        ``table.field`` of `sim.fields`, as a mean over all who hold it.
    direction : int
        +1 where it rises, -1 where it falls.
    within : int
        Weeks from the first delivery after which the move shows.
    """

    state: str
    direction: int
    within: int


class AlsoFails(NamedTuple):
    """A further way in which a measure fails, or harms.

    Attributes
    ----------
    when : str
        How it fails in the world.
    changes : mapping
        Changes of a scenario, by dotted name, under which the model makes it fail.
    failure : Failure
        What that leaves of its moves.
    harms : Move or None
        Where it harms instead: what it then moves, and which way; its own moves may stand.
    of : tuple of str
        States among its moves of which that is said; of all unless given.
    """

    when: str
    changes: Mapping[str, object]
    failure: Failure = Failure.REMOVES
    harms: Move | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, repr=False)
class Declaration:
    """What a measure is, whatever the scenario.

    Attributes
    ----------
    id : str
        Stable id in the catalogue of measures (letter and number); of a user's own, its name.
    name : str
        Name used in scenario files.
    stands_for : str
        What in the source it stands for.
    level : Level
    phase : Phase
    pillar : Pillar
    parts : tuple of Part
        Its effects.
    acts_on : str
        States that it moves, in words.
    moves : tuple of Move
        The same, as tests read it: what it moves first, which way, and when.
    needs : Channel or None
        The way that must be open for any of it to begin; that of any of its parts unless given.
    lead, partners : tuple of Leader
        Whose attention carries it and who pays; who pays where the lead has no money.
    trigger : Trigger
        What its start is counted from.
    threshold : float or None
        Level of the trigger, where it has one.
    coverage : Coverage
        Where it goes unless a scenario says otherwise.
    unit : str
        Unit of the intensity.
    largest, intensity : float
        Largest intensity that a scenario may ask for, and the one unless it does.
    cost : float
        Cost of one unit for one week (million USD).
    lag, ramp, decay : float
        Weeks from its start to the first delivery, from there to its full intensity, and over which
        what was built goes on without money once it has ended.
    fails_when : str
        How it fails in the world.
    fails : mapping
        Changes of a scenario, by dotted name, under which the model makes it fail.
    failure : Failure
        What that leaves of its moves.
    fails_of : tuple of str
        States among its moves of which that is said; of all unless given. What one way to fail leaves
        alone another takes.
    also_fails : tuple of AlsoFails
        Further ways in which it fails or harms.
    shown_in, beside : mapping
        Changes of a scenario in which it has something to act on, and measures that it acts on.
    source : str
        Where its figures come from.
    """

    id: str
    name: str
    stands_for: str
    level: Level
    phase: Phase
    pillar: Pillar
    parts: tuple[Part, ...]
    acts_on: str
    moves: tuple[Move, ...]
    lead: tuple[Leader, ...]
    source: str
    fails_when: str
    fails: Mapping[str, object]
    failure: Failure = Failure.REMOVES
    fails_of: tuple[str, ...] = ()
    also_fails: tuple[AlsoFails, ...] = ()
    needs: Channel | None = None
    partners: tuple[Leader, ...] = ()
    trigger: Trigger = Trigger.ACTION
    threshold: float | None = None
    coverage: Coverage = Coverage.ALL
    unit: str = "dose, 1 is a national programme"
    largest: float = 1.0
    intensity: float = 1.0
    cost: float = 0.2
    lag: float = 0.0
    ramp: float = 26.0
    decay: float = 0.0
    shown_in: Mapping[str, object] = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return id and name: a scenario that shows all its declarations could not be read."""
        return f"<{self.id} {self.name}>"

    @property
    def local(self) -> bool:
        """Whether its coverage matters: one of its effects is by place, or troops or aid."""
        by_place = (Effect.TROOPS, Effect.AID)
        return any(EFFECTS[part.effect].local or part.effect in by_place for part in self.parts)

    @property
    def first_threshold(self) -> float:
        """Level of its trigger: its own, or what is usual for the trigger."""
        return usual_threshold(self.trigger) if self.threshold is None else self.threshold


def usual_threshold(trigger: Trigger) -> float:
    """Return the level of a trigger unless somebody says otherwise; 0 where it has none.

    A warning counts when actors hold an atrocity for as likely as not, deaths from the first one on,
    and a state fails manifestly while some hundred have been killed of late (judgement).
    """
    return {Trigger.WARNING: 0.5, Trigger.DEATHS: 1.0, Trigger.FAILING: 100.0}.get(trigger, 0.0)


def mask_of(leaders: Iterable[Leader]) -> int:
    """Return kinds of actors as one number, a bit each."""
    mask = 0
    for leader in leaders:
        mask |= int(leader)
    return mask
