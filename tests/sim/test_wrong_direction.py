"""A world that moves in the wrong direction: every part of the trend, each held on its own."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import Batch, scenario, small_war, started

from sim.fields import A, I, R, W

RUNS, SEED, YEARS = 60, 7, 3
EROSION = 0.3


def two_worlds() -> Batch:
    """Return runs at the horizon: of a world that erodes, then of the same world as it is."""
    raw = small_war(weeks=52 * YEARS)
    raw["interventions"] = {"mediation": {}, "peacekeeping": {}, "community_dialogue": {"lag": 0}}
    raw["country"]["shocks"].append({"rate": 1.0, "threat": 0.1})
    for actor in raw["actors"]["actors"].values():
        actor["endowment"] = 1e6  # no purse is ever empty
    # Attention is what is usual: no killing draws any.
    parameters = raw["parameters"] | {"salience_media": 0.0, "fatigue_gain": 0.0}
    eroding = raw | {"parameters": parameters | {"erosion": EROSION}}
    cases = [scenario(eroding), scenario(raw | {"parameters": parameters})]
    batch = started(*cases, replicates=RUNS, seed=SEED)
    batch.advance(52 * YEARS)
    return batch


@pytest.fixture(scope="module")
def worlds() -> Batch:
    return two_worlds()


def less(values: np.ndarray) -> bool:
    """Return whether the world that erodes has less of something, at 99.9 %."""
    difference = values[RUNS:] - values[:RUNS]
    return bool(difference.mean() > 3.29 * difference.std(ddof=1) / np.sqrt(RUNS))


def test_prevention_is_less_salient(worlds: Batch) -> None:
    """By what has worn away, half a year late: it follows its usual level slowly."""
    salience = worlds.state["actors"][:, I.salience]
    left = salience[:RUNS] / salience[RUNS:]
    assert (left > np.exp(-EROSION * YEARS)).all()
    assert (left < np.exp(-EROSION * (YEARS - 0.5))).all()


def test_less_money_reaches_what_prevention_pays_for(worlds: Batch) -> None:
    """Not that purses are smaller: attention is, and with it what is paid out of them."""
    dialogue = worlds.state["programmes"][:, R.spent, 2:].sum(axis=1)  # after the two of the B's
    assert (dialogue > 0.0).all()
    assert less(dialogue)


def test_fewer_peacekeepers_are_offered(worlds: Batch) -> None:
    assert less(worlds.state["world"][:, W.troops_deployed])


def test_armed_groups_expect_less_enforcement(worlds: Batch) -> None:
    assert less(worlds.state["armed"][:, A.belief].mean(axis=1))
