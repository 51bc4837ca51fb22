"""An explanation of one pair of runs: the pair side by side, and what switching off says of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.decomposition import AS_IT_IS, decomposition, parts_by_replicate
from experiments.chain_text import DEATHS, first_difference
from experiments.provenance import cores
from experiments.side_by_side import Comparison, compare
from experiments.switching_off import NAMES, SwitchedWorlds
from experiments.walk_back import walk_back
from sim.outcomes import OUTCOMES
from sim.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything that the command says, before it is said.

    Attributes
    ----------
    scenario : the world with action.
    seed, replicate, replicates : which pair, and the number of pairs of the decomposition.
    selected : by which rule the pair was selected; empty if it was asked for.
    comparison : of the pair.
    parts : see `analysis.decomposition.decomposition`.
    pair_parts : deaths averted in the pair, by part.
    """

    scenario: Scenario
    seed: int
    replicate: int
    replicates: int
    selected: str
    comparison: Comparison
    parts: pd.DataFrame
    pair_parts: pd.Series


def explain(
    scenario: Scenario, config: Mapping[str, Any], *, replicate: int | None = None
) -> Explanation:
    """Run all pairs, and one of them side by side.

    Parameters
    ----------
    scenario : the world with action.
    config : ``seed``, ``replicates`` and ``executor``, as `experiments.config.compose` returns them.
    replicate : the pair to explain; None to let `telling_pair` select it.
    """
    seed, count = config["seed"], config["replicates"]
    worlds = SwitchedWorlds(scenario)
    how = {
        "seed": seed, "batch": config["executor"]["batch"],
        "workers": config["executor"]["workers"] or cores(),
    }  # fmt: skip
    paired = worlds.run(range(count), **how)
    chosen, selected = replicate, ""
    if chosen is None:
        chosen, selected = telling_pair(paired[paired["off"] == AS_IT_IS])
    own = paired[paired["replicate"] == chosen] if chosen < count else worlds.run([chosen], **how)
    return Explanation(
        scenario=scenario,
        seed=seed,
        replicate=chosen,
        replicates=count,
        selected=selected,
        comparison=compare(scenario, scenario.baseline(), seed=seed, replicate=chosen),
        parts=decomposition(paired, NAMES),
        pair_parts=parts_by_replicate(own, NAMES, measure="deaths").loc[chosen],
    )


def telling_pair(pairs: pd.DataFrame) -> tuple[int, str]:
    """Return the replicate to explain and the rule; it looks at baselines alone, as the demo does."""
    escalating = pairs[pairs["baseline_mass_killing"] > 0]
    if not escalating.empty:
        rule = f"the first of {len(pairs):,} pairs whose baseline becomes a mass killing"
        return int(escalating["replicate"].iloc[0]), rule
    worst = pairs.loc[pairs["baseline_direct_deaths"].idxmax()]
    rule = f"of {len(pairs):,} pairs, none a mass killing, the one with most deaths in the baseline"
    return int(worst["replicate"]), rule


def as_mapping(found: Explanation) -> dict[str, Any]:
    """Return an explanation as plain data for JSON: an end of an interval may be None."""
    scenario, rows = found.scenario, found.comparison.differences
    deaths = first_difference(rows, *DEATHS)
    outcomes = [
        dict(zip((one.name for one in OUTCOMES), run.tolist(), strict=True))
        for run in found.comparison.outcomes
    ]
    return {
        "country": scenario.country.name,
        "seed": found.seed,
        "replicate": found.replicate,
        "selected": found.selected or None,
        "replicates": found.replicates,
        "shock_week": scenario.shock_week,
        "open_week": scenario.open_week if np.isfinite(scenario.open_week) else None,
        "mechanisms": dict(scenario.switches),
        "differ": not rows.empty,
        "first_difference": _records(rows.head(1))[0] if len(rows) else None,
        "first_difference_in_deaths": None
        if deaths is None
        else _records(rows.loc[[deaths.name]])[0],
        "way_back": _records(walk_back(rows, deaths)),
        "differences": _records(rows),
        "differing_at_end": found.comparison.differing_at_end,
        "states": found.comparison.states,
        "outcomes": {"with_action": outcomes[0], "without": outcomes[1]},
        "weekly": _records(found.comparison.weekly),
        "decomposition": _records(found.parts),
        "pair_deaths_averted": {name: float(value) for name, value in found.pair_parts.items()},
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
