"""Rules that governments follow: the threat they feel and the consent they give."""

from __future__ import annotations

from sim.exponential import exp


def threat_next(
    threat: float,
    shock: float,
    rebellion: float,
    unrest: float,
    backlash: float,
    fade: float,
    gain_rebellion: float,
    gain_unrest: float,
) -> float:
    """Return the threat to its power that a leadership perceives in the next week, in [0, 1].

    Rebellion and unrest raise it (Valentino, Huth & Balch-Lindsay 2004; Davenport 2007), it fades.

    Parameters
    ----------
    threat, shock : float
        Threat now, and threat that a shock brings this week, in [0, 1].
    rebellion : float
        Rebel strength relative to what the state can hold down, in [0, 1].
    unrest : float
        Mean unrest (`grievance_excess`) among those out of government, in [0, 1].
    backlash : float
        Threat that outside pressure adds to a leadership that feels fully threatened (1/week): in
        quiet times it is not resented.
    fade, gain_rebellion, gain_unrest : float
        Parameters ``threat_fade`` or ``threat_fade_settled``, ``threat_rebellion``,
        ``threat_unrest`` (1/week).
    """
    value = threat * (1.0 - fade)
    raised = gain_rebellion * rebellion + gain_unrest * unrest + backlash * threat
    value = value + (1.0 - value) * (1.0 - exp(-raised))
    return value + (1.0 - value) * shock


def legitimacy_next(
    legitimacy: float, usual: float, violence: float, fade: float, loss: float
) -> float:
    """Return the legitimacy of a government in the next week, in [0, 1].

    Parameters
    ----------
    legitimacy, usual : float
        Legitimacy now and in quiet times, in [0, 1].
    violence : float
        Visible killing in the country this week, in [0, 1].
    fade, loss : float
        Parameters ``legitimacy_fade`` and ``legitimacy_loss`` (1/week).
    """
    value = legitimacy + fade * (usual - legitimacy)
    return value * (1.0 - loss * violence)


def cohesion_next(cohesion: float, usual: float, division: float, fade: float) -> float:
    """Return the cohesion of the elite in the next week, in [0, 1]: what a shock cost comes back.

    Parameters
    ----------
    cohesion, usual : float
        Cohesion now and in quiet times, in [0, 1].
    division : float
        Share of it that a shock costs this week, in [0, 1] (a coup attempt: Roessler 2011).
    fade : float
        Parameter ``cohesion_fade`` (1/week).
    """
    value = cohesion
    if cohesion < usual:
        value = cohesion + fade * (usual - cohesion)
    return value * (1.0 - division)


def domestic_share(cost: float, budget: float) -> float:
    """Return the share of its own programmes that a government pays for, in [0, 1].

    Parameters
    ----------
    cost, budget : float
        Cost of a week of the programmes, and domestic money left (million USD).
    """
    if cost <= budget:
        return 1.0
    return budget / cost


def rebellion_level(rebels: float, state: float, capacity: float) -> float:
    """Return rebel strength relative to what the state can hold down, in [0, 1].

    Parameters
    ----------
    rebels, state : float
        Armed persons of either side.
    capacity : float
        State capacity, in [0, 1].
    """
    if rebels <= 0.0:
        return 0.0
    return rebels / (rebels + capacity * state)


def consent_next(
    consent: float,
    openness: float,
    terms: float,
    pressure: float,
    protection: float,
    threat: float,
    access: float,
    speed: float,
    gain_terms: float,
    gain_pressure: float,
    loss_sovereignty: float,
) -> float:
    """Return the consent of the host to outside presence after its decision, in [0, 1].

    Parameters
    ----------
    consent, openness : float
        Consent now and in quiet times, in [0, 1].
    terms : float
        Terms on offer, in [0, 1].
    pressure : float
        Pressure that is believed, in [0, 1].
    protection, threat : float
        Protection in the mandate and the threat felt, in [0, 1]: sovereignty is guarded most under
        threat.
    access : float
        Consent that the access of further forums wins, in [0, 1].
    speed, gain_terms, gain_pressure, loss_sovereignty : float
        Parameters ``consent_speed``, ``consent_terms``, ``consent_pressure``,
        ``consent_sovereignty``.
    """
    level = openness + gain_terms * terms + gain_pressure * pressure + access
    level = level - loss_sovereignty * protection * threat
    if level < 0.0:
        level = 0.0
    if level > 1.0:
        level = 1.0
    return consent + speed * (level - consent)


def institutions_together(
    human_rights_institution: float, ombudsman: float, oversight: float, courts: float
) -> float:
    """Return the mean strength of the institutions that oversee a government, in [0, 1].

    Parameters
    ----------
    human_rights_institution, ombudsman, oversight, courts : float
        Strength of each, in [0, 1].
    """
    return 0.25 * (human_rights_institution + ombudsman + oversight + courts)


def response_of(
    protects: float, warned: float, commitment: float, account: float, most: float
) -> float:
    """Return the share of what its forces can do that a state does to protect people, in [0, 1].

    A protector does what it can. A bystander acts as far as it is warned and its leaders want to, or
    must because they will have to answer for it (Straus 2015; Bellamy 2016 on states that held back
    from the edge; Harff 2003 on accountable institutions).

    Parameters
    ----------
    protects : float
        1 for a protector, 0 for a bystander.
    warned : float
        Alarm as its institutions report it, in [0, 1].
    commitment, account : float
        Commitment of the leadership to peace, and chance that it has to answer, in [0, 1].
    most : float
        Parameter ``bystander_response``.
    """
    if protects > 0.5:
        return 1.0
    return most * warned * (commitment + account - commitment * account)


def deployable_share(consent: float, protection: float, forced: float) -> float:
    """Return the share of a deployment that can enter the country, in [0, 1].

    Parameters
    ----------
    consent : float
        Consent of the host, in [0, 1].
    protection : float
        Protection in the mandate, in [0, 1].
    forced : float
        Parameter ``forced_entry``.
    """
    return consent + (1.0 - consent) * forced * protection


def consent_asked(consent: float, asked: float) -> float:
    """Return how far a host lets in those whom it is asked about, in [0, 1]; wholly if it is not.

    Parameters
    ----------
    consent : float
        Consent of the host, in [0, 1].
    asked : float
        Parameter ``entry_consent``: part of them about whom it is asked.
    """
    return 1.0 - asked * (1.0 - consent)


def relapse_rate_with(
    rate: float, monitoring: float, belief: float, participation: float, by_monitoring: float,
    by_participation: float,
) -> float:  # fmt: skip
    """Return the rate at which an agreement breaks that is watched and that women have a part in.

    Monitors bind those who expect them to be followed by deeds (Fortna 2004); agreements that women
    signed last longer (Krause, Krause & Branfors 2018).

    Parameters
    ----------
    rate : float
        Parameter ``relapse_rate`` (1/decision).
    monitoring, participation : float
        Monitoring of the agreement, and women's part in it, in [0, 1].
    belief : float
        Enforcement that the parties expect, in [0, 1].
    by_monitoring, by_participation : float
        Parameters ``monitoring_effect`` and ``participation_effect``.
    """
    return (
        rate
        * (1.0 - by_monitoring * monitoring * belief)
        * (1.0 - by_participation * participation)
    )


def relapse_chance(guarantee: float, neighbours: float, rate: float, effect: float) -> float:
    """Return the probability at a decision that an agreement breaks (Walter 2002; Fortna 2004).

    Parameters
    ----------
    guarantee : float
        Credible protection behind it, in [0, 1].
    neighbours : float
        Support of the neighbours for it, in [0, 1].
    rate, effect : float
        Parameters ``relapse_rate`` and ``guarantee_effect``.
    """
    return rate * (1.0 - effect * guarantee) * (1.0 - effect * neighbours)
