"""Replay: with what reaches the country frozen, positions and dates change no death.

A recorded run gives presence, protection, aid, terms, mandates in force, beliefs and consent; a
second run with other positions, another start and other measures is made to hold them. If any rule
of violence knew a lesson by another way, its deaths would differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from same_state import state_of
from small_worlds import (
    MEASURES,
    VIOLENT,
    bits,
    burundi,
    everything,
    overthrow,
    scenario,
    three_at_war,
)

from sim.effects import EFFECTS
from sim.fields import G
from sim.forms import FORMS
from sim.model import PreventionModel
from sim.scenario import Scenario
from sim.schedule import Process

Relays = dict[str, tuple[str, ...]]
ALL: Relays = {
    "model": (
        "policy_pressure", "policy_protection", "mandate_scale", "robustness", "terms", "agreement",
        "aid_coverage", "aid_supply", "troops_deployed", "pressure", "pressure_on_rebels", "backing",
        "incentives", "announced", "forums", "arming", "rescue", "backlash", "urgency", "diverted",
        "aid_lost", "shift",
    ),
    "communities": ("peacekeepers", "protection", "false_safety", "aid", "suppressed"),
    "armed_groups": ("enforced", "unenforced", "belief", "terms", "forum"),
}  # fmt: skip
"""What outside action reaches the country through."""
UPSTREAM: Relays = {
    "model": (
        "policy_pressure", "policy_protection", "mandate_scale", "terms", "aid_coverage",
        "troops_deployed", "pressure", "pressure_on_rebels", "backing", "announced", "forums", "arming",
    ),
    "armed_groups": ("terms", "forum"),
}  # fmt: skip
"""What was decided and sent alone: protection, beliefs and agreements have to follow from it."""


NATIONAL = tuple(entry.field for entry in EFFECTS if not entry.local)
LOCAL = tuple(entry.field for entry in EFFECTS if entry.local)
EVERY: Relays = {
    "model": tuple(dict.fromkeys((*ALL["model"], *NATIONAL, *LOCAL, "programmes_on"))),
    "communities": tuple(dict.fromkeys((*ALL["communities"], *LOCAL, "policing"))),
    "armed_groups": ALL["armed_groups"],
}
"""The same with the doses of every measure; what they move has to follow from them."""


def holders(model: PreventionModel) -> dict[str, list[Any]]:
    """Return who holds the relays of each kind."""
    return {
        "model": [model],
        "communities": model.communities,
        "armed_groups": model.armed_groups,
    }


class Recorded(PreventionModel):
    """A run that notes its relays after every process."""

    def __init__(self, *arguments: Any, relays: Relays, **named: Any) -> None:
        self._relays = relays
        self.tape: list[Any] = []
        super().__init__(*arguments, **named)

    def _performer(self, process: Process) -> Callable[[], object]:
        perform = super()._performer(process)

        def noted() -> None:
            perform()
            rows = holders(self)
            self.tape.append(
                {
                    kind: [[getattr(holder, name) for name in names] for holder in rows[kind]]
                    for kind, names in self._relays.items()
                }
            )

        return noted


class Replayed(PreventionModel):
    """A run that holds another run's relays after every process."""

    def __init__(self, *arguments: Any, relays: Relays, tape: list[Any], **named: Any) -> None:
        self._relays = relays
        self._tape = iter(tape)
        super().__init__(*arguments, **named)

    def _performer(self, process: Process) -> Callable[[], object]:
        perform = super()._performer(process)

        def held() -> None:
            perform()
            for kind, rows in next(self._tape).items():
                for holder, row in zip(holders(self)[kind], rows, strict=True):
                    for name, value in zip(self._relays[kind], row, strict=True):
                        setattr(holder, name, value)

        return held


OTHER: dict[str, dict[str, Any]] = {
    "united": {"dispersion": 0.0},
    "divided": {"dispersion": 1.0},
    "late": {"start": 40.0},
    "early and divided": {"start": -4.0, "dispersion": 1.0},
    "never": {"start": float("inf")},
    "clamped": {"arrival": 30.0},
    "other things matter more": {"salience": 0.5},
}
"""Levers of the run that is made to hold another's relays; of salience a factor on everyone's."""


def with_other(case: Scenario, levers: dict[str, Any]) -> Scenario:
    """Return a world with other levers."""
    given = dict(levers)
    salience = case.actors.salience * given.pop("salience", 1.0)
    return replace(case, actors=replace(case.actors, salience=salience)).with_levers(**given)


FATES = ("people", "presence", "communities", "armed", "groups")
"""Tables of state that hold who lives where, who is armed, and who is killed."""


def replayed(case: Scenario, other: str, relays: Relays) -> tuple[Recorded, Replayed]:
    """Return a run, and one with other levers that holds the first one's relays, both at their end."""
    first = Recorded(case, seed=12, replicate=2, relays=relays)
    first.run()
    changed = with_other(case, OTHER[other])
    second = Replayed(changed, seed=12, replicate=2, relays=relays, tape=first.tape)
    second.run()
    return first, second


@pytest.mark.one_in(5)
@pytest.mark.parametrize("other", OTHER)
@pytest.mark.parametrize("relays", [ALL, UPSTREAM], ids=["all relays", "upstream"])
@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_with_its_relays_frozen_no_position_and_no_date_changes_a_death(
    world: Callable[..., dict[str, Any]], other: str, relays: Relays
) -> None:
    first, second = replayed(scenario(world(weeks=90)), other, relays)
    one, two = state_of(first), state_of(second)
    for table in (*FATES, "government"):
        assert np.array_equal(bits(one[table]), bits(two[table])), table
    columns = [0, 1, 2, 3, 5, 8]  # deaths, displaced, threat, places attacked
    assert np.array_equal(bits(first.series[:, columns]), bits(second.series[:, columns]))
    assert any(not np.array_equal(one[table], two[table]) for table in ("actors", "world"))
    assert first.series[:, 0].any()


def ruled_by(role: str) -> dict[str, Any]:
    """Return the war of three groups under a government that responds at home."""
    raw = three_at_war(weeks=90)
    raw["country"]["government"] |= {"role": role, "capacity": 0.8, "accountability": 0.6}
    return raw


NEWER: dict[str, dict[str, Any]] = {
    "a bystander responds": ruled_by("bystander"),
    "a protector responds": ruled_by("protector"),
    "leaders look ahead": three_at_war(forms={"foresight": "forward_looking"}, weeks=90),
    "the government falls": overthrow(action={"start": 0}, weeks=110),
    "warnings are acted upon, and lose credit": three_at_war(
        interventions=MEASURES | {"early_action": {}},
        # Noise above a danger that grows slowly: false alarms.
        parameters=VIOLENT
        | {
            "credit_loss": 0.5,
            "signal_noise": 0.8,
            "alarm_deaths": 0.3,
            "alarm_flight": 0.3,
            "alarm_threat": 0.3,
            "alarm_speech": 0.1,
        },
        weeks=60,
    ),
    "it begins in a ceasefire": three_at_war(
        country=three_at_war()["country"] | {"settlement": {"in_force": 1}}, weeks=60
    ),
}


@pytest.mark.one_in(5)
@pytest.mark.parametrize("other", ["other things matter more", "divided", "late", "never"])
@pytest.mark.parametrize("world", NEWER)
def test_nor_does_it_where_a_state_responds_falls_settles_or_looks_ahead(
    world: str, other: str
) -> None:
    """Response, shelter, weariness and compliance are no relays: they have to follow by themselves."""
    first, second = replayed(scenario(NEWER[world]), other, UPSTREAM)
    one, two = state_of(first), state_of(second)
    for table in (*FATES, "government"):
        assert np.array_equal(bits(one[table]), bits(two[table])), table
    assert first.series[:, 0].any()
    assert not np.array_equal(one["actors"], two["actors"])
    if world.endswith("responds"):
        assert first.government.response > 0.0 and max(place.shelter for place in first.communities)
    if world == "the government falls":
        assert first.government_changes > 0.0
    if world.startswith("warnings"):
        assert first.credit < 0.99 and first.credit != second.credit


RIVALS = [(name, form.name) for name, forms in FORMS.items() for form in forms[1:]]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("other", ["divided", "late"])
@pytest.mark.parametrize(("mechanism", "form"), RIVALS)
def test_nor_does_it_under_any_rival_form(mechanism: str, form: str, other: str) -> None:
    case = scenario(three_at_war(forms={mechanism: form}, weeks=90))
    first, second = replayed(case, other, UPSTREAM)
    one, two = state_of(first), state_of(second)
    for table in FATES:
        assert np.array_equal(bits(one[table]), bits(two[table])), table
    assert first.series[:, 0].any()
    assert not np.array_equal(one["actors"], two["actors"])


@pytest.mark.one_in(3)
@pytest.mark.parametrize("other", OTHER)
def test_nor_does_it_under_every_measure_with_all_doses_frozen(other: str) -> None:
    first, second = replayed(scenario(everything(weeks=90)), other, EVERY)
    one, two = state_of(first), state_of(second)
    for state in (one, two):
        state["government"][..., G.budget] = 0.0  # money is what the doses cost
    for table in (*FATES, "government"):
        assert np.array_equal(bits(one[table]), bits(two[table])), table
    assert not np.array_equal(one["world"], two["world"])
    assert first.series[:, 0].any()


def test_a_forbidden_arrow_into_what_programmes_move_is_caught() -> None:
    """State capacity that read the actors' unity would pass it on through every rule that it feeds."""

    def cheat(model: PreventionModel) -> None:
        model.government.capacity = model.government.capacity * (1.0 - 0.2 * spread(model))

    case = scenario(everything(weeks=60))
    first = cheating(Recorded, "steer_reform", cheat)(case, seed=12, replicate=2, relays=EVERY)
    first.run()
    second = cheating(Replayed, "steer_reform", cheat)(
        case.with_levers(dispersion=0.0), seed=12, replicate=2, relays=EVERY, tape=first.tape
    )
    second.run()
    assert not np.array_equal(first.series[:, 0], second.series[:, 0])


def test_without_freezing_the_same_changes_do_change_deaths() -> None:
    case = scenario(three_at_war(weeks=90))
    deaths = {
        name: PreventionModel(with_other(case, levers), seed=12, replicate=2).run()[1]
        for name, levers in OTHER.items()
    }
    assert len(set(deaths.values())) > 3


def spread(model: PreventionModel) -> float:
    """Return how far apart the actors stand: what no outcome may know."""
    positions = [actor.position_pressure for actor in model.actors]
    return max(positions) - min(positions)


def direct(model: PreventionModel) -> None:
    """Let fear follow the actors' unity: a forbidden arrow."""
    for place in model.communities:
        place.fear = [min(1.0, fear * (1.0 + 0.1 * spread(model))) for fear in place.fear]


def by_relay(model: PreventionModel) -> None:
    """Let a variable that may be read pass the actors' unity on."""
    model.shock_fear = model.shock_fear + 0.01 * spread(model)


def by_date(model: PreventionModel) -> None:
    """Let threat follow the date of action, through a variable that may be read."""
    if model.week >= model.settings.open_week:
        model.government.threat = model.government.threat * 0.9


def by_response(model: PreventionModel) -> None:
    """Let a state protect its people the less, the further apart outsiders stand."""
    model.government.response = model.government.response * (1.0 - 0.5 * spread(model))


def by_weariness(model: PreventionModel) -> None:
    """Let a war weary the sides the sooner, the closer outsiders stand."""
    for armed_group in model.armed_groups:
        armed_group.weariness = armed_group.weariness * (1.0 - 0.5 * spread(model))


def cheating(base: type[PreventionModel], after: str, cheat: Callable[..., None]) -> type:
    """Return a model with a forbidden arrow after a process."""

    class Cheating(base):  # type: ignore[valid-type, misc]
        def _performer(self, process: Process) -> Callable[[], object]:
            perform: Callable[[], object] = super()._performer(process)
            if process.name != after:
                return perform

            def performed() -> None:
                perform()
                cheat(self)

            return performed

    return Cheating


@pytest.mark.parametrize(
    ("after", "cheat", "other"),
    [
        ("remember", direct, "united"),
        ("strike", by_relay, "divided"),
        ("sense_threat", by_date, "late"),
    ],
    ids=["fear reads unity", "a relay passes unity on", "threat reads the date"],
)
@pytest.mark.parametrize("relays", [ALL, UPSTREAM], ids=["all relays", "upstream"])
def test_a_forbidden_arrow_is_caught_by_the_replay(
    relays: Relays, after: str, cheat: Callable[..., None], other: str
) -> None:
    case = scenario(three_at_war(weeks=60))
    first = cheating(Recorded, after, cheat)(case, seed=12, replicate=2, relays=relays)
    first.run()
    second = cheating(Replayed, after, cheat)(
        with_other(case, OTHER[other]), seed=12, replicate=2, relays=relays, tape=first.tape
    )
    second.run()
    assert not np.array_equal(first.series[:, 0], second.series[:, 0])


@pytest.mark.parametrize(
    ("after", "cheat", "world"),
    [
        ("respond", by_response, "a bystander responds"),
        ("count_losses", by_weariness, "the government falls"),
    ],
    ids=["a response at home reads unity", "exhaustion reads unity"],
)
def test_a_forbidden_arrow_at_home_is_caught_by_the_replay(
    after: str, cheat: Callable[..., None], world: str
) -> None:
    case = scenario(NEWER[world])
    first = cheating(Recorded, after, cheat)(case, seed=12, replicate=2, relays=UPSTREAM)
    first.run()
    second = cheating(Replayed, after, cheat)(
        case.with_levers(dispersion=0.0), seed=12, replicate=2, relays=UPSTREAM, tape=first.tape
    )
    second.run()
    assert not np.array_equal(first.series[:, 0], second.series[:, 0])
