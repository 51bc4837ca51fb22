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
    """What a measure adds to: the input of a rule, never a state (`sim.effects` says which)."""

    # For the country as a whole.
    TROOPS = 0
    MEDIATION = 1
    AID = 2
    OBSERVERS = 3
    INSTITUTIONS = 4
    FOCAL_POINTS = 5
    SECURITY = 6
    GOVERNANCE = 7
    CAPACITY = 8
    TREATIES = 9
    BORDERS = 10
    REPORTING = 11
    DIALOGUE = 12
    OFFICES = 13
    POWER_SHARING = 14
    JOINT = 15
    MONITORING = 16
    PROSECUTION = 17
    SUPPORT = 18
    FUNDS = 19
    EMBARGO = 20
    SUSTAIN = 21
    EARLY_ACTION = 22
    PARTICIPATION = 23
    DECENTRALISATION = 24
    PLACEBO = 25
    # By place, as far as the coverage goes.
    POLICE = 26
    CONTACT = 27
    INCLUSION = 28
    JUSTICE = 29
    LIVELIHOODS = 30
    CIVIL_SOCIETY = 31
    EQUALITY = 32
    EMPOWERMENT = 33
    TRUTH = 34
    SCHOOLING = 35
    HEALING = 36
    INTERRUPTION = 37
    VOICES = 38
    YOUTH = 39
    ACCOMPANIMENT = 40
    # Likewise, but on the air and online: no part of what is decentralised.
    COUNTER_SPEECH = 41
    MODERATION = 42


class Trigger(IntEnum):
    """What the start of a measure is counted from."""

    ACTION = 0
    MANDATE = 1
    WARNING = 2
    DEATHS = 3
    FAILING = 4
    AGREEMENT = 5


class Coverage(IntEnum):
    """Where a measure goes; `LISTED` and above are explicit lists of places."""

    ALL = 0
    CAPITAL = 1
    MOST_AT_RISK = 2
    MARGINALISED = 3
    LISTED = 4


class Channel(IntEnum):
    """What a measure passes through on its way, and what can therefore stop it."""

    DIRECT = 0
    STATE = 1
    SOCIETY = 2
    ACCESS = 3
    BORDERS = 4
    MESSAGE = 5
    OFFICE = 6
    UNITED = 7
    DEAL = 8
    ENTRY = 9


class Leader(IntEnum):
    """Who carries a measure: one bit a kind, so that several can be told in one number."""

    GOVERNMENT = 1
    UN = 2
    REGIONAL = 4
    SUBREGIONAL = 8
    NEIGHBOUR = 16
    DONOR = 32
    NGO = 64
    PATRON = 128


class BargainingForm(IntEnum):
    """Position of a form of bargaining in `sim.forms`."""

    AGENDA_SETTER = 0
    COMPROMISE = 1


class ChoiceForm(IntEnum):
    """Position of a form of elite choice in `sim.forms`."""

    QUANTAL_RESPONSE = 0
    BEST_RESPONSE = 1
    ASPIRATION = 2


class ForesightForm(IntEnum):
    """Position of a form of foresight in `sim.forms`."""

    MYOPIC = 0
    FORWARD_LOOKING = 1


class UpdatingForm(IntEnum):
    """Position of a form of belief updating in `sim.forms`."""

    BAYES = 0
    REINFORCEMENT = 1
    CONFIRMATION = 2


STATE, MILITIA, REBEL = (float(kind) for kind in Kind)
PERPETRATOR, BYSTANDER, PROTECTOR = (float(role) for role in Role)
NONE, EXPEL, KILL = (float(order) for order in Order)
TROOPS, MEDIATION, AID = float(Effect.TROOPS), float(Effect.MEDIATION), float(Effect.AID)
PLACEBO, POLICE = float(Effect.PLACEBO), float(Effect.POLICE)
ON_AIR = float(Effect.COUNTER_SPEECH)  # this effect and those after it
ON_ACTION, ON_MANDATE, ON_WARNING, ON_DEATHS, ON_FAILING, ON_AGREEMENT = (
    float(trigger) for trigger in Trigger
)
EVERYWHERE, LISTED = float(Coverage.ALL), float(Coverage.LISTED)
(
    _, BY_STATE, BY_SOCIETY, BY_ACCESS, BY_BORDERS, BY_MESSAGE, BY_OFFICE, BY_UNITED, BY_DEAL,
    BY_ENTRY,
) = (float(channel) for channel in Channel)  # fmt: skip
_, COMPROMISE = (float(form) for form in BargainingForm)
_, FORWARD_LOOKING = (float(form) for form in ForesightForm)
_, BEST_RESPONSE, ASPIRATION = (float(form) for form in ChoiceForm)
_, REINFORCEMENT, CONFIRMATION = (float(form) for form in UpdatingForm)
