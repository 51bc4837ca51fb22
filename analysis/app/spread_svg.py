"""How many people are killed over all courses of chance: both worlds, and the run on the screen."""

from __future__ import annotations

from html import escape

import numpy as np

from analysis.app.recorder import Floats
from analysis.app.weeks_svg import FIRST, SECOND, SECOND_LINE
from analysis.plots.figure import VERMILION, short_number
from analysis.plots.outcome_distribution import exceedance
from sim.outcomes import MASS_KILLING

WIDTH, HEIGHT = 560, 276
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 46, 60
_KEYS = (_LEFT, _LEFT + 240)  # where the two names begin


def spread_picture(
    first: Floats, second: Floats, *, names: tuple[str, str], here: tuple[float, float] | None
) -> str:
    """Return the share of runs with more than so many direct deaths, in both worlds.

    Parameters
    ----------
    first, second : direct deaths of the runs of either world, people.
    names : of the worlds.
    here : direct deaths in the two runs that are on the screen, marked on the axis.
    """
    most = max(float(first.max(initial=0)), float(second.max(initial=0)), 2 * MASS_KILLING)
    top = np.log1p(most) * 1.04
    marks = "" if here is None else _here(here, top)
    said = (
        f"Share of runs with more than so many direct deaths. Median {np.median(first):,.0f} in "
        f"{names[0]}, {np.median(second):,.0f} in {names[1]}"
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="DejaVu Sans, Arial, sans-serif" '
        f'font-size="12">{_axes(most, top)}{_steps(second, top, SECOND_LINE, "6 3")}'
        f"{_steps(first, top, FIRST, '')}{marks}{_key(names)}</svg>"
    )


def _across(deaths: float, top: float) -> float:
    return float(_LEFT + (WIDTH - _LEFT - _RIGHT) * np.log1p(deaths) / top)


def _down(share: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * share


def _axes(most: float, top: float) -> str:
    parts = ['<text x="2" y="14" font-weight="bold">Runs with more deaths than this</text>']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(
            f'<path d="M{_LEFT} {_down(share):.1f}H{WIDTH - _RIGHT}" stroke="#DDD"/>'
            f'<text x="{_LEFT - 6}" y="{_down(share) + 4:.1f}" text-anchor="end" fill="#333">'
            f"{100 * share:.0f} %</text>"
        )
    for deaths in (0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000):
        if deaths <= most:
            place = _across(deaths, top)
            parts.append(
                f'<path d="M{place:.1f} {_down(0.0):.1f}v5" stroke="#333"/>'
                f'<text x="{place:.1f}" y="{HEIGHT - 42}" text-anchor="middle" '
                f'fill="#333">{short_number(deaths)}</text>'
            )
    x = _across(MASS_KILLING, top)
    parts.append(
        f'<path d="M{x:.1f} {_TOP}V{HEIGHT - _BOTTOM}" stroke="{VERMILION}" '
        'stroke-dasharray="4 3"/>'
        f'<text x="{_LEFT}" y="{HEIGHT - 24}" fill="#333">direct deaths in a run, people, on a '
        f'scale of log(1 + people)</text><text x="{_LEFT}" y="{HEIGHT - 8}" fill="#333">dashed: a mass '
        f"killing, {MASS_KILLING:,.0f}; triangles: runs on the maps</text>"
    )
    return "".join(parts)


def _steps(deaths: Floats, top: float, colour: str, dash: str) -> str:
    place, share = exceedance(deaths)
    points = [f"M{_across(0.0, top):.1f} {_down(float(share[0])):.1f}"]
    for value, height in zip(place[1:], share[1:], strict=True):
        points.append(f"H{_across(float(value), top):.1f}V{_down(float(height)):.1f}")
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{"".join(points)}" fill="none" stroke="{colour}" stroke-width="2.4"{dashed}/>'


def _key(names: tuple[str, str]) -> str:
    """Say which line is which world, above the lines."""
    looks = ((names[0], FIRST, FIRST, ""), (names[1], SECOND, SECOND_LINE, "6 3"))
    return "".join(
        f'<path d="M{left} 29h26" stroke="{colour}" stroke-width="2.4" '
        f'stroke-dasharray="{dash}"/><text x="{left + 32}" y="33" fill="{ink}">{escape(name)}</text>'
        for left, (name, ink, colour, dash) in zip(_KEYS, looks, strict=True)
    )


def _here(here: tuple[float, float], top: float) -> str:
    """Triangles on the axis at the two runs that the maps show."""
    parts = []
    for deaths, colour in zip(here, (FIRST, SECOND_LINE), strict=True):
        x, y = _across(deaths, top), _down(0.0)
        parts.append(
            f'<path d="M{x:.1f} {y:.1f}l-5 -9h10z" fill="{colour}" stroke="#222">'
            f"<title>the run on the maps: {deaths:,.0f}</title></path>"
        )
    return "".join(parts)
