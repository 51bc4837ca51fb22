"""Where every state variable starts and what moves it, by table and by name.

`sim.fields` reads both into its fields, a test holds them to the code, and the description of the
model is made from them. A field that stands in neither starts at 0 and never moves, or is moved by
what delivers measures if it is the dose of one.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.effects import EFFECTS
from sim.forms import FORMS
from sim.mechanisms import DELIVERY, MECHANISMS

MOVED: Mapping[str, Mapping[str, str]] = {
    "world": {
        "record": (
            "week civil_society deaths_recent flight_recent outlet protected displaced refugees "
            "killed places_attacked"
        ),
        "shocks": "shock_threat shock_grievance shock_division shock_fear shock_arms slump",
        "early_warning": "alarm violence credit report_noise report_delay",
        "mandate_bargaining": (
            "policy_pressure policy_protection mandate_scale acting mandate_week mandate_since"
        ),
        "deployment": (
            "robustness announced troops_preparing terms need_total aid_total excluded_total "
            "here_total"
        ),
        "split_resources": (
            "outside_pressure incentives backing arming forums pressure pressure_on_rebels"
        ),
        "programmes": (
            "own_mediation own_cost programmes_on decentral_week delivery "
            "civic_space message office united spoiler aid_coverage spent placebo_spent"
        ),
        "deployment, programmes": "troops_deployed",
        "settlement": "agreement",
        "contest": "exhausted control victory government_changes",
        "adverse_effects": "rescue backlash urgency shift aid_lost diverted",
        "flight": "fled_week",
        "indirect_deaths": "died_week",
    },
    "groups": {
        "record": "at_home losses unrest killed_week",
        "trust": "speech",
    },
    "government": {
        "contest": "group role",
        "domestic_reform": (
            "capacity commitment accountability focal_point human_rights_institution ombudsman "
            "oversight courts treaties"
        ),
        "contest, elite_choice": "legitimacy threat",
        "domestic_reform, elite_choice": "cohesion",
        "programmes": "budget",
        "domestic_response": "warned",
        "contest, domestic_response": "response",
        "deployment": "consent",
    },
    "actors": {
        "contest": "tie",
        "agenda": "salience attention fatigue",
        "programmes": "endowment",
        "correlated_error": "error",
        "early_warning": "signal belief",
        "agenda, mandate_bargaining": "stake",
        "split_resources": "outside",
        "forums": "forum",
    },
    "armed": {
        "contest": "kind target strength_usual strength_peak weariness",
        "contest, record": "strength",
        "settlement": "breaches",
        "domestic_reform": "discipline",
        "elite_choice": "finance sanction",
        "contest, elite_choice": "order threat resolve",
        "credibility": "enforced unenforced belief",
        "forums": "terms forum",
        "record": "attacks stopped",
    },
    "communities": {
        "domestic_reform": "livelihoods justice civil_society schooling",
        "programmes": "suppressed",
        "deployment": "policing here excluded at_risk need peacekeepers protection aid",
        "contest, domestic_response": "shelter",
        "adverse_effects": "false_safety",
        "contest": "control rebel_losses state_losses",
        "indirect_deaths": "room admitted deprivation newcomers",
    },
    "people": {
        "flight, killing": "residents",
        "flight, indirect_deaths, killing": "displaced",
        "flight": "away",
        "killing": "killed killed_week grievance fear memory trauma",
        "indirect_deaths": "died",
        "flight, indirect_deaths": "arrivals",
        "contest": "exclusion_usual inequality_usual",
        "contest, domestic_reform": "exclusion inequality",
        "mobilisation": "near_memory near_hate",
        "trust": "trust trust_won norms hate",
    },
    "presence": {
        "contest": "standing",
        "contest, mobilisation": "armed mobilised",
        "mobilisation": "near_mobilised",
        "killing": "spill pushed attacked stopped",
    },
    "programmes": {
        "programmes": "begun share reach dose claims spent",
    },
}
"""Files of `sim.ensemble` that move what is in a table: mechanisms, the delivery of measures and the
record of the week."""

STARTS: Mapping[str, Mapping[float | str, str]] = {
    "world": {
        "country.society.civil_society": "civil_society",
        1.0: "control credit",
        -1.0: "mandate_week mandate_since",
        "country.settlement.in_force": "agreement",
        "the most open border": "outlet",
    },
    "groups": {
        "country.places.*.population": "people at_home",
    },
    "government": {
        "the country": "group role",
        "country.government.consent": "openness consent",
        "country.government.budget": "budget",
        "country.government.capacity": "capacity capacity_usual",
        "country.government.commitment": "commitment commitment_usual",
        "country.government.accountability": "accountability accountability_usual",
        "country.government.legitimacy": "legitimacy legitimacy_usual",
        "country.government.cohesion": "cohesion cohesion_usual",
        "country.government.focal_point": "focal_point focal_point_usual",
        "country.government.human_rights_institution": (
            "human_rights_institution human_rights_institution_usual"
        ),
        "country.government.ombudsman": "ombudsman ombudsman_usual",
        "country.government.oversight": "oversight oversight_usual",
        "country.government.courts": "courts courts_usual",
    },
    "actors": {
        "the actors": "kind veto",
        "mean, deviation and dispersion of the actors": "position_pressure position_protection",
        "what a long quiet makes of `belief_prior`": "belief",
        "actors.actors.*.weight": "weight",
        "actors.actors.*.tie": "tie",
        "actors.actors.*.endowment": "endowment",
        "actors.actors.*.contribution": "contribution",
        "actors.actors.*.salience": "salience salience_usual",
    },
    "armed": {
        "the country": "kind side target",
        "country.armed_groups.*.command": "command",
        -1.0: "forum",
        "`enforcement_prior enforcement_certainty`": "enforced",
        "`(1 - enforcement_prior) enforcement_certainty`": "unenforced",
        "`enforcement_prior`": "belief",
        "country.armed_groups.*.strength": "strength strength_usual strength_peak",
        "country.armed_groups.*.discipline": "discipline discipline_usual",
    },
    "communities": {
        "the country": "abroad capital",
        "country.neighbours.*.openness": "openness",
        "country.places.*.population": "population",
        "roads, by `road_reach`": "isolation",
        "country.places.*.capacity": "capacity",
        1.0: "room admitted",
        "1 at home": "control",
        "country.society.livelihoods": "livelihoods livelihoods_usual",
        "country.society.justice": "justice justice_usual",
        "country.society.civil_society": "civil_society civil_society_usual",
    },
    "people": {
        "country.places.*.population": "residents displaced",
        "what `exclusion` and `inequality` sustain": "grievance grievance_usual",
        "country.society.trust": "trust trust_usual",
        "country.society.norms": "norms norms_usual",
        "country.society.inequality": "inequality inequality_usual",
        "country.places.*.exclusion": "exclusion exclusion_usual",
    },
    "presence": {
        "country.armed_groups.*.strength": "standing armed",
        "`standing`, relative to whom it can arm": "mobilised",
    },
    "programmes": {-1.0: "begun"},
    "settings": {
        "`action.start`": "open_week",
        "`action.arrival`, or -1": "arrival_delay",
        "`actors.rule`": "consensus",
        "the measures": "mandated troops_coverage aid_coverage",
        "`actors.mean`": "mean_pressure mean_protection",
        "on, unless `mechanisms` says otherwise": " ".join(one.name for one in MECHANISMS),
        "the first form, unless `forms` says otherwise": " ".join(f"form_{name}" for name in FORMS),
        "actors.rule.quota": "quota",
        "country.neighbours.*.support": "feeding helping",
        "country.places.*.population": "population",
    },
}
"""What a table starts from other than 0: a number, the starting figure of a scenario by its key
(`sim.starting`), or in words what it follows from."""


def moved_by(table: str, name: str) -> tuple[str, ...]:
    """Return the files of `sim.ensemble` that move a field; none if nothing does."""
    for movers, names in MOVED.get(table, {}).items():
        if name in names.split():
            return tuple(movers.split(", "))
    if table in ("world", "communities") and name in {entry.field for entry in EFFECTS}:
        return (DELIVERY,)
    return ()


def start_of(table: str, name: str) -> float | str:
    """Return the value of a field in week 0, or in words what it follows from."""
    for start, names in STARTS.get(table, {}).items():
        if name in names.split():
            return start
    return 0.0
