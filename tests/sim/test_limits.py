"""Limits in which the answer is known: binomial killing, branching revenge, exact posteriors."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from scipy import stats
from small_worlds import scenario, two_groups

from sim.ensemble import Batch, Ensemble
from sim.fields import A, M, Q
from sim.mechanisms import MECHANISMS
from sim.outcomes import Z
from sim.rules import credibility, international_actor
from sim.scenario import Scenario

RUNS = 20_000
RATE, SHARE = 0.7, 0.002


def alone(weeks: int, **parameters: float) -> Scenario:
    """Return one town of two groups and two armed groups in which nobody does anything but kill."""
    country = two_groups(communities=1, neighbours=0, people=30_000.0)
    country["shocks"] = []
    first, second = country["groups"]
    country["armed_groups"] = {
        "one": {"kind": "militia", "side": first, "target": second, "strength": 100,
                "discipline": 0.0},
        "two": {"kind": "militia", "side": second, "target": first, "strength": 100,
                "discipline": 0.0},
    }  # fmt: skip
    switches = {mechanism.name: mechanism.name == "killing" for mechanism in MECHANISMS}
    return scenario(
        {"country": country, "mechanisms": switches, "weeks": weeks, "parameters": parameters}
    )


def batch_of(case: Scenario, rules: dict[str, object] | None = None, runs: int = RUNS) -> Batch:
    """Return many runs of a scenario at week 0, under replaced rules."""
    ensemble = Ensemble([case], rules=rules)  # type: ignore[arg-type]
    return ensemble.start(np.zeros(runs, dtype=int), np.arange(runs), 1)


def constant_intent(
    order: float, memory: float, fear: float, discipline: float, command: float, held_back: float,
    armed: float, protection: float, belief: float, pushed: float, intent_expel: float,
    intent_kill: float, intent_revenge: float, intent_fear: float, deterrence: float, half: float,
) -> float:  # fmt: skip
    """Attack at a constant rate."""
    return 0.7


def constant_share(
    order: float, armed: float, discipline: float, exposed: float, lethality_expel: float,
    lethality_kill: float, lethality_revenge: float, half: float,
) -> float:  # fmt: skip
    """Kill a constant share."""
    return 0.002


def any_death(killed: float, half: float) -> float:
    """Feel any death in full."""
    if killed > 0.0:
        return 1.0
    return 0.0


def last_week(memory: float, violence: float, fade: float, gain: float) -> float:
    """Remember the last week alone."""
    return violence


def faint_death(killed: float, half: float) -> float:
    """Feel any death a little, so that memory stays far from its ceiling."""
    if killed > 0.0:
        return 0.015
    return 0.0


@pytest.mark.long
def test_killing_without_feedback_is_binomial() -> None:
    batch = batch_of(alone(1), {"attack_intent": constant_intent, "killed_share": constant_share})
    exposed = batch.state["people"][0, Q.residents, :, 0].copy()
    batch.advance(1)
    attacked = batch.state["presence"][:, M.attacked, :, 0] > 0.5
    chance = 1.0 - exp(-RATE)
    for side in range(2):
        happened = attacked[:, side].sum()
        assert stats.binomtest(int(happened), RUNS, chance).pvalue > 0.001
        target = int(batch.state["armed"][0, A.target, side])
        killed = batch.state["people"][:, Q.killed_week, target, 0]
        assert not killed[~attacked[:, side]].any()
        law = stats.binom(int(exposed[target]), SHARE)
        counts = killed[attacked[:, side]]
        edges = law.ppf(np.linspace(0.0, 1.0, 9)[1:-1])
        seen = np.bincount(np.searchsorted(edges, counts, side="left"), minlength=8)
        expected = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]])) * counts.size
        assert stats.chisquare(seen, expected).pvalue > 0.001


@pytest.mark.long
def test_retaliation_alone_is_a_branching_process_with_the_ratio_of_its_parameters() -> None:
    """One memory of violence starts a chain in which each attack calls for at most one more."""
    case = alone(60, intent_revenge=1.2, intent_fear=0.0, lethality_revenge=0.1, strength_half=20.0)
    batch = batch_of(case, {"violence_felt": any_death, "memory_next": last_week})
    batch.state["people"][:, Q.memory, 0, 0] = 1.0
    armed = batch.state["presence"][0, M.armed, 0, 0]
    justice_and_trust = (1.0 - 0.5 * 0.5) * (1.0 - 0.4 * 0.5)
    ratio = 1.0 - exp(-1.2 * justice_and_trust * armed / (armed + 20.0))
    length = np.zeros(RUNS)
    for _ in range(60):
        batch.advance(1)
        length += batch.state["presence"][:, M.attacked, :, 0].sum(axis=1)
    assert 0.3 < ratio < 0.7
    assert length.mean() == pytest.approx(
        ratio / (1.0 - ratio), abs=3.3 * length.std() / np.sqrt(RUNS)
    )
    for steps in (1, 2, 3, 5):
        reached = int((length >= steps).sum())
        assert stats.binomtest(reached, RUNS, ratio**steps).pvalue > 0.001
    assert batch.series[:, :, Z.direct_deaths].any()


def per_memory(batch: Batch, revenge: float) -> float:
    """Return the rate of attacks that a whole memory calls for, justice and trust holding back."""
    armed = batch.state["presence"][0, M.armed, 0, 0]
    return float(revenge * (1.0 - 0.5 * 0.5) * (1.0 - 0.4 * 0.5) * armed / (armed + 20.0))


FADE, FEWER = 0.1, 6000


@pytest.mark.parametrize("memory", [0.02, 0.5])
def test_what_one_memory_calls_for_is_the_sum_over_its_fading(memory: float) -> None:
    """The real kernel, one generation: week k calls with chance 1 - exp(-c m (1 - fade)^k).

    So nothing at all follows with chance exp(-c m / fade): the sum over the kernel is the branching
    ratio, and all that is called for is c m / fade as long as a week brings one attack at most.
    """
    weeks = 150
    case = alone(
        weeks, intent_revenge=0.3, intent_fear=0.0, strength_half=20.0, memory_fade=FADE,
        lethality_revenge=0.0,  # nobody dies, so that no attack calls for another
    )  # fmt: skip
    batch = batch_of(case, runs=FEWER)
    batch.state["people"][:, Q.memory, 0, 0] = memory
    rates = per_memory(batch, 0.3) * memory * (1.0 - FADE) ** np.arange(weeks)
    assert rates.sum() == pytest.approx(per_memory(batch, 0.3) * memory / FADE, rel=1e-6)
    called = np.zeros(FEWER)
    for _ in range(weeks):
        batch.advance(1)
        called += batch.state["presence"][:, M.attacked, :, 0].sum(axis=1)
    chances = 1.0 - np.exp(-rates)
    spread = np.sqrt((chances * (1.0 - chances)).sum() / FEWER)
    assert called.mean() == pytest.approx(chances.sum(), abs=3.3 * spread)
    nothing = int((called == 0.0).sum())
    assert stats.binomtest(nothing, FEWER, float(np.exp(-rates.sum()))).pvalue > 0.001


@pytest.mark.long
def test_retaliation_with_its_real_memory_branches_with_the_sum_over_the_kernel() -> None:
    """All generations: an attack calls for n = c gain felt / fade more in all weeks after it.

    Two memories at once call for a little less than one after the other, and so does memory near its
    ceiling; with a faint memory both cost less than a tenth of the n / (1 - n) of a branching process,
    which is what cannot be exceeded.
    """
    revenge, gain, fade, weeks = 2.0, 1.0, 0.03, 400
    case = alone(
        weeks, intent_revenge=revenge, intent_fear=0.0, strength_half=20.0, memory_fade=fade,
        memory_gain=gain, lethality_revenge=0.1,
    )  # fmt: skip
    batch = batch_of(case, {"violence_felt": faint_death, "killed_share": constant_share}, FEWER)
    batch.state["people"][:, Q.memory, 0, 0] = 0.015
    ratio = per_memory(batch, revenge) * gain * 0.015 / fade
    length = np.zeros(FEWER)
    for _ in range(weeks):
        batch.advance(1)
        length += batch.state["presence"][:, M.attacked, :, 0].sum(axis=1)
    assert 0.4 < ratio < 0.6
    most, error = ratio / (1.0 - ratio), 3.3 * length.std() / np.sqrt(FEWER)
    assert 0.9 * most - error < length.mean() < most + error


def test_belief_in_enforcement_is_the_exact_posterior_mean() -> None:
    """Bernoulli observations on a Beta prior, against the integral over a grid."""
    chance = np.linspace(0.0, 1.0, 200_001)[1:-1]
    for prior, certainty, stopped, unstopped in (
        (0.3, 4.0, 3, 9),
        (0.6, 1.5, 0, 5),
        (0.5, 2, 7, 0),
    ):
        enforced, unenforced = certainty * prior, certainty * (1.0 - prior)
        for _ in range(stopped):
            enforced = credibility.observations_next(enforced, 0.0, 1.0, 1.0, 0.0)
        for _ in range(unstopped):
            unenforced = credibility.observations_next(unenforced, 0.0, 1.0, 1.0, 0.0)
        density = stats.beta(certainty * prior, certainty * (1.0 - prior)).pdf(chance)
        density = density * chance**stopped * (1.0 - chance) ** unstopped
        exact = (chance * density).sum() / density.sum()
        assert credibility.expected_enforcement(enforced, unenforced) == pytest.approx(
            exact, abs=2e-3
        )


def test_an_actors_belief_is_the_exact_posterior_of_two_normal_hypotheses() -> None:
    quiet, danger, spread = 0.1, 0.7, 0.5
    evidence = (danger - quiet) / spread**2
    belief, prior = -1.0, 1.0 / (1.0 + exp(1.0))
    likelihood = [1.0 - prior, prior]
    for reading in (0.3, 0.9, 0.2, 1.1, 0.6):
        belief = international_actor.belief_next(
            belief, reading, -1.0, 0.0, evidence, 0.5 * (quiet + danger)
        )
        likelihood[0] *= stats.norm(quiet, spread).pdf(reading)
        likelihood[1] *= stats.norm(danger, spread).pdf(reading)
        exact = likelihood[1] / sum(likelihood)
        assert international_actor.probability_of(belief) == pytest.approx(exact, rel=1e-9)
