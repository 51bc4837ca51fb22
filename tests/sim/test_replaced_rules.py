"""A replaced rule is used by both engines, never from an old cache, and never ignored."""

from __future__ import annotations

import copy
import json
import linecache
import subprocess
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from same_state import assert_same_record, assert_same_state
from small_worlds import SPECIAL, everything, scenario, small_war

from sim.ensemble import Ensemble
from sim.ensemble.build import cache_key
from sim.errors import ScenarioError
from sim.model import PreventionModel
from sim.outcomes import OUTCOMES, O
from sim.rules import RULES, rule_set

# --- replaced rules -------------------------------------------------------------------------------


def brave(fear: float, ceiling: float) -> float:
    """Return a smaller share of people who leave."""
    return 0.5 * ceiling * fear * fear


@pytest.mark.long
def test_a_replaced_rule_changes_both_engines_and_they_stay_equal() -> None:
    case = scenario(small_war())
    rules = {"flight_rate": brave}
    ensemble = Ensemble([case], rules=rules)
    zero = np.zeros(1, dtype=int)
    batch, model = ensemble.start(zero, zero, 1), PreventionModel(case, rules=rules)
    for _ in range(case.weeks):
        batch.advance(1)
        model.step()
        assert_same_state(model, batch)
    assert_same_record(model, batch)
    plain = Ensemble([case]).run(zero, zero, 1).outcomes
    assert 0.0 < batch.outcomes[0, O.displaced] < plain[0, O.displaced]


def test_a_replaced_rule_is_not_kept_for_the_next_run() -> None:
    case, zero = scenario(small_war(weeks=10)), np.zeros(1, dtype=int)
    before = Ensemble([case]).run(zero, zero, 1).series.tobytes()
    PreventionModel(case, rules={"flight_rate": brave}).run()
    assert rule_set().flight_rate is RULES["flight_rate"]
    assert Ensemble([case]).run(zero, zero, 1).series.tobytes() == before


@pytest.mark.one_in(5)
@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_that_may_be_replaced_is_called_when_it_is(name: str) -> None:
    """By the agents engine; that the ensemble names it too is tested with the rules."""
    case = scenario(everything(weeks=80, **SPECIAL.get(name, {})))
    calls, original = [], RULES[name]
    import functools

    @functools.wraps(original)
    def counted(*arguments: float) -> Any:
        calls.append(arguments)
        return original(*arguments)

    PreventionModel(case, replicate=3, rules={name: counted}).run()
    assert calls, f"{name} may be replaced and the replacement would be ignored"


def test_an_unknown_rule_is_one_clear_line_with_the_near_match() -> None:
    case = scenario(small_war(weeks=4))
    for make in (Ensemble, _agents):
        with pytest.raises(ScenarioError, match="did you mean 'flight_rate'") as caught:
            make([case], rules={"flihgt_rate": brave})
        assert "\n" not in str(caught.value)


def _agents(cases: list[Any], *, rules: Any) -> PreventionModel:
    return PreventionModel(cases[0], rules=rules)


def _swapped(ceiling: float, fear: float) -> float:
    return ceiling * fear


def _named_alone(fear: float, *, ceiling: float) -> float:
    return ceiling * fear


@pytest.mark.parametrize("rule", [
    lambda: 0.0, lambda fear: fear, lambda fear, ceiling, more: fear, _swapped, _named_alone, 0.5,
    None, "brave",
])  # fmt: skip
def test_a_rule_with_other_parameters_is_one_clear_line(rule: Any) -> None:
    case = scenario(small_war(weeks=4))
    for make in (Ensemble, _agents):
        with pytest.raises(ScenarioError, match=r"rules\.flight_rate") as caught:
            make([case], rules={"flight_rate": rule})
        assert "fear, ceiling" in str(caught.value)
        assert "\n" not in str(caught.value)


# --- the cache of machine code --------------------------------------------------------------------


def _from_file(path: Path, body: str) -> Callable[..., float]:
    """Return a rule written to a file: always the same name, on the same line."""
    path.write_text(f"def leaving(fear, ceiling):\n    return {body}\n", encoding="utf-8")
    linecache.checkcache(str(path))
    module = types.ModuleType("made_up_rules")
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    rule: Callable[..., float] = module.leaving
    return rule


def test_rules_with_different_bodies_have_different_keys(tmp_path: Path) -> None:
    """Same name, same file, same line; and two on one line, whose source lines are the same."""
    first = _from_file(tmp_path / "mine.py", "0.0 * fear")
    key = cache_key({"flight_rate": first})
    second = _from_file(tmp_path / "mine.py", "0.5 * fear")
    assert cache_key({"flight_rate": second}) != key
    pair = (lambda fear, ceiling: 0.0 * fear), (lambda fear, ceiling: 0.5 * fear)
    keys = [cache_key({"flight_rate": rule}) for rule in pair]
    assert keys[0][0] != keys[1][0] or not any(cacheable for _, cacheable in keys)


def test_a_rule_whose_file_has_changed_since_is_not_mistaken_for_the_new_one(
    tmp_path: Path,
) -> None:
    old = _from_file(tmp_path / "mine.py", "0.0 * fear")
    new = _from_file(tmp_path / "mine.py", "0.5 * fear")  # the old function lives on
    first, second = cache_key({"flight_rate": old}), cache_key({"flight_rate": new})
    assert first[0] != second[0] or not (first[1] or second[1])


def test_a_rule_that_reads_more_than_its_arguments_is_not_cached(tmp_path: Path) -> None:
    level = 0.25

    def closing(fear: float, ceiling: float) -> float:
        return level * fear

    assert cache_key({"flight_rate": brave})[1]
    assert not cache_key({"flight_rate": closing})[1]
    space: dict[str, Any] = {"scale": 0.5}
    exec("def leaving(fear, ceiling):\n    return scale * fear\n", space)
    assert not cache_key({"flight_rate": space["leaving"]})[1]


SESSION = """
import json, sys
import numpy as np
from pathlib import Path
import sim.ensemble.build as build
from sim.ensemble import Ensemble
from sim.outcomes import O
from small_worlds import scenario, three_at_war, three_groups
from test_replaced_rules import _from_file

# Three mechanisms are enough to see a rule at work, and compile in a quarter of the time.
names = ("strike", "remember", "flee", "take_in", "count_people", "record")
build.WEEK = tuple(process for process in build.WEEK if process.name in names)
country = three_groups(communities=5)
country["shocks"] = [{"week": 0, "fear": 0.8}]
case = scenario(three_at_war(country=country, weeks=4))
zero = np.zeros(1, dtype=int)
answers = []
for body in json.loads(sys.argv[1]):
    rules = None
    if body != "own":
        rules = {"flight_rate": _from_file(Path(sys.argv[2]), body)}
    answers.append(Ensemble([case], rules=rules).run(zero, zero, 1).outcomes[0, O.displaced])
print(json.dumps(answers))
"""


@pytest.mark.long
def test_a_rule_replaced_twice_is_never_served_from_the_old_machine_code(
    tmp_path: Path, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """In one process and in fresh ones that share the cache, from one file, name and line."""

    def session(*bodies: str) -> list[float]:
        done = python(
            SESSION, json.dumps(bodies), str(tmp_path / "mine.py"),
            FORESTALL_CACHE=str(tmp_path / "cache"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answers: list[float] = json.loads(done.stdout)
        return answers

    # Alone in its process, each is compiled, and so is the model's own.
    (nobody,), (some,), (own,) = session("0.0 * fear"), session("0.1 * fear"), session("own")
    assert nobody == 0.0 < own < some
    # Together, all three come from the cache: no function of one may be taken for the other's.
    assert session("0.1 * fear", "0.0 * fear", "own") == [some, nobody, own]
    assert session("own", "0.1 * fear", "0.0 * fear") == [own, some, nobody]
    # One is new, and compiled beside others that come from the cache.
    first, more, last = session("0.1 * fear", "0.2 * fear", "own")
    assert (first, last) == (some, own)
    assert more > some
    folders = [path for path in (tmp_path / "cache" / "forestall").iterdir() if path.is_dir()]
    assert len(folders) == 4


def test_two_rules_on_one_line_are_not_mistaken_for_each_other() -> None:
    """In one process: the second would otherwise be given the machine code of the first."""
    from sim.ensemble import build as building

    rules = (lambda fear, ceiling: 0.0 * fear), (lambda fear, ceiling: 0.1 * fear)
    keys = {building.cache_key({"flight_rate": rule}) for rule in rules}
    assert len(keys) == 2 or not any(cacheable for _, cacheable in keys)


def test_outcomes_have_names_that_are_used_once() -> None:
    names = [outcome.name for outcome in OUTCOMES]
    assert len(set(names)) == len(names)
    assert copy.copy(names) == list(O._fields)
