"""Rules of flight, return and hardship."""

from __future__ import annotations


def flight_rate(fear: float, ceiling: float) -> float:
    """Return the share of people who leave in a week: most only when fear is high.

    Parameters
    ----------
    fear : float
        Fear, in [0, 1].
    ceiling : float
        Parameter ``flight_ceiling`` (1/week).
    """
    return ceiling * fear * fear


def lulled_to(value: float, false_safety: float, lulled: float) -> float:
    """Return what is left of flight, or of fear of a place, where safety only seems given, in [0, 1].

    Parameters
    ----------
    value : float
        Share who would leave, or fear that would keep people away, in [0, 1].
    false_safety : float
        Safety that they seem to give and do not, in [0, 1].
    lulled : float
        Parameter of the same name.
    """
    return value * (1.0 - lulled * false_safety)


def route_weight(
    nearness: float, openness: float, abroad: float, room: float, fear_there: float, refuge: float
) -> float:
    """Return the pull of a destination on people who leave.

    Parameters
    ----------
    nearness : float
        Pull by road distance, in (0, 1].
    openness : float
        Openness of the border, in [0, 1]; 1 at home.
    abroad : float
        1 across the border, else 0.
    room : float
        Free share of the destination's capacity, in [0, 1].
    fear_there : float
        Fear of the same group at the destination, in [0, 1].
    refuge : float
        Parameter ``refuge_pull``.
    """
    pull = refuge if abroad > 0.5 else 1.0
    return openness * pull * nearness * room * (1.0 - fear_there)


def return_rate(fear: float, memory: float, ceiling: float, most_fear: float) -> float:
    """Return the share of those who left a place that come home in a week, in [0, 1].

    People return where they no longer fear to (Schon 2019 for flight; Toft 2007 for return).

    Parameters
    ----------
    fear, memory : float
        Fear and memory of violence of their group at home, in [0, 1].
    ceiling : float
        Parameter ``return_ceiling`` (1/week).
    most_fear : float
        Parameter ``return_fear``: fear from which on nobody returns.
    """
    if fear >= most_fear:
        return 0.0
    return ceiling * (1.0 - fear / most_fear) * (1.0 - memory)


def free_room(displaced: float, capacity: float) -> float:
    """Return the free share of a place's capacity to take people in, in [0, 1].

    Parameters
    ----------
    displaced : float
        Displaced people who are there.
    capacity : float
        People whom it can take in; infinite where no limit is known.
    """
    if displaced >= capacity:
        return 0.0
    return 1.0 - displaced / capacity


def admitted_share(displaced: float, capacity: float) -> float:
    """Return the share of the displaced in a place who are admitted; the others queue outside.

    Parameters
    ----------
    displaced : float
        Displaced people who are there.
    capacity : float
        People whom it can take in; infinite where no limit is known.
    """
    if displaced <= capacity:
        return 1.0
    return capacity / displaced


def deprivation_next(
    deprivation: float,
    newcomers: float,
    displaced: float,
    aid: float,
    fade: float,
    gain: float,
    neglect: float,
    effect: float,
) -> float:
    """Return the deprivation of the displaced in a place in the next week, in [0, 1].

    It rises with fresh arrivals whom no aid reaches, and slowly where settled people lose it, and
    falls as people settle (Toole & Waldman 1990), which gives indirect deaths their lag.

    Parameters
    ----------
    deprivation : float
        Deprivation now, in [0, 1].
    newcomers, displaced : float
        Displaced who arrived this week, and all displaced here (people).
    aid : float
        Share whom aid reaches, in [0, 1].
    fade, gain, neglect, effect : float
        Parameters ``deprivation_fade``, ``deprivation_gain``, ``deprivation_neglect`` (1/week),
        ``aid_effect``.
    """
    if displaced <= 0.0:
        return deprivation * (1.0 - fade)
    unaided = 1.0 - effect * aid
    value = deprivation * (1.0 - fade)
    rise = gain * newcomers / displaced + neglect
    # Both causes at their strongest deprive everybody once, not of more than all.
    if rise > 1.0:
        rise = 1.0
    return value + (1.0 - value) * unaided * rise


def indirect_mortality(deprivation: float, aid: float, mortality: float, effect: float) -> float:
    """Return the weekly excess mortality of the displaced (1/week).

    Parameters
    ----------
    deprivation, aid : float
        Deprivation and share whom aid reaches, in [0, 1].
    mortality, effect : float
        Parameters ``deprivation_mortality`` (1/week) and ``aid_effect``.
    """
    return mortality * deprivation * (1.0 - effect * aid)
