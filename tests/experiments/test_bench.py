"""What ``forestall bench`` reports, and that it can say that a bar was missed."""

from __future__ import annotations

import json
from math import exp

import numpy as np
import pytest

from experiments import bench, bench_bound, bench_passes, bench_runs


@pytest.mark.long
def test_the_figures_have_their_names_and_are_positive(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--json", "--weeks", "30", "--repeats", "1", "--no-compile"]) == 0
    figures = json.loads(capsys.readouterr().out)
    for size in bench.SIZES:
        for name in (
            f"compiled_over_agents_1thread_{size}",
            f"compiled_over_agents_2threads_{size}",
            f"compiled_ns_per_community_week_{size}",
            f"agents_ns_per_community_week_{size}",
            f"memory_per_replicate_kib_{size}",
        ):
            assert figures[name] > 0, name
    # Bars on time are `forestall bench --check`: a test beside other tests cannot time anything.
    assert figures["agents_over_bare_rules_200"] > 0
    assert figures["compiled_over_batch_run_200"] > 1
    assert figures["bound_ns"] > 1
    assert figures["peak_memory_mib"] > 50


@pytest.mark.parametrize(
    ("one", "two", "padding", "missed"),
    [
        (1.0, 1.0, 1.0, 0), (0.99, 1.0, 1.0, 1), (1.0, 0.99, 1.0, 1), (1.0, 1.0, 1.01, 1),
        (0.1, 0.1, 9.0, 3),
    ],
)  # fmt: skip
def test_a_missed_bar_is_said(one: float, two: float, padding: float, missed: int) -> None:
    figures = {
        "compiled_over_agents_1thread_200": one * bench.FASTER[1],
        "compiled_over_agents_2threads_200": two * bench.FASTER[2],
        "agents_over_bare_rules_200": padding * bench.PADDING,
    }
    assert len(bench.missed_bars(figures)) == missed


def test_the_operations_of_a_rule_are_counted_in_its_body() -> None:
    def rule(a: float, b: float) -> float:
        if a > 0.0:
            return exp(-a * b) / (a + b)
        return a - b

    assert bench_bound.operations(rule) == {"sums": 3, "divisions": 1, "exponentials": 1}


def test_the_agents_rules_are_all_counted_as_bare_calls() -> None:
    """What is replayed is every rule that the agents call, with the draws that they transform."""
    scenario = bench_runs.synthetic(20, 30)
    calls = bench_runs.recorded_calls(scenario, 0)
    names = {rule.__name__ for rule, _ in calls}
    assert {"attack_intent", "fear_next", "flight_rate", "normal_quantile", "rounded"} <= names
    assert len(calls) > 20 * 30 * 10


def test_a_pass_fetches_a_line_once_and_writes_back_what_it_changed() -> None:
    lines = bench_passes._Lines()
    column = bench_passes._Watched("people", np.zeros((2, 32)), lines)
    for place in range(32):  # four lines of eight numbers
        assert column[0, place] == 0.0
    column[1, 8] = column[0, 8] + 1.0  # fetched, and written back
    lines.end_pass()
    assert lines.moved == 4 + 2
    assert (
        column[1][8] == column[1, 8] == 1.0
    )  # the same line, by a row and at once; the next pass finds nothing of it
    lines.end_pass()
    assert lines.moved == 4 + 2 + 1
