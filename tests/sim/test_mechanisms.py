"""Every mechanism has a switch: off, something neutral stands in for it, in both engines alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import (
    MEASURES,
    VIOLENT,
    burundi,
    everything,
    finished,
    rows_differ,
    scenario,
    started,
    three_at_war,
)

from sim.ensemble import STATE, Ensemble
from sim.errors import ScenarioError
from sim.fields import A, C, G, I, M, Q, S, W
from sim.initial import initial_columns
from sim.kinds import REBEL
from sim.mechanisms import DELIVERY, MECHANISMS
from sim.model import PreventionModel
from sim.outcomes import O, Z
from sim.schedule import WEEK

NAMES = tuple(mechanism.name for mechanism in MECHANISMS)
_TOSS = np.random.default_rng(20_15)
COMBINATIONS = [
    *({name: False} for name in NAMES),
    dict.fromkeys(NAMES, False),
    *(dict(zip(NAMES, (_TOSS.random(len(NAMES)) < 0.5).tolist(), strict=True)) for _ in range(30)),
]


def off(*names: str, **entries: Any) -> dict[str, Any]:
    return burundi(mechanisms=dict.fromkeys(names, False), weeks=156, **entries)


def test_every_step_of_the_week_belongs_to_a_mechanism_or_only_records() -> None:
    own = {process.mechanism for process in WEEK if process.stage != "record"}
    assert own == {mechanism.file for mechanism in MECHANISMS} | {DELIVERY}
    columns = initial_columns(scenario(burundi(mechanisms={"flight": False})))
    assert columns.settings[S.flight] == 0.0
    assert all(columns.settings[getattr(S, name)] == 1.0 for name in NAMES if name != "flight")


@pytest.mark.one_in(8)
@pytest.mark.parametrize("switches", COMBINATIONS, ids=lambda on: "-".join(map(str, on)))
def test_both_engines_are_equal_whatever_is_off(switches: dict[str, bool]) -> None:
    case = scenario(everything(weeks=60, mechanisms=switches))
    batch, model = started(case, seed=3), PreventionModel(case, seed=3)
    for _ in range(6):
        batch.advance(10)
        for _ in range(10):
            model.step()
        assert_same_state(model, batch)
    assert_same_record(model, batch)


def test_off_means_what_the_table_says() -> None:
    """The neutral replacements that can be seen in the state, with everything else on."""
    ended = {
        name: finished(scenario(three_at_war(weeks=80, mechanisms={name: False})), replicates=8)
        for name in NAMES
    }
    plain = finished(scenario(three_at_war(weeks=80)), replicates=8)
    assert (plain.outcomes[:, O.direct_deaths] > 0).any()  # what follows is not empty
    assert (ended["elite_choice"].state["armed"][:, A.order] == 0).all()
    presence = ended["mobilisation"].state["presence"]
    recruiting = ended["mobilisation"].state["armed"][0, A.kind] != 0
    assert (presence[:, M.armed] == presence[:, M.standing])[:, recruiting].all()
    assert (ended["killing"].outcomes[:, O.direct_deaths] == 0).all()
    assert (ended["flight"].outcomes[:, O.displaced] == 0).all()
    assert (ended["indirect_deaths"].outcomes[:, O.indirect_deaths] == 0).all()
    warned = ended["early_warning"].state
    assert (warned["actors"][:, I.signal] == warned["world"][:, W.alarm, None]).all()
    heeded = ended["agenda"].state["actors"]
    assert (heeded[:, I.attention] == heeded[:, I.salience_usual]).all()
    assert (heeded[:, I.fatigue] == 0).all()
    believed = ended["credibility"].state["armed"][:, A.belief]
    assert (believed == believed[0, 0]).all()
    assert (ended["settlement"].series[:, :, Z.agreement] == 0).all()
    assert plain.series[:, :, Z.agreement].any()
    at_start = started(scenario(everything())).state
    fields_of = {
        "trust": [("people", Q.trust), ("people", Q.norms), ("people", Q.hate)],
        "domestic_reform": [
            ("people", Q.exclusion), ("communities", C.justice), ("communities", C.livelihoods),
            ("communities", C.civil_society), ("government", G.courts),
        ],
        "contest": [
            ("communities", C.control), ("world", W.control), ("world", W.victory),
            ("armed", A.weariness), ("communities", C.rebel_losses), ("communities", C.state_losses),
        ],
        "shocks": [
            ("world", field) for field in
            (W.shock_threat, W.shock_grievance, W.shock_fear, W.shock_division, W.shock_arms, W.slump)
        ],
        "split_resources": [("actors", I.outside), ("world", W.incentives), ("world", W.backing)],
        "forums": [("actors", I.forum)],
        "moral_hazard": [("world", W.rescue)],
        "sovereignty_backlash": [("world", W.backlash)],
        "acceleration": [("world", W.urgency)],
        "displaced_violence": [("presence", M.pushed)],
        "diverted_aid": [("world", W.diverted), ("world", W.aid_lost)],
        "suppressed_speech": [("communities", C.suppressed)],
        "hollow_presence": [("communities", C.false_safety)],
    }  # fmt: skip
    moves = started(scenario(everything()), replicates=4)
    moved: set[tuple[str, int]] = set()
    for _ in range(80):
        moves.advance(1)
        for held in fields_of.values():
            for table, field in held:
                if (moves.state[table][:, field] != at_start[table][0, field]).any():
                    moved.add((table, field))
    for name, held in fields_of.items():
        # A government that falls hands exclusion on, whether there are reforms or not.
        kept = {"contest": False} if name == "domestic_reform" else {}
        batch = started(scenario(everything(mechanisms={name: False, **kept})), replicates=4)
        for _ in range(80):
            batch.advance(1)
            for table, field in held:
                same = batch.state[table][:, field] == at_start[table][0, field]
                assert same.all(), (name, table, field)
        assert set(held) <= moved, (name, "does not move when it is on either")
    week = scenario(burundi()).shock_week
    struck, spared = (
        finished(scenario(burundi(weeks=week + 1, mechanisms={"shocks": on})), replicates=20)
        for on in (True, False)
    )
    assert struck.series[:, week, Z.threat].min() > 0.1 > spared.series[:, week, Z.threat].max()


def test_where_nobody_opens_a_forum_the_choice_of_forums_makes_no_difference_to_the_bit() -> None:
    on, off = (
        scenario(
            three_at_war(mechanisms={"forums": choice}, parameters=VIOLENT | {"forum_cost": 1.0})
        )
        for choice in (True, False)
    )
    batch = finished(on, off, replicates=6)
    assert all(rows_differ(batch, number, 6 + number) == [] for number in range(6))
    assert (batch.state["world"][:, W.forums] <= 1.0).all()


def test_without_bargaining_the_declared_mean_is_adopted() -> None:
    actors = burundi()["actors"] | {"mean": [0.4, 0.55]}
    batch = finished(scenario(off("mandate_bargaining", actors=actors)), replicates=4)
    world = batch.state["world"]
    scale = world[:, W.mandate_scale]
    assert (scale > 0).all()
    assert np.array_equal(world[:, W.policy_pressure], scale * 0.4)
    assert np.array_equal(world[:, W.policy_protection], scale * 0.55)


def test_without_deployment_all_that_the_mandate_asks_for_is_there_in_the_same_week() -> None:
    batch = started(scenario(off("deployment")), replicates=6)
    arrived = False
    for _ in range(120):
        batch.advance(1)
        world = batch.state["world"]
        asked = world[:, W.troops_requested] * world[:, W.mandate_scale]
        # Less only where the money has run out.
        rich = batch.state["actors"][:, I.endowment].sum(axis=1) > 1.0
        assert np.allclose(world[rich, W.troops_deployed], asked[rich], rtol=1e-12, atol=1e-9)
        arrived = arrived or bool((asked > 0).any())
    assert arrived


def test_the_shock_of_a_country_is_not_felt_in_the_camps_abroad() -> None:
    case = scenario(burundi(mechanisms={"killing": False, "mobilisation": False}))
    batch = started(case.baseline(), replicates=2)
    batch.advance(int(case.shock_week) + 1)
    abroad = batch.state["communities"][0, C.abroad] > 0.5
    for field in (Q.fear, Q.grievance):
        before = started(case.baseline(), replicates=2).state["people"][:, field]
        change = batch.state["people"][:, field] - before
        assert not change[:, :, abroad].any()
        assert change[:, :, ~abroad].max() > 0.01


TOGETHER = (
    "mandate_bargaining", "split_resources", "forums", "credibility", "correlated_error",
)  # fmt: skip
"""Mechanisms 9 to 13, the only ones through which unity acts."""


@pytest.mark.one_in(2)
@pytest.mark.parametrize("arrival", ["bargained", 13])
def test_without_what_actors_do_together_unity_has_no_effect_to_the_bit(arrival: str | int) -> None:
    def world(dispersion: float, on: bool) -> Any:
        actors = burundi()["actors"] | {"dispersion": dispersion}
        return scenario(
            burundi(
                actors=actors,
                action={"start": 0, "arrival": arrival},
                mechanisms=dict.fromkeys(TOGETHER, on),
                weeks=156,
            )
        )

    ends = [finished(world(dispersion, False), replicates=500) for dispersion in (0.0, 0.5, 1.0)]
    for end in ends[1:]:
        for name in STATE:
            first, second = ends[0].state[name], end.state[name]
            if name == "actors":  # where they stand is what was varied
                first, second = first[:, I.weight :], second[:, I.weight :]
            assert np.array_equal(first, second), name
        assert np.array_equal(ends[0].series, end.series)
    bargained = [finished(world(dispersion, True), replicates=40) for dispersion in (0.0, 1.0)]
    assert not np.array_equal(bargained[0].series, bargained[1].series)


#: What falls (-1) or rises (+1) when a mechanism is switched off, in Burundi with action at week 0.
MOVES = [
    ("elite_choice", "direct_deaths", -1),
    ("mobilisation", "direct_deaths", -1),
    ("killing", "direct_deaths", -1),
    ("flight", "displaced", -1),
    ("indirect_deaths", "indirect_deaths", -1),
    ("trust", "hate", -1),
    ("early_warning", "disagreement", -1),
    ("agenda", "largest_scale", -1),
    ("mandate_bargaining", "largest_scale", +1),
    ("split_resources", "most_peacekeepers", +1),
    ("forums", "displaced", +1),
    ("credibility", "belief", +1),
    ("correlated_error", "disagreement", +1),
    ("deployment", "most_peacekeepers", +1),
    ("domestic_reform", "grievance", +1),
    ("domestic_response", "log_deaths", +1),
    ("contest", "rebels", +1),
    ("settlement", "weeks_settled", -1),
    ("shocks", "direct_deaths", -1),
    ("moral_hazard", "rebels", -1),
    ("sovereignty_backlash", "threat", -1),
    ("acceleration", "log_deaths", -1),
    ("displaced_violence", "attacks_on_weak_spots", -1),
    ("diverted_aid", "aid", +1),
    ("suppressed_speech", "grievance", -1),
    ("hollow_presence", "displaced", +1),
]
#: What makes a small effect show within 500 runs, by mechanism.
SHOWN_IN: dict[str, dict[str, float]] = {
    "acceleration": {"acceleration": 3.0, "deployment_delay": 40.0},
    "displaced_violence": {
        "violence_shift": 1.0,
        "deployment_delay": 2.0,
        "deterrence": 1.0,
        "enforcement_prior": 0.9,
        "troops_half": 0.2,
    },
    "hollow_presence": {"lulled": 1.0, "deployment_delay": 2.0},
    "domestic_response": {"bystander_response": 1.0},
}


REFORMS: dict[str, dict[str, Any]] = {"managing_diversity": {}, "counter_speech": {}}


def test_every_mechanism_has_a_row_among_the_moves() -> None:
    assert [name for name, _, _ in MOVES] == list(NAMES)


@pytest.mark.long
@pytest.mark.parametrize(("name", "statistic", "sign"), MOVES, ids=NAMES)
def test_a_mechanism_moves_what_it_should(name: str, statistic: str, sign: int) -> None:
    """Paired on the same noise, with a 99.9 % interval of the mean difference."""
    divided = burundi()["actors"] | {"dispersion": 1.0}
    # Agreements are rare in Burundi, where nobody hurts enough; the divided protect no place there.
    world = three_at_war if name == "settlement" else burundi
    if name in ("displaced_violence", "acceleration"):
        divided["dispersion"] = 0.0
    country = burundi()["country"]
    if name == "domestic_response":  # the state of Burundi is no protector
        country["government"]["role"] = "protector"
    settings = {"country": country} if world is burundi else {}
    worlds = [
        scenario(
            world(
                **settings,
                weeks=156,
                actors=divided,
                mechanisms={name: on},
                interventions=MEASURES | REFORMS,
                parameters=(VIOLENT if world is three_at_war else {}) | SHOWN_IN.get(name, {}),
            )
        )
        for on in (True, False)
    ]
    runs = 500
    batch = Ensemble(worlds).start(np.repeat([0, 1], runs), np.tile(np.arange(runs), 2), 5)
    weak_spots, aid = np.zeros(2 * runs), np.zeros(2 * runs)
    for _ in range(78):
        batch.advance(2)
        places = batch.state["communities"]
        weak = places[:, C.protection] < places[:, C.protection].mean(axis=1, keepdims=True)
        attacked = batch.state["presence"][:, M.attacked].any(axis=1)
        weak_spots += (weak & attacked).sum(axis=1)
        aid += places[:, C.aid].sum(axis=1)
    armed = batch.state["armed"]
    values = {
        "largest_scale": batch.series[:, :, Z.mandate_scale].max(axis=1),
        "most_peacekeepers": batch.series[:, :, Z.peacekeepers].max(axis=1),
        "belief": batch.state["armed"][:, A.belief].mean(axis=1),
        "hate": batch.state["people"][:, Q.hate].mean(axis=(1, 2)),
        "rebels": np.where(armed[:, A.kind] == REBEL, armed[:, A.strength], 0.0).sum(axis=1),
        "threat": batch.series[:, :, Z.threat].mean(axis=1),
        "log_deaths": np.log1p(batch.outcomes[:, O.direct_deaths]),
        "aid": aid,
        "grievance": batch.state["people"][:, Q.grievance].mean(axis=(1, 2)),
        "attacks_on_weak_spots": weak_spots,
        "disagreement": batch.state["actors"][:, I.signal].std(axis=1),
        "weeks_settled": batch.series[:, :, Z.agreement].sum(axis=1),
    }
    measured = (
        values[statistic] if statistic in values else batch.outcomes[:, getattr(O, statistic)]
    )
    difference = measured[runs:] - measured[:runs]
    half = 3.29 * difference.std(ddof=1) / np.sqrt(difference.size)
    assert sign * difference.mean() - half > 0.0, (difference.mean(), half)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"flihgt": False}, "mechanisms: unknown name 'flihgt', did you mean 'flight'?"),
        ({"flight": 0}, "mechanisms.flight: 0 is not allowed, expected true or false"),
        (["flight"], "mechanisms: ['flight'] is not allowed, expected a mapping"),
    ],
)
def test_a_mistaken_switch_is_one_clear_line(entry: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(burundi(mechanisms=entry))
    assert str(caught.value).startswith(said)
