"""The comparison for Burundi in words, tables and plain data."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from experiments.burundi.answers import WAYS, Comparison
from experiments.burundi.comparison import BAND
from experiments.burundi.flight import UNCERTAIN


def as_json(found: Comparison) -> dict[str, Any]:
    """Return everything but the daily series as plain data; None where undefined."""
    record = found.record
    plain: dict[str, Any] = _plain(
        {
            "fact": 30,
            "statistic": "mean absolute difference of the normalised courses",
            "band": [0.0, BAND],
            "value": found.answers["imposed"].difference.total,
            "status": "reproduced" if found.reproduced else "missed",
            "start": record.start.isoformat(),
            "days": record.days,
            "registered": float(record.total[-1]),
            "replicates": found.replicates,
            "drawn": list(UNCERTAIN),
            "by_effect": {f"{effect:g}": value for effect, value in found.effects.items()},
            "displaced_per_death": list(found.displaced_per_death),
            "ways": {
                way: {
                    "words": WAYS[way],
                    **asdict(answer.difference),
                    "spread": answer.spread,
                    "inside": answer.inside,
                }
                for way, answer in found.answers.items()
            },
        }
    )
    return plain


def rows_of(found: Comparison) -> list[dict[str, Any]]:
    """Return one row for each way and each total, country and camp."""
    record, rows = found.record, []
    for way, answer in found.answers.items():
        parts = [("total", "all", answer.difference.total, answer.course.total, record.total)]
        for kind, known, simulated, apart in (
            ("country", record.countries, answer.course.countries, answer.difference.countries),
            ("camp", record.camps, answer.course.camps, answer.difference.camps),
        ):
            parts += [(kind, name, apart[name], simulated[name], known[name]) for name in known]
        rows += [
            {
                "way": way, "of": kind, "name": name, "mean_difference": apart,
                "refugees": float(simulated[-1]), "registered": float(registered[-1]),
            }
            for kind, name, apart, simulated, registered in parts
        ]  # fmt: skip
    return rows


def csv_of(found: Comparison) -> str:
    """Return the rows as CSV; empty where undefined."""
    from experiments.export import without_formula

    rows, out = [_plain(row) for row in rows_of(found)], io.StringIO()
    table = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows({key: without_formula(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def text_of(found: Comparison, *, quick: bool) -> str:
    """Return the comparison as text."""
    record = found.record
    last = record.start + timedelta(days=record.days)
    people = f"{record.total[-1]:,.0f} registered refugees on the last day"
    lines = [f"Burundi, {record.start} to {last}: {people}"]
    if quick:
        lines.append(f"--quick: {found.replicates} runs, so intervals are rough")
    lines += [
        "mean absolute difference of courses, each over its own last day (- where one ends at nobody)",
        "",
        f"{'':46s} {'total':>6s} " + " ".join(f"{name[:9]:>9s}" for name in record.countries)
        + "  shares  last day",
    ]  # fmt: skip
    for way, answer in found.answers.items():
        apart = answer.difference
        cells = " ".join(f"{_short(apart.countries[name]):>9s}" for name in record.countries)
        lines.append(
            f"{WAYS[way]:46s} {_short(apart.total):>6s} {cells}  {_short(apart.shares):>6s}  "
            f"{apart.last:7.0%}"
        )
    lines.append("")
    for way in ("imposed", "simulated"):
        spread, inside = found.answers[way].spread, found.answers[way].inside
        assert spread is not None and inside is not None
        words = "parameters drawn from their ranges" if way == "imposed" else "of the case"
        lines.append(
            f"{way}: {found.replicates} runs, {words}: {_short(spread[1])} "
            f"[{_short(spread[0])}, {_short(spread[2])}], within {BAND:g} in {inside:.0%}"
        )
    shown = ", ".join(f"{value:.3f} at {effect:g}" for effect, value in found.effects.items())
    lines += [
        f"imposed, by the violence felt on a day of conflict: {shown}",
        "simulated: {1:.0f} [{0:.0f}, {2:.0f}] displaced for each death (reported)".format(
            *found.displaced_per_death
        ),
        f"fact 30 (at most {BAND:g}): {'reproduced' if found.reproduced else 'MISSED'}, "
        f"{found.answers['imposed'].difference.total:.3f}",
    ]
    if "flee_given" in found.answers:
        lines.append(
            "FLEE takes the registered total as its input: of the total it tests the way to the camps "
            "alone (its totals count people in camps)"
        )
    return "\n".join(lines)


def courses_of(found: Comparison) -> dict[str, Any]:
    """Return the daily series as the figure takes them."""
    record = found.record
    return {
        "start": record.start,
        "registered": {"total": record.total, **record.countries},
        "ways": [
            {
                "way": way, "words": WAYS[way],
                "series": {"total": answer.course.total, **answer.course.countries},
                "low": answer.low, "high": answer.high, "normal": answer.normal,
            }
            for way, answer in found.answers.items()
        ],
    }  # fmt: skip


def _short(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and math.isnan(value) else value


_PAGE = """\
# Burundi 2015-16

Flight against the refugees that UNHCR registered, as the files of FLEE hold the counts (Suleimenova,
Bell & Groen 2017; github.com/djgroen/flee, BSD-3; none of the files is part of this project). Fact 30
asks that the mean absolute difference of the courses, each over its own last day, is at most 0.2. It is
for validation only: nothing was fitted to it, and what is missed stays missed.

![Refugees by day: registered, simulated, and by FLEE](refugees.png)

**How the record is imposed.** Towns, roads, camps and borders are imported from the files. All
mechanisms are off but flight. On each day of conflict people of a place feel violence of full effect
(`country.recorded_violence`; FLEE's level as it is, a choice made before anything was run); nobody is
killed. People and the openness of borders are those of the case
(`scenarios/country/burundi_2015.yaml`), and camps have no limit, because FLEE's capacities are the
largest numbers registered: the outcome. The line is at the model's defaults; the interval draws the
parameters of fear, flight and return from their ranges. (`forestall validate --data` takes the median
over its own parameter sets.)

**What FLEE is given.** FLEE (the published package, its defaults) takes from the registered total how
many set out each day, so its total tests the way to the camps alone; here it counts people in camps.
It holds all roads from Bujumbura closed for 91 days, as it reads the file of closures; a second line
leaves places open. A third lets 500 a day set out from each place in conflict and is not told how many.

```
{table}
```

Countries add up their camps; the camps hold fewer than the total, since some were registered elsewhere.
`shares` is half the summed difference of the countries' shares, as a mean over the days. Each camp:
`forestall burundi --data DIR --csv FILE`.

**What the model misses, and why.** At its defaults people flee to the next place, and go on from there
only where they fear again: few reach a border that lies beyond a quiet town. Most therefore cross from
Bujumbura to the Congo, nobody reaches Rwanda, hardly anybody Tanzania, and too few leave in all. The
registered course rises steeply in the first three months and flattens; the model's rises evenly and
ever faster, because fear in a place of steady conflict stays near its ceiling and more places come into
conflict. Borders that close for a time are not in the model.
"""


def page_of(found: Comparison) -> str:
    """Return the page in Markdown."""
    return _PAGE.format(table=text_of(found, quick=False))
