"""A dose follows from its plan, its way, and the attention and money of those who carry it.

Each way that a measure can take, each trigger that it can wait for, and each purse that it can be paid
from is computed anew by the equations of `sim/ODD.md`, in worlds whose actors agree or do not, in
either engine: a factor on their unity, or on anything else of theirs, has no place in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from recomputed import ENGINES, Parameters, Tables, chance, hold, raised
from small_worlds import equal_actors, scenario, three_at_war, three_groups

from sim.fields import A, G, I, R, W
from sim.interventions.measure import Measure, X, measure_table
from sim.kinds import REBEL, STATE, Channel, Leader, Trigger
from sim.scenario import Scenario

pytestmark = pytest.mark.filterwarnings("ignore:overflow")

FEEDING = 0.3
WAYS: dict[str, str] = {
    "early_action": "direct",
    "accountable_governance": "state",
    "oversight_institutions": "state",
    "womens_organisations": "society",
    "vibrant_civil_society": "society",
    "stabilisation_support": "access",
    "psychosocial_support": "access",
    "targeted_sanctions": "borders",
    "political_dialogue": "message",
    "prosecution": "office",
    "joint_action": "united",
    "transitional_arrangements": "deal",
    "protective_environment": "entry",
    "agreement_monitoring": "entry",
    "focal_points": "state",
}
"""Measures, each beside the force and the mediators of its world, and the way that it takes."""
LEVERS = {"entry_consent": 0.75, "needed_way": 0.5}
"""What is off by default: a host that is asked, and parts that hang on the way that is needed."""
TRIGGERS: dict[str, dict[str, Any]] = {
    "action": {},
    "mandate": {},
    "warning": {"threshold": 0.4},
    "deaths": {"threshold": 5.0},
    "failing": {"threshold": 30.0},
}
"""What a measure waits for, and the level at which it begins."""


def world_with(measure: str, spread: float, *, budget: float = 50.0, **entries: Any) -> Scenario:
    """Return a small war in which actors of some spread carry a measure."""
    country = three_groups(communities=5)
    country["shocks"][0]["week"] = 2
    country["government"] |= {"budget": budget, "accountability": 0.5, "commitment": 0.6}
    country["neighbours"]["neighbour_1"]["support"] = -2.0 * FEEDING
    world = three_at_war(country=country, actors=equal_actors(500.0), weeks=36)
    for other in world["interventions"].values():
        other["cost"] = 0.0  # what is paid for one measure would weigh in the next of the same week
    world["interventions"][measure] = {"ramp": 4, "lag": 1} | entries
    world["parameters"] |= LEVERS
    return scenario(world).with_levers(dispersion=spread)


def passages(before: Tables, after: Tables, p: Parameters) -> Mapping[str, float]:
    """Return the part of a dose that gets through each way."""
    ruled, old, now = before["government"], before["world"], after["world"]
    tie, money = before["actors"][I.tie], before["actors"][I.endowment]
    kind, strength = before["armed"][A.kind], before["armed"][A.strength]
    rebels, soldiers = (strength[kind == side].sum() for side in (REBEL, STATE))
    able = raised(ruled[G.capacity], old[W.support], p.support_effect)
    watched = ruled[[G.human_rights_institution, G.ombudsman, G.oversight, G.courts]].mean()
    alone = money @ after["actors"][I.outside] / money.sum()
    backing = money @ np.maximum(tie, 0.0) / money.sum()
    held = rebels / (rebels + ruled[G.capacity] * soldiers)
    asked = 1.0 - p.entry_consent * (1.0 - after["government"][G.consent])
    return {
        "direct": 1.0,
        "state": able
        * ruled[G.commitment]
        * (1.0 - p.reform_leakage * (1.0 - ruled[G.accountability])),
        "society": ruled[G.commitment] + (1.0 - ruled[G.commitment]) * watched,
        "access": float(after["government"][G.consent]),
        "borders": 1.0 - FEEDING,
        "message": max(1.0 - 2.0 * backing, 0.0),
        "office": 1.0 - money @ abs(tie) / money.sum(),
        "united": max(1.0 - 2.0 * alone, 0.0),
        "deal": 1.0 - (held if now[W.agreement] < 0.5 else 0.0),
        "entry": asked + (1.0 - asked) * p.forced_entry * now[W.policy_protection],
    }


CHANNELS = {
    "world.delivery": "state",
    "world.civic_space": "society",
    "world.message": "message",
    "world.office": "office",
    "world.united": "united",
}


def first_week(row: Measure, begun: float, before: Tables, after: Tables, opens: float) -> float:
    """Return the week from which a measure counts, below 0 before there is one."""
    if row.trigger is Trigger.ACTION:
        return opens
    if row.trigger is Trigger.MANDATE:
        return float(after["world"][W.mandate_since])
    level = {
        Trigger.WARNING: after["actors"][I.weight] @ chance(after["actors"][I.belief]),
        Trigger.DEATHS: before["world"][W.killed],
        Trigger.FAILING: before["world"][W.deaths_recent],
    }[row.trigger]
    week = float(before["world"][W.week])
    return week if begun < 0.0 and week >= opens and level >= row.threshold else begun


def planned(row: Measure, elapsed: float) -> float:
    """Return the dose that is planned for a week: it grows over the weeks of the ramp."""
    return row.intensity * min((elapsed + 1.0) / row.ramp, 1.0) if elapsed >= 0.0 else 0.0


def carried(row: Measure, dose: float, before: Tables, after: Tables) -> float:
    """Return the share of a dose that the state's money and the attention of others carry.

    Outside actors who help have money enough in these worlds; the state may have not.
    """
    actors, money = after["actors"], before["actors"][I.endowment]
    home, carriers = 0.0, row.lead
    if Leader.GOVERNMENT in row.lead:
        cost = row.cost * dose
        home = min(before["government"][G.budget] / cost, 1.0)
        carriers = row.partners
    theirs = (actors[I.kind].astype(int) & sum(carriers)) > 0
    common = actors[I.attention] * (1.0 - actors[I.outside])
    return float(home + (1.0 - home) * (money * common)[theirs].sum() / money[theirs].sum())


def watch(engine: str, case: Scenario, measure: str) -> tuple[int, float, float]:
    """Hold every dose of a measure; return weeks with one, when it began, and the least unity."""
    p, table = Parameters(case), measure_table(case.measures)
    (head,) = (one for one in case.measures if one.declaration.name == measure)
    sizes = {float(part.effect): part.size for part in head.declaration.parts}
    ways = {float(part.effect): part.channel for part in head.declaration.parts}
    heads = [row for row in range(len(table)) if table[row, X.head] == row]
    first = heads[list(case.measures).index(head)]
    rows = [row for row in range(len(table)) if table[row, X.head] == first]
    begun, dosed, united, spent = -1.0, 0, 1.0, 0.0
    needs = head.declaration.needs
    for before, after in ENGINES[engine](case):
        through = passages(before, after, p)
        hold({name: through[way] for name, way in CHANNELS.items()}, after)
        begun = first_week(head, begun, before, after, case.open_week)
        week = float(before["world"][W.week])
        if head.trigger not in (Trigger.ACTION, Trigger.MANDATE):
            assert after["programmes"][R.begun, first] == begun
        elapsed = week - (begun + head.start + head.lag) if begun >= 0.0 else -1.0
        dose = planned(head, elapsed)
        if dose > 0.0:
            dose *= carried(head, dose, before, after)
        for row in rows:
            effect = table[row, X.effect]
            expected = dose * sizes[effect] * through[Channel(ways[effect]).name.lower()]
            if needs not in (None, ways[effect]):
                expected *= 1.0 - p.needed_way * (1.0 - through[Channel(needs).name.lower()])
            got = after["programmes"][R.dose, row]
            assert got == pytest.approx(expected, rel=1e-9, abs=1e-12), (effect, week)
            dosed += got > 0.0
        if ways[table[first, X.effect]] is Channel.ENTRY:  # who is kept out costs nothing
            spent += head.cost * after["programmes"][R.dose, first]
            assert after["programmes"][R.spent, first] == pytest.approx(spent, rel=1e-9)
        united = min(united, through["united"])
    return dosed, begun, united


SPREADS = (0.5, 0.0)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("measure", WAYS)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_gets_through_each_way_is_what_the_way_lets_through(
    engine: str, measure: str, spread: float
) -> None:
    case = world_with(measure, spread)
    dosed, _, united = watch(engine, case, measure)
    assert dosed > 5
    assert spread == 0.0 or united < 0.95, "nobody goes alone in this world"
    (one,) = (one for one in case.measures if one.declaration.name == measure)
    assert WAYS[measure] in {Channel(part.channel).name.lower() for part in one.declaration.parts}


def test_every_way_that_a_measure_can_take_is_among_them() -> None:
    assert set(WAYS.values()) == {way.name.lower() for way in Channel}


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_measure_begins_in_the_week_in_which_what_it_waits_for_comes(
    engine: str, trigger: str
) -> None:
    case = world_with("early_action", 0.6, trigger=trigger, **TRIGGERS[trigger])
    dosed, begun, united = watch(engine, case, "early_action")
    assert dosed > 3 and united < 0.95
    assert trigger == "action" or begun > case.open_week, "it begins at once whatever it waits for"


def test_every_trigger_is_among_them_but_an_agreement_which_restarts() -> None:
    """That one has tests of its own in `test_measures.py`."""
    assert set(TRIGGERS) == {one.name.lower() for one in Trigger} - {"agreement"}


@pytest.mark.one_in(2)
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("budget", [0.0, 0.4])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_partners_add_to_a_measure_of_the_state_is_what_they_attend_to(
    engine: str, spread: float, budget: float
) -> None:
    """With no money at home, and with money that runs out on the way."""
    case = world_with("accountable_governance", spread, budget=budget)
    dosed, _, united = watch(engine, case, "accountable_governance")
    assert dosed > 5
    assert spread == 0.0 or united < 0.95
