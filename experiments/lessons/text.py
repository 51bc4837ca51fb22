"""The verdicts in words for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.lessons.judging import HOLDS, REVERSES, UNDECIDED


def text(found: Mapping[str, Any]) -> str:
    """Return the verdicts (`experiments.lessons.report.as_mapping`) in lines of text."""
    lines = []
    if found["quick"]:
        lines += [
            "QUICK: so few runs that nothing here decides anything; it shows the pipeline.",
            "",
        ]
    lines.append(
        f"registered before the runs as {found['registration'][:16]}; {found['runs']:,} runs"
    )
    lines.append("effects: log(1 + direct deaths), below zero the lesson holds")
    for lesson in found["lessons"]:
        lines += ["", f"{lesson['id']}  {lesson['title']}: {lesson['claim']}"]
        for name in ("posterior", "prior"):
            if lesson[name] is not None:
                lines += _ensemble(lesson[name], name)
        lines += [_control(row) for row in lesson["controls"]]
    failed = [row for lesson in found["lessons"] for row in lesson["controls"] if not row["passed"]]
    lines += [
        "",
        f"controls: {len(failed)} failed" if failed else "controls: all as they should be",
    ]
    lines.append(f"digest {found['digest']}")
    return "\n".join(lines)


def _ensemble(row: Mapping[str, Any], name: str) -> list[str]:
    shares = ", ".join(
        f"{side} {100 * row['shares'][side]['share']:.0f} %"
        for side in (HOLDS, UNDECIDED, REVERSES)
    )
    lines = [
        f"  {name:<9} {str(row['verdict']).upper()}: {_interval(row['effect'], row['interval'])}; "
        f"of {row['sets']} sets {shares}"
    ]
    for one in row["indices"]:
        if one["condition"] == "national":
            total = _interval(one["total"], [one["total_low"], one["total_high"]])
            lines.append(f"            {one['block']} block explains in all {total}")
    turned = [
        one["name"]
        for one in row["conditions"]
        if one["is"] not in ("placebo", "adversarial") and str(one["verdict"]).startswith(REVERSES)
    ]
    turned += [one["off"] for one in row["mediators"] if str(one["verdict"]).startswith(REVERSES)]
    if turned:
        lines.append(f"            reverses under: {', '.join(turned)}")
    carrying = [
        f"{one['off']} {_interval(one['carried'], one['carried_interval'])}"
        for one in row["mediators"]
        if _known(one["carried_interval"]) and not _holds_zero(one["carried_interval"])
    ]
    if carrying:
        lines.append(f"            with it off the effect moves by: {'; '.join(carrying)}")
    for box in row["reversals"]:
        lines.append(
            f"            reverses where {box['factor']} is {box['low']:.3g} .. {box['high']:.3g}"
        )
    return lines


def _control(row: Mapping[str, Any]) -> str:
    said = "as it should be" if row["passed"] else "FAILED"
    return (
        f"  control   {row['condition']} ({row['ensemble']}): {row['verdict']}, expected "
        f"{row['expected']}: {said}"
    )


def _interval(estimate: float | None, ends: Any) -> str:
    if estimate is None or not _known(ends):
        return "not known"
    return f"{estimate:+.3f} [{ends[0]:+.3f}, {ends[1]:+.3f}]"


def _known(ends: Any) -> bool:
    return all(end is not None for end in ends)


def _holds_zero(ends: Any) -> bool:
    return bool(ends[0] <= 0.0 <= ends[1])
