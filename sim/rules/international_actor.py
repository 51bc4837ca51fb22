"""Rules that international actors follow: what they notice, attend to, propose and accept."""

from __future__ import annotations

from math import sqrt

from sim.exponential import exp


def alarm_level(
    deaths_recent: float,
    fled_share: float,
    threat: float,
    speech: float,
    weight_deaths: float,
    weight_flight: float,
    weight_threat: float,
    weight_speech: float,
) -> float:
    """Return how alarming a country truly is, in [0, 1), before noise and delay.

    Parameters
    ----------
    deaths_recent : float
        Recent direct deaths (people).
    fled_share : float
        Share of the people who fled recently, in [0, 1].
    threat : float
        Threat that the leadership visibly feels, in [0, 1].
    speech : float
        Loudest hate speech on the air, in [0, 1].
    weight_deaths, weight_flight, weight_threat, weight_speech : float
        Parameters ``alarm_deaths`` (1/1,000 deaths), ``alarm_flight``, ``alarm_threat``,
        ``alarm_speech``.
    """
    raised = weight_deaths * deaths_recent / 1000.0 + weight_flight * fled_share
    return 1.0 - exp(-(raised + weight_threat * threat + weight_speech * speech))


def signal_next(signal: float, alarm: float, error: float, delay: float) -> float:
    """Return an actor's reading of the alarm after a week: delayed and noisy.

    Parameters
    ----------
    signal : float
        Reading now.
    alarm : float
        True level, in [0, 1].
    error : float
        Error of this week's report (alarm).
    delay : float
        Parameter ``signal_delay`` (weeks, 1 or more).
    """
    return signal + (alarm + error - signal) / delay


def half_of(position: float) -> int:
    """Return in which half of an axis of the policy space a position lies: 0 the lower, 1 the upper.

    Parameters
    ----------
    position : float
        In [0, 1].
    """
    if position < 0.5:
        return 0
    return 1


def shared_view(
    across: float, up: float, lower_left: float, lower_right: float, upper_left: float,
    upper_right: float,
) -> float:  # fmt: skip
    """Return the part of an error that those who stand in one place of the policy space share.

    A standard normal number that varies over the space, between independent ones at the corners of
    its four quarters: the same for all who hold one position, alike for those who stand close,
    independent for those who stand half of the space apart. Diagnoses travel with political closeness
    (Janis 1972; Page 2007).

    Parameters
    ----------
    across, up : float
        Place within the quarter, along either axis, in [0, 1].
    lower_left, lower_right, upper_left, upper_right : float
        Independent standard normal numbers at the corners of the quarter.
    """
    first = (1.0 - across) * (1.0 - up)
    second = across * (1.0 - up)
    third = (1.0 - across) * up
    fourth = across * up
    size = sqrt(first * first + second * second + third * third + fourth * fourth)
    mixed = first * lower_left + second * lower_right + third * upper_left + fourth * upper_right
    return mixed / size


def report_error(own: float, common: float, shared: float, noise: float) -> float:
    """Return the error of the report that an actor reads: its own and what it shares with others.

    The spread is the same whatever is shared, so that a united coalition errs no more often, only
    together (Janis 1972; Page 2007).

    Parameters
    ----------
    own, common : float
        Standard normal numbers, of this actor and of all who stand where it stands.
    shared : float
        Parameter ``shared_diagnosis``, or 0 where every actor errs on its own.
    noise : float
        Standard deviation (alarm).
    """
    return noise * (sqrt(shared) * common + sqrt(1.0 - shared) * own)


def belief_next(
    belief: float, signal: float, prior: float, forgetting: float, evidence: float, midpoint: float
) -> float:
    """Return the log-odds an actor gives to an impending atrocity after a week's reading.

    Bayes' rule for two normal hypotheses of equal variance is linear in the reading; old evidence
    is forgotten.

    Parameters
    ----------
    belief, prior : float
        Log-odds now and without news.
    signal : float
        Reading of the alarm.
    forgetting, evidence, midpoint : float
        Parameters ``belief_forgetting`` (1/week), ``belief_evidence`` (log-odds),
        ``belief_midpoint`` (alarm).
    """
    return belief + forgetting * (prior - belief) + evidence * (signal - midpoint)


def probability_of(log_odds: float) -> float:
    """Return the probability that corresponds to log-odds, in [0, 1].

    Parameters
    ----------
    log_odds : float
    """
    if log_odds < -700.0:
        return 0.0
    return 1.0 / (1.0 + exp(-log_odds))


def attention_share(salience: float, risk: float, fatigue: float, competition: float) -> float:
    """Return the share of an actor's attention that prevention gets, in [0, 1].

    Agendas compete for limited attention (Jones & Baumgartner 2005).

    Parameters
    ----------
    salience, risk, fatigue : float
        Salience of prevention, probability given to an atrocity, fatigue, in [0, 1].
    competition : float
        Parameter ``agenda_competition``: appeal of the other agendas.
    """
    appeal = salience * risk * (1.0 - fatigue)
    if appeal <= 0.0:
        return 0.0
    return appeal / (appeal + competition * (1.0 - salience))


def coupled_attention(attention: float, risk: float, coupling: float) -> float:
    """Return the attention to prevention, with what other agendas give to it or take, in [0, 1].

    Linked to other protection agendas prevention draws on their attention where they see the risk;
    subsumed in them it loses its own (Bellamy 2011 on mainstreaming; size: judgement).

    Parameters
    ----------
    attention, risk : float
        Attention of its own, and probability given to an atrocity, in [0, 1].
    coupling : float
        Parameter ``agenda_coupling``: linked (above 0) or subsumed (below), in [-1, 1].
    """
    if coupling < 0.0:
        return attention * (1.0 + coupling)
    return attention + (1.0 - attention) * coupling * risk


def worn(value: float, years: float, erosion: float) -> float:
    """Return what is left of a commitment after years in a world that turns away, in [0, 1].

    Parameters
    ----------
    value : float
        The commitment at the start, in [0, 1].
    years : float
        Years since the start.
    erosion : float
        Parameter ``erosion`` (1/year); below 0 it grows.
    """
    left = value * exp(-erosion * years)
    if left > 1.0:
        return 1.0
    return left


def salience_next(
    salience: float, usual: float, visible: float, media: float, fade: float
) -> float:
    """Return the salience of prevention in the next week, in [0, 1] (Downs 1972).

    Parameters
    ----------
    salience, usual : float
        Salience now and in ordinary times, in [0, 1].
    visible : float
        Visible killing this week, in [0, 1].
    media, fade : float
        Parameters ``salience_media`` and ``salience_fade`` (1/week).
    """
    value = salience + fade * (usual - salience)
    return value + (1.0 - value) * media * visible


def fatigue_next(fatigue: float, attention: float, gain: float, recovery: float) -> float:
    """Return an actor's fatigue in the next week, in [0, 1].

    Parameters
    ----------
    fatigue : float
        Fatigue now, in [0, 1].
    attention : float
        Attention spent on action, in [0, 1]; 0 while none is under way.
    gain, recovery : float
        Parameters ``fatigue_gain`` and ``fatigue_recovery`` (1/week).
    """
    value = fatigue * (1.0 - recovery)
    return value + (1.0 - value) * gain * attention


def proposed_scale(stake: float, friction: float) -> float:
    """Return the scale of its own ideal policy that a proposer likes best, in [0, 1).

    It maximises ``stake (2 s - s^2) - friction s^2``: a quadratic loss in the policy space (Romer &
    Rosenthal 1978) weighed by how much the actor cares, against a cost of leaving the status quo.

    Parameters
    ----------
    stake : float
        Attention times probability given to an atrocity, in [0, 1].
    friction : float
        Parameter ``mandate_friction``.
    """
    return stake / (stake + friction)


def acceptable_scale(
    stake: float,
    pressure: float,
    protection: float,
    ideal_pressure: float,
    ideal_protection: float,
    friction: float,
) -> float:
    """Return the largest scale of a proposed policy that an actor prefers to the status quo.

    The root of its utility ``stake (2 s p.x - s^2 p.p) - friction s^2 p.p`` for the policy ``s p``
    and the ideal point ``x``, with the status quo at the origin; 0 when it prefers none.

    Parameters
    ----------
    stake : float
        Attention times probability given to an atrocity, in [0, 1].
    pressure, protection : float
        The proposed direction (the proposer's ideal point).
    ideal_pressure, ideal_protection : float
        Ideal point of the actor who votes.
    friction : float
        Parameter ``mandate_friction``.
    """
    size = pressure * pressure + protection * protection
    if size <= 0.0:
        return 0.0
    along = pressure * ideal_pressure + protection * ideal_protection
    return 2.0 * stake * along / ((stake + friction) * size)


def offered_terms(mediation: float, pressure: float, incentives: float, unbacked: float) -> float:
    """Return the terms that a mediator can put on the table, in [0, 1].

    Parameters
    ----------
    mediation : float
        Mediation under way, as a dose in [0, 1].
    pressure, incentives : float
        Pressure that reaches the parties and incentives to settle, in [0, 1]: mediation with muscle
        (Sisk 2009), and with carrots.
    unbacked : float
        Parameter ``terms_unbacked``.
    """
    backed = pressure + incentives - pressure * incentives
    return mediation * (unbacked + (1.0 - unbacked) * backed)


def mandated_strength(requested: float, scale: float, protection: float) -> float:
    """Return how many peacekeepers a mandate allows; none where it holds no protection.

    A diluted mandate is a smaller one of the same kind: its scale sets the number, and its direction
    what they may do (`mandate_robustness`). Counting protection in both would count it twice.

    Parameters
    ----------
    requested : float
        Peacekeepers that the measures ask for.
    scale : float
        Scale of the mandate in force, in [0, 1].
    protection : float
        Protection in the mandate in force, in [0, 1].
    """
    if protection <= 0.0:
        return 0.0
    return requested * scale


def mandate_robustness(protection: float, scale: float) -> float:
    """Return how far peacekeepers may go to protect, in [0, 1]: the mandate's direction.

    Parameters
    ----------
    protection, scale : float
        Protection in the mandate in force and its scale, in [0, 1].
    """
    if scale <= 0.0:
        return 0.0
    if protection >= scale:
        return 1.0
    return protection / scale


def stage_next(level: float, inflow: float, delay: float) -> float:
    """Return the level of one stage of a deployment after a week (Lundgren et al. 2021).

    Parameters
    ----------
    level, inflow : float
        Peacekeepers in this stage and in the stage before.
    delay : float
        Parameter ``deployment_delay`` (weeks, 1 or more).
    """
    return level + (inflow - level) / delay
