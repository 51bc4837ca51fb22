"""Rules of the harm that help can do: each effect is real in the literature and has a switch."""

from __future__ import annotations


def expected_rescue(protection: float, hazard: float) -> float:
    """Return the rescue that rebels may expect from outside, as a pull on recruits, in [0, 1].

    Moral hazard: a credible promise to protect emboldens those who hope to be protected (Kuperman
    2008; Kydd & Straus 2013).

    Parameters
    ----------
    protection : float
        Protection in the mandate in force, in [0, 1].
    hazard : float
        Parameter ``moral_hazard``.
    """
    return hazard * protection


def sovereignty_backlash(pressure: float, gain: float) -> float:
    """Return what outside pressure adds in a week to the threat that a government feels (1/week).

    Shaming and sanctions can rally and harden (Hafner-Burton 2008; Grossman, Manekin & Margalit
    2018).

    Parameters
    ----------
    pressure : float
        Pressure that reaches the parties, in [0, 1].
    gain : float
        Parameter ``backlash`` (1/week).
    """
    return gain * pressure


def urgency_of(announced: float, protection: float, gain: float) -> float:
    """Return the further value (utility) of violence before an announced force is there.

    A closing window accelerates (Kydd & Straus 2013; Hultman 2010).

    Parameters
    ----------
    announced : float
        Share of the announced force that is absent, in [0, 1].
    protection : float
        Protection in the mandate in force, in [0, 1].
    gain : float
        Parameter ``acceleration`` (utility).
    """
    return gain * announced * protection


def diverted_share(accountability: float, diversion: float) -> float:
    """Return the share of aid that armed groups divert, in [0, 1] (Nunn & Qian 2014).

    Parameters
    ----------
    accountability : float
        Chance that abuse is answered for at home, in [0, 1].
    diversion : float
        Parameter ``aid_diversion``.
    """
    return diversion * (1.0 - accountability)


def weak_spot(near: float, protection: float) -> float:
    """Return how much worse a place is protected than its neighbours, in [0, 1].

    Parameters
    ----------
    near, protection : float
        Mean protection in the neighbouring places, and protection here, in [0, 1].
    """
    if near <= protection:
        return 0.0
    return near - protection


def resentment(suppressed: float, trust: float, gain: float) -> float:
    """Return the grievance that counter-speech raises in a week among those who distrust it.

    Reactance (Bail et al. 2018); speech that is fought underground turns into grievance.

    Parameters
    ----------
    suppressed : float
        Counter-speech on the air, in [0, 1].
    trust : float
        Trust in its source, in [0, 1].
    gain : float
        Parameter ``speech_backlash`` (1/week).
    """
    return gain * suppressed * (1.0 - trust)


def false_safety(presence: float, robustness: float) -> float:
    """Return the safety that peacekeepers seem to give and do not, in [0, 1].

    People gather around a presence that will not enforce (the safe areas of Bosnia: Honig & Both
    1996).

    Parameters
    ----------
    presence : float
        Presence of peacekeepers as people see it, in [0, 1].
    robustness : float
        How far they may go to protect, in [0, 1].
    """
    return presence * (1.0 - robustness)
