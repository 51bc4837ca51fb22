"""Rules of what people believe and live by: speech, trust, norms, trauma, and what reform changes."""

from __future__ import annotations

from sim.exponential import exp

# --- hate speech ----------------------------------------------------------------------------------


def hate_speech(threat: float, order: float, restraint: float, incitement: float) -> float:
    """Return the hate speech that the leaders of an armed group broadcast, in [0, 1].

    Threatened elites without restraint vilify the other group (Snyder 2000; Kaufman 2001), and more
    so once they have given orders (Yanagizawa-Drott 2014).

    Parameters
    ----------
    threat : float
        Threat that they perceive, in [0, 1].
    order : float
        Order in force: none 0, expel 1, kill 2.
    restraint : float
        Restraint of the leaders, in [0, 1].
    incitement : float
        Parameter ``speech_incitement``.
    """
    value = threat * (1.0 - restraint)
    return value + (1.0 - value) * 0.5 * order * incitement


def exposure_next(
    exposure: float,
    broadcast: float,
    near: float,
    counter: float,
    trust: float,
    fade: float,
    gain: float,
    spread: float,
) -> float:
    """Return the exposure of people to hate speech in the next week, in [0, 1].

    Speech comes by broadcast and by word of mouth from neighbours; counter-speech competes for the
    same audience and is heard as far as its source is trusted (Paluck 2009; Blair et al. 2021).

    Parameters
    ----------
    exposure, broadcast, near : float
        Exposure now, hate speech by the leaders on their side, exposure next door, in [0, 1].
    counter, trust : float
        Counter-speech and trust in those from whom it comes, in [0, 1].
    fade, gain, spread : float
        Parameters ``speech_fade``, ``speech_gain`` (1/week), ``speech_spread``.
    """
    value = exposure * (1.0 - fade)
    heard = (1.0 - spread) * broadcast + spread * near
    if heard <= 0.0:
        return value
    believed = heard * heard / (heard + counter * trust)
    return value + (1.0 - value) * gain * believed


def speech_in(speech: float, civil_society: float, plurality: float) -> float:
    """Return the hate speech that is heard where civil society is strong or weak, in [0, 1].

    A plurality of views drowns out a part of it, and where nobody else speaks more of it is heard;
    a middling civil society leaves it as it is.

    Parameters
    ----------
    speech : float
        Hate speech on the air, in [0, 1].
    civil_society : float
        Strength of civil society here, in [0, 1].
    plurality : float
        Parameter ``plurality_effect``.
    """
    value = speech * (1.0 - plurality * (civil_society - 0.5))
    if value > 1.0:
        return 1.0
    return value


def answered(speech: float, voices: float, share: float) -> float:
    """Return the hate speech that is heard once leaders answer it, or join in, in [0, 1].

    Parameters
    ----------
    speech : float
        Hate speech on the air, in [0, 1].
    voices : float
        Net weight of those who speak against it (above 0) or incite themselves, in [-1, 1].
    share : float
        Parameter ``voices_heard``.
    """
    if voices < 0.0:
        return speech - (1.0 - speech) * share * voices
    return speech * (1.0 - share * voices)


# --- trust, norms, trauma -------------------------------------------------------------------------


def trust_next(
    trust: float,
    usual: float,
    trauma: float,
    violence: float,
    hate: float,
    fade: float,
    loss_violence: float,
    loss_hate: float,
) -> float:
    """Return the trust of a group in the others in the next week without contact, in [0, 1].

    Violence and hate speech destroy it; it returns slowly, the less so the more trauma is unhealed.

    Parameters
    ----------
    trust, usual, trauma : float
        Trust now, in quiet times, and unhealed trauma, in [0, 1].
    violence, hate : float
        Violence suffered this week and exposure to hate speech, in [0, 1].
    fade, loss_violence, loss_hate : float
        Parameters ``trust_fade``, ``trust_loss_violence``, ``trust_loss_hate`` (1/week).
    """
    value = trust + fade * (usual * (1.0 - trauma) - trust)
    return value * exp(-(loss_violence * violence + loss_hate * hate))


def trust_won(trust: float, won: float, contact: float, gain: float, generalised: float) -> float:
    """Return the trust that contact adds in a week, as a mean over the group, in [0, 1].

    It helps those who take part and little those who do not (Mousa 2020; Scacco & Warren 2018), and
    nobody by more than what they lacked without it.

    Parameters
    ----------
    trust, won : float
        Trust now, and the part of it that contact has won before, in [0, 1].
    contact : float
        Share of the people who take part in contact across groups, in [0, 1].
    gain : float
        Parameter ``contact_gain`` (1/week).
    generalised : float
        Parameter ``contact_generalised``: gain of the others relative to participants, where nearly
        all take part.
    """
    reached = contact + (1.0 - contact) * contact * generalised
    lacking = reached * (1.0 - (trust - won)) - won
    if lacking <= 0.0:
        return 0.0
    return gain * lacking


def norms_next(
    norms: float, usual: float, hate: float, violence: float, fade: float, loss: float
) -> float:
    """Return the share of people who hold violence to be wrong in the next week, in [0, 1].

    Hate speech and violence wear the norm down, step by step (Staub 1989), and it comes back.

    Parameters
    ----------
    norms, usual : float
        Share now and in quiet times, in [0, 1].
    hate, violence : float
        Exposure to hate speech, and violence suffered this week, in [0, 1].
    fade, loss : float
        Parameters ``norms_fade`` and ``norms_loss`` (1/week).
    """
    value = norms + fade * (usual - norms)
    return value * (1.0 - loss * (hate + violence - hate * violence))


def inciting_voices(voices: float, inciting: float) -> float:
    """Return the net weight of those who speak for peace, in [-1, 1]: some of them incite.

    Parameters
    ----------
    voices : float
        Engagement of religious and other leaders, in [0, 1].
    inciting : float
        Parameter ``clergy_incitement``: share of them who incite (Longman 2010 on Rwanda's churches).
    """
    return voices * (1.0 - 2.0 * inciting)


def swayed(norms: float, voices: float, share: float) -> float:
    """Return the norm to which people return, swayed by the voices that they hear, in [0, 1].

    Parameters
    ----------
    norms : float
        Norm against violence in quiet times, in [0, 1].
    voices : float
        Net weight of those who speak for it (above 0) or against it, in [-1, 1].
    share : float
        Parameter ``voices_effect``.
    """
    if voices < 0.0:
        return norms * (1.0 + share * voices)
    return norms + (1.0 - norms) * share * voices


def trauma_next(trauma: float, violence: float, fade: float, gain: float) -> float:
    """Return the unhealed trauma of a group in the next week, in [0, 1].

    Parameters
    ----------
    trauma, violence : float
        Trauma now and violence suffered this week, in [0, 1].
    fade : float
        Share that heals in a week (`trauma_fading`); below 0 where wounds are reopened.
    gain : float
        Parameter ``trauma_gain``.
    """
    value = trauma * (1.0 - fade)
    if value > 1.0:
        value = 1.0
    return value + (1.0 - value) * gain * violence


def revenge_held_back(
    justice: float, policing: float, trust: float, by_justice: float, by_trust: float
) -> float:
    """Return the share of revenge that dispute resolution, police and trust hold back, in [0, 1].

    Parameters
    ----------
    justice, policing, trust : float
        Access to justice and dispute resolution here (Blattman, Hartman & Blair 2014), policing
        here, and trust of those who would take revenge, in [0, 1].
    by_justice, by_trust : float
        Parameters ``revenge_justice`` and ``revenge_trust``.
    """
    return 1.0 - (1.0 - by_justice * justice) * (1.0 - policing) * (1.0 - by_trust * trust)


# --- domestic reform ------------------------------------------------------------------------------


def delivered_share(
    capacity: float, commitment: float, accountability: float, leakage: float
) -> float:
    """Return the share of a domestic programme that takes effect, in [0, 1].

    What the state cannot do or its leaders do not want stays on paper, and money leaks where nobody
    answers for it (Reinikka & Svensson 2004).

    Parameters
    ----------
    capacity, commitment, accountability : float
        Of the state and its leadership, in [0, 1].
    leakage : float
        Parameter ``reform_leakage``: share that leaks where nobody answers for it.
    """
    return capacity * commitment * (1.0 - leakage * (1.0 - accountability))


def return_rate_of(level: float, usual: float, decay: float, held: float) -> float:
    """Return the rate at which a level that can fall too goes back to its usual one (1/month).

    Sustained engagement holds what was gained; it does not hold back what recovers from a loss.

    Parameters
    ----------
    level, usual : float
        Level now and without any programme, in [0, 1].
    decay, held : float
        Parameter ``reform_decay`` (1/month), and what engagement leaves of it.
    """
    if level < usual:
        return decay
    return held


def improved_next(level: float, usual: float, effort: float, rate: float, decay: float) -> float:
    """Return a structural level after a month of reform, in [0, 1]; gains decay without effort.

    Parameters
    ----------
    level, usual : float
        Level now and without any programme, in [0, 1].
    effort : float
        Dose of the programme that takes effect, in [0, 1].
    rate, decay : float
        Parameters ``reform_rate`` and ``reform_decay`` (1/month).
    """
    value = level + decay * (usual - level)
    return value + (1.0 - value) * rate * effort


def lowered_next(level: float, usual: float, effort: float, rate: float, decay: float) -> float:
    """Return a structural grievance after a month of reform, in [0, 1]; gains decay without effort.

    Parameters
    ----------
    level, usual : float
        Level now and without any programme, in [0, 1].
    effort : float
        Dose of the programme that takes effect, in [0, 1].
    rate, decay : float
        Parameters ``reform_rate`` and ``reform_decay`` (1/month).
    """
    value = level + decay * (usual - level)
    return value * (1.0 - rate * effort)


def forces_learn(
    programme: float, cohesion: float, order: float, turned: float, resisted: float
) -> float:
    """Return what state forces take from a reform, in [0, 1].

    Reform holds where elites hold together; a divided elite keeps forces of its own, and forces under
    orders against civilians learn the opposite (Toft 2010; Quinlivan 1999). Leaders who would turn
    the forces against civilians may keep a reform from them between such orders too (Egnell & Halden
    2009 on reform that leaders do not want; that it is all or part of it: judgement).

    Parameters
    ----------
    programme : float
        Reform of the security forces that takes effect, in [0, 1].
    cohesion : float
        Cohesion of the elite, in [0, 1].
    order : float
        Order in force: none 0, expel 1, kill 2.
    turned : float
        1 where the leaders would turn them against civilians, else 0.
    resisted : float
        Parameter ``reform_resisted``.
    """
    if order > 0.5:
        return 0.0
    learned = programme * cohesion
    if turned > 0.5:
        return learned * (1.0 - resisted)
    return learned


def schooled(level: float, effort: float, rate: float, decay: float) -> float:
    """Return the part of the young who were schooled for diversity, a month later, in [0, 1].

    Parameters
    ----------
    level : float
        That part now, in [0, 1].
    effort : float
        Schooling that children come to, in [0, 1].
    rate, decay : float
        Parameters ``schooling_rate`` and ``schooling_decay`` (1/month): a school generation.
    """
    value = level * (1.0 - decay)
    return value + (1.0 - value) * rate * effort


def trauma_fading(
    fade: float, healing: float, truth: float, justice: float, helped: float, told: float
) -> float:
    """Return what of trauma heals in a week (1/week), below 0 where wounds are reopened.

    Support heals (Bass et al. 2013). Truth heals where it is followed by justice, and reopens
    wounds where it is not (Cilliers, Dube & Siddiqi 2016; Olsen, Payne & Reiter 2010).

    Parameters
    ----------
    fade : float
        Parameter ``trauma_fade`` (1/week).
    healing, truth : float
        Psychosocial support, and truth and memorialisation, in [0, 1].
    justice : float
        Access to justice here, in [0, 1].
    helped, told : float
        Parameters ``healing_effect`` and ``truth_effect`` (1/week).
    """
    return fade + helped * healing + told * truth * (1.5 * justice - 0.5)


def justice_for(justice: float, exclusion: float, one_sided: float) -> float:
    """Return the access to justice of one group, in [0, 1]: what is one-sided stops at the excluded.

    Parameters
    ----------
    justice, exclusion : float
        Access to justice in the place, and exclusion of the group there, in [0, 1].
    one_sided : float
        Parameter ``justice_one_sided`` (victors' justice: Peskin 2008; Longman 2017).
    """
    return justice * (1.0 - one_sided * exclusion)


def damaged(level: float, memory: float, loss: float) -> float:
    """Return livelihoods after a month in which violence is remembered, in [0, 1].

    Parameters
    ----------
    level, memory : float
        Livelihoods, and the worst memory of violence here, in [0, 1].
    loss : float
        Parameter ``livelihoods_loss`` (1/month).
    """
    return level * (1.0 - loss * memory)


def slump_next(slump: float, shock: float, fade: float) -> float:
    """Return the share of livelihoods that economic slumps cost in the next week, in [0, 1].

    Parameters
    ----------
    slump, shock : float
        That share now, and what a shock costs this week, in [0, 1].
    fade : float
        Parameter ``slump_fade`` (1/week).
    """
    value = slump * (1.0 - fade)
    return value + (1.0 - value) * shock


def livelihoods_in(livelihoods: float, slump: float) -> float:
    """Return how well people can live in a slump, in [0, 1].

    Parameters
    ----------
    livelihoods : float
        Livelihoods in ordinary times, in [0, 1].
    slump : float
        Share of them that economic slumps cost at present, in [0, 1].
    """
    return livelihoods * (1.0 - slump)


def inequality_in(inequality: float, exclusion: float, slump: float) -> float:
    """Return the horizontal inequality in a slump, in [0, 1]: who is shut out is cut off first.

    Parameters
    ----------
    inequality, exclusion : float
        Horizontal inequality in ordinary times, and exclusion, in [0, 1].
    slump : float
        Share of livelihoods that economic slumps cost at present, in [0, 1].
    """
    return inequality + (1.0 - inequality) * exclusion * slump


def joining_with(
    rate: float,
    livelihoods: float,
    finance: float,
    weariness: float,
    opportunity: float,
    pay: float,
) -> float:
    """Return the weekly rate of joining, less where people can live, more where fighters are paid.

    Opportunity costs of fighting (Collier & Hoeffler 2004; Blattman & Annan 2016).

    Parameters
    ----------
    rate : float
        Parameter ``joining_rate`` (1/week).
    livelihoods, finance, weariness : float
        Livelihoods here, finance of the group, and its weariness of war, in [0, 1]: hardly anybody
        joins the exhausted.
    opportunity, pay : float
        Parameters ``joining_opportunity`` and ``joining_pay``.
    """
    joining = rate * (1.0 - opportunity * livelihoods) * (1.0 + pay * finance)
    return joining * (1.0 - weariness)
