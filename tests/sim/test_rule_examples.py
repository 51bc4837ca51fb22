"""What rules of violence, war and leaders give for small round numbers, worked out by hand.

That a rule rises with its cause, and keeps its range, many a wrong rule does too.
"""

from __future__ import annotations

import pytest
from rule_examples import HALF, QUARTERS, Example, of

QUIET_ATTACK = {
    "order": 0.0, "memory": 0.5, "fear": 0.5, "discipline": 0.5, "command": 0.5, "held_back": 0.5,
    "armed": 40.0, "protection": 0.5, "belief": 0.4, "pushed": 0.005, "intent_expel": 0.6,
    "intent_kill": 1.8, "intent_revenge": 0.4, "intent_fear": 0.4, "deterrence": 0.5, "half": 40.0,
}  # fmt: skip
ATTACK = {
    "armed": 100.0, "discipline": 0.5, "exposed": 60.0, "lethality_expel": 4.0 * HALF,
    "lethality_kill": 2.0 * HALF, "lethality_revenge": 6.0 * HALF, "half": 40.0,
}  # fmt: skip
ORDER = {
    "threat": 0.8, "reachable": 0.8, "restraint": 0.4, "sanction": 0.2, "terms": 0.4, "legitimacy": 0.6,
    "urgency": 0.5, "weariness": 0.4, "gain": 1.0, "loot": 0.3, "cost": 0.1, "cost_restraint": 0.5,
    "cost_sanction": 0.5, "cost_legitimacy": 0.5, "value_terms": 0.5, "cost_weariness": 0.25,
}  # fmt: skip
CHOICE = {"probability": 0.7, "threat": 0.3, "attention": 0.1}
"""Leaders consider violence with a chance of three quarters, and do so on this draw."""
NOT_CONSIDERED = CHOICE | {"probability": 0.8}
TALKS = {"terms": 0.5, "resolve": 1.0, "threat": 0.5, "weariness": 0.5, "value_terms": 2.0, "hurt": 2.0,
         "friction": 0.5, "precision": QUARTERS}  # fmt: skip
FORCES = {"strength": 100.0, "usual": 120.0, "lost": 20.0, "capacity": 0.5, "control": 0.8,
          "finance": 0.5, "refill": 0.5}  # fmt: skip

EXAMPLES: dict[str, Example] = {
    # --- violence ---
    "revenge and fear, half held back by discipline, half of that by trust": of(
        "attack_intent", 0.1 * 0.5 * 0.9 + 0.005, **QUIET_ATTACK),
    "half of an order to expel is carried out, whatever discipline holds back": of(
        "attack_intent", (0.1 + 0.3) * 0.5 * 0.9 + 0.005, **(QUIET_ATTACK | {"order": 1.0})),
    "half of an order to kill": of(
        "attack_intent", (0.1 + 0.9) * 0.5 * 0.9 + 0.005, **(QUIET_ATTACK | {"order": 2.0})),
    "nobody armed attacks, though attacks are pushed here": of(
        "attack_intent", 0.0, **(QUIET_ATTACK | {"armed": 0.0})),
    "a hundred armed, half of them killing, reach half of the exposed": of(
        "killed_share", 0.5, order=2.0, **ATTACK),
    "twice as deadly, they spare half of that half": of("killed_share", 0.75, order=1.0, **ATTACK),
    "three times as deadly, an eighth is left": of("killed_share", 0.875, order=0.0, **ATTACK),
    "a place without people loses nobody": of(
        "killed_share", 0.0, order=2.0, **(ATTACK | {"exposed": 0.0, "half": 0.0})),
    "four of ten people were displaced, and four of ten dead": of(
        "displaced_among_killed", 4.0, deaths=10.0, residents=60.0, displaced=40.0),
    "the dead are whole people": of(
        "displaced_among_killed", 2.0, deaths=3.0, residents=40.0, displaced=60.0),
    "thrice as many dead as have half the effect": of("violence_felt", 0.75, killed=30.0, half=10.0),
    "a record adds its share of what is not felt yet": of(
        "recorded_too", 0.7, violence=0.5, recorded=0.4),
    "armed men told to expel menace half as much": of(
        "menace_level", 0.375, order=1.0, armed=30.0, half=10.0),
    "as those told to kill": of("menace_level", 0.75, order=2.0, armed=30.0, half=10.0),
    "memory fades by its share, then fills what is left": of(
        "memory_next", 0.55, memory=0.5, violence=0.5, fade=0.2, gain=0.5),
    "three causes of fear add up to a half, and a shock halves the calm that is left": of(
        "fear_next", 0.85, fear=0.5, violence=0.5, near_memory=0.25, menace=0.25, shock=0.5, fade=0.2,
        here=HALF, near=HALF, menaced=HALF),
    "grievance goes half the way to its usual level, and violence and a shock come on top": of(
        "grievance_next", 0.8, grievance=0.4, usual=0.6, violence=0.5, shock=0.2, fade=0.5,
        gain=2.0 * HALF),
    # --- side effects of outside action ---
    "rebels count on half a promise by a fifth": of("expected_rescue", 0.1, protection=0.5, hazard=0.2),
    "who looks ahead counts with more than there is": of("foreseen", 0.7, in_force=0.3, disposed=0.7),
    "or with what is in force already": of("foreseen", 0.7, in_force=0.7, disposed=0.3),
    "half of the pressure, a fifth of it resented": of(
        "sovereignty_backlash", 0.1, pressure=0.5, gain=0.2),
    "half a force that is absent, half a mandate": of(
        "urgency_of", 0.5, announced=0.5, protection=0.5, gain=2.0),
    "a quarter of what could be diverted where three quarters are answered for": of(
        "diverted_share", 0.1, accountability=0.75, diversion=0.4),
    "of what half protection, half believed, deters by half, half moves": of(
        "pushed_rate", 0.05, intended=0.8, protection=0.5, belief=0.5, deterrence=0.5, shift=0.5),
    "three armed persons share what is pushed": of("spill_rate", 0.2, pushed=0.6, around=3.0),
    "half a person takes all of it": of("spill_rate", 0.4, pushed=0.2, around=0.5),
    "nothing is pushed to where nobody is armed": of("spill_rate", 0.0, pushed=0.6, around=0.0),
    "a presence that enforces a quarter misleads by the rest": of(
        "false_safety", 0.375, presence=0.5, robustness=0.25),
    # --- war ---
    "three patrons of a half each leave an eighth": of(
        "support_inflow", 0.875, own=0.5, feeding=0.5, diverted=0.5),
    "neighbours feed the rebels of the start": of("fed_from_abroad", 0.6, feeding=0.6, changes=0.0),
    "nobody once these have won": of("fed_from_abroad", 0.0, feeding=0.6, changes=1.0),
    "them again once they are out": of("fed_from_abroad", 0.6, feeding=0.6, changes=2.0),
    "and nobody the third time": of("fed_from_abroad", 0.0, feeding=0.6, changes=3.0),
    "three of ten go underground": of("remnant", 30.0, strength=100.0, most=50.0, share=0.3),
    "but no more than are hidden": of("remnant", 20.0, strength=100.0, most=20.0, share=0.3),
    "finance fades and is fed": of("finance_next", 0.55, finance=0.5, inflow=0.5, fade=0.2, gain=0.5),
    "half of what three quarters of a state, in eight tenths of the country, can fill": of(
        "strength_next", 92.0, **FORCES),
    "forces above their usual strength are not filled": of(
        "strength_next", 90.0, **(FORCES | {"strength": 110.0, "usual": 80.0})),
    "half the losses are borne by means": of(
        "weariness_next", 0.7, weariness=0.5, losses=0.5, means=1.0, fade=0.2, gain=4.0 * HALF,
        spared=0.5),
    "a quarter of a side": of("share_lost", 0.25, lost=20.0, pool=80.0),
    "all of a side": of("share_lost", 1.0, lost=80.0, pool=80.0),
    "more than a side can arm is all of it": of("share_lost", 1.0, lost=90.0, pool=80.0),
    "nobody lost of nobody is no loss": of("share_lost", 0.0, lost=0.0, pool=0.0),
    "half a state and half a patron": of("means_to_fight", 0.75, capacity=0.5, finance=0.5),
    "a quarter is too weary": of("willing_to_fight", 150.0, armed=200.0, weariness=0.25),
    "where half are aggrieved twice the forces stand": of(
        "garrison_weight", 200.0, people=100.0, grievance=0.5, focus=2.0),
    "combat costs three quarters of its rate against thrice the half": of(
        "combat_losses", 0.15, enemy=30.0, rate=0.2, half=10.0),
    "neighbours who help more than they feed add a fifth": of(
        "crushing_rate_of", 0.12, rate=0.1, feeding=0.2, helping=0.6, effect=0.5),
    "police and people add a half": of(
        "holding_force", 150.0, forces=100.0, programme=0.5, response=0.5, effect=2.0),
    "control goes half the way to the share of the forces": of(
        "control_next", 0.575, control=0.4, forces=30.0, rebels=10.0, speed=0.5),
    "where nobody is armed control stays": of(
        "control_next", 0.4, control=0.4, forces=0.0, rebels=0.0, speed=0.5),
    # --- settlement ---
    "offices take a fifth of distrust, prosecution adds": of(
        "distrust_between", 1.1, friction=1.0, offices=0.5, prosecution=0.5, by_offices=0.4,
        by_prosecution=0.6),
    "one and a half of pain and one of terms against one of resolve and a half of distrust": of(
        "settlement_chance", 0.75, **TALKS),
    "three to one against": of("settlement_chance", 0.25, **(TALKS | {"resolve": 3.0})),
    "nobody accepts no terms": of("settlement_chance", 0.0, **(TALKS | {"terms": 0.0})),
    "two parties share a chance of three quarters: each half": of(
        "breach_chance", 0.5, rate=0.75, parties=2.0, temptation=0.0, precision=2.0),
    "what tempts three to one makes it three quarters": of(
        "breach_chance", 0.75, rate=0.75, parties=2.0, temptation=QUARTERS / 2.0, precision=2.0),
    "what never breaks is kept in temptation": of(
        "breach_chance", 0.0, rate=0.0, parties=2.0, temptation=9.0, precision=2.0),
    "what always breaks is broken": of(
        "breach_chance", 1.0, rate=1.0, parties=2.0, temptation=0.0, precision=2.0),
    "observers who are half believed, women who have half a part": of(
        "relapse_rate_with", 0.072, rate=0.1, monitoring=0.5, belief=0.4, participation=0.5,
        by_monitoring=0.5, by_participation=0.4),
    "guarantees and neighbours each hold back their share": of(
        "relapse_chance", 0.06, guarantee=0.5, neighbours=0.4, rate=0.1, effect=0.5),
    "three quarters backed, a fifth without backing": of(
        "offered_terms", 0.64, mediation=0.8, pressure=0.5, incentives=0.5, unbacked=0.2),
    # --- leaders ---
    "rebels fear losses and unrest": of(
        "rebel_threat_next", 0.7, threat=0.5, losses=0.5, unrest=0.25, fade=0.2, gain=HALF,
        gain_unrest=2.0 * HALF),
    "a shock fills its share of calm": of("shaken", 0.7, threat=0.5, shock=0.4),
    "restraint is of both": of("leaders_restraint", 0.4, discipline=0.2, commitment=0.6),
    "institutions answer for a part of the rest": of(
        "home_accountability", 0.6, accountability=0.5, institutions=0.5, effect=0.4),
    "home or abroad": of("expected_sanction", 0.6, accountability=0.5, belief=0.5, pressure=0.4),
    "treaties, courts and measures each spare less": of(
        "sanction_with", 0.2 + 0.8 * (1.0 - 0.8 * 0.75 * 0.6), sanction=0.2, treaties=0.5, account=0.8,
        prosecution=0.5, embargo=0.5, by_treaties=0.5, by_prosecution=0.5, by_embargo=0.8),
    "loot, and half the land": of("spoils", 0.4, held_by_others=0.5, loot=0.2, territory=0.4),
    "half can leave, of the others four tenths are gone": of(
        "removed_by_expulsion", 0.7, outlet=0.5, inside=0.4),
    "a gain of one and a half, most within reach, against six costs of one together": of(
        "order_value", 0.2, **ORDER),
    "half an elite chooses three quarters as well": of(
        "choice_precision_of", 6.0, precision=8.0, cohesion=0.5),
    "the best is to kill": of("order_by_best_response", 2, value_expel=0.2, value_kill=0.5, **CHOICE),
    "the best is to expel": of("order_by_best_response", 1, value_expel=0.5, value_kill=0.2, **CHOICE),
    "no order is best": of("order_by_best_response", 0, value_expel=-0.5, value_kill=-0.2, **CHOICE),
    "no order is better than one that is worth nothing": of(
        "order_by_best_response", 0, value_expel=-0.5, value_kill=0.0, **CHOICE),
    "violence is not considered": of(
        "order_by_best_response", 0, value_expel=0.2, value_kill=0.5, **NOT_CONSIDERED),
    "the mildest that pays": of("order_by_aspiration", 1, value_expel=0.2, value_kill=0.5, **CHOICE),
    "the only one that pays": of("order_by_aspiration", 2, value_expel=-0.2, value_kill=0.5, **CHOICE),
    "none pays": of("order_by_aspiration", 0, value_expel=-0.2, value_kill=-0.5, **CHOICE),
    "nor is it tried unless considered": of(
        "order_by_aspiration", 0, value_expel=0.2, value_kill=0.5, **NOT_CONSIDERED),
    "an order worth far more than any other is given, however far": of(
        "order_choice", 2, value_expel=-2000.0, value_kill=2000.0, precision=1.0, **CHOICE),
    "one that is worth far less than none is not given, whatever the draw": of(
        "order_choice", 0, value_expel=-2000.0, value_kill=-2000.0, precision=1.0,
        **(CHOICE | {"probability": 0.0})),
    "leaders half without restraint vilify, more under orders": of(
        "hate_speech", 0.55, threat=0.5, order=1.0, restraint=0.2, incitement=0.5),
}  # fmt: skip


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_comes_out_as_by_hand(statement: str) -> None:
    assert EXAMPLES[statement].holds()
