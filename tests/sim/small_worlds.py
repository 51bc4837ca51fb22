"""Worlds that tests of the model run: Burundi as it is, and small made-up countries."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.country_generator import generate_mapping
from sim.ensemble import FIELDS, STATE, Batch, Ensemble
from sim.interventions import CATALOGUE
from sim.scenario import Scenario

ROOT = Path(__file__).parent.parent.parent
SCENARIOS = ROOT / "scenarios"

SPECIAL: dict[str, dict[str, Any]] = {
    "order_by_best_response": {"forms": {"elite_choice": "best_response"}},
    "order_by_aspiration": {"forms": {"elite_choice": "aspiration"}},
    "foreseen": {"forms": {"foresight": "forward_looking"}},
    "response_of": {"role": "bystander"},
    "reinforced_belief": {"forms": {"belief_updating": "reinforcement"}},
    "confirmed": {"forms": {"belief_updating": "confirmation"}},
    "sheltered": {"role": "protector"},
    "recorded_too": {"recorded": {"town_01": [0.0, 0.3, 0.8], "town_02": [0.1] * 60}},
    "remnant": {"action": {"start": "never"}, "attrition_rate": 0.1},
}
"""Rules that are called under one form, role of the government, or course of a war alone."""

MEASURES: dict[str, dict[str, Any]] = {
    "mediation": {}, "peacekeeping": {}, "humanitarian_aid": {},
}  # fmt: skip
ALL_MEASURES: dict[str, dict[str, Any]] = {
    **{name: {} for name in CATALOGUE},
    "decentralisation": {"start": 50}, "violence_reduction": {"coverage": "all"},
    "good_offices": {"trigger": "warning"}, "womens_organisations": {"trigger": "agreement"},
    "humanitarian_aid": {"coverage": "most_at_risk"},
}  # fmt: skip
"""Every measure of the catalogue, so that programmes come evenly first and by need later."""

VIOLENT = {
    "cost_kill": 0.5, "cost_expel": 0.5, "cost_restraint": 0.4, "gain_kill": 3.0,
    "settlement_friction": 0.0, "forum_bias": 0.1, "relapse_rate": 0.3, "terms_unbacked": 0.8,
    "mandate_term": 12.0, "mandate_minimum": 0.5, "mandate_friction": 0.5, "victory_rebels": 0.5,
    "lethality_kill": 0.1, "intent_kill": 2.0, "joining_rate": 0.5, "belief_evidence": 2.0,
}  # fmt: skip
"""Parameters, all within their ranges, under which crises escalate and bodies act."""
SPECIAL |= {
    key: {
        "mechanisms": {"forums": False},
        "parameters": VIOLENT | {"settlement_friction": 2.0, "settlement_hurt": 3.0},
    }
    for key in ("settlement_chance", "distrust_between")
}
SPECIAL |= {  # rules of levers that nobody pulls by default
    "consent_asked": {"parameters": VIOLENT | {"entry_consent": 0.6}},
    "carried_over": {"parameters": VIOLENT | {"needed_way": 0.6}},
}
SPECIAL["settlement_chance"]["parameters"] |= {"choice_precision": 3.0}
SPECIAL["removed_by_expulsion"] = {"parameters": VIOLENT | {"gain_kill": 0.3}}


def read_yaml(group: str, name: str = "burundi_2015") -> dict[str, Any]:
    """Return one scenario file as a plain mapping."""
    read = yaml.safe_load((SCENARIOS / group / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def burundi(**entries: Any) -> dict[str, Any]:
    """Return Burundi with the three measures at their defaults; entries replace its own."""
    return {
        "country": read_yaml("country"),
        "actors": read_yaml("actors"),
        "interventions": copy.deepcopy(MEASURES),
        "action": {"start": 0},
        "weeks": 110,
    } | entries


def two_groups(**arguments: Any) -> dict[str, Any]:
    """Return a made-up country of 30 towns, two groups and a camp across each of two borders."""
    return generate_mapping(
        **({"communities": 30, "groups": 2, "neighbours": 2, "seed": 7} | arguments)
    )


def three_groups(**arguments: Any) -> dict[str, Any]:
    """Return a made-up country of three groups with a second rebellion and two shocks."""
    country = two_groups(**({"groups": 3, "seed": 6, "people": 60_000.0} | arguments))
    ruling, _, third = country["groups"]
    country["armed_groups"]["rebels"]["strength"] = 2000.0
    country["armed_groups"]["front"] = {
        "kind": "rebel", "side": third, "target": ruling, "strength": 4000.0, "discipline": 0.2,
    }  # fmt: skip
    country["shocks"] = [
        {"week": 6, "threat": 0.6, "grievance": 0.4, "fear": 0.5},
        {"week": 60, "threat": 0.4, "grievance": 0.4, "fear": 0.3},
    ]
    return country


def equal_actors(endowment: float) -> dict[str, Any]:
    """Return Burundi's actors with the same endowment each (million USD), patrons among them."""
    actors = read_yaml("actors")
    for row in actors["actors"].values():
        row["endowment"] = endowment
    actors["actors"]["russia_and_china"]["tie"] = 0.5
    actors["actors"]["rwanda"]["tie"] = -0.4
    return actors


def three_at_war(**entries: Any) -> dict[str, Any]:
    """Return the three groups in a war in which mandates, agreements and empty purses occur."""
    return {
        "country": three_groups(),
        "actors": equal_actors(20.0),
        "interventions": copy.deepcopy(MEASURES),
        "action": {"start": 0},
        "parameters": dict(VIOLENT),
        "weeks": 110,
    } | entries


def overthrow(**entries: Any) -> dict[str, Any]:
    """Return the war of three groups in which the state loses more than it can replace."""
    parameters = three_at_war()["parameters"] | {"attrition_rate": 0.1}
    return three_at_war(**({"action": {"start": "never"}, "parameters": parameters} | entries))


def everything(**entries: Any) -> dict[str, Any]:
    """Return the war of three groups under every measure at once, with money for all of them."""
    country = three_groups()
    country["government"] |= {"budget": 30.0, "role": entries.pop("role", "perpetrator")}
    country["recorded_violence"] = entries.pop("recorded", {})
    if "attrition_rate" in entries:
        entries["parameters"] = VIOLENT | {"attrition_rate": entries.pop("attrition_rate")}
    country["society"] = {**country.get("society", {}), "inequality": 0.3}
    country["shocks"].append(
        {
            "rate": 2.0,
            "threat": 0.3,
            "grievance": 0.1,
            "fear": 0.2,
            "division": 0.2,
            "livelihoods": 0.1,
            "arms": 0.1,
        }
    )
    country["neighbours"]["neighbour_1"]["support"] = -0.6
    country["neighbours"]["neighbour_2"]["support"] = 0.4
    for place in country["places"].values():
        if "neighbour" in place:
            place["capacity"] = 50.0
    return three_at_war(
        **(
            {
                "country": country,
                "interventions": copy.deepcopy(ALL_MEASURES),
                "actors": equal_actors(200.0),
            }
            | entries
        )
    )


def small_war(**entries: Any) -> dict[str, Any]:
    """Return the war of three groups in a dozen towns."""
    country = three_groups(communities=12)
    country["shocks"][0]["week"] = 2
    return three_at_war(**({"country": country, "weeks": 40} | entries))


def peaceful() -> dict[str, Any]:
    """Return a small made-up world whose every entry can be misspelt."""
    return {
        "country": two_groups(communities=3, neighbours=1),
        "actors": {
            "mean": [0.5, 0.5],
            "dispersion": 0.5,
            "rule": {"quota": 0.5},
            "actors": {
                "council": {
                    "kind": "un", "weight": 1, "veto": True, "salience": 0.4, "endowment": 10,
                    "contribution": 0.2, "deviation": [0.5, 0.5],
                },
                "union": {
                    "kind": "regional", "weight": 1, "veto": False, "salience": 0.4,
                    "endowment": 10, "contribution": 0.2, "deviation": [-0.5, -0.5],
                },
            },
        },
        "interventions": {
            name: {"start": 0, "ramp": 1, "duration": "sustained", "coverage": "all", "cost": 0.001,
                   "intensity": 0.5}
            for name in CATALOGUE
        },
        "action": {"start": 0, "arrival": "bargained"},
        "parameters": {"flight_ceiling": 0.02},
        "weeks": 20,
    }  # fmt: skip


def put(raw: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of a mapping with one entry, given by its dotted path, replaced."""
    changed = copy.deepcopy(raw)
    *way, last = path.split(".")
    entry = changed
    for key in way:
        entry = entry[int(key)] if isinstance(entry, list) else entry[key]
    entry[last] = value
    return changed


def scenario(mapping: dict[str, Any], **entries: Any) -> Scenario:
    """Return the scenario of a mapping, some of its entries replaced."""
    return Scenario.from_mapping({**mapping, **entries})


def started(*scenarios: Scenario, replicates: int = 1, seed: int = 1) -> Batch:
    """Return a batch at week 0: replicates 0, 1, .. of the first scenario, then of the next."""
    return Ensemble(list(scenarios)).start(
        np.repeat(np.arange(len(scenarios)), replicates),
        np.tile(np.arange(replicates), len(scenarios)),
        seed,
    )


def finished(*scenarios: Scenario, replicates: int = 1, seed: int = 1) -> Batch:
    """Return such a batch at its horizon."""
    batch = started(*scenarios, replicates=replicates, seed=seed)
    batch.advance(scenarios[0].weeks)
    return batch


def bits(column: Any) -> np.ndarray:
    """Return floats as their bits, in which 0 and -0 differ."""
    return np.ascontiguousarray(np.asarray(column, dtype=np.float64)).view(np.uint64)


def same_bits(first: Batch, second: Batch, *, but: tuple[str, ...] = ()) -> bool:
    """Return whether two batches are equal in all state (but some tables), series and outcomes."""
    return (
        all(
            np.array_equal(bits(first.state[name]), bits(second.state[name]))
            for name in STATE
            if name not in but
        )
        and np.array_equal(bits(first.series), bits(second.series))
        and np.array_equal(bits(first.outcomes), bits(second.outcomes))
    )


def rows_differ(batch: Batch, first: int, second: int, *, but: tuple[int, ...] = ()) -> list[str]:
    """Return the fields in which two runs of a batch differ; `but` are fields of the actors."""
    found = []
    for name, table in zip(STATE, FIELDS, strict=True):
        columns = batch.state[name]
        for position, field in enumerate(table):
            if name == "actors" and position in but:
                continue
            one, other = columns[first, position], columns[second, position]
            if not np.array_equal(bits(one), bits(other)):
                found.append(f"{name}.{field.name}")
    if not np.array_equal(bits(batch.series[first]), bits(batch.series[second])):
        found.append("series")
    if not np.array_equal(bits(batch.outcomes[first]), bits(batch.outcomes[second])):
        found.append("outcomes")
    return found
