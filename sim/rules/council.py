"""Rules of what international actors do together and apart: leverage, forums, announcements."""

from __future__ import annotations

from math import sqrt


def policy_gap(
    scale: float,
    ideal_pressure: float,
    ideal_protection: float,
    pressure: float,
    protection: float,
) -> float:
    """Return how far the policy in force is from what an actor wants, in [0, 1.5).

    Parameters
    ----------
    scale : float
        Scale of its own ideal policy that it would propose, in [0, 1].
    ideal_pressure, ideal_protection : float
        Its ideal point, in [0, 1].
    pressure, protection : float
        Mandate in force, in [0, 1]; both 0 without one.
    """
    first = scale * ideal_pressure - pressure
    second = scale * ideal_protection - protection
    return sqrt(first * first + second * second)


def outside_share(stake: float, gap: float, friction: float) -> float:
    """Return the share of its effort that an actor spends on a policy of its own, in [0, 1).

    The more it cares and the less the common policy is its own, the more it goes alone (judgement;
    Weitsman 2003 for allies who hedge).

    Parameters
    ----------
    stake : float
        Attention times probability given to an atrocity, in [0, 1].
    gap : float
        Distance from the policy in force to the one it wants.
    friction : float
        Parameter ``outside_friction``.
    """
    reason = stake * gap
    if reason <= 0.0:
        return 0.0
    return reason / (reason + friction)


def pressing_part(pressure: float, tie: float) -> float:
    """Return how far an actor on its own presses the government, in [0, 1].

    Parameters
    ----------
    pressure : float
        Its ideal point: engage 0 .. press 1.
    tie : float
        Its tie to the government (1) or to its opponents (-1); friends of the government spare it.
    """
    if tie > 0.0:
        return pressure * (1.0 - tie)
    return pressure


def engaging_part(pressure: float, tie: float) -> float:
    """Return how far an actor on its own offers incentives to settle, in [0, 1].

    Parameters
    ----------
    pressure : float
        Its ideal point: engage 0 .. press 1.
    tie : float
        Its tie to a party; who is tied to either serves that party instead.
    """
    own = tie if tie > 0.0 else -tie
    return (1.0 - pressure) * (1.0 - own)


def combined_pressure(
    mandated: float, outside: float, backing: float, forums: float, stalling: float
) -> float:
    """Return the pressure that reaches a party, in [0, 1].

    What the mandate and single actors apply adds up; patrons who back the party undo a part of it
    (Early 2009, on sanctions and those who bust them), and so do parties who shop between forums
    to gain time (Crocker, Hampson & Aall 1999).

    Parameters
    ----------
    mandated, outside : float
        Pressure in the mandate in force and by actors on their own, in [0, 1].
    backing : float
        Support of the party by its patrons, in [0, 1].
    forums : float
        Forums of mediation that are open.
    stalling : float
        Parameter ``forum_stalling``.
    """
    value = (mandated + outside - mandated * outside) * (1.0 - backing)
    if forums > 1.0:
        value = value * (1.0 - stalling * (forums - 1.0) / forums)
    return value


def forum_worth(stake: float, gap: float, cost: float) -> float:
    """Return what an own forum of mediation is worth to an actor; it opens one above 0.

    Parameters
    ----------
    stake : float
        Attention times probability given to an atrocity, in [0, 1].
    gap : float
        Distance from the policy in force to the one it wants.
    cost : float
        Parameter ``forum_cost``.
    """
    return stake * gap - cost


def forum_value(terms: float, lean: float, party: float, bias: float) -> float:
    """Return the appeal of a forum to one party, in [0, 1]: parties go where it is most.

    Parameters
    ----------
    terms : float
        Terms that its mediator can put on the table, in [0, 1].
    lean : float
        Where the mediator leans: engages 0 .. presses 1.
    party : float
        What the party would like: to be engaged 0 (a government), or the other pressed 1 (rebels).
    bias : float
        Parameter ``forum_bias``: part of the appeal lost with a mediator of the opposite lean.
    """
    away = lean - party
    if away < 0.0:
        away = -away
    return terms * (1.0 - bias * away)


def report_noise(
    noise: float, forums: float, observers: float, civil_society: float, half: float, heard: float
) -> float:
    """Return the noise of reports (alarm), less where more eyes are in the country.

    Parameters
    ----------
    noise : float
        Parameter ``signal_noise`` (alarm).
    forums : float
        Forums of mediation that are open, each with access; one or none leaves it as it is.
    observers, half : float
        Observers in the country, and parameter ``observers_half`` (persons).
    civil_society, heard : float
        Strength of civil society, in [0, 1], and parameter ``warning_civil_society``.
    """
    value = noise * (1.0 - heard * civil_society) * half / (observers + half)
    if forums > 1.0:
        value = value / sqrt(forums)
    return value


def report_delay(delay: float, focal_point: float, gain: float) -> float:
    """Return the mean delay of reports (weeks, 1 or more), shorter where a focal point is listened to.

    Parameters
    ----------
    delay : float
        Parameter ``signal_delay`` (weeks).
    focal_point, gain : float
        Strength of the national focal point for prevention, in [0, 1], and ``focal_point_gain``.
    """
    value = delay * (1.0 - gain * focal_point)
    if value < 1.0:
        return 1.0
    return value


def forum_access(forums: float, gain: float) -> float:
    """Return the consent that access through further forums wins, in [0, 1].

    Parameters
    ----------
    forums : float
        Forums of mediation that are open.
    gain : float
        Parameter ``forum_access_gain``.
    """
    if forums <= 1.0:
        return 0.0
    return gain * (forums - 1.0) / forums


def absent_share(mandated: float, deployed: float) -> float:
    """Return the share of an announced force that is not there yet, in [0, 1].

    Parameters
    ----------
    mandated, deployed : float
        Peacekeepers that the mandate allows, and that are in the country.
    """
    if mandated <= 0.0 or deployed >= mandated:
        return 0.0
    return 1.0 - deployed / mandated
