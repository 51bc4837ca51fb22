"""Rules that armed groups follow: what their leaders fear, believe, and order."""

from __future__ import annotations

from math import exp


def rebel_threat_next(
    threat: float, losses: float, unrest: float, fade: float, gain: float, gain_unrest: float
) -> float:
    """Return the threat that rebel leaders perceive in the next week, in [0, 1].

    Parameters
    ----------
    threat : float
        Threat now, in [0, 1].
    losses : float
        Mean memory of violence on their side, in [0, 1] (the security dilemma of Posen 1993).
    unrest : float
        Mean grievance above the usual level on their side, in [0, 1].
    fade, gain, gain_unrest : float
        Parameters ``threat_fade``, ``threat_losses``, ``threat_unrest`` (1/week).
    """
    value = threat * (1.0 - fade)
    return value + (1.0 - value) * (1.0 - exp(-(gain * losses + gain_unrest * unrest)))


def shaken(threat: float, shock: float) -> float:
    """Return the threat that leaders perceive after a shock, in [0, 1].

    Parameters
    ----------
    threat, shock : float
        Threat before, and threat that a shock brings this week, in [0, 1].
    """
    return threat + (1.0 - threat) * shock


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


def leaders_restraint(discipline: float, commitment: float) -> float:
    """Return the restraint of leaders who share the government's commitment, in [0, 1].

    Parameters
    ----------
    discipline : float
        Internal discipline and restraint of their group, in [0, 1].
    commitment : float
        Commitment of the leadership to peace, in [0, 1].
    """
    return 0.5 * (discipline + commitment)


def home_accountability(accountability: float, institutions: float, effect: float) -> float:
    """Return the chance that abuse is answered for at home, institutions included, in [0, 1].

    Parameters
    ----------
    accountability : float
        Chance by the conduct of the leadership, in [0, 1].
    institutions, effect : float
        Mean strength of the institutions that oversee it, in [0, 1], and ``institutions_effect``.
    """
    return accountability + (1.0 - accountability) * effect * institutions


def choice_precision_of(precision: float, cohesion: float) -> float:
    """Return the precision of a leadership's choice (1/utility), lower where elites are divided.

    Parameters
    ----------
    precision : float
        Parameter ``choice_precision`` (1/utility).
    cohesion : float
        Elite cohesion, in [0, 1].
    """
    return precision * (0.5 + 0.5 * cohesion)


def finance_next(finance: float, inflow: float, fade: float, gain: float) -> float:
    """Return the finance of an armed group in the next week, in [0, 1].

    Parameters
    ----------
    finance, inflow : float
        Finance now, and support by patrons, neighbours or diverted aid, in [0, 1].
    fade, gain : float
        Parameters ``finance_fade`` and ``finance_gain`` (1/week).
    """
    value = finance * (1.0 - fade)
    return value + (1.0 - value) * gain * inflow


def support_inflow(own: float, feeding: float, diverted: float) -> float:
    """Return the support that flows to an armed group in a week, in [0, 1].

    Parameters
    ----------
    own : float
        Support by its patrons, in [0, 1].
    feeding : float
        Support across the border, in [0, 1]; only rebels have any.
    diverted : float
        What it draws from aid, in [0, 1].
    """
    return 1.0 - (1.0 - own) * (1.0 - feeding) * (1.0 - diverted)


def strength_next(
    strength: float,
    usual: float,
    lost: float,
    capacity: float,
    control: float,
    finance: float,
    refill: float,
) -> float:
    """Return the strength of state forces after a week (armed persons).

    Parameters
    ----------
    strength, usual : float
        Strength now and in quiet times (armed persons).
    lost : float
        Armed persons lost in combat this week, at most the strength.
    capacity, control : float
        Capacity of the state, and share of the people whom it controls, in [0, 1].
    finance : float
        Finance from outside, which makes up for capacity that is lacking, in [0, 1].
    refill : float
        Parameter ``forces_refill`` (1/week): share of the gap that is filled.
    """
    value = strength - lost
    if value < usual:
        able = capacity + finance - capacity * finance
        value = value + refill * able * control * (usual - value)
    return value


def expected_sanction(accountability: float, belief: float, pressure: float) -> float:
    """Return the sanction that leaders expect for violence, in [0, 1].

    Being called to account at home or by outside pressure that is believed.

    Parameters
    ----------
    accountability : float
        Chance to answer for abuse at home, in [0, 1].
    belief : float
        Expected enforcement, in [0, 1].
    pressure : float
        Pressure in the mandate in force, in [0, 1].
    """
    outside = belief * pressure
    return accountability + outside - accountability * outside


def order_value(
    threat: float,
    reachable: float,
    restraint: float,
    sanction: float,
    terms: float,
    legitimacy: float,
    urgency: float,
    gain: float,
    loot: float,
    cost: float,
    cost_restraint: float,
    cost_sanction: float,
    cost_legitimacy: float,
    value_terms: float,
) -> float:
    """Return the expected utility of a violent order relative to ordering none.

    Threat removed and loot and land taken, against fixed cost, restraint, expected sanction,
    legitimacy lost and the settlement forfeited (Valentino 2004; Straus 2015; Krain 2005; Fearon
    1995; Azam & Hoeffler 2002 for loot).

    Parameters
    ----------
    threat : float
        Perceived threat, in [0, 1].
    reachable : float
        Share of the target group that can be reached, in [0, 1].
    restraint : float
        Restraint of the leadership, in [0, 1].
    sanction, terms : float
        Expected sanction, and terms on offer, in [0, 1].
    legitimacy : float
        Legitimacy that violence would cost, in [0, 1].
    urgency : float
        Further gain (utility) of acting before an announced force is there.
    gain, cost, cost_restraint, cost_sanction, cost_legitimacy, value_terms : float
        Parameters of the same names (utility).
    loot : float
        Parameter ``gain_loot`` (utility).
    """
    loss = cost + cost_restraint * restraint + cost_sanction * sanction + value_terms * terms
    loss = loss + cost_legitimacy * legitimacy
    return ((gain + urgency) * threat + loot) * reachable - loss


def order_choice(
    probability: float,
    threat: float,
    value_expel: float,
    value_kill: float,
    attention: float,
    precision: float,
) -> int:
    """Return the order that leaders give: none 0, expel 1, kill 2.

    Quantal response (McKelvey & Palfrey 1995) among the three, but leaders consider violence at all
    only under threat (Straus 2015): without any threat the order is none.

    Parameters
    ----------
    probability : float
        Uniform number in [0, 1).
    threat : float
        Perceived threat, in [0, 1].
    value_expel, value_kill : float
        Expected utilities relative to ordering none.
    attention, precision : float
        Parameters ``threat_attention`` and ``choice_precision`` (1/utility).
    """
    if threat <= 0.0:
        return 0
    top = value_kill if value_kill > value_expel else value_expel
    if top < 0.0:
        top = 0.0
    none = exp(-precision * top)
    expel = exp(precision * (value_expel - top))
    kill = exp(precision * (value_kill - top))
    considered = threat / (threat + attention)
    kill_chance = considered * kill / (none + expel + kill)
    expel_chance = considered * expel / (none + expel + kill)
    if probability < kill_chance:
        return 2
    if probability < kill_chance + expel_chance:
        return 1
    return 0


def order_by_best_response(
    probability: float, threat: float, value_expel: float, value_kill: float, attention: float
) -> int:
    """Return the order of the highest value (none 0, expel 1, kill 2), if violence is considered.

    Fearon 1995: a rival to quantal response, without error in the choice itself.

    Parameters
    ----------
    probability : float
        Uniform number in [0, 1).
    threat : float
        Perceived threat, in [0, 1].
    value_expel, value_kill : float
        Expected utilities relative to ordering none.
    attention : float
        Parameter ``threat_attention``.
    """
    if threat <= 0.0 or probability >= threat / (threat + attention):
        return 0
    if value_kill > value_expel and value_kill > 0.0:
        return 2
    if value_expel > 0.0:
        return 1
    return 0


def order_by_aspiration(
    probability: float, threat: float, value_expel: float, value_kill: float, attention: float
) -> int:
    """Return the mildest order that is good enough: none 0, expel 1, kill 2.

    Simon 1955: a rival to quantal response. Who considers violence at all is content with the first
    order, from the mildest on, that is better than none.

    Parameters
    ----------
    probability : float
        Uniform number in [0, 1).
    threat : float
        Perceived threat, in [0, 1].
    value_expel, value_kill : float
        Expected utilities relative to ordering none.
    attention : float
        Parameter ``threat_attention``.
    """
    if threat <= 0.0 or probability >= threat / (threat + attention):
        return 0
    if value_expel > 0.0:
        return 1
    if value_kill > 0.0:
        return 2
    return 0


def garrison_weight(people: float, grievance: float, focus: float) -> float:
    """Return the weight of a place when state forces are stationed.

    Parameters
    ----------
    people : float
        People of all groups in the place.
    grievance : float
        Grievance of the target group there above its usual level, in [0, 1].
    focus : float
        Parameter ``garrison_focus``.
    """
    return people * (1.0 + focus * grievance)


def settlement_chance(
    terms: float,
    resolve: float,
    threat: float,
    value_terms: float,
    hurt: float,
    friction: float,
    precision: float,
) -> float:
    """Return the probability that a group's leaders accept the terms on offer at a decision.

    Quantal response between settling and going on: the more a side hurts, the sooner it settles
    (Zartman 1989), and distrust must be overcome (Walter 2002).

    Parameters
    ----------
    terms : float
        Terms on offer, in [0, 1].
    resolve : float
        Value of the best violent order (utility).
    threat : float
        Perceived threat, in [0, 1]: what goes on hurting without an agreement.
    value_terms, hurt, friction, precision : float
        Parameters ``value_terms``, ``settlement_hurt``, ``settlement_friction`` (utility),
        ``choice_precision``.
    """
    if terms <= 0.0:
        return 0.0
    value = value_terms * terms + hurt * threat - resolve - friction
    return 1.0 / (1.0 + exp(-precision * value))
