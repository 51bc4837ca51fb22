"""The picture of the cases shows every record, and a miss in another colour."""

from __future__ import annotations

from typing import Any

from matplotlib.colors import to_hex

from analysis.plots.cases_record import PANELS, cases_record
from analysis.plots.figure import BASELINE, VERMILION


def row(low: float, high: float, recorded: float | None) -> dict[str, Any]:
    numbers: dict[str, Any] = {"name": "Somewhere 1999"}
    for name in PANELS:
        numbers |= {f"{name}_low": low, f"{name}_median": (low + high) / 2, f"{name}_high": high}
        numbers |= dict.fromkeys(
            (f"{name}_recorded_{end}" for end in ("low", "best", "high")), recorded
        )
    return numbers


def colours(rows: list[dict[str, Any]]) -> list[str]:
    axes = cases_record(rows).axes[0]
    return [to_hex(line.get_color()).upper() for line in axes.lines if line.get_marker() == "D"]


def test_a_record_outside_of_the_runs_has_the_colour_of_a_miss() -> None:
    assert colours([row(10, 90, 50)]) == [BASELINE]
    assert colours([row(10, 90, 91), row(10, 90, 9)]) == [VERMILION, VERMILION]


def test_a_case_without_a_record_is_shown_without_one() -> None:
    figure = cases_record([row(10, 90, None)])
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["Somewhere 1999"]
    assert colours([row(10, 90, None)]) == []


def test_without_cases_the_figure_says_so() -> None:
    assert "No case" in cases_record([]).texts[0].get_text()
