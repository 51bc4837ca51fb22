"""Rules common to all measures: how a dose comes, passes, and goes; what it does to an input."""

from __future__ import annotations


def dose_at(elapsed: float, ramp: float, duration: float, decay: float, intensity: float) -> float:
    """Return the dose of a measure some weeks after its first delivery.

    Parameters
    ----------
    elapsed : float
        Weeks since the first delivery; negative before.
    ramp : float
        Weeks over which it grows to its intensity; 0 for at once.
    duration : float
        Weeks after which it ends; infinite when sustained.
    decay : float
        Weeks over which it fades after its end; 0 for at once.
    intensity : float
        Full dose, in the unit of what it acts on.
    """
    if elapsed < 0.0 or elapsed >= duration + decay:
        return 0.0
    left = 1.0
    if elapsed >= duration:
        left = 1.0 - (elapsed - duration + 1.0) / (decay + 1.0)
        elapsed = duration - 1.0
    if ramp > 0.0 and elapsed + 1.0 < ramp:
        left = left * ((elapsed + 1.0) / ramp)
    return intensity * left


def heightened(value: float, dose: float, share: float) -> float:
    """Return an input of a rule, raised towards 1 by a dose; as it is without one, to the bit.

    Parameters
    ----------
    value : float
        The input without the measure, in [0, 1].
    dose : float
        Dose of the effect, in [0, 1].
    share : float
        Part of the way to 1 that a full dose goes, in [0, 1].
    """
    return value + (1.0 - value) * share * dose


def lessened(value: float, dose: float, share: float) -> float:
    """Return an input of a rule, lowered by a dose; as it is without one, to the bit.

    Parameters
    ----------
    value : float
        The input without the measure, 0 or more.
    dose : float
        Dose of the effect, in [0, 1].
    share : float
        Part of it that a full dose takes away, in [0, 1].
    """
    return value * (1.0 - share * dose)


# --- channels -------------------------------------------------------------------------------------


def civic_room(commitment: float, institutions: float) -> float:
    """Return the room that a state leaves to organised people, in [0, 1].

    A leadership that does not want peace closes it, as far as no institution keeps it open
    (Davenport 2007; Bakke, Mitchell & Smidt 2020).

    Parameters
    ----------
    commitment : float
        Commitment of the leadership to peace, in [0, 1].
    institutions : float
        Mean strength of the institutions that oversee it, in [0, 1].
    """
    return commitment + (1.0 - commitment) * institutions


def message_clarity(backing: float) -> float:
    """Return how clear the message of outside actors is, in [0, 1].

    Friends of the government who tell it the opposite drown the message as soon as they weigh as
    much as the rest (Krain 2005; Early 2009).

    Parameters
    ----------
    backing : float
        Mean tie of the actors to the government, by money, in [0, 1].
    """
    if backing >= 0.5:
        return 0.0
    return 1.0 - 2.0 * backing


def joint_share(outside: float) -> float:
    """Return the part of a joint action that policies of one's own leave standing, in [0, 1].

    Rival mandates undo more than their share (judgement).

    Parameters
    ----------
    outside : float
        Share of the actors' effort spent on their own policies, by money, in [0, 1].
    """
    if outside >= 0.5:
        return 0.0
    return 1.0 - 2.0 * outside


def credit_next(
    credit: float, believed: float, alarm: float, loss: float, recovery: float
) -> float:
    """Return the credit of warnings in the next week, in [0, 1]: false alarms spend it.

    Parameters
    ----------
    credit : float
        Credit now, in [0, 1].
    believed, alarm : float
        Probability that actors give to an atrocity, and how alarming the country truly is, in [0, 1].
    loss, recovery : float
        Parameters ``credit_loss`` and ``credit_recovery`` (1/week).
    """
    value = credit + recovery * (1.0 - credit)
    if believed <= alarm:
        return value
    return value * (1.0 - loss * (believed - alarm))


def carried_over(passage: float, needed: float) -> float:
    """Return what is left of other parts of a measure as the way that it needs narrows, in [0, 1].

    An office that reaches nobody has nothing to report and nobody to bring together (judgement).

    Parameters
    ----------
    passage : float
        Part of a dose that gets through the way that the measure needs, in [0, 1].
    needed : float
        Parameter ``needed_way``.
    """
    return 1.0 - needed * (1.0 - passage)


# --- places ---------------------------------------------------------------------------------------


def coverage_weight(
    coverage: float, people: float, at_risk: float, capital: float, exclusion: float, listed: float
) -> float:
    """Return the weight of a place in a measure's coverage.

    Parameters
    ----------
    coverage : float
        All places 0, the capital 1, most at risk 2, marginalised first 3, a list from 4 on.
    people : float
        People of the place.
    at_risk : float
        Weight of the place among those at risk.
    capital : float
        1 for the capital, else 0.
    exclusion : float
        People of excluded groups, weighted by their exclusion.
    listed : float
        1 for a place on the list, else 0.
    """
    if coverage < 0.5:
        return people
    if coverage < 1.5:
        return people * capital
    if coverage < 2.5:
        return at_risk
    if coverage < 3.5:
        return exclusion
    return people * listed


def decentral_share(share: float, excluded: float, decentral: float) -> float:
    """Return a place's share of a programme, moved towards where the excluded live, in [0, 1].

    Parameters
    ----------
    share, excluded : float
        Its share by the coverage of the measure, and of the excluded people, in [0, 1].
    decentral : float
        Part of the programme that is decentralised, in [0, 1].
    """
    return share + decentral * (excluded - share)


def local_dose(dose: float, share: float, people: float, total: float) -> float:
    """Return the dose in one place of a programme whose mean over all people is given, in [0, 1].

    Parameters
    ----------
    dose : float
        Mean dose over all people.
    share : float
        Share of the programme that goes to the place, in [0, 1].
    people, total : float
        People of the place and of all places.
    """
    value = dose * share * total
    if value <= 0.0 or people <= 0.0:
        return 0.0
    if value >= people:
        return 1.0
    return value / people


def people_dared(dose: float, fear: float) -> float:
    """Return the part of a programme that people come to, in [0, 1]: fear keeps them at home.

    Parameters
    ----------
    dose : float
        Dose in the place, in [0, 1].
    fear : float
        Worst fear there, in [0, 1].
    """
    return dose * (1.0 - fear)


def people_reached(dose: float, exclusion: float) -> float:
    """Return the part of a programme that reaches a group, in [0, 1]: the rest goes to the others.

    Economic programmes follow power (Stewart 2008).

    Parameters
    ----------
    dose : float
        Dose in the place, in [0, 1].
    exclusion : float
        Exclusion of the group there, in [0, 1].
    """
    return dose * (1.0 - exclusion)
