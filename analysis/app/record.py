"""What was recorded of a case, as the page says it beside a course of the model.

Nothing else of the page reads records: no world is composed or run by what came of it.
"""

from __future__ import annotations

from functools import cache

from analysis.plots.figure import number
from experiments.records import read_record, recorded_cases


@cache  # asked for in every week that is played
def recorded_said(country: str) -> str:
    """Return what was recorded of a case beside what the model makes of it, as HTML."""
    if country not in recorded_cases():
        return ""
    record = read_record(country)
    killed = record.figures["direct_deaths"]
    return (
        f"<p>Recorded: <b>{number(killed.best)} killed</b> ({number(killed.low)} to "
        f"{number(killed.high)}) until {record.until:%d %B %Y}. What stands above is one course of "
        "the model under the measures that were taken, not the record, and it is fitted to no case: "
        "what it misses of each is in the table of cases (scenarios/CASES.md).</p>"
    )
