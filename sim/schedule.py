"""The week, in order: the process overview that both engines follow.

Updating is synchronous and staged: a process reads what the processes before it have left, and no
agent reads what another agent of the same process has just written. Governments, leaders and bodies
decide every fourth week.
"""

from __future__ import annotations

from typing import NamedTuple


class Process(NamedTuple):
    """One step of the week.

    Attributes
    ----------
    stage : str
        Sense, decide, act, resolve or record.
    mechanism : str
        File of `sim.ensemble` that holds its loop, named as in the model's description.
    agent : str
        Kind of agent, or body of the model, whose method carries it out in the agents engine.
    name : str
        Name of that method, and of the loop.
    every : int
        Weeks from one time to the next, from week 0.
    switched : bool
        True where the neutral replacement of the mechanism is to do nothing: the step is left out
        while its mechanism is off. The others hold their replacement themselves.
    looks : bool
        True where a community reads of its neighbours what a process since the last such look has
        changed. A community may go through the processes between two looks without waiting for the
        others: nobody notices.
    """

    stage: str
    mechanism: str
    agent: str
    name: str
    every: int
    switched: bool = False
    looks: bool = False


DECISION = 4
"""Weeks between decisions."""

WEEK: tuple[Process, ...] = (
    Process("sense", "shocks", "PreventionModel", "strike", 1, switched=True),
    Process("sense", "trust", "PreventionModel", "broadcast", 1),
    Process("sense", "early_warning", "PreventionModel", "raise_alarm", 1),
    Process("sense", "correlated_error", "InternationalActor", "diagnose", 1),
    Process("sense", "early_warning", "InternationalActor", "read_signal", 1),
    Process("sense", "agenda", "InternationalActor", "set_agenda", 1),
    Process("sense", "domestic_response", "Government", "heed_warning", 1, switched=True),
    Process("sense", "elite_choice", "Government", "sense_threat", 1),
    Process("sense", "elite_choice", "ArmedGroup", "sense_danger", 1),
    Process("sense", "credibility", "ArmedGroup", "learn_enforcement", 1, switched=True),
    Process("decide", "mandate_bargaining", "Council", "convene", 1),
    Process("decide", "mandate_bargaining", "Council", "bargain", DECISION),
    Process("decide", "mandate_bargaining", "Council", "bargain_once", 1),
    Process("decide", "split_resources", "InternationalActor", "go_alone", 1, switched=True),
    Process("decide", "forums", "InternationalActor", "open_forum", DECISION, switched=True),
    Process("decide", "split_resources", "Council", "add_up_leverage", 1),
    Process("decide", "adverse_effects", "PreventionModel", "provoke", 1),
    Process("decide", "deployment", "Government", "consider_consent", DECISION),
    Process("decide", "domestic_response", "Government", "respond", DECISION, switched=True),
    Process("decide", "elite_choice", "ArmedGroup", "choose_order", DECISION, switched=True),
    Process("decide", "settlement", "Talks", "negotiate", DECISION, switched=True),
    Process("act", "deployment", "Community", "state_need", 1),
    Process("act", "deployment", "Operation", "share_out", 1),
    Process("act", "programmes", "Operation", "apply_measures", 1),
    Process("act", "deployment", "Operation", "deploy", 1),
    Process("act", "programmes", "Operation", "pay_operation", 1),
    Process("act", "forums", "Talks", "attend", 1),
    Process("act", "programmes", "Community", "receive_programmes", 1),
    Process("act", "deployment", "Community", "receive", 1),
    Process("act", "domestic_response", "Community", "be_sheltered", 1, switched=True),
    Process("act", "adverse_effects", "Community", "be_misled", 1),
    Process("act", "domestic_reform", "Government", "steer_reform", DECISION, switched=True),
    Process("act", "domestic_reform", "Community", "reform", DECISION, switched=True),
    Process("act", "mobilisation", "Community", "look_around", 1, looks=True),
    Process("act", "mobilisation", "ArmedGroup", "station", 1),
    Process("act", "contest", "Community", "meet_in_battle", 1, switched=True),
    Process("act", "contest", "War", "count_losses", 1, switched=True),
    Process("act", "mobilisation", "Community", "mobilise", 1, switched=True),
    Process("resolve", "killing", "Community", "push_violence", 1, switched=True, looks=True),
    Process("resolve", "killing", "Community", "be_pushed", 1, switched=True, looks=True),
    Process("resolve", "killing", "Community", "suffer_attacks", 1, switched=True),
    Process("resolve", "flight", "Community", "flee", 1, switched=True),
    Process("resolve", "flight", "Homecoming", "come_home", 1, switched=True),
    Process("resolve", "indirect_deaths", "Community", "take_in", 1),
    Process("resolve", "indirect_deaths", "Community", "lose_to_hardship", 1, switched=True),
    Process("resolve", "killing", "Community", "remember", 1),
    Process("resolve", "trust", "Community", "listen", 1, switched=True),
    Process("record", "record", "PreventionModel", "count_people", 1),
    Process("record", "record", "PreventionModel", "count_forces", 1),
    Process("record", "record", "PreventionModel", "record", 1),
)
