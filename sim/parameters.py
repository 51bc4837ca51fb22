"""Every parameter of the model, once: default, unit, range and source.

Validation, the generated documentation and the sampling ranges of sensitivity analyses are all made
from this table. A rule takes its parameters as named scalars; a replicate carries them as one row of
floats in the order of this table.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import bad_value
from sim.reading import known_mapping


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that the rules take.

    Attributes
    ----------
    name : str
        Name used in scenario files and in the rules.
    default : float
        Value when a scenario says nothing.
    low, high : float
        Range that is allowed and, unless a study says otherwise, sampled.
    unit : str
        Unit of the value.
    meaning : str
        What it does, in one sentence.
    source : str
        Where the value or its range comes from; "judgement" says that it has no better source.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str


def _row(
    name: str, default: float, low: float, high: float, unit: str, meaning: str, source: str
) -> Parameter:
    return Parameter(name, default, low, high, unit, meaning, source)


# fmt: off
PARAMETERS: tuple[Parameter, ...] = (
    # --- elite choice -----------------------------------------------------------------------------
    _row("threat_fade", 0.03, 0.005, 0.15, "1/week",
         "Share of a leadership's perceived threat that fades in a week.",
         "judgement: a half-life of about half a year, the length of an electoral crisis"),
    _row("threat_fade_settled", 0.10, 0.02, 0.3, "1/week",
         "The same while an agreement is in force.", "judgement; Walter 2002"),
    _row("threat_rebellion", 0.08, 0.0, 0.4, "1/week",
         "Threat added in a week by rebels whom the state cannot hold down at all.",
         "sign: Valentino, Huth & Balch-Lindsay 2004; size: judgement"),
    _row("threat_unrest", 0.06, 0.0, 0.4, "1/week",
         "Threat added in a week by full unrest among those out of power.",
         "sign: Davenport 2007; size: judgement"),
    _row("threat_losses", 0.15, 0.0, 0.6, "1/week",
         "Threat that leaders of rebels, and of militias that lead themselves, feel in a week when "
         "their whole side remembers violence.",
         "sign: Posen 1993; size: judgement"),
    _row("threat_attention", 0.35, 0.05, 1.0, "share",
         "Perceived threat at which leaders consider violence half of the time.",
         "Straus 2015: violence is considered under threat and rarely otherwise; judgement"),
    _row("gain_expel", 2.6, 0.3, 4.0, "utility",
         "Value of driving the target group out for good, at full threat.",
         "Valentino 2004; judgement"),
    _row("gain_kill", 3.8, 0.3, 6.0, "utility",
         "Value of killing the target group, at full threat.", "Valentino 2004; judgement"),
    _row("cost_expel", 0.65, 0.1, 2.0, "utility",
         "Fixed cost of ordering expulsion (legitimacy, organisation).", "judgement"),
    _row("cost_kill", 1.9, 0.2, 4.0, "utility",
         "Fixed cost of ordering killing (legitimacy, organisation).",
         "Straus 2012: mass killing is a last resort; judgement"),
    _row("cost_restraint", 1.0, 0.0, 3.0, "utility",
         "Further cost of violence to a leadership fully committed to restraint.",
         "Straus 2015; judgement"),
    _row("cost_sanction", 1.5, 0.0, 4.0, "utility",
         "Cost of a sanction that is certain to come.", "Krain 2005 (sign); judgement"),
    _row("value_terms", 1.2, 0.0, 3.0, "utility",
         "Value of the best settlement on offer, forfeited by violence.",
         "Fearon 1995; Walter 2002; judgement"),
    _row("expelled_inside", 0.3, 0.0, 1.0, "share",
         "Share of the threat that expulsion removes where no border is open to the expelled.",
         "sign: Valentino 2004, Mann 2005 (killing where milder means are blocked); size: judgement"),
    _row("order_inertia", 1.2, 0.0, 3.0, "utility",
         "Value of keeping the order in force.", "judgement: orders last for months, not weeks"),
    _row("continuum", 0.5, 0.0, 1.0, "share",
         "Share of the value of keeping up an expulsion that going on to killing has too.",
         "sign: Staub 1989 (continuum of destruction: harm done eases further harm); size: judgement"),
    _row("choice_precision", 6.0, 0.5, 12.0, "1/utility",
         "Precision of quantal response: 0 is a coin, large is the best choice always.",
         "McKelvey & Palfrey 1995; judgement"),
    _row("gain_loot", 0.1, 0.0, 1.0, "utility",
         "Value of loot and land where the whole target group can be reached.",
         "sign: Azam & Hoeffler 2002; size: judgement"),
    _row("gain_territory", 0.1, 0.0, 1.0, "utility",
         "Value of taking the territory that the other side holds, were it all.",
         "sign: Kalyvas 2006, Wood 2010; size: judgement"),
    _row("cost_legitimacy", 0.3, 0.0, 2.0, "utility",
         "Cost of violence to a fully legitimate government.",
         "sign: Valentino 2004, Davenport 2007; size: judgement"),
    _row("legitimacy_fade", 0.01, 0.001, 0.1, "1/week",
         "Weekly return of legitimacy to its usual level.", "judgement"),
    _row("legitimacy_loss", 0.05, 0.0, 0.3, "1/week",
         "Share of legitimacy lost in a week of visible killing.", "judgement"),
    _row("institutions_effect", 0.3, 0.0, 1.0, "share",
         "Impunity removed by full-strength courts, oversight, ombudsman and human rights "
         "institution.",
         "sign: Cole & Ramirez 2013 (after some years), Harff 2003; size: judgement"),
    _row("cohesion_fade", 0.01, 0.001, 0.1, "1/week",
         "Weekly return of elite cohesion to its usual level.", "judgement"),
    _row("finance_fade", 0.05, 0.005, 0.3, "1/week",
         "Share of outside finance that is used up in a week.", "judgement"),
    _row("finance_gain", 0.1, 0.0, 0.5, "1/week",
         "Finance added in a week of full support from outside.", "judgement"),
    _row("slump_fade", 0.02, 0.005, 0.1, "1/week",
         "Share of an economic slump that is made good in a week.",
         "Claessens, Kose & Terrones 2009: recessions last about a year"),
    # --- adverse effects --------------------------------------------------------------------------
    _row("moral_hazard", 0.3, 0.0, 1.0, "share",
         "Pull on rebels' recruits by a full protection mandate in which they believe.",
         "sign: Kuperman 2008, Kydd & Straus 2013; size: judgement"),
    _row("backlash", 0.02, 0.0, 0.2, "1/week",
         "Threat that full outside pressure adds in a week to one that is felt in full.",
         "sign: Hafner-Burton 2008, Grossman, Manekin & Margalit 2018; size: judgement"),
    _row("acceleration", 0.5, 0.0, 3.0, "utility",
         "Further value of violence before a fully announced force is there.",
         "sign: Kydd & Straus 2013; size: judgement"),
    _row("violence_shift", 0.5, 0.0, 1.0, "share",
         "Share of the attacks deterred in one place that move to armed men next door.",
         "sign: Beardsley & Gleditsch 2015; size: judgement"),
    _row("aid_diversion", 0.5, 0.0, 1.0, "share",
         "Share of aid that armed groups divert where nobody answers for it.",
         "sign: Nunn & Qian 2014; size: judgement"),
    _row("speech_backlash", 0.01, 0.0, 0.1, "1/week",
         "Grievance added in a week of full counter-speech among those who wholly believe what it "
         "answers and distrust it.",
         "sign: Bail et al. 2018; size: judgement"),
    # --- contest ----------------------------------------------------------------------------------
    _row("sanctuary_effect", 0.5, 0.0, 1.0, "share",
         "How much less rebels lose in combat where all neighbours shelter them, and more where all "
         "close their borders to them.", "sign: Salehyan 2009; size: judgement"),
    _row("attrition_rate", 0.01, 0.0, 0.1, "1/week",
         "Weekly loss of state forces where rebels stand in strength.", "judgement"),
    _row("forces_refill", 0.03, 0.0, 0.2, "1/week",
         "Share of its losses that a fully capable state in full control replaces in a week.",
         "judgement"),
    _row("control_speed", 0.05, 0.005, 0.5, "1/week",
         "Way to the balance of arms that control of a place goes in a week.", "judgement"),
    _row("presence_effect", 1.0, 0.0, 3.0, "share",
         "State forces that full programmes for state capacity are worth in holding a place, of those "
         "there, where the state protects people.",
         "sign: Fearon & Laitin 2003, Berman, Shapiro & Felter 2011 (the reach of the state); size: "
         "judgement"),
    _row("victory_rebels", 0.25, 0.01, 0.5, "share",
         "Share of the people under its control at which a government falls.", "judgement"),
    _row("victory_state", 2.0, 1.2, 10.0, "ratio",
         "Growth over their quiet strength from which rebels, once back at it, count as beaten.",
         "judgement"),
    _row("remnant_share", 0.3, 0.0, 0.8, "share",
         "Share of a beaten state's forces and militias that goes underground as rebels.",
         "sign: Walter 2010 (wars recur); size: judgement; a good part of the army that left Rwanda "
         "in 1994 regrouped"),
    # --- speech, trust, norms ---------------------------------------------------------------------
    _row("speech_incitement", 0.5, 0.0, 1.0, "share",
         "Hate speech added by leaders who order killing.",
         "sign: Yanagizawa-Drott 2014; size: judgement"),
    _row("speech_fade", 0.08, 0.01, 0.3, "1/week",
         "Share of the exposure to hate speech that fades in a week.", "judgement"),
    _row("speech_gain", 0.15, 0.0, 0.6, "1/week",
         "Exposure added in a week of full hate speech.",
         "Yanagizawa-Drott 2014: one tenth of participation came from broadcasts; judgement"),
    _row("speech_spread", 0.3, 0.0, 0.6, "share",
         "Part of what is heard that comes by word of mouth from neighbouring places.",
         "Yanagizawa-Drott 2014 (spillover between villages); judgement"),
    _row("trust_fade", 0.005, 0.0005, 0.05, "1/week",
         "Weekly return of trust to its usual level, as far as trauma lets it.",
         "judgement: years (Fearon, Humphreys & Weinstein 2009)"),
    _row("trust_loss_violence", 0.3, 0.0, 2.0, "1/week",
         "Trust lost in a week of the worst violence.",
         "sign: Rohner, Thoenig & Zilibotti 2013; size: judgement"),
    _row("trust_loss_hate", 0.03, 0.0, 0.3, "1/week",
         "Trust lost in a week of full exposure to hate speech.", "judgement"),
    _row("contact_gain", 0.02, 0.0, 0.2, "1/week",
         "Share of the trust still lacking that contact wins in a week.",
         "sign: Mousa 2020, Paluck, Green & Green 2019; size: judgement"),
    _row("contact_generalised", 0.15, 0.0, 0.3, "share",
         "Gain of those who do not take part, relative to participants, where nearly all take part; "
         "in proportion to how many do.",
         "Mousa 2020: none towards strangers; Scacco & Warren 2018; judgement"),
    _row("norms_fade", 0.01, 0.001, 0.1, "1/week",
         "Weekly return of the norm against violence.", "judgement; Staub 1989"),
    _row("norms_loss", 0.04, 0.0, 0.3, "1/week",
         "Share of the norm worn down in a week of full hate speech or violence.",
         "sign: Staub 1989; size: judgement"),
    _row("trauma_fade", 0.003, 0.0003, 0.03, "1/week",
         "Share of trauma that heals in a week without help.",
         "judgement: years (Charlson et al. 2019)"),
    _row("trauma_gain", 0.2, 0.0, 1.0, "share",
         "Trauma left by a week of the worst violence.", "judgement"),
    _row("revenge_trust", 0.4, 0.0, 1.0, "share",
         "Revenge held back where trust is complete.", "sign: Fearon & Laitin 1996; size: judgement"),
    _row("revenge_justice", 0.5, 0.0, 1.0, "share",
         "Revenge held back where everyone has access to justice.",
         "sign: Blattman, Hartman & Blair 2014; size: judgement"),
    # --- domestic reform --------------------------------------------------------------------------
    _row("reform_rate", 0.03, 0.0, 0.2, "1/month",
         "Way to the goal of a structural programme in a month of its full dose.",
         "judgement: two to three years; Andrews, Pritchett & Woolcock 2013 (capability is slow)"),
    _row("reform_decay", 0.02, 0.001, 0.1, "1/month",
         "Share of its gains that is lost in a month without engagement.", "judgement"),
    _row("reform_leakage", 0.6, 0.0, 1.0, "share",
         "Share of a programme's money that leaks where nobody answers for it.",
         "Reinikka & Svensson 2004: 87 % of a school grant in Uganda did not arrive"),
    _row("reform_resisted", 0.0, 0.0, 1.0, "share",
         "Part of a reform of the state's forces that leaders who would turn them against civilians "
         "keep from them, also between such orders; 0 where only an order stops it.",
         "sign: Egnell & Halden 2009 (reform that leaders do not want); 0 by default: judgement"),
    _row("needed_way", 0.0, 0.0, 1.0, "share",
         "Part of what a measure does by other ways that is lost where nothing gets through the way "
         "that it needs; 0 where it is enough that this is open.",
         "judgement"),
    _row("livelihoods_loss", 0.2, 0.0, 1.0, "1/month",
         "Livelihoods lost in a month in which the worst violence is remembered.",
         "sign: Collier 1999; size: judgement"),
    # --- mobilisation -----------------------------------------------------------------------------
    _row("mobilisation_ceiling", 0.03, 0.002, 0.06, "share of residents",
         "Largest share of its own residents that an armed group can arm in a place.",
         "Straus 2004: about 3 % of Rwanda's people took part in 1994; lower elsewhere"),
    _row("joining_rate", 0.27, 0.01, 0.8, "1/week",
         "Weekly rate of joining under a full order where all peers have joined.", "judgement"),
    _row("joining_coercion", 0.4, 0.0, 1.0, "share",
         "Part of an order's pull that needs nobody's will.",
         "sign: Straus 2006 (pressure by peers and authorities); size: judgement"),
    _row("joining_opportunity", 0.5, 0.0, 1.0, "share",
         "Joining held back where livelihoods are complete.",
         "sign: Collier & Hoeffler 2004, Blattman & Annan 2016; size: judgement"),
    _row("joining_pay", 1.0, 0.0, 3.0, "ratio",
         "Further joining where outside finance is complete.",
         "sign: Humphreys & Weinstein 2008; size: judgement"),
    _row("joining_alone", 0.10, 0.0, 0.5, "share",
         "Part of the joining rate that needs no peers.", "Granovetter 1978; judgement"),
    _row("joining_spillover", 0.4, 0.0, 1.0, "share",
         "Weight of the neighbouring places among a joiner's peers.",
         "sign: McDoom 2013; size: judgement"),
    _row("leaving_rate", 0.05, 0.005, 0.2, "1/week",
         "Weekly rate at which those mobilised above the standing strength go home.", "judgement"),
    _row("crushing_rate", 0.06, 0.0, 0.3, "1/week",
         "Further weekly loss of rebels where state forces stand in strength.", "judgement"),
    _row("strength_half", 200.0, 20.0, 1000.0, "armed persons",
         "Strength in a place at which an armed presence has half of its full effect.", "judgement"),
    _row("garrison_focus", 4.0, 0.0, 20.0, "ratio",
         "How much more densely state forces stand where the unrest of their target is complete.",
         "judgement"),
    # --- killing ----------------------------------------------------------------------------------
    _row("intent_expel", 0.10, 0.0, 1.0, "1/week",
         "Weekly rate of attacks in a place under an order to expel.", "judgement"),
    _row("intent_kill", 0.8, 0.05, 4.0, "1/week",
         "Weekly rate of attacks in a place under an order to kill.", "judgement"),
    _row("intent_revenge", 0.85, 0.0, 2.0, "1/week",
         "Weekly rate of revenge attacks where the whole side remembers violence and nothing holds "
         "it back (neither discipline nor justice, police or trust).",
         "sign: Balcells 2010; size: judgement"),
    _row("intent_fear", 0.03, 0.0, 1.0, "1/week",
         "Weekly rate of attacks out of fear where the whole side is in full fear and nothing holds it "
         "back.", "sign: Posen 1993 (security dilemma); size: judgement, far below that of revenge"),
    _row("lethality_expel", 0.004, 0.0, 0.05, "deaths/armed person",
         "Civilians killed by an armed person in an attack under an order to expel.", "judgement"),
    _row("lethality_kill", 0.012, 0.0005, 0.2, "deaths/armed person",
         "Civilians killed by an armed person in an attack under an order to kill.", "judgement"),
    _row("lethality_revenge", 0.008, 0.0, 0.1, "deaths/armed person",
         "Civilians killed by an armed person in a revenge attack without an order.", "judgement"),
    _row("exposure_half", 2000.0, 100.0, 20000.0, "people",
         "Civilians of the target group in a place at which an attack finds half of its victims.",
         "judgement"),
    # --- memory, fear, grievance ------------------------------------------------------------------
    _row("violence_half", 15.0, 1.0, 100.0, "deaths/week",
         "Deaths in a place and week at which violence has half of its full effect on minds.",
         "judgement"),
    _row("memory_fade", 0.15, 0.03, 0.5, "1/week",
         "Share of the memory of violence that fades in a week.",
         "judgement: revenge follows within weeks (Jaeger & Paserman 2008)"),
    _row("memory_gain", 0.5, 0.0, 1.0, "share",
         "Memory left by a week of the worst violence.", "judgement"),
    _row("fear_fade", 0.06, 0.01, 0.3, "1/week",
         "Share of fear that fades in a week.", "judgement: months, as returns after crises show"),
    _row("fear_here", 1.5, 0.0, 4.0, "1/week",
         "Fear raised in a week by the worst violence in the place.",
         "sign: Davenport, Moore & Poe 2003; size: judgement"),
    _row("fear_near", 0.5, 0.0, 2.0, "1/week",
         "Fear raised in a week by neighbours who all remember violence.",
         "sign: Schon 2019; size: judgement"),
    _row("fear_menace", 0.08, 0.0, 1.0, "1/week",
         "Fear raised in a week by an armed presence under an order.",
         "sign: Adhikari 2013; size: judgement"),
    _row("grievance_fade", 0.01, 0.001, 0.1, "1/week",
         "Weekly return of grievance to the level that exclusion sustains.",
         "judgement: years (Cederman, Gleditsch & Buhaug 2013)"),
    _row("grievance_resonance", 0.5, 0.0, 1.0, "share",
         "How much more of new grievance turns into unrest in a group that is wholly excluded than in "
         "one that is not; half of it does in between.",
         "sign: Cederman, Gleditsch & Buhaug 2013; size: judgement"),
    _row("grievance_violence", 0.3, 0.0, 2.0, "1/week",
         "Grievance raised in a week by the worst violence.", "judgement"),
    # --- flight and indirect deaths ---------------------------------------------------------------
    _row("flight_ceiling", 0.015, 0.002, 0.3, "1/week",
         "Share of residents who leave in a week at full fear.",
         "judgement: a place empties within months (Adhikari 2013)"),
    _row("flight_onward", 1.0, 0.0, 3.0, "ratio",
         "Flight rate of the displaced relative to residents at the same fear.", "judgement"),
    _row("road_reach", 80.0, 10.0, 400.0, "km",
         "Road distance at which a destination loses 63 % of its pull.",
         "FLEE uses the inverse of distance (Suleimenova, Bell & Groen 2017); judgement"),
    _row("refuge_pull", 3.0, 0.5, 20.0, "ratio",
         "Pull of a place across the border relative to one at home, with an open border.",
         "judgement"),
    _row("deprivation_fade", 0.06, 0.01, 0.3, "1/week",
         "Share of deprivation that ends in a week as people settle.",
         "Toole & Waldman 1990: excess mortality falls within months"),
    _row("deprivation_gain", 0.25, 0.0, 1.0, "1/week",
         "Deprivation added in a week where all have just arrived and no aid reaches them.",
         "judgement"),
    _row("deprivation_neglect", 0.005, 0.0, 0.1, "1/week",
         "Deprivation added in a week among settled displaced whom no aid reaches.", "judgement"),
    _row("deprivation_mortality", 0.0005, 0.0, 0.005, "1/week",
         "Weekly excess mortality of the displaced under complete deprivation.",
         "Heudtlass, Speybroeck & Guha-Sapir 2016; an emergency is 1 death per 10,000 a day"),
    _row("aid_isolation", 0.3, 0.0, 1.0, "share",
         "Aid lost in a place that is wholly isolated.", "judgement"),
    _row("accompaniment_effect", 0.5, 0.0, 1.0, "share",
         "Isolation that no longer keeps aid away where local human rights organisations are at work.",
         "sign: Svoboda & Pantuliano 2015 (local groups reach who is cut off); size: judgement"),
    _row("aid_consent", 0.0, 0.0, 1.0, "share",
         "Aid lost at home where the host wholly denies its consent; 0 where aid is let in whatever it "
         "thinks of peacekeepers.",
         "sign: Labonte & Edgerton 2013 (denial of access); 0 by default: judgement"),
    _row("entry_consent", 0.0, 0.0, 1.0, "share",
         "Part of police and observers who come only where the host lets them in, as peacekeepers do; "
         "0 where it is not asked.",
         "sign: Johnstone 2011, Piccolino & Karlsrud 2011 (consent to missions); 0 by default: "
         "judgement"),
    _row("aid_effect", 0.8, 0.0, 1.0, "share",
         "Deprivation, and deaths from it, prevented where aid reaches everyone.", "judgement"),
    _row("lulled", 0.5, 0.0, 1.0, "share",
         "Flight, and fear of a place, prevented where peacekeepers who will not enforce seem to give "
         "full safety.",
         "sign: Honig & Both 1996; size: judgement"),
    _row("return_ceiling", 0.02, 0.0, 0.2, "1/week",
         "Share of those who left a place that come home in a week when nobody fears any more.",
         "judgement: a year or two; UNHCR returns come in years after a settlement"),
    _row("return_fear", 0.15, 0.02, 0.5, "share",
         "Fear at home from which on nobody returns.", "judgement"),
    _row("return_policing", 0.7, 0.0, 1.0, "share",
         "Fear of returning that full policing at home takes away.",
         "sign: Alrababah et al. 2023 (safety at home decides on return); size: judgement"),
    # --- warning, belief, agenda ------------------------------------------------------------------
    _row("alarm_deaths", 4.0, 0.0, 20.0, "1/1,000 deaths",
         "Alarm raised by a thousand recent deaths.", "judgement"),
    _row("alarm_flight", 3.0, 0.0, 20.0, "1/share of people",
         "Alarm raised by the share of the people that has fled.", "judgement"),
    _row("alarm_threat", 0.8, 0.0, 3.0, "1/threat",
         "Alarm raised by a visible political crisis.", "judgement"),
    _row("alarm_speech", 0.3, 0.0, 3.0, "1/speech",
         "Alarm raised by hate speech on the air.", "judgement"),
    _row("recent_fade", 0.10, 0.02, 0.5, "1/week",
         "Weekly fading of what counts as recent.", "judgement"),
    _row("signal_noise", 0.25, 0.0, 1.0, "alarm",
         "Standard deviation of an actor's weekly reading of the alarm.",
         "judgement; about 99 of 100 country-years are quiet, so false alarms occur"),
    _row("signal_delay", 4.0, 1.0, 26.0, "weeks",
         "Mean delay with which reports reach an actor, or a government from its own institutions.",
         "judgement"),
    _row("observers_half", 200.0, 20.0, 2000.0, "observers",
         "Observers in the country who halve the noise of reports.",
         "judgement; Hultman, Kathman & Shannon 2013: observers do not protect"),
    _row("warning_civil_society", 0.3, 0.0, 0.8, "share",
         "Noise removed by a civil society of full strength.", "judgement"),
    _row("focal_point_gain", 0.4, 0.0, 0.8, "share",
         "Delay removed by a national focal point of full strength.", "judgement"),
    _row("belief_prior", -1.0, -5.0, 1.0, "log-odds",
         "Log-odds of an impending atrocity to which an actor without news returns.", "judgement"),
    _row("belief_forgetting", 0.2, 0.02, 1.0, "1/week",
         "Weekly return of beliefs to the prior.", "judgement"),
    _row("belief_evidence", 1.2, 0.1, 5.0, "log-odds",
         "Evidence in a week's full alarm.", "judgement"),
    _row("belief_midpoint", 0.3, 0.05, 0.8, "alarm",
         "Reading that speaks neither for nor against.", "judgement"),
    _row("agenda_competition", 0.3, 0.05, 2.0, "ratio",
         "Appeal of the competing agendas.", "Jones & Baumgartner 2005 (limited attention); judgement"),
    _row("agenda_coupling", 0.0, -1.0, 1.0, "share",
         "Prevention linked to other agendas (above 0: it draws on their attention) or subsumed in "
         "them (below 0: it loses its own).", "judgement; neither unless a study says so"),
    _row("erosion", 0.0, -0.5, 0.5, "1/year",
         "Yearly loss of salience, offers of troops, and expected enforcement, and growth of the rate "
         "of shocks: a world that moves in the wrong direction.",
         "judgement; none unless a study says so"),
    _row("salience_media", 0.05, 0.0, 0.3, "1/week",
         "Salience gained in a week of visible killing.", "judgement"),
    _row("media_half", 150.0, 10.0, 1000.0, "deaths/week",
         "Recent deaths a week in the country at which violence has half of its full effect on "
         "agendas and legitimacy.",
         "judgement"),
    _row("salience_fade", 0.05, 0.01, 0.3, "1/week",
         "Weekly return of salience to its usual level.", "Downs 1972; judgement"),
    _row("fatigue_gain", 0.01, 0.0, 0.1, "1/week",
         "Fatigue gained in a week of full attention after action has begun.", "judgement"),
    _row("fatigue_recovery", 0.02, 0.002, 0.2, "1/week",
         "Share of fatigue that is recovered in a week.", "judgement"),
    # --- mandate bargaining -----------------------------------------------------------------------
    _row("mandate_friction", 0.20, 0.02, 1.0, "stake",
         "Cost of departing from the status quo, relative to a stake of one.",
         "judgement; the status quo persists (Romer & Rosenthal 1978)"),
    _row("mandate_minimum", 0.10, 0.0, 0.5, "scale",
         "Smallest scale of policy that a body adopts.", "judgement"),
    _row("mandate_term", 52.0, 4.0, 208.0, "weeks",
         "Weeks for which a mandate stands.", "UN mandates are usually given for 6 to 12 months"),
    # --- acting apart: split resources, forums, shared errors -------------------------------------
    _row("outside_friction", 0.5, 0.05, 5.0, "stake",
         "Stake times policy gap at which an actor spends half of its effort on its own policy.",
         "judgement"),
    _row("outside_cost", 0.1, 0.0, 2.0, "million USD/week",
         "Cost of a policy of one's own at full effort.", "judgement"),
    _row("forum_cost", 0.08, 0.005, 1.0, "stake",
         "Stake times policy gap above which an actor opens a mediation of its own.",
         "judgement; Global Peace Operations Review: 28 of 51 envoys in 2013 worked beside others"),
    _row("forum_bias", 0.5, 0.0, 1.0, "share",
         "Part of a forum's appeal that a party loses with a mediator of the opposite lean.",
         "judgement; Svensson 2007 (biased mediators)"),
    _row("forum_stalling", 0.3, 0.0, 1.0, "share",
         "Pressure lost where parties can shop between very many forums.",
         "sign: Crocker, Hampson & Aall 1999; size: judgement"),
    _row("forum_access_gain", 0.2, 0.0, 1.0, "share",
         "Consent won by the access of very many forums.",
         "sign: Boehmelt 2010 (several tracks); size: judgement"),
    _row("shared_diagnosis", 0.6, 0.0, 1.0, "share",
         "Part of the error variance that actors of the same position share.",
         "sign: Janis 1972 (groupthink); Page 2007 (diversity); size: judgement"),
    # --- credibility ------------------------------------------------------------------------------
    _row("enforcement_prior", 0.30, 0.02, 0.95, "share",
         "Share of abuses that an armed group at first expects to be stopped or punished.",
         "judgement"),
    _row("enforcement_certainty", 4.0, 0.5, 50.0, "observations",
         "Observations that the first belief is worth.", "judgement"),
    _row("enforcement_weight", 0.1, 0.0, 1.0, "observations",
         "Weight of one observed attack.", "judgement; Kydd 2005 (learning by Bayes' rule)"),
    _row("confirmation_bias", 0.5, 0.0, 1.0, "share",
         "Weight lost by observations against the belief held (form confirmation).",
         "Rabin & Schrag 1999; judgement"),
    _row("reinforcement_rate", 0.1, 0.0, 1.0, "share",
         "Way to the last experience that a belief goes (form reinforcement).",
         "Erev & Roth 1998; judgement"),
    _row("enforcement_forgetting", 0.01, 0.0, 0.2, "1/week",
         "Weekly return of the belief to the first one.", "judgement"),
    # --- deployment, consent, protection, aid -----------------------------------------------------
    _row("deployment_delay", 14.0, 1.0, 52.0, "weeks",
         "Mean length of each of the two stages (generation, transport) of a deployment.",
         "Lundgren, Oksamytna & Coleman 2021: half strength after some six months"),
    _row("forced_entry", 0.2, 0.0, 1.0, "share",
         "Share of a deployment that a full protection mandate can place without consent.",
         "judgement"),
    _row("consent_speed", 0.3, 0.05, 1.0, "1/decision",
         "Share of the way to its new level that consent moves at a decision.", "judgement"),
    _row("consent_terms", 0.4, 0.0, 1.0, "share",
         "Consent won by the best terms on offer.", "judgement"),
    _row("consent_pressure", 0.4, 0.0, 1.0, "share",
         "Consent won by full and credible pressure.", "judgement"),
    _row("consent_sovereignty", 0.5, 0.0, 1.5, "share",
         "Consent lost to a full protection mandate when the leadership feels fully threatened.",
         "judgement"),
    _row("troops_half", 1.0, 0.1, 10.0, "peacekeepers/1,000 people",
         "Density of peacekeepers, or of state forces that protect, at which protection (or the look "
         "of it) reaches 63 % of its ceiling.",
         "Hultman, Kathman & Shannon 2013 (sign); judgement"),
    _row("police_half", 0.2, 0.02, 2.0, "police/1,000 people",
         "Density of police at which they hold back 63 % of revenge.",
         "Hultman, Kathman & Shannon 2013 (sign); judgement"),
    _row("deterrence", 0.8, 0.0, 1.0, "share",
         "Attack rate removed by full protection when enforcement is certain.", "judgement"),
    # --- what measures do to the inputs of rules ---------------------------------------------------
    _row("dialogue_relief", 0.05, 0.0, 0.5, "1/week",
         "Threat that full high-level dialogue takes away in a week.",
         "sign: Regan & Aydin 2006 (diplomacy shortens conflicts); size: judgement"),
    _row("dialogue_rate", 0.02, 0.0, 0.2, "1/month",
         "Way to full commitment that full dialogue goes in a month.", "judgement"),
    _row("sharing_relief", 0.05, 0.0, 0.5, "1/week",
         "Threat that a full sharing of power takes away in a week.",
         "sign: Hartzell & Hoddie 2003; size: judgement"),
    _row("sharing_rate", 0.05, 0.0, 0.3, "1/month",
         "Way to full cohesion that a full sharing of power goes in a month.", "judgement"),
    _row("sharing_inclusion", 0.5, 0.0, 1.0, "share",
         "Part of a full programme against exclusion that a full sharing of power comes to.",
         "sign: Cederman, Gleditsch & Buhaug 2013 (a share of central power); size: judgement"),
    _row("support_effect", 0.5, 0.0, 1.0, "share",
         "Lacking capacity that full technical support stands in for.", "judgement"),
    _row("sustain_effect", 0.8, 0.0, 1.0, "share",
         "Decay of gains prevented by full engagement.", "judgement"),
    _row("offices_access", 0.3, 0.0, 1.0, "share",
         "Consent won by full good offices.", "judgement"),
    _row("offices_trust", 0.3, 0.0, 1.0, "share",
         "Distrust between the parties that full good offices take away.",
         "sign: Beardsley et al. 2006 (facilitation); size: judgement"),
    _row("joint_access", 0.2, 0.0, 1.0, "share",
         "Consent won by full joint action with regional organisations.",
         "sign: Boehmelt 2011; size: judgement"),
    _row("joint_offers", 0.2, 0.0, 1.0, "share",
         "Missing offers of peacekeepers made good by full joint action: standing commitments.",
         "sign: Bellamy & Williams 2013; size: judgement"),
    _row("joint_effect", 0.4, 0.0, 0.9, "share",
         "Friction of mandates that full joint action takes away.", "judgement"),
    _row("early_effect", 0.5, 0.0, 0.9, "share",
         "Delay of reports, and threshold of mandates, taken away by full early action.",
         "judgement"),
    _row("reporting_effect", 0.5, 0.0, 0.9, "share",
         "Noise of reports taken away by full reporting of risks.", "judgement"),
    _row("credit_loss", 0.02, 0.0, 1.0, "1/week",
         "Credit of warnings lost in a week of complete false alarm.",
         "sign: Breznitz 1984 (false alarms); size: judgement"),
    _row("credit_recovery", 0.01, 0.001, 0.2, "1/week",
         "Share of lost credit that is recovered in a week.", "judgement"),
    _row("borders_effect", 0.6, 0.0, 1.0, "share",
         "Support across borders that full ties between societies take away.",
         "sign: Salehyan 2009 (support from next door); size: judgement"),
    _row("embargo_effect", 0.5, 0.0, 1.0, "share",
         "Inflow of finance that a full embargo takes away.",
         "Biersteker, Eckert & Tourinho 2016: targeted sanctions constrain in 27 % of episodes; "
         "judgement"),
    _row("embargo_cost", 0.2, 0.0, 1.0, "share",
         "Expected sanction added by full targeted sanctions.",
         "Biersteker, Eckert & Tourinho 2016: coerce in 10 %, signal in 27 % of episodes; judgement"),
    _row("treaties_effect", 0.5, 0.0, 1.0, "share",
         "Expected sanction added by treaties to which leaders are held at home.",
         "sign: Simmons 2009; size: judgement"),
    _row("prosecution_effect", 0.3, 0.0, 1.0, "share",
         "Expected sanction added by full prosecution of past crimes.",
         "sign: Kim & Sikkink 2010; size: judgement"),
    _row("prosecution_threat", 0.5, 0.0, 3.0, "utility",
         "Distrust added to a settlement by full prosecution of past crimes.",
         "sign: Snyder & Vinjamuri 2003, Prorok 2017; size: judgement"),
    _row("monitoring_effect", 0.6, 0.0, 1.0, "share",
         "Relapse prevented by full monitoring that is expected to be followed by deeds.",
         "sign: Fortna 2004; size: judgement"),
    _row("participation_effect", 0.3, 0.0, 1.0, "share",
         "Relapse prevented by a full part of women in peace.",
         "sign: Krause, Krause & Branfors 2018; size: judgement"),
    _row("inequality_grievance", 0.3, 0.0, 1.0, "share",
         "Grievance that complete horizontal inequality sustains beyond exclusion.",
         "sign: Cederman, Weidmann & Gleditsch 2011; size: judgement"),
    _row("speech_online", 0.2, 0.0, 1.0, "share",
         "Hate speech that goes over platforms which can be monitored.",
         "judgement: low where few are online"),
    _row("plurality_effect", 0.5, 0.0, 1.0, "share",
         "Difference that a full strength of civil society makes to the hate speech that is heard.",
         "sign: Paluck 2009; size: judgement"),
    _row("schooling_effect", 0.5, 0.0, 1.0, "share",
         "Lacking trust made good by a generation schooled for diversity.", "judgement"),
    _row("schooling_rate", 0.01, 0.0, 0.1, "1/month",
         "Way to a schooled generation that full schooling goes in a month.",
         "judgement: eight years of school"),
    _row("schooling_decay", 0.004, 0.0, 0.1, "1/month",
         "Share of what was schooled that is lost in a month.", "judgement: a generation of 20 years"),
    _row("healing_effect", 0.02, 0.0, 0.2, "1/week",
         "Trauma healed in a week by full psychosocial support.",
         "sign: Bass et al. 2013 (trial among survivors in the Congo); size: judgement"),
    _row("healing_revenge", 0.3, 0.0, 1.0, "share",
         "Call of remembered violence to join and to take revenge, gone by full psychosocial support.",
         "sign: Bayer, Klasen & Adam 2007, Vinck et al. 2007 (trauma and revenge); size: judgement"),
    _row("truth_effect", 0.01, 0.0, 0.1, "1/week",
         "Trauma healed in a week by full truth with full justice, and reopened without any.",
         "Cilliers, Dube & Siddiqi 2016 (Sierra Leone: reconciled, and worse off in mind); size: "
         "judgement"),
    _row("justice_one_sided", 0.0, 0.0, 1.0, "share",
         "Access to justice after a truth is told that stops at the wholly excluded: victors' justice.",
         "sign: Peskin 2008, Longman 2017 (Rwanda); 0, equal justice, by default: judgement"),
    _row("clergy_incitement", 0.1, 0.0, 1.0, "share",
         "Share of religious leaders who incite.", "sign: Longman 2010 (Rwanda); size: judgement"),
    _row("voices_effect", 0.5, 0.0, 1.0, "share",
         "Lacking norm against violence made good by all religious leaders.", "judgement"),
    _row("voices_heard", 0.2, 0.0, 1.0, "share",
         "Hate speech that all religious leaders talk down where none incites, and add where all do.",
         "sign: Blair et al. 2021, Longman 2010; size: judgement"),
    _row("youth_effect", 0.4, 0.0, 1.0, "share",
         "Way to livelihoods that wholly keep people from joining, gone by full work with youth.",
         "sign: Blattman & Annan 2016; size: judgement"),
    # --- domestic response ------------------------------------------------------------------------
    _row("governance_legitimacy", 0.3, 0.0, 1.0, "share",
         "Lacking legitimacy made good by full programmes for accountable government.",
         "sign: Rothstein 2009; size: judgement"),
    _row("security_protection", 0.5, 0.0, 1.0, "share",
         "Lacking ability of state forces to protect made good by a full reform that they learn from.",
         "sign: Toft 2010; size: judgement"),
    _row("bystander_response", 0.5, 0.0, 1.0, "share",
         "Share of what its forces can do that a bystander state does when it is fully warned and its "
         "leaders want to or must.",
         "sign: Straus 2015, Bellamy 2016 (states that held back from the edge); size: judgement"),
    _row("warning_institutions", 0.2, 0.0, 0.8, "share",
         "Noise of reports removed by full-strength national institutions.",
         "sign: Welch, DeMeritt & Conrad 2021 (human rights institutions); size: judgement"),
    # --- exhaustion -------------------------------------------------------------------------------
    _row("weariness_gain", 1.0, 0.0, 3.0, "1/strength",
         "Weariness, as 1 - exp(-gain), of a side without means that has lost as many as it can arm.",
         "sign: Rosen 1972, Zartman 1985, Mason & Fett 1996; size: judgement (armies of the First "
         "World War refused to attack after losses of the order of their strength, Keegan 1998)"),
    _row("weariness_means", 0.5, 0.0, 1.0, "share",
         "Part of that weariness which full means (a capable state, paid rebels) spare a side.",
         "sign: Fearon 2004, Buhaug, Gates & Lujala 2009 (funded wars last); size: judgement"),
    _row("weariness_fade", 0.01, 0.001, 0.1, "1/week",
         "Share of weariness that is overcome in a week.",
         "judgement: a half-life of some 16 months, so that a pause does not end it"),
    _row("cost_weariness", 0.5, 0.0, 2.0, "utility",
         "Further cost of a violent order to a side that is wholly weary.",
         "sign: Zartman 1985 (hurting stalemate); size: judgement"),
    _row("exhaustion_level", 0.5, 0.1, 0.95, "share",
         "Weariness from which on a side counts as exhausted, when the end of an episode is named.",
         "judgement; nothing in the model acts on it"),
    # --- settlement -------------------------------------------------------------------------------
    _row("terms_unbacked", 0.4, 0.0, 1.0, "share",
         "Part of a mediator's terms that needs no pressure behind it.", "judgement"),
    _row("settlement_friction", 1.6, 0.0, 4.0, "utility",
         "Distrust that an agreement must overcome.", "Walter 2002 (commitment problem); judgement"),
    _row("settlement_hurt", 1.0, 0.0, 3.0, "utility",
         "Value of an end to a side that is fully threatened or wholly weary: a hurting stalemate.",
         "Zartman 1989; judgement"),
    _row("relapse_rate", 0.04, 0.0, 0.3, "1/decision",
         "Probability at each decision that an unguaranteed agreement breaks while violence pays "
         "nobody.",
         "judgement; Beardsley 2008 (sign)"),
    _row("guarantee_effect", 0.8, 0.0, 1.0, "share",
         "Relapse prevented by full and credible protection, and again by neighbours who wholly help "
         "peace.", "Walter 2002; Fortna 2004; judgement"),
)
# fmt: on

NAMES: tuple[str, ...] = tuple(parameter.name for parameter in PARAMETERS)

#: Position of each parameter in a row of floats, by name: ``row[P.threat_fade]``.
P: Any = namedtuple("P", NAMES)(*range(len(NAMES)))

_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def parameter_row(values: Mapping[str, object] | None) -> np.ndarray:
    """Return the parameters as one row of floats, defaults replaced by `values`.

    Parameters
    ----------
    values : mapping
        Parameter names and their values.

    Returns
    -------
    ndarray, shape (len(PARAMETERS),)

    Raises
    ------
    ScenarioError
        For a name that does not exist or a value outside its range.
    """
    row = np.array([parameter.default for parameter in PARAMETERS])
    for name, value in known_mapping("parameters", values, NAMES).items():
        row[NAMES.index(name)] = _checked(_BY_NAME[name], value)
    return row


def _checked(parameter: Parameter, value: object) -> float:
    expected = f"a number between {parameter.low:g} and {parameter.high:g}"
    key = f"parameters.{parameter.name}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise bad_value(key, value, expected, unit=parameter.unit)
    if not parameter.low <= value <= parameter.high:
        raise bad_value(key, value, expected, unit=parameter.unit)
    return float(value)
