"""What each rule may be given in a run: the range of every input, parameters over all of theirs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from sim.parameters import PARAMETERS
from sim.rules import RULES

share = st.floats(0.0, 1.0)
people = st.floats(0.0, 1e7)
soldiers = st.floats(0.0, 1e6)
RANGE = {entry.name: (entry.low, entry.high) for entry in PARAMETERS}
DEFAULT = {entry.name: entry.default for entry in PARAMETERS}


def of(name: str) -> st.SearchStrategy[float]:
    """Return numbers over the whole range of a parameter."""
    return st.floats(*RANGE[name])


class Input(NamedTuple):
    """Numbers that a rule may be given, and one in their middle at which the input matters."""

    range: st.SearchStrategy[float]
    middle: float


def parameter(name: str) -> Input:
    """Return the input that a parameter is, over its whole range."""
    return Input(of(name), DEFAULT[name])


SHARE = Input(share, 0.5)
PEOPLE, ARMED = Input(people, 1e4), Input(soldiers, 300.0)
ORDER, FLAG = Input(st.sampled_from([0.0, 1.0, 2.0]), 1.0), Input(st.sampled_from([0.0, 1.0]), 1.0)

INPUTS: dict[str, Input] = {
    **dict.fromkeys(
            [
                "threat", "losses", "unrest", "belief", "pressure", "accountability", "reachable",
                "restraint", "sanction", "terms", "shock", "rebellion", "capacity", "consent",
                "openness",
                "protection", "guarantee", "fear", "memory", "robustness", "mobilised",
                "standing", "pull", "discipline", "violence", "recorded", "near_memory", "menace",
                "grievance",
                "usual", "nearness", "fear_there", "aid", "deprivation", "coverage", "salience",
                "risk",
                "fatigue", "visible", "attention", "stake", "ideal_pressure", "ideal_protection",
                "mediation", "alarm", "fled_share", "grievance_excess", "signal", "incentives",
                "outside", "backing", "mandated", "lean", "party", "shared", "announced",
                "access", "expected", "hate", "norms", "rescue", "command", "held_back", "isolation",
                "legitimacy", "institutions", "commitment", "cohesion", "finance", "inflow", "near",
                "counter", "trust", "trauma", "contact", "justice", "policing", "livelihoods", "effort",
                "broadcast", "exposure", "speech", "civil_society", "focal_point", "own", "feeding",
                "diverted",
                "control", "suppressed", "presence", "shelter", "room",
                "admitted", "false_safety", "neighbours", "dose", "monitoring", "participation",
                "programme", "healing", "truth", "voices", "treaties", "account", "prosecution",
                "embargo", "offices", "credit", "believed", "decentral", "excluded",
                "helping", "exclusion", "inequality", "slump", "weariness",
                "means", "outlet",
                "resonance", "held_by_others", "division", "held_back",
            ], SHARE),
    **dict.fromkeys(
            [
                "exposed", "killed", "residents", "displaced", "newcomers", "deaths", "deaths_recent",
                "population", "people", "at_risk", "most", "total", "claims",
            ], PEOPLE),
    **dict.fromkeys(
            [
                "armed", "forces", "rebels", "state", "peacekeepers", "requested", "deployed",
                "stopped", "unstopped", "observers", "enemy", "strength", "changes",
            ], ARMED),
    "scale": Input(share, 0.8), "gap": Input(st.floats(0.0, 1.5), 0.5),
    "tie": Input(st.floats(-1.0, 1.0), 0.4), "forums": Input(st.floats(0.0, 13.0), 3.0),
    "noise": parameter("signal_noise"),
    "rebel": FLAG, "abroad": FLAG, "capital": FLAG, "order": ORDER,
    "probability": Input(st.floats(0.0, 1.0, exclude_max=True), 0.5),
    "resolve": Input(st.floats(0.0, 7.0), 1.0),
    "value_expel": Input(st.floats(-7.0, 7.0), 0.5), "value_kill": Input(st.floats(-7.0, 7.0), 0.5),
    "enforced": Input(st.floats(0.01, 1e6), 2.0), "unenforced": Input(st.floats(0.01, 1e6), 2.0),
    "observations": Input(st.floats(0.0, 1e6), 2.0), "prior": Input(st.floats(0.0, 50.0), 2.0),
    "seen": Input(st.floats(0.0, 1e6), 2.0),
    "rate": Input(st.floats(0.0, 1e3), 0.5), "log_odds": Input(st.floats(-1e9, 1e9), 0.5),
    "error": Input(st.floats(-9.0, 9.0), 0.1), "half": parameter("strength_half"),
    "elapsed": Input(st.floats(-1e4, 1e4), 2.0), "ramp": Input(st.floats(0.0, 520.0), 4.0),
    "duration": Input(st.floats(1.0, 5200.0), 52.0), "intensity": PEOPLE,
}  # fmt: skip
"""Inputs of rules by the name of the argument; parameters of the model go by their own names."""

_NAMED: dict[str, dict[str, str | Input]] = {
        "domestic_share": {
            "cost": Input(st.floats(0.0, 1e3), 5.0), "budget": Input(st.floats(0.0, 1e3), 2.0)},
        "rebel_threat_next": {
            "fade": "threat_fade", "gain": "threat_losses", "gain_unrest": "threat_unrest"},
        "observations_next": {
            "weight": "enforcement_weight", "forgetting": "enforcement_forgetting"},
        "order_value": {
            "gain": "gain_kill", "loot": "gain_loot", "cost": "cost_kill",
            "urgency": Input(st.floats(0.0, 3.0), 0.5)},
        "removed_by_expulsion": {"inside": "expelled_inside"},
        "order_choice": {"attention": "threat_attention", "precision": "choice_precision"},
        "garrison_weight": {"focus": "garrison_focus"},
        "settlement_chance": {
            "hurt": "settlement_hurt", "friction": "settlement_friction",
            "precision": "choice_precision"},
        "share_of": {"claim": PEOPLE},
        "supplied_here": {"supply": PEOPLE, "part": SHARE, "displaced": Input(people, 5e3)},
        "combat_losses": {"rate": "crushing_rate"},
        "control_next": {"speed": "control_speed"},
        "holding_force": {"response": SHARE, "effect": "presence_effect"},
        "strength_next": {"usual": ARMED, "lost": ARMED, "refill": "forces_refill"},
        "attack_intent": {"pushed": Input(st.floats(0.0, 10.0), 0.1)},
        "pushed_rate": {"intended": Input(st.floats(0.0, 10.0), 0.5), "shift": "violence_shift"},
        "spill_rate": {"pushed": Input(st.floats(0.0, 10.0), 0.1), "around": ARMED},
        "shared_view": {"across": SHARE, "up": SHARE} | {
            name: Input(st.floats(-9.0, 9.0), 0.5)
            for name in ("lower_left", "lower_right", "upper_left", "upper_right")},
        "half_of": {"position": SHARE},
        "spoils": {"loot": "gain_loot", "territory": "gain_territory"},
        "speech_in": {"plurality": "plurality_effect"},
        "cohesion_next": {"fade": "cohesion_fade"},
        "crushing_rate_of": {"rate": "crushing_rate", "effect": "sanctuary_effect"},
        "return_rate": {"ceiling": "return_ceiling", "most_fear": "return_fear"},
        "lulled_to": {"value": SHARE},
        "free_room": {"capacity": PEOPLE},
        "admitted_share": {"capacity": PEOPLE},
        "expected_rescue": {"hazard": "moral_hazard"},
        "sovereignty_backlash": {"gain": "backlash"},
        "urgency_of": {"gain": "acceleration"},
        "diverted_share": {"diversion": "aid_diversion"},
        "resentment": {"gain": "speech_backlash"},
        "standing_share": {"standing": PEOPLE},
        "mobilised_next": {
            "crushed": Input(of("crushing_rate"), 0.05), "joining": "joining_rate",
            "alone": "joining_alone", "spillover": "joining_spillover", "leaving": "leaving_rate"},
        "killed_share": {"half": "exposure_half"},
        "violence_felt": {"half": "violence_half"},
        "memory_next": {"fade": "memory_fade", "gain": "memory_gain"},
        "fear_next": {
            "fade": "fear_fade", "here": "fear_here", "near": "fear_near",
            "menaced": "fear_menace"},
        "grievance_next": {"fade": "grievance_fade", "gain": "grievance_violence"},
        "flight_rate": {"ceiling": "flight_ceiling"},
        "route_weight": {"refuge": "refuge_pull"},
        "deprivation_next": {
            "fade": "deprivation_fade", "gain": "deprivation_gain",
            "neglect": "deprivation_neglect", "effect": "aid_effect"},
        "indirect_mortality": {"mortality": "deprivation_mortality", "effect": "aid_effect"},
        "threat_next": {
            "backlash": "backlash",
            "fade": "threat_fade_settled", "gain_rebellion": "threat_rebellion",
            "gain_unrest": "threat_unrest"},
        "consent_next": {
            "speed": "consent_speed", "gain_terms": "consent_terms",
            "gain_pressure": "consent_pressure", "loss_sovereignty": "consent_sovereignty"},
        "deployable_share": {"forced": "forced_entry"},
        "consent_asked": {"asked": "entry_consent"},
        "carried_over": {"passage": SHARE, "needed": "needed_way"},
        "forces_learn": {"turned": FLAG, "resisted": "reform_resisted"},
        "relapse_chance": {"rate": "relapse_rate", "effect": "guarantee_effect"},
        "alarm_level": {
            "weight_deaths": "alarm_deaths", "weight_flight": "alarm_flight",
            "weight_threat": "alarm_threat", "weight_speech": "alarm_speech"},
        "signal_next": {"delay": "signal_delay"},
        "belief_next": {
            "belief": Input(st.floats(-200.0, 200.0), 0.0), "prior": "belief_prior",
            "forgetting": "belief_forgetting", "evidence": "belief_evidence",
            "midpoint": "belief_midpoint"},
        "attention_share": {"competition": "agenda_competition"},
        "salience_next": {"media": "salience_media", "fade": "salience_fade"},
        "fatigue_next": {"gain": "fatigue_gain", "recovery": "fatigue_recovery"},
        "stage_next": {"level": ARMED, "inflow": ARMED, "delay": "deployment_delay"},
        "recruitment_pull": {"coercion": "joining_coercion"},
        "aid_reach": {"lost": "aid_isolation", "denied": "aid_consent"},
        "report_noise": {"half": "observers_half", "heard": "warning_civil_society"},
        "report_delay": {"delay": "signal_delay", "gain": "focal_point_gain"},
        "home_accountability": {"effect": "institutions_effect"},
        "choice_precision_of": {"precision": "choice_precision"},
        "share_lost": {"lost": ARMED, "pool": ARMED},
        "weariness_next": {
            "losses": SHARE, "fade": "weariness_fade", "gain": "weariness_gain",
            "spared": "weariness_means"},
        "institutions_together": dict.fromkeys(
            ("human_rights_institution", "ombudsman", "oversight", "courts"), SHARE),
        "response_of": {"protects": FLAG, "warned": SHARE, "most": "bystander_response"},
        "foreseen": {"in_force": SHARE, "disposed": SHARE},
        "breach_chance": {
            "rate": "relapse_rate", "parties": Input(st.floats(1.0, 7.0), 2.0),
            "temptation": Input(st.floats(0.0, 20.0), 0.5), "precision": "choice_precision"},
        "remnant": {"share": "remnant_share"},
        "finance_next": {"fade": "finance_fade", "gain": "finance_gain"},
        "legitimacy_next": {"fade": "legitimacy_fade", "loss": "legitimacy_loss"},
        "hate_speech": {"incitement": "speech_incitement"},
        "exposure_next": {
            "fade": "speech_fade", "gain": "speech_gain", "spread": "speech_spread"},
        "trust_next": {
            "fade": "trust_fade", "loss_violence": "trust_loss_violence",
            "loss_hate": "trust_loss_hate"},
        "trust_won": {
            "won": SHARE, "gain": "contact_gain", "generalised": "contact_generalised"},
        "norms_next": {"fade": "norms_fade", "loss": "norms_loss"},
        "trauma_next": {"fade": "trauma_fade", "gain": "trauma_gain"},
        "revenge_held_back": {"by_justice": "revenge_justice", "by_trust": "revenge_trust"},
        "delivered_share": {"leakage": "reform_leakage"},
        "improved_next": {"level": SHARE, "rate": "reform_rate", "decay": "reform_decay"},
        "return_rate_of": {"level": SHARE, "decay": "reform_decay", "held": "reform_decay"},
        "lowered_next": {"level": SHARE, "rate": "reform_rate", "decay": "reform_decay"},
        "slump_next": {"fade": "slump_fade"},
        "damaged": {"level": SHARE, "loss": "livelihoods_loss"},
        "joining_with": {
            "rate": "joining_rate", "opportunity": "joining_opportunity", "pay": "joining_pay"},
        "outside_share": {"friction": "outside_friction"},
        "combined_pressure": {"stalling": "forum_stalling"},
        "forum_worth": {"cost": "forum_cost"},
        "forum_value": {"bias": "forum_bias"},
        "forum_access": {"gain": "forum_access_gain"},
        "absent_share": {"mandated": ARMED},
        "report_error": {
            "own": Input(st.floats(-9.0, 9.0), 0.5), "common": Input(st.floats(-9.0, 9.0), 0.7)},
        "reinforced_belief": {
            "prior": SHARE, "rate": "reinforcement_rate", "forgetting": "enforcement_forgetting"},
        "confirmed": {"bias": "confirmation_bias"},
        "kept_in_sight": {"agreement": FLAG},
        "order_by_best_response": {"attention": "threat_attention"},
        "order_by_aspiration": {"attention": "threat_attention"},
        "proposed_scale": {"friction": "mandate_friction"},
        "acceptable_scale": {"friction": "mandate_friction"},
        "offered_terms": {"unbacked": "terms_unbacked"},
        "coverage_weight": {
            "exclusion": PEOPLE, "listed": FLAG,
            "coverage": Input(st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]), 2.0)},
        "coupled_attention": {"coupling": "agenda_coupling"},
        "worn": {"value": SHARE, "years": Input(st.floats(0.0, 40.0), 3.0)},
        "dose_at": {"decay": Input(st.floats(0.0, 5200.0), 4.0)},
    "heightened": {"value": SHARE, "share": SHARE},
        "lessened": {"value": Input(st.floats(0.0, 100.0), 0.5), "share": SHARE},
        "joint_share": {"outside": Input(share, 0.2)},
        "message_clarity": {"backing": Input(share, 0.2)},
        "credit_next": {
            "loss": "credit_loss", "recovery": "credit_recovery", "believed": Input(share, 0.8)},
        "decentral_share": {"share": SHARE},
        "local_dose": {"share": SHARE, "people": Input(people, 3e4), "total": Input(people, 1e4)},
        "people_reached": {"exclusion": SHARE},
        "distrust_between": {
            "friction": "settlement_friction", "by_offices": "offices_trust",
            "by_prosecution": "prosecution_threat"},
        "relapse_rate_with": {
            "rate": "relapse_rate", "by_monitoring": "monitoring_effect",
            "by_participation": "participation_effect"},
        "sanction_with": {
            "by_treaties": "treaties_effect", "by_prosecution": "prosecution_effect",
            "by_embargo": "embargo_cost"},
        "schooled": {"level": SHARE, "rate": "schooling_rate", "decay": "schooling_decay"},
        "trauma_fading": {
            "fade": "trauma_fade", "helped": "healing_effect", "told": "truth_effect"},
        "justice_for": {"one_sided": "justice_one_sided"},
        "inciting_voices": {"inciting": "clergy_incitement", "voices": SHARE},
        "swayed": {"share": "voices_effect", "voices": Input(st.floats(-1.0, 1.0), 0.5)},
        "answered": {"share": "voices_heard", "voices": Input(st.floats(-1.0, 1.0), 0.5)},
}  # fmt: skip

OWN: dict[str, dict[str, Input]] = {
    rule: {
        argument: parameter(value) if isinstance(value, str) else value
        for argument, value in inputs.items()
    }
    for rule, inputs in _NAMED.items()
}
"""Inputs whose names mean something of their own in one rule."""

LEGAL: dict[str, Callable[[dict[str, float]], bool]] = {
    "deprivation_next": lambda x: x["newcomers"] <= x["displaced"],
    "displaced_among_killed": lambda x: x["deaths"] <= x["residents"] + x["displaced"],
    "standing_share": lambda x: x["most"] > 0.0,
    "strength_next": lambda x: x["lost"] <= x["strength"],
    "share_of": lambda x: x["claim"] <= x["claims"],
    # Squares of positions must not underflow.
    "acceptable_scale": lambda x: all(
        x[name] == 0.0 or x[name] > 1e-100 for name in ("pressure", "protection")
    ),
}
"""What holds between the inputs of a rule in a run."""

SIGNED = {
    "order_value", "signal_next", "belief_next", "report_error", "forum_worth", "trauma_fading",
    "inciting_voices", "shared_view",
}  # fmt: skip


def inputs_of(name: str) -> dict[str, Input]:
    """Return the inputs of a rule by argument."""
    found = {}
    for argument in inspect.signature(RULES[name]).parameters:
        if argument in OWN.get(name, {}):
            found[argument] = OWN[name][argument]
        elif argument in RANGE:
            found[argument] = parameter(argument)
        else:
            assert argument in INPUTS, f"give {argument!r} of the rule {name!r} a range in INPUTS"
            found[argument] = INPUTS[argument]
    return found


def legal_inputs(name: str) -> st.SearchStrategy[dict[str, float]]:
    """Return what a rule may be given in a run."""
    whole = st.fixed_dictionaries({key: entry.range for key, entry in inputs_of(name).items()})
    return whole.filter(LEGAL[name]) if name in LEGAL else whole


def is_share(name: str) -> bool:
    """Return whether a rule's first sentence promises a share or a probability."""
    first = (inspect.getdoc(RULES[name]) or "").partition("\n")[0]
    return bool(re.search(r"in [\[(]0, 1[\])]|^Return the (share|chance|probability)", first))
