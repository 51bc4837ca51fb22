"""Rules common to all measures: how a dose comes and goes."""

from __future__ import annotations


def dose_at(elapsed: float, ramp: float, duration: float, intensity: float) -> float:
    """Return the dose of a measure some weeks after its start.

    Parameters
    ----------
    elapsed : float
        Weeks since its start; negative before.
    ramp : float
        Weeks over which it grows to its intensity; 0 for at once.
    duration : float
        Weeks after which it ends; infinite when sustained.
    intensity : float
        Full dose, in the unit of what it acts on.
    """
    if elapsed < 0.0 or elapsed >= duration:
        return 0.0
    if ramp <= 0.0 or elapsed + 1.0 >= ramp:
        return intensity
    return intensity * (elapsed + 1.0) / ramp


def coverage_weight(
    coverage: float, people: float, at_risk: float, capital: float, exclusion: float
) -> float:
    """Return the weight of a place in a measure's coverage.

    Parameters
    ----------
    coverage : float
        All places 0, the capital 1, most at risk 2, marginalised first 3.
    people : float
        People of the place.
    at_risk : float
        Weight of the place among those at risk.
    capital : float
        1 for the capital, else 0.
    exclusion : float
        People of excluded groups, weighted by their exclusion.
    """
    if coverage < 0.5:
        return people
    if coverage < 1.5:
        return people * capital
    if coverage < 2.5:
        return at_risk
    return exclusion
