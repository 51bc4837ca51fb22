"""The static lesson page: one HTML file with results computed beforehand, for a room without network.

What the page does lies in `lesson_page.js`, how it looks in `lesson_page.css`; both become part of the
file. The browser is told to run that one script and to fetch nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

TITLE = "Four lessons of prevention, to be tested"
_ABOUT = (
    "Each lesson is a claim that a report to the United Nations draws from experience. Here it is put "
    "to a model of a country in crisis, in which it can hold, be reversed, or stay undecided. You "
    "predict, then you look."
)
_CARE = (
    "This is a model, not a forecast, and no verdict on any country or people. Every square stands for "
    "a course of events in which people may be killed or flee; somebody in the room may have lived "
    "through such events. Say so before you begin, and let anyone leave without giving a reason."
)


def lesson_page(lessons: Sequence[Mapping[str, Any]], *, command: str) -> str:
    """Return the page.

    Parameters
    ----------
    lessons : what `experiments.lesson_page.as_data` returns, in the order in which they are shown.
    command : makes the page again.
    """
    script = _part("lesson_page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    # A text in the data that ends a script element would end this one.
    data = json.dumps({"lessons": list(lessons)}, allow_nan=False).replace("<", "\\u003c")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{TITLE}</title><style>{_part('lesson_page.css')}</style></head><body>"
        '<a class="skip" href="#lesson">To the lesson</a>'
        f'<header><h1>{TITLE}</h1><p>{_ABOUT}</p><p class="care">{_CARE}</p></header>'
        f'<nav id="lessons" aria-label="Lessons"></nav><main id="lesson" tabindex="-1">'
        f"<noscript>{_without_script(lessons)}</noscript></main>"
        f"<footer><p>Made by Forestall: <code>{escape(command)}</code></p></footer>"
        f'<script type="application/json" id="data">{data}</script>'
        f"<script>{script}</script></body></html>\n"
    )


def _without_script(lessons: Sequence[Mapping[str, Any]]) -> str:
    """Return claims and verdicts for a browser that runs no script."""
    return "".join(
        f"<h2>{escape(lesson['title'])}</h2><p>{escape(lesson['claim'])}</p>"
        f"<p>{escape(lesson['differences'])} {escape(lesson['verdict_text'])}</p>"
        f"<p>{escape(lesson['limits'])}</p>{_registered(lesson['registered'])}"
        for lesson in lessons
    )


def _registered(found: Mapping[str, Any]) -> str:
    claims = "".join(
        f"<p><strong>{escape(one['head'])}.</strong> {escape(one['said'])}</p>"
        for one in found["claims"]
    )
    head = f"<h3>The registered verdict</h3><p>{escape(found['introduction'])}</p>"
    return head + claims if claims else ""


def _part(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
