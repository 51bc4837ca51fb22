"""What rules of people and of outside action give for small round numbers, worked out by hand."""

from __future__ import annotations

from math import inf

import pytest
from rule_examples import HALF, QUARTERS, Example, of

from sim.rules import RULES

PLACE = {"people": 100.0, "at_risk": 30.0, "capital": 0.0, "exclusion": 20.0, "listed": 0.0}
HOST = {
    "consent": 0.3, "openness": 0.2, "terms": 0.4, "pressure": 0.2, "protection": 0.5, "threat": 0.4,
    "access": 0.1, "speed": 0.5, "gain_terms": 0.5, "gain_pressure": 0.5, "loss_sovereignty": 0.5,
}  # fmt: skip
CAMP = {"deprivation": 0.5, "newcomers": 25.0, "displaced": 100.0, "aid": 0.4, "fade": 0.2,
        "gain": 1.0, "neglect": 0.25, "effect": 0.5}  # fmt: skip
PEERS = {"mobilised": 0.4, "near": 0.2, "standing": 0.2, "pull": 0.4, "crushed": 0.1, "joining": 0.5,
         "alone": 0.5, "spillover": 0.5, "leaving": 0.5}  # fmt: skip
RECRUITS = {"rebel": 0.0, "order": 1.0, "grievance_excess": 0.5, "memory": 0.3, "hate": 0.5,
            "norms": 0.8, "rescue": 0.1, "coercion": 0.5}  # fmt: skip
DOSE = {"ramp": 0.0, "duration": 4.0, "decay": 3.0, "intensity": 8.0}
TRUTH = {"fade": 0.1, "healing": 0.5, "truth": 0.5, "helped": 0.2, "told": 0.4}

EXAMPLES: dict[str, Example] = {
    # --- those who join ---
    "a quarter of those who can stands": of("standing_share", 0.25, standing=25.0, most=100.0),
    "all of them and no more": of("standing_share", 1.0, standing=150.0, most=100.0),
    "half of the room above the usual grievance, most of it resonating": of(
        "grievance_excess", 0.3, grievance=0.7, usual=0.4, exclusion=0.75, resonance=0.4),
    "half by coercion, of the others eight of ten are willing; half for an order to expel": of(
        "recruitment_pull", 0.45, **RECRUITS),
    "all for an order to kill": of("recruitment_pull", 0.9, **(RECRUITS | {"order": 2.0})),
    "grievance, memory and rescue make rebels": of(
        "recruitment_pull", 0.9, **(RECRUITS | {"rebel": 1.0})),
    "nobody is pulled more than wholly": of(
        "recruitment_pull", 1.0, **(RECRUITS | {"rebel": 1.0, "memory": 0.9})),
    "thirteen of a hundred join, ten go home, four are crushed": of(
        "mobilised_next", 0.4 + 0.13 * 0.6 - 0.1 - 0.04, **PEERS),
    "no more are in than there are": of(
        "mobilised_next", 1.0,
        **(PEERS | {"joining": 1.0, "pull": 1.0, "alone": 1.0, "leaving": 1.0, "standing": 1.0})),
    "no more leave than are in": of(
        "mobilised_next", 0.0,
        **(PEERS | {"joining": 0.0, "leaving": 1.0, "standing": 0.0, "crushed": 0.5})),
    "livelihoods hold back a fifth, pay draws half more, a quarter is weary": of(
        "joining_with", 0.18, rate=0.2, livelihoods=0.5, finance=0.5, weariness=0.25, opportunity=0.4,
        pay=1.0),
    # --- those who flee ---
    "half as fearful, a quarter as many leave": of("flight_rate", 0.05, fear=0.5, ceiling=0.2),
    "half lulled by half": of("lulled_to", 0.3, value=0.4, false_safety=0.5, lulled=0.5),
    "half the border, twice the pull of home, most of the room, three quarters of the calm": of(
        "route_weight", 0.3, nearness=0.5, openness=0.5, abroad=1.0, room=0.8, fear_there=0.25,
        refuge=2.0),
    "a place at home has no pull of its own": of(
        "route_weight", 0.15, nearness=0.5, openness=0.5, abroad=0.0, room=0.8, fear_there=0.25,
        refuge=2.0),
    "a quarter of the fear at which nobody returns, half of the memory": of(
        "return_rate", 0.075, fear=0.1, memory=0.5, ceiling=0.2, most_fear=0.4),
    "nobody returns to that fear": of(
        "return_rate", 0.0, fear=0.5, memory=0.0, ceiling=0.2, most_fear=0.4),
    "a quarter full": of("free_room", 0.75, displaced=25.0, capacity=100.0),
    "more than full": of("free_room", 0.0, displaced=150.0, capacity=100.0),
    "four come for each bed": of("admitted_share", 0.25, displaced=200.0, capacity=50.0),
    "there is a bed for each": of("admitted_share", 1.0, displaced=50.0, capacity=100.0),
    "a quarter are new, a quarter is neglected, aid keeps a fifth of it away": of(
        "deprivation_next", 0.64, **CAMP),
    "nobody is deprived more than wholly": of("deprivation_next", 0.88, **(CAMP | {"gain": 4.0})),
    "an empty camp recovers": of("deprivation_next", 0.4, **(CAMP | {"displaced": 0.0})),
    "aid saves a fifth": of(
        "indirect_mortality", 0.008, deprivation=0.5, aid=0.4, mortality=0.02, effect=0.5),
    "memory halves aid, distance takes a fifth": of(
        "aid_reach", 0.16, coverage=0.8, memory=0.5, isolation=0.5, admitted=0.5, consent=1.0, lost=0.4,
        denied=1.0),
    # --- what people think ---
    "the middle of broadcast and neighbours, as much again said against it": of(
        "exposure_next", 0.49, exposure=0.5, broadcast=0.4, near=0.8, counter=0.8, trust=0.75, fade=0.2,
        gain=0.5, spread=0.5),
    "exposure fades in silence": of(
        "exposure_next", 0.4, exposure=0.5, broadcast=0.0, near=0.0, counter=0.0, trust=0.75, fade=0.2,
        gain=0.5, spread=0.5),
    "many voices drown a fifth": of("speech_in", 0.4, speech=0.5, civil_society=1.0, plurality=0.4),
    "none add a fifth": of("speech_in", 0.6, speech=0.5, civil_society=0.0, plurality=0.4),
    "no more is heard than can be said": of(
        "speech_in", 1.0, speech=0.9, civil_society=0.0, plurality=0.4),
    "trust goes half the way to what trauma leaves, and violence and hate halve it": of(
        "trust_next", 0.275, trust=0.5, usual=0.8, trauma=0.25, violence=0.5, hate=0.5, fade=0.5,
        loss_violence=HALF, loss_hate=HALF),
    "norms go half the way back, hate or violence wears them": of(
        "norms_next", 0.35, norms=0.4, usual=0.6, hate=0.5, violence=0.5, fade=0.5, loss=0.4),
    "a quarter incites against as many": of("inciting_voices", 0.4, voices=0.8, inciting=0.25),
    "voices for peace raise norms": of("swayed", 0.6, norms=0.5, voices=0.5, share=0.4),
    "voices against it lower them": of("swayed", 0.4, norms=0.5, voices=-0.5, share=0.4),
    "trauma fades, and violence adds": of(
        "trauma_next", 0.55, trauma=0.5, violence=0.5, fade=0.2, gain=0.5),
    "nobody is wounded more than wholly": of(
        "trauma_next", 1.0, trauma=0.8, violence=0.0, fade=-1.0, gain=0.5),
    "justice, police and trust each hold some back": of(
        "revenge_held_back", 0.68, justice=0.5, policing=0.5, trust=0.5, by_justice=0.4, by_trust=0.4),
    "truth and justice heal": of("trauma_fading", 0.4, justice=1.0, **TRUTH),
    "truth alone reopens": of("trauma_fading", 0.1, justice=0.0, **TRUTH),
    # --- structures ---
    "a quarter leaks of what half a state wants by eight tenths": of(
        "delivered_share", 0.3, capacity=0.5, commitment=0.8, accountability=0.5, leakage=0.5),
    "what was lost comes back by itself": of(
        "return_rate_of", 0.2, level=0.3, usual=0.5, decay=0.2, held=0.1),
    "what was won is held": of("return_rate_of", 0.1, level=0.6, usual=0.5, decay=0.2, held=0.1),
    "half the way back, and a fifth of the rest": of(
        "improved_next", 0.6, level=0.4, usual=0.6, effort=0.5, rate=0.4, decay=0.5),
    "half the way back, less a fifth": of(
        "lowered_next", 0.4, level=0.4, usual=0.6, effort=0.5, rate=0.4, decay=0.5),
    "half a programme in four tenths of an elite": of(
        "forces_learn", 0.2, programme=0.5, cohesion=0.4, order=0.0, turned=0.0, resisted=0.25),
    "a quarter of it is kept from those who would be turned against civilians": of(
        "forces_learn", 0.15, programme=0.5, cohesion=0.4, order=0.0, turned=1.0, resisted=0.25),
    "asked about half of them, a host lets in that half by a fifth": of(
        "consent_asked", 0.6, consent=0.2, asked=0.5),
    "half of it hangs on a way that lets a fifth through": of(
        "carried_over", 0.6, passage=0.2, needed=0.5),
    "schooling fades and is given": of("schooled", 0.55, level=0.5, effort=0.5, rate=0.5, decay=0.2),
    "memory costs a fifth of livelihoods": of("damaged", 0.4, level=0.5, memory=0.5, loss=0.4),
    "a slump fades, the next comes on top": of("slump_next", 0.7, slump=0.5, shock=0.5, fade=0.2),
    "a slump takes its share": of("livelihoods_in", 0.3, livelihoods=0.5, slump=0.4),
    "a slump cuts off the excluded": of(
        "inequality_in", 0.6, inequality=0.5, exclusion=0.4, slump=0.5),
    # --- the government ---
    "rebellion, unrest and resented pressure make a half, and a shock halves what is left": of(
        "threat_next", 0.85, threat=0.5, shock=0.5, rebellion=0.5, unrest=0.25, backlash=0.5 * HALF,
        fade=0.2, gain_rebellion=HALF, gain_unrest=HALF),
    "half the way back, less a quarter for violence": of(
        "legitimacy_next", 0.45, legitimacy=0.5, usual=0.7, violence=0.5, fade=0.5, loss=0.5),
    "a quarter of the way back, less a fifth": of(
        "cohesion_next", 0.4, cohesion=0.4, usual=0.8, division=0.2, fade=0.25),
    "an elite closer than usual stays so": of(
        "cohesion_next", 0.8, cohesion=0.8, usual=0.4, division=0.0, fade=0.25),
    "money for a quarter": of("domestic_share", 0.25, cost=4.0, budget=1.0),
    "more money than it costs": of("domestic_share", 1.0, cost=1.0, budget=4.0),
    "what costs nothing is paid": of("domestic_share", 1.0, cost=0.0, budget=0.0),
    "a hundred rebels against what holds three hundred": of(
        "rebellion_level", 0.25, rebels=100.0, state=600.0, capacity=0.5),
    "no rebels, no rebellion": of("rebellion_level", 0.0, rebels=0.0, state=0.0, capacity=0.5),
    "half the way to openness, terms, pressure and access, less sovereignty": of(
        "consent_next", 0.4, **HOST),
    "consent is at most whole": of(
        "consent_next", 0.65, **(HOST | {"openness": 1.0, "access": 1.0})),
    "and at least none": of(
        "consent_next", 0.15, **(HOST | {"openness": 0.0, "access": 0.0, "loss_sovereignty": 9.0})),
    "the mean of four institutions": of(
        "institutions_together", 0.3, human_rights_institution=0.1, ombudsman=0.2, oversight=0.3,
        courts=0.6),
    "who protects does all that it can": of(
        "response_of", 1.0, protects=1.0, warned=0.5, commitment=0.5, account=0.5, most=0.8),
    "a bystander who is half warned, and wants or must": of(
        "response_of", 0.3, protects=0.0, warned=0.5, commitment=0.5, account=0.5, most=0.8),
    "a quarter of what is refused enters by force": of(
        "deployable_share", 0.55, consent=0.4, protection=0.5, forced=0.5),
    # --- outside actors ---
    "deaths, flight, threat and speech make a half": of(
        "alarm_level", 0.5, deaths_recent=500.0, fled_share=0.5, threat=0.5, speech=0.5,
        weight_deaths=HALF, weight_flight=0.5 * HALF, weight_threat=0.25 * HALF,
        weight_speech=0.25 * HALF),
    "the lower half": of("half_of", 0, position=0.4),
    "the upper half begins in the middle": of("half_of", 1, position=0.5),
    "a belief goes back by a quarter, and evidence adds": of(
        "belief_next", 1.1, belief=1.0, signal=0.7, prior=-1.0, forgetting=0.25, evidence=2.0,
        midpoint=0.4),
    "three to one": of("probability_of", 0.75, log_odds=QUARTERS),
    "one to three": of("probability_of", 0.25, log_odds=-QUARTERS),
    "out of the question": of("probability_of", 0.0, log_odds=-1e4),
    "three tenths against two": of(
        "attention_share", 0.6, salience=0.5, risk=0.8, fatigue=0.25, competition=0.4),
    "nothing draws no attention": of(
        "attention_share", 0.0, salience=0.0, risk=0.8, fatigue=0.25, competition=0.0),
    "other agendas give": of("coupled_attention", 0.6, attention=0.5, risk=0.4, coupling=0.5),
    "or take": of("coupled_attention", 0.4, attention=0.5, risk=0.4, coupling=-0.2),
    "half is left after two years": of("worn", 0.4, value=0.8, years=2.0, erosion=HALF / 2.0),
    "no commitment grows past the whole": of("worn", 1.0, value=0.8, years=9.0, erosion=-1.0),
    "salience goes half the way back, and what is seen adds": of(
        "salience_next", 0.6, salience=0.4, usual=0.6, visible=0.5, media=0.4, fade=0.5),
    "fatigue recovers and grows by attention": of(
        "fatigue_next", 0.55, fatigue=0.5, attention=0.5, gain=0.5, recovery=0.2),
    "three of stake to one of friction": of("proposed_scale", 0.75, stake=0.6, friction=0.2),
    "three by four is five long, and seven tenths of it the voter's: twice that by three to one": of(
        "acceptable_scale", 1.05, stake=0.6, pressure=0.6, protection=0.8, ideal_pressure=0.5,
        ideal_protection=0.5, friction=0.2),
    "half of the mandate is sent": of(
        "mandated_strength", 500.0, requested=1000.0, scale=0.5, protection=0.2),
    "nobody to protect nobody": of(
        "mandated_strength", 0.0, requested=1000.0, scale=0.5, protection=0.0),
    "half as far as it is large": of("mandate_robustness", 0.5, protection=0.3, scale=0.6),
    "no further than wholly": of("mandate_robustness", 1.0, protection=0.7, scale=0.6),
    "no mandate goes nowhere": of("mandate_robustness", 0.0, protection=0.0, scale=0.0),
    "a quarter of the way in a week": of("stage_next", 15.0, level=10.0, inflow=30.0, delay=4.0),
    "three by four is five away": of(
        "policy_gap", 0.5, scale=0.5, ideal_pressure=0.8, ideal_protection=1.0, pressure=0.1,
        protection=0.1),
    "two to six goes alone": of("outside_share", 0.25, stake=0.5, gap=0.4, friction=0.6),
    "without a reason nobody does": of("outside_share", 0.0, stake=0.5, gap=0.0, friction=0.0),
    "a friend spares a quarter": of("pressing_part", 0.6, pressure=0.8, tie=0.25),
    "an enemy presses in full": of("pressing_part", 0.8, pressure=0.8, tie=-0.5),
    "who stands by one side offers half": of("engaging_part", 0.4, pressure=0.2, tie=0.5),
    "and so does who stands by the other": of("engaging_part", 0.4, pressure=0.2, tie=-0.5),
    "half and half, less a fifth that patrons undo": of(
        "combined_pressure", 0.6, mandated=0.5, outside=0.5, backing=0.2, forums=1.0, stalling=0.5),
    "a third less where there are three tables": of(
        "combined_pressure", 0.4, mandated=0.5, outside=0.5, backing=0.2, forums=3.0, stalling=0.5),
    "a forum is worth the stake in it less its cost": of(
        "forum_worth", 0.3, stake=0.5, gap=0.8, cost=0.1),
    "half the eyes, a fifth heard from the country": of(
        "report_noise", 0.16, noise=0.4, forums=1.0, observers=100.0, civil_society=0.5, half=100.0,
        heard=0.4),
    "four tables halve it": of(
        "report_noise", 0.08, noise=0.4, forums=4.0, observers=100.0, civil_society=0.5, half=100.0,
        heard=0.4),
    "a quarter sooner": of("report_delay", 6.0, delay=8.0, focal_point=0.5, gain=0.5),
    "never sooner than in a week": of("report_delay", 1.0, delay=2.0, focal_point=1.0, gain=0.9),
    "three of four tables are further ones": of("forum_access", 0.3, forums=4.0, gain=0.4),
    "of two tables one is a further one": of("forum_access", 0.2, forums=2.0, gain=0.4),
    "one table is no further one": of("forum_access", 0.0, forums=1.0, gain=0.4),
    "a quarter is there": of("absent_share", 0.75, mandated=100.0, deployed=25.0),
    "more are there than announced": of("absent_share", 0.0, mandated=100.0, deployed=150.0),
    "nobody was announced": of("absent_share", 0.0, mandated=0.0, deployed=0.0),
    # --- belief in them ---
    "three seen of four": of("expected_enforcement", 0.75, enforced=3.0, unenforced=1.0),
    "half forgotten, half an event seen that counts three": of(
        "observations_next", 4.5, observations=4.0, prior=2.0, seen=0.5, weight=3.0, forgetting=0.5),
    "pressure undone and a force absent": of(
        "contradictions", 0.5, backing=0.5, pressure=0.4, announced=0.5, protection=0.6),
    "half watched, four tenths believed": of(
        "kept_in_sight", 0.2, agreement=1.0, monitoring=0.5, belief=0.4),
    "half the way back to the first belief": of(
        "reinforced_belief", 0.4, belief=0.6, prior=0.2, stopped=0.0, unstopped=0.0, rate=0.5,
        forgetting=0.5),
    "then half the way to three of four": of(
        "reinforced_belief", 0.575, belief=0.6, prior=0.2, stopped=3.0, unstopped=1.0, rate=0.5,
        forgetting=0.5),
    "what is not expected counts half": of("confirmed", 1.0, seen=2.0, expected=0.25, bias=0.5),
    "what is expected counts in full": of("confirmed", 2.0, seen=2.0, expected=0.75, bias=0.5),
    "every thousand people have a peacekeeper, a half as safe": of(
        "protection_level", 0.4, peacekeepers=10.0, population=1e4, robustness=0.8,
        troops_half=1.0 / HALF),
    "nobody is protected where nobody lives": of(
        "protection_level", 0.0, peacekeepers=10.0, population=0.0, robustness=0.8, troops_half=1.0),
    "the quiet weigh a hundredth": of("protection_need", 1.0, exposed=100.0, fear=0.0, memory=0.0),
    "fear and memory weigh more": of("protection_need", 51.0, exposed=100.0, fear=0.2, memory=0.3),
    "peacekeepers or forces": of("sheltered", 0.75, protection=0.5, shelter=0.5),
    "a quarter of the claims": of("share_of", 25.0, total=100.0, claim=1.0, claims=4.0),
    "two fifths of claims that are less than one": of(
        "share_of", 40.0, total=100.0, claim=0.2, claims=0.5),
    "nobody claims": of("share_of", 0.0, total=100.0, claim=0.0, claims=0.0),
    "a quarter of the supply": of("supplied_here", 25.0, supply=100.0, part=0.25, displaced=40.0),
    "more than are there": of("supplied_here", 20.0, supply=100.0, part=0.25, displaced=20.0),
    # --- measures ---
    "the first week after its end": of("dose_at", 6.0, elapsed=4.0, **DOSE),
    "the last week before it is gone": of("dose_at", 2.0, elapsed=6.0, **DOSE),
    "gone": of("dose_at", 0.0, elapsed=7.0, **DOSE),
    "not yet": of("dose_at", 0.0, elapsed=-1.0, **DOSE),
    "a ramp that has not ended decays from where it is": of(
        "dose_at", 3.0, elapsed=4.0, **(DOSE | {"ramp": 8.0})),
    "for ever": of("dose_at", 8.0, elapsed=1e6, **(DOSE | {"duration": inf})),
    "raised by a fifth of the rest": of("heightened", 0.6, value=0.5, dose=0.5, share=0.4),
    "lowered by a fifth": of("lessened", 0.4, value=0.5, dose=0.5, share=0.4),
    "institutions keep open four tenths of what is shut": of(
        "civic_room", 0.7, commitment=0.5, institutions=0.4),
    "two against eight": of("message_clarity", 0.6, backing=0.2),
    "as many against": of("message_clarity", 0.0, backing=0.6),
    "rivals undo twice their share": of("joint_share", 0.6, outside=0.2),
    "all at a half": of("joint_share", 0.0, outside=0.6),
    "a false alarm of a half costs a fifth": of(
        "credit_next", 0.48, credit=0.5, believed=0.7, alarm=0.2, loss=0.4, recovery=0.2),
    "who believed too little loses no credit": of(
        "credit_next", 0.6, credit=0.5, believed=0.2, alarm=0.7, loss=0.4, recovery=0.2),
    "all people": of("coverage_weight", 100.0, coverage=0.0, **PLACE),
    "not the capital": of("coverage_weight", 0.0, coverage=1.0, **PLACE),
    "the capital": of("coverage_weight", 100.0, coverage=1.0, **(PLACE | {"capital": 1.0})),
    "those at risk": of("coverage_weight", 30.0, coverage=2.0, **PLACE),
    "the excluded": of("coverage_weight", 20.0, coverage=3.0, **PLACE),
    "not on the list": of("coverage_weight", 0.0, coverage=4.0, **PLACE),
    "on the list": of("coverage_weight", 100.0, coverage=5.0, **(PLACE | {"listed": 1.0})),
    "half the way to where the excluded live": of(
        "decentral_share", 0.4, share=0.2, excluded=0.6, decentral=0.5),
    "ten doses for fifty people": of("local_dose", 0.2, dose=0.5, share=0.2, people=50.0, total=100.0),
    "more doses than people": of("local_dose", 1.0, dose=0.5, share=0.2, people=5.0, total=100.0),
    "no people": of("local_dose", 0.0, dose=0.5, share=0.2, people=0.0, total=100.0),
    "six of ten dare": of("people_dared", 0.3, dose=0.5, fear=0.4),
    "six of ten are not shut out": of("people_reached", 0.3, dose=0.5, exclusion=0.4),
}  # fmt: skip


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_comes_out_as_by_hand(statement: str) -> None:
    assert EXAMPLES[statement].holds()


def test_every_rule_has_an_example_or_its_value_is_tested_elsewhere() -> None:
    from test_rule_examples import EXAMPLES as OTHERS

    shown = {one.rule for one in (*EXAMPLES.values(), *OTHERS.values())}
    assert set(RULES) - shown == {
        # As functions, in test_rule_meaning.py and test_bargaining.py.
        "answered", "chance_within_week", "forum_value", "justice_for", "report_error", "resentment",
        "shared_view", "signal_next", "trust_won",
    }  # fmt: skip
