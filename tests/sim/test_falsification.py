"""The model can find the opposite of a lesson where the opposite is built in.

Every comparison is of 500 pairs of worlds on shared noise, with a 99 % interval of the mean paired
difference. Were one of these impossible, support for the lesson would be worth nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from small_worlds import bits, burundi, finished, read_yaml, rows_differ, scenario

from sim.mechanisms import ADVERSE, MECHANISMS
from sim.outcomes import O, Z
from sim.scenario import Scenario

RUNS = 500
HARM = tuple(mechanism.name for mechanism in MECHANISMS if mechanism.part_of == ADVERSE)


class Difference(NamedTuple):
    """A mean paired difference and half of its 99 % interval."""

    mean: float
    half: float

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half


def pairs(first: Scenario, second: Scenario, *, upto: int | None = None) -> Difference:
    """Return the difference that the first makes to log(1 + direct deaths), by a week."""
    batch = finished(first, second, replicates=RUNS)
    deaths = batch.series[:, :upto, Z.direct_deaths].sum(axis=1)
    values = np.log1p(deaths)
    difference = values[:RUNS] - values[RUNS:]
    return Difference(
        float(difference.mean()), float(2.576 * difference.std(ddof=1) / np.sqrt(RUNS))
    )


def alike(**entries: Any) -> dict[str, Any]:
    """Return Burundi's actors, equal in everything but where they stand."""
    actors = read_yaml("actors")
    for row in actors["actors"].values():
        row |= {"weight": 1, "veto": False, "salience": 0.5, "endowment": 60, "contribution": 0.3}
        row.pop("tie", None)
    return actors | entries


def permuted(actors: dict[str, Any]) -> dict[str, Any]:
    """Return the same actors, each in the place of the next."""
    names = list(actors["actors"])
    places = [actors["actors"][name]["deviation"] for name in names]
    rows = {
        name: actors["actors"][name] | {"deviation": place}
        for name, place in zip(names, places[1:] + places[:1], strict=True)
    }
    return actors | {"actors": rows}


def without(*names: str) -> dict[str, bool]:
    """Return switches with some mechanisms off."""
    return dict.fromkeys(names, False)


# --- H3: unity ------------------------------------------------------------------------------------


def constructed(dispersion: float, *, shared: bool) -> Scenario:
    """Return a world in which only a shared diagnosis lets unity act, the true risk being high.

    Every month the body decides afresh, on the mean of what its members make of a strong but noisy
    alarm. Errors that are their own cancel out; an error that all share loses the month. Nobody runs
    out of money, so that months are lost to errors alone.
    """
    actors = alike(dispersion=dispersion)
    for row in actors["actors"].values():
        row["endowment"] = 1000
    return scenario(
        burundi(
            actors=actors,
            interventions={"peacekeeping": {"intensity": 30000.0}},
            mechanisms=without(
                "mandate_bargaining", "split_resources", "forums", "credibility", "agenda",
                "deployment", *HARM,
            ) | {"correlated_error": shared},
            parameters={
                "shared_diagnosis": 1.0, "signal_noise": 1.0, "signal_delay": 1.0,
                "belief_forgetting": 1.0, "belief_evidence": 5.0, "belief_prior": 0.0,
                "alarm_threat": 3.0, "mandate_term": 4.0, "mandate_minimum": 0.5,
                "threat_fade": 0.01, "warning_civil_society": 0.0,
            },
        )
    )  # fmt: skip


def test_with_a_shared_diagnosis_alone_unity_hurts_in_the_constructed_world() -> None:
    found = pairs(constructed(0.0, shared=True), constructed(1.0, shared=True))
    assert found.low > 0.0, found


def test_without_it_unity_has_no_effect_there_to_the_bit() -> None:
    batch = finished(
        constructed(0.0, shared=False), constructed(1.0, shared=False), replicates=RUNS
    )
    assert np.array_equal(bits(batch.outcomes[:RUNS]), bits(batch.outcomes[RUNS:]))
    assert batch.outcomes[:, O.direct_deaths].any()


def test_who_holds_which_position_does_not_matter_among_equals() -> None:
    """With votes, money and salience equal, only the set of positions can matter."""
    actors = alike(dispersion=0.8)
    cases = [scenario(burundi(actors=chosen, weeks=156)) for chosen in (actors, permuted(actors))]
    batch = finished(*cases, replicates=2 * RUNS)
    for value in (
        np.log1p(batch.outcomes[:, O.direct_deaths]), batch.outcomes[:, O.mass_killing],
    ):  # fmt: skip
        difference = value[: 2 * RUNS] - value[2 * RUNS :]
        half = 2.576 * difference.std(ddof=1) / np.sqrt(2 * RUNS)
        assert abs(difference.mean()) <= half, (difference.mean(), half)
        assert half < 0.1 * value.std(), "too noisy to tell"
    assert not np.array_equal(batch.series[: 2 * RUNS], batch.series[2 * RUNS :])


# --- H1: timing -----------------------------------------------------------------------------------


def perverse(start: float | str) -> Scenario:
    """Return a world in which force provokes, is slow to come, and protects nobody."""
    return scenario(
        burundi(
            action={"start": start},
            interventions={"peacekeeping": {}},
            weeks=156,
            parameters={
                "backlash": 0.2,
                "acceleration": 3.0,
                "deployment_delay": 52.0,
                "deterrence": 0.0,
                "troops_half": 10.0,
                "moral_hazard": 1.0,
                "violence_shift": 1.0,
            },
        )
    )


def test_where_early_force_backfires_early_is_worse() -> None:
    found = pairs(perverse(0), perverse(78))
    assert found.low > 0.0, found


def announced(start: float | str, *, accelerating: bool) -> Scenario:
    """Return a world in which a force is announced half a year and more before it is there."""
    others = [name for name in HARM if name != "acceleration"]
    return scenario(
        burundi(
            action={"start": start},
            interventions={"peacekeeping": {}},
            weeks=156,
            mechanisms=without(*others, "credibility") | {"acceleration": accelerating},
            parameters={
                "acceleration": 3.0,
                "deployment_delay": 52.0,
                "cost_sanction": 0.0,
                "deterrence": 0.0,
            },
        )
    )


def test_force_announced_without_presence_raises_deaths_at_first() -> None:
    with_it = pairs(announced(0, accelerating=True), announced("never", accelerating=True), upto=80)
    assert with_it.low > 0.0, with_it
    without_it = pairs(
        announced(0, accelerating=False), announced("never", accelerating=False), upto=80
    )
    assert without_it.low <= 0.0, without_it


# --- controls -------------------------------------------------------------------------------------


def test_a_placebo_spends_and_changes_nothing() -> None:
    dosed = scenario(burundi(interventions={"placebo": {}}))
    batch = finished(dosed, dosed.baseline(), replicates=RUNS)
    assert np.array_equal(bits(batch.outcomes[:RUNS]), bits(batch.outcomes[RUNS:]))
    changed = rows_differ(batch, 7, RUNS + 7)
    seen = ["programmes.dose", "programmes.reach", "world.placebo", "world.placebo_spent"]
    assert sorted(changed) == seen
    assert batch.state["world"][0].any()


@pytest.mark.parametrize("name", ["mediation", "peacekeeping", "humanitarian_aid"])
def test_a_zero_dose_is_the_baseline_to_the_bit(name: str) -> None:
    dosed = scenario(burundi(interventions={name: {"intensity": 0.0}}))
    batch = finished(dosed, dosed.baseline(), replicates=20)
    assert rows_differ(batch, 3, 23) == []
    assert np.array_equal(bits(batch.outcomes[:20]), bits(batch.outcomes[20:]))
