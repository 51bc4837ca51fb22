"""Rules of protection and aid: where they go, and what they are worth there."""

from __future__ import annotations

from sim.exponential import exp


def protection_need(exposed: float, fear: float, memory: float) -> float:
    """Return the weight of a place when protection goes to those most at risk.

    Parameters
    ----------
    exposed : float
        Civilians of a targeted group (people).
    fear, memory : float
        Their fear and memory of violence, in [0, 1].
    """
    return exposed * (0.01 + fear + memory)


def protection_level(
    peacekeepers: float, population: float, robustness: float, troops_half: float
) -> float:
    """Return the chance that an attack is stopped, in [0, 1].

    It saturates in the density of peacekeepers and is capped by how robust their mandate is
    (Hultman, Kathman & Shannon 2013 for the sign).

    Parameters
    ----------
    peacekeepers : float
        Peacekeepers present.
    population : float
        People of the place.
    robustness : float
        Protection in the mandate, in [0, 1].
    troops_half : float
        Scale of the density (peacekeepers per 1,000 people).
    """
    if peacekeepers <= 0.0 or population <= 0.0:
        return 0.0
    density = 1000.0 * peacekeepers / population
    return robustness * (1.0 - exp(-density / troops_half))


def sheltered(protection: float, shelter: float) -> float:
    """Return the chance that peacekeepers or state forces stop an attack, in [0, 1].

    Parameters
    ----------
    protection, shelter : float
        Chance that peacekeepers stop it, and that state forces do, in [0, 1].
    """
    return protection + shelter - protection * shelter


def share_of(total: float, claim: float, claims: float) -> float:
    """Return the part of a total that goes to one claim; 0 when nobody claims.

    Parameters
    ----------
    total : float
        What is shared out, 0 or more.
    claim, claims : float
        Weight of this claim and of all claims together, 0 or more.
    """
    if claims <= 0.0:
        return 0.0
    return total * (claim / claims)


def supplied_here(supply: float, part: float, displaced: float) -> float:
    """Return how many of the displaced of a place a supply of aid meets: no more than are there.

    Parameters
    ----------
    supply : float
        People whom aid can supply in all places together.
    part : float
        Share of it that goes to the place, in [0, 1].
    displaced : float
        Displaced people of the place.
    """
    value = supply * part
    if value >= displaced:
        return displaced
    return value


def aid_reach(
    coverage: float,
    memory: float,
    isolation: float,
    admitted: float,
    consent: float,
    lost: float,
    denied: float,
) -> float:
    """Return the share of the displaced in a place whom aid reaches, in [0, 1].

    Violence and distance keep it away, and so may a host that denies access (Labonte & Edgerton 2013).

    Parameters
    ----------
    coverage : float
        Share of the displaced that aid can supply, in [0, 1].
    memory : float
        Worst memory of violence here, in [0, 1]: insecurity keeps aid away.
    isolation, lost : float
        Isolation of the place, in [0, 1], and parameter ``aid_isolation``.
    admitted : float
        Share of the displaced who are admitted; none reaches those who queue, in [0, 1].
    consent, denied : float
        Consent of the host, in [0, 1], 1 across its borders, and parameter ``aid_consent``.
    """
    reach = admitted * coverage * (1.0 - memory) * (1.0 - lost * isolation)
    return reach * (1.0 - denied * (1.0 - consent))
