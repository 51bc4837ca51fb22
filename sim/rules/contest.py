"""Rules of contest and settlement: what an armed group lives on, where it stands, when it settles."""

from __future__ import annotations

from math import log1p

from sim.exponential import exp


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


def weariness_next(
    weariness: float,
    losses: float,
    means: float,
    fade: float,
    gain: float,
    spared: float,
) -> float:
    """Return the weariness of war of an armed side after a week, in [0, 1].

    Losses wear it down by what they are of all whom it can arm, so that a few hold out long, and
    money keeps it going (Rosen 1972; Zartman 1985; Mason & Fett 1996; Fearon 2004).

    Parameters
    ----------
    weariness : float
        Weariness now, in [0, 1].
    losses : float
        Armed persons whom combat cost it this week, as a share of those whom it can arm, in [0, 1].
    means : float
        Means to go on: capacity of the state and finance, or finance alone, in [0, 1].
    fade, gain, spared : float
        Parameters ``weariness_fade`` (1/week), ``weariness_gain`` (1/strength),
        ``weariness_means`` (share).
    """
    value = weariness * (1.0 - fade)
    return value + (1.0 - value) * (1.0 - exp(-gain * losses * (1.0 - spared * means)))


def share_lost(lost: float, pool: float) -> float:
    """Return losses as a share of those whom a side can arm, in [0, 1].

    Parameters
    ----------
    lost, pool : float
        Armed persons lost, and those whom it can arm.
    """
    if lost <= 0.0:
        return 0.0
    if lost >= pool:
        return 1.0
    return lost / pool


def means_to_fight(capacity: float, finance: float) -> float:
    """Return the means of state forces to go on with a war, in [0, 1].

    Parameters
    ----------
    capacity, finance : float
        Capacity of the state, and finance of its forces from outside, in [0, 1].
    """
    return capacity + finance - capacity * finance


def willing_to_fight(armed: float, weariness: float) -> float:
    """Return how many of an armed side still seek battle in a place (armed persons).

    Parameters
    ----------
    armed : float
        Armed persons here.
    weariness : float
        Their weariness of war, in [0, 1].
    """
    return armed * (1.0 - weariness)


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
    weariness: float,
    value_terms: float,
    hurt: float,
    friction: float,
    precision: float,
) -> float:
    """Return the probability that a group's leaders accept the terms on offer at a decision.

    Quantal response between settling and going on: the more a side hurts, the sooner it settles
    (Zartman 1985, 1989), by threat or by weariness, and distrust must be overcome (Walter 2002).

    Parameters
    ----------
    terms : float
        Terms on offer, in [0, 1].
    resolve : float
        Value of the best violent order (utility).
    threat : float
        Perceived threat, in [0, 1]: what goes on hurting without an agreement.
    weariness : float
        Weariness of war, in [0, 1].
    value_terms, hurt, friction, precision : float
        Parameters ``value_terms``, ``settlement_hurt``, ``settlement_friction`` (utility),
        ``choice_precision``.
    """
    if terms <= 0.0:
        return 0.0
    pain = threat + weariness - threat * weariness
    value = value_terms * terms + hurt * pain - resolve - friction
    return 1.0 / (1.0 + exp(-precision * value))


def breach_chance(rate: float, parties: float, temptation: float, precision: float) -> float:
    """Return the probability at a decision that one party breaks an agreement in force, in [0, 1].

    Quantal response between keeping it and going back to violence: a party whom violence does not
    pay breaks at its share of the relapse rate, one whom it pays more often. Agreements break by the
    choice of those who signed them (Walter 1997; Fearon 1998; Fortna 2003).

    Parameters
    ----------
    rate : float
        Rate at which the agreement breaks while violence pays nobody (1/decision), as this party
        expects it to be enforced, in [0, 1].
    parties : float
        Parties to the agreement, 1 or more.
    temptation : float
        Value of the best violent order, the agreement forfeited (utility); 0 if none pays.
    precision : float
        Parameter ``choice_precision`` (1/utility).
    """
    if rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return 1.0
    own = 1.0 - exp(log1p(-rate) / parties)
    pull = precision * temptation
    if pull > 100.0:
        pull = 100.0
    odds = own / (1.0 - own) * exp(pull)
    return odds / (1.0 + odds)
