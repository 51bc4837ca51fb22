"""Rules of credibility: what armed groups learn about enforcement."""

from __future__ import annotations


def expected_enforcement(enforced: float, unenforced: float) -> float:
    """Return the share of abuses that a group expects to be stopped or punished, in [0, 1].

    Mean of the Beta distribution that Bayes' rule gives after the observations (Kydd 2005).

    Parameters
    ----------
    enforced, unenforced : float
        Observations of either kind, with the prior's.
    """
    return enforced / (enforced + unenforced)


def observations_next(
    observations: float, prior: float, seen: float, weight: float, forgetting: float
) -> float:
    """Return the weight of observations of one kind after a week.

    Parameters
    ----------
    observations, prior : float
        Weight now and in the prior.
    seen : float
        Observations of the week.
    weight : float
        Parameter ``enforcement_weight``: observations that one attack is worth.
    forgetting : float
        Parameter ``enforcement_forgetting`` (1/week).
    """
    return observations + forgetting * (prior - observations) + weight * seen


def contradictions(backing: float, pressure: float, announced: float, protection: float) -> float:
    """Return the observations of a week that outside words are not followed by deeds.

    Pressure that a patron undoes is contradicted, protection that does not arrive is a bluff (Kydd
    2005; Schelling 1966).

    Parameters
    ----------
    backing, pressure : float
        Support by patrons, and pressure in the mandate, in [0, 1].
    announced, protection : float
        Share of the mandated force that is absent, and protection in the mandate, in [0, 1].
    """
    return backing * pressure + announced * protection


def kept_in_sight(agreement: float, monitoring: float, belief: float) -> float:
    """Return the observations of a week that an agreement is enforced: it is kept under watch.

    Observers let a party see the others comply, which counts as far as it expects what they see to be
    followed by deeds (Fortna 2004); once the bluff is called nobody learns from them.

    Parameters
    ----------
    agreement : float
        1 while a settlement is in force, else 0.
    monitoring : float
        Monitoring of the agreement, in [0, 1].
    belief : float
        Expected enforcement, in [0, 1].
    """
    return agreement * monitoring * belief


def reinforced_belief(
    belief: float, prior: float, stopped: float, unstopped: float, rate: float, forgetting: float
) -> float:
    """Return the expected enforcement after a week when the last experience counts most, in [0, 1].

    Rescorla & Wagner 1972; Erev & Roth 1998: a rival to Bayes' rule.

    Parameters
    ----------
    belief, prior : float
        Expected enforcement now and at first, in [0, 1].
    stopped, unstopped : float
        Abuses of the week that were and were not stopped.
    rate, forgetting : float
        Parameters ``reinforcement_rate`` and ``enforcement_forgetting`` (1/week).
    """
    value = belief + forgetting * (prior - belief)
    seen = stopped + unstopped
    if seen <= 0.0:
        return value
    return value + rate * (stopped / seen - value)


def confirmed(seen: float, expected: float, bias: float) -> float:
    """Return what observations count for where those against the belief held are discounted.

    Rabin & Schrag 1999: a rival to Bayes' rule.

    Parameters
    ----------
    seen : float
        Observations of one kind in a week.
    expected : float
        Share of this kind that was expected, in [0, 1].
    bias : float
        Parameter ``confirmation_bias``.
    """
    if expected < 0.5:
        return seen * (1.0 - bias)
    return seen
