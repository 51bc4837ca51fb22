"""What a body adopts follows from positions, stakes, votes, vetoes and its rule, and from nothing else.

Both engines hold the same bargaining, so that a factor on the actors' unity in both would be noticed by
no comparison of them, and a replay freezes the mandate itself. Here the mandate of every week is
computed anew, by the equations of `sim/ODD.md`, under every rule and form, in either engine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpys_draws import philox
from recomputed import ENGINES, SEED, Parameters, Tables, hold, lowered
from small_worlds import scenario, three_at_war, three_groups

from sim.actors import Actors
from sim.fields import I, W
from sim.randomness import RECOGNITION
from sim.scenario import Scenario

pytestmark = pytest.mark.filterwarnings("ignore:overflow")

VOTE: dict[str, Any] = {"rule": {"kind": "vote", "quota": 0.75}}
CONSENSUS: dict[str, Any] = {"rule": {"kind": "consensus"}}
COMPROMISE = {"forms": {"bargaining": "compromise"}}
BODIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an agenda setter under vetoes": ({}, {}),
    "an agenda setter under a vote": (VOTE, {}),
    "an agenda setter under consensus": (CONSENSUS, {}),
    "a compromise under vetoes": ({}, COMPROMISE),
    "a compromise under a vote": (VOTE, COMPROMISE),
    "a compromise under consensus": (CONSENSUS, COMPROMISE),
    "the declared mean": ({}, {"mechanisms": {"mandate_bargaining": False}}),
    "a vote once, when help arrives": (VOTE, {"action": {"start": 1, "arrival": 5}}),
}
"""What the body decides by: entries of the actors, and of the scenario."""
Mandate = tuple[float, float, float]
NO_MANDATE: Mandate = (0.0, 0.0, 0.0)


def decided(body: str, spread: float) -> Scenario:
    """Return a small war in which actors of some spread decide as a body does."""
    rule, entries = BODIES[body]
    country = three_groups(communities=5)
    country["shocks"][0]["week"] = 2
    world = three_at_war(**{"country": country, "weeks": 40} | entries)
    # One measure lets partners act jointly, which eases what they decide next.
    world["interventions"] |= {"joint_action": {}, "early_action": {}}
    world["actors"] |= rule
    if rule:  # else no other rule would ever bind
        for actor in world["actors"]["actors"].values():
            actor["veto"] = False
    return scenario(world).with_levers(dispersion=spread)


class Meeting:
    """A meeting of actors with positions, stakes, votes and vetoes.

    Parameters
    ----------
    before, after : state at the end of the week before the meeting, and of its week.
    p : parameters.
    actors : who decides, and by which rule.
    """

    def __init__(self, before: Tables, after: Tables, p: Parameters, actors: Actors) -> None:
        rows = after["actors"]
        self.week = int(before["world"][W.week])
        self.ideal = rows[[I.position_pressure, I.position_protection]]
        self.stake, self.attention = rows[I.stake], rows[I.attention]
        self.votes, self.veto = rows[I.weight], rows[I.veto] > 0.5
        self.rule = actors
        self.friction = lowered(p.mandate_friction, before["world"][W.joint_action], p.joint_effect)

    def preferred(self, stake: float) -> float:
        """Return the scale of its own position that somebody with some stake likes best."""
        return stake / (stake + self.friction)

    def proposer(self) -> int:
        """Return who is recognised: votes times attention are its share of the chances."""
        draw = philox(SEED, 0, self.week, RECOGNITION, 0, 0)[0]
        shares = np.cumsum(self.votes * self.attention)
        return int(np.searchsorted(shares, draw * shares[-1], side="right"))

    def compromise(self) -> np.ndarray:
        """Return the mean position, by votes and stakes."""
        weight = self.votes * self.stake
        return np.asarray(self.ideal @ weight / weight.sum())

    def largest(self, position: np.ndarray, best: float, proposer: int) -> float:
        """Return the largest scale, up to the best, that all who can block and enough votes accept.

        What an actor accepts are the scales up to where it is as well off as without: the largest
        that passes is therefore one of these ends, or the best.
        """
        along, size = position @ self.ideal, position @ position
        ends = 2.0 * self.stake * along / ((self.stake + self.friction) * size)
        ends = np.where(np.arange(ends.size) == proposer, np.inf, ends)
        blocks = self.veto | ((self.votes > 0.0) & self.rule.consensus)
        quota = 0.0 if self.rule.consensus else self.rule.quota
        passing = [
            scale
            for scale in (best, *ends[ends < best])
            if (ends[blocks] >= scale).all() and self.votes[ends >= scale].sum() >= quota - 1e-12
        ]
        return max(passing, default=0.0)

    def agrees_on(self, body: str) -> Mandate:
        """Return position and scale that the meeting agrees on."""
        who = -1
        if "mean" in body:
            return (*self.rule.mean, self.preferred(self.votes @ self.stake))
        if "compromise" in body:
            position, best = self.compromise(), self.preferred(self.votes @ self.stake)
        else:
            who = self.proposer()
            position, best = self.ideal[:, who], self.preferred(self.stake[who])
        return (*position, self.largest(position, best, who))


def adopted(body: str, before: Tables, after: Tables, case: Scenario) -> dict[str, Any]:
    """Return the mandate that is in force after a week."""
    p, old, once = Parameters(case), before["world"], "once" in body
    week, since = int(old[W.week]), old[W.mandate_since]
    begun, in_force = old[W.mandate_week], (W.policy_pressure, W.policy_protection, W.mandate_scale)
    standing: Mandate = tuple(old[list(in_force)])
    arrival = case.open_week + (case.arrival or 0.0)
    if week == arrival if once else week >= arrival and week % 4 == 0:
        if begun >= 0.0 and week - begun >= p.mandate_term and not once:
            begun, standing = -1.0, NO_MANDATE
        early = old[W.early_action] * after["world"][W.credit]
        smallest = 0.0 if once else lowered(p.mandate_minimum, early, p.early_effect)
        pressure, protection, scale = Meeting(before, after, p, case.actors).agrees_on(body)
        proposed = (scale * pressure, scale * protection, scale)
        size, stood = np.hypot(*proposed[:2]), np.hypot(*standing[:2])
        if scale >= smallest and size > 0.0 and (begun < 0.0 or size > stood):
            begun, standing = float(week), proposed
            since = since if since >= 0.0 else float(week)
        if begun < 0.0:
            since = -1.0
    names = (
        "policy_pressure",
        "policy_protection",
        "mandate_scale",
        "mandate_week",
        "mandate_since",
    )
    values = (*standing, begun, since)
    return {f"world.{name}": value for name, value in zip(names, values, strict=True)}


@pytest.mark.one_in(2)
@pytest.mark.parametrize("spread", [0.4, 0.6])
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_mandate_follows_from_positions_stakes_votes_and_the_rule(
    engine: str, body: str, spread: float
) -> None:
    case = decided(body, spread)
    scales, apart, eased = set(), 0, 0
    for before, after in ENGINES[engine](case):
        hold(adopted(body, before, after, case), after)
        now = after["world"]
        scales.add(float(now[W.mandate_scale]))
        apart += now[W.mandate_scale] > 0.0 and now[W.united] < 1.0
        eased += before["world"][W.joint_action] > 0.0
    assert len(scales) > (1 if "once" in body else 2), "no mandate came, or none was replaced"
    assert apart > 5 and eased > 5, "nobody acted alone, or jointly"
