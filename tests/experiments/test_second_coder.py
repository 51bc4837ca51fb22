"""How far two people agree on a case is counted, and only what is in doubt counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from small_sweep import ROOT

from experiments.second_coder import compare_codings, main, report
from sim.errors import ForestallError


def judged(low: float, high: float) -> dict[str, Any]:
    return {"low": low, "high": high, "source": "judgement: a reason", "grade": "D"}


FIRST = {
    "capacity": judged(0.2, 0.4),
    "trust": judged(0.5, 0.7),
    "strength": judged(1000, 3000),
    "people": {"value": 500, "source": "census", "grade": "A"},
    "week": 26,
}


def test_two_ranges_that_touch_overlap_and_two_apart_do_not() -> None:
    second = FIRST | {"capacity": judged(0.4, 0.6), "trust": judged(0.1, 0.3)}
    pairs, alone = compare_codings(FIRST, second)
    assert {pair.key: pair.overlaps for pair in pairs} == {
        "capacity": True, "trust": False, "strength": True,
    }  # fmt: skip
    assert alone == []
    text = report(pairs, alone)
    assert "ranges overlap in 67 %" in text
    assert "from 0 to 1: 0.30" in text  # 0.2 and 0.4 apart; strengths are on no such scale
    assert "apart: trust: 0.6 (0.5 to 0.7) against 0.2 (0.1 to 0.3)" in text


def test_counts_and_bare_numbers_are_no_matter_of_judgement() -> None:
    pairs, _ = compare_codings(FIRST, FIRST | {"people": FIRST["people"] | {"value": 900}})
    assert {pair.key for pair in pairs} == {"capacity", "trust", "strength"}
    assert all(pair.distance in (0.0, None) for pair in pairs)


def test_what_one_coder_alone_has_is_named() -> None:
    second = {key: figure for key, figure in FIRST.items() if key != "trust"}
    assert "by one alone: trust" in report(*compare_codings(FIRST, second))


def test_a_packaged_case_agrees_with_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ROOT / "scenarios" / "country" / "rwanda_1994.yaml"
    raw = yaml.safe_load(own.read_text(encoding="utf-8"))
    raw["government"]["capacity"] = judged(0.9, 1.0)
    other = tmp_path / "other.yaml"
    other.write_text(yaml.safe_dump(raw))
    assert main([str(own), str(own)]) == 0
    assert "ranges overlap in 100 %" in capsys.readouterr().out
    assert main([str(own), str(other)]) == 0
    assert "apart: government.capacity" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["a: 1\n", "a: [1\n"])
def test_a_file_that_cannot_be_compared_is_refused_in_one_line(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(content)
    with pytest.raises(ForestallError) as refusal:
        main([str(file), str(file)])
    assert "\n" not in str(refusal.value)
