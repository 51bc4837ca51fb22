"""What ``forestall bench`` reports, and that it can say that a bar was missed."""

from __future__ import annotations

import json

import pytest

from experiments import bench


def test_the_figures_have_their_names_and_are_positive(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--json", "--weeks", "30", "--repeats", "1", "--no-compile"]) == 0
    figures = json.loads(capsys.readouterr().out)
    for size in bench.SIZES:
        for name in (
            f"compiled_over_agents_1thread_{size}",
            f"compiled_ns_per_community_week_{size}",
            f"agents_ns_per_community_week_{size}",
            f"memory_per_replicate_kib_{size}",
        ):
            assert figures[name] > 0, name
    # Bars on time are `forestall bench --check`: a test beside other tests cannot time anything.
    assert figures["agents_over_bare_rules_200"] > 0
    assert figures["peak_memory_mib"] > 50


@pytest.mark.parametrize(
    ("ratio", "padding", "missed"), [(60.0, 2.5, 0), (59.9, 2.5, 1), (60.0, 2.51, 1), (1.0, 9.0, 2)]
)
def test_a_missed_bar_is_said(ratio: float, padding: float, missed: int) -> None:
    figures = {"compiled_over_agents_1thread_200": ratio, "agents_over_bare_rules_200": padding}
    assert len(bench.missed_bars(figures)) == missed


def test_the_agents_rules_are_all_counted_as_bare_calls() -> None:
    """What is replayed is every rule that the agents call, with the draws that they transform."""
    scenario = bench.synthetic(20, 30)
    calls = bench.recorded_calls(scenario, 0)
    names = {rule.__name__ for rule, _ in calls}
    assert {"attack_intent", "fear_next", "flight_rate", "normal_quantile", "rounded"} <= names
    assert len(calls) > 20 * 30 * 10
