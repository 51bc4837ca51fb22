"""Deaths and displacement of two worlds week by week, with a line at the week that is shown."""

from __future__ import annotations

from html import escape

import numpy as np

from analysis.app.course import Courses
from analysis.app.recorder import Floats
from analysis.plots.figure import BLUE, short_number

FIRST, SECOND = BLUE, "#8A5A00"
"""Colours of the two worlds: blue, and an orange dark enough to be read as text on white."""
SECOND_LINE = "#B36B00"
"""Of a line and a mark, which need less contrast to white than text: 3 to 1 (WCAG 2.2)."""
WIDTH, HEIGHT = 420, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 22, 24


def weeks_picture(
    courses: Courses, week: int, quantity: str, *, label: str, whole: bool = True
) -> str:
    """Return the course of one quantity of `Course` in both worlds.

    Parameters
    ----------
    week : after how many weeks the line stands; along the axis stand the ends of weeks.
    quantity : ``"deaths"``, ``"displaced"`` or ``"peacekeepers"``.
    label : the quantity with its unit, written above.
    whole : False leaves out what comes after that week; what has not been run is never there.
    """
    first: Floats = getattr(courses.first, quantity)
    second: Floats = getattr(courses.second, quantity)
    top = _round_up(max(float(first.max()), float(second.max()), 10.0))
    across = np.linspace(_LEFT, WIDTH - _RIGHT, courses.weeks + 1)
    seen = courses.passed + 1 if whole else week + 1
    said = (
        f"{label}, week {courses.since_shock(week)} from the shock: {first[week]:,.0f} in "
        f"{courses.pair.first_name}, {second[week]:,.0f} in {courses.pair.second_name}"
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="DejaVu Sans, Arial, sans-serif" '
        f'font-size="14">{_axes(courses, across, top, label)}'
        f"{_line(across[:seen], second[:seen], top, SECOND_LINE, '6 3')}"
        f"{_line(across[:seen], first[:seen], top, FIRST, '')}"
        f'<path d="M{across[week]:.1f} {_TOP}V{HEIGHT - _BOTTOM}" stroke="#222" '
        'stroke-width="1.2"/>'
        f"{_dot(across[week], second[week], top, SECOND_LINE)}"
        f"{_dot(across[week], first[week], top, FIRST)}</svg>"
    )


def _axes(courses: Courses, across: Floats, top: float, label: str) -> str:
    parts = [f'<text x="2" y="13" font-weight="bold" fill="#222">{escape(label)}</text>']
    for share in (0.0, 0.5, 1.0):
        y = _down(share * top, top)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="#DDD"/>'
            f'<text x="{_LEFT - 4}" y="{y + 5:.1f}" text-anchor="end" fill="#444">'
            f"{short_number(share * top)}</text>"
        )
    for week in range((courses.shock_week + 1) % 52, courses.weeks + 1, 52):
        since = courses.since_shock(week)
        said = "shock" if since == 0 else f"{since:+d}".replace("-", "\N{MINUS SIGN}")
        parts.append(
            f'<path d="M{across[week]:.1f} {HEIGHT - _BOTTOM}v4" stroke="#444"/>'
            f'<text x="{across[week]:.1f}" y="{HEIGHT - 7}" text-anchor="middle" fill="#444">'
            f"{said}</text>"
        )
    parts.append(
        f'<text x="{WIDTH - _RIGHT}" y="13" text-anchor="end" fill="#444">weeks from the shock</text>'
    )
    return "".join(parts)


def _line(across: Floats, values: Floats, top: float, colour: str, dash: str) -> str:
    points = "L".join(
        f"{x:.1f} {_down(float(y), top):.1f}" for x, y in zip(across, values, strict=True)
    )
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{points}" fill="none" stroke="{colour}" stroke-width="2.2"{dashed}/>'


def _dot(x: float, value: float, top: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{_down(float(value), top):.1f}" r="3.6" fill="{colour}"/>'


def _down(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / top


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 4, 5, 6, 8 and 10 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power >= value))
