"""Rules of attacks: who attacks, who is killed, and what it leaves in minds."""

from __future__ import annotations

from sim.exponential import exp


def attack_intent(
    order: float,
    memory: float,
    fear: float,
    discipline: float,
    command: float,
    held_back: float,
    armed: float,
    protection: float,
    belief: float,
    pushed: float,
    intent_expel: float,
    intent_kill: float,
    intent_revenge: float,
    intent_fear: float,
    deterrence: float,
    half: float,
) -> float:
    """Return the weekly rate of attacks by an armed group in a place (1/week).

    Orders, revenge (Balcells 2010) and the fear of being next (Posen 1993) drive it, protection
    deters as far as it is believed.

    Parameters
    ----------
    order : float
        Order in force: none 0, expel 1, kill 2.
    memory : float
        Memory of violence on its own side here, in [0, 1].
    fear : float
        Fear on its own side here, in [0, 1].
    discipline : float
        Restraint of the group, in [0, 1]: it holds back attacks without an order, but not those that
        are ordered; how many take part in either is `killed_share`'s.
    command : float
        Command control, in [0, 1]: share of the ordered attacks that are carried out.
    held_back : float
        Share of attacks without an order that justice, police and trust hold back here, in [0, 1].
    armed, half : float
        Armed persons here, and parameter ``strength_half``.
    protection, belief : float
        Chance that an attack here is stopped, and expected enforcement, in [0, 1].
    pushed : float
        Attacks that protection next door has pushed here (1/week).
    intent_expel, intent_kill, intent_revenge, intent_fear : float
        Parameters of the same names (1/week).
    deterrence : float
        Parameter of the same name.
    """
    if armed <= 0.0:
        return 0.0
    rate = (intent_revenge * memory + intent_fear * fear) * (1.0 - discipline) * (1.0 - held_back)
    if order > 1.5:
        rate = rate + intent_kill * command
    elif order > 0.5:
        rate = rate + intent_expel * command
    rate = rate * (armed / (armed + half)) * (1.0 - deterrence * protection * belief)
    return rate + pushed


def chance_within_week(rate: float) -> float:
    """Return the probability of at least one event in a week, in [0, 1).

    Parameters
    ----------
    rate : float
        Events expected in a week (1/week).
    """
    return 1.0 - exp(-rate)


def killed_share(
    order: float,
    armed: float,
    discipline: float,
    exposed: float,
    lethality_expel: float,
    lethality_kill: float,
    lethality_revenge: float,
    half: float,
) -> float:
    """Return the chance of each exposed civilian to be killed in one attack, in [0, 1).

    Capacity over exposure: many armed persons against few civilians reach a share near one, few
    against many kill in proportion to their number (Lanchester 1916, aimed and unaimed fire).

    Parameters
    ----------
    order : float
        Order in force: none 0 (revenge), expel 1, kill 2.
    armed : float
        Armed persons here.
    discipline : float
        Restraint, in [0, 1]: the share who do not take part in the killing, ordered or not.
    exposed, half : float
        Civilians of the target group here, and parameter ``exposure_half`` (people).
    lethality_expel, lethality_kill, lethality_revenge : float
        Parameters of the same names: civilians killed by an armed person where victims are easily
        found.
    """
    if exposed <= 0.0:
        return 0.0
    lethality = lethality_revenge
    if order > 1.5:
        lethality = lethality_kill
    elif order > 0.5:
        lethality = lethality_expel
    return 1.0 - exp(-lethality * armed * (1.0 - discipline) / (exposed + half))


def displaced_among_killed(deaths: float, residents: float, displaced: float) -> float:
    """Return how many of those killed were displaced: in proportion, in whole people.

    Parameters
    ----------
    deaths : float
        Civilians killed, at most residents and displaced together.
    residents, displaced : float
        Civilians of the group before (people).
    """
    if deaths <= 0.0:
        return 0.0
    among = float(int(deaths * displaced / (residents + displaced) + 0.5))
    if among > displaced:
        return displaced
    if deaths - among > residents:
        return deaths - residents
    return among


def violence_felt(killed: float, half: float) -> float:
    """Return the effect of a week's deaths on minds, in [0, 1), saturating in their number.

    Parameters
    ----------
    killed, half : float
        Deaths of the week, and the number that has half of the full effect.
    """
    return killed / (killed + half)


def recorded_too(violence: float, recorded: float) -> float:
    """Return the violence felt where a record imposes some; as it is without one, to the bit.

    Parameters
    ----------
    violence : float
        Violence felt of this week's deaths, in [0, 1).
    recorded : float
        Violence that the record gives for the place and the week, in [0, 1].
    """
    return violence + (1.0 - violence) * recorded


def menace_level(order: float, armed: float, half: float) -> float:
    """Return how menacing an armed presence under an order is, in [0, 1].

    Parameters
    ----------
    order : float
        Order in force against the group: none 0, expel 1, kill 2.
    armed, half : float
        Armed persons here, and the number that has half of the full effect.
    """
    if armed <= 0.0:
        return 0.0
    return 0.5 * order * armed / (armed + half)


def memory_next(memory: float, violence: float, fade: float, gain: float) -> float:
    """Return the decaying memory of violence in the next week, in [0, 1].

    Parameters
    ----------
    memory : float
        Memory now, in [0, 1].
    violence : float
        Violence felt this week, in [0, 1].
    fade, gain : float
        Parameters ``memory_fade`` (1/week) and ``memory_gain``.
    """
    value = memory * (1.0 - fade)
    return value + (1.0 - value) * gain * violence


def fear_next(
    fear: float,
    violence: float,
    near_memory: float,
    menace: float,
    shock: float,
    fade: float,
    here: float,
    near: float,
    menaced: float,
) -> float:
    """Return the fear of a group in the next week, in [0, 1].

    Fear follows violence here and next door and armed men under orders (Davenport, Moore & Poe
    2003; Adhikari 2013; Schon 2019), and fades.

    Parameters
    ----------
    fear : float
        Fear now, in [0, 1].
    violence, near_memory, menace : float
        Violence felt here this week, memory of it next door, hostile presence under orders, [0, 1].
    shock : float
        Fear that a shock brings this week, in [0, 1].
    fade, here, near, menaced : float
        Parameters ``fear_fade``, ``fear_here``, ``fear_near``, ``fear_menace`` (1/week).
    """
    raised = here * violence + near * near_memory + menaced * menace
    value = fear * (1.0 - fade)
    value = value + (1.0 - value) * (1.0 - exp(-raised))
    return value + (1.0 - value) * shock


def grievance_next(
    grievance: float, usual: float, violence: float, shock: float, fade: float, gain: float
) -> float:
    """Return the grievance of a group in the next week, in [0, 1].

    It returns to the level that exclusion sustains (Cederman, Gleditsch & Buhaug 2013).

    Parameters
    ----------
    grievance, usual : float
        Grievance now and the level that exclusion sustains, in [0, 1].
    violence, shock : float
        Violence felt this week; grievance that a shock brings, in [0, 1].
    fade, gain : float
        Parameters ``grievance_fade`` and ``grievance_violence`` (1/week).
    """
    value = grievance + fade * (usual - grievance)
    value = value + (1.0 - value) * (1.0 - exp(-gain * violence))
    return value + (1.0 - value) * shock
