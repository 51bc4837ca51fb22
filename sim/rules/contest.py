"""Rules of contest and settlement: what an armed group lives on, where it stands, when it settles."""

from __future__ import annotations

from math import exp


def support_inflow(own: float, feeding: float, diverted: float) -> float:
    """Return the support that flows to an armed group in a week, in [0, 1].

    Parameters
    ----------
    own : float
        Support by its patrons, in [0, 1].
    feeding : float
        Support across the border, in [0, 1]; only rebels have any.
    diverted : float
        What it draws from aid, in [0, 1].
    """
    return 1.0 - (1.0 - own) * (1.0 - feeding) * (1.0 - diverted)


def fed_from_abroad(feeding: float, changes: float) -> float:
    """Return the support that rebels have across the borders, in [0, 1].

    Neighbours feed a party, not whoever rebels: when theirs has won they feed nobody, and again when
    it has been driven out.

    Parameters
    ----------
    feeding : float
        Support of the rebels of the start, in [0, 1].
    changes : float
        Governments that rebels have driven out.
    """
    if changes - 2.0 * int(0.5 * changes) > 0.5:
        return 0.0
    return feeding


def remnant(strength: float, most: float, share: float) -> float:
    """Return the fighters whom a beaten force keeps underground in a place (armed persons).

    Parameters
    ----------
    strength : float
        Armed persons there when it was beaten.
    most : float
        Armed persons whom its people there can hide and feed.
    share : float
        Parameter ``remnant_share``.
    """
    left = share * strength
    if left > most:
        return most
    return left


def finance_next(finance: float, inflow: float, fade: float, gain: float) -> float:
    """Return the finance of an armed group in the next week, in [0, 1].

    Parameters
    ----------
    finance, inflow : float
        Finance now, and support by patrons, neighbours or diverted aid, in [0, 1].
    fade, gain : float
        Parameters ``finance_fade`` and ``finance_gain`` (1/week).
    """
    value = finance * (1.0 - fade)
    return value + (1.0 - value) * gain * inflow


def strength_next(
    strength: float,
    usual: float,
    lost: float,
    capacity: float,
    control: float,
    finance: float,
    refill: float,
) -> float:
    """Return the strength of state forces after a week (armed persons).

    Parameters
    ----------
    strength, usual : float
        Strength now and in quiet times (armed persons).
    lost : float
        Armed persons lost in combat this week, at most the strength.
    capacity, control : float
        Capacity of the state, and share of the people whom it controls, in [0, 1].
    finance : float
        Finance from outside, which makes up for capacity that is lacking, in [0, 1].
    refill : float
        Parameter ``forces_refill`` (1/week): share of the gap that is filled.
    """
    value = strength - lost
    if value < usual:
        able = capacity + finance - capacity * finance
        value = value + refill * able * control * (usual - value)
    return value


def garrison_weight(people: float, grievance: float, focus: float) -> float:
    """Return the weight of a place when state forces are stationed.

    Parameters
    ----------
    people : float
        People of all groups in the place.
    grievance : float
        Grievance of the target group there above its usual level, in [0, 1].
    focus : float
        Parameter ``garrison_focus``.
    """
    return people * (1.0 + focus * grievance)


def distrust_between(
    friction: float, offices: float, prosecution: float, by_offices: float, by_prosecution: float
) -> float:
    """Return the distrust that an agreement must overcome (utility).

    Good offices lower it; leaders who face prosecution ask more of a settlement (Snyder & Vinjamuri
    2003; Prorok 2017).

    Parameters
    ----------
    friction : float
        Parameter ``settlement_friction`` (utility).
    offices, prosecution : float
        Good offices, and prosecution of past crimes, in [0, 1].
    by_offices, by_prosecution : float
        Parameters ``offices_trust`` (share) and ``prosecution_threat`` (utility).
    """
    return friction * (1.0 - by_offices * offices) + by_prosecution * prosecution


def settlement_chance(
    terms: float,
    resolve: float,
    threat: float,
    value_terms: float,
    hurt: float,
    friction: float,
    precision: float,
) -> float:
    """Return the probability that a group's leaders accept the terms on offer at a decision.

    Quantal response between settling and going on: the more a side hurts, the sooner it settles
    (Zartman 1989), and distrust must be overcome (Walter 2002).

    Parameters
    ----------
    terms : float
        Terms on offer, in [0, 1].
    resolve : float
        Value of the best violent order (utility).
    threat : float
        Perceived threat, in [0, 1]: what goes on hurting without an agreement.
    value_terms, hurt, friction, precision : float
        Parameters ``value_terms``, ``settlement_hurt``, ``settlement_friction`` (utility),
        ``choice_precision``.
    """
    if terms <= 0.0:
        return 0.0
    value = value_terms * terms + hurt * threat - resolve - friction
    return 1.0 / (1.0 + exp(-precision * value))
