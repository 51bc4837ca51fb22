"""Explaining a pair: the side-by-side runs are ordinary ones, and what is said of them is so."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.decomposition import AS_IT_IS, REMAINDER, TOTAL, parts_by_replicate
from analysis.names import written
from experiments.chain_text import ACTION, DEATHS, Worlds, _values, before, chain, first_difference
from experiments.command import run_command
from experiments.config import compose
from experiments.designs import scenario_of
from experiments.explain import main, read_replicate
from experiments.explain_text import WIDTH, few_said, text, weeks_table
from experiments.explanation import Explanation, as_mapping, explain, telling_pair
from experiments.side_by_side import (
    WEEKLY,
    WITH,
    WITHOUT,
    Comparison,
    Differences,
    Slot,
    WatchedModel,
    compare,
    compare_while,
)
from experiments.story_text import story
from experiments.switching_off import NAMES, SwitchedWorlds
from sim.engines import run
from sim.ensemble import FIELDS, STATE, Ensemble
from sim.fields import WORLD
from sim.outcomes import SERIES, O
from sim.scenario import Scenario
from sim.schedule import WEEK

WEEKS = 50
"""Long enough for deaths to differ in some pairs, short enough for a test."""


@cache
def world(*overrides: str) -> Scenario:
    return scenario_of(compose([f"weeks={WEEKS}", *overrides]))


@cache
def chosen() -> int:
    """Return the first replicate from 1 on whose direct deaths differ within `WEEKS`."""
    table = SwitchedWorlds(world()).run(range(1, 40), seed=1, off=[AS_IT_IS])
    differ = table[table["direct_deaths"] != table["baseline_direct_deaths"]]
    return int(differ["replicate"].iloc[0])


@cache
def pair(*overrides: str) -> Comparison:
    case = world(*overrides)
    return compare(case, case.baseline(), seed=1, replicate=chosen())


@cache
def explained() -> Explanation:
    config = compose(["replicates=12", f"weeks={WEEKS}", "mechanisms.settlement=false"])
    return explain(scenario_of(config), config)


# --- side by side ---------------------------------------------------------------------------------


def test_the_side_by_side_runs_end_as_ordinary_runs_of_both_engines_to_the_bit() -> None:
    case = world()
    asked: dict[str, Any] = {
        "scenario": np.arange(2),
        "replicate": np.full(2, chosen()),
        "seed": 1,
    }
    names = [series.name for series in SERIES]
    for engine in ("agents", "compiled"):
        ordinary = run([case, case.baseline()], engine=engine, **asked)
        assert pair().outcomes.tobytes() == ordinary.outcomes.tobytes()
        for arm, end in enumerate((WITH, WITHOUT)):
            for name in WEEKLY:
                weeks = ordinary.series[arm, :, names.index(name)]
                assert pair().weekly[name + end].to_numpy().tobytes() == weeks.tobytes()
    assert pair().outcomes[0, O.direct_deaths] != pair().outcomes[1, O.direct_deaths]


def test_a_comparison_that_nobody_wants_any_more_ends_and_one_that_is_wanted_is_the_same() -> None:
    case = world()
    told: list[int] = []

    def until(week: int, asked: int) -> bool:
        told.append(asked)
        return asked < week

    both = (case, case.baseline())
    assert compare_while(partial(until, 3), *both, seed=1, replicate=chosen()) is None
    assert told == [0, 1, 2, 3]
    told.clear()
    whole = compare_while(partial(until, case.weeks), *both, seed=1, replicate=chosen())
    assert told == list(range(case.weeks))
    assert whole is not None
    pd.testing.assert_frame_equal(whole.differences, pair().differences)


def test_a_moment_is_kept_after_every_process_of_the_schedule() -> None:
    model = WatchedModel(world("mechanisms.flight=false"), seed=1, replicate=chosen())
    for week in range(5):
        model.moments.clear()
        model.step()
        due = [
            process
            for process in WEEK
            if week % process.every == 0 and process.mechanism != "flight"
        ]
        assert [moment.process for moment in model.moments] == due


def test_every_field_of_every_agent_is_compared() -> None:
    case = world()
    batch = Ensemble([case]).start(np.zeros(1, int), np.zeros(1, int), 1)
    assert pair().states == sum(batch.state[name][0].size for name in STATE)


def test_the_weeks_of_first_differences_are_those_of_the_compiled_columns() -> None:
    """An oracle that knows no processes: the two columns at the end of every week."""
    case = world()
    batch = Ensemble([case, case.baseline()]).start(np.arange(2), np.full(2, chosen()), 1)
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for week in range(WEEKS):
        batch.advance(1)
        for table, fields in zip(STATE, FIELDS, strict=True):
            one, other = batch.state[table]
            for position, field in enumerate(fields):
                if count := int(np.sum(one[position] != other[position])):
                    first.setdefault((table, field.name), (week, count))
    rows = pair().differences
    noted = {(row["table"], row["field"]): row for row in rows.to_dict("records")}
    assert set(first) <= set(noted)
    for name, (week, _) in first.items():
        # A difference within a week may be gone at its end, but none comes later than it is seen.
        assert noted[name]["week"] <= week
    deaths = noted[DEATHS]
    assert (deaths["week"], deaths["agents"]) == first[DEATHS]
    same = [name for name, (week, _) in first.items() if noted[name]["week"] == week]
    assert len(same) > 0.9 * len(first)


def test_the_first_difference_in_deaths_is_where_and_as_large_as_the_models_say() -> None:
    case = world()
    found = first_difference(pair().differences, *DEATHS)
    assert found is not None
    assert (found["process"], found["mechanism"]) == ("suffer_attacks", "killing")
    place = case.country.places.index(found["agent"])
    group = case.country.groups.index(found["of"])
    for one, column in ((case, "with_action"), (case.baseline(), "without")):
        model = WatchedModel(one, seed=1, replicate=chosen())
        for _ in range(found["week"] + 1):
            model.step()
        assert model.communities[place].killed[group] == found[column]
    before_it = pair().weekly.iloc[: found["week"]]
    assert (before_it[f"deaths_to_date{WITH}"] == before_it[f"deaths_to_date{WITHOUT}"]).all()


# --- where a difference comes in ------------------------------------------------------------------


@pytest.mark.one_in(3)
@pytest.mark.parametrize("start", [-10, 0, 13])
def test_nothing_differs_before_action_may_start(start: int) -> None:
    case = world(f"action.start={start}", "weeks=42")
    found = pair(f"action.start={start}", "weeks=42")
    assert case.open_week == 26 + start
    assert found.differences["week"].min() == case.open_week
    early = found.weekly.iloc[: int(case.open_week)]
    assert (early["new_states"] == 0).all()
    for name in WEEKLY:
        assert (early[name + WITH] == early[name + WITHOUT]).all()


def test_equal_worlds_do_not_differ() -> None:
    found = pair("action.start=never", "weeks=30")
    assert found.differences.empty
    assert found.differing_at_end == 0
    assert (found.weekly["new_states"] == 0).all()
    (said,) = chain(found)
    assert "do not differ" in said
    assert weeks_table(found.weekly, shock_week=26) == "No week brings a difference."


@pytest.mark.parametrize(
    ("override", "week", "process", "field"),
    [
        ("parameters.agenda_competition=0.9", 0, "set_agenda", "attention"),
        ("parameters.crushing_rate=0.09", 0, "meet_in_battle", "rebel_losses"),
        # The first threat, of the threatened in week 0, is read a week later.
        ("parameters.alarm_threat=0.9", 1, "raise_alarm", "alarm"),
        # The shock of week 26 makes people fear at its end.
        ("parameters.flight_ceiling=0.04", 27, "flee", "fled_week"),
        ("actors.dispersion=0.9", -1, "outset", "position_pressure"),
    ],
)
def test_a_planted_difference_is_attributed_to_the_process_that_makes_it(
    override: str, week: int, process: str, field: str
) -> None:
    weeks = f"weeks={week + 2}"
    rows = compare(world(override, weeks), world(weeks), seed=1, replicate=chosen()).differences
    first = rows[(rows["week"] == week) & (rows["process"] == process)]
    assert field in set(first["field"])
    assert first.index[0] == 0


def test_a_planted_shock_is_found_in_its_week_with_its_size() -> None:
    case = world("weeks=28")
    (shock,) = case.shocks
    other = replace(case, shocks=(replace(shock, threat=0.9),))
    row = compare(other, case, seed=1, replicate=chosen()).differences.iloc[0]
    assert (row["week"], row["process"], row["field"]) == (shock.week, "strike", "shock_threat")
    assert (row["with_action"], row["without"]) == (0.9, shock.threat)
    assert (row["mechanism"], row["agents"]) == ("shocks", 1)


def test_a_difference_is_introduced_where_the_values_were_equal_just_before() -> None:
    slots = [Slot("world", WORLD[0], "", ""), Slot("world", WORLD[1], "", "")]
    found = Differences(slots)
    first, second, third = WEEK[:3]
    assert found.note(0, first, [1.0, 2.0], [1.0, 2.0]) == 0
    assert found.note(0, second, [1.0, 3.0], [1.0, 2.0]) == 1
    assert found.note(0, third, [1.0, 5.0], [1.0, 2.0]) == 0  # it was there before
    assert found.note(1, first, [1.0, 2.0], [1.0, 2.0]) == 0
    assert found.note(1, second, [4.0, 3.0], [1.0, 2.0]) == 2
    rows = found.table()[["week", "process", "field", "with_action", "without"]]
    assert rows.to_numpy().tolist() == [
        [0, second.name, WORLD[1].name, 3.0, 2.0],
        [1, second.name, WORLD[0].name, 4.0, 1.0],
    ]


def test_of_many_agents_the_one_with_the_largest_difference_is_named() -> None:
    found = Differences([Slot("communities", WORLD[0], name, "") for name in "abc"])
    assert found.note(3, WEEK[0], [1.0, 9.0, 2.0], [1.0, 5.0, 3.0]) == 2
    (row,) = found.table().to_dict("records")
    assert (row["agents"], row["agent"]) == (2, "b")
    assert (row["with_action"], row["without"]) == (9.0, 5.0)


# --- what is said ---------------------------------------------------------------------------------


def test_the_chain_runs_from_the_first_state_to_the_first_death() -> None:
    rows = pair().differences
    deaths = first_difference(rows, *DEATHS)
    said = chain(pair())
    assert said[0].startswith(f"Week {rows['week'].iloc[0]}, ")
    assert "the first state that differs" in said[0]
    mandate = first_difference(rows, "world", "mandate_scale")
    assert deaths is not None and mandate is not None
    scale = f"{mandate['with_action']:.3f}"
    expected = (
        f"Week {mandate['week']}, mandate bargaining: the first mandate (scale {scale}) where"
    )
    assert any(line.startswith(expected) for line in said)
    fatal = next(index for index, line in enumerate(said) if "first difference in deaths" in line)
    assert said[fatal].startswith(f"Week {deaths['week']}, killing")
    assert deaths["agent"] in said[fatal]
    weeks = [int(line.split(",")[0].split()[1]) for line in said[: fatal + 1]]
    assert weeks == sorted(weeks)
    way = before(rows, deaths)
    assert 0 < len(way) < len(rows)
    assert not ((way["week"] == deaths["week"]) & (way["process"] == deaths["process"])).any()


HERE = Worlds("\u201cA\u201d", "\u201cB\u201d", "in \u201cA\u201d", "in \u201cB\u201d", 26)


def test_the_story_tells_who_did_what_in_which_week_from_the_shock() -> None:
    found = pair()
    said = story(found, worlds=HERE)
    weekly, rows = found.weekly, found.differences
    assert said[0].startswith(
        "In the week of the shock outside actors begin to act in \u201cA\u201d"
    )
    came = {
        "first mandate": int(weekly["mandate_scale_with"].gt(0).idxmax()),
        "first peacekeepers": int(weekly["peacekeepers_with"].ge(1).idxmax()),
    }
    deaths, order = first_difference(rows, *DEATHS), first_difference(rows, "armed", "order")
    assert deaths is not None and order is not None
    came |= {"people killed first differs": deaths["week"], written(order["agent"]): order["week"]}
    for words, week in came.items():
        (line,) = [line for line in said if words in line]
        assert line.startswith(f"In week {week - 26} "), line
    weeks = [int(line.split()[2]) for line in said[1:-1]]
    assert weeks == sorted(weeks)
    killed = found.outcomes[:, O.direct_deaths]
    assert f"At the horizon {killed[0]:,.0f} people have been killed" in said[-1]
    assert f"{killed[1]:,.0f} in \u201cB\u201d; in that week, {len(weekly) - 1 - 26}, " in said[-1]


def test_the_story_says_in_which_world_a_thing_came_first() -> None:
    found = pair()
    swapped = {
        name: name.replace("_without", "_x").replace("_with", "_without").replace("_x", "_with")
        for name in found.weekly.columns
    }
    turned = replace(found, weekly=found.weekly.rename(columns=swapped))
    for words in ("first mandate", "first peacekeepers"):
        (line,) = [line for line in story(found, worlds=HERE) if words in line]
        assert line.endswith("in \u201cA\u201d; in \u201cB\u201d never.")
        (line,) = [line for line in story(turned, worlds=HERE) if words in line]
        assert line.endswith("in \u201cB\u201d; in \u201cA\u201d never.")


def test_the_story_of_equal_worlds_or_equal_deaths_says_so() -> None:
    (said,) = story(pair("action.start=never", "weeks=30"), worlds=HERE)
    assert "do not differ" in said
    deaths = first_difference(pair().differences, *DEATHS)
    assert deaths is not None
    shorter = story(pair(f"weeks={deaths['week']}"), worlds=HERE)
    assert "As many people are killed in both, in every place and week." in shorter
    assert not any("killed first differs" in line for line in shorter)


def test_steps_are_counted_from_the_week_that_is_asked_for() -> None:
    of_the_run, since = chain(pair()), chain(pair(), worlds=HERE)
    for one, other in zip(of_the_run[:-1], since[:-1], strict=True):
        if one.startswith("Week "):
            weeks = [int(line.split(",")[0].split()[1]) for line in (one, other)]
            assert weeks[0] - weeks[1] == 26
    of_a_mandate = {"with_action": 32.0, "without": -1.0, "unit": "week"}
    assert _values(of_a_mandate, HERE) == ("week 6", "none")
    assert _values(of_a_mandate, ACTION) == ("week 32", "none")


def test_a_chain_that_does_not_reach_deaths_says_where_it_ended() -> None:
    deaths = first_difference(pair().differences, *DEATHS)
    assert deaths is not None
    shorter = pair(f"weeks={deaths['week']}")
    said, last = chain(shorter), shorter.differences.iloc[-1]
    (end,) = [line for line in said if "never reaches direct deaths" in line]
    assert f"week {last['week']}, " in end and last["field"] in end
    assert not any("first difference in deaths" in line for line in said)


def test_the_text_fits_and_says_that_the_pair_was_selected() -> None:
    said = text(explained())
    assert max(map(len, said.splitlines())) <= WIDTH
    assert "It was selected, not drawn" in " ".join(said.split())
    assert "illustration and no evidence" in " ".join(said.split())
    asked = replace(explained(), selected="")
    assert "asked for by its number" in " ".join(text(asked).split())
    for name in NAMES:
        assert f"\n{name.replace('_', ' ')} " in said
    assert said.count("off in this world") == 1


def test_the_telling_pair_is_chosen_by_baselines_alone() -> None:
    pairs = pd.DataFrame({
        "replicate": [0, 1, 2, 3],
        "baseline_mass_killing": [0.0, 0.0, 1.0, 1.0],
        "baseline_direct_deaths": [10.0, 900.0, 1500.0, 4000.0],
        "direct_deaths": [0.0, 0.0, 1500.0, 0.0],
    })  # fmt: skip
    number, rule = telling_pair(pairs)
    assert number == 2 and "first of 4" in rule
    number, rule = telling_pair(pairs.assign(baseline_mass_killing=0.0))
    assert number == 3 and "most deaths" in rule


# --- parts of mechanisms --------------------------------------------------------------------------


def test_a_part_is_what_the_scenario_with_that_switch_off_does_not_avert() -> None:
    def averted(*overrides: str) -> np.ndarray:
        worlds = SwitchedWorlds(world("weeks=110", *overrides))
        table = worlds.run(range(20), seed=1, off=[AS_IT_IS])
        difference = table["baseline_direct_deaths"] - table["direct_deaths"]
        return np.asarray(difference, dtype=float)

    runs = SwitchedWorlds(world("weeks=110")).run(range(20), seed=1, batch=7, workers=2)
    parts = parts_by_replicate(runs, NAMES, measure="deaths")
    assert np.array_equal(parts[TOTAL], averted())
    for name in ("mobilisation", "flight"):
        alone = averted(f"mechanisms.{name}=false")
        assert np.array_equal(parts[name], parts[TOTAL] - alone)
        assert (parts[name] != 0).any() and alone.any()


def test_parts_and_interactions_are_the_total_exactly_and_an_absent_mechanism_has_none() -> None:
    found = explained()
    rows = found.parts.set_index(["measure", "part"])["estimate"]
    deaths = rows["deaths"]
    assert deaths.drop(TOTAL).sum() == pytest.approx(deaths[TOTAL], abs=1e-9)
    assert deaths[TOTAL] != 0 and deaths[REMAINDER] != 0
    assert deaths["settlement"] == 0 and rows["log_deaths"]["settlement"] == 0
    own = found.pair_parts
    assert own.drop(TOTAL).sum() == own[TOTAL]
    here, there = found.comparison.outcomes[:, O.direct_deaths]
    assert own[TOTAL] == there - here


def test_a_pair_beyond_the_replicates_is_explained_and_one_replicate_has_no_interval() -> None:
    config = compose(["replicates=1", f"weeks={WEEKS}"])
    found = explain(scenario_of(config), config, replicate=chosen())
    here, there = found.comparison.outcomes[:, O.direct_deaths]
    assert chosen() >= found.replicates and found.selected == ""
    assert found.pair_parts[TOTAL] == there - here != 0
    plain = json.loads(json.dumps(as_mapping(found), allow_nan=False))
    assert plain["decomposition"][0]["low"] is None
    assert "(no interval)" in text(found)


def test_lines_of_which_few_pairs_differ_are_counted_and_a_line_without_any_is_not() -> None:
    parts = explained().parts
    said = " ".join(
        few_said(parts.assign(pairs_differing=[19, 0, 20] + [500] * (len(parts) - 3)), 500)
    )
    assert "In 1 of these lines fewer than 20 pairs differ" in said
    assert few_said(parts.assign(pairs_differing=20), 500) == []
    settlement = parts[parts["part"] == "settlement"]
    assert (settlement["pairs_differing"] == 0).all() and parts["pairs_differing"].max() > 0


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("replicate=-1", ("replicate: '-1'", "between 0 and")),
        ("replicate=two", ("replicate: 'two'",)),
        ("replicat=3", ("'replicat'", "did you mean 'replicate")),
        ("action.start=0,13", ("action.start", "one value")),
        ("mechanisms.flights=false", ("mechanisms.flights", "'flight'")),
        ("engine=agents", ("engine",)),
        ("experiment=timing_unity", ("experiment",)),
        ("replicates=0", ("replicates: 0",)),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(
    capsys: pytest.CaptureFixture[str], override: str, words: tuple[str, ...]
) -> None:
    assert run_command(main, [override, "weeks=4"], name="forestall explain") == 2
    said = capsys.readouterr()
    assert len(said.err.strip().splitlines()) == 1 and not said.out
    for word in ("forestall explain: ", *words):
        assert word in said.err


def test_the_replicate_is_no_entry_of_the_configuration() -> None:
    assert read_replicate(["seed=2", "replicate=7"]) == (["seed=2"], 7)
    assert read_replicate(["replicates=7"]) == (["replicates=7"], None)


def test_the_command_prints_one_json_object_and_writes_tables_and_a_figure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["weeks=40", "replicates=3", "replicate=2", f"output={tmp_path}/e", "--json"]
    assert run_command(main, asked, name="forestall explain") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["replicate"] == 2 and found["selected"] is None
    differences = pd.read_csv(tmp_path / "e" / "differences.csv")
    assert len(differences) == len(found["differences"]) > 0
    assert found["first_difference"]["process"] == differences["process"].iloc[0]
    assert len(pd.read_csv(tmp_path / "e" / "weekly.csv")) == len(found["weekly"]) == 40
    rows = pd.read_csv(tmp_path / "e" / "decomposition.csv")
    assert set(rows["part"]) == {TOTAL, *NAMES, REMAINDER}
    assert len(rows) == len(found["decomposition"])
    assert (tmp_path / "e" / "mechanism_parts.png").stat().st_size > 10_000


def test_the_way_back_is_told_after_the_chain_and_stands_in_the_json() -> None:
    found = explained()
    deaths = first_difference(found.comparison.differences, *DEATHS)
    assert deaths is not None
    rows = as_mapping(found)["way_back"]
    assert (rows[-1]["field"], rows[-1]["week"]) == ("killed", deaths["week"])
    assert rows[0]["field"] == "acting" and rows[0]["came_from"] == []
    said = " ".join(text(found).split())
    assert "From the first death that differs back to what set the two worlds apart" in said
    assert said.index("first difference in deaths") < said.index(
        "From the first death that differs"
    )


def test_parts_can_be_of_two_worlds_that_both_act() -> None:
    early, late = world("weeks=110"), world("weeks=110", "action.start=40")
    table = SwitchedWorlds(early, against=late).run(range(20), seed=1, off=[AS_IT_IS, "flight"])
    for off, overrides in ((AS_IT_IS, ()), ("flight", ("mechanisms.flight=false",))):
        rows = table[table["off"] == off]
        for start, column in (("", "direct_deaths"), ("action.start=40", "baseline_direct_deaths")):
            levers = [start] if start else []
            alone = SwitchedWorlds(world("weeks=110", *levers, *overrides))
            runs = alone.run(range(20), seed=1, off=[AS_IT_IS])
            assert rows[column].tolist() == runs["direct_deaths"].tolist()
