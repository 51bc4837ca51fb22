"""Rules that communities follow: mobilisation, attacks suffered, memory, fear, flight, hardship."""

from __future__ import annotations

from math import exp

# --- protection and aid ---------------------------------------------------------------------------


def protection_need(exposed: float, fear: float, memory: float) -> float:
    """Return the weight of a place when protection goes to those most at risk.

    Parameters
    ----------
    exposed : float
        Civilians of a targeted group (people).
    fear, memory : float
        Their fear and memory of violence, in [0, 1].
    """
    return exposed * (0.01 + fear + memory)


def protection_level(
    peacekeepers: float, population: float, robustness: float, troops_half: float
) -> float:
    """Return the chance that an attack is stopped, in [0, 1].

    It saturates in the density of peacekeepers and is capped by how robust their mandate is
    (Hultman, Kathman & Shannon 2013 for the sign).

    Parameters
    ----------
    peacekeepers : float
        Peacekeepers present.
    population : float
        People of the place.
    robustness : float
        Protection in the mandate, in [0, 1].
    troops_half : float
        Scale of the density (peacekeepers per 1,000 people).
    """
    if peacekeepers <= 0.0 or population <= 0.0:
        return 0.0
    density = 1000.0 * peacekeepers / population
    return robustness * (1.0 - exp(-density / troops_half))


def share_of(total: float, claim: float, claims: float) -> float:
    """Return the part of a total that goes to one claim; 0 when nobody claims.

    Parameters
    ----------
    total : float
        What is shared out, 0 or more.
    claim, claims : float
        Weight of this claim and of all claims together, 0 or more.
    """
    if claims <= 0.0:
        return 0.0
    return total * (claim / claims)


def aid_reach(
    coverage: float, memory: float, isolation: float, admitted: float, lost: float
) -> float:
    """Return the share of the displaced in a place whom aid reaches, in [0, 1].

    Parameters
    ----------
    coverage : float
        Share of the displaced that aid can supply, in [0, 1].
    memory : float
        Worst memory of violence here, in [0, 1]: insecurity keeps aid away.
    isolation, lost : float
        Isolation of the place, in [0, 1], and parameter ``aid_isolation``.
    admitted : float
        Share of the displaced who are admitted; none reaches those who queue, in [0, 1].
    """
    return admitted * coverage * (1.0 - memory) * (1.0 - lost * isolation)


# --- mobilisation ---------------------------------------------------------------------------------


def standing_share(standing: float, most: float) -> float:
    """Return the share mobilised in quiet times, in [0, 1].

    Parameters
    ----------
    standing, most : float
        Strength in quiet times, and the most that the place can arm (armed persons, above 0).
    """
    if standing >= most:
        return 1.0
    return standing / most


def grievance_excess(grievance: float, usual: float) -> float:
    """Return grievance above the level that the exclusion at the start sustained, in [0, 1].

    Above the level of the start, not of now: where exclusion falls, old grievance is no new unrest.

    Parameters
    ----------
    grievance, usual : float
        Grievance now and that level, in [0, 1].
    """
    if grievance > usual:
        return grievance - usual
    return 0.0


def recruitment_pull(
    rebel: float,
    order: float,
    grievance_excess: float,
    memory: float,
    hate: float,
    norms: float,
    rescue: float,
    coercion: float,
) -> float:
    """Return the pull on people to join an armed group, in [0, 1].

    Militias grow under orders (half for expulsion, full for killing), by coercion and among those
    whom hate speech reaches or no norm restrains (Straus 2006; McDoom 2012; Yanagizawa-Drott 2014);
    rebels by grievance and by violence that their side remembers (Wood 2003; Kalyvas & Kocher 2007),
    and by the rescue that they may expect from outside (Kuperman 2008).

    Parameters
    ----------
    rebel : float
        1 for rebels, else 0.
    order : float
        Order in force: none 0, expel 1, kill 2.
    grievance_excess, memory : float
        Grievance above the usual level, and memory of violence, on their side here, in [0, 1].
    hate, norms : float
        Exposure to hate speech, and share who hold violence to be wrong, on their side, in [0, 1].
    rescue : float
        Pull on rebels by the rescue that they expect, in [0, 1].
    coercion : float
        Parameter ``joining_coercion``: share of an order's pull that needs nobody's will.
    """
    willing = 1.0 - (1.0 - hate) * norms
    pull = 0.5 * order * (coercion + (1.0 - coercion) * willing)
    if rebel > 0.5:
        pull = grievance_excess + memory + rescue
    if pull > 1.0:
        return 1.0
    return pull


def combat_losses(enemy: float, rate: float, half: float) -> float:
    """Return the share of an armed side that combat in a place costs it in a week (1/week).

    Parameters
    ----------
    enemy, half : float
        Armed persons of the other side here, and parameter ``strength_half``.
    rate : float
        Parameter ``crushing_rate`` for rebels, ``attrition_rate`` for state forces (1/week).
    """
    return rate * enemy / (enemy + half)


def control_next(control: float, forces: float, rebels: float, speed: float) -> float:
    """Return the government's control of a place in the next week, in [0, 1] (Kalyvas 2006).

    Parameters
    ----------
    control : float
        Control now, in [0, 1].
    forces, rebels : float
        Armed persons of either side here.
    speed : float
        Parameter ``control_speed`` (1/week).
    """
    total = forces + rebels
    if total <= 0.0:
        return control
    return control + speed * (forces / total - control)


def mobilised_next(
    mobilised: float,
    near: float,
    standing: float,
    pull: float,
    crushed: float,
    joining: float,
    alone: float,
    spillover: float,
    leaving: float,
) -> float:
    """Return the mobilised share of a place in the next week, in [0, 1].

    People join by pull and by the share of peers who are already in, also next door (Granovetter
    1978; McDoom 2013); those above the standing strength go home.

    Parameters
    ----------
    mobilised, near, standing : float
        Share mobilised here, in the neighbouring places, and here in quiet times, in [0, 1].
    pull : float
        Pull of an order or a grievance, in [0, 1].
    crushed : float
        Weekly rate of losses to an opposing force (1/week).
    joining, alone, spillover, leaving : float
        Parameters ``joining_rate``, ``joining_alone``, ``joining_spillover``, ``leaving_rate``.
    """
    peers = (1.0 - spillover) * mobilised + spillover * near
    join = joining * pull * (alone + (1.0 - alone) * peers)
    leave = leaving * (mobilised - standing) + crushed * mobilised
    value = mobilised + join * (1.0 - mobilised) - leave
    if value < 0.0:
        return 0.0
    if value > 1.0:
        return 1.0
    return value


# --- attacks suffered -----------------------------------------------------------------------------


def attack_intent(
    order: float,
    memory: float,
    discipline: float,
    command: float,
    held_back: float,
    armed: float,
    protection: float,
    belief: float,
    weakness: float,
    intent_expel: float,
    intent_kill: float,
    intent_revenge: float,
    deterrence: float,
    shift: float,
    half: float,
) -> float:
    """Return the weekly rate of attacks by an armed group in a place (1/week).

    Orders and revenge drive it (Balcells 2010), protection deters as far as it is believed.

    Parameters
    ----------
    order : float
        Order in force: none 0, expel 1, kill 2.
    memory : float
        Memory of violence on its own side here, in [0, 1].
    discipline : float
        Restraint of the group, in [0, 1]: it holds back attacks without an order, but not those that
        are ordered; how many take part in either is `killed_share`'s.
    command : float
        Command control, in [0, 1]: share of the ordered attacks that are carried out.
    held_back : float
        Share of revenge that justice, police and trust hold back here, in [0, 1].
    armed, half : float
        Armed persons here, and parameter ``strength_half``.
    protection, belief : float
        Chance that an attack here is stopped, and expected enforcement, in [0, 1].
    weakness : float
        How much worse this place is protected than its neighbours, in [0, 1].
    intent_expel, intent_kill, intent_revenge : float
        Parameters of the same names (1/week).
    deterrence : float
        Parameter of the same name.
    shift : float
        Parameter ``violence_shift``: share of the violence deterred next door that comes here.
    """
    if armed <= 0.0:
        return 0.0
    rate = intent_revenge * memory * (1.0 - discipline) * (1.0 - held_back)
    if order > 1.5:
        rate = rate + intent_kill * command
    elif order > 0.5:
        rate = rate + intent_expel * command
    rate = rate * (armed / (armed + half)) * (1.0 - deterrence * protection * belief)
    return rate * (1.0 + shift * deterrence * belief * weakness)


def sheltered(protection: float, shelter: float) -> float:
    """Return the chance that peacekeepers or state forces stop an attack, in [0, 1].

    Parameters
    ----------
    protection, shelter : float
        Chance that peacekeepers stop it, and that state forces do, in [0, 1].
    """
    return protection + shelter - protection * shelter


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


# --- memory, fear and grievance -------------------------------------------------------------------


def violence_felt(killed: float, half: float) -> float:
    """Return the effect of a week's deaths on minds, in [0, 1), saturating in their number.

    Parameters
    ----------
    killed, half : float
        Deaths of the week, and the number that has half of the full effect.
    """
    return killed / (killed + half)


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


# --- flight and hardship --------------------------------------------------------------------------


def flight_rate(fear: float, ceiling: float) -> float:
    """Return the share of people who leave in a week: most only when fear is high.

    Parameters
    ----------
    fear : float
        Fear, in [0, 1].
    ceiling : float
        Parameter ``flight_ceiling`` (1/week).
    """
    return ceiling * fear * fear


def lulled_to(value: float, false_safety: float, lulled: float) -> float:
    """Return what is left of flight, or of fear of a place, where safety only seems given, in [0, 1].

    Parameters
    ----------
    value : float
        Share who would leave, or fear that would keep people away, in [0, 1].
    false_safety : float
        Safety that they seem to give and do not, in [0, 1].
    lulled : float
        Parameter of the same name.
    """
    return value * (1.0 - lulled * false_safety)


def return_rate(fear: float, memory: float, ceiling: float, most_fear: float) -> float:
    """Return the share of those who left a place that come home in a week, in [0, 1].

    People return where they no longer fear to (Schon 2019 for flight; Toft 2007 for return).

    Parameters
    ----------
    fear, memory : float
        Fear and memory of violence of their group at home, in [0, 1].
    ceiling : float
        Parameter ``return_ceiling`` (1/week).
    most_fear : float
        Parameter ``return_fear``: fear from which on nobody returns.
    """
    if fear >= most_fear:
        return 0.0
    return ceiling * (1.0 - fear / most_fear) * (1.0 - memory)


def free_room(displaced: float, capacity: float) -> float:
    """Return the free share of a place's capacity to take people in, in [0, 1].

    Parameters
    ----------
    displaced : float
        Displaced people who are there.
    capacity : float
        People whom it can take in; infinite where no limit is known.
    """
    if displaced >= capacity:
        return 0.0
    return 1.0 - displaced / capacity


def admitted_share(displaced: float, capacity: float) -> float:
    """Return the share of the displaced in a place who are admitted; the others queue outside.

    Parameters
    ----------
    displaced : float
        Displaced people who are there.
    capacity : float
        People whom it can take in; infinite where no limit is known.
    """
    if displaced <= capacity:
        return 1.0
    return capacity / displaced


def route_weight(
    nearness: float, openness: float, abroad: float, room: float, fear_there: float, refuge: float
) -> float:
    """Return the pull of a destination on people who leave.

    Parameters
    ----------
    nearness : float
        Pull by road distance, in (0, 1].
    openness : float
        Openness of the border, in [0, 1]; 1 at home.
    abroad : float
        1 across the border, else 0.
    room : float
        Free share of the destination's capacity, in [0, 1].
    fear_there : float
        Fear of the same group at the destination, in [0, 1].
    refuge : float
        Parameter ``refuge_pull``.
    """
    pull = refuge if abroad > 0.5 else 1.0
    return openness * pull * nearness * room * (1.0 - fear_there)


def deprivation_next(
    deprivation: float,
    newcomers: float,
    displaced: float,
    aid: float,
    fade: float,
    gain: float,
    neglect: float,
    effect: float,
) -> float:
    """Return the deprivation of the displaced in a place in the next week, in [0, 1].

    It rises with fresh arrivals whom no aid reaches, and slowly where settled people lose it, and
    falls as people settle (Toole & Waldman 1990), which gives indirect deaths their lag.

    Parameters
    ----------
    deprivation : float
        Deprivation now, in [0, 1].
    newcomers, displaced : float
        Displaced who arrived this week, and all displaced here (people).
    aid : float
        Share whom aid reaches, in [0, 1].
    fade, gain, neglect, effect : float
        Parameters ``deprivation_fade``, ``deprivation_gain``, ``deprivation_neglect`` (1/week),
        ``aid_effect``.
    """
    if displaced <= 0.0:
        return deprivation * (1.0 - fade)
    unaided = 1.0 - effect * aid
    value = deprivation * (1.0 - fade)
    return value + (1.0 - value) * unaided * (gain * newcomers / displaced + neglect)


def indirect_mortality(deprivation: float, aid: float, mortality: float, effect: float) -> float:
    """Return the weekly excess mortality of the displaced (1/week).

    Parameters
    ----------
    deprivation, aid : float
        Deprivation and share whom aid reaches, in [0, 1].
    mortality, effect : float
        Parameters ``deprivation_mortality`` (1/week) and ``aid_effect``.
    """
    return mortality * deprivation * (1.0 - effect * aid)
