"""What a citizen works out before acting (Epstein 2002): one body, called and compiled."""

from __future__ import annotations

from math import exp


def grievance(hardship: float, legitimacy: float) -> float:
    """Return grievance G = H (1 - L), in [0, 1].

    Parameters
    ----------
    hardship, legitimacy : float
        Hardship H of a citizen, and legitimacy L that each group grants the other, in [0, 1].
    """
    return hardship * (1.0 - legitimacy)


def arrest_probability(cops: float, actives: float, floored: float, constant: float) -> float:
    """Return the probability of arrest that a citizen expects, 1 - exp(-k C/A), in [0, 1).

    Parameters
    ----------
    cops, actives : float
        Cops in sight, and actives in sight, the citizen itself among them (1 or more).
    floored : float
        1 to round C/A down to a whole number, 0 to take it as it is.
    constant : float
        k; 2.3 makes one cop to one active 0.9.
    """
    ratio = cops / actives
    if floored > 0.5:
        ratio = float(int(ratio))
    return 1.0 - exp(-constant * ratio)


def goes_active(
    grievance: float, risk_aversion: float, arrest: float, threshold: float, idle: float
) -> float:
    """Return 1 for a citizen who goes active, else 0.

    Parameters
    ----------
    grievance, risk_aversion, arrest : float
        Grievance, risk aversion, and expected probability of arrest, in [0, 1].
    threshold : float
        T, which grievance less net risk must exceed.
    idle : float
        1 for a citizen who has nobody to kill and is therefore held to be quiet.
    """
    if idle > 0.5:
        return 0.0
    return 1.0 if grievance - risk_aversion * arrest > threshold else 0.0


def chosen(draw: float, count: int) -> int:
    """Return one of `count` positions by a draw in [0, 1)."""
    return int(draw * count)
