"""Rules of elite choice: what leaders feel, expect and order."""

from __future__ import annotations

from sim.exponential import exp


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
        Mean unrest (`grievance_excess`) on their side, in [0, 1].
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


def sanction_with(
    sanction: float,
    treaties: float,
    account: float,
    prosecution: float,
    embargo: float,
    by_treaties: float,
    by_prosecution: float,
    by_embargo: float,
) -> float:
    """Return the sanction that leaders expect, with treaties, courts and targeted measures, in [0, 1].

    Treaties cost as far as somebody at home can hold leaders to them (Simmons 2009; Hafner-Burton &
    Tsutsui 2005), courts and targeted sanctions by what they have done to others (Kim & Sikkink 2010;
    Biersteker, Eckert & Tourinho 2016).

    Parameters
    ----------
    sanction : float
        Expected sanction without them, in [0, 1].
    treaties : float
        Treaties that bind the state beyond those of the start, in [0, 1].
    account : float
        Chance to answer for abuse at home, in [0, 1].
    prosecution, embargo : float
        Prosecution of past crimes, and targeted sanctions, in [0, 1].
    by_treaties, by_prosecution, by_embargo : float
        Parameters ``treaties_effect``, ``prosecution_effect``, ``embargo_cost``.
    """
    spared = (1.0 - by_treaties * treaties * account) * (1.0 - by_prosecution * prosecution)
    spared = spared * (1.0 - by_embargo * embargo)
    return sanction + (1.0 - sanction) * (1.0 - spared)


def spoils(held_by_others: float, loot: float, territory: float) -> float:
    """Return what violence yields beyond the threat removed: loot, and territory (utility).

    Armed groups turn on the civilians of places that the other side holds (Kalyvas 2006; Wood 2010).

    Parameters
    ----------
    held_by_others : float
        Share of the people in places that the other side controls, in [0, 1].
    loot, territory : float
        Parameters ``gain_loot`` and ``gain_territory`` (utility).
    """
    return loot + territory * held_by_others


def removed_by_expulsion(outlet: float, inside: float) -> float:
    """Return the share of the threat that driving the target out would remove, in [0, 1].

    Who can be driven across a border is gone; who can only be driven from home is still in the
    country. Leaders turn to killing where milder means seem impractical (Valentino 2004; Mann 2005
    on the plans that came before).

    Parameters
    ----------
    outlet : float
        How open the most open way out of the country is, in [0, 1].
    inside : float
        Parameter ``expelled_inside``.
    """
    return 1.0 - (1.0 - inside) * (1.0 - outlet)


def order_value(
    threat: float,
    reachable: float,
    restraint: float,
    sanction: float,
    terms: float,
    legitimacy: float,
    urgency: float,
    weariness: float,
    gain: float,
    loot: float,
    cost: float,
    cost_restraint: float,
    cost_sanction: float,
    cost_legitimacy: float,
    value_terms: float,
    cost_weariness: float,
) -> float:
    """Return the expected utility of a violent order relative to ordering none.

    Threat removed and loot and land taken, against fixed cost, restraint, expected sanction,
    legitimacy lost, the settlement forfeited and the weariness of war (Valentino 2004; Straus 2015;
    Krain 2005; Fearon 1995; Azam & Hoeffler 2002 for loot; Zartman 1985 for weariness).

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
    weariness : float
        Weariness of war on its side, in [0, 1].
    gain, cost, cost_restraint, cost_sanction, cost_legitimacy, value_terms, cost_weariness : float
        Parameters of the same names (utility).
    loot : float
        Loot and territory that can be taken (utility).
    """
    loss = cost + cost_restraint * restraint + cost_sanction * sanction + value_terms * terms
    loss = loss + cost_legitimacy * legitimacy + cost_weariness * weariness
    return ((gain + urgency) * threat + loot) * reachable - loss


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
