"""The force, its leverage, terms and money follow from mandate, offers, consent and attention alone.

The replays (`test_replay.py`) freeze what outside action reaches the country through, and so see no
factor on the actors' unity, or on the date of action, in what they freeze. Here that is computed anew
from what it may follow from, week by week, in worlds that differ in both, in either engine: from the
state at the end of the week before and of this one, in the formulas of `sim/ODD.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from recomputed import ENGINES, Parameters, Tables, chance, felt, hold, lowered, raised
from small_worlds import equal_actors, everything, scenario, three_at_war

from sim.fields import A, C, G, I, N, W
from sim.kinds import REBEL
from sim.scenario import Scenario

WEEKS = 60
# Products of whole numbers wrap around where Python plays the ensemble (NUMBA_DISABLE_JIT=1).
pytestmark = pytest.mark.filterwarnings("ignore:overflow")
SPREADS = (0.0, 0.5, 0.9)
STARTS = (-4, 6)


# --- what follows from what -----------------------------------------------------------------------


def stalled(pressure: float, forums: float, p: Parameters) -> float:
    return pressure * (1.0 - p.forum_stalling * max(forums - 1.0, 0.0) / max(forums, 1.0))


def warning(before: Tables, after: Tables, p: Parameters, people: float) -> Tables:
    """Return what actors are told, and how soon and how surely."""
    old, new, ruled = before["world"], after["world"], before["government"]
    institutions = ruled[[G.human_rights_institution, G.ombudsman, G.oversight, G.courts]].mean()
    noise = p.signal_noise * (1.0 - p.warning_civil_society * old[W.civil_society])
    noise *= p.observers_half / (old[W.observers] + p.observers_half)
    noise /= np.sqrt(max(old[W.forums], 1.0))
    noise = lowered(noise, institutions, p.warning_institutions)
    delay = lowered(p.signal_delay, old[W.early_action] * new[W.credit], p.early_effect)
    delay *= 1.0 - p.focal_point_gain * ruled[G.focal_point]
    credit = old[W.credit]
    heard = p.alarm_deaths * old[W.deaths_recent] / 1000.0
    heard += p.alarm_flight * old[W.flight_recent] / people
    heard += p.alarm_threat * ruled[G.threat] + p.alarm_speech * after["groups"][N.speech].max()
    alarm = 1.0 - np.exp(-heard)
    if old[W.early_action] > 0.0:
        believed = before["actors"][I.weight] @ chance(before["actors"][I.belief])
        credit += p.credit_recovery * (1.0 - credit)
        credit *= 1.0 - p.credit_loss * max(believed - alarm, 0.0)
    return {
        "world.credit": credit,
        "world.violence": felt(old[W.deaths_recent] * p.recent_fade, p.media_half),
        "world.alarm": alarm,
        "world.report_noise": lowered(noise, old[W.reporting], p.reporting_effect),
        "world.report_delay": max(delay, 1.0),
    }


def minds(before: Tables, after: Tables, p: Parameters) -> Tables:
    """Return what every actor reads, believes, attends to, and what it does on its own."""
    old, new = before["actors"], after["actors"]
    was, now = before["world"], after["world"]
    signal = old[I.signal] + (now[W.alarm] + new[I.error] - old[I.signal]) / now[W.report_delay]
    belief = old[I.belief] + p.belief_forgetting * (p.belief_prior - old[I.belief])
    belief = belief + p.belief_evidence * (signal - p.belief_midpoint)
    salience = old[I.salience] + p.salience_fade * (new[I.salience_usual] - old[I.salience])
    salience = salience + (1.0 - salience) * p.salience_media * now[W.violence]
    appeal = salience * chance(belief) * (1.0 - old[I.fatigue])
    attention = appeal / (appeal + p.agenda_competition * (1.0 - salience))
    acting = was[W.mandate_since] >= 0.0 or was[W.aid_coverage] * was[W.displaced] > 0.0
    tired = old[I.fatigue] * (1.0 - p.fatigue_recovery)
    stake = attention * chance(belief)
    scale = stake / (stake + p.mandate_friction)
    gap = np.hypot(
        scale * new[I.position_pressure] - now[W.policy_pressure],
        scale * new[I.position_protection] - now[W.policy_protection],
    )
    able = (now[W.acting] > 0.5) & (old[I.endowment] > 0.0)
    found = {
        "actors.signal": signal, "actors.belief": belief, "actors.salience": salience,
        "actors.attention": attention, "actors.stake": stake,
        "actors.fatigue": tired + (1.0 - tired) * p.fatigue_gain * attention * acting,
        "actors.outside": able * stake * gap / (stake * gap + p.outside_friction),
    }  # fmt: skip
    if was[W.week] % 4 == 0:
        mediate = able & (was[W.own_mediation] > 0.0)
        found["actors.forum"] = (mediate & (stake * gap > p.forum_cost)).astype(float)
    return found


def leverage(before: Tables, after: Tables, p: Parameters) -> Tables:
    """Return what actors do on their own, by their money, and the pressure that results."""
    actors, now = after["actors"], after["world"]
    money, tie = before["actors"][I.endowment], before["actors"][I.tie]
    share = money * actors[I.outside] / max(money.sum(), 1e-9)
    press = actors[I.position_pressure] * np.where(tie > 0.0, 1.0 - tie, 1.0)
    backing, arming = share @ np.maximum(tie, 0.0), share @ np.maximum(-tie, 0.0)
    forums = float(before["world"][W.mediation] > 0.0) + actors[I.forum].sum()
    both = now[W.policy_pressure] + share @ press - now[W.policy_pressure] * (share @ press)
    return {
        "world.outside_pressure": share @ press,
        "world.incentives": share @ ((1.0 - actors[I.position_pressure]) * (1.0 - abs(tie))),
        "world.backing": backing, "world.arming": arming, "world.forums": forums,
        "world.pressure": stalled(both * (1.0 - backing), forums, p),
        "world.pressure_on_rebels": stalled(both * (1.0 - arming), forums, p),
    }  # fmt: skip


def consent(before: Tables, after: Tables, p: Parameters) -> Tables:
    """Return how far the host lets a presence in, in a week in which it decides."""
    old, now, ruled = before["world"], after["world"], after["government"]
    leads = before["armed"][A.kind] != REBEL
    belief = after["armed"][A.belief][leads].max()
    access = p.forum_access_gain * max(now[W.forums] - 1.0, 0.0) / max(now[W.forums], 1.0)
    access = raised(access, old[W.good_offices], p.offices_access)
    access = raised(access, old[W.joint_action], p.joint_access)
    level = ruled[G.openness] + p.consent_terms * old[W.terms] + access
    level += p.consent_pressure * belief * now[W.pressure]
    level -= p.consent_sovereignty * now[W.policy_protection] * ruled[G.threat]
    was = before["government"][G.consent]
    return {
        "government.consent": was + p.consent_speed * (min(max(level, 0.0), 1.0) - was),
    }


def force(before: Tables, after: Tables, p: Parameters) -> Tables:
    """Return the peacekeepers who are prepared and sent, and what is on the table."""
    old, now, actors = before["world"], after["world"], after["actors"]
    mandated = now[W.troops_requested] * now[W.mandate_scale] * (now[W.policy_protection] > 0.0)
    offered = (actors[I.contribution] * actors[I.attention] * (1.0 - actors[I.outside])).sum()
    offered = raised(min(offered, 1.0), now[W.joint_action], p.joint_offers)
    let_in = after["government"][G.consent]
    let_in = let_in + (1.0 - let_in) * p.forced_entry * now[W.policy_protection]
    ready = old[W.troops_preparing]
    ready += (mandated * offered * let_in - ready) / p.deployment_delay
    sent = old[W.troops_deployed] + (ready - old[W.troops_deployed]) / p.deployment_delay
    carrots = now[W.pressure] + now[W.incentives] - now[W.pressure] * now[W.incentives]
    supplied = min(now[W.aid_supply], old[W.displaced])
    scale = now[W.mandate_scale]
    return {
        "world.troops_preparing": ready,
        "world.announced": max(1.0 - sent / mandated, 0.0) if mandated > 0.0 else 0.0,
        "world.terms": now[W.mediation] * (p.terms_unbacked + (1.0 - p.terms_unbacked) * carrots),
        "world.aid_coverage": supplied / old[W.displaced] if old[W.displaced] > 0.0 else 0.0,
        "world.robustness": min(now[W.policy_protection] / scale, 1.0) if scale > 0.0 else 0.0,
        "sent": sent,
    }


def presence(after: Tables, p: Parameters) -> Tables:
    """Return where peacekeepers are, and what they are worth there."""
    now, places = after["world"], after["communities"]
    here = now[W.troops_deployed] * places[C.need] / max(now[W.need_total], 1e-9)
    density = 1000.0 * here / np.maximum(places[C.population], 1.0)
    return {
        "communities.peacekeepers": here,
        "communities.protection": now[W.robustness] * (1.0 - np.exp(-density / p.troops_half)),
    }


def talks(before: Tables, after: Tables, p: Parameters, declared: float) -> Tables:
    """Return which forum every armed group attends, and the terms that it is offered there."""
    now, actors = after["world"], after["actors"]
    behind = actors[I.weight] * actors[I.position_pressure]
    behind = behind + now[W.incentives] - behind * now[W.incentives]
    own = now[W.own_mediation] * actors[I.attention]
    own = own * (p.terms_unbacked + (1.0 - p.terms_unbacked) * behind)
    leans = now[W.policy_pressure] / now[W.mandate_scale] if now[W.mandate_scale] > 0 else declared
    terms = np.concatenate([[now[W.terms]], own])
    lean = np.concatenate([[leans], actors[I.position_pressure]])
    held = np.concatenate([[True], actors[I.forum] > 0.5])
    party = (before["armed"][A.kind] == REBEL).astype(float)
    appeal = terms * (1.0 - p.forum_bias * abs(lean - party[:, None]))
    chosen = np.where(held, appeal, -1.0).argmax(axis=1)
    return {"armed.forum": chosen.astype(float), "armed.terms": terms[chosen]}


def at_war(**levers: Any) -> Scenario:
    world = three_at_war(weeks=WEEKS)
    world["parameters"] |= {"forum_cost": 0.01}
    return scenario(world).with_levers(**levers)


def under_everything(**levers: Any) -> Scenario:
    world = everything(weeks=WEEKS)
    world["parameters"] |= {"forum_cost": 0.01}
    return scenario(world).with_levers(**levers)


@pytest.mark.one_in(5)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("world", [at_war, under_everything])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_reaches_the_country_follows_from_mandate_offers_consent_and_attention(
    engine: str, world: Callable[..., Scenario], spread: float, start: int
) -> None:
    case = world(dispersion=spread, start=float(start))
    p, people = Parameters(case), case.country.people.sum()
    declared = float(case.actors.mean[0])
    seen = np.zeros(6)
    for before, after in ENGINES[engine](case):
        hold(warning(before, after, p, people), after)
        hold(minds(before, after, p), after)
        hold(leverage(before, after, p), after)
        decides = before["world"][W.week] % 4 == 0
        if (
            decides
            and before["world"][W.government_changes] == after["world"][W.government_changes]
        ):
            hold(consent(before, after, p), after)
        expected = force(before, after, p)
        sent = float(expected.pop("sent"))
        hold(expected, after)
        hold(presence(after, p), after)
        hold(talks(before, after, p, declared), after)
        now = after["world"]
        # Who is sent stays, as long as there is money; less of it never brings more.
        rich = (after["actors"][I.endowment] > 0.0).all()
        assert now[W.troops_deployed] <= sent * (1.0 + 1e-12)
        if rich:
            assert now[W.troops_deployed] == pytest.approx(sent, rel=1e-9)
        seen += (
            now[W.troops_deployed] > 1.0 and rich,
            now[W.pressure] > 0.05,
            (now[W.outside_pressure] > 0.01),
            now[W.forums] > 1.0,
            now[W.aid_coverage] > 0.0,
            (after["armed"][A.terms] > 0.0).any(),
        )
    assert (seen[[0, 1, 4, 5]] > 5).all()
    assert spread == 0.0 or (seen[2:4] > 0).all(), "actors who agree hardly go alone"


COST = 0.02


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("engine", ENGINES)
def test_money_keeps_as_many_peacekeepers_as_it_pays_for(
    engine: str, spread: float, start: int
) -> None:
    raw = three_at_war(
        interventions={"peacekeeping": {"cost": COST}}, actors=equal_actors(0.05), weeks=WEEKS
    )
    raw["parameters"] |= {"outside_cost": 0.0}
    case = scenario(raw).with_levers(dispersion=spread, start=float(start))
    p, short = Parameters(case), 0
    for before, after in ENGINES[engine](case):
        sent = float(force(before, after, p)["sent"])
        paid_for = before["actors"][I.endowment].sum() / COST
        kept = after["world"][W.troops_deployed]
        assert kept == pytest.approx(min(sent, paid_for), rel=1e-6, abs=1e-6)
        spent = after["world"][W.spent] - before["world"][W.spent]
        assert spent == pytest.approx(COST * kept, rel=1e-6, abs=1e-9)
        requested = 5000.0 if after["world"][W.mandate_since] >= 0.0 else 0.0
        assert after["world"][W.troops_requested] == requested
        short += paid_for < sent
    assert short > 0
