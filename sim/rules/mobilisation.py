"""Rules of mobilisation and combat: who joins, who is lost, who controls a place."""

from __future__ import annotations


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


def grievance_excess(grievance: float, usual: float, exclusion: float, resonance: float) -> float:
    """Return the unrest of a group in a place: new grievance, as far as it resonates, in [0, 1].

    New is what lies above the level that exclusion sustained at the start, relative to the room that
    is left above it: those who are used to much are not calmer for it. The same blow resonates more
    with those who are shut out of power (Cederman, Gleditsch & Buhaug 2013).

    Parameters
    ----------
    grievance, usual : float
        Grievance now, and the level of the start, in [0, 1].
    exclusion : float
        Exclusion now, in [0, 1].
    resonance : float
        Parameter ``grievance_resonance``: how much more of it resonates in a group that is wholly
        shut out than in one that is not; half of it does in between.
    """
    if grievance <= usual:
        return 0.0
    resonant = 0.5 + resonance * (exclusion - 0.5)
    return resonant * (grievance - usual) / (1.0 - usual)


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
    whom hate speech or grievance reaches or no norm restrains (Straus 2006; McDoom 2012;
    Yanagizawa-Drott 2014);
    rebels by grievance and by violence that their side remembers (Wood 2003; Kalyvas & Kocher 2007),
    and by the rescue that they may expect from outside (Kuperman 2008).

    Parameters
    ----------
    rebel : float
        1 for rebels, else 0.
    order : float
        Order in force: none 0, expel 1, kill 2.
    grievance_excess, memory : float
        Unrest (`grievance_excess`), and memory of violence, on their side here, in [0, 1].
    hate, norms : float
        Exposure to hate speech, and share who hold violence to be wrong, on their side, in [0, 1].
    rescue : float
        Pull on rebels by the rescue that they expect, in [0, 1].
    coercion : float
        Parameter ``joining_coercion``: share of an order's pull that needs nobody's will.
    """
    willing = 1.0 - (1.0 - hate) * norms * (1.0 - grievance_excess)
    pull = 0.5 * order * (coercion + (1.0 - coercion) * willing)
    if rebel > 0.5:
        pull = grievance_excess + memory + rescue
    if pull > 1.0:
        return 1.0
    return pull


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


def crushing_rate_of(rate: float, feeding: float, helping: float, effect: float) -> float:
    """Return the rate at which state forces crush rebels, by whether these have a way out (1/week).

    Neighbours who feed a war shelter its fighters, those who help peace close their borders to them
    (Salehyan 2009).

    Parameters
    ----------
    rate : float
        Parameter ``crushing_rate`` (1/week).
    feeding, helping : float
        Support of these rebels, and of peace, across the borders, in [0, 1].
    effect : float
        Parameter ``sanctuary_effect``.
    """
    return rate * (1.0 + effect * (helping - feeding))


def holding_force(forces: float, programme: float, response: float, effect: float) -> float:
    """Return what state forces are worth in holding a place, in armed persons.

    Police and administrators whom a programme brings hold what soldiers alone would not (Fearon &
    Laitin 2003), as far as people whom the state protects help it (Berman, Shapiro & Felter 2011).

    Parameters
    ----------
    forces : float
        Armed persons of the state here.
    programme : float
        Programmes for the capacity of the state that take effect, in [0, 1].
    response : float
        How far the state protects people (`response_of`), in [0, 1]: not where it is the perpetrator.
    effect : float
        Parameter ``presence_effect``.
    """
    return forces * (1.0 + effect * programme * response)


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
