"""Every state variable of the model, once, by the kind of agent that holds it.

The agents engine holds a field as a plain attribute of the same name; the compiled ensemble holds it
as a column ``[field, agent]`` of one replicate. `PEOPLE` are fields of a community by identity group,
`PRESENCE` fields of a community by armed group, `GROUP` national totals of an identity group, `WORLD`
fields of the model itself, `PROGRAMME` fields of a
row in the table of measures. `SETTINGS` are the numbers of a scenario that never change in a run.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.effects import EFFECTS, FIRST_LOCAL, EffectField
from sim.forms import FORMS
from sim.kinds import Kind, Leader, Order, Role
from sim.mechanisms import MECHANISMS
from sim.origins import moved_by, start_of
from sim.parameters import PARAMETERS

INFINITY = float("inf")
LAST_WEEK = 2080.0
"""Week after the longest run (`sim.scenario.LONGEST`)."""
LAST_GROUP = 5
"""Index of the last identity group where there are as many as a country may have."""


@dataclass(frozen=True, slots=True)
class Field:
    """One state variable.

    Attributes
    ----------
    name : str
        Attribute of the agent and name of the column.
    unit : str
        Unit of the value.
    low, high : float
        Range that the model keeps.
    meaning : str
        What it holds, in one sentence.
    slow : bool
        True for the structural states that a quiet country keeps within 1 % for five years.
    start : float or str
        Value in week 0, the starting figure of a scenario that it starts at, by its key
        (`sim.starting`: its source and sampling range are the field's), or in words what it follows
        from. It is no more than that: states are not sampled.
    moved_by : tuple of str
        What moves it: mechanisms by name of their file (their sources are in `sim.mechanisms`), the
        delivery of measures, or the record of the week. Empty for what keeps its start.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    slow: bool = False
    start: float | str = 0.0
    moved_by: tuple[str, ...] = ()


def _traced(table: str, *fields: Field) -> tuple[Field, ...]:
    """Return the fields of a table with where they start and what moves them."""
    return tuple(
        replace(one, start=start_of(table, one.name), moved_by=moved_by(table, one.name))
        for one in fields
    )


def _code(name: str, unit: str, most: float, meaning: str) -> Field:
    return Field(name, unit, 0.0, float(most), meaning)


def _most(*names: str) -> float:
    """Return the sum of the highest values of some parameters."""
    return sum(one.high for one in PARAMETERS if one.name in names)


def _share(name: str, meaning: str, *, slow: bool = False) -> Field:
    return Field(name, "share", 0.0, 1.0, meaning, slow)


def _count(name: str, unit: str, meaning: str, *, slow: bool = False) -> Field:
    return Field(name, unit, 0.0, INFINITY, meaning, slow)


def _dose(entry: EffectField) -> Field:
    if entry.unit == "share":
        return _share(entry.field, f"{entry.meaning} A dose.")
    return _count(entry.field, entry.unit, entry.meaning)


def _week(name: str, meaning: str) -> Field:
    return Field(name, "week", -1.0, LAST_WEEK, meaning)


WORLD: tuple[Field, ...] = _traced(
    "world",
    _code("week", "week", LAST_WEEK, "Weeks since the start of the run."),
    _share("shock_threat", "Threat that this week's shocks bring to the government."),
    _share(
        "shock_grievance",
        "Grievance that this week's shocks bring to the groups out of government.",
    ),
    _share("shock_division", "Share of the elite's cohesion that this week's shocks cost."),
    _share("shock_fear", "Fear that this week's shocks bring to the groups out of government."),
    _share("shock_arms", "Finance that this week's shocks bring to rebels."),
    _share("slump", "Share of livelihoods that economic slumps cost at present."),
    _share("alarm", "How alarming the country truly is, seen without noise or delay."),
    _share("civil_society", "Mean strength of civil society among the people at home."),
    _share("violence", "Visible killing of the week in the country."),
    _count("deaths_recent", "people", "Direct deaths, older ones fading."),
    _count("flight_recent", "people", "People who fled, older flights fading."),
    _share("policy_pressure", "Mandate in force: pressure on the parties (0 engage, 1 press)."),
    _share("policy_protection", "Mandate in force: protection (0 sovereignty, 1 protection)."),
    _share("robustness", "How far peacekeepers may go to protect: the mandate's direction."),
    _share("mandate_scale", "Mandate in force: size relative to the adopted proposal's ideal."),
    _share("acting", "1 while outside actors may act and something waits for a mandate."),
    _share("outside_pressure", "Pressure by actors on their own, outside the mandate."),
    _share("incentives", "Incentives to settle by actors on their own."),
    _share("backing", "Support of the government by its patrons on their own."),
    _share("arming", "Support of its opponents by theirs."),
    _count("forums", "forums", "Forums of mediation that are open."),
    _share("pressure", "Pressure that reaches the government: all of it, less what is undone."),
    _share("pressure_on_rebels", "Pressure that reaches rebels, likewise."),
    _week("mandate_week", "Week in which the mandate in force was adopted, -1 without one."),
    _week("mandate_since", "Week since which there has been a mandate without a gap, -1 without."),
    # Doses of the measures, in the order of `sim.kinds.Effect`; of local ones the part that every
    # place gets alike (of police, all of them).
    *(_dose(entry) for entry in EFFECTS),
    _share("own_mediation", "Dose of a mediation that an actor may hold on its own."),
    _count("own_cost", "million USD", "Cost of that mediation in a week at full attention."),
    _code("programmes_on", "code", 3, "Local programmes: none 0, ended 1 to 2, under way 3."),
    _share("decentral_week", "Part of this week's local programmes that is decentralised."),
    _share("delivery", "Share of a domestic programme that takes effect."),
    _share("civic_space", "Room that the state leaves to organised people."),
    _share("message", "Clarity of what outside actors tell the government."),
    _share("office", "Trust of both sides in those who offer their good offices."),
    _share("united", "Joint action that actors' own policies leave standing."),
    _share("spoiler", "Armed strength outside a deal, relative to what the state can hold down."),
    _share("credit", "Credit that warnings still have, after false alarms.", slow=True),
    Field("report_noise", "alarm", 0.0, _most("signal_noise"), "Noise of reports to actors."),
    Field("report_delay", "weeks", 0.0, _most("signal_delay"), "Mean delay of these reports."),
    _share("announced", "Share of the mandated peacekeepers who are not there yet."),
    _count("troops_preparing", "peacekeepers", "Peacekeepers generated but not yet deployed."),
    _count("troops_deployed", "peacekeepers", "Peacekeepers in the country."),
    _share("terms", "Value of the settlement on offer, relative to the best."),
    _share("aid_coverage", "Share of the displaced that aid can supply."),
    _count("spent", "million USD", "Endowment spent since the start."),
    _count(
        "placebo_spent", "million USD", "Spent on a measure that does nothing, from its own money."
    ),
    _share("agreement", "1 while a settlement is in force."),
    _share("exhausted", "1 while a side that has fought is too weary to go on as before."),
    _share("control", "Share of the people at home in places that the government controls."),
    _share(
        "outlet",
        "How open the most open way out of the country is: border, times the free room beyond it.",
    ),
    _code("victory", "side", 2, "Who has won the war: nobody 0, the state 1, rebels 2."),
    _count("government_changes", "changes", "Governments that rebels have driven out."),
    _share("rescue", "Pull on rebels' recruits by the rescue that they may expect."),
    Field("backlash", "1/week", 0.0, _most("backlash"), "Threat that outside pressure adds."),
    Field(
        "urgency",
        "utility",
        0.0,
        _most("acceleration"),
        "Further value of violence before an announced force is there.",
    ),
    _share(
        "shift",
        "Share of the attacks deterred in one place that move next door, now.",
    ),
    _share("aid_lost", "Share of the aid that armed groups divert."),
    _share("diverted", "Support that they draw from it."),
    _count("need_total", "weight", "Sum of the places' need of peacekeepers."),
    _count("aid_total", "weight", "Sum of the places' claims on aid, where they are counted."),
    _count("excluded_total", "weight", "Sum of the places' excluded people."),
    _count("here_total", "people", "People who are in the country."),
    _share("protected", "Protection of the people at risk, as a mean over them, wherever it goes."),
    _count("displaced", "people", "Displaced people, at home and abroad."),
    _count("refugees", "people", "Of these, people abroad."),
    _count("fled_week", "people", "People who set out in the week."),
    _count("died_week", "people", "Indirect deaths of the week."),
    _count("killed", "people", "Direct deaths since the start."),
    _count("places_attacked", "communities", "Communities where someone has been killed."),
)

GROUP: tuple[Field, ...] = _traced(
    "groups",
    _count("people", "people", "People of the group at the start."),
    _count("at_home", "people", "Living people of the group in the country, displaced or not."),
    _share("losses", "Mean memory of violence among them."),
    _share("unrest", "Mean unrest among them: new grievance, as far as it resonates."),
    _share("speech", "Hate speech that leaders on their side broadcast."),
    _count("killed_week", "people", "Civilians of the group killed in the week."),
)

SETTINGS: tuple[Field, ...] = _traced(
    "settings",
    Field("open_week", "week", 0.0, INFINITY, "First week of outside action, infinite = never."),
    Field(
        "arrival_delay", "weeks", -1.0, INFINITY, "Weeks from there to a clamped arrival, or -1."
    ),
    _share("quota", "Share of the votes that a mandate needs."),
    _share("consensus", "1 where every actor with a vote must agree."),
    _share("feeding", "Support of rebels across the borders."),
    _share("helping", "Support of the neighbours for peace."),
    _share("mandated", "1 if a measure with a dose waits for a mandate."),
    _count("troops_coverage", "Coverage", "Where peacekeepers go."),
    _count("aid_coverage", "Coverage", "Where aid goes."),
    _count("population", "people", "People of the country at the start."),
    _share("mean_pressure", "Declared mean of the actors' positions: engage (0) or press (1)."),
    _share("mean_protection", "Declared mean: sovereignty (0) or protection (1)."),
    *(
        _share(mechanism.name, f"1 while the mechanism is on: {mechanism.meaning}")
        for mechanism in MECHANISMS
    ),
    *(
        _code(
            f"form_{name}",
            "form",
            len(forms) - 1,
            f"Form of {name} by its position in `sim.forms`.",
        )
        for name, forms in FORMS.items()
    ),
)

GOVERNMENT: tuple[Field, ...] = _traced(
    "government",
    _code("group", "index", LAST_GROUP, "Identity group in government."),
    _code("role", "Role", max(Role), "Perpetrator 0, bystander 1, protector 2."),
    _share("capacity_usual", "Capacity without programmes."),
    _share("capacity", "Capacity to hold the territory and to deliver.", slow=True),
    _share("commitment_usual", "Commitment without dialogue."),
    _share("commitment", "Commitment of the leadership to peace.", slow=True),
    _share("accountability_usual", "Accountability without programmes."),
    _share("accountability", "Chance that abuse is answered for at home.", slow=True),
    _share("openness", "Consent to outside presence in quiet times.", slow=True),
    _share("legitimacy_usual", "Legitimacy in quiet times."),
    _share("legitimacy", "Legitimacy in the eyes of the people.", slow=True),
    _share("cohesion_usual", "Cohesion without arrangements to share power."),
    _share("cohesion", "Cohesion of the elite.", slow=True),
    _count("budget", "million USD", "Domestic money left for programmes."),
    _share("focal_point_usual", "The same without programmes."),
    _share("human_rights_institution_usual", "The same without programmes."),
    _share("ombudsman_usual", "The same without programmes."),
    _share("oversight_usual", "The same without programmes."),
    _share("courts_usual", "The same without programmes."),
    _share("focal_point", "Strength of the national focal point for prevention.", slow=True),
    _share("human_rights_institution", "Strength of the human rights institution.", slow=True),
    _share("ombudsman", "Strength of the ombudsman.", slow=True),
    _share("oversight", "Strength of oversight by parliament.", slow=True),
    _share("courts", "Strength of the courts.", slow=True),
    _share("treaties", "How far human rights treaties bind it, beyond the start.", slow=True),
    _share("threat", "Threat to its power that the leadership perceives."),
    Field("warned", "alarm", 0.0, 1.0, "Alarm as its own institutions have reported it so far."),
    _share("response", "Share of what its forces can do that they do to protect people."),
    _share("consent", "Consent to outside presence."),
)

ACTOR: tuple[Field, ...] = _traced(
    "actors",
    _code("kind", "Leader", max(Leader), "Kind of actor, as a bit of `sim.kinds.Leader`."),
    _share("position_pressure", "Ideal point: engage (0) or press (1)."),
    _share("position_protection", "Ideal point: sovereignty (0) or protection (1)."),
    _share("weight", "Share of the votes."),
    _share("veto", "1 for an actor whose no blocks a mandate."),
    Field("tie", "tie", -1.0, 1.0, "Tie to the government (1) or to its opponents (-1)."),
    _share("salience_usual", "Salience of prevention in ordinary times.", slow=True),
    _share("salience", "Salience of prevention against competing agendas."),
    _count("endowment", "million USD", "Money left for prevention."),
    _share("contribution", "Share of the requested peacekeepers that it can offer."),
    Field("error", "alarm", -INFINITY, INFINITY, "Error of this week's report to it."),
    Field("signal", "alarm", -INFINITY, INFINITY, "Its noisy and delayed reading of the alarm."),
    Field("belief", "log-odds", -INFINITY, INFINITY, "Log-odds it gives to an impending atrocity."),
    _share("attention", "Share of its attention that prevention gets."),
    _share("fatigue", "Attention lost to the length of the engagement."),
    _share("stake", "What acting is worth to it."),
    _share("outside", "Share of its effort that it spends on a policy of its own."),
    _share("forum", "1 while it holds a forum of mediation of its own."),
)

MOST_RESOLVE = _most("gain_kill", "acceleration", "gain_loot", "gain_territory", "order_inertia")
"""Value of violence at full threat to whom it costs nothing (utility)."""

ARMED_GROUP: tuple[Field, ...] = _traced(
    "armed",
    _code("kind", "Kind", max(Kind), "State forces 0, militia 1, rebels 2."),
    _code("side", "index", LAST_GROUP, "Identity group on whose side it fights."),
    _code("target", "index", LAST_GROUP, "Identity group against which it would use violence."),
    _count("strength_usual", "armed persons", "Strength in quiet times."),
    _count("strength", "armed persons", "Total strength."),
    _count("strength_peak", "armed persons", "Largest strength since it was last beaten."),
    _share("weariness", "Weariness of war, from losses that no means make up for."),
    _count("breaches", "agreements", "Agreements that it has broken."),
    _share("discipline_usual", "Discipline without reform of the forces."),
    _share("discipline", "Internal discipline and restraint.", slow=True),
    _share("command", "Command control: share of the ordered attacks carried out.", slow=True),
    _share("finance", "Finance from outside, as a share of all that it could use."),
    _code("order", "Order", max(Order), "Order in force: none 0, expel 1, kill 2."),
    _share("threat", "Threat that its leaders perceive."),
    Field(
        "resolve", "utility", 0.0, MOST_RESOLVE, "Value of the best violent order, 0 if none pays."
    ),
    _count("enforced", "observations", "Abuses seen stopped, with the prior (Beta distribution)."),
    _count("unenforced", "observations", "Abuses seen unpunished, with the prior."),
    _share("belief", "Share of abuses that it expects to be stopped or punished."),
    _share("sanction", "Sanction for violence that its leaders expect."),
    _share("terms", "Terms in the forum that its leaders attend."),
    Field(
        "forum", "forum", -1.0, INFINITY, "That forum: none -1, the common one 0, actors' from 1."
    ),
    _count("attacks", "attacks/week", "Places attacked in the week."),
    _count(
        "stopped", "attacks/week", "Of these, attacks that peacekeepers or state forces stopped."
    ),
)

COMMUNITY: tuple[Field, ...] = _traced(
    "communities",
    _share("abroad", "1 for a camp or hub across a border."),
    _share("openness", "Openness of the border to it (1 at home)."),
    _share("capital", "1 for the capital."),
    _count("population", "people", "People at the start."),
    _share("isolation", "Isolation: how far the nearest neighbour is by road."),
    _share("livelihoods_usual", "Livelihoods in quiet times."),
    _share("livelihoods", "Livelihoods: how well people can live here in peace.", slow=True),
    _share("justice_usual", "Access to justice and dispute resolution without programmes."),
    _share("justice", "Access to justice and local dispute resolution.", slow=True),
    _share("civil_society_usual", "Strength of civil society without programmes."),
    _share("civil_society", "Strength of civil society.", slow=True),
    _share("schooling", "Part of the young who were schooled for diversity.", slow=True),
    *(_dose(entry) for entry in EFFECTS[FIRST_LOCAL:]),
    _share("suppressed", "Counter-speech of last week, which can breed resentment."),
    _share("policing", "Share of revenge that international police hold back here."),
    _count("here", "people", "People who are here, displaced or not."),
    _count("excluded", "weight", "Excluded people who are here, weighted by exclusion."),
    _count("at_risk", "weight", "People of the place at risk, weighted by fear and memory."),
    _count("need", "weight", "Weight of the place when protection is shared out."),
    _count("peacekeepers", "peacekeepers", "Peacekeepers present."),
    _share("protection", "Chance that peacekeepers stop an attack here."),
    _share("shelter", "Chance that state forces stop an attack by others here."),
    _share("false_safety", "Safety that peacekeepers seem to give here and do not."),
    _share("control", "Control by the government."),
    _share("rebel_losses", "Share of the rebels here whom combat costs them in a week."),
    _share("state_losses", "Share of the state forces here whom combat costs them in a week."),
    _count("capacity", "people", "Displaced people whom it can take in."),
    _share("room", "Free share of that capacity."),
    _share("admitted", "Share of the displaced who are admitted; the others queue."),
    _share("aid", "Share of the displaced here whom aid reaches."),
    _share("deprivation", "Lack of health care, food and shelter among the displaced here."),
    _count("newcomers", "people", "Displaced people who arrived in the week."),
)

PEOPLE: tuple[Field, ...] = _traced(
    "people",
    _count("residents", "people", "Civilians living at home.", slow=True),
    _count("displaced", "people", "Displaced civilians of the group who are here."),
    _count("away", "people", "Residents who left and have not come home, the dead among them."),
    _count("killed", "people", "Civilians of the group killed here since the start."),
    _count("died", "people", "Civilians of the group who died here of indirect causes."),
    _count("killed_week", "people", "Civilians of the group killed here in the week."),
    _count("arrivals", "people", "Displaced of the group on the way here, arriving this week."),
    _share("exclusion_usual", "Exclusion without programmes."),
    _share("exclusion", "Exclusion from power and services, and grievance it sustains.", slow=True),
    _share("inequality_usual", "Horizontal inequality without programmes."),
    _share(
        "inequality", "Horizontal inequality: how far the group's living lies behind.", slow=True
    ),
    _share("grievance_usual", "Grievance that both sustain at the start; more is unrest."),
    _share("grievance", "Grievance of the group here.", slow=True),
    _share("fear", "Fear of the group here.", slow=True),
    _share("memory", "Decaying memory of violence suffered by the group here."),
    _share("near_memory", "Mean of that memory in the neighbouring places."),
    _share("trauma", "Unhealed trauma of the group here."),
    _share("trust_usual", "Trust in quiet times."),
    _share("trust", "Trust of the group in the others here.", slow=True),
    _share("trust_won", "Part of that trust which contact has won."),
    _share("norms_usual", "Share who hold violence to be wrong in quiet times."),
    _share("norms", "Share of the group who hold violence to be wrong.", slow=True),
    _share("hate", "Exposure of the group to hate speech here."),
    _share("near_hate", "Mean of that exposure in the neighbouring places."),
)

PRESENCE: tuple[Field, ...] = _traced(
    "presence",
    _count("standing", "armed persons", "Strength here in quiet times."),
    _count("armed", "armed persons", "Strength here."),
    _share("mobilised", "Strength relative to the most that the place can arm."),
    _share("near_mobilised", "Mean of that share in the neighbouring places."),
    Field(
        "spill",
        "attacks/week",
        0.0,
        INFINITY,
        "Attacks deterred here that move, for each armed person around, by nearness.",
    ),
    _count("pushed", "attacks/week", "Attacks that protection next door has pushed here."),
    _share("attacked", "1 if it attacked here this week."),
    _share("stopped", "1 if peacekeepers or state forces stopped the attack."),
)


PROGRAMME: tuple[Field, ...] = _traced(
    "programmes",
    _week("begun", "Week from which its start is counted, -1 before."),
    _share("share", "Share of what it plans that attention and money carry."),
    _share("reach", "Share of the people whom its coverage reaches."),
    _count("dose", "dose", "Dose of this effect that arrives."),
    _count("claims", "weight", "Sum of the places' claims on it, 0 where all get alike."),
    _count("spent", "million USD", "Spent on the measure since the start."),
)
"""Fields of the measures under way, one row of their table each."""


def _index(title: str, fields: tuple[Field, ...]) -> Any:
    names = [field.name for field in fields]
    return namedtuple(title, names)(*range(len(names)))


#: Positions of the fields in the columns of an ensemble: ``communities[C.fear, place]``.
TABLES: Mapping[str, tuple[Field, ...]] = {
    "world": WORLD,
    "government": GOVERNMENT,
    "groups": GROUP,
    "actors": ACTOR,
    "armed": ARMED_GROUP,
    "communities": COMMUNITY,
    "people": PEOPLE,
    "presence": PRESENCE,
    "programmes": PROGRAMME,
}
"""Tables of state by the name by which a measure names what it moves (``people.trust``)."""

W: Any = _index("W", WORLD)
S: Any = _index("S", SETTINGS)
N: Any = _index("N", GROUP)
G: Any = _index("G", GOVERNMENT)
I: Any = _index("I", ACTOR)  # noqa: E741  (I for international actor)
A: Any = _index("A", ARMED_GROUP)
C: Any = _index("C", COMMUNITY)
Q: Any = _index("Q", PEOPLE)
M: Any = _index("M", PRESENCE)
R: Any = _index("R", PROGRAMME)
