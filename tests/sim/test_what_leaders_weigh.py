"""What leaders feel, believe and order follows from what happened to them, and from nothing else.

A replay freezes beliefs and forums, so that nothing in it tells who reads them for what. Here the
beliefs of leaders are computed anew from the attacks that were stopped and the words that were empty,
the threat and the legitimacy of the government from shocks, rebellion, unrest and deaths, and the worth
of every order from these, by the equations of `sim/ODD.md` and in either engine, in worlds with
competing forums, early action that spends its credit, and actors of different salience.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpys_draws import philox
from recomputed import ENGINES, SEED, Parameters, Tables, hold, lowered, raised
from small_worlds import equal_actors, everything, scenario, three_at_war, three_groups

from sim.fields import A, G, I, N, W
from sim.kinds import EXPEL, KILL, NONE, REBEL, STATE
from sim.randomness import ORDER
from sim.scenario import Scenario

pytestmark = pytest.mark.filterwarnings("ignore:overflow")

FORMS: dict[str, dict[str, str]] = {
    "as declared": {},
    "reinforced beliefs, best responses": {
        "belief_updating": "reinforcement", "elite_choice": "best_response",
    },
    "confirmed beliefs, aspirations": {
        "belief_updating": "confirmation", "elite_choice": "aspiration",
    },
}  # fmt: skip
WORLDS: dict[str, dict[str, Any]] = {
    "a war": three_at_war(actors=equal_actors(500.0)),
    "a war under every measure": everything(),
}


def watched(world: str, forms: dict[str, str]) -> Scenario:
    """Return a small war with forums of single actors, and early action that is often wrong."""
    raw = WORLDS[world] | {"forms": forms, "weeks": 44}
    country, small = raw["country"], three_groups(communities=5)
    for entry in ("government", "neighbours", "shocks", "society"):
        if entry in country:
            small[entry] = country[entry]
    small["shocks"] = [small["shocks"][0] | {"week": 2}, *small["shocks"][1:]]
    raw["country"] = small
    raw["parameters"] = raw["parameters"] | {"forum_cost": 0.01, "credit_loss": 0.5}
    raw["interventions"] = raw["interventions"] | {"early_action": {}}
    return scenario(raw).with_levers(dispersion=0.5, start=-2.0)


# --- what follows from what -----------------------------------------------------------------------


def home(before: Tables, after: Tables, p: Parameters) -> Tables:
    """Return the threat that the government feels, and what legitimacy it has left."""
    ruled, old, now = before["government"], before["world"], after["world"]
    groups, armed = before["groups"], before["armed"]
    others = np.arange(groups.shape[1]) != int(ruled[G.group])
    unrest = np.average(groups[N.unrest][others], weights=groups[N.people][others])
    rebels, soldiers = (armed[A.strength][armed[A.kind] == one].sum() for one in (REBEL, STATE))
    rebellion = rebels / (rebels + ruled[G.capacity] * soldiers) if rebels > 0.0 else 0.0
    fade = p.threat_fade_settled if old[W.agreement] > 0.5 else p.threat_fade
    fade = raised(raised(fade, old[W.dialogue], p.dialogue_relief), old[W.power_sharing],
                  p.sharing_relief)  # fmt: skip
    grown = p.threat_rebellion * rebellion + p.threat_unrest * unrest
    grown += old[W.backlash] * ruled[G.threat]
    threat = 1.0 - (1.0 - ruled[G.threat] * (1.0 - fade)) * np.exp(-grown)
    usual = raised(ruled[G.legitimacy_usual], old[W.governance_programme], p.governance_legitimacy)
    legitimacy = ruled[G.legitimacy] + p.legitimacy_fade * (usual - ruled[G.legitimacy])
    return {
        "government.threat": raised(threat, now[W.shock_threat], 1.0),
        "government.legitimacy": lowered(legitimacy, now[W.violence], p.legitimacy_loss),
    }


def rebels_fear(before: Tables, after: Tables, p: Parameters) -> np.ndarray:
    """Return the threat of all leaders: rebels feel their own, the others the government's."""
    armed, groups = before["armed"], before["groups"]
    side = armed[A.side].astype(int)
    grown = p.threat_losses * groups[N.losses][side] + p.threat_unrest * groups[N.unrest][side]
    own = 1.0 - (1.0 - armed[A.threat] * (1.0 - p.threat_fade)) * np.exp(-grown)
    return np.where(armed[A.kind] == REBEL, own, after["government"][G.threat])


def beliefs(before: Tables, p: Parameters, form: str) -> Tables:
    """Return what every leader expects of enforcement, by what was stopped and what was not."""
    old, armed = before["world"], before["armed"]
    empty = old[W.backing] * old[W.policy_pressure] + old[W.announced] * old[W.policy_protection]
    stopped = armed[A.stopped] + old[W.agreement] * old[W.monitoring] * armed[A.belief]
    unstopped = armed[A.attacks] - armed[A.stopped] + empty
    prior, faded, held = p.enforcement_prior, p.enforcement_forgetting, armed[A.belief]
    if form == "reinforcement":
        value = held + faded * (prior - held)
        seen = stopped + unstopped
        share = np.divide(stopped, seen, out=value.copy(), where=seen > 0.0)
        return {"armed.belief": value + p.reinforcement_rate * (share - value)}
    if form == "confirmation":
        stopped = stopped * np.where(held < 0.5, 1.0 - p.confirmation_bias, 1.0)
        unstopped = unstopped * np.where(1.0 - held < 0.5, 1.0 - p.confirmation_bias, 1.0)
    found = {}
    for name, share, seen in (("enforced", prior, stopped), ("unenforced", 1.0 - prior, unstopped)):
        was = armed[getattr(A, name)]
        first = p.enforcement_certainty * share
        found[f"armed.{name}"] = was + faded * (first - was) + p.enforcement_weight * seen
    both = found["armed.enforced"] + found["armed.unenforced"]
    return found | {"armed.belief": found["armed.enforced"] / both}


def worth(before: Tables, after: Tables, p: Parameters, index: int) -> tuple[float, float, float]:
    """Return the sanction that leaders expect, and what expelling and killing are worth to them."""
    old, now, ruled = before["world"], after["world"], before["government"]
    was, leads = before["armed"][:, index], after["armed"][:, index]
    target, rebel = before["groups"][:, int(was[A.target])], was[A.kind] == REBEL
    reach = target[N.at_home] / target[N.people] * (1.0 - leads[A.belief] * old[W.protected])
    courts = ruled[[G.human_rights_institution, G.ombudsman, G.oversight, G.courts]].mean()
    account = ruled[G.capacity] if rebel else raised(
        ruled[G.accountability], courts, p.institutions_effect
    )  # fmt: skip
    legitimacy, bound = 0.0, 0.0
    restraint = was[A.discipline]
    if not rebel:
        legitimacy, bound = after["government"][G.legitimacy], ruled[G.treaties]
        restraint = 0.5 * (restraint + ruled[G.commitment])
    pressed = now[W.pressure_on_rebels if rebel else W.pressure] * leads[A.belief]
    spared = (1.0 - account) * (1.0 - pressed) * (1.0 - p.treaties_effect * bound * account)
    spared *= 1.0 - p.prosecution_effect * old[W.prosecution]
    spared *= 1.0 - p.embargo_cost * old[W.embargo]
    sanction = 1.0 - spared
    held = old[W.control] if rebel else 1.0 - old[W.control]
    loot = p.gain_loot + p.gain_territory * held
    terms = 1.0 if old[W.agreement] > 0.5 else was[A.terms]
    loss = p.cost_restraint * restraint + p.cost_sanction * sanction + p.value_terms * terms
    loss += p.cost_legitimacy * legitimacy + p.cost_weariness * was[A.weariness]
    away = 1.0 - (1.0 - p.expelled_inside) * (1.0 - old[W.outlet])
    gains = (p.gain_expel * away, p.gain_kill)
    expel, kill = (
        ((gain + now[W.urgency]) * leads[A.threat] + loot) * reach - loss - cost
        for gain, cost in zip(gains, (p.cost_expel, p.cost_kill), strict=True)
    )
    expel += p.order_inertia * (was[A.order] == EXPEL)
    kill += p.order_inertia * {NONE: 0.0, EXPEL: p.continuum, KILL: 1.0}[was[A.order]]
    return sanction, expel, kill


def ordered(
    draw: float, threat: float, expel: float, kill: float, cohesion: float, p: Parameters, form: str
) -> float:
    """Return the order that leaders give who draw a number: the graver, the smaller it is."""
    considered = threat / (threat + p.threat_attention)
    if form == "best_response":
        best = KILL if kill > max(expel, 0.0) else EXPEL if expel > 0.0 else NONE
        return best if draw < considered else NONE
    if form == "aspiration":
        mild = EXPEL if expel > 0.0 else KILL if kill > 0.0 else NONE
        return mild if draw < considered else NONE
    odds = np.exp(p.choice_precision * (0.5 + 0.5 * cohesion) * np.array([kill, expel, 0.0]))
    graver = np.cumsum(considered * odds / odds.sum())
    return KILL if draw < graver[0] else EXPEL if draw < graver[1] else NONE


def orders(before: Tables, after: Tables, p: Parameters, form: str) -> Tables:
    """Return sanction, resolve and order of all leaders in a week in which they decide."""
    found = []
    week, ruled = int(before["world"][W.week]), before["government"]
    usual = max(ruled[G.cohesion_usual] - ruled[G.cohesion], 0.0)
    cohesion = ruled[G.cohesion] + p.cohesion_fade * usual
    cohesion = cohesion * (1.0 - after["world"][W.shock_division])
    for index, kind in enumerate(before["armed"][A.kind]):
        sanction, expel, kill = worth(before, after, p, index)
        draw = philox(SEED, 0, week, ORDER, index, 0)[0]
        threat, minds = after["armed"][A.threat, index], 1.0 if kind == REBEL else cohesion
        order = ordered(draw, threat, expel, kill, minds, p, form)
        found.append((sanction, max(expel, kill, 0.0), order))
    names = ("armed.sanction", "armed.resolve", "armed.order")
    return dict(zip(names, np.array(found).T, strict=True))


@pytest.mark.parametrize("forms", FORMS)
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_leaders_believe_and_order_follows_from_what_happened_to_them(
    engine: str, world: str, forms: str
) -> None:
    case = watched(world, FORMS[forms])
    p, seen = Parameters(case), np.zeros(5)
    form = FORMS[forms].get("elite_choice", "")
    for before, after in ENGINES[engine](case):
        old, now = before["world"], after["world"]
        hold(beliefs(before, p, FORMS[forms].get("belief_updating", "")), after)
        if old[W.government_changes] == now[W.government_changes]:
            hold(home(before, after, p), after)
            hold({"armed.threat": rebels_fear(before, after, p)}, after)
            if old[W.week] % 4 == 0:
                hold(orders(before, after, p, form), after)
        saliences = after["actors"][I.salience]
        seen += (
            now[W.forums] > 1.0, now[W.credit] < 0.99, np.ptp(saliences) > 0.1,
            after["government"][G.legitimacy] != before["government"][G.legitimacy],
            (after["armed"][A.order] > NONE).any(),
        )  # fmt: skip
    assert (seen > 5).all(), seen
