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


def foreseen(in_force: float, disposed: float) -> float:
    """Return what those who look ahead count with of a mandate, in [0, 1].

    They count with what outsiders are disposed to do, as far as they believe in it, and not with a
    date (Kydd & Straus 2013).

    Parameters
    ----------
    in_force, disposed : float
        Pressure or protection in the mandate in force, and in the mean position of those who could
        give one, in [0, 1].
    """
    if disposed > in_force:
        return disposed
    return in_force


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


def pushed_rate(
    intended: float, protection: float, belief: float, deterrence: float, shift: float
) -> float:
    """Return the rate of attacks that protection deters in a place and pushes next door (1/week).

    Violence moves to where protection is thin (Beardsley & Gleditsch 2015); no more of it than what
    was deterred.

    Parameters
    ----------
    intended : float
        Rate of attacks that there would be without protection (1/week).
    protection, belief : float
        Chance that an attack here is stopped, and expected enforcement, in [0, 1].
    deterrence, shift : float
        Parameters ``deterrence`` and ``violence_shift``.
    """
    return shift * deterrence * protection * belief * intended


def spill_rate(pushed: float, around: float) -> float:
    """Return the attacks that move next door for each armed person there (1/week).

    Parameters
    ----------
    pushed : float
        Attacks that move (1/week).
    around : float
        Armed persons in the places around, by nearness; hardly any take over none.
    """
    if around < 1e-6:
        return 0.0
    return pushed / around


def resentment(suppressed: float, hate: float, trust: float, gain: float) -> float:
    """Return the grievance that counter-speech raises in a week among those whose speech it fights.

    Reactance of those who believe what is answered and distrust who answers (Bail et al. 2018).

    Parameters
    ----------
    suppressed : float
        Counter-speech on the air, in [0, 1].
    hate : float
        Exposure to the hate speech that it answers, in [0, 1].
    trust : float
        Trust in its source, in [0, 1].
    gain : float
        Parameter ``speech_backlash`` (1/week).
    """
    return gain * suppressed * hate * (1.0 - trust)


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
