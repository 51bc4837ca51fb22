"""What each rule must say, whatever its parameters."""

from __future__ import annotations

from math import exp, log1p

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rule_inputs import LEGAL, SIGNED, inputs_of, is_share, legal_inputs, of, share

from sim.rules import (
    RULES,
    adverse,
    council,
    elite_choice,
    killing,
    measure,
    mobilisation,
    protection,
    society,
)
from sim.rules import government as state
from sim.rules import international_actor as actor

# --- ranges ---------------------------------------------------------------------------------------


def test_most_rules_return_a_share_or_a_probability() -> None:
    shares = {name for name in RULES if is_share(name)}
    assert shares >= {
        "fear_next", "memory_next", "grievance_next", "threat_next", "killed_share", "flight_rate",
        "settlement_chance", "probability_of", "mobilised_next", "protection_level",
    }  # fmt: skip
    assert not shares & SIGNED


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_keeps_its_range_over_the_whole_range_of_its_inputs(name: str) -> None:
    """Shares within [0, 1], amounts not negative, nothing infinite and no error."""

    @given(legal_inputs(name))
    def check(given_inputs: dict[str, float]) -> None:
        value = RULES[name](**given_inputs)
        assert -float("inf") < value < float("inf")
        if name not in SIGNED:
            assert value >= 0.0
        if is_share(name):
            assert value <= 1.0

    check()


def test_the_dead_are_taken_from_residents_and_displaced_in_whole_people() -> None:
    @given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0.0, 1.0))
    @example(0, 7, 1.0)
    @example(7, 0, 1.0)
    @example(1, 1, 0.5)
    def check(residents: int, displaced: int, fraction: float) -> None:
        deaths = float(int(fraction * (residents + displaced)))
        among = RULES["displaced_among_killed"](deaths, float(residents), float(displaced))
        assert among == int(among)
        assert 0.0 <= among <= displaced
        assert 0.0 <= deaths - among <= residents
        if deaths > 0.0:
            assert abs(among - deaths * displaced / (residents + displaced)) <= 1.0

    check()


# --- equilibrium ----------------------------------------------------------------------------------


@given(share, of("grievance_fade"), of("grievance_violence"))
def test_grievance_at_its_usual_level_stays_there_to_the_bit(
    usual: float, fade: float, gain: float
) -> None:
    assert killing.grievance_next(usual, usual, 0.0, 0.0, fade, gain) == usual


@given(share, share, of("grievance_fade"), of("grievance_violence"))
def test_grievance_left_alone_never_passes_its_usual_level(
    grievance: float, usual: float, fade: float, gain: float
) -> None:
    after = killing.grievance_next(grievance, usual, 0.0, 0.0, fade, gain)
    low, high = sorted((grievance, usual))
    assert low - 1e-12 <= after <= high + 1e-12


@given(share, of("fear_fade"), of("fear_here"), of("fear_near"), of("fear_menace"))
def test_fear_without_cause_falls(
    fear: float, fade: float, here: float, near: float, menaced: float
) -> None:
    after = killing.fear_next(fear, 0.0, 0.0, 0.0, 0.0, fade, here, near, menaced)
    assert after < fear or after == fear == 0.0 or fear < 1e-300


@given(share, share, share, of("threat_fade"), of("threat_rebellion"), of("threat_unrest"))
def test_threat_without_cause_never_rises(
    threat: float, losses: float, unrest: float, fade: float, gain: float, gain_unrest: float
) -> None:
    assert state.threat_next(threat, 0.0, 0.0, 0.0, 0.0, fade, gain, gain_unrest) <= threat
    assert elite_choice.rebel_threat_next(threat, 0.0, 0.0, fade, gain, gain_unrest) <= threat
    assert elite_choice.rebel_threat_next(threat, losses, unrest, fade, gain, gain_unrest) >= (
        threat * (1.0 - fade) - 1e-12
    )


@given(share, share, of("belief_forgetting"), of("belief_evidence"), of("belief_midpoint"))
def test_a_reading_at_the_midpoint_leaves_a_belief_at_its_prior(
    prior: float, signal: float, forgetting: float, evidence: float, midpoint: float
) -> None:
    assert actor.belief_next(prior, midpoint, prior, forgetting, evidence, midpoint) == prior
    louder = actor.belief_next(prior, midpoint + signal, prior, forgetting, evidence, midpoint)
    assert louder >= prior


def test_a_reading_moves_towards_the_alarm_by_one_over_the_delay() -> None:
    assert actor.signal_next(0.2, 0.6, 0.1, 1.0) == pytest.approx(0.7)
    assert actor.signal_next(0.2, 0.6, 0.0, 4.0) == pytest.approx(0.3)


# --- what rules say -------------------------------------------------------------------------------


def test_nobody_attacks_without_armed_persons() -> None:
    @given(legal_inputs("attack_intent"))
    def check(given_inputs: dict[str, float]) -> None:
        assert killing.attack_intent(**(given_inputs | {"armed": 0.0, "pushed": 0.0})) == 0.0

    check()


def test_nobody_attacks_without_an_order_a_memory_or_fear() -> None:
    quiet = {"order": 0.0, "memory": 0.0, "fear": 0.0, "pushed": 0.0}

    @given(legal_inputs("attack_intent"))
    def check(given_inputs: dict[str, float]) -> None:
        assert killing.attack_intent(**(given_inputs | quiet)) == 0.0

    check()


@given(st.floats(0.0, 1.0, exclude_max=True), st.floats(-10.0, 10.0), st.floats(-10.0, 10.0),
       of("threat_attention"), of("choice_precision"))  # fmt: skip
@example(0.0, 10.0, 10.0, 0.05, 8.0)
def test_no_leader_orders_violence_without_any_threat(
    draw: float, expel: float, kill: float, attention: float, precision: float
) -> None:
    assert elite_choice.order_choice(draw, 0.0, expel, kill, attention, precision) == 0


@given(share, st.floats(-7.0, 7.0), st.floats(-7.0, 7.0), of("threat_attention"),
       of("choice_precision"))  # fmt: skip
@example(1.0, 7.0, -7.0, 0.05, 8.0)
def test_orders_are_given_with_the_probabilities_of_quantal_response(
    threat: float, expel: float, kill: float, attention: float, precision: float
) -> None:
    """The shares of 400 even draws are the formula of McKelvey & Palfrey times attention."""
    assume(threat > 1e-6)
    draws = ((np.arange(400) + 0.5) / 400).tolist()
    given_orders = [
        elite_choice.order_choice(u, threat, expel, kill, attention, precision) for u in draws
    ]
    top = max(0.0, expel, kill)
    weight = [exp(precision * (value - top)) for value in (0.0, expel, kill)]
    considered = threat / (threat + attention)
    for order in (1, 2):
        expected = considered * weight[order] / sum(weight)
        assert abs(given_orders.count(order) / 400 - expected) <= 1.0 / 400
    assert set(given_orders) <= {0, 1, 2}


RISING: dict[str, tuple[str, str, float, float]] = {
    "an open border makes expulsion remove more": ("removed_by_expulsion", "outlet", 0.0, 1.0),
    "threat makes violence pay": ("order_value", "threat", 0.0, 1.0),
    "a target out of reach makes violence pay less": ("order_value", "reachable", 0.0, 1.0),
    "restraint makes violence pay less": ("order_value", "restraint", 1.0, 0.0),
    "a sanction makes violence pay less": ("order_value", "sanction", 1.0, 0.0),
    "terms on offer make violence pay less": ("order_value", "terms", 1.0, 0.0),
    "a sanction is expected more under more pressure": ("expected_sanction", "pressure", 0.0, 1.0),
    "a sanction is expected more under a firmer belief": ("expected_sanction", "belief", 0.0, 1.0),
    "a sanction is expected more where abuse is answered for": (
        "expected_sanction", "accountability", 0.0, 1.0),
    "more peacekeepers protect more": ("protection_level", "peacekeepers", 0.0, 1e4),
    "a more robust mandate protects more": ("protection_level", "robustness", 0.0, 1.0),
    "more people in a place thin protection out": ("protection_level", "population", 1e6, 1.0),
    "a higher stake proposes more": ("proposed_scale", "stake", 0.0, 1.0),
    "more friction proposes less": ("proposed_scale", "friction", 1.0, 0.02),
    "a higher stake accepts more": ("acceptable_scale", "stake", 0.0, 1.0),
    "more friction accepts less": ("acceptable_scale", "friction", 1.0, 0.02),
    "more aid means fewer indirect deaths": ("indirect_mortality", "aid", 1.0, 0.0),
    "deprivation means more indirect deaths": ("indirect_mortality", "deprivation", 0.0, 1.0),
    "newcomers deprive": ("deprivation_next", "newcomers", 0.0, 5e3),
    "aid keeps deprivation down": ("deprivation_next", "aid", 1.0, 0.0),
    "insecurity keeps aid away": ("aid_reach", "memory", 1.0, 0.0),
    "a place where more are displaced takes more of the aid": (
        "supplied_here", "displaced", 0.0, 1e6),
    "more armed persons kill a larger share": ("killed_share", "armed", 0.0, 1e5),
    "discipline spares": ("killed_share", "discipline", 1.0, 0.0),
    "many are harder to kill than few": ("killed_share", "exposed", 1e6, 1.0),
    "more fear means more flight": ("flight_rate", "fear", 0.0, 1.0),
    "a nearer place pulls more": ("route_weight", "nearness", 0.0, 1.0),
    "an open border pulls more": ("route_weight", "openness", 0.0, 1.0),
    "fear at the far end pulls less": ("route_weight", "fear_there", 1.0, 0.0),
    "protection deters": ("attack_intent", "protection", 1.0, 0.0),
    "belief in enforcement deters": ("attack_intent", "belief", 1.0, 0.0),
    "memory calls for revenge": ("attack_intent", "memory", 0.0, 1.0),
    "discipline holds back revenge": ("attack_intent", "discipline", 1.0, 0.0),
    "salience wins attention": ("attention_share", "salience", 0.0, 1.0),
    "risk wins attention": ("attention_share", "risk", 0.0, 1.0),
    "fatigue loses attention": ("attention_share", "fatigue", 1.0, 0.0),
    "pressure backs the terms": ("offered_terms", "pressure", 0.0, 1.0),
    "terms win consent": ("consent_next", "terms", 0.0, 1.0),
    "a threatened host guards its sovereignty": ("consent_next", "threat", 1.0, 0.0),
    "a larger mandate sends more": ("mandated_strength", "scale", 0.1, 1.0),
    "without protection in it nobody is sent": ("mandated_strength", "protection", 0.0, 0.01),
    "a mandate nearer to protection is more robust": ("mandate_robustness", "protection", 0.1, 0.5),
    "consent lets more in": ("deployable_share", "consent", 0.0, 1.0),
    "the weary find violence pay less": ("order_value", "weariness", 1.0, 0.0),
    "the weary settle more": ("settlement_chance", "weariness", 0.0, 1.0),
    "nobody joins the weary": ("joining_with", "weariness", 1.0, 0.0),
    "the weary seek no battle": ("willing_to_fight", "weariness", 1.0, 0.0),
    "losses weigh by who can be armed": ("share_lost", "lost", 0.0, 100.0),
    "a large side bears them": ("share_lost", "pool", 1e6, 1e3),
    "losses make weary": ("weariness_next", "losses", 0.0, 1.0),
    "means keep a side going": ("weariness_next", "means", 1.0, 0.0),
    "who gains by violence breaks an agreement": ("breach_chance", "temptation", 0.0, 2.0),
    "who expects enforcement keeps it": ("breach_chance", "rate", 0.01, 0.3),
    "a guarantee prevents relapse": ("relapse_chance", "guarantee", 1.0, 0.0),
    "better terms are accepted more": ("settlement_chance", "terms", 0.001, 1.0),
    "a resolved side settles less": ("settlement_chance", "resolve", 7.0, 0.0),
    "a hurting side settles more": ("settlement_chance", "threat", 0.0, 1.0),
    "a richer state pays more itself": ("domestic_share", "budget", 0.0, 1e3),
    "rebels threaten": ("rebellion_level", "rebels", 0.0, 1e5),
    "a capable state fears rebels less": ("rebellion_level", "capacity", 1.0, 0.0),
    "violence is remembered": ("memory_next", "violence", 0.0, 1.0),
    "violence frightens": ("fear_next", "violence", 0.0, 1.0),
    "violence next door frightens": ("fear_next", "near_memory", 0.0, 1.0),
    "armed men under orders frighten": ("fear_next", "menace", 0.0, 1.0),
    "an order draws people in": ("mobilised_next", "pull", 0.0, 1.0),
    "peers draw people in": ("mobilised_next", "near", 0.0, 1.0),
    "an opposing force keeps people out": ("mobilised_next", "crushed", 0.3, 0.0),
    "hate speech alarms": ("alarm_level", "speech", 0.0, 1.0),
    "neglect deprives settled people too": ("deprivation_next", "neglect", 0.0, 0.1),
    "a peace that is watched teaches enforcement": ("kept_in_sight", "monitoring", 0.0, 1.0),
    "who expects a bluff learns little from it": ("kept_in_sight", "belief", 0.0, 1.0),
    "patrons contradict what others say": ("contradictions", "backing", 0.0, 1.0),
    "a mediator of the opposite lean appeals less": ("forum_value", "bias", 1.0, 0.0),
    "a remembered place is not returned to": ("return_rate", "memory", 1.0, 0.0),
    "deaths alarm": ("alarm_level", "deaths_recent", 0.0, 5e3),
    "visible killing makes prevention salient": ("salience_next", "visible", 0.0, 1.0),
    "acting tires": ("fatigue_next", "attention", 0.0, 1.0),
    "who cares more goes alone more": ("outside_share", "stake", 0.0, 1.0),
    "who is outvoted goes alone more": ("outside_share", "gap", 0.0, 1.0),
    "single actors add to the pressure": ("combined_pressure", "outside", 0.0, 1.0),
    "patrons undo pressure": ("combined_pressure", "backing", 1.0, 0.0),
    "parties that can shop feel less pressure": ("combined_pressure", "forums", 9.0, 1.0),
    "friends of the government spare it": ("pressing_part", "tie", 1.0, 0.0),
    "a forum is worth more to who is outvoted": ("forum_worth", "gap", 0.0, 1.5),
    "better terms draw parties": ("forum_value", "terms", 0.0, 1.0),
    "more forums win access": ("forum_access", "forums", 1.0, 9.0),
    "more eyes mean less noise": ("report_noise", "observers", 1e4, 0.0),
    "more forums mean less noise": ("report_noise", "forums", 9.0, 1.0),
    "civil society lowers noise": ("report_noise", "civil_society", 1.0, 0.0),
    "a focal point shortens the delay": ("report_delay", "focal_point", 1.0, 0.0),
    "a force that is not there is missed": ("absent_share", "deployed", 1e4, 0.0),
    "institutions make abuse answered for": ("home_accountability", "institutions", 0.0, 1.0),
    "a united elite errs less": ("choice_precision_of", "cohesion", 0.0, 1.0),
    "legitimacy makes violence pay less": ("order_value", "legitimacy", 1.0, 0.0),
    "loot makes violence pay more": ("order_value", "loot", 0.0, 1.0),
    "support fills an armed group's purse": ("finance_next", "inflow", 0.0, 1.0),
    "visible killing costs legitimacy": ("legitimacy_next", "violence", 1.0, 0.0),
    "many voices drown hate speech out": ("speech_in", "civil_society", 1.0, 0.0),
    "threatened leaders incite": ("hate_speech", "threat", 0.0, 1.0),
    "restrained leaders do not": ("hate_speech", "restraint", 1.0, 0.0),
    "broadcasts are heard": ("exposure_next", "broadcast", 0.0, 1.0),
    "neighbours pass it on": ("exposure_next", "near", 0.0, 1.0),
    "counter-speech takes some of the audience": ("exposure_next", "counter", 1.0, 0.0),
    "counter-speech is heard where it is trusted": ("exposure_next", "trust", 1.0, 0.0),
    "violence destroys trust": ("trust_next", "violence", 1.0, 0.0),
    "hate speech destroys trust": ("trust_next", "hate", 1.0, 0.0),
    "contact builds trust": ("trust_won", "contact", 0.0, 1.0),
    "contact wins nobody twice": ("trust_won", "won", 1.0, 0.0),
    "voices against hate speech drown a part of it": ("answered", "voices", 1.0, -1.0),
    "trauma keeps trust from coming back": ("trust_next", "trauma", 1.0, 0.0),
    "hate speech wears norms down": ("norms_next", "hate", 1.0, 0.0),
    "violence leaves trauma": ("trauma_next", "violence", 0.0, 1.0),
    "justice holds revenge back": ("revenge_held_back", "justice", 0.0, 1.0),
    "police hold revenge back": ("revenge_held_back", "policing", 0.0, 1.0),
    "trust holds revenge back": ("revenge_held_back", "trust", 0.0, 1.0),
    "a capable state delivers": ("delivered_share", "capacity", 0.0, 1.0),
    "a committed leadership delivers": ("delivered_share", "commitment", 0.0, 1.0),
    "money leaks where nobody answers for it": ("delivered_share", "accountability", 0.0, 1.0),
    "forces learn more where the elite holds together": ("forces_learn", "cohesion", 0.0, 1.0),
    "leaders keep a reform from the forces that they would turn against civilians": (
        "forces_learn", "turned", 1.0, 0.0),
    "they keep the more of it the more they resist": ("forces_learn", "resisted", 1.0, 0.0),
    "a host that consents lets in more of those about whom it is asked": (
        "consent_asked", "consent", 0.0, 1.0),
    "a host that is not asked keeps nobody out": ("consent_asked", "asked", 1.0, 0.0),
    "the wider the way that a measure needs, the more is left of its other parts": (
        "carried_over", "passage", 0.0, 1.0),
    "and the less it hangs on that way": ("carried_over", "needed", 1.0, 0.0),
    "forces learn from a reform": ("forces_learn", "programme", 0.0, 1.0),
    "effort improves": ("improved_next", "effort", 0.0, 1.0),
    "effort lowers exclusion": ("lowered_next", "effort", 1.0, 0.0),
    "violence destroys livelihoods": ("damaged", "memory", 1.0, 0.0),
    "livelihoods keep people from joining": ("joining_with", "livelihoods", 1.0, 0.0),
    "pay draws people in": ("joining_with", "finance", 0.0, 1.0),
    "hate speech draws people into militias": ("recruitment_pull", "hate", 0.0, 1.0),
    "norms keep people out of militias": ("recruitment_pull", "norms", 1.0, 0.0),
    "isolation keeps aid away": ("aid_reach", "isolation", 1.0, 0.0),
    "what is held back does not happen": ("attack_intent", "held_back", 1.0, 0.0),
    "command carries orders out": ("attack_intent", "command", 0.0, 1.0),
    "patrons, neighbours and aid feed an armed group": ("support_inflow", "feeding", 0.0, 1.0),
    "losses weaken state forces": ("strength_next", "lost", 1e5, 0.0),
    "patrons help a state fill its ranks": ("strength_next", "finance", 0.0, 1.0),
    "a state in control fills its ranks": ("strength_next", "control", 0.0, 1.0),
    "an enemy in strength costs more": ("combat_losses", "enemy", 0.0, 1e5),
    "programmes for the state help its forces to hold a place": (
        "holding_force", "programme", 0.0, 1.0),
    "they do so where it protects people": ("holding_force", "response", 0.0, 1.0),
    "forces bring control": ("control_next", "forces", 0.0, 1e5),
    "violence pushed here happens here": ("attack_intent", "pushed", 0.0, 5.0),
    "those who fear strike first": ("attack_intent", "fear", 0.0, 1.0),
    "what protection deters moves": ("pushed_rate", "protection", 0.0, 1.0),
    "what is not believed deters nothing and moves nothing": ("pushed_rate", "belief", 0.0, 1.0),
    "the excluded resent the same blow more": ("grievance_excess", "exclusion", 0.0, 1.0),
    "grievance draws people into militias": ("recruitment_pull", "grievance_excess", 0.0, 1.0),
    "land held by others is worth fighting for": ("spoils", "held_by_others", 0.0, 1.0),
    "a coup divides the elite": ("cohesion_next", "division", 1.0, 0.0),
    "neighbours who shelter rebels save them": ("crushing_rate_of", "feeding", 1.0, 0.0),
    "neighbours who close their borders to rebels cost them": (
        "crushing_rate_of", "helping", 0.0, 1.0),
    "pressure wins consent": ("consent_next", "pressure", 0.0, 1.0),
    "access wins consent": ("consent_next", "access", 0.0, 1.0),
    "a capable state fills its ranks": ("strength_next", "capacity", 0.0, 1.0),
    "patrons feed an armed group": ("support_inflow", "own", 0.0, 1.0),
    "diverted aid feeds an armed group": ("support_inflow", "diverted", 0.0, 1.0),
    "leaders who have given orders incite": ("hate_speech", "order", 0.0, 2.0),
    "an absent force that was announced belies its words": (
        "contradictions", "announced", 0.0, 1.0),
    "a force without a mandate to protect hurries nobody": ("urgency_of", "protection", 0.0, 1.0),
    "a protection mandate forces some entry": ("deployable_share", "protection", 0.0, 1.0),
    "forces stand where the target is aggrieved": ("garrison_weight", "grievance", 0.0, 1.0),
    "state forces shelter": ("sheltered", "shelter", 0.0, 1.0),
    "false safety keeps people from leaving": (
        "lulled_to", "false_safety", 1.0, 0.0),
    "people return where they fear less": ("return_rate", "fear", 1.0, 0.0),
    "a full camp has no room": ("free_room", "displaced", 1e7, 0.0),
    "a full camp pulls less": ("route_weight", "room", 0.0, 1.0),
    "who queues gets no aid": ("aid_reach", "admitted", 0.0, 1.0),
    "a promise of rescue emboldens": ("expected_rescue", "protection", 0.0, 1.0),
    "who expects rescue joins rebels": ("recruitment_pull", "rescue", 0.0, 1.0),
    "pressure is resented": ("sovereignty_backlash", "pressure", 0.0, 1.0),
    "resented pressure is felt as a threat": ("threat_next", "backlash", 0.0, 0.2),
    "an announced force that is absent hurries": ("urgency_of", "announced", 0.0, 1.0),
    "who is in a hurry finds violence pay more": ("order_value", "urgency", 0.0, 3.0),
    "aid is diverted where nobody answers for it": ("diverted_share", "accountability", 1.0, 0.0),
    "who believes what is answered resents the answer": ("resentment", "hate", 0.0, 1.0),
    "more counter-speech is resented more": ("resentment", "suppressed", 0.0, 1.0),
    "distrusted counter-speech is resented": ("resentment", "trust", 1.0, 0.0),
    "a weak mandate gives false safety": ("false_safety", "robustness", 1.0, 0.0),
    "neighbours who help guarantee an agreement": ("relapse_chance", "neighbours", 1.0, 0.0),
    "an enforced abuse is believed": ("expected_enforcement", "enforced", 0.01, 100.0),
}  # fmt: skip
"""Rules that rise as one input goes from the first number to the second, all else equal."""


@pytest.mark.parametrize("statement", RISING)
def test_it_is_true_that(statement: str) -> None:
    name, argument, first, last = RISING[statement]
    rose = False

    @given(legal_inputs(name), share, share)
    @example({key: entry.middle for key, entry in inputs_of(name).items()}, 0.2, 0.8)
    def check(given_inputs: dict[str, float], one: float, other: float) -> None:
        nonlocal rose
        low, high = sorted((one, other))
        less = given_inputs | {argument: first + low * (last - first)}
        more = given_inputs | {argument: first + high * (last - first)}
        assume(name not in LEGAL or (LEGAL[name](less) and LEGAL[name](more)))
        before, after = RULES[name](**less), RULES[name](**more)
        assert after >= before - 1e-12 * (1.0 + abs(before))
        rose = rose or after > before

    check()
    assert rose, "the input never mattered"


@pytest.mark.parametrize("order", [1.0, 2.0])
def test_forces_under_orders_against_civilians_learn_nothing_from_the_best_reform(
    order: float,
) -> None:
    assert society.forces_learn(1.0, 1.0, 0.0, 0.0, 1.0) == 1.0
    assert society.forces_learn(1.0, 1.0, order, 0.0, 0.0) == 0.0


def test_nobody_resents_an_answer_to_what_they_do_not_believe() -> None:
    assert adverse.resentment(1.0, 0.0, 0.0, 0.1) == 0.0
    assert adverse.resentment(1.0, 1.0, 0.0, 0.1) == 0.1
    assert adverse.resentment(1.0, 1.0, 1.0, 0.1) == 0.0


def test_police_everywhere_hold_all_revenge_back_though_nobody_trusts_or_judges() -> None:
    assert society.revenge_held_back(0.0, 1.0, 0.0, 0.5, 0.5) == 1.0
    assert society.revenge_held_back(0.0, 0.6, 0.0, 0.5, 0.5) == pytest.approx(0.6)
    assert society.revenge_held_back(0.0, 0.0, 0.0, 0.5, 0.5) == 0.0


def test_one_sided_justice_stops_at_a_group_by_how_far_it_is_shut_out() -> None:
    assert society.justice_for(0.8, 0.5, 1.0) == pytest.approx(0.4)
    assert society.justice_for(0.8, 0.5, 0.5) == pytest.approx(0.6)
    assert society.justice_for(0.8, 0.0, 1.0) == 0.8
    assert society.justice_for(0.8, 1.0, 1.0) == 0.0
    assert society.justice_for(0.8, 1.0, 0.0) == 0.8


@given(legal_inputs("aid_reach"))
def test_a_host_that_may_deny_access_loses_aid_by_the_consent_that_it_withholds(
    given_inputs: dict[str, float],
) -> None:
    let_in = protection.aid_reach(**(given_inputs | {"denied": 0.0}))
    strict = given_inputs | {"denied": 1.0}
    assert protection.aid_reach(**(strict | {"consent": 0.0})) == 0.0
    assert protection.aid_reach(**(strict | {"consent": 1.0})) == let_in
    assert protection.aid_reach(**(strict | {"consent": 0.25})) == pytest.approx(0.25 * let_in)
    half = given_inputs | {"denied": 0.5, "consent": 0.0}
    assert protection.aid_reach(**half) == pytest.approx(0.5 * let_in)


def test_voices_talk_their_share_of_hate_speech_down_or_add_it_to_what_is_not_said_yet() -> None:
    assert society.answered(0.4, 1.0, 0.5) == pytest.approx(0.2)
    assert society.answered(0.4, 0.5, 0.5) == pytest.approx(0.3)
    assert society.answered(0.4, -1.0, 0.5) == pytest.approx(0.7)
    assert society.answered(0.4, -0.5, 0.5) == pytest.approx(0.55)
    assert society.answered(0.4, 0.0, 0.5) == 0.4
    assert society.answered(0.4, 1.0, 0.0) == 0.4


def test_contact_wins_of_the_trust_that_is_lacking_what_it_reaches_and_has_not_won() -> None:
    # Of half the people who meet, the other half gains a fifth as much as far as half meet: 0.55.
    assert society.trust_won(0.4, 0.0, 0.5, 0.1, 0.2) == pytest.approx(0.1 * 0.55 * 0.6)
    assert society.trust_won(0.5, 0.1, 0.5, 0.1, 0.2) == pytest.approx(0.1 * (0.55 * 0.6 - 0.1))
    assert society.trust_won(0.4, 0.0, 0.5, 0.1, 0.0) == pytest.approx(0.1 * 0.5 * 0.6)
    assert society.trust_won(0.4, 0.0, 1.0, 0.1, 0.2) == pytest.approx(0.1 * 0.6)
    assert society.trust_won(0.4, 0.0, 0.0, 0.1, 0.2) == 0.0
    assert society.trust_won(0.9, 0.6, 0.5, 0.1, 0.2) == 0.0


def test_a_chance_within_a_week_is_that_of_a_poisson_process() -> None:
    for rate in (0.0, 1e-9, 0.1, 1.0, 7.0):
        chance = killing.chance_within_week(rate)
        assert chance == pytest.approx(1.0 - exp(-rate), abs=1e-15)
        if 0.0 < chance < 0.99:
            assert -log1p(-chance) == pytest.approx(rate, rel=1e-6, abs=1e-12)


@given(share, of("signal_noise"))
def test_the_errors_of_the_united_are_as_large_as_those_of_the_divided(
    shared: float, noise: float
) -> None:
    """Independent parts of unit variance add up to the same variance, whatever is shared."""
    own = actor.report_error(1.0, 0.0, shared, noise)
    common = actor.report_error(0.0, 1.0, shared, noise)
    assert own * own + common * common == pytest.approx(noise * noise, abs=1e-12)
    assert actor.report_error(1.0, 1.0, shared, noise) == pytest.approx(own + common)


def view_from(pressure: float, protection: float) -> np.ndarray:
    """Return the weights of nine independent points of the space in what is seen from a position."""
    column, line = actor.half_of(pressure), actor.half_of(protection)
    weights = np.zeros((3, 3))
    for place, corner in enumerate(np.eye(4)):
        weights[line + place // 2, column + place % 2] = actor.shared_view(
            2.0 * pressure - column, 2.0 * protection - line, *corner
        )
    return weights.ravel()


@given(share, share)
def test_a_view_has_the_same_spread_from_every_position(pressure: float, protection: float) -> None:
    weights = view_from(pressure, protection)
    assert weights @ weights == pytest.approx(1.0)


def test_who_holds_one_position_shares_a_view_and_opposite_corners_do_not() -> None:
    assert view_from(1.0, 1.0) @ view_from(1.0, 1.0) == 1.0
    assert view_from(0.0, 0.0) @ view_from(1.0, 1.0) == 0.0
    near, far = (view_from(0.2, 0.2) @ view_from(*other) for other in ((0.25, 0.25), (0.5, 0.5)))
    assert near > 0.9 > 0.4 > far
    across_the_middle = view_from(0.499, 0.3) @ view_from(0.501, 0.3)
    assert across_the_middle > 0.999


@given(share, share, share, of("grievance_resonance"))
def test_unrest_is_none_at_the_usual_grievance_and_a_share_above_it(
    grievance: float, usual: float, exclusion: float, resonance: float
) -> None:
    found = mobilisation.grievance_excess(grievance, usual, exclusion, resonance)
    assert 0.0 <= found <= 1.0
    assert (found == 0.0) or grievance > usual


def test_a_party_goes_where_the_mediator_leans_its_way() -> None:
    for party, near, far in ((0.0, 0.2, 0.8), (1.0, 0.9, 0.3)):
        assert council.forum_value(0.5, near, party, 0.5) > council.forum_value(
            0.5, far, party, 0.5
        )
    assert council.forum_value(0.4, 0.3, 0.0, 0.5) == pytest.approx(0.4 * (1.0 - 0.5 * 0.3))


def test_a_dose_ramps_up_stays_and_ends() -> None:
    doses = [measure.dose_at(float(week), 4.0, 8.0, 0.0, 10.0) for week in range(-2, 10)]
    assert doses == [0.0, 0.0, 2.5, 5.0, 7.5, 10.0, 10.0, 10.0, 10.0, 10.0, 0.0, 0.0]
    assert measure.dose_at(0.0, 0.0, float("inf"), 0.0, 10.0) == 10.0
