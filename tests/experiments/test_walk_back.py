"""The way back from the first death that differs goes through what each process reads."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from experiments.chain_text import DEATHS, first_difference
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.side_by_side import compare
from experiments.walk_back import read_by, walk_back, way_said
from sim.schedule import WEEK

PAIR = [
    (1, "mandate_bargaining", "convene", "world", "acting"),
    (1, "split_resources", "go_alone", "actors", "outside"),
    (1, "split_resources", "add_up_leverage", "world", "pressure"),
    (1, "indirect_deaths", "lose_to_hardship", "people", "died"),
    (2, "record", "record", "world", "killed"),
    (4, "elite_choice", "choose_order", "armed", "order"),
    (4, "killing", "suffer_attacks", "people", "residents"),
    (4, "killing", "suffer_attacks", "people", "killed"),
    (5, "flight", "flee", "people", "arrivals"),
]
"""A made-up pair: actors who act press, leaders heed it, and others die of hardship meanwhile."""


def made_up() -> pd.DataFrame:
    return pd.DataFrame(PAIR, columns=["week", "mechanism", "process", "table", "field"])


def test_the_way_back_goes_through_what_each_process_reads_and_leaves_the_rest_out() -> None:
    rows = made_up()
    way = walk_back(rows, first_difference(rows, *DEATHS))
    assert way["came_from"].to_dict() == {0: [], 1: [0], 2: [1], 5: [2], 7: [5]}
    assert list(way["field"]) == ["acting", "outside", "pressure", "order", "killed"]


def test_it_is_said_from_the_death_backwards() -> None:
    rows = made_up()
    said = way_said(rows, first_difference(rows, *DEATHS))
    way = (
        "killed (week 4, killing); order (week 4, elite choice); pressure (week 1, split resources); "
        "outside (week 1, split resources); acting (week 1, mandate bargaining)."
    )
    assert way in said and "Of the 7 states" in said and "4 lie on such a way" in said
    assert "none to go back from" in way_said(rows, None)
    assert walk_back(rows, None).empty


def test_what_the_process_of_a_state_does_not_read_is_not_on_the_way() -> None:
    """Of one process nothing comes from what the same process sets, or from what comes later."""
    rows = made_up()
    rows.loc[2] = (1, "adverse_effects", "provoke", "world", "rescue")  # leaders do not read it
    way = walk_back(rows, first_difference(rows, *DEATHS))
    assert way["came_from"].to_dict() == {5: [], 7: [5]}


def test_in_a_real_pair_all_ways_lead_back_to_what_sets_the_worlds_apart() -> None:
    """Nothing else came from nowhere: the loops are read in full, with what they call."""
    case = scenario_of(compose(["weeks=36", "action.start=-4"]))
    rows = compare(case, case.baseline(), seed=1, replicate=3).differences
    last = rows.iloc[-1]
    assert len(rows) > 60
    roots = {
        rows.loc[at, "field"]
        for at in rows.index
        for way in [walk_back(rows, rows.loc[at])]
        for at in way.index[~way["came_from"].astype(bool)]
    }
    # Both are set by the date of action, a setting and no state.
    assert roots == {"acting"}, roots
    assert last.name in walk_back(rows, last).index


def test_a_planted_shock_is_where_the_way_back_ends() -> None:
    case = scenario_of(compose(["weeks=44"]))
    (shock,) = case.shocks
    other = replace(case, shocks=(replace(shock, threat=0.9),))
    rows = compare(other, case, seed=1, replicate=3).differences
    last = rows.iloc[-1]
    way = walk_back(rows, last)
    assert list(way.index[~way["came_from"].astype(bool)]) == [0]
    assert way["field"].iloc[0] == "shock_threat"


def test_what_a_process_only_sets_it_does_not_read() -> None:
    leaders, attacks = read_by("elite_choice", "choose_order"), read_by("killing", "suffer_attacks")
    assert ("armed", "resolve") not in leaders and ("armed", "order") in leaders
    doses = read_by("programmes", "apply_measures")
    assert ("world", "rescue") not in doses and ("world", "mediation") in doses
    assert ("presence", "attacked") not in attacks and ("people", "residents") in attacks


@pytest.mark.parametrize("process", WEEK, ids=[process.name for process in WEEK])
def test_what_every_process_reads_is_found(process: object) -> None:
    assert read_by(process.mechanism, process.name)  # type: ignore[attr-defined]
