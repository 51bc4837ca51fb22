"""The categories of the model, as numbers that both engines share."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """Kind of an armed group."""

    STATE = 0
    MILITIA = 1
    REBEL = 2


class Order(IntEnum):
    """Order that the leaders of an armed group have given."""

    NONE = 0
    EXPEL = 1
    KILL = 2


class Effect(IntEnum):
    """What a measure adds to: the input of a rule, never a state."""

    TROOPS = 0
    MEDIATION = 1
    AID = 2


class Trigger(IntEnum):
    """When a measure starts."""

    ACTION = 0
    MANDATE = 1


class Coverage(IntEnum):
    """Where a measure goes."""

    ALL = 0
    CAPITAL = 1
    MOST_AT_RISK = 2
    MARGINALISED = 3


STATE, MILITIA, REBEL = (float(kind) for kind in Kind)
NONE, EXPEL, KILL = (float(order) for order in Order)
TROOPS, MEDIATION, AID = (float(effect) for effect in Effect)
ON_ACTION, ON_MANDATE = (float(trigger) for trigger in Trigger)
