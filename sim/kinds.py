"""The categories of the model, as numbers that both engines share."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """Kind of an armed group."""

    STATE = 0
    MILITIA = 1
    REBEL = 2


class Role(IntEnum):
    """What a government does when civilians are attacked."""

    PERPETRATOR = 0
    BYSTANDER = 1
    PROTECTOR = 2


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
    POLICE = 3
    OBSERVERS = 4
    COUNTER_SPEECH = 5
    CONTACT = 6
    INCLUSION = 7
    JUSTICE = 8
    LIVELIHOODS = 9
    CIVIL_SOCIETY = 10
    INSTITUTIONS = 11
    PLACEBO = 12


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


class BargainingForm(IntEnum):
    """Position of a form of bargaining in `sim.forms`."""

    AGENDA_SETTER = 0
    COMPROMISE = 1


class ChoiceForm(IntEnum):
    """Position of a form of elite choice in `sim.forms`."""

    QUANTAL_RESPONSE = 0
    BEST_RESPONSE = 1
    ASPIRATION = 2


class UpdatingForm(IntEnum):
    """Position of a form of belief updating in `sim.forms`."""

    BAYES = 0
    REINFORCEMENT = 1
    CONFIRMATION = 2


STATE, MILITIA, REBEL = (float(kind) for kind in Kind)
PERPETRATOR, BYSTANDER, PROTECTOR = (float(role) for role in Role)
NONE, EXPEL, KILL = (float(order) for order in Order)
TROOPS, MEDIATION, AID = float(Effect.TROOPS), float(Effect.MEDIATION), float(Effect.AID)
POLICE, OBSERVERS = float(Effect.POLICE), float(Effect.OBSERVERS)
INCLUSION, PLACEBO = float(Effect.INCLUSION), float(Effect.PLACEBO)
ON_ACTION, ON_MANDATE = (float(trigger) for trigger in Trigger)
_, COMPROMISE = (float(form) for form in BargainingForm)
_, BEST_RESPONSE, ASPIRATION = (float(form) for form in ChoiceForm)
_, REINFORCEMENT, CONFIRMATION = (float(form) for form in UpdatingForm)
